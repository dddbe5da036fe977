from __future__ import annotations

import pytest

from training.mining.replies import greeted_names, is_small_talk, statements, strip_reply

BODY = "Je vindt de code in de app."


@pytest.mark.parametrize(
    "reply",
    [
        f"Hoi Jan, {BODY}",
        f"Hoi! {BODY} ^EK",
        f"Goedemorgen mevrouw De Vries,\n\n{BODY}\n\nMet vriendelijke groet,\nEva Klein\nWadlijn",
        f"Beste meneer Jansen,\n{BODY}\nMvg, Eva",
        f"  Hallo Ria! {BODY} Groetjes, Eva",
        f"Hey, hoi Sam. {BODY}",
        f"Geachte heer, {BODY}\nVriendelijke groeten",
        f"Dear Ms Smith,\n{BODY}\nKind regards,\nEva",
        f"Good afternoon! {BODY} ^E",
        BODY,
    ],
)
def test_greeting_name_and_closing_are_taken_off(reply: str) -> None:
    assert strip_reply(reply) == BODY


@pytest.mark.parametrize(
    "reply",
    [
        "Dagelijks om zes uur, en op zondag niet.",
        "Het bestelde toestel ligt klaar.",
        "De groetenkaart is verzonden. Je krijgt hem morgen.",
        "",
    ],
)
def test_what_only_looks_like_a_greeting_stays(reply: str) -> None:
    assert strip_reply(reply) == reply


@pytest.mark.parametrize(
    "sentence",
    [
        "Hopelijk heb ik je zo voldoende geïnformeerd.",
        "Fijne dag verder!",
        "Ik wens u een prettige avond, tot ziens!",
        "Bedankt voor je geduld en medewerking, ik waardeer het zeer.",
        "Oké, maak je geen zorgen.",
        "Sorry voor het ongemak.",
        "Ik begrijp helemaal hoe vervelend dit is.",
        "Kan ik je verder nog ergens mee helpen?",
        "Laat het me gerust weten als je nog vragen hebt.",
        "Thank you so much for your patience!",
        "We're sorry to hear about the delay.",
        "Is there anything else I can help you with?",
    ],
)
def test_courtesy_is_small_talk(sentence: str) -> None:
    assert is_small_talk(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        BODY,
        "Sorry, maar de betaling moet nog worden gecontroleerd.",
        "Bedankt voor je geduld Ik heb het boek toegevoegd.",
        "Hoe kan ik je vandaag helpen?",
        "Laat het me weten als je toegang hebt tot de mail.",
        "Je krijgt het bedrag binnen een week terug.",
        "The refund takes five working days.",
    ],
)
def test_what_says_something_is_not(sentence: str) -> None:
    assert not is_small_talk(sentence)


def test_a_reply_is_its_telling_sentences() -> None:
    reply = f"Hoi Jan,\nBedankt voor je bericht! {BODY} Lukt het niet, bel ons dan. Fijne dag nog! ^EK"
    assert statements(reply) == (BODY, "Lukt het niet, bel ons dan.")


def test_a_reply_that_is_small_talk_says_that() -> None:
    assert statements("Graag gedaan! Fijne dag verder.") == ("Graag gedaan!", "Fijne dag verder.")


@pytest.mark.parametrize("reply", ["", "Hoi Jan,", "^EK", "?!"])
def test_a_reply_may_say_nothing(reply: str) -> None:
    assert statements(reply) == ()


def test_an_abbreviation_ends_no_sentence() -> None:
    assert statements("Het staat o.a. in de app en op blz. 5 van de gids.") == (
        "Het staat o.a. in de app en op blz. 5 van de gids.",
    )


def test_who_is_greeted_twice_has_a_name() -> None:
    replies = ["Hoi Jan, kijk even.", "Beste Jan! Dank.", "Dag mevrouw Ria, ja.", "Hallo daar, nee.", "Hoi Ria. Ja."]
    assert greeted_names(replies) == {"Jan", "Ria"}
