"""No standard texts: who gets one feels fobbed off, however right it is."""

from __future__ import annotations

from repliek.tone.rules.draft import Draft
from repliek.tone.rules.rule import Severity
from repliek.tone.voice import voice_of

LEAST_HUMAN = 0.6
"""One stock phrase, or two lesser marks of a form letter; docs/tone.md tells how it was chosen."""


class StandardAnswer:
    """A text that sounds like a form letter gets a warning: rewriting it takes a person."""

    name = "standard_answer"
    severity = Severity.WARNING

    def check(self, draft: Draft) -> str | None:
        voice = voice_of(draft.text, draft.prose, draft.language)
        return f"{voice.score:.2f}, {'; '.join(voice.reasons)}" if voice.score < LEAST_HUMAN else None
