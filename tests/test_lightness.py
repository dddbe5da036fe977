from __future__ import annotations

import pytest

from repliek.knowledge import Answer
from repliek.tone.emotion import UNREAD, Emotion, EmotionReading
from repliek.tone.lightness import LIGHT, is_grave, is_light


@pytest.mark.parametrize(
    ("text", "light"),
    [
        ("Wat fijn om te lezen! We geven je compliment door.", True),
        ("Daar worden we blij van. Uw compliment geven we door.", True),
        ("Lovely to hear, thanks.", True),
        ("Wat vervelend. Start de modem opnieuw op.", False),
        ("Een klacht of een compliment geeft u door via het formulier.", False),
    ],
)
def test_an_answer_that_begins_by_being_glad_is_light(text: str, light: bool) -> None:
    assert is_light(Answer(answer_id="a", text=text, language="nl")) is light


def test_so_is_one_that_is_tagged() -> None:
    assert is_light(Answer(answer_id="a", text="Deze gaat rond.", language="nl", tags=(LIGHT,)))


@pytest.mark.parametrize(
    ("reading", "grave"),
    [
        (UNREAD, False),
        (EmotionReading(Emotion.PLAYFUL, 0.9, False), False),
        (EmotionReading(Emotion.GRATEFUL, 0.9, True), True),
        (EmotionReading(Emotion.SAD, 0.2, False), True),
    ],
)
def test_lightness_would_hurt_whoever_may_be_grave(reading: EmotionReading, grave: bool) -> None:
    assert is_grave(reading) is grave
