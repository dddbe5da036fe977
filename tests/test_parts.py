from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from repliek.parts import MAX_PARTS, MAX_SENTENCES, parts_of

LABELLED = [
    json.loads(line)
    for line in (Path(__file__).parent / "data" / "matters.jsonl").read_text(encoding="utf-8").splitlines()
]


def texts(message: str) -> list[str]:
    return [part.text for part in parts_of(message)]


@pytest.mark.parametrize(
    "line", [line for line in LABELLED if len(line["intents"]) > 1], ids=lambda line: line["message"]
)
def test_a_message_with_two_matters_is_proposed_for_cutting(line: dict[str, object]) -> None:
    assert len(texts(str(line["message"]))) > 1


@pytest.mark.parametrize(
    "message",
    [
        "Ik heb gisteren een telefoon besteld. Wanneer komt die?",
        "Mijn vader is vorige week overleden. Hij had een abonnement bij jullie. Hoe regelen we dat?",
        "Hoi! Ik ben mijn pukcode kwijt en kom nu niet meer in mijn telefoon. Kunnen jullie helpen?",
        "Hoe activeer ik mijn simkaart? Hij zit al in het toestel.",
        "Wanneer en hoe laat zijn jullie winkels open?",
        "Werkt mijn abonnement in Duitsland en Frankrijk?",
        "Wie is het aanspreekpunt voor de aansluiting en de automatische incasso?",
        "Waar blijft mijn pakket??? Nou?",
        "Goedemorgen",
    ],
)
def test_an_ordinary_message_is_left_whole(message: str) -> None:
    assert parts_of(message) == ()


@pytest.mark.parametrize(
    ("message", "parts"),
    [
        (
            "al 3 dagen geen internet en niemand die terugbelt",
            ["al 3 dagen geen internet", "niemand die terugbelt"],
        ),
        (
            "Kan ik opzeggen bij jullie, en hoe zit het met de laatste factuur?",
            ["Kan ik opzeggen bij jullie", "hoe zit het met de laatste factuur?"],
        ),
        ("1. Wat kost een esim? 2. Waar is de winkel?", ["Wat kost een esim?", "Waar is de winkel?"]),
        ("- Wat kost een esim?\n\n- Waar is de winkel?", ["Wat kost een esim?", "Waar is de winkel?"]),
        (
            "Ik heb twee vragen. Wat kost een esim? Ik zoek ook een winkel. Waar is die?",
            ["Ik heb twee vragen. Wat kost een esim?", "Ik zoek ook een winkel. Waar is die?"],
        ),
        (
            "Where is my bill? Also, please stop the advertising.",
            ["Where is my bill?", "Also, please stop the advertising."],
        ),
        ("Wat kost een esim? O ja, en waar is de winkel?", ["Wat kost een esim?", "O ja, en waar is de winkel?"]),
    ],
)
def test_where_a_message_is_cut(message: str, parts: list[str]) -> None:
    assert texts(message) == parts


def test_a_part_that_points_back_is_read_with_the_situation() -> None:
    first, second = parts_of(
        "Ik ga verhuizen naar Assen. Kan mijn internet mee? En kunnen jullie daar ook glasvezel leveren?"
    )
    assert first.query == first.text == "Ik ga verhuizen naar Assen. Kan mijn internet mee?"
    assert second.text == "kunnen jullie daar ook glasvezel leveren?"
    assert second.query == f"Ik ga verhuizen naar Assen. {second.text}"


def test_a_short_part_that_points_back_is_read_with_all_that_came_before() -> None:
    assert parts_of("Kan ik mijn nummer meenemen en hoe lang duurt dat?")[1].query == (
        "Kan ik mijn nummer meenemen hoe lang duurt dat?"
    )


def test_only_an_and_before_a_statement_is_faint() -> None:
    assert [part.faint for part in parts_of("De tv geeft geen beeld en ik heb de kabel al vervangen")] == [False, True]
    assert [part.faint for part in parts_of("De tv geeft geen beeld en wat kost een nieuwe?")] == [False, False]
    assert [part.faint for part in parts_of("De tv geeft geen beeld. En mijn internet is traag.")] == [False, False]


def test_a_story_is_left_whole() -> None:
    questions = [f"Wat kost nummer {'abcdefgh'[place]} bij jullie?" for place in range(MAX_PARTS + 1)]
    assert len(texts(" ".join(questions[:MAX_PARTS]))) == MAX_PARTS
    assert texts(" ".join(questions)) == []
    assert texts("Wat een dag was dat weer. " * MAX_SENTENCES + "Waar is de winkel? En wat kost een esim?") == []


def test_where_clauses_are_too_many_sentences_do() -> None:
    tale = "Ik wacht al lang en ik bel steeds en ik krijg niemand en ik mail ook en ik hoor niks en ik baal ervan."
    assert texts(f"{tale} Daarnaast klopt mijn factuur niet.") == [tale, "Daarnaast klopt mijn factuur niet."]


@pytest.mark.parametrize(
    "piece", ["en ", "a. ", "en kan ik ", "1. ", "? ", "en de a b ", "x" + " " * 9, "\n", "o ja, "]
)
def test_a_long_message_takes_no_time(piece: str) -> None:
    started = time.perf_counter()
    parts_of((piece * 20_000)[:20_000])
    assert time.perf_counter() - started < 1
