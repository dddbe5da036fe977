"""What a decision teaches, and which ones teach nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from repliek.history import Exchange
from repliek.knowledge import Answer, KnowledgeBase
from serving.lessons import LeftOut, Lessons, Redaction
from serving.store.decisions import Decision, Suggested, Verdict
from serving.store.pseudonyms import Pseudonyms
from tests.stored import NOW

FIRST = Suggested(("pickup",), "Hoi Eric,\nJe pakket ligt klaar. Tot ziens, Eric! ^EK")
SECOND = Suggested(("later",), "Hoi Eric,\nHet komt morgen. ^EK")
SEVERAL = Suggested(("pickup", "later"), "Hoi,\nJe pakket ligt klaar.\nHet komt morgen.")

ACCEPTED = Decision(
    set_id="s1",
    message="waar blijft mijn pakket, bel 06-12345678",
    context=[{"speaker": "agent", "text": "Hoi, met Els. Zegt u het maar. ^EV"}],
    channel="chat",
    language="nl",
    register="je",
    conversation_id="gesprek 7",
    asked_at=NOW,
    action="accepted",
    edit_kind=None,
    verdict=None,
    reviewed=False,
    superseded=False,
    sent_text=None,
    agent="ella",
    sent_at=NOW,
    chosen=FIRST,
    first=FIRST,
)
EDITED = replace(ACCEPTED, action="edited", edit_kind="tone", sent_text="Hoi, je pakket ligt voor je klaar.")
REJECTED = replace(ACCEPTED, action="rejected", chosen=None)
APPROVED: dict[str, Any] = {"reviewed": True, "verdict": Verdict.APPROVED}

LESSONS = Lessons(
    knowledge=KnowledgeBase(
        [
            Answer(answer_id="pickup-je", text="x", language="nl", intent="pickup_point", variant_of="pickup"),
            Answer(answer_id="pickup", text="x", language="nl", intent="other", variant_of="pickup"),
        ]
    ),
    redaction=Redaction(public=("Wadlijn",)),
    pseudonyms=Pseudonyms("geheim"),
    erased=frozenset({"erased"}),
)


def taught(decision: Decision) -> Exchange:
    found = LESSONS.of(decision)
    assert isinstance(found, Exchange), found
    return found


def test_what_was_accepted() -> None:
    found = taught(ACCEPTED)
    assert found.exchange_id == "s1"
    assert found.message == "waar blijft mijn pakket, bel [PHONE]"
    assert found.reply == "Hoi [NAME],\nJe pakket ligt klaar. Tot ziens, [NAME]!"
    assert [turn.text for turn in found.context] == ["Hoi, met [NAME]. Zegt u het maar."]
    assert (found.answer_id, found.suggested, found.intent) == ("pickup", "pickup", "pickup_point")
    assert (found.conversation_id, found.channel, found.language, found.register) == ("gesprek 7", "chat", "nl", "je")
    assert (found.asked_at, found.replied_at, found.outcome, found.emotion) == (NOW, NOW, "accepted", None)
    assert found.agent == Pseudonyms("geheim").name("ella")


def test_the_second_was_accepted() -> None:
    found = taught(replace(ACCEPTED, chosen=SECOND))
    assert (found.answer_id, found.suggested, found.intent) == ("later", "pickup", None)


def test_several_answers_in_one_text_are_none_of_them() -> None:
    found = taught(replace(ACCEPTED, chosen=SEVERAL, first=SEVERAL))
    assert (found.answer_id, found.suggested) == (None, None)
    assert found.reply is not None


@pytest.mark.parametrize(
    ("edit_kind", "answer_id"),
    [("as_is", "pickup"), ("tone", "pickup"), ("length", "pickup"), ("register", "pickup"), ("facts", None),
     ("rewritten", None)],
)  # fmt: skip
def test_what_was_edited_and_approved(edit_kind: str, answer_id: str | None) -> None:
    found = taught(replace(EDITED, edit_kind=edit_kind, **APPROVED))
    assert found.reply == "Hoi, je pakket ligt voor je klaar."
    assert (found.answer_id, found.suggested, found.outcome) == (answer_id, "pickup", "edited")


def test_what_was_rejected_and_approved_tells_against_the_first() -> None:
    found = taught(replace(REJECTED, **APPROVED))
    assert (found.suggested, found.answer_id, found.reply, found.intent) == ("pickup", None, None, None)
    assert taught(replace(REJECTED, chosen=FIRST, **APPROVED)).suggested == "pickup"


def test_rejecting_the_second_tells_nothing_of_the_first() -> None:
    assert LESSONS.of(replace(REJECTED, chosen=SECOND, **APPROVED)) is LeftOut.NOTHING_SENT
    found = taught(replace(REJECTED, chosen=SECOND, sent_text="Het ligt bij de buren.", **APPROVED))
    assert (found.suggested, found.answer_id, found.reply) == (None, None, "Het ligt bij de buren.")


@pytest.mark.parametrize(
    ("decision", "reason"),
    [
        (replace(ACCEPTED, set_id="erased"), LeftOut.ERASED),
        (replace(ACCEPTED, superseded=True), LeftOut.SUPERSEDED),
        (replace(ACCEPTED, reviewed=True, verdict=Verdict.REFUSED), LeftOut.REFUSED),
        (replace(ACCEPTED, action="ignored", **APPROVED), LeftOut.IGNORED),
        (EDITED, LeftOut.UNREVIEWED),
        (REJECTED, LeftOut.UNREVIEWED),
        (replace(EDITED, reviewed=True), LeftOut.UNREVIEWED),
        (replace(EDITED, action="accepted", edit_kind="rewritten"), LeftOut.UNREVIEWED),
        (replace(EDITED, sent_text=None, **APPROVED), LeftOut.NOTHING_SENT),
        (replace(ACCEPTED, chosen=None), LeftOut.NOTHING_SENT),
        (replace(REJECTED, first=None, **APPROVED), LeftOut.NOTHING_SENT),
    ],
)
def test_what_teaches_nothing(decision: Decision, reason: LeftOut) -> None:
    assert LESSONS.of(decision) is reason


def test_every_reason_can_be_told() -> None:
    assert all(reason.told for reason in LeftOut)


def test_a_mail_is_signed_by_the_brand_alone() -> None:
    reply = "Beste mevrouw De Vries,\n\nHet komt morgen.\n\nMet vriendelijke groet,\nEK\nWadlijn"
    assert LESSONS.redaction.of_agent(reply) == (
        "Beste mevrouw [NAME],\n\nHet komt morgen.\n\nMet vriendelijke groet,\n\nWadlijn"
    )
