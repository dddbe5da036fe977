"""Numbers, addresses and names that stand in no answer."""

from __future__ import annotations

import pytest

from repliek.tone.rules.facts import InventedAddress, InventedName, InventedNumber
from tests.drafts import draft

ANSWER = "Het kost 20 euro en duurt twee dagen. De winkel is open tot 22.00 uur: wadlijn.example/winkels."
SAID = "Mijn Galaxy uit Zwolle is al drie weken stuk, sinds 4 november, kijk maar op phish.example of bel 06-12345678"
NUMBER, ADDRESS, NAME = InventedNumber(), InventedAddress(), InventedName()


def with_answer(text: str) -> str:
    return f"Hoi Eric,\n{ANSWER} {text} ^EK"


@pytest.mark.parametrize(
    "text",
    [
        "Dat is 25 euro.",
        "Reken op vijf dagen.",
        "De winkel sluit om 21:00 uur.",
        "Het scheelt 10%.",
        "Het gaat in op 5 november.",
        "Bel 0900-1234567.",
        "Bel 06-12345678.",
        "Het zijn er vijfentwintig.",
        "It takes three days, or twenty-five.",
        "Het kost 1.000 euro.",
        "Het is versie 5G.",
    ],
)
def test_an_invented_number(text: str) -> None:
    assert NUMBER.check(draft(with_answer(text), ANSWER, said=[SAID])) is not None


@pytest.mark.parametrize(
    "text",
    [
        "Dat is dus 20 euro.",
        "Reken op 2 dagen.",
        "De winkel sluit om 22:00 uur.",
        "De winkel sluit om 22 uur.",
        "Drie weken is te lang.",
        "Sinds 4 november, dat is lang.",
        "Bel gerust 0800-0000.",
        "Bel gerust 08000000.",
        "Eén ding nog: het kan in één keer.",
        "Die vier vind je in de app.",
        "Het bedrag is € 20,00.",
        "Just one thing more.",
        "Kijk op wadlijn.example/winkels.",
    ],
)
def test_a_number_that_is_known(text: str) -> None:
    assert NUMBER.check(draft(with_answer(text), ANSWER, said=[SAID])) is None


def test_what_the_customer_gave_is_not_told() -> None:
    assert NUMBER.check(draft("Bel 06-12345678.", said=[SAID])) == "a phone number that is not the brand's"
    assert ADDRESS.check(draft("Kijk op phish.example.", said=[SAID])) == "stands in no answer: what the customer gave"
    assert ADDRESS.check(draft("Kijk op elders.example.", said=[SAID])) == "stands in no answer: elders.example"


def test_numbers_that_stand_below_each_other_are_two() -> None:
    known = ("café", "0800-0000", "112")
    assert NUMBER.check(draft("Bel 112, of anders 0800-0000.", known=known)) is None


def test_posts_may_be_counted() -> None:
    assert NUMBER.check(draft("Hoi Eric, lees verder. (1/3)")) is None
    assert NUMBER.check(draft("2/3 Hier gaat het verder.")) is None
    assert NUMBER.check(draft("Dat is 2/3 van het bedrag.")) is not None


@pytest.mark.parametrize(
    "text",
    [
        "Kijk op wadlijn.example/nieuw.",
        "Kijk op https://andere.example/winkels",
        "Kijk op phish.example.",
        "Mail naar info@wadlijn.example.",
        "See www.elsewhere.example for more.",
    ],
)
def test_an_invented_address(text: str) -> None:
    assert ADDRESS.check(draft(with_answer(text), ANSWER, said=[SAID])) is not None


@pytest.mark.parametrize(
    "text",
    [
        "Kijk op wadlijn.example/winkels.",
        "Kijk op https://www.wadlijn.example/winkels/.",
        "Stuur een bericht via wadlijn.example/bericht!",
        "Dat is zo.Echt waar.",
        "Stuur het a.u.b. op.",
        "Versie 2.0 is uit.",
    ],
)
def test_an_address_that_is_known(text: str) -> None:
    assert ADDRESS.check(draft(with_answer(text), ANSWER, said=[SAID])) is None


@pytest.mark.parametrize(
    "text",
    [
        "Vraag het aan Sanne.",
        "Groet van Pieter.",
        "Dat kan met een iPhone of een Nokia.",
        "Bel de ACM.",
        'Kies "Wissen" niet.',
        "Hi Anna, yes.",
    ],
)
def test_an_invented_name(text: str) -> None:
    assert NAME.check(draft(with_answer(text), ANSWER, said=[SAID])) is not None


@pytest.mark.parametrize(
    "text",
    [
        "Jouw Galaxy is oud, Eric.",
        "In Zwolle is het druk.",
        "De Wadlijn-app helpt.",
        "Ook Wadlijns winkels zijn open.",
        "Dan kan U bellen, per SMS of op TV.",
        "See you on Monday, I think.",
        "Weet je: In de app staat het.",
        "Fijn :) Zoek het rustig uit.",
        "👍 Mooi zo. Tot dan.",
    ],
)
def test_a_name_that_is_known_or_none(text: str) -> None:
    assert NAME.check(draft(with_answer(text), ANSWER, said=[SAID])) is None


def test_initials_belong_to_the_agent() -> None:
    assert NAME.check(draft("Dat klopt. ^EK")) is None
    assert NAME.check(draft("Dat klopt. ^XY")) == "stands in no answer: XY"


def test_the_words_of_an_answer_are_known() -> None:
    answer = "Bel Sanne op 0900-9999, of kijk op elders.example."
    for rule in (NUMBER, ADDRESS, NAME):
        assert rule.check(draft(f"Hoi Eric,\n{answer} ^EK", answer)) is None


def test_a_short_answer_hides_nothing() -> None:
    assert NUMBER.check(draft("Jazeker, 25 euro.", "Ja")) == "stands in no answer: 25"
    assert NUMBER.check(draft("25 euro.", "", " ")) == "stands in no answer: 25"
