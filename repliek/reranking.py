"""A second look at the likeliest topics: a cross-encoder reads message and answer together, and all is weighed anew.

The ranker compares every topic by figures that are cheap. A cross-encoder reads the two texts word by word (Nogueira &
Cho 2019, https://arxiv.org/abs/1901.04085), which costs milliseconds a pair: it reads only the best topics.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from repliek.asked import Asked
from repliek.cross_encoder import CrossEncoder, Pair
from repliek.encoder import FloatArray
from repliek.errors import BundleError
from repliek.knowledge import Answer, KnowledgeBase, Status
from repliek.language import LanguageDetector
from repliek.ranking import Ranking, TopicRanker
from repliek.tone.register import Register, detect_register

RERANKED = 10
"""Topics of a message that are read again: as many as a suggestion is ever chosen from."""

_LEAST = 1e-6
"""A smaller probability is all the same; its logarithm is not."""


class RerankWeights(BaseModel):
    """What each opinion weighs; 1, 0 and 0 leave the ranker's probabilities as they are.

    Attributes:
        ranker: of the ranker's log odds against all that it does not rank among the best.
        cross_encoder: of the cross-encoder's score; never negative, since a better text never speaks against its topic.
        intercept: of every topic against sending nothing.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    ranker: Annotated[float, Field(ge=0)]
    cross_encoder: Annotated[float, Field(ge=0)]
    intercept: float

    @classmethod
    def from_file(cls, file: Path) -> RerankWeights:
        """Read the weights from a JSON file.

        Raises:
            BundleError: it is missing or holds something else.
        """
        try:
            return cls.model_validate_json(file.read_bytes())
        except (OSError, ValidationError):
            raise BundleError(f"{file} holds no weights of a reranker; copy the bundle again or train again") from None

    def weigh(self, opinions: FloatArray) -> FloatArray:
        """Return (n, c) float32 log odds against sending nothing out of (n, c, 2) `opinions`, as `read_again` gives."""
        weights = np.array([self.ranker, self.cross_encoder], dtype=np.float32)
        return opinions @ weights + np.float32(self.intercept)


@dataclass(frozen=True, slots=True)
class RerankHead:
    """What a reranker consists of besides the ranker: who reads again, and what that weighs."""

    cross_encoder: CrossEncoder
    weights: RerankWeights


class Wordings:
    """The text by which a topic is read beside a message: in its language and register where there is such a one."""

    def __init__(self, topics: Sequence[Sequence[Answer]], languages: LanguageDetector) -> None:
        """Args: topics: the variants of each, in the order of the knowledge base; languages: tells a message's."""
        self._topics = tuple(topics)
        self._languages = languages

    @classmethod
    def of(cls, knowledge: KnowledgeBase, default: str) -> Wordings:
        """Read topics from a knowledge base; a message whose language is unclear is in the `default` one."""
        return cls(tuple(knowledge.wordings.values()), LanguageDetector.among(sorted(knowledge.languages), default))

    def beside(self, message: str, topics: Sequence[int]) -> list[Pair]:
        """Return the message with a wording of each of the topics, which are given by number."""
        language, register = self._languages.detect(message), detect_register(message)

        def distance(answer: Answer) -> tuple[bool, bool, bool]:
            other_register = answer.register not in (register, Register.NEUTRAL)
            return answer.status is Status.BLOCKED, answer.language != language, other_register

        return [Pair(message, min(self._topics[topic], key=distance).text) for topic in topics]


def read_again(ranking: Ranking, texts: Sequence[str], wordings: Wordings, cross_encoder: CrossEncoder) -> FloatArray:
    """Measure what speaks for each of the ranked topics.

    Args:
        ranking: of n messages, (n, c).
        texts: of the messages.
        wordings: of the topics.
        cross_encoder: reads the texts together.

    Returns:
        (n, c, 2) float32: the ranker's log odds of the topic against none of the c, and the cross-encoder's score.
    """
    none = 1 - ranking.confidence.sum(axis=1, keepdims=True)
    odds = np.log(np.maximum(ranking.confidence, _LEAST)) - np.log(np.maximum(none, _LEAST))
    topics: list[list[int]] = ranking.topics.tolist()
    pairs = [pair for text, row in zip(texts, topics, strict=True) for pair in wordings.beside(text, row)]
    return np.stack([odds, cross_encoder.score(pairs).reshape(odds.shape)], axis=2).astype(np.float32)


class Reranker:
    """A ranker whose best topics are read again by a cross-encoder; the others are never chosen."""

    def __init__(self, ranker: TopicRanker, head: RerankHead, wordings: Wordings) -> None:
        self._ranker = ranker
        self._head = head
        self._wordings = wordings

    def utilities(self, asked: Asked) -> FloatArray:
        """Return (n, topics) float32: the log of the odds of each topic against sending nothing, -inf for never."""
        first = self._ranker.utilities(asked)
        found = Ranking.of(first, RERANKED)
        opinions = read_again(found, asked.texts, self._wordings, self._head.cross_encoder)
        utilities = np.full_like(first, -np.inf)
        np.put_along_axis(utilities, found.topics, self._head.weights.weigh(opinions), axis=1)
        return utilities
