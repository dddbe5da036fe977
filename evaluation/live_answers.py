"""What becomes of an answer that is saved or deleted while a bundle is in use.

Topics are left out of training, as if nobody had ever asked for them; then the answers of each are saved, as a team
does, and messages that were held out are asked. Of the topics that were learned, each is deleted once.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import Annotated

import numpy as np
import typer
from rich.table import Table

from evaluation.observations import Progress
from evaluation.options import AsJson, Seed
from evaluation.trial import trained
from repliek.asked import Circumstances
from repliek.bundle import Bundle
from repliek.encoder import Encoder, FloatArray
from repliek.history import Exchange
from repliek.knowledge import Answer, AnswerEdits, KnowledgeBase
from repliek.records import read_records, write_jsonl
from repliek.retrieval import BoolArray
from repliek.suggester import Suggester

PARTS = 5
"""Into so many parts the topics are divided, and the conversations."""

_AT_ONCE = 256


@dataclass(frozen=True, slots=True)
class Part:
    """What is learned from without some of the topics, and what is asked then.

    Attributes:
        answers: of the topics that are learned.
        left_out: answers of the other topics.
        history: exchanges to learn from, none of a topic that is left out.
        held_out: exchanges to ask.
    """

    answers: tuple[Answer, ...]
    left_out: tuple[Answer, ...]
    history: tuple[Exchange, ...]
    held_out: tuple[Exchange, ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """Of some messages, how many have an answer first, and how many are shown it at the bundle's threshold."""

    messages: int = 0
    first: int = 0
    shown: int = 0

    @classmethod
    def of(cls, first: BoolArray, shown: BoolArray) -> Tally:
        """Count (n,) messages."""
        return cls(len(first), int(first.sum()), int((first & shown).sum()))

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.messages + other.messages, self.first + other.first, self.shown + other.shown)

    def as_dict(self) -> dict[str, int]:
        """Return the counts by name."""
        return {"messages": self.messages, "first": self.first, "shown": self.shown}


@dataclass(frozen=True, slots=True)
class LiveFigures:
    """Counts over all topics: a message counts once for each answer that was saved, or deleted, when it was asked.

    Attributes:
        topics: how many were left out and saved.
        own: messages that ask for the saved answer.
        others: messages that ask for another answer of the bundle.
        lost: of those, how many were shown the right answer before, and are not with the saved one.
        strays: messages that are out of scope.
        unsaved: messages that ask for a topic that was left out and is not saved.
        deleted: messages whose answer was deleted: `first` has the deleted topic first, which is silence; to `shown`
            another answer is shown.
        misled: of those, how many were shown another answer before it was deleted.
        edit_ms: how long each edit took, in milliseconds.
    """

    topics: int = 0
    own: Tally = Tally()
    others: Tally = Tally()
    lost: int = 0
    strays: Tally = Tally()
    unsaved: Tally = Tally()
    deleted: Tally = Tally()
    misled: int = 0
    edit_ms: tuple[float, ...] = ()

    def __add__(self, other: LiveFigures) -> LiveFigures:
        return LiveFigures(
            self.topics + other.topics,
            self.own + other.own,
            self.others + other.others,
            self.lost + other.lost,
            self.strays + other.strays,
            self.unsaved + other.unsaved,
            self.deleted + other.deleted,
            self.misled + other.misled,
            self.edit_ms + other.edit_ms,
        )

    @property
    def precision(self) -> float | None:
        """Share of the messages that were shown a saved answer that asked for it; `None` where it was never shown."""
        shown = self.own.shown + self.others.shown + self.strays.shown + self.unsaved.shown
        return self.own.shown / shown if shown else None

    def as_json(self) -> str:
        """Return the figures for machines."""
        tallies = {name: getattr(self, name).as_dict() for name in ("own", "others", "strays", "unsaved", "deleted")}
        times = {"median": median(self.edit_ms), "max": max(self.edit_ms)} if self.edit_ms else None
        counts = {"topics": self.topics, **tallies, "lost": self.lost, "misled": self.misled}
        return json.dumps(counts | {"precision": self.precision, "edit_ms": times}, indent=2)


