"""What topics that are forgotten on purpose teach about answers without a past."""

from __future__ import annotations

import numpy as np

from repliek.asked import Asked, Circumstances
from repliek.knowledge import Answer, KnowledgeBase
from repliek.passages import EncodedPassages, Passages
from repliek.ranking import TextEvidence, topic_evidence
from repliek.retrieval import BoolArray
from repliek.sendings import Sendings
from repliek.space import unit
from repliek.untried import UntriedRule
from repliek.words import MessageWords
from training.folds import Folds
from training.ranker import fit_ranker
from training.untried import MIN_TOPICS, Learned, fit_untried

EACH, STRAYS, DIMENSIONS = 20, 40, 32
FOLDS_SEED = 13


def learned(topics: int, *, telling: bool) -> tuple[Learned, BoolArray, Folds]:
    """Topics whose messages lie around a middle of their own; the answers lie there too where their texts tell."""
    random = np.random.default_rng(3)
    middles = unit(random.standard_normal((topics, DIMENSIONS)).astype(np.float32))
    sent = np.append(np.repeat(np.arange(topics), EACH), np.full(STRAYS, -1)).astype(np.int64)
    near = middles[sent] + 0.15 * random.standard_normal((len(sent), DIMENSIONS))
    strays = sent < 0
    near[strays] = random.standard_normal((STRAYS, DIMENSIONS))
    vectors = unit(near.astype(np.float32))
    elsewhere = unit(random.standard_normal((topics, DIMENSIONS)).astype(np.float32))
    answers = [Answer(answer_id=f"t{topic}", text=f"Antwoord {topic}.", language="nl") for topic in range(topics)]
    knowledge = KnowledgeBase(answers)
    passages = EncodedPassages(Passages.of(answers), middles if telling else elsewhere)
    folds = Folds.stratified([str(row) for row in sent], [str(row) for row in range(len(sent))], FOLDS_SEED)
    nothing = np.zeros((len(sent), 0), dtype=np.float32)
    messages = ("vraag",) * len(sent)
    circumstances = Circumstances.unknown(len(sent))
    scope = np.zeros(len(sent), dtype=np.float32)
    asked = Asked(messages, vectors, folds.neighbours(vectors), nothing, scope, circumstances)
    sendings = Sendings(MessageWords.of(messages), sent, np.full(len(sent), -1, dtype=np.int64), circumstances)
    evidence = topic_evidence(knowledge, sendings, TextEvidence.of(knowledge, passages), ())
    ranker = fit_ranker(evidence, asked, sent, strays)
    return Learned(knowledge, passages, messages, asked, sendings, scope, None, ranker), strays, folds


def test_texts_that_tell_weigh_more_than_texts_that_do_not() -> None:
    telling, silent = (fit_untried(*learned(15, telling=told), FOLDS_SEED) for told in (True, False))
    asked_for = np.array([[[-3.0, 0.9, 0.7, 0.0]]], dtype=np.float32)
    assert float(telling.log_odds(asked_for)[0, 0]) > 2 > float(silent.log_odds(asked_for)[0, 0])
    assert float(telling.log_odds(np.array([[[-0.1, 0.1, -0.2, 0.0]]], dtype=np.float32))[0, 0]) < -3


def test_the_same_lots_teach_the_same() -> None:
    assert fit_untried(*learned(12, telling=True), 5) == fit_untried(*learned(12, telling=True), 5)


def test_too_few_topics_leave_what_was_learned_elsewhere() -> None:
    assert fit_untried(*learned(MIN_TOPICS - 1, telling=True), FOLDS_SEED) == UntriedRule()
