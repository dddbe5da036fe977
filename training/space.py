"""Make the space of a bundle: fit the lexical view, find the centres, and encode everything in it once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from repliek.encoder import Encoder, FloatArray
from repliek.history import Exchange
from repliek.knowledge import KnowledgeBase
from repliek.lexical import LexicalEncoder
from repliek.passages import EncodedPassages, Passages, opening
from repliek.space import CompoundEncoder, centred_views, side_by_side, unit
from training.lexical import fit_lexical

WEIGHTS = {1: (0.6, 0.4), 2: (0.4, 0.3, 0.3), 3: (0.25, 0.2, 0.35, 0.2)}
"""Share of each view in a cosine, by how many sentence encoders there are; the lexical view comes last.

Chosen on held-out folds of the bundled history; with two encoders the same weights do as well on Banking77. Those for
three, the last of them for English, were chosen on the training lines of Banking77 and on CLINC150's validation split.
"""

ANSWER_WEIGHTS = {1: (0.75, 0.25), 2: (0.6, 0.2, 0.2), 3: (0.5, 0.15, 0.2, 0.15)}
"""The same between a message and a passage of an answer: an encoder that was trained on questions and passages tells
more of these than the others do. With two, chosen on messages of the bundled history, which ask for an answer or for a
page of six, and on sentences of Dutch manuals, which ask for the page that they were taken out of; one stands to the
lexical view as the first of two does, and three share what two have: these were not measured."""

MANY_MESSAGES = 50
"""With fewer, the centre of what is asked is not theirs alone: openings of answers stand beside them."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """Everything of a history and a knowledge base that is compared, in one space.

    Attributes:
        space: encodes further texts.
        lexical: the last view, fitted on these texts.
        weights: of each view.
        centres: (2, d) float32, mean query and mean passage, the views one after the other.
        messages: (exchanges, d) float32.
        answers: (answers, d) float32, in the order of the knowledge base.
        passages: of the answers, with the views weighed by `ANSWER_WEIGHTS`.
        replies: (replies, d) float32, of the exchanges that have one, in their order.
    """

    space: CompoundEncoder
    lexical: LexicalEncoder
    weights: tuple[float, ...]
    centres: FloatArray
    messages: FloatArray
    answers: FloatArray
    passages: EncodedPassages
    replies: FloatArray


def encode_all(
    encoders: Sequence[Encoder], history: Sequence[Exchange], knowledge: KnowledgeBase, seed: int
) -> Encoded:
    """Encode messages as queries, answers and replies as passages.

    Args:
        encoders: one, two or three sentence encoders.
        history: n exchanges.
        knowledge: the answers.
        seed: of the lexical view.
    """
    queries = [exchange.query for exchange in history]
    answers = [answer.text for answer in knowledge]
    said = answers + [exchange.reply for exchange in history if exchange.reply]
    lexical = fit_lexical(queries + said, seed)
    weights = WEIGHTS[len(encoders)]
    few = len(queries) < MANY_MESSAGES
    asked = queries + [opening(text) for text in answers] if few else queries
    passages = Passages.of(tuple(knowledge))
    # With the passages, since a short text lies elsewhere in the cone than a long one.
    views = [_centred(view, asked, said + list(passages.texts)) for view in (*encoders, lexical)]
    spoken = side_by_side([view.passages for view in views], weights)
    centres = np.concatenate([view.centres for view in views], axis=1)
    # Messages keep their vectors, so what a view should count more or less for is made up on the side of the passages.
    for_answers = [wanted**2 / weight for wanted, weight in zip(ANSWER_WEIGHTS[len(encoders)], weights, strict=True)]
    return Encoded(
        space=centred_views((*encoders, lexical), weights, centres),
        lexical=lexical,
        weights=weights,
        centres=centres,
        messages=side_by_side([view.queries for view in views], weights)[: len(queries)],
        answers=spoken[: len(answers)],
        passages=EncodedPassages(passages, side_by_side([view.passages[len(said) :] for view in views], for_answers)),
        replies=spoken[len(answers) : len(said)],
    )


@dataclass(frozen=True, slots=True)
class _View:
    """Queries, (n, d), and passages, (m, d), as one view sees them around its `centres`, (2, d)."""

    centres: FloatArray
    queries: FloatArray
    passages: FloatArray


def _centred(view: Encoder, queries: Sequence[str], passages: Sequence[str]) -> _View:
    """Encode texts and centre them; where there are no passages, these have the queries' centre."""
    asked = view.encode_queries(queries)
    said = view.encode_passages(passages) if passages else np.zeros((0, view.dimensions), dtype=np.float32)
    query_centre = asked.mean(axis=0)
    passage_centre = said.mean(axis=0) if passages else query_centre
    return _View(np.stack([query_centre, passage_centre]), unit(asked - query_centre), unit(said - passage_centre))
