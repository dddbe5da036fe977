"""Benchmarks on public data sets that others published figures for."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np
from rich.table import Table

from evaluation.convert import PublicSet, Split, convert
from evaluation.figures import Figures
from evaluation.observations import Progress
from evaluation.presentation import MEANING_OF
from evaluation.trial import run_trial
from repliek.errors import DataError
from repliek.history import Exchange
from repliek.knowledge import Answer
from repliek.records import write_jsonl


class BenchmarkName(StrEnum):
    """The benchmarks that can be run."""

    BANKING77 = "banking77"
    BANKING77_FEW = "banking77-10"
    CLINC150 = "clinc150"
    HINT3 = "hint3"
    WMT24CHAT = "wmt24chat"
    POLICYQA = "policyqa"


@dataclass(frozen=True, slots=True)
class Part:
    """A file of a set, which of its splits, and how much of it.

    Attributes:
        file: its name.
        splits: as `convert` takes them.
        each: examples of each intent that are drawn from it; all of them if `None`.
    """

    file: str
    splits: tuple[Split, ...] = ()
    each: int | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """A figure to be reached: one that was published for the set, or that needs nothing but the encoder.

    Attributes:
        figure: as in `figures.json`, such as `intents.accuracy`.
        value: what it is, `None` where nobody published one.
        system: whose it is.
    """

    figure: str
    value: float | None
    system: str


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A public set, how it is divided, and what it is compared with.

    Attributes:
        name: of the benchmark.
        set: of which it is made.
        folder: where it lies in the data folder.
        home: where it comes from.
        train: what is learned from; `None` where the replies of `test` are the answers, and nothing else is known.
        test: what is scored.
        targets: the figures that are compared.
    """

    name: BenchmarkName
    set: PublicSet
    folder: str
    home: str
    train: Part | None
    test: Part
    targets: tuple[Target, ...]


