"""What a fine-tuned encoder is taught: which texts belong together, and which only look as if they did."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from repliek.encoder import Encoder, FloatArray
from repliek.history import Exchange
from repliek.knowledge import KnowledgeBase
from repliek.retrieval import IntArray

NEAREST_SKIPPED = 3
"""The very nearest texts are too often right as well; the ones after them are the near-misses."""

SAME = 0.9
"""Cosine from which a text says the same as the positive, so that it is no negative."""

_CHUNK = 1_000


@dataclass(frozen=True, slots=True)
class Example:
    """A text, one that belongs to it, and one that does not; each with the encoder's prefix before it."""

    anchor: str
    positive: str
    negative: str


@dataclass(frozen=True, slots=True)
class Prefixes:
    """What the encoder wants before a query and before a passage."""

    query: str
    passage: str


@dataclass(frozen=True, slots=True)
class _Pair:
    """A message, and the text that belongs to it, by their places in the texts that are encoded."""

    anchor: int
    positive: int
    intent: str | None


def examples(
    history: Sequence[Exchange], knowledge: KnowledgeBase, frozen: Encoder, prefixes: Prefixes, seed: int
) -> tuple[Example, ...]:
    """Pair every message with its reply, or else its answer, and with another message of the same intent.

    Args:
        history: what is learned from.
        knowledge: texts of the answers that exchanges name.
        frozen: finds texts that look alike.
        prefixes: of the encoder.
        seed: of which other message is taken.
    """
    with_reply = [(row, text) for row, exchange in enumerate(history) if (text := said(exchange, knowledge))]
    queries = [exchange.query for exchange in history]
    asked = frozen.encode_queries(queries) if queries else np.zeros((0, frozen.dimensions), dtype=np.float32)
    found: list[Example] = []
    passages = sorted({text for _, text in with_reply})
    if len(passages) > 1:
        place = {text: number for number, text in enumerate(passages)}
        intents: dict[int, str | None] = {place[text]: history[row].intent for row, text in with_reply}
        pairs = [_Pair(row, place[text], history[row].intent) for row, text in with_reply]
        vectors = frozen.encode_passages(passages)
        negatives = _hard_negatives(pairs, asked, vectors, [intents[number] for number in range(len(passages))])
        found += [
            Example(
                prefixes.query + queries[pair.anchor],
                prefixes.passage + passages[pair.positive],
                prefixes.passage + passages[negative],
            )
            for pair, negative in zip(pairs, negatives, strict=True)
        ]
    pairs = _same_intent(history, seed)
    negatives = _hard_negatives(pairs, asked, asked, [exchange.intent for exchange in history])
    found += [
        Example(*(prefixes.query + queries[number] for number in (pair.anchor, pair.positive, negative)))
        for pair, negative in zip(pairs, negatives, strict=True)
    ]
    return tuple(found)


def said(exchange: Exchange, knowledge: KnowledgeBase) -> str | None:
    """Return what was replied, or the text of the answer that is named instead."""
    if exchange.reply:
        return exchange.reply
    topic = knowledge.topic_of(exchange.answer_id) if exchange.answer_id else None
    return knowledge.topics[topic][0].text if topic else None


def _same_intent(history: Sequence[Exchange], seed: int) -> list[_Pair]:
    """Pair each labelled message with another one of its intent; out-of-scope messages have nothing in common."""
    random = np.random.default_rng(seed)
    rows: dict[str, list[int]] = defaultdict(list)
    for row, exchange in enumerate(history):
        if exchange.intent and exchange.in_scope:
            rows[exchange.intent].append(row)
    pairs: list[_Pair] = []
    for intent, members in sorted(rows.items()):
        if len(members) > 1:
            order: list[int] = random.permutation(members).tolist()
            pairs += [_Pair(row, other, intent) for row, other in zip(order, [*order[1:], order[0]], strict=True)]
    return sorted(pairs, key=lambda pair: pair.anchor)


def _hard_negatives(
    pairs: Sequence[_Pair], anchors: FloatArray, pool: FloatArray, intents: Sequence[str | None]
) -> list[int]:
    """Return for each pair the place in the pool of what looks most like the anchor, without belonging to it.

    Args:
        pairs: n pairs.
        anchors: (messages, d) float32.
        pool: (m, d) float32 candidates, of which the positives are some.
        intents: intent of each candidate, `None` where unknown.
    """
    numbers = {intent: number for number, intent in enumerate(sorted({i for i in intents if i}))}
    of_pool = np.array([numbers.get(intent or "", -1) for intent in intents], dtype=np.int64)
    chosen: list[int] = []
    for start in range(0, len(pairs), _CHUNK):
        part = pairs[start : start + _CHUNK]
        own = np.array([numbers.get(pair.intent or "", -2) for pair in part], dtype=np.int64)
        positives: IntArray = np.array([pair.positive for pair in part], dtype=np.int64)
        likeness = anchors[[pair.anchor for pair in part]] @ pool.T
        belongs = (pool[positives] @ pool.T >= SAME) | (of_pool == own[:, np.newaxis])
        belongs[np.arange(len(part)), positives] = True
        likeness[belongs] = -np.inf
        order = np.argsort(-likeness, axis=1, kind="stable")
        left = np.isfinite(likeness).sum(axis=1)
        # With few candidates left, the last of them; with none, whatever is least like the positive.
        rank = np.minimum(NEAREST_SKIPPED, np.maximum(left - 1, 0))
        fallback = (pool[positives] @ pool.T).argmin(axis=1)
        picked = np.where(left > 0, order[np.arange(len(part)), rank], fallback)
        chosen += picked.tolist()
    return chosen
