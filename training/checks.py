"""What is doubtful in a history and its answers, found before anything is learned from them.

Customers' words stand in no finding: an exchange is pointed to by its id. What answers state is quoted, since that is
what a brand says.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from typing import Protocol

import numpy as np

from repliek.encoder import FloatArray
from repliek.history import OUT_OF_SCOPE, Exchange
from repliek.knowledge import Answer, Status
from repliek.retrieval import IntArray
from training.facts import FactKind, facts
from training.material import NEAR, Material

FEW = 5
"""Fewer examples of an intent leave folds in which there is none to learn from."""


class Kind(StrEnum):
    """What is doubtful; the value travels in JSON."""

    LABEL_CONFLICT = "label_conflict"
    NEAR_DUPLICATE = "near_duplicate"
    HELD_OUT_DUPLICATE = "held_out_duplicate"
    FEW_EXAMPLES = "few_examples"
    CONTRADICTION = "contradiction"
    SUSPECT_LABEL = "suspect_label"


class Severity(StrEnum):
    """Whether something is wrong, or may be as it should."""

    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something doubtful.

    Attributes:
        kind: what.
        severity: how much it matters.
        ids: of the exchanges, or of the answers where they contradict each other.
        explanation: a sentence or two.
    """

    kind: Kind
    severity: Severity
    ids: tuple[str, ...]
    explanation: str


class Check(Protocol):
    """One kind of doubt."""

    def findings(self, material: Material) -> Iterator[Finding]:
        """Yield what is found."""
        ...


class LabelConflicts:
    """The same or nearly the same message has different intents, or was given different answers."""

    def findings(self, material: Material) -> Iterator[Finding]:
        for rows in material.near_same:
            exchanges = [material.history[row] for row in rows]
            intents = Counter(exchange.intent for exchange in exchanges if exchange.intent)
            topics = Counter(
                topic
                for exchange in exchanges
                if exchange.answer_id and (topic := material.knowledge.topic_of(exchange.answer_id))
            )
            ids = material.ids(rows)
            if len(intents) > 1:
                told = f"{len(rows)} messages that say nearly the same have the intents {_counted(intents)}"
                yield Finding(Kind.LABEL_CONFLICT, Severity.WARNING, ids, told)
            elif len(topics) > 1:  # two answers can both be right
                told = f"{len(rows)} messages that say nearly the same were given the answers {_counted(topics)}"
                yield Finding(Kind.LABEL_CONFLICT, Severity.NOTE, ids, told)


class NearDuplicates:
    """Messages that say nearly the same stand in different folds: what is held out was seen after all."""

    def findings(self, material: Material) -> Iterator[Finding]:
        for rows in material.near_same:
            folds = len(np.unique(material.folds.numbers[rows]))
            if folds > 1:
                told = (
                    f"{len(rows)} messages that say nearly the same stand in {folds} folds, which flatters the figures"
                )
                yield Finding(Kind.NEAR_DUPLICATE, Severity.NOTE, material.ids(rows), told)


class HeldOutDuplicates:
    """Messages that were kept apart to measure on say nearly the same as messages that are learned from."""

    def findings(self, material: Material) -> Iterator[Finding]:
        held_out = material.held_out
        if held_out is None:
            return
        near = held_out.nearest.similarities >= NEAR
        for row in np.flatnonzero(near.any(axis=1)):
            learned = held_out.nearest.rows[row][near[row]]
            told = f"kept apart to measure on, and says nearly the same as {len(learned)} that are learned from"
            ids = (held_out.history[row].exchange_id, *material.ids(learned))
            yield Finding(Kind.HELD_OUT_DUPLICATE, Severity.WARNING, ids, told)


class FewExamples:
    """Intents with fewer than `FEW` examples."""

    def findings(self, material: Material) -> Iterator[Finding]:
        rows: defaultdict[str, list[int]] = defaultdict(list)
        for row, exchange in enumerate(material.history):
            if exchange.intent and exchange.in_scope:
                rows[exchange.intent].append(row)
        for intent in sorted(rows):
            if len(rows[intent]) < FEW:
                told = (
                    f"intent {intent} has {len(rows[intent])} examples; {FEW} or more are needed to learn and judge it"
                )
                yield Finding(Kind.FEW_EXAMPLES, Severity.WARNING, material.ids(np.array(rows[intent])), told)


