from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from repliek.conversation import Channel, Conversation, Speaker, Turn
from repliek.tone.emotion import Emotion
from repliek.tone.phrases import Part, Phrase, PhraseBank
from repliek.tone.plan import ASKED_FOR, Planner, Segment
from repliek.tone.register import Register
from repliek.tone.scene import Scene
from repliek.variants import Occasion

BANK = PhraseBank([Phrase(part=part, text=f"De {part}.", language="nl") for part in Part if part is not Part.ANSWER])
SCENE = Scene(Conversation("Help"), Occasion("nl", Register.JE, Channel.CHAT, date(2026, 11, 20)))
ANSWER = Segment(Part.ANSWER, "De storing is voorbij.")
REPLIED = replace(SCENE, conversation=Conversation("Help", turns=(Turn(Speaker.AGENT, "Dag."),)))


def planned(scene: Scene, core: Segment = ANSWER) -> list[Part]:
    return [segment.part for segment in Planner(BANK).around(core, scene, Register.JE)]


@pytest.mark.parametrize("emotion", Emotion)
def test_a_feeling_gets_what_it_asks_for_in_reading_order(emotion: Emotion) -> None:
    found = planned(replace(SCENE, emotion=emotion))
    assert set(found) == ASKED_FOR[emotion] | {Part.ANSWER, Part.SIGNATURE}
    assert found == [part for part in Part if part in found]


def test_grief_is_spared_a_goodbye_and_a_question() -> None:
    assert not ASKED_FOR[Emotion.SAD] & {Part.CLOSING, Part.NEXT_STEP}


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("Wat vervelend. Start de modem opnieuw op.", Part.RECOGNITION),
        ("De monteur kwam niet. Sorry daarvoor. Bel ons even.", Part.RECOGNITION),
        ("De storing is voorbij. Doet hij het nu weer?", Part.NEXT_STEP),
        ("De storing is voorbij. Anders bel je {service_phone}.", Part.NEXT_STEP),
        ("Bewaar data en tijden. Bij direct gevaar: 112.", Part.NEXT_STEP),
        ("Stuur ons je klantnummer. Dan kijken we wat er misging, " + "en zoeken we het uit " * 10, Part.NEXT_STEP),
        ("We snappen dat dit vragen oproept. Elke antenne wordt gemeten.", Part.RECOGNITION),
        ("Zo hoort je tuin er niet bij te liggen.", Part.RECOGNITION),
    ],
)
def test_what_the_answer_says_already_is_not_said_again(text: str, missing: Part) -> None:
    assert missing not in planned(replace(SCENE, emotion=Emotion.FRUSTRATED), Segment(Part.ANSWER, text))


def test_a_complaint_is_no_laugh() -> None:
    core = Segment(Part.ANSWER, "Dien je klacht in via het formulier.")
    assert Part.RECOGNITION in planned(replace(SCENE, emotion=Emotion.SAD), core)


def test_every_mail_is_greeted() -> None:
    conversation = replace(REPLIED.conversation, channel=Channel.EMAIL)
    assert planned(replace(REPLIED, conversation=conversation)) == [Part.GREETING, Part.ANSWER, Part.SIGNATURE]


def test_nobody_is_greeted_or_winked_at_twice() -> None:
    assert planned(replace(REPLIED, emotion=Emotion.PLAYFUL)) == [Part.ANSWER, Part.SIGNATURE]
    assert Part.RECOGNITION in planned(replace(REPLIED, emotion=Emotion.FRUSTRATED))


def test_personal_data_is_asked_to_be_removed() -> None:
    assert planned(replace(SCENE, exposed=True)) == [Part.GREETING, Part.ANSWER, Part.REMOVAL, Part.SIGNATURE]


def test_who_has_to_take_personal_data_down_is_asked_nothing_more() -> None:
    assert Part.NEXT_STEP not in planned(replace(SCENE, emotion=Emotion.FRUSTRATED, exposed=True))


def test_a_move_to_private_has_no_next_step() -> None:
    scene = replace(SCENE, emotion=Emotion.FRUSTRATED)
    move = Planner(BANK).move(scene)
    assert move == Segment(Part.PRIVATE_MOVE, "De private_move.")
    assert planned(scene, move) == [Part.GREETING, Part.RECOGNITION, Part.PRIVATE_MOVE, Part.SIGNATURE]
    assert Planner(PhraseBank(())).move(scene) is None
