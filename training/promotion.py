"""The command `promote`: a challenger becomes champion through the gate of the evaluation, and in no other way."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from repliek.errors import RepliekError
from training import tracking
from training.registry import Registered, held_out

NOBODY = "nobody"
"""Stands for the champion where there was none."""

_ROOT = Path(__file__).parents[1]
_DECIDED = (0, 3)
"""Exit codes with which the gate ends when it has come to a decision."""


@dataclass(frozen=True, slots=True)
class PromotionRequest:
    """Which run's bundle is to be champion, and what it is asked.

    Attributes:
        run_id: of the run.
        history: exchanges to compare on; those that the run kept apart, when `None`.
        margin: how much worse it may be.
        seed: of everything that is drawn.
    """

    run_id: str
    history: Path | None
    margin: float
    seed: int


@dataclass(frozen=True, slots=True)
class Promotion:
    """What came of it.

    Attributes:
        run_id: of the challenger.
        challenger, champion: names of the bundles.
        promoted: whether the challenger is champion now.
        reasons: why, in sentences.
        comparison: what `python -m evaluation compare` found, `None` where there was nobody to compare with.
    """

    run_id: str
    challenger: str
    champion: str
    promoted: bool
    reasons: tuple[str, ...]
    comparison: dict[str, Any] | None

    def as_json(self) -> str:
        """Return it for machines."""
        return json.dumps(asdict(self), indent=2, ensure_ascii=False)


def promote(request: PromotionRequest) -> Promotion:
    """Ask the gate, keep its decision in MLflow, and make the challenger champion if it says yes.

    Where there is no champion the challenger becomes it: nobody is replaced.

    Raises:
        RepliekError: the run registered no bundle, there is nothing to compare on, or the gate cannot decide.
    """
    tracking.configure()
    challenger = Registered.of_run(request.run_id)
    champion = Registered.champion()
    if champion and champion.version == challenger.version:
        return Promotion(
            request.run_id, challenger.bundle, champion.bundle, True, ("it is the champion already",), None
        )
    found = _ask(request, champion, challenger) if champion else _unopposed(request, challenger)
    challenger.keep_decision(
        promoted=found.promoted,
        champion=found.champion,
        reasons=found.reasons,
        report=json.dumps(found.comparison, indent=2, ensure_ascii=False) if found.comparison else None,
    )
    if found.promoted:
        challenger.crown()
    return found


def _unopposed(request: PromotionRequest, challenger: Registered) -> Promotion:
    return Promotion(request.run_id, challenger.bundle, NOBODY, True, ("there was no champion to replace",), None)


def _ask(request: PromotionRequest, champion: Registered, challenger: Registered) -> Promotion:
    """Compare in a process of its own: training and evaluation do not import each other."""
    history = request.history or held_out(request.run_id)
    with tempfile.TemporaryDirectory(prefix="repliek-promote-") as scratch:
        options = {
            "champion": champion.fetch(Path(scratch) / "champion"),
            "challenger": challenger.fetch(Path(scratch) / "challenger"),
            "history": history.resolve(),
            "margin": request.margin,
            "seed": request.seed,
        }
        arguments = [part for name, value in options.items() for part in (f"--{name}", str(value))]
        command = [sys.executable, "-m", "evaluation", "compare", *arguments, "--json"]
        environment = {**os.environ, "PYTHONPATH": str(_ROOT)}
        ended = subprocess.run(
            command, cwd=scratch, env=environment, stdout=subprocess.PIPE, encoding="utf-8", check=False
        )
    if ended.returncode not in _DECIDED:
        raise RepliekError(f"the gate ended with exit code {ended.returncode}; its own message stands above")
    comparison: dict[str, Any] = json.loads(ended.stdout)
    return Promotion(
        request.run_id,
        challenger.bundle,
        champion.bundle,
        comparison["promoted"],
        tuple(comparison["reasons"]),
        comparison,
    )
