from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from repliek.encoder import FloatArray, OnnxEncoder
from repliek.history import OUT_OF_SCOPE, Exchange
from repliek.knowledge import Answer, KnowledgeBase, Origin, Status
from repliek.space import unit
from repliek.tone.register import Register
from training.encoder.store import cache_directory, resolve_encoder
from training.mining import Mined, mine, units


class Topics:
    """An encoder that knows what each text is about, and how exactly it says so."""

    dimensions = 4

    def __init__(self, texts: dict[str, tuple[float, ...]]) -> None:
        self.texts = texts

    def encode_queries(self, texts: Sequence[str]) -> FloatArray:
        raise AssertionError("replies are passages")

    def encode_passages(self, texts: Sequence[str]) -> FloatArray:
        return unit(np.array([self.texts[text] for text in texts], dtype=np.float32))


CODE = ("U vindt de code in de app.", "De code staat voor u in de app.", "In de app staat uw code voor u klaar.")
CARD = ("We sturen je een nieuwe kaart.", "Je krijgt een nieuwe kaart van ons.")
ENGLISH = ("Your order has left our warehouse this morning.",)
ONCE = ("Dat zoek ik graag voor je uit.",)
ENCODER = Topics(
    {
        CODE[0]: (1, 0.05, 0, 0),
        CODE[1]: (1, -0.05, 0, 0),
        CODE[2]: (1, 0, 0, 0),
        CARD[0]: (0, 1, 0, 0),
        CARD[1]: (0, 1, 0.1, 0),
        ENGLISH[0]: (0, 0, 1, 0),
        ONCE[0]: (0, 0, 0, 1),
    }
)


def exchange(number: int, reply: str | None, intent: str | None = None) -> Exchange:
    return Exchange(exchange_id=f"e{number}", message="vraag", reply=reply, intent=intent)


HISTORY = (
    exchange(0, f"Beste Jan, {CARD[0]} ^EK", "card"),
    exchange(1, f"Hoi Sam, {CARD[1]} ^EK"),
    exchange(2, CODE[0], "code"),
    exchange(3, f"Dag Ria, {CODE[1]}", "code"),
    exchange(4, CODE[2], "login"),
    exchange(5, f"{CODE[2]} Groetjes, Eva"),
    exchange(6, ENGLISH[0]),
    exchange(7, f"Hi Tim! {ENGLISH[0]}"),
    exchange(8, ONCE[0]),
    exchange(9, "Graag gedaan!"),
    exchange(10, "Graag gedaan!"),
    exchange(11, None, "code"),
)


@pytest.fixture
def mined() -> Mined:
    return mine(HISTORY, ENCODER, "nl")


def named(mined: Mined) -> dict[str, str | None]:
    return {exchange.exchange_id: exchange.answer_id for exchange in mined.history}


def test_replies_that_say_nearly_the_same_become_one_answer_most_frequent_first(mined: Mined) -> None:
    assert mined.counts == (4, 2, 2)
    code, card, english = (answer.answer_id for answer in mined.answers)
    assert [named(mined)[f"e{number}"] for number in range(8)] == [card] * 2 + [code] * 4 + [english] * 2
    assert {answer_id: len(found) for answer_id, found in mined.examples.items()} == {code: 4, card: 2, english: 2}


def test_an_answer_keeps_its_id_however_the_history_is_ordered_and_grows(mined: Mined) -> None:
    assert all(answer.answer_id.startswith("mined-") for answer in mined.answers)
    again = mine(HISTORY[::-1], ENCODER, "nl")
    assert {answer.answer_id for answer in again.answers} == {answer.answer_id for answer in mined.answers}
    assert named(again) == named(mined)
    grown = mine((*HISTORY, exchange(20, ONCE[0])), ENCODER, "nl")
    assert {answer.answer_id for answer in grown.answers} > {answer.answer_id for answer in mined.answers}


def test_the_most_typical_wording_is_the_text(mined: Mined) -> None:
    assert mined.answers[0].text == CODE[2]
    assert mined.answers[1].text in CARD
    assert mined.answers[2].text == ENGLISH[0]


