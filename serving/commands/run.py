"""`python -m serving run`."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from serving.commands.shared import DatabaseUrl, settings_of
from serving.helpdesks.settings import Source
from serving.settings import ROOT, Settings
from serving.startup import Checked, check, check_address


def run(
    bundle: Annotated[Path | None, typer.Option(help="Folder of the trained bundle. [default: bundle]")] = None,
    brands: Annotated[
        list[str] | None,
        typer.Option(
            "--brand", metavar="NAME=DIR", help="A brand and its bundle, instead of --bundle; once for each brand."
        ),
    ] = None,
    database_url: DatabaseUrl = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on. [default: 127.0.0.1]")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on. [default: 3000]")] = None,
    workers: Annotated[
        int | None, typer.Option(help="Processes, each with every bundle in memory. [default: 1]")
    ] = None,
) -> None:
    """Look at all that is needed and serve it; Ctrl+C ends it. Settings left out come from REPLIEK_... variables."""
    if bundle and brands:
        raise typer.BadParameter("expected --bundle for one brand, or --brand for each of several, not both")
    settings = settings_of(
        bundle=bundle,
        brands={} if bundle else _folders(brands),
        database_url=database_url,
        host=host,
        port=port,
        workers=workers,
    )
    started = time.perf_counter()
    check_address(str(settings.host), settings.port)
    for line in findings(settings, check(settings)):
        typer.echo(line)
    typer.echo(f"Everything checked in {time.perf_counter() - started:.1f} s.")
    typer.echo(f"Starting {settings.workers} worker(s), ready in a few seconds. Try http://{_place(settings)}/docs")
    sys.stdout.flush()
    _serve(settings)


def _folders(brands: Sequence[str] | None) -> dict[str, Path] | None:
    """Read every NAME=DIR.

    Raises:
        typer.BadParameter: one is not of that form, or a name stands twice.
    """
    if not brands:
        return None
    found: dict[str, Path] = {}
    for one in brands:
        name, equals, folder = one.partition("=")
        if not (name and equals and folder):
            raise typer.BadParameter(f"{one!r}; expected NAME=DIR, such as shop=bundle-shop", param_hint="--brand")
        if name in found:
            raise typer.BadParameter(f"{name!r} stands twice; expected one bundle for a brand", param_hint="--brand")
        found[name] = Path(folder)
    return found


def findings(settings: Settings, checked: Checked) -> list[str]:
    """Say what will be served, out of what, to whom."""
    bundles = [
        f"Brand {brand}: bundle {manifest.bundle} in {settings.bundles[brand]}."
        for brand, manifest in checked.manifests.items()
    ]
    helpdesks = [_helpdesk(source, settings) for source in checked.helpdesks.sources]
    return [*bundles, *helpdesks, f"Database {checked.database}.", _who_is_let_in(checked)]


def _helpdesk(source: Source, settings: Settings) -> str:
    links = (
        "" if settings.public_url or not source.account else "; REPLIEK_PUBLIC_URL is not set: its notes have no links"
    )
    return f"Helpdesk {source.helpdesk} of brand {source.brand}{links}."


def _who_is_let_in(checked: Checked) -> str:
    if checked.is_open:
        return (
            "Open: no API key was ever made, so everybody on this machine may ask, and change answers. "
            "`python -m serving keys create` makes the first."
        )
    if not checked.good_keys:
        return "Closed: every API key was revoked or has expired; `python -m serving keys create` makes a new one."
    return f"Closed: {checked.good_keys} API key(s) let callers in."


def _place(settings: Settings) -> str:
    host = str(settings.host)
    return f"[{host}]:{settings.port}" if ":" in host else f"{host}:{settings.port}"


def _serve(settings: Settings) -> None:
    """Become `bentoml serve`: the settings travel in the environment, its workers read them there."""
    environment = {
        **os.environ,
        "BENTOML_DO_NOT_TRACK": "True",
        "REPLIEK_BUNDLE": str(settings.bundle.resolve()),
        "REPLIEK_BRANDS": json.dumps({name: str(folder.resolve()) for name, folder in settings.brands.items()}),
        "REPLIEK_DATABASE_URL": settings.database_url,
        "REPLIEK_HOST": str(settings.host),
        "REPLIEK_PORT": str(settings.port),
        "REPLIEK_WORKERS": str(settings.workers),
    }
    if settings.helpdesks:
        environment["REPLIEK_HELPDESKS"] = str(settings.helpdesks.resolve())
    service = "serving.service:Repliek"
    place = ["--host", str(settings.host), "--port", str(settings.port)]
    command = [sys.executable, "-m", "bentoml", "serve", service, "--working-dir", str(ROOT), *place]
    os.execve(sys.executable, command, environment)
