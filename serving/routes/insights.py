"""What was made of what was suggested."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import TypeAdapter
from starlette.responses import Response

from repliek.wire.insights import AuthorList
from serving.access import KeyFirst, MayLook
from serving.desk import Desk
from serving.period import Period
from serving.routes.shared import READ_REFUSALS, json_response
from serving.services import services_of
from serving.store import insights
from serving.store.database import Database

USUAL_PERIOD = timedelta(days=30)
"""What counts where nobody says since when: all that is kept may be years."""

_AUTHORS = TypeAdapter(AuthorList)

router = APIRouter(tags=["insights"], route_class=KeyFirst, responses=READ_REFUSALS)


@router.get(
    "/insights/authors",
    response_model=AuthorList,
    summary="See whose answers were used",
    response_description="Authors, whose answers were used most first.",
)
async def list_authors(request: Request, caller: MayLook, period: Annotated[Period, Depends()]) -> Response:
    """Count, for each author and origin, how often their answers were shown, and what became of that.

    Without `since`, the last 30 days before `until` count.
    """
    services = services_of(request)
    found = await services.clerks.do(partial(_count, services.database, caller.desk, period))
    return json_response(_AUTHORS.dump_json(found))


def _count(database: Database, desk: Desk, period: Period) -> AuthorList:
    zone = desk.bundled.brand.timezone
    ends = period.ends(zone)
    begins = period.begins(zone) or (ends or datetime.now(UTC)) - USUAL_PERIOD
    with database.reading() as session:
        return insights.authors(
            session,
            desk.name,
            begins,
            ends,
            known=desk.live.suggester.bundle.knowledge,
            bundled=desk.bundled.bundle.knowledge,
        )
