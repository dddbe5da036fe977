"""Logs without anybody's words: one JSON object a line, on standard output.

Every line goes through `structlog`, those of BentoML and uvicorn too. An exception is written as its class
and the places it passed, never with its message: a message may quote what a customer wrote.
"""

from __future__ import annotations

import logging
import sys
import traceback
from pathlib import Path
from types import TracebackType

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from serving.settings import ROOT, LogFormat, Settings

_PLACES_SHOWN = 20


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
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _renderer(settings.log_format)],
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
