"""The gate: whether a challenger may take the champion's place, by the marks that both got for the same messages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from evaluation.comparison import Change, SliceChange
from evaluation.yardsticks import LEAST, Marks, Shares
from repliek.metrics import bootstrap_sums, percentile_interval
from repliek.retrieval import IntArray

ROUNDING = 1e-9
"""A fall of exactly the margin is no fall by more than the margin, however its digits were rounded."""


class Verdict(StrEnum):
    """What the figure that decides says."""

    BETTER = "better"
    NOT_WORSE = "not worse by more than the margin"
    UNSURE = "perhaps worse by more than the margin"
    WORSE = "worse"


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether the challenger is promoted, and why."""

    verdict: Verdict
    promoted: bool
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """From champion to challenger: the figure that decides, what guards it, and the figure that decides by slice."""

    deciding: Change
    guards: tuple[Change, ...]
    slices: tuple[SliceChange, ...]


def measure(
    champion: Marks,
    challenger: Marks,
    slices: Mapping[str, Mapping[str, IntArray]],
    groups: Sequence[str],
    name: str,
    seed: int,
) -> Changes:
    """Compare the marks of two bundles for the same n messages; every interval comes from the same draws.

    Args:
        champion: its marks.
        challenger: the other's, with the same guards.
        slices: rows of each value of each slice; those of fewer than `LEAST` messages are left out.
        groups: of each message the conversation, which is drawn as a whole.
        name: of the figure that decides.
        seed: of the draws.
    """
    both = (champion.deciding, challenger.deciding)
    parts = [(by, value, rows) for by, found in slices.items() for value, rows in found.items() if len(rows) >= LEAST]
    pairs = [both]
    pairs += [(guard, challenger.guards[guarded]) for guarded, guard in champion.guards.items()]
    pairs += [(_within(both[0], rows), _within(both[1], rows)) for _, _, rows in parts]
    names = [name, *champion.guards, *(f"{by}: {value}" for by, value, _ in parts)]
    changes = _changes(names, pairs, np.array(groups), seed)
    return Changes(
        deciding=changes[name],
        guards=tuple(changes[guard] for guard in champion.guards if guard in changes),
        slices=tuple(
            SliceChange(by=by, value=value, n=len(rows), change=changes[f"{by}: {value}"]) for by, value, rows in parts
        ),
    )


def decide(changes: Changes, margin: float) -> Decision:
    """Promote a challenger that is better or not worse by more than `margin`, and in no guard or slice falls by more.

    Better or worse is said with 95 % confidence: the interval of the difference lies on one side of 0. Not worse by
    more than the margin: it lies above minus the margin. Guards and slices are judged by their difference itself, since
    the interval of a small slice excludes nothing.
    """
    low, high = changes.deciding.interval
    if low > 0:
        verdict = Verdict.BETTER
    elif low >= -margin - ROUNDING:
        verdict = Verdict.NOT_WORSE
    else:
        verdict = Verdict.WORSE if high < 0 else Verdict.UNSURE
    reasons = [f"{changes.deciding.name}: {verdict} ({_told(changes.deciding)})"]
    fallen = [f"{guard.name} falls ({_told(guard)})" for guard in changes.guards if _falls(guard, margin)]
    fallen += [
        f"{part.by} {part.value} falls, {part.n} messages ({_told(part.change)})"
        for part in changes.slices
        if _falls(part.change, margin)
    ]
    if not fallen:
        watched = f"{len(changes.guards)} guards and {len(changes.slices)} slices"
        reasons.append(f"none of {watched} falls by more than {margin:g}")
    promoted = verdict in {Verdict.BETTER, Verdict.NOT_WORSE} and not fallen
    return Decision(verdict, promoted, (*reasons, *fallen))


def _falls(change: Change, margin: float) -> bool:
    return change.difference < -margin - ROUNDING


def _told(change: Change) -> str:
    low, high = change.interval
    return f"{change.champion:.3f} to {change.challenger:.3f}, {change.difference:+.3f}, 95 % {low:+.3f} to {high:+.3f}"


def _within(shares: Shares, rows: IntArray) -> Shares:
    """Return the figure over some of the messages, still with a row for each of all."""
    inside = np.zeros(len(shares.gained))
    inside[rows] = 1.0
    return Shares(shares.gained * inside, shares.possible * inside)


def _changes(
    names: Sequence[str], pairs: Sequence[tuple[Shares, Shares]], groups: np.ndarray, seed: int
) -> dict[str, Change]:
    """Return the change of each figure; those of which a bundle says nothing are left out."""
    columns = np.stack([part for pair in pairs for one in pair for part in (one.gained, one.possible)], axis=1)
    sums = np.vstack([columns.sum(axis=0), bootstrap_sums(columns, groups, seed=seed)])
    with np.errstate(invalid="ignore", divide="ignore"):  # a draw may hold no message of a slice
        ratios = sums[:, 0::2] / sums[:, 1::2]
    champion, challenger = ratios[:, 0::2], ratios[:, 1::2]
    found: dict[str, Change] = {}
    for place, name in enumerate(names):
        difference = challenger[:, place] - champion[:, place]
        if not np.isnan(difference[0]):
            found[name] = Change(
                name=name,
                champion=float(champion[0, place]),
                challenger=float(challenger[0, place]),
                difference=float(difference[0]),
                interval=percentile_interval(difference[1:]),
            )
    return found
