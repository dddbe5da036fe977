"""Where helpdesks deliver what customers write. No key is needed: a signature over the body proves who sent it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request
from pydantic import TypeAdapter
from starlette.responses import Response

from repliek.wire.deliveries import HookResponse, Reception
from repliek.wire.suggestions import SuggestRequest, SuggestResponse
from serving.access import BRAND_IN_PATH
from serving.desk import Desk
from serving.helpdesks.adapter import Adapter, Delivery, Event, Helpdesk
from serving.helpdesks.payload import PayloadError
from serving.helpdesks.proof import Unproven, fingerprint
from serving.helpdesks.registry import ADAPTERS
from serving.helpdesks.settings import Source
from serving.helpdesks.standard import Standard
from serving.middleware import DESK, OUTCOME
from serving.problems import Refused, problem_response
from serving.routes.shared import REFUSALS, documented, json_response
from serving.services import Services, services_of
from serving.store import deliveries
from serving.store.database import Database
from serving.store.deliveries import Origin, Received
from serving.suggesting import shown_for

_HOOK_RESPONSE, _SUGGEST_RESPONSE = TypeAdapter(HookResponse), TypeAdapter(SuggestResponse)
_STANDARD = Standard()

_NOT_HERE = frozenset({403, 415})
_REFUSALS = {status: told for status, told in REFUSALS.items() if status not in _NOT_HERE} | documented(
    {
        401: "Nobody proved to have sent this; `detail` says which check failed.",
        404: "This helpdesk is not connected.",
    }
)

router = APIRouter(tags=["webhooks"], responses=_REFUSALS)


@dataclass(frozen=True, slots=True)
class Hook:
    """Where a webhook was sent to.

    Attributes:
        source: the helpdesk that is connected there.
        desk: the brand.
    """

    source: Source
    desk: Desk

    @property
    def origin(self) -> Origin:
        """The same in the store."""
        return Origin.of(self.source)


def _hook(request: Request, helpdesk: str) -> Hook:
    """Find who is connected at an address.

    Raises:
        Refused: 404, nobody is.
    """
    services = services_of(request)
    brand = request.path_params.get(BRAND_IN_PATH, services.default_brand)
    desk = services.desks.get(brand)
    source = services.helpdesks.find(Helpdesk(helpdesk), brand) if helpdesk in set(Helpdesk) else None
    if desk is None or source is None:
        raise Refused(404, "This helpdesk is not connected; see docs/helpdesks.")
    setattr(request.state, DESK, desk)
    return Hook(source, desk)


async def _noting(
    request: Request,
    helpdesk: Annotated[str, Path(description="Which one.", json_schema_extra={"enum": sorted(ADAPTERS)})],
) -> Hook:
    return _hook(request, helpdesk)


async def _reading(request: Request) -> Hook:
    return _hook(request, Helpdesk.STANDARD)


Token = Annotated[str | None, Query(description="For a helpdesk that cannot sign, and sends no header of its own.")]


@router.post(
    "/hooks/standard",
    response_model=SuggestResponse,
    summary="Suggest answers to a message that is signed as Standard Webhooks says",
    response_description="Suggestions, or the reason why there are none.",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/SuggestRequest"}}},
        },
    },
)
async def take_standard_webhook(request: Request, hook: Annotated[Hook, Depends(_reading)]) -> Response:
    """Return what `POST /v1/suggest` would; the same message sent again gets the same answer again."""
    started = time.perf_counter()
    services = services_of(request)
    delivery = Delivery.of(await request.body(), request.headers)
    _require_proof(_STANDARD, delivery, hook)
    try:
        asked = _STANDARD.read(delivery)
    except PayloadError as error:
        return problem_response(error.problem)
    # One who gives several messages the same id by mistake must not be given the answer to another.
    once = fingerprint(asked.delivery_id, delivery.body.decode())
    known = await services.clerks.do(partial(_answered, services.database, hook.origin, once))
    setattr(request.state, OUTCOME, Reception.KNOWN if known else Reception.ACCEPTED)
    response = known or await _answer(services, hook, once, asked.request, started)
    return json_response(_SUGGEST_RESPONSE.dump_json(response))


@router.post(
    "/hooks/{helpdesk}",
    response_model=HookResponse,
    summary="Take a helpdesk's webhook",
    response_description="There is nothing to do: it was taken before, or needs no suggestion.",
    responses={202: {"model": HookResponse, "description": "A note will follow."}},
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"type": "object", "description": "As the helpdesk sends it."}}},
        },
    },
)
async def take_webhook(request: Request, hook: Annotated[Hook, Depends(_noting)], token: Token = None) -> Response:
    """Acknowledge a customer's message as soon as it is on the disk, and once; the note is written after that."""
    services, adapter = services_of(request), ADAPTERS[hook.source.helpdesk]
    delivery = Delivery.of(await request.body(), request.headers, token)
    _require_proof(adapter, delivery, hook)
    try:
        found = adapter.read(delivery, hook.source.channels)
    except PayloadError as error:
        return problem_response(error.problem)
    if not isinstance(found, Event):
        setattr(request.state, OUTCOME, f"{Reception.IGNORED}: {found.reason}")
        return _told(HookResponse(status=Reception.IGNORED, reason=found.reason))
    received = await services.clerks.do(partial(_receive, services.database, hook.origin, found))
    status = Reception.ACCEPTED if received.is_new else Reception.KNOWN
    setattr(request.state, OUTCOME, status)
    if received.is_new:
        services.couriers.wake(hook.origin)
    return _told(HookResponse(status=status, delivery_id=received.delivery_id), 202 if received.is_new else 200)


@router.head(
    "/hooks/{helpdesk}", summary="See whether a helpdesk is connected", response_description="It is connected."
)
async def look_for_webhook(hook: Annotated[Hook, Depends(_noting)]) -> Response:  # noqa: ARG001
    """Answer a helpdesk that tries the address before it uses it, as Intercom does."""
    return Response()


def _require_proof(verifier: Adapter | Standard, delivery: Delivery, hook: Hook) -> None:
    """Return when the delivery is proved to come from the hook's source.

    Raises:
        Refused: 401, it is not.
    """
    try:
        verifier.verify(delivery, hook.source.secrets, datetime.now(UTC))
    except Unproven as unproven:
        raise Refused(401, f"This webhook is refused: {unproven}.") from None


def _receive(database: Database, origin: Origin, event: Event) -> Received:
    with database.writing() as session:
        return deliveries.receive(session, origin, event, datetime.now(UTC))


def _answered(database: Database, origin: Origin, once: str) -> SuggestResponse | None:
    with database.reading() as session:
        return deliveries.answered(session, origin, once)


async def _answer(services: Services, hook: Hook, once: str, asked: SuggestRequest, started: float) -> SuggestResponse:
    """Suggest, and return what is kept: should the same have been asked twice at a time, one answer is."""
    shown = await services.engine.do(partial(shown_for, hook.desk.live, asked, started))

    def keep() -> SuggestResponse:
        with services.database.writing() as session:
            return deliveries.answer(session, hook.origin, once, shown)

    return await services.clerks.do(keep)


def _told(response: HookResponse, status: int = 200) -> Response:
    return json_response(_HOOK_RESPONSE.dump_json(response), status)
