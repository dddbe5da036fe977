from __future__ import annotations

import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from repliek.bundle import LAYOUT, read_manifest
from repliek.calibration import Calibration, Calibrations
from repliek.conversation import Channel, Conversation, Speaker, Turn
from repliek.decision import Reason
from repliek.needs import CONTACTS, Level, Need
from repliek.suggester import LEAST_SHOWN, MAX_SUGGESTIONS, Suggester
from repliek.suggestions import SuggestionSet
from repliek.tone.emotion import Emotion
from repliek.tone.register import Register
from tests import typed_usage
from tests.fixture_bundle import ANSWERS, CONFIDENCE, MESSAGES, confidence_of, write_tiny_bundle

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)

Ask = Callable[..., SuggestionSet]


@pytest.fixture
def ask(suggester: Suggester) -> Ask:
    def asked(message: str, k: int = 3, **settings: object) -> SuggestionSet:
        return suggester.suggest(Conversation(message, **({"received_at": NOW} | settings)), k)  # type: ignore[arg-type]

    return asked


def silence(found: SuggestionSet) -> Reason | None:
    """Why nothing was suggested; whoever keeps silent also warns of nothing."""
    if found.abstained is None:
        assert found.suggestions
        return None
    assert found.suggestions == found.warnings == ()
    return found.abstained.reason


