"""The names that travel in files and over HTTP, apart from what uses them: to read a response takes no engine."""

from __future__ import annotations

import re
from enum import StrEnum

SLOT = re.compile(r"\{([a-z][a-z0-9_]*)\}")
"""A place in an answer that is filled for each customer, such as `{first_name}`."""


class Audience(StrEnum):
    """Who may read an answer."""

    PUBLIC = "public"
    PRIVATE = "private"
    ANY = "any"


class Origin(StrEnum):
    """Where an answer comes from."""

    AGENT = "agent"
    EXPERT = "expert"
    COMMUNITY = "community"
    MINED = "mined"


class Status(StrEnum):
    """Whether an answer may be suggested. `UNREVIEWED` ones are, with a warning."""

    ALLOWED = "allowed"
    UNREVIEWED = "unreviewed"
    BLOCKED = "blocked"


class Emotion(StrEnum):
    """Emotion of the customer; the value travels in JSON."""

    NEUTRAL = "neutral"
    FRUSTRATED = "frustrated"
    WORRIED = "worried"
    SAD = "sad"
    GRATEFUL = "grateful"
    PLAYFUL = "playful"


class Part(StrEnum):
    """Part of a reply, in reading order; the value travels in JSON."""

    GREETING = "greeting"
    RECOGNITION = "recognition"
    ANSWER = "answer"
    PRIVATE_MOVE = "private_move"
    REMOVAL = "removal"
    NEXT_STEP = "next_step"
    CLOSING = "closing"
    SIGNATURE = "signature"


class Route(StrEnum):
    """How the conversation goes on; the value travels in JSON."""

    TEAM = "team"
    DM = "dm"
    PHONE = "phone"


class EditKind(StrEnum):
    """What was changed; the value travels in JSON and is kept with the feedback."""

    AS_IS = "as_is"
    TONE = "tone"
    FACTS = "facts"
    LENGTH = "length"
    REGISTER = "register"
    REWRITTEN = "rewritten"
