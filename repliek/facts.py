"""What a text states that other words would not change: figures, numbers to call, links, slots, and a "not"."""

from __future__ import annotations

import re

from repliek.knowledge import SLOT
from repliek.tone.dutch.lexicon import word_set
from repliek.tone.prose import plain, words_of
from repliek.tone.rules.facts import addresses_in, without_addresses
from repliek.tone.rules.quantities import numbers_in, phones_in

NEGATIONS = word_set("niet geen nooit niets niks nergens niemand not no never nothing none nobody cannot")
_SHORT_NOT = re.compile(r"n't$")


def facts_in(text: str) -> frozenset[str]:
    """Return the facts of `text`, each in one spelling: `twee` is 2, and every negation is `not`."""
    line = plain(text)
    slots = frozenset(SLOT.findall(line))
    rest = without_addresses(SLOT.sub(" ", line))
    negated = {"not"} if is_negated(rest) else set[str]()
    return numbers_in(rest) | phones_in(rest) | addresses_in(line) | slots | negated


def is_negated(line: str) -> bool:
    """Whether plain text says that something is not so."""
    return any(word in NEGATIONS or _SHORT_NOT.search(word) for word in words_of(line))
