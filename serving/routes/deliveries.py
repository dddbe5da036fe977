"""What helpdesks delivered, and what became of it."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from pydantic import TypeAdapter
from starlette.responses import Response

from repliek.wire.deliveries import DeliveryList, DeliveryStatus, DeliveryView
from repliek.wire.fields import Id
from serving.access import KeyFirst, MayAdminister
from serving.helpdesks.adapter import Helpdesk
from serving.problems import Refused
from serving.routes.shared import READ_REFUSALS, Continued, Limit, documented, json_response
from serving.services import services_of
from serving.store import deliveries
from serving.store.database import Database
from serving.store.deliveries import NotDead, Origin

_LIST, _VIEW = TypeAdapter(DeliveryList), TypeAdapter(DeliveryView)

router = APIRouter(tags=["webhooks"], route_class=KeyFirst, responses=READ_REFUSALS)


@router.get(
    "/deliveries",
    response_model=DeliveryList,
    summary="See what helpdesks delivered",
    response_description="A page of deliveries.",
)
async def list_deliveries(
    request: Request,
    caller: MayAdminister,
    after: Continued,
    status: Annotated[DeliveryStatus | None, Query(description="Only those that have come so far.")] = None,
    helpdesk: Annotated[Helpdesk | None, Query(description="Only those of this helpdesk.")] = None,
    limit: Limit = 100,
) -> Response:
    """Return deliveries, the latest first; what was ignored is not among them, and no word of a customer's is."""
    services = services_of(request)
    wanted = deliveries.Wanted(brand=caller.desk.name, helpdesk=helpdesk, status=status)

    def read(database: Database) -> DeliveryList:
        with database.reading() as session:
            return deliveries.page(session, wanted, after, limit)

    return json_response(_LIST.dump_json(await services.clerks.do(partial(read, services.database))))


@router.post(
    "/deliveries/{delivery_id}/replay",
    response_model=DeliveryView,
    summary="Try a dead delivery again",
    response_description="The delivery, which waits for its turn.",
    responses=documented({409: "It is not dead."}),
)
async def replay_delivery(
    delivery_id: Annotated[Id, Path(description="As `GET /v1/deliveries` gave it.")],
    request: Request,
    caller: MayAdminister,
) -> Response:
    """Begin again with the first attempt, at once."""
    services = services_of(request)

    def write(database: Database) -> DeliveryView | None:
        with database.writing() as session:
            return deliveries.replay(session, caller.desk.name, delivery_id, datetime.now(UTC))

    try:
        found = await services.clerks.do(partial(write, services.database))
    except NotDead as error:
        raise Refused(409, f"Only a dead delivery can be replayed; this one is {error.status}.") from None
    if found is None:
        raise Refused(404, "There is no such delivery.")
    services.couriers.wake(Origin(caller.desk.name, Helpdesk(found.helpdesk)))
    return json_response(_VIEW.dump_json(found))
