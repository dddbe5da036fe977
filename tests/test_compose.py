from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from repliek.brand import Brand, ChannelPolicy, HandOver, Signature
from repliek.conversation import Channel, Conversation, Speaker, Turn
from repliek.knowledge import Answer
from repliek.tone.compose import Composed, Composer
from repliek.tone.emotion import Emotion
from repliek.tone.phrases import DEFAULT_PHRASES, Part, Phrase, PhraseBank
from repliek.tone.register import Register
from repliek.tone.scene import Scene
from repliek.variants import Occasion

BRAND = Brand(
    name="Wadlijn",
    hand_over=HandOver(dm="dm.wadlijn.example", phone="0800 1234"),
    slots={"shop": "de winkel"},
)


DAY = date(2026, 11, 20)


def scene(
    *,
    brand: Brand = BRAND,
    register: Register = Register.JE,
    language: str = "nl",
    emotion: Emotion = Emotion.NEUTRAL,
    intent: str | None = None,
    exposed: bool = False,
    message: str = "Help",
    **conversation: Any,
) -> Scene:
    spoken = Conversation(message, **conversation)
    occasion = Occasion(language, register, spoken.channel, DAY)
    return Scene.read(spoken, occasion, brand, emotion=emotion, intent=intent, exposed=exposed)


def compose(
    text: str, *, brand: Brand = BRAND, language: str = "nl", bank: PhraseBank = DEFAULT_PHRASES, **more: Any
) -> Composed:
    answer = Answer(answer_id="a", text=text, language=language)
    return Composer(brand, bank).compose([answer], scene(brand=brand, language=language, **more))


@pytest.mark.parametrize(
    ("language", "register", "name", "greeting"),
    [
        ("nl", Register.JE, "Eric", "Hoi Eric,"),
        ("nl", Register.JE, None, "Hoi,"),
        ("nl", Register.U, "Eric", "Beste Eric,"),
        ("nl", Register.U, None, "Goedendag,"),
        ("nl", Register.NEUTRAL, "Eric", "Dag Eric,"),
        ("en", Register.U, "Eric", "Hi Eric,"),
        ("en", Register.NEUTRAL, None, "Hello,"),
    ],
)
def test_the_greeting_follows_language_register_and_name(
    language: str, register: Register, name: str | None, greeting: str
) -> None:
    assert compose("Tekst.", language=language, register=register, customer_name=name).text == f"{greeting}\nTekst."


def test_without_a_greeting_in_its_language_the_answer_stands_alone() -> None:
    assert compose("Guten Tag.", language="de", customer_name="Eric").text == "Guten Tag."


@pytest.mark.parametrize("name", ["{shop} {0}", "", " \u200b", "<b>", "🙂"])
def test_who_has_no_name_is_greeted_without_one(name: str) -> None:
    found = compose("Fijne dag, {first_name}.", customer_name=name)
    assert found.text == "Hoi,\nFijne dag, {first_name}."
    assert found.open_slots == ("first_name",)


def test_a_mail_has_paragraphs_a_closing_and_the_brands_name() -> None:
    found = compose("Tekst.", channel=Channel.EMAIL, register=Register.U, customer_name="Eric", agent_initials="EK")
    assert found.text == "Beste Eric,\n\nTekst.\n\nMet vriendelijke groet,\nEK\nWadlijn"


def test_a_mail_in_a_language_without_a_closing_is_signed_by_name() -> None:
    assert compose("Guten Tag.", channel=Channel.EMAIL, language="de").text == "Guten Tag.\n\nWadlijn"


def test_short_channels_are_signed_with_initials() -> None:
    assert compose("Tekst.", channel=Channel.X, agent_initials="EK").text == "Hoi,\nTekst. ^EK"


def test_a_brand_may_do_without_initials() -> None:
    brand = Brand(name="Wadlijn", signature=Signature(initials=False))
    assert compose("Tekst.", brand=brand, agent_initials="EK").text == "Hoi,\nTekst."


def test_nobody_is_greeted_twice() -> None:
    asked, answered = Turn(Speaker.CUSTOMER, "Help"), Turn(Speaker.AGENT, "Hoi, waarmee?")
    assert compose("Tekst.", turns=(asked,)).text == "Hoi,\nTekst."
    assert compose("Tekst.", turns=(asked, answered)).text == "Tekst."


@pytest.mark.parametrize(
    ("channel", "text"),
    [
        (Channel.CHAT, "Hoi,\nEen.\nTwee in de winkel. ^EK"),
        (Channel.EMAIL, "Hoi,\n\nEen.\n\nTwee in de winkel.\n\nMet vriendelijke groet,\nEK\nWadlijn"),
    ],
)
def test_two_answers_are_greeted_and_signed_once(channel: Channel, text: str) -> None:
    answers = [Answer(answer_id=body, text=body, language="nl") for body in ("Een.", "Twee in {shop}.")]
    assert Composer(BRAND).compose(answers, scene(channel=channel, agent_initials="EK")).text == text


