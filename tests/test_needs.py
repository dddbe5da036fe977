from __future__ import annotations

import time

import pytest

from repliek.conversation import Channel, Conversation, Speaker, Turn
from repliek.needs import CONTACTS, Level, ManyContacts, Need, Needs
from repliek.signals import SIGNALS

NEEDS = Needs(SIGNALS)


def needs(message: str, channel: Channel = Channel.CHAT) -> list[str]:
    return [need.value for need in NEEDS.read(Conversation(message, channel))]


@pytest.mark.parametrize(
    ("message", "need"),
    [
        ("Ik zie het leven niet meer zitten", "self_harm"),
        ("ik zie het echt niet meer zitten", "self_harm"),
        ("Ik wil niet meer leven met al die rekeningen", "self_harm"),
        ("straks maak ik een einde aan mijn leven", "self_harm"),
        ("I want to die", "self_harm"),
        ("ik wil dood, zelfs een film kijken gaat niet meer", "self_harm"),
        ("Mijn leven heeft geen zin meer", "self_harm"),
        ("Er komt rook uit het modem!", "danger"),
        ("Het kastje verspreidt een brandlucht", "danger"),
        ("ik ruik gas in de meterkast", "danger"),
        ("Ik word bedreigd op dit nummer", "danger"),
        ("There is a burning smell coming from the router", "danger"),
        ("Jullie hebben mijn gegevens gelekt", "data_breach"),
        ("Ik kreeg een brief van iemand anders, met zijn klantnummer", "data_breach"),
        ("Ik zie in de app de factuur van een andere klant", "data_breach"),
        ("I can see someone else's invoice in my account", "data_breach"),
        ("Dan ga ik nu naar mijn advocaat", "legal_threat"),
        ("Ik overweeg juridische stappen", "legal_threat"),
        ("Als het niet lukt bel ik mijn advocaat", "legal_threat"),
        ("Als jullie niet reageren dan schakel ik een advocaat in", "legal_threat"),
        ("Jullie reageren niet en ik bel nu mijn advocaat", "legal_threat"),
        ("If you don't pay I will call my lawyer", "legal_threat"),
        ("Als dit zo doorgaat zien we elkaar bij de rechter, ik stap naar de rechter", "legal_threat"),
        ("I will call my lawyer", "legal_threat"),
        ("Ik meld dit bij de ACM.", "regulator_threat"),
        ("Ik dien een klacht in bij de Geschillencommissie", "regulator_threat"),
        ("Ik ga een melding doen bij de AP", "regulator_threat"),
        ("Als dit niet opgelost wordt stap ik naar de krant", "press_threat"),
        ("Anders ga ik hiermee naar Kassa!", "press_threat"),
        ("moet ik eerst in de krant?", "press_threat"),
        ("Morgen stap ik naar de media", "press_threat"),
        ("Krijg ik geen antwoord dan ga ik naar de krant", "press_threat"),
        ("I'll go to the press", "press_threat"),
        ("Ik word gediscrimineerd", "discrimination"),
        ("Geweigerd vanwege mijn afkomst", "discrimination"),
        ("Mijn vader is vorige week overleden", "bereavement"),
        ("my wife died and the contract is in her name", "bereavement"),
        ("Ik zit in de schuldsanering", "vulnerable"),
        ("mijn moeder is dement en snapt de brief niet", "vulnerable"),
        ("Ik zou gisteren teruggebeld worden", "broken_promise"),
        ("Er is mij beloofd dat het vandaag klaar zou zijn", "broken_promise"),
        ("I was promised a call back", "broken_promise"),
        ("Voor de derde keer vraag ik dit", "third_contact"),
        ("Ik heb nu al vier keer gebeld", "third_contact"),
        ("This is the third time I am calling about this", "third_contact"),
    ],
)
def test_a_sign_is_seen(message: str, need: str) -> None:
    assert needs(message) == [need]
    assert needs(message.upper()) == [need]


