"""Where somebody lives: postcodes and streets in the Dutch form."""

from __future__ import annotations

import re

from repliek.privacy.spans import Finder, Kind, Pattern

_SUFFIX = r"(?:-\d{1,4}|[ -][A-H]\b|-?[a-zA-Z]\b|[ -]?(?:bis|hs)\b|[ -](?:I{1,3}|IV)\b)?"
_HOUSE_NUMBER = rf"[ ,-]{{1,2}}(?i:nr\.?|nummer|huisnummer|huisnr\.?)?:? ?\d{{1,5}}{_SUFFIX}(?!\w|[,.]\d)"

# Small words and units that follow a year or an amount: "2026 of 2027", "2000 mb 3".
_SHORT_WORDS = "of|en|in|is|op|om|te|mb|gb|km|kb|uu|or|at|to|on|by|kg|cm|mm|ml|kw|tb|ha|al|je|we|ik|zo|na|nu|pm|am|ad"
_SHORT_CAPITALS = _SHORT_WORDS.upper()

# "FRITZ!Box 7590 AX" is a router, "5000 MB" a bundle and "2026 IS" a year: no postcodes, unless a house number follows.
_UNITS = "KB|MB|GB|TB|KM|KG|CM|MM|ML|KW|HZ|PK|XP|HP"
_NO_YEAR = rf"(?!(?:19|20)\d\d ?(?:{_SHORT_CAPITALS})\b)"

_ENDINGS = "straat|laan|weg|plein|kade|gracht|dreef|hof|singel|dijk|steeg|pad|markt|plantsoen|baan|wal"
_SURE_ENDINGS = "straat|(?<!s)laan|plein|gracht|dreef|singel|steeg|plantsoen"
_NO_STREETS = r"(?!(?i:onderweg|halverweg|vanweg|supermarkt|\w{0,12}rekening|verwarming|helling|\w{0,12}betaling)\b)"
_QUANTITIES = (
    "dagen|dag|uur|uren|keer|weken|week|maanden|maand|jaar|euro|minuten|min|procent|x|mbit|meter|km|stuks|personen"
)
_STREET_NUMBER = rf",? (?i:nr\.? ?|nummer )?\d{{1,5}}{_SUFFIX}(?!\w|[,.]\d|:\d| ?%| ?€)(?! (?i:{_QUANTITIES})\b)"
_PARTICLES = r"(?:van|de|den|der|het|'t|ten|ter|la)"

FINDERS: tuple[Finder, ...] = (
    Pattern(Kind.ADDRESS, re.compile(rf"\b[1-9]\d{{3}} ?[A-Z]{{2}}\b{_HOUSE_NUMBER}")),
    Pattern(
        Kind.ADDRESS, re.compile(rf"\b(?<![.,€])(?<!(?i:box) ){_NO_YEAR}[1-9]\d{{3}} ?(?!(?:{_UNITS})\b)[A-Z]{{2}}\b")
    ),
    Pattern(Kind.ADDRESS, re.compile(rf"\b[1-9]\d{{3}} ?(?!(?i:{_SHORT_WORDS})\b)[a-zA-Z]{{2}}\b{_HOUSE_NUMBER}")),
    Pattern(
        Kind.ADDRESS,
        re.compile(
            r"(?i:\b(?:postcode(?:gebied)?|woon(?:t|achtig)?|wonen|adres)(?: [a-z]{1,8}){0,3}:? {1,2})"
            rf"([1-9]\d{{3}} ?(?!(?i:{_SHORT_WORDS})\b)[a-zA-Z]{{2}})\b"
        ),
    ),
    Pattern(
        Kind.ADDRESS,
        re.compile(
            rf"\b(?:[1-9][de] |[A-Z][\w'.-]{{1,40}} (?:{_PARTICLES} ){{0,2}})?{_NO_STREETS}"
            rf"[A-Z][\w'-]{{0,40}}(?:{_ENDINGS}){_STREET_NUMBER}"
        ),
    ),
    Pattern(
        Kind.ADDRESS,
        re.compile(
            rf"\b(?:Laan|Weg|Plein|Kade|Straat|Hof|Burgemeester|Prof\.|Dr\.) (?:{_PARTICLES} ){{0,2}}"
            rf"[A-Z][\w'-]{{1,40}}{_STREET_NUMBER}"
        ),
    ),
    Pattern(Kind.ADDRESS, re.compile(rf"\b[a-z]{{3,30}}(?:{_SURE_ENDINGS}){_STREET_NUMBER}")),
    Pattern(
        Kind.ADDRESS,
        re.compile(
            r"(?i:\bwoon(?:t|achtig)? (?:nu )?(?:op|aan)(?: de| het)?|\badres(?: is)?:?) "
            rf"([A-Z][\w'-]{{1,40}}(?: [A-Z][\w'-]{{1,40}}){{0,2}}{_STREET_NUMBER})"
        ),
    ),
)
