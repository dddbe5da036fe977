"""Classifiers on top of embeddings, run by onnxruntime."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Protocol

import numpy as np
import onnxruntime as ort

from repliek.encoder import FloatArray
from repliek.errors import BundleError

LABELS_KEY = "repliek.labels"
"""The entry of an ONNX file's metadata that holds the labels, as a JSON list in the order of the outputs."""


class Classifier(Protocol):
    """Anything that weighs each label."""

    @property
    def labels(self) -> tuple[str, ...]: ...

    def logits(self, features: FloatArray) -> FloatArray:
        """Return (n, len(labels)) float32 for (n, d) float32 features: their `softmax` are the probabilities."""
        ...


def softmax(logits: FloatArray) -> FloatArray:
    """Return the probabilities, rows summing to 1, of (n, c) float32 `logits`; a label of -inf gets 0."""
    scaled = np.exp(logits - logits.max(axis=1, keepdims=True))
    return (scaled / scaled.sum(axis=1, keepdims=True)).astype(np.float32)


def shares(utilities: FloatArray) -> FloatArray:
    """Return the probability of each alternative where choosing none is possible too, rows summing to at most 1.

    Args:
        utilities: (n, alternatives) float32 log odds of each against none.
    """
    outside = np.zeros((len(utilities), 1), dtype=np.float32)
    return softmax(np.concatenate([utilities, outside], axis=1))[:, :-1]


class OnnxClassifier:
    """A classifier stored as ONNX: input `features` (n, d), output `logits` (n, c), both float32."""

    def __init__(self, session: ort.InferenceSession, labels: Sequence[str]) -> None:
        self._session = session
        self._labels = tuple(labels)

    @classmethod
    def from_bytes(cls, model: bytes) -> OnnxClassifier:
        """Load a classifier from the bytes of an ONNX file.

        Raises:
            BundleError: the bytes are no ONNX model, or one without labels.
        """
        options = ort.SessionOptions()
        options.intra_op_num_threads = 1  # 30 us of work: a thread pool costs more than it gains
        options.log_severity_level = 3
        try:
            session = ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # onnxruntime raises a dozen classes of its own
            raise BundleError(
                f"a head is no ONNX model that this onnxruntime can load ({type(error).__name__})"
            ) from None
        labels = session.get_modelmeta().custom_metadata_map.get(LABELS_KEY)
        if labels is None:
            raise BundleError(f"a head has no labels; expected them in its metadata as {LABELS_KEY!r}")
        return cls(session, json.loads(labels))

    @property
    def labels(self) -> tuple[str, ...]:
        return self._labels

    def logits(self, features: FloatArray) -> FloatArray:
        """Return (n, len(labels)) float32 logits for (n, d) float32 features."""
        (found,) = self._session.run(["logits"], {"features": features.astype(np.float32, copy=False)})
        return found
