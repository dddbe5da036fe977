"""The page on which the routes can be read and tried."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.openapi.docs import get_swagger_ui_html
from starlette.responses import HTMLResponse

OPENAPI_PATH = "/openapi.json"

router = APIRouter(include_in_schema=False)


@router.get("/docs")
async def documentation() -> HTMLResponse:
    """Return the page; all of it comes from this server."""
    return get_swagger_ui_html(
        openapi_url=OPENAPI_PATH,
        title="Repliek",
        swagger_js_url="/docs/assets/swagger-ui-bundle.js",
        swagger_css_url="/docs/assets/swagger-ui.css",
        swagger_favicon_url="/docs/assets/favicon-light-32x32.png",
    )
