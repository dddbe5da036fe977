from __future__ import annotations

import pytest

from training.facts import FactKind, facts


def values(text: str, kind: FactKind) -> set[str]:
    return {fact.value for fact in facts(text) if fact.kind is kind}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("eenmalig 20 euro aansluitkosten", {"20.00"}),
        ("a one-off 20 euros", {"20.00"}),
        ("€ 14,85 buiten bundel, of EUR 3.5", {"14.85", "3.50"}),
        ("€1.234,50 en 1.000 euro en €1,234.50", {"1234.50", "1000.00"}),
        ("nu € 20,- of 25,- euro", {"20.00", "25.00"}),
        ("een factuur van 2026, 20 GB en 10 %", set()),
    ],
)
def test_amounts(text: str, expected: set[str]) -> None:
    assert values(text, FactKind.AMOUNT) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("binnen vijf werkdagen", {"5 working days"}),
        ("within 5 business days", {"5 working days"}),
        ("2 weken bedenktijd", {"14 days"}),
        ("a 14-day period", {"14 days"}),
        ("twee jaar", {"24 months"}),
        ("24 uur per dag", {"24 hours"}),
        ("na een maand, tussen 8:00 uur en 17.30 uur", set()),
    ],
)
def test_periods(text: str, expected: set[str]) -> None:
    assert values(text, FactKind.PERIOD) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("vanaf 1 mei", {"--05-01"}),
        ("from May 1st, 2026", {"--05-01", "2026-05-01"}),
        ("tot 31-12-2026", {"--12-31", "2026-12-31"}),
        ("2026-12-31", {"--12-31", "2026-12-31"}),
        ("3 keer in maart", set()),
    ],
)
def test_dates(text: str, expected: set[str]) -> None:
    assert values(text, FactKind.DATE) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kijk op https://www.shop.example/Retour/.", {"shop.example/retour"}),
        ("Zie wadlijn.example/storing; daar staat het.", {"wadlijn.example/storing"}),
        ("Mail info@shop.example.", {"info@shop.example"}),
        ("Dat kan o.a. via {dm_link}, d.w.z. i.p.v. bellen.Probeer het", set()),
    ],
)
def test_links(text: str, expected: set[str]) -> None:
    assert values(text, FactKind.LINK) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Bel 0800-0101", {"+318000101"}),
        ("Bel 06-12345678 of +31 6 12345678", {"+31612345678"}),
        ("Bel {service_phone}", set()),
    ],
)
def test_telephone_numbers(text: str, expected: set[str]) -> None:
    assert values(text, FactKind.PHONE) == expected