def test_what_is_known_of_the_replies_is_known_of_the_answer(mined: Mined) -> None:
    code, card, english = mined.answers
    assert (code.intent, card.intent, english.intent) == ("code", "card", "warehouse_morning")
    assert (code.register, card.register, english.register) == (Register.U, Register.JE, Register.NEUTRAL)
    assert [answer.language for answer in mined.answers] == ["nl", "nl", "en"]
    assert {(answer.origin, answer.status) for answer in mined.answers} == {(Origin.MINED, Status.UNREVIEWED)}


def test_the_rest_of_the_history_is_left_as_it_is(mined: Mined) -> None:
    assert mined.history[8:] == HISTORY[8:]
    assert [exchange.message for exchange in mined.history] == ["vraag"] * 12
    assert [exchange.reply for exchange in mined.history] == [exchange.reply for exchange in HISTORY]


@pytest.mark.parametrize("history", [(), HISTORY[11:], HISTORY[9:11]], ids=["empty", "no replies", "short replies"])
def test_where_there_is_nothing_to_mine(history: tuple[Exchange, ...]) -> None:
    assert mine(history, ENCODER, "nl") == Mined((), (), history)


def test_what_everybody_says_the_same_is_one_answer() -> None:
    found = mine([exchange(number, CARD[0]) for number in range(5)], ENCODER, "nl")
    assert found.counts == (5,)
    assert found.answers[0].text == CARD[0]


def test_a_sentence_stands_for_a_reply_that_says_more() -> None:
    history = (
        exchange(0, f"{CARD[0]} {ONCE[0]}"),
        exchange(1, f"Hoi Sam, {CARD[0]} {ENGLISH[0]}"),
        exchange(2, ENGLISH[0]),
    )
    found = mine(history, ENCODER, "nl")
    texts = {answer.answer_id: answer.text for answer in found.answers}
    assert [texts[answer_id or ""] for answer_id in named(found).values()] == [CARD[0], ENGLISH[0], ENGLISH[0]]


def test_replies_that_say_two_things_together_are_one_answer() -> None:
    both = f"{CARD[0]} {ENGLISH[0]}"
    found = mine((exchange(0, f"Hoi Jan, {both} ^EK"), exchange(1, f"Hoi Sam, {both}")), ENCODER, "nl")
    assert [answer.text for answer in found.answers] == [both]


def test_a_remark_beside_what_is_said_does_not_stand_for_it() -> None:
    long = (
        f"{ONCE[0]} {ENGLISH[0]} Dat duurt langer dan wij hadden gedacht, en de reden daarvan is ons nog niet bekend."
    )
    encoder = Topics({**ENCODER.texts, "Ik kijk even mee.": (1, 1, 1, 1), long.split(". ")[-1]: (0, -1, -1, 1)})
    history = (exchange(0, f"Ik kijk even mee. {long}"), exchange(1, "Ik kijk even mee."))
    found = mine(history, encoder, "nl")
    assert found.counts == (2,)
    assert named(found) == {"e0": None, "e1": found.answers[0].answer_id}


def test_what_differs_in_slots_alone_is_one_answer() -> None:
    text = "De kaart komt op {date} aan op [ADDRESS]."
    encoder = Topics({"De kaart komt op {date} aan op {address}.": (1, 0, 0, 0)})
    history = [exchange(day, text.format(date=f"{day} mei")) for day in range(1, 4)]
    (answer,) = mine(history, encoder, "nl").answers
    assert answer.text == "De kaart komt op {date} aan op {address}."
    (answer,) = mine([replace(one, reply=text.format(date="5 mei")) for one in history], encoder, "nl").answers
    assert answer.text == "De kaart komt op 5 mei aan op {address}."


KNOWN = Answer(answer_id="card-je", variant_of="card", text=CARD[1], language="nl", status=Status.BLOCKED)


