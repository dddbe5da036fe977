"""How a customer is named in a greeting: what a helpdesk knows of a name is not always a name that can be said."""

from __future__ import annotations

import re
import unicodedata
from itertools import takewhile

MAX_CHARS = 40
"""Longer ones are no name, or one that nobody says in a greeting."""

_TITLES = {
    **dict.fromkeys(("dhr", "dhr.", "heer", "hr.", "meneer", "mijnheer", "de heer"), "meneer"),
    **dict.fromkeys(("mevr", "mevr.", "mw", "mw.", "mevrouw"), "mevrouw"),
    **dict.fromkeys(("fam", "fam.", "familie"), "familie"),
    **dict.fromkeys(("mr", "mr."), "Mr"),
    **dict.fromkeys(("mrs", "mrs."), "Mrs"),
    **dict.fromkeys(("ms", "ms."), "Ms"),
}
_PARTICLES = frozenset(
    {"van", "de", "den", "der", "het", "'t", "’t", "ten", "ter", "te", "el", "al", "von", "la", "le"}
)
# What stands in the field where nobody's name is known.
_NOBODY = frozenset({
    "admin", "anoniem", "anonymous", "bv", "customer", "facebook", "gast", "gebruiker", "geen", "guest", "instagram",
    "klant", "naam", "name", "no", "nobody", "none", "null", "nv", "nvt", "onbekend", "test", "twitter", "undefined",
    "unknown", "user", "vof", "voornaam", "whatsapp",
})  # fmt: skip
_INITIAL = re.compile(r"(?:[^\W\d_]\.-?)+|[^\W\d_]")
_WORD = re.compile(r"['’]?(?!\d|_)[^\W\d_](?:[^\W\d_]|['’.-](?=[^\W\d_]))*")
_VARIANT = re.compile("[\ufe00-\ufe0f]")
"""Says that the character before it is to be drawn as an emoji."""
_VOWEL = re.compile(r"[aeiouyáéíóúàèëïöüâêôåæø]", re.IGNORECASE)


def greeting_name(raw: str) -> str | None:
    """Return the name by which to greet, or `None` where none can be said and the greeting does without.

    Emoji and what cannot be seen are taken off. "JAN" and "jan" become "Jan"; of "Eric van den Berg" the first name
    is said, and of "dhr. J. de Vries" the rest: "meneer De Vries". Initials alone, user names, addresses, markup,
    figures, writing from right to left and words such as "klant" are no name.
    """
    text = " ".join(_seen(raw).split()).strip(" ,;!?")
    if not text or len(text) > MAX_CHARS or _runs_from_right_to_left(text):
        return None
    title, words = _title_and_words(text.split())
    if not words or not all(_WORD.fullmatch(word) or _INITIAL.fullmatch(word) for word in words):
        return None
    name = _surname(words) if title else _first_name(words)
    if name is None or name.casefold() in _NOBODY:
        return None
    return f"{title} {name}" if title else name


def _seen(raw: str) -> str:
    """Take off emoji and other signs, and what has no width."""
    text = unicodedata.normalize("NFKC", raw)
    seen = _VARIANT.sub("", text)
    return "".join(char for char in seen if unicodedata.category(char) not in {"Cf", "So", "Sk", "Me", "Cs", "Co"})


def _runs_from_right_to_left(text: str) -> bool:
    return any(unicodedata.bidirectional(char) in {"R", "AL", "AN"} for char in text)


def _title_and_words(words: list[str]) -> tuple[str | None, list[str]]:
    for count in (2, 1):
        title = _TITLES.get(" ".join(words[:count]).lower())
        if title:
            return title, words[count:]
    return None, words


def _first_name(words: list[str]) -> str | None:
    """Return what stands before the surname: two words may both be first names, a third is none."""
    first = list(takewhile(lambda word: word.lower() not in _PARTICLES, words))
    said = first if len(first) <= 2 else first[:1]
    if not said or any(_INITIAL.fullmatch(word) for word in said) or any(word.casefold() in _NOBODY for word in said):
        return None
    cased = [_cased(word) for word in said]
    return None if None in cased else " ".join(word for word in cased if word)


def _surname(words: list[str]) -> str | None:
    """Return the surname, with a capital: after "meneer" the particle begins the name."""
    names = list(words)
    while len(names) > 1 and _INITIAL.fullmatch(names[0]):
        names.pop(0)
    at = next((at for at, word in enumerate(names) if word.lower().rpartition("-")[2] in _PARTICLES), len(names) - 1)
    particles = list(takewhile(lambda word: word.lower() in _PARTICLES, names[at:]))
    rest = [_cased(word) for word in names[at + len(particles) :]]
    if not rest or None in rest or any(_INITIAL.fullmatch(word) for word in names):
        return None
    surname = " ".join([word.lower() for word in particles] + [word for word in rest if word])
    return surname[:1].upper() + surname[1:]


def _cased(word: str) -> str | None:
    """Return `word` as a name is written; capitals alone without a vowel are an abbreviation."""
    if len(word) > 2 and word.isupper():
        return _capitalised(word) if _VOWEL.search(word) else None
    return _capitalised(word) if word.islower() else word


def _capitalised(word: str) -> str:
    parts = word.lower().split("-")
    return "-".join(f"IJ{part[2:]}" if part.startswith("ij") else part[:1].upper() + part[1:] for part in parts)