class TestSuggestion:
    def test_a_known_message_gets_its_answer_with_evidence(self, ask: Ask, suggester: Suggester) -> None:
        found = ask(MESSAGES.suggested, customer_name="Eric", agent_initials="EK")
        assert silence(found) is None
        best = found.suggestions[0]
        assert best.answer_id == "delivery-je"
        assert best.text == "Hoi Eric,\nJe pakket is onderweg. Je ontvangt het binnen twee werkdagen. ^EK"
        assert best.confidence == pytest.approx(confidence_of(1.0), abs=1e-4)
        assert (best.length.used, best.length.limit) == (len(best.text), 4_000)
        assert best.evidence[0].exchange_id == "past-00"
        assert best.evidence[0].similarity == pytest.approx(1, abs=1e-5)
        assert (found.language, found.bundle) == ("nl", suggester.bundle.manifest.bundle)
        assert found.intent is not None
        assert found.intent.label == "delivery"

    @pytest.mark.parametrize(
        ("message", "settings"), [(MESSAGES.english, {}), (MESSAGES.suggested, {"language": "en"})]
    )
    def test_a_message_is_as_sure_as_its_language_is(
        self, tiny_bundle: Path, tmp_path: Path, message: str, settings: dict[str, str]
    ) -> None:
        shutil.copytree(tiny_bundle, tmp_path / "bundle")
        file = tmp_path / "bundle" / LAYOUT.manifest
        manifest = read_manifest(tmp_path / "bundle")
        thresholds = manifest.thresholds.model_copy(
            update={"calibrations": Calibrations(languages={"en": Calibration(temperature=2.0)})}
        )
        file.write_text(manifest.model_copy(update={"thresholds": thresholds}).model_dump_json(), encoding="utf-8")
        doubting = Suggester.from_bundle(tmp_path / "bundle")
        english, dutch = (
            doubting.suggest(Conversation(text, received_at=NOW, **more)).suggestions[0].confidence  # type: ignore[arg-type]
            for text, more in ((message, settings), (MESSAGES.suggested, {"language": "nl"}))
        )
        sure = confidence_of(1.0)
        assert dutch == pytest.approx(sure, abs=1e-4)
        halved = np.sqrt(sure / (1 - sure))  # the odds, at twice the temperature
        assert english == pytest.approx(halved / (1 + halved), abs=0.06)

    def test_evidence_is_nearest_first(self, ask: Ask) -> None:
        similarities = [one.similarity for one in ask(MESSAGES.suggested).suggestions[0].evidence]
        assert 1 < len(similarities) <= 3
        assert similarities == sorted(similarities, reverse=True)

    def test_the_best_comes_first_and_no_more_than_wanted(self, ask: Ask) -> None:
        for k, count in ((1, 1), (2, 2), (50, 3)):
            found = ask(MESSAGES.three_questions, k=k).suggestions
            assert len(found) == count <= MAX_SUGGESTIONS
            assert [one.confidence for one in found] == sorted((one.confidence for one in found), reverse=True)

    def test_what_is_unlikely_is_not_shown(self, ask: Ask) -> None:
        assert min(one.confidence for one in ask(MESSAGES.three_questions, k=10).suggestions) >= LEAST_SHOWN
        assert len(ask(MESSAGES.suggested, k=10).suggestions) == 1

    def test_a_polite_customer_is_answered_politely(self, ask: Ask) -> None:
        found = ask(MESSAGES.formal)
        assert found.tone.register is Register.U
        assert found.suggestions[0].answer_id == "delivery-u"
        assert found.suggestions[0].text.startswith("Goedendag,\nUw pakket")

    def test_the_register_of_an_earlier_turn_holds_on(self, ask: Ask) -> None:
        earlier = (Turn(Speaker.CUSTOMER, f"{MESSAGES.suggested} alstublieft"),)
        found = ask(MESSAGES.suggested, turns=earlier)
        assert found.tone.register is Register.NEUTRAL
        assert found.suggestions[0].register is Register.U

    def test_a_channel_has_its_own_register(self, ask: Ask) -> None:
        assert ask(MESSAGES.suggested, channel=Channel.EMAIL).suggestions[0].register is Register.U

    def test_the_caller_decides_on_register_and_language(self, ask: Ask) -> None:
        assert ask(MESSAGES.suggested, register=Register.U).suggestions[0].answer_id == "delivery-u"
        assert ask(MESSAGES.suggested, language="en").suggestions[0].answer_id == "delivery-en"

    def test_an_english_message_gets_the_english_wording(self, ask: Ask) -> None:
        found = ask(MESSAGES.english)
        assert found.language == "en"
        assert found.suggestions[0].answer_id == "delivery-en"

    def test_emotion_is_read(self, ask: Ask) -> None:
        assert ask(MESSAGES.frustrated).tone.emotion is Emotion.FRUSTRATED
        assert ask(MESSAGES.suggested).tone.emotion is Emotion.NEUTRAL

    def test_sarcasm_is_flagged_beside_the_emotion(self, ask: Ask) -> None:
        assert ask("lekker dan, belachelijk schandalig").tone.sarcasm
        assert not ask("belachelijk schandalig").tone.sarcasm

    def test_emotion_is_that_of_the_message_not_of_what_was_said_before(self, suggester: Suggester) -> None:
        before = (Turn(Speaker.CUSTOMER, "lekker dan"),)
        tone = suggester.suggest(Conversation("belachelijk schandalig", turns=before)).tone
        assert (tone.emotion, tone.sarcasm) == (Emotion.FRUSTRATED, False)

    def test_in_public_only_the_public_wording(self, ask: Ask) -> None:
        found = ask(MESSAGES.public_and_private, channel=Channel.X).suggestions[0]
        assert found.answer_id == "invoice-public"
        assert "dm.testlijn.example" in found.text
        assert ask(MESSAGES.public_and_private, channel=Channel.DM).suggestions[0].answer_id == "invoice-private"

    def test_a_message_is_read_in_its_context(self, ask: Ask) -> None:
        turns = (Turn(Speaker.CUSTOMER, "waar blijft"), Turn(Speaker.AGENT, "Wat?"))
        found = ask("mijn pakket", turns=turns)
        assert found.suggestions[0].answer_id == "delivery-je"
        assert found.suggestions[0].text.startswith("Je pakket"), "whoever was answered before is not greeted again"

    def test_what_was_promised_counts_from_the_message(self, ask: Ask, suggester: Suggester) -> None:
        due = ask(MESSAGES.suggested).due
        assert (due.first_reply, due.solution) == (NOW + timedelta(hours=1), NOW + timedelta(hours=24))
        later = suggester.suggest(Conversation(MESSAGES.suggested)).due
        assert abs(later.first_reply - datetime.now(UTC) - timedelta(hours=1)) < timedelta(minutes=1)


