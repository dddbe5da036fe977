"""`erase`, `erasures` and `purge`, as whoever answers for personal data uses them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from repliek.erasure import read_erasures
from serving.__main__ import app
from serving.store.database import Database
from tests.command_line import Ended, command
from tests.served import sqlite_url
from tests.stored import add_delivery, add_feedback, add_set


@pytest.fixture(autouse=True)
def environment(store_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPLIEK_DATABASE_URL", store_url)
    monkeypatch.setenv("REPLIEK_BRANDS", '{"default": "a", "other": "b"}')


def fill(database: Database) -> None:
    with database.writing() as session:
        for name in ("s1", "s2"):
            add_set(session, name, "a", customer_id="klant 3")
            add_feedback(session, name)
        add_delivery(session, "d", customer_id="klant 3")
        add_set(session, "s3", "a", customer_id="klant 4")
        add_set(session, "s4", "a", customer_id="klant 3", brand="other")


def erase(*arguments: object) -> Ended:
    return command(app, "erase", "--customer", "klant 3", *arguments)


def test_a_customer_is_erased_with_a_receipt(database: Database, tmp_path: Path) -> None:
    fill(database)
    file = tmp_path / "receipts" / "erased.jsonl"
    ended = erase("--receipt", file)
    assert ended.code == 0, ended.stderr
    assert "Database " in ended.stderr
    assert "klant 3" not in ended.stdout
    first, *lines = ended.stdout.splitlines()
    assert first.startswith("Erased on 20")
    assert lines == [
        "      2 suggestion sets",
        "      2 suggestions",
        "      2 feedback",
        "      0 follow ups",
        "      1 deliveries",
        "What an exported history, or a bundle made of one, may still hold until the next training:",
        "  s1",
        "  s2",
    ]
    (receipt,) = read_erasures(file)
    assert (receipt.brand, receipt.exchange_ids) == ("default", ("s1", "s2"))
    assert receipt.erasure_id in first


def test_twice_is_fine_and_the_first_receipt_stays(database: Database, tmp_path: Path) -> None:
    fill(database)
    file = tmp_path / "erased.jsonl"
    erase("--receipt", file)
    again = erase("--receipt", file)
    assert (again.code, len(read_erasures(file))) == (0, 1)
    assert again.stdout.startswith("Nothing of this customer is stored.")
    assert erase("--json").stdout == "null\n"
    erase("--receipt", file, "--brand", "other")
    assert [one.exchange_ids for one in read_erasures(file)] == [("s1", "s2"), ("s4",)]


def test_counting_alone(database: Database) -> None:
    fill(database)
    for _ in range(2):
        assert json.loads(erase("--dry-run", "--json").stdout) == {
            "suggestion_sets": 2,
            "suggestions": 2,
            "feedback": 2,
            "follow_ups": 0,
            "deliveries": 1,
        }
    assert erase("--dry-run").stdout.splitlines()[0] == "      2 suggestion sets"


def test_a_receipt_for_machines(database: Database) -> None:
    fill(database)
    found = json.loads(erase("--json").stdout)
    assert found["exchange_ids"] == ["s1", "s2"]
    assert datetime.now(UTC) - datetime.fromisoformat(found["erased_at"]) < timedelta(minutes=1)


def test_all_receipts_can_be_written_again(database: Database, tmp_path: Path) -> None:
    out = tmp_path / "erased.jsonl"
    ended = command(app, "erasures", "--out", out)
    assert (ended.code, ended.stdout) == (0, f"0 erasures of 0 exchanges: {out}\n")
    assert read_erasures(out) == ()
    fill(database)
    erase()
    assert json.loads(command(app, "erasures", "--out", out, "--json").stdout) == {"erasures": 1, "exchanges": 2}
    assert [one.exchange_ids for one in read_erasures(out)] == [("s1", "s2")]


def test_a_damaged_file_of_receipts_is_found_before_anything_is_removed(database: Database, tmp_path: Path) -> None:
    fill(database)
    (tmp_path / "erased.jsonl").write_text("iets anders\n", encoding="utf-8")
    ended = erase("--receipt", tmp_path / "erased.jsonl")
    assert (ended.code, ended.stdout) == (1, "")
    assert "line 1: no receipt of an erasure" in ended.stderr
    assert json.loads(erase("--dry-run", "--json").stdout)["suggestion_sets"] == 2


def test_a_receipt_that_cannot_be_written(database: Database, tmp_path: Path) -> None:
    fill(database)
    (tmp_path / "file").touch()
    ended = erase("--receipt", tmp_path / "file" / "erased.jsonl")
    assert ended.code == 1
    assert "`python -m serving erasures` writes the receipts again" in ended.stderr
    command(app, "erasures", "--out", tmp_path / "erased.jsonl")
    assert len(read_erasures(tmp_path / "erased.jsonl")) == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("erase",), "Missing option '--customer'"),
        (("erase", "--customer", "x", "--brand", "nobody"), "expected one of default, other"),
        (("erase", "--customer", "x", "--receipt", "r.json"), "ends in .jsonl"),
        (("erasures",), "Missing option '--out'"),
        (("erasures", "--out", "r.csv"), "ends in .jsonl"),
    ],
)
def test_wrong_use(arguments: tuple[str, ...], said: str) -> None:
    ended = command(app, *arguments)
    assert (ended.code, ended.stdout) == (2, "")
    assert said in ended.said


def test_what_is_too_old_is_purged(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    now = datetime.now(UTC)
    with database.writing() as session:
        for days in (1, 9, 11):
            add_set(session, f"{days} days old", "a", created_at=now - timedelta(days=days))
    monkeypatch.setenv("REPLIEK_RETENTION_DAYS", "10")
    ended = command(app, "purge", "--json")
    found = json.loads(ended.stdout)
    assert (found["suggestion_sets"], found["deliveries"]) == (1, 0)
    assert now - timedelta(days=10, minutes=1) < datetime.fromisoformat(found["before"]) < now - timedelta(days=9)
    told = command(app, "purge").stdout
    assert told.endswith("UTC: 0 suggestion sets with their feedback, 0 deliveries.\n")


def test_a_log_that_somebody_reads_is_told_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("serving.store.database.WAIT_SECONDS", 0.1)
    monkeypatch.setenv("REPLIEK_DATABASE_URL", sqlite_url(tmp_path / "read"))
    database = Database.from_url(sqlite_url(tmp_path / "read"))
    database.migrate()
    fill(database)
    with database.reading() as session:
        session.execute(text("SELECT count(*) FROM suggestion_sets"))
        ended = erase()
    assert ended.code == 1
    assert "may still stand in SQLite's log" in ended.stderr
    assert erase().code == 0
    database.close()
