"""Which parts of a message might be matters of their own: as far as the words alone can tell.

The rules propose, and rather too much than too little: the model reads a part before it counts (`matters.py`).
They cut before words that add something ("daarnaast", "en wat kost", "2."), and between two questions. A statement
stays with the question that follows it, so that a situation and its question are one part.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

MAX_PARTS = 5
"""A message that could be cut into more parts than this tells a story; cut up, it would lose its thread."""

LEAST_WORDS = 3
"""Fewer words than these are no matter of their own: "En nu?", "Groetjes"."""

MAX_SENTENCES = 30
"""A longer message tells a story too; whatever it asks, it asks as a whole."""

FEW_WORDS = 5
"""So short a part that points back ("hoe lang duurt dat?") means nothing without what came before it."""

# A number with a full stop begins an item of a list; it ends no sentence.
_BREAK = re.compile(r"(?<=[.!?…])(?<!\b\d\.) | (?=\d[.)] )")
_MARK = re.compile(r"^(?:\d{1,2}[.):]|[-*•–]) ")

_AND = r"(?:en|and)"
_SUBJECT = (
    r"(?:ik|we|wij|mijn|m'?n|mij|ons|onze|je|jij|u|uw|jullie|er|het|de|een|iemand|niemand|nog|nu|geen|"
    r"i|my|our|you|your|the|there|nobody|no)"
)
# "En de automatische incasso" names a second thing; it takes a fourth word to say something about it.
_STATEMENT = (
    r"(?:(?:ik|we|wij|er|niemand|nog|nu|geen|i|there|nobody|no)\b|"
    r"(?:mijn|m'?n|mij|ons|onze|u|uw|jullie|het|de|my|our|you|your|the)(?: \S+){3})"
)
_VERB = (
    r"(?:ka[nm]|kun(?:nen|t)?|mag|mogen|moet(?:en)?|is|zijn|heb(?:ben|t)?|heeft|word(?:t|en)?|krijg(?:en|t)?|komt|"
    r"doet|zit|wil(?:len|t)?|zou(?:den)?|zal|geldt|werkt|hoort|staat|klopt|blijft|"
    r"can|could|may|do|does|did|are|will|would|should)"
)
_QUESTION = rf"(?:(?:hoe\w*|wat|waar\w*|wanneer|welke?|how|what|where|when|which|why)\b|{_VERB} {_SUBJECT}\b)"
_FURTHER = (
    r"(?:ook|daarnaast|verder|bovendien|tevens|trouwens|overigens|daarbij|voorts|"
    r"nog (?:iets|een|één|1|wat)|(?:een )?ander[es]? (?:vraag|punt|ding)|"
    r"(?:mijn |de )?(?:tweede|2e|volgende|laatste) (?:vraag|punt)|p\.?s\b|ten (?:eerste|tweede|derde)|vraag \d|"
    r"also|besides|another|second(?:ly)?|furthermore|additionally|by the way|one more)"
)

_CLAUSE = re.compile(
    rf" (?={_AND} (?:{_QUESTION}|{_STATEMENT}|{_FURTHER}\b))|(?<=,) (?=(?:daarnaast|verder|bovendien)\b)",
    re.IGNORECASE,
)
_ADDS = re.compile(rf"^(?:o+h? ja,? )?(?:{_AND}|{_FURTHER})\b", re.IGNORECASE)
_ADDS_PLAINLY = re.compile(rf"^(?:o+h? ja,? )?(?:{_AND} )?(?:{_QUESTION}|{_FURTHER}\b)", re.IGNORECASE)
_ASKS = re.compile(rf"^(?:{_AND} )?{_QUESTION}", re.IGNORECASE)
_LEADING_AND = re.compile(rf"^{_AND} ", re.IGNORECASE)
_POINTS_BACK = re.compile(
    r"\b(?:dat|dit|die|deze|(?:daar|er)(?:voor|van|mee|bij|op|aan)?|hij|hem|'?[mt]|it|that|this|those|these|there|them)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a message that might be a matter of its own.

    Attributes:
        text: the customer's words.
        query: what is read: where the words point back, what came before stands in front of them.
        faint: whether nothing but an "en" before a statement sets it apart: as often as not the same matter goes on.
    """

    text: str
    query: str
    faint: bool = False


