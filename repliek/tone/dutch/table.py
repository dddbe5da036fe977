"""The Dutch table: which words are je and which are u, and how a text goes from one to the other."""

from __future__ import annotations

import re
from types import MappingProxyType

from repliek.tone.address import Breach, Rewritten
from repliek.tone.dutch import lexicon, verbs
from repliek.tone.dutch.roles import (
    Role,
    is_imperative,
    is_inverted,
    is_unknown_verb,
    opens_subordinate,
    read_je,
    read_u,
)
from repliek.tone.dutch.words import Line
from repliek.tone.register import Register

_JE_WORDS = lexicon.word_set("alsjeblieft alstjeblieft asjeblieft dankjewel je jezelf jij jijzelf jou jouw jouwe")
_U_WORDS = lexicon.word_set("alstublieft dankuwel u uw uwe uzelf")
_FIXED_PAIRS = MappingProxyType({"jezelf": "uzelf", "alsjeblieft": "alstublieft", "dankjewel": "dankuwel"})
_TO_U = MappingProxyType(
    {
        **_FIXED_PAIRS,
        "jij": "u",
        "jijzelf": "uzelf",
        "jou": "u",
        "jouw": "uw",
        "jouwe": "uwe",
        "asjeblieft": "alstublieft",
    }
)
_TO_JE = MappingProxyType({u: je for je, u in _FIXED_PAIRS.items()})
_AUXILIARIES = frozenset({"ben", "heb", "kun", "zul", "wil", "kan", "zal"})
# Words of the third person that go with u as well.
_ITSELF = MappingProxyType({"zich": "je", "zichzelf": "jezelf"})


