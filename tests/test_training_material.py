from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from repliek.history import ContextTurn, Exchange
from training.folds import Folds
from training.material import NEAR, near_same_groups

DIRECTIONS = 12


def exchange(number: int, message: str | None = None, *before: str) -> Exchange:
    context = tuple(ContextTurn(speaker="agent", text=text) for text in before)  # type: ignore[arg-type]
    return Exchange(exchange_id=f"e{number}", message=message or f"bericht {number}", context=context)


def at(*angles: float) -> np.ndarray:
    """Unit vectors in one plane; apart from what is said here, directions are square to each other."""
    vectors = np.zeros((DIRECTIONS, DIRECTIONS + 2), dtype=np.float32)
    vectors[np.arange(DIRECTIONS), np.arange(DIRECTIONS)] = 1.0
    for row, angle in enumerate(angles):
        vectors[row] = 0.0
        vectors[row, -2:] = np.cos(angle), np.sin(angle)
    return vectors


def groups(history: Sequence[Exchange], vectors: np.ndarray, folds: Sequence[int]) -> list[list[int]]:
    divided = Folds(np.array(folds, dtype=np.int64), 3)
    found = near_same_groups(history, vectors, divided, divided.neighbours(vectors))
    return [np.flatnonzero(found == number).tolist() for number in np.unique(found) if (found == number).sum() > 1]


ALL = [exchange(number) for number in range(DIRECTIONS)]
APART = [row % 3 for row in range(DIRECTIONS)]
NEARLY = float(np.arccos(NEAR)) * 0.9
"""An angle between messages that say nearly the same; twice it is too far."""


@pytest.mark.parametrize("folds", [APART, [0, 0, 0, *APART[3:]]], ids=["in other folds", "in the same fold"])
def test_near_same_messages_are_found_wherever_they_stand(folds: list[int]) -> None:
    assert groups(ALL, at(0.0, NEARLY), folds) == [[0, 1]]
    assert groups(ALL, at(0.0, 2 * NEARLY), folds) == []


def test_a_chain_of_near_same_messages_is_one_group() -> None:
    assert groups(ALL, at(0.0, NEARLY, 2 * NEARLY), APART) == [[0, 1, 2]]


def test_the_same_text_is_the_same_whatever_the_case_and_not_in_another_context() -> None:
    history = [
        *ALL[:8],
        exchange(8, "Ja  graag"),
        exchange(9, "ja graag"),
        exchange(10, "ja graag", "Zal ik bellen?"),
        ALL[11],
    ]
    assert groups(history, at(), APART) == [[8, 9]]
