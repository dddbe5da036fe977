"""All rules, looking at one draft."""

from __future__ import annotations

from collections.abc import Sequence

from repliek.tone.rules.attitude import Blame, Defensive
from repliek.tone.rules.draft import Draft
from repliek.tone.rules.facts import InventedAddress, InventedName, InventedNumber
from repliek.tone.rules.hygiene import InvisibleCharacters, Markup, OpenSlots
from repliek.tone.rules.promises import UnheldPromise
from repliek.tone.rules.public import PersonalDataAsked, PersonalDataInPublic
from repliek.tone.rules.restraint import Apologies, Exclamations
from repliek.tone.rules.rule import Finding, Rule
from repliek.tone.rules.standard import StandardAnswer
from repliek.tone.rules.wording import WrongLanguage, WrongRegister

TEXT_RULES: tuple[Rule, ...] = (
    WrongLanguage(),
    InvisibleCharacters(),
    Markup(),
    Defensive(),
    Blame(),
    Exclamations(),
    Apologies(),
    OpenSlots(),
    StandardAnswer(),
)
"""Those that need the text and its language, and nothing else."""

RULES: tuple[Rule, ...] = (
    UnheldPromise(),
    InventedNumber(),
    InventedAddress(),
    InventedName(),
    PersonalDataInPublic(),
    PersonalDataAsked(),
    WrongRegister(),
    *TEXT_RULES,
)
"""All of them, those that look at what a text is grounded in first."""


class Linter:
    """Looks at drafts by rules, in their order."""

    def __init__(self, rules: Sequence[Rule] = RULES) -> None:
        self._rules = tuple(rules)

    def lint(self, draft: Draft) -> tuple[Finding, ...]:
        """Return every rule that `draft` breaks, each once."""
        details = ((rule, rule.check(draft)) for rule in self._rules)
        return tuple(Finding(rule.name, rule.severity, detail) for rule, detail in details if detail is not None)
