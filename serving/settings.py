"""Settings of the server, from environment variables that start with `REPLIEK_`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, AnyHttpUrl, Field, IPvAnyAddress
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent
"""The folder that holds `serving/` and, unless told otherwise, `bundle/`: a checkout or a built Bento."""


DEFAULT_BRAND = "default"

BrandName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$")]


def _resolved(url: str) -> str:
    """Return the URL of a SQLite file with its whole path: workers may run in another folder than the command."""
    scheme, slashes, file = url.partition(":///")
    return f"{scheme}{slashes}{Path(file).resolve()}" if scheme == "sqlite" and file else url


DatabaseUrl = Annotated[str, AfterValidator(_resolved)]


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
        bundle: folder of the trained bundle, of the one brand named `default`.
        brands: bundles by the names of their brands, in JSON, instead of `bundle`; the first serves who names none.
        host: address to listen on. The default is reachable from this machine alone.
        port: port to listen on.
        workers: processes, each with the bundle in memory.
        threads: threads of one encoding, 0 for every core. One serves best where requests come side by side.
        concurrency: messages that one worker works on at the same time; more than cores only makes each slower.
        patience_seconds: how long a request may wait for its turn before it is refused with 503.
        database_url: where all is kept: `sqlite:///FILE.db` or `postgresql://USER:PASSWORD@HOST/DATABASE`.
        retention_days: after how many days what was shown and sent is removed.
        helpdesks: file with the helpdesks that send webhooks; without one, none do.
        public_url: where agents reach this server, for links in notes; without one, notes have none.
        log_level: from which severity lines are written.
        log_format: `json`, one object a line, or `console`.
    """

    model_config = SettingsConfigDict(env_prefix="REPLIEK_", frozen=True)

    bundle: Path = ROOT / "bundle"
    brands: dict[BrandName, Path] = Field(default_factory=dict[str, Path])
    host: IPvAnyAddress = Field(default="127.0.0.1", validate_default=True)
    port: Annotated[int, Field(ge=1, le=65_535)] = 3000
    workers: Annotated[int, Field(ge=1, le=64)] = 1
    threads: Annotated[int, Field(ge=0, le=64)] = 1
    concurrency: Annotated[int, Field(ge=1, le=64)] = os.cpu_count() or 1
    patience_seconds: Annotated[float, Field(gt=0, le=8)] = 5.0
    database_url: DatabaseUrl = Field(default=f"sqlite:///{ROOT / 'data' / 'repliek.db'}", repr=False)
    retention_days: Annotated[int, Field(ge=1, le=3_650)] = 365
    helpdesks: Path | None = None
    public_url: AnyHttpUrl | None = None
    log_level: LogLevel = LogLevel.INFO
    log_format: LogFormat = LogFormat.JSON

    @property
    def bundles(self) -> Mapping[str, Path]:
        """The folder of every brand's bundle; the first is the brand of addresses that name none."""
        return self.brands or {DEFAULT_BRAND: self.bundle}

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach the server."""
        return ip_address(str(self.host)).is_loopback
