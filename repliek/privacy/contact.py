"""How somebody can be reached: mail, phone, and the address of their connection."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from dataclasses import dataclass

import phonenumbers
from phonenumbers import PhoneNumberType

from repliek.privacy.spans import Clued, Finder, Kind, Pattern, PersonalData, where

_DOT = r"(?: ?(?:\(dot\)|\[dot\]|\(punt\)|\[punt\]) ?| (?i:punt|dot|\.) |\.)"
_PART = r"[\w+-]{1,64}"
_MARK = r"(?: (?i:punt|dot|streepje|liggend streepje|underscore|laag streepje|koppelteken|plus) |\.)"
_AT = r"(?: (?i:ap(?:en|e)staart(?:je)?) | ?(?:\((?i:at|apenstaartje)\)|\[(?i:at)\]) ?| ?@ ?)"
_DOMAINS = "com|nl|be|net|org|eu|de|info|frl|online|email|uk|co"


def _is_reachable(found: str) -> bool:
    """Whether `found` is the address of a connection: in a private network, many have the same."""
    try:
        return ipaddress.ip_address(found).is_global
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class PhoneNumbers:
    """Finds phone numbers, Dutch ones without their country too.

    Numbers that are free, or paid for by the minute, belong to companies: they are public, and stay.
    """

    # The library's matcher costs a millisecond for each message: it only reads what this finds.
    candidate: re.Pattern[str] = re.compile(
        r"(?<![\w.,/-])(?:\+|\(\+|\(?0)\(?\d(?:[ ()./\u2013-]{0,3}\d){6,16}+(?![\w])"
    )

    def find(self, text: str) -> Iterator[PersonalData]:
        """Yield the spans in `text`, in order."""
        for candidate in self.candidate.finditer(text):
            for match in phonenumbers.PhoneNumberMatcher(
                candidate[0], "NL", leniency=phonenumbers.Leniency.VALID, max_tries=4
            ):
                if phonenumbers.number_type(match.number) not in _OF_COMPANIES:
                    yield PersonalData(Kind.PHONE, candidate.start() + match.start, candidate.start() + match.end)


_OF_COMPANIES = frozenset({PhoneNumberType.TOLL_FREE, PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST})

MAIL: tuple[Finder, ...] = (Pattern(Kind.EMAIL, re.compile(r"(?<![\w.+-])[\w.+-]++@[\w-]++(?:\.[\w-]++)+")),)
WITHOUT_DIGITS: tuple[Finder, ...] = (
    Clued(
        ("@", "apest", "apenst", "(at)", "[at]", "(apen", "[apen"),
        Pattern(
            Kind.EMAIL,
            re.compile(
                rf"(?<![\w.+-]){_PART}(?:{_MARK}{_PART}){{0,4}}{_AT}{_PART}(?:{_DOT}{_PART}){{0,2}}{_DOT}(?:{_DOMAINS})\b"
            ),
        ),
    ),
    Clued(
        (" at ",),
        Pattern(
            Kind.EMAIL,
            re.compile(
                rf"(?<![\w.+-]){_PART}(?:(?:\.| dot | punt ){_PART}){{0,4}} at "
                rf"{_PART}(?: (?:dot|punt) {_PART}){{0,2}} (?:dot|punt) (?:{_DOMAINS})\b"
            ),
        ),
    ),
)
WITH_DIGITS: tuple[Finder, ...] = (
    Pattern(
        Kind.IP_ADDRESS,
        re.compile(r"(?i:\bip(?:v4)?(?:[ -]?adres|[ -]?address)?\b)\D{0,12}(\d{1,3}(?:\.\d{1,3}){3})(?![\w.]*\d)"),
        where(_is_reachable),
    ),
    # Shorter ones are versions of software, unless "IP" announces them.
    Pattern(
        Kind.IP_ADDRESS,
        re.compile(
            r"(?<![\w.])(?<!(?i:versie) )(?<!(?i:firmware) )(?<!(?i:dns) )"
            r"(?=[\d.]{11,15}(?![\d.]*\d))\d{1,3}(?:\.\d{1,3}){3}(?!\w)"
        ),
        where(_is_reachable),
    ),
    Pattern(
        Kind.IP_ADDRESS,
        re.compile(r"(?<![\w:])(?:[0-9a-fA-F]{0,4}:){2,7}[0-9a-fA-F]{1,4}(?![\w:])"),
        where(_is_reachable),
    ),
    PhoneNumbers(),
    # Without its 0 a mobile number is nine digits like any other: a word must announce it.
    Pattern(
        Kind.PHONE,
        re.compile(
            r"(?i:\b(?:bel|tel|telefoon|telefoonnummer|mobiel|mobiele nummer|06-nummer|whatsapp|app)\b)"
            r"\D{0,12}(6(?:[ -]?\d){8})(?!\w)"
        ),
    ),
)
