"""Which wording of an answer fits a conversation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from repliek.conversation import Channel
from repliek.knowledge import Answer, Audience, Status
from repliek.tone.register import Register


@dataclass(frozen=True, slots=True)
class Occasion:
    """What a wording has to fit."""

    language: str
    register: Register
    channel: Channel
    day: date


def fitting(variants: Iterable[Answer], occasion: Occasion) -> list[Answer]:
    """Return the variants that may be said on this occasion, best first.

    Status, validity, audience and language are conditions. Register is a preference (the same, then
    neutral, then the other), and in private a private wording goes before one that anyone may read.
    """
    allowed = [answer for answer in variants if obstacle(answer, occasion) is None]
    return sorted(
        allowed, key=lambda answer: (_register_distance(answer, occasion), _audience_distance(answer, occasion))
    )


def first_choice(variants: Sequence[Answer], occasion: Occasion) -> Answer | str:
    """Return the variant to say on this occasion, in private where it may not be public, or why there is none."""
    if not variants:
        return "The fitting answer was deleted."
    in_private = replace(occasion, channel=Channel.DM)
    best = fitting(variants, occasion) or fitting(variants, in_private)
    return best[0] if best else next(reason for answer in variants if (reason := obstacle(answer, in_private)))


def obstacle(answer: Answer, occasion: Occasion) -> str | None:
    """Say why `answer` may not be said on this occasion; `None` when it may."""
    if answer.status is Status.BLOCKED:
        return "The fitting answer is blocked."
    if not answer.valid_on(occasion.day):
        return "The fitting answer is not valid today."
    if answer.language != occasion.language:
        return f"The fitting answer does not exist in the customer's language ({occasion.language})."
    if occasion.channel.public and answer.audience is Audience.PRIVATE:
        return "The fitting answer may only be given in private."
    return None


def _register_distance(answer: Answer, occasion: Occasion) -> int:
    if answer.register is occasion.register:
        return 0
    return 1 if Register.NEUTRAL in (answer.register, occasion.register) else 2


def _audience_distance(answer: Answer, occasion: Occasion) -> int:
    order = (
        (Audience.ANY, Audience.PUBLIC)
        if occasion.channel.public
        else (Audience.PRIVATE, Audience.ANY, Audience.PUBLIC)
    )
    return order.index(answer.audience)
