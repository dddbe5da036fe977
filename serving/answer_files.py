"""Knowledge bases as files, in and out: JSON lines, or CSV for a spreadsheet."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from pydantic import TypeAdapter, ValidationError

from repliek.cells import BYTE_ORDER_MARK, csv_lines
from repliek.errors import DataError
from repliek.knowledge import Answer
from repliek.records import Row, jsonl_lines, rows_in
from repliek.wire.answers import MAX_IMPORTED, AnswerBody, Format, ImportResponse, RejectedLine
from repliek.wire.problems import BODY, FieldError
from serving.answer_views import COLUMNS, to_answer
from serving.store.answers import AnswerBook, Outcome

MEDIA_TYPES: Mapping[str, Format] = {
    "application/jsonl": Format.JSONL,
    "application/x-ndjson": Format.JSONL,
    "text/csv": Format.CSV,
}
"""How the files are announced; the first of each kind is how ours are."""

_LINES_TOGETHER = 100

_BODY = TypeAdapter(AnswerBody)
_DAYS = ("valid_from", "valid_until")
# How a spreadsheet set to Dutch writes a date, whatever stood in the file that it opened.
_DUTCH_DAY = re.compile(r"(\d{1,2})-(\d{1,2})-(\d{4})\Z")


@dataclass(frozen=True, slots=True)
class AnswerFile:
    """What an imported file holds.

    Attributes:
        answers: of the lines that can be used, in their order; no two have the same id.
        rejected: the other lines, and why.
    """

    answers: tuple[Answer, ...]
    rejected: tuple[RejectedLine, ...]

    @classmethod
    def read(cls, contents: bytes, form: Format, language: str) -> AnswerFile:
        """Read a file.

        Args:
            contents: of the file.
            form: what kind of file it is, `JSONL` or `CSV`.
            language: ISO 639-1 code of answers that name none.

        Raises:
            DataError: it is not UTF-8, no CSV, or has no lines, or too many.
        """
        answers: dict[str, Answer] = {}
        rejected: list[RejectedLine] = []
        for line, row in islice(rows_in(contents, f".{form}", BODY), MAX_IMPORTED + 1):
            answer = _answer(row, language) if isinstance(row, dict) else row
            if isinstance(answer, str):
                rejected.append(RejectedLine(line=line, reason=answer))
            elif answer.answer_id in answers:
                rejected.append(RejectedLine(line=line, reason="answer_id: stands on an earlier line already"))
            else:
                answers[answer.answer_id] = answer
        found = len(answers) + len(rejected)
        if not 0 < found <= MAX_IMPORTED:
            raise DataError(f"{BODY}: expected 1 to {MAX_IMPORTED} answers, found {'none' if not found else 'more'}")
        return cls(tuple(answers.values()), tuple(rejected))

    def save_in(self, book: AnswerBook, by: str | None) -> ImportResponse:
        """Save the answers, all or none, and tell what became of every line."""
        outcomes = [saved.outcome for saved in book.save_all(self.answers, by)]
        return ImportResponse(
            created=outcomes.count(Outcome.CREATED),
            updated=outcomes.count(Outcome.UPDATED),
            unchanged=outcomes.count(Outcome.UNCHANGED),
            rejected=self.rejected,
        )


def written(answers: Sequence[Answer], form: Format) -> Iterator[bytes]:
    """Yield a file, `JSONL` or `CSV`, piece by piece; read again, it changes nothing."""
    lines = _csv(answers) if form is Format.CSV else jsonl_lines(Answer, answers)
    while piece := b"".join(islice(lines, _LINES_TOGETHER)):
        yield piece


def _csv(answers: Iterable[Answer]) -> Iterator[bytes]:
    yield BYTE_ORDER_MARK.encode()
    rows = ([getattr(answer, column) for column in COLUMNS] for answer in answers)
    yield from (line.encode() for line in csv_lines(COLUMNS, rows))


def _answer(row: Row, language: str) -> Answer | str:
    """Return the answer that a line holds, or why it holds none, without a word of it."""
    for name in _DAYS:
        if isinstance(day := row.get(name), str) and (found := _DUTCH_DAY.match(day)):
            row[name] = f"{found[3]}-{found[2]:0>2}-{found[1]:0>2}"
    try:
        body = _BODY.validate_python(row)
    except ValidationError as error:
        wrong = [FieldError.of(one) for one in error.errors(include_url=False, include_input=False)]
        return "; ".join(f"{one.field}: {one.reason}" for one in wrong)
    if body.answer_id is None:
        return "answer_id: expected, but not given"
    return to_answer(body, body.answer_id, language)
