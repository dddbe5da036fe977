from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from repliek.brand import Brand, HandOver, Signature, Team
from repliek.conversation import Channel, Conversation
from repliek.needs import Level, Need, Needs
from repliek.signals import SIGNALS
from repliek.tone.channels import measure
from repliek.tone.compose import Composer
from repliek.tone.openings import Step, opening
from repliek.tone.register import Register, detect_register
from repliek.triage import Handling, Priority, Route, Triage
from repliek.variants import Occasion

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
BRAND = Brand(
    name="Wadlijn",
    hand_over=HandOver(dm="wadlijn.example/bericht", phone="0800-0000", teams={Need.LEGAL_THREAT: "complaints"}),
    teams={"complaints": Team(name="Klachten", address="wadlijn.example/klacht")},
    signature=Signature(closing={"nl": "Groet,", "en": "Regards,"}),
)
LAWYER = "Ik bel mijn advocaat, en kenteken zonnebloem vergeet ik niet"
EVERY_NEED = {
    Need.SELF_HARM: "Ik wil niet meer leven",
    Need.DANGER: "Er komt rook uit het modem",
    Need.DATA_BREACH: "Jullie hebben mijn gegevens gelekt",
    Need.LEGAL_THREAT: LAWYER,
    Need.REGULATOR_THREAT: "Ik meld dit bij de ACM",
    Need.PRESS_THREAT: "Ik stap naar de krant",
    Need.DISCRIMINATION: "Ik word gediscrimineerd",
    Need.BEREAVEMENT: "Mijn man is overleden",
    Need.VULNERABLE: "Ik zit in de schuldhulp",
    Need.BROKEN_PROMISE: "Ik zou gisteren teruggebeld worden",
    Need.THIRD_CONTACT: "Voor de derde keer vraag ik dit",
}


def handle(
    message: str,
    channel: Channel = Channel.CHAT,
    brand: Brand = BRAND,
    register: Register = Register.JE,
    language: str = "nl",
) -> Handling:
    conversation = Conversation(message, channel, customer_name="Eric", agent_initials="EK")
    occasion = Occasion(language, register, conversation.channel, NOON.date())
    return Triage(Needs(SIGNALS), brand, Composer(brand)).handle(conversation, occasion, NOON)


def test_an_ordinary_message_is_handed_to_nobody_and_may_wait_for_the_reply_time() -> None:
    found = handle("Waar blijft mijn pakket?")
    assert found == Handling((), None, None, Priority(Level.NORMAL, NOON + timedelta(minutes=60)))


@pytest.mark.parametrize("need", Need)
def test_the_same_message_has_the_same_priority_on_every_channel(need: Need) -> None:
    priorities = {handle(EVERY_NEED[need], channel).priority for channel in Channel}
    assert len(priorities) == 1
    assert {handle(EVERY_NEED[need], channel).needs for channel in (Channel.EMAIL, Channel.CHAT, Channel.X)} == {
        (need,)
    }


def test_who_waits_longer_goes_first_and_who_needs_more_goes_before() -> None:
    triage = Triage(Needs(SIGNALS), BRAND, Composer(BRAND))

    def before(message: str, waited: int) -> datetime:
        received = NOON - timedelta(minutes=waited)
        return triage.handle(
            Conversation(message), Occasion("nl", Register.JE, Channel.CHAT, received.date()), received
        ).priority.before

    ordinary = "Waar blijft mijn pakket?"
    assert before(ordinary, 10) < before(ordinary, 0)
    assert before(EVERY_NEED[Need.DANGER], 0) < before(LAWYER, 0) < before(EVERY_NEED[Need.VULNERABLE], 0)
    assert before(EVERY_NEED[Need.VULNERABLE], 0) < before(ordinary, 0)
    assert before(ordinary, 50) < before(EVERY_NEED[Need.VULNERABLE], 0)


