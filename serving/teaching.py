"""From what agents decided to the history of the next training: one pass over the store, one over what it gave."""

from __future__ import annotations

import hashlib
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from pydantic import TypeAdapter

from repliek.files import writing_whole
from repliek.history import Exchange
from serving.lessons import LeftOut, Lessons
from serving.shares import Allowance, Lottery
from serving.store.decisions import Decision

_EXCHANGE = TypeAdapter(Exchange)
_IN_MEMORY = 8_000_000
"""Bytes of exchanges beyond which those that wait for the draw do so on disk."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written.

    Attributes:
        exchanges: how many.
        left_out: how many decisions were not, by reason.
        each: how many exchanges of one agent were allowed.
        capped: of how many agents some were left out for it.
    """

    exchanges: int
    left_out: Mapping[LeftOut, int]
    each: int
    capped: int


class Export:
    """Gathers what decisions teach. What one agent may teach is known only at the end, so until then it waits aside."""

    def __init__(self, lessons: Lessons, seed: int) -> None:
        """Args: seed: of the draw, where an agent has more than their share."""
        self._lessons = lessons
        self._lottery = Lottery(seed)
        self._seen: set[bytes] = set()
        self._left_out: Counter[LeftOut] = Counter()

    def write(self, decisions: Iterable[Decision], allowance: Allowance, out: Path) -> Exported:
        """Write the history to `out`, whole or not at all.

        Raises:
            OSError: it cannot be written.
        """
        with tempfile.SpooledTemporaryFile(_IN_MEMORY) as aside:
            for decision in decisions:
                self._gather(decision, aside)
            drawn = self._lottery.draw(allowance)
            aside.seek(0)
            with writing_whole(out) as file:
                file.writelines(line for line, stays in zip(aside, drawn.kept, strict=True) if stays)
        exchanges = sum(drawn.kept)
        if len(drawn.kept) > exchanges:
            self._left_out[LeftOut.OVER_SHARE] = len(drawn.kept) - exchanges
        return Exported(exchanges, dict(self._left_out), drawn.each, drawn.capped)

    def _gather(self, decision: Decision, aside: BinaryIO) -> None:
        lesson = self._lessons.of(decision)
        if isinstance(lesson, Exchange) and self._is_repeated(lesson):
            lesson = LeftOut.REPEATED
        if isinstance(lesson, LeftOut):
            self._left_out[lesson] += 1
            return
        self._lottery.put(lesson.agent, lesson.exchange_id)
        aside.write(_EXCHANGE.dump_json(lesson, exclude_none=True, exclude_defaults=True) + b"\n")

    def _is_repeated(self, exchange: Exchange) -> bool:
        """Whether the agent has taught exactly this before."""
        told = "\0".join((exchange.agent or "", exchange.query, exchange.reply or "", exchange.suggested or ""))
        digest = hashlib.sha256(told.encode()).digest()[:16]
        if digest in self._seen:
            return True
        self._seen.add(digest)
        return False
