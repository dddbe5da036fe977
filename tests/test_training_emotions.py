"""Learning emotions and sarcasm: what is exported is what was fitted, and nothing is learned from too little."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from repliek.encoder import FloatArray
from repliek.heads import OnnxClassifier
from repliek.history import Exchange
from repliek.tone.emotion import Emotion, EmotionReader
from training.emotions import LEAST, LEAST_SARCASTIC, FittedEmotions, fit_emotions
from training.folds import Folds

SAID = {
    Emotion.NEUTRAL: "kunt u mij zeggen hoe laat de winkel opengaat",
    Emotion.FRUSTRATED: "schandalig, al weken wachten en weer geen antwoord",
    Emotion.GRATEFUL: "heel erg bedankt, alles werkt weer",
}
MOCKED = "lekker bezig zeg, schandalig, weer geen antwoord"


def history(each: int = 60, mocking: int = 40) -> list[Exchange]:
    """`each` messages of each emotion in `SAID`, and `mocking` sarcastic ones beside them, all a little different."""
    said = [(emotion, text, None) for emotion, text in SAID.items() for _ in range(each)]
    said = [(emotion, text, False if emotion is Emotion.FRUSTRATED else None) for emotion, text, _ in said]
    said += [(Emotion.FRUSTRATED, MOCKED, True)] * mocking
    return [
        Exchange(
            exchange_id=str(number), message=f"{text} {'abcdefghij'[number % 10] * 3}", emotion=emotion, sarcasm=mocks
        )
        for number, (emotion, text, mocks) in enumerate(said)
    ]


def vectors(exchanges: Sequence[Exchange]) -> FloatArray:
    """Noise: what is learned here is learned from the words."""
    noise = np.random.default_rng(4).standard_normal((len(exchanges), 8)).astype(np.float32)
    return noise / np.linalg.norm(noise, axis=1, keepdims=True)


def fit(exchanges: Sequence[Exchange]) -> FittedEmotions | None:
    return fit_emotions(exchanges, vectors(exchanges), Folds.of_history(exchanges, 3), 3)


@pytest.fixture(scope="module")
def fitted() -> FittedEmotions:
    found = fit(history())
    assert found is not None
    return found


def reader(fitted: FittedEmotions) -> EmotionReader:
    sarcasm = OnnxClassifier.from_bytes(fitted.sarcasm) if fitted.sarcasm else None
    return EmotionReader(OnnxClassifier.from_bytes(fitted.head), sarcasm, fitted.rule)


def test_new_messages_are_read(fitted: FittedEmotions) -> None:
    texts = [*SAID.values(), MOCKED]
    found = reader(fitted).read(texts, np.zeros((len(texts), 8), dtype=np.float32))
    assert [reading.emotion for reading in found] == [*SAID, Emotion.FRUSTRATED]
    assert [reading.sarcastic for reading in found] == [False, False, False, True]
    assert all(reading.confidence is not None and reading.confidence > 0.5 for reading in found)


def test_every_labelled_message_was_judged_when_it_was_held_out(fitted: FittedEmotions) -> None:
    judged = fitted.judged
    assert judged.labels == tuple(SAID)
    assert len(judged.expected) == len(judged.chosen) == len(judged.confidence) == len(history())
    assert (judged.chosen == judged.expected).mean() > 0.95
    assert (judged.sarcastic.sum(), (judged.flagged & judged.sarcastic).sum()) == (40, 40)


def test_rare_emotions_are_leant_towards(fitted: FittedEmotions) -> None:
    leanings = fitted.rule.leanings
    assert leanings[Emotion.GRATEFUL] >= leanings[Emotion.FRUSTRATED]


def test_too_few_labels_teach_nothing() -> None:
    assert fit(history(each=(LEAST - 1) // len(SAID), mocking=0)) is None
    assert fit([exchange for exchange in history(each=120, mocking=0) if exchange.emotion is Emotion.NEUTRAL]) is None


def test_without_enough_sarcasm_none_is_ever_read() -> None:
    found = fit(history(mocking=LEAST_SARCASTIC - 1))
    assert found is not None
    assert found.sarcasm is None
    assert not found.judged.flagged.size
    assert not reader(found).read([MOCKED], np.zeros((1, 8), dtype=np.float32))[0].sarcastic


def test_a_label_that_stands_in_one_conversation_is_learned_but_judged_by_nobody() -> None:
    together = [
        Exchange(exchange_id=f"s{number}", message="mijn man is overleden", emotion=Emotion.SAD, conversation_id="one")
        for number in range(20)
    ]
    found = fit([*history(), *together])
    assert found is not None
    assert Emotion.SAD in found.judged.labels
    assert not (found.judged.expected == found.judged.labels.index(Emotion.SAD)).any()
