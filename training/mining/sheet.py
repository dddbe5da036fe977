"""The review sheet: every answer with what a reviewer needs to judge it, and columns to write a decision in."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from repliek.cells import as_cell
from repliek.history import Exchange
from repliek.knowledge import Answer, Status
from training.mining.bank import Mined

EXAMPLES = 3

COLUMNS = (
    *("action", "into", "intent", "text"),
    *("answer_id", "said", "status", "suggested_intent", "wording", "exchange_ids", "messages", "replies"),
)
"""Those of a decision, empty, and those to judge by; the reader of decisions leaves the latter alone."""


@dataclass(frozen=True, slots=True)
class Row:
    """An answer, how often it was said, and examples.

    Attributes:
        answer: as it stands in the answers file.
        said: replies that say it; for an answer that was known before, replies that it stands for.
        examples: exchanges with such a reply, redacted.
    """

    answer: Answer
    said: int
    examples: tuple[Exchange, ...]

    def cells(self) -> dict[str, str | int]:
        """Return what stands in the sheet."""
        return {
            "answer_id": self.answer.answer_id,
            "said": self.said,
            "status": self.answer.status,
            "suggested_intent": self.answer.intent or "",
            "wording": as_cell(self.answer.text),
            "exchange_ids": " ".join(exchange.exchange_id for exchange in self.examples),
            "messages": _lines(exchange.message for exchange in self.examples),
            "replies": _lines(exchange.reply or "" for exchange in self.examples),
        }


def rows(answers: Sequence[Answer], mined: Mined) -> tuple[Row, ...]:
    """Return a row for each answer that may be sent or is still to be reviewed, the most frequent first."""
    counts = dict(zip((answer.answer_id for answer in mined.answers), mined.counts, strict=True))
    named = mined.examples
    found = [_row(answer, counts, named) for answer in answers if answer.status is not Status.BLOCKED]
    return tuple(sorted(found, key=lambda row: -row.said))


def _row(answer: Answer, counts: Mapping[str, int], named: Mapping[str, tuple[Exchange, ...]]) -> Row:
    exchanges = named.get(answer.topic, ())
    return Row(answer, counts.get(answer.answer_id, len(exchanges)), exchanges[:EXAMPLES])


def as_csv(found: Sequence[Row]) -> str:
    """Return the sheet as CSV, for a spreadsheet."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(row.cells() for row in found)
    return text.getvalue()


def _lines(texts: Iterable[str]) -> str:
    """Return texts one below the other, each on a line of its own."""
    return as_cell("\n".join(" ".join(text.split()) for text in texts))


def sheet_path(answers: Path) -> Path:
    """Return where the sheet of an answers file stands: beside it."""
    return answers.with_name(f"{answers.stem}-review.csv")
