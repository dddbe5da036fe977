"""From a history and a bundle to figures: what `score`, `compare` and the public benchmarks share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import isnan

import numpy as np
import pyarrow.parquet as pq

from evaluation.figures import (
    AbstentionFigures,
    AnswerFigures,
    Counts,
    Figures,
    IntentFigures,
    PrivacyFigures,
    SliceFigures,
    ToneFigures,
)
from evaluation.observations import Observations, Progress, observe
from repliek.bundle import LAYOUT, Bundle
from repliek.encoder import FloatArray
from repliek.history import Exchange
from repliek.intents import STRAY
from repliek.metrics import (
    RESAMPLES,
    Outcome,
    accuracy,
    aurc,
    auroc,
    bootstrap_rows,
    coverage_at_precision,
    expected_calibration_error,
    f1,
    macro_f1,
    mean_reciprocal_rank,
    outcome_of,
    percentile_interval,
    recall_at_k,
)
from repliek.privacy import find
from repliek.retrieval import BoolArray, IntArray
from repliek.suggester import Suggester
from repliek.tone.emotion import Emotion

PRECISION = 0.9
"""The precision in `coverage_at_precision_90`."""

UNLABELLED = "unlabelled"


class Length(StrEnum):
    """How much a message tells."""

    SHORT = "up to 7 words"
    MEDIUM = "8 to 25 words"
    LONG = "26 words and more"

    @classmethod
    def of(cls, text: str) -> Length:
        """Return the length of `text`, counting what white space separates."""
        words = len(text.split())
        return cls.SHORT if words <= 7 else cls.MEDIUM if words <= 25 else cls.LONG


SLICES: Mapping[str, Callable[[Exchange], str | None]] = {
    "language": lambda exchange: exchange.language,
    "channel": lambda exchange: exchange.channel,
    "register": lambda exchange: exchange.register,
    "length": lambda exchange: Length.of(exchange.message),
    "intent": lambda exchange: exchange.intent,
    "context": lambda exchange: "with context" if exchange.context else "without context",
}
"""By what the lines are divided, as they are labelled in the history."""


def score(
    history: Sequence[Exchange],
    suggester: Suggester,
    seed: int,
    *,
    resamples: int = RESAMPLES,
    progress: Progress = lambda *_: None,
) -> Figures:
    """Measure a bundle on held-out exchanges.

    Args:
        history: at least one exchange.
        suggester: of the bundle.
        seed: of everything that is drawn.
        resamples: bootstrap samples behind each interval.
        progress: told how far it is.
    """
    observed = observe(history, suggester, seed=seed, progress=progress)
    return summarise(observed, suggester.bundle, seed, resamples=resamples, progress=progress)


def summarise(
    observed: Observations,
    bundle: Bundle,
    seed: int,
    *,
    rejected: int = 0,
    resamples: int = RESAMPLES,
    progress: Progress = lambda *_: None,
) -> Figures:
    """Draw every figure, interval and slice from what was observed.

    Args:
        observed: of the bundle.
        bundle: for its name and its texts.
        seed: of the bootstrap.
        rejected: how many lines of the file could not be used.
        resamples: bootstrap samples behind each interval.
        progress: told how far it is.
    """
    whole = figures_of(observed, np.arange(len(observed)))
    return Figures(
        **dict(whole),
        privacy=PrivacyFigures(leaks=count_leaks(bundle)),
        bundle=bundle.manifest.bundle,
        seed=seed,
        counts=_counts(observed, rejected),
        intervals=_intervals(observed, whole, seed, resamples, progress),
        slices={
            name: {value: figures_of(observed, rows) for value, rows in found.items()}
            for name, found in slice_rows(observed.history).items()
        },
    )


def figures_of(observed: Observations, rows: IntArray) -> SliceFigures:
    """Draw the figures from some of the lines; a row that is named twice counts twice."""
    return SliceFigures(
        n=len(rows),
        intents=_intent_figures(observed, rows),
        answers=_answer_figures(observed, rows),
        abstention=_abstention_figures(observed, rows),
        tone=_tone_figures(observed, rows),
    )


def slice_rows(history: Sequence[Exchange]) -> dict[str, dict[str, IntArray]]:
    """Return the rows, (m,) int64, of each value of each slice, the largest first; none where no line is labelled."""
    return {name: _rows_by_value(history, value_of) for name, value_of in SLICES.items()}


def count_leaks(bundle: Bundle) -> int:
    """Count the personal data in a bundle's texts: its history and its answers.

    Placeholders are none, nor is what the brand itself publishes in its settings.
    """
    table = pq.read_table(bundle.path / LAYOUT.history, columns=["message", "reply"])
    texts: list[str] = [text for column in table.itercolumns() for text in column.to_pylist() if text]
    texts += [answer.text for answer in bundle.knowledge]
    published = bundle.brand.published
    return sum(text[span.start : span.end] not in published for text in texts for span in find(text))


@dataclass(frozen=True, slots=True)
class FirstTopics:
    """The first topics of m lines of which it is known whether they are right.

    That is known of lines whose answer the bundle has, and of out-of-scope lines, for which every topic is wrong.

    Attributes:
        confidence: (m,) float32.
        right: (m,) bool.
        suggested: (m,) bool, whether the bundle suggests something at its own thresholds.
    """

    confidence: FloatArray
    right: BoolArray
    suggested: BoolArray

    @property
    def outcome(self) -> Outcome:
        """What the bundle's own thresholds do with these lines."""
        return outcome_of(self.suggested, self.right)


