"""The public application: every route, with its documentation, limits and errors."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, Path
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.middleware import Middleware
from starlette.staticfiles import StaticFiles

from serving import openapi, problems
from serving.access import BRAND_IN_PATH
from serving.metrics import RequestMetrics
from serving.middleware import BodyLimit, RequestLog, TimeLimit
from serving.routes import (
    answers,
    deliveries,
    documentation,
    feedback,
    feedback_links,
    follow_ups,
    hooks,
    insights,
    metrics,
    suggestions,
)
from serving.services import Services
from serving.settings import BrandName
from serving.store.database import StoreDownError
from serving.workbench import Busy

API_VERSION = "1"

_ABOUT = """Nothing is ever sent to a customer: an agent decides. See docs/http.md.

Every operation is there twice: for the brand of the API key, and under `/v1/brands/{brand}` for the brand that the
address names. What goes wrong is told as problem details (RFC 9457), and every response has an `X-Request-Id`, the
caller's own where one was sent."""

_ROUTERS = (
    suggestions.router,
    answers.router,
    feedback.router,
    follow_ups.router,
    insights.router,
    hooks.router,
    deliveries.router,
)


def create_app(services: Services) -> FastAPI:
    """Make the application that serves the public routes; who made the services starts and stops them."""
    app = FastAPI(
        openapi_url=documentation.OPENAPI_PATH,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        middleware=[Middleware(RequestMetrics), Middleware(RequestLog), Middleware(TimeLimit), Middleware(BodyLimit)],
        exception_handlers={
            StarletteHTTPException: problems.on_http_exception,
            RequestValidationError: problems.on_invalid_request,
            problems.TooLarge: problems.on_too_large,
            problems.Refused: problems.on_refused,
            StoreDownError: problems.on_store_down,
            Busy: problems.on_busy,
        },
        # Its records of failures would hold what customers wrote.
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
    )
    app.openapi = openapi_document  # type: ignore[method-assign]  (FastAPI documents this way to replace it)
    app.state.services = services
    app.include_router(documentation.router)
    app.include_router(metrics.router)
    app.include_router(_public())
    app.include_router(feedback_links.router)
    app.mount("/docs/assets", StaticFiles(directory=str(files("bentoml._internal.server") / "static_content")))
    return app


def _public() -> APIRouter:
    """Return every documented route, for the caller's own brand and for one that the address names."""
    public = APIRouter(prefix="/v1")
    for router in _ROUTERS:
        public.include_router(router, generate_unique_id_function=_named_alone)
        public.include_router(
            router,
            prefix=f"/brands/{{{BRAND_IN_PATH}}}",
            dependencies=[Depends(_brand)],
            generate_unique_id_function=_named_for_a_brand,
        )
    return public


def _named_alone(route: APIRoute) -> str:
    return route.name


def _named_for_a_brand(route: APIRoute) -> str:
    return f"{route.name}_for_brand"


async def _brand(brand: Annotated[BrandName, Path(description="Name of the brand.")]) -> None:
    """Document the brand in an address; `serving.access` reads it."""


@cache
def openapi_document() -> dict[str, Any]:
    """Return the OpenAPI 3.1 document of the public routes; it takes no bundle to know them."""
    document = get_openapi(
        title="Repliek",
        version=API_VERSION,
        summary="Suggests replies to people who answer customers.",
        description=_ABOUT,
        routes=_public().routes,
        tags=openapi.TAGS,
        license_info={"name": "Apache 2.0", "identifier": "Apache-2.0"},
    )
    return openapi.make_exact(document)