class RememberedQueries:
    """An encoder that encodes no query twice: every edited knowledge base is asked the same messages."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._vectors: dict[str, FloatArray] = {}

    @property
    def dimensions(self) -> int:
        """Length of every vector."""
        return self._encoder.dimensions

    def encode_queries(self, texts: Sequence[str]) -> FloatArray:
        """Return what the encoder returns."""
        new = [text for text in dict.fromkeys(texts) if text not in self._vectors]
        self._vectors.update(zip(new, self._encoder.encode_queries(new), strict=True) if new else ())
        return np.stack([self._vectors[text] for text in texts])

    def encode_passages(self, texts: Sequence[str]) -> FloatArray:
        """Return what the encoder returns."""
        return self._encoder.encode_passages(texts)


@dataclass(frozen=True, slots=True)
class Seen:
    """What n messages are told.

    Attributes:
        topics: (n,) name of the likeliest topic of each.
        shown: (n,) whether it is shown, at the threshold of the bundle.
    """

    topics: np.ndarray
    shown: BoolArray

    @classmethod
    def of(cls, suggester: Suggester, exchanges: Sequence[Exchange]) -> Seen:
        """Ask messages; who must decide, and what fits the channel, are left aside."""
        names, threshold = list(suggester.bundle.knowledge.topics), suggester.bundle.manifest.thresholds.confidence
        topics: list[str] = []
        shown: list[bool] = []
        for start in range(0, len(exchanges), _AT_ONCE):
            lines = exchanges[start : start + _AT_ONCE]
            analysis = suggester.analyse([line.query for line in lines], Circumstances.of_exchanges(lines))
            readings = [analysis.reading(row) for row in range(len(lines))]
            topics += [names[reading.topics[0]] for reading in readings]
            shown += [reading.in_scope and reading.confidence >= threshold for reading in readings]
        return cls(np.array(topics, dtype=object), np.array(shown, dtype=bool))


def live_answers(
    history: Annotated[Path, typer.Option(help="Exchanges that name their answers: .jsonl, .csv or .parquet.")],
    answers: Annotated[Path, typer.Option(help="What may be said.")],
    brand: Annotated[Path | None, typer.Option(help="The brand's settings: brand.toml.")] = None,
    parts: Annotated[
        int, typer.Option(min=1, max=PARTS, help=f"How many of the {PARTS} parts of the topics are left out in turn.")
    ] = PARTS,
    seed: Seed = 13,
    as_json: AsJson = False,
) -> None:
    """Leave topics out of training, save their answers live, and count who gets them; delete others, and count too."""
    from rich.console import Console

    from evaluation.progress import shown_progress

    exchanges = read_records(history, Exchange, unique="exchange_id").records
    knowledge = KnowledgeBase(read_records(answers, Answer, unique="answer_id").records)
    found = LiveFigures()
    with shown_progress() as progress:
        for part in list(divide(exchanges, knowledge, seed))[:parts]:
            found += measure(part, {"brand": brand} if brand else {}, seed, progress)
    if as_json:
        typer.echo(found.as_json())
    else:
        Console().print(_table(found))


def divide(history: Sequence[Exchange], knowledge: KnowledgeBase, seed: int) -> Iterator[Part]:
    """Divide topics and conversations into `PARTS` parts, and leave out one of each at a time.

    Messages whose answer is not known, and that are not marked out-of-scope, are learned from and not asked.
    """
    random = np.random.default_rng(seed)
    topic_parts = dict(zip(knowledge.topics, random.permutation(len(knowledge.topics)) % PARTS, strict=True))
    conversations = list(dict.fromkeys(exchange.conversation for exchange in history))
    conversation_parts = dict(zip(conversations, random.permutation(len(conversations)) % PARTS, strict=True))
    topics = [_topic(exchange, knowledge) for exchange in history]
    for part in range(PARTS):
        rows = [
            (exchange, topic, conversation_parts[exchange.conversation] == part)
            for exchange, topic in zip(history, topics, strict=True)
        ]
        yield Part(
            answers=tuple(answer for answer in knowledge if topic_parts[answer.topic] != part),
            left_out=tuple(answer for answer in knowledge if topic_parts[answer.topic] == part),
            history=tuple(one for one, topic, held in rows if not held and topic_parts.get(topic or "") != part),
            held_out=tuple(one for one, topic, held in rows if held and (topic or not one.in_scope)),
        )


def measure(part: Part, files: Mapping[str, Path], seed: int, progress: Progress) -> LiveFigures:
    """Train without the topics that are left out, and count what becomes of each when it is saved.

    Args:
        part: what is learned and asked.
        files: further files of the training, by the name of their option.
        seed: of the training.
        progress: told how far it is.
    """
    with tempfile.TemporaryDirectory(prefix="repliek-answers-") as scratch:
        file = Path(scratch) / "answers.jsonl"
        write_jsonl(file, Answer, part.answers)
        with trained(part.history, seed, {**files, "answers": file}) as folder:
            return count(Bundle.load(folder, threads=0), part.left_out, part.held_out, progress)


def count(
    bundle: Bundle, left_out: Sequence[Answer], exchanges: Sequence[Exchange], progress: Progress = lambda *_: None
) -> LiveFigures:
    """Save the answers of each topic that is left out by themselves, delete those of each other one, and ask.

    Args:
        bundle: learned without these topics.
        left_out: their answers.
        exchanges: n messages that it was not learned from, each with an answer or out of scope.
        progress: told how many edits were measured.
    """
    views = tuple(RememberedQueries(view) for view in bundle.encoder.views)
    suggester = Suggester.of(replace(bundle, encoder=replace(bundle.encoder, views=views)))
    saved = KnowledgeBase(left_out)
    everything = KnowledgeBase((*bundle.knowledge, *left_out))
    asked = np.array([_topic(exchange, everything) for exchange in exchanges], dtype=object)
    in_bundle = np.array([topic in bundle.knowledge.topics for topic in asked], dtype=bool)
    stray = np.array([topic is None for topic in asked], dtype=bool)
    before = Seen.of(suggester, exchanges)
    had = before.shown & (before.topics == asked)
    found = LiveFigures(topics=len(saved.topics))
    edits = len(saved.topics) + len(bundle.knowledge.topics)
    for done, (topic, variants) in enumerate(saved.topics.items()):
        progress("Saving answers", done, edits)
        edited, took_ms = _timed(suggester, AnswerEdits(saved=variants))
        seen = Seen.of(edited, exchanges)
        first, own = seen.topics == topic, asked == topic
        found += LiveFigures(
            own=Tally.of(first[own], seen.shown[own]),
            others=Tally.of(first[in_bundle], seen.shown[in_bundle]),
            lost=int((had & ~(seen.shown & (seen.topics == asked))).sum()),
            strays=Tally.of(first[stray], seen.shown[stray]),
            unsaved=Tally.of(first[~(own | in_bundle | stray)], seen.shown[~(own | in_bundle | stray)]),
            edit_ms=(took_ms,),
        )
    for done, (topic, variants) in enumerate(bundle.knowledge.topics.items(), start=len(saved.topics)):
        progress("Saving answers", done, edits)
        rows = np.flatnonzero(asked == topic)
        edited, took_ms = _timed(suggester, AnswerEdits(deleted=frozenset(one.answer_id for one in variants)))
        seen = Seen.of(edited, [exchanges[int(row)] for row in rows])
        gone = seen.topics == topic
        found += LiveFigures(
            deleted=Tally(len(rows), int(gone.sum()), int((seen.shown & ~gone).sum())),
            misled=int((before.shown & (before.topics != topic))[rows].sum()),
            edit_ms=(took_ms,),
        )
    progress("Saving answers", edits, edits)
    return found


def _table(found: LiveFigures) -> Table:
    """Return the figures as a table for a terminal."""
    table = Table("messages that", "asked", "have it first", "are shown it", box=None, header_style="dim")
    rows = (
        ("ask for the saved answer", found.own),
        ("ask for another answer", found.others),
        ("are out of scope", found.strays),
        ("ask for what nobody has saved", found.unsaved),
    )
    for name, tally in rows:
        table.add_row(name, f"{tally.messages:,}", _share(tally.first, tally), _share(tally.shown, tally))
    right = "never shown" if found.precision is None else f"right {found.precision:.3f} of the time when shown"
    deleted = found.deleted
    table.caption = (
        f"{found.topics} topics saved, {right}; {found.lost:,} right answers lost to them. Deleted: "
        f"{_share(deleted.first, deleted)} of {deleted.messages:,} messages are recognised, "
        f"{_share(deleted.shown, deleted)} are shown another answer (before, {_share(found.misled, deleted)}). "
        f"An edit takes {median(found.edit_ms):.0f} ms."
    )
    return table


def _share(part: int, tally: Tally) -> str:
    return f"{part / tally.messages:.2%}" if tally.messages else "-"


def _topic(exchange: Exchange, knowledge: KnowledgeBase) -> str | None:
    return knowledge.topic_of(exchange.answer_id) if exchange.answer_id else None


def _timed(suggester: Suggester, edits: AnswerEdits) -> tuple[Suggester, float]:
    """Return the edited suggester, and the milliseconds that it took."""
    started = time.perf_counter()
    edited = suggester.with_answers(edits)
    return edited, 1_000 * (time.perf_counter() - started)
