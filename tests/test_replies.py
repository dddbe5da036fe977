from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pytest

from repliek.asked import Asked, Circumstances
from repliek.conversation import Conversation, Speaker, Turn
from repliek.encoder import FloatArray
from repliek.errors import BundleError
from repliek.replies import (
    HUBNESS,
    KINDS,
    NEARBY,
    STAGE_WEIGHT,
    STAGES,
    VIEW_WEIGHTS,
    LearnedReplies,
    NearbyReplies,
    ReplyHead,
    ReplyMap,
    Situations,
    measure,
)
from repliek.retrieval import VOTE_TEMPERATURE, IntArray, Neighbours

CANDIDATES = np.eye(2, dtype=np.float32)
NOBODY = np.zeros(0, dtype=np.int64)


def floats(*rows: Sequence[float]) -> FloatArray:
    return np.array(rows, dtype=np.float32)


def ints(*values: int) -> IntArray:
    return np.array(values, dtype=np.int64)


def asked(vectors: FloatArray, similarities: FloatArray | None = None, rows: FloatArray | None = None) -> Asked:
    """Messages that have one past message, the first, near them, unless others are named."""
    n = len(vectors)
    neighbours = Neighbours(
        np.ones((n, 1), dtype=np.float32) if similarities is None else similarities,
        np.zeros((n, 1), dtype=np.int64) if rows is None else rows.astype(np.int64),
    )
    intents, scope = np.zeros((n, 0), dtype=np.float32), np.zeros(n, dtype=np.float32)
    return Asked(("",) * n, vectors, neighbours, intents, scope, Circumstances.unknown(n))


def situations(vectors: FloatArray, agent: FloatArray | None = None, owners: IntArray = NOBODY) -> Situations:
    """Conversations of which the message says all, but for what the agent said."""
    turns = np.zeros((0, vectors.shape[1]), dtype=np.float32) if agent is None else agent
    return Situations(asked(vectors), vectors, np.zeros_like(vectors), turns, owners)


@dataclass
class Letters:
    """An encoder of two dimensions: how many a's and how many b's; queries count double."""

    encoded: list[str]
    dimensions: int = 2

    def encode_queries(self, texts: Sequence[str]) -> FloatArray:
        return 2 * self.encode_passages(texts)

    def encode_passages(self, texts: Sequence[str]) -> FloatArray:
        self.encoded += texts
        return floats(*([text.count("a"), text.count("b")] for text in texts))


class TestSituations:
    def test_turns_are_read_by_speaker(self) -> None:
        turns = (
            Turn(Speaker.CUSTOMER, "aab"),
            Turn(Speaker.AGENT, "a"),
            Turn(Speaker.CUSTOMER, "b"),
            Turn(Speaker.AGENT, "bb"),
        )
        encoder = Letters([])
        found = Situations.read(
            [Conversation("a"), Conversation("a", turns=turns)], asked(np.zeros((2, 2), np.float32)), encoder
        )
        np.testing.assert_allclose(found.messages, [[1, 0], [1, 0]])
        np.testing.assert_allclose(found.customer, [[0, 0], [0, 1]])
        np.testing.assert_allclose(found.agent, [[1, 0], [0, 1]])
        assert found.owners.tolist() == [1, 1]
        assert sorted(encoder.encoded) == ["a", "a", "b", "bb"]  # the message once, the earliest turn never

    def test_a_context_holds_the_last_turns_and_the_stage(self) -> None:
        found = situations(floats([1, 0], [0, 1]), floats([1, 0], [0, 1]), ints(1, 1)).contexts()
        assert found.shape == (2, len(VIEW_WEIGHTS) * 2 + STAGES)
        assert found.dtype == np.float32
        np.testing.assert_allclose(found[:, 4:6], np.sqrt(VIEW_WEIGHTS[2]) * floats([0, 0], [0, 1]), rtol=1e-6)
        np.testing.assert_allclose(found[:, 8:], np.sqrt(STAGE_WEIGHT) * floats([1, 0, 0], [0, 0, 1]), rtol=1e-6)

    def test_rows_keep_their_own_turns(self) -> None:
        vectors = np.eye(3, dtype=np.float32)
        found = situations(vectors, floats([1, 0, 0], [0, 1, 0], [0, 0, 1]), ints(0, 2, 2)).take(ints(2, 1, 0))
        assert found.owners.tolist() == [0, 0, 2]
        np.testing.assert_allclose(found.agent, floats([0, 1, 0], [0, 0, 1], [1, 0, 0]))
        np.testing.assert_allclose(found.asked.vectors, vectors[::-1])

    def test_what_was_said_is_repetition_and_what_is_near_it_hardly(self) -> None:
        found = situations(np.eye(2, dtype=np.float32), floats([1, 0], [0.6, 0.8]), ints(0, 0)).repetition(CANDIDATES)
        np.testing.assert_allclose(found, [[1, 0.8**8], [0, 0]], rtol=1e-5)


