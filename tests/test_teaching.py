"""From the store to a history: what is in it, how much of one agent, and that a training learns from it."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from repliek.bundle import Bundle
from repliek.erasure import write_erasures
from repliek.history import Exchange
from repliek.records import read_records
from serving.__main__ import app
from serving.lessons import LeftOut, Lessons
from serving.shares import Allowance
from serving.store import decisions, erasures
from serving.store.database import Database
from serving.store.decisions import Period, Verdict
from serving.store.erasures import Customer
from serving.store.tables import ErasureRow, LiveAnswerRow
from serving.teaching import Export, Exported
from tests.command_line import Ended, command
from tests.fixture_history import answer_rows, history_rows, training, workplace, write_files
from tests.stored import NOW, add_feedback, add_set

TODAY = Period(NOW.date())
EXCHANGE = TypeAdapter(Exchange)


@pytest.fixture
def serving(store_url: str, tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment of a server of the tiny bundle with this store."""
    monkeypatch.setenv("REPLIEK_DATABASE_URL", store_url)
    monkeypatch.setenv("REPLIEK_BUNDLE", str(tiny_bundle))


def exported(database: Database, bundle: Path, out: Path, period: Period = TODAY, **options: Any) -> Exported:
    with database.writing() as session:
        lessons = Lessons.prepare(session, "default", bundle)
    with database.reading() as session:
        found = decisions.settled(session, "default", period)
        return Export(lessons, options.pop("seed", 13)).write(found, options.pop("allowance", Allowance()), out)


def ids(file: Path) -> list[str]:
    return [exchange.exchange_id for exchange in read(file)]


def read(file: Path) -> list[Exchange]:
    return [EXCHANGE.validate_json(line) for line in file.read_text(encoding="utf-8").splitlines()]


def export(*arguments: object) -> Ended:
    return command(app, "export", *arguments)


def test_an_exchange_as_it_stands_in_the_file(database: Database, tiny_bundle: Path, tmp_path: Path) -> None:
    with database.writing() as session:
        context = [{"speaker": "customer", "text": "Hoi"}]
        add_set(session, "s1", "delivery-je", "outage", context=context, conversation_id="gesprek 7")
        add_feedback(session, "s1", sent_at=NOW + timedelta(minutes=4))
    assert exported(database, tiny_bundle, tmp_path / "h.jsonl") == Exported(1, {}, 50, 0)
    (line,) = (tmp_path / "h.jsonl").read_text(encoding="utf-8").splitlines()
    found = json.loads(line)
    assert found.pop("agent").startswith("agent-")
    assert found == {
        "exchange_id": "s1",
        "message": "waar blijft mijn pakket",
        "reply": "Hoi [NAME],\nTekst van delivery-je.",
        "answer_id": "delivery-je",
        "suggested": "delivery-je",
        "intent": "delivery",
        "conversation_id": "gesprek 7",
        "context": [{"speaker": "customer", "text": "Hoi"}],
        "channel": "chat",
        "language": "nl",
        "register": "je",
        "asked_at": "2026-11-20T12:00:00Z",
        "replied_at": "2026-11-20T12:04:00Z",
        "outcome": "accepted",
    }


def test_an_agent_keeps_one_name_in_each_brand(database: Database, tiny_bundle: Path) -> None:
    def names(brand: str) -> tuple[str, str]:
        with database.writing() as session:
            pseudonyms = Lessons.prepare(session, brand, tiny_bundle).pseudonyms
        return pseudonyms.name("ella"), pseudonyms.name("bram")

    assert names("default") == names("default")
    assert len({*names("default"), *names("other")}) == 4


def test_the_latest_decision_on_a_message_counts(database: Database, tiny_bundle: Path, tmp_path: Path) -> None:
    with database.writing() as session:
        add_set(session, "taken back", "a")
        add_feedback(session, "taken back")
        add_feedback(session, "taken back", "rejected", received_at=NOW + timedelta(seconds=1))
        add_set(session, "at once", "a", "b", message="iets anders")
        add_feedback(session, "at once", feedback_id="1")
        add_feedback(session, "at once", feedback_id="2", rank=2)
    found = exported(database, tiny_bundle, tmp_path / "h.jsonl")
    assert found.left_out == {LeftOut.SUPERSEDED: 2, LeftOut.UNREVIEWED: 1}
    assert [(one.exchange_id, one.answer_id) for one in read(tmp_path / "h.jsonl")] == [("at once", "b")]


