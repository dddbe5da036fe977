"""Calls back to a helpdesk, against a stand-in that looks at them as the helpdesk would."""

from __future__ import annotations

import base64
import json
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from pydantic import SecretStr

from serving.helpdesks.adapter import Account, Answer, Helpdesk, Note
from serving.helpdesks.posting import LONGEST_WAIT, Done, GiveUp, TryAgain, new_client, post
from serving.helpdesks.registry import ADAPTERS
from tests.stand_in_helpdesk import Reply, StandIn, stand_in_helpdesk

TOKEN = "t0ken-zonnebloemolie"
NOTE = Note("Voorstel: Hallo Emily é", "<p>Voorstel: Hallo Emily é</p>", draft="<div>Hallo Emily é</div>")
NOW = datetime(2026, 3, 2, 8, 16, tzinfo=UTC)
TICKETS = {
    Helpdesk.ZENDESK: "5158",
    Helpdesk.CHATWOOT: "3/48",
    Helpdesk.ZAMMAD: "81",
    Helpdesk.FRESHDESK: "11",
    Helpdesk.INTERCOM: "1911149811",
}

each = pytest.mark.parametrize("helpdesk", ADAPTERS)


@pytest.fixture(scope="module")
def served() -> Iterator[StandIn]:
    with stand_in_helpdesk() as served:
        yield served


@pytest.fixture
def desk(served: StandIn) -> StandIn:
    served.calls.clear()
    served.replies.clear()
    return served


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    with new_client() as client:
        yield client


def noted(helpdesk: Helpdesk, url: str, answer: Answer = Answer.NOTE) -> httpx.Request:
    account = Account(url, SecretStr(TOKEN), user="814860", answer=answer)
    return ADAPTERS[helpdesk].note(TICKETS[helpdesk], NOTE, account)


def basic(pair: str) -> str:
    return "Basic " + base64.b64encode(pair.encode()).decode()


EXPECTED = {
    Helpdesk.ZENDESK: (
        "PUT /api/v2/tickets/5158.json",
        {"authorization": basic(f"814860/token:{TOKEN}")},
        {"ticket": {"comment": {"html_body": NOTE.html, "public": False}}},
    ),
    Helpdesk.CHATWOOT: (
        "POST /api/v1/accounts/3/conversations/48/messages",
        {"api_access_token": TOKEN},
        {"content": NOTE.text, "message_type": "outgoing", "private": True},
    ),
    Helpdesk.ZAMMAD: (
        "POST /api/v1/ticket_articles",
        {"authorization": f"Token token={TOKEN}"},
        {
            "ticket_id": 81,
            "body": NOTE.html,
            "content_type": "text/html",
            "type": "note",
            "internal": True,
            "sender": "Agent",
        },
    ),
    Helpdesk.FRESHDESK: (
        "POST /api/v2/tickets/11/notes",
        {"authorization": basic(f"{TOKEN}:X")},
        {"body": NOTE.html, "private": True},
    ),
    Helpdesk.INTERCOM: (
        "POST /conversations/1911149811/reply",
        {"authorization": f"Bearer {TOKEN}", "intercom-version": "2.11"},
        {"message_type": "note", "type": "admin", "admin_id": "814860", "body": NOTE.html},
    ),
}


@each
def test_the_call_is_as_the_helpdesk_documents_it(helpdesk: Helpdesk, desk: StandIn, client: httpx.Client) -> None:
    assert post(client, noted(helpdesk, desk.url)) == Done()
    (call,) = desk.calls
    line, headers, body = EXPECTED[helpdesk]
    assert f"{call.method} {call.path}" == line
    assert headers.items() <= call.headers.items()
    assert (call.headers["content-type"], call.headers["accept"]) == ("application/json", "application/json")
    assert call.headers["user-agent"] == "Repliek"
    assert json.loads(call.body) == body


