"""The rules that look at the text alone."""

from __future__ import annotations

import pytest

from repliek.tone.register import Register
from repliek.tone.rules.hygiene import InvisibleCharacters, Markup, OpenSlots
from repliek.tone.rules.restraint import Apologies, Exclamations
from repliek.tone.rules.standard import StandardAnswer
from repliek.tone.rules.wording import WrongLanguage, WrongRegister
from tests.drafts import draft


@pytest.mark.parametrize(
    ("text", "register"),
    [
        ("Hoi Eric, kunt u de factuur sturen?", Register.JE),
        ("Kijk in je app. Daar vindt u alles.", Register.JE),
        ("Beste Eric, kijk in je app.", Register.U),
        ("Kijk in je app. Daar vindt u alles.", Register.NEUTRAL),
    ],
)
def test_the_wrong_register(text: str, register: Register) -> None:
    assert WrongRegister().check(draft(text, register=register)) is not None


@pytest.mark.parametrize(
    ("text", "register", "language"),
    [
        ("Hoi Eric, kijk in je app.", Register.JE, "nl"),
        ("Het duurt 2 u en 10 min.", Register.JE, "nl"),
        ('Klik op "Uw account" in je app.', Register.JE, "nl"),
        ("Kies in uw app 'Je account'.", Register.U, "nl"),
        ("Kijk in je app.", Register.NEUTRAL, "nl"),
        ("Ga naar wadlijn.example/uw-account in je app.", Register.JE, "nl"),
        ("u should check je app", Register.NEUTRAL, "en"),
    ],
)
def test_the_right_register(text: str, register: Register, language: str) -> None:
    assert WrongRegister().check(draft(text, register=register, language=language)) is None


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Hoi Eric, je vindt het in de app. Please let us know if you have it.", "nl"),
        ("Please check your bill in the app.", "nl"),
        ("Sorry, this is not possible, I think.", "nl"),
        ("You can find it in the app. Je kunt het ook in de winkel vragen.", "en"),
    ],
)
def test_the_wrong_language(text: str, language: str) -> None:
    assert WrongLanguage().check(draft(text, language=language)) is not None


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Hoi Eric, je vindt het in de app.", "nl"),
        ("Kies in de app voor Sim Only Basic of All You Can Call.", "nl"),
        ("Met 'check your bill in the app' kom je er.", "nl"),
        ("Thanks!", "nl"),
        ("Kies voor Always On of All You Can Eat in de app.", "nl"),
        ("Your invoice is in Mijn Wadlijn, under Facturen.", "en"),
        ("Het is in de was.", "de"),
        ("De hub in de box is in de war, dus update de app.", "nl"),
    ],
)
def test_the_right_language(text: str, language: str) -> None:
    assert WrongLanguage().check(draft(text, language=language)) is None


@pytest.mark.parametrize("text", ["Hoi! Fijn!", "Fijn!!", "Hoi ‼ Fijn!", "Hi! Great!"])
def test_too_many_exclamation_marks(text: str) -> None:
    assert Exclamations().check(draft(text)) is not None


@pytest.mark.parametrize("text", ["Hoi Eric! Fijn.", "Zet de FRITZ!Box en de FRITZ!Repeater uit!", "Fijn."])
def test_one_exclamation_mark_is_fine(text: str) -> None:
    assert Exclamations().check(draft(text)) is None


@pytest.mark.parametrize(
    "text",
    [
        "Sorry dat je moest wachten. Onze excuses.",
        "Het spijt me. Sorry!",
        "Sorry, mijn excuses hiervoor.",
        "Sorry for the wait. We apologise for that.",
    ],
)
def test_too_many_apologies(text: str) -> None:
    assert Apologies().check(draft(text)) is not None


@pytest.mark.parametrize(
    "text",
    [
        "Sorry dat je moest wachten.",
        "Sorry, daar is geen excuus voor.",
        "Excuses zijn niet nodig. Sorry dat het zo liep.",
        "I am sorry for your loss. Sorry for the wait.",
        "Kijk in de app.",
    ],
)
def test_one_apology_is_fine(text: str) -> None:
    assert Apologies().check(draft(text)) is None


def test_slots_that_are_left_open() -> None:
    assert OpenSlots().check(draft("Hoi {first_name}, op {date} of {date}.")) == "fill in first_name, date"
    assert OpenSlots().check(draft("Zet {} of { x } in de code.")) is None


@pytest.mark.parametrize(
    "char", ["\u200b", "\u200c", "\u2060", "\ufeff", "\u202e", "\u2066", "\u200f", "\u00ad", "\x00", "\x1b", "\u200d"]
)
def test_characters_that_cannot_be_seen(char: str) -> None:
    assert InvisibleCharacters().check(draft(f"Hoi{char} Eric")) == f"U+{ord(char):04X} at character 3"


@pytest.mark.parametrize("text", ["Hoi Eric,\nfijn.", "Top 👩‍💻 hoor", "Mooi ❤️", "café\u0301", "مرحبا", "a\tb\r\n"])
def test_characters_that_can(text: str) -> None:
    assert InvisibleCharacters().check(draft(text)) is None


@pytest.mark.parametrize(
    "text",
    ["Hoi <b>Eric</b>", "Regel<br/>", '<a href="x">y</a>', "Jan &amp; Piet", "5&nbsp;euro", "<!-- x -->", "&#39;s"],
)
def test_markup(text: str) -> None:
    assert Markup().check(draft(text)) is not None


@pytest.mark.parametrize(
    "text", ["Wij <3 Zwolle", "5 < 6 en 7 > 6", "Jan & Piet", "R&D; en zo", "<jan@x.example>", "a&b"]
)
def test_no_markup(text: str) -> None:
    assert Markup().check(draft(text)) is None


def test_a_standard_answer() -> None:
    form = "Bedankt voor uw bericht. Wij betreuren het ongemak dat u hiervan ondervindt."
    assert StandardAnswer().check(draft(form, register=Register.U)) is not None
    assert StandardAnswer().check(draft("Oei, dat had niet mogen gebeuren. Ik kijk even met je mee.")) is None


def test_initials_address_nobody() -> None:
    assert WrongRegister().check(draft("Kijkt u in uw mail. ^JE", known=("JE",), register=Register.U)) is None
    assert WrongRegister().check(draft("Kijkt u in je mail. ^JE", known=("JE",), register=Register.U)) is not None
