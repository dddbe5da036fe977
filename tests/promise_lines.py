"""Sentences of agents with what they promise, and how well it is found."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from repliek.brand import Hours
from repliek.hours import OpeningHours
from repliek.promises import Promise, promises_in

LINES = Path(__file__).parent / "data" / "promises.txt"
ZONE = ZoneInfo("Europe/Amsterdam")
SENT = datetime(2026, 11, 23, 14, tzinfo=ZONE)
HOURS = OpeningHours((Hours(opens=time(8), closes=time(21)),) * 5 + (Hours(opens=time(9), closes=time(18)), None), ZONE)
DEFAULT = timedelta(hours=24)
_LINE = re.compile(r"(-|default|\d\d-\d\d \d\d:\d\d) \| (.+)")


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence, when it was written, and when what it promises is due: `None` where nothing is."""

    written: str
    language: str
    text: str
    due: datetime | None

    @property
    def found(self) -> tuple[Promise, ...]:
        return promises_in(self.text, self.language, SENT, HOURS, DEFAULT)


@dataclass(frozen=True, slots=True)
class Figures:
    """How well promises are found, and how many of those found are due when they should be."""

    lines: int
    promising: int
    precision: float
    recall: float
    exact: float

    @classmethod
    def of(cls, lines: Sequence[Line]) -> Figures:
        found = [line for line in lines if line.found]
        right = [line for line in found if line.due]
        promising = sum(line.due is not None for line in lines)
        exact = sum([promise.due for promise in line.found] == [line.due] for line in right)
        return cls(len(lines), promising, len(right) / len(found), len(right) / promising, exact / len(right))


def lines() -> Sequence[Line]:
    """Read every line of the file."""
    found: list[Line] = []
    language = written = ""
    for line in LINES.read_text(encoding="utf-8").splitlines():
        if heading := re.fullmatch(r"\[(\w+) (\w+)\]", line):
            language, written = heading[1], heading[2]
        elif parts := _LINE.fullmatch(line):
            found.append(Line(written, language, parts[2], _due(parts[1])))
        elif line and not line.startswith("#"):
            raise ValueError(f"{LINES.name}: {line!r} is neither heading nor line")
    return found


def _due(said: str) -> datetime | None:
    if said == "default":
        return SENT + DEFAULT
    return None if said == "-" else datetime.strptime(f"{SENT.year}-{said}", "%Y-%m-%d %H:%M").replace(tzinfo=ZONE)


def wrong(line: Line) -> bool:
    """Whether what is found is not what the line says."""
    return [promise.due for promise in line.found] != [line.due] * bool(line.due)


if __name__ == "__main__":
    for written in dict.fromkeys(line.written for line in lines()):
        some = [line for line in lines() if line.written == written]
        sys.stdout.write(f"{written}: {Figures.of(some)}\n")
        for line in filter(wrong, some):
            told = ", ".join(f"{promise.due:%d %b %H:%M}" for promise in line.found) or "nothing"
            sys.stdout.write(f"  {line.text} -> {told}\n")
