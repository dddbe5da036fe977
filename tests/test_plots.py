from __future__ import annotations

import builtins
import importlib
import sys
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure

from repliek import plots
from repliek.metrics import Outcome

PNG = b"\x89PNG\r\n"


@pytest.fixture
def cases() -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(3)
    confidence = random.random(200)
    return confidence, random.random(200) < confidence


def pairs(n: int) -> list[plots.ConfusedPair]:
    return [plots.ConfusedPair(f"intent_{i:02}", "other", n - i) for i in range(n)]


def test_every_plot_can_be_drawn(cases: tuple[np.ndarray, np.ndarray]) -> None:
    drawn = [
        plots.reliability_diagram(*cases, title="Reliability"),
        plots.coverage_precision(*cases, target=0.9, title="Coverage"),
        plots.confused_pairs(pairs(72), title="Confusion"),
        plots.confusion(np.array([[9, 1], [0, 0]]), ("neutral", "sad"), title="Emotions"),
    ]
    for figure in drawn:
        assert isinstance(figure, Figure)
        assert plots.as_png(figure).startswith(PNG)
        assert b"<svg" in plots.as_svg(figure)


def test_the_same_figure_has_the_same_bytes(cases: tuple[np.ndarray, np.ndarray]) -> None:
    first, second = (plots.as_svg(plots.reliability_diagram(*cases, title="t")) for _ in range(2))
    assert first == second


def test_single_cases_and_unreachable_targets_draw() -> None:
    one, wrong = np.array([0.7]), np.array([False])
    assert plots.as_svg(plots.reliability_diagram(one, wrong, title="t"))
    figure = plots.coverage_precision(one, wrong, target=0.9, title="t")
    assert "no threshold reaches 90% precision" in " ".join(text.get_text() for text in figure.axes[0].texts)


def test_the_bundles_own_threshold_is_marked_where_it_suggests_anything(cases: tuple[np.ndarray, np.ndarray]) -> None:
    def legend(own: Outcome | None) -> str:
        drawn = plots.coverage_precision(*cases, target=0.9, title="t", own=own).axes[0].get_legend()
        return drawn.get_texts()[0].get_text() if drawn else ""

    assert legend(Outcome(0.54, 0.95)).endswith("54% of messages at 95% precision")
    assert legend(Outcome(0.0, float("nan"))) == legend(None) == ""


def test_only_the_most_confused_pairs_are_drawn_the_most_frequent_first() -> None:
    axes = plots.confused_pairs(list(reversed(pairs(72))), title="t", most=20).axes[0]
    labels = [label.get_text() for label in axes.get_yticklabels()]
    assert len(labels) == 20
    assert labels[0] == "intent_00  →  other"
    assert axes.get_ylim()[0] > axes.get_ylim()[1]  # the first one on top
    assert "20 of 72 pairs" in axes.texts[0].get_text()


def test_a_confusion_names_its_labels_and_counts_its_cells() -> None:
    axes = plots.confusion(np.array([[9, 1], [0, 1234]]), ("neutral", "sad"), title="t").axes[0]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["neutral (10)", "sad (1,234)"]
    cells = {
        (text.get_position(), text.get_text()) for text in axes.texts if text.get_text().strip("0123456789,") == ""
    }
    assert cells == {((0, 0), "9"), ((1, 0), "1"), ((1, 1), "1,234")}
    assert "1,243 of 1,244 messages on the diagonal" in " ".join(text.get_text() for text in axes.texts)


def test_nothing_confused_is_said_in_words() -> None:
    axes = plots.confused_pairs([], title="t").axes[0]
    assert "no two intents are confused" in axes.texts[0].get_text()


def test_without_matplotlib_the_message_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def refuse(name: str, *args: Any, **kwargs: Any) -> Any:
        if name.startswith("matplotlib"):
            raise ModuleNotFoundError("No module named 'matplotlib'", name="matplotlib")
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", refuse)
    monkeypatch.delitem(sys.modules, "repliek.plots")
    with pytest.raises(ModuleNotFoundError, match=r"pip install 'repliek\[training\]'"):
        importlib.import_module("repliek.plots")
