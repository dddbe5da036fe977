"""No number, address or name that stands in no answer: what a customer reads in black and white must be true."""

from __future__ import annotations

import re

from repliek.tone.prose import plain, words_of
from repliek.tone.rules.draft import Draft
from repliek.tone.rules.quantities import numbers_in, phones_in
from repliek.tone.rules.rule import Severity
from repliek.tone.rules.vocabulary import COMMON_CAPITALS

_ADDRESS = re.compile(
    r"(?<![\w@./-])(?:(?:https?://|www\.)[^\s<>\"]++|[\w.+-]{1,64}@[\w-]++(?:\.[\w-]++)++"
    r"|[\w-]++(?:\.[\w-]++){0,5}\.(?:nl|com|be|net|org|eu|info|io|frl|example)\b(?:/[^\s<>\"]*+)?)",
    re.IGNORECASE,
)
_SCHEME = re.compile(r"^(?:https?://)?(?:www\.)?")
# Within a sentence: behind a word or a comma, or the second of two capitals.
_NAME = re.compile(r"(?<=[\w,;&’'] )[\"'(‘“]?([A-ZÀ-Þ][\w’'-]*+)|\^([A-Za-z]{1,4})\b")
_ENDING = re.compile(r"(?:['’]s|s|en|['’])$")


class InventedNumber:
    """Amounts, percentages, times, dates and phone numbers come from the answers, or are said back to the customer.

    `twee dagen` and `2 dagen` are the same; so are `22:00` and `22.00`. A phone number is never taken from the
    customer: who calls it would not reach the brand.
    """

    name = "invented_number"
    severity = Severity.ERROR

    def check(self, draft: Draft) -> str | None:
        text = without_addresses(draft.added.plain)
        found = numbers_in(text)
        if found and (invented := sorted(found - numbers_in(plain(draft.grounds)))):
            return f"stands in no answer: {', '.join(invented)}"
        phones = phones_in(text)
        if phones - phones_in(draft.own):
            return "a phone number that is not the brand's"
        return None


class InventedAddress:
    """Links and mail addresses come from the answers and the brand, never from the customer: theirs may be phishing."""

    name = "invented_address"
    severity = Severity.ERROR

    def check(self, draft: Draft) -> str | None:
        text = "\n".join(draft.added.sentences)
        found = addresses_in(text)
        if not found or not (invented := found - addresses_in(draft.own)):
            return None
        told = sorted(invented - addresses_in("\n".join(draft.said)))
        return f"stands in no answer: {', '.join(told) or 'what the customer gave'}"


class InventedName:
    """Persons, products, places and initials come from the answers, from what is known, or are said back.

    A name is a word with a capital that does not begin its sentence, so one that does goes unseen.
    """

    name = "invented_name"
    severity = Severity.ERROR

    def check(self, draft: Draft) -> str | None:
        found = [name for sentence in draft.added.sentences for name in names_in(sentence)]
        if not found:
            return None
        missing = _missing(found, "\n".join(draft.known))
        if missing and (invented := _missing(missing, draft.grounds)):
            return f"stands in no answer: {', '.join(dict.fromkeys(invented))}"
        return None


def names_in(sentence: str) -> list[str]:
    """Return the words of a sentence that may name a person, a product or a place, and the initials behind `^`."""
    return [name for match in _NAME.finditer(sentence) if (name := match[1] or match[2]).lower() not in COMMON_CAPITALS]


def without_addresses(text: str) -> str:
    """Return `text` with a blank for every link and mail address: a figure in one is none."""
    return _ADDRESS.sub(" ", text) if "." in text else text


def addresses_in(text: str) -> frozenset[str]:
    """Return the links and mail addresses of a text, in lower case and without `https://www.`."""
    if "." not in text:
        return frozenset()
    return frozenset(_SCHEME.sub("", match[0].lower()).rstrip(".,;:!?)/'") for match in _ADDRESS.finditer(text))


def _missing(names: list[str], grounds: str) -> list[str]:
    """Return the names that `grounds` does not hold, in any case or number, as a whole or part by part."""
    words = frozenset(words_of(plain(grounds)))
    stems = frozenset(_ENDING.sub("", word) for word in words)
    return [
        name
        for name in names
        if name.lower() not in words
        and not all(
            part.islower() or _ENDING.sub("", part.lower()) in stems | COMMON_CAPITALS
            for part in re.split(r"['’-]", name)
            if part
        )
    ]
