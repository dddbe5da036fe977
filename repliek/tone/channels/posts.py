"""A text that is too long for one post, as numbered posts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise

from repliek.conversation import Channel
from repliek.tone.channels.formats import FORMATS, Format, Shape
from repliek.tone.channels.sentences import cuts

MAX_POSTS = 9
"""Nobody reads more of them, and up to here every number takes the same room."""

SPLITTABLE = frozenset(channel for channel, taken in FORMATS.items() if taken.shape in {Shape.POST, Shape.CHAT})
"""Where a reply may go out in parts: a mail is one mail, and a call one call."""

_SIGNATURE = re.compile(r"(?<!\s)\s+(\^\S{1,10})\Z")


def split(text: str, channel: Channel, most: int) -> tuple[str, ...] | None:
    """Cut `text` between sentences, or at the end of a line, into as few posts as hold it.

    Two or more are numbered behind their last words, "(1/2)"; a signature (^EK) stays the last word of all. Where it
    takes no more posts, a question stays with what follows it: "Lukt dat niet? Bel ons."

    Args:
        text: a reply, signed or not.
        channel: its limit holds for each post, with its number.
        most: how many posts are allowed, from 1 to `MAX_POSTS`.

    Returns:
        The posts, in order; where all of it fits into one, that one, without a number. `None` where the text cannot be
        cut so.

    Raises:
        ValueError: `most` is no such number.
    """
    if not 1 <= most <= MAX_POSTS:
        raise ValueError(f"{most} posts; expected 1 to {MAX_POSTS}")
    taken = FORMATS[channel]
    if taken.measure(text).fits:
        return (text,)
    if channel not in SPLITTABLE:
        return None
    places = cuts(text)
    behind_no_question = [place for place in places if not text[:place].rstrip().endswith("?")]
    tried = (_cut(text, taken, most, some) for some in (behind_no_question, places))
    return min((posts for posts in tried if posts), key=len, default=None)


def _cut(text: str, taken: Format, most: int, places: Sequence[int]) -> tuple[str, ...] | None:
    parts = list(islice(_parts(text, taken, places), most + 1))
    posts = tuple(_numbered(part, number, len(parts)) for number, part in enumerate(parts, 1))
    return posts if len(posts) <= most and all(taken.measure(post).fits for post in posts) else None


def _parts(text: str, taken: Format, places: Sequence[int]) -> Iterator[str]:
    """Yield parts of as many pieces as fit with a number behind them; a piece that does not fit stands by itself."""
    start = 0
    for end, further in pairwise([*places, len(text)]):
        if not taken.measure(_numbered(text[start:further], MAX_POSTS, MAX_POSTS)).fits:
            yield text[start:end]
            start = end
    yield text[start:]


def _numbered(part: str, number: int, count: int) -> str:
    signed = _SIGNATURE.search(part)
    body = part[: signed.start()] if signed else part
    return f"{body.strip()} ({number}/{count}){f' {signed[1]}' if signed else ''}"
