"""What each channel takes: how long a text, counted how, in which shape, and until when."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto

from repliek.conversation import Channel
from repliek.tone.channels.weighing import weigh


@dataclass(frozen=True, slots=True)
class Length:
    """Used and allowed length of a text on a channel, in the channel's own units."""

    used: int
    limit: int

    @property
    def fits(self) -> bool:
        return self.used <= self.limit


class Shape(Enum):
    """How a reply is laid out."""

    POST = auto()
    """Stands by itself, in public; signed behind its last word."""
    CHAT = auto()
    """One turn of a talk."""
    MAIL = auto()
    """Salutation, text and closing, each a paragraph."""
    SCRIPT = auto()
    """Points that an agent says aloud."""


@dataclass(frozen=True, slots=True)
class Format:
    """What a channel takes.

    Attributes:
        limit: most that one text may use of the channel.
        shape: how it is laid out.
        count: how much a text uses; characters, unless the channel reckons otherwise.
        window: how long after the customer's last message free text is taken; later, only an approved template.
            `None` where there is no such limit.
    """

    limit: int
    shape: Shape
    count: Callable[[str], int] = len
    window: timedelta | None = None

    def measure(self, text: str) -> Length:
        """Return how much of the limit `text` uses."""
        return Length(used=self.count(text), limit=self.limit)


FORMATS: Mapping[Channel, Format] = {
    Channel.X: Format(280, Shape.POST, count=weigh),
    Channel.FACEBOOK: Format(2_000, Shape.POST),
    Channel.INSTAGRAM: Format(1_000, Shape.POST),
    Channel.REVIEW: Format(2_000, Shape.POST),
    Channel.DM: Format(10_000, Shape.CHAT),
    # "Customer service window" in the documentation of the WhatsApp Business Platform.
    Channel.WHATSAPP: Format(4_096, Shape.CHAT, window=timedelta(hours=24)),
    Channel.CHAT: Format(4_000, Shape.CHAT),
    Channel.SMS: Format(320, Shape.CHAT),
    Channel.EMAIL: Format(20_000, Shape.MAIL),
    Channel.PHONE: Format(2_000, Shape.SCRIPT),
}


def measure(text: str, channel: Channel) -> Length:
    """Return how much of the channel's limit `text` uses, in the channel's own units."""
    return FORMATS[channel].measure(text)


def missed_window(channel: Channel, waited: timedelta) -> timedelta | None:
    """Return the time within which free text had to be sent, where the customer has waited longer; else `None`."""
    window = FORMATS[channel].window
    return window if window is not None and waited > window else None
