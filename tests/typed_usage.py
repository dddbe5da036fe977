"""How an application uses the engine; checked for its types by `make test`, and run by tests/test_suggester.py."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from repliek.conversation import Channel, Conversation, Speaker, Turn
from repliek.errors import RepliekError
from repliek.privacy import redact
from repliek.suggester import Suggester
from repliek.suggestions import PastExchange, Suggestion, SuggestionSet
from repliek.tone.register import Register, detect_register


def suggest(bundle: Path, message: str) -> SuggestionSet:
    suggester = Suggester.from_bundle(bundle, threads=1)
    return suggester.suggest(Conversation(message), k=3)


def suggest_in_context(suggester: Suggester, received_at: datetime) -> list[str]:
    conversation = Conversation(
        message="En hoe lang duurt dat dan?",
        channel=Channel.X,
        turns=(Turn(Speaker.CUSTOMER, "Mijn router doet het niet."), Turn(Speaker.AGENT, "We sturen een nieuwe.")),
        customer_name="Eric",
        agent_initials="EK",
        language="nl",
        register=Register.U,
        received_at=received_at,
    )
    return [describe(suggestion) for suggestion in suggester.suggest(conversation).suggestions]


def describe(suggestion: Suggestion) -> str:
    nearest: PastExchange | None = next(iter(suggestion.evidence), None)
    similarity: float = nearest.similarity if nearest else 0.0
    room: int = suggestion.length.limit - suggestion.length.used
    return f"{suggestion.answer_id} {suggestion.confidence:.2f} {suggestion.register.value} {similarity:.2f} {room}"


def explain(found: SuggestionSet) -> str:
    if found.abstained is not None:
        return f"{found.abstained.reason.value}: {found.abstained.detail}"
    intent: str = found.intent.label if found.intent else "unknown"
    return f"{intent}, {found.tone.emotion.value}, before {found.due.first_reply.isoformat()}"


def addressed(text: str) -> Register | None:
    return detect_register(redact(text))


def message_or_error(bundle: Path, message: str) -> str:
    try:
        return explain(suggest(bundle, message))
    except RepliekError as error:
        return str(error)
