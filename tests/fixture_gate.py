"""What the gate is tried on: messages that the tiny bundle answers, and bundles that are as good or worse."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from evaluation.yardsticks import LEAST
from repliek.bundle import LAYOUT
from tests.fixture_bundle import MESSAGES

ANSWERED = ((MESSAGES.suggested, "delivery"), (MESSAGES.english, "delivery"), (MESSAGES.expired, "refund"))
"""Messages of so few words that many customers say them, and the right answer; the last one is not suggested."""


def write_gate_history(path: Path, *, lines: int = 2 * LEAST) -> Path:
    """Write exchanges of which the tiny bundle answers two in three rightly."""
    rows = [
        {
            "exchange_id": f"g{number}",
            "message": message,
            "answer_id": answer,
            "intent": answer,
            "channel": "chat" if number % 2 else "email",
        }
        for number in range(lines)
        for message, answer in (ANSWERED[number % len(ANSWERED)],)
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def with_threshold(bundle: Path, target: Path, confidence: float) -> Path:
    """Copy a bundle to `target` with another threshold, and so another name."""
    shutil.copytree(bundle, target)
    manifest = json.loads((target / LAYOUT.manifest).read_text(encoding="utf-8"))
    manifest["thresholds"]["confidence"] = confidence
    manifest["bundle"] = f"from-{confidence}"
    (target / LAYOUT.manifest).write_text(json.dumps(manifest), encoding="utf-8")
    return target
