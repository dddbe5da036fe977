from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from repliek.errors import RecordError
from repliek.knowledge import Answer, AnswerEdits, Audience, KnowledgeBase, Origin, Status
from repliek.tone.register import Register

ADAPTER = TypeAdapter(Answer)


def answer(answer_id: str = "a", **fields: Any) -> Answer:
    return ADAPTER.validate_python({"answer_id": answer_id, "text": "Dag {first_name}.", "language": "nl"} | fields)


def test_an_answer_may_be_said_by_default() -> None:
    found = answer()
    assert (found.register, found.audience) == (Register.NEUTRAL, Audience.ANY)
    assert (found.origin, found.status) == (Origin.AGENT, Status.ALLOWED)


@pytest.mark.parametrize(
    ("day", "valid"),
    [(date(2026, 5, 31), False), (date(2026, 6, 1), True), (date(2026, 8, 31), True), (date(2026, 9, 1), False)],
    ids=str,
)
def test_both_ends_of_the_validity_are_included(day: date, valid: bool) -> None:
    found = answer(valid_from="2026-06-01", valid_until="2026-08-31")
    assert found.valid_on(day) is valid
    assert answer().valid_on(day)


def test_slots_are_named_in_braces() -> None:
    found = answer(text="{first_name}, bel {service_phone} of {first_name}; {Niet}, {} en {2} zijn geen plaatsen")
    assert found.slots == {"first_name", "service_phone"}


@pytest.mark.parametrize(
    "fields",
    [{"answer_id": " "}, {"text": "\n"}, {"language": "NL"}, {"register": "jij"}, {"status": "ok"}, {"tekst": "x"}],
    ids=lambda fields: next(iter(fields)),
)
def test_what_cannot_be_right_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        answer(**fields)


def test_variants_of_one_topic_stand_together_in_the_order_of_the_file() -> None:
    first, other = answer("delivery-je", variant_of="delivery"), answer("invoice", language="en")
    second = answer("delivery-u", variant_of="delivery")
    knowledge = KnowledgeBase([first, other, second])
    assert dict(knowledge.topics) == {"delivery": (first, second), "invoice": (other,)}
    assert knowledge.languages == {"nl", "en"}
    assert list(knowledge) == [first, other, second]
    assert len(knowledge) == 3
    assert knowledge["invoice"] is other
    assert "delivery-u" in knowledge
    assert "delivery" not in knowledge


@pytest.mark.parametrize(
    ("name", "topic"), [("delivery-u", "delivery"), ("delivery", "delivery"), ("invoice", "invoice"), ("no", None)]
)
def test_a_topic_is_found_by_its_answers_and_by_its_own_name(name: str, topic: str | None) -> None:
    knowledge = KnowledgeBase([answer("delivery-u", variant_of="delivery"), answer("invoice")])
    assert knowledge.topic_of(name) == topic


def test_a_knowledge_base_of_a_bundle_has_no_bad_line(tmp_path: Path) -> None:
    path = tmp_path / "answers.jsonl"
    path.write_text('{"answer_id":"a","text":"Dag","language":"nl"}\n{"answer_id":"a","text":"x","language":"nl"}\n')
    with pytest.raises(RecordError, match=r"line 2: answer_id stands on line 1 already"):
        KnowledgeBase.from_jsonl(path)


class TestEdits:
    FIRST, SECOND = (
        answer("delivery-je", variant_of="delivery", intent="delivery"),
        answer("delivery-u", variant_of="delivery"),
    )
    OTHER = answer("invoice", intent="bill")
    KNOWLEDGE = KnowledgeBase([FIRST, OTHER, SECOND])

    def test_changed_ones_keep_their_place_and_new_ones_come_last(self) -> None:
        changed, new = answer("delivery-je", variant_of="delivery", text="Anders."), answer("new")
        found = self.KNOWLEDGE.edited(AnswerEdits(saved=(new, changed)))
        assert list(found) == [changed, self.OTHER, self.SECOND, new]
        assert list(self.KNOWLEDGE) == [self.FIRST, self.OTHER, self.SECOND]

    def test_a_topic_without_answers_is_retired_and_recognised_by_those_it_had(self) -> None:
        found = self.KNOWLEDGE.edited(AnswerEdits(deleted=frozenset({"delivery-je", "delivery-u", "never-there"})))
        assert dict(found.topics) == {"invoice": (self.OTHER,), "delivery": ()}
        assert dict(found.wordings) == {"invoice": (self.OTHER,), "delivery": (self.FIRST, self.SECOND)}
        assert found.recognised == (self.OTHER, self.FIRST, self.SECOND)
        assert self.KNOWLEDGE.numbers_after(found).tolist() == [1, 0]
        assert "delivery-je" not in found

    def test_a_retired_topic_can_come_back_and_stays_retired_until_then(self) -> None:
        retired = self.KNOWLEDGE.edited(AnswerEdits(deleted=frozenset({"invoice"})))
        again = retired.edited(AnswerEdits(saved=(answer("new"),)))
        assert again.topics["invoice"] == ()
        back = again.edited(AnswerEdits(saved=(self.OTHER,)))
        assert back.topics["invoice"] == (self.OTHER,)
        elsewhere = again.edited(AnswerEdits(saved=(answer("invoice", variant_of="bills"),)))
        assert again.numbers_after(elsewhere)[again.topic_numbers["invoice"]] == elsewhere.topic_numbers["bills"]

    def test_the_past_of_a_topic_follows_its_last_answers(self) -> None:
        moved = [answer(one, variant_of="parcels") for one in ("delivery-je", "delivery-u")]
        found = self.KNOWLEDGE.edited(AnswerEdits(saved=tuple(moved)))
        assert list(found.topics) == ["parcels", "invoice"]
        assert self.KNOWLEDGE.numbers_after(found).tolist() == [0, 1]
        half = self.KNOWLEDGE.edited(AnswerEdits(saved=tuple(moved[:1])))
        assert [list(half.topics)[number] for number in self.KNOWLEDGE.numbers_after(half)] == ["delivery", "invoice"]
