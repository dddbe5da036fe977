from __future__ import annotations

import json
from pathlib import Path

import pytest

from repliek.errors import DataError, RecordError
from repliek.knowledge import Answer, KnowledgeBase, Status
from repliek.tone.register import Register
from training.mining.review import Decisions


def answer(answer_id: str, text: str = "De code staat in de app.", register: Register = Register.NEUTRAL) -> Answer:
    return Answer(
        answer_id=answer_id, text=text, language="nl", intent=answer_id, register=register, status=Status.UNREVIEWED
    )


BANK = (answer("code"), answer("login", "Log opnieuw in."), answer("card", "Je krijgt een kaart.", Register.JE))


def decided(tmp_path: Path, *lines: dict[str, str]) -> KnowledgeBase:
    return KnowledgeBase(decisions(tmp_path, *lines).applied_to(BANK))


def decisions(tmp_path: Path, *lines: dict[str, str]) -> Decisions:
    file = tmp_path / "decisions.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return Decisions.from_file(file)


def test_allow_and_block(tmp_path: Path) -> None:
    found = decided(tmp_path, {"action": "allow", "answer_id": "code"}, {"action": "block", "answer_id": "login"})
    assert [one.status for one in found] == [Status.ALLOWED, Status.BLOCKED, Status.UNREVIEWED]
    assert [one.answer_id for one in found] == ["code", "login", "card"]


def test_the_later_decision_holds(tmp_path: Path) -> None:
    found = decided(tmp_path, {"action": "block", "answer_id": "code"}, {"action": "allow", "answer_id": "code"})
    assert found["code"].status is Status.ALLOWED


def test_merged_answers_count_as_one_and_say_one_thing(tmp_path: Path) -> None:
    found = decided(tmp_path, {"action": "merge", "answer_id": "login", "into": "code"})
    assert found.topic_of("login") == "code"
    assert list(found.topics) == ["code", "card"]
    assert (found["login"].status, found["login"].intent) == (Status.BLOCKED, "code")
    assert found["code"] == BANK[0]


def test_a_wording_in_another_register_stays_when_it_is_merged(tmp_path: Path) -> None:
    found = decided(tmp_path, {"action": "merge", "answer_id": "card", "into": "code"})
    assert found["card"].status is Status.UNREVIEWED
    assert found.topic_of("card") == "code"


def test_what_was_merged_goes_along_when_its_topic_is_merged(tmp_path: Path) -> None:
    found = decided(
        tmp_path,
        {"action": "merge", "answer_id": "login", "into": "code"},
        {"action": "merge", "answer_id": "code", "into": "card"},
    )
    assert set(found.topics) == {"card"}
    assert {one.intent for one in found} == {"card"}


def test_merging_in_a_circle_changes_nothing_more(tmp_path: Path) -> None:
    lines = (
        {"action": "merge", "answer_id": "login", "into": "code"},
        {"action": "merge", "answer_id": "code", "into": "login"},
    )
    assert list(decided(tmp_path, *lines)) == list(decided(tmp_path, lines[0]))


def test_rename_names_the_whole_topic(tmp_path: Path) -> None:
    found = decided(
        tmp_path,
        {"action": "merge", "answer_id": "login", "into": "code"},
        {"action": "rename", "answer_id": "code", "intent": "sign_in"},
    )
    assert [one.intent for one in found] == ["sign_in", "sign_in", "card"]


def test_edit_keeps_the_old_wording_to_recognise_it_by(tmp_path: Path) -> None:
    found = decided(tmp_path, {"action": "edit", "answer_id": "code", "text": "U vindt de code in de app."})
    assert (found["code"].text, found["code"].register) == ("U vindt de code in de app.", Register.U)
    old = found["code.mined"]
    assert (old.text, old.status, old.topic) == (BANK[0].text, Status.BLOCKED, "code")


def test_deciding_the_same_twice_changes_nothing_more(tmp_path: Path) -> None:
    made = decisions(
        tmp_path,
        {"action": "allow", "answer_id": "code"},
        {"action": "edit", "answer_id": "code", "text": "De code vind je in de app."},
        {"action": "merge", "answer_id": "login", "into": "code"},
        {"action": "rename", "answer_id": "card", "intent": "new_card"},
        {"action": "block", "answer_id": "card"},
    )
    once = made.applied_to(BANK)
    assert made.applied_to(once) == once
    assert len(made) == 5


def test_a_sheet_holds_decisions_beside_other_columns(tmp_path: Path) -> None:
    file = tmp_path / "answers-review.csv"
    file.write_text(
        'action;into;intent;text;answer_id;wording\n;;;;code;"De code;\nstaat hier"\nblock;;;;login;Log in.\n',
        encoding="utf-8",
    )
    made = Decisions.from_file(file)
    assert len(made) == 1
    assert [one.status for one in made.applied_to(BANK)] == [Status.UNREVIEWED, Status.BLOCKED, Status.UNREVIEWED]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ({"action": "approve", "answer_id": "code"}, "action: Input should be 'allow', 'block', 'merge'"),
        ({"action": "merge", "answer_id": "code"}, "merge needs into"),
        ({"action": "rename", "answer_id": "code"}, "rename needs intent"),
        ({"action": "edit", "answer_id": "code"}, "edit needs text"),
        ({"action": "allow", "answer_id": "code", "text": "Nieuw."}, "text says nothing with allow"),
        ({"answer_id": "code", "intent": "new"}, "intent says nothing with no action"),
        ({"action": "allow"}, "answer_id: Field required"),
        ({"action": "allow", "answer_id": "code", "note": "mooi"}, "note: Unexpected keyword argument"),
    ],
)
def test_a_wrong_line_is_named_with_its_reason(tmp_path: Path, line: dict[str, str], reason: str) -> None:
    with pytest.raises(RecordError) as raised:
        decisions(tmp_path, {"action": "allow", "answer_id": "code"}, line)
    assert (raised.value.line, raised.value.source) == (2, str(tmp_path / "decisions.jsonl"))
    assert reason in raised.value.reason
    assert "Nieuw." not in str(raised.value)


def test_answers_that_are_not_there_are_all_named(tmp_path: Path) -> None:
    with pytest.raises(DataError) as raised:
        decided(
            tmp_path,
            {"action": "allow", "answer_id": "kode"},
            {"action": "merge", "answer_id": "code", "into": "logim"},
        )
    assert "kode (line 1), logim (line 2)" in str(raised.value)
    assert str(tmp_path / "decisions.jsonl") in str(raised.value)


def test_an_answer_is_not_merged_into_itself(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match="line 1: into names the answer itself"):
        decided(tmp_path, {"action": "merge", "answer_id": "code", "into": "code"})
