"""Helpdesks that are connected to the application: recorded webhooks, signed now, and what comes of them."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import reduce
from pathlib import Path
from typing import Any

from sqlalchemy import select, text, update
from starlette.testclient import TestClient

from repliek.conversation import Channel
from repliek.suggester import Suggester
from serving.desk import Desk
from serving.helpdesks.adapter import Event, Helpdesk
from serving.settings import Settings
from serving.store import deliveries
from serving.store.database import Database
from serving.store.deliveries import Origin
from serving.store.tables import DeliveryRow
from tests.fixture_bundle import MESSAGES
from tests.helpdesk_deliveries import SENDERS, payload
from tests.served import served
from tests.stand_in_helpdesk import Call

PUBLIC = "https://repliek.example"
BRANDS = ("default", "other")
MARKER = "zonnebloemolie"
NOW = datetime(2026, 3, 2, 8, 16, tzinfo=UTC)

_SENDERS = {sender.helpdesk: sender for sender in SENDERS}
_WORDS: Mapping[Helpdesk, tuple[str, tuple[str, ...]]] = {
    Helpdesk.ZENDESK: ("zendesk_comment_added", ("event", "comment", "body")),
    Helpdesk.CHATWOOT: ("chatwoot_message_created", ("content",)),
    Helpdesk.ZAMMAD: ("zammad_article", ("article", "body")),
    Helpdesk.FRESHDESK: ("freshdesk_created", ("freshdesk_webhook", "ticket_description")),
    Helpdesk.INTERCOM: ("intercom_created", ("data", "item", "source", "body")),
    Helpdesk.STANDARD: ("standard_request", ("message",)),
}
"""The recorded body of each, and where the customer's words stand in it."""

_ACCOUNTS: Mapping[Helpdesk, str] = {
    Helpdesk.ZENDESK: 'user = "repliek@wadlijn.example"',
    Helpdesk.INTERCOM: 'user = "814860"',
}


def secret_of(helpdesk: Helpdesk) -> str:
    return _SENDERS[helpdesk].secret


def recorded(helpdesk: Helpdesk, message: str = MESSAGES.suggested) -> Any:
    """The recorded webhook of a helpdesk, with these words of the customer's."""
    name, (*path, last) = _WORDS[helpdesk]
    body = payload(name)
    reduce(lambda found, key: found[key], path, body)[last] = message
    return body | {"conversation": []} if helpdesk is Helpdesk.STANDARD else body


def written_to_chatwoot(number: int, message: str = MESSAGES.suggested) -> Any:
    """A message of Chatwoot's, other than those with another number."""
    body = recorded(Helpdesk.CHATWOOT, message)
    body["conversation"]["messages"] = []
    return body | {"id": number}


def connected(file: Path, url: str, helpdesks: Sequence[Helpdesk] = tuple(Helpdesk), **secrets: Sequence[str]) -> Path:
    """`helpdesks.toml` with some helpdesks of the brand `default`, which are called at `url`."""
    sources = [_source(helpdesk, url, secrets.get(helpdesk, [secret_of(helpdesk)])) for helpdesk in helpdesks]
    file.write_text("\n".join(sources), encoding="utf-8")
    return file


def _source(helpdesk: Helpdesk, url: str, secrets: Sequence[str]) -> str:
    lines = ["[[source]]", f'helpdesk = "{helpdesk}"', f"secrets = {json.dumps(secrets)}"]
    if helpdesk is not Helpdesk.STANDARD:
        lines += [f'url = "{url}"', 'token = "a-token"', _ACCOUNTS.get(helpdesk, "")]
    return "\n".join(lines) + "\n"


@contextmanager
def hooked(suggester: Suggester, store_url: str, helpdesks: Path, **settings: object) -> Iterator[TestClient]:
    """The application for two brands, as long as the block lasts."""
    chosen = {"database_url": store_url, "helpdesks": helpdesks, "public_url": PUBLIC} | settings
    desks = [Desk(name, suggester) for name in BRANDS]
    with served(Settings(**chosen), *desks) as app, TestClient(app) as client:  # type: ignore[arg-type]
        yield client


def headers_of(helpdesk: Helpdesk, content: bytes, age: timedelta = timedelta(), secret: str | None = None) -> Any:
    """What proves that a helpdesk sent these bytes, so long ago."""
    sender = _SENDERS[helpdesk]
    return sender.sign(content, secret or sender.secret, datetime.now(UTC) - age)


def deliver(client: TestClient, helpdesk: Helpdesk, body: Any, brand: str | None = None, **proof: Any) -> Any:
    """Sign a body and post it, as the helpdesk does."""
    content = json.dumps(body).encode()
    place = f"/v1/brands/{brand}/hooks" if brand else "/v1/hooks"
    return client.post(f"{place}/{helpdesk}", content=content, headers=headers_of(helpdesk, content, **proof))


def eventually(found: Callable[[], bool], seconds: float = 10) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + seconds
    while not found() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert found()


def rows(database: Database) -> list[DeliveryRow]:
    with database.reading() as session:
        return list(session.scalars(select(DeliveryRow).order_by(DeliveryRow.received_at)))


def row(database: Database) -> DeliveryRow:
    """The only delivery."""
    (found,) = rows(database)
    return found


def let_pass(database: Database, time: timedelta) -> None:
    """Have every delivery come up so much earlier, as if that time had passed."""
    with database.writing() as session:
        for one in session.scalars(select(DeliveryRow)):
            earlier = one.next_attempt_at - time
            session.execute(
                update(DeliveryRow).where(DeliveryRow.delivery_id == one.delivery_id).values(next_attempt_at=earlier)
            )


def buried(database: Database, number: int = 1, brand: str = "default", helpdesk: Helpdesk = Helpdesk.ZENDESK) -> str:
    """A dead delivery, so many minutes after `NOW`; nobody works for its helpdesk."""
    origin, now = Origin(brand, helpdesk), NOW + timedelta(minutes=number)
    with database.writing() as session:
        event = Event(f"message-{number}", "3/48", MARKER, Channel.CHAT)
        delivery_id = deliveries.receive(session, origin, event, now).delivery_id
        job = deliveries.claim(session, origin, now)
        assert job
        deliveries.bury(session, job, "helpdesk.example answered 401")
    return delivery_id


@contextmanager
def away(database: Database) -> Iterator[None]:
    """Keep everybody else from writing deliveries, as long as the block lasts."""
    with database.writing() as session:
        if session.get_bind().dialect.name == "postgresql":
            session.execute(text("LOCK TABLE deliveries IN ACCESS EXCLUSIVE MODE"))
        else:
            session.execute(text("SELECT 1"))  # begins, and SQLite takes one writer
        yield


def links_in(call: Call) -> list[str]:
    """The addresses on this server that a note links to, as they are read back out of its JSON and HTML."""
    said = json.dumps(json.loads(call.body))
    return list(dict.fromkeys(re.findall(rf"{re.escape(PUBLIC)}(/v1/feedback/links/[\w.-]+)", said)))