@pytest.mark.parametrize(
    ("period", "kept"),
    [
        (Period(date(2026, 11, 19)), ["before", "today", "reviewed today"]),
        (Period(date(2026, 11, 20)), ["today", "reviewed today"]),
        (Period(date(2026, 11, 20), date(2026, 11, 20)), ["today", "reviewed today"]),
        (Period(date(2026, 11, 19), date(2026, 11, 19)), ["before"]),
        (Period(date(2026, 11, 21)), []),
    ],
)
def test_it_counts_on_the_day_when_it_was_settled(
    period: Period, kept: list[str], database: Database, tiny_bundle: Path, tmp_path: Path
) -> None:
    yesterday = NOW.replace(hour=23, minute=59) - timedelta(days=1)
    with database.writing() as session:
        for name, columns in {
            "before": {"received_at": yesterday - timedelta(minutes=1)},
            "today": {"received_at": NOW.replace(hour=0)},
            "reviewed today": {
                "received_at": yesterday,
                "reviewed_at": NOW,
                "verdict": Verdict.APPROVED,
                "action": "edited",
                "edit_kind": "tone",
                "sent_text": "Zo dan.",
            },
        }.items():
            add_set(session, name, "a", message=name)
            add_feedback(session, name, **columns)
        assert decisions.count(session, "default", period) == len(kept)
    exported(database, tiny_bundle, tmp_path / "h.jsonl", period)
    assert sorted(ids(tmp_path / "h.jsonl")) == sorted(kept)


def test_nothing_of_another_brand_and_nothing_erased(database: Database, tiny_bundle: Path, tmp_path: Path) -> None:
    with database.writing() as session:
        add_set(session, "other", "a", brand="other")
        add_feedback(session, "other", brand="other")
        add_set(session, "put back by a backup", "a")
        add_feedback(session, "put back by a backup")
        gone = ["put back by a backup"]
        session.add(ErasureRow(erasure_id="e", brand="default", erased_at=NOW, exchange_ids=gone, counts={}))
    assert exported(database, tiny_bundle, tmp_path / "h.jsonl").left_out == {LeftOut.ERASED: 1}
    assert ids(tmp_path / "h.jsonl") == []


def test_one_agent_cannot_teach_all(database: Database, tiny_bundle: Path, tmp_path: Path) -> None:
    with database.writing() as session:
        for number in range(60):
            add_set(session, f"busy {number}", "a", message=f"vraag {number}")
            add_feedback(session, f"busy {number}", agent="bram")
        for number in range(5):
            add_set(session, f"again {number}", "a", message="steeds hetzelfde")
            add_feedback(session, f"again {number}", agent="bram")
        add_set(session, "of another", "a", message="steeds hetzelfde")
        add_feedback(session, "of another", agent=None)
    found = exported(database, tiny_bundle, tmp_path / "h.jsonl")
    assert found == Exported(51, {LeftOut.REPEATED: 4, LeftOut.OVER_SHARE: 11}, 50, 1)
    first = (tmp_path / "h.jsonl").read_bytes()
    assert "of another" in ids(tmp_path / "h.jsonl")
    exported(database, tiny_bundle, tmp_path / "h.jsonl")
    assert (tmp_path / "h.jsonl").read_bytes() == first
    exported(database, tiny_bundle, tmp_path / "h.jsonl", seed=14)
    assert (tmp_path / "h.jsonl").read_bytes() != first
    found = exported(database, tiny_bundle, tmp_path / "h.jsonl", allowance=Allowance.from_text("20%"))
    assert (found.exchanges, found.each) == (13, 12)


