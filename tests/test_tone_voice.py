"""How well the human-voice score tells form letters from people, and why."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

import pytest

from repliek.knowledge import KnowledgeBase
from repliek.tone.rules.standard import LEAST_HUMAN
from repliek.tone.voice import human_voice

LINES = Path(__file__).with_name("voice.txt")
ANSWERS = Path(__file__).parents[1] / "datasets" / "wadlijn" / "answers.jsonl"


@dataclass(frozen=True, slots=True)
class Line:
    kind: str
    language: str
    written: str
    text: str

    @property
    def score(self) -> float:
        return human_voice(self.text, self.language).score


def lines() -> Sequence[Line]:
    found: list[Line] = []
    section = ("", "", "")
    for text in LINES.read_text(encoding="utf-8").splitlines():
        if heading := re.fullmatch(r"\[(\w+) (\w+) (\w+)\]", text):
            section = (heading[1], heading[2], heading[3])
        elif not text.startswith("#"):
            found.append(Line(*section, text))
    return found


def separation(human: Sequence[float], form: Sequence[float]) -> float:
    """How often a human line scores higher than a form letter: the area under the ROC curve."""
    return mean((one > other) + 0.5 * (one == other) for one in human for other in form)


@pytest.mark.parametrize(
    ("written", "least", "caught"), [("first", 0.99, 0.95), ("later", 0.98, 0.9), ("last", 0.95, 0.8)]
)
def test_people_and_form_letters_are_told_apart(written: str, least: float, caught: float) -> None:
    form = [line.score for line in lines() if (line.kind, line.written) == ("form", written)]
    human = [line.score for line in lines() if (line.kind, line.written) == ("human", written)]
    assert min(len(form), len(human)) >= 20
    assert separation(human, form) >= least
    assert mean(score < LEAST_HUMAN for score in form) >= caught
    assert min(human) >= LEAST_HUMAN


def test_there_are_enough_lines_of_each_kind() -> None:
    for kind in ("form", "human"):
        for language, least in (("nl", 60), ("en", 25)):
            assert sum((line.kind, line.language) == (kind, language) for line in lines()) >= least


def test_the_bundled_answers_sound_human() -> None:
    scores = [human_voice(answer.text, answer.language).score for answer in KnowledgeBase.from_jsonl(ANSWERS)]
    assert mean(scores) > 0.94
    assert mean(score < LEAST_HUMAN for score in scores) < 0.02


def test_reasons_tell_what_is_said_and_what_it_costs() -> None:
    voice = human_voice("Bedankt voor uw bericht. Wij betreuren het ongemak.", "nl")
    assert voice.reasons[0] == "stock phrase: thanks for the letter (-0.50)"
    assert voice.score == 0.1


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Hoi! Fijn! Tot dan!", "3 exclamation marks (-0.15)"),
        ("LEES DEZE REGELS nou eens goed door, alsjeblieft.", "3 words in capitals (-0.30)"),
        ("Wij kijken daar naar, zo kan u dat hier ook zien.", "wij, never we or ik (-0.15)"),
        ("Er wordt gebeld en dan wordt het door hem verteld.", "2 passives (-0.15)"),
        ("U dient dat hier te doen, en wel nu.", "office language: must be done (-0.30)"),
        ("De klantenservice zegt dat u dat kan doen.", "an organisation speaks: our people (-0.20)"),
        ("De winkels zijn op zondagen gesloten en op feestdagen tot vijf open.", "no word of speech (-0.30)"),
        ("en " * 27 + "ik.", "a sentence of 28 words (-0.20)"),
    ],
)
def test_each_trait(text: str, reason: str) -> None:
    assert reason in human_voice(text, "nl").reasons


@pytest.mark.parametrize(
    "text", ["", "Nee hoor.", "👍", "Ja, dat kan, kom maar langs!", "FRITZ!Box en FRITZ!App: hier ook."]
)
def test_nothing_wrong(text: str) -> None:
    assert human_voice(text, "nl").score == 1


def test_another_language_is_judged_by_its_form() -> None:
    german = "Vielen Dank für Ihre Nachricht, wir bedauern die Unannehmlichkeiten."
    assert human_voice(german, "de").score == 1
    assert human_voice(f"{german}!!", "de").reasons == ("2 exclamation marks (-0.15)",)
