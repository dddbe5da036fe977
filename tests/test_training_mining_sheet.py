from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

from repliek.history import Exchange
from repliek.knowledge import Answer, Status
from training.mining import Mined
from training.mining.review import Decisions
from training.mining.sheet import COLUMNS, EXAMPLES, as_csv, rows, sheet_path

CODE = Answer(answer_id="mined-1", text="De code staat in de app.", language="nl", intent="code")
CARD = Answer(answer_id="mined-2", text="=Je krijgt een kaart.", language="nl", intent="card")
KNOWN = Answer(answer_id="known", text="Log in.", language="nl", intent="login")
GONE = replace(KNOWN, answer_id="gone", status=Status.BLOCKED)


def exchange(number: int, answer_id: str | None) -> Exchange:
    return Exchange(exchange_id=f"e{number}", message=f"=vraag\n{number}", reply="Hoi, ja", answer_id=answer_id)


MINED = Mined(
    answers=(CODE, CARD),
    counts=(2, 7),
    history=(
        *(exchange(number, "mined-2") for number in range(5)),
        exchange(5, "mined-1"),
        *(exchange(number, "known") for number in range(6, 9)),
        exchange(9, None),
    ),
)
SHEET = rows((KNOWN, GONE, CODE, CARD), MINED)


def test_most_frequent_first_and_without_what_is_blocked() -> None:
    assert [(row.answer.answer_id, row.said) for row in SHEET] == [("mined-2", 7), ("known", 3), ("mined-1", 2)]


def test_examples_show_what_was_asked_and_replied() -> None:
    read = list(csv.DictReader(io.StringIO(as_csv(SHEET))))
    assert tuple(read[0]) == COLUMNS
    assert read[0]["exchange_ids"].split() == [f"e{number}" for number in range(EXAMPLES)]
    assert read[0]["messages"].splitlines() == ["'=vraag 0", "=vraag 1", "=vraag 2"]
    assert read[0]["replies"].splitlines() == ["Hoi, ja"] * EXAMPLES
    assert {row["action"] for row in read} == {""}


def test_a_spreadsheet_takes_nothing_for_a_formula() -> None:
    assert next(csv.DictReader(io.StringIO(as_csv(SHEET))))["wording"] == "'=Je krijgt een kaart."


def test_the_sheet_is_read_as_decisions(tmp_path: Path) -> None:
    file = sheet_path(tmp_path / "answers.jsonl")
    assert file.name == "answers-review.csv"
    file.write_text(as_csv(SHEET).replace("\n,,,,known", "\nallow,,,,known"), encoding="utf-8")
    assert [decision.answer_id for _, decision in Decisions.from_file(file).entries if decision.action] == ["known"]
