from __future__ import annotations

import re
import time
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from repliek.privacy import MAX_CHARS, Kind, PersonalData, Redactor, find, redact
from repliek.privacy.finding import WITH_DIGITS, WITHOUT_DIGITS
from repliek.privacy.spans import Clued


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("Mail naar jan.de.vries+shop@voorbeeld.co.nl aub", "Mail naar [EMAIL] aub"),
        ("op NL91ABNA0417164300.", "op [IBAN]."),
        ("op nl91 abna 0417 1643 00 graag", "op [IBAN] graag"),
        ("BE68 5390 0754 7034", "[IBAN]"),
        ("kaart 4111 1111 1111 1111", "kaart [CARD]"),
        ("kaart 4111-1111-1111-1111", "kaart [CARD]"),
        ("mijn klantnummer is: 12 34 56 78", "mijn klantnummer is: [CUSTOMER_NUMBER]"),
        ("Klantnr. 99887766, dank", "Klantnr. [CUSTOMER_NUMBER], dank"),
        ("customer number 99887766", "customer number [CUSTOMER_NUMBER]"),
        ("ordernummer 2026-ABC-123", "ordernummer [ORDER_NUMBER]"),
        ("bestelling 123456 is kwijt", "bestelling [ORDER_NUMBER] is kwijt"),
        ("mijn bsn is 111222333", "mijn bsn is [BSN]"),
        ("Burgerservicenummer: 123456782", "Burgerservicenummer: [BSN]"),
        ("ik woon op 1234 AB 12", "ik woon op [ADDRESS]"),
        ("9711ab, 12b", "[ADDRESS]"),
        ("5000 MB 12 te Nistelrode", "[ADDRESS] te Nistelrode"),
        ("postcode 1234AB", "postcode [ADDRESS]"),
        ("Korte Kerkstraat 12a", "[ADDRESS]"),
        ("bel 06-12345678", "bel [PHONE]"),
        ("bel +31 6 12 34 56 78 even", "bel [PHONE] even"),
        ("of 050 123 4567", "of [PHONE]"),
        ("+32 470 12 34 56", "[PHONE]"),
    ],
)
def test_personal_data_is_replaced_by_its_kind(text: str, redacted: str) -> None:
    assert redact(text) == redacted


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Mijn router doet het niet.",
        "NL91ABNA0417164301",
        "4111 1111 1111 1112",
        "123456782",
        "bsn 123456789",
        "in 2026 of 2027",
        "een bundel van 5000 MB per maand",
        "nog 2000 mb 3 dagen",
        "12-03-2026 om 12:30",
        "45,95 euro, 3 keer",
        "versie 1.2.3.4",
        "bestelling is 99 euro",
        "order geplaatst op 12 mei",
        "@wadlijn #storing",
        "een iPhone 15 van 128 GB",
        "bestelnummer kwijt",
    ],
)
def test_what_only_looks_like_it_stays(text: str) -> None:
    assert redact(text) == text


def test_a_text_with_several_kinds() -> None:
    text = "Ik ben jan@a.nl, 06-12345678, 1234 AB 12."
    assert redact(text) == "Ik ben [EMAIL], [PHONE], [ADDRESS]."
    assert [text[found.start : found.end] for found in find(text)] == ["jan@a.nl", "06-12345678", "1234 AB 12"]


def test_where_two_kinds_overlap_one_names_the_span() -> None:
    assert find("klantnummer 4111111111111111") == [PersonalData(Kind.CARD, 12, 28)]


def test_hostile_texts_cost_no_more_than_a_moment() -> None:
    started = time.process_time()
    for text in (
        "1 " * 20_000,
        "a.a" * 20_000,
        "A" * 60_000,
        "klantnummer " * 5_000,
        "06-" * 20_000,
        "1234 ab " * 8_000,
        "bsn 1 " * 15_000,
        "mevrouw van Aa " * 6_000,
        "gesproken aa bb met " * 4_000,
        "pin aa bb cc dd ee ff " * 4_000,
    ):
        find(text)
    assert time.process_time() - started < 6


def test_what_lies_beyond_the_limit_is_not_read() -> None:
    assert find(" " * MAX_CHARS + "jan@a.nl") == []


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.sampled_from("aAbB 0123456789@.-,+\n€😀NLUwe"), max_size=80))
def test_spans_are_in_order_apart_and_gone_after_redaction(text: str) -> None:
    spans = find(text)
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert all(one.end <= other.start for one, other in pairwise(spans))
    length = len(text) - sum(span.end - span.start - len(span.kind) - 2 for span in spans)
    assert len(redact(text)) == length


