"""What personal data is called, and where it stands."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Kind(StrEnum):
    """The kinds of personal data; a placeholder is one of them in brackets, such as `[EMAIL]`."""

    EMAIL = "EMAIL"
    IBAN = "IBAN"
    CARD = "CARD"
    IMEI = "IMEI"
    CUSTOMER_NUMBER = "CUSTOMER_NUMBER"
    ORDER_NUMBER = "ORDER_NUMBER"
    POLICY_NUMBER = "POLICY_NUMBER"
    FILE_NUMBER = "FILE_NUMBER"
    BSN = "BSN"
    VAT_NUMBER = "VAT_NUMBER"
    PASSPORT = "PASSPORT"
    BIRTH_DATE = "BIRTH_DATE"
    PASSWORD = "PASSWORD"
    PIN = "PIN"
    LICENCE_PLATE = "LICENCE_PLATE"
    ADDRESS = "ADDRESS"
    IP_ADDRESS = "IP_ADDRESS"
    PHONE = "PHONE"
    NAME = "NAME"


@dataclass(frozen=True, slots=True)
class PersonalData:
    """A span of personal data: `text[start:end]`."""

    kind: Kind
    start: int
    end: int


class Finder(Protocol):
    """Finds one sort of personal data; spans of different finders may overlap."""

    def find(self, text: str) -> Iterator[PersonalData]:
        """Yield the spans in `text`, in order."""
        ...


def whole(found: str) -> int:
    """Accept all of what a pattern found."""
    return len(found)


def where(is_valid: Callable[[str], bool]) -> Callable[[str], int]:
    """Accept all of what a pattern found where it passes a test, such as a checksum, and nothing of it otherwise."""
    return lambda found: len(found) if is_valid(found) else 0


@dataclass(frozen=True, slots=True)
class Pattern:
    """Finds what matches a regular expression.

    Attributes:
        kind: of what is found.
        pattern: a span is its first group, or the whole match where it has none. Repetitions are possessive or
            bounded, which keeps the time linear in the text, whatever it holds.
        accepted: how many characters of a span are personal data, from its start; 0 for none.
    """

    kind: Kind
    pattern: re.Pattern[str]
    accepted: Callable[[str], int] = whole

    def find(self, text: str) -> Iterator[PersonalData]:
        """Yield the spans in `text`, in order."""
        group = min(self.pattern.groups, 1)
        for match in self.pattern.finditer(text):
            if length := self.accepted(match[group]):
                yield PersonalData(self.kind, match.start(group), match.start(group) + length)


@dataclass(frozen=True, slots=True)
class Clued:
    """Asks another finder, but only about texts that hold a clue: looking for a word takes a tenth of a pattern's time.

    Attributes:
        clues: in lower case; one of them stands in every text in which `finder` finds something.
        finder: the one that is asked.
    """

    clues: tuple[str, ...]
    finder: Finder

    def find(self, text: str) -> Iterator[PersonalData]:
        """Yield the spans in `text`, in order."""
        lowered = text.lower()
        return self.finder.find(text) if any(clue in lowered for clue in self.clues) else iter(())


def clued(clues: Iterable[str], *finders: Finder) -> tuple[Finder, ...]:
    """Return `finders`, each asked only where one of `clues` stands."""
    return tuple(Clued(tuple(clues), finder) for finder in finders)
