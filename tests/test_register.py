from __future__ import annotations

import pytest

from repliek.tone.register import Register, Usage, detect_register, detect_usage


@pytest.mark.parametrize(
    "text",
    [
        "Kun je mij helpen?",
        "Willen jullie dat nakijken",
        "JOUW FACTUUR KLOPT NIET",
        "alsjeblieft, help",
        "Zijt ge daar nog?",
        "Gij hebt uwen factuur",
        "ge moet u niet haasten",
    ],
)
def test_familiar(text: str) -> None:
    assert detect_register(text) is Register.JE


@pytest.mark.parametrize(
    "text",
    [
        "Kunt u mij helpen?",
        "Kan U mij helpen?",
        "dank u",
        "Dank u.",
        "Dank u 😊",
        "dank u :)",
        "(met dank aan u)",
        "u, mevrouw",
        "Ik wacht op uw antwoord",
        "Uwe brief is ontvangen",
        "Antwoord mij alstublieft",
        "Dank u! Kunt u uw collega bedanken? Ook van je klant.",
    ],
)
def test_polite(text: str) -> None:
    assert detect_register(text) is Register.U


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Mijn router doet het niet.",
        "Ik luister naar U2",
        "de U-bocht bij de winkel",
        "1 u 10 min gewacht",
        "vanaf 10u open",
        "Where is my parcel?",
        "Judith en Jens zijn boos",
    ],
)
def test_nobody_is_addressed(text: str) -> None:
    assert detect_register(text) is Register.NEUTRAL


def test_an_even_mixture_justifies_no_choice() -> None:
    assert detect_register("Kunt u kijken of je mijn brief hebt?") is None


def test_registers_travel_as_their_names() -> None:
    assert [register.value for register in Register] == ["je", "u", "neutral"]


@pytest.mark.parametrize(
    ("text", "usage"),
    [
        ("Kun je uw vraag herhalen?", Usage.MIXED),
        ("Kun je je vraag herhalen?", Usage.JE),
        ("Kunt u uw vraag herhalen?", Usage.U),
        ("Het lampje knippert.", Usage.NONE),
        ("ge moet u niet haasten", Usage.JE),
    ],
)
def test_usage_tells_a_mixture_from_one_register(text: str, usage: Usage) -> None:
    assert detect_usage(text) is usage
