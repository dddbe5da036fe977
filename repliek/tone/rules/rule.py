"""What a rule is, and what it finds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from repliek.tone.rules.draft import Draft


class Severity(StrEnum):
    """What becomes of a suggestion that breaks a rule: never shown, or shown with a warning. It travels in JSON."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that a draft breaks. `detail` tells where; it never quotes the customer."""

    rule: str
    severity: Severity
    detail: str


class Rule(Protocol):
    """One thing that every suggestion keeps to."""

    @property
    def name(self) -> str:
        """What the rule is called in JSON, in snake case."""
        ...

    @property
    def severity(self) -> Severity:
        """How grave it is to break it."""
        ...

    def check(self, draft: Draft) -> str | None:
        """Tell how `draft` breaks the rule, if it does. The time is linear in the texts."""
        ...
