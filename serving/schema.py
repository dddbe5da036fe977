"""Between the engine's objects and those that travel over HTTP."""

from __future__ import annotations

import uuid

from repliek import conversation as engine
from repliek.decision import Abstention
from repliek.suggestions import SuggestionSet, Tone
from repliek.triage import Referral
from repliek.wire.suggestions import (
    AbstentionView,
    DueView,
    EscalationView,
    EvidenceView,
    HandOverView,
    IntentView,
    LengthView,
    MatterView,
    PartView,
    PriorityView,
    SuggestionView,
    SuggestRequest,
    SuggestResponse,
    ToneView,
)
from serving.store.suggestion_sets import suggestion_id_of


def to_engine(request: SuggestRequest) -> engine.Conversation:
    """Return a request in the engine's terms."""
    return engine.Conversation(
        message=request.message,
        channel=request.channel,
        turns=tuple(engine.Turn(turn.speaker, turn.text) for turn in request.conversation),
        customer_name=(request.customer and request.customer.name) or None,
        agent_initials=(request.agent and request.agent.initials) or None,
        language=request.language,
        register=request.register,
        received_at=request.received_at,
        replying_at=request.replying_at,
        thread=request.thread,
    )


def from_engine(found: SuggestionSet, took_ms: float) -> SuggestResponse:
    """Give what the engine suggests an identity and the names of the HTTP contract."""
    set_id = uuid.uuid4().hex
    return SuggestResponse(
        suggestion_set_id=set_id,
        language=found.language,
        intent=found.intent and IntentView(label=found.intent.label, confidence=_four_digits(found.intent.confidence)),
        tone=_tone(found.tone),
        suggestions=tuple(
            SuggestionView(
                suggestion_id=suggestion_id_of(set_id, rank),
                answer_id=suggestion.answer_id,
                answer_ids=suggestion.answer_ids,
                text=suggestion.text,
                posts=suggestion.posts,
                parts=tuple(PartView(part=one.part, text=one.text) for one in suggestion.parts),
                confidence=_four_digits(suggestion.confidence),
                register=suggestion.register,
                length=LengthView(used=suggestion.length.used, limit=suggestion.length.limit),
                evidence=tuple(
                    EvidenceView(exchange_id=past.exchange_id, similarity=_four_digits(past.similarity))
                    for past in suggestion.evidence
                ),
            )
            for rank, suggestion in enumerate(found.suggestions, start=1)
        ),
        matters=tuple(
            MatterView(
                text=matter.text,
                intent=matter.intent,
                answer_id=matter.answer_id,
                abstained=_silence(matter.abstained),
            )
            for matter in found.matters
        ),
        abstained=_silence(found.abstained),
        hand_over=_referral(found.hand_over),
        escalation=found.escalation
        and EscalationView(reasons=found.escalation.reasons, detail=found.escalation.detail),
        priority=PriorityView(level=found.priority.level, before=found.priority.before),
        warnings=found.warnings,
        due=DueView(first_reply=found.due.first_reply, solution=found.due.solution),
        bundle=found.bundle,
        took_ms=round(took_ms, 2),
    )


def _tone(tone: Tone) -> ToneView:
    confidence = None if tone.confidence is None else _four_digits(tone.confidence)
    return ToneView(register=tone.register, emotion=tone.emotion, confidence=confidence, sarcasm=tone.sarcasm)


def _silence(abstained: Abstention | None) -> AbstentionView | None:
    return abstained and AbstentionView(reason=abstained.reason, detail=abstained.detail)


def _referral(hand_over: Referral | None) -> HandOverView | None:
    return hand_over and HandOverView(
        reasons=hand_over.reasons,
        detail=hand_over.detail,
        route=hand_over.route,
        address=hand_over.address,
        team=hand_over.team,
        opening=hand_over.opening,
    )


def _four_digits(value: float) -> float:
    return round(value, 4)