BENCHMARKS: Mapping[BenchmarkName, Benchmark] = {
    benchmark.name: benchmark
    for benchmark in (
        Benchmark(
            BenchmarkName.BANKING77,
            PublicSet.BANKING77,
            "banking77",
            "PolyAI, github.com/PolyAI-LDN/task-specific-datasets",
            Part("train.csv"),
            Part("test.csv"),
            (Target("intents.accuracy", 0.9308, "bge-small-en + linear SVM"),),
        ),
        Benchmark(
            BenchmarkName.BANKING77_FEW,
            PublicSet.BANKING77,
            "banking77",
            "PolyAI, github.com/PolyAI-LDN/task-specific-datasets",
            Part("train.csv", each=10),
            Part("test.csv"),
            (Target("intents.accuracy", None, ""),),
        ),
        Benchmark(
            BenchmarkName.CLINC150,
            PublicSet.CLINC150,
            "clinc150",
            "Larson et al. 2019, github.com/clinc/oos-eval",
            Part("data_full.json", (Split.TRAIN,)),
            Part("data_full.json", (Split.TEST, Split.OOS_TEST)),
            (
                Target("intents.accuracy", 0.969, "BERT, Larson et al. 2019"),
                Target("intents.in_scope_accuracy", 0.935, "MLP, Larson et al. 2019"),
                Target("intents.oos_recall", 0.474, "MLP, Larson et al. 2019"),
                Target("intents.oos_auroc", None, ""),
            ),
        ),
        Benchmark(
            BenchmarkName.HINT3,
            PublicSet.HINT3,
            "hint3",
            "HINT3, github.com/hellohaptik/HINT3",
            Part("sofmattress_train.csv"),
            Part("sofmattress_test.csv"),
            (
                Target("intents.in_scope_accuracy", 0.671, "Dialogflow, threshold 0.5"),
                Target("intents.oos_recall", 0.729, "Dialogflow, threshold 0.5"),
                Target("intents.in_scope_accuracy", 0.532, "Haptik, threshold 0.5"),
                Target("intents.oos_recall", 0.819, "Haptik, threshold 0.5"),
                Target("intents.in_scope_accuracy", 0.377, "LUIS, threshold 0.5"),
                Target("intents.oos_recall", 0.958, "LUIS, threshold 0.5"),
                Target("intents.in_scope_accuracy", 0.732, "BERT, threshold 0.5"),
                Target("intents.oos_recall", 0.307, "BERT, threshold 0.5"),
                Target("intents.oos_auroc", None, ""),
            ),
        ),
        Benchmark(
            BenchmarkName.WMT24CHAT,
            PublicSet.WMT24CHAT,
            "wmt24chat_nl",
            "WMT24 Chat task, github.com/WMT-Chat-task/data-and-baselines",
            Part("train.csv"),
            Part("valid.csv"),
            (Target("answers.one_of_100", None, ""),),
        ),
        Benchmark(
            BenchmarkName.POLICYQA,
            PublicSet.POLICYQA,
            "policyqa_nl",
            "open data of the Dutch government, as a SQuAD file",
            None,
            Part("train.json"),
            (
                Target("answers.recall_at_1", 0.892, "multilingual-e5-small, plain cosine"),
                Target("answers.mrr", 0.941, "multilingual-e5-small, plain cosine"),
            ),
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """One figure of one set, beside what was published.

    Attributes:
        name: the benchmark.
        figure: the figure's full name.
        target: what was published, `None` without.
        system: whose that is.
        result: what was measured here, `None` where it cannot be told.
        interval: its 95 % bootstrap interval.
        reached: whether the result is the target or more, `None` without a target.
    """

    name: BenchmarkName
    figure: str
    target: float | None
    system: str
    result: float | None
    interval: tuple[float, float] | None
    reached: bool | None


def run_benchmark(benchmark: Benchmark, data: Path, seed: int, progress: Progress) -> list[Outcome]:
    """Train on one part of a set and score another, or ask a knowledge base what it has never been asked.

    Args:
        benchmark: which.
        data: the folder in which the sets lie.
        seed: of training and scoring.
        progress: told how far the scoring is.

    Raises:
        DataError: the set is not there.
        RepliekError: training failed.
    """
    test = _read(benchmark, data, benchmark.test, seed)
    if benchmark.train is None:
        figures = _without_history(test, seed, progress)
    else:
        figures = run_trial(_read(benchmark, data, benchmark.train, seed), test, seed, progress)
    return [_outcome(benchmark, target, figures) for target in benchmark.targets]


def outcomes_table(outcomes: Sequence[Outcome]) -> Table:
    """Return the outcomes as a table for a terminal."""
    table = Table(box=None, header_style="dim", pad_edge=False)
    for column in ("set", "figure"):
        table.add_column(column, no_wrap=True)
    for column in ("target", "result"):
        table.add_column(column, justify="right", no_wrap=True)
    table.add_column("95 % interval", justify="right", style="dim", no_wrap=True)
    table.add_column("reached")
    table.add_column("target of", style="dim")
    for outcome in outcomes:
        meaning = MEANING_OF[outcome.figure]
        reached = {None: "", True: "yes", False: "no"}[outcome.reached]
        figures = (meaning.written(outcome.target), meaning.written(outcome.result), meaning.between(outcome.interval))
        table.add_row(outcome.name, outcome.figure, *figures, reached, outcome.system)
    return table


def outcomes_json(outcomes: Sequence[Outcome]) -> list[dict[str, Any]]:
    """Return the outcomes for machines."""
    return [asdict(outcome) for outcome in outcomes]


def _without_history(questions: Sequence[Exchange], seed: int, progress: Progress) -> Figures:
    """Make a bundle of the replies alone, and ask it the questions."""
    answers = [
        Answer(answer_id=exchange.exchange_id, text=exchange.reply, language=exchange.language or "nl")
        for exchange in questions
        if exchange.reply
    ]
    asked = [replace(exchange, answer_id=exchange.exchange_id) for exchange in questions]
    with tempfile.TemporaryDirectory(prefix="repliek-answers-") as scratch:
        file = Path(scratch) / "answers.jsonl"
        write_jsonl(file, Answer, answers)
        return run_trial([], asked, seed, progress, {"answers": file})


def _read(benchmark: Benchmark, data: Path, part: Part, seed: int) -> list[Exchange]:
    folder = data / benchmark.folder
    if not (folder / part.file).is_file():
        raise DataError(
            f"{folder / part.file}: {benchmark.set} is not there; get it from {benchmark.home}, put it in a folder "
            f"{benchmark.folder} and name the folder around that with --data (see docs/public-data.md)"
        )
    exchanges = convert(benchmark.set, folder / part.file, part.splits)
    return _drawn(exchanges, part.each, seed) if part.each else exchanges


def _drawn(exchanges: Sequence[Exchange], each: int, seed: int) -> list[Exchange]:
    """Draw as many exchanges of each intent, in the order of the file."""
    order = np.random.default_rng(seed).permutation(len(exchanges))
    taken: dict[str | None, int] = {}
    kept: list[int] = []
    for place in order.tolist():
        intent = exchanges[place].intent
        taken[intent] = taken.get(intent, 0) + 1
        if taken[intent] <= each:
            kept.append(place)
    return [exchanges[place] for place in sorted(kept)]


def _outcome(benchmark: Benchmark, target: Target, figures: Figures) -> Outcome:
    result = dict(figures.named())[target.figure]
    reached = None if target.value is None or result is None else result >= target.value
    interval = figures.intervals.get(target.figure)
    return Outcome(benchmark.name, target.figure, target.value, target.system, result, interval, reached)
