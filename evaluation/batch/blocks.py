"""Blocks of rows: what is read, computed, written and resumed together.

A sum of floats depends in its last digit on how many rows a matrix has, so a row's figures would depend on its
company. Blocks are therefore counted from the first row of the file, always of the same length, and each is
computed as a whole and on one thread: whoever computes it, and whenever, gets the same bytes.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from evaluation.batch.messages import Message
from repliek.records import Rejection, stream_records
from repliek.suggester import Suggester
from repliek.suggestions import SuggestionSet

ROWS = 512
"""Rows of a block; with more, messages of like length are found to be encoded together, with fewer less is lost."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file of messages: .jsonl, .csv or .parquet.

    Attributes:
        path: of the file.
        rename: our column name for theirs.
    """

    path: Path
    rename: Mapping[str, str]

    def rows(self, skip: int = 0) -> Iterator[tuple[int, Message | Rejection]]:
        """Yield every row after the first `skip`, with its line."""
        return stream_records(self.path, Message, rename=self.rename, skip=skip)

    def blocks(self, skip: int = 0) -> Iterator[Block]:
        """Yield the blocks after the first `skip` rows, which are whole blocks."""
        rows = self.rows(skip)
        while chunk := list(islice(rows, ROWS)):
            yield Block(
                rows=len(chunk),
                messages=tuple(
                    row.named(f"{self.path.stem}-{line}") for line, row in chunk if isinstance(row, Message)
                ),
                rejected=tuple(row for _, row in chunk if isinstance(row, Rejection)),
            )


@dataclass(frozen=True, slots=True)
class Block:
    """Consecutive rows: `rows` of them, each either a message with an id, or rejected."""

    rows: int
    messages: tuple[Message, ...]
    rejected: tuple[Rejection, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a block.

    Attributes:
        rows: of the input.
        suggested: messages with at least one suggestion.
        silent: messages without.
        rejected: rows that could not be used.
        suggestions: the lines for the output, UTF-8, each ended by a line feed.
        rejections: the lines for the file of rejected rows.
    """

    rows: int
    suggested: int
    silent: int
    rejected: int
    suggestions: bytes
    rejections: bytes


@dataclass(frozen=True, slots=True)
class BlockSuggester:
    """Turns blocks into outcomes. Safe to share between threads.

    Attributes:
        suggester: of the bundle.
        k: how many suggestions a message gets at most.
        day: on which messages came in whose row does not say.
    """

    suggester: Suggester
    k: int
    day: date

    def __call__(self, block: Block) -> Outcome:
        """Suggest for every message of a block."""
        conversations = [message.to_engine(self.day) for message in block.messages]
        found = self.suggester.suggest_many(conversations, self.k) if conversations else []
        lines = [_line(message, one) for message, one in zip(block.messages, found, strict=True)]
        suggested = sum(bool(one.suggestions) for one in found)
        return Outcome(
            rows=block.rows,
            suggested=suggested,
            silent=len(found) - suggested,
            rejected=len(block.rejected),
            suggestions="".join(lines).encode(),
            rejections="".join(f"{rejection.as_json()}\n" for rejection in block.rejected).encode(),
        )


def _line(message: Message, found: SuggestionSet) -> str:
    """Return a line of the output. What is due, and before when, stands in it where the row says when it came in."""
    row: dict[str, Any] = {"id": message.id} | dataclasses.asdict(found, dict_factory=_rounded)
    if message.received_at is None:
        del row["due"], row["priority"]["before"]
    return json.dumps(row, ensure_ascii=False, default=str) + "\n"


def _rounded(items: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return the fields of a dataclass, floats with the four digits that they have over HTTP."""
    return {name: round(value, 4) if isinstance(value, float) else value for name, value in items}
