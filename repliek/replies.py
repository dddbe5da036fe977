"""Which of any texts an agent would reply: texts that no bundle knows are scored too, as an order.

Two scorers. `NearbyReplies` needs no learning. `LearnedReplies` adds what a history teaches: which contexts lead to
which replies, as a linear map, weighed against the rest.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from typing import Protocol

import numpy as np

from repliek.asked import Asked
from repliek.conversation import Speaker, Turn
from repliek.encoder import Encoder, FloatArray
from repliek.errors import BundleError
from repliek.intents import votes
from repliek.retrieval import IntArray
from repliek.space import unit

VIEW_WEIGHTS = (0.4, 0.25, 0.25, 0.1)
"""Shares of the message with what was said before, of the message alone, of the agent's last turn and of the
customer's last turn in the context that a reply is foretold from; the sum is 1."""

STAGE_WEIGHT = 0.2
STAGES = 3
"""How far a conversation is: the agent has not spoken yet, has once, has more often."""

LIKENESS_POWER = 8
"""A reply that says what was said before is unlikely; one that is merely about the same matter is not."""

HUBNESS = 0.6
"""How far replies that are near to everything are held back: 0 not at all, 1 until all are equally near on average."""

KINDS = 5
"""How many figures `LearnedReplies` weighs; see `measure`."""

AGREEMENT = 0
"""The figure that the map makes."""

NEARBY = (1, 3)
"""The figures whose sum is the score of `NearbyReplies`."""


class Dialogue(Protocol):
    """A message and what was said before it: a `Conversation`, or an `Exchange` of a history."""

    @property
    def message(self) -> str: ...

    @property
    def turns(self) -> tuple[Turn, ...]: ...


@dataclass(frozen=True, slots=True)
class Situations:
    """n conversations, as the scoring of replies sees them.

    Attributes:
        asked: their vectors and neighbours.
        messages: (n, d) float32 query vectors of the messages alone.
        customer: (n, d) float32 query vectors of the customer's last turn before that; zeros without one.
        agent: (turns, d) float32 passage vectors of the agent's earlier turns, of all conversations one after the
            other, oldest first.
        owners: (turns,) int64 conversation of each of these turns, ascending.
    """

    asked: Asked
    messages: FloatArray
    customer: FloatArray
    agent: FloatArray
    owners: IntArray

    def __len__(self) -> int:
        return len(self.messages)

    @classmethod
    def read(cls, dialogues: Sequence[Dialogue], asked: Asked, encoder: Encoder) -> Situations:
        """Encode what the vectors of `asked` do not tell apart, each distinct text once."""
        customer = [_last(dialogue, Speaker.CUSTOMER) for dialogue in dialogues]
        agent = [[turn.text for turn in dialogue.turns if turn.speaker is Speaker.AGENT] for dialogue in dialogues]
        return cls(
            asked=asked,
            messages=_once(encoder.encode_queries, [dialogue.message for dialogue in dialogues], encoder.dimensions),
            customer=_once(encoder.encode_queries, customer, encoder.dimensions),
            agent=_once(encoder.encode_passages, [text for texts in agent for text in texts], encoder.dimensions),
            owners=np.repeat(np.arange(len(agent)), [len(texts) for texts in agent]).astype(np.int64),
        )

    def take(self, rows: IntArray) -> Situations:
        """Return the conversations at `rows`, (m,) int64."""
        counts = np.bincount(self.owners, minlength=len(self))
        starts = np.concatenate([[0], np.cumsum(counts)])
        places: list[int] = rows.tolist()
        turns = [turn for row in places for turn in range(starts[row], starts[row + 1])]
        return Situations(
            self.asked.take(rows),
            self.messages[rows],
            self.customer[rows],
            self.agent[np.array(turns, dtype=np.int64)],
            np.repeat(np.arange(len(rows)), counts[rows]).astype(np.int64),
        )

    def contexts(self) -> FloatArray:
        """Return (n, 4 d + `STAGES`) float32: everything that a reply is foretold from, side by side."""
        counts = np.bincount(self.owners, minlength=len(self))
        last = np.zeros_like(self.messages)
        last[self.owners] = self.agent  # of one conversation's turns, the last one stays
        views = (self.asked.vectors, self.messages, last, self.customer)
        stage = np.eye(STAGES, dtype=np.float32)[np.minimum(counts, STAGES - 1)]
        weighed = [np.sqrt(weight) * view for weight, view in zip(VIEW_WEIGHTS, views, strict=True)]
        return np.concatenate([*weighed, np.sqrt(STAGE_WEIGHT) * stage], axis=1).astype(np.float32)

    def repetition(self, candidates: FloatArray) -> FloatArray:
        """Return (n, m) float32, 0 to 1: how far each of (m, d) `candidates` says what the agent has said already."""
        repeated = np.zeros((len(self), len(candidates)), dtype=np.float32)
        np.maximum.at(repeated, self.owners, self.agent @ candidates.T)
        return repeated**LIKENESS_POWER


class ReplyScorer(Protocol):
    """Orders texts as replies."""

    def score(self, situations: Situations, candidates: FloatArray) -> FloatArray:
        """Return (n, m) float32 for (m, d) float32 passage vectors; only the order within a row means something."""
        ...


