"""How one language addresses its reader: what a table of registers takes and gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from repliek.tone.register import Register


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A text in another register.

    `doubts` are for the agent: the sentence, the word in it that can be read in two ways,
    and how. They are empty when every word could be read in one way only.
    """

    text: str
    doubts: tuple[str, ...] = ()

    @property
    def sure(self) -> bool:
        """Whether nothing needs a second look."""
        return not self.doubts


@dataclass(frozen=True, slots=True)
class Breach:
    """A sentence that addresses the reader in the other register, and the words by which it does."""

    sentence: str
    words: tuple[str, ...]


class RegisterTable(Protocol):
    """How one language tells its familiar register (je, du, tu) from its polite one (u, Sie, vous)."""

    def breaches(self, text: str, register: Register) -> tuple[Breach, ...]:
        """Name every sentence of `text` that breaks `register`, in the order of the text."""
        ...

    def rewrite(self, text: str, register: Register) -> Rewritten:
        """Write `text` in `register`."""
        ...
