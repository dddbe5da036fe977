"""Who is greeted and who signs: what a helpdesk knows of a name is not always a name that can be said."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from enum import Enum, auto
from itertools import dropwhile, takewhile

MAX_CHARS = 40
"""Longer ones are no name, or one that nobody says in a greeting."""


class _Title(Enum):
    MISTER, MADAM, MRS, FAMILY = auto(), auto(), auto(), auto()


_TITLES = {
    **dict.fromkeys(("dhr", "dhr.", "heer", "hr.", "meneer", "mijnheer", "de heer", "mr", "mr."), _Title.MISTER),
    **dict.fromkeys(("mevr", "mevr.", "mw", "mw.", "mevrouw", "ms", "ms."), _Title.MADAM),
    **dict.fromkeys(("mrs", "mrs."), _Title.MRS),
    **dict.fromkeys(("fam", "fam.", "familie"), _Title.FAMILY),
}
_ADDRESSED: Mapping[str, Mapping[_Title, str]] = {
    "nl": {
        _Title.MISTER: "meneer {}",
        _Title.MADAM: "mevrouw {}",
        _Title.MRS: "mevrouw {}",
        _Title.FAMILY: "familie {}",
    },
    "en": {_Title.MISTER: "Mr {}", _Title.MADAM: "Ms {}", _Title.MRS: "Mrs {}", _Title.FAMILY: "{} family"},
}
"""How somebody with a title is addressed, by ISO 639-1 code."""
_PARTICLES = frozenset(
    {"van", "de", "den", "der", "het", "'t", "’t", "ten", "ter", "te", "el", "al", "von", "la", "le"}
)
# What stands in the field where nobody's name is known.
_NOBODY = frozenset({
    "admin", "anoniem", "anonymous", "bv", "customer", "facebook", "gast", "gebruiker", "geen", "guest", "instagram",
    "klant", "naam", "name", "no", "nobody", "none", "null", "nv", "nvt", "onbekend", "test", "twitter", "undefined",
    "unknown", "user", "vof", "voornaam", "whatsapp",
})  # fmt: skip
# Names and initials, too, but they are read as je or u.
_PRONOUNS = frozenset({"ge", "gij", "je", "jij", "jou", "jouw", "jullie", "u", "uw"})
_INITIAL = re.compile(r"(?:\w\.-?)+|\w")
_SIGNS = re.compile(r"(?=.{1,10}\Z)[^\W\d_]+(?:[.'’-][^\W\d_]+)*(?:\.|\d{1,2})?")
"""Initials, or a short name; two agents may share them: EK2."""
_WORD = re.compile(r"['’]?\w(?:\w|['’.-](?=\w))*")
_VARIANT = re.compile("[\ufe00-\ufe0f]")
"""Says that the character before it is to be drawn as an emoji."""
_VOWEL = re.compile(r"[aeiouyáéíóúàèëïöüâêôåæø]", re.IGNORECASE)


def first_name(raw: str) -> str | None:
    """Return the first name by which to greet, or `None` where none can be said and the greeting does without.

    Emoji and what cannot be seen are taken off. "JAN" and "jan" become "Jan"; of "Eric van den Berg" the first name
    is said. Who is named by a title has no first name; `formal_name` says theirs. Initials alone, user names,
    addresses, markup, figures, writing from right to left and words such as "klant" are no name.
    """
    title, words = _read(raw)
    return None if title else _first_name(words)


def formal_name(raw: str, language: str) -> str | None:
    """Return title and surname in `language`, or `None` without a title: of "dhr. J. de Vries" "meneer De Vries"."""
    title, words = _read(raw)
    surname = _surname(words) if title else None
    said = _ADDRESSED.get(language)
    return said[title].format(surname) if title and surname and said else None


def _read(raw: str) -> tuple[_Title | None, list[str]]:
    """Return the title, if any, and the words of what can be a name; no words of what can be none."""
    text = " ".join(_seen(raw).split()).strip(" ,;!?")
    if len(text) > MAX_CHARS or not all(map(_may_stand_in_a_name, text)):
        return None, []
    title, words = _title_and_words(text.split())
    readable = all(_WORD.fullmatch(word) or _INITIAL.fullmatch(word) for word in words)
    return title, words if readable else []


def signing_initials(raw: str) -> str | None:
    """Return the initials by which to sign, or `None` where none can be read and nobody signs.

    Emoji, what cannot be seen and a caret in front are taken off, and "E K" becomes "EK". Whole names, addresses,
    markup and writing from right to left are no initials. Those that read as je or u are put in capitals.
    """
    words = _seen(raw).strip().lstrip("^").split()
    if len(words) > 1 and not all(map(_INITIAL.fullmatch, words)):
        return None
    initials = "".join(words)
    if not _SIGNS.fullmatch(initials) or _runs_leftward(initials):
        return None
    return initials.upper() if initials.lower() in _PRONOUNS else initials


def _seen(raw: str) -> str:
    """Take off emoji and other signs, and what has no width."""
    text = unicodedata.normalize("NFKC", raw)
    seen = _VARIANT.sub("", text)
    return "".join(char for char in seen if unicodedata.category(char) not in {"Cf", "So", "Sk", "Me", "Cs", "Co"})


def _may_stand_in_a_name(char: str) -> bool:
    return char in " .'’-" or (char.isalpha() and not _runs_leftward(char))


def _runs_leftward(text: str) -> bool:
    return any(unicodedata.bidirectional(char) in {"R", "AL"} for char in text)


def _title_and_words(words: list[str]) -> tuple[_Title | None, list[str]]:
    for count in (2, 1):
        title = _TITLES.get(" ".join(words[:count]).lower())
        if title:
            return title, words[count:]
    return None, words


def _first_name(words: list[str]) -> str | None:
    """Return what stands before the surname: two words may both be first names, a third is none."""
    first = list(takewhile(lambda word: word.lower() not in _PARTICLES, words))
    said = first if len(first) <= 2 else first[:1]
    return " ".join(map(_cased, said)) if said and all(map(_names_somebody, said)) else None


def _surname(words: list[str]) -> str | None:
    """Return the surname, with a capital: after "meneer" the particle begins the name."""
    names = list(dropwhile(_INITIAL.fullmatch, words))
    at = next((at for at, word in enumerate(names) if word.lower().rpartition("-")[2] in _PARTICLES), len(names) - 1)
    particles = list(takewhile(lambda word: word.lower() in _PARTICLES, names[at:]))
    rest = names[at + len(particles) :]
    if not rest or not all(map(_names_somebody, rest)):
        return None
    surname = " ".join([word.lower() for word in particles] + [_cased(word) for word in rest])
    return surname[:1].upper() + surname[1:]


def _names_somebody(word: str) -> bool:
    """Tell a name from initials, from what stands where there is no name, and from an abbreviation."""
    abbreviation = (word.isupper() or word.islower()) and len(word) > 2 and not _VOWEL.search(word)
    return not (abbreviation or _INITIAL.fullmatch(word) or word.casefold() in _NOBODY | _PRONOUNS)


def _cased(word: str) -> str:
    """Return `word` as a name is written; two capitals, as in AJ, are a name of their own."""
    return _capitalised(word) if word.islower() or (word.isupper() and len(word) > 2) else word


def _capitalised(word: str) -> str:
    return "-".join(map(_with_capital, word.split("-")))


def _with_capital(part: str) -> str:
    if part[:2].lower() == "ij":  # one letter in Dutch
        return "IJ" + part[2:].lower()
    return part[:1].upper() + part[1:].replace("İ", "i").lower()
