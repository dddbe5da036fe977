"""What a run has to show: figures, drawings and the model card, all from held-out folds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from math import isnan
from string import Template
from typing import TYPE_CHECKING

import numpy as np

from repliek import plots
from repliek.intents import STRAY
from repliek.metrics import (
    Outcome,
    accuracy,
    aurc,
    auroc,
    coverage_at_precision,
    expected_calibration_error,
    macro_f1,
    outcome_of,
)
from training.data import TrainingData
from training.fitting import Fitted

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def figures(fitted: Fitted) -> dict[str, float]:
    """Return the figures of a run, by the names that evaluation uses, all from held-out folds."""
    found: dict[str, float] = {}
    judged = fitted.out_of_fold
    known = judged.expected >= 0
    if known.any():
        expected, probabilities = judged.expected[known], judged.probabilities[known]
        predicted = probabilities.argmax(axis=1)
        found["intents.accuracy"] = accuracy(expected, predicted)
        found["intents.macro_f1"] = macro_f1(expected, predicted)
        found["intents.ece"] = expected_calibration_error(probabilities.max(axis=1), expected == predicted)
        found |= _scope_figures(fitted, expected == predicted)
    rows = judged.answerable
    if rows.any():
        confidence, right = judged.confidence[rows], judged.right[rows]
        found["answers.recall_at_1"] = float(right.mean())
        for percent in (80, 85, 90, 95):
            point = coverage_at_precision(confidence, right, percent / 100)
            found[f"abstention.coverage_at_precision_{percent}"] = point.coverage
        own = own_outcome(fitted)
        found["abstention.coverage"] = own.coverage
        if not isnan(own.precision):
            found["abstention.precision"] = own.precision
        found["abstention.aurc"] = aurc(confidence, right)
        found["abstention.ece"] = expected_calibration_error(confidence, right)
    if judged.one_of_100 is not None:
        found["answers.one_of_100"] = judged.one_of_100
    return found


def own_outcome(fitted: Fitted) -> Outcome:
    """Return what both thresholds of the bundle would have done on the held-out folds."""
    judged, rule = fitted.out_of_fold, fitted.thresholds.intents
    kept = judged.confidence >= fitted.thresholds.confidence
    if rule is not None:
        kept &= judged.scope >= 0
    return outcome_of(kept[judged.answerable], judged.right[judged.answerable])


def _scope_figures(fitted: Fitted, right: np.ndarray) -> dict[str, float]:
    judged = fitted.out_of_fold
    kept = judged.scope >= 0
    known, stray = judged.expected >= 0, judged.expected == STRAY
    found = {"intents.in_scope_accuracy": float((right & kept[known]).mean())}
    if stray.any():
        found["intents.oos_recall"] = float((~kept[stray]).mean())
        both = known | stray
        found["intents.oos_auroc"] = auroc(-judged.scope[both], stray[both])
    return found


def drawings(fitted: Fitted) -> dict[str, Figure]:
    """Return what is worth looking at, by file name."""
    found: dict[str, Figure] = {}
    judged = fitted.out_of_fold
    known = judged.expected >= 0
    if known.any():
        expected, predicted = judged.expected[known], judged.probabilities[known].argmax(axis=1)
        confidence = judged.probabilities[known].max(axis=1)
        found["intent-reliability"] = plots.reliability_diagram(
            confidence, expected == predicted, title="Intents, held-out folds"
        )
        confused = Counter(
            (judged.intents[a], judged.intents[b]) for a, b in zip(expected, predicted, strict=True) if a != b
        )
        pairs = [plots.ConfusedPair(a, b, count) for (a, b), count in confused.most_common()]
        found["intent-confusion"] = plots.confused_pairs(pairs, title="Intents taken for others")
    rows = judged.answerable
    if rows.any():
        confidence, right = judged.confidence[rows], judged.right[rows]
        found["answer-reliability"] = plots.reliability_diagram(
            confidence, right, title="First suggestion, held-out folds"
        )
        found["coverage-precision"] = plots.coverage_precision(
            confidence,
            right,
            target=fitted.thresholds.precision,
            title="First suggestion, held-out folds",
            own=own_outcome(fitted),
        )
    return found


_CARD = Template("""# $brand: a Repliek bundle

Suggests answers to people who answer customers. An agent decides what is sent.

| | |
|---|---|
| encoder | $encoder |
| exchanges learned from | $exchanges |
| answers | $answers in $topics topics ($unreviewed unreviewed) |
| intents | $intents |
| languages of the answers | $languages |
| confidence threshold | $threshold, chosen for a precision of $precision |
| seed | $seed |

## Figures, from held-out folds of the history

$figures

The folds come from the same history. On messages of another time or channel the figures will be lower;
`python -m evaluation score` measures them.

## Meant for

Suggesting to an agent, in the languages above, what has been answered before. Not meant for sending without a
person's eye, for deciding who is helped first, or for judging customers or agents.

## Personal data

Messages, replies and context were redacted before anything was learned. Redaction finds patterns, not
everything: treat the bundle as confidential.

## Licence

Encoder: $licence. The rest belongs to whoever owns the history.
""")


def _without_figures(data: TrainingData) -> str:
    if data.teaches:
        return "None: the history holds no labels to check against."
    return "None: there were no exchanges to check against, so its confidence is not calibrated."


def card(fitted: Fitted, data: TrainingData, found: Mapping[str, float], seed: int) -> str:
    """Write the model card out of the run's own figures."""
    knowledge = fitted.parts.knowledge
    table = "\n".join(["| figure | value |", "|---|---|", *(f"| {k} | {v:.3f} |" for k, v in found.items())])
    return _CARD.substitute(
        brand=data.brand.name,
        encoder=fitted.encoder,
        exchanges=f"{len(fitted.history):,}",
        answers=len(knowledge),
        topics=len(knowledge.topics),
        unreviewed=sum(answer.status == "unreviewed" for answer in knowledge),
        intents=len(fitted.out_of_fold.intents),
        languages=", ".join(sorted(knowledge.languages)) or "none",
        threshold=f"{fitted.thresholds.confidence:.2f}",
        precision=f"{fitted.thresholds.precision:.2f}",
        seed=seed,
        figures=table if found else _without_figures(data),
        licence=fitted.licence,
    )
