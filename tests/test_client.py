"""The client and the real server."""

from __future__ import annotations

import asyncio
import inspect
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

import repliek.client
from repliek.client import AsyncRepliek, Repliek
from repliek.client.errors import Forbidden, Invalid, NotFound, PreconditionFailed, Unauthorized, Unavailable
from repliek.conversation import Channel
from repliek.decision import Reason
from repliek.suggester import Suggester
from repliek.tone.register import Register
from repliek.vocabulary import Origin
from repliek.wire.answers import AnswerBody, Format
from repliek.wire.feedback import Action, FeedbackResponse, Verdict
from repliek.wire.suggestions import Agent, BatchItem, SuggestRequest, SuggestResponse
from serving.desk import Desk
from serving.settings import ROOT, Settings
from serving.store import keys
from serving.store.database import Database
from serving.store.keys import Scope
from tests import typed_usage
from tests.fixture_bundle import ANSWERS, MESSAGES
from tests.http_server import running
from tests.served import migrated, served, served_alone, sqlite_url


@pytest.fixture(scope="module")
def app(suggester: Suggester, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    with served_alone(suggester, tmp_path_factory.mktemp("store")) as app:
        yield app


@pytest.fixture(scope="module")
def server(app: FastAPI) -> Iterator[str]:
    """The address of the server."""
    with running(app) as address:
        yield address


def texts(found: SuggestResponse) -> list[str]:
    return [one.text for one in found.suggestions]


def test_a_suggestion(server: str) -> None:
    with Repliek(server) as repliek:
        found = repliek.suggest(MESSAGES.suggested, channel=Channel.X, agent=Agent(initials="EK"), k=1)
        assert texts(found) == ["Hoi,\nJe pakket is onderweg. Je ontvangt het binnen twee werkdagen. ^EK"]
        silent = repliek.suggest(MESSAGES.out_of_scope)
    assert silent.abstained
    assert silent.abstained.reason is Reason.OUT_OF_SCOPE


def test_many_messages(server: str) -> None:
    messages = [MESSAGES.suggested, MESSAGES.out_of_scope] * 35
    with Repliek(server) as repliek:
        found = list(repliek.suggest_many(SuggestRequest(message=message) for message in messages))
        alone = [repliek.suggest(message) for message in messages[:2]]
    assert len(found) == len(messages)
    assert [texts(item.result) for item in found if item.result] == [texts(one) for one in alone] * 35


def test_the_same_awaited(app: FastAPI, server: str) -> None:
    async def ask() -> tuple[SuggestResponse, list[BatchItem]]:
        async with AsyncRepliek("http://repliek.example", transport=httpx.ASGITransport(app)) as repliek:
            one, _ = await asyncio.gather(repliek.suggest(MESSAGES.suggested), repliek.suggest(MESSAGES.blocked))
            requests = [SuggestRequest(message=MESSAGES.suggested)] * 3
            return one, [item async for item in repliek.suggest_many(requests)]

    one, many = asyncio.run(ask())
    with Repliek(server) as repliek:
        assert texts(one) == texts(repliek.suggest(MESSAGES.suggested))
    assert [texts(item.result) for item in many if item.result] == [texts(one)] * 3


def test_one_client_for_many_threads(server: str) -> None:
    with Repliek(server) as repliek, ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: texts(repliek.suggest(MESSAGES.suggested)), range(40)))
    assert found == [found[0]] * 40


LONG_AGO = datetime.now(UTC) - timedelta(days=9)


def promised(repliek: Repliek, agent: str) -> FeedbackResponse:
    """Feedback of an agent who promised to call, and is late by now."""
    found = repliek.suggest(MESSAGES.suggested)
    shown = found.suggestions[0]
    return repliek.feedback(
        found.suggestion_set_id,
        Action.EDITED,
        suggestion_id=shown.suggestion_id,
        sent_text=f"{shown.text} Ik bel je morgen.",
        agent=agent,
        sent_at=LONG_AGO,
    )