class _Edits:
    """Replacements of whole words, gathered before any is made so that every rule reads the text as it came."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._new: dict[int, str] = {}
        self.doubts: list[str] = []

    def put(self, at: int, new: str) -> None:
        """Write `new` for the word at `at`, in capitals where that had them."""
        self._new[at] = _in_capitals_of(self._line, at, new)

    def doubt(self, at: int, why: str) -> None:
        """Note that an agent should look at the sentence around `at`."""
        self.doubts.append(f"{self._line.sentence(at)} [{self._line.words[at].text}: {why}]")

    def made(self) -> Rewritten:
        """The text with every replacement in place."""
        parts: list[str] = []
        end = 0
        for at, new in sorted(self._new.items()):
            word = self._line.words[at]
            parts += [self._line.text[end : word.start], new]
            end = word.end
        return Rewritten("".join([*parts, self._line.text[end:]]), tuple(self.doubts))


class DutchTable:
    """Je and u."""

    def breaches(self, text: str, register: Register) -> tuple[Breach, ...]:
        """Name every sentence that uses the other register than `register`, with the words that do."""
        line = Line.read(text)
        wrong = _U_WORDS if register is Register.JE else _JE_WORDS
        found: dict[int, list[int]] = {}
        for at, word in enumerate(line.words):
            if not word.fixed and word.lower in wrong and (word.lower != "u" or _is_address(line, at)):
                found.setdefault(word.sentence, []).append(at)
        return tuple(
            Breach(line.sentence(places[0]), tuple(line.words[at].text for at in places)) for places in found.values()
        )

    def rewrite(self, text: str, register: Register) -> Rewritten:
        """Write `text` in `register`; quotations, links, addresses and slots stay as they are."""
        line = Line.read(text)
        edits = _Edits(line)
        if register is Register.JE:
            _towards_je(line, edits)
        else:
            _towards_u(line, edits)
        return edits.made()


def _in_capitals_of(line: Line, at: int, new: str) -> str:
    """Give `new` the capitals of the word at `at`; the U of respect inside a sentence has none to hand on."""
    old = line.words[at].text
    if old.isupper() and (len(old) > 1 or _shouts(line, at)):
        return new.upper()
    if old[0].isupper() and (
        (len(old) > 1 and old.lower() not in _U_WORDS) or line.opens_sentence(at) or _opens_quoted(line, at)
    ):
        return new[0].upper() + new[1:]
    return new


def _opens_quoted(line: Line, at: int) -> bool:
    return bool(re.search(r"[:(\"“‘…>*]\s*$", line.text[: line.words[at].start]))


def _shouts(line: Line, at: int) -> bool:
    """Whether the words around stand in capitals, so that a lone U says nothing by being one."""
    near = line.words[max(0, at - 1) : at] + line.words[at + 1 : at + 2]
    return bool(near) and all(word.text.isupper() and len(word.text) > 1 for word in near)


def _is_address(line: Line, at: int) -> bool:
    """Whether the u at `at` is a person, not an hour (`1 u 10`) or a part of a code."""
    return not (at and re.fullmatch(r"\d[\d.,:]*", line.lowered[at - 1]) and line.before(at))


# u to je


def _towards_je(line: Line, edits: _Edits) -> None:
    for at, word in enumerate(line.words):
        if word.fixed:
            continue
        if word.lower == "u" and _is_address(line, at):
            _u_to_je(line, at, edits)
        elif word.lower == "uw":
            edits.put(at, "je" if line.after(at) or word.text == "Uw" else "jouw")
        elif word.lower == "uwe":
            edits.put(at, "jouwe" if line.before(at) in {"de", "het"} else "je")
        elif word.lower in _TO_JE:
            edits.put(at, _TO_JE[word.lower])


def _u_to_je(line: Line, at: int, edits: _Edits) -> None:
    reading = read_u(line, at)
    if reading.role is not Role.SUBJECT:
        edits.put(at, "jou" if _is_stressed(line, at) else "je")
        if not reading.sure:
            edits.doubt(at, "may be who acts or who is meant")
        return
    if not reading.sure:
        edits.doubt(at, "may be who acts or who is meant")
    edits.put(at, "jij" if _is_stressed(line, at) else "je")
    before, after = line.before(at), line.after(at)
    inverted = (
        bool(before)
        and not opens_subordinate(line, at)
        and before not in lexicon.COORDINATORS | lexicon.ADVERBS - {"laat", "haast"}
    )
    if inverted and not line.words[at - 1].fixed:
        if before.endswith("t") or before in {"is", "kan", "zal"}:
            edits.put(at - 1, verbs.before_je(before))
    elif after == "is":
        edits.put(at + 1, "bent")
    _agree_with_je(line, at, edits)
    for place in line.clause(at):
        if place > at and line.lowered[place] in _ITSELF and not _has_other_subject(line, at, place):
            edits.put(place, _ITSELF[line.lowered[place]])


def _agree_with_je(line: Line, at: int, edits: _Edits) -> None:
    """`u heeft`, `als u hulp nodig heeft`, `u belt en heeft`: heeft is hebt with je, wherever its clause puts it."""
    if line.before(at) == "heeft":
        return
    for place in line.clause(at):
        if place <= at or line.lowered[place] != "heeft":
            continue
        if not _has_other_subject(line, at, place) and line.after(place) != "u":
            edits.put(place, "hebt")
        return


def _has_other_subject(line: Line, at: int, place: int) -> bool:
    """Whether somebody else acts between the address at `at` and the word at `place`."""
    others = lexicon.SUBJECT_PRONOUNS | lexicon.CONJUNCTIONS - {"nu", "voor", "tot"} | {"die", "wat"}
    return not others.isdisjoint(line.lowered[at + 1 : place])


def _is_stressed(line: Line, at: int) -> bool:
    """Whether je would be too weak here: `en u?`, `zoals u`, `bij u`, `u en uw hond`."""
    before, after = line.before(at), line.after(at)
    if after in {"en", "ook", "wel", "niet", "beiden"} and not line.after(at, 2 if after != "en" else 9) and not before:
        return True
    if after in {"ook"} and not before:
        return True
    if after == "en" and line.after(at, 2) in {"uw", "ik", "wij"}:
        return True
    if not after and (
        before in {"en", "als", "zoals", "dan", "maar", "of", "bij", "van", "met", "voor", "aan"} or not before
    ):
        return True
    return before == "bij"


# je to u


def _towards_u(line: Line, edits: _Edits) -> None:
    for at, word in enumerate(line.words):
        if word.fixed:
            continue
        if word.lower == "je":
            _je_to_u(line, at, edits)
        elif word.lower == "jullie":
            _jullie_to_u(line, at, edits)
        elif word.lower in _TO_U:
            edits.put(at, _TO_U[word.lower])
            if word.lower == "jij":
                _agree_with_u(line, at, edits)


def _je_to_u(line: Line, at: int, edits: _Edits) -> None:
    reading = read_je(line, at)
    if not reading.sure:
        edits.doubt(at, "may be who acts or whose it is")
    if reading.role is Role.POSSESSIVE:
        edits.put(at, "uw")
    elif reading.role is Role.REFLEXIVE:
        edits.put(at, "zich")
    else:
        edits.put(at, "u")
    if reading.role is Role.SUBJECT:
        _agree_with_u(line, at, edits)


def _agree_with_u(line: Line, at: int, edits: _Edits) -> None:
    before, after = line.before(at), line.after(at)
    subordinate = opens_subordinate(line, at) and before not in {"weet", "laat"}
    if (
        not subordinate
        and before
        and not line.words[at - 1].fixed
        and (before in _AUXILIARIES or is_inverted(line, at))
    ):
        edits.put(at - 1, verbs.before_u(before))
        if not verbs.is_stem(before) and is_unknown_verb(line, at):
            edits.doubt(at - 1, "taken for the verb")
    if after in {"wil", "kan", "zal"} and not is_imperative(line, at):
        edits.put(at + 1, verbs.before_u(after))
        return
    for place in line.clause(at):
        if subordinate and place > at and line.lowered[place] == "wil" and not _has_other_subject(line, at, place):
            edits.put(place, "wilt")


def _jullie_to_u(line: Line, at: int, edits: _Edits) -> None:
    """Jullie is the customers where the company speaks, as we or ons; otherwise it may be the company itself."""
    if not set(line.lowered) & {"we", "wij", "ons", "onze"}:
        edits.doubt(at, "may be the customers or the company; left as it is")
        return
    before, after = line.before(at), line.after(at)
    verbs_around = ((at - 1, before), (at + 1, after)) if line.before(at, 2) not in lexicon.SUBJECT_PRONOUNS else ()
    for place, verb in verbs_around:
        new = verbs.singular(verb) if verb and verbs.is_plural(verb) else None
        if new and not line.words[place].fixed:
            edits.put(place, new)
            edits.put(at, "u")
            return
    edits.put(at, "uw" if after and after not in lexicon.PREPOSITIONS | lexicon.ADVERBS | lexicon.DETERMINERS else "u")
    edits.doubt(at, "taken for the customers")
