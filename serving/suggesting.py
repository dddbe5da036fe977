"""A message answered out of what a brand suggests with at the moment, in the terms of HTTP."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from repliek.wire.suggestions import SuggestRequest
from serving.desk import Live
from serving.schema import from_engine, to_engine
from serving.store.suggestion_sets import Shown


def shown_for(live: Live, request: SuggestRequest, started: float) -> Shown:
    """Return what is to be shown for a request; it takes a core meanwhile.

    Args:
        started: when the request came, by `time.perf_counter`.
    """
    found = live.suggester.suggest(to_engine(request), request.k)
    took_ms = 1e3 * (time.perf_counter() - started)
    return Shown(live.brand, datetime.now(UTC), live.revision, request, from_engine(found, took_ms))