@dataclass(frozen=True, slots=True)
class _Unit:
    """A sentence, or a clause that could stand alone; `adds` and `faint` tell how it begins."""

    text: str
    adds: bool
    faint: bool
    asks: bool


def parts_of(message: str) -> tuple[Part, ...]:
    """Return the parts of `message` that might be matters of their own, in its order; none of an ordinary message."""
    sentences = list(islice(_sentences(message), MAX_SENTENCES + 1))
    if len(sentences) > MAX_SENTENCES:
        return ()
    for by_clause in (True, False):
        groups = _groups(list(_units(sentences, by_clause=by_clause)))
        if len(groups) < 2:
            return ()
        if len(groups) <= MAX_PARTS:
            return tuple(_parts(groups))
    return ()


def _sentences(message: str) -> Iterator[str]:
    for line in message.splitlines():
        if words := line.split():
            yield from _BREAK.split(" ".join(words))


def _units(sentences: Iterable[str], *, by_clause: bool) -> Iterator[_Unit]:
    for sentence in sentences:
        text = _MARK.sub("", sentence)
        clauses = _clauses(text) if by_clause else [text]
        for place, clause in enumerate(clauses):
            listed = place == 0 and text != sentence
            adds = listed or place > 0 or _ADDS.match(clause) is not None
            yield _Unit(
                text=clause,
                adds=adds,
                faint=place > 0 and _ADDS_PLAINLY.match(clause) is None,
                asks=(place == len(clauses) - 1 and sentence.endswith("?")) or _ASKS.match(clause) is not None,
            )


def _clauses(sentence: str) -> list[str]:
    """Cut a sentence before what opens a clause of its own; too short a clause stays with its neighbour."""
    clauses: list[str] = []
    for piece in _CLAUSE.split(sentence):
        if clauses and min(_words(piece), _words(clauses[-1])) < LEAST_WORDS:
            clauses[-1] = f"{clauses[-1]} {piece}"
        else:
            clauses.append(piece)
    return clauses


def _groups(units: Sequence[_Unit]) -> list[list[_Unit]]:
    """Put units together that belong to one part, in their order."""
    groups: list[list[_Unit]] = []
    for place, unit in enumerate(units):
        if groups and (_too_short(groups[-1]) or _too_short([unit]) or not _opens(groups[-1], units, place)):
            groups[-1].append(unit)
        else:
            groups.append([unit])
    return groups


def _opens(group: Sequence[_Unit], units: Sequence[_Unit], place: int) -> bool:
    """Whether the unit at `place` opens a part of its own after `group`."""
    if units[place].adds:
        return True
    # A statement between two questions is the situation of the second.
    leads_up = place + 1 < len(units) and units[place + 1].asks and not units[place + 1].adds
    return any(unit.asks for unit in group) and (units[place].asks or leads_up)


def _parts(groups: Sequence[Sequence[_Unit]]) -> Iterator[Part]:
    situation = _situation(groups[0])
    before = ""
    for group in groups:
        text = _LEADING_AND.sub("", " ".join(unit.text for unit in group)).rstrip(" ,;")
        needed = ""
        if before and group[0].asks and _POINTS_BACK.search(text):
            needed = before if _words(text) <= FEW_WORDS else situation
        yield Part(text, f"{needed} {text}".strip(), faint=bool(before) and group[0].faint)
        before = text


def _situation(group: Sequence[_Unit]) -> str:
    """Return the statements before the first question of a group; nothing where it asks nothing."""
    first = next((place for place, unit in enumerate(group) if unit.asks), 0)
    return " ".join(unit.text for unit in group[:first])


def _too_short(group: Sequence[_Unit]) -> bool:
    return sum(_words(unit.text) for unit in group) < LEAST_WORDS


def _words(text: str) -> int:
    return len(_WORD.findall(text))
