"""What a public reply may hold and ask."""

from __future__ import annotations

import pytest

from repliek.tone.rules.public import PersonalDataAsked, PersonalDataInPublic
from tests.drafts import draft, in_public

ASKS = [
    "Stuur je klantnummer even.",
    "Stuur ons je klantnummer, postcode en huisnummer.",
    "Wat is uw geboortedatum?",
    "Geef je postcode door.",
    "Kun je je adres sturen?",
    "Kunt u uw telefoonnummer met ons delen?",
    "Mag ik uw klantnummer, postcode en huisnummer?",
    "Dan heb ik je klantnummer nodig.",
    "Graag je bestelnummer, dan kijk ik mee.",
    "Met je klantnummer kan ik het opzoeken.",
    "Wat is je mailadres?",
    "Zet je nummer hier maar neer.",
    "Heb je een ordernummer voor me?",
    "Laat je klantnummer weten.",
    "Reageer met je postcode.",
    "Stuur een foto van je factuur.",
    "Graag je nummer en je adres.",
    "Onder welk nummer sta je bekend?",
    "Mag ik je naam en adres?",
    "Klantnummer?",
    "Graag nog uw e-mailadres.",
    "Please send us your customer number.",
    "What is your date of birth?",
    "Let us know your customer number.",
    "Could I have your phone number?",
    "We need your account number.",
    "Can you share your email address?",
    "Reply with your order number.",
]
ASKS_NOTHING = [
    "Stuur ons een privébericht met je klantnummer via wadlijn.example/bericht.",
    "Stuur ons een privébericht. Zet je klantnummer erbij.",
    "Wat is je klantnummer? Stuur het in een DM.",
    "Zet hier geen gegevens neer.",
    "Deel je klantnummer niet in het openbaar.",
    "Vertel het zonder persoonlijke gegevens.",
    "Bel ons, en houd je klantnummer bij de hand.",
    "Wijzig je adres in Mijn Wadlijn.",
    "Geef je nieuwe nummer ook door aan je bank.",
    "Vul je postcode in op wadlijn.example/glasvezel.",
    "Je klantnummer staat op je factuur.",
    "Heb je je adres al gewijzigd?",
    "Wil je weten welke gegevens we van je hebben?",
    "Wij vragen nooit om je wachtwoord.",
    "Geef bij je bestelling je contractnummer door.",
    "In welke plaats speelt het?",
    "Welk abonnement heb je?",
    "We sturen de factuur naar je mailadres.",
    "Je ordernummer vind je in de mail.",
    "Stuur {dm_link} een bericht met je klantnummer.",
    "Wilt u eerst de factuurnummers vergelijken?",
    "Send us a private message with your customer number.",
    "Please don't post your account number here.",
    "You can change your address in your account.",
    "Never share your password with anyone.",
]


@pytest.mark.parametrize("text", ASKS)
def test_it_asks_for_personal_data(text: str) -> None:
    assert PersonalDataAsked().check(in_public(f"Hoi Eric,\nDat is vervelend. {text} ^EK")) is not None
    assert PersonalDataAsked().check(draft(text)) is None


@pytest.mark.parametrize("text", ASKS_NOTHING)
def test_it_asks_for_nothing(text: str) -> None:
    assert PersonalDataAsked().check(in_public(f"Hoi Eric,\nDat is vervelend. {text} ^EK")) is None


@pytest.mark.parametrize(
    "text",
    [
        "Is 06-12345678 je nummer?",
        "We schrijven naar jan@voorbeeld.nl.",
        "Je woont op Kerkstraat 12, 1234 AB Zwolle.",
        "Je klantnummer 12345678 klopt.",
        "Hoi Eric Jansen,",
        "Hoi An,",
        "Your customer number 12345678 is fine.",
    ],
)
def test_personal_data_for_all_to_see(text: str) -> None:
    said = "ik ben jan@voorbeeld.nl, 06-12345678, klantnummer 12345678"
    found = PersonalDataInPublic().check(in_public(text))
    assert found is not None
    assert found.startswith("for all to see: ")
    assert "12" not in found
    assert "jan" not in found.lower()
    assert PersonalDataInPublic().check(draft(text, said=[said])) is None


@pytest.mark.parametrize(
    ("text", "answers"),
    [
        ("Hoi Eric,\nBel 0800-0000 of mail hulp@wadlijn.example.", ["Mail hulp@wadlijn.example."]),
        ("Hoi Eric,\nDe winkel zit op Kerkstraat 12.", ["De winkel zit op Kerkstraat 12."]),
        ("Hoi Wadlijn, fijn dat je er bent.", []),
        ("Hoi! Het kost 20 euro per maand.", []),
    ],
)
def test_what_the_brand_says_of_itself_is_public(text: str, answers: list[str]) -> None:
    assert PersonalDataInPublic().check(in_public(text, *answers)) is None