def test_feedback_is_kept_once(server: str) -> None:
    with Repliek(server) as repliek:
        shown = repliek.suggest(MESSAGES.suggested)
        kept, again = (
            repliek.feedback(shown.suggestion_set_id, Action.REJECTED, idempotency_key="ticket-7") for _ in range(2)
        )
        assert again == kept
        with pytest.raises(Invalid) as caught:
            repliek.feedback(shown.suggestion_set_id, Action.IGNORED, idempotency_key="ticket-7")
    assert [error.field for error in caught.value.fields] == ["Idempotency-Key"]


def test_what_was_promised(server: str) -> None:
    with Repliek(server) as repliek:
        promises = {promised(repliek, "ella").follow_ups[0].follow_up_id for _ in range(3)}
        overdue = list(repliek.follow_ups.iterate(overdue=True, agent="ella", limit=1))
        assert {one.follow_up_id for one in overdue} == promises
        assert repliek.follow_ups.done(overdue[0].follow_up_id).done_at
        first = repliek.follow_ups.list(within_hours=0, agent="ella", limit=1)
        rest = repliek.follow_ups.list(within_hours=0, agent="ella", after=first.next)
        assert (first.items + rest.items, rest.next) == (tuple(overdue[1:]), None)
        (done,) = repliek.follow_ups.list(done=True, agent="ella").items
    assert (done.follow_up_id, done.overdue) == (overdue[0].follow_up_id, False)


def test_what_may_teach(server: str) -> None:
    today, day = datetime.now(UTC).date(), timedelta(days=1)
    with Repliek(server) as repliek:
        kept = [promised(repliek, "karim").feedback_id for _ in range(3)]
        events = repliek.reviews.iterate(
            reviewed=False, action=Action.EDITED, agent="karim", since=today - day, limit=1
        )
        approved = [repliek.reviews.approve(event.feedback_id) for event in events]
        assert [one.feedback_id for one in approved] == kept
        assert {(one.verdict, one.message) for one in approved} == {(Verdict.APPROVED, MESSAGES.suggested)}
        assert repliek.reviews.refuse(kept[0]).verdict is Verdict.REFUSED
        assert len(repliek.reviews.list(reviewed=True, agent="karim", until=today + day).items) == 3
        assert repliek.reviews.list(agent="karim", until=today - 2 * day).items == ()


def test_whose_answers_were_used(server: str) -> None:
    with Repliek(server) as repliek:
        promised(repliek, "max")
        (author,) = (one for one in repliek.insights.authors().items if one.edited)
        assert repliek.insights.authors(until=LONG_AGO.date()).items[0].suggested == 0
    assert (author.author, author.origin) == (None, Origin.AGENT)
    assert author.suggested >= author.shown_first >= author.edited


@pytest.mark.parametrize("answer_id", ["parcel-snow", "parcel/snow?really#so", ".."])
def test_the_life_of_an_answer(server: str, answer_id: str) -> None:
    async def live() -> None:
        async with AsyncRepliek(server) as repliek:
            answers = repliek.answers
            snow = AnswerBody(
                text="Door de sneeuw komt je pakket later. Neem uw tijd.", language="nl", register=Register.JE
            )
            first = await answers.create(answer_id, snow)
            assert (first.version, first.updated_by) == (1, None)
            assert first.warnings == ("wrong_register, expected je, found uw",)
            with pytest.raises(PreconditionFailed):
                await answers.create(answer_id, snow)
            second = await answers.put(answer_id, replace(snow, text="Het sneeuwt."), etag=first.etag)
            with pytest.raises(PreconditionFailed) as caught:
                await answers.put(answer_id, snow, etag=first.etag)
            assert "read it again" in caught.value.problem.detail
            assert (await answers.get(answer_id)).etag == second.etag

            everything = [one.answer_id async for one in answers.iterate(limit=3)]
            assert everything == sorted({*(answer.answer_id for answer in ANSWERS), answer_id})
            assert [one.answer_id for one in (await answers.list(q="sneeuwt", language="nl")).items] == [answer_id]
            for form in (Format.JSONL, Format.CSV):
                exported = await answers.export(form=form, q="sneeuwt")
                assert exported.count(b"Het sneeuwt.") == 1
                imported = await answers.import_(exported, form=form)
                assert (imported.unchanged, imported.created, imported.rejected) == (1, 0, ())

            await answers.delete(answer_id, etag=second.etag)
            with pytest.raises(NotFound):
                await answers.get(answer_id)
            versions = (await answers.versions(answer_id)).items
            assert [(one.version, one.answer and one.answer.text) for one in versions] == [
                (3, None),
                (2, "Het sneeuwt."),
                (1, snow.text),
            ]
            (bundled,) = (await answers.versions("delivery-je")).items
            assert (bundled.version, bundled.updated_at) == (0, None)

    asyncio.run(live())