class TestMatters:
    def test_two_matters_are_answered_in_one_text_and_each(self, ask: Ask) -> None:
        found = ask(MESSAGES.two_matters, customer_name="Eric", agent_initials="EK")
        together, first, second = found.suggestions
        assert together.answer_ids == ("delivery-je", "refund")
        assert together.text == (
            "Hoi Eric,\nJe pakket is onderweg. Je ontvangt het binnen twee werkdagen.\n"
            "Het bedrag van bestelling {order_number} is teruggestort. ^EK"
        )
        assert together.confidence == pytest.approx(first.confidence * second.confidence)
        assert together.length.used == len(together.text)
        assert together.evidence == first.evidence + second.evidence
        assert together.register is Register.JE
        assert (first.answer_ids, second.answer_ids) == (("delivery-je",), ("refund",))
        assert [(matter.intent, matter.answer_id) for matter in found.matters] == [
            ("delivery", "delivery-je"),
            ("refund", "refund"),
        ]
        assert found.warnings[:2] == (
            "The first suggestion answers 2 matters together.",
            "refund: fill in order_number.",
        )

    def test_what_has_no_answer_is_said(self, ask: Ask) -> None:
        found = ask(MESSAGES.half_answered)
        assert silence(found) is None
        assert [one.answer_id for one in found.suggestions] == ["delivery-je"]
        assert found.warnings == ("Answered in part: 1 of 2 matters without an answer. The fitting answer is blocked.",)
        answered, unanswered = found.matters
        assert (answered.answer_id, answered.abstained) == ("delivery-je", None)
        assert unanswered.text == "krijg ik korting als klant?"
        assert unanswered.abstained is not None
        assert unanswered.abstained.reason is Reason.NO_VALID_ANSWER

    def test_what_does_not_fit_together_is_suggested_one_by_one(self, ask: Ask) -> None:
        message = (
            f"{MESSAGES.two_matters} En is er een storing want internet doet niets? En {MESSAGES.public_and_private}?"
        )
        answers = ("delivery-je", "refund", "outage", "invoice-public")
        assert ask(message, k=5, channel=Channel.FACEBOOK).suggestions[0].answer_ids == answers
        found = ask(message, k=5, channel=Channel.X)
        assert [one.answer_ids for one in found.suggestions] == [(answer,) for answer in answers]
        assert found.warnings[0] == (
            "The answers to 4 matters do not fit into one message; each is a suggestion of its own."
        )

    def test_no_more_than_wanted(self, ask: Ask) -> None:
        assert [one.answer_ids for one in ask(MESSAGES.two_matters, k=1).suggestions] == [("delivery-je", "refund")]

    def test_every_part_is_answered_in_the_register_of_the_message(self, ask: Ask) -> None:
        found = ask("Wanneer krijg ik mijn geld terug van u? En waar blijft mijn pakket?")
        unsure, answered = found.matters
        assert unsure.abstained is not None
        assert unsure.abstained.reason is Reason.LOW_CONFIDENCE
        assert answered.answer_id == found.suggestions[0].answer_id == "delivery-u"
        assert found.suggestions[0].text.startswith("Goedendag,")

    def test_an_ordinary_message_has_no_matters(self, ask: Ask) -> None:
        assert ask(MESSAGES.suggested).matters == ()
        assert ask(f"{MESSAGES.suggested}? En waar blijft mijn pakket dan?").matters == ()

    def test_nothing_can_be_said_about_any(self, ask: Ask) -> None:
        found = ask("Loopt de zomeractie nog? En krijg ik korting als klant?")
        assert silence(found) is not None
        assert found.matters == ()


class TestDiversity:
    def test_what_says_the_same_is_offered_once_with_the_probability_of_both(
        self, suggester: Suggester, tmp_path: Path
    ) -> None:
        conversation = Conversation(MESSAGES.three_questions, received_at=NOW)
        apart = {one.answer_id: one.confidence for one in suggester.suggest(conversation).suggestions}
        assert sorted(apart) == ["delivery-je", "invoice-private", "refund"]
        text = next(answer.text for answer in ANSWERS if answer.answer_id == "invoice-private")
        echoed = [
            replace(answer, text=f"{text} Dag!") if answer.answer_id == "refund" else answer for answer in ANSWERS
        ]
        write_tiny_bundle(tmp_path / "bundle", tmp_path / "encoder", echoed)
        found = Suggester.from_bundle(tmp_path / "bundle").suggest(conversation).suggestions
        together = {one.answer_id: one.confidence for one in found}
        (kept,) = set(together) - {"delivery-je"}
        assert together[kept] == pytest.approx(apart["invoice-private"] + apart["refund"], abs=1e-4)
        assert together["delivery-je"] == pytest.approx(apart["delivery-je"], abs=1e-4)
        assert list(together.values()) == sorted(together.values(), reverse=True)


