"""What was counted, for Prometheus."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from serving.metrics import CONTENT_TYPE, exposition

router = APIRouter(include_in_schema=False)


@router.api_route("/metrics", methods=["GET", "HEAD"])
def metrics() -> Response:
    """Return counts and durations of requests."""
    return Response(exposition(), media_type=CONTENT_TYPE)
