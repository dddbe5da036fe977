"""What `bentoml serve` serves: the public routes in one ASGI application, and BentoML's health beside them.

BentoML gives processes, `/livez`, `/readyz` and packaging. Its own validation, access log, traces and metrics
would write, send or keep what customers wrote, so they are left out.
"""

from __future__ import annotations

import gc
import os

# Before BentoML is imported: it would look up a host of its makers when it starts.
os.environ.setdefault("BENTOML_DO_NOT_TRACK", "True")

import time

import bentoml
import structlog
from bentoml.exceptions import BentoMLException
from starlette.types import ASGIApp, Receive, Scope, Send

from repliek.conversation import Conversation
from repliek.errors import RepliekError
from serving import logs
from serving.app import create_app
from serving.desk import Desk
from serving.middleware import TIME_LIMIT_SECONDS, SystemRoutes
from serving.services import Services
from serving.settings import Settings
from serving.startup import check

TIMEOUT_SECONDS = TIME_LIMIT_SECONDS + 10
"""After it BentoML gives up on a request, should our own limit fail to. It keeps a timer of some 2 kB for every request
this long, so longer costs memory."""

_WARM_UP = Conversation("goedemorgen, ik heb een vraag")

_log = structlog.stdlib.get_logger("serving.service")
_settings = Settings()


class _Public:
    """The application, once the bundle is loaded: BentoML wants to mount something when there is no bundle yet.

    BentoML passes every path that is not its own to an application which is not one of Starlette's, so that
    an unknown path is answered by ours.
    """

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)


_public = _Public()


@bentoml.service(
    name="repliek",
    workers=_settings.workers,
    traffic={"timeout": TIMEOUT_SECONDS},
    http={"host": str(_settings.host), "port": _settings.port},
    logging={"access": {"enabled": False}},
    tracing={"excluded_urls": ".*"},
    metrics={"enabled": False},  # they would be counted by address, see serving.metrics
)
@bentoml.asgi_app(_public, path="/")
class Repliek:
    """Suggests answers to customers' messages."""

    def __init__(self) -> None:
        logs.configure(_settings)
        started = time.perf_counter()
        desks = Desk.load_all(_settings.bundles, _settings.threads)
        self._services = Services.of(_settings, desks)
        self._services.start()
        for desk in desks:
            desk.live.suggester.suggest(_WARM_UP)
        _public.app = create_app(self._services)
        # What is loaded stays: without it, every full collection walks the bundle's objects for nothing.
        gc.collect()
        gc.freeze()
        for desk in desks:
            _log.info("ready", brand=desk.name, bundle=desk.bundled.bundle.manifest.bundle)
        _log.info("ready", took_ms=round(1e3 * (time.perf_counter() - started)))

    @bentoml.on_deployment
    @staticmethod
    def check_all() -> None:
        """Stop before any process starts when it could not work: each would die of it, again and again."""
        try:
            check(_settings)
        except RepliekError as error:
            raise BentoMLException(str(error)) from None

    @bentoml.on_shutdown
    def end(self) -> None:
        """Write down what is still to be written."""
        self._services.stop()

    async def __is_ready__(self) -> bool:
        return hasattr(_public, "app")


Repliek.add_asgi_middleware(SystemRoutes)
