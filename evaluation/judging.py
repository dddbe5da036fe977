"""Whether a bundle holds an answer for what agents really replied: a sheet for readers, and what they say of it.

No similarity decides whether a mined answer serves the same purpose as a reply; readers do. For a sample of held-out
replies the sheet shows the answers that are nearest to the reply, and those that the engine would suggest for the
message, shuffled together and without a score. A key beside it keeps which is which.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
from rich.table import Table

from repliek.asked import Circumstances
from repliek.encoder import FloatArray
from repliek.errors import DataError
from repliek.files import publish
from repliek.history import Exchange
from repliek.knowledge import Status
from repliek.metrics import BoolArray, Interval, bootstrap_interval, cohen_kappa
from repliek.suggester import Suggester

SHEET, KEY = "sheet.csv", "key.csv"
NEAREST, SUGGESTED = 5, 3
"""Answers of each kind that are shown with a reply."""

CONTEXT_SHOWN = 300
YES, NO = "1", "0"

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")


@dataclass(frozen=True, slots=True)
class Candidate:
    """An answer beside a reply, and how it came there.

    Attributes:
        exchange_id: of the reply.
        answer_id: the answer.
        nearest: its place among the answers nearest to the reply, from 1; `None` when it is not shown for that.
        suggested: its place among the engine's suggestions for the message; `None` likewise.
    """

    exchange_id: str
    answer_id: str
    nearest: int | None
    suggested: int | None

    @property
    def pair(self) -> tuple[str, str]:
        """What is judged."""
        return self.exchange_id, self.answer_id


@dataclass(frozen=True, slots=True)
class Agreement:
    """What two readers said.

    Attributes:
        replies: in the sheet.
        pairs: of reply and answer, that both judged.
        agreement: share of the pairs of which both said the same.
        kappa: agreement beyond chance (Cohen 1960).
        either: share of the replies with an answer that each reader calls equivalent, in the order of their files.
        coverage: share of the replies with an answer that both call equivalent.
        coverage_interval: 95 %, over replies.
        recall_at_3: among those, the share for which the engine's first three suggestions hold such an answer.
        recall_interval: 95 %, over replies.
    """

    replies: int
    pairs: int
    agreement: float
    kappa: float
    either: tuple[float, ...]
    coverage: float
    coverage_interval: Interval
    recall_at_3: float
    recall_interval: Interval

    def as_dict(self) -> dict[str, object]:
        """Return the figures for JSON."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


def prepare(history: Sequence[Exchange], suggester: Suggester, out: Path, sample: int, seed: int) -> int:
    """Write the sheet and its key into folder `out`, and return the number of replies in it.

    Args:
        history: held-out exchanges; those without a reply are left out.
        suggester: of the bundle that holds the answers.
        out: the folder.
        sample: how many replies are drawn; all when there are fewer.
        seed: of the draw, and of the order of the answers beside each reply.

    Raises:
        DataError: no exchange has a reply, or the bundle holds no answer that may be said.
    """
    replied = [exchange for exchange in history if exchange.reply]
    if not replied:
        raise DataError("no exchange has a reply; expected held-out exchanges with what agents replied")
    random = np.random.default_rng(seed)
    drawn = sorted(random.choice(len(replied), size=min(sample, len(replied)), replace=False).tolist())
    chosen = [replied[row] for row in drawn]
    shown = [random.permutation(np.array(ones, dtype=object)).tolist() for ones in _candidates(chosen, suggester)]
    publish(out, {SHEET: _sheet(chosen, shown, suggester), KEY: _key([one for ones in shown for one in ones])})
    return len(chosen)


def _candidates(history: Sequence[Exchange], suggester: Suggester) -> Iterator[list[Candidate]]:
    """Yield for each exchange the answers to show beside its reply."""
    knowledge, encoder = suggester.bundle.knowledge, suggester.bundle.encoder
    answers = list(knowledge)
    sayable = np.array([answer.status is not Status.BLOCKED for answer in answers], dtype=bool)
    if not sayable.any():
        raise DataError("the bundle holds no answer that may be said; expected one that was trained with answers")
    topics = list(knowledge.topics)
    ranking = suggester.analyse([exchange.query for exchange in history], Circumstances.of_exchanges(history)).ranking
    for exchange, ranked in zip(history, ranking.topics, strict=True):
        parts = encoder.encode_passages(_parts(exchange.reply or ""))
        similarities = np.where(sayable, parts @ suggester.bundle.answer_vectors.T, -np.inf)
        nearest = [answers[row].answer_id for row in _nearest_by_turns(similarities, min(NEAREST, int(sayable.sum())))]
        variants = (
            [answer for answer in knowledge.topics[topics[topic]] if answer.status is not Status.BLOCKED]
            for topic in ranked.tolist()
        )
        suggested = [found[0].answer_id for found in variants if found][:SUGGESTED]
        yield [
            Candidate(exchange.exchange_id, answer_id, _place(nearest, answer_id), _place(suggested, answer_id))
            for answer_id in dict.fromkeys([*nearest, *suggested])
        ]


def _nearest_by_turns(similarities: FloatArray, count: int) -> list[int]:
    """Return `count` columns of (parts, answers) `similarities`: the best of each part in turn, then the second best.

    So an answer to one sentence of a long reply is shown too: it may be the one that matters.
    """
    order = np.argsort(-similarities, axis=1, kind="stable")
    return list(dict.fromkeys(order.T.ravel().tolist()))[:count]


def _parts(reply: str) -> list[str]:
    """Return a reply as a whole, and its sentences, the longest first."""
    sentences = [sentence for sentence in _SENTENCE_END.split(reply.strip()) if sentence.strip()]
    return [reply.strip(), *sorted(sentences, key=len, reverse=True)] if len(sentences) > 1 else [reply.strip()]


