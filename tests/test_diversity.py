from __future__ import annotations

import numpy as np
import pytest

from repliek.diversity import SAME, Sameness
from repliek.knowledge import Answer


def same(one: str, other: str, cosine: float = 0.95) -> bool:
    answers = [Answer(answer_id=str(place), text=text, language="nl") for place, text in enumerate((one, other))]
    vectors = np.array([[1, 0], [cosine, np.sqrt(1 - cosine**2)]], dtype=np.float32)
    found = Sameness(answers, vectors)
    assert found.holds(answers[0], answers[1]) == found.holds(answers[1], answers[0])
    assert found.find(answers[1], answers[:1]) == (0 if found.holds(answers[0], answers[1]) else None)
    return found.holds(answers[0], answers[1])


def test_answers_that_sound_alike_say_the_same() -> None:
    assert same("Je pakket is onderweg.", "Je pakket is nu onderweg!")
    assert not same("Je pakket is onderweg.", "Je pakket is nu onderweg!", cosine=SAME - 0.01)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Het duurt 3 dagen.", "Het duurt 5 dagen."),
        ("Kijk op wadlijn.example/winkels.", "Kijk op wadlijn.example/storing."),
        ("Bel {service_phone}.", "Ga naar {dm_link}."),
        ("Dat kan.", "Dat kan niet."),
        ("You can.", "You can never do that."),
    ],
)
def test_one_word_makes_another_answer(one: str, other: str) -> None:
    assert not same(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Binnen 3 dagen, op 1 juli.", "Op 1 juli; binnen 3 dagen"),
        ("Niet doen: bel {service_phone}!", "Bel {service_phone}, dit niet doen."),
    ],
)
def test_order_and_marks_do_not(one: str, other: str) -> None:
    assert same(one, other)