@dataclass(frozen=True, slots=True)
class NearbyReplies:
    """Needs no learning: a text is likely when it is near the message, and near what was replied to messages like it.

    Attributes:
        replies: (r, d) float32 passage vectors of past replies.
        row_replies: (messages,) int64 reply of each past message, -1 without.
    """

    replies: FloatArray
    row_replies: IntArray

    def score(self, situations: Situations, candidates: FloatArray) -> FloatArray:
        asked = situations.asked
        return asked.vectors @ candidates.T + self.vote(asked, candidates)

    def vote(self, asked: Asked, candidates: FloatArray) -> FloatArray:
        """Return (n, m) float32: how near each candidate is to what was replied to similar messages."""
        if not len(self.replies):
            return np.zeros((len(asked), len(candidates)), dtype=np.float32)
        rows = self.row_replies[asked.neighbours.rows]
        weight = votes(asked.neighbours.similarities) * (rows >= 0)
        # (n, d): what was replied to similar messages, as one direction.
        expected = np.einsum("nk,nkd->nd", weight, self.replies[rows])
        return expected @ candidates.T


@dataclass(frozen=True, slots=True)
class ReplyMap:
    """What contexts and replies have in common: a linear map of each into one space of k dimensions.

    Attributes:
        context: (4 d + `STAGES`, k) float32; what comes out has a spread of one in every direction.
        context_offset: (k,) float32.
        reply: (d, k) float32.
        reply_offset: (k,) float32.
    """

    context: FloatArray
    context_offset: FloatArray
    reply: FloatArray
    reply_offset: FloatArray

    def agreement(self, situations: Situations, candidates: FloatArray) -> FloatArray:
        """Return (n, m) float32: how well each of (m, d) `candidates` goes with each context."""
        foretold = situations.contexts() @ self.context + self.context_offset
        mapped = candidates @ self.reply + self.reply_offset
        # Of a context drawn at random the agreement with a candidate spreads as far as the candidate's vector is long.
        length = np.maximum(np.linalg.norm(mapped, axis=1), 1e-12)
        return (foretold @ (mapped / length[:, np.newaxis] ** HUBNESS).T).astype(np.float32)


@dataclass(frozen=True, slots=True)
class ReplyHead:
    """Everything about replies that is learned and stored.

    Attributes:
        map: from contexts to replies.
        weights: (`KINDS`,) float32 of the figures of `LearnedReplies`, none of them negative.
    """

    map: ReplyMap
    weights: FloatArray

    def to_bytes(self) -> bytes:
        """Return the arrays as an `.npz` file, the maps in float16."""
        arrays = {field.name: getattr(self.map, field.name).astype(np.float16) for field in fields(ReplyMap)}
        buffer = io.BytesIO()
        np.savez(buffer, allow_pickle=False, weights=self.weights.astype(np.float32), **arrays)
        return buffer.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes, dimensions: int) -> ReplyHead:
        """Restore a head for vectors of length `dimensions` from bytes that were verified.

        Raises:
            BundleError: they hold something else.
        """
        try:
            with np.load(io.BytesIO(content), allow_pickle=False) as stored:
                found = {field.name: stored[field.name].astype(np.float32) for field in fields(ReplyMap)}
                weights = stored["weights"]
        except (KeyError, ValueError, OSError, EOFError, zipfile.BadZipFile):
            raise BundleError("the head for replies holds other arrays than this version's; train again") from None
        shapes = (found["context"].shape[0], found["reply"].shape[0], len(weights))
        expected = (len(VIEW_WEIGHTS) * dimensions + STAGES, dimensions, KINDS)
        if shapes != expected:
            raise BundleError(f"the head for replies has shapes {shapes}, expected {expected}; train again")
        return cls(ReplyMap(**found), weights)


@dataclass(frozen=True, slots=True)
class LearnedReplies:
    """Five figures, weighed: what the map foretells, nearness to the message with and without what came before it,
    what was replied to similar messages, and that an agent seldom says the same again.

    Attributes:
        nearby: past replies.
        head: what was learned.
    """

    nearby: NearbyReplies
    head: ReplyHead

    def score(self, situations: Situations, candidates: FloatArray) -> FloatArray:
        return measure(self.nearby, self.head.map, situations, candidates) @ self.head.weights


def measure(nearby: NearbyReplies, learned: ReplyMap, situations: Situations, candidates: FloatArray) -> FloatArray:
    """Return (n, m, `KINDS`) float32 figures of (m, d) `candidates`; more of each speaks for a candidate."""
    return np.stack(
        [
            learned.agreement(situations, candidates),
            situations.asked.vectors @ candidates.T,
            situations.messages @ candidates.T,
            nearby.vote(situations.asked, candidates),
            -situations.repetition(candidates),
        ],
        axis=2,
    )


def _last(dialogue: Dialogue, speaker: Speaker) -> str:
    return next((turn.text for turn in reversed(dialogue.turns) if turn.speaker is speaker), "")


def _once(encode: Callable[[Sequence[str]], FloatArray], texts: Sequence[str], dimensions: int) -> FloatArray:
    """Return (texts, dimensions) float32, encoding no text twice; zeros for a text that says nothing."""
    distinct = sorted({text for text in texts if text.strip()})
    vectors = np.zeros((len(distinct) + 1, dimensions), dtype=np.float32)
    if distinct:
        vectors[:-1] = unit(encode(distinct))
    place = {text: row for row, text in enumerate(distinct)}
    return vectors[[place.get(text, len(distinct)) for text in texts]]
