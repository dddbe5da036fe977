"""Webhooks as helpdesks send them: bodies from tests/data/helpdesks, signed by hand, apart from the code under test."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from serving.helpdesks.adapter import Delivery, Helpdesk

DATA = Path(__file__).parent / "data" / "helpdesks"
NOW = datetime(2026, 3, 2, 8, 16, tzinfo=UTC)
SECRET = "a-secret-of-this-helpdesk"
STANDARD_SECRET = "whsec_" + base64.b64encode(b"a-secret-of-this-helpdesk").decode()


def payload(name: str) -> Any:
    """The body `name`, to be changed at will."""
    return json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))


def delivered(body: object, headers: Mapping[str, str] | None = None) -> Delivery:
    """A verified delivery of `body`."""
    return Delivery.of(json.dumps(body).encode(), headers or {})


def _digest(secret: str, signed: bytes, algorithm: str) -> bytes:
    return hmac.new(secret.encode(), signed, getattr(hashlib, algorithm)).digest()


def as_zendesk(body: bytes, secret: str, sent: datetime, algorithm: str = "sha256") -> dict[str, str]:
    time = sent.strftime("%Y-%m-%dT%H:%M:%SZ")
    signature = base64.b64encode(_digest(secret, time.encode() + body, algorithm)).decode()
    return {"X-Zendesk-Webhook-Signature": signature, "X-Zendesk-Webhook-Signature-Timestamp": time}


def as_chatwoot(body: bytes, secret: str, sent: datetime, algorithm: str = "sha256") -> dict[str, str]:
    time = str(int(sent.timestamp()))
    digest = _digest(secret, f"{time}.".encode() + body, algorithm).hex()
    return {"X-Chatwoot-Signature": f"{algorithm}={digest}", "X-Chatwoot-Timestamp": time}


def as_hub(body: bytes, secret: str, sent: datetime, algorithm: str = "sha1") -> dict[str, str]:
    return {"X-Hub-Signature": f"{algorithm}={_digest(secret, body, algorithm).hex()}"}


def as_standard(body: bytes, secret: str, sent: datetime, algorithm: str = "sha256") -> dict[str, str]:
    time = str(int(sent.timestamp()))
    key = base64.b64decode(secret.removeprefix("whsec_"))
    digest = hmac.new(key, f"msg_1.{time}.".encode() + body, getattr(hashlib, algorithm)).digest()
    signature = f"v1,{base64.b64encode(digest).decode()}"
    return {"webhook-id": "msg_1", "webhook-timestamp": time, "webhook-signature": signature}


def as_freshdesk(body: bytes, secret: str, sent: datetime, algorithm: str = "") -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"repliek:{secret}".encode()).decode()}


@dataclass(frozen=True, slots=True)
class Sender:
    """How one helpdesk proves itself."""

    helpdesk: Helpdesk
    sign: Callable[..., dict[str, str]]
    secret: str = SECRET
    signs_body: bool = True
    signs_time: bool = True


SENDERS = (
    Sender(Helpdesk.ZENDESK, as_zendesk),
    Sender(Helpdesk.CHATWOOT, as_chatwoot),
    Sender(Helpdesk.ZAMMAD, as_hub, signs_time=False),
    Sender(Helpdesk.INTERCOM, as_hub, signs_time=False),
    Sender(Helpdesk.FRESHDESK, as_freshdesk, signs_body=False, signs_time=False),
    Sender(Helpdesk.STANDARD, as_standard, STANDARD_SECRET),
)
