"""Calling a helpdesk, and what is to be done when it does not take the call."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cache
from ssl import SSLContext

import httpx

TIMEOUT = httpx.Timeout(10.0, connect=5.0)
LONGEST_WAIT = timedelta(hours=1)
"""A helpdesk that asks for more patience is asked again after this."""

_HEADERS = {"Accept": "application/json", "User-Agent": "Repliek"}

_BUSY = frozenset({408, 409, 423, 425, 429})
"""Refusals that pass: too slow, changed by somebody else meanwhile (Zendesk), locked, too early, too many."""

_WHAT_TO_DO = {
    400: "it does not understand the call; is its version supported?",
    401: "it does not accept token or user; renew them in helpdesks.toml",
    403: "the token may not write notes there; give its user the rights of an agent",
    404: "it knows no such ticket, or the address in helpdesks.toml is another's",
    410: "the ticket is gone",
    422: "it refuses the note; the ticket may be closed",
}


@dataclass(frozen=True, slots=True)
class Done:
    """The helpdesk took it."""


@dataclass(frozen=True, slots=True)
class TryAgain:
    """The helpdesk could not take it now.

    Attributes:
        reason: for a log; no word of a customer.
        after: how long the helpdesk asks to wait, `None` where it does not say.
    """

    reason: str
    after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class GiveUp:
    """The helpdesk will not take it, however often it is asked; `reason` says why and what to do."""

    reason: str


Outcome = Done | TryAgain | GiveUp


def new_client() -> httpx.Client:
    """Return a client for `post`. It follows no redirect: a token goes to the address that was configured only."""
    return httpx.Client(verify=_certificates(), timeout=TIMEOUT, follow_redirects=False, headers=_HEADERS)


@cache
def _certificates() -> SSLContext:
    """Read the certificates that are trusted once: it takes longer than all else about a client."""
    return httpx.create_ssl_context()


def post(client: httpx.Client, request: httpx.Request, now: datetime | None = None) -> Outcome:
    """Send `request`, and return what came of it. The answer's body is not read.

    A call whose answer got lost is tried again, and may then have been taken twice: two notes are better than none.

    Args:
        client: see `new_client`.
        request: an adapter's.
        now: for a `Retry-After` that names a time.
    """
    # What a client adds to requests that it makes itself, it does not add to those it is given.
    request.extensions.setdefault("timeout", client.timeout.as_dict())
    for name, value in client.headers.items():
        request.headers.setdefault(name, value)
    host = request.url.host
    try:
        response = client.send(request, stream=True)
    except httpx.TimeoutException:
        return TryAgain(f"{host} did not answer in time")
    except httpx.TransportError as error:
        return TryAgain(f"{host} cannot be reached ({type(error).__name__})")
    response.close()
    return _outcome(host, response, now or datetime.now(UTC))


def _outcome(host: str, response: httpx.Response, now: datetime) -> Outcome:
    status = response.status_code
    if response.is_success:
        return Done()
    if status in _BUSY or response.is_server_error:
        return TryAgain(f"{host} answered {status}", _wait(response.headers.get("retry-after"), now))
    if response.is_redirect:
        return GiveUp(f"{host} answered {status}: it is at another address now; correct url in helpdesks.toml")
    return GiveUp(f"{host} answered {status}: {_WHAT_TO_DO.get(status, 'it refuses the call')}")


def _wait(asked: str | None, now: datetime) -> timedelta | None:
    """Read `Retry-After`: seconds, or a date as HTTP writes it."""
    if asked is None:
        return None
    if asked.strip().isdecimal():
        return min(timedelta(seconds=int(asked.strip()[:9])), LONGEST_WAIT)
    try:
        until = parsedate_to_datetime(asked)
    except ValueError:
        return None
    wait = (until if until.tzinfo else until.replace(tzinfo=UTC)) - now
    return min(max(wait, timedelta()), LONGEST_WAIT)
