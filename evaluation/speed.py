"""How long a suggestion takes over HTTP, beside the time that the encoder alone takes for the same message.

Both take turns within a round, so that whatever else the machine does hits both alike, and what is compared is
the ratio of neighbours.
"""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer

from evaluation.sentences import TIMED_MESSAGES
from evaluation.server import READY_WITHIN_SECONDS, ServerError, own_server

TARGET = 2.0
"""End to end may take at most this many times the encoder's own time."""

ROUNDS = 200
WARM_UP_ROUNDS = 10

Ask = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class MessageFigures:
    """What was measured for one message; times are medians in milliseconds, one request at a time."""

    characters: int
    encoder_ms: float
    end_to_end_ms: float
    end_to_end_p99_ms: float
    ratio: float


@dataclass(frozen=True, slots=True)
class SpeedFigures:
    """What was measured.

    Attributes:
        ratio: median over all pairs of end to end : encoder.
        target: what the ratio may be at most.
        rounds: how often each message was asked.
        messages: figures of each message.
    """

    ratio: float
    target: float
    rounds: int
    messages: tuple[MessageFigures, ...]

    @property
    def reached(self) -> bool:
        return self.ratio <= self.target


def speed(
    bundle: Annotated[Path, typer.Option(help="The bundle's folder.")],
    url: Annotated[
        str | None, typer.Option(help="A server that serves this bundle; without it one is started and ended.")
    ] = None,
    rounds: Annotated[int, typer.Option(min=1, help="How often each message is asked.")] = ROUNDS,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures for machines.")] = False,
) -> None:
    """Measure a suggestion over HTTP against the encoder's own time."""
    from rich.console import Console

    if not as_json:
        typer.echo(
            f"{rounds} rounds of {len(TIMED_MESSAGES)} messages, about {rounds * len(TIMED_MESSAGES) * 0.05:.0f} s.",
            err=True,
        )
    if url is None:
        with own_server(bundle) as own:
            figures = measure_speed(bundle, own, rounds)
    else:
        figures = measure_speed(bundle, url, rounds)
    if as_json:
        typer.echo(json.dumps(asdict(figures), indent=2))
    else:
        Console().print(speed_table(figures))


def measure_speed(bundle: Path, url: str, rounds: int = ROUNDS) -> SpeedFigures:
    """Ask the server at `url` and the bundle's encoder in turn.

    Raises:
        BundleError, EncoderError: the bundle cannot be used.
        ServerError: the server does not answer with suggestions of this bundle.
    """
    from repliek.bundle import LAYOUT, read_manifest
    from repliek.encoder import OnnxEncoder

    encoder = OnnxEncoder.from_directory(bundle / LAYOUT.encoders[0])
    with _client(url, read_manifest(bundle).bundle) as ask:
        pairs = _interleave(lambda message: encoder.encode_queries([message]), ask, rounds)
    ratios = [there / here for of_message in pairs for here, there in of_message]
    return SpeedFigures(
        ratio=round(statistics.median(ratios), 3),
        target=TARGET,
        rounds=rounds,
        messages=tuple(_figures(message, found) for message, found in zip(TIMED_MESSAGES, pairs, strict=True)),
    )


def speed_table(figures: SpeedFigures) -> object:
    """Return the figures as a table for the terminal."""
    from rich.table import Table

    table = Table(title="One suggestion at a time")
    for name in ("characters", "encoder, ms", "end to end, ms", "p99, ms", "ratio"):
        table.add_column(name, justify="right")
    for found in figures.messages:
        times = (found.encoder_ms, found.end_to_end_ms, found.end_to_end_p99_ms)
        table.add_row(str(found.characters), *(f"{value:.2f}" for value in times), f"{found.ratio:.2f}")
    verdict = "reached" if figures.reached else "missed"
    table.caption = f"median ratio {figures.ratio:.2f}; at most {figures.target:.1f} is wanted: {verdict}"
    return table


def _interleave(encode: Callable[[str], object], ask: Ask, rounds: int) -> list[list[tuple[float, float]]]:
    """Return for each message its pairs of milliseconds, (encoder, end to end); each goes first every other round."""
    pairs: list[list[tuple[float, float]]] = [[] for _ in TIMED_MESSAGES]
    for number in range(WARM_UP_ROUNDS + rounds):
        for message, found in zip(TIMED_MESSAGES, pairs, strict=True):
            if number % 2:
                here, there = _milliseconds(encode, message), _milliseconds(ask, message)
            else:
                there, here = _milliseconds(ask, message), _milliseconds(encode, message)
            if number >= WARM_UP_ROUNDS:
                found.append((here, there))
    return pairs


def _milliseconds(work: Callable[[str], object], message: str) -> float:
    started = time.perf_counter()
    work(message)
    return 1e3 * (time.perf_counter() - started)


def _figures(message: str, pairs: Sequence[tuple[float, float]]) -> MessageFigures:
    here, there = [pair[0] for pair in pairs], sorted(pair[1] for pair in pairs)
    return MessageFigures(
        characters=len(message),
        encoder_ms=round(statistics.median(here), 3),
        end_to_end_ms=round(statistics.median(there), 3),
        end_to_end_p99_ms=round(there[int(0.99 * (len(there) - 1))], 3),
        ratio=round(statistics.median(second / first for first, second in pairs), 3),
    )


@contextmanager
def _client(url: str, bundle: str) -> Iterator[Ask]:
    """Keep one connection open and check every answer: a quick refusal must not pass for a quick suggestion."""
    address = urlsplit(url)
    connection = HTTPConnection(address.hostname or "", address.port or 80, timeout=READY_WITHIN_SECONDS)

    def ask(message: str) -> None:
        body = json.dumps({"message": message})
        try:
            connection.request("POST", "/v1/suggest", body, {"Content-Type": "application/json"})
            response = connection.getresponse()
            content = response.read()
        except (OSError, HTTPException) as error:
            raise ServerError(f"{url} does not answer ({type(error).__name__}); expected a server there") from None
        if response.status != 200:
            raise ServerError(f"{url} answered {response.status} to a suggestion; expected 200")
        if f'"bundle":"{bundle}"'.encode() not in content:
            raise ServerError(f"{url} serves another bundle than {bundle}; start it with the bundle that is measured")

    try:
        yield ask
    finally:
        connection.close()
