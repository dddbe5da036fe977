"""What may be raised when a server is asked.

    RepliekError
    └── ClientError                   nothing came of a call
        ├── Misconfigured             the client was made with an address or a key that cannot be used
        ├── ConnectionFailed          no response came, or not the whole of it
        │   └── TimedOut              not in time
        ├── Unreadable                a response came that is none of Repliek's
        └── Refused                   the server says no, and why
            ├── Invalid               400, 413, 415, 422: what was asked cannot be used; names the fields
            ├── Unauthorized          401: no key, or not a good one
            ├── Forbidden             403: the key is for another brand, or for other things
            ├── NotFound              404, 405: there is no such thing, or the server is too old to know it
            ├── Conflict              409: it does not go with what is there
            │   └── PreconditionFailed  412: somebody saved it meanwhile
            ├── Unavailable           429, 502, 503, 504: not now
            └── ServerFailed          every other status from 500 on

What was asked never stands in them, nor the key: not what a customer or an agent wrote, not what is searched for.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import httpx
from pydantic import TypeAdapter, ValidationError

from repliek.errors import RepliekError
from repliek.wire.problems import MEDIA_TYPE, FieldError, Problem

REQUEST_ID = "X-Request-Id"
_RETRY_AFTER = "Retry-After"
_PROBLEM = TypeAdapter(Problem)


class ClientError(RepliekError):
    """Nothing came of a call."""


class Misconfigured(ClientError):
    """The client was made with an address or a key that cannot be used."""


class ConnectionFailed(ClientError):
    """No response came, or not the whole of it.

    Args:
        reason: what happened.
        asked: method and address.
        request_id: by which the server's log knows the request, should it have arrived.
        arrived: whether the server may have done what was asked.
    """

    def __init__(self, reason: str, asked: str, request_id: str, arrived: bool) -> None:
        super().__init__(reason, asked, request_id, arrived)
        self.reason = reason
        self.asked = asked
        self.request_id = request_id
        self.arrived = arrived

    def __str__(self) -> str:
        done = "; it may have been done all the same" if self.arrived else ""
        return f"{self.asked} (request {self.request_id}): {self.reason}{done}"

    @classmethod
    def of(cls, error: httpx.RequestError) -> ConnectionFailed:
        """Say what one of httpx's errors means. Of its text, only why there is no connection is repeated."""
        match error:
            case httpx.TimeoutException():
                kind, reason = TimedOut, f"nothing came in time ({type(error).__name__})"
            case httpx.ConnectError():
                kind, reason = ConnectionFailed, f"no connection could be made ({error})"
            case _:
                kind, reason = ConnectionFailed, f"the connection failed midway ({type(error).__name__})"
        arrived = not isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout)
        return kind(reason, _asked(error.request), error.request.headers.get(REQUEST_ID, ""), arrived)


class TimedOut(ConnectionFailed):
    """No response came in time."""


class Unreadable(ClientError):
    """A response came that is none of Repliek's: another server's, or of a version that says things differently.

    Args:
        reason: what was expected.
        asked: method and address.
        request_id: by which the server's log knows the request.
    """

    def __init__(self, reason: str, asked: str, request_id: str) -> None:
        super().__init__(reason, asked, request_id)
        self.reason = reason
        self.asked = asked
        self.request_id = request_id

    def __str__(self) -> str:
        return f"{self.asked} (request {self.request_id}): {self.reason}"

    @classmethod
    def of(cls, response: httpx.Response, reason: str) -> Unreadable:
        """Say what was expected of a response."""
        return cls(f"{reason}, found status {response.status_code}", _asked(response.request), _request_id(response))


