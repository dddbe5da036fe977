"""What a customer feels, as far as it changes how an answer should open."""

from __future__ import annotations

from enum import StrEnum


class Emotion(StrEnum):
    """Emotion of the customer; the value travels in JSON."""

    NEUTRAL = "neutral"
    FRUSTRATED = "frustrated"
    WORRIED = "worried"
    SAD = "sad"
    GRATEFUL = "grateful"
    PLAYFUL = "playful"
