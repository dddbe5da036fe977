"""What is fine once: an exclamation mark, an apology."""

from __future__ import annotations

import re

from repliek.tone.prose import Expressions, expression
from repliek.tone.rules.draft import Draft
from repliek.tone.rules.rule import Severity

# FRITZ!Box and Yahoo! mail are names.
_EXCLAMATION = re.compile(r"[!！‼❗](?!\w)")

_APOLOGIES = Expressions((
    expression(
        "apology",
        "sorry excuus excuses verontschuldiging verontschuldigingen spijt apologies apology apologise apologize regret",
        r"\bsorry\b(?! for your loss| voor je verlies| dat (?:je|u) (?:vader|moeder|man|vrouw))",
        r"(?<!geen )(?<!no )\b(?:excuus|excuses|verontschuldiging(?:en)?)\b(?! (?:hoeven|hoeft|zijn niet nodig|"
        r"is niet nodig|niet nodig))",
        r"\bspijt (?:me|mij|ons)\b|\bhet spijt\b|\bapolog(?:ies|y|ise|ize)\b|\bwe (?:deeply |sincerely )?regret\b",
    ),
))  # fmt: skip


class Exclamations:
    """At most one exclamation mark: a row of them sounds like an advert.

    A warning also where the brand's own words hold them: a right answer is worth more than its punctuation, and an
    agent takes a mark out faster than they write an answer.
    """

    name = "exclamations"
    severity = Severity.WARNING

    def check(self, draft: Draft) -> str | None:
        if "!" not in draft.text and draft.text.isascii():
            return None
        count = len(_EXCLAMATION.findall(draft.text))
        return f"{count} exclamation marks" if count > 1 else None


class Apologies:
    """At most one apology: the second one sounds like a form, and moves the talk from the problem to us."""

    name = "apologies"
    severity = Severity.WARNING

    def check(self, draft: Draft) -> str | None:
        count = sum(1 for _ in _APOLOGIES.find(draft.prose))
        return f"{count} apologies" if count > 1 else None
