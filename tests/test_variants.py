from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from repliek.conversation import Channel
from repliek.knowledge import Answer, Audience, Status
from repliek.tone.register import Register
from repliek.variants import Occasion, fitting, obstacle

TODAY = date(2026, 11, 20)


def answer(answer_id: str = "a", **fields: Any) -> Answer:
    return Answer(**{"answer_id": answer_id, "text": "Dag.", "language": "nl"} | fields)


def occasion(register: Register = Register.JE, channel: Channel = Channel.CHAT, language: str = "nl") -> Occasion:
    return Occasion(language, register, channel, TODAY)


@pytest.mark.parametrize(
    ("variant", "channel", "why"),
    [
        (answer(status=Status.BLOCKED), Channel.CHAT, "blocked"),
        (answer(valid_until=date(2026, 11, 19)), Channel.CHAT, "not valid today"),
        (answer(valid_from=date(2026, 11, 21)), Channel.CHAT, "not valid today"),
        (answer(language="en"), Channel.CHAT, "language (nl)"),
        (answer(audience=Audience.PRIVATE), Channel.X, "only be given in private"),
    ],
    ids=["blocked", "expired", "not yet", "language", "private"],
)
def test_what_may_not_be_said_has_a_reason(variant: Answer, channel: Channel, why: str) -> None:
    assert fitting([variant], occasion(channel=channel)) == []
    assert why in (obstacle(variant, occasion(channel=channel)) or "")


@pytest.mark.parametrize(
    ("variant", "channel"),
    [
        (answer(status=Status.UNREVIEWED), Channel.CHAT),
        (answer(valid_from=TODAY, valid_until=TODAY), Channel.CHAT),
        (answer(audience=Audience.PRIVATE), Channel.DM),
        (answer(audience=Audience.PUBLIC), Channel.DM),
        (answer(audience=Audience.PUBLIC), Channel.REVIEW),
        (answer(register=Register.U), Channel.CHAT),
    ],
)
def test_what_may_be_said(variant: Answer, channel: Channel) -> None:
    assert obstacle(variant, occasion(channel=channel)) is None
    assert fitting([variant], occasion(channel=channel)) == [variant]


@pytest.mark.parametrize(
    ("register", "order"),
    [
        (Register.JE, ["je", "neutral", "u"]),
        (Register.U, ["u", "neutral", "je"]),
        (Register.NEUTRAL, ["neutral", "u", "je"]),
    ],
)
def test_the_same_register_then_neutral_then_the_other(register: Register, order: list[str]) -> None:
    variants = [answer(name, register=Register(name)) for name in ("u", "je", "neutral")]
    assert [found.answer_id for found in fitting(variants, occasion(register))] == order


@pytest.mark.parametrize(
    ("channel", "order"), [(Channel.EMAIL, ["private", "any", "public"]), (Channel.X, ["any", "public"])]
)
def test_in_private_the_private_wording_goes_first(channel: Channel, order: list[str]) -> None:
    variants = [answer(name, audience=Audience(name)) for name in ("public", "any", "private")]
    assert [found.answer_id for found in fitting(variants, occasion(channel=channel))] == order


def test_register_goes_before_audience() -> None:
    variants = [
        answer("private-u", audience=Audience.PRIVATE, register=Register.U),
        answer("any-je", register=Register.JE),
    ]
    assert [found.answer_id for found in fitting(variants, occasion())] == ["any-je", "private-u"]


def test_equal_variants_keep_the_order_of_the_file() -> None:
    variants = [answer("b"), answer("a"), answer("c")]
    assert fitting(variants, occasion()) == variants
