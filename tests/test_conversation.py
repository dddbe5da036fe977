from __future__ import annotations

import pytest

from repliek.conversation import MAX_MESSAGE_CHARS, Channel, Conversation, Speaker, Turn, query_text
from repliek.errors import LimitError

ASKED = Turn(Speaker.CUSTOMER, "Mijn router doet het niet sinds gisteren.")
ANSWERED = Turn(Speaker.AGENT, "Heeft u hem al opnieuw gestart?")


def test_channels_are_public_or_private() -> None:
    public = {channel.value for channel in Channel if channel.public}
    assert public == {"x", "facebook", "instagram", "review"}
    assert {channel.value for channel in Channel} - public == {"dm", "whatsapp", "chat", "sms", "email", "phone"}


@pytest.mark.parametrize("message", ["", " ", "\n\t\u00a0"])
def test_a_message_without_words_is_refused(message: str) -> None:
    with pytest.raises(LimitError, match="empty"):
        Conversation(message)


def test_a_message_may_be_as_long_as_the_limit_and_no_longer() -> None:
    assert Conversation("a" * MAX_MESSAGE_CHARS).message
    with pytest.raises(LimitError, match=r"20001 characters; at most 20000") as caught:
        Conversation("a" * (MAX_MESSAGE_CHARS + 1))
    assert "aaa" not in str(caught.value)


def test_a_telling_message_stands_for_itself() -> None:
    assert query_text("  Hoe lang duurt dat?  ", (ASKED, ANSWERED)) == "Hoe lang duurt dat?"


def test_a_short_message_is_read_after_what_the_customer_asked() -> None:
    assert Conversation("ja, klopt", turns=(ASKED, ANSWERED)).query == f"{ASKED.text} ja, klopt"


def test_the_latest_of_the_customers_turns_counts() -> None:
    later = Turn(Speaker.CUSTOMER, "En mijn factuur klopt niet.")
    assert query_text("en nu?", (ASKED, ANSWERED, later, ANSWERED)) == f"{later.text} en nu?"


@pytest.mark.parametrize("turns", [(), (ANSWERED,)], ids=["no turns", "only an agent's"])
def test_a_short_message_without_an_earlier_one_stands_alone(turns: tuple[Turn, ...]) -> None:
    assert query_text("ja, klopt", turns) == "ja, klopt"
