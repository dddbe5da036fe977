"""Sentences, plain text and expressions."""

from __future__ import annotations

import pytest

from repliek.tone.prose import Expressions, Prose, Said, expression, plain, sentences_of


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("", ()),
        ("  \n \n", ()),
        ("Hoi Eric,\nDat kan. En dit ook!", ("Hoi Eric,", "Dat kan.", "En dit ook!")),
        ("Zet hem a.u.b. uit, bijv. met de knop.", ("Zet hem a.u.b. uit, bijv. met de knop.",)),
        ('Hij zei: "Dat kan." Mooi... Toch?', ('Hij zei: "Dat kan."', "Mooi...", "Toch?")),
        ("Kijk op wadlijn.example/winkels. ^EK", ("Kijk op wadlijn.example/winkels.", "^EK")),
        ("Het kost 1.50 euro. 👍 Fijn", ("Het kost 1.50 euro.", "👍 Fijn")),
    ],
)
def test_sentences(text: str, sentences: tuple[str, ...]) -> None:
    assert sentences_of(text) == sentences


@pytest.mark.parametrize(
    ("written", "read"),
    [("Dat  KAN", "dat kan"), ("‘t “Is” zo’n", "'t \"is\" zo'n"), ("ﬁjn\u2028ja", "fijn\u2028ja"), ("a\tb", "a b")],
)
def test_plain(written: str, read: str) -> None:
    assert plain(written) == read


def test_prose_is_lines_and_words() -> None:
    prose = Prose.read("Zo'n WIFI-punt helpt. Echt waar!")
    assert prose.lines == ("zo'n wifi-punt helpt.", "echt waar!")
    assert prose.plain == "zo'n wifi-punt helpt.\necht waar!"
    assert prose.line_words == (("zo'n", "wifi-punt", "helpt"), ("echt", "waar"))
    assert prose.words == {"zo'n", "wifi-punt", "helpt", "echt", "waar"}


def test_expressions_are_found_within_a_sentence() -> None:
    calls = Expressions((expression("call", "bel bellen", r"\bwe bellen je\b", r"\bik bel\b"),))
    assert list(calls.find(Prose.read("Hoi! We bellen je."))) == [Said("call", "we bellen je", 5, 17)]
    assert list(calls.find(Prose.read("Dat kunnen we.\nBellen je ouders?"))) == []


def test_a_sign_is_asked_for_first() -> None:
    calls = Expressions((expression("call", "bel", r"\bwe bellen je\b"),))
    prose = Prose.read("We bellen je.")
    assert list(calls.find(prose)) == []
    assert list(calls.find_unsigned(prose)) == [Said("call", "we bellen je", 0, 12)]
