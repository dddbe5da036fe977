"""What an answer states that can be compared: amounts, periods, dates, links and telephone numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import phonenumbers


class FactKind(StrEnum):
    """What is stated; the value stands in reports."""

    AMOUNT = "amounts"
    PERIOD = "periods"
    DATE = "dates"
    LINK = "links"
    PHONE = "telephone numbers"


@dataclass(frozen=True, slots=True)
class Fact:
    """Something stated, written in one way whatever the language.

    Attributes:
        kind: what it is.
        value: `20.00`, `5 working days`, `2026-12-31` (without a year `--12-31`), `shop.example/returns`,
            `+31612345678`.
    """

    kind: FactKind
    value: str


_NUMBER = r"\d{1,3}(?:[.,]\d{3})+(?:[.,]\d{2})?|\d+(?:[.,]\d{1,2})?"
_AMOUNT = re.compile(
    rf"(?:€|\bEUR|\beuro)\s?(?P<after>{_NUMBER})(?![\d%])|\b(?P<before>{_NUMBER})(?:,-)?\s?(?:€|euros?\b|EUR\b)",
    re.IGNORECASE,
)

_WORDS = {
    **dict.fromkeys(("één", "one"), 1),
    **dict.fromkeys(("twee", "two"), 2),
    **dict.fromkeys(("drie", "three"), 3),
    **dict.fromkeys(("vier", "four"), 4),
    **dict.fromkeys(("vijf", "five"), 5),
    **dict.fromkeys(("zes", "six"), 6),
    **dict.fromkeys(("zeven", "seven"), 7),
    **dict.fromkeys(("acht", "eight"), 8),
    **dict.fromkeys(("negen", "nine"), 9),
    **dict.fromkeys(("tien", "ten"), 10),
    **dict.fromkeys(("twaalf", "twelve"), 12),
    **dict.fromkeys(("veertien", "fourteen"), 14),
    **dict.fromkeys(("dertig", "thirty"), 30),
}
"""Dutch `een` is left out: it is an article more often than a number."""

_UNITS = (
    (re.compile(r"minu(?:ut|ten|tes?)"), 1, "minutes"),
    (re.compile(r"uur|uren|hours?"), 1, "hours"),
    (re.compile(r"werkdag(?:en)?|(?:working|business) days?"), 1, "working days"),
    (re.compile(r"dag(?:en)?|days?"), 1, "days"),
    (re.compile(r"we(?:ek|ken|eks)"), 7, "days"),
    (re.compile(r"maand(?:en)?|months?"), 1, "months"),
    (re.compile(r"jaar|jaren|years?"), 12, "months"),
)
_UNIT = "|".join(unit.pattern for unit, *_ in _UNITS)
_PERIOD = re.compile(
    rf"(?<![\w.,:])(?P<number>\d{{1,4}}|{'|'.join(_WORDS)})[ -](?P<unit>{_UNIT})\b",
    re.IGNORECASE,
)

_MONTHS = (
    *(
        ("januari", "january"),
        ("februari", "february"),
        ("maart", "march"),
        ("april",),
        ("mei", "may"),
        ("juni", "june"),
    ),
    *(("juli", "july"), ("augustus", "august"), ("september",), ("oktober", "october"), ("november",), ("december",)),
)
_MONTH_NUMBER = {name: number for number, names in enumerate(_MONTHS, start=1) for name in names}
_MONTH = "|".join(_MONTH_NUMBER)
_DATES = (
    re.compile(r"\b(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})\b"),
    re.compile(r"\b(?P<day>\d{1,2})[-/](?P<month>\d{1,2})[-/](?P<year>\d{4})\b"),
    re.compile(rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th|e)? (?:of )?(?P<name>{_MONTH})\b(?:,? (?P<year>\d{{4}}))?", re.I),
    re.compile(rf"\b(?P<name>{_MONTH}) (?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,? (?P<year>\d{{4}}))?", re.I),
)

_LINK = re.compile(
    r"(?:https?://|www\.)[^\s<>\"]+|[\w.+-]+@(?:[\w-]+\.)+[a-z]{2,}|\b(?:[a-z0-9-]{2,}\.)+[a-z]{2,}\b(?:/[^\s<>\"]*)?"
)
_SERVICE_NUMBER = re.compile(r"(?<![\w-])0[89]00[ -]?\d{4,7}\b")


def facts(text: str) -> frozenset[Fact]:
    """Return what `text` states, each thing once."""
    found = {
        FactKind.AMOUNT: _amounts(text),
        FactKind.PERIOD: _periods(text),
        FactKind.DATE: _dates(text),
        FactKind.LINK: _links(text),
        FactKind.PHONE: _phones(text),
    }
    return frozenset(Fact(kind, value) for kind, values in found.items() for value in values)


def _amounts(text: str) -> Iterator[str]:
    for match in _AMOUNT.finditer(text):
        yield f"{_number(match['after'] or match['before']):.2f}"


def _number(written: str) -> float:
    """Read `1.234,50` and `1,234.50` alike: what stands before one or two last digits is the decimal sign."""
    whole, separator, decimals = re.fullmatch(r"(.*?)(?:([.,])(\d{1,2}))?", written).groups()  # type: ignore[union-attr]
    return float(re.sub(r"[.,]", "", whole) + (f".{decimals}" if separator else ""))


def _periods(text: str) -> Iterator[str]:
    for match in _PERIOD.finditer(text):
        number = _WORDS.get(match["number"].lower()) or int(match["number"])
        times, unit = next((times, name) for unit, times, name in _UNITS if unit.fullmatch(match["unit"].lower()))
        yield f"{number * times} {unit}"


def _dates(text: str) -> Iterator[str]:
    """Yield each date without its year and, where it has one, with it: 1 May agrees with 1 May 2026, 2025 does not."""
    for pattern in _DATES:
        for match in pattern.finditer(text):
            parts = match.groupdict()
            month = int(parts["month"]) if parts.get("month") else _MONTH_NUMBER[parts["name"].lower()]
            yield f"--{month:02}-{int(parts['day']):02}"
            if parts["year"]:
                yield f"{parts['year']}-{month:02}-{int(parts['day']):02}"


def _links(text: str) -> Iterator[str]:
    for match in _LINK.finditer(text):
        yield re.sub(r"^(?:https?://)?(?:www\.)?", "", match[0].lower()).rstrip("/.,;:!?)")


def _phones(text: str) -> Iterator[str]:
    for match in phonenumbers.PhoneNumberMatcher(text, "NL", leniency=phonenumbers.Leniency.VALID):
        yield phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.E164)
    for match in _SERVICE_NUMBER.finditer(text):  # the library knows service numbers only where they are in use
        yield "+31" + re.sub(r"\D", "", match[0]).removeprefix("0")
