"""The command `compare`: from two bundles and a history to the gate's decision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from evaluation.comparison import Comparison
from evaluation.gate import decide, measure
from evaluation.observations import Progress
from evaluation.scoring import slice_rows
from evaluation.yardsticks import choose
from repliek.bundle import LAYOUT
from repliek.files import publish
from repliek.history import Exchange
from repliek.privacy import redact
from repliek.records import Read, read_records
from repliek.suggester import Suggester

COMPARISON, REJECTED = "comparison.json", "rejected.jsonl"

DISTINCT_WORDS = 5
"""A message of so many words that stands in a bundle's history was learned from; shorter ones are said by many."""


@dataclass(frozen=True, slots=True)
class CompareRequest:
    """What to compare, on what, and where the report goes, if anywhere."""

    champion: Path
    challenger: Path
    history: Path
    out: Path | None
    rename: Mapping[str, str]
    strict: bool
    seed: int
    margin: float


def compare_files(request: CompareRequest, progress: Progress) -> Comparison:
    """Compare two bundles on a file, and write the report.

    Raises:
        RepliekError: a bundle or the history cannot be used, or the history cannot tell which bundle is better.
    """
    read = read_records(request.history, Exchange, rename=request.rename, unique="exchange_id", strict=request.strict)
    champion, challenger = (Suggester.from_bundle(path, threads=0) for path in (request.champion, request.challenger))
    found = compare(read, champion, challenger, request, progress)
    if request.out:
        rejected = "".join(f"{rejection.as_json()}\n" for rejection in read.rejected)
        publish(request.out, {COMPARISON: found.as_json(), REJECTED: rejected or None})
    return found


def compare(
    read: Read[Exchange], champion: Suggester, challenger: Suggester, request: CompareRequest, progress: Progress
) -> Comparison:
    """Compare two loaded bundles on the exchanges that neither has learned from."""
    both = (champion, challenger)
    unseen = _unseen(read.records, both)
    yardstick, tells = choose(unseen, [suggester.bundle.knowledge for suggester in both])
    judged = [unseen[row] for row in np.flatnonzero(tells)]
    groups = [exchange.conversation for exchange in judged]
    marks = [yardstick.mark(judged, suggester, seed=request.seed, progress=progress) for suggester in both]
    changes = measure(marks[0], marks[1], slice_rows(judged), groups, yardstick.name, request.seed)
    decision = decide(changes, request.margin)
    return Comparison(
        champion=champion.bundle.manifest.bundle,
        challenger=challenger.bundle.manifest.bundle,
        history=str(request.history),
        promoted=decision.promoted,
        verdict=decision.verdict,
        reasons=decision.reasons,
        margin=request.margin,
        n=len(judged),
        conversations=len(set(groups)),
        learned_from=len(read.records) - len(unseen),
        untold=len(unseen) - len(judged),
        rejected=len(read.rejected),
        seed=request.seed,
        deciding=changes.deciding,
        guards=changes.guards,
        slices=changes.slices,
    )


def _unseen(history: Sequence[Exchange], suggesters: Sequence[Suggester]) -> tuple[Exchange, ...]:
    """Leave out what a bundle has learned from: it would be asked what it has been told."""
    learned = {
        _plain(redact(message))  # again: an older bundle was redacted by older rules
        for suggester in suggesters
        for message in pq.read_table(suggester.bundle.path / LAYOUT.history, columns=["message"])["message"].to_pylist()
    }
    return tuple(
        exchange
        for exchange in history
        if len(exchange.message.split()) < DISTINCT_WORDS or _plain(redact(exchange.message)) not in learned
    )


def _plain(message: str) -> str:
    return " ".join(message.lower().split())
