"""What the data checks look at: a history, its answers, and which of its messages say nearly the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from repliek.encoder import FloatArray
from repliek.history import Exchange
from repliek.knowledge import KnowledgeBase
from repliek.retrieval import IntArray, Neighbours, VectorIndex
from training.folds import Folds
from training.space import Encoded

NEAR = 0.9
"""Cosine from which two messages say nearly the same, in the space in which a bundle compares them."""

NEAREST = 50
"""How many neighbours of a message are looked at for near-same ones; what has the same text is found however often."""


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Exchanges that were kept apart to measure on.

    Attributes:
        history: the exchanges.
        nearest: of each, the nearest messages that are learned from.
    """

    history: tuple[Exchange, ...]
    nearest: Neighbours


@dataclass(frozen=True, slots=True)
class Material:
    """What is checked.

    Attributes:
        history: n exchanges, redacted.
        knowledge: the answers.
        folds: which exchanges are held out together.
        groups: (n,) int64; messages that say nearly the same share a number.
        held_out: what was kept apart, `None` where nothing was.
    """

    history: tuple[Exchange, ...]
    knowledge: KnowledgeBase
    folds: Folds
    groups: IntArray
    held_out: HeldOut | None = None

    @property
    def near_same(self) -> list[IntArray]:
        """The rows, (m,) int64 in order, of each group of two or more messages."""
        order = np.argsort(self.groups, kind="stable")
        parts = np.split(order, np.flatnonzero(np.diff(self.groups[order])) + 1)
        return sorted((part for part in parts if len(part) > 1), key=lambda part: int(part[0]))

    def ids(self, rows: IntArray) -> tuple[str, ...]:
        """Return the ids of the exchanges in these rows."""
        return tuple(self.history[row].exchange_id for row in rows)


def gather(
    history: tuple[Exchange, ...],
    knowledge: KnowledgeBase,
    encoded: Encoded,
    folds: Folds,
    across: Neighbours,
    held_out: Sequence[Exchange],
) -> Material:
    """Look for messages that say nearly the same, by their neighbours, not by all pairs.

    Args:
        history: n exchanges.
        knowledge: the answers.
        encoded: the same, encoded.
        folds: into which the exchanges are divided.
        across: of each message the neighbours in other folds.
        held_out: exchanges that were kept apart, none where nothing was.
    """
    kept = None
    if held_out:
        vectors = encoded.space.encode_queries([exchange.query for exchange in held_out])
        kept = HeldOut(tuple(held_out), VectorIndex.build(encoded.messages).search(vectors, NEAREST))
    return Material(history, knowledge, folds, near_same_groups(history, encoded.messages, folds, across), kept)


def near_same_groups(history: Sequence[Exchange], vectors: FloatArray, folds: Folds, across: Neighbours) -> IntArray:
    """Return (n,) int64: a number for each exchange, shared by those that say nearly the same, or by a chain of such.

    Args:
        history: n exchanges.
        vectors: (n, d) float32 of their messages.
        folds: the parts into which they are divided.
        across: of each message the neighbours in other parts; those within its own part are looked for here.
    """
    links = [_near(np.arange(len(vectors)), across)]
    for _, part in folds:
        if len(part) > 1:
            found = VectorIndex.build(vectors[part]).search(vectors[part], NEAREST)
            links.append(_near(part, Neighbours(found.similarities, part[found.rows])))
    links.append(_same_text(history))
    pairs = np.concatenate(links)
    graph = coo_matrix((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(len(vectors), len(vectors)))
    return connected_components(graph, directed=False)[1].astype(np.int64)


def _near(rows: IntArray, neighbours: Neighbours) -> IntArray:
    """Return (m, 2) the pairs of (n,) `rows` and a neighbour that say nearly the same."""
    places, ranks = np.nonzero(neighbours.similarities >= NEAR)
    return np.stack([rows[places], neighbours.rows[places, ranks]], axis=1)


def _same_text(history: Sequence[Exchange]) -> IntArray:
    """Return (m, 2) pairs that chain the messages of the same text."""
    numbers: dict[str, int] = {}
    texts = np.array([numbers.setdefault(one.wording, len(numbers)) for one in history])
    order = np.argsort(texts, kind="stable")
    same = np.flatnonzero(np.diff(texts[order]) == 0)
    return np.stack([order[same], order[same + 1]], axis=1)
