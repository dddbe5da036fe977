"""What a reply may be an example of: itself as a whole, or one of its sentences."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from repliek.encoder import Encoder, FloatArray
from repliek.space import unit
from training.mining.replies import statements
from training.mining.slots import Skeleton, Slots

MIN_WORDS = 3
"""Shorter texts ("graag gedaan", "klopt dat?") answer nothing by themselves."""

MAX_SENTENCES = 80_000
"""Different sentences that are encoded, five minutes on one core; beyond, many of those said once are left out."""


@dataclass(frozen=True, slots=True)
class Unit:
    """Something that may be an answer: a whole reply, or one sentence of it.

    Attributes:
        skeleton: its text, with slots.
        sentences: the texts, with slots, that it consists of.
        share: of the reply's length.
    """

    skeleton: Skeleton
    sentences: tuple[str, ...]
    share: float

    @property
    def text(self) -> str:
        return self.skeleton.text


def units_of(reply: str, slots: Slots) -> tuple[Unit, ...]:
    """Return what a reply may be an example of: itself as a whole, then its sentences, the longest first."""
    sentences = statements(reply)
    skeletons = [skeleton for sentence in sentences if (skeleton := slots.skeleton(sentence)).text]
    length = sum(len(skeleton.text) for skeleton in skeletons)
    units = [Unit(skeleton, (skeleton.text,), len(skeleton.text) / length) for skeleton in skeletons]
    units.sort(key=lambda one: -one.share)
    if len(units) > 1:
        whole = Unit(slots.skeleton(" ".join(sentences)), tuple(skeleton.text for skeleton in skeletons), 1.0)
        units.insert(0, whole)
    return tuple(one for one in units if len(one.text.split()) >= MIN_WORDS)


def affordable(said: dict[int, tuple[Unit, ...]]) -> dict[int, tuple[Unit, ...]]:
    """Leave out what would make mining long: of more sentences than `MAX_SENTENCES`, those that fewest replies hold.

    Among those said equally often a digest chooses, so that the same history always gives the same answers.
    """
    replies = Counter(sentence for units in said.values() for sentence in {s for one in units for s in one.sentences})
    if len(replies) <= MAX_SENTENCES:
        return said
    kept = sorted(replies, key=lambda sentence: (-replies[sentence], digest(sentence)))[:MAX_SENTENCES]
    known = frozenset(kept)
    return {row: tuple(one for one in units if known.issuperset(one.sentences)) for row, units in said.items()}


@dataclass(frozen=True, slots=True)
class Space:
    """Vectors of units: the mean of their sentences', each as heavy as it is long.

    So every sentence is encoded once, however many replies hold it.
    """

    rows: dict[str, int]
    vectors: FloatArray

    @classmethod
    def of(cls, said: Iterable[Unit], known: Iterable[Unit], encoder: Encoder) -> Space:
        """Encode every sentence, around the mean of those that were said, whatever else is known."""
        heard = sorted({sentence for one in said for sentence in one.sentences})
        others = sorted({sentence for one in known for sentence in one.sentences}.difference(heard))
        sentences = heard + others
        vectors = encoder.encode_passages(sentences)
        if len(heard) > 1:  # one sentence alone would lie at its own centre
            vectors = unit(vectors - vectors[: len(heard)].mean(axis=0))
        return cls({sentence: row for row, sentence in enumerate(sentences)}, vectors)

    def encode(self, units: Sequence[Unit]) -> FloatArray:
        """Return (units, d) float32, rows of length one."""
        means = np.empty((len(units), self.vectors.shape[1]), dtype=np.float32)
        for row, one in enumerate(units):
            lengths = np.array([len(sentence) for sentence in one.sentences], dtype=np.float32)
            means[row] = lengths @ self.vectors[[self.rows[sentence] for sentence in one.sentences]]
        return unit(means)


def digest(text: str) -> str:
    """Return what stands for a text where it is to be named or put in an order that never changes."""
    return hashlib.sha256(text.encode()).hexdigest()
