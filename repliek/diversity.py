"""Answers that say the same in other words are offered once."""

from __future__ import annotations

import re
from collections.abc import Sequence

from repliek.encoder import FloatArray
from repliek.knowledge import Answer
from repliek.vocabulary import SLOT

SAME = 0.85
"""Cosine from which two answers say the same.

In the bundled knowledge base, answers of different topics come no nearer than 0.79, and those say different things
("a new QR code" for a first eSIM, and for a second phone). The same answers with a sentence of courtesy before or after
them, their sentences in another order, or a few words changed, stay above 0.89 of themselves.
"""

# What turns one answer into another without changing its sound: figures, links, and a "not".
_FACT = re.compile(
    rf"{SLOT.pattern}|\S*\d\S*|\S+@\S+|\S+\.(?:example|nl|com|be|net|org|eu)\S*|\b(?:niet|geen|nooit|not|no|never)\b",
    re.IGNORECASE,
)


class Sameness:
    """Which answers of a knowledge base say the same."""

    def __init__(self, answers: Sequence[Answer], vectors: FloatArray) -> None:
        """Args: answers: of the knowledge base; vectors: (answers, d) float32, passage vectors of length one."""
        self._rows = {answer.answer_id: row for row, answer in enumerate(answers)}
        self._vectors = vectors

    def find(self, answer: Answer, among: Sequence[Answer]) -> int | None:
        """Return the place of the first of some answers that says the same as `answer`, `None` without one."""
        return next((place for place, other in enumerate(among) if self.holds(other, answer)), None)

    def holds(self, one: Answer, other: Answer) -> bool:
        """Whether two answers say the same: they sound alike, and name the same figures, links and negations."""
        first, second = (self._vectors[self._rows[answer.answer_id]] for answer in (one, other))
        return float(first @ second) >= SAME and _facts(one) == _facts(other)


def _facts(answer: Answer) -> list[str]:
    return sorted(found[0].strip(".,;:!?()").lower() for found in _FACT.finditer(answer.text))
