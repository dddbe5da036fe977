"""Learn what the text of an answer without a past is worth: forget some topics, and see which of them are asked for.

What becomes of a new answer nobody has seen yet, but every history has topics whose past can be forgotten. Messages of
theirs, and others, are read by what is left, and the topics stand in the knowledge base as if they were just saved.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from repliek.asked import Asked
from repliek.encoder import FloatArray
from repliek.intents import IntentClassifier, PastIntents, row_intents
from repliek.knowledge import KnowledgeBase
from repliek.passages import EncodedPassages
from repliek.ranking import NEIGHBOURS, CalibratedRanker, Ranker, TextEvidence, topic_evidence
from repliek.retrieval import BoolArray, IntArray, VectorIndex
from repliek.sendings import Sendings
from repliek.untried import UntriedRule, untried_evidence
from repliek.words import MessageWords
from training.choice import conditional_logit
from training.folds import Folds
from training.heads import fit_rows
from training.intents import FittedIntents
from training.ranker import FittedRanker

PARTS = 5
"""Each time a fifth of the topics is forgotten, and judged are the messages of a fifth of the rows: a topic is then
asked for as often, beside the others, as it is in the history."""

MIN_TOPICS, MIN_MESSAGES, MIN_INTENTS = 10, 200, 10
"""With fewer the weights stay where they were learned elsewhere."""


@dataclass(frozen=True, slots=True)
class Learned:
    """What was learned of n messages before, and what it was learned from.

    Attributes:
        knowledge: the answers.
        passages: of the answers.
        messages: the message alone of each.
        asked: the messages.
        sendings: what became of them.
        densities: (n,) float32, how near others are to each.
        intents: `None` where none are labelled.
        ranker: of the topics.
    """

    knowledge: KnowledgeBase
    passages: EncodedPassages
    messages: tuple[str, ...]
    asked: Asked
    sendings: Sendings
    densities: FloatArray
    intents: FittedIntents | None
    ranker: FittedRanker


def fit_untried(learned: Learned, strays: BoolArray, folds: Folds, seed: int) -> UntriedRule:
    """Learn the weights of `UntriedRule` from n messages.

    Args:
        learned: what is forgotten in part.
        strays: (n,) messages for which no answer is right.
        folds: what is held out together.
        seed: of the lots that decide which topics are forgotten together.
    """
    topics = learned.sendings.topics
    tried = np.unique(topics[topics >= 0])
    judged = (topics >= 0) | strays
    if len(tried) < MIN_TOPICS or judged.sum() < MIN_MESSAGES or _too_few(learned.intents):
        return UntriedRule()
    part_of_topic = np.full(len(learned.knowledge.topics), -1, dtype=np.int64)
    part_of_topic[tried] = np.random.default_rng(seed).permutation(len(tried)) % PARTS
    part_of_row = folds.numbers % PARTS
    texts = TextEvidence.of(learned.knowledge, learned.passages)
    figures: list[FloatArray] = []
    chosen: list[IntArray] = []
    for part in range(PARTS):
        forgotten = part_of_topic == part
        held_out = np.flatnonzero(judged & (part_of_row == part))
        rest = np.flatnonzero((part_of_row != part) & ~np.append(forgotten, False)[topics])
        if len(held_out) and len(rest):
            figures.append(_measure(learned, texts, forgotten, rest, held_out, seed))
            own = topics[held_out][:, np.newaxis] == np.flatnonzero(forgotten)
            chosen.append(np.where(own, 0, -1).ravel())
    weights, intercept = conditional_logit(
        np.concatenate(figures)[:, np.newaxis, :],
        np.concatenate(chosen),
        outside_option=True,
        expected=UntriedRule().weights,
    )
    return UntriedRule.weighing(weights, intercept)


def _too_few(intents: FittedIntents | None) -> bool:
    return intents is not None and len(intents.head.labels) < MIN_INTENTS


def _measure(
    learned: Learned, texts: TextEvidence, forgotten: BoolArray, rest: IntArray, held_out: IntArray, seed: int
) -> FloatArray:
    """Return (m * forgotten topics, 4) float32 evidence of (m,) rows `held_out`, by what the `rest` tells of them."""
    words = MessageWords.of([learned.messages[int(row)] for row in rest])
    asked = _read(learned, words, rest, held_out, seed)
    sendings = Sendings(
        words,
        learned.sendings.topics[rest],
        learned.sendings.suggested[rest],
        learned.sendings.circumstances.take(rest),
    )
    labels = learned.intents.head.labels if learned.intents else ()
    evidence = topic_evidence(learned.knowledge, sendings, texts, labels)
    ranker = CalibratedRanker(Ranker(evidence, learned.ranker.head), learned.ranker.calibrations)
    return untried_evidence(asked, ranker.utilities(asked), texts, forgotten).reshape(-1, len(UntriedRule().weights))


def _read(learned: Learned, words: MessageWords, rest: IntArray, held_out: IntArray, seed: int) -> Asked:
    """Return the messages in the rows `held_out` as a reader sees them that knows the `rest` alone, and its words."""
    told = learned.asked.take(held_out)
    told = replace(told, circumstances=replace(told.circumstances, past_rows=np.full(len(held_out), -1)))
    told = replace(told, neighbours=VectorIndex.build(learned.asked.vectors[rest]).search(told.vectors, NEIGHBOURS))
    fitted = learned.intents
    if fitted is None:
        return told
    rows, labels = fitted.past.rows, fitted.head.labels
    head = fit_rows(learned.asked.vectors, rows, rest, labels, fitted.head.strength, seed)
    past = PastIntents.of(words, rows[rest], learned.densities[rest], len(labels))
    # Intents that only forgotten topics had are not known either.
    known = np.append(np.isin(np.arange(len(labels)), rows[rest]), False)
    of_answers = row_intents([answer.intent for answer in learned.knowledge.recognised], labels)
    answers = learned.passages.grouped(np.where(known[np.maximum(of_answers, -1)], of_answers, -1), len(labels))
    found = IntentClassifier(head, fitted.rule, past, answers).read(told.texts, told.vectors, told.neighbours)
    return replace(told, intents=found.probabilities, scope=found.scope)
