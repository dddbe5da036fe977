"""What was promised to customers, and what of it is about to be forgotten."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from pydantic import TypeAdapter
from starlette.responses import Response

from repliek.wire.fields import AgentId, Id
from repliek.wire.follow_ups import FollowUpList, FollowUpView
from serving.access import KeyFirst, MayFeedBack, MayFollowUp
from serving.problems import Refused
from serving.routes.shared import READ_REFUSALS, Continued, Limit, json_response
from serving.services import services_of
from serving.store import follow_ups
from serving.store.database import Database

_HOURS_OF_A_YEAR = 366 * 24

_LIST, _VIEW = TypeAdapter(FollowUpList), TypeAdapter(FollowUpView)

router = APIRouter(tags=["follow-ups"], route_class=KeyFirst, responses=READ_REFUSALS)


@router.get(
    "/follow-ups",
    response_model=FollowUpList,
    summary="See what was promised",
    response_description="A page of promises.",
)
async def list_follow_ups(
    request: Request,
    caller: MayFollowUp,
    after: Continued,
    overdue: Annotated[bool | None, Query(description="Only what is due and not done, or all but that.")] = None,
    done: Annotated[bool | None, Query(description="Only what is done, or is not.")] = None,
    agent: Annotated[AgentId | None, Query(description="Only what this agent promised.")] = None,
    within_hours: Annotated[
        int | None,
        Query(
            ge=0, le=_HOURS_OF_A_YEAR, description="Only what is not done, and due before so many hours have passed."
        ),
    ] = None,
    limit: Limit = 100,
) -> Response:
    """Return promises that agents made in texts that were sent, the first due first."""
    services = services_of(request)
    within = None if within_hours is None else timedelta(hours=within_hours)
    wanted = follow_ups.Wanted(overdue=overdue, done=done, agent=agent, within=within)

    def read(database: Database) -> FollowUpList:
        with database.reading() as session:
            return follow_ups.page(session, caller.desk.name, wanted, datetime.now(UTC), after, limit)

    return json_response(_LIST.dump_json(await services.clerks.do(partial(read, services.database))))


@router.post(
    "/follow-ups/{follow_up_id}/done",
    response_model=FollowUpView,
    summary="Say that a promise was kept",
    response_description="The promise, which is done.",
)
async def finish_follow_up(
    follow_up_id: Annotated[Id, Path(description="As `GET /v1/follow-ups` gave it.")],
    request: Request,
    caller: MayFeedBack,
) -> Response:
    """Keep when it was done; said again, it stays as it is."""
    services = services_of(request)

    def write(database: Database) -> FollowUpView | None:
        with database.writing() as session:
            return follow_ups.finish(session, caller.desk.name, follow_up_id, datetime.now(UTC))

    found = await services.clerks.do(partial(write, services.database))
    if found is None:
        raise Refused(404, "There is no such follow-up.")
    return json_response(_VIEW.dump_json(found))
