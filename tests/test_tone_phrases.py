"""Phrases: which lines are refused, which phrase is chosen, and that nothing is said twice."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from repliek.conversation import Channel
from repliek.errors import DataError, RecordError
from repliek.tone.emotion import Emotion
from repliek.tone.phrases import DEFAULT_PHRASES, SLOTS, Part, Phrase, PhraseBank, Situation
from repliek.tone.register import Register

ADAPTER = TypeAdapter(Phrase)
SITUATION = Situation(
    language="nl",
    register=Register.JE,
    channel=Channel.CHAT,
    emotion=Emotion.FRUSTRATED,
    intent="internet_outage",
    values=MappingProxyType({"first_name": "Eric", "initials": "EK", "brand": "Wadlijn", "product": "internet"}),
    said=(),
    seed="m1",
)


def phrase(text: str = "Wat vervelend.", **fields: Any) -> Phrase:
    return ADAPTER.validate_python({"part": "recognition", "text": text, "language": "nl"} | fields)


def written(path: Path, *lines: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps({"part": "recognition", "language": "nl"} | line) + "\n" for line in lines))
    return path


def chosen(*phrases: Phrase, part: Part = Part.RECOGNITION, **changes: Any) -> str | None:
    return PhraseBank(phrases).choose(part, replace(SITUATION, **changes))


# What is refused


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ({"text": "Sorry, dit hoort niet."}, r"intents: .*name the intents where something went wrong"),
        ({"text": "Onze excuses.", "intents": []}, r"intents: .*apologises"),
        ({"text": "We apologise.", "language": "en"}, r"intents: .*apologises"),
        ({"text": "Dag {voornaam}."}, r"text: .*slot \{voornaam\} is not known; known: brand, date, dm_link"),
        ({"text": "Dag {Voornaam}."}, r"text: .*a brace that makes no slot"),
        ({"text": "Wat vervelend voor u.", "register": "je"}, r"register: .*does not keep to 'je': u;"),
        ({"text": "Wat vervelend voor je.", "register": "u"}, r"register: .*does not keep to 'u': je;"),
        ({"text": "Wat vervelend voor je."}, r"register: .*does not keep to 'neutral': je;"),
        ({"text": "Wat vervelend voor u."}, r"register: .*does not keep to 'neutral': u;"),
        ({"text": "Wat fijn! Dank!"}, r"text: .*more than one exclamation mark"),
        ({"text": "Dat duurt 2 dagen."}, r"text: .*holds a digit"),
        ({"text": "Kijk op wadlijn.example eens."}, r"text: .*a link or an address"),
        ({"text": "Mail naar hulp@wadlijn eens."}, r"text: .*a link or an address"),
        ({"text": " "}, r"text: .*only white space"),
        ({"text": "Zo zit het.", "part": "answer"}, r"part: .*answers stand in answers\.jsonl"),
        ({"text": "Wat vervelend.", "emotion": "boos"}, r"emotion"),
        ({"text": "Wat vervelend.", "chanel": "x"}, r"chanel"),
    ],
    ids=lambda value: value if isinstance(value, str) else value["text"],
)
def test_a_line_that_cannot_be_said_is_refused(line: dict[str, Any], problem: str, tmp_path: Path) -> None:
    path = written(tmp_path / "phrases.jsonl", {"text": "Wat naar."}, line)
    with pytest.raises(RecordError, match=rf"phrases\.jsonl, line 2: {problem}"):
        PhraseBank.from_jsonl(path)


def test_a_line_stands_once(tmp_path: Path) -> None:
    path = written(tmp_path / "p.jsonl", {"text": "Wat naar."}, {"text": "wat  naar.", "emotion": "sad"})
    with pytest.raises(RecordError, match=r"line 2: text: stands on line 1 already"):
        PhraseBank.from_jsonl(path)


def test_the_same_words_may_serve_both_registers(tmp_path: Path) -> None:
    path = written(
        tmp_path / "p.jsonl", {"text": "Wat naar.", "register": "je"}, {"text": "Wat naar.", "register": "u"}
    )
    assert PhraseBank.from_jsonl(path).choose(Part.RECOGNITION, SITUATION) == "Wat naar."


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"phrases\.jsonl: no such file"):
        PhraseBank.from_jsonl(tmp_path / "phrases.jsonl")


def test_one_name_needs_no_list() -> None:
    found = phrase(emotion="sad", channel="x", intents="bereavement")
    assert (found.emotion, found.channel, found.intents) == ((Emotion.SAD,), (Channel.X,), ("bereavement",))
    assert phrase(emotion=["sad", "worried"]).emotion == (Emotion.SAD, Emotion.WORRIED)


def test_an_apology_may_stand_where_it_is_due() -> None:
    assert phrase("Sorry voor het wachten.", intents=["waiting_time"]).intents == ("waiting_time",)


def test_an_english_phrase_may_say_u_and_je() -> None:
    assert phrase("A U-turn for je ne sais quoi.", language="en").register is Register.NEUTRAL


# What is chosen

ANY = phrase("Vervelend.")
FOR_JE = phrase("Vervelend voor je.", register="je")
FOR_CHAT = phrase("Vervelend, dit.", channel="chat")
FRUSTRATED = phrase("Dat is balen.", emotion="frustrated")
SLOTTED = phrase("Vervelend, dat met {product}.")
INTENT = phrase("Zo'n storing is vervelend.", intents=["internet_outage"])


def test_the_most_specific_phrase_goes_first() -> None:
    ladder = [ANY, FOR_JE, FOR_CHAT, FRUSTRATED, SLOTTED, INTENT]
    texts: list[str | None] = []
    while ladder:
        texts.append(chosen(*ladder))
        ladder.pop()
    assert texts == [
        "Zo'n storing is vervelend.",
        "Vervelend, dat met internet.",
        "Dat is balen.",
        "Vervelend, dit.",
        "Vervelend voor je.",
        "Vervelend.",
    ]


@pytest.mark.parametrize(
    ("phrase_", "changes"),
    [
        (FOR_JE, {"register": Register.U}),
        (FOR_JE, {"register": Register.NEUTRAL}),
        (FOR_CHAT, {"channel": Channel.X}),
        (FRUSTRATED, {"emotion": Emotion.NEUTRAL}),
        (SLOTTED, {"values": MappingProxyType({"place": "Assen"})}),
        (SLOTTED, {"values": MappingProxyType({"product": ""})}),
        (INTENT, {"intent": "joke"}),
        (INTENT, {"intent": None}),
        (ANY, {"language": "en"}),
        (ANY, {"part": Part.CLOSING}),
    ],
)
def test_what_does_not_fit_is_not_chosen(phrase_: Phrase, changes: dict[str, Any]) -> None:
    assert chosen(phrase_) is not None
    assert chosen(phrase_, **changes) is None


def test_what_begins_with_a_time_begins_with_a_capital() -> None:
    values = MappingProxyType({"waited": "drie dagen", "product": "tv", "brand": "bakkerij Bol", "initials": "ek"})
    assert chosen(phrase("{waited} is lang."), values=values) == "Drie dagen is lang."
    assert chosen(phrase("{brand} leest mee."), values=values) == "bakkerij Bol leest mee."


def test_a_value_is_not_read_for_slots() -> None:
    values = MappingProxyType({"product": "{place}", "place": "Assen"})
    assert chosen(SLOTTED, values=values) == "Vervelend, dat met {place}."


# What was said


def test_what_was_said_is_passed_over_whatever_filled_it() -> None:
    earlier = "Hoi Jan,\nvervelend,  dat met\nuw TV. Dat is balen. ^EK"
    assert chosen(SLOTTED, FRUSTRATED, ANY, said=(earlier,)) == "Vervelend."
    assert chosen(SLOTTED, FRUSTRATED, said=("Goedendag.", earlier)) is None


def test_one_sentence_that_was_said_is_enough() -> None:
    two = phrase("Dat is balen. Fijn is anders.")
    assert chosen(two, said=("Fijn is anders. ^EK",)) is None
    assert chosen(two, said=("Fijn is het.",)) == "Dat is balen. Fijn is anders."


def test_a_sentence_that_is_a_slot_alone_was_never_said() -> None:
    move = phrase("Stuur een bericht. {dm_link}", part="private_move")
    values = MappingProxyType({"dm_link": "w.example/b"})
    assert (
        chosen(move, part=Part.PRIVATE_MOVE, values=values, said=("w.example/b",)) == "Stuur een bericht. w.example/b"
    )


def test_a_move_to_private_is_said_again_rather_than_not() -> None:
    first = phrase("Verder in een privébericht?", part="private_move", register="neutral")
    second = phrase("Dit kan beter privé.", part="private_move")
    one, other = sorted((first.text, second.text))
    assert chosen(first, second, part=Part.PRIVATE_MOVE, said=(one,)) == other
    assert chosen(first, second, part=Part.PRIVATE_MOVE, said=(one, other)) in {one, other}


def test_a_signature_is_no_repetition() -> None:
    mail = replace(SITUATION, channel=Channel.EMAIL, said=("EK\nWadlijn",))
    assert DEFAULT_PHRASES.choose(Part.SIGNATURE, mail) == "EK\nWadlijn"


# The same for the same


def test_a_seed_chooses_the_same_in_another_process() -> None:
    texts = [f"Woord {letter} dan." for letter in "abcdefghijkl"]
    code = (
        "import json, sys; from tests.test_tone_phrases import *; "
        "print(json.dumps([chosen(*map(phrase, json.loads(sys.argv[1])), seed=str(n)) for n in range(40)]))"
    )
    command = [sys.executable, "-c", code, json.dumps(texts)]
    root = Path(__file__).resolve().parents[1]
    found = subprocess.run(command, capture_output=True, text=True, check=True, cwd=root)
    here = [chosen(*map(phrase, texts), seed=str(n)) for n in range(40)]
    assert json.loads(found.stdout) == here
    assert len(set(here)) > 6


def test_seeds_spread_over_the_phrases() -> None:
    phrases = [phrase(f"Woord {letter} dan.") for letter in "abcd"]
    bank = PhraseBank(phrases)
    counts = Counter(bank.choose(Part.RECOGNITION, replace(SITUATION, seed=str(n))) for n in range(400))
    assert len(counts) == 4
    assert min(counts.values()) > 60


@given(
    seed=st.text(),
    said=st.lists(st.text(max_size=80), max_size=4),
    values=st.dictionaries(st.sampled_from(sorted(SLOTS)), st.text(max_size=30)),
)
def test_whatever_is_known_a_phrase_fits_or_there_is_none(seed: str, said: list[str], values: dict[str, str]) -> None:
    bank = PhraseBank([ANY, SLOTTED, INTENT, FRUSTRATED])
    situation = replace(SITUATION, seed=seed, said=tuple(said), values=values)
    found = bank.choose(Part.RECOGNITION, situation)
    assert found == bank.choose(Part.RECOGNITION, situation)
    assert found is None or found in {ANY.text, INTENT.text, FRUSTRATED.text} or found.startswith("Vervelend, dat met")


# Without a file


@pytest.mark.parametrize(
    ("register", "channel", "name", "greeting"),
    [
        (Register.JE, Channel.X, "Eric", "Hoi Eric,"),
        (Register.JE, Channel.X, "", "Hoi,"),
        (Register.U, Channel.CHAT, "Eric", "Beste Eric,"),
        (Register.U, Channel.CHAT, "", "Goedendag,"),
        (Register.NEUTRAL, Channel.CHAT, "Eric", "Dag Eric,"),
        (Register.JE, Channel.EMAIL, "Eric", "Beste Eric,"),
        (Register.JE, Channel.EMAIL, "", "Hoi,"),
    ],
)
def test_a_brand_without_phrases_greets(register: Register, channel: Channel, name: str, greeting: str) -> None:
    values = MappingProxyType({"first_name": name})
    situation = replace(SITUATION, register=register, channel=channel, values=values)
    assert DEFAULT_PHRASES.choose(Part.GREETING, situation) == greeting


def test_a_brand_without_phrases_signs() -> None:
    signed = {
        channel: DEFAULT_PHRASES.choose(Part.SIGNATURE, replace(SITUATION, channel=channel)) for channel in Channel
    }
    assert signed[Channel.X] == signed[Channel.WHATSAPP] == "^EK"
    assert signed[Channel.EMAIL] == "EK\nWadlijn"
    assert signed[Channel.PHONE] is None
    nobody = replace(SITUATION, channel=Channel.EMAIL, values=MappingProxyType({"brand": "Wadlijn"}))
    assert DEFAULT_PHRASES.choose(Part.SIGNATURE, nobody) == "Wadlijn"


def test_a_brand_without_phrases_says_nothing_more() -> None:
    parts = set(Part) - {Part.GREETING, Part.SIGNATURE}
    assert {DEFAULT_PHRASES.choose(part, SITUATION) for part in parts} == {None}