def judged_first_topics(observed: Observations, rows: IntArray) -> FirstTopics:
    """Judge the first topics of some of the lines."""
    answers = observed.answers
    if answers is None:
        nothing = np.zeros(0, dtype=bool)
        return FirstTopics(np.zeros(0, dtype=np.float32), nothing, nothing)
    expected, confidence, stray = answers.expected[rows], answers.confidence[rows, 0], observed.stray[rows]
    judged = (expected >= 0) | stray
    right = (answers.ranked[rows, 0] == expected) & ~stray
    in_scope = observed.intents.in_scope[rows] if observed.intents else np.ones(len(rows), dtype=bool)
    suggested = (confidence >= answers.threshold) & in_scope
    return FirstTopics(confidence[judged], right[judged], suggested[judged])


def _intent_figures(observed: Observations, rows: IntArray) -> IntentFigures:
    intents = observed.intents
    if intents is None:
        return IntentFigures()
    expected, silent = intents.expected[rows], ~intents.in_scope[rows]
    labelled, stray = expected >= 0, expected == STRAY
    right = intents.predicted[rows] == expected
    marked = labelled | stray
    return IntentFigures(
        accuracy=_told(accuracy(expected[labelled], intents.predicted[rows][labelled])),
        macro_f1=_told(macro_f1(expected[labelled], intents.predicted[rows][labelled])),
        ece=_told(expected_calibration_error(intents.confidence[rows][labelled], right[labelled])),
        in_scope_accuracy=_mean((right & ~silent)[labelled]),
        oos_recall=_mean(silent[stray]),
        oos_auroc=_told(auroc(-intents.scope[rows][marked], stray[marked])),
    )


def _answer_figures(observed: Observations, rows: IntArray) -> AnswerFigures:
    reply_first = observed.reply_first[rows]
    one_of_100 = _mean(reply_first[~np.isnan(reply_first)])
    if observed.answers is None:
        return AnswerFigures(one_of_100=one_of_100)
    expected = observed.answers.expected[rows]
    known = expected >= 0
    ranked, expected = observed.answers.ranked[rows][known], expected[known]
    return AnswerFigures(
        recall_at_1=_told(recall_at_k(ranked, expected, 1)),
        recall_at_3=_told(recall_at_k(ranked, expected, 3)),
        recall_at_5=_told(recall_at_k(ranked, expected, 5)),
        mrr=_told(mean_reciprocal_rank(ranked, expected)),
        one_of_100=one_of_100,
    )


