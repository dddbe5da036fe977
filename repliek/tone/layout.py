"""How the parts of a reply stand on a channel, and what gives way where there is no room."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from repliek.brand import Brand
from repliek.conversation import Channel
from repliek.tone.channels import FORMATS, Length, Shape, as_script, ends_sentence, measure, split
from repliek.tone.phrases import Part
from repliek.tone.plan import Segment

DISPENSABLE = (Part.CLOSING, Part.NEXT_STEP, Part.GREETING, Part.RECOGNITION, Part.REMOVAL)
"""What may be left out where a channel has no room, the least important first."""


@dataclass(frozen=True, slots=True)
class Laid:
    """A reply as a channel takes it.

    Attributes:
        parts: that found room, in reading order.
        text: all of it in one piece.
        posts: the text, or several that are numbered.
        length: used and allowed, in the channel's own units; of several posts, that of the longest.
    """

    parts: tuple[Segment, ...]
    text: str
    posts: tuple[str, ...]
    length: Length


class Layout:
    """Lays replies out in the way of one brand."""

    def __init__(self, brand: Brand) -> None:
        self._brand = brand

    def lay(self, parts: Sequence[Segment], channel: Channel, language: str) -> Laid:
        """Leave out what is optional, then spread over posts where the brand allows it, until the channel takes it.

        Answers are never shortened, so it may still be too long.
        """
        text = self._text(parts, channel, language)
        length = measure(text, channel)
        if length.fits:
            return Laid(tuple(parts), text, (text,), length)
        parts = self._fitting(parts, channel, language)
        text = self._text(parts, channel, language)
        posts = split(text, channel, self._brand.posts_on(channel)) or (text,)
        length = max((measure(post, channel) for post in posts), key=lambda one: one.used)
        return Laid(tuple(parts), text, posts, length)

    def _fitting(self, parts: Sequence[Segment], channel: Channel, language: str) -> Sequence[Segment]:
        """Return what must be said, with as much of the rest as finds room, the most important part first."""
        kept = {one.part for one in parts} - {*DISPENSABLE}
        for part in reversed(DISPENSABLE):
            more = [one for one in parts if one.part in kept | {part}]
            if measure(self._text(more, channel, language), channel).fits:
                kept.add(part)
        return [one for one in parts if one.part in kept]

    def _text(self, parts: Sequence[Segment], channel: Channel, language: str) -> str:
        greeting, signature = _words(parts, Part.GREETING), _words(parts, Part.SIGNATURE)
        body = [one.text for one in parts if one.part not in {Part.GREETING, Part.SIGNATURE}]
        shape = FORMATS[channel].shape
        if shape is Shape.MAIL:
            closing = self._brand.signature.closing.get(language, "")
            return "\n\n".join(_said((greeting, *body, "\n".join(_said((closing, signature))))))
        text = "\n".join(_said((greeting, " ".join(_said((_running(body), signature))))))
        return as_script(text) if shape is Shape.SCRIPT else text


def _words(parts: Iterable[Segment], part: Part) -> str:
    return next((one.text for one in parts if one.part is part), "")


def _said(texts: Iterable[str]) -> list[str]:
    return [text for text in texts if text]


def _running(texts: Iterable[str]) -> str:
    """Let parts follow each other on a line: not what has lines of its own, nor behind what ends no sentence."""
    lines: list[str] = []
    for text in texts:
        if lines and "\n" not in lines[-1] + text and ends_sentence(lines[-1]):
            lines[-1] += f" {text}"
        else:
            lines.append(text)
    return "\n".join(lines)
