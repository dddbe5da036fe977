from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from evaluation.cli import app
from evaluation.judging import KEY, SHEET, judged, prepare
from repliek.errors import DataError
from repliek.history import ContextTurn, Exchange
from repliek.suggester import Suggester
from tests.fixture_bundle import MESSAGES


def exchange(number: int, message: str, reply: str | None) -> Exchange:
    turn = ContextTurn(speaker="agent", text="Waarmee kan ik helpen?")  # type: ignore[arg-type]
    return Exchange(exchange_id=f"e{number}", message=message, reply=reply, context=(turn,))


@pytest.fixture
def history(suggester: Suggester) -> tuple[Exchange, ...]:
    texts = [answer.text for answer in suggester.bundle.knowledge]
    return (
        exchange(0, MESSAGES.suggested, f"{texts[0]} {texts[1]}"),
        exchange(1, MESSAGES.unreviewed, texts[-1]),
        exchange(2, MESSAGES.suggested, None),
        exchange(3, MESSAGES.unreviewed, texts[0]),
    )


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def filled_in(sheet: Path, path: Path, yes: set[tuple[str, str]], delimiter: str = ",") -> Path:
    rows = table(sheet)
    for row in rows:
        row["equivalent"] = str(int((row["exchange_id"], row["answer_id"]) in yes))
    with path.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, list(rows[0]), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_the_sheet_shows_replies_beside_answers_and_no_score(
    history: tuple[Exchange, ...], suggester: Suggester, tmp_path: Path
) -> None:
    assert prepare(history, suggester, tmp_path, 100, 13) == 3
    sheet, key = table(tmp_path / SHEET), table(tmp_path / KEY)
    assert {row["exchange_id"] for row in sheet} == {"e0", "e1", "e3"}
    assert [(row["exchange_id"], row["answer_id"]) for row in sheet] == [
        (row["exchange_id"], row["answer_id"]) for row in key
    ]
    assert set(sheet[0]) == {
        "equivalent", "number", "exchange_id", "before", "message", "reply", "answer_id", "answer",
    }  # fmt: skip
    assert {row["equivalent"] for row in sheet} == {""}
    assert sheet[0]["before"] == "Waarmee kan ik helpen?"


def test_an_answer_that_is_a_sentence_of_the_reply_is_among_the_nearest(
    history: tuple[Exchange, ...], suggester: Suggester, tmp_path: Path
) -> None:
    prepare(history, suggester, tmp_path, 100, 13)
    first, second = (answer.answer_id for answer in list(suggester.bundle.knowledge)[:2])
    nearest = {row["answer_id"] for row in table(tmp_path / KEY) if row["exchange_id"] == "e0" and row["nearest"]}
    assert {first, second} <= nearest


def test_what_is_blocked_is_not_shown(history: tuple[Exchange, ...], suggester: Suggester, tmp_path: Path) -> None:
    prepare(history, suggester, tmp_path, 100, 13)
    blocked = {answer.answer_id for answer in suggester.bundle.knowledge if answer.status == "blocked"}
    assert not blocked & {row["answer_id"] for row in table(tmp_path / KEY)}


def test_the_draw_is_the_same_for_the_same_seed(
    history: tuple[Exchange, ...], suggester: Suggester, tmp_path: Path
) -> None:
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        prepare(history, suggester, tmp_path / name, 2, seed)
    same, again, other = ((tmp_path / name / SHEET).read_bytes() for name in "abc")
    assert same == again
    assert same != other


def test_without_replies_there_is_nothing_to_judge(suggester: Suggester, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no exchange has a reply"):
        prepare([exchange(0, "hallo", None)], suggester, tmp_path, 100, 13)


def test_what_two_readers_said(history: tuple[Exchange, ...], suggester: Suggester, tmp_path: Path) -> None:
    prepare(history, suggester, tmp_path, 100, 13)
    key = table(tmp_path / KEY)
    pairs = [(row["exchange_id"], row["answer_id"]) for row in key]
    suggested = next((row["exchange_id"], row["answer_id"]) for row in key if row["suggested"])
    other = next(pair for pair in pairs if pair[0] != suggested[0])
    first = filled_in(tmp_path / SHEET, tmp_path / "1.csv", {suggested, other})
    second = filled_in(tmp_path / SHEET, tmp_path / "2.csv", {suggested}, delimiter=";")
    found = judged(tmp_path / KEY, first, second, 13)
    assert (found.replies, found.pairs) == (3, len(pairs))
    assert found.agreement == pytest.approx(1 - 1 / len(pairs))
    assert found.either == pytest.approx((2 / 3, 1 / 3))
    assert found.coverage == pytest.approx(1 / 3)
    assert found.recall_at_3 == 1
    assert 0 < found.kappa < 1
    arguments = ["judged", "--key", str(tmp_path / KEY), "--by", str(first), "--by", str(second)]
    ended = CliRunner().invoke(app, [*arguments, "--json"])
    assert json.loads(ended.stdout)["coverage"] == pytest.approx(1 / 3)
    assert "covered, say both" in CliRunner().invoke(app, arguments).stdout
    assert CliRunner().invoke(app, arguments[:-2]).exit_code == 2


def test_every_line_has_to_be_judged(history: tuple[Exchange, ...], suggester: Suggester, tmp_path: Path) -> None:
    prepare(history, suggester, tmp_path, 100, 13)
    done = filled_in(tmp_path / SHEET, tmp_path / "1.csv", set())
    with pytest.raises(DataError, match=r"sheet.csv, line 2: equivalent is not judged; expected 1 or 0"):
        judged(tmp_path / KEY, done, tmp_path / SHEET, 13)
    lines = done.read_text(encoding="utf-8").splitlines()
    (tmp_path / "short.csv").write_text("\n".join(lines[:-1]) + "\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"short.csv: lacks 1 of the \d+ lines"):
        judged(tmp_path / KEY, done, tmp_path / "short.csv", 13)
    with pytest.raises(DataError, match="no such file"):
        judged(tmp_path / KEY, done, tmp_path / "none.csv", 13)
    (tmp_path / "other.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(DataError, match="has no column 'equivalent'"):
        judged(tmp_path / KEY, done, tmp_path / "other.csv", 13)
