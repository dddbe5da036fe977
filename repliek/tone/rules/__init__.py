"""Rules that every suggestion keeps to, each with a name, a severity and a reason."""

from repliek.tone.rules.draft import Draft
from repliek.tone.rules.linter import RULES, TEXT_RULES, Linter
from repliek.tone.rules.rule import Finding, Rule, Severity

__all__ = ["RULES", "TEXT_RULES", "Draft", "Finding", "Linter", "Rule", "Severity"]
