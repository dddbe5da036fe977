"""What a smaller history costs: train on samples of it and score each on the same held-out exchanges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rich.table import Table

from evaluation.figures import Figures
from evaluation.observations import Progress
from evaluation.presentation import MEANING_OF
from evaluation.trial import run_trial
from repliek.history import Exchange

SHOWN = (
    "intents.accuracy",
    "intents.ece",
    "intents.oos_recall",
    "answers.recall_at_1",
    "answers.recall_at_3",
    "abstention.coverage_at_precision_90",
    "abstention.ece",
)
"""The figures in which a smaller history shows."""


@dataclass(frozen=True, slots=True)
class Point:
    """The figures of a bundle that learned from `size` exchanges."""

    size: int
    figures: Figures

    def shown(self) -> dict[str, float | None]:
        """Return the figures in which a smaller history shows."""
        named = dict(self.figures.named())
        return {name: named[name] for name in SHOWN}


def measure_curve(
    history: Sequence[Exchange],
    held_out: Sequence[Exchange],
    sizes: Sequence[int],
    files: Mapping[str, Path],
    seed: int,
    progress: Progress,
) -> list[Point]:
    """Train on a random sample of each size, and on the whole history, and score on `held_out`.

    The samples are nested: a larger one holds the smaller ones.
    """
    order = np.random.default_rng(seed).permutation(len(history))
    wanted = sorted({min(size, len(history)) for size in (*sizes, len(history))})
    points: list[Point] = []
    for size in wanted:
        sample = [history[row] for row in sorted(order[:size])]
        points.append(Point(size, run_trial(sample, held_out, seed, progress, files)))
    return points


def curve_table(points: Sequence[Point]) -> Table:
    """Return the points as a table for a terminal, one column for each size."""
    table = Table(box=None, header_style="dim", pad_edge=False)
    table.add_column("exchanges learned from", no_wrap=True)
    for point in points:
        table.add_column(f"{point.size:,}", justify="right")
    for name in SHOWN:
        table.add_row(name, *(MEANING_OF[name].written(point.shown()[name]) for point in points))
    return table