def _place(ids: Sequence[str], answer_id: str) -> int | None:
    return ids.index(answer_id) + 1 if answer_id in ids else None


def _sheet(history: Sequence[Exchange], shown: Sequence[Sequence[Candidate]], suggester: Suggester) -> str:
    """Return the lines to judge: each pair, with what was said before."""
    rows = (
        {
            "equivalent": "",
            "number": number,
            "exchange_id": exchange.exchange_id,
            "before": " ".join(turn.text for turn in exchange.turns)[-CONTEXT_SHOWN:],
            "message": exchange.message,
            "reply": exchange.reply,
            "answer_id": one.answer_id,
            "answer": suggester.bundle.knowledge[one.answer_id].text,
        }
        for number, (exchange, ones) in enumerate(zip(history, shown, strict=True), start=1)
        for one in ones
    )
    return _csv(rows)


def _key(candidates: Iterable[Candidate]) -> str:
    return _csv({field.name: getattr(one, field.name) for field in fields(Candidate)} for one in candidates)


def _csv(rows: Iterable[dict[str, object]]) -> str:
    found = list(rows)
    text = io.StringIO()
    writer = csv.DictWriter(text, list(found[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(found)
    return text.getvalue()


def judged(key: Path, first: Path, second: Path, seed: int) -> Agreement:
    """Compare two filled-in copies of the sheet.

    Args:
        key: the file beside the sheet.
        first: the sheet as one reader filled it in: `equivalent` is 1 or 0 on every line.
        second: as the other one did.
        seed: of the bootstrap.

    Raises:
        DataError: a file is missing, is no sheet of this key, or has a line that is not judged.
    """
    candidates = [
        Candidate(row["exchange_id"], row["answer_id"], _number(row["nearest"]), _number(row["suggested"]))
        for _, row in _read(key, ("exchange_id", "answer_id", "nearest", "suggested"))
    ]
    readers = [_judgements(path, candidates) for path in (first, second)]
    both = readers[0] & readers[1]
    replies = list(dict.fromkeys(one.exchange_id for one in candidates))
    covered = _any_of(replies, candidates, both)
    suggested = _any_of(replies, candidates, both & np.array([one.suggested is not None for one in candidates]))
    found = suggested[covered].astype(np.float64)
    return Agreement(
        replies=len(replies),
        pairs=len(candidates),
        agreement=float((readers[0] == readers[1]).mean()),
        kappa=cohen_kappa(*readers),
        either=tuple(float(_any_of(replies, candidates, said).mean()) for said in readers),
        coverage=float(covered.mean()),
        coverage_interval=bootstrap_interval(covered.astype(np.float64), seed=seed),
        recall_at_3=float(found.mean()) if len(found) else float("nan"),
        recall_interval=bootstrap_interval(found, seed=seed),
    )


def _judgements(path: Path, candidates: Sequence[Candidate]) -> BoolArray:
    """Return (candidates,) what a reader said of each."""
    said: dict[tuple[str, str], bool] = {}
    for line, row in _read(path, ("equivalent", "exchange_id", "answer_id")):
        verdict = row["equivalent"].strip()
        if verdict not in {YES, NO}:
            raise DataError(f"{path}, line {line}: equivalent is not judged; expected {YES} or {NO} on every line")
        said[row["exchange_id"], row["answer_id"]] = verdict == YES
    if missing := sum(one.pair not in said for one in candidates):
        raise DataError(f"{path}: lacks {missing} of the {len(candidates)} lines of the sheet; expected all of them")
    return np.array([said[one.pair] for one in candidates], dtype=bool)


def _any_of(replies: Sequence[str], candidates: Sequence[Candidate], said: BoolArray) -> BoolArray:
    """Return (replies,) whether one of each reply's candidates is among those of which `said` is true."""
    named = {one.exchange_id for one, yes in zip(candidates, said.tolist(), strict=True) if yes}
    return np.array([reply in named for reply in replies], dtype=bool)


def _read(path: Path, columns: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield line and cells of a CSV file that has `columns`."""
    if not path.is_file():
        raise DataError(f"{path}: no such file; `python -m evaluation judge` writes {SHEET} and {KEY}")
    with path.open(encoding="utf-8-sig", newline="") as opened:
        header = opened.readline()
        opened.seek(0)
        # A spreadsheet set to Dutch separates by semicolons.
        reader = csv.DictReader(opened, delimiter=";" if header.count(";") > header.count(",") else ",")
        if lacking := [column for column in columns if column not in (reader.fieldnames or ())]:
            raise DataError(f"{path}: has no column {lacking[0]!r}; expected a sheet of `python -m evaluation judge`")
        yield from ((reader.line_num, row) for row in reader)


def _number(cell: str) -> int | None:
    return int(cell) if cell else None


def agreement_table(found: Agreement) -> Table:
    """Return the figures as a table for a terminal."""
    table = Table(box=None, header_style="dim", pad_edge=False)
    table.add_column(f"{found.replies} replies, {found.pairs} pairs", no_wrap=True)
    table.add_column("", justify="right")
    table.add_column("95 %")
    table.add_row("agreement", f"{found.agreement:.3f}")
    table.add_row("Cohen's kappa", f"{found.kappa:.3f}")
    for place, share in enumerate(found.either, start=1):
        table.add_row(f"covered, says reader {place}", f"{share:.1%}")
    low, high = found.coverage_interval
    table.add_row("covered, say both", f"{found.coverage:.1%}", f"{low:.1%} to {high:.1%}")
    low, high = found.recall_interval
    table.add_row("recall@3 among those", f"{found.recall_at_3:.1%}", f"{low:.1%} to {high:.1%}")
    return table