def test_slots_are_filled_and_the_others_named_once() -> None:
    found = compose("{order} in {shop}: bel {service_phone} of {dm_link}, {first_name}. {order} {date}")
    assert found.text == "Hoi,\n{order} in de winkel: bel 0800 1234 of dm.wadlijn.example, {first_name}. {order} {date}"
    assert found.open_slots == ("order", "first_name", "date")


def test_a_brands_own_slot_goes_before_the_hand_over_address() -> None:
    brand = Brand(hand_over=HandOver(phone="0800 1234"), slots={"service_phone": "0900 1"})
    assert compose("Bel {service_phone}.", brand=brand).text == "Hoi,\nBel 0900 1."


def test_what_a_customer_mentions_fills_no_slot_of_an_answer() -> None:
    brand = Brand(slots={"place": "Drachten"})
    found = compose("Kom naar {place} op {date}.", brand=brand, message="Al sinds gisteren geen internet in Leeuwarden")
    assert found.text == "Hoi,\nKom naar Drachten op {date}."


def test_the_greeting_goes_where_it_does_not_fit() -> None:
    body = "a" * 276
    found = compose(body, channel=Channel.X, agent_initials="EK", customer_name="Eric")
    assert found.text == f"{body} ^EK"
    assert (found.laid.length.used, found.laid.length.limit) == (280, 280)
    assert found.laid.length.fits


def test_an_answer_is_never_shortened() -> None:
    found = compose("a" * 281, channel=Channel.X)
    assert found.text == "a" * 281
    assert not found.laid.length.fits


def test_the_length_is_that_of_the_filled_text() -> None:
    assert compose("Zie {dm_link}", channel=Channel.X).laid.length.used == len("Hoi,\nZie ") + 23


class TestRegister:
    def test_an_answer_in_je_is_said_in_u(self) -> None:
        found = compose("Vind je de code niet? Kijk in je mail.", register=Register.U)
        assert found.text == "Goedendag,\nVindt u de code niet? Kijk in uw mail."
        assert (found.register, found.doubts) == (Register.U, ())

    def test_what_can_be_read_in_two_ways_is_told(self) -> None:
        found = compose("Wij helpen jullie.", register=Register.U)
        assert found.doubts

    def test_without_a_register_an_answer_keeps_its_own(self) -> None:
        answer = Answer(answer_id="a", text="Kijk in je mail.", language="nl", register=Register.JE)
        assert Composer(BRAND).compose([answer], scene(register=Register.NEUTRAL)).text == "Hoi,\nKijk in je mail."

    def test_nor_do_two_answers_mix_them(self) -> None:
        answers = [
            Answer(answer_id=text, text=text, language="nl", register=register)
            for text, register in (("Kijk in uw mail.", Register.U), ("Je vindt het daar.", Register.JE))
        ]
        found = Composer(BRAND).compose(answers, scene(register=Register.NEUTRAL))
        assert (found.text, found.register) == ("Goedendag,\nKijk in uw mail.\nU vindt het daar.", Register.U)

    def test_english_has_one(self) -> None:
        assert compose("Check your mail.", language="en", register=Register.U).register is Register.NEUTRAL


BANK = PhraseBank(
    [
        Phrase(part=Part.RECOGNITION, text="Dat is lang wachten.", language="nl", emotion=(Emotion.FRUSTRATED,)),
        Phrase(part=Part.NEXT_STEP, text="Hoor ik het als het niet lukt?", language="nl"),
        Phrase(part=Part.REMOVAL, text="Haal de gegevens hier nog even weg.", language="nl"),
        Phrase(part=Part.PRIVATE_MOVE, text="Dat hoort hier niet; ga verder via {dm_link}.", language="nl"),
    ]
).completed_by(DEFAULT_PHRASES)
ANGRY: dict[str, Any] = {"bank": BANK, "emotion": Emotion.FRUSTRATED, "agent_initials": "EK"}


