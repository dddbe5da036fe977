"""What is right for one message, so that two bundles can be compared on the same ones.

Which yardstick serves depends on what the history knows: which answer was sent, or only what was wanted, or only what
was replied.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

import numpy as np

from evaluation.observations import DISTRACTORS, Progress, observe
from repliek.conversation import MAX_MESSAGE_CHARS, Channel, Conversation
from repliek.errors import DataError
from repliek.history import Exchange
from repliek.intents import STRAY
from repliek.knowledge import KnowledgeBase
from repliek.metrics import FloatArray
from repliek.retrieval import BoolArray
from repliek.suggester import Suggester
from repliek.suggestions import SuggestionSet

LEAST = 50
"""Messages without which nothing is decided, in all or in a slice."""

SHOWN = 3
"""Suggestions that an agent is shown."""

WRONG = -1.0
"""What suggestions are worth of which none is right: read for nothing, and somebody may send one."""

_LINES_AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class Shares:
    """A figure that is a ratio of two sums over n messages.

    Attributes:
        gained: (n,) float64 what each message adds to the upper sum.
        possible: (n,) float64 what it adds to the lower one.
    """

    gained: FloatArray
    possible: FloatArray

    @classmethod
    def mean(cls, values: FloatArray) -> Shares:
        """The mean of (n,) values."""
        return cls(values.astype(np.float64), np.ones(len(values)))

    @classmethod
    def among(cls, right: BoolArray, counted: BoolArray) -> Shares:
        """The share of the (n,) `counted` messages that is right."""
        return cls((right & counted).astype(np.float64), counted.astype(np.float64))


@dataclass(frozen=True, slots=True)
class Marks:
    """What one bundle made of n messages.

    Attributes:
        deciding: the figure that decides.
        guards: figures that may not fall by more than the margin, by name.
    """

    deciding: Shares
    guards: Mapping[str, Shares]


class Yardstick(Protocol):
    """A way to tell what is right for a message."""

    @property
    def name(self) -> str:
        """The name of the figure that decides."""
        ...

    def tells(self, history: Sequence[Exchange], known: Sequence[KnowledgeBase]) -> BoolArray:
        """Return (n,) whether it can tell for each exchange, one of the knowledge bases `known` being asked."""
        ...

    def mark(self, history: Sequence[Exchange], suggester: Suggester, *, seed: int, progress: Progress) -> Marks:
        """Judge a bundle on exchanges for which this yardstick can tell."""
        ...


@dataclass(frozen=True, slots=True)
class SuggestionWorth:
    """What an agent gains by what is really shown, threshold, channel and validity included.

    The right answer shown first is worth 1, second 1/2, third 1/3: it is read from the top. Silence is worth 0.
    Suggestions of which none is right are worth `WRONG`. For an out-of-scope message, none is right.

    Attributes:
        now: when messages without a time of their own are taken to come in, the same for every bundle.
    """

    name: str = "worth of what is shown"
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def tells(self, history: Sequence[Exchange], known: Sequence[KnowledgeBase]) -> BoolArray:
        answerable = np.array([exchange.in_scope and _answerable(exchange, known) for exchange in history], dtype=bool)
        stray = np.array([not exchange.in_scope for exchange in history], dtype=bool)
        # Out-of-scope messages alone say nothing of answers.
        return (answerable | stray) & bool(answerable.sum() >= LEAST)

    def mark(self, history: Sequence[Exchange], suggester: Suggester, *, seed: int, progress: Progress) -> Marks:  # noqa: ARG002
        ranks: list[int] = []
        shown: list[bool] = []
        for start in range(0, len(history), _LINES_AT_ONCE):
            progress("Suggesting", start, len(history))
            part = history[start : start + _LINES_AT_ONCE]
            sets = suggester.suggest_many([self.asked(exchange) for exchange in part], SHOWN)
            ranks += [_rank(*pair, suggester.bundle.knowledge) for pair in zip(part, sets, strict=True)]
            shown += [bool(found.suggestions) for found in sets]
        progress("Suggesting", len(history), len(history))
        return _worth(np.array(ranks), np.array(shown), np.array([exchange.in_scope for exchange in history]))

    def asked(self, exchange: Exchange) -> Conversation:
        """Return the exchange as it came in, to be replied to at once: what is old today was not old then."""
        received = exchange.asked_at or self.now
        return Conversation(
            exchange.message[:MAX_MESSAGE_CHARS],
            exchange.channel or Channel.CHAT,
            exchange.turns,
            received_at=received,
            replying_at=received,
        )


@dataclass(frozen=True, slots=True)
class RightIntent:
    """Whether the message gets its own intent, or is taken to be out of scope when it is."""

    name: str = "right intent, or rightly out of scope"

    def tells(self, history: Sequence[Exchange], known: Sequence[KnowledgeBase]) -> BoolArray:  # noqa: ARG002
        return np.array([exchange.intent is not None for exchange in history], dtype=bool)

    def mark(self, history: Sequence[Exchange], suggester: Suggester, *, seed: int, progress: Progress) -> Marks:
        observed = observe(history, suggester, seed=seed, progress=progress)
        intents, stray = observed.intents, observed.stray
        if intents is None:  # a bundle without intents gets none right, and takes everything to be in scope
            right = np.zeros(len(history), dtype=bool)
        else:
            own = (intents.predicted == intents.expected) & intents.in_scope
            right = np.where(intents.expected == STRAY, ~intents.in_scope, own)
        guards = {
            "intents.in_scope_accuracy": Shares.among(right, ~stray),
            "intents.oos_recall": Shares.among(right, stray),
        }
        return Marks(Shares.mean(right), guards)


@dataclass(frozen=True, slots=True)
class TrueReply:
    """How often the true reply comes first among 99 others of the file: `answers.one_of_100`."""

    name: str = "answers.one_of_100"

    def tells(self, history: Sequence[Exchange], known: Sequence[KnowledgeBase]) -> BoolArray:  # noqa: ARG002
        replies = [" ".join((exchange.reply or "").split()) for exchange in history]
        enough = len({reply for reply in replies if reply}) > DISTRACTORS
        return np.array([bool(reply) and enough for reply in replies], dtype=bool)

    def mark(self, history: Sequence[Exchange], suggester: Suggester, *, seed: int, progress: Progress) -> Marks:
        return Marks(Shares.mean(observe(history, suggester, seed=seed, progress=progress).reply_first), {})


def choose(history: Sequence[Exchange], known: Sequence[KnowledgeBase]) -> tuple[Yardstick, BoolArray]:
    """Return the first yardstick that serves, and (n,) for which exchanges.

    Answers go before intents, because they are what an agent sends, and intents before replies, because a
    reply can be right in other words.

    Args:
        history: what the bundles are compared on.
        known: the answers of each bundle.

    Raises:
        DataError: none can tell for `LEAST` of the exchanges.
    """
    for yardstick in (SuggestionWorth(), RightIntent(), TrueReply()):
        tells = yardstick.tells(history, known)
        if tells.sum() >= LEAST:
            return yardstick, tells
    raise DataError(
        f"the {len(history)} exchanges from which neither bundle has learned cannot tell which is better; "
        f"expected {LEAST} or more whose answer_id a bundle knows, or with an intent, "
        f"or {DISTRACTORS + 1} different replies"
    )


def _answerable(exchange: Exchange, known: Sequence[KnowledgeBase]) -> bool:
    answer_id = exchange.answer_id
    return answer_id is not None and any(knowledge.topic_of(answer_id) for knowledge in known)


def _rank(exchange: Exchange, found: SuggestionSet, knowledge: KnowledgeBase) -> int:
    """Return the place of the right answer among those shown, counted from 1; 0 where it is not among them."""
    expected = knowledge.topic_of(exchange.answer_id) if exchange.answer_id and exchange.in_scope else None
    topics = [knowledge.topic_of(suggestion.answer_id) for suggestion in found.suggestions]
    return topics.index(expected) + 1 if expected in topics else 0


def _worth(ranks: np.ndarray, shown: BoolArray, in_scope: BoolArray) -> Marks:
    """Return the marks of n messages, by (n,) places of the right answer, 0 without, and (n,) whether any is shown."""
    values = np.where(ranks > 0, 1 / np.maximum(ranks, 1), np.where(shown, WRONG, 0.0))
    return Marks(
        Shares.mean(values),
        {
            "right one among those shown": Shares.among(ranks > 0, in_scope),
            "precision of the first": Shares.among(ranks == 1, shown),
        },
    )
