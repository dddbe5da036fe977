"""Find in what an agent sent what was promised to the customer.

A promise is what the agent, a colleague or the brand's own people say that they will do: call, come back to it, find
out, send, let know, arrange, come round; and what the customer will hear from them. A follow-up of it can be done, and be
forgotten. No promises are what the customer should do, what is asked, offered, denied, past, usual, or hangs on something that the
customer does ("als je je nummer stuurt"), and what runs by itself: a parcel that arrives, an amount that is booked back,
an outage that is over by five. What hangs on news alone ("zodra ik meer weet") is a promise without a term.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from repliek.brand import ReplyTimes
from repliek.hours import OpeningHours
from repliek.promises.clauses import Clause, clauses_of
from repliek.promises.terms import Reader
from repliek.promises.words import WORDS

MAX_CHARS = 10_000
"""What stands behind so much of a text is not read: no reply is that long."""

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
        for group in _follow_ups(clauses_of(text[:MAX_CHARS]), reader)
    )


@dataclass(frozen=True, slots=True)
class _FollowUp:
    """Clauses that one follow-up keeps: what is done first and what is told then, and by when."""

    clauses: tuple[Clause, ...]

    @property
    def words(self) -> str:
        return " ".join(clause.words for clause in self.clauses)

    @property
    def timed(self) -> str:
        return " ".join(clause.timed for clause in self.clauses)

    @property
    def promises(self) -> bool:
        return any(clause.promises for clause in self.clauses)

    @property
    def sentence(self) -> int:
        """The sentence that it ends in."""
        return self.clauses[-1].sentence

    def __add__(self, clause: Clause) -> _FollowUp:
        return _FollowUp((*self.clauses, clause))


def _follow_ups(clauses: Iterable[Clause], reader: Reader) -> Iterator[_FollowUp]:
    """Put together what belongs together.

    "Ik zoek het uit. Je hoort morgen van me" is kept by one call; "ik zoek het vandaag uit en bel je morgen" asks for two.
    """
    group: _FollowUp | None = None
    for clause in clauses:
        if group is None:
            group = _FollowUp((clause,))
        elif _goes_on(group, clause, reader):
            group += clause
        else:
            yield from (group,) if group.promises else ()
            group = _FollowUp((clause,))
    if group and group.promises:
        yield group


def _goes_on(group: _FollowUp, clause: Clause, reader: Reader) -> bool:
    """Whether a clause is about the same follow-up as those before it."""
    timed = group.promises and reader.due(group.timed) is not None
    if clause.sentence == group.sentence:
        return not (clause.promises and timed and reader.due(clause.timed) is not None)
    return clause.promises and group.clauses[-1].promises and not timed and clause.sentence == group.sentence + 1
