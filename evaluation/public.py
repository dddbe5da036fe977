"""Benchmarks on public data sets that others published figures for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.table import Table

from evaluation.convert import PublicSet, Split, convert
from evaluation.figures import Figures
from evaluation.observations import Progress
from evaluation.presentation import MEANING_OF
from evaluation.trial import run_trial
from repliek.errors import DataError
from repliek.history import Exchange


@dataclass(frozen=True, slots=True)
class Part:
    """A file of a set, and which of its splits."""

    file: str
    splits: tuple[Split, ...] = ()


@dataclass(frozen=True, slots=True)
class Target:
    """A figure that was published for the set, to be reached.

    Attributes:
        figure: as in `figures.json`, such as `intents.accuracy`.
        value: what was published, `None` where nobody published one.
        system: whose it is.
    """

    figure: str
    value: float | None
    system: str


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A public set, how it is divided, and what it is compared with.

    Attributes:
        name: of the set.
        folder: where it lies in the data folder.
        home: where it comes from.
        train, test: what is learned from, and what is scored.
        targets: the figures that are compared.
    """

    name: PublicSet
    folder: str
    home: str
    train: Part
    test: Part
    targets: tuple[Target, ...]


BENCHMARKS: Mapping[PublicSet, Benchmark] = {
    benchmark.name: benchmark
    for benchmark in (
        Benchmark(
            PublicSet.BANKING77,
            "banking77",
            "PolyAI, github.com/PolyAI-LDN/task-specific-datasets",
            Part("train.csv"),
            Part("test.csv"),
            (Target("intents.accuracy", 0.9308, "bge-small-en + linear SVM"),),
        ),
        Benchmark(
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
            PublicSet.HINT3,
            "hint3",
            "HINT3, github.com/hellohaptik/HINT3",
            Part("sofmattress_train.csv"),
            Part("sofmattress_test.csv"),
            (
                Target("intents.in_scope_accuracy", 0.671, "Dialogflow, threshold 0.5"),
                Target("intents.oos_recall", 0.729, "Dialogflow, threshold 0.5"),
                Target("intents.oos_auroc", None, ""),
            ),
        ),
        Benchmark(
            PublicSet.WMT24CHAT,
            "wmt24chat_nl",
            "WMT24 Chat task, github.com/WMT-Chat-task/data-and-baselines",
            Part("train.csv"),
            Part("valid.csv"),
            (Target("answers.one_of_100", None, ""),),
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """One figure of one set, beside what was published.

    Attributes:
        name: the set.
        figure: the figure's full name.
        target: what was published, `None` without.
        system: whose that is.
        result: what was measured here, `None` where it cannot be told.
        interval: its 95 % bootstrap interval.
        reached: whether the result is the target or more, `None` without a target.
    """

    name: PublicSet
    figure: str
    target: float | None
    system: str
    result: float | None
    interval: tuple[float, float] | None
    reached: bool | None


def run_benchmark(benchmark: Benchmark, data: Path, seed: int, progress: Progress) -> list[Outcome]:
    """Train on one part of a set and score another.

    Args:
        benchmark: which.
        data: the folder in which the sets lie.
        seed: of training and scoring.
        progress: told how far the scoring is.

    Raises:
        DataError: the set is not there.
        RepliekError: training failed.
    """
    train, test = (_read(benchmark, data, part) for part in (benchmark.train, benchmark.test))
    figures = run_trial(train, test, seed, progress)
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


def _read(benchmark: Benchmark, data: Path, part: Part) -> list[Exchange]:
    folder = data / benchmark.folder
    if not (folder / part.file).is_file():
        raise DataError(
            f"{folder / part.file}: {benchmark.name} is not there; get it from {benchmark.home}, put it in a folder "
            f"{benchmark.folder} and name the folder around that with --data (see docs/public-data.md)"
        )
    return convert(benchmark.name, folder / part.file, part.splits)


def _outcome(benchmark: Benchmark, target: Target, figures: Figures) -> Outcome:
    result = dict(figures.named())[target.figure]
    reached = None if target.value is None or result is None else result >= target.value
    interval = figures.intervals.get(target.figure)
    return Outcome(benchmark.name, target.figure, target.value, target.system, result, interval, reached)
