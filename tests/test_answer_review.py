"""What a team is told of an answer that it saves."""

from __future__ import annotations

import pytest

from repliek.brand import Brand
from repliek.knowledge import Answer
from repliek.tone.register import Register
from serving.answer_review import warnings_of

BRAND = Brand(slots={"shop": "Hoorn"})


def told(text: str, register: Register = Register.JE, language: str = "nl") -> list[str]:
    answer = Answer(answer_id="a", text=text, language=language, register=register)
    return list(warnings_of(answer, BRAND))


def test_nothing_is_said_of_a_good_answer() -> None:
    assert told("Hoi {first_name}, je pakket ligt klaar in {shop}.") == []


@pytest.mark.parametrize(
    ("text", "register", "said"),
    [
        ("Uw pakket ligt klaar.", Register.JE, "wrong_register, expected je, found Uw"),
        ("Je krijgt {amount} terug.", Register.JE, "open_slots, nothing fills in amount: the agent must, each time"),
        ("Klik <b>hier</b> voor je pakket.", Register.JE, "markup, HTML at character 5"),
    ],
)
def test_what_is_said(text: str, register: Register, said: str) -> None:
    assert told(text, register) == [said]


def test_a_language_that_nobody_recognises() -> None:
    assert told("Hoi.", Register.NEUTRAL, "xx") == [
        "language, xx is not recognised: suggested only where a request names it"
    ]
