"""Numbers, however they are written: `twee`, `2`, `2e`, `22:00` and `22.00`, `1.000` and `1000`."""

from __future__ import annotations

import re
from types import MappingProxyType

_DUTCH = (
    "nul een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien zeventien "
    "achttien negentien"
)
_DUTCH_TENS = "twintig dertig veertig vijftig zestig zeventig tachtig negentig"
_ENGLISH = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_ENGLISH_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"


def _number_words() -> dict[str, str]:
    found: dict[str, str] = {"honderd": "100", "hundred": "100", "duizend": "1000", "thousand": "1000"}
    found |= {"anderhalf": "1.5", "anderhalve": "1.5", "één": "1"}
    for units, tens in ((_DUTCH, _DUTCH_TENS), (_ENGLISH, _ENGLISH_TENS)):
        names = units.split()
        found |= {name: str(number) for number, name in enumerate(names)}
        for ten, name in enumerate(tens.split(), start=2):
            found[name] = str(ten * 10)
            for unit in range(1, 10):
                joined = (
                    f"{names[unit]}{'ën' if names[unit].endswith('e') else 'en'}{name}"
                    if units is _DUTCH
                    else f"{name}-{names[unit]}"
                )
                found[joined] = str(ten * 10 + unit)
    return found


NUMBER_WORDS = MappingProxyType(_number_words())
"""Dutch and English numbers below a hundred, and a few beyond, in digits."""

# "Een" is an article, and "one thing" or "in één keer" counts nothing.
_COUNT_NOTHING = frozenset({"een", "één", "one", "zero", "nul"})
_COUNTING_WORDS = frozenset(NUMBER_WORDS) - _COUNT_NOTHING
_DIGITS = re.compile(r"\d++(?:[.,:]\d++)*+")
_THOUSANDS = re.compile(r"\d{1,3}(?:[.,]\d{3})++")
_PHONE = re.compile(r"(?<![\w.,])(?:\+|\(?0)\d?(?:[ ()/-]{0,2}\d){7,16}+(?!\w)")
_POST = re.compile(r"(?:^|(?<=\n))\(?\d{1,2}/\d{1,2}\)?(?=\s|$)|(?<= )\(?\d{1,2}/\d{1,2}\)?(?=\n|$)")
# "Die twee" and "je drie nummers" count what was spoken of before.
_DEFINITE = re.compile(
    r"\b(?:die|deze|de|het|je|uw|jouw|onze|alle|welke|those|these|your|the|of|all|both|which) ([^\W\d_]++)"
)
_WORDS = re.compile(r"[^\W\d_]++(?:-[^\W\d_]++)*+")


def numbers_in(plain: str) -> frozenset[str]:
    """Return the numbers in plain text, each in one spelling; phone numbers apart, and those that count posts not."""
    digits = _PHONE.sub(" ", _POST.sub(" ", plain))
    found = {_spelled(match[0]) for match in _DIGITS.finditer(digits)}
    words = _COUNTING_WORDS.intersection(_WORDS.findall(plain))
    if words:
        words = _COUNTING_WORDS.intersection(_WORDS.findall(_DEFINITE.sub(" ", plain)))
    return frozenset(found | {NUMBER_WORDS[word] for word in words})


def phones_in(text: str) -> frozenset[str]:
    """Return the digits of everything that may be a phone number."""
    return frozenset("".join(filter(str.isdigit, match[0])) for match in _PHONE.finditer(text))


def in_digits(plain: str) -> str:
    """Return plain text with digits for every number word but the article."""
    return _WORDS.sub(lambda word: NUMBER_WORDS.get(word[0], word[0]) if word[0] != "een" else "een", plain)


def _spelled(digits: str) -> str:
    """Return one spelling: `1.000` is 1000, `12,50` and `12.50` are 12.5, `22:00` is 22."""
    if _THOUSANDS.fullmatch(digits):
        return re.sub(r"\D", "", digits)
    whole, mark, rest = digits.replace(":", ".").replace(",", ".").partition(".")
    rest = rest.rstrip("0") if "." not in rest else rest
    return f"{whole}{mark}{rest}" if rest else whole
