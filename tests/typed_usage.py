"""How an application uses engine and client; checked for its types by `make test`, and run by tests/test_suggester.py
and tests/test_client.py."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from pathlib import Path
from typing import assert_type

from repliek.client import AsyncRepliek, ClientError, Repliek
from repliek.client.errors import Invalid
from repliek.conversation import Channel, Conversation, Speaker, Turn
from repliek.errors import RepliekError
from repliek.privacy import redact
from repliek.suggester import Suggester
from repliek.suggestions import PastExchange, Suggestion, SuggestionSet
from repliek.tone.register import Register, detect_register
from repliek.wire.answers import AnswerBody, AnswerView, SavedAnswer
from repliek.wire.feedback import Action, FeedbackList, FeedbackResponse, FeedbackView
from repliek.wire.follow_ups import FollowUpView
from repliek.wire.insights import AuthorList
from repliek.wire.suggestions import SuggestionView, SuggestRequest, SuggestResponse


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


def ask_a_server(address: str, message: str) -> str:
    try:
        with Repliek(address, retries=0) as repliek:
            found: SuggestResponse = repliek.suggest(message, channel=Channel.CHAT, k=1)
    except Invalid as error:
        return ", ".join(wrong.field for wrong in error.fields)
    except ClientError as error:
        return type(error).__name__
    first: SuggestionView | None = next(iter(found.suggestions), None)
    return first.text if first else "silence"


async def ask_side_by_side(address: str, messages: list[str]) -> list[int]:
    async with AsyncRepliek(address) as repliek:
        found: list[SuggestResponse] = await asyncio.gather(*(repliek.suggest(message) for message in messages))
        again = [item.result async for item in repliek.suggest_many(SuggestRequest(message=one) for one in messages)]
    assert [one and one.language for one in again] == [one.language for one in found]
    return [len(one.suggestions) for one in found]


async def what_is_awaited(plain: Repliek, awaited: AsyncRepliek) -> None:
    assert_type(plain.feedback("set", Action.IGNORED), FeedbackResponse)
    assert_type(await awaited.feedback("set", Action.IGNORED), FeedbackResponse)
    assert_type(plain.answers.iterate(), Iterator[AnswerView])
    assert_type(awaited.answers.iterate(), AsyncIterator[AnswerView])
    assert_type(plain.answers.put("answer", AnswerBody(text="Onderweg.")), SavedAnswer)
    assert_type(plain.answers.delete("answer", etag='"1"'), None)
    assert_type(await awaited.reviews.list(reviewed=False), FeedbackList)
    assert_type(plain.reviews.iterate(action=Action.EDITED), Iterator[FeedbackView])
    assert_type(await awaited.reviews.approve("event"), FeedbackView)
    assert_type(await awaited.insights.authors(), AuthorList)
    assert_type(awaited.follow_ups.iterate(agent="eva", within_hours=2), AsyncIterator[FollowUpView])
    assert_type(plain.follow_ups.done("promise"), FollowUpView)
