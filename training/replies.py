"""Learn which reply follows which context, and keep it only where it orders held-out replies better."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from repliek.asked import Asked
from repliek.encoder import Encoder, FloatArray
from repliek.history import Exchange
from repliek.metrics import beyond_its_error
from repliek.replies import KINDS, NEARBY, NearbyReplies, ReplyHead, ReplyMap, Situations, measure
from repliek.retrieval import IntArray
from training.choice import conditional_logit
from training.folds import Folds

PARTS = 5
"""Held-out parts; fewer than of the rest, since a map is learned without each."""

DISTRACTORS = 99
"""Other replies beside the true one, as in the figure `one_of_100`."""

MAX_PAIRS = 20_000
"""Pairs of context and reply to learn from; more of them, drawn at random, take memory and teach little."""

DIMENSIONS = 256
"""Of the space in which contexts and replies meet."""

SHRINKAGE = 8.0
"""Of the map, in units of one context's squared length; half or twice as much orders as well."""

REPLY_SHRINKAGE = 0.002
"""Of the directions in which replies differ, as a share of all their variance; chosen, like `DIMENSIONS`, on held-out
conversations of a public set of chats."""


@dataclass(frozen=True, slots=True)
class FittedReplies:
    """How replies are scored, with how often the true one came first of a hundred when its conversation was held out.

    Attributes:
        head: what was learned; `None` where it is no better than what needs no learning.
        learned: share of the held-out replies that the learned scorer puts first.
        nearby: the same of the one that needs no learning.
    """

    head: ReplyHead | None
    learned: float
    nearby: float

    @property
    def one_of_100(self) -> float:
        """The share for the scorer that is used."""
        return self.nearby if self.head is None else self.learned


@dataclass(frozen=True, slots=True)
class Pairs:
    """n pairs of a context and the reply that followed it.

    Attributes:
        situations: the contexts, with neighbours out of fold.
        replies: (n, d) float32 passage vectors.
        texts: (n,) int64 number of each reply's text; equal texts share one.
        parts: (n,) int64 held-out part of each, whole conversations together.
    """

    situations: Situations
    replies: FloatArray
    texts: IntArray
    parts: IntArray

    @classmethod
    def of(
        cls,
        history: Sequence[Exchange],
        asked: Asked,
        replies: FloatArray,
        space: Encoder,
        folds: Folds,
        seed: int,
    ) -> Pairs:
        """Gather the exchanges that have a reply, at most `MAX_PAIRS` of them.

        Args:
            history: n exchanges.
            asked: their vectors, with neighbours out of fold.
            replies: (r, d) float32 passage vectors of the replies, of the exchanges that have one, in their order.
            space: encodes turns.
            folds: no conversation is in two of them.
            seed: of what is drawn.
        """
        rows = np.array([row for row, exchange in enumerate(history) if exchange.reply], dtype=np.int64)
        kept = np.arange(len(rows))
        if len(rows) > MAX_PAIRS:
            kept = np.sort(np.random.default_rng(seed).choice(len(rows), MAX_PAIRS, replace=False))
        rows = rows[kept]
        chosen = [history[row] for row in rows.tolist()]
        written = [" ".join((exchange.reply or "").split()) for exchange in chosen]
        return cls(
            Situations.read(chosen, asked.take(rows), space),
            replies[kept],
            np.unique(np.array(written, dtype=np.str_), return_inverse=True)[1].astype(np.int64),
            folds.numbers[rows] % PARTS,
        )

    def enough(self) -> bool:
        """Whether each held-out part has a hundred different replies to choose from."""
        return all(len(np.unique(self.texts[self.parts == part])) > DISTRACTORS for part in range(PARTS))


def fit_replies(
    history: Sequence[Exchange], asked: Asked, nearby: NearbyReplies, space: Encoder, folds: Folds, seed: int
) -> FittedReplies | None:
    """Learn from a history, or return `None` where it has too few replies to judge what was learned.

    Args:
        history: n exchanges.
        asked: their vectors, with neighbours out of fold.
        nearby: the replies of the exchanges that have one, in their order.
        space: encodes turns.
        folds: no conversation is in two of them.
        seed: of what is drawn.
    """
    pairs = Pairs.of(history, asked, nearby.replies, space, folds, seed)
    if not pairs.enough():
        return None
    figures = _held_out(pairs, nearby, seed)
    unlearned = _first(figures[:, :, NEARBY].sum(axis=2))
    learned = _learned(figures, pairs.parts)
    gained = learned - unlearned
    # More than its own standard error: what is gained by chance alone is not worth a file.
    better = beyond_its_error(gained)
    weights, _ = conditional_logit(figures, np.zeros(len(gained), dtype=np.int64), outside_option=False)
    contexts = pairs.situations.contexts()
    return FittedReplies(
        head=ReplyHead(_Moments.of(contexts, pairs.replies).map(), weights.astype(np.float32)) if better else None,
        learned=float(learned.mean()),
        nearby=float(unlearned.mean()),
    )


