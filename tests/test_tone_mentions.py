"""What a customer mentioned: said back only where the message surely says it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repliek.tone.mentions import MAX_CHARS, mentioned

TODAY = date(2026, 11, 22)
PRODUCTS = {
    "wadbox": "de Wadbox",
    "modem": "de Wadbox",
    "internet": "internet",
    "wifi": "wifi",
    "tv": "tv",
    "vaste lijn": "de vaste lijn",
}


def said(message: str, slot: str, language: str = "nl") -> str | None:
    return mentioned(message, language, PRODUCTS, TODAY).get(slot)


@pytest.mark.parametrize(
    ("message", "product"),
    [
        ("Mijn Wadbox knippert", "de Wadbox"),
        ("modems van jullie...", "de Wadbox"),
        ("de tv's doen het niet", "tv"),
        ("Al dagen geen internetverbinding", "internet"),
        ("Is er een internetstoring?", "internet"),
        ("Wat een tv-storing weer", "tv"),
        ("mijn modem, ik bedoel de Wadbox, is stuk", "de Wadbox"),
        ("de vaste lijn is dood", "de vaste lijn"),
        ("VASTE LIJN DOOD", "de vaste lijn"),
        ("tv valt uit, internet doet het gewoon", "tv"),
        ("vaste lijn stil terwijl het internet het wel doet", "de vaste lijn"),
        ("wifi en tv liggen eruit", None),
        ("internetbankieren lukt niet", None),
        ("zie wifi.example of mail wifi@x.nl", None),
        ("@internet wat een dag", None),
        ("Mijn abonnement loopt af", None),
    ],
)
def test_one_product_is_said_back_as_the_brand_says_it(message: str, product: str | None) -> None:
    assert said(message, "product") == product


def test_a_product_needs_no_language_that_is_known() -> None:
    assert said("Mein Modem ist kaputt", "product", "de") == "de Wadbox"
    assert mentioned("Al drie dagen kaputt in Emmen", "de", {}, TODAY) == {}


@pytest.mark.parametrize(
    ("message", "place"),
    [
        ("Is er een storing in Leeuwarden?", "Leeuwarden"),
        ("Ligt het plat, hier in Assen-Oost?", "Assen-Oost"),
        ("geen bereik in Alphen aan den Rijn", "Alphen aan den Rijn"),
        ("Weer storing in 's-Hertogenbosch!", "'s-Hertogenbosch"),
        ("zonder internet in Den Haag, al dagen", "Den Haag"),
        ("storing in Zwolle. Nog steeds storing in Zwolle.", "Zwolle"),
        ("storing in Zwolle en in Kampen", None),
        ("In Zwolle is storing", None),
        ("storing bij Jan thuis", None),
        ("internet ligt eruit in Mijn Wadlijn", None),
        ("storing in Maart ook al", None),
        ("storing in Wadbox", None),
        ("GEEN INTERNET IN ZWOLLE", None),
        ("mijn moeder in Emmen heeft geen bereik", None),
        ("telefoon gekocht in Breda, geen bereik", None),
        ("mijn zus trouwt in Breda", None),
        ("geen internet in Wadlijn.example", None),
    ],
)
def test_a_place_is_said_back_where_something_is_the_matter_there(message: str, place: str | None) -> None:
    assert said(message, "place") == place


@pytest.mark.parametrize(
    ("message", "day"),
    [
        ("Gisteren is de monteur niet gekomen", "gisteren"),
        ("vanochtend kwam er niemand", "vanochtend"),
        ("afgelopen maandag niet teruggebeld", "afgelopen maandag"),
        ("Op 3 nov. kwam er niemand", "op 3 november"),
        ("3 november geen monteur gezien", "op 3 november"),
        ("de storing van 12 oktober 2026", "op 12 oktober"),
        ("geen monteur gezien op 31 dec 2025", None),
        ("geen monteur gezien op 31 december", None),
        ("31 november kwam er niemand", None),
        ("maandag is er niemand thuis", None),
        ("gisteren niets, vanochtend ook niet", None),
        ("al sinds gisteren geen internet", None),
        ("gisteren jarig geweest", None),
        ("geen tv op 8 en 9 november", None),
        ("geen tv vanaf 9 november", None),
    ],
)
def test_one_day_that_lies_behind_is_said_back(message: str, day: str | None) -> None:
    assert said(message, "date") == day


def test_a_day_of_last_year_is_known_by_its_year() -> None:
    found = mentioned("niet geholpen op 20 december 2026", "nl", {}, date(2027, 1, 5))
    assert found == {"date": "op 20 december 2026"}
    assert mentioned("niet geholpen op 20 december", "nl", {}, date(2027, 1, 5)) == {"date": "op 20 december"}


@pytest.mark.parametrize(
    ("message", "waited"),
    [
        ("Al drie dagen geen internet", "drie dagen"),
        ("al 3 dagen zonder", "drie dagen"),
        ("Al 25 min in de wacht", "25 minuten"),
        ("zit nu 53 min in de wacht", "53 minuten"),
        ("Ik wacht nu al een uur", "een uur"),
        ("al een week zonder tv", "een week"),
        ("al heel den dag ligt alles plat", "de hele dag"),
        ("sinds gister doet niks het", "sinds gisteren"),
        ("geen beeld sinds Maandagavond", "sinds maandagavond"),
        ("vanaf vanochtend geen bereik", "sinds vanochtend"),
        ("sinds twee weken geen antwoord", "twee weken"),
        ("sinds drie uur geen internet", None),
        ("ik ben al twee weken klant en nog geen sim", None),
        ("mijn contract loopt al 3 maanden niet meer", None),
        ("2 jaar contract en geen korting", None),
        ("niet binnen 14 dagen geleverd", None),
        ("al twintig jaar geen klachten", None),
        ("mijn zoon van 8 weken slaapt niet", None),
        ("het is al drie uur en nog niemand gezien", None),
        ("al drie weken geleden besteld, niets gezien", None),
        ("al een uur of drie geen internet", None),
        ("eerst al een week zonder tv. nu al een dag zonder internet", None),
        ("mijn man is al twee weken niet thuis", None),
        ("al drie dagen top", None),
        ("drie dagen zonder gezeten", None),
        ("ik stond 35 minuten in de wacht", None),
        ("u verzoekt mij 24 uur te wachten", None),
    ],
)
def test_a_wait_is_said_back_and_no_contract_or_age(message: str, waited: str | None) -> None:
    assert said(message, "waited") == waited


@pytest.mark.parametrize(
    ("message", "found"),
    [
        ("No internet for 3 days now", {"product": "internet", "waited": "for three days"}),
        ("On hold for the past 40 minutes", {"waited": "for 40 minutes"}),
        ("dead since monday", {"waited": "since Monday"}),
        ("nothing works here in Almere", {"place": "Almere"}),
        ("nobody came yesterday", {"date": "yesterday"}),
        ("your engineer did not show up on 3rd November", {"date": "on 3 November"}),
        ("I'm going to Spain for two weeks, no data?", {}),
        ("a contract for 2 years is not what I want", {}),
        ("the internet works fine", {}),
    ],
)
def test_english_is_read_too(message: str, found: dict[str, str]) -> None:
    assert mentioned(message, "en", PRODUCTS, TODAY) == found


def test_the_thread_below_a_mail_is_not_read() -> None:
    assert said("x" * MAX_CHARS + " al drie dagen geen internet", "waited") is None


@given(st.text(), st.sampled_from(["nl", "en", "fr"]), st.dates(min_value=date(1900, 1, 1)))
def test_whatever_a_message_holds_what_is_said_back_is_short_and_whole(
    message: str, language: str, received: date
) -> None:
    for value in mentioned(message, language, PRODUCTS, received).values():
        assert value == " ".join(value.split())


@pytest.mark.parametrize(
    "message", ["wİfi", "wıfi", "Internet op 3 ſep niet", "al drie dagen ﬁks geen tV", "mijn ＷＩＦＩ"]
)
def test_letters_that_look_alike_are_read_or_not_and_break_nothing(message: str) -> None:
    assert set(mentioned(message, "nl", PRODUCTS, TODAY).values()) <= {
        "wifi",
        "internet",
        "tv",
        "drie dagen",
        "op 3 september",
    }


WAIT = st.sampled_from(
    ["al", "sinds", "wacht", "op", "in", "geen", "drie", "dagen", "uur", "gisteren", "3", "nov", ".", "tv"]
)


@given(st.lists(WAIT, max_size=40).map(" ".join))
def test_words_of_time_in_any_order_are_read(message: str) -> None:
    found = mentioned(message, "nl", PRODUCTS, TODAY)
    assert set(found) <= {"product", "date", "waited"}
    assert found.get("date") in {None, "gisteren", "op 3 november"}
