from __future__ import annotations

import json
from pathlib import Path

import pytest

from repliek.tone.register import Register
from repliek.tone.rewriting import Breach, OneRegister, breaches, rewrite, table_for

ANSWERS = Path(__file__).parents[1] / "datasets" / "wadlijn" / "answers.jsonl"

# Right in both directions: what stands left becomes what stands right, and back.
PAIRS = [
    # the verb before its subject
    ("Vind je dat ook?", "Vindt u dat ook?"),
    ("Wat vind je daarvan?", "Wat vindt u daarvan?"),
    ("Laat je het ons weten?", "Laat u het ons weten?"),
    ("Dan word je teruggebeld.", "Dan wordt u teruggebeld."),
    ("Wacht je al lang?", "Wacht u al lang?"),
    ("Weet je zeker dat het lampje brandt?", "Weet u zeker dat het lampje brandt?"),
    ("Morgen ga je over naar glasvezel.", "Morgen gaat u over naar glasvezel."),
    ("Hoe sta je ingeschreven?", "Hoe staat u ingeschreven?"),
    ("Wanneer verhuis je precies?", "Wanneer verhuist u precies?"),
    ("Gisteren kreeg je een brief.", "Gisteren kreeg u een brief."),
    ("Betaalde je al?", "Betaalde u al?"),
    ("Daarna ontvang je een code.", "Daarna ontvangt u een code."),
    # irregular ones
    ("Ben je thuis?", "Bent u thuis?"),
    ("Je bent welkom.", "U bent welkom."),
    ("Heb je even?", "Hebt u even?"),
    ("Kun je dat nakijken?", "Kunt u dat nakijken?"),
    ("Zul je eraan denken?", "Zult u eraan denken?"),
    ("Wil je een andere dag?", "Wilt u een andere dag?"),
    ("Mag je erbij?", "Mag u erbij?"),
    ("Hou je het liever bij mail?", "Houdt u het liever bij mail?"),
    ("Als je wilt, bellen we.", "Als u wilt, bellen we."),
    # who acts, who is meant
    ("We bellen je morgen.", "We bellen u morgen."),
    ("Ik kan je helpen.", "Ik kan u helpen."),
    ("Zodra we iets weten, mailen we je.", "Zodra we iets weten, mailen we u."),
    ("De monteur belt je een half uur van tevoren.", "De monteur belt u een half uur van tevoren."),
    ("Dat kost je niets.", "Dat kost u niets."),
    ("Het spijt me dat we je lieten wachten.", "Het spijt me dat we u lieten wachten."),
    ("Ik denk met je mee.", "Ik denk met u mee."),
    # whose it is
    ("Je factuur staat klaar.", "Uw factuur staat klaar."),
    ("Zet je telefoon uit en weer aan.", "Zet uw telefoon uit en weer aan."),
    ("Controleer je mail.", "Controleer uw mail."),
    ("Als je pakket morgen niet komt, bel ons dan.", "Als uw pakket morgen niet komt, bel ons dan."),
    ("Omdat je internet traag is, meten we de lijn.", "Omdat uw internet traag is, meten we de lijn."),
    ("Als je hulp nodig hebt, staan we klaar.", "Als u hulp nodig hebt, staan we klaar."),
    ("Als je je pincode kwijt bent, vraag je een nieuwe aan.", "Als u uw pincode kwijt bent, vraagt u een nieuwe aan."),
    ("Heb je je klantnummer bij de hand?", "Hebt u uw klantnummer bij de hand?"),
    ("Kan je toestel 5G aan?", "Kan uw toestel 5G aan?"),
    ("Werkt je modem weer?", "Werkt uw modem weer?"),
    ("Het lampje op je nieuwe modem knippert.", "Het lampje op uw nieuwe modem knippert."),
    ("Is dat probleem van ons of het jouwe?", "Is dat probleem van ons of het uwe?"),
    # itself again
    ("Kun je je aanmelden?", "Kunt u zich aanmelden?"),
    ("Je vergist je niet.", "U vergist zich niet."),
    ("Als je je zorgen maakt, bel ons.", "Als u zich zorgen maakt, bel ons."),
    ("Maak je geen zorgen.", "Maak u geen zorgen."),
    ("Meld je aan in de app.", "Meld u aan in de app."),
    ("Doe het jezelf niet aan.", "Doe het uzelf niet aan."),
    # the second half
    ("Je belt en krijgt meteen antwoord.", "U belt en krijgt meteen antwoord."),
    ("Bel je voor tien uur en bestel je vandaag nog, dan komt het morgen.",
     "Belt u voor tien uur en bestelt u vandaag nog, dan komt het morgen."),
    # forms of politeness, stress, capitals
    ("Dank je wel!", "Dank u wel!"),
    ("Alsjeblieft, dit is de link.", "Alstublieft, dit is de link."),
    ("Met mij gaat het goed, en jij?", "Met mij gaat het goed, en u?"),
    ("Jij ook bedankt!", "U ook bedankt!"),
    ("JE FACTUUR STAAT KLAAR", "UW FACTUUR STAAT KLAAR"),
    # what is not ours to change
    ('Kies "Je account" en log in met je mailadres.', 'Kies "Je account" en log in met uw mailadres.'),
    ("Ga naar https://wadlijn.example/je en kies je bundel.", "Ga naar https://wadlijn.example/je en kies uw bundel."),
    ("Mail je vraag naar je@wadlijn.example.", "Mail uw vraag naar je@wadlijn.example."),
    ("{first_name}, je bestelling is onderweg.", "{first_name}, uw bestelling is onderweg."),
    ("Het duurde 1 u 10, zie je.", "Het duurde 1 u 10, ziet u."),
]  # fmt: skip


