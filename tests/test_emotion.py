"""Reading emotions: what is chosen, how sure that is, and sarcasm."""

from __future__ import annotations

import numpy as np
import pytest
from pydantic import TypeAdapter

from repliek.heads import OnnxClassifier
from repliek.tone.cues import CUES, WIDTH
from repliek.tone.emotion import (
    ROWS_AT_ONCE,
    SARCASTIC,
    SINCERE,
    UNREAD,
    Emotion,
    EmotionReader,
    EmotionRule,
    SarcasmRule,
    emotion_features,
)
from tests.fixture_bundle import linear_head

D = 4


def head(cue: str, labels: list[str], odds: float) -> OnnxClassifier:
    """A head whose second label is likelier with a cue by `odds`, and less likely without it by as much."""
    weights = np.zeros((D + WIDTH, 2))
    weights[D + CUES.names.index(cue), 1] = 2 * odds
    return OnnxClassifier.from_bytes(linear_head(weights, np.array([0.0, -odds]), labels))


def vectors(n: int) -> np.ndarray:
    return np.zeros((n, D), dtype=np.float32)


@pytest.fixture(scope="module")
def emotions() -> OnnxClassifier:
    return head("anger", [Emotion.NEUTRAL, Emotion.FRUSTRATED], 1.0)


@pytest.fixture(scope="module")
def sarcasm() -> OnnxClassifier:
    return head("mock_praise", [SINCERE, SARCASTIC], 2.0)


def test_the_likeliest_emotion_is_read_with_its_probability(emotions: OnnxClassifier) -> None:
    angry, calm = EmotionReader(emotions, None, EmotionRule()).read(["ik ben woedend", "goedemorgen"], vectors(2))
    assert (angry.emotion, calm.emotion) == (Emotion.FRUSTRATED, Emotion.NEUTRAL)
    assert angry.confidence == calm.confidence == pytest.approx(1 / (1 + np.exp(-1)))
    assert not angry.sarcastic


def test_sharpness_changes_the_confidence_and_a_leaning_the_choice_alone(emotions: OnnxClassifier) -> None:
    sharp = EmotionReader(emotions, None, EmotionRule(sharpness=3.0)).read(["goedemorgen"], vectors(1))[0]
    assert sharp.confidence == pytest.approx(1 / (1 + np.exp(-3)))
    leaning = EmotionRule(leanings={Emotion.FRUSTRATED: 1.5})
    leant = EmotionReader(emotions, None, leaning).read(["goedemorgen"], vectors(1))[0]
    assert leant.emotion is Emotion.FRUSTRATED
    assert leant.confidence == pytest.approx(1 / (1 + np.exp(1)))


def test_sarcasm_is_flagged_from_its_threshold_on(emotions: OnnxClassifier, sarcasm: OnnxClassifier) -> None:
    messages = ["woedend. lekker dan", "woedend"]

    def flags(threshold: float) -> list[bool]:
        rule = EmotionRule(sarcasm=SarcasmRule(threshold=threshold))
        return [reading.sarcastic for reading in EmotionReader(emotions, sarcasm, rule).read(messages, vectors(2))]

    assert flags(0.5) == [True, False]
    assert flags(0.95) == [False, False]  # the head says 0.88
    assert flags(0.05) == [True, True]


def test_only_the_frustrated_are_sarcastic(emotions: OnnxClassifier, sarcasm: OnnxClassifier) -> None:
    found = EmotionReader(emotions, sarcasm, EmotionRule()).read(["lekker dan", "woedend, lekker dan"], vectors(2))
    assert [(reading.emotion, reading.sarcastic) for reading in found] == [
        (Emotion.NEUTRAL, False),
        (Emotion.FRUSTRATED, True),
    ]


def test_probabilities_of_sarcasm_hold_for_any_odds() -> None:
    rule = SarcasmRule(slope=2.0, offset=1.0)
    found = rule.probabilities(np.array([-1e4, -0.5, 0.0, 1e4], dtype=np.float32))
    assert found.tolist() == pytest.approx([0, 0.5, 1 / (1 + np.exp(-1)), 1])


def test_many_messages_are_read_as_one_by_one(emotions: OnnxClassifier, sarcasm: OnnxClassifier) -> None:
    reader = EmotionReader(emotions, sarcasm, EmotionRule())
    messages = ["ik ben woedend", "goedemorgen", "woedend, lekker dan"] * (ROWS_AT_ONCE // 2)
    assert len(messages) > ROWS_AT_ONCE
    assert reader.read(messages, vectors(len(messages)))[:3] == tuple(
        reader.read([message], vectors(1))[0] for message in messages[:3]
    )
    assert reader.read([], vectors(0)) == ()


def test_features_are_vectors_and_surface_side_by_side() -> None:
    found = emotion_features(np.ones((2, D), dtype=np.float32), ["hoi", "weer"])
    assert found.shape == (2, D + WIDTH)
    assert found.dtype == np.float32
    assert (found[:, :D] == 1).all()


def test_what_was_not_learned_is_neutral_without_confidence() -> None:
    assert (UNREAD.emotion, UNREAD.confidence, UNREAD.sarcastic) == (Emotion.NEUTRAL, None, False)


def test_a_rule_survives_the_manifest() -> None:
    rule = EmotionRule(sharpness=1.2, leanings={Emotion.SAD: 1.7}, sarcasm=SarcasmRule(threshold=0.3))
    adapter = TypeAdapter(EmotionRule)
    assert adapter.validate_json(adapter.dump_json(rule)) == rule
