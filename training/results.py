"""What a run has to show: figures, drawings and the model card, all from messages that had not been seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from math import isnan
from string import Template
from typing import TYPE_CHECKING

from repliek import plots
from repliek.bundle import Ground
from repliek.cross_encoder import CrossEncoderConfig
from repliek.intents import STRAY
from repliek.metrics import (
    accuracy,
    aurc,
    auroc,
    confusion_counts,
    coverage_at_precision,
    expected_calibration_error,
    macro_f1,
)
from repliek.retrieval import BoolArray
from training.data import TrainingData
from training.emotions import JudgedEmotions
from training.fitting import Fitted
from training.judged import Judged

if TYPE_CHECKING:
    from matplotlib.figure import Figure


LATER = "later."
"""Stands before the name of a figure from later messages."""


def figures(fitted: Fitted) -> dict[str, float]:
    """Return the figures of a run, by the names that evaluation uses, from held-out folds and from later messages."""
    found = _figures_of(fitted.out_of_fold)
    if fitted.one_of_100 is not None:
        found["answers.one_of_100"] = fitted.one_of_100
    if fitted.reranker:
        found |= fitted.reranker.held_out.figures
    if fitted.later:
        found |= {LATER + name: value for name, value in _figures_of(fitted.later).items()}
    if fitted.emotions:
        found |= _emotion_figures(fitted.emotions.judged)
    return found


def _emotion_figures(judged: JudgedEmotions) -> dict[str, float]:
    found = {
        "tone.emotion_macro_f1": macro_f1(judged.expected, judged.chosen),
        "tone.emotion_ece": expected_calibration_error(judged.confidence, judged.expected == judged.chosen),
    }
    if judged.flagged.any():
        found["tone.sarcasm_precision"] = float(judged.sarcastic[judged.flagged].mean())
        found["tone.sarcasm_recall"] = float(judged.flagged[judged.sarcastic].mean())
    return found


def _figures_of(judged: Judged) -> dict[str, float]:
    found: dict[str, float] = {}
    known = judged.expected >= 0
    if known.any():
        expected, probabilities = judged.expected[known], judged.probabilities[known]
        predicted = probabilities.argmax(axis=1)
        found["intents.accuracy"] = accuracy(expected, predicted)
        found["intents.macro_f1"] = macro_f1(expected, predicted)
        found["intents.ece"] = expected_calibration_error(probabilities.max(axis=1), expected == predicted)
        found |= _scope_figures(judged, expected == predicted)
    rows = judged.answerable
    if rows.any():
        confidence, right = judged.confidence[rows], judged.right[rows]
        found["answers.recall_at_1"] = float(right.mean())
        for percent in (80, 85, 90, 95):
            point = coverage_at_precision(confidence, right, percent / 100)
            found[f"abstention.coverage_at_precision_{percent}"] = point.coverage
        found["abstention.coverage"] = judged.outcome.coverage
        if not isnan(judged.outcome.precision):
            found["abstention.precision"] = judged.outcome.precision
        found["abstention.aurc"] = aurc(confidence, right)
        found["abstention.ece"] = expected_calibration_error(confidence, right)
    return found


def _scope_figures(judged: Judged, right: BoolArray) -> dict[str, float]:
    kept = judged.scope >= 0
    known, stray = judged.expected >= 0, judged.expected == STRAY
    found = {"intents.in_scope_accuracy": float((right & kept[known]).mean())}
    if stray.any():
        found["intents.oos_recall"] = float((~kept[stray]).mean())
        both = known | stray
        found["intents.oos_auroc"] = auroc(-judged.scope[both], stray[both])
    return found


def drawings(fitted: Fitted) -> dict[str, Figure]:
    """Return what is worth looking at, by file name: on the messages on which confidence was calibrated."""
    ground = fitted.thresholds.ground
    judged = fitted.later or fitted.out_of_fold
    found: dict[str, Figure] = {}
    known = judged.expected >= 0
    if known.any():
        expected, predicted = judged.expected[known], judged.probabilities[known].argmax(axis=1)
        confidence = judged.probabilities[known].max(axis=1)
        found["intent-reliability"] = plots.reliability_diagram(
            confidence, expected == predicted, title=f"Intents, {ground}"
        )
        confused = Counter(
            (judged.intents[a], judged.intents[b]) for a, b in zip(expected, predicted, strict=True) if a != b
        )
        pairs = [plots.ConfusedPair(a, b, count) for (a, b), count in confused.most_common()]
        found["intent-confusion"] = plots.confused_pairs(pairs, title=f"Intents taken for others, {ground}")
    rows = judged.answerable
    if rows.any():
        confidence, right = judged.confidence[rows], judged.right[rows]
        found["answer-reliability"] = plots.reliability_diagram(confidence, right, title=f"First suggestion, {ground}")
        found["coverage-precision"] = plots.coverage_precision(
            confidence,
            right,
            target=fitted.thresholds.precision,
            title=f"First suggestion, {ground}",
            own=judged.outcome,
        )
    if fitted.emotions:
        found |= _emotion_drawings(fitted.emotions.judged)
    return found


def _emotion_drawings(judged: JudgedEmotions) -> dict[str, Figure]:
    counts = confusion_counts(judged.expected, judged.chosen, len(judged.labels))
    right = judged.expected == judged.chosen
    return {
        "emotion-confusion": plots.confusion(counts, judged.labels, title=f"Emotions, {Ground.FOLDS}"),
        "emotion-reliability": plots.reliability_diagram(judged.confidence, right, title=f"Emotions, {Ground.FOLDS}"),
    }


_CARD = Template("""# $brand: a Repliek bundle