LINES = Path(__file__).with_name("redaction.txt")
MARKED = re.compile(r"\{(?P<kind>[A-Z_]+)\|(?P<words>[^}]+)\}")
NUMBER = re.compile(r"\S*\d\S*")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the set: its text, and the personal data that stands in it."""

    text: str
    data: tuple[PersonalData, ...]

    @classmethod
    def of(cls, marked: str) -> Line:
        text, data, position = "", list[PersonalData](), 0
        for match in MARKED.finditer(marked):
            text += marked[position : match.start()]
            data.append(PersonalData(Kind(match["kind"]), len(text), len(text) + len(match["words"])))
            text += match["words"]
            position = match.end()
        return cls(text + marked[position:], tuple(data))

    def missed(self) -> list[PersonalData]:
        """What is not found from end to end, or under another kind."""
        found = find(self.text)
        return [
            one
            for one in self.data
            if not any(other.kind is one.kind and other.start <= one.start and one.end <= other.end for other in found)
        ]

    def touched(self) -> list[str]:
        """The harmless numbers in which something is found."""
        found = find(self.text)
        return [number[0] for number in self.harmless() if any(_overlap(number.span(), span) for span in found)]

    def harmless(self) -> list[re.Match[str]]:
        """The numbers, and words with digits in them, that are no part of personal data."""
        return [
            number
            for number in NUMBER.finditer(self.text)
            if not any(_overlap(number.span(), one) for one in self.data)
        ]


def _overlap(span: tuple[int, int], other: PersonalData) -> bool:
    return span[0] < other.end and other.start < span[1]


@pytest.fixture(scope="module")
def lines() -> list[Line]:
    marked = LINES.read_text(encoding="utf-8").splitlines()
    return [Line.of(line) for line in marked if not line.startswith("# ")]


class TestOnHandMadeLines:
    def test_there_are_enough_of_both_sorts(self, lines: list[Line]) -> None:
        assert len(lines) >= 150
        assert sum(bool(line.data) for line in lines) >= 75
        assert sum(not line.data for line in lines) >= 75
        assert {one.kind for line in lines for one in line.data} == set(Kind)

    def test_structured_data_is_found(self, lines: list[Line]) -> None:
        data = [one for line in lines for one in line.data if one.kind is not Kind.NAME]
        missed = [(line.text, one) for line in lines for one in line.missed() if one.kind is not Kind.NAME]
        assert 1 - len(missed) / len(data) >= 0.98, missed

    def test_names_are_found(self, lines: list[Line]) -> None:
        data = [one for line in lines for one in line.data if one.kind is Kind.NAME]
        missed = [(line.text, one) for line in lines for one in line.missed() if one.kind is Kind.NAME]
        assert 1 - len(missed) / len(data) >= 0.9, missed

    def test_harmless_numbers_stay(self, lines: list[Line]) -> None:
        touched = [(line.text, number) for line in lines for number in line.touched()]
        assert len(touched) / sum(len(line.harmless()) for line in lines) <= 0.01, touched

    def test_a_harmless_line_stays_as_it_is(self, lines: list[Line]) -> None:
        changed = [line.text for line in lines if not line.data and redact(line.text) != line.text]
        assert len(changed) / sum(not line.data for line in lines) <= 0.01, changed


class TestWithWhatIsKnown:
    def test_the_brand_is_nobodys_name(self) -> None:
        assert redact("Hoi Wadlijn, mijn internet ligt eruit") == "Hoi [NAME], mijn internet ligt eruit"
        assert Redactor(public=["Wadlijn"]).find("Hoi Wadlijn, mijn internet ligt eruit") == []

    def test_a_known_name_is_found_anywhere(self) -> None:
        redactor = Redactor(names=["Jan", "Jan-Peter", "Wadlijn"], public=["Wadlijn"])
        text = "Dat klopt, Jan. Vraag Jan-Peter of Janneke van Wadlijn."
        assert redactor.redact(text) == "Dat klopt, [NAME]. Vraag [NAME] of Janneke van Wadlijn."


def test_what_is_redacted_stays_as_it_is() -> None:
    text = "Hoi [NAME], wachtwoord: [PASSWORD], bel [PHONE]. Groeten, [NAME]"
    assert redact(text) == text


@pytest.mark.parametrize("mask", ["EMAIL", "NAME-M", "PRS_ORG"])
def test_the_masks_of_others_stay_whole(mask: str) -> None:
    text = f"Hoi {mask}, mijn naam is {mask}, mail {mask}. Groeten, {mask}"
    assert redact(text) == text


@pytest.mark.parametrize(
    "sign_off", ["Met vriendelijke groeten,\nMevr. De Haan", "Groet, Dhr. Jansen", "Groeten, Fam. Bos"]
)
def test_a_title_that_is_left_is_no_name(sign_off: str) -> None:
    once = redact(sign_off)
    assert "[NAME]" in once
    assert redact(once) == once


def test_a_clue_stands_in_every_text_in_which_its_finder_finds_something(lines: list[Line]) -> None:
    clued = [finder for finder in (*WITH_DIGITS, *WITHOUT_DIGITS) if isinstance(finder, Clued)]
    assert clued
    for finder in clued:
        for line in lines:
            assert list(finder.find(line.text)) == list(finder.finder.find(line.text))