def test_what_is_known_is_recognised_and_not_mined_again(mined: Mined) -> None:
    found = mine(HISTORY, ENCODER, "nl", KnowledgeBase((KNOWN,)))
    assert found.answers == (mined.answers[0], mined.answers[2])
    assert [named(found)[f"e{number}"] for number in range(2)] == ["card", "card"]
    assert mine(HISTORY, ENCODER, "nl", KnowledgeBase((*mined.answers, KNOWN))).answers == ()


def test_labelled_exchanges_stay_as_they_are_and_teach_what_their_replies_say() -> None:
    other = Answer(answer_id="other", text=ENGLISH[0], language="en")
    labelled = tuple(replace(one, answer_id="other") if one.exchange_id == "e2" else one for one in HISTORY)
    found = mine(labelled, ENCODER, "nl", KnowledgeBase((other,)))
    assert [named(found)[f"e{number}"] for number in range(2, 8)] == ["other"] * 6
    assert found.counts == (2,)


def test_a_text_that_was_changed_by_hand_is_not_mined_beside_itself(mined: Mined) -> None:
    changed = replace(mined.answers[0], text=ONCE[0])
    found = mine(HISTORY, ENCODER, "nl", KnowledgeBase((changed,)))
    assert changed.answer_id not in {answer.answer_id for answer in found.answers}
    assert named(found)["e4"] == changed.answer_id


def test_of_too_many_sentences_those_that_are_said_most_are_looked_at(
    mined: Mined, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(units, "MAX_SENTENCES", 2)
    history = (*HISTORY, exchange(20, CODE[2]), *(exchange(number, ENGLISH[0]) for number in range(21, 24)))
    found = mine(history, ENCODER, "nl")
    assert [answer.text for answer in found.answers] == [ENGLISH[0], CODE[2]]
    assert named(found)["e8"] is None


def test_out_of_scope_is_left_alone() -> None:
    stray = tuple(replace(one, intent=OUT_OF_SCOPE) for one in HISTORY)
    assert mine(stray, ENCODER, "nl") == Mined((), (), stray)


def test_the_default_encoder_tells_answers_apart() -> None:
    if not list(cache_directory().glob("default-*/fast/encoder.json")):
        pytest.skip("the default encoder is not in the cache; `make setup` builds it")
    code = (
        "Je pukcode staat in de app, bij Sim en abonnement. Na tien foute pogingen blokkeert de simkaart voorgoed.",
        "Je pukcode staat in de app bij Sim en abonnement. Na tien foute pogingen blokkeert de sim voorgoed.",
    )
    outage = (
        "Er is een storing in jouw regio. Onze monteurs verwachten dat internet om acht uur vanavond weer werkt.",
        "Er is een storing in jouw regio. De monteurs verwachten dat internet vanavond om acht uur weer werkt.",
    )
    invoice = (
        "Op de eerste factuur staan twee maanden en de aansluitkosten. Vanaf de tweede betaal je het gewone bedrag.",
        "Op je eerste factuur staan twee maanden en aansluitkosten. Vanaf de tweede betaal je het gewone bedrag.",
    )
    other = (
        "Je kunt het abonnement per maand opzeggen.",
        "De monteur komt morgen tussen acht en twaalf uur.",
        "Je nieuwe simkaart valt binnen drie werkdagen op de mat.",
        "In het buitenland bel je tegen hetzelfde tarief.",
        "De winkel in Zwolle is op zondag gesloten.",
        "Het wifisignaal wordt sterker met een versterker op de eerste verdieping.",
    )
    texts = (*code, *outage, *invoice, *other)
    history = [exchange(number, f"Hoi Jan, {text} ^EK") for number, text in enumerate(texts)]
    found = mine(history, OnnxEncoder.from_directory(resolve_encoder("default")), "nl")
    assert found.counts == (2, 2, 2)
    assert all(answer.text in pair for answer, pair in zip(found.answers, (code, outage, invoice), strict=True))
    assert [one.answer_id for one in found.history[:6:2]] == [one.answer_id for one in found.history[1:6:2]]
    assert all(one.answer_id is None for one in found.history[6:])
