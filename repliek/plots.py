"""Pictures of the figures in `repliek.metrics`, as matplotlib figures that nobody has to clean up.

The figures are made without pyplot: nothing is global, and no window system is needed.
"""

# matplotlib's keyword arguments have no types of their own.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from repliek.metrics import (
    CALIBRATION_BINS,
    BoolArray,
    FloatArray,
    IntArray,
    Outcome,
    aurc,
    calibration_bins,
    coverage_at_precision,
    coverage_precision_curve,
    expected_calibration_error,
)

try:
    import matplotlib as mpl
    from matplotlib.axes import Axes
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.colors import LinearSegmentedColormap
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator, PercentFormatter
except ModuleNotFoundError as error:
    raise ModuleNotFoundError(
        "repliek.plots draws with matplotlib, which is not installed; pip install 'repliek[training]'", name=error.name
    ) from None

_INK, _MUTED, _RULE = "#1f2933", "#66727f", "#d5dbe1"
_BLUE, _ORANGE = "#2463a6", "#c2541b"
_SHADES = LinearSegmentedColormap.from_list("shades", ["#f4f7fa", _BLUE])
_SQUARE = (4.6, 4.9)  # inches: a square plot under two lines of text
_WIDTH = 6.4  # inches

_MIN_KEPT = 10
"""Precision of fewer kept cases jumps between 0 and 1 and says nothing; the curve starts here."""


@dataclass(frozen=True, slots=True)
class ConfusedPair:
    """An intent that is taken for another, and how often."""

    expected: str
    predicted: str
    count: int


def reliability_diagram(
    confidence: FloatArray, correct: BoolArray, *, title: str, bins: int = CALIBRATION_BINS
) -> Figure:
    """Draw how often cases of each confidence are right; on the diagonal, confidence keeps its word.

    One dot for each bin of equal mass, with a bar of two standard errors to either side: a bin whose bar
    crosses the diagonal may well be calibrated. Niculescu-Mizil & Caruana 2005, Guo et al. 2017.

    Args:
        confidence: (n,) probabilities, n at least 1.
        correct: (n,) whether the case was right.
        title: what is drawn.
        bins: at most so many dots.
    """
    found = calibration_bins(confidence, correct, bins)
    # With one pseudo-case to either side, so that a bin of only right cases has a bar too (Agresti & Coull 1998).
    smoothed = (found.accuracy * found.counts + 2) / (found.counts + 4)
    margin = 2 * np.sqrt(smoothed * (1 - smoothed) / (found.counts + 4))
    low, high = np.clip(smoothed - margin, 0, found.accuracy), np.clip(smoothed + margin, found.accuracy, 1)
    ece = expected_calibration_error(confidence, correct, bins)
    figure, axes = _canvas(_SQUARE, title, f"ECE {ece:.3f}, {len(confidence):,} messages")
    axes.plot([0, 1], [0, 1], color=_RULE, linewidth=1.2, zorder=1)
    axes.vlines(found.confidence, low, high, color=_BLUE, alpha=0.35, linewidth=2.2, zorder=2)
    axes.plot(found.confidence, found.accuracy, "o", color=_BLUE, markersize=5.5, zorder=3, clip_on=False)
    axes.set(xlim=(0, 1), ylim=(0, 1), xlabel="confidence", ylabel="share that is right")
    _percent(axes)
    return figure


def coverage_precision(
    confidence: FloatArray, correct: BoolArray, *, target: float, title: str, own: Outcome | None = None
) -> Figure:
    """Draw the precision of what is shown against the share of messages for which something is shown.

    The curve is hindsight: it takes its thresholds from these same cases, and looks at the confidence alone. What
    a bundle really does may lie beside it.

    Args:
        confidence: (n,) of the first suggestion, n at least 1.
        correct: (n,) whether that suggestion is right.
        target: the precision of which the coverage is marked.
        title: what is drawn.
        own: what the bundle does at its own thresholds.
    """
    curve = coverage_precision_curve(confidence, correct)
    shown = curve.coverage * len(confidence) >= min(_MIN_KEPT, len(confidence))
    coverage = coverage_at_precision(confidence, correct, target).coverage
    if coverage > 0:
        found = f"{coverage:.0%} of messages at {target:.0%} precision"
    else:
        found = f"no threshold reaches {target:.0%} precision"
    figure, axes = _canvas(_SQUARE, title, f"{found}, AURC {aurc(confidence, correct):.3f}")
    axes.axhline(target, color=_RULE, linewidth=1.2, zorder=1)
    axes.plot(curve.coverage[shown], curve.precision[shown], color=_BLUE, linewidth=2, zorder=3, clip_on=False)
    if coverage > 0:
        precision = float(curve.precision[np.flatnonzero(curve.coverage == coverage)[0]])
        axes.plot([coverage], [precision], "o", color=_ORANGE, markersize=7, zorder=4, clip_on=False)
    if own is not None and own.coverage > 0:
        axes.plot(
            *own,
            "D",
            color="white",
            markeredgecolor=_INK,
            markeredgewidth=1.6,
            markersize=6.5,
            zorder=5,
            clip_on=False,
            label=f"the bundle's own threshold:\n{own.coverage:.0%} of messages at {own.precision:.0%} precision",
        )
        # Where few messages get a suggestion the curve is at its highest: this corner stays free.
        axes.legend(loc="lower left", frameon=False, fontsize=8.5, labelcolor=_INK)
    axes.set(
        xlim=(0, 1),
        ylim=(0, 1),
        xlabel="share of messages with a suggestion",
        ylabel="precision of the first suggestion",
    )
    _percent(axes)
    return figure


