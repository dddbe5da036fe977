"""What is a promise, and when it is due: how well is measured on lines, and each way to say it is tried."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from time import perf_counter
from zoneinfo import ZoneInfo

import pytest

from repliek.hours import OpeningHours
from repliek.promises import MAX_CHARS, promises_in
from tests.promise_lines import DEFAULT, HOURS, SENT, ZONE, Figures, Line, lines, wrong


def due(text: str, sent: datetime = SENT, hours: OpeningHours = HOURS, language: str = "nl") -> list[str]:
    return [
        f"{promise.due.astimezone(ZONE):%m-%d %H:%M}" for promise in promises_in(text, language, sent, hours, DEFAULT)
    ]


@pytest.mark.parametrize(
    ("written", "count", "precision", "recall", "exact"),
    [
        ("first", 180, 0.98, 0.98, 0.98),
        ("later", 70, 0.97, 0.86, 0.9),
        ("last", 60, 0.97, 0.93, 0.9),
        ("fresh", 40, 0.97, 0.9, 0.9),
    ],
)
def test_promises_are_found(written: str, count: int, precision: float, recall: float, exact: float) -> None:
    some = [line for line in lines() if line.written == written]
    figures = Figures.of(some)
    assert figures.lines >= count
    assert figures.promising * 2 <= figures.lines + 11, "about half promise nothing"
    missed = "\n".join(line.text for line in some if wrong(line))
    assert figures.precision >= precision, missed
    assert figures.recall >= recall, missed
    assert figures.exact >= exact, missed


@pytest.mark.parametrize("line", [line for line in lines() if line.written == "first"], ids=lambda line: line.text)
def test_words_are_those_that_were_sent(line: Line) -> None:
    for promise in line.found:
        assert promise.words in line.text


@pytest.mark.parametrize(
    ("sent", "text", "expected"),
    [
        ("11-23 20:30", "Ik bel je vandaag nog.", "11-23 21:00"),
        ("11-23 21:30", "Ik bel je vandaag nog.", "11-23 23:59"),
        ("11-23 21:30", "Ik bel je vanmiddag.", "11-23 23:59"),
        ("11-27 16:00", "Ik bel je binnen twee werkdagen.", "12-01 21:00"),
        ("11-27 16:00", "Ik bel je na het weekend.", "11-30 21:00"),
        ("11-27 16:00", "Ik bel je deze week nog.", "11-27 21:00"),
        ("11-28 16:00", "Ik bel je deze week nog.", "11-29 23:59"),
        ("11-28 16:00", "Ik bel je morgen.", "11-29 23:59"),
        ("11-28 16:00", "Ik bel je morgenavond.", "11-29 23:59"),
        ("11-27 16:00", "Ik bel je morgenmiddag.", "11-28 18:00"),
        ("11-27 16:00", "Ik bel je vrijdag.", "12-04 21:00"),
        ("11-27 16:00", "Ik bel je om 10 uur.", "11-28 10:00"),
        ("11-27 16:00", "Ik bel je om 5 uur.", "11-27 17:00"),
        ("11-27 16:00", "Ik bel je maandag om 5 uur.", "11-30 17:00"),
        ("11-27 16:00", "Ik bel je maandag om half tien.", "11-30 09:30"),
        ("11-27 16:00", "Ik bel je maandag na 14.00 uur.", "11-30 21:00"),
        ("11-27 16:00", "Ik bel je op 3-12.", "12-03 21:00"),
        ("11-27 16:00", "Ik bel je op 3 januari.", "01-03 23:59"),
        ("11-27 16:00", "Ik bel je 1 dec. om 10:30 uur.", "12-01 10:30"),
        ("11-27 16:00", "Ik kom terug op je bericht van 3 november.", "11-28 16:00"),
        ("11-27 16:00", "Ik kom terug op je bericht van maandag.", "11-28 16:00"),
        ("11-27 16:00", "Begin volgende week bel ik je.", "12-01 21:00"),
        ("11-27 16:00", "Halverwege volgende week bel ik je.", "12-02 21:00"),
        ("11-27 16:00", "Volgende week vrijdag bel ik je.", "12-04 21:00"),
        ("11-27 16:00", "Begin december bel ik je.", "12-07 21:00"),
        ("11-27 16:00", "Eind januari bel ik je.", "01-29 21:00"),
        ("11-27 16:00", "Ik bel je over een maand.", "12-27 23:59"),
        ("11-27 16:00", "Ik bel je over anderhalf uur.", "11-27 17:30"),
        ("11-27 16:00", "Ik bel je over een kwartier.", "11-27 16:15"),
        ("11-27 16:00", "Ik bel je binnen 1-2 werkdagen.", "12-01 21:00"),
        ("11-27 16:00", "Ik bel je binnen vijf dagen, dus uiterlijk dinsdag.", "12-01 21:00"),
        ("11-27 16:00", "Ik bel je een dezer dagen.", "11-30 21:00"),
        ("11-27 16:00", "Ik bel je zo terug.", "11-27 17:00"),
        ("11-27 16:00", "Ik bel je straks.", "11-27 21:00"),
        ("11-27 16:00", "Ik bel je op 31 juni.", "11-28 16:00"),
        ("11-29 11:00", "Ik bel je.", "12-01 08:00"),
    ],
)
def test_terms(sent: str, text: str, expected: str) -> None:
    moment = datetime.strptime(f"2026-{sent}", "%Y-%m-%d %H:%M").replace(tzinfo=ZONE)
    assert due(text, moment) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I'll call you on December 3rd.", ["12-03 21:00"]),
        ("I'll call you at 5.", ["11-23 17:00"]),
        ("I'll call you tomorrow at 9:30.", ["11-24 09:30"]),
        ("I'll call you by noon tomorrow.", ["11-24 12:00"]),
        ("I'll call you in the morning on Friday, at 7 am.", ["11-27 07:00"]),
        ("I'll call you within a couple of days.", ["11-25 21:00"]),
        ("I'll call you the day after tomorrow.", ["11-25 21:00"]),
        ("I'll call you next week on Tuesday.", ["12-01 21:00"]),
        ("I'll call you right away.", ["11-23 15:00"]),
        ("I'll call you by the end of the day.", ["11-23 21:00"]),
    ],
)
def test_english_terms(text: str, expected: list[str]) -> None:
    assert due(text, language="en") == expected


def test_a_default_ends_when_the_brand_is_open() -> None:
    saturday = datetime(2026, 11, 28, 16, tzinfo=ZONE)
    assert due("Ik zoek het uit.", saturday) == ["11-30 08:00"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Ik zoek het voor je uit. Je hoort morgen van me.", ["Ik zoek het voor je uit. Je hoort morgen van me."]),
        ("Ik zoek het vandaag uit en bel je morgen.", ["Ik zoek het vandaag uit", "en bel je morgen."]),
        ("Hoi Eric, vervelend! Ik bel je morgen. Fijne dag, Anne", ["Ik bel je morgen."]),
        ("Ik bel je morgen.\nIk stuur je vrijdag een brief.", ["Ik bel je morgen.", "Ik stuur je vrijdag een brief."]),
        ("Het spijt me. Dat klopt niet. Fijne dag!", []),
        ("", []),
    ],
)
def test_what_belongs_together_is_one_promise(text: str, words: list[str]) -> None:
    assert [promise.words for promise in promises_in(text, "nl", SENT, HOURS)] == words


def test_days_are_those_of_the_brand_and_moments_of_who_asks() -> None:
    late = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
    (promise,) = promises_in("Ik bel je morgen.", "nl", late, HOURS)
    assert promise.due == datetime(2026, 11, 25, 21, tzinfo=ZONE), "half past midnight in Amsterdam"
    assert promise.due.tzinfo is UTC
    (naive,) = promises_in("Ik bel je morgen.", "nl", late.replace(tzinfo=None), HOURS)
    assert naive == promise


def test_hours_pass_over_a_change_of_the_clock() -> None:
    evening = datetime(2026, 3, 28, 14, tzinfo=ZoneInfo("Europe/Amsterdam"))
    (promise,) = promises_in("Ik bel je binnen 24 uur.", "nl", evening, HOURS)
    assert promise.due.astimezone(UTC) - evening.astimezone(UTC) == timedelta(hours=24)


def test_other_languages_promise_nothing_that_is_seen() -> None:
    assert promises_in("Ich rufe Sie morgen an. Ik bel je morgen.", "de", SENT, HOURS) == ()


@pytest.mark.parametrize(
    "part",
    [
        "ik bel je morgen ",
        "je hoort ",
        "ik, ",
        "en ik bel, ",
        "1 dag ",
        "binnen 1 dag ",
        "een collega ",
        "als je ",
        "1-2-",
    ],
)
def test_long_texts_are_read_in_time(part: str) -> None:
    started = perf_counter()
    promises_in(part * (MAX_CHARS // len(part)), "nl", SENT, HOURS)
    assert perf_counter() - started < 3


def test_what_stands_behind_initials_is_a_sentence_of_its_own() -> None:
    text = "Stuur ons een bericht, dan meten we de lijn door: lijn.example ^EK Ik bel je morgen."
    (found,) = promises_in(text, "nl", datetime(2026, 11, 23, 12, tzinfo=UTC), OpeningHours.round_the_clock())
    assert found.words == "Ik bel je morgen."
