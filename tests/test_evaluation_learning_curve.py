"""The samples of a learning curve, and how its points are shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from rich.console import Console

from evaluation import learning_curve
from evaluation.figures import Figures
from evaluation.learning_curve import SHOWN, Point, curve_table, measure_curve
from evaluation.scoring import score
from repliek.history import Exchange
from repliek.suggester import Suggester


@pytest.fixture
def exchanges() -> list[Exchange]:
    return [Exchange(exchange_id=f"e{number}", message=f"bericht {number}") for number in range(50)]


@pytest.fixture
def figures(suggester: Suggester, exchanges: list[Exchange]) -> Figures:
    return score(exchanges, suggester, 13, resamples=20)


def test_samples_are_nested_and_end_with_the_whole_history(
    monkeypatch: pytest.MonkeyPatch, exchanges: list[Exchange], figures: Figures
) -> None:
    learned: list[set[str]] = []

    def note(train: Sequence[Exchange], *_: Any) -> Figures:
        learned.append({exchange.exchange_id for exchange in train})
        return figures

    monkeypatch.setattr(learning_curve, "run_trial", note)
    points = measure_curve(exchanges, exchanges, [30, 10, 900], {}, 13, lambda *_: None)
    assert [point.size for point in points] == [10, 30, 50]
    assert [len(ids) for ids in learned] == [10, 30, 50]
    assert learned[0] < learned[1] < learned[2]


def test_the_table_has_a_column_for_each_size(figures: Figures) -> None:
    console = Console(width=160)
    with console.capture() as captured:
        console.print(curve_table([Point(200, figures), Point(6_442, figures)]))
    text = captured.get()
    assert "200" in text
    assert "6,442" in text
    assert all(name in text for name in SHOWN)
