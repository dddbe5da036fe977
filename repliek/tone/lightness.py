"""Which answers are light: they share a joy or a joke, and hurt whoever has neither."""

from __future__ import annotations

import re

from repliek.knowledge import Answer
from repliek.tone.emotion import Emotion, EmotionReading

LIGHT = "light"
"""Tag of an answer that is light."""

GRAVE = frozenset({Emotion.FRUSTRATED, Emotion.WORRIED, Emotion.SAD})

_GLAD = re.compile(
    r"\b(?:wat (?:fijn|leuk|lief|aardig|mooi) (?:om te|dat|van)|daar worden (?:we|wij) (?:blij|vrolijk)"
    r"|hardop gelachen|(?:uw|je|jouw) (?:compliment|grap)|(?:great|lovely|glad|happy|nice) to (?:hear|read)"
    r"|your (?:compliment|joke))\b",
    re.IGNORECASE,
)
_FIRST_WORDS = 120


def is_light(answer: Answer) -> bool:
    """Tell whether an answer is light: it is tagged so, or begins by being glad."""
    return LIGHT in answer.tags or bool(_GLAD.search(answer.text[:_FIRST_WORDS]))


def is_grave(reading: EmotionReading) -> bool:
    """Tell whether lightness would hurt, however unsure that is: irony is praise to whoever does not hear it."""
    return reading.sarcastic or reading.emotion in GRAVE
