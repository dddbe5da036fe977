"""Answers that are saved, changed, blocked or deleted while a suggester is in use."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from repliek.bundle import LAYOUT, Ground, read_manifest
from repliek.conversation import Channel, Conversation
from repliek.decision import Reason
from repliek.knowledge import Answer, AnswerEdits, Audience, Status
from repliek.suggester import Suggester
from repliek.suggestions import SuggestionSet
from repliek.tone.register import Register
from tests.fixture_bundle import ANSWERS, FIRST_DAY_OF_SUMMER_SALE, LAST_DAY_OF_SUMMER_SALE, MESSAGES

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
BY_ID = {answer.answer_id: answer for answer in ANSWERS}
SOUP = Answer(answer_id="soup", text="Lekker recept: soep.", language="nl")
ASKS_FOR_SOUP = "ken je een lekker recept voor soep"
DELIVERY = frozenset({"delivery-je", "delivery-u", "delivery-en"})


def ask(
    suggester: Suggester, message: str, channel: Channel = Channel.CHAT, language: str | None = None
) -> SuggestionSet:
    return suggester.suggest(Conversation(message, channel=channel, received_at=NOW, language=language))


def first(suggester: Suggester, message: str, channel: Channel = Channel.CHAT) -> str:
    return ask(suggester, message, channel).suggestions[0].answer_id


def saving(*answers: Answer) -> AnswerEdits:
    return AnswerEdits(saved=answers)


def no_answer(found: SuggestionSet) -> str:
    assert found.suggestions == ()
    assert found.abstained is not None
    assert found.abstained.reason is Reason.NO_VALID_ANSWER
    return found.abstained.detail


def test_without_edits_nothing_changes(suggester: Suggester) -> None:
    same = suggester.with_answers(AnswerEdits())
    for message in vars(type(MESSAGES)).values():
        if isinstance(message, str):
            assert ask(same, message) == ask(suggester, message)
    np.testing.assert_array_equal(same.bundle.answer_vectors, suggester.bundle.answer_vectors)
    np.testing.assert_array_equal(same.bundle.passages.vectors, suggester.bundle.passages.vectors)
    np.testing.assert_array_equal(same.bundle.past.topics, suggester.bundle.past.topics)


def test_a_changed_text_is_suggested_and_keeps_its_past(suggester: Suggester) -> None:
    changed = replace(BY_ID["delivery-je"], text="Je pakket ligt klaar bij het afhaalpunt.")
    edited = suggester.with_answers(saving(changed))
    before, after = (ask(one, MESSAGES.suggested).suggestions[0] for one in (suggester, edited))
    assert "afhaalpunt" in after.text
    assert "afhaalpunt" not in before.text
    assert after.evidence == before.evidence
    assert after.confidence == pytest.approx(before.confidence, abs=0.01)


def test_the_suggester_that_was_edited_stays_as_it_was(suggester: Suggester) -> None:
    before = ask(suggester, MESSAGES.suggested)
    suggester.with_answers(AnswerEdits(deleted=DELIVERY))
    assert ask(suggester, MESSAGES.suggested) == before


def test_what_the_edits_do_not_touch_is_shared(suggester: Suggester) -> None:
    edited = suggester.with_answers(AnswerEdits(deleted=DELIVERY))
    for name in ("encoder", "messages", "intents", "ranker", "emotions", "reply_vectors", "phrases"):
        assert getattr(edited.bundle, name) is getattr(suggester.bundle, name)
    assert edited.bundle.past.sendings.words is suggester.bundle.past.sendings.words


def test_a_deleted_variant_makes_room_for_another(suggester: Suggester) -> None:
    assert (
        first(suggester.with_answers(AnswerEdits(deleted=frozenset({"delivery-je"}))), MESSAGES.suggested)
        == "delivery-u"
    )


def test_a_topic_without_answers_is_silent_and_no_neighbour_speaks_for_it(suggester: Suggester) -> None:
    edited = suggester.with_answers(AnswerEdits(deleted=DELIVERY))
    assert no_answer(ask(edited, MESSAGES.suggested)) == "The fitting answer was deleted."
    assert ask(edited, MESSAGES.public_and_private).suggestions


def test_nothing_of_a_deleted_variant_is_left(suggester: Suggester) -> None:
    bundle = suggester.with_answers(AnswerEdits(deleted=frozenset({"delivery-en"}))).bundle
    assert "delivery-en" not in bundle.knowledge
    assert not any("parcel" in text for text in bundle.passages.passages.texts)
    assert len(bundle.answer_vectors) == len(ANSWERS) - 1
    assert (bundle.answer_vectors @ suggester.bundle.answer_vectors[2]).max() < 0.999


def test_the_last_answers_of_a_topic_are_recognised_and_cannot_be_said(suggester: Suggester) -> None:
    edited = suggester.with_answers(AnswerEdits(deleted=DELIVERY))
    assert DELIVERY.isdisjoint(answer.answer_id for answer in edited.bundle.knowledge)
    assert len(edited.bundle.answer_vectors) == len(ANSWERS) - 3
    before, after = (one.analyse([MESSAGES.suggested]).ranking.confidence[0, 0] for one in (suggester, edited))
    assert after == pytest.approx(before, abs=1e-3)


def test_a_blocked_topic_says_so(suggester: Suggester) -> None:
    blocked = (replace(BY_ID[answer_id], status=Status.BLOCKED) for answer_id in sorted(DELIVERY))
    assert (
        no_answer(ask(suggester.with_answers(saving(*blocked)), MESSAGES.suggested)) == "The fitting answer is blocked."
    )


def test_partly_deleted_and_partly_blocked_is_blocked(suggester: Suggester) -> None:
    edits = AnswerEdits((replace(BY_ID["delivery-u"], status=Status.BLOCKED),), DELIVERY - {"delivery-u"})
    assert no_answer(ask(suggester.with_answers(edits), MESSAGES.suggested)) == "The fitting answer is blocked."


def test_what_is_saved_and_deleted_is_deleted(suggester: Suggester) -> None:
    edits = AnswerEdits((replace(BY_ID["delivery-u"], text="Anders."),), DELIVERY)
    assert no_answer(ask(suggester.with_answers(edits), MESSAGES.suggested)) == "The fitting answer was deleted."


def test_an_answer_that_is_let_go_can_be_said(suggester: Suggester) -> None:
    assert no_answer(ask(suggester, MESSAGES.blocked)) == "The fitting answer is blocked."
    edited = suggester.with_answers(saving(replace(BY_ID["discount"], status=Status.ALLOWED)))
    assert first(edited, MESSAGES.blocked) == "discount"


def test_validity_counts_from_the_moment_that_it_is_saved(suggester: Suggester) -> None:
    assert "not valid today" in no_answer(ask(suggester, MESSAGES.expired))
    again = replace(BY_ID["summer-sale"], valid_from=FIRST_DAY_OF_SUMMER_SALE, valid_until=date(2026, 11, 20))
    edited = suggester.with_answers(saving(again))
    assert first(edited, MESSAGES.expired) == "summer-sale"
    tomorrow = Conversation(MESSAGES.expired, received_at=NOW + timedelta(days=1))
    assert "not valid today" in no_answer(edited.suggest(tomorrow))
    assert again.valid_from < LAST_DAY_OF_SUMMER_SALE


def test_audience_and_register_count(suggester: Suggester) -> None:
    private = replace(BY_ID["delivery-je"], audience=Audience.PRIVATE)
    neutral = replace(BY_ID["delivery-u"], register=Register.JE, text="Pakket in aantocht, binnen twee werkdagen.")
    edited = suggester.with_answers(saving(private, neutral))
    assert first(edited, MESSAGES.suggested, Channel.FACEBOOK) == "delivery-u"
    assert first(edited, MESSAGES.suggested) == "delivery-je"


def test_an_answer_can_move_to_another_topic_and_the_last_takes_the_past_along(suggester: Suggester) -> None:
    moved = (replace(BY_ID[answer_id], variant_of="parcels") for answer_id in sorted(DELIVERY))
    edited = suggester.with_answers(saving(*moved))
    assert "delivery" not in edited.bundle.knowledge.topics
    best = ask(edited, MESSAGES.suggested).suggestions[0]
    assert best.answer_id == "delivery-je"
    assert best.evidence == ask(suggester, MESSAGES.suggested).suggestions[0].evidence


def test_one_of_several_that_moves_leaves_the_past_behind(suggester: Suggester) -> None:
    edited = suggester.with_answers(saving(replace(BY_ID["delivery-je"], variant_of="parcels")))
    best = ask(edited, MESSAGES.suggested).suggestions[0]
    assert best.answer_id == "delivery-u"
    assert best.evidence


def test_a_new_language_is_recognised(suggester: Suggester) -> None:
    turkish = Answer(
        answer_id="delivery-tr",
        text="Paketiniz yolda. İki iş günü içinde elinizde olur.",
        language="tr",
        intent="delivery",
        variant_of="delivery",
    )
    edited = suggester.with_answers(saving(turkish))
    message = "Merhaba, üç gün önce sipariş verdiğim paketim hâlâ gelmedi, nerede kaldığını öğrenebilir miyim?"
    assert ask(edited, message).language == "tr"
    assert ask(suggester, message).language != "tr"


def test_a_language_that_nobody_detects_can_be_named(suggester: Suggester) -> None:
    strange = replace(BY_ID["delivery-je"], answer_id="delivery-xx", language="xx")
    edited = suggester.with_answers(saving(strange))
    assert ask(edited, MESSAGES.suggested, language="xx").suggestions[0].answer_id == "delivery-xx"
    assert ask(edited, MESSAGES.suggested).suggestions[0].answer_id == "delivery-je"


def test_an_echo_of_another_answer_is_offered_once(suggester: Suggester) -> None:
    echo = replace(BY_ID["delivery-je"], answer_id="echo", variant_of=None, text=BY_ID["delivery-je"].text + " Groet.")
    found = ask(suggester.with_answers(saving(echo)), MESSAGES.suggested)
    assert len({"echo", "delivery-je"} & {one.answer_id for one in found.suggestions}) == 1


def test_the_other_answers_go_on_while_edits_come_in(suggester: Suggester) -> None:
    before = ask(suggester, MESSAGES.public_and_private)
    edits = [saving(replace(BY_ID["delivery-je"], text=f"Bericht {number} over je pakket.")) for number in range(8)]
    with ThreadPoolExecutor(4) as pool:
        edited = list(pool.map(suggester.with_answers, edits))
        asked = list(pool.map(lambda _: ask(suggester, MESSAGES.public_and_private), range(8)))
    assert asked == [before] * 8
    texts = [ask(one, MESSAGES.suggested).suggestions[0].text for one in edited]
    assert all(f"Bericht {number} over je pakket." in text for number, text in enumerate(texts))


def test_an_answer_without_a_past_is_suggested_to_who_asks_for_it(suggester: Suggester) -> None:
    before = ask(suggester, ASKS_FOR_SOUP)
    assert before.abstained is not None
    assert before.abstained.reason is Reason.OUT_OF_SCOPE
    edited = suggester.with_answers(saving(SOUP))
    assert first(edited, ASKS_FOR_SOUP) == "soup"
    assert ask(edited, ASKS_FOR_SOUP).suggestions[0].evidence == ()


def test_and_to_nobody_else(suggester: Suggester) -> None:
    edited = suggester.with_answers(saving(SOUP))
    for message in ("wie wint de wedstrijd van vanavond", MESSAGES.suggested, MESSAGES.english):
        before, after = ask(suggester, message), ask(edited, message)
        assert [one.answer_id for one in after.suggestions] == [one.answer_id for one in before.suggestions]
        assert (after.abstained and after.abstained.reason) == (before.abstained and before.abstained.reason)


def test_a_blocked_answer_without_a_past_says_so(suggester: Suggester) -> None:
    edited = suggester.with_answers(saving(replace(SOUP, status=Status.BLOCKED)))
    assert no_answer(ask(edited, ASKS_FOR_SOUP)) == "The fitting answer is blocked."


def test_a_deleted_answer_without_a_past_leaves_no_trace(suggester: Suggester) -> None:
    edited = suggester.with_answers(AnswerEdits((SOUP,), frozenset({"soup"})))
    assert ask(edited, ASKS_FOR_SOUP) == ask(suggester, ASKS_FOR_SOUP)


def test_where_nothing_was_learned_of_the_team_no_answer_is_a_newcomer(tiny_bundle: Path, tmp_path: Path) -> None:
    shutil.copytree(tiny_bundle, tmp_path / "bundle")
    manifest = read_manifest(tmp_path / "bundle")
    thresholds = manifest.thresholds.model_copy(update={"ground": Ground.ELSEWHERE})
    changed = manifest.model_copy(update={"thresholds": thresholds})
    (tmp_path / "bundle" / LAYOUT.manifest).write_text(changed.model_dump_json(), encoding="utf-8")
    edited = Suggester.from_bundle(tmp_path / "bundle").with_answers(saving(SOUP))
    assert ask(edited, ASKS_FOR_SOUP).suggestions == ()
