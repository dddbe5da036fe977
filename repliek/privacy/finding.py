"""Every kind of personal data in a text, each place once, and the text without them."""

from __future__ import annotations

import re

from repliek.privacy import addresses, announced, contact, names, numbers, plates
from repliek.privacy.spans import Finder, PersonalData

MAX_CHARS = 100_000
"""Longer texts are read up to here, so that a hostile one costs a moment and no more."""

# In this order: where two overlap, the earlier one names the span.
_WITH_DIGITS: tuple[Finder, ...] = (
    *numbers.FINDERS,
    *announced.FINDERS,
    *plates.FINDERS,
    *addresses.FINDERS,
    *contact.WITH_DIGITS,
)
_WITHOUT_DIGITS: tuple[Finder, ...] = (*contact.WITHOUT_DIGITS, *announced.WITHOUT_DIGITS, *names.FINDERS)
_DIGIT = re.compile(r"\d")


def find(text: str) -> list[PersonalData]:
    """Return the personal data in the first `MAX_CHARS` of `text`, in order, without overlaps."""
    text = text[:MAX_CHARS]
    taken = bytearray(len(text))
    spans: list[PersonalData] = []
    for finder in (*contact.MAIL, *(_WITH_DIGITS if _DIGIT.search(text) else ()), *_WITHOUT_DIGITS):
        for span in finder.find(text):
            if not any(taken[span.start : span.end]):
                taken[span.start : span.end] = b"\1" * (span.end - span.start)
                spans.append(span)
    return sorted(spans, key=lambda span: span.start)


def redact(text: str) -> str:
    """Return `text` with each piece of personal data replaced by its kind in brackets, such as `[EMAIL]`."""
    parts: list[str] = []
    position = 0
    for span in find(text):
        parts += [text[position : span.start], f"[{span.kind}]"]
        position = span.end
    return "".join(parts) + text[position:]
