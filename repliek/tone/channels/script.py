"""A reply that is said instead of read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from repliek.tone.channels.sentences import sentences
from repliek.tone.channels.weighing import EMOJI

_SIGNATURE = re.compile(r"(?:\A|(?<!\s)\s+)\^\S{1,10}\s*\Z")
_PROTOCOL = re.compile(r"https?://(?:www\.)?", re.IGNORECASE)
_LIST_MARK = re.compile(r"\A(?:\d{1,2}[.)]|[-*•–])\s+")


def as_script(text: str) -> str:
    """Return `text` as points to say on the phone: one sentence a line, a question with what follows, behind "- ".

    What cannot be said is left out: emoji, initials as a signature, and the https:// of a link.
    """
    spoken = _PROTOCOL.sub("", EMOJI.sub("", _SIGNATURE.sub("", text)))
    points = (" ".join(_LIST_MARK.sub("", sentence).split()) for sentence in sentences(spoken))
    said = (point for point in points if any(character.isalnum() for character in point))
    return "\n".join(f"- {point}" for point in _joined(said))


def _joined(points: Iterable[str]) -> Iterator[str]:
    """Yield each point, a question together with the one behind it: "Niets gezien? Kijk bij de spam."."""
    asked = ""
    for point in points:
        if point.endswith("?") and not asked:
            asked = point
        else:
            yield f"{asked} {point}".lstrip()
            asked = ""
    if asked:
        yield asked
