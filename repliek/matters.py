"""One message, several matters: which parts of a message are asked for their own sake."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from repliek.decision import Abstention
from repliek.parts import Part


@dataclass(frozen=True, slots=True)
class Reading:
    """What the engine makes of a text, before it decides anything.

    Attributes:
        topics: numbers of the likeliest topics, best first; empty without a ranker.
        confidence: probability that an agent would send the first topic's answer, 0 without.
        intent: the likeliest intent, `None` without an intent head.
        certainty: probability of that intent, 0 without.
        in_scope: whether the text is something the team serves.
    """

    topics: tuple[int, ...]
    confidence: float
    intent: str | None
    certainty: float
    in_scope: bool

    def answer(self, threshold: float) -> tuple[int, ...]:
        """Return the first topic, if its answer is as sure as the threshold asks."""
        return self.topics[:1] if self.confidence >= threshold else ()

    def same_as(self, other: Reading) -> bool:
        """Whether both are about one thing, as far as anybody can tell."""
        same_intent = self.intent is not None and self.intent == other.intent
        return same_intent or self.topics[:1] == other.topics[:1]


@dataclass(frozen=True, slots=True)
class Matter:
    """One of several things that a message asks.

    Attributes:
        text: the customer's words for it.
        intent: what they want, `None` without an intent head.
        answer_id: the answer to it, `None` where there is none that may be said.
        abstained: why there is none.
    """

    text: str
    intent: str | None
    answer_id: str | None
    abstained: Abstention | None


def tell_apart(whole: Reading, parts: Sequence[Part], readings: Sequence[Reading], threshold: float) -> tuple[int, ...]:
    """Return the places of the parts that are matters of their own, at least two of them, or nothing.

    A part is a matter when it is in scope, and either its answer or at least its intent is as sure as the threshold
    asks; at least one answer must be. Parts about the same thing are one matter. A message that is out of scope as a
    whole has none. When the whole message is sure of its answer, the parts must not contradict it: that answer is
    one of theirs, theirs are among those that the whole brings to mind, and an "en" before a statement is no reason
    to cut.

    Args:
        whole: the message.
        parts: its parts, in their order.
        readings: of the parts.
        threshold: of the bundle, for the confidence of an answer.
    """
    if not whole.in_scope:
        return ()
    sure = whole.confidence >= threshold
    places: list[int] = []
    for place, (part, reading) in enumerate(zip(parts, readings, strict=True)):
        if not reading.in_scope or max(reading.confidence, reading.certainty) < threshold:
            continue
        if sure and (part.faint or not set(reading.topics[:1]) <= set(whole.topics)):
            continue
        if not any(reading.same_as(readings[earlier]) for earlier in places):
            places.append(place)
    answers = [topic for place in places for topic in readings[place].answer(threshold)]
    if len(places) < 2 or not answers or (sure and not set(whole.answer(threshold)) <= set(answers)):
        return ()
    return tuple(places)


def what_became_of(matters: Sequence[Matter], *, together: bool) -> tuple[str, ...]:
    """Say whether the suggestions answer every matter; the customer's words stand in none of it.

    Args:
        matters: at least one of them with an answer.
        together: whether the first suggestion holds all the answers.
    """
    unanswered = [matter.abstained.detail for matter in matters if matter.abstained]
    answered = len(matters) - len(unanswered)
    said: list[str] = []
    if unanswered:
        said.append(f"Answered in part: {len(unanswered)} of {len(matters)} matters without an answer. {unanswered[0]}")
    if answered > 1 and together:
        said.append(f"The first suggestion answers {answered} matters together.")
    elif answered > 1:
        said.append(f"The answers to {answered} matters do not fit into one message; each is a suggestion of its own.")
    return tuple(said)