class TestNearbyReplies:
    def test_without_past_replies_the_message_itself_decides(self) -> None:
        found = NearbyReplies(np.zeros((0, 2), np.float32), ints(-1)).score(situations(floats([0.6, 0.8])), CANDIDATES)
        np.testing.assert_allclose(found, [[0.6, 0.8]])

    def test_what_was_replied_to_similar_messages_adds_up(self) -> None:
        message = floats([0.6, 0.8])
        near = asked(message, floats([0.9, 0.9 - VOTE_TEMPERATURE, 0.9]), floats([0, 1, 2]))
        scorer = NearbyReplies(CANDIDATES, ints(0, 1, -1))
        found = scorer.score(replace(situations(message), asked=near), CANDIDATES)
        total = 2 + 1 / np.e
        np.testing.assert_allclose(found, [[0.6 + 1 / total, 0.8 + 1 / np.e / total]], rtol=1e-5)


CROSSED = ReplyMap(
    context=np.concatenate([floats([0, 1], [1, 0]), np.zeros((6 + STAGES, 2), np.float32)]),
    context_offset=np.zeros(2, dtype=np.float32),
    reply=np.diag(floats([1, 4])[0]),
    reply_offset=np.zeros(2, dtype=np.float32),
)
"""Each message leads to what is not near it, and the second reply is near to everything."""


class TestReplyMap:
    def test_a_reply_that_is_near_to_everything_is_held_back(self) -> None:
        found = CROSSED.agreement(situations(np.eye(2, dtype=np.float32)), CANDIDATES)
        np.testing.assert_allclose(found, np.sqrt(0.4) * floats([0, 4 ** (1 - HUBNESS)], [1, 0]), rtol=1e-5)


class TestLearnedReplies:
    def test_weights_decide_between_the_figures(self) -> None:
        conversation = situations(floats([1, 0]), floats([0, 1]), ints(0))
        nearby = NearbyReplies(np.zeros((0, 2), np.float32), ints(-1))

        def best(*weights: float) -> int:
            scorer = LearnedReplies(nearby, ReplyHead(CROSSED, floats(weights)[0]))
            return int(scorer.score(conversation, CANDIDATES).argmax())

        assert best(1, 0, 0, 0, 0) == 1
        assert best(0, 1, 0, 0, 0) == 0
        assert best(0, 0, 0, 0, 1) == 0  # the other one was said before
        assert best(1, 0, 0, 0, 9) == 0

    def test_the_unlearned_score_is_the_sum_of_two_figures(self) -> None:
        conversation = situations(floats([0.6, 0.8]))
        nearby = NearbyReplies(CANDIDATES, ints(1))
        figures = measure(nearby, CROSSED, conversation, CANDIDATES)
        assert figures.shape == (1, 2, KINDS)
        np.testing.assert_allclose(figures[:, :, NEARBY].sum(axis=2), nearby.score(conversation, CANDIDATES), rtol=1e-6)


class TestReplyHead:
    HEAD = ReplyHead(CROSSED, np.arange(KINDS, dtype=np.float32))

    def test_it_survives_its_file(self) -> None:
        content = self.HEAD.to_bytes()
        found = ReplyHead.from_bytes(content, dimensions=2)
        np.testing.assert_allclose(found.map.reply, CROSSED.reply)
        assert found.weights.tolist() == [0, 1, 2, 3, 4]
        assert found.map.context.dtype == np.float32
        assert content == self.HEAD.to_bytes()  # no time stands in it: the same contents, the same name

    def test_another_encoder_is_refused(self) -> None:
        with pytest.raises(BundleError, match=r"shapes \(11, 2, 5\), expected \(15, 3, 5\); train again"):
            ReplyHead.from_bytes(self.HEAD.to_bytes(), dimensions=3)

    @pytest.mark.parametrize("content", [b"", b"PK\x03\x04 not a zip", b"\x93NUMPY"])
    def test_what_is_no_head_is_refused(self, content: bytes) -> None:
        with pytest.raises(BundleError, match="train again"):
            ReplyHead.from_bytes(content, dimensions=2)

    def test_objects_are_never_unpickled(self) -> None:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            array = io.BytesIO()
            np.save(array, np.array([{}], dtype=object), allow_pickle=True)
            archive.writestr("context.npy", array.getvalue())
        with pytest.raises(BundleError, match="train again"):
            ReplyHead.from_bytes(buffer.getvalue(), dimensions=2)
