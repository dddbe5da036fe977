"""When the client asks again, when it gives up, and what it raises then."""

from __future__ import annotations

import asyncio
import logging
import pickle
import socket
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpx
import pytest

from repliek.client import AsyncRepliek, Repliek
from repliek.client.errors import (
    ClientError,
    Conflict,
    ConnectionFailed,
    Forbidden,
    Invalid,
    Misconfigured,
    NotFound,
    PreconditionFailed,
    Refused,
    ServerFailed,
    TimedOut,
    Unauthorized,
    Unavailable,
)
from repliek.errors import RepliekError
from repliek.wire.answers import AnswerBody
from repliek.wire.feedback import Action
from repliek.wire.problems import FieldError
from tests.client_stand_in import ADDRESS, ANSWER, KEPT, SUGGESTED, StandIn, ask_awaiting, ask_plainly, problem

MARKER = "zonnebloemolie"
KEY = "rpk_geheim"
Ask = Callable[..., Any]
Call = Callable[[Any], Any]

each_kind = pytest.mark.parametrize("ask", [ask_plainly, ask_awaiting], ids=["plain", "awaited"])

ANSWERED = httpx.Response(200, json=SUGGESTED)
AT_ONCE = {"Retry-After": "0"}


def suggest(repliek: Any) -> Any:
    return repliek.suggest(MARKER)


def feedback(repliek: Any) -> Any:
    return repliek.feedback("7625f5ef", Action.EDITED, suggestion_id="7625f5ef-1", sent_text=MARKER)


def save(repliek: Any) -> Any:
    return repliek.answers.put("parcel", AnswerBody(text=MARKER), etag='"3"')


def overwrite(repliek: Any) -> Any:
    return repliek.answers.put("parcel", AnswerBody(text=MARKER))


def delete(repliek: Any) -> Any:
    return repliek.answers.delete("parcel")


def refusal(ask: Ask, server: StandIn, call: Call = suggest, **settings: Any) -> ClientError:
    with pytest.raises(ClientError) as caught:
        ask(server, call, key=KEY, **settings)
    told = f"{caught.value} {caught.value!r}"
    assert MARKER not in told
    assert KEY not in told
    return caught.value


@each_kind
@pytest.mark.parametrize(
    "first",
    [
        problem(503, AT_ONCE),
        problem(429, AT_ONCE),
        httpx.Response(502),
        httpx.Response(504),
        httpx.Response(503),
        httpx.ConnectError("refused"),
        httpx.ReadError(""),
        httpx.ReadTimeout(""),
        httpx.RemoteProtocolError("Server disconnected without sending a response."),
    ],
    ids=lambda first: str(first.status_code) if isinstance(first, httpx.Response) else type(first).__name__,
)
def test_what_may_pass_is_tried_again(ask: Ask, first: httpx.Response | Exception) -> None:
    server = StandIn([first, ANSWERED])
    assert ask(server, suggest).bundle == SUGGESTED["bundle"]
    one, other = server.asked
    assert one.content == other.content
    assert one.headers == other.headers


@each_kind
def test_the_server_says_when_to_come_back(ask: Ask) -> None:
    server = StandIn([problem(503, {"Retry-After": "1"}), ANSWERED])
    started = time.perf_counter()
    ask(server, suggest)
    assert 1 <= time.perf_counter() - started < 5
    assert len(server.asked) == 2


@each_kind
def test_nobody_waits_for_minutes(ask: Ask) -> None:
    later = datetime.now(UTC) + timedelta(minutes=2)
    server = StandIn([problem(503, {"Retry-After": format_datetime(later, usegmt=True)})])
    error = refusal(ask, server)
    assert isinstance(error, Unavailable)
    assert error.retry_after == pytest.approx(120, abs=5)
    assert len(server.asked) == 1


@each_kind
@pytest.mark.parametrize(("retries", "times"), [(0, 1), (2, 3)])
def test_in_the_end_it_gives_up(ask: Ask, retries: int, times: int) -> None:
    server = StandIn([problem(503, AT_ONCE)])
    error = refusal(ask, server, retries=retries)
    assert isinstance(error, Unavailable)
    assert len(server.asked) == times
    assert error.request_id == server.asked[0].headers["x-request-id"]
    assert str(error) == (
        f"POST {ADDRESS}/v1/suggest (request {error.request_id}): 503 Service Unavailable. "
        "Too many requests are waiting for their turn; try again in a second."
    )