def _learned(figures: FloatArray, parts: IntArray) -> npt.NDArray[np.float64]:
    """Return (n,) float64, 1 where the true reply comes first with the weights of the other parts."""
    first = np.zeros(len(figures))
    for part in np.unique(parts):
        rest, held = parts != part, parts == part
        chosen = np.zeros(int(rest.sum()), dtype=np.int64)
        weights, _ = conditional_logit(figures[rest], chosen, outside_option=False)
        first[held] = _first(figures[held] @ weights)
    return first


def _first(scores: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
    """Return (n,) float64, 1 where the first column is above all others."""
    return (scores[:, 0] > scores[:, 1:].max(axis=1)).astype(np.float64)


def _held_out(pairs: Pairs, nearby: NearbyReplies, seed: int) -> FloatArray:
    """Measure every pair, beside other replies of its part, with a map that was learned without that part.

    Returns:
        (n, 1 + `DISTRACTORS`, `KINDS`) float32; the true reply stands first.
    """
    contexts = pairs.situations.contexts()
    everything = _Moments.of(contexts, pairs.replies)
    figures = np.zeros((len(contexts), 1 + DISTRACTORS, KINDS), dtype=np.float32)
    random = np.random.default_rng(seed)
    for part in range(PARTS):
        held = np.flatnonzero(pairs.parts == part)
        rest = everything.without(_Moments.of(contexts[held], pairs.replies[held]))
        learned = rest.map()
        texts, rows = np.unique(pairs.texts[held], return_index=True)
        candidates = pairs.replies[held[rows]]
        for start in range(0, len(held), 256):
            chosen = held[start : start + 256]
            own = np.searchsorted(texts, pairs.texts[chosen])
            drawn = np.stack([draw(random, len(texts), place) for place in own])[:, :, np.newaxis]
            situations = pairs.situations.take(chosen)
            figures[chosen] = np.take_along_axis(measure(nearby, learned, situations, candidates), drawn, 1)
    return figures


def draw(random: np.random.Generator, n: int, own: int) -> IntArray:
    """Return `own`, followed by `DISTRACTORS` others of n numbers."""
    drawn = random.choice(n - 1, size=DISTRACTORS, replace=False)
    return np.append(own, drawn + (drawn >= own))


@dataclass(frozen=True, slots=True)
class _Moments:
    """Sums over n pairs of a context and a reply, from which a map follows; those of a part can be taken off.

    Attributes:
        n: how many pairs.
        context, reply: (c,) and (d,) float32 sums.
        contexts, replies: (c, c) and (d, d) float32 sums of products.
        both: (c, d) float32.
    """

    n: int
    context: FloatArray
    reply: FloatArray
    contexts: FloatArray
    replies: FloatArray
    both: FloatArray

    @classmethod
    def of(cls, contexts: FloatArray, replies: FloatArray) -> _Moments:
        """Add up (n, c) contexts and (n, d) replies."""
        return cls(
            n=len(contexts),
            context=contexts.sum(axis=0),
            reply=replies.sum(axis=0),
            contexts=contexts.T @ contexts,
            replies=replies.T @ replies,
            both=contexts.T @ replies,
        )

    def without(self, part: _Moments) -> _Moments:
        """Return the sums of what is not in `part`."""
        return _Moments(
            self.n - part.n,
            self.context - part.context,
            self.reply - part.reply,
            self.contexts - part.contexts,
            self.replies - part.replies,
            self.both - part.both,
        )

    def map(self) -> ReplyMap:
        """Foretell replies from contexts by ridge regression, and compare by what tells replies apart.

        That is canonical correlation with a ridge on both sides (Vinod 1976), but that directions which contexts
        foretell badly count for less.
        """
        x_mean, y_mean = self.context / self.n, self.reply / self.n
        x_spread = self.contexts - self.n * np.outer(x_mean, x_mean)
        y_spread = self.replies / self.n - np.outer(y_mean, y_mean)
        both = self.both - self.n * np.outer(x_mean, y_mean)
        shrunk = x_spread + SHRINKAGE * np.eye(len(x_mean), dtype=np.float32)
        regression = np.linalg.solve(shrunk, both)
        reply = y_spread + REPLY_SHRINKAGE * np.trace(y_spread) * np.eye(len(y_mean), dtype=np.float32)
        # One space for both, in which the contexts have a spread of one in every direction.
        spread, directions = np.linalg.eigh(regression.T @ x_spread @ regression / self.n)
        kept = np.argsort(-spread)[:DIMENSIONS]
        kept = kept[spread[kept] > spread.max() * 1e-6]
        scale = np.sqrt(spread[kept])
        context = regression @ directions[:, kept] / scale
        mapped: FloatArray = np.linalg.solve(reply, directions[:, kept] * scale)
        return ReplyMap(
            context.astype(np.float32),
            (-x_mean @ context).astype(np.float32),
            mapped.astype(np.float32),
            (-y_mean @ mapped).astype(np.float32),
        )
