"""How many requests there were and how long they took, for Prometheus.

They are counted by route. BentoML would count by address, and of addresses with ids there is no end: each would take
memory until the process ends, and every scan of a stranger adds thousands.
"""

from __future__ import annotations

import os
import time

from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from serving.middleware import SYSTEM_PATHS, route_of

CONTENT_TYPE = CONTENT_TYPE_LATEST

_FOLDER_OF_ALL_WORKERS = "PROMETHEUS_MULTIPROC_DIR"  # BentoML sets it for its workers
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_OTHER = "other"

_DURATION = Histogram(
    "repliek_request_duration_seconds",
    "Time from the arrival of a request to the end of its answer.",
    ["route", "method", "status"],
    buckets=(0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0),
)


class RequestMetrics:
    """Counts every request that was answered, with the time that it took."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in SYSTEM_PATHS:
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        status: int | None = None

        async def send_and_see(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, send_and_see)
        finally:
            if status is not None:
                method = scope["method"] if scope["method"] in _METHODS else _OTHER
                labels = _DURATION.labels(route_of(scope) or _OTHER, method, status)
                labels.observe(time.perf_counter() - started)


def exposition() -> bytes:
    """Return what was counted, by every worker of the server, in the text format of Prometheus."""
    if _FOLDER_OF_ALL_WORKERS not in os.environ:
        return generate_latest(REGISTRY)
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    return generate_latest(registry)
