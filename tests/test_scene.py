from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from repliek.brand import Brand, HandOver, Signature
from repliek.conversation import Channel, Conversation, Speaker, Turn
from repliek.tone.emotion import Emotion, EmotionReading
from repliek.tone.register import Register
from repliek.tone.scene import SURE, Scene, speaks_to
from repliek.variants import Occasion

BRAND = Brand(
    name="Wadlijn",
    hand_over=HandOver(dm="dm.wadlijn.example"),
    products={"nl": {"modem": "de Wadbox"}},
)
OCCASION = Occasion("nl", Register.JE, Channel.X, date(2026, 11, 20))


def test_what_can_be_said_back_is_the_brands_the_customers_and_the_agents() -> None:
    conversation = Conversation(
        "Mijn modem doet het al drie dagen niet", Channel.X, customer_name="JAN", agent_initials="EK"
    )
    assert dict(Scene.read(conversation, OCCASION, BRAND, emotion=Emotion.WORRIED).values) == {
        "dm_link": "dm.wadlijn.example",
        "brand": "Wadlijn",
        "first_name": "Jan",
        "initials": "EK",
        "product": "de Wadbox",
        "waited": "drie dagen",
    }


def test_where_no_feeling_is_spoken_to_nothing_is_said_back() -> None:
    scene = Scene.read(Conversation("Mijn modem doet het al drie dagen niet"), OCCASION, BRAND)
    assert scene.values.keys() == {"dm_link", "brand"}


@pytest.mark.parametrize(("language", "formal"), [("nl", "mevrouw De Vries"), ("en", "Ms De Vries")])
def test_who_has_a_title_is_no_first_name(language: str, formal: str) -> None:
    scene = Scene.read(
        Conversation("Help", customer_name="mevr. A. de Vries"), replace(OCCASION, language=language), BRAND
    )
    assert scene.values["formal_name"] == formal
    assert "first_name" not in scene.values


def test_what_is_not_known_fills_nothing() -> None:
    brand = Brand(name="Wadlijn", signature=Signature(initials=False))
    scene = Scene.read(Conversation("Help", agent_initials="EK", customer_name="🙂"), OCCASION, brand)
    assert dict(scene.values) == {"brand": "Wadlijn"}


def test_who_said_what() -> None:
    turns = (Turn(Speaker.CUSTOMER, "Hallo?"), Turn(Speaker.AGENT, "Dag."), Turn(Speaker.CUSTOMER, "Ja."))
    scene = Scene.read(Conversation("Help", turns=turns, thread=("Een.",)), OCCASION, BRAND)
    assert scene.said_by_brand == ("Dag.", "Een.")
    assert scene.said_by_customer == ("Hallo?", "Ja.", "Help")
    assert scene.answered_before
    assert not Scene.read(Conversation("Help", turns=turns[:1], thread=("Een.",)), OCCASION, BRAND).answered_before


@pytest.mark.parametrize(
    ("emotion", "confidence", "sarcastic", "humour", "expected"),
    [
        (Emotion.WORRIED, SURE, False, True, Emotion.WORRIED),
        (Emotion.WORRIED, SURE - 0.01, False, True, Emotion.NEUTRAL),
        (Emotion.PLAYFUL, 0.9, False, True, Emotion.PLAYFUL),
        (Emotion.PLAYFUL, 0.9, False, False, Emotion.NEUTRAL),
        (Emotion.PLAYFUL, 0.9, True, True, Emotion.FRUSTRATED),
        (Emotion.NEUTRAL, 0.2, True, False, Emotion.FRUSTRATED),
    ],
)
def test_a_reply_speaks_to_what_is_sure(
    emotion: Emotion, confidence: float, sarcastic: bool, humour: bool, expected: Emotion
) -> None:
    assert speaks_to(EmotionReading(emotion, confidence, sarcastic), humour=humour) is expected