class Refused(ClientError):
    """The server says no.

    Args:
        problem: why.
        asked: method and address; `None` where the client saw it by itself, and asked nobody.
        request_id: by which the server's log knows the request; `None` likewise.
        retry_after: seconds after which it may be asked again, where the server says so.
    """

    def __init__(
        self,
        problem: Problem,
        asked: str | None = None,
        request_id: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(problem, asked, request_id, retry_after)
        self.problem = problem
        self.asked = asked
        self.request_id = request_id
        self.retry_after = retry_after

    def __str__(self) -> str:
        where = f"{self.asked} (request {self.request_id}): {self.problem.status} " if self.asked else ""
        fields = "".join(f" {error.field}: {error.reason}." for error in self.problem.errors)
        return f"{where}{self.problem.title}. {self.problem.detail}{fields}"

    @classmethod
    def of(cls, response: httpx.Response) -> Refused:
        """Read why the server, or something before it, says no."""
        kind = _KINDS.get(response.status_code, ServerFailed if response.is_server_error else Refused)
        return kind(_problem(response), _asked(response.request), _request_id(response), _retry_after(response))


class Invalid(Refused):
    """What was asked cannot be used as it is."""

    @property
    def fields(self) -> tuple[FieldError, ...]:
        """The fields that are wrong, each with what was expected."""
        return self.problem.errors

    @classmethod
    def of_fields(cls, error: ValidationError) -> Invalid:
        """Say what the server would say of these fields."""
        return cls(Problem.of_fields([FieldError.of(one) for one in error.errors()]))


class Unauthorized(Refused):
    """There is no key, or it is not a good one."""


class Forbidden(Refused):
    """The key is for another brand, or for other things."""


class NotFound(Refused):
    """There is no such thing, or the server is too old to know it."""


class Conflict(Refused):
    """It does not go with what is there."""


class PreconditionFailed(Conflict):
    """Somebody saved it meanwhile."""


class Unavailable(Refused):
    """Not now."""


class ServerFailed(Refused):
    """Something went wrong in the server."""


_KINDS: Mapping[int, type[Refused]] = {
    HTTPStatus.BAD_REQUEST: Invalid,
    HTTPStatus.UNAUTHORIZED: Unauthorized,
    HTTPStatus.FORBIDDEN: Forbidden,
    HTTPStatus.NOT_FOUND: NotFound,
    HTTPStatus.METHOD_NOT_ALLOWED: NotFound,
    HTTPStatus.CONFLICT: Conflict,
    HTTPStatus.PRECONDITION_FAILED: PreconditionFailed,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: Invalid,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: Invalid,
    HTTPStatus.UNPROCESSABLE_ENTITY: Invalid,
    HTTPStatus.TOO_MANY_REQUESTS: Unavailable,
    HTTPStatus.BAD_GATEWAY: Unavailable,
    HTTPStatus.SERVICE_UNAVAILABLE: Unavailable,
    HTTPStatus.GATEWAY_TIMEOUT: Unavailable,
}


def _problem(response: httpx.Response) -> Problem:
    if response.headers.get("Content-Type", "").partition(";")[0].strip().lower() == MEDIA_TYPE:
        try:
            return _PROBLEM.validate_json(response.content)
        except ValidationError:
            pass
    return Problem(
        type="about:blank",
        title=response.reason_phrase,
        status=response.status_code,
        detail="It is no problem of Repliek's: something between here and the server may have answered.",
        errors=(),
    )


def _asked(request: httpx.Request) -> str:
    return f"{request.method} {request.url.copy_with(query=None)}"


def _request_id(response: httpx.Response) -> str:
    return response.headers.get(REQUEST_ID) or response.request.headers.get(REQUEST_ID, "")


def _retry_after(response: httpx.Response) -> float | None:
    """Return the seconds that the server asks for, in either of the two forms of RFC 9110, section 10.2.3."""
    told = response.headers.get(_RETRY_AFTER, "")
    if told.isdecimal():
        return float(told)
    try:
        moment = parsedate_to_datetime(told)
    except ValueError:
        return None
    return max(0.0, (moment.replace(tzinfo=moment.tzinfo or UTC) - datetime.now(UTC)).total_seconds())