@pytest.mark.parametrize(
    ("message", "channel", "route", "address", "team"),
    [
        (LAWYER, Channel.X, Route.DM, "wadlijn.example/bericht", "Klachten"),
        (LAWYER, Channel.EMAIL, Route.TEAM, "wadlijn.example/klacht", "Klachten"),
        (EVERY_NEED[Need.DANGER], Channel.CHAT, Route.PHONE, "0800-0000", None),
        (EVERY_NEED[Need.VULNERABLE], Channel.CHAT, Route.TEAM, None, None),
    ],
)
def test_the_route_leaves_the_public_and_calls_where_it_cannot_wait(
    message: str, channel: Channel, route: Route, address: str | None, team: str | None
) -> None:
    found = handle(message, channel).hand_over
    assert found is not None
    assert (found.route, found.address, found.team) == (route, address, team)


def test_without_addresses_somebody_joins_where_we_are() -> None:
    for channel in (Channel.X, Channel.CHAT):
        found = handle(EVERY_NEED[Need.DANGER], channel, Brand()).hand_over
        assert found is not None
        assert (found.route, found.address, found.team) == (Route.TEAM, None, None)
        assert "112" in found.opening
    public = handle(LAWYER, Channel.X, Brand(hand_over=HandOver(phone="0800-1"))).hand_over
    assert public is not None
    assert public.route is Route.PHONE


def test_the_team_is_that_of_the_gravest_need_that_has_one() -> None:
    found = handle(f"Mijn man is overleden. {LAWYER}. Er komt rook uit het modem!").hand_over
    assert found is not None
    assert found.reasons == (Need.DANGER, Need.LEGAL_THREAT, Need.BEREAVEMENT)
    assert found.team == "Klachten"


def test_only_what_cannot_wait_is_escalated() -> None:
    found = handle(f"{LAWYER}. Voor de derde keer vraag ik dit.")
    assert found.escalation is not None
    assert found.escalation.reasons == (Need.LEGAL_THREAT,)
    assert handle(EVERY_NEED[Need.BEREAVEMENT]).escalation is None
    assert handle(EVERY_NEED[Need.THIRD_CONTACT]).escalation is None


def test_reasons_repeat_nothing_of_what_the_customer_wrote() -> None:
    found = handle(LAWYER)
    assert found.hand_over is not None
    assert found.escalation is not None
    assert "zonnebloem" not in repr(found)
    assert found.escalation.detail == "The customer speaks of a lawyer or a court."


@pytest.mark.parametrize("need", Need)
@pytest.mark.parametrize("language", ["nl", "en", "de"])
def test_every_opening_keeps_its_channel_and_its_register(need: Need, language: str) -> None:
    for channel, register in product(Channel, Register):
        found = handle(EVERY_NEED[need], channel, register=register, language=language).hand_over
        assert found is not None
        assert found.opening.count("EK") == (channel is not Channel.PHONE)  # a signature is not said aloud
        assert "{" not in found.opening
        assert "!" not in found.opening
        assert measure(found.opening, channel).fits
        if language == "nl":
            expected = Register.JE if register is Register.JE else Register.U
            assert detect_register(found.opening) in {expected, Register.NEUTRAL}


def test_who_thinks_of_suicide_is_told_whom_to_call() -> None:
    for language in ("nl", "en"):
        found = handle(EVERY_NEED[Need.SELF_HARM], language=language).hand_over
        assert found is not None
        assert "113 (0800-0113)" in found.opening
        assert "112" in found.opening
    abroad = Brand(hand_over=HandOver(crisis="1813", emergency="101"))
    belgian = handle(EVERY_NEED[Need.SELF_HARM], brand=abroad).hand_over
    assert belgian is not None
    assert "1813" in belgian.opening
    assert "101" in belgian.opening
    assert "113 (" not in belgian.opening


def test_an_opening_says_how_to_go_on() -> None:
    here = Step(dm=None, phone=None, emergency="112", crisis="113")
    by_dm = Step(dm="dm.example", phone=None, emergency="112", crisis="113")
    assert opening(Need.BEREAVEMENT, "nl", Register.U, here).endswith("Een collega die hierover gaat, leest mee.")
    assert opening(Need.BEREAVEMENT, "nl", Register.U, by_dm).endswith(
        "Stuurt u een privébericht? Dat kan via dm.example."
    )
    assert opening(Need.BEREAVEMENT, "en", Register.U, by_dm).startswith("I am very sorry for your loss.")
