from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from repliek.brand import Brand, HandOver
from repliek.conversation import Channel, Conversation, Speaker, Turn
from repliek.knowledge import Answer, Audience, Status
from repliek.tone.compose import Composer
from repliek.tone.phrases import DEFAULT_PHRASES, Part, Phrase, PhraseBank
from repliek.tone.register import Register
from repliek.tone.scene import Scene
from repliek.variants import Occasion
from repliek.writing import Writer, Written

BRAND = Brand(name="Wadlijn", hand_over=HandOver(dm="dm.wadlijn.example"))
MOVE = Phrase(part=Part.PRIVATE_MOVE, text="Dat hoort hier niet; ga verder via {dm_link}.", language="nl")
WRITER = Writer(Composer(BRAND, PhraseBank([MOVE]).completed_by(DEFAULT_PHRASES)))
STORM = "De storing in het netwerk is sinds een uur verholpen, start de modem opnieuw op."


def answer(answer_id: str = "a", text: str = STORM, **fields: Any) -> Answer:
    return Answer(**{"answer_id": answer_id, "text": text, "language": "nl"} | fields)


def scene(channel: Channel = Channel.CHAT, register: Register = Register.JE, **conversation: Any) -> Scene:
    occasion = Occasion("nl", register, channel, date(2026, 11, 20))
    return Scene.read(Conversation("Help", channel, **conversation), occasion, BRAND)


def written(*variants: Answer, channel: Channel = Channel.CHAT, **more: Any) -> Written:
    found = WRITER.write(variants, scene(channel, **more))
    assert isinstance(found, Written)
    return found


def test_the_best_variant_that_may_be_shown_is_written() -> None:
    found = written(answer("long", "a" * 300), answer("short"), channel=Channel.X)
    assert found.answers[0].answer_id == "short"
    assert (found.cautions, found.elsewhere, found.repeats) == ((), False, False)


@pytest.mark.parametrize(
    ("variant", "why"),
    [
        (answer(text="a" * 300), "too long for x"),
        (answer(status=Status.BLOCKED), "blocked"),
        (answer(language="en"), "does not exist in the customer's language"),
    ],
)
def test_or_there_is_a_reason(variant: Answer, why: str) -> None:
    assert why in WRITER.write([variant], scene(Channel.X))


class TestPrivate:
    def test_what_is_for_private_eyes_is_moved_there(self) -> None:
        found = written(answer(audience=Audience.PRIVATE), channel=Channel.FACEBOOK)
        assert found.composed.text == "Hoi,\nDat hoort hier niet; ga verder via dm.wadlijn.example."
        assert found.elsewhere
        assert found.cautions == ("a: for private eyes only, so the suggestion asks to go on there.",)

    def test_in_private_it_is_said(self) -> None:
        assert not written(answer(audience=Audience.PRIVATE), channel=Channel.DM).elsewhere

    def test_a_public_variant_goes_first(self) -> None:
        found = written(answer("p", audience=Audience.PRIVATE), answer("q"), channel=Channel.X)
        assert found.answers[0].answer_id == "q"

    def test_nobody_is_moved_for_a_long_answer(self) -> None:
        assert "too long" in WRITER.write([answer(text="a" * 300)], scene(Channel.X))

    def test_nor_by_a_brand_without_words_for_it(self) -> None:
        writer = Writer(Composer(BRAND))
        reason = writer.write([answer(audience=Audience.PRIVATE)], scene(Channel.X))
        assert reason == "The fitting answer may only be given in private."


class TestCautions:
    def test_nobody_reviewed_it(self) -> None:
        assert written(answer(status=Status.UNREVIEWED)).cautions == ("a: nobody has reviewed this answer yet.",)

    def test_somebody_should_look_again(self) -> None:
        found = written(answer(text="Wij helpen jullie."), register=Register.U)
        assert found.cautions[0].startswith("a: put in u; look again at Wij helpen")

    def test_slots_are_named_with_the_answer_that_holds_them(self) -> None:
        answers = (answer("a"), answer("b", "Hij komt op {date}."))
        found = WRITER.write_together(answers, scene())
        assert found is not None
        assert found.cautions == ("b: fill in date.",)

    @pytest.mark.parametrize(
        "before",
        [
            {"turns": (Turn(Speaker.AGENT, f"Hoi Jan,\n{STORM} ^LV"),)},
            {"thread": (f"Hoi Jan,\n{STORM} ^LV",)},
        ],
    )
    def test_it_was_said_before(self, before: dict[str, Any]) -> None:
        found = written(answer(), **before)
        assert found.repeats
        assert found.cautions == ("a: said before in this conversation or thread.",)


def test_what_was_said_before_was_said_in_the_register_of_the_conversation() -> None:
    before = Turn(Speaker.AGENT, "Goedendag,\nVindt u de code niet? Kijk in uw mail. ^LV")
    found = written(answer(text="Vind je de code niet? Kijk in je mail."), register=Register.U, turns=(before,))
    assert found.repeats


def test_one_of_several_answers_was_said_before() -> None:
    answers = (answer("a", "Kijk in de app."), answer("b"))
    found = WRITER.write_together(answers, scene(thread=(f"Hoi Jan,\n{STORM} ^LV",)))
    assert found is not None
    assert found.cautions == ("a, b: said before in this conversation or thread.",)


def test_several_answers_that_do_not_fit_together_are_not_written_together() -> None:
    answers = [answer(text="a" * 200), answer(text="b" * 200)]
    assert WRITER.write_together(answers, scene(Channel.X)) is None
    assert WRITER.write_together(answers, scene()) is not None


def test_a_light_answer_is_not_for_somebody_who_is_not() -> None:
    glad = answer(text="Wat fijn om te lezen! Dank je wel.")
    assert isinstance(WRITER.write([glad], scene()), Written)
    reason = WRITER.write([glad], replace(scene(), grave=True))
    assert reason == "The fitting answer is light, and the customer does not seem to be."
