"""Who may do what: API keys by scope and brand, or nobody's business on a machine of one's own."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Annotated, Any, get_type_hints

from fastapi import Depends, Request, Security, params
from fastapi.routing import APIRoute
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer, SecurityScopes
from starlette.responses import Response

from serving import parameters
from serving.desk import Desk
from serving.middleware import DESK
from serving.problems import Refused
from serving.services import Services, services_of
from serving.store.keys import Key, Scope

BRAND_IN_PATH = "brand"

_BEARER = HTTPBearer(
    auto_error=False,
    description="""An API key, made with `python -m serving keys create`. A server that runs open needs none.

It opens what one of its scopes opens; the scope `admin` opens everything.""",
)
_CHALLENGE = {"WWW-Authenticate": "Bearer"}


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, and for which brand.

    Attributes:
        desk: the brand.
        key: the key that let them in; `None` where the server runs open.
    """

    desk: Desk
    key: Key | None

    @property
    def name(self) -> str | None:
        """What the caller is called in the store."""
        return self.key.name if self.key else None


async def admit(
    request: Request,
    wanted: SecurityScopes,
    given: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)],
) -> Caller:
    """Let a caller in who has any one of the wanted scopes for the brand that the address names.

    Raises:
        Refused: 401 without a good key, 403 for another brand or too little scope, 404 for an unknown brand.
    """
    services = services_of(request)
    ring = services.keys
    named: str | None = request.path_params.get(BRAND_IN_PATH)
    if not ring.is_known:
        raise Refused(503, "Keys cannot be looked up now; try again in a few seconds.", headers={"Retry-After": "2"})
    if ring.is_open and not _came_from_outside(request):
        return _seated(request, services, named or services.default_brand, None)
    key = ring.find(given.credentials) if given else None
    if key is None:
        found = "The API key is not known, was revoked or has expired" if given else "An API key is needed"
        raise Refused(401, f"{found}; send a good one as `Authorization: Bearer KEY`.", headers=_CHALLENGE)
    if named is not None and named != key.brand:
        raise Refused(403, "The API key is for another brand than the address names.")
    if not any(key.allows(Scope(scope)) for scope in wanted.scopes):
        raise Refused(403, f"The API key lacks a scope; needed: {' or '.join(wanted.scopes)}.")
    return _seated(request, services, key.brand, key)


class KeyFirst(APIRoute):
    """A route that lets nobody in whose body it has read: who has no good key learns that, whatever else is wrong.

    Of itself FastAPI reads a body before it asks who the caller is. Nor does it mind a parameter that the route does
    not know; this refuses it.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()
        wanted = _wanted_scopes(self.endpoint)
        if wanted is None:
            return handle

        known = parameters.known_to(self.dependant)

        async def admit_and_handle(request: Request) -> Response:
            await admit(request, SecurityScopes(list(wanted)), await _BEARER(request))
            parameters.refuse_unknown(request, known)
            return await handle(request)

        return admit_and_handle


def _wanted_scopes(endpoint: Callable[..., Any]) -> Sequence[str] | None:
    """Return the scopes of which a route wants one; `None` where it asks for no caller."""
    for hint in get_type_hints(endpoint, include_extras=True).values():
        for found in getattr(hint, "__metadata__", ()):
            if isinstance(found, params.Security) and found.dependency is admit:
                return found.scopes
    return None


def _came_from_outside(request: Request) -> bool:
    """Whether the address that was called is not of this machine alone: BentoML may listen on another than we know."""
    called = request.scope.get("server")
    try:
        return called is not None and not ip_address(called[0]).is_loopback
    except ValueError:  # a Unix socket's file, or no network at all
        return False


def _seated(request: Request, services: Services, brand: str, key: Key | None) -> Caller:
    desk = services.desks.get(brand)
    if desk is None:
        raise Refused(404, "This server serves no such brand.")
    setattr(request.state, DESK, desk)
    return Caller(desk, key)


MaySuggest = Annotated[Caller, Security(admit, scopes=[Scope.SUGGEST])]
MayRead = Annotated[Caller, Security(admit, scopes=[Scope.SUGGEST, Scope.ANSWERS_WRITE])]
MayWrite = Annotated[Caller, Security(admit, scopes=[Scope.ANSWERS_WRITE])]
MayFeedBack = Annotated[Caller, Security(admit, scopes=[Scope.FEEDBACK])]
MayFollowUp = Annotated[Caller, Security(admit, scopes=[Scope.FEEDBACK, Scope.INSIGHTS])]
MayLook = Annotated[Caller, Security(admit, scopes=[Scope.INSIGHTS])]
MayAdminister = Annotated[Caller, Security(admit, scopes=[Scope.ADMIN])]
