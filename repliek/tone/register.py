"""Je or u: which register a text uses."""

from __future__ import annotations

import re
from enum import StrEnum


class Register(StrEnum):
    """How an answer addresses the customer; the value travels in JSON."""

    JE = "je"
    U = "u"
    NEUTRAL = "neutral"


class Usage(StrEnum):
    """Which registers a text uses at all, where `Register` says which one prevails."""

    JE = "je"
    U = "u"
    NONE = "none"
    MIXED = "mixed"


_INFORMAL = re.compile(
    r"\b(?:jij|jou|jouw|jouwe|jullie|jezelf|je|ge|gij|gullie|uwen|alsjeblieft|asjeblieft|jijzelf)\b", re.IGNORECASE
)
# A lone U may be part of a code ("U2") or a unit ("1 u 10 min"), so it counts only before a word, a mark or an emoji.
_FORMAL = re.compile(r"\b(?:u(?=\s+[a-zà-ÿ]|\s+[^\w\s]|[?.,!;:)]|\s*$)|uw|uwe|uzelf|alstublieft)\b", re.IGNORECASE)


_FLEMISH = re.compile(r"\b(?:ge|gij)\b", re.IGNORECASE)


def detect_usage(text: str) -> Usage:
    """Return whether `text` says je, u, both or neither; Flemish "ge" with its "u" is je."""
    familiar = bool(_INFORMAL.search(text))
    polite = bool(_FORMAL.search(text)) and not _FLEMISH.search(text)
    if familiar and polite:
        return Usage.MIXED
    if familiar:
        return Usage.JE
    return Usage.U if polite else Usage.NONE


def detect_register(text: str) -> Register | None:
    """Return the register in which `text` addresses its reader.

    Returns:
        `JE` or `U` when one of them prevails, `NEUTRAL` when nobody is addressed,
        `None` when both occur equally often and no choice is justified. Flemish "ge"
        and "gij" are the familiar form, also where "u" is their object ("ge moet u").
    """
    informal = len(_INFORMAL.findall(text))
    formal = len(_FORMAL.findall(text))
    if _FLEMISH.search(text):
        return Register.JE
    if informal == formal:
        return Register.NEUTRAL if informal == 0 else None
    return Register.JE if informal > formal else Register.U