class TestParts:
    def test_they_stand_in_reading_order(self) -> None:
        found = compose("De storing is voorbij.", **ANGRY)
        assert found.text == ("Hoi,\nDat is lang wachten. De storing is voorbij. Hoor ik het als het niet lukt? ^EK")
        assert [one.part for one in found.laid.parts] == [
            Part.GREETING,
            Part.RECOGNITION,
            Part.ANSWER,
            Part.NEXT_STEP,
            Part.SIGNATURE,
        ]

    @pytest.mark.parametrize(
        ("answer", "body"),
        [
            ("Zie wadlijn.example/storing", "Dat is lang wachten. Zie wadlijn.example/storing\nHoor ik"),
            ("Kies:\n- de app\n- de site.", "Dat is lang wachten.\nKies:\n- de app\n- de site.\nHoor ik"),
            ("Het werkt weer! 🎉", "Dat is lang wachten. Het werkt weer! 🎉 Hoor ik"),
        ],
    )
    def test_nothing_runs_on_behind_what_ends_no_sentence(self, answer: str, body: str) -> None:
        bank = PhraseBank(
            [
                Phrase(part=Part.RECOGNITION, text="Dat is lang wachten.", language="nl"),
                Phrase(part=Part.REMOVAL, text="Hoor ik het?", language="nl"),
            ]
        )
        found = compose(answer, bank=bank, emotion=Emotion.SAD, exposed=True)
        assert found.text == f"{body} het?"

    def test_each_is_a_paragraph_of_a_mail(self) -> None:
        assert compose("De storing is voorbij.", channel=Channel.EMAIL, **ANGRY).text == (
            "Hoi,\n\nDat is lang wachten.\n\nDe storing is voorbij.\n\nHoor ik het als het niet lukt?\n\n"
            "Met vriendelijke groet,\nEK\nWadlijn"
        )

    def test_and_a_point_on_the_phone(self) -> None:
        assert compose("De storing is voorbij.", channel=Channel.PHONE, **ANGRY).text == (
            "- Hoi,\n- Dat is lang wachten.\n- De storing is voorbij.\n- Hoor ik het als het niet lukt?"
        )

    def test_data_that_others_can_read_should_go(self) -> None:
        found = compose("De storing is voorbij.", bank=BANK, channel=Channel.X, exposed=True)
        assert found.text == "Hoi,\nDe storing is voorbij. Haal de gegevens hier nog even weg."

    @pytest.mark.parametrize(
        ("room", "kept"),
        [
            (50, {Part.GREETING, Part.RECOGNITION}),
            (24, {Part.RECOGNITION}),
            (8, {Part.GREETING}),
            (4, set[Part]()),
        ],
    )
    def test_what_matters_least_goes_first(self, room: int, kept: set[Part]) -> None:
        body = "a" * (280 - len(" ^EK") - room)
        found = compose(body, channel=Channel.X, **ANGRY)
        assert {one.part for one in found.laid.parts} == kept | {Part.ANSWER, Part.SIGNATURE}
        assert found.laid.length.fits

    def test_behind_an_address_a_sentence_begins_a_line(self) -> None:
        found = compose("Bel ons: dm.wadlijn.example", bank=BANK, channel=Channel.X, exposed=True, agent_initials="EK")
        assert found.text == "Hoi,\nBel ons: dm.wadlijn.example\nHaal de gegevens hier nog even weg. ^EK"

    def test_a_move_to_private_says_why_and_where(self) -> None:
        found = Composer(BRAND, BANK).move(scene(channel=Channel.X, agent_initials="EK"))
        assert found is not None
        assert found.text == "Hoi,\nDat hoort hier niet; ga verder via dm.wadlijn.example. ^EK"

    def test_without_an_address_nobody_is_moved(self) -> None:
        assert Composer(Brand(), BANK).move(scene(brand=Brand(), channel=Channel.X)) is None


class TestPosts:
    LONG = " ".join(f"Dit is zin nummer {number} van een antwoord." for number in "abcdefghijkl")

    def test_a_brand_may_spread_a_long_answer(self) -> None:
        brand = Brand(name="Wadlijn", channels={Channel.X: ChannelPolicy(posts=3)})
        found = compose(self.LONG, brand=brand, channel=Channel.X, agent_initials="EK")
        assert len(found.laid.posts) == 2
        assert found.laid.posts[0].endswith("(1/2)")
        assert found.laid.posts[1].endswith("(2/2) ^EK")
        assert found.text == "\n\n".join(found.laid.posts)
        assert found.laid.length.fits

    def test_or_not(self) -> None:
        found = compose(self.LONG, channel=Channel.X)
        assert found.laid.posts == (self.LONG,)
        assert not found.may_be_shown


class TestRules:
    PROMISE = Phrase(part=Part.RECOGNITION, text="Ik beloof dat het morgen werkt.", language="nl")

    def test_a_phrase_that_breaks_one_is_left_out_and_nothing_else(self) -> None:
        bank = PhraseBank([self.PROMISE]).completed_by(DEFAULT_PHRASES)
        found = compose("De storing is voorbij.", bank=bank, emotion=Emotion.FRUSTRATED, agent_initials="EK")
        assert found.text == "Hoi,\nDe storing is voorbij. ^EK"
        assert found.may_be_shown

    def test_an_answer_that_breaks_one_is_not_shown(self) -> None:
        found = compose("Wat is je klantnummer?", channel=Channel.X)
        assert [finding.rule for finding in found.errors] == ["asks_personal_data_in_public"]
        assert not found.may_be_shown
        assert compose("Wat is je klantnummer?", channel=Channel.DM).may_be_shown
