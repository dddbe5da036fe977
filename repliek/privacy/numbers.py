"""Numbers that a checksum tells from others."""

from __future__ import annotations

import re

from stdnum import iban, imei, luhn
from stdnum.be import vat as belgian_vat
from stdnum.de import vat as german_vat
from stdnum.nl import btw as dutch_vat

from repliek.privacy.spans import Finder, Kind, Pattern, where

_VAT = {"NL": dutch_vat.is_valid, "BE": belgian_vat.is_valid, "DE": german_vat.is_valid}
_GROUP = re.compile(r"[^ -]+")


def _iban(found: str) -> int:
    """Return how much of `found` is an IBAN: the words behind it may look like its last groups."""
    ends = [group.end() for group in _GROUP.finditer(found)]
    return next((end for end in reversed(ends) if iban.is_valid(found[:end], check_country=False)), 0)


def _is_vat(found: str) -> bool:
    number = re.sub(r"[ .]", "", found).upper()
    return _VAT[number[:2]](number)


def _is_card(found: str) -> bool:
    return luhn.is_valid(re.sub(r"\D", "", found))


FINDERS: tuple[Finder, ...] = (
    Pattern(
        Kind.VAT_NUMBER,
        re.compile(r"\b(?:NL ?(?:\d[ .]?){9}B ?\d\d|BE ?[01][ .]?(?:\d[ .]?){8}\d|DE ?\d{9})\b", re.IGNORECASE),
        where(_is_vat),
    ),
    Pattern(
        Kind.IBAN,
        re.compile(r"\b[A-Z]{2} ?\d{2}(?:[ -]?[A-Z0-9]{4}){2,7}(?:[ -]?[A-Z0-9]{1,3})?\b", re.IGNORECASE),
        _iban,
    ),
    # A card of American Express has 15 digits too, and begins with 34 or 37.
    Pattern(Kind.IMEI, re.compile(r"\b(?!3[47])\d{2}[ -]?\d{6}[ -]?\d{6}[ -]?\d\b"), where(imei.is_valid)),
    # Payment cards begin with 2 to 6, SIM cards with 89, and are longer than the 13 digits of an EAN.
    Pattern(Kind.CARD, re.compile(r"\b(?=[2-6]|89)(?:\d[ -]?){13,18}\d\b"), where(_is_card)),
)
