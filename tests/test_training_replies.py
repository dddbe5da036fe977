"""Learning which reply follows: on vectors that were made so that one can tell what there is to learn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pytest

from repliek.asked import Asked, Circumstances
from repliek.conversation import Speaker
from repliek.encoder import FloatArray
from repliek.history import ContextTurn, Exchange
from repliek.replies import LearnedReplies, NearbyReplies, Situations
from repliek.retrieval import Neighbours
from repliek.space import unit
from training.folds import Folds
from training.replies import DISTRACTORS, PARTS, FittedReplies, Pairs, fit_replies

DIMENSIONS = 12
ENOUGH = PARTS * (DISTRACTORS + 21)


@dataclass(frozen=True, slots=True)
class Numbered:
    """A space in which message n and reply n have the n-th of given vectors."""

    messages: FloatArray
    replies: FloatArray
    dimensions: int = DIMENSIONS

    @classmethod
    def drawn(cls, n: int, *, related: bool) -> Numbered:
        """Replies are their messages turned by a fixed rotation, with some noise; or unrelated to them."""
        random = np.random.default_rng(3)
        messages = unit(random.normal(size=(n, DIMENSIONS)).astype(np.float32))
        rotation = np.linalg.qr(random.normal(size=(DIMENSIONS, DIMENSIONS)))[0]
        noise = random.normal(size=(n, DIMENSIONS))
        replies = messages @ rotation + 0.1 * noise if related else noise
        return cls(messages, unit(replies.astype(np.float32)))

    def encode_queries(self, texts: Sequence[str]) -> FloatArray:
        return self.messages[[int(text.split()[1]) for text in texts]]

    def encode_passages(self, texts: Sequence[str]) -> FloatArray:
        return self.replies[[int(text.split()[1]) for text in texts]]


def history(n: int) -> list[Exchange]:
    return [
        Exchange(
            exchange_id=f"e{number}",
            message=f"vraag {number}",
            reply=f"antwoord {number}",
            conversation_id=f"c{number // 2}",
            context=(ContextTurn(speaker=Speaker.AGENT, text=f"antwoord {number - 1}"),) if number % 2 else (),
        )
        for number in range(n)
    ]


def learn(space: Numbered, n: int) -> FittedReplies | None:
    exchanges = history(n)
    folds = Folds.stratified([None] * n, [exchange.conversation_id or "" for exchange in exchanges], seed=1)
    asked = Asked(
        ("",) * n,
        space.messages,
        folds.neighbours(space.messages),
        np.zeros((n, 0), dtype=np.float32),
        np.zeros(n, dtype=np.float32),
        Circumstances.unknown(n),
    )
    return fit_replies(exchanges, asked, NearbyReplies(space.replies, np.arange(n)), space, folds, seed=1)


def test_what_holds_for_other_conversations_is_kept() -> None:
    space = Numbered.drawn(ENOUGH, related=True)
    fitted = learn(space, ENOUGH)
    assert fitted is not None
    assert fitted.head is not None
    assert fitted.one_of_100 == fitted.learned > 0.8 > 0.3 > fitted.nearby
    assert (fitted.head.weights >= 0).all()

    new = Numbered(space.messages, space.replies)
    exchanges = history(ENOUGH)[:50]
    asked = Asked(
        ("",) * 50,
        new.messages[:50],
        Folds.stratified([None] * 50, [str(n) for n in range(50)], seed=1).neighbours(new.messages[:50]),
        np.zeros((50, 0), dtype=np.float32),
        np.zeros(50, dtype=np.float32),
        Circumstances.unknown(50),
    )
    scorer = LearnedReplies(NearbyReplies(space.replies, np.arange(ENOUGH)), fitted.head)
    scores = scorer.score(Situations.read(exchanges, asked, new), space.replies)
    assert (scores.argmax(axis=1) == np.arange(50)).mean() > 0.6


def test_what_is_no_better_is_not_kept() -> None:
    fitted = learn(Numbered.drawn(ENOUGH, related=False), ENOUGH)
    assert fitted is not None
    assert fitted.head is None
    assert fitted.one_of_100 == fitted.nearby


def test_too_few_replies_teach_nothing() -> None:
    n = PARTS * DISTRACTORS
    assert learn(Numbered.drawn(n, related=True), n) is None


def test_pairs_are_the_exchanges_with_a_reply() -> None:
    exchanges = [*history(3), Exchange(exchange_id="silent", message="vraag 3"), *history(2)]
    exchanges[4] = Exchange(exchange_id="again", message="vraag 4", reply=" antwoord  0\n")
    space = Numbered.drawn(6, related=True)
    replies = space.replies[[0, 1, 2, 0, 1]]
    folds = Folds(np.array([0, 0, 6, 3, 4, 9]), 10)
    asked = Asked(
        ("",) * 6,
        space.messages,
        folds_neighbours(space),
        np.zeros((6, 0), dtype=np.float32),
        np.zeros(6, dtype=np.float32),
        Circumstances.unknown(6),
    )
    pairs = Pairs.of(exchanges, asked, replies, space, folds, seed=1)
    np.testing.assert_allclose(pairs.situations.asked.vectors, space.messages[[0, 1, 2, 4, 5]])
    np.testing.assert_allclose(pairs.replies, replies)
    assert pairs.texts.tolist() == [0, 1, 2, 0, 1]
    assert pairs.parts.tolist() == [0, 0, 1, 4, 4]
    assert pairs.situations.owners.tolist() == [1, 4]
    assert not pairs.enough()


def folds_neighbours(space: Numbered) -> Neighbours:
    return Folds(np.arange(len(space.messages)), len(space.messages)).neighbours(space.messages)


def test_many_pairs_are_drawn_from(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("training.replies.MAX_PAIRS", 4)
    space = Numbered.drawn(10, related=True)
    asked = Asked(
        ("",) * 10,
        space.messages,
        folds_neighbours(space),
        np.zeros((10, 0), dtype=np.float32),
        np.zeros(10, dtype=np.float32),
        Circumstances.unknown(10),
    )
    pairs = Pairs.of(history(10), asked, space.replies, space, Folds(np.arange(10), 10), seed=1)
    assert len(pairs.situations) == len(pairs.replies) == len(pairs.parts) == 4
    assert len(np.unique(pairs.texts)) == 4
