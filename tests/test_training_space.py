"""How the views are weighed between two messages, and between a message and an answer."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from repliek.encoder import FloatArray
from repliek.history import Exchange
from repliek.knowledge import KnowledgeBase
from tests.fixture_bundle import ANSWERS, HISTORY, write_tiny_encoder
from training.space import ANSWER_WEIGHTS, MANY_MESSAGES, WEIGHTS, Encoded, encode_all


def encoded(folder: Path, messages: int) -> Encoded:
    history = [
        Exchange(exchange_id=f"{number}", message=f"{HISTORY[number % len(HISTORY)][0]} {number}")
        for number in range(messages)
    ]
    return encode_all([write_tiny_encoder(folder)], history, KnowledgeBase(ANSWERS), 13)


def cosines_of_views(found: Encoded, message: str, passages: tuple[str, ...]) -> FloatArray:
    """Return (views, passages) float32."""
    views = found.space.views
    return np.stack([view.encode_queries([message])[0] @ view.encode_passages(passages).T for view in views])


def test_views_count_otherwise_between_a_message_and_an_answer(tmp_path: Path) -> None:
    found = encoded(tmp_path / "encoder", MANY_MESSAGES)
    message = "waar blijft mijn pakket"
    vector = found.space.encode_queries([message])[0]
    views = cosines_of_views(found, message, found.passages.passages.texts)
    expected = np.array(ANSWER_WEIGHTS[1]) @ views
    measured = found.passages.vectors @ vector
    # What is made up for on the side of the passages shortens every cosine alike.
    length = np.sqrt(sum(wanted**2 / weight for wanted, weight in zip(ANSWER_WEIGHTS[1], WEIGHTS[1], strict=True)))
    np.testing.assert_allclose(measured * length, expected, atol=1e-5)
    plain = cosines_of_views(found, message, tuple(answer.text for answer in ANSWERS))
    np.testing.assert_allclose(found.answers @ vector, np.array(WEIGHTS[1]) @ plain, atol=1e-5)


def test_each_text_has_its_row(tmp_path: Path) -> None:
    found = encoded(tmp_path / "encoder", 30)
    assert len(found.messages) == 30
    assert (len(found.answers), len(found.replies)) == (len(ANSWERS), 0)
    assert len(found.passages.vectors) == len(found.passages.passages.texts) > len(ANSWERS)


def test_without_messages_the_centre_of_what_is_asked_is_that_of_the_openings(tmp_path: Path) -> None:
    found = encoded(tmp_path / "encoder", 0)
    assert found.messages.shape == (0, found.space.dimensions)
    assert np.isfinite(found.centres).all()
    assert np.linalg.norm(found.centres[0]) > 0
