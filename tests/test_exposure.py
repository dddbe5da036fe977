from __future__ import annotations

import pytest

from repliek.conversation import Channel, Conversation, Speaker, Turn
from repliek.privacy import Kind, exposed, removal_warning

PUBLIC = [channel for channel in Channel if channel.public]
MESSAGE = "Bel me op 06-12345678! Klantnummer 40718233, of mail jan@prive.example, of jan2@prive.example."


@pytest.mark.parametrize("channel", PUBLIC)
def test_what_everybody_can_read_is_exposed_each_kind_once(channel: Channel) -> None:
    assert exposed(Conversation(MESSAGE, channel)) == (Kind.PHONE, Kind.CUSTOMER_NUMBER, Kind.EMAIL)


@pytest.mark.parametrize("channel", [channel for channel in Channel if not channel.public])
def test_what_is_said_in_private_is_not(channel: Channel) -> None:
    assert exposed(Conversation(MESSAGE, channel)) == ()


@pytest.mark.parametrize(
    "message",
    [
        "Hoi Eric, dank je wel! Groetjes, Anouk de Wit",
        "Ik ben Jan en mijn modem knippert al 3 dagen",
        "Ik betaal € 45,95 voor 500 Mbit, sinds 12-03-2026",
        "@wadlijn foutmelding F3411 op mijn decoder",
        "Bel 0800-0101, zeiden ze",
    ],
)
def test_names_and_harmless_numbers_are_no_alarm(message: str) -> None:
    assert exposed(Conversation(message, Channel.X)) == ()


def test_what_the_brand_itself_publishes_is_no_alarm() -> None:
    asked = Conversation("Is phishing@wadlijn.example van jullie? Mijn mail is jan@prive.example", Channel.X)
    assert exposed(asked, "phishing@wadlijn.example") == (Kind.EMAIL,)
    assert exposed(Conversation("Is phishing@wadlijn.example echt?", Channel.X), "phishing@wadlijn.example") == ()


def test_only_the_message_itself_is_read() -> None:
    turns = (Turn(Speaker.CUSTOMER, MESSAGE),)
    assert exposed(Conversation("Iemand?", Channel.X, turns)) == ()


def test_the_warning_names_kinds_and_no_words() -> None:
    warning = removal_warning(exposed(Conversation(MESSAGE, Channel.X)))
    assert warning == (
        "The customer posted personal data in public (PHONE, CUSTOMER_NUMBER, EMAIL): ask them to remove it."
    )
