"""Find personal data and put a placeholder in its place."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import phonenumbers
from stdnum import iban, luhn
from stdnum.nl import bsn

MAX_CHARS = 100_000
"""Longer texts are read up to here: the libraries' cost grows faster than the text."""


@dataclass(frozen=True, slots=True)
class PersonalData:
    """A span of personal data: `text[start:end]`."""

    kind: str
    start: int
    end: int


def _always(_found: str) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class _Pattern:
    kind: str
    pattern: re.Pattern[str]
    confirms: Callable[[str], bool] = _always


def _words(*words: str) -> str:
    return "|".join(words)


_HOUSE_NUMBER = r"[ ,]{1,2}(?:nr\.?|huisnummer)? ?\d{1,5}[a-z]?\b"
_STREET_ENDINGS = _words(
    "straat", "laan", "weg", "plein", "kade", "gracht", "dreef", "hof", "singel", "dijk", "steeg", "pad"
)
_CUSTOMER_WORDS = _words(
    "klantnummer", "klantnr", "klnr", "customer number", "customer no", "account number", "debiteurnummer"
)
_ORDER_WORDS = _words(
    "ordernummer",
    "bestelnummer",
    "ordernr",
    "bestelling",
    "order number",
    "order",
    "polisnummer",
    "dossiernummer",
    "zaaknummer",
)

# Small words and units that follow a year or an amount: "2026 of 2027", "2000 mb 3".
_SHORT_WORDS = _words(
    "of", "en", "in", "is", "op", "om", "te", "mb", "gb", "km", "kb", "uu", "or", "at", "to", "on", "by"
)

# "5000 MB" is a bundle, not a postcode, unless a house number follows.
_UNITS = _words("KB", "MB", "GB", "TB", "KM")

# Possessive and bounded repetitions keep the time linear in the text, whatever it holds.
# In this order: where two overlap, the earlier kind names the span.
_PATTERNS = (
    _Pattern("EMAIL", re.compile(r"(?<![\w.+-])[\w.+-]++@[\w-]++(?:\.[\w-]++)+")),
    _Pattern(
        "IBAN",
        re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b", re.IGNORECASE),
        lambda found: iban.is_valid(found, check_country=False),
    ),
    _Pattern("CARD", re.compile(r"\b(?:\d[ -]?){13,19}\b"), lambda found: luhn.is_valid(re.sub(r"\D", "", found))),
    _Pattern(
        "CUSTOMER_NUMBER",
        re.compile(rf"(?i:{_CUSTOMER_WORDS})\W{{0,3}}(?i:is|van mij is)?\W{{0,3}}(\d[\d .-]{{3,14}}\d)"),
    ),
    _Pattern(
        "ORDER_NUMBER",
        re.compile(rf"(?i:{_ORDER_WORDS})\W{{0,3}}(?i:is\W)?((?=[\w-]{{0,19}}\d)[A-Z0-9][A-Z0-9-]{{4,19}})"),
    ),
    # 9 % of random nine-digit numbers pass the test of a BSN, so a word must announce it.
    _Pattern("BSN", re.compile(r"(?i:bsn|burgerservicenummer|sofinummer)\D{0,12}(\d{8,9})\b"), bsn.is_valid),
    _Pattern("ADDRESS", re.compile(rf"\b[1-9]\d{{3}} ?[A-Z]{{2}}\b{_HOUSE_NUMBER}")),
    _Pattern("ADDRESS", re.compile(rf"\b[1-9]\d{{3}} ?(?!(?:{_UNITS})\b)[A-Z]{{2}}\b")),
    _Pattern(
        "ADDRESS",
        re.compile(rf"\b[1-9]\d{{3}} ?(?!(?:{_SHORT_WORDS})\b)[a-zA-Z]{{2}}\b{_HOUSE_NUMBER}"),
    ),
    _Pattern(
        "ADDRESS",
        re.compile(rf"\b(?:[A-Z][\w'-]{{1,40}} )?[A-Z][\w'-]{{0,40}}(?:{_STREET_ENDINGS}) \d{{1,5}}(?: ?[a-z])?\b"),
    ),
)


def find(text: str) -> list[PersonalData]:
    """Return the personal data in the first `MAX_CHARS` of `text`, in order, without overlaps."""
    text = text[:MAX_CHARS]
    found = [
        PersonalData(pattern.kind, *match.span(match.re.groups and 1))
        for pattern in _PATTERNS
        for match in pattern.pattern.finditer(text)
        if pattern.confirms(match[match.re.groups and 1])
    ]
    found += [
        PersonalData("PHONE", match.start, match.end)
        for match in phonenumbers.PhoneNumberMatcher(text, "NL", leniency=phonenumbers.Leniency.VALID)
    ]
    spans: list[PersonalData] = []
    for span in found:
        if all(span.end <= other.start or other.end <= span.start for other in spans):
            spans.append(span)
    return sorted(spans, key=lambda span: span.start)


def redact(text: str) -> str:
    """Return `text` with each piece of personal data replaced by its kind in brackets, such as `[EMAIL]`."""
    parts: list[str] = []
    position = 0
    for span in find(text):
        parts += [text[position : span.start], f"[{span.kind}]"]
        position = span.end
    return "".join(parts) + text[position:]
