"""What an agent's decision teaches: the exchange that stands for it in a history, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from sqlalchemy.orm import Session

from repliek.brand import Brand
from repliek.bundle import LAYOUT, read_manifest
from repliek.conversation import Channel, Speaker
from repliek.history import ContextTurn, Exchange
from repliek.knowledge import KnowledgeBase
from repliek.privacy import Kind, Redactor, unsigned
from repliek.tone.register import Register
from repliek.vocabulary import EditKind
from repliek.wire.feedback import Action
from serving.store.answers import overlay
from serving.store.decisions import Decision, Verdict
from serving.store.erasures import erased_ids
from serving.store.pseudonyms import Pseudonyms

_STILL_THE_ANSWER = frozenset({None, EditKind.AS_IS, EditKind.TONE, EditKind.LENGTH, EditKind.REGISTER})
"""Other edits say something else than the answer did, so what was sent is not that answer any more."""


class LeftOut(StrEnum):
    """Why a decision is not in the history; the value travels in JSON."""

    SUPERSEDED = "superseded"
    REFUSED = "refused"
    IGNORED = "ignored"
    UNREVIEWED = "unreviewed"
    NOTHING_SENT = "nothing_sent"
    ERASED = "erased"
    REPEATED = "repeated"
    OVER_SHARE = "over_share"

    @property
    def told(self) -> str:
        """The same for people."""
        return _TOLD[self]


_TOLD = {
    LeftOut.SUPERSEDED: "a later decision on the same message takes its place",
    LeftOut.REFUSED: "refused by a reviewer",
    LeftOut.IGNORED: "the suggestions were ignored",
    LeftOut.UNREVIEWED: "edited or rejected, and not reviewed yet",
    LeftOut.NOTHING_SENT: "nobody knows what was sent",
    LeftOut.ERASED: "the customer's data was erased",
    LeftOut.REPEATED: "the same message and reply of the same agent",
    LeftOut.OVER_SHARE: "more than one agent's share",
}


class Redaction:
    """The last look at texts before they leave the store. They are redacted there; this is a second lock."""

    def __init__(self, public: Iterable[str] = ()) -> None:
        """Args: public: words that are nobody's name, such as the brand's own."""
        self._public = frozenset(public)
        self._redactor = Redactor(public=self._public)

    def of_customer(self, text: str) -> str:
        """Return what a customer wrote, redacted."""
        return self._redactor.redact(text)

    def of_agent(self, text: str) -> str:
        """Return what an agent sent, redacted and without initials; whom it greets is named nowhere else in it."""
        text = unsigned(text)
        found = self._redactor.find(text)
        names = {text[one.start : one.end] for one in found if one.kind is Kind.NAME}
        return (Redactor(public=self._public, names=names) if names else self._redactor).redact(text)

    def of_turn(self, turn: Mapping[str, str]) -> ContextTurn:
        """Return an earlier turn, as it stands in a history."""
        speaker = Speaker(turn["speaker"])
        of = self.of_agent if speaker is Speaker.AGENT else self.of_customer
        return ContextTurn(speaker=speaker, text=of(turn["text"]))


@dataclass(frozen=True, slots=True)
class Lessons:
    """Reads decisions of one brand.

    Attributes:
        knowledge: the answers as they are now: they tell what an answer is for.
        redaction: looks at texts once more.
        pseudonyms: of the agents.
        erased: ids of exchanges that must not be learned from.
    """

    knowledge: KnowledgeBase
    redaction: Redaction
    pseudonyms: Pseudonyms
    erased: frozenset[str]

    @classmethod
    def prepare(cls, session: Session, brand: str, bundle: Path) -> Lessons:
        """Take what is needed out of the store and out of the brand's bundle, in folder `bundle`.

        Raises:
            RepliekError: there is no bundle, or it cannot be read.
        """
        read_manifest(bundle)
        answers = bundle / LAYOUT.answers
        bundled = KnowledgeBase.from_jsonl(answers) if answers.is_file() else KnowledgeBase(())
        name = Brand.from_toml(bundle / LAYOUT.brand).name
        return cls(
            knowledge=bundled.edited(overlay(session, brand).edits),
            redaction=Redaction(public=(name, *name.split())),
            pseudonyms=Pseudonyms.of(session, brand),
            erased=erased_ids(session, brand),
        )

    def of(self, decision: Decision) -> Exchange | LeftOut:
        """Return what is learned from a decision, or why nothing is.

        Nobody checked which emotion a message was read as, so that is not handed on.
        """
        reply = _sent(decision)
        reason = self._reason(decision, reply)
        if reason:
            return reason
        answer = decision.chosen.only_answer if reply and decision.chosen and _is_the_answer(decision) else None
        return Exchange(
            exchange_id=decision.set_id,
            message=self.redaction.of_customer(decision.message),
            reply=self.redaction.of_agent(reply) if reply else None,
            answer_id=answer,
            suggested=_judged_first(decision),
            intent=self._intent(answer),
            conversation_id=decision.conversation_id,
            context=tuple(map(self.redaction.of_turn, decision.context)),
            channel=Channel(decision.channel),
            language=decision.language,
            register=Register(decision.register) if decision.register else None,
            asked_at=decision.asked_at,
            replied_at=decision.sent_at,
            agent=self.pseudonyms.name(decision.agent) if decision.agent else None,
            outcome=decision.action,
        )

    def _reason(self, decision: Decision, reply: str | None) -> LeftOut | None:
        if decision.set_id in self.erased:
            return LeftOut.ERASED
        if decision.superseded:
            return LeftOut.SUPERSEDED
        if decision.verdict == Verdict.REFUSED:
            return LeftOut.REFUSED
        if decision.action == Action.IGNORED:
            return LeftOut.IGNORED
        if not _is_as_suggested(decision) and not (decision.reviewed and decision.verdict == Verdict.APPROVED):
            return LeftOut.UNREVIEWED
        # Who rejected what stood at the top taught something, whatever was sent in its place.
        if reply is None and not (decision.action == Action.REJECTED and _judged_first(decision)):
            return LeftOut.NOTHING_SENT
        return None

    def _intent(self, answer_id: str | None) -> str | None:
        topic = self.knowledge.topic_of(answer_id) if answer_id else None
        return self.knowledge.wordings[topic][0].intent if topic else None


def _is_as_suggested(decision: Decision) -> bool:
    """Whether an agent sent what was suggested, word for word, whatever they called it."""
    return decision.action == Action.ACCEPTED and decision.edit_kind in {None, EditKind.AS_IS}


def _is_the_answer(decision: Decision) -> bool:
    sent = decision.action in {Action.ACCEPTED, Action.EDITED}
    return sent and decision.edit_kind in _STILL_THE_ANSWER


def _sent(decision: Decision) -> str | None:
    """Return what the customer got, as far as that is known."""
    if decision.sent_text and decision.sent_text.strip():
        return decision.sent_text
    return decision.chosen.text if decision.chosen and _is_as_suggested(decision) else None


def _judged_first(decision: Decision) -> str | None:
    """Return the answer that was suggested first, unless it was another one that was rejected."""
    of_another = decision.action == Action.REJECTED and decision.chosen not in {None, decision.first}
    return decision.first.only_answer if decision.first and not of_another else None
