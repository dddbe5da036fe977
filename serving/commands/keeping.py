"""`purge`: what is older than the retention period goes."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

import typer

from serving.commands.shared import AsJson, settings_of, store_of


def purge(as_json: AsJson = False) -> None:
    """Remove what is older than the retention period, of every brand; a running server does so each hour."""
    from serving.store import retention

    settings = settings_of()
    now = datetime.now(UTC)
    before = now - timedelta(days=settings.retention_days)
    with store_of(settings) as database:
        purged = retention.purge(database, before, now)
        database.empty_log()
    if as_json:
        typer.echo(json.dumps({"before": before.isoformat(), **asdict(purged)}))
    else:
        typer.echo(
            f"Removed from before {before:%Y-%m-%d %H:%M} UTC: {purged.suggestion_sets:,} suggestion sets with their "
            f"feedback, {purged.deliveries:,} deliveries."
        )
