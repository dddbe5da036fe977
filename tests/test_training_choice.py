from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from repliek.encoder import FloatArray
from repliek.errors import RepliekError
from repliek.metrics import expected_calibration_error
from repliek.retrieval import IntArray
from training import choice
from training.choice import conditional_logit

ALTERNATIVES = 6


def choices(
    weights: list[float], intercept: float | None, n: int = 4_000, seed: int = 3
) -> tuple[FloatArray, IntArray]:
    """Draw choices of people with these weights; without an intercept, choosing nothing is not possible."""
    generator = np.random.default_rng(seed)
    figures = generator.standard_normal((n, ALTERNATIVES, len(weights))).astype(np.float32)
    shares = probabilities(figures, np.array(weights), intercept)
    drawn = (generator.random((n, 1)) > shares.cumsum(axis=1)).sum(axis=1)
    return figures, np.where(drawn < ALTERNATIVES, drawn, -1 if intercept is not None else ALTERNATIVES - 1)


def probabilities(figures: FloatArray, weights: np.ndarray, intercept: float | None) -> np.ndarray:
    odds = np.exp(figures @ weights + (intercept or 0))
    return odds / (odds.sum(axis=1, keepdims=True) + (intercept is not None))


def test_known_weights_are_found_again() -> None:
    weights, intercept = conditional_logit(*choices([2.0, 0.7, 0.0], -1.5), outside_option=True)
    np.testing.assert_allclose(weights, [2.0, 0.7, 0.0], atol=0.12)
    assert intercept == pytest.approx(-1.5, abs=0.12)
    assert weights.dtype == np.float64


def test_where_something_is_always_chosen_there_is_no_intercept() -> None:
    figures, chosen = choices([1.0, 0.3], None)
    assert (chosen >= 0).all()
    weights, intercept = conditional_logit(figures, chosen, outside_option=False)
    np.testing.assert_allclose(weights, [1.0, 0.3], atol=0.08)
    assert intercept == 0


def test_evidence_against_is_ignored_rather_than_turned_round() -> None:
    weights, _ = conditional_logit(*choices([1.5, -1.0], -1.0), outside_option=True)
    assert weights[1] == 0
    assert weights[0] > 1


@pytest.mark.parametrize("seed", range(5))
def test_no_weight_is_ever_negative(seed: int) -> None:
    generator = np.random.default_rng(seed)
    figures = generator.standard_normal((60, ALTERNATIVES, 4)).astype(np.float32)
    for outside_option in (True, False):
        weights, intercept = conditional_logit(
            figures, generator.integers(0, ALTERNATIVES, 60), outside_option=outside_option
        )
        assert (weights >= 0).all()
        assert np.isfinite(intercept)


def test_probabilities_are_calibrated_on_choices_that_were_not_seen() -> None:
    weights, intercept = conditional_logit(*choices([2.0, 0.7], -1.5), outside_option=True)
    figures, chosen = choices([2.0, 0.7], -1.5, n=20_000, seed=4)  # of 4,000, the error is .02 by chance alone
    shares = probabilities(figures, weights, intercept)
    best = shares.argmax(axis=1)
    assert expected_calibration_error(shares.max(axis=1), best == chosen) < 0.02
    # How often nothing was chosen is met as well.
    assert (1 - shares.sum(axis=1)).mean() == pytest.approx((chosen < 0).mean(), abs=0.02)


def test_much_evidence_overflows_nothing() -> None:
    figures, chosen = choices([1.0], -1.0, n=200)
    weights, intercept = conditional_logit(figures * 1e4, chosen, outside_option=True)
    assert np.isfinite([*weights, intercept]).all()


def test_the_same_choices_give_the_same_weights() -> None:
    once, again = (conditional_logit(*choices([1.0, 2.0], -1.0, n=300), outside_option=True) for _ in range(2))
    np.testing.assert_array_equal(once[0], again[0])
    assert once[1] == again[1]


def test_no_convergence_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choice, "minimize", lambda *_, **__: SimpleNamespace(success=False, message="too far"))
    with pytest.raises(RepliekError, match=r"did not converge \(too far\)"):
        conditional_logit(*choices([1.0], -1.0, n=20), outside_option=True)
