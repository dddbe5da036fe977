"""What counts as a promise, what holds one, and what only looks like one."""

from __future__ import annotations

import pytest

from repliek.tone.rules.promises import UnheldPromise
from tests.drafts import draft

RULE = UnheldPromise()
MATTER = "Je vindt alles in de app."

PROMISES = [
    "We bellen je morgen terug.",
    "Ik bel je zo even.",
    "Dan bellen we u.",
    "Een collega belt je.",
    "We zullen je bellen zodra het kan.",
    "Je wordt gebeld door de afdeling.",
    "Je hoort snel van ons.",
    "Ik kom er morgen op terug.",
    "We laten je weten wat eruit komt.",
    "We houden je op de hoogte.",
    "Je krijgt een mail met de uitslag.",
    "We nemen contact met je op.",
    "Ik stuur je een nieuwe op.",
    "Er komt een monteur langs, we sturen u iemand.",
    "We vergoeden de kosten.",
    "Je krijgt het bedrag terug.",
    "Het wordt vergoed.",
    "We betalen het meteen terug.",
    "Ik geef je korting.",
    "Dat lossen we voor je op.",
    "Ik regel het.",
    "Ik sta ervoor in dat het lukt.",
    "Dan sturen we een monteur.",
    "Wij zullen dit uitzoeken en u hierover berichten.",
    "Komt goed!",
    "Het komt helemaal in orde.",
    "Dit wordt vandaag opgelost.",
    "We zorgen ervoor dat het werkt.",
    "Ik beloof dat het niet meer gebeurt.",
    "Dat garandeer ik je.",
    "We kunnen je garanderen dat het werkt.",
    "Ik weet zeker dat het lukt.",
    "Je kunt erop rekenen.",
    "Binnen twee dagen is het klaar.",
    "Het is morgen klaar.",
    "Morgen werkt alles weer.",
    "Over een uur doet hij het weer.",
    "Het is vanavond weer in de lucht.",
    "Vrijdag komt de monteur.",
    "Wat vervelend dat je gisteren niet gebeld werd, we bellen je morgen terug.",
    "We'll call you back tomorrow.",
    "I will send you a new one.",
    "You'll hear from us soon.",
    "You have my word.",
    "It should be fixed later today.",
    "We will refund the amount.",
    "You will get your money back.",
    "We'll make sure it works.",
    "It'll be fixed by Monday.",
    "I promise it won't happen again.",
    "We guarantee that it works.",
    "Rest assured.",
    "It will be there within two days.",
    "The technician will come tomorrow.",
]

NO_PROMISES = [
    "Dan kijk ik met je mee.",
    "Ik zoek uit wat er is misgegaan.",
    "Ik hoor graag van je.",
    "Laat ons weten of het lukt.",
    "Beloven dat het er komt, kunnen we niet.",
    "Dat kan ik je niet beloven.",
    "Garanderen kan ik dat niet.",
    "Op je toestel zit twee jaar garantie.",
    "Beloofd is beloofd, daar heb je gelijk in.",
    "Je zou gisteren gebeld worden, en dat is niet gebeurd.",
    "Een beloofd telefoontje moet gewoon komen.",
    "U had binnen twee dagen antwoord moeten hebben.",
    "Wat vervelend dat je morgen zonder internet zit.",
    "Succes morgen met je presentatie!",
    "Zie je morgen nog steeds niets, laat het dan weten.",
    "Meld het vandaag nog op de site.",
    "Kun je me vanavond een foto sturen?",
    "Goede morgen, wat kan ik voor je doen?",
    "Goedemorgen Eric,",
    "Ik heb je mail van donderdag gelezen.",
    "We bellen nooit om je wachtwoord.",
    "Zeker weten doe je het pas als je meet.",
    "Waar gaat je vraag over?",
    "Ik stuur je een privébericht.",
    "Neem contact op met de winkel.",
    "Komt dit goed over?",
    "I'll have a look with you.",
    "Let me know if it works.",
    "We can't promise when it comes.",
    "You were promised a call that never came.",
    "Good morning, how can I help?",
    "Could you send me a photo tomorrow?",
    "How annoying that you are without internet tomorrow.",
]


@pytest.mark.parametrize("text", PROMISES)
def test_a_promise_that_no_answer_holds(text: str) -> None:
    found = RULE.check(draft(f"Hoi Eric,\n{MATTER} {text} ^EK", MATTER, said=["ik zit morgen zonder internet"]))
    assert found is not None
    assert found.startswith("no answer promises: ")


@pytest.mark.parametrize("text", NO_PROMISES)
def test_no_promise(text: str) -> None:
    assert RULE.check(draft(f"Hoi Eric,\n{MATTER} {text} ^EK", MATTER, said=["ik zit morgen zonder internet"])) is None


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("We bellen je binnen één werkdag.", "Een collega belt u binnen 1 werkdag terug."),
        ("Je hebt het binnen vijf werkdagen terug.", "Het bedrag staat binnen 5 werkdagen weer op je rekening."),
        ("Binnen 2 uur werkt je nummer.", "Activeren kan tot 2 uur duren."),
        ("Je krijgt 25 euro vergoeding.", "Voor een gemiste afspraak is er een vergoeding van 25 euro."),
        ("We sturen een nieuwe op.", "Een andere Wadbox komt met de post."),
        ("You'll get a call within one working day.", "We can call you back within 1 working day."),
        ("We'll refund it.", "Once checked, you'll have it back."),
    ],
)
def test_an_answer_holds_it_in_other_words(text: str, answer: str) -> None:
    assert RULE.check(draft(text, answer)) is None


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("We bellen je binnen 5 werkdagen.", "We bellen je terug. Het geld is er binnen 5 werkdagen."),
        ("Binnen 2 dagen is het er.", "Binnen 3 dagen is het er."),
        ("We bellen je morgen.", "We bellen je graag terug."),
        ("We betalen het terug.", "Bel ons gerust."),
        ("Dat garandeer ik.", "Je hebt twee jaar garantie."),
    ],
)
def test_an_answer_that_promises_something_else_holds_nothing(text: str, answer: str) -> None:
    assert RULE.check(draft(text, answer)) is not None


def test_the_words_of_an_answer_are_no_promise_of_ours() -> None:
    answer = "We bellen je morgen. Dat beloven we."
    assert RULE.check(draft(f"Hoi Eric,\n{answer} ^EK", answer)) is None


def test_two_answers_do_not_hold_one_promise_together() -> None:
    assert RULE.check(draft("We bellen je binnen 2 dagen.", "We bellen je.", "Binnen 2 dagen is het er.")) is not None
