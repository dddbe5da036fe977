"""`python -m serving openapi`."""

from __future__ import annotations

import json

import typer

from serving.app import openapi_document


def openapi() -> None:
    """Print the OpenAPI document of the public routes."""
    typer.echo(json.dumps(openapi_document(), indent=2, ensure_ascii=False))
