"""Every kind of personal data in a text, each place once, and the text without them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from repliek.privacy import addresses, announced, contact, names, numbers, plates
from repliek.privacy.spans import Finder, Kind, Pattern, PersonalData

MAX_CHARS = 100_000
"""Longer texts are read up to here, so that a hostile one costs a moment and no more."""

# In this order: where two overlap, the earlier one names the span.
WITH_DIGITS: tuple[Finder, ...] = (
    *numbers.FINDERS,
    *announced.FINDERS,
    *plates.FINDERS,
    *addresses.FINDERS,
    *contact.WITH_DIGITS,
)
WITHOUT_DIGITS: tuple[Finder, ...] = (*contact.WITHOUT_DIGITS, *announced.WITHOUT_DIGITS, *names.FINDERS)
_DIGIT = re.compile(r"\d")


class Redactor:
    """Finds and redacts, with what is known of the brand and of its customers.

    Args:
        public: words that are nobody's name, however they are greeted, such as the brand's own ("Hoi Wadlijn,").
        names: names of persons, which are found wherever they stand.
    """

    def __init__(self, *, public: Iterable[str] = (), names: Iterable[str] = ()) -> None:
        self._public = frozenset(word.lower() for word in public)
        known = sorted(set(names) - set(public), key=lambda name: (-len(name), name))
        anywhere = rf"(?<![\w-])(?:{'|'.join(map(re.escape, known))})(?![\w-])"
        self._known: tuple[Finder, ...] = (Pattern(Kind.NAME, re.compile(anywhere)),) if known else ()

    def find(self, text: str) -> list[PersonalData]:
        """Return the personal data in the first `MAX_CHARS` of `text`, in order, without overlaps."""
        text = text[:MAX_CHARS]
        with_digits = WITH_DIGITS if _DIGIT.search(text) else ()
        taken = bytearray(len(text))
        spans: list[PersonalData] = []
        for finder in (*contact.MAIL, *with_digits, *WITHOUT_DIGITS, *self._known):
            for span in finder.find(text):
                if not any(taken[span.start : span.end]) and not self._is_public(text, span):
                    taken[span.start : span.end] = b"\1" * (span.end - span.start)
                    spans.append(span)
        return sorted(spans, key=lambda span: span.start)

    def redact(self, text: str) -> str:
        """Return `text` with each piece of personal data replaced by its kind in brackets, such as `[EMAIL]`."""
        parts: list[str] = []
        position = 0
        for span in self.find(text):
            parts += [text[position : span.start], f"[{span.kind}]"]
            position = span.end
        return "".join(parts) + text[position:]

    def _is_public(self, text: str, span: PersonalData) -> bool:
        return span.kind is Kind.NAME and text[span.start : span.end].lower() in self._public


_OF_NOBODY = Redactor()


def find(text: str) -> list[PersonalData]:
    """Return the personal data in the first `MAX_CHARS` of `text`, in order, without overlaps."""
    return _OF_NOBODY.find(text)


def redact(text: str) -> str:
    """Return `text` with each piece of personal data replaced by its kind in brackets, such as `[EMAIL]`."""
    return _OF_NOBODY.redact(text)