def test_what_is_not_there(server: str) -> None:
    with Repliek(f"{server}/elsewhere") as repliek, pytest.raises(NotFound) as caught:
        repliek.suggest(MESSAGES.suggested)
    assert caught.value.problem.title == "Not Found"
    assert f"POST {server}/elsewhere/v1/suggest (request {caught.value.request_id}): 404 Not Found." in str(
        caught.value
    )


def test_a_server_that_is_too_busy(suggester: Suggester, tmp_path: Path) -> None:
    async def ask(app: FastAPI) -> list[SuggestResponse | BaseException]:
        async with AsyncRepliek("http://repliek.example", retries=0, transport=httpx.ASGITransport(app)) as repliek:
            calls = (repliek.suggest(MESSAGES.suggested) for _ in range(60))
            return await asyncio.gather(*calls, return_exceptions=True)

    with served_alone(suggester, tmp_path, concurrency=1, patience_seconds=0.01) as app:
        found = asyncio.run(ask(app))
    refused = [one for one in found if isinstance(one, Unavailable)]
    assert {one.retry_after for one in refused} == {1.0}
    assert len(refused) + sum(isinstance(one, SuggestResponse) for one in found) == len(found)


def test_who_may_ask_what(suggester: Suggester, tmp_path: Path) -> None:
    settings = Settings(database_url=migrated(sqlite_url(tmp_path)))
    database = Database.from_url(settings.database_url)
    with database.writing() as session:
        _, key = keys.create(session, "wad", "desk", [Scope.SUGGEST])
        _, other = keys.create(session, "wad", "feedback", [Scope.FEEDBACK])
    database.close()
    with served(settings, Desk("lijn", suggester), Desk("wad", suggester)) as app, running(app) as server:

        def ask(key: str | None, brand: str | None = None) -> SuggestResponse:
            with Repliek(server, key, brand) as repliek:
                return repliek.suggest(MESSAGES.suggested)

        assert texts(ask(key)) == texts(ask(key, "wad"))
        for given in (None, "rpk_geheim"):
            with pytest.raises(Unauthorized) as caught:
                ask(given)
            assert "rpk_geheim" not in str(caught.value)
        for given, brand in ((key, "lijn"), (other, None)):
            with pytest.raises(Forbidden):
                ask(given, brand)


def test_the_typed_usage(server: str) -> None:
    assert typed_usage.ask_a_server(server, MESSAGES.suggested).startswith("Hoi,\nJe pakket")
    assert typed_usage.ask_a_server(server, " ") == "message"
    assert typed_usage.ask_a_server("http://127.0.0.1:1", MESSAGES.suggested) == "ConnectionFailed"
    assert asyncio.run(typed_usage.ask_side_by_side(server, [MESSAGES.suggested, MESSAGES.out_of_scope])) == [1, 0]


def test_all_that_is_offered() -> None:
    assert repliek.client.__all__ == ["AsyncRepliek", "ClientError", "Repliek"]
    assert "at most `k` answers" in (Repliek.suggest.__doc__ or "")
    with Repliek("http://repliek.example") as repliek_there:
        suggest = repliek_there.suggest
    assert suggest.__doc__ == Repliek.suggest.__doc__
    assert list(inspect.signature(suggest).parameters)[:3] == ["message", "channel", "conversation"]


@pytest.mark.parametrize("package", ["httpx", "tenacity"])
def test_what_is_missing_is_named(package: str) -> None:
    code = f"import sys; sys.modules['{package}'] = None; import repliek.client"
    ended = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    message = f"ImportError: repliek.client needs {package}; install it with `pip install 'repliek[client]'`"
    assert ended.stderr.splitlines()[-1] == message
