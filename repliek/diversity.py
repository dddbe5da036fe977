"""Answers that say the same in other words are offered once."""

from __future__ import annotations

from collections.abc import Sequence

from repliek.encoder import FloatArray
from repliek.facts import facts_in
from repliek.knowledge import Answer

SAME = 0.85
"""Cosine from which two answers say the same.

In the bundled knowledge base, answers of different topics come no nearer than 0.79, and those say different things
("a new QR code" for a first eSIM, and for a second phone). The same answers with a sentence of courtesy before or after
them, their sentences in another order, or a few words changed, stay above 0.89 of themselves.
"""


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
        return float(first @ second) >= SAME and facts_in(one.text) == facts_in(other.text)
