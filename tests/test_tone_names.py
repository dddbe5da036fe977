"""Who is greeted and who signs: a name that can be said, or none."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from repliek.tone.names import MAX_CHARS, first_name, formal_name, signing_initials


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("Eric", "Eric"),
        ("  Eric ", "Eric"),
        ("JAN", "Jan"),
        ("jan", "Jan"),
        ("jan-willem", "Jan-Willem"),
        ("Jan Willem", "Jan Willem"),
        ("AJ", "AJ"),
        ("ijsbrand", "IJsbrand"),
        ("IJSBRAND", "IJsbrand"),
        ("McKenna", "McKenna"),
        ("d'Artagnan", "d'Artagnan"),
        ("İBRAHİM", "İbrahim"),
        ("Zoë", "Zoë"),
        ("Zoe\u0308", "Zoë"),
        ("Łukasz", "Łukasz"),
        ("李明", "李明"),
        ("Jan 😊", "Jan"),
        ("Jan ❤️", "Jan"),
        ("Jan!", "Jan"),
        ("👩‍👩‍👧 Anna", "Anna"),
        ("Ja\u200bn\ufeff", "Jan"),
        ("𝓙𝓪𝓷", "Jan"),
        ("Eric van den Berg", "Eric"),
        ("Maria de la Cruz", "Maria"),
        ("Eric Jansen", "Eric Jansen"),
        ("Jan Peter Bakker", "Jan"),
    ],
)
def test_a_name_is_said_as_it_is_written_well(raw: str, name: str) -> None:
    assert first_name(raw) == name
    assert formal_name(raw, "nl") is None


@pytest.mark.parametrize(
    ("raw", "dutch", "english"),
    [
        ("dhr. de Vries", "meneer De Vries", "Mr De Vries"),
        ("Dhr. J. de Vries", "meneer De Vries", "Mr De Vries"),
        ("de heer J.P. van 't Hof", "meneer Van 't Hof", "Mr Van 't Hof"),
        ("mevr. Jansen-de Boer", "mevrouw Jansen-de Boer", "Ms Jansen-de Boer"),
        ("Mevrouw Anna Bakker", "mevrouw Bakker", "Ms Bakker"),
        ("MEVR. BAKKER", "mevrouw Bakker", "Ms Bakker"),
        ("fam. Smit", "familie Smit", "Smit family"),
        ("Mrs Smith", "mevrouw Smith", "Mrs Smith"),
        ("Mr. Smith", "meneer Smith", "Mr Smith"),
    ],
)
def test_who_is_named_by_a_title_is_addressed_by_it_in_the_language_of_the_reply(
    raw: str, dutch: str, english: str
) -> None:
    assert formal_name(raw, "nl") == dutch
    assert formal_name(raw, "en") == english
    assert formal_name(raw, "de") is None
    assert first_name(raw) is None


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "   ",
        "😊",
        "\u200b",
        "<b>Jan</b>",
        "{first_name}",
        "Jan & Co",
        "[NAME]",
        "محمد",
        "שרה",
        "\u202eJan\u202c محمد",
        "x" * 100,
        "jan_88",
        "jan88",
        "@jan",
        "jan@voorbeeld.nl",
        "www.jan.nl/x",
        "0612345678",
        "J.",
        "J. de Vries",
        "E.K.",
        "van den Berg",
        "dhr.",
        "mevr. B.",
        "klant",
        "Ge",
        "Uw",
        "Onbekende123",
        "ONBEKEND",
        "null",
        "n.v.t.",
        "BV",
        "GMBH",
        "b-b",
        "Jan\nhttps://x.nl",
        "...",
        "-",
        "Jansen, Eric",
        "Jan (test)",
        "J\u0336a\u0336n\u0336",
    ],
)
def test_what_is_no_name_is_not_said(raw: str) -> None:
    assert first_name(raw) is None
    assert formal_name(raw, "nl") is None


@given(st.one_of(st.text(), st.from_regex(r"(?:dhr\. |mevr\. )?[\w'’ .-]{1,45}", fullmatch=True)))
@example("dhr. ŉ")
@example("A𐋡")
def test_whatever_stands_in_the_field_a_greeting_is_whole(raw: str) -> None:
    name = first_name(raw) or formal_name(raw, "nl")
    if name is None:
        return
    assert name == " ".join(name.split())
    assert 0 < len(name) <= 2 * MAX_CHARS
    assert name[0].isalpha() or name[0] in "'’"
    assert name[-1].isalpha()
    assert all(char.isalpha() or char in " '’.-" for char in name)
    assert not any(unicodedata.bidirectional(char) in {"R", "AL", "AN"} for char in name)


@given(st.from_regex(r"[A-Za-zà-öø-ÿ'. -]{1,30}", fullmatch=True))
def test_a_name_that_is_said_stays_so(raw: str) -> None:
    name = first_name(raw)
    assert name is None or first_name(name) == name
    formal = formal_name(raw, "nl")
    assert formal is None or formal_name(formal, "nl") == formal


@pytest.mark.parametrize(
    ("raw", "initials"),
    [
        ("EK", "EK"),
        (" ek ", "ek"),
        ("^EK", "EK"),
        ("E.K.", "E.K."),
        ("E K", "EK"),
        ("EK2", "EK2"),
        ("EK 🙂", "EK"),
        ("E\u200bK", "EK"),
        ("\u202eEK", "EK"),
        ("Anne-Fleur", "Anne-Fleur"),
        ("É", "É"),
        ("je", "JE"),
        ("U", "U"),
    ],
)
def test_who_signs_is_read(raw: str, initials: str) -> None:
    assert signing_initials(raw) == initials


@pytest.mark.parametrize(
    "raw",
    ["", "^", "🙂", "<b>", "&lt;", "{dm_link}", "\x00", "0612345678", "EK123", "Eric Kok", "EK\nWad", "אב", "x" * 11],
)
def test_who_cannot_be_read_signs_nothing(raw: str) -> None:
    assert signing_initials(raw) is None
