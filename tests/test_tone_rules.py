"""All rules together: what they are, what the bundled answers make of them, and how long they take."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from repliek.conversation import Channel
from repliek.knowledge import Audience, KnowledgeBase
from repliek.tone import stock
from repliek.tone.prose import Expressions, Prose
from repliek.tone.register import Register
from repliek.tone.rules import RULES, TEXT_RULES, Draft, Finding, Linter, Severity, acts, attitude, public, restraint
from repliek.vocabulary import SLOT
from tests.drafts import BRAND, draft, in_public

ANSWERS = Path(__file__).parents[1] / "datasets" / "wadlijn" / "answers.jsonl"
VALUES = {"dm_link": "wadlijn.example/bericht", "service_phone": "0800-0000", "first_name": "Eric", "date": "4 mei"}


def answer_drafts() -> Sequence[Draft]:
    """Every bundled answer, greeted and signed, where its audience reads it."""
    found: list[Draft] = []
    for answer in KnowledgeBase.from_jsonl(ANSWERS):
        said = SLOT.sub(lambda slot: VALUES[slot[1]], answer.text)
        channel = Channel.CHAT if answer.audience is Audience.PRIVATE else Channel.X
        greeting = {"nl": "Hoi Eric,", "en": "Hi Eric,"}[answer.language]
        found.append(Draft(f"{greeting}\n{said} ^EK", (said,), (), BRAND, answer.language, answer.register, channel))
    return found


def test_rules_have_names_reasons_and_a_severity() -> None:
    assert [(rule.name, rule.severity) for rule in RULES] == [
        ("unheld_promise", Severity.ERROR),
        ("invented_number", Severity.ERROR),
        ("invented_address", Severity.ERROR),
        ("invented_name", Severity.ERROR),
        ("personal_data_in_public", Severity.ERROR),
        ("asks_personal_data_in_public", Severity.ERROR),
        ("wrong_register", Severity.ERROR),
        ("wrong_language", Severity.ERROR),
        ("invisible_characters", Severity.ERROR),
        ("markup", Severity.ERROR),
        ("defensive", Severity.WARNING),
        ("blame", Severity.WARNING),
        ("exclamations", Severity.WARNING),
        ("apologies", Severity.WARNING),
        ("open_slots", Severity.WARNING),
        ("standard_answer", Severity.WARNING),
    ]
    assert all(type(rule).__doc__ for rule in RULES)
    assert set(TEXT_RULES) < set(RULES)


def test_a_good_reply_breaks_nothing() -> None:
    answer = "Je factuur staat in Mijn Wadlijn. Lukt het niet? Stuur een privébericht via wadlijn.example/bericht."
    text = f"Hoi Eric,\nDrie weken wachten is te lang, sorry. {answer} Ik hoor graag of het lukt. ^EK"
    assert Linter().lint(draft(text, answer, said=["ik wacht al 3 weken"], channel=Channel.X)) == ()


def test_a_bad_reply_breaks_much() -> None:
    text = (
        "Hoi Eric!! <b>Au.</b> U had moeten bellen, morgen bellen we je. Wat is je klantnummer? "
        "Vraag naar Sanne op 0612345678."
    )
    found = Linter().lint(in_public(text, register=Register.JE))
    assert [finding.rule for finding in found] == [
        "unheld_promise",
        "invented_number",
        "invented_name",
        "personal_data_in_public",
        "asks_personal_data_in_public",
        "wrong_register",
        "markup",
        "blame",
        "exclamations",
    ]
    assert found[6] == Finding("markup", Severity.ERROR, "HTML at character 11")


def test_rules_of_a_text_need_nothing_else() -> None:
    assert Linter(TEXT_RULES).lint(Draft.of_text("Bel Sanne op 0612345678.", "nl", Register.JE)) == ()
    found = Linter(TEXT_RULES).lint(Draft.of_text("Sorry! Sorry!", "nl", Register.JE))
    assert [finding.rule for finding in found] == ["exclamations", "apologies"]


def test_the_bundled_answers_break_no_rule() -> None:
    found = [finding for one in answer_drafts() for finding in Linter().lint(one)]
    assert [finding for finding in found if finding.severity is Severity.ERROR] == []
    assert {finding.rule for finding in found} <= {"standard_answer"}
    assert len(found) <= 0.02 * len(answer_drafts())


def test_details_quote_no_customer() -> None:
    said = "Ik ben Femke, klantnummer 88776655, femke@elders.example"
    text = "Femke, je klantnummer 88776655 en femke@elders.example kloppen niet. Dat klopt niet. Stuur je postcode."
    found = Linter().lint(draft(text, said=[said], channel=Channel.X))
    assert {"personal_data_in_public", "asks_personal_data_in_public"} <= {finding.rule for finding in found}
    told = " ".join(finding.detail for finding in found)
    assert "emke" not in told
    assert "8877" not in told


ALL = [
    found
    for module in (acts, attitude, public, restraint, stock)
    for found in vars(module).values()
    if isinstance(found, Expressions)
]


def test_no_sign_keeps_an_expression_from_being_found() -> None:
    lines = [line for test in Path(__file__).parent.glob("test_tone_rules_*.py") for line in strings_of(test)]
    lines += Path(__file__).with_name("voice.txt").read_text(encoding="utf-8").splitlines()
    for line in lines:
        prose = Prose.read(line)
        for expressions in ALL:
            signed = {found.words for found in expressions.find(prose)}
            assert signed == {found.words for found in expressions.find_unsigned(prose)}, line


def strings_of(test: Path) -> Sequence[str]:
    """The lines of a test that hold a text."""
    return [line.strip(' "(),[]') for line in test.read_text(encoding="utf-8").splitlines() if '"' in line]


PIECES = st.sampled_from([
    "we ", "je ", "had ", "moeten ", "bellen ", "dat ", "niet ", "stuur ", "klantnummer ", "0", "06-", "1/2 ", "a", "A",
    "^", ".", "!", "?", "...", " ", "  ", "\n", "<", "<a ", "&", "{", "'", '"', "@", "www.", "a.b.", "binnen ", "twee ",
    "wordt ge", "u ", "your ", "dient ", "é", "🙂", "\u200d", "-", ",",
])  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(PIECES, max_size=12).map("".join),
    st.text(max_size=40),
    st.sampled_from(list(Channel)),
    st.sampled_from(["nl", "en", "de"]),
)
def test_any_text_is_read(pieces: str, odd: str, channel: Channel, language: str) -> None:
    one = Draft(pieces + odd, (odd,), (pieces,), (odd,), language, Register.U, channel)
    for finding in Linter().lint(one):
        assert finding.detail


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(PIECES, min_size=1, max_size=4).map("".join))
def test_the_time_is_linear_in_the_text(piece: str) -> None:
    def seconds(chars: int) -> float:
        text = piece * (chars // len(piece))
        started = time.process_time()
        Linter().lint(Draft(text, (), (text,), (text,), "nl", Register.JE, Channel.X))
        return time.process_time() - started

    # A text eight times as long takes eight times as long; what is quadratic takes 64 times.
    assert seconds(16_000) < 24 * seconds(2_000) + 0.2


@pytest.mark.parametrize(
    "piece", ["we ", "je had ", "a", "A ", "0 ", "06-1 ", "..", "!", "<a ", "wordt ge", "a.b", "''"]
)
def test_a_long_text_is_read_soon(piece: str) -> None:
    text = piece * (20_000 // len(piece))
    started = time.process_time()
    Linter().lint(Draft(text, (text[:5000],), (text,), (text,), "nl", Register.JE, Channel.X))
    assert time.process_time() - started < 2


def test_an_ordinary_reply_takes_half_a_millisecond() -> None:
    drafts = answer_drafts()
    started = time.process_time()
    for one in drafts:
        Linter().lint(one)
    # Measured at 0.38 ms; the rest is for machines that are slower or busy.
    assert (time.process_time() - started) / len(drafts) < 0.002
