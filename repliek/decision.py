"""Suggest, or keep silent with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Protocol

from repliek.needs import Need

MAX_SUGGESTIONS = 10
"""More than an agent looks through."""


class Reason(StrEnum):
    """Why nothing is suggested; the value travels in JSON."""

    LOW_CONFIDENCE = "low_confidence"
    OUT_OF_SCOPE = "out_of_scope"
    NO_VALID_ANSWER = "no_valid_answer"
    NEEDS_HUMAN = "needs_human"
    TEMPLATE_REQUIRED = "template_required"


@dataclass(frozen=True, slots=True)
class Abstention:
    """Silence, and what an agent should know about it."""

    reason: Reason
    detail: str


@dataclass(frozen=True, slots=True)
class Case:
    """What a decision is made on.

    Attributes:
        in_scope: whether the message is something the team serves.
        intent: the likeliest intent, `None` without an intent head.
        confidence: of the best topic, 0 when there is none.
        usable: how many of the topics that reach the threshold have an answer that may be said here and now; none while
            nobody has looked.
        obstacles: why ranked topics have none, best topic first.
        needs: why a human must decide, the gravest first.
        missed_window: how long after the customer's last message the channel takes free text, where more time has
            passed; `None` where free text may be sent.
    """

    in_scope: bool
    intent: str | None
    confidence: float
    usable: int = 0
    obstacles: tuple[str, ...] = ()
    needs: tuple[Need, ...] = ()
    missed_window: timedelta | None = None


class Rule(Protocol):
    """One ground for silence."""

    def judge(self, case: Case) -> Abstention | None:
        """Return why to keep silent, or `None` to let the next rule judge."""
        ...


class NeedsHuman:
    """No answer that was written beforehand may be said: see `Need.silences`."""

    def judge(self, case: Case) -> Abstention | None:
        silencing = [need for need in case.needs if need.silences]
        if not silencing:
            return None
        return Abstention(Reason.NEEDS_HUMAN, f"A human must decide: {', '.join(silencing)}.")


class TemplateRequired:
    """The channel takes no free text any more, only a template that it approved beforehand."""

    def judge(self, case: Case) -> Abstention | None:
        if case.missed_window is None:
            return None
        hours = case.missed_window // timedelta(hours=1)
        return Abstention(
            Reason.TEMPLATE_REQUIRED,
            f"The customer wrote last more than {hours} hours ago: this channel takes only an approved template now.",
        )


class OutOfScope:
    """Nothing in the history or the knowledge base resembles the message."""

    def judge(self, case: Case) -> Abstention | None:
        if case.in_scope:
            return None
        return Abstention(Reason.OUT_OF_SCOPE, "The message resembles nothing that was answered before.")


class LowConfidence:
    """The best answer is less likely to be right than the bundle's threshold asks."""

    def __init__(self, threshold: float) -> None:
        self._threshold = threshold

    def judge(self, case: Case) -> Abstention | None:
        if case.confidence >= self._threshold:
            return None
        return Abstention(
            Reason.LOW_CONFIDENCE,
            f"The best answer is right with probability {case.confidence:.2f}; the threshold is {self._threshold:.2f}.",
        )


class NoValidAnswer:
    """What should be said cannot be said in this language, to this audience, today, or in this length."""

    def judge(self, case: Case) -> Abstention | None:
        if case.usable:
            return None
        return Abstention(
            Reason.NO_VALID_ANSWER, case.obstacles[0] if case.obstacles else "The knowledge base is empty."
        )


class Decision:
    """Rules in the order in which they are asked; the first that objects decides."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = tuple(rules)

    def judge(self, case: Case) -> Abstention | None:
        """Return the first ground for silence, or `None` when a suggestion may be made."""
        return next((found for rule in self._rules if (found := rule.judge(case))), None)
