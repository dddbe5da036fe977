"""One register and one language in a text."""

from __future__ import annotations

import re

from repliek.tone.prose import words_of
from repliek.tone.register import Register
from repliek.tone.rewriting import breaches
from repliek.tone.rules.draft import Draft
from repliek.tone.rules.rule import Severity
from repliek.tone.rules.vocabulary import FUNCTION_WORDS

# A search costs a hundredth of reading every word; the table only reads texts that can break the register.
_MAY_BREAK = {
    Register.JE: re.compile(r"\b(?:u|uw|uwe|uzelf|alstublieft|dankuwel)\b", re.IGNORECASE),
    Register.U: re.compile(r"\b(?:je|jij|jou|jouwe?|jezelf|jijzelf|al?st?jeblieft|dankjewel)\b", re.IGNORECASE),
}

LEAST_WORDS = 4
"""Shorter sentences are a greeting, a name or a thank-you, which people say in any language."""

_FOREIGN = 2
_QUOTED = re.compile(r"\"[^\"\n]{1,200}\"|(?<!\w)'[^'\n]{1,200}'(?!\w)")


class WrongRegister:
    """Je or u, never both: the wrong one irritates before the content is read.

    Where the draft asks for no register, a text that uses both breaks the rule. Quotations, names, links and slots are
    left alone, as where a text is rewritten.
    """

    name = "wrong_register"
    severity = Severity.ERROR

    def check(self, draft: Draft) -> str | None:
        found = {register: _breaking(draft, register) for register in _wrong_for(draft.register)}
        if not all(found.values()):
            return None
        told = (f"not {register}: {', '.join(words)}" for register, words in found.items())
        return "; ".join(told)


class WrongLanguage:
    """A text speaks one language: a sentence whose small words are all of another one was put there by mistake.

    Function words tell Dutch from English in a hundredth of the time that an identifier of languages takes. Texts in
    other languages are not judged.
    """

    name = "wrong_language"
    severity = Severity.ERROR

    def check(self, draft: Draft) -> str | None:
        own = FUNCTION_WORDS.get(draft.language)
        if own is None:
            return None
        for language, theirs in FUNCTION_WORDS.items():
            if language == draft.language or len(theirs & draft.prose.words) < _FOREIGN:
                continue
            for place, words in enumerate(draft.prose.line_words):
                if len(words) >= LEAST_WORDS and _is_foreign(draft.prose.sentences[place], words, own, theirs):
                    return f"sentence {place + 1} is in {language}"
        return None


def _is_foreign(sentence: str, words: tuple[str, ...], own: frozenset[str], theirs: frozenset[str]) -> bool:
    """Whether the small words of a sentence are theirs; what is quoted, or named with capitals, counts for nobody."""
    if sum(word in theirs for word in words) < _FOREIGN:
        return False
    first, *others = words_of(_QUOTED.sub(" ", sentence)) or [""]
    spoken = [first.lower(), *(word for word in others if word.islower())]
    foreign = sum(word in theirs for word in spoken)
    return foreign >= _FOREIGN and foreign > 2 * sum(word in own for word in spoken)


def _wrong_for(register: Register) -> tuple[Register, ...]:
    """Return the registers whose breach is one: that which is asked for, or both at once where none is."""
    return (Register.JE, Register.U) if register is Register.NEUTRAL else (register,)


def _breaking(draft: Draft, register: Register) -> list[str]:
    if not _MAY_BREAK[register].search(draft.text):
        return []
    found = breaches(draft.text, register, draft.language)
    words = (word for breach in found for word in breach.words if not _signs(word, draft))
    return list(dict.fromkeys(map(str.lower, words)))


def _signs(word: str, draft: Draft) -> bool:
    """Whether JE are the initials of who signs."""
    return word.isupper() and word in draft.known
