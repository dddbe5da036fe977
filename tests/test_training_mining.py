from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from repliek.encoder import FloatArray, OnnxEncoder
from repliek.history import Exchange
from repliek.knowledge import Origin, Status
from repliek.space import unit
from repliek.tone.register import Register
from training.encoder.store import cache_directory, resolve_encoder
from training.mining import Mined, mine, strip_reply

BODY = "Je vindt de code in de app."


@pytest.mark.parametrize(
    "reply",
    [
        f"Hoi Jan, {BODY}",
        f"Hoi! {BODY} ^EK",
        f"Goedemorgen mevrouw De Vries,\n\n{BODY}\n\nMet vriendelijke groet,\nEva Klein\nWadlijn",
        f"Beste meneer Jansen,\n{BODY}\nMvg, Eva",
        f"  Hallo Ria! {BODY} Groetjes, Eva",
        f"Hey, hoi Sam. {BODY}",
        f"Geachte heer, {BODY}\nVriendelijke groeten",
        f"Dear Ms Smith,\n{BODY}\nKind regards,\nEva",
        f"Good afternoon! {BODY} ^E",
        BODY,
    ],
)
def test_greeting_name_and_closing_are_taken_off(reply: str) -> None:
    assert strip_reply(reply) == BODY


@pytest.mark.parametrize(
    "reply",
    [
        "Dagelijks om zes uur, en op zondag niet.",
        "Het bestelde toestel ligt klaar.",
        "De groetenkaart is verzonden. Je krijgt hem morgen.",
        "",
    ],
)
def test_what_only_looks_like_a_greeting_stays(reply: str) -> None:
    assert strip_reply(reply) == reply


class Topics:
    """An encoder that knows what each text is about, and how exactly it says so."""

    dimensions = 4

    def __init__(self, texts: dict[str, tuple[float, ...]]) -> None:
        self._texts = texts

    def encode_queries(self, texts: Sequence[str]) -> FloatArray:
        raise AssertionError("replies are passages")

    def encode_passages(self, texts: Sequence[str]) -> FloatArray:
        return unit(np.array([self._texts[text] for text in texts], dtype=np.float32))


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
    exchange(9, "Graag gedaan hoor!"),
    exchange(10, "Graag gedaan hoor!"),
    exchange(11, None, "code"),
)


@pytest.fixture
def mined() -> Mined:
    return mine(HISTORY, ENCODER, "nl")


def test_replies_that_say_nearly_the_same_become_one_answer_most_frequent_first(mined: Mined) -> None:
    assert mined.counts == (4, 2, 2)
    assert [answer.answer_id for answer in mined.answers] == ["mined-0001", "mined-0002", "mined-0003"]
    named = {exchange.exchange_id: exchange.answer_id for exchange in mined.history}
    assert [number for number in range(12) if named[f"e{number}"] == "mined-0001"] == [2, 3, 4, 5]
    assert [number for number in range(12) if named[f"e{number}"] == "mined-0002"] == [0, 1]
    assert [number for number in range(12) if named[f"e{number}"] == "mined-0003"] == [6, 7]


def test_the_most_typical_wording_is_the_text(mined: Mined) -> None:
    assert mined.answers[0].text == CODE[2]
    assert mined.answers[1].text in CARD
    assert mined.answers[2].text == ENGLISH[0]


def test_what_is_known_of_the_replies_is_known_of_the_answer(mined: Mined) -> None:
    code, card, english = mined.answers
    assert (code.intent, card.intent, english.intent) == ("code", "card", None)
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