def _abstention_figures(observed: Observations, rows: IntArray) -> AbstentionFigures:
    first = judged_first_topics(observed, rows)

    def covered(precision: float) -> float | None:
        return _told(coverage_at_precision(first.confidence, first.right, precision).coverage)

    return AbstentionFigures(
        coverage_at_precision_80=covered(0.80),
        coverage_at_precision_85=covered(0.85),
        coverage_at_precision_90=covered(PRECISION),
        coverage_at_precision_95=covered(0.95),
        coverage=_told(first.outcome.coverage),
        precision=_told(first.outcome.precision),
        aurc=_told(aurc(first.confidence, first.right)),
        ece=_told(expected_calibration_error(first.confidence, first.right)),
    )


def _tone_figures(observed: Observations, rows: IntArray) -> ToneFigures:
    registers = observed.registers_right[rows]
    register_accuracy = _mean(registers[~np.isnan(registers)])
    emotions = observed.emotions
    if emotions is None:
        return ToneFigures(register_accuracy=register_accuracy)
    labelled = rows[emotions.expected[rows] >= 0]
    expected, predicted = emotions.expected[labelled], emotions.predicted[labelled]
    judged = rows[emotions.sarcastic[rows] >= 0]
    sarcastic, flagged = emotions.sarcastic[judged] == 1, emotions.flagged[judged]
    return ToneFigures(
        register_accuracy=register_accuracy,
        emotion_macro_f1=_told(macro_f1(expected, predicted)),
        emotion_ece=_told(expected_calibration_error(emotions.confidence[labelled], predicted == expected)),
        **{f"{emotion}_f1": _told(f1(expected == place, predicted == place)) for place, emotion in enumerate(Emotion)},
        sarcasm_precision=_mean(sarcastic[flagged]),
        sarcasm_recall=_mean(flagged[sarcastic]),
    )


def _rows_by_value(history: Sequence[Exchange], value_of: Callable[[Exchange], str | None]) -> dict[str, IntArray]:
    values = np.array([str(value_of(exchange) or UNLABELLED) for exchange in history])
    names, counts = np.unique(values, return_counts=True)
    if list(names) == [UNLABELLED]:
        return {}
    order = np.lexsort((names, -counts))
    return {str(name): np.flatnonzero(values == name) for name in names[order]}


def _intervals(
    observed: Observations, whole: SliceFigures, seed: int, resamples: int, progress: Progress
) -> dict[str, tuple[float, float]]:
    estimates: dict[str, list[float]] = {name: [] for name, value in whole.named() if value is not None}
    for done, rows in enumerate(bootstrap_rows(len(observed), seed=seed, resamples=resamples)):
        progress("Drawing intervals", done, resamples)
        for name, value in figures_of(observed, rows).named():
            if name in estimates:
                estimates[name].append(float("nan") if value is None else value)
    progress("Drawing intervals", resamples, resamples)
    return {name: percentile_interval(np.array(found)) for name, found in estimates.items()}


def _counts(observed: Observations, rejected: int) -> Counts:
    history, intents, answers = observed.history, observed.intents, observed.answers
    named = sum(exchange.answer_id is not None for exchange in history)
    with_answer = int((answers.expected >= 0).sum()) if answers else 0
    replies = [" ".join(exchange.reply.split()) for exchange in history if exchange.reply]
    return Counts(
        in_scope=sum(exchange.intent is not None and exchange.in_scope for exchange in history),
        out_of_scope=int(observed.stray.sum()),
        unknown_intent=int((intents.expected >= intents.known).sum()) if intents else 0,
        with_answer=with_answer,
        unknown_answer=named - with_answer,
        with_reply=len(replies),
        distinct_replies=len(set(replies)),
        rejected=rejected,
    )


def _mean(values: FloatArray | BoolArray) -> float | None:
    return float(values.mean()) if len(values) else None


def _told(figure: float) -> float | None:
    """Return the figure, `None` where there was nothing to draw it from."""
    return None if isnan(figure) else figure
