"""Learn what customers feel, and when they do not mean what they say: two heads, and a rule set on held-out folds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csr_matrix, vstack

from repliek.encoder import FloatArray
from repliek.heads import softmax
from repliek.history import Exchange
from repliek.intents import UNKNOWN
from repliek.metrics import BoolArray, IntArray, macro_f1
from repliek.tone.cues import BUCKETS, CUE_COLUMNS
from repliek.tone.emotion import (
    ROWS_AT_ONCE,
    SARCASTIC,
    SINCERE,
    Emotion,
    EmotionRule,
    SarcasmRule,
    emotion_features,
)
from training.calibration import sharpen
from training.folds import Folds
from training.heads import PARITY_ROWS, FittedClassifier, export, fit_classifier

LEAST = 100
"""Labelled messages from which an emotion head is learned."""

LEAST_SARCASTIC = 30
"""Sarcastic messages, and sincere ones, from which a head for sarcasm is learned."""

STRENGTH = 4.0
"""scikit-learn's C. On folds of the bundled history the log-loss is flat from 2 to 5."""

CUE_WEIGHT, WORD_WEIGHT = 0.3, 1.5
"""What a cue, and all words of a message together, measure beside a vector of length one: chosen on the same folds. The
penalty falls on what is small, so these say how soon each is believed."""

_RARITIES = tuple(round(0.05 * step, 2) for step in range(21))
"""Powers of an emotion's frequency that its probability may be divided by."""

_CERTAINTY = 1e3
"""scikit-learn's C for two figures out of hundreds of messages, which need no holding back."""

_SARCASM_LABELS = (SINCERE, SARCASTIC)


@dataclass(frozen=True, slots=True)
class JudgedEmotions:
    """What was read of n labelled messages that were held out.

    Attributes:
        labels: the emotions, c of them.
        expected: (n,) int64, column of each message's own emotion.
        chosen: (n,) int64 column that was read.
        confidence: (n,) float32 probability of it.
        sarcastic: (m,) bool, of the m messages that are labelled with it; none where no head was learned.
        flagged: (m,) bool, whether they were read as sarcastic.
    """

    labels: tuple[Emotion, ...]
    expected: IntArray
    chosen: IntArray
    confidence: FloatArray
    sarcastic: BoolArray
    flagged: BoolArray


@dataclass(frozen=True, slots=True)
class FittedEmotions:
    """Heads as ONNX, and the rule by which they are read.

    Attributes:
        head: of the emotions.
        sarcasm: `None` where too few messages are labelled with it.
        rule: set on held-out folds.
        judged: what was read there.
    """

    head: bytes
    sarcasm: bytes | None
    rule: EmotionRule
    judged: JudgedEmotions


@dataclass(frozen=True, slots=True)
class _Material:
    """Features of n messages, as they are learned from and as they are served.

    Attributes:
        features: (n, d) float32, sparse and scaled.
        scale: (d,) float32.
        sample: (at most `PARITY_ROWS`, d) float32, not scaled.
    """

    features: csr_matrix
    scale: FloatArray
    sample: FloatArray

    @classmethod
    def of(cls, messages: Sequence[str], vectors: FloatArray) -> _Material:
        """Read n messages; the rarer a word among them, the more it counts (Spärck Jones 1972)."""
        rows = [slice(start, start + ROWS_AT_ONCE) for start in range(0, len(messages), ROWS_AT_ONCE)]
        raw = csr_matrix(vstack([csr_matrix(emotion_features(vectors[part], messages[part])) for part in rows]))
        held = np.bincount(raw.indices, minlength=raw.shape[1])[-BUCKETS:]
        rarity = np.log((1 + len(messages)) / (1 + held)) + 1
        scale = np.concatenate(
            [np.ones(vectors.shape[1]), np.full(CUE_COLUMNS, CUE_WEIGHT), WORD_WEIGHT * rarity / rarity.mean()]
        ).astype(np.float32)
        scaled = raw.multiply(scale).tocsr().astype(np.float32)
        return cls(scaled, scale, emotion_features(vectors[:PARITY_ROWS], messages[:PARITY_ROWS]))

    def fit(self, rows: IntArray, targets: IntArray, labels: Sequence[str], seed: int) -> FittedClassifier:
        """Fit on the messages at `rows`, (m,) int64; `targets` are (n,) positions in `labels`."""
        return fit_classifier(self.features[rows], targets[rows], labels, inverse_regularisation=STRENGTH, seed=seed)

    def held_out(
        self, targets: IntArray, labels: Sequence[str], folds: Folds, seed: int
    ) -> tuple[IntArray, FloatArray]:
        """Return the labelled rows that could be held out, (m,) int64, and their (m, labels) float32 logits."""
        logits = np.zeros((len(targets), len(labels)), dtype=np.float32)
        read = np.zeros(len(targets), dtype=bool)
        for rest, tried in folds:
            known, asked = rest[targets[rest] >= 0], tried[targets[tried] >= 0]
            # A small history may have all of a label in one fold; what is left then teaches nothing.
            if len(asked) and len(np.unique(targets[known])) == len(labels):
                logits[asked] = self.fit(known, targets, labels, seed).logits(self.features[asked])
                read[asked] = True
        rows = np.flatnonzero(read)
        return rows, logits[rows]