@pytest.mark.parametrize(("je", "u"), PAIRS)
def test_je_becomes_u(je: str, u: str) -> None:
    assert rewrite(je, Register.U).text == u


@pytest.mark.parametrize(("je", "u"), PAIRS)
def test_u_becomes_je(je: str, u: str) -> None:
    assert rewrite(u, Register.JE).text == je


@pytest.mark.parametrize(
    ("je", "u"),
    [
        ("Je hebt het geld al.", "U heeft het geld al."),
        ("Als je vragen hebt, bel ons.", "Als u vragen heeft, bel ons."),
        ("Meld je je aan?", "Meldt u zich aan?"),
        ("Kun je dat zien?", "Kunt U dat zien?"),
        ("Wat je beschrijft, klopt niet.", "Wat u beschrijft, klopt niet."),
    ],
)
def test_other_spellings_of_u(je: str, u: str) -> None:
    assert rewrite(u, Register.JE).text == je


@pytest.mark.parametrize(
    ("je", "u"),
    [
        ("Kan je dat zien?", "Kunt u dat zien?"),
        ("Is jouw modem nieuw?", "Is uw modem nieuw?"),
        ("We helpen jou graag.", "We helpen u graag."),
        ("Kunnen jullie ons bellen?", "Kunt u ons bellen?"),
        ("We sturen jullie een brief.", "We sturen u een brief."),
    ],
)
def test_other_spellings_of_je(je: str, u: str) -> None:
    assert rewrite(je, Register.U).text == u


def test_jullie_stays_where_it_may_be_the_company() -> None:
    rewritten = rewrite("Wanneer komen jullie mijn modem brengen?", Register.U)
    assert rewritten.text == "Wanneer komen jullie mijn modem brengen?"
    assert not rewritten.sure
    assert "may be the customers or the company" in rewritten.doubts[0]


def test_what_reads_in_two_ways_is_said() -> None:
    rewritten = rewrite("De helpdesk snapt het. Als je kind speelt, blijft het beeld staan.", Register.U)
    assert not rewritten.sure
    assert rewritten.doubts[0].startswith("Als je kind speelt, blijft het beeld staan.")


@pytest.mark.parametrize(("je", "u"), PAIRS)
def test_what_is_in_the_register_already_stays(je: str, u: str) -> None:
    assert rewrite(je, Register.JE).text == je
    assert rewrite(u, Register.U).text == u


@pytest.mark.parametrize(
    "text", ["", "   ", "😀", "u", "je", "U?", "Je", "de je", "\u200bje\u200b", "{slot}", "uw uw uw", "je je je je"]
)
def test_scraps_break_nothing(text: str) -> None:
    for register in Register:
        assert rewrite(text, register).text.count(" ") == text.count(" ")
        assert isinstance(breaches(text, register), tuple)


def test_no_breach_is_left_after_rewriting() -> None:
    for je, u in PAIRS:
        assert breaches(rewrite(je, Register.U).text, Register.U) == ()
        assert breaches(rewrite(u, Register.JE).text, Register.JE) == ()


def test_there_and_back_returns_the_bundled_answers() -> None:
    other = {Register.JE: Register.U, Register.U: Register.JE}
    answers = [json.loads(line) for line in ANSWERS.read_text(encoding="utf-8").splitlines()]
    dutch = [(answer["text"], Register(answer["register"])) for answer in answers if answer["language"] == "nl"]
    back = [rewrite(rewrite(text, other[register]).text, register).text for text, register in dutch]
    returned = sum(text == again for (text, _), again in zip(dutch, back, strict=True))
    assert returned / len(dutch) >= 0.95


class TestBreaches:
    def test_every_sentence_with_its_words(self) -> None:
        text = "Kunt u bellen? We zien uw vraag. Heb je je nummer? Zie 'Uw account'."
        assert breaches(text, Register.JE) == (
            Breach("Kunt u bellen?", ("u",)),
            Breach("We zien uw vraag.", ("uw",)),
        )
        assert breaches(text, Register.U) == (Breach("Heb je je nummer?", ("je", "je")),)

    @pytest.mark.parametrize("text", ["Het duurde 1 u 10.", "Ik luister naar U2.", "Zie https://u.example/uw", ""])
    def test_what_only_looks_like_an_address(self, text: str) -> None:
        assert breaches(text, Register.JE) == ()

    def test_nothing_breaks_the_neutral_register(self) -> None:
        assert breaches("Kun je uw vraag herhalen?", Register.NEUTRAL) == ()


class TestLanguages:
    @pytest.mark.parametrize("language", ["en", "de", "fr", "xx"])
    def test_a_language_without_a_table_passes_untouched(self, language: str) -> None:
        text = "Can you call je bank, u know?"
        assert isinstance(table_for(language), OneRegister)
        assert rewrite(text, Register.U, language).text == text
        assert breaches(text, Register.U, language) == ()


@pytest.mark.parametrize("text", ["we je " * 500, "je zorgen " * 500, "je " * 500, "bel je of " * 500])
def test_a_row_of_addresses_is_no_trap(text: str) -> None:
    assert breaches(rewrite(text, Register.U).text, Register.U) == ()
