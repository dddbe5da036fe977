from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from repliek.conversation import CONTEXT_CHARS, MAX_MESSAGE_CHARS, Channel, Conversation, Speaker, Turn, query_text
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


def test_a_message_without_turns_stands_for_itself() -> None:
    assert query_text("  Hoe lang duurt dat?  ") == Conversation("Hoe lang duurt dat?").query == "Hoe lang duurt dat?"


def test_a_message_is_read_after_what_was_said_before() -> None:
    expected = f"{ASKED.text} {ANSWERED.text}\nja, klopt"
    assert Conversation("ja, klopt", turns=(ASKED, ANSWERED)).query == expected


def test_of_a_long_conversation_the_end_counts() -> None:
    turns = (Turn(Speaker.CUSTOMER, "a" * CONTEXT_CHARS), Turn(Speaker.AGENT, "b" * 100))
    assert query_text("ja", turns) == "a" * (CONTEXT_CHARS - 101) + " " + "b" * 100 + "\nja"


def test_turns_without_words_say_nothing() -> None:
    assert query_text("ja", (Turn(Speaker.AGENT, " \n"),)) == "ja"


class TestWaited:
    RECEIVED = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)

    def test_it_runs_from_the_message_to_the_reply(self) -> None:
        later = datetime(2026, 11, 21, 10, 30, tzinfo=timezone(timedelta(hours=1)))
        assert Conversation("Hoi", received_at=self.RECEIVED, replying_at=later).waited == timedelta(hours=24)

    def test_times_without_a_zone_are_in_utc(self) -> None:
        bare = self.RECEIVED.replace(tzinfo=None)
        assert Conversation("Hoi", received_at=bare, replying_at=self.RECEIVED).waited == timedelta()
        assert Conversation("Hoi", received_at=self.RECEIVED, replying_at=bare).waited == timedelta()

    def test_now_is_when_the_reply_goes_out_unless_somebody_says_otherwise(self) -> None:
        an_hour_ago = datetime.now(UTC) - timedelta(hours=1)
        assert timedelta(hours=1) <= Conversation("Hoi", received_at=an_hour_ago).waited < timedelta(hours=2)

    def test_nobody_waits_less_than_no_time(self) -> None:
        assert Conversation("Hoi").waited == timedelta()
        earlier = self.RECEIVED - timedelta(days=2)
        assert Conversation("Hoi", replying_at=earlier).waited == timedelta()
        assert Conversation("Hoi", received_at=self.RECEIVED, replying_at=earlier).waited == timedelta()