Suggests answers to people who answer customers. An agent decides what is sent.

| | |
|---|---|
| encoder | $encoder |
| reranker | $reranker |
| exchanges learned from | $exchanges |
| answers | $answers in $topics topics ($unreviewed unreviewed) |
| intents | $intents |
| languages of the answers | $languages |
| confidence threshold | $threshold, chosen for a precision of $precision |
| confidence calibrated on | $ground$languages_apart |
| seed | $seed |

## Figures, from held-out folds of the history

$figures

The folds come from the same history; `python -m evaluation score` measures messages of another time or channel.$later

## Meant for

Suggesting to an agent, in the languages above, what has been answered before. Not meant for sending without a
person's eye, for deciding who is helped first, or for judging customers or agents.

## Personal data

Messages, replies and context were redacted before anything was learned. Redaction finds patterns, not
everything: treat the bundle as confidential.

## Licence

$licences. The rest belongs to whoever owns the history.
""")


_LATER = f"""
Figures that begin with `{LATER}` come from messages after the history, on which confidence and thresholds were set:
each tenth of them was judged with what the other nine set. The rest tells what the folds said before that."""


def _without_figures(data: TrainingData) -> str:
    if data.teaches:
        return "None: the history holds no labels to check against."
    return "None: there were no exchanges to check against, so its confidence is not calibrated."


def card(fitted: Fitted, data: TrainingData, found: Mapping[str, float], seed: int) -> str:
    """Write the model card out of the run's own figures."""
    knowledge = fitted.parts.knowledge
    ground, apart = fitted.thresholds.ground, fitted.thresholds.calibrations.languages
    table = "\n".join(["| figure | value |", "|---|---|", *(f"| {k} | {v:.3f} |" for k, v in found.items())])
    return _CARD.substitute(
        brand=data.brand.name,
        encoder=fitted.encoder,
        reranker=_reranker(fitted),
        exchanges=f"{len(fitted.history):,}",
        answers=len(knowledge),
        topics=len(knowledge.topics),
        unreviewed=sum(answer.status == "unreviewed" for answer in knowledge),
        intents=len(fitted.out_of_fold.intents),
        languages=", ".join(sorted(knowledge.languages)) or "none",
        threshold=f"{fitted.thresholds.confidence:.2f}",
        precision=f"{fitted.thresholds.precision:.2f}",
        ground=f"{len(fitted.later.answerable):,} {ground}" if fitted.later else ground,
        languages_apart=f"; {', '.join(apart)} each by itself" if apart else "",
        later=_LATER if fitted.later else "",
        seed=seed,
        figures=table if found else _without_figures(data),
        licences="; ".join(f"{part.capitalize()}: {licence}" for part, licence in fitted.licences.items()),
    )


def _reranker(fitted: Fitted) -> str:
    if fitted.reranker is None:
        return "none"
    part = fitted.parts.reranker
    return CrossEncoderConfig.from_directory(part.cross_encoder).name if part else "tried, and left out: no better"
