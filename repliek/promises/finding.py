"""Find in what an agent sent what was promised to the customer.

A promise is what the agent, a colleague or the brand's own people say that they will do: call, come back to it, find
out, send, let know, arrange, come round; and what the customer will hear from them. It can be done, and be forgotten.
No promises are what the customer should do, what is asked, offered, denied, past or usual, what hangs on something that
the customer does ("als je je nummer stuurt"), and what runs by itself: a parcel that arrives, an amount that is booked
back, an outage that is over by five. What hangs on news alone ("zodra ik meer weet") is a promise without a term.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from repliek.brand import ReplyTimes
from repliek.hours import OpeningHours
from repliek.promises.clauses import Clause, clauses_of
from repliek.promises.terms import Reader
from repliek.promises.words import WORDS

MAX_CHARS = 10_000
"""What stands behind so much of a text is not read: no reply is that long."""

_SIGNED = re.compile(r"\s\^\w{1,10}(?=\s)")
"""Initials; what an agent adds behind them is a sentence of its own."""

DEFAULT = ReplyTimes().solution


@dataclass(frozen=True, slots=True)
class Promise:
    """What was promised, and by when.

    Attributes:
        words: the sentence that promises, or the part of it, as it was sent.
        due: in the zone of the moment when it was sent.
    """

    words: str
    due: datetime


def promises_in(
    text: str, language: str, sent_at: datetime, hours: OpeningHours, default: timedelta = DEFAULT
) -> tuple[Promise, ...]:
    """Return what `text` promises, in its order.

    Args:
        text: what an agent sent.
        language: ISO 639-1; nothing is found in another than `nl` and `en`.
        sent_at: when; without a zone, in UTC.
        hours: of the brand. A day is over when the brand closes, and days and times are meant in its zone.
        default: how soon what is promised without a term is due, on the clock once the brand is open: the brand's
            solution time.
    """
    words = WORDS.get(language)
    if words is None:
        return ()
    reader = Reader.at(sent_at, words, hours)
    unless_said = hours.add_on_the_clock(sent_at, default)
    return tuple(
        Promise(group.words, (reader.due(group.timed) or unless_said).astimezone(sent_at.tzinfo or UTC))
        for group in _follow_ups(clauses_of(_SIGNED.sub("\n", text[:MAX_CHARS])), reader)
    )


@dataclass(slots=True)
class _FollowUp:
    """Clauses that one follow-up keeps: what is done first and what is told then, and by when.

    Attributes:
        clauses: in the order of the text.
        promises: whether one of them promises.
        has_term: whether one of them says by when.
    """

    clauses: list[Clause]
    promises: bool
    has_term: bool

    @classmethod
    def begin(cls, clause: Clause, has_term: bool) -> _FollowUp:
        return cls([clause], clause.promises, has_term)

    @property
    def words(self) -> str:
        return " ".join(clause.words for clause in self.clauses)

    @property
    def timed(self) -> str:
        return " ".join(clause.timed for clause in self.clauses)

    def takes(self, clause: Clause, has_term: bool) -> bool:
        """Whether a clause is about the same follow-up as those before it."""
        last = self.clauses[-1]
        kept = self.promises and self.has_term
        if clause.sentence == last.sentence:
            return not (clause.promises and kept and has_term)
        return clause.promises and last.promises and not kept and clause.sentence == last.sentence + 1

    def add(self, clause: Clause, has_term: bool) -> None:
        self.clauses.append(clause)
        self.promises = self.promises or clause.promises
        self.has_term = self.has_term or has_term


def _follow_ups(clauses: Iterable[Clause], reader: Reader) -> Iterator[_FollowUp]:
    """Put together what belongs together.

    "Ik zoek het uit. Je hoort morgen van me" is kept by one call; "ik zoek het vandaag uit en bel je morgen" asks for
    two.
    """
    group: _FollowUp | None = None
    for clause in clauses:
        has_term = reader.due(clause.timed) is not None
        if clause.deed and has_term:
            clause = replace(clause, promises=True)
        if group and group.takes(clause, has_term):
            group.add(clause, has_term)
            continue
        if group and group.promises:
            yield group
        group = _FollowUp.begin(clause, has_term)
    if group and group.promises:
        yield group
