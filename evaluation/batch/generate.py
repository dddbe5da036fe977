"""Messages to measure with, as many as are wanted: those of a history, each varied by lot."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

from repliek.conversation import Channel
from repliek.history import Exchange

GREETINGS = ("", "", "", "Hallo, ", "Goedemorgen, ", "Dag, ", "Hoi! ", "Beste mevrouw, meneer, ")
CLOSINGS = ("", "", "", " Alvast bedankt!", " Groetjes", " Graag snel antwoord.", " Mvg")


def write_messages(path: Path, history: Sequence[Exchange], rows: int, seed: int) -> None:
    """Write `rows` messages as JSONL; the same seed gives the same file."""
    with path.open("w", encoding="utf-8") as file:
        for row in _rows(history, rows, random.Random(seed)):
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


def _rows(history: Sequence[Exchange], rows: int, lots: random.Random) -> Iterator[dict[str, object]]:
    channels = list(Channel)
    for number in range(1, rows + 1):
        exchange = lots.choice(history)
        yield {
            "id": f"m{number:07}",
            "message": _varied(exchange.message, lots),
            "channel": lots.choice(channels),
            "context": [{"speaker": turn.speaker, "text": turn.text} for turn in exchange.context],
        }


def _varied(message: str, lots: random.Random) -> str:
    """Greet, close, mention a number, and mistype, each now and then."""
    if lots.random() < 0.3:
        place = lots.randrange(len(message))
        message = message[:place] + message[place + 1 : place + 2] + message[place : place + 1] + message[place + 2 :]
    if lots.random() < 0.2:
        message = f"{message} Bestelnummer {lots.randrange(10**6, 10**7)}."
    return lots.choice(GREETINGS) + message + lots.choice(CLOSINGS)
