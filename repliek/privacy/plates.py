"""Dutch licence plates, by the sidecodes of the RDW."""

from __future__ import annotations

import re

from repliek.privacy.announced import IS
from repliek.privacy.spans import Finder, Kind, Pattern, clued

# L for a letter, D for a digit.
_OLD = ("LL-DD-DD", "DD-DD-LL", "DD-LL-DD")
_NEW = (
    "LL-DD-LL", "LL-LL-DD", "DD-LL-LL", "DD-LLL-D", "D-LLL-DD", "LL-DDD-L",
    "L-DDD-LL", "LLL-DD-L", "L-DD-LLL", "D-LL-DDD", "DDD-LL-D",
)  # fmt: skip


def _plates(codes: tuple[str, ...], letter: str, between: str) -> str:
    parts = {ord("L"): letter, ord("D"): r"\d", ord("-"): between}
    return "|".join(code.translate(parts) for code in codes)


_ANNOUNCED = r"(?i:kenteken(?:plaat)?|nummerplaat|nummerbord|licen[cs]e plate)(?i:nummer|nr)?" + IS
_CONSONANT = "[B-DF-HJ-NP-TV-XZ]"

FINDERS: tuple[Finder, ...] = (
    *clued(
        ("kenteken", "nummerplaat", "nummerbord", "plate"),
        Pattern(Kind.LICENCE_PLATE, re.compile(rf"{_ANNOUNCED}({_plates(_OLD + _NEW, '[A-Za-z]', '[ -]?')})(?!\w)")),
    ),
    # From sidecode 4 on plates hold no vowels, so that they spell no words: "9-TOT-17" is none.
    Pattern(
        Kind.LICENCE_PLATE,
        re.compile(rf"(?<![\w-])(?:{_plates(_OLD, '[A-Z]', '-')}|{_plates(_NEW, _CONSONANT, '-')})(?![\w-])"),
    ),
)