class Contradictions:
    """Answers that cannot both be true: variants of one topic, or, less surely, topics of one intent.

    Two answers contradict each other when each states something of a kind that the other does not, although both
    state something of that kind. One that merely says less does not. Links differ by language rightly. Answers that are
    blocked, or valid at different times, are never given beside each other.
    """

    def findings(self, material: Material) -> Iterator[Finding]:
        answers = [answer for answer in material.knowledge if answer.status is not Status.BLOCKED]
        stated = {answer.answer_id: facts(answer.text) for answer in answers}
        for related, severity in ((_by_topic(answers), Severity.WARNING), (_by_intent(answers), Severity.NOTE)):
            for name, pairs in related.items():
                for kind in FactKind:
                    values = {key: {fact.value for fact in found if fact.kind is kind} for key, found in stated.items()}
                    against = [pair for pair in pairs if _contradict(*pair, values, kind)]
                    ids = tuple(dict.fromkeys(answer.answer_id for pair in against for answer in pair))
                    if ids:
                        told = "; ".join(f"{key}: {', '.join(sorted(values[key]))}" for key in ids)
                        yield Finding(Kind.CONTRADICTION, severity, ids, f"{name} states different {kind} ({told})")


CHECKS: tuple[Check, ...] = (LabelConflicts(), HeldOutDuplicates(), FewExamples(), Contradictions(), NearDuplicates())


def check(material: Material) -> tuple[Finding, ...]:
    """Return all that is doubtful without having learned anything."""
    return tuple(finding for check in CHECKS for finding in check.findings(material))


def suspect_labels(
    history: Sequence[Exchange], labels: Sequence[str], expected: IntArray, probabilities: FloatArray
) -> tuple[Finding, ...]:
    """Return the exchanges whose intent the held-out folds dispute, the surest first.

    Confident learning (Northcutt et al. 2021): a label is suspect when another intent is at least as likely as that
    intent usually is for messages that have it, and likelier than the message's own.

    Args:
        history: n exchanges.
        labels: c intents.
        expected: (n,) int64 column of each exchange's own intent, negative without.
        probabilities: (n, c) float32, out of fold.
    """
    known = np.flatnonzero(expected >= 0)
    if not len(known):
        return ()
    own = probabilities[known, expected[known]]
    counts = np.bincount(expected[known], minlength=len(labels))
    usual = np.bincount(expected[known], weights=own, minlength=len(labels)) / np.maximum(counts, 1)
    confident = np.where(probabilities[known] >= usual, probabilities[known], 0.0)
    likeliest = confident.argmax(axis=1)
    sureness = confident.max(axis=1) - own
    disputed = (sureness > 0) & (likeliest != expected[known])
    return tuple(
        Finding(
            Kind.SUSPECT_LABEL,
            Severity.NOTE,
            (history[int(known[place])].exchange_id,),
            f"labelled {labels[expected[known[place]]]} ({own[place]:.2f}), "
            f"held-out folds say {labels[likeliest[place]]} ({confident[place].max():.2f})",
        )
        for place in np.argsort(-sureness, kind="stable").tolist()
        if disputed[place]
    )


def _by_topic(answers: Sequence[Answer]) -> dict[str, list[tuple[Answer, Answer]]]:
    """Return the pairs of variants of each topic."""
    topics: defaultdict[str, list[Answer]] = defaultdict(list)
    for answer in answers:
        topics[answer.topic].append(answer)
    return {f"topic {topic}": list(combinations(variants, 2)) for topic, variants in topics.items()}


def _by_intent(answers: Sequence[Answer]) -> dict[str, list[tuple[Answer, Answer]]]:
    """Return, of each intent, the pairs of answers to different topics in one language and register."""
    intents: defaultdict[str, list[Answer]] = defaultdict(list)
    for answer in answers:
        if answer.intent and answer.intent != OUT_OF_SCOPE:
            intents[answer.intent].append(answer)
    return {
        f"intent {intent}": [
            (one, other)
            for one, other in combinations(served, 2)
            if one.topic != other.topic and (one.language, one.register) == (other.language, other.register)
        ]
        for intent, served in intents.items()
    }


def _contradict(one: Answer, other: Answer, values: dict[str, set[str]], kind: FactKind) -> bool:
    if kind is FactKind.LINK and one.language != other.language:
        return False
    mine, theirs = values[one.answer_id], values[other.answer_id]
    return bool(mine - theirs) and bool(theirs - mine) and _valid_together(one, other)


def _valid_together(one: Answer, other: Answer) -> bool:
    begins = [day for day in (one.valid_from, other.valid_from) if day]
    ends = [day for day in (one.valid_until, other.valid_until) if day]
    return not (begins and ends) or max(begins) <= min(ends)


def _counted(labels: Counter[str]) -> str:
    return ", ".join(f"{label} ({count})" for label, count in labels.most_common())