def test_a_draft_is_put_beside_the_ticket(desk: StandIn, client: httpx.Client) -> None:
    assert post(client, noted(Helpdesk.ZAMMAD, desk.url, Answer.DRAFT)) == Done()
    (call,) = desk.calls
    assert f"{call.method} {call.path}" == "PUT /api/v1/tickets/81/shared_draft"
    assert json.loads(call.body)["new_article"] == {
        "body": NOTE.draft,
        "content_type": "text/html",
        "type": "email",
        "internal": False,
    }


@each
@pytest.mark.parametrize("status", [200, 201, 204])
def test_taken_is_done(helpdesk: Helpdesk, status: int, desk: StandIn, client: httpx.Client) -> None:
    desk.replies = [Reply(status, body=b"")]
    assert post(client, noted(helpdesk, desk.url)) == Done()


@each
@pytest.mark.parametrize(
    ("reply", "after"),
    [
        (Reply(429, {"Retry-After": "93"}), timedelta(seconds=93)),
        (Reply(429, {"Retry-After": "Mon, 02 Mar 2026 08:17:00 GMT"}), timedelta(minutes=1)),
        (Reply(429, {"Retry-After": "Mon, 02 Mar 2026 08:00:00 GMT"}), timedelta()),
        (Reply(429, {"Retry-After": "9" * 30}), LONGEST_WAIT),
        (Reply(429, {"Retry-After": "straks"}), None),
        (Reply(429), None),
        (Reply(500), None),
        (Reply(503, {"Retry-After": "5"}), timedelta(seconds=5)),
        (Reply(409), None),
        (Reply(408), None),
    ],
    ids=lambda value: f"{value.status} {value.headers}" if isinstance(value, Reply) else "",
)
def test_what_passes_is_tried_again(
    helpdesk: Helpdesk, reply: Reply, after: timedelta | None, desk: StandIn, client: httpx.Client
) -> None:
    desk.replies = [reply]
    assert post(client, noted(helpdesk, desk.url), NOW) == TryAgain(f"127.0.0.1 answered {reply.status}", after)
    assert post(client, noted(helpdesk, desk.url), NOW) == Done()


@each
@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 418, 422])
def test_what_does_not_pass_is_given_up(helpdesk: Helpdesk, status: int, desk: StandIn, client: httpx.Client) -> None:
    desk.replies = [Reply(status, body=b'{"error": "Hallo Emily"}')]
    outcome = post(client, noted(helpdesk, desk.url))
    assert isinstance(outcome, GiveUp)
    assert outcome.reason.startswith(f"127.0.0.1 answered {status}: ")
    assert "Emily" not in outcome.reason
    assert TOKEN not in outcome.reason


@each
def test_a_token_does_not_follow_a_redirect(helpdesk: Helpdesk, desk: StandIn, client: httpx.Client) -> None:
    with stand_in_helpdesk() as elsewhere:
        desk.replies = [Reply(307, {"Location": elsewhere.url})]
        outcome = post(client, noted(helpdesk, desk.url))
        assert outcome == GiveUp("127.0.0.1 answered 307: it is at another address now; correct url in helpdesks.toml")
        assert elsewhere.calls == []


def test_a_helpdesk_that_hangs_is_tried_again() -> None:
    with stand_in_helpdesk() as desk, httpx.Client(timeout=0.2) as impatient:
        desk.replies = [Reply(200, hang=True)]
        assert post(impatient, noted(Helpdesk.ZAMMAD, desk.url)) == TryAgain("127.0.0.1 did not answer in time")


def test_an_answer_without_end_is_not_read(desk: StandIn, client: httpx.Client) -> None:
    desk.replies = [Reply(201, {"Content-Length": "1000000000"})]
    assert post(client, noted(Helpdesk.ZAMMAD, desk.url)) == Done()


def test_a_helpdesk_that_is_not_there_is_tried_again(client: httpx.Client) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    outcome = post(client, noted(Helpdesk.ZAMMAD, f"http://127.0.0.1:{port}"))
    assert outcome == TryAgain("127.0.0.1 cannot be reached (ConnectError)")


def test_the_default_client_is_not_patient_for_ever() -> None:
    with new_client() as client:
        assert client.timeout.connect == 5
        assert client.timeout.read == 10
        assert not client.follow_redirects
