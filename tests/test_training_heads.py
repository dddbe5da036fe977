from __future__ import annotations

import numpy as np
import pytest

from repliek.encoder import FloatArray
from repliek.errors import RepliekError
from repliek.heads import OnnxClassifier, softmax
from repliek.retrieval import IntArray
from repliek.space import unit
from training import heads
from training.heads import PARITY, FittedClassifier, export, fit_classifier

LABELS = ("invoice", "delivery", "klacht é", "modem")


def clouds(classes: int, each: int = 40, spread: float = 0.3) -> tuple[FloatArray, IntArray]:
    """Unit vectors in as many clouds."""
    generator = np.random.default_rng(5)
    middles = generator.standard_normal((classes, 16))
    targets = np.repeat(np.arange(classes), each)
    noise = spread * generator.standard_normal((len(targets), 16))
    return unit((middles[targets] / 4 + noise).astype(np.float32)), targets.astype(np.int64)


def fit(
    features: FloatArray, targets: IntArray, labels: tuple[str, ...] = LABELS, *, c: float = 30.0
) -> FittedClassifier:
    return fit_classifier(features, targets, labels, inverse_regularisation=c, seed=13)


@pytest.mark.parametrize("classes", [2, 3, 4])
def test_an_exported_head_says_what_the_fitted_one_says(classes: int) -> None:
    features, targets = clouds(classes)
    fitted = fit(features, targets, LABELS[:classes])
    exported = OnnxClassifier.from_bytes(export(fitted, features))
    assert exported.labels == fitted.labels == LABELS[:classes]
    found = softmax(exported.logits(features))
    np.testing.assert_allclose(found, softmax(fitted.logits(features)), atol=PARITY)
    np.testing.assert_allclose(found.sum(axis=1), 1, rtol=1e-5)
    assert found.dtype == np.float32
    assert (found.argmax(axis=1) == targets).mean() > 0.8
    assert exported.logits(features[:0]).shape == (0, classes)


def test_a_label_that_was_not_seen_is_impossible_and_not_exported() -> None:
    features, targets = clouds(3)
    seen = targets != 1
    fitted = fit(features[seen], targets[seen], LABELS[:3])
    found = softmax(fitted.logits(features))
    assert found[:, 1].tolist() == [0] * len(features)
    np.testing.assert_allclose(found.sum(axis=1), 1, rtol=1e-5)
    assert OnnxClassifier.from_bytes(export(fitted, features)).labels == (LABELS[0], LABELS[2])


def test_no_rows_have_no_logits() -> None:
    assert fit(*clouds(4)).logits(np.zeros((0, 16), dtype=np.float32)).shape == (0, 4)


def test_the_solver_goes_on_until_it_has_converged() -> None:
    features, targets = clouds(4)
    fitted = fit(features, targets, c=100.0)
    assert fitted.model.n_iter_.max() < heads.MAX_ITERATIONS
    # At the optimum the residuals of each class are balanced, which fixes the mean probability of each.
    np.testing.assert_allclose(softmax(fitted.logits(features)).mean(axis=0), 0.25, atol=1e-3)


def test_no_convergence_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heads, "MAX_ITERATIONS", 1)
    with pytest.raises(RepliekError, match="did not converge in 1 iterations; remove rare labels"):
        fit(*clouds(4))


@pytest.mark.parametrize("targets", [np.zeros(40, dtype=np.int64), np.zeros(0, dtype=np.int64)], ids=["one", "none"])
def test_fewer_than_two_labels_teach_nothing(targets: IntArray) -> None:
    with pytest.raises(RepliekError, match="fewer than two labels"):
        fit(np.ones((len(targets), 16), dtype=np.float32), targets)


def test_an_export_that_says_something_else_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    features, targets = clouds(2)
    fitted = fit(features, targets, LABELS[:2])
    monkeypatch.setattr(heads, "PARITY", -1.0)
    with pytest.raises(RepliekError, match="an exported head differs from the fitted one by"):
        export(fitted, features)


def test_rare_labels_can_weigh_as_much_as_frequent_ones() -> None:
    features, targets = clouds(2, spread=1.0)
    kept = (targets == 0) | (np.arange(len(targets)) % 8 == 0)
    rare = features[targets == 1]
    plain, balanced = (
        softmax(
            fit_classifier(
                features[kept], targets[kept], LABELS[:2], inverse_regularisation=1.0, seed=13, balanced=balanced
            ).logits(rare)
        )[:, 1]
        for balanced in (False, True)
    )
    assert balanced.mean() > plain.mean() + 0.1
