"""Make the space of a bundle: fit the lexical view, find the centres, and encode everything in it once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from repliek.encoder import Encoder, FloatArray
from repliek.history import Exchange
from repliek.knowledge import KnowledgeBase
from repliek.lexical import LexicalEncoder
from repliek.space import CompoundEncoder, centred_views
from training.lexical import LEXICAL_WEIGHT, fit_lexical


@dataclass(frozen=True, slots=True)
class Encoded:
    """Everything of a history and a knowledge base that is compared, in one space.

    Attributes:
        space: encodes further texts.
        lexical: the second view, fitted on these texts.
        centres: (2, d) float32, mean query and mean passage, the views one after the other.
        messages: (exchanges, d) float32.
        answers: (answers, d) float32, in the order of the knowledge base.
        replies: (replies, d) float32, of the exchanges that have one, in their order.
    """

    space: CompoundEncoder
    lexical: LexicalEncoder
    centres: FloatArray
    messages: FloatArray
    answers: FloatArray
    replies: FloatArray


def encode_all(encoder: Encoder, history: Sequence[Exchange], knowledge: KnowledgeBase, seed: int) -> Encoded:
    """Encode messages as queries, answers and replies as passages."""
    queries = [exchange.query for exchange in history]
    answers = [answer.text for answer in knowledge]
    replies = [exchange.reply for exchange in history if exchange.reply]
    lexical = fit_lexical(queries + answers + replies, seed)
    views = (encoder, lexical)
    centres = _centres(views, queries, answers + replies)
    space = centred_views(views, (1 - LEXICAL_WEIGHT, LEXICAL_WEIGHT), centres)
    return Encoded(
        space=space,
        lexical=lexical,
        centres=centres,
        messages=space.encode_queries(queries),
        answers=_passages(space, answers),
        replies=_passages(space, replies),
    )


def _centres(views: Sequence[Encoder], queries: Sequence[str], passages: Sequence[str]) -> FloatArray:
    """Return (2, d) float32: mean query and mean passage, where there are no passages the mean query again."""
    query = [view.encode_queries(queries).mean(axis=0) for view in views]
    passage = [view.encode_passages(passages).mean(axis=0) for view in views] if passages else query
    return np.stack([np.concatenate(query), np.concatenate(passage)]).astype(np.float32)


def _passages(space: CompoundEncoder, texts: Sequence[str]) -> FloatArray:
    return space.encode_passages(texts) if texts else np.zeros((0, space.dimensions), dtype=np.float32)
