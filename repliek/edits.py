"""What an agent changed in a suggestion before sending it."""

from __future__ import annotations

from enum import StrEnum


class EditKind(StrEnum):
    """What kind of change it is; the value travels in JSON."""

    AS_IS = "as_is"
    TONE = "tone"
    FACTS = "facts"
    LENGTH = "length"
    REGISTER = "register"
    REWRITTEN = "rewritten"
