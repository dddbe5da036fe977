"""How a helpdesk proves that it sent a webhook: on the raw bytes, in constant time, with any of several secrets."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Protocol

from pydantic import SecretStr

from serving.helpdesks.adapter import Delivery

WINDOW = timedelta(minutes=5)
"""A signed time may lie so far back, or ahead where clocks differ (Standard Webhooks and Chatwoot both say five)."""

_UNIX = re.compile(r"[0-9]{1,11}\Z", re.ASCII)


class Check(StrEnum):
    """What a delivery failed at."""

    SIGNATURE = "signature"
    TIMESTAMP = "timestamp"
    TOKEN = "token"


_MEANING = {
    Check.SIGNATURE: "the signature is missing or is not made with a known secret",
    Check.TIMESTAMP: "the time of sending is missing, or more than five minutes from now",
    Check.TOKEN: "the token is missing or unknown",
}


class Unproven(Exception):  # noqa: N818  (a verdict, not an accident)
    """A delivery that nobody proved to have sent; says which check failed and nothing else."""

    def __init__(self, check: Check) -> None:
        super().__init__(_MEANING[check])
        self.check = check


class Proof(Protocol):
    """One way of proving who sent a delivery."""

    def check(self, delivery: Delivery, secrets: Sequence[SecretStr], now: datetime) -> None:
        """Return when one of `secrets` proves it.

        Raises:
            Unproven: none does, or it was sent too long before `now`.
        """
        ...


@dataclass(frozen=True, slots=True)
class BodySignature:
    """`X-Hub-Signature: sha1=<hex>` over the body alone, as WebSub has it: Zammad and Intercom sign no time.

    HMAC with SHA-1 is still unbroken, and the helpdesks offer nothing else.
    """

    def check(self, delivery: Delivery, secrets: Sequence[SecretStr], now: datetime) -> None:  # noqa: ARG002
        given = delivery.headers.get("x-hub-signature", "")
        expected = ("sha1=" + hmac.digest(_key(one), delivery.body, "sha1").hex() for one in secrets)
        if not is_among(given, expected):
            raise Unproven(Check.SIGNATURE)


@dataclass(frozen=True, slots=True)
class TimedSignature:
    """A signature over the time of sending and the body.

    Attributes:
        header: that holds the signature.
        time_header: that holds the time, signed exactly as it stands there.
        joint: what stands between time and body.
        write: how the digest is written.
        read_time: the time, `None` where it is none.
    """

    header: str
    time_header: str
    joint: bytes
    write: Callable[[bytes], str]
    read_time: Callable[[str], datetime | None]

    def check(self, delivery: Delivery, secrets: Sequence[SecretStr], now: datetime) -> None:
        given = delivery.headers.get(self.header, "")
        sent = delivery.headers.get(self.time_header, "")
        signed = _bytes(sent) + self.joint + delivery.body
        if not is_among(given, (self.write(hmac.digest(_key(one), signed, "sha256")) for one in secrets)):
            raise Unproven(Check.SIGNATURE)
        require_recent(self.read_time(sent), now)


@dataclass(frozen=True, slots=True)
class StandardSignature:
    """Standard Webhooks 1.0: id, time and body, joined by full stops; a header may hold several signatures.

    The `standardwebhooks` package takes one secret, reads the clock itself, and lets `UnicodeDecodeError` and
    `binascii.Error` through for bytes that are no UTF-8 and signatures that are no Base64; what is signed is the same,
    and the tests compare the two.
    """

    def check(self, delivery: Delivery, secrets: Sequence[SecretStr], now: datetime) -> None:
        identifier = delivery.headers.get("webhook-id", "")
        sent = delivery.headers.get("webhook-timestamp", "")
        given = delivery.headers.get("webhook-signature", "").split(" ")
        signed = _bytes(f"{identifier}.{sent}.") + delivery.body
        expected = [f"v1,{base64_text(hmac.digest(standard_key(one), signed, 'sha256'))}" for one in secrets]
        if not identifier or not is_any_among(given, expected):
            raise Unproven(Check.SIGNATURE)
        require_recent(unix_time(sent), now)


@dataclass(frozen=True, slots=True)
class SharedToken:
    """A word that only the helpdesk knows, for one that cannot sign.

    It may be the password of basic authentication, a bearer token, the header `X-Repliek-Token`, or `?token=`.
    """

    def check(self, delivery: Delivery, secrets: Sequence[SecretStr], now: datetime) -> None:  # noqa: ARG002
        known = [one.get_secret_value() for one in secrets]
        if not is_any_among(self._given(delivery), known):
            raise Unproven(Check.TOKEN)

    @staticmethod
    def _given(delivery: Delivery) -> list[str]:
        scheme, _, credentials = delivery.headers.get("authorization", "").partition(" ")
        given = [delivery.headers.get("x-repliek-token"), delivery.token]
        if scheme.lower() == "bearer":
            given.append(credentials.strip())
        elif scheme.lower() == "basic":
            given.extend(_basic(credentials.strip()))
        return [one for one in given if one]


def hex_sha256(digest: bytes) -> str:
    """Write a digest as Chatwoot does."""
    return "sha256=" + digest.hex()


def base64_text(digest: bytes) -> str:
    """Write a digest as Zendesk and Standard Webhooks do."""
    return base64.b64encode(digest).decode("ascii")


def unix_time(text: str) -> datetime | None:
    """Read seconds since 1970, `None` where they are none."""
    if not _UNIX.match(text):
        return None
    return datetime.fromtimestamp(int(text), UTC)


def iso_time(text: str) -> datetime | None:
    """Read a time with its zone as ISO 8601 writes it, `None` where it is none."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def require_recent(sent: datetime | None, now: datetime) -> None:
    """Return when `sent` is within the window around `now`.

    Raises:
        Unproven: it is not, or it is no time.
    """
    if sent is None or abs(now - sent) > WINDOW:
        raise Unproven(Check.TIMESTAMP)


def is_among(given: str, expected: Iterable[str]) -> bool:
    """Compare with every one of `expected`, each in constant time."""
    found = False
    for one in expected:
        found |= hmac.compare_digest(_bytes(given), _bytes(one))
    return found


def is_any_among(given: Sequence[str], expected: Sequence[str]) -> bool:
    """Do the same for several, of which one is enough."""
    found = False
    for one in given:
        found |= is_among(one, expected)
    return found


def standard_key(secret: SecretStr) -> bytes:
    """Return the bytes of a secret of Standard Webhooks: Base64, after an optional `whsec_`.

    Raises:
        ValueError: it is no Base64, or empty.
    """
    text = secret.get_secret_value().removeprefix("whsec_")
    try:
        key = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except binascii.Error:
        key = b""
    if not key:
        raise ValueError("expected whsec_ and Base64, as Standard Webhooks writes a secret")
    return key


def fingerprint(*parts: str) -> str:
    """Return a short name for texts, the same for the same texts: it stands for a message that has no id."""
    return hashlib.sha256("\x00".join(parts).encode()).hexdigest()[:32]


def _key(secret: SecretStr) -> bytes:
    return _bytes(secret.get_secret_value())


def _bytes(text: str) -> bytes:
    """A header may hold anything, and nothing in it may end in another exception than a refusal."""
    return text.encode("utf-8", "surrogatepass")


def _basic(credentials: str) -> list[str]:
    """Return name and password of basic authentication: some helpdesks put an API key where the name belongs."""
    try:
        name, _, password = base64.b64decode(credentials, validate=True).decode().partition(":")
    except ValueError:
        return []
    return [name, password]
