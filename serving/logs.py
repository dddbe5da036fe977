"""Logs without anybody's words: one JSON object a line, on standard output.

Every line goes through `structlog`, those of BentoML and uvicorn too. An exception is written as its class
and the places it passed, never with its message: a message may quote what a customer wrote. The lines of this
package hold ids, places and figures alone. Of those of others, only the first line is kept, less what stands in quotes:
what follows, and what is quoted, are the objects that they were busy with. As a second lock, whatever still looks like
personal data is redacted, in anybody's line.
"""

from __future__ import annotations

import logging
import re
import sys
import traceback
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import cast

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from repliek.privacy import redact
from serving.settings import ROOT, LogFormat, Settings

_PLACES_SHOWN = 20

_OURS = frozenset({
    *("timestamp", "level", "logger", "request_id", "method", "route", "status", "took_ms", "bundle"),
    *("brand", "helpdesk", "delivery_id"),
    *("exception", "places"),
})  # fmt: skip
"""Fields that hold names, paths and numbers of ours, whatever these look like: an id may pass for a phone number."""

# An apostrophe within a word quotes nothing; b'' is how bytes are written.
_QUOTED = re.compile(r"(?:(?<!\w)|(?<=\bb))(['\"]).*?\1(?!\w)")


def configure(settings: Settings) -> None:
    """Send everything that this process logs to standard output, in one form."""
    shared: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        name_exception,
    ]
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *shared, without_objects],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                redact_values,
                _renderer(settings.log_format),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    for name in ("bentoml", "uvicorn.error", "circus"):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [], True
    # "Service initialized" and the like are for debugging: what happens is said by the lines of this package.
    logging.getLogger("bentoml").setLevel(_level(settings, at_least=logging.WARNING))
    logging.getLogger("serving").setLevel(_level(settings))
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def name_exception(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Replace `exc_info` by the exception's class and the places that it passed."""
    found = event.pop("exc_info", None)
    if found is True:
        found = sys.exc_info()
    error = found[1] if isinstance(found, tuple) else found
    if isinstance(error, BaseException):
        event["exception"] = type(error).__name__
        event["places"] = places(error.__traceback__)
    return event


def without_objects(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Keep what somebody else's line says in its own words: the first line, with dots for what stands in quotes."""
    first = next(iter(str(event["event"]).splitlines()), "")
    event["event"] = _QUOTED.sub(r"\1…\1", first)
    return event


def redact_values(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Redact every text in a line, however deep, but for the fields that are ours."""
    return {name: value if name in _OURS else _redacted(value) for name, value in event.items()}


def _redacted(value: object) -> object:
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, Mapping):
        return {_redacted(key): _redacted(one) for key, one in cast("Mapping[object, object]", value).items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_redacted(one) for one in cast("Iterable[object]", value)]
    return value if isinstance(value, int | float | None) else redact(str(value))


def places(trace: TracebackType | None) -> list[str]:
    """Return the last places of a traceback, outermost first, as `file:line function`."""
    return [
        f"{_short(frame.filename)}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(trace)[-_PLACES_SHOWN:]
    ]


def _short(filename: str) -> str:
    path = Path(filename)
    if path.is_relative_to(ROOT):
        return str(path.relative_to(ROOT))
    return "/".join(path.parts[-2:])


def _level(settings: Settings, *, at_least: int = logging.NOTSET) -> int:
    return max(logging.getLevelNamesMapping()[settings.log_level.upper()], at_least)


def _renderer(form: LogFormat) -> Processor:
    if form is LogFormat.CONSOLE:
        return structlog.dev.ConsoleRenderer(colors=sys.stdout.isatty())
    return structlog.processors.JSONRenderer(ensure_ascii=False)
