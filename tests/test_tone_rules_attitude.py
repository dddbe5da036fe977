"""Defending ourselves, and blaming the customer."""

from __future__ import annotations

import pytest

from repliek.tone.rules.attitude import Blame, Defensive
from tests.drafts import draft

DEFENSIVE = [
    "Dat klopt niet.",
    "Nee, dat is niet waar.",
    "Zoals eerder aangegeven kan dit niet.",
    "Zoals we al zeiden, staat het in de app.",
    "Wij hebben dit correct verwerkt.",
    "We hebben uw betaling juist verwerkt.",
    "Volgens onze gegevens is er niets mis.",
    "Het ligt niet aan ons.",
    "Dat is niet onze schuld.",
    "Daar kunnen wij niets aan doen.",
    "Het staat duidelijk in de voorwaarden.",
    "Dat is nu eenmaal zo.",
    "Dat hebben wij u al verteld.",
    "Dit is u al eerder uitgelegd.",
    "Wij hebben ons aan de regels gehouden.",
    "Dat staat gewoon in de voorwaarden.",
    "In ons systeem is alles in orde.",
    "We did nothing wrong.",
    "Bij ons is niets mis.",
    "That's not true.",
    "As previously mentioned, this is not possible.",
    "According to our records you did not call.",
    "That is not our fault.",
    "There is nothing wrong on our side.",
    "We have already told you.",
]
NOT_DEFENSIVE = [
    "Dat klopt, je hebt gelijk.",
    "Als het bedrag niet klopt, kijk ik met je mee.",
    "Een accu die er bij de helft mee stopt, dat klopt niet.",
    "Dat klopt inderdaad niet, sorry.",
    "Klopt er iets niet?",
    "Volgens onze gegevens is je factuur al betaald.",
    "In onze voorwaarden staat hoe dat werkt.",
    "Zoals je zegt, dat is lang.",
    "Zo zie je meteen wat er mis is.",
    "Er is geen storing bekend in jouw straat.",
    "Het ligt aan ons.",
    "We hebben een fout gemaakt.",
    "Dit is niet hoe het hoort.",
    "Dat is niet fijn om te horen.",
    "That's not how it should be.",
    "That is right.",
    "As soon as it is paid, it works again.",
    "It's our fault, sorry.",
]
BLAME = [
    "U had moeten bellen.",
    "Dat had je eerder moeten melden.",
    "Had je dat maar eerder gezegd, dat had je moeten doen.",
    "Dan moet je maar beter lezen.",
    "Dan moet u maar even wachten.",
    "Je hebt zelf de verkeerde knop gekozen.",
    "U hebt dit zelf veroorzaakt.",
    "Dat is je eigen schuld.",
    "Door uw toedoen werkt het niet.",
    "Je hebt het formulier verkeerd ingevuld.",
    "Als u beter had gekeken, wist u het.",
    "Je bent vergeten te betalen.",
    "Waarom heeft u niet eerder gebeld?",
    "Had dan eerst gebeld.",
    "Je hebt niet goed gekeken.",
    "Lees de volgende keer de voorwaarden.",
    "Dat komt doordat u niet op tijd betaalde.",
    "You didn't read the instructions.",
    "You should have called us.",
    "If you had read the mail, you would know.",
    "It's your own fault.",
    "You failed to pay.",
    "Next time, please read the terms.",
]
NO_BLAME = [
    "Dat had niet mogen gebeuren.",
    "Hebt u zelf een router?",
    "Je bent niet vergeten.",
    "Heb je zelf al een ander stopcontact geprobeerd?",
    "U had een antwoord moeten krijgen.",
    "Je had allang van ons moeten horen.",
    "Je had dit niet drie keer moeten vragen.",
    "Daar had je ons al over gehoord moeten hebben.",
    "We hadden je moeten bellen.",
    "Je hebt zelf de keuze.",
    "Je hebt zelf al veel geprobeerd.",
    "Dat kun je zelf aanpassen in de app.",
    "Je hebt gelijk, dat las ik verkeerd.",
    "U hebt de verkeerde factuur gekregen.",
    "We zijn het vergeten, sorry.",
    "Kies 'Wachtwoord vergeten'.",
    "Je mag maar één keer per maand wisselen.",
    "You should have received a mail.",
    "You should be able to log in now.",
    "We should have called you.",
    "Your own router works too.",
]


@pytest.mark.parametrize("text", DEFENSIVE)
def test_defensive(text: str) -> None:
    assert Defensive().check(draft(f"Hoi Eric,\n{text} ^EK")) is not None


@pytest.mark.parametrize("text", NOT_DEFENSIVE)
def test_not_defensive(text: str) -> None:
    assert Defensive().check(draft(f"Hoi Eric,\n{text} ^EK")) is None


@pytest.mark.parametrize("text", BLAME)
def test_blame(text: str) -> None:
    assert Blame().check(draft(f"Hoi Eric,\n{text} ^EK")) is not None


@pytest.mark.parametrize("text", NO_BLAME)
def test_no_blame(text: str) -> None:
    assert Blame().check(draft(f"Hoi Eric,\n{text} ^EK")) is None
