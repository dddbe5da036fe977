"""Where a text can be cut without hurting it: behind a sentence, or at the end of a line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from repliek.tone.stretches import stretch_at

_SMILES = r"[\u2190-\u2bff\ufe0f\u200d\U0001f000-\U0001faff]"
# Cut only before something that can begin a sentence: "o.a. bij ons" goes on, whatever the full stops.
_BREAK = re.compile(rf"(?<=[.!?…])[\"'”’)»\]]*+(?:[^\S\n]?{_SMILES}++)*+(\s++)(?![a-zà-ÿ])|(?<![^\S\n])[^\S\n]*+\n\s*+")

_ENDED = re.compile(rf"[.!?…][\"'”’)»\]]*(?:[^\S\n]?{_SMILES}+)*\Z")

# Behind an abbreviation or the number of an item a full stop ends no sentence, though a capital may follow. A lone "u"
# is the customer: "we horen graag van u."
_ENDS_NOTHING = re.compile(
    r"(?<![\w.])(?:(?:[a-z]\.){1,3}[a-z]|[a-tv-z]|art|bijv|blz|bv|ca|dhr|drs?|evt|fam|incl|excl|ing|max|mevr|min|mrs?|ms|mw|nrs?"
    r"|prof|resp|tel|vgl)\.\Z|(?:\A|[.!?…:\n]\s*)\d{1,2}\.\Z",
    re.IGNORECASE,
)
_LOOKED_BACK = 10

# What is quoted or stands in brackets stays whole; an apostrophe within a word opens nothing.
_WHOLE = re.compile(
    r"“[^”]{0,600}”|\"[^\"]{0,600}\"|‘[^’]{0,600}’|«[^»]{0,600}»|\([^()]{0,600}\)|(?<!\w)'[^'\n]{1,600}'(?!\w)"
)
_ANNOUNCING = (",", ":", ";")


def ends_sentence(text: str) -> bool:
    """Tell whether another sentence can follow `text` on its line: not behind a bare link, a name or an opening."""
    return bool(_ENDED.search(text))


def sentences(text: str) -> tuple[str, ...]:
    """Return the sentences and lines of `text`, each without the white space around it, none empty."""
    places = [0, *(found.end() for found in _breaks(text)), len(text)]
    return tuple(piece for start, end in pairwise(places) if (piece := text[start:end].strip()))


def cuts(text: str) -> tuple[int, ...]:
    """Return where `text` may be cut: the places at which a sentence or a line begins, in order, the first excepted.

    A greeting stays with what it greets before, a line that ends in a colon with what it announces, and a signature
    (^EK) with the last sentence.
    """
    return tuple(
        found.end()
        for found in _breaks(text)
        if not text[: found.start()].rstrip().endswith(_ANNOUNCING) and not text.startswith("^", found.end())
    )


def _breaks(text: str) -> Iterator[re.Match[str]]:
    """Yield the white space between two sentences or lines, not that within quotation marks or brackets.

    Links and numbers hold no white space, so nothing breaks them.
    """
    whole = [quoted.span() for quoted in _WHOLE.finditer(text)]
    begin, end = len(text) - len(text.lstrip()), len(text.rstrip())
    for found in _BREAK.finditer(text):
        before = text[max(0, found.start() - _LOOKED_BACK) : found.start()]
        held = stretch_at(whole, found.start())
        if (
            begin < found.start()
            and found.end() < end
            and not (found[1] and _ENDS_NOTHING.search(before))
            and not (held and held[0] < found.start() and found.end() < held[1])
        ):
            yield found
