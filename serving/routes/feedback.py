"""What agents did with what was suggested, and whether it may teach."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Path, Query, Request
from pydantic import TypeAdapter
from starlette.responses import Response

from repliek.wire.feedback import (
    IDEMPOTENCY_KEY,
    Action,
    FeedbackList,
    FeedbackRequest,
    FeedbackResponse,
    FeedbackView,
    IdempotencyKey,
    ReviewRequest,
)
from repliek.wire.fields import AgentId, Id
from serving.access import KeyFirst, MayFeedBack, MayWrite
from serving.feedback import take
from serving.middleware import OUTCOME
from serving.period import Period
from serving.problems import Refused
from serving.routes.shared import READ_REFUSALS, REFUSALS, Continued, Limit, documented, json_response, require_json
from serving.services import services_of
from serving.store import reviews
from serving.store.database import Database

_RESPONSE, _LIST, _VIEW = TypeAdapter(FeedbackResponse), TypeAdapter(FeedbackList), TypeAdapter(FeedbackView)

router = APIRouter(tags=["feedback"], route_class=KeyFirst)


@router.post(
    "/feedback",
    response_model=FeedbackResponse,
    status_code=201,
    summary="Tell what was done with a suggestion",
    response_description="It is kept.",
    dependencies=[Depends(require_json)],
    responses=REFUSALS
    | documented({404: "There is no such brand, or no such set of suggestions."})
    | {200: {"model": FeedbackResponse, "description": "It was kept before."}},
)
async def give_feedback(
    body: FeedbackRequest,
    request: Request,
    caller: MayFeedBack,
    key: Annotated[
        IdempotencyKey | None,
        Header(
            alias=IDEMPOTENCY_KEY,
            description="Any text of your own; the same event sent again is known by it, and by its content.",
        ),
    ] = None,
) -> Response:
    """Keep an event once, however often it is sent. What is answered with 201 or 200 is on the disk."""
    taken = await take(services_of(request), caller.desk, body, key)
    setattr(request.state, OUTCOME, body.action if taken.is_new else "known")
    return json_response(_RESPONSE.dump_json(taken.response), 201 if taken.is_new else 200)


@router.get(
    "/feedback",
    response_model=FeedbackList,
    summary="Look through feedback",
    response_description="A page of feedback.",
    responses=READ_REFUSALS,
)
async def list_feedback(
    request: Request,
    caller: MayWrite,
    period: Annotated[Period, Depends()],
    after: Continued,
    reviewed: Annotated[bool | None, Query(description="Only what somebody decided on, or did not.")] = None,
    action: Annotated[Action | None, Query(description="Only where this was done.")] = None,
    agent: Annotated[AgentId | None, Query(description="Only of this agent.")] = None,
    limit: Limit = 100,
) -> Response:
    """Return feedback with what it is about, the oldest first; what customers and agents wrote is redacted."""
    services, zone = services_of(request), caller.desk.bundled.brand.timezone
    wanted = reviews.Wanted(
        reviewed=reviewed, action=action, agent=agent, since=period.begins(zone), until=period.ends(zone)
    )

    def read(database: Database) -> FeedbackList:
        with database.reading() as session:
            return reviews.page(session, caller.desk.name, wanted, after, limit)

    return json_response(_LIST.dump_json(await services.clerks.do(partial(read, services.database))))


@router.post(
    "/feedback/{feedback_id}/review",
    response_model=FeedbackView,
    summary="Decide whether feedback may teach",
    response_description="The feedback, with its verdict.",
    dependencies=[Depends(require_json)],
    responses=REFUSALS,
)
async def review_feedback(
    feedback_id: Annotated[Id, Path(description="As `POST` or `GET /v1/feedback` gave it.")],
    body: ReviewRequest,
    request: Request,
    caller: MayWrite,
) -> Response:
    """Keep the verdict; a later one takes its place."""
    services = services_of(request)

    def decide(database: Database) -> FeedbackView | None:
        with database.writing() as session:
            return reviews.decide(session, caller.desk.name, feedback_id, body.verdict, datetime.now(UTC))

    found = await services.clerks.do(partial(decide, services.database))
    if found is None:
        raise Refused(404, "There is no such feedback.")
    return json_response(_VIEW.dump_json(found))
