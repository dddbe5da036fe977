"""What the team that saves an answer may want to look at again. None of it keeps the answer from being suggested."""

from __future__ import annotations

from collections.abc import Iterator

from repliek.brand import Brand
from repliek.knowledge import Answer
from repliek.language import can_be_detected
from repliek.tone.rewriting import breaches
from repliek.tone.rules import TEXT_RULES, Draft, Linter
from repliek.tone.rules.hygiene import OpenSlots

FILLED_BY_REQUEST = frozenset({"first_name"})
"""Slots that are filled with what a request tells, where it does."""

_LINTER = Linter([rule for rule in TEXT_RULES if not isinstance(rule, OpenSlots)])


def warnings_of(answer: Answer, brand: Brand) -> tuple[str, ...]:
    """Say what does not fit an answer's register or language, breaks a rule for texts, or is filled in by nobody."""
    return (*_register(answer), *_rules(answer), *_slots(answer, brand), *_language(answer))


def _register(answer: Answer) -> Iterator[str]:
    words = [word for one in breaches(answer.text, answer.register, answer.language) for word in one.words]
    if words:
        found = ", ".join(dict.fromkeys(words))
        yield f"wrong_register, expected {answer.register}, found {found}"


def _rules(answer: Answer) -> Iterator[str]:
    for finding in _LINTER.lint(Draft.of_text(answer.text, answer.language, answer.register)):
        yield f"{finding.rule}, {finding.detail}"


def _slots(answer: Answer, brand: Brand) -> Iterator[str]:
    for slot in sorted(answer.slots - brand.facts.keys() - FILLED_BY_REQUEST):
        yield f"{OpenSlots.name}, nothing fills in {slot}: the agent must, each time"


def _language(answer: Answer) -> Iterator[str]:
    if not can_be_detected(answer.language):
        yield f"language, {answer.language} is not recognised: suggested only where a request names it"
