"""How long a text may be on each channel, counted as the channel counts."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from repliek.conversation import Channel

_LIMITS: dict[Channel, int] = {
    Channel.X: 280,
    Channel.FACEBOOK: 2_000,
    Channel.INSTAGRAM: 1_000,
    Channel.REVIEW: 2_000,
    Channel.DM: 10_000,
    Channel.WHATSAPP: 4_096,
    Channel.CHAT: 4_000,
    Channel.SMS: 320,
    Channel.EMAIL: 20_000,
    Channel.PHONE: 2_000,
}

# Possessive and bounded repetitions keep the time linear in the text.
_LINK = re.compile(
    r"https?://\S+|(?<![\w-])[\w-]++(?:\.[\w-]++){0,9}\.(?:nl|com|be|net|org|eu|example)\b(?:/\S*)?", re.IGNORECASE
)
_X_LINK_LENGTH = 23


@dataclass(frozen=True, slots=True)
class Length:
    """Used and allowed length of a text on a channel, in the channel's own units."""

    used: int
    limit: int

    @property
    def fits(self) -> bool:
        return self.used <= self.limit


def measure(text: str, channel: Channel) -> Length:
    """Return how much of the channel's limit `text` uses.

    X counts every link as 23 and wide characters (CJK, emoji) as 2
    (developer.x.com, "Counting characters"); the other channels count characters.
    """
    used = _weighted_for_x(text) if channel is Channel.X else len(text)
    return Length(used=used, limit=_LIMITS[channel])


def _weighted_for_x(text: str) -> int:
    text = unicodedata.normalize("NFC", text)
    without_links, links = _LINK.subn("", text)
    return links * _X_LINK_LENGTH + sum(1 if _is_narrow(ord(char)) else 2 for char in without_links)


def _is_narrow(code_point: int) -> bool:
    # The ranges of weight 1 in the configuration of twitter-text, version 3.
    return (
        code_point <= 0x10FF
        or 0x2000 <= code_point <= 0x200D
        or 0x2010 <= code_point <= 0x201F
        or 0x2032 <= code_point <= 0x2037
    )