@pytest.mark.usefixtures("serving")
def test_the_command(database: Database, tmp_path: Path) -> None:
    with database.writing() as session:
        for number in range(3):
            add_set(session, f"s{number}", "a", message=f"vraag {number}")
            add_feedback(session, f"s{number}")
        add_set(session, "ignored", "a")
        add_feedback(session, "ignored", "ignored")
    out = tmp_path / "new" / "history.jsonl"
    given = ("--since", "2026-11-01", "--until", "2026-11-30", "--out", out, "--per-agent", "2")
    told = export(*given)
    assert told.code == 0, told.stderr
    assert told.stdout == (
        f"2 exchanges: {out}\n"
        "        1 left out: the suggestions were ignored\n"
        "        1 left out: more than one agent's share\n"
        "Agents with more than 2 exchanges, of whose a draw was taken: 1\n"
    )
    assert "Database " in told.stderr
    assert json.loads(export(*given, "--json").stdout) == {
        "exchanges": 2,
        "left_out": {"ignored": 1, "over_share": 1},
        "per_agent": 2,
        "agents_over_share": 1,
    }
    assert [file.name for file in out.parent.iterdir()] == ["history.jsonl"]


@pytest.mark.usefixtures("serving")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--out", "h.jsonl"), "Missing option '--since'"),
        (("--since", "gisteren", "--out", "h.jsonl"), "--since"),
        (("--since", "2026-11-20", "--until", "2026-11-19", "--out", "h.jsonl"), "lies before --since"),
        (("--since", "2026-11-20", "--out", "h.csv"), "ends in .jsonl"),
        (("--since", "2026-11-20", "--out", "h.jsonl", "--per-agent", "veel"), "expected a number of exchanges"),
        (("--since", "2026-11-20", "--out", "h.jsonl", "--brand", "nobody"), "expected one of default"),
    ],
)
def test_wrong_use(arguments: tuple[str, ...], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    ended = export(*arguments)
    assert (ended.code, ended.stdout) == (2, "")
    assert said in ended.said
    assert not (tmp_path / "h.jsonl").exists()


@pytest.mark.usefixtures("serving")
def test_what_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    ended = export("--since", "2026-11-20", "--out", tmp_path / "file" / "h.jsonl")
    assert ended.code == 1
    assert "cannot be written" in ended.stderr


def test_a_training_learns_from_it_but_for_what_was_erased(
    database: Database, tiny_bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = answer_rows()
    known = {row["answer_id"]: row for row in answers}
    with database.writing() as session:
        for number, row in enumerate(answers):
            session.add(
                LiveAnswerRow(
                    brand="default",
                    answer_id=row["answer_id"],
                    version=1,
                    document=row,
                    changed_at=NOW,
                    revision=number,
                )
            )
        told = [row for row in history_rows() if row.get("answer_id") in known]
        for number, row in enumerate(told):
            customer = "klant 3" if row is told[-1] else None
            add_set(session, row["exchange_id"], row["answer_id"], message=row["message"], customer_id=customer)
            add_feedback(session, row["exchange_id"], agent=f"agent {number % 9}")
        add_set(session, "turned down", told[0]["answer_id"], message="daar vroeg ik niet naar")
        add_feedback(session, "turned down", "rejected", reviewed_at=NOW, verdict=Verdict.APPROVED)
    out = tmp_path / "export" / "history.jsonl"
    found = exported(database, tiny_bundle, out)
    assert found.exchanges == len(told) + 1
    exchanges = read_records(out, Exchange, unique="exchange_id", strict=True).records
    assert {one.exchange_id: one.intent for one in exchanges} == {row["exchange_id"]: row["intent"] for row in told} | {
        "turned down": None
    }

    files = write_files(tmp_path / "input", history_rows(), answers)
    with database.writing() as session:
        erased = erasures.erase(session, Customer("default", "klant 3"), NOW)
    assert erased is not None
    write_erasures(tmp_path / "erased.jsonl", [erased])
    with workplace(tmp_path):
        ended = training(
            "fit", "--history", out, "--answers", files.answers, "--encoder", files.encoder,
            "--out", tmp_path / "bundle", "--no-mlflow", "--json", "--erased", tmp_path / "erased.jsonl",
        )  # fmt: skip
    assert ended.code == 0, ended.stderr
    assert json.loads(ended.stdout)["intents.accuracy"] > 0.5
    past = Bundle.load(tmp_path / "bundle").past
    assert erased.exchange_ids == (told[-1]["exchange_id"],)
    assert set(past.exchange_ids) == {one.exchange_id for one in exchanges} - {*erased.exchange_ids}
    assert "left out 1 exchanges of customers whose data was erased" in ended.stderr
    turned_down = past.exchange_ids.index("turned down")
    assert (past.sendings.suggested[turned_down] >= 0, past.sendings.topics[turned_down]) == (True, -1)