@pytest.mark.parametrize(
    "message",
    [
        # Denied.
        "ik ga echt geen advocaat bellen hoor",
        "Ik stap niet naar de krant, maar leuk is anders",
        "I'm not going to call a lawyer",
        "Er is geen brandlucht hoor, alleen een rood lampje",
        "Ik heb geen schulden en word toch geweigerd",
        # Somebody else's words.
        'Mijn buurman zei "ik bel mijn advocaat", maar ik vraag gewoon om hulp',
        "In de reclame hoor ik 'ik meld dit bij de ACM', grappig spotje",
        # A joke.
        "straks bel ik mijn advocaat, grapje natuurlijk 😂",
        "Ik ga naar Kassa hiermee haha",
        "My 13-year-old negotiates like a lawyer",
        "Wadbox overleden. Kan ik een nieuwe krijgen?",
        "mijn wachtwoord is officieel overleden 💀",
        "ik schaam me dood",
        "ik lach me dood om die reclame",
        # Asked, not threatened.
        "Wat kost de Geschillencommissie en waar begin je dan?",
        "Kan ik met mijn klacht naar de Geschillencommissie?",
        # Words with two meanings.
        "Ik loop naar de tv en druk op de knop",
        "I go to the TV menu and nothing happens",
        "Ik kom van de rechtbank en wil een nieuw toestel",
        "Ik heb drie keer een sms gestuurd naar 1230",
        "Zou ik gebeld worden als het pakket er is?",
        "Ik sta aan de kassa en mijn pas werkt niet",
        "heb letterlijk alleen buienradar gekeken",
        "Zet ik de rechter knop uit of de linker?",
        "Het lukt niet in de app",
        "Ik zie het niet meer zitten met jullie, ik zeg op",
        "Ik zie het bij jullie niet meer zitten",
        "Het heeft geen zin meer om te bellen, niemand neemt op",
        "ik wil dood van schaamte, ik had de stekker er niet in",
        "Jullie plegen commerciële zelfmoord met die prijzen",
        "Valt het nog een keer uit, dan maak ik er een eind aan en zeg ik op",
        "Ik wil de rekening van een ander betalen",
        "Brief van een andere aanbieder: uw contract verloopt",
        "Mijn nummer ligt op straat na een datalek bij een webshop",
        "kaartje in andermans telefoon doet het wel",
        "Dubbele achternaam past niet in het formulier",
        # What was hoped for was not promised; what is repeated was not asked before.
        "Ik zou graag teruggebeld worden",
        "Zou ik teruggebeld kunnen worden?",
        "De beloofde snelheid haal ik niet",
        "Overgestapt op precies de beloofde datum, top",
        "Mag ik deze rekening in drie keer betalen?",
        "Derde keer deze maand geen internet",
        "Hij verloor zijn geduld niet toen ik voor de vierde maal dezelfde vraag stelde, dank!",
        "Waar blijft mijn pakket?",
    ],
)
def test_an_ordinary_message_raises_no_alarm(message: str) -> None:
    assert needs(message) == []


def test_a_negation_does_not_excuse_words_of_self_harm() -> None:
    assert needs("ik ga geen zelfmoord plegen hoor, maar ik ben kapot") == ["self_harm"]
    assert needs('mijn zoon zegt steeds "ik wil niet meer leven"') == ["self_harm"]
    assert needs("een nieuwe serie over zelfmoord, staat die op jullie tv?") == []


def test_notes_of_a_phone_call_quote_the_customer() -> None:
    note = 'Dhr. boos: "ik bel mijn advocaat".'
    assert needs(note, Channel.PHONE) == ["legal_threat"]
    assert needs(note, Channel.EMAIL) == []


def test_several_needs_the_gravest_first() -> None:
    found = needs("Voor de derde keer vraag ik dit. Mijn man is overleden! Ik stap naar de krant.")
    assert found == ["press_threat", "bereavement", "third_contact"]


def test_an_excuse_holds_for_its_own_sentence() -> None:
    assert needs("Ik bel geen advocaat. Ik ga wel naar de krant.") == ["press_threat"]
    assert needs("Geen advocaat?\nDan bel ik er zelf een: mijn advocaat") == ["legal_threat"]


@pytest.mark.parametrize(
    "message",
    ["Ik bel mijn ad\u200bvocaat", "Ik bel mijn \uff41dvocaat", "Ik bel\tmijn   advocaat", "‮Ik bel mijn advocaat"],
)
def test_what_cannot_be_seen_hides_nothing(message: str) -> None:
    assert needs(message) == ["legal_threat"]


@pytest.mark.parametrize("answered", range(CONTACTS + 2))
def test_whoever_was_answered_often_and_writes_again(answered: int) -> None:
    turns = (Turn(Speaker.CUSTOMER, "Het werkt niet."), Turn(Speaker.AGENT, "Herstart eens.")) * answered
    conversation = Conversation("Nog steeds niet.", turns=turns)
    assert ManyContacts().shows(conversation) is (answered >= CONTACTS)
    assert (Need.THIRD_CONTACT in NEEDS.read(conversation)) is (answered >= CONTACTS)


def test_two_messages_in_a_row_are_one_contact() -> None:
    turns = (Turn(Speaker.CUSTOMER, "Hallo"), Turn(Speaker.CUSTOMER, "Mijn tv doet het niet")) * CONTACTS
    assert not ManyContacts().shows(Conversation("Iemand?", turns=(*turns, Turn(Speaker.AGENT, "Dag!"))))


def test_each_need_has_a_signal_and_the_grave_ones_go_first() -> None:
    assert {signal.need for signal in SIGNALS} == set(Need)
    patience = [need.level.patience for need in Need]
    assert patience == sorted(patience)
    assert all(need.silences for need in Need if need.escalates)
    assert [need for need in Need if need.silences and not need.escalates] == [Need.BEREAVEMENT]
    assert Level.NORMAL.patience == 1


@pytest.mark.parametrize(
    "unit", ["zou ik ", "mijn ", "ik bel ' ", '"', "kreeg de ", "ik heb drie keer ", "niet geen ", "🎉"]
)
def test_the_longest_message_takes_no_time(unit: str) -> None:
    message = (unit * 20_000)[:20_000]
    began = time.process_time()
    needs(message)
    assert time.process_time() - began < 1
