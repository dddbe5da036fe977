"""Suggestions with what agents made of them, and how often that is classed as a reader does."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from repliek.edits import Edit, edit_of
from repliek.vocabulary import EditKind

PAIRS = Path(__file__).parent / "data" / "edits.jsonl"


@dataclass(frozen=True, slots=True)
class Pair:
    """A suggestion, what was sent, when the pair was written, and what a reader calls it."""

    written: str
    kind: EditKind
    language: str
    suggested: str
    sent: str

    @property
    def edit(self) -> Edit:
        return edit_of(self.suggested, self.sent, self.language)

    @property
    def right(self) -> bool:
        return self.edit.kind is self.kind


def pairs() -> Sequence[Pair]:
    """Read every pair of the file."""
    rows = [json.loads(line) for line in PAIRS.read_text(encoding="utf-8").splitlines()]
    return [Pair(**row | {"kind": EditKind(row["kind"])}) for row in rows]


def right(some: Sequence[Pair]) -> float:
    """Return the share of pairs that are classed as a reader does."""
    return sum(pair.right for pair in some) / len(some)


if __name__ == "__main__":
    for written in dict.fromkeys(pair.written for pair in pairs()):
        some = [pair for pair in pairs() if pair.written == written]
        sys.stdout.write(f"{written}: {right(some):.3f} of {len(some)}\n")
        for pair in some:
            if not pair.right:
                sys.stdout.write(f"  {pair.kind}, not {pair.edit.kind}: {pair.suggested!r} -> {pair.sent!r}\n")
