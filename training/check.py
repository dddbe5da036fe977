"""The command `check`: the data checks of a fit, without the fit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from threadpoolctl import threadpool_limits

from repliek.history import intent_labels
from training.checks import Finding, suspect_labels
from training.checks_report import as_json, as_markdown
from training.data import TrainingData
from training.embeddings import caching_encoder
from training.encoder.store import cache_directory, resolve_views
from training.fitting import Groundwork
from training.intents import read_on_folds


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What was found, in how much data."""

    findings: tuple[Finding, ...]
    exchanges: int
    answers: int

    def as_json(self) -> str:
        """Return it for machines."""
        return as_json(self.findings, self.exchanges, self.answers)

    def as_markdown(self) -> str:
        """Return it for people."""
        return as_markdown(self.findings, self.exchanges, self.answers)


def check_data(data: TrainingData, encoder_name: str, seed: int, say: Callable[[str], None]) -> CheckReport:
    """Find what is doubtful in a history and its answers, the same that `fit` finds with this encoder and seed.

    The intents are learned on folds, since only what has not seen a label can dispute it; nothing is written.

    Args:
        data: validated and redacted.
        encoder_name: as the user named it.
        seed: of the folds.
        say: told what is happening, a line at a time.
    """
    directories = resolve_views(encoder_name, english=data.in_english)
    views = [caching_encoder(directory, cache_directory()) for directory in directories]
    with threadpool_limits(1):  # as in a fit
        ground = Groundwork.lay(data, views, seed, say)
        history, findings = ground.history, ground.findings
        if intent_labels(history):
            say("learn the intents on folds, to see which labels they dispute")
            read = read_on_folds(
                ground.encoded.messages,
                history,
                ground.neighbours,
                ground.knowledge,
                ground.encoded.passages,
                ground.folds,
                seed,
            )
            findings += suspect_labels(history, read.head.labels, read.messages.rows, read.probabilities)
    return CheckReport(findings, len(history), len(ground.knowledge))
