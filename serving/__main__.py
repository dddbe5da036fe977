"""`python -m serving`: start the server, print its OpenAPI document, and look after what it has stored."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from repliek.terminal import run as run_app
from serving.commands import customers, history, keeping
from serving.commands.shared import settings_from

if TYPE_CHECKING:
    from serving.settings import Settings

app = typer.Typer(help="Repliek over HTTP.", no_args_is_help=True, pretty_exceptions_show_locals=False)

_FAILED = 1


@app.command()
def run(
    bundle: Annotated[Path | None, typer.Option(help="Folder of the trained bundle. [default: bundle]")] = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on. [default: 127.0.0.1]")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on. [default: 3000]")] = None,
    workers: Annotated[int | None, typer.Option(help="Processes, each with the bundle in memory. [default: 1]")] = None,
) -> None:
    """Check the bundle and serve it; Ctrl+C ends it. Settings left out come from REPLIEK_... variables."""
    from repliek.errors import RepliekError
    from serving.startup import check, check_address

    settings = settings_from(bundle=bundle, host=host, port=port, workers=workers)
    started = time.perf_counter()
    try:
        checked = check(settings)
        check_address(str(settings.host), settings.port)
    except RepliekError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(_FAILED) from None
    for brand, manifest in checked.manifests.items():
        typer.echo(f"Brand {brand}: bundle {manifest.bundle} in {settings.bundles[brand]}.")
    typer.echo(f"Database {checked.database}.")
    if checked.is_open:
        typer.echo("No API key was ever made: everybody on this machine may ask, and change answers.")
    typer.echo(f"Everything checked in {time.perf_counter() - started:.1f} s.")
    typer.echo(f"Starting {settings.workers} worker(s), ready in a few seconds. Try http://{_place(settings)}/docs")
    sys.stdout.flush()
    _serve(settings)


@app.command()
def openapi() -> None:
    """Print the OpenAPI document of the public routes."""
    from serving.app import openapi_document

    typer.echo(json.dumps(openapi_document(), indent=2, ensure_ascii=False))


app.command(name="export")(history.export)
app.command(name="erase")(customers.erase)
app.command(name="erasures")(customers.erasures)
app.command(name="purge")(keeping.purge)


def _place(settings: Settings) -> str:
    host = str(settings.host)
    return f"[{host}]:{settings.port}" if ":" in host else f"{host}:{settings.port}"


def _serve(settings: Settings) -> None:
    """Become `bentoml serve`: the settings travel in the environment, its workers read them there."""
    from serving.settings import ROOT

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
    service = "serving.service:Repliek"
    place = ["--host", str(settings.host), "--port", str(settings.port)]
    command = [sys.executable, "-m", "bentoml", "serve", service, "--working-dir", str(ROOT), *place]
    os.execve(sys.executable, command, environment)


if __name__ == "__main__":
    run_app(app, "python -m serving")
