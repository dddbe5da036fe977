from __future__ import annotations

from typing import Any

import pytest

from repliek.brand import Brand, HandOver, Signature
from repliek.conversation import Channel, Conversation, Speaker, Turn
from repliek.knowledge import Answer
from repliek.tone.compose import Composed, Composer
from repliek.tone.register import Register

BRAND = Brand(
    name="Wadlijn",
    hand_over=HandOver(dm="dm.wadlijn.example", phone="0800 1234"),
    slots={"shop": "de winkel"},
)


def compose(
    text: str, *, brand: Brand = BRAND, register: Register = Register.JE, language: str = "nl", **conversation: Any
) -> Composed:
    answer = Answer(answer_id="a", text=text, language=language)
    return Composer(brand).compose(answer, Conversation("Help", **conversation), register)


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


def test_a_name_is_text_and_no_slot() -> None:
    found = compose("Dag {first_name}.", customer_name="{shop} {0}")
    assert found.text == "Hoi {shop} {0},\nDag {shop} {0}."
    assert found.open_slots == ()


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
    conversation = Conversation("Help", channel, agent_initials="EK")
    assert Composer(BRAND).compose_together(answers, conversation, Register.JE).text == text


def test_slots_are_filled_and_the_others_named_once() -> None:
    found = compose("{order} in {shop}: bel {service_phone} of {dm_link}, {first_name}. {order} {date}")
    assert found.text == "Hoi,\n{order} in de winkel: bel 0800 1234 of dm.wadlijn.example, {first_name}. {order} {date}"
    assert found.open_slots == ("order", "first_name", "date")


def test_a_brands_own_slot_goes_before_the_hand_over_address() -> None:
    brand = Brand(hand_over=HandOver(phone="0800 1234"), slots={"service_phone": "0900 1"})
    assert compose("Bel {service_phone}.", brand=brand).text == "Hoi,\nBel 0900 1."


def test_the_greeting_goes_where_it_does_not_fit() -> None:
    body = "a" * 276
    found = compose(body, channel=Channel.X, agent_initials="EK", customer_name="Eric")
    assert found.text == f"{body} ^EK"
    assert (found.length.used, found.length.limit) == (280, 280)
    assert found.length.fits


def test_an_answer_is_never_shortened() -> None:
    found = compose("a" * 281, channel=Channel.X)
    assert found.text == "a" * 281
    assert not found.length.fits


def test_the_length_is_that_of_the_filled_text() -> None:
    assert compose("Zie {dm_link}", channel=Channel.X).length.used == len("Hoi,\nZie ") + 23
