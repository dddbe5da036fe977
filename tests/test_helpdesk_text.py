"""A customer's words out of HTML and mail."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, strategies

from repliek.conversation import Channel, Speaker, Turn
from serving.helpdesks.text import clean, from_html, initials_of, message_of, name_of, turns_of, without_quotes

NEW = "Het werkt nog steeds niet."


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>Een</p><p>Twee</p>", "Een\n\nTwee"),
        ("Een<br>Twee<BR/>Drie", "Een\nTwee\nDrie"),
        ("<ul><li>Modem</li><li>Kabel</li></ul>", "- Modem\n- Kabel"),
        ("<table><tr><td>Postcode</td><td>1621 AB</td></tr></table>", "Postcode 1621 AB"),
        ("Prijs &euro;&nbsp;5 &lt; 6 &amp; meer", "Prijs € 5 < 6 & meer"),
        ("Is 3 < 5 en 7 > 5?", "Is 3 < 5 en 7 > 5?"),
        ("<style>p { color: red }</style><script>alert('x')</script>Hallo", "Hallo"),
        ("<head><title>Mail</title></head><body>Hallo</body>", "Hallo"),
        ("Hallo<!-- verborgen <b>tekst</b> --> daar", "Hallo daar"),
        ("Hallo<!-- nooit gesloten", "Hallo"),
        ("<!DOCTYPE html><?xml version='1'?>Hallo", "Hallo"),
        ("<a href='https://x.example'>hier</a>", "hier"),
        ("Regel\neen   twee", "Regel een twee"),
        ("<b>vet</b>gedrukt", "vetgedrukt"),
        ("", ""),
    ],
)
def test_markup_goes_and_words_stay(markup: str, text: str) -> None:
    assert clean(from_html(markup)) == text


@pytest.mark.parametrize(
    "quote",
    [
        '<div class="gmail_quote"><div>Op ma schreef Wadlijn:</div><blockquote>Oud<div>ouder</div></blockquote></div>',
        '<blockquote type="cite"><div>Oud<blockquote>ouder</blockquote></div></blockquote>',
        '<div class="x yahoo_quoted" id=y><div>Oud</div></div>',
        '<div id="divRplyFwdMsg">Van: Wadlijn</div><div>Oud</div>',
        '<span class="js-signatureMarker"></span><div>Oud</div>',
    ],
)
def test_quoted_mail_goes(quote: str) -> None:
    assert clean(from_html(f"<div>{NEW}</div>{quote}")) == NEW


def test_words_below_a_quotation_stay() -> None:
    assert clean(from_html(f'<div class="gmail_quote"><div>Oud</div></div><div>{NEW}</div>')) == NEW


def test_a_plain_quotation_is_the_customers_own() -> None:
    assert clean(from_html("Jullie zeiden: <blockquote>binnen twee dagen</blockquote>")) == (
        "Jullie zeiden:\nbinnen twee dagen"
    )


@pytest.mark.parametrize(
    "quote",
    [
        "Op ma 2 mrt 2026 om 08:10 schreef Wadlijn <hulp@wadlijn.example>:\n> Oud",
        "Op ma 2 mrt 2026 om 08:10 schreef Wadlijn Klantenservice\n<hulp@wadlijn.example>:\n\n> Oud",
        "On Mon, Mar 2, 2026 at 8:10 AM Wadlijn <hulp@wadlijn.example> wrote:\n\nOud",
        "-----Oorspronkelijk bericht-----\nVan: Wadlijn",
        "---- Original Message ----\nOud",
        "Van: Wadlijn <hulp@wadlijn.example>\nVerzonden: maandag 2 maart 2026 08:10\nAan: Emily\n\nOud",
        "From: Wadlijn\nSent: Monday\n\nOld",
        "________________________________\nVan: Wadlijn\nOud",
        "-- \nEmily Adams\nDorpsstraat 1",
        "##- Typ je antwoord boven deze regel -##\nOud",
        "> Oud\n> ouder",
    ],
)
def test_mail_loses_what_it_answers(quote: str) -> None:
    assert message_of(f"{NEW}\n\n{quote}", Channel.EMAIL) == NEW
    assert message_of(f"{NEW}\n\n{quote}", Channel.CHAT) != NEW


@pytest.mark.parametrize(
    "text",
    [
        "Op de factuur schreef u iets anders:\nvijftig euro.",
        "Ik reis zo:\nVan: Hoorn\nAan: Utrecht",
        "Mijn vragen:\n- hoe laat?\n- wie komt er?",
        "On top of that, nobody wrote back",
    ],
)
def test_what_only_looks_like_a_quotation_stays(text: str) -> None:
    assert without_quotes(text) == text


def test_where_nothing_else_would_remain_the_quotation_is_the_message() -> None:
    assert without_quotes("> Hoe laat komt de monteur?\n> Vandaag?") == "Hoe laat komt de monteur?\nVandaag?"


@pytest.mark.parametrize("text", ["", "  \n\t ", "👍", "?!", "\u200b", "1️⃣"])
def test_without_words_there_is_nothing_to_answer(text: str) -> None:
    assert message_of(text, Channel.CHAT) is None


def test_turns_without_words_are_left_out() -> None:
    said = [(Speaker.AGENT, " Hallo "), (Speaker.CUSTOMER, "\x00"), (Speaker.CUSTOMER, "Hoi")]
    assert turns_of(said) == (Turn(Speaker.AGENT, "Hallo"), Turn(Speaker.CUSTOMER, "Hoi"))


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        (("Emily", "Adams"), "Emily Adams"),
        ((" Emily\n", None), "Emily"),
        ((None, ""), None),
        (("E" * 300,), "E" * 100),
        (("Em\x00ily",), "Emily"),
    ],
)
def test_names(parts: tuple[str | None, ...], name: str | None) -> None:
    assert name_of(*parts) == name


@pytest.mark.parametrize(
    ("name", "initials"),
    [("Emma de Vries", "EdV"), ("Emma", "E"), ("🙂 Emma", "E"), ("", None), (None, None), ("A " * 20, "AAAAAAAAAA")],
)
def test_initials(name: str | None, initials: str | None) -> None:
    assert initials_of(name) == initials


@pytest.mark.parametrize(
    "piece",
    [
        "<",
        "<!",
        "<!--",
        "<a ",
        "</",
        "<a x='",
        "<script>",
        "<blockquote type=cite>",
        "&",
        "&#",
        "a<b",
        "<aaaa",
        "--",
        ">",
        "Op 1 schreef ",
        "Op 1 schreef\n",
        "Van:\n",
        "-",
        "- -x",
        "\n",
        "<div class=",
        "<x id = ",
        "_",
        " ",
    ],
)
def test_no_markup_takes_long(piece: str) -> None:
    """`html.parser` needs minutes for the fourth."""
    markup = piece * (200_000 // len(piece))
    started = time.perf_counter()
    message_of(from_html(markup), Channel.EMAIL)
    message_of(markup, Channel.EMAIL)
    from_html(f"<{markup}")
    assert time.perf_counter() - started < 2


@given(markup=strategies.text(alphabet="<>!/-abp='\" \n&;", max_size=200))
def test_no_tag_is_left(markup: str) -> None:
    clean(from_html(markup))
    assert "<p>" not in from_html(f"<p>{markup.replace('<', '')}<p>")