def confused_pairs(pairs: Sequence[ConfusedPair], *, title: str, most: int = 20) -> Figure:
    """Draw the pairs of intents that are confused most often, and how often.

    Of many intents a full matrix is nearly empty and its labels cannot be read; what is worth mending
    stands in its few large cells outside the diagonal.

    Args:
        pairs: each once.
        title: what is drawn.
        most: how many pairs are drawn; ties go by name.
    """
    chosen = sorted(pairs, key=lambda pair: (-pair.count, pair.expected, pair.predicted))[:most]
    subtitle = f"{len(chosen)} of {len(pairs)} pairs" if chosen else "no two intents are confused"
    figure, axes = _canvas((_WIDTH, 1.3 + 0.27 * max(len(chosen), 1)), title, subtitle)
    if not chosen:
        axes.set_axis_off()
        return figure
    rows = np.arange(len(chosen))
    counts = [pair.count for pair in chosen]
    axes.barh(rows, counts, height=0.62, color=_BLUE)
    axes.set_yticks(rows, [f"{pair.expected}  →  {pair.predicted}" for pair in chosen])
    axes.set_ylim(len(chosen) - 0.4, -0.6)  # the most frequent one on top
    axes.tick_params(axis="y", length=0, labelcolor=_INK)
    axes.spines["left"].set_visible(False)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=6))
    axes.set(xlim=(0, max(counts) * 1.05), xlabel="messages (expected  →  predicted)")
    return figure


def confusion(counts: IntArray, labels: Sequence[str], *, title: str) -> Figure:
    """Draw what each label is taken for: in each cell how many, the darker the larger their share of the row.

    For a handful of labels; of many, `confused_pairs` shows what matters.

    Args:
        counts: (c, c) messages by own label (row) and label that was read (column).
        labels: c of them.
        title: what is drawn.
    """
    totals = counts.sum(axis=1, keepdims=True)
    shares = counts / np.maximum(totals, 1)
    right = f"{np.trace(counts):,} of {counts.sum():,} messages on the diagonal"
    figure, axes = _canvas((0.8 * len(labels) + 1.6, 0.72 * len(labels) + 1.7), title, right)
    axes.imshow(shares, cmap=_SHADES, vmin=0, vmax=1, aspect="auto")
    for row, column in np.ndindex(*counts.shape):
        if counts[row, column]:
            ink = "white" if shares[row, column] > 0.5 else _INK
            axes.text(column, row, f"{counts[row, column]:,}", ha="center", va="center", color=ink, fontsize=9.5)
    places = range(len(labels))
    axes.set_xticks(places, labels)
    axes.set_yticks(places, [f"{label} ({total:,})" for label, total in zip(labels, totals[:, 0], strict=True)])
    axes.tick_params(length=0, labelcolor=_INK)
    for side in axes.spines.values():
        side.set_visible(False)
    axes.set(xlabel="read as", ylabel="labelled as")
    return figure


def as_svg(figure: Figure) -> bytes:
    """Return the figure as an SVG file; the same figure has the same bytes."""
    return _saved(figure, "svg", {"Date": None})


def as_png(figure: Figure) -> bytes:
    """Return the figure as a PNG file of 160 dots per inch."""
    return _saved(figure, "png", {"Software": None})


def _saved(figure: Figure, kind: str, metadata: dict[str, Any]) -> bytes:
    buffer = io.BytesIO()
    # A fixed salt names the parts of an SVG the same way each time.
    with mpl.rc_context({"svg.hashsalt": "repliek", "svg.fonttype": "path"}):
        figure.savefig(buffer, format=kind, dpi=160, metadata=metadata)
    return buffer.getvalue()


def _canvas(size: tuple[float, float], title: str, subtitle: str) -> tuple[Figure, Axes]:
    figure = Figure(figsize=size, layout="constrained", facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    axes.set_title(title, loc="left", color=_INK, fontsize=11, fontweight="bold", pad=26)
    note = axes.annotate(
        subtitle, (0, 1), (0, 11), xycoords="axes fraction", textcoords="offset points", color=_MUTED, fontsize=8.5
    )
    note.set_in_layout(False)  # a long line must not narrow the plot
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_color(_MUTED)
    axes.tick_params(colors=_MUTED, labelsize=9)
    for axis in (axes.xaxis, axes.yaxis):
        axis.label.set(color=_INK, fontsize=9.5)
    return figure, axes


def _percent(axes: Axes) -> None:
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(PercentFormatter(1.0, decimals=0))