@each_kind
def test_feedback_is_known_for_the_same_however_often_it_is_sent(ask: Ask) -> None:
    server = StandIn([httpx.ReadTimeout(""), httpx.Response(502), httpx.Response(200, json=KEPT)])
    assert ask(server, feedback).feedback_id == "b-1"
    keys = [request.headers["idempotency-key"] for request in server.asked]
    assert len(keys) == 3
    assert len(set(keys)) == 1
    assert len(keys[0]) == 32
    again = StandIn([httpx.Response(200, json=KEPT)])
    ask(again, feedback)
    assert again.asked[0].headers["idempotency-key"] != keys[0]


@each_kind
@pytest.mark.parametrize("call", [save, delete])
def test_what_may_have_been_done_is_not_done_again(ask: Ask, call: Call) -> None:
    server = StandIn([httpx.ReadTimeout("")])
    error = refusal(ask, server, call)
    assert isinstance(error, TimedOut)
    assert error.arrived
    assert str(error).endswith("nothing came in time (ReadTimeout); it may have been done all the same")
    assert len(server.asked) == 1
    refused = StandIn([httpx.Response(502)])
    assert isinstance(refusal(ask, refused, call), Unavailable)
    assert len(refused.asked) == 1


@each_kind
@pytest.mark.parametrize("call", [save, delete])
@pytest.mark.parametrize("first", [httpx.ConnectError("refused"), problem(503, AT_ONCE)], ids=["no way", "503"])
def test_what_was_surely_not_done_is(ask: Ask, call: Call, first: httpx.Response | Exception) -> None:
    server = StandIn([first, httpx.Response(200, json=ANSWER)])
    ask(server, call)
    assert len(server.asked) == 2


@each_kind
def test_a_save_without_a_condition_may_be_done_twice(ask: Ask) -> None:
    server = StandIn([httpx.ReadTimeout(""), httpx.Response(200, json=ANSWER)])
    assert ask(server, overwrite).answer_id == "parcel"


@each_kind
@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, Invalid),
        (401, Unauthorized),
        (403, Forbidden),
        (404, NotFound),
        (405, NotFound),
        (409, Conflict),
        (412, PreconditionFailed),
        (413, Invalid),
        (415, Invalid),
        (418, Refused),
        (422, Invalid),
        (500, ServerFailed),
        (507, ServerFailed),
    ],
)
def test_a_refusal_has_its_own_kind_and_is_final(ask: Ask, status: int, kind: type[Refused]) -> None:
    told = problem(status, {"X-Request-Id": "vraag-1"}, errors=[{"field": "k", "reason": "expected a number"}])
    server = StandIn([told])
    error = refusal(ask, server)
    assert type(error) is kind
    assert isinstance(error, Refused)
    assert error.problem.status == status
    assert error.problem.errors == (FieldError("k", "expected a number"),)
    assert error.request_id == "vraag-1"
    assert str(error).endswith(" k: expected a number.")
    assert len(server.asked) == 1


@each_kind
@pytest.mark.parametrize(
    "response",
    [
        httpx.Response(502, html=f"<h1>Bad Gateway</h1>{MARKER}"),
        httpx.Response(502, json={"detail": MARKER}),
        httpx.Response(502, content=MARKER, headers={"Content-Type": "application/problem+json"}),
        httpx.Response(502),
    ],
    ids=["html", "json", "broken", "empty"],
)
def test_a_proxy_may_say_no(ask: Ask, response: httpx.Response) -> None:
    error = refusal(ask, StandIn([response]), retries=0)
    assert isinstance(error, Unavailable)
    assert (error.problem.title, error.problem.status, error.problem.errors) == ("Bad Gateway", 502, ())
    assert "something between here and the server" in str(error)


@each_kind
def test_nothing_of_the_key_or_the_words_is_logged(ask: Ask, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    ask(StandIn([httpx.Response(502), ANSWERED]), suggest, key=KEY)
    refusal(ask, StandIn([httpx.ReadError(MARKER)]), retries=0)
    assert MARKER not in caplog.text
    assert KEY not in caplog.text


def test_nothing_of_the_key_is_shown() -> None:
    with Repliek(ADDRESS, key=KEY) as repliek:
        sender = repliek.sender
        assert KEY not in f"{repliek!r} {vars(sender)} {sender.http.headers!r} {repliek.answers!r}"


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"base_url": "127.0.0.1:3000"}, "base_url"),
        ({"base_url": ""}, "base_url"),
        ({"base_url": "ftp://repliek.example"}, "base_url"),
        ({"base_url": "http://repliek.example:port"}, "base_url"),
        ({"base_url": f"https://desk:{KEY}@repliek.example"}, "base_url"),
        ({"base_url": f"https://repliek.example?key={KEY}"}, "base_url"),
        ({"base_url": ADDRESS, "key": f"{KEY}\n"}, "key"),
        ({"base_url": ADDRESS, "key": ""}, "key"),
        ({"base_url": ADDRESS, "key": f"{KEY}é"}, "key"),
        ({"base_url": ADDRESS, "brand": " "}, "brand"),
    ],
)
@pytest.mark.parametrize("client", [Repliek, AsyncRepliek])
def test_what_a_client_cannot_be_made_with(client: Callable[..., object], settings: Any, named: str) -> None:
    with pytest.raises(Misconfigured, match=f"^{named}: expected") as caught:
        client(**settings)
    assert KEY not in str(caught.value)