class TestSilence:
    @pytest.mark.parametrize(
        ("message", "channel", "reason", "detail"),
        [
            (MESSAGES.out_of_scope, Channel.CHAT, Reason.OUT_OF_SCOPE, "resembles nothing"),
            (MESSAGES.low_confidence, Channel.CHAT, Reason.LOW_CONFIDENCE, f"the threshold is {CONFIDENCE:.2f}"),
            (MESSAGES.blocked, Channel.CHAT, Reason.NO_VALID_ANSWER, "blocked"),
            (MESSAGES.expired, Channel.CHAT, Reason.NO_VALID_ANSWER, "not valid today"),
            (MESSAGES.private_only, Channel.X, Reason.NO_VALID_ANSWER, "in private"),
            (MESSAGES.too_long_for_x, Channel.X, Reason.NO_VALID_ANSWER, "too long for x"),
        ],
        ids=["scope", "confidence", "blocked", "expired", "private", "length"],
    )
    def test_silence_has_a_reason(self, ask: Ask, message: str, channel: Channel, reason: Reason, detail: str) -> None:
        found = ask(message, channel=channel)
        assert silence(found) is reason
        assert found.abstained is not None
        assert detail in found.abstained.detail
        assert message not in found.abstained.detail

    def test_what_may_not_be_said_here_may_be_said_elsewhere(self, ask: Ask) -> None:
        assert ask(MESSAGES.private_only, channel=Channel.DM).suggestions[0].answer_id == "password-private"
        assert ask(MESSAGES.too_long_for_x, channel=Channel.FACEBOOK).suggestions[0].answer_id == "modem"

    def test_free_text_is_for_a_day_where_the_channel_says_so(self, ask: Ask) -> None:
        in_time, too_late = NOW + timedelta(hours=24), NOW + timedelta(hours=24, seconds=1)
        assert ask(MESSAGES.suggested, channel=Channel.WHATSAPP, replying_at=in_time).suggestions
        assert ask(MESSAGES.suggested, channel=Channel.DM, replying_at=too_late).suggestions
        found = ask(MESSAGES.suggested, channel=Channel.WHATSAPP, replying_at=too_late)
        assert silence(found) is Reason.TEMPLATE_REQUIRED
        assert ask(MESSAGES.suggested, channel=Channel.WHATSAPP, received_at=None).suggestions

    def test_of_several_matters_none_is_answered_after_that_day(self, ask: Ask) -> None:
        found = ask(MESSAGES.three_questions, channel=Channel.WHATSAPP, replying_at=NOW + timedelta(days=2))
        assert silence(found) is Reason.TEMPLATE_REQUIRED
        assert found.suggestions == found.matters == ()

    def test_what_is_not_valid_today_was_valid_then(self, ask: Ask) -> None:
        in_summer = datetime(2020, 7, 1, tzinfo=UTC)
        assert ask(MESSAGES.expired, received_at=in_summer).suggestions[0].answer_id == "summer-sale"

    def test_a_language_without_an_answer(self, ask: Ask) -> None:
        found = ask(MESSAGES.public_and_private, language="de")
        assert silence(found) is Reason.NO_VALID_ANSWER
        assert found.abstained is not None
        assert "(de)" in found.abstained.detail

    @pytest.mark.parametrize("message", ["zzz qqq xxx www", "😀😀😀", "\x00\x01 .", "[MASK] {first_name} %s"])
    def test_gibberish_is_not_answered(self, ask: Ask, message: str) -> None:
        assert silence(ask(message)) in {Reason.OUT_OF_SCOPE, Reason.LOW_CONFIDENCE}


class TestWarnings:
    def test_an_answer_that_nobody_reviewed(self, ask: Ask) -> None:
        assert "outage: nobody has reviewed this answer yet." in ask(MESSAGES.unreviewed).warnings

    def test_a_slot_that_nobody_filled(self, ask: Ask) -> None:
        found = ask(MESSAGES.open_slot)
        assert "refund: fill in order_number." in found.warnings
        assert "{order_number}" in found.suggestions[0].text

    def test_an_answer_in_another_register_is_put_in_the_customers(self, ask: Ask) -> None:
        found = ask(MESSAGES.public_and_private, register=Register.U)
        best = found.suggestions[0]
        assert best.answer_id == "invoice-private"
        assert best.register is Register.U
        assert "op uw factuur" in best.text
        assert found.warnings == ()

    def test_only_what_is_shown_is_warned_of(self, ask: Ask) -> None:
        for k in (1, 3, 10):
            found = ask(MESSAGES.unreviewed, k=k)
            shown = {one.answer_id for one in found.suggestions}
            assert {warning.split(":")[0] for warning in found.warnings} <= shown


