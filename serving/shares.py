"""How much of a history may come from one agent, so that nobody can teach the next bundle alone."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass

LEAST = 50
"""So many exchanges of one agent are always taken: a small team would have nothing to learn from."""

SHARE = 0.2
"""Of all exchanges, so much may come from one agent."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """What one agent may teach: the larger of a number and a share of the whole."""

    least: int = LEAST
    share: float = SHARE

    @classmethod
    def from_text(cls, text: str) -> Allowance:
        """Read `200` as exchanges, and `0.3` or `30%` as a share.

        Raises:
            ValueError: it is neither.
        """
        expected = f"{text!r}; expected a number of exchanges such as 200, or a share such as 30%"
        try:
            if text.isascii() and text.isdigit() and int(text) > 0:
                return cls(int(text), 0.0)
            share = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
        except ValueError:
            raise ValueError(expected) from None
        if not 0 < share <= 1:
            raise ValueError(expected)
        return cls(1, share)

    def of(self, whole: int) -> int:
        """Return how many exchanges one agent may teach where there are `whole` of all agents."""
        return max(self.least, int(self.share * whole))


@dataclass(frozen=True, slots=True)
class Drawn:
    """What was drawn.

    Attributes:
        kept: (n,) 1 for each exchange that stays, in the order in which they were put in, 0 for the others.
        each: how many one agent may teach.
        capped: how many agents had more.
    """

    kept: bytearray
    each: int
    capped: int


class Lottery:
    """Draws each agent's exchanges by lot; the same seed draws the same ones, whatever else is put in.

    Exchanges without an agent count as those of one: who leaves out the name cannot teach more by it.
    """

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._lots: defaultdict[str | None, list[tuple[bytes, int]]] = defaultdict(list)
        self._count = 0

    def put(self, agent: str | None, exchange_id: str) -> None:
        """Put an exchange in."""
        lot = hashlib.sha256(f"{self._seed}:{exchange_id}".encode()).digest()[:8]
        self._lots[agent].append((lot, self._count))
        self._count += 1

    def draw(self, allowance: Allowance) -> Drawn:
        """Keep of every agent what is allowed."""
        each = allowance.of(self._count)
        kept = bytearray(self._count)
        for lots in self._lots.values():
            for _, place in sorted(lots)[:each]:
                kept[place] = 1
        return Drawn(kept, each, sum(len(lots) > each for lots in self._lots.values()))