@pytest.fixture
def silent() -> Iterator[str]:
    """The address of something that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


@pytest.fixture
def closed() -> str:
    """An address at which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return f"http://127.0.0.1:{listening.getsockname()[1]}"


def ask_over_tcp(awaited: bool, address: str) -> Any:
    settings: dict[str, Any] = {"timeout": 0.2, "retries": 1}
    if not awaited:
        with Repliek(address, **settings) as repliek:
            return repliek.suggest(MARKER)

    async def ask() -> Any:
        async with AsyncRepliek(address, **settings) as repliek:
            return await repliek.suggest(MARKER)

    return asyncio.run(ask())


@pytest.mark.parametrize("awaited", [False, True], ids=["plain", "awaited"])
def test_a_server_that_says_nothing(silent: str, awaited: bool) -> None:
    started = time.perf_counter()
    with pytest.raises(TimedOut) as caught:
        ask_over_tcp(awaited, silent)
    assert 0.4 <= time.perf_counter() - started < 5
    assert caught.value.arrived
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


@pytest.mark.parametrize("awaited", [False, True], ids=["plain", "awaited"])
def test_no_server_at_all(closed: str, awaited: bool) -> None:
    with pytest.raises(ConnectionFailed, match="no connection could be made") as caught:
        ask_over_tcp(awaited, closed)
    assert not caught.value.arrived
    assert str(caught.value).startswith(f"POST {closed}/v1/suggest (request ")


def test_a_body_that_breaks_off() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, stream=httpx.ByteStream(b"\x1f\x8bno"), headers={"Content-Encoding": "gzip"})

    error = refusal(ask_plainly, StandIn([answer]), retries=0)
    assert isinstance(error, ConnectionFailed)
    assert "failed midway (DecodingError)" in str(error)


class Waiting(httpx.AsyncBaseTransport):
    """Says when a request has come, and answers none of the first."""

    def __init__(self) -> None:
        self.came = asyncio.Event()
        self.requests = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.requests += 1
        self.came.set()
        if self.requests == 1:
            await asyncio.Event().wait()
        return httpx.Response(200, json=SUGGESTED)


def test_a_call_can_be_cancelled() -> None:
    async def run() -> tuple[int, str]:
        transport = Waiting()
        async with AsyncRepliek(ADDRESS, transport=transport) as repliek:
            call = asyncio.create_task(repliek.suggest(MARKER))
            await transport.came.wait()
            call.cancel()
            with pytest.raises(asyncio.CancelledError):
                await call
            assert transport.requests == 1
            return transport.requests, (await repliek.suggest(MARKER)).bundle

    assert asyncio.run(run()) == (1, SUGGESTED["bundle"])


def test_waiting_for_another_try_can_be_cancelled() -> None:
    async def run() -> int:
        server = StandIn([problem(503, {"Retry-After": "20"})])
        async with AsyncRepliek(ADDRESS, transport=httpx.MockTransport(server)) as repliek:
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.2):
                    await repliek.suggest(MARKER)
        return len(server.asked)

    assert asyncio.run(run()) == 1


def test_calls_side_by_side() -> None:
    async def run() -> int:
        server = StandIn([problem(503, AT_ONCE), ANSWERED])
        async with AsyncRepliek(ADDRESS, transport=httpx.MockTransport(server)) as repliek:
            found = await asyncio.gather(*(repliek.suggest(f"Vraag {number}") for number in range(5)))
        assert len({request.headers["x-request-id"] for request in server.asked}) == len(found)
        return len(server.asked)

    assert asyncio.run(run()) == 6


def test_an_error_survives_the_way_to_another_process() -> None:
    errors = [
        refusal(ask_plainly, StandIn([problem(429, {"Retry-After": "60"})])),
        refusal(ask_plainly, StandIn([httpx.ReadError("")]), retries=0),
        refusal(ask_plainly, StandIn([httpx.Response(200)])),
    ]
    for error in errors:
        again = pickle.loads(pickle.dumps(error))
        assert type(again) is type(error)
        assert str(again) == str(error)
        assert vars(again) == vars(error)
        assert isinstance(error, RepliekError)
