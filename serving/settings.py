"""Settings of the server, from environment variables that start with `REPLIEK_`."""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import Field, IPvAnyAddress
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent
"""The folder that holds `serving/` and, unless told otherwise, `bundle/`: a checkout or a built Bento."""


class LogLevel(StrEnum):
    """From which severity lines are written."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class LogFormat(StrEnum):
    """For machines or for eyes."""

    JSON = "json"
    CONSOLE = "console"


class Settings(BaseSettings):
    """How the server runs; `REPLIEK_PORT=8080` sets `port`.

    Attributes:
        bundle: folder of the trained bundle.
        host: address to listen on. The default is reachable from this machine alone.
        port: port to listen on.
        workers: processes, each with the bundle in memory.
        threads: threads of one encoding, 0 for every core. One serves best where requests come side by side.
        concurrency: messages that one worker works on at the same time; more than cores only makes each slower.
        patience_seconds: how long a request may wait for its turn before it is refused with 503.
        log_level: from which severity lines are written.
        log_format: `json`, one object a line, or `console`.
    """

    model_config = SettingsConfigDict(env_prefix="REPLIEK_", frozen=True)

    bundle: Path = ROOT / "bundle"
    host: IPvAnyAddress = Field(default="127.0.0.1", validate_default=True)
    port: Annotated[int, Field(ge=1, le=65_535)] = 3000
    workers: Annotated[int, Field(ge=1, le=64)] = 1
    threads: Annotated[int, Field(ge=0, le=64)] = 1
    concurrency: Annotated[int, Field(ge=1, le=64)] = os.cpu_count() or 1
    patience_seconds: Annotated[float, Field(gt=0, le=8)] = 5.0
    log_level: LogLevel = LogLevel.INFO
    log_format: LogFormat = LogFormat.JSON
