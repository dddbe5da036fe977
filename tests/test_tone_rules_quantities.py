"""Numbers in every spelling."""

from __future__ import annotations

import pytest

from repliek.tone.rules.quantities import NUMBER_WORDS, in_digits, numbers_in, phones_in


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("twee dagen", {"2"}),
        ("2 dagen", {"2"}),
        ("de 20e om 22:00 of 22.30 uur", {"20", "22", "22.3"}),
        ("€ 1.000,- of € 12,50", {"1000", "12.5"}),
        ("€ 20,00", {"20"}),
        ("25% van 5g", {"25", "5"}),
        ("tweeëntwintig en vijfendertig", {"22", "35"}),
        ("twenty-two and thirty", {"22", "30"}),
        ("anderhalf uur", {"1.5"}),
        ("een dag, in één keer, one more thing", set()),
        ("die twee, je drie nummers, the three of them", set()),
        ("op 1-7-2026", {"1", "7", "2026"}),
        ("bel 0800-0000 of +31 6 12345678", set()),
        ("", set()),
    ],
)
def test_numbers(text: str, numbers: set[str]) -> None:
    assert numbers_in(text) == numbers


@pytest.mark.parametrize(
    ("text", "phones"),
    [
        ("0800-0000", {"08000000"}),
        ("06 12 34 56 78 of (058) 123 45 67", {"0612345678", "0581234567"}),
        ("+31 6 12345678", {"31612345678"}),
        ("1-7-2026 22:00", set()),
        ("12345678", set()),
    ],
)
def test_phones(text: str, phones: set[str]) -> None:
    assert phones_in(text) == phones


def test_words_become_digits() -> None:
    assert in_digits("binnen twee dagen, één keer, een uur") == "binnen 2 dagen, 1 keer, een uur"
    assert NUMBER_WORDS["negenennegentig"] == NUMBER_WORDS["ninety-nine"] == "99"
