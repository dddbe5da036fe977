from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from evaluation.convert import CONTEXT_TURNS, PublicSet, Split, convert, telling
from repliek.conversation import Channel, Speaker
from repliek.errors import DataError
from repliek.history import OUT_OF_SCOPE, Exchange
from repliek.records import read_records, write_jsonl

COLUMNS = ("source_language", "target_language", "source", "reference", "doc_id", "client_id", "sender")


def write_table(path: Path, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(columns)
        writer.writerows(rows)
    return path


def customer(text: str, document: str = "d1") -> tuple[str, ...]:
    return ("nl", "en", text, "in English", document, "c", "customer")


def agent(text: str, document: str = "d1") -> tuple[str, ...]:
    return ("en", "nl", "in English", text, document, "c", "agent")


def chat(path: Path, *rows: tuple[str, ...]) -> list[Exchange]:
    return convert(PublicSet.WMT24CHAT, write_table(path / "chat.csv", COLUMNS, rows))


def test_a_chat_becomes_exchanges_of_joined_turns(tmp_path: Path) -> None:
    found = chat(
        tmp_path,
        customer("Bedankt dat je contact hebt opgenomen met PRS-ORG Help!"),
        customer("Ik heet NAME-M."),
        customer("Wat is jouw voornaam, als ik het vragen mag?"),
        customer("NAME-F"),
        customer("Mijn boek is weg."),
        agent("Hallo!"),
        agent("Welk boek is het?"),
        customer("Dat over vogels."),
        agent("Het staat er weer."),
        customer("Dank!"),
    )
    assert [(line.message, line.reply) for line in found] == [
        ("NAME-F Mijn boek is weg.", "Hallo! Welk boek is het?"),
        ("Dat over vogels.", "Het staat er weer."),
    ]
    assert [(turn.speaker, turn.text) for turn in found[1].context] == [
        (Speaker.CUSTOMER, "NAME-F Mijn boek is weg."),
        (Speaker.AGENT, "Hallo! Welk boek is het?"),
    ]
    assert {line.conversation_id for line in found} == {"d1"}
    assert {(line.channel, line.language) for line in found} == {(Channel.CHAT, "nl")}


def test_a_customer_who_says_a_name_later_is_no_bot(tmp_path: Path) -> None:
    found = chat(tmp_path, *[customer(f"Regel {i}.") for i in range(3)], customer("Ik heet NAME-M."), agent("Dag!"))
    assert found[0].message == "Regel 0. Regel 1. Regel 2. Ik heet NAME-M."


def test_conversations_stay_apart_and_context_is_limited(tmp_path: Path) -> None:
    turns = [line for i in range(5) for line in (customer(f"Vraag {i}"), agent(f"Antwoord {i}"))]
    found = chat(tmp_path, agent("Dag", "d0"), *turns, customer("Hoi", "d2"))
    assert [line.conversation_id for line in found] == ["d1"] * 5
    assert [len(line.context) for line in found] == [0, 2, 4, CONTEXT_TURNS, CONTEXT_TURNS]
    assert found[-1].context[-1].text == "Antwoord 3"


def test_a_chat_in_another_language_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="source of a customer is in de; expected nl"):
        chat(tmp_path, ("de", "en", "Hallo", "Hi", "d", "c", "customer"), agent("Dag", "d"))


def test_banking77_and_hint3(tmp_path: Path) -> None:
    banking = write_table(tmp_path / "test.csv", ("text", "category"), [("Where is my card?", "card_arrival")])
    (found,) = convert(PublicSet.BANKING77, banking)
    assert (found.message, found.intent, found.language) == ("Where is my card?", "card_arrival", "en")
    rows = [("Single", "NO_NODES_DETECTED"), ("EMI?", "EMI")]
    stray, known = convert(PublicSet.HINT3, write_table(tmp_path / "h.csv", ("sentence", "label"), rows))
    assert stray.intent == OUT_OF_SCOPE
    assert known.intent == "EMI"


def test_clinc150_gives_the_splits_that_are_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "data_full.json"
    parts = {split: [[f"{split} message", "oos" if split.startswith("oos") else "weather"]] for split in Split}
    path.write_text(json.dumps(parts), encoding="utf-8")
    found = convert(PublicSet.CLINC150, path, [Split.TEST, Split.OOS_TEST])
    assert [(line.message, line.intent) for line in found] == [
        ("test message", "weather"),
        ("oos_test message", OUT_OF_SCOPE),
    ]
    assert len(convert(PublicSet.CLINC150, path)) == len(Split)


def test_policyqa_replies_with_the_whole_text(tmp_path: Path) -> None:
    path = tmp_path / "train.json"
    paragraph = {"context": "het hele antwoord", "qas": [{"id": "q1", "question": "Hoe lang?", "answers": []}]}
    path.write_text(json.dumps({"data": [{"title": "t", "paragraphs": [paragraph]}]}), encoding="utf-8")
    (found,) = convert(PublicSet.POLICYQA, path)
    assert (found.exchange_id, found.message, found.reply) == ("q1", "Hoe lang?", "het hele antwoord")


def test_what_is_converted_reads_as_history(tmp_path: Path) -> None:
    found = chat(tmp_path, customer("Mijn boek is weg."), agent("Welk?"), customer("Dat ene"), agent("Aha"))
    write_jsonl(tmp_path / "history.jsonl", Exchange, found)
    assert list(read_records(tmp_path / "history.jsonl", Exchange, unique="exchange_id", strict=True).records) == found


@pytest.mark.parametrize("name", list(PublicSet))
def test_other_files_are_refused_with_their_name(name: PublicSet, tmp_path: Path) -> None:
    path = tmp_path / "other.csv"
    with pytest.raises(DataError, match="no such file"):
        convert(name, path)
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(DataError, match=rf"other\.csv: not a file of {name} as published"):
        convert(name, path)


def test_a_file_without_lines_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no exchanges found"):
        convert(PublicSet.HINT3, write_table(tmp_path / "h.csv", ("sentence", "label"), []))


@pytest.mark.parametrize(
    ("message", "reply", "expected"),
    [("a b c d e", "a b c d e", True), ("a b c d", "a b c d e", False), ("a b c d e", None, False)],
)
def test_telling(message: str, reply: str | None, expected: bool) -> None:
    assert telling(Exchange(exchange_id="e", message=message, reply=reply)) is expected
