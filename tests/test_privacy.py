from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from repliek.privacy import MAX_CHARS, PersonalData, find, redact


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
    assert find("klantnummer 4111111111111111") == [PersonalData("CARD", 12, 28)]


def test_hostile_texts_cost_no_more_than_a_moment() -> None:
    started = time.process_time()
    for text in (
        "1 " * 20_000,
        "a.a" * 20_000,
        "A" * 60_000,
        "klantnummer " * 5_000,
        "06-" * 20_000,
        "1234 ab " * 8_000,
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
