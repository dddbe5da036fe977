"""Linear heads: fitted with scikit-learn, exported to ONNX, compared with what was exported."""

from __future__ import annotations

import json
import warnings
from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression

from repliek.encoder import FloatArray
from repliek.errors import RepliekError
from repliek.heads import LABELS_KEY, OnnxClassifier, softmax

TOLERANCE = 1e-4
MAX_ITERATIONS = 1_000
"""lbfgs on unit vectors needs some 60 iterations; with a loose tolerance it stops before it has begun."""

PARITY = 1e-5
"""Largest difference between a probability and its exported twin; float32 leaves about 2e-7."""

PARITY_ROWS = 200
"""On so many rows an exported head is compared with the fitted one."""

OPSET = 18

Features = FloatArray | csr_matrix


class FittedClassifier:
    """A scikit-learn classifier behind the engine's interface, for folds that are never exported."""

    def __init__(self, model: LogisticRegression, labels: Sequence[str]) -> None:
        self.model = model
        self._labels = tuple(labels)

    @property
    def labels(self) -> tuple[str, ...]:
        return self._labels

    @property
    def strength(self) -> float:
        """scikit-learn's C, with which it was fitted."""
        return float(self.model.C)

    def logits(self, features: Features) -> FloatArray:
        """Return (n, len(labels)) float32 logits; labels that were not seen in the fold get -inf."""
        weights, bias = self.linear()
        found = np.full((features.shape[0], len(self._labels)), -np.inf, dtype=np.float32)
        found[:, self.model.classes_] = features @ weights.T + bias
        return found

    def linear(self) -> tuple[FloatArray, FloatArray]:
        """Return (c, d) float32 weights and (c,) float32 bias of the c labels that were seen.

        For two labels scikit-learn keeps the difference alone; the first one's part is then 0.
        """
        weights, bias = self.model.coef_, self.model.intercept_
        if len(weights) < len(self.model.classes_):
            weights, bias = np.vstack([np.zeros_like(weights), weights]), np.append(0.0, bias)
        return weights.astype(np.float32), bias.astype(np.float32)


def fit_classifier(
    features: Features,
    targets: np.ndarray,
    labels: Sequence[str],
    *,
    inverse_regularisation: float,
    seed: int,
    balanced: bool = False,
) -> FittedClassifier:
    """Fit a multinomial logistic regression.

    Args:
        features: (n, d) float32, sparse where most of them are 0.
        targets: (n,) int64 positions in `labels`.
        labels: all labels, also those that these rows do not hold.
        inverse_regularisation: scikit-learn's C.
        seed: of the solver.
        balanced: weigh each label the same, however often it occurs.

    Raises:
        RepliekError: the rows hold fewer than two labels, or the solver did not converge.
    """
    if len(np.unique(targets)) < 2:
        raise RepliekError(
            "a part of the history holds fewer than two labels to tell apart; expected at least two labels "
            "with exchanges in several conversations each"
        )
    model = LogisticRegression(
        C=inverse_regularisation,
        tol=TOLERANCE,
        max_iter=MAX_ITERATIONS,
        random_state=seed,
        class_weight="balanced" if balanced else None,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("error", ConvergenceWarning)
        try:
            model.fit(features, targets)
        except ConvergenceWarning:
            raise RepliekError(f"a head did not converge in {MAX_ITERATIONS} iterations; remove rare labels") from None
    return FittedClassifier(model, labels)


def fit_rows(
    vectors: FloatArray, rows: np.ndarray, among: np.ndarray, labels: Sequence[str], strength: float, seed: int
) -> FittedClassifier:
    """Fit on the rows in `among`, (m,) int64, that have a label.

    Args:
        vectors: (n, d) float32.
        rows: (n,) int64 position of each row's label, negative without.
        among: which rows may be learned from.
        labels: all labels.
        strength: scikit-learn's C.
        seed: of the solver.
    """
    known = among[rows[among] >= 0]
    return fit_classifier(vectors[known], rows[known], labels, inverse_regularisation=strength, seed=seed)


def export(classifier: FittedClassifier, sample: FloatArray, scale: FloatArray | None = None) -> bytes:
    """Return the classifier as ONNX, after checking on `sample` that it says the same.

    Args:
        classifier: the fitted one.
        sample: (n, d) float32 features as they will be served.
        scale: (d,) float32 by which the features were multiplied when it was fitted; the exported head does it itself.

    Raises:
        RepliekError: the exported head differs by more than `PARITY`.
    """
    from onnx import TensorProto, helper, numpy_helper

    weights, bias = classifier.linear()
    learned_from = sample
    if scale is not None:
        weights, learned_from = weights * scale, sample * scale
    seen = [classifier.labels[column] for column in classifier.model.classes_]
    graph = helper.make_graph(
        [helper.make_node("Gemm", ["features", "weights", "bias"], ["logits"], transB=1)],
        "head",
        [helper.make_tensor_value_info("features", TensorProto.FLOAT, ["n", weights.shape[1]])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["n", len(seen)])],
        [numpy_helper.from_array(weights, "weights"), numpy_helper.from_array(bias, "bias")],
    )
    proto = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=10)
    helper.set_model_props(proto, {LABELS_KEY: json.dumps(seen, ensure_ascii=False)})
    model = proto.SerializeToString()
    found = softmax(OnnxClassifier.from_bytes(model).logits(sample))
    difference = float(np.abs(found - classifier.model.predict_proba(learned_from)).max())
    if difference > PARITY:
        raise RepliekError(
            f"an exported head differs from the fitted one by {difference:.1e}; expected at most {PARITY:.0e}"
        )
    return model