def fit_emotions(history: Sequence[Exchange], vectors: FloatArray, folds: Folds, seed: int) -> FittedEmotions | None:
    """Learn emotions and sarcasm from labelled messages; nothing where there are too few, or none can be held out.

    Args:
        history: n exchanges.
        vectors: (n, d) float32 query vectors.
        folds: what is held out together.
        seed: of the solver.

    Raises:
        RepliekError: an exported head differs from the fitted one.
    """
    labels = tuple(emotion for emotion in Emotion if any(exchange.emotion is emotion for exchange in history))
    places = {emotion: place for place, emotion in enumerate(labels)}
    targets = np.array([places[one.emotion] if one.emotion else UNKNOWN for one in history], dtype=np.int64)
    known = np.flatnonzero(targets >= 0)
    if len(known) < LEAST or len(labels) < 2:
        return None
    material = _Material.of([exchange.message for exchange in history], vectors)
    rows, logits = material.held_out(targets, labels, folds, seed)
    if not len(rows):
        return None
    own = targets[rows]
    rule = EmotionRule(sharpness=sharpen(softmax(logits), own))
    probabilities = rule.probabilities(logits)
    frequency = np.bincount(targets[known], minlength=len(labels)) / len(known)
    rule = replace(rule, leanings=_leanings(probabilities, own, labels, frequency))
    chosen = rule.choose(logits, rule.leaning(labels))
    frustrated = np.zeros(len(history), dtype=bool)
    if Emotion.FRUSTRATED in places:
        frustrated[rows[chosen == places[Emotion.FRUSTRATED]]] = True
    sarcasm = _fit_sarcasm(history, frustrated, material, folds, seed)
    if sarcasm:
        rule = replace(rule, sarcasm=sarcasm.rule)
    nothing = np.zeros(0, dtype=bool)
    return FittedEmotions(
        head=export(material.fit(known, targets, labels, seed), material.sample, material.scale),
        sarcasm=sarcasm.head if sarcasm else None,
        rule=rule,
        judged=JudgedEmotions(
            labels=labels,
            expected=own,
            chosen=chosen,
            confidence=np.take_along_axis(probabilities, chosen[:, np.newaxis], 1)[:, 0],
            sarcastic=sarcasm.sarcastic if sarcasm else nothing,
            flagged=sarcasm.flagged if sarcasm else nothing,
        ),
    )


def _leanings(
    probabilities: FloatArray, expected: IntArray, labels: Sequence[Emotion], frequency: FloatArray
) -> dict[Emotion, float]:
    """Return the leanings with the highest macro F1: towards what is rare, one power of its frequency for all."""
    logs = np.log(np.maximum(probabilities, 1e-9))

    def score(rarity: float) -> float:
        return macro_f1(expected, (logs - rarity * np.log(frequency)).argmax(axis=1))

    rarity = max(_RARITIES, key=score)
    return {label: float(-rarity * np.log(share)) for label, share in zip(labels, frequency, strict=True)}


@dataclass(frozen=True, slots=True)
class _FittedSarcasm:
    """The head, its rule, and of m labelled messages whether they are sarcastic and were flagged when held out."""

    head: bytes
    rule: SarcasmRule
    sarcastic: BoolArray
    flagged: BoolArray


def _fit_sarcasm(
    history: Sequence[Exchange], frustrated: BoolArray, material: _Material, folds: Folds, seed: int
) -> _FittedSarcasm | None:
    """Learn sarcasm; `frustrated` is (n,) bool, whether each of n messages was read so when it was held out."""
    labels = [exchange.sarcastic for exchange in history]
    targets = np.array([UNKNOWN if label is None else int(label) for label in labels], dtype=np.int64)
    known = np.flatnonzero(targets >= 0)
    counts = np.bincount(targets[known], minlength=2)
    if counts.min() < LEAST_SARCASTIC:
        return None
    rows, logits = material.held_out(targets, _SARCASM_LABELS, folds, seed)
    if not len(rows):
        return None
    head = material.fit(known, targets, _SARCASM_LABELS, seed)
    own, odds = targets[rows], logits[:, 1] - logits[:, 0]
    weights, bias = fit_classifier(
        odds[:, np.newaxis], own, _SARCASM_LABELS, inverse_regularisation=_CERTAINTY, seed=seed
    ).linear()
    rule = SarcasmRule(slope=float(weights[1, 0]), offset=float(bias[1]))
    probabilities = rule.probabilities(odds)
    served = frustrated[rows]
    threshold = _best_threshold(np.where(served, probabilities, 0), own == 1)
    return _FittedSarcasm(
        head=export(head, material.sample, material.scale),
        rule=replace(rule, threshold=threshold),
        sarcastic=own == 1,
        flagged=served & (probabilities >= threshold),
    )


def _best_threshold(probabilities: FloatArray, sarcastic: BoolArray) -> float:
    """Return the threshold with the highest F-measure of the flag, precision counting twice as much as recall.

    Sarcasm that is missed is answered as frustration, which it is; a sincere customer who is taken for a mocker is not.
    """
    order = np.argsort(-probabilities, kind="stable")
    hits = np.cumsum(sarcastic[order])
    measure = 1.25 * hits / (np.arange(1, len(order) + 1) + 0.25 * hits[-1])
    return float(probabilities[order[int(measure.argmax())]])