class TestNeedsHuman:
    def test_no_written_answer_meets_a_threat_or_a_death(self, ask: Ask) -> None:
        for message in (f"{MESSAGES.suggested} Ik bel mijn advocaat.", f"Mijn man is overleden. {MESSAGES.suggested}"):
            found = ask(message, agent_initials="EK")
            assert silence(found) is Reason.NEEDS_HUMAN
            assert found.hand_over is not None
            assert found.hand_over.opening.endswith("^EK")
        assert found.escalation is None

    def test_an_opening_that_cannot_be_sent_any_more_says_so(self, ask: Ask) -> None:
        where = {"channel": Channel.WHATSAPP, "replying_at": NOW + timedelta(days=2)}
        found = ask("Mijn man is overleden", **where)
        assert found.abstained is not None
        assert found.abstained.reason is Reason.NEEDS_HUMAN
        assert found.warnings == (
            "The channel takes only an approved template now: the opening cannot be sent here as it is.",
        )

    def test_out_of_scope_is_no_ground_to_overlook_a_cry_for_help(self, ask: Ask) -> None:
        found = ask("Ik wil niet meer leven")
        assert silence(found) is Reason.NEEDS_HUMAN
        assert found.escalation is not None
        assert found.priority.level is Level.URGENT
        assert found.priority.before == NOW

    def test_beside_an_answer_that_may_still_help_stands_who_must_decide(self, ask: Ask) -> None:
        turns = (Turn(Speaker.CUSTOMER, ""), Turn(Speaker.AGENT, "")) * CONTACTS
        found = ask(MESSAGES.suggested, turns=turns)
        assert silence(found) is None
        assert found.suggestions[0].answer_id == "delivery-je"
        assert found.hand_over is not None
        assert found.hand_over.reasons == (Need.THIRD_CONTACT,)
        assert found.warnings[0] == "A human must decide: third_contact."

    def test_it_is_said_once_of_a_message_with_two_matters(self, ask: Ask) -> None:
        found = ask(f"{MESSAGES.two_matters} Ik zit in de schuldhulp.")
        assert found.hand_over is not None
        assert sum(warning.startswith("A human must decide") for warning in found.warnings) == 1

    def test_a_threat_silences_every_matter(self, ask: Ask) -> None:
        found = ask(f"{MESSAGES.two_matters} Ik bel mijn advocaat.")
        assert silence(found) is Reason.NEEDS_HUMAN
        assert found.matters == ()

    @pytest.mark.parametrize("message", [MESSAGES.suggested, f"{MESSAGES.suggested} Ik bel mijn advocaat."])
    def test_priority_is_the_same_by_mail_chat_and_x(self, ask: Ask, message: str) -> None:
        priorities = {ask(message, channel=channel).priority for channel in Channel}
        assert len(priorities) == 1


class TestMany:
    def test_together_they_get_what_each_gets_alone(self, suggester: Suggester) -> None:
        messages = [getattr(MESSAGES, name) for name in type(MESSAGES).__slots__]
        conversations = [Conversation(message, received_at=NOW) for message in messages]
        together = suggester.suggest_many(conversations)
        for conversation, found in zip(conversations, together, strict=True):
            alone = suggester.suggest(conversation)
            assert [one.answer_id for one in found.suggestions] == [one.answer_id for one in alone.suggestions]
            assert found.abstained == alone.abstained

    def test_threads_share_one_suggester(self, suggester: Suggester) -> None:
        conversation = Conversation(MESSAGES.suggested, received_at=NOW)
        expected = suggester.suggest(conversation)
        with ThreadPoolExecutor(4) as pool:
            assert all(found == expected for found in pool.map(suggester.suggest, [conversation] * 40))

    def test_any_text_can_be_scored_as_a_reply(self, suggester: Suggester) -> None:
        conversations = [Conversation(MESSAGES.suggested), Conversation(MESSAGES.private_only)]
        asked = suggester.analyse([conversation.query for conversation in conversations]).asked
        texts = ["Je nieuwe wachtwoord staat klaar in de app.", "Je pakket is onderweg."]
        found = suggester.score_texts(conversations, asked, texts)
        assert found.shape == (2, 2)
        assert np.argmax(found, axis=1).tolist() == [1, 0]


def test_a_public_program_is_typed_and_runs(tiny_bundle: Path, suggester: Suggester, tmp_path: Path) -> None:
    assert typed_usage.explain(typed_usage.suggest(tiny_bundle, MESSAGES.suggested)).startswith("delivery, neutral")
    assert typed_usage.message_or_error(tmp_path, "Dag").startswith(str(tmp_path))
    assert "empty" in typed_usage.message_or_error(tiny_bundle, " ")
    assert typed_usage.explain(suggester.suggest(Conversation(MESSAGES.out_of_scope))).startswith("out_of_scope: ")
    assert typed_usage.suggest_in_context(suggester, NOW) == []
    assert typed_usage.addressed("Mail mij op u@uw.nl") is Register.NEUTRAL


def test_a_bundle_is_not_needed_any_more_once_it_is_loaded(tiny_bundle: Path, tmp_path: Path) -> None:
    copied = Path(shutil.copytree(tiny_bundle, tmp_path / "bundle"))
    suggester = Suggester.from_bundle(copied)
    shutil.rmtree(copied)
    assert suggester.suggest(Conversation(MESSAGES.suggested)).suggestions
    assert not (copied / LAYOUT.manifest).exists()
