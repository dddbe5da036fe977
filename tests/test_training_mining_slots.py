from __future__ import annotations

import pytest

from repliek.privacy import Kind
from training.mining.slots import Slots, joined, unused

SLOTS = Slots(["Jan", "Ria"])


@pytest.mark.parametrize(
    ("text", "skeleton"),
    [
        ("Bestelling [ORDER_NUMBER] is onderweg.", "Bestelling {order_number} is onderweg."),
        ("Hij komt op 3 mei 2026.", "Hij komt op {date}."),
        ("Hij komt op 03-05-2026 of 2026-05-04.", "Hij komt op {date} of {date_2}."),
        ("Bel tussen 9:00 en 17 uur.", "Bel tussen {time} en {time_2}."),
        ("Je krijgt € 12,50 terug, of 10 euro.", "Je krijgt {amount} terug, of {amount_2}."),
        ("Dat duurt 3 tot 5 dagen.", "Dat duurt {number} dagen."),
        ("Dat duurt 3-5 werkdagen.", "Dat duurt {number} werkdagen."),
        ("Kijk op https://voorbeeld.example/hulp.", "Kijk op {link}."),
        ("Een 6-cijferige code.", "Een {number}-cijferige code."),
        ("De F16 en 4G blijven wat ze zijn.", "De F16 en 4G blijven wat ze zijn."),
        ("Bel {service_phone} vóór 5 mei.", "Bel {service_phone} vóór {date}."),
        ("Op {date} of 5 mei.", "Op {date} of {date_2}."),
    ],
)
def test_what_might_differ_becomes_a_slot(text: str, skeleton: str) -> None:
    assert SLOTS.skeleton(text).text == skeleton


@pytest.mark.parametrize(
    ("text", "skeleton"),
    [
        ("Jan, kijk in de app.", "kijk in de app."),
        ("Dat klopt, Jan.", "Dat klopt."),
        ("Bedankt Ria!", "Bedankt!"),
        ("Hallo Jan kijk in de app.", "Hallo {first_name} kijk in de app."),
        ("Mijn naam is Ria.", "Mijn naam is {name}."),
        ("Ik geef het aan Jan door, hij belt Ria.", "Ik geef het aan {name} door, hij belt."),
        ("In januari komt Janneke.", "In januari komt Janneke."),
    ],
)
def test_the_customer_is_told_from_other_people(text: str, skeleton: str) -> None:
    assert SLOTS.skeleton(text).text == skeleton


@pytest.mark.parametrize(
    ("text", "skeleton"),
    [
        ("Dat klopt, [NAME].", "Dat klopt."),
        ("Hallo [NAME] kijk in de app.", "Hallo {first_name} kijk in de app."),
        ("Mijn naam is [NAME].", "Mijn naam is {name}."),
        ("Je dossier is [FILE_NUMBER].", "Je dossier is {file_number}."),
    ],
)
def test_a_name_that_was_redacted_is_a_name(text: str, skeleton: str) -> None:
    assert Slots().skeleton(text).text == skeleton


def test_every_kind_of_personal_data_is_a_slot() -> None:
    for kind in set(Kind) - {Kind.NAME}:
        assert Slots().skeleton(f"Het is [{kind}].").text == f"Het is {{{kind.lower()}}}."


def test_without_names_none_is_found() -> None:
    assert Slots().skeleton("Jan, bel om 9:00.").text == "Jan, bel om {time}."


def test_only_what_differs_between_replies_becomes_a_slot() -> None:
    said = [SLOTS.skeleton(f"Binnen 14 dagen, uiterlijk {day} mei, krijg je {sum_}.") for day, sum_ in
            ((3, "€ 5"), (9, "€ 5"), (12, "€ 5"))]  # fmt: skip
    assert joined(said[0], said) == "Binnen 14 dagen, uiterlijk {date}, krijg je € 5."


def test_what_was_redacted_stays_a_slot_even_when_it_is_always_the_same() -> None:
    said = [SLOTS.skeleton("Wij sturen het naar [ADDRESS].")] * 2
    assert joined(said[0], said) == "Wij sturen het naar {address}."


def test_a_name_in_use_gets_a_number() -> None:
    assert unused("date", {"time"}) == "date"
    assert unused("date", {"date", "date_2"}) == "date_3"
