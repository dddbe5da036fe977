"""Drafts for the tests of rules."""

from __future__ import annotations

from collections.abc import Sequence

from repliek.conversation import Channel
from repliek.tone.register import Register
from repliek.tone.rules import Draft

BRAND = ("Wadlijn", "wadlijn.example/bericht", "0800-0000", "Eric", "EK")


def draft(
    text: str,
    *answers: str,
    said: Sequence[str] = (),
    known: Sequence[str] = BRAND,
    language: str = "nl",
    register: Register = Register.JE,
    channel: Channel = Channel.CHAT,
) -> Draft:
    """A draft of the brand in `BRAND`, in Dutch with je, unless told otherwise."""
    return Draft(text, answers, tuple(said), tuple(known), language, register, channel)


def in_public(text: str, *answers: str, language: str = "nl", register: Register = Register.NEUTRAL) -> Draft:
    """A draft for X."""
    return draft(text, *answers, language=language, register=register, channel=Channel.X)
