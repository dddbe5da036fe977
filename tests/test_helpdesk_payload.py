"""Bodies that are no webhooks: too large, too deep, no JSON, anything at all."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given, strategies

from repliek.conversation import Channel
from repliek.wire.problems import MAX_BODY_BYTES
from serving.helpdesks.adapter import Adapter, Delivery, Event, Ignored
from serving.helpdesks.asking import request_of
from serving.helpdesks.payload import PayloadError
from serving.helpdesks.registry import ADAPTERS
from tests.helpdesk_deliveries import DATA, delivered, payload

each_adapter = pytest.mark.parametrize("adapter", ADAPTERS.values(), ids=lambda adapter: adapter.helpdesk)

JSON = strategies.recursive(
    strategies.none()
    | strategies.booleans()
    | strategies.floats(allow_nan=False, allow_infinity=False)
    | strategies.integers()
    | strategies.text(),
    lambda inner: strategies.lists(inner) | strategies.dictionaries(strategies.text(), inner),
    max_leaves=20,
)
NAMES = ["zendesk_comment_added", "zendesk_trigger", "chatwoot_message_created", "zammad_article", "freshdesk_reply"]
NAMES += ["intercom_replied", "zendesk_message_added", "zendesk_ticket_created"]


def adapter_of(name: str) -> Adapter:
    return next(adapter for adapter in ADAPTERS.values() if name.startswith(adapter.helpdesk))


def outcome(adapter: Adapter, body: object) -> type | int:
    """What came of a body: the type of what was read, or the status of the refusal."""
    try:
        found = adapter.read(delivered(body), {})
    except PayloadError as error:
        return error.problem.status
    if isinstance(found, Event):
        request_of(found)
    return type(found)


@each_adapter
@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"zonnebloemolie", 400),
        (b"\xff\xfe{}", 400),
        (b'{"event": "\xc3"}', 400),
        (b'{"event": "\\ud800"}', 400),
        (b'{"event": NaN}', 400),
        (b'{"event": ' + b"9" * 5000 + b"}", 400),
        (b"[" * 100_000, 400),
        (b'{"a":' * 20_000 + b"1" + b"}" * 20_000, 400),
        (b" " * 1_000_000, 413),
        (b"null", 422),
        (b"[]", 422),
        (b"5", 422),
    ],
    ids=lambda value: str(value[:12]) if isinstance(value, bytes) else None,
)
def test_what_is_no_webhook_is_refused(adapter: Adapter, body: bytes, status: int) -> None:
    started = time.perf_counter()
    with pytest.raises(PayloadError) as error:
        adapter.read(Delivery(body), {})
    assert error.value.problem.status == status
    assert "zonnebloemolie" not in str(error.value)
    assert time.perf_counter() - started < 1


@each_adapter
@given(body=JSON)
def test_any_json_is_read_ignored_or_refused(adapter: Adapter, body: object) -> None:
    assert outcome(adapter, body) in {Event, Ignored, 422}


@pytest.mark.parametrize("name", NAMES)
@given(data=strategies.data())
def test_any_value_in_any_field_is_read_ignored_or_refused(name: str, data: strategies.DataObject) -> None:
    body = payload(name)
    place = body
    while True:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        key = data.draw(strategies.sampled_from(keys))
        if not isinstance(place[key], dict | list) or not place[key] or data.draw(strategies.booleans()):
            break
        place = place[key]
    place[key] = data.draw(JSON)
    assert outcome(adapter_of(name), body) in {Event, Ignored, 422}


@pytest.mark.parametrize("name", NAMES)
def test_every_event_makes_a_request(name: str) -> None:
    found = adapter_of(name).read(delivered(payload(name)), {})
    assert isinstance(found, Event)
    request = request_of(found)
    assert (request.message, request.channel) == (found.message, found.channel)
    assert len(request.conversation) == len(found.turns)
    assert (request.received_at, request.conversation_id) == (found.received_at, found.ticket)
    assert request.customer is not None
    assert request.agent is not None
    assert (request.customer.id, request.agent.id) == (found.customer_id, found.agent_id)


def test_a_request_holds_at_most_what_the_engine_reads() -> None:
    body = payload("chatwoot_message_created") | {"content": "storing " * 20_000}
    body["sender"]["name"] = "Emily " * 100
    body["conversation"]["messages"] = [
        body["conversation"]["messages"][0] | {"id": number, "content": f"vraag {number}"} for number in range(80)
    ]
    found = adapter_of("chatwoot").read(delivered(body), {})
    assert isinstance(found, Event)
    request = request_of(found)
    assert len(request.message) <= 20_000
    assert [request.conversation[0].text, request.conversation[-1].text] == ["vraag 30", "vraag 79"]
    assert request.customer is not None
    assert len(request.customer.name or "") <= 100


def test_control_characters_do_not_come_through() -> None:
    body = payload("chatwoot_message_created") | {"content": "Wan\x00neer\r\nis\x1b[0m het\topgelost?"}
    found = adapter_of("chatwoot").read(delivered(body), {})
    assert isinstance(found, Event)
    assert found.message == "Wanneer\nis[0m het opgelost?"


def test_recorded_payloads_are_within_the_limit() -> None:
    files = sorted(DATA.glob("*.json"))
    assert len(files) == 13
    for file in files:
        assert len(file.read_bytes()) < MAX_BODY_BYTES
        assert json.loads(file.read_text(encoding="utf-8"))


def test_a_channel_of_the_source_goes_first() -> None:
    found = adapter_of("intercom").read(delivered(payload("intercom_replied")), {"conversation": Channel.REVIEW})
    assert isinstance(found, Event)
    assert found.channel is Channel.REVIEW
