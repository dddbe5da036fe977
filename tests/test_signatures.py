"""Initials that sign are taken off; everything else stays."""

from __future__ import annotations

import pytest

from repliek.privacy import unsigned


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Het komt morgen. ^EK", "Het komt morgen."),
        ("Het komt morgen. ^EK2", "Het komt morgen."),
        ("^Els", ""),
        ("Eerst dit. (1/2)\n\nDan dat. (2/2) ^EK\n", "Eerst dit. (1/2)\n\nDan dat. (2/2)"),
        ("Doei.\n\nGroetjes, EK", "Doei.\n\nGroetjes,"),
        ("Doei.\n\nMet vriendelijke groet,\nE.K.\nWadlijn", "Doei.\n\nMet vriendelijke groet,\n\nWadlijn"),
        ("Bye.\n\nKind regards,\nE K", "Bye.\n\nKind regards,"),
    ],
)
def test_initials_go(text: str, left: str) -> None:
    assert unsigned(text) == left


@pytest.mark.parametrize(
    "text",
    [
        "Het is 2^3, of x ^ 2.",
        "De groet staat op de TV.",
        "Kies ^EK in het menu.",
        "Het komt morgen.\n\nMet vriendelijke groet,\nWadlijn",
        "",
    ],
)
def test_what_is_no_signature_stays(text: str) -> None:
    assert unsigned(text) == text
