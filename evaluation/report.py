"""The report: one HTML file that loads nothing from elsewhere."""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import jinja2
import numpy as np
import pyarrow.parquet as pq

from evaluation.figures import Figures, SliceFigures
from evaluation.observations import Answers, Emotions, Intents, Observations
from evaluation.presentation import MEANING_OF, MEANINGS, Meaning
from evaluation.scoring import PRECISION, judged_first_topics
from repliek import plots
from repliek.bundle import LAYOUT, Bundle
from repliek.encoder import FloatArray
from repliek.history import OUT_OF_SCOPE
from repliek.intents import STRAY
from repliek.metrics import confusion_counts
from repliek.privacy import redact
from repliek.retrieval import BoolArray, IntArray
from repliek.tone.emotion import Emotion

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MISTAKES_SHOWN = 25
_SHOWN_CHARS = 280
_FEW = 30
"""Slices of fewer lines are greyed: their figures move by tens of points from one draw to the next."""

_HEADLINE = (
    "answers.recall_at_1",
    "abstention.coverage_at_precision_90",
    "intents.accuracy",
    "intents.oos_recall",
    "answers.one_of_100",
)
_SLICE_COLUMNS = (
    "answers.recall_at_1",
    "answers.recall_at_3",
    "answers.one_of_100",
    "abstention.coverage_at_precision_90",
    "intents.accuracy",
    "intents.in_scope_accuracy",
    "intents.oos_recall",
    "tone.register_accuracy",
    "tone.emotion_macro_f1",
)


@dataclass(frozen=True, slots=True)
class Mistake:
    """A message for which the engine was sure of something wrong.

    Attributes:
        message: redacted and shortened.
        expected, got: topics, or intents where the bundle ranks no answers.
        confidence: of what was got.
        evidence: the nearest past message that speaks for it, as the bundle holds it.
        similarity: to that message.
    """

    message: str
    expected: str
    got: str
    confidence: float
    evidence: str
    similarity: float


@dataclass(frozen=True, slots=True)
class _Picture:
    source: str
    alternative: str


@dataclass(frozen=True, slots=True)
class _SliceRow:
    value: str
    n: int
    few: bool
    cells: tuple[str, ...]


def render(
    figures: Figures, observed: Observations, bundle: Bundle, *, source: str, made_at: datetime, took_s: float
) -> str:
    """Return the report as HTML.

    Args:
        figures: of the observations.
        observed: for the plots and the mistakes.
        bundle: for the evidence behind the mistakes.
        source: the history, as the user named it.
        made_at: when.
        took_s: how long reading and scoring took.
    """
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    values = dict(figures.named())
    columns = _slice_columns(figures)
    return environment.get_template("report.html.j2").render(
        figures=figures,
        manifest=bundle.manifest,
        source=source,
        made_at=made_at,
        took_s=took_s,
        values=values,
        headline=[MEANING_OF[name] for name in _HEADLINE if values[name] is not None],
        known=[meaning for meaning in MEANINGS if values[meaning.name] is not None],
        unknown=[meaning for meaning in MEANINGS if values[meaning.name] is None],
        pictures=_pictures(observed),
        confused=_confused_picture(observed),
        slice_columns=columns,
        slices={name: _slice_rows(found, columns) for name, found in figures.slices.items() if found},
        few=_FEW,
        mistakes=mistakes(observed, bundle),
        precision=PRECISION,
    )


def mistakes(observed: Observations, bundle: Bundle, most: int = MISTAKES_SHOWN) -> tuple[Mistake, ...]:
    """Return the most confident mistakes, the most confident first: of the answers, else of the intents."""
    if observed.answers is not None:
        verdicts, speaks_for = _answer_verdicts(observed, observed.answers), bundle.past.topics
    elif observed.intents is not None:
        verdicts = _intent_verdicts(observed.intents)
        places = {label: place for place, label in enumerate(observed.intents.labels)}
        speaks_for = np.array([places.get(intent or "", -1) for intent in bundle.past.intents], dtype=np.int64)
    else:
        return ()
    wrong = np.flatnonzero(verdicts.wrong)
    worst = wrong[np.argsort(-verdicts.confidence[wrong], kind="stable")][:most]
    past: list[str] = pq.read_table(bundle.path / LAYOUT.history, columns=["message"])["message"].to_pylist()
    return tuple(_mistake(observed, verdicts, row, speaks_for, past) for row in worst.tolist())


def confusions(observed: Observations) -> list[plots.ConfusedPair]:
    """Count each pair of expected and other intent, out-of-scope lines that were taken to be in scope included."""
    if observed.intents is None:
        return []
    verdicts = _intent_verdicts(observed.intents)
    counts = Counter(verdicts.names(row) for row in np.flatnonzero(verdicts.wrong).tolist())
    return [plots.ConfusedPair(expected, got, count) for (expected, got), count in counts.items()]


@dataclass(frozen=True, slots=True)
class _Verdicts:
    """What was expected of n lines and what they got, as places in `labels`; below 0 is out-of-scope."""

    labels: tuple[str, ...]
    expected: IntArray
    got: IntArray
    confidence: FloatArray
    wrong: BoolArray

    def names(self, row: int) -> tuple[str, str]:
        expected = self.expected[row]
        return self.labels[expected] if expected >= 0 else OUT_OF_SCOPE, self.labels[self.got[row]]


def _answer_verdicts(observed: Observations, answers: Answers) -> _Verdicts:
    expected = np.where(observed.stray, STRAY, answers.expected)
    got = answers.ranked[:, 0]
    known = (answers.expected >= 0) | observed.stray
    return _Verdicts(answers.topics, expected, got, answers.confidence[:, 0], known & (got != expected))


def _intent_verdicts(intents: Intents) -> _Verdicts:
    mistaken = (intents.expected >= 0) & (intents.predicted != intents.expected)
    strayed_in = (intents.expected == STRAY) & intents.in_scope
    return _Verdicts(intents.labels, intents.expected, intents.predicted, intents.confidence, mistaken | strayed_in)


def _mistake(
    observed: Observations, verdicts: _Verdicts, row: int, speaks_for: IntArray, past: Sequence[str]
) -> Mistake:
    """Describe one mistake; where no neighbour speaks for it, its evidence is the nearest message of all."""
    neighbours = observed.neighbours.rows[row]
    rank = int((speaks_for[neighbours] == verdicts.got[row]).argmax())
    expected, got = verdicts.names(row)
    return Mistake(
        message=_shown(redact(observed.history[row].message)),
        expected=expected,
        got=got,
        confidence=float(verdicts.confidence[row]),
        evidence=_shown(past[neighbours[rank]]),
        similarity=float(observed.neighbours.similarities[row, rank]),
    )


def _shown(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _SHOWN_CHARS else f"{text[: _SHOWN_CHARS - 1].rstrip()}…"


def _pictures(observed: Observations) -> list[_Picture]:
    """Draw coverage and reliability; what the data cannot tell is left out."""
    pictures: list[_Picture] = []
    first = judged_first_topics(observed, np.arange(len(observed)))
    if len(first.confidence):
        curve = plots.coverage_precision(
            first.confidence, first.right, target=PRECISION, title="Coverage against precision", own=first.outcome
        )
        pictures.append(_picture(curve, "Precision of the first suggestion at each share of messages"))
        reliability = plots.reliability_diagram(
            first.confidence, first.right, title="Confidence of the first suggestion"
        )
        pictures.append(_picture(reliability, "Share of right first suggestions at each confidence"))
    if observed.intents is not None and (labelled := observed.intents.expected >= 0).any():
        right = observed.intents.predicted == observed.intents.expected
        reliability = plots.reliability_diagram(
            observed.intents.confidence[labelled], right[labelled], title="Confidence of the intent"
        )
        pictures.append(_picture(reliability, "Share of right intents at each confidence"))
    if observed.emotions is not None:
        pictures += _emotion_pictures(observed.emotions)
    return pictures


def _emotion_pictures(emotions: Emotions) -> list[_Picture]:
    labelled = emotions.expected >= 0
    if not labelled.any():
        return []
    expected, predicted = emotions.expected[labelled], emotions.predicted[labelled]
    counts = confusion_counts(expected, predicted, len(Emotion))
    confused = plots.confusion(counts, tuple(Emotion), title="Emotions taken for others")
    reliability = plots.reliability_diagram(
        emotions.confidence[labelled], predicted == expected, title="Confidence of the emotion"
    )
    return [
        _picture(confused, "How many messages of each emotion are read as each"),
        _picture(reliability, "Share of right emotions at each confidence"),
    ]


def _confused_picture(observed: Observations) -> _Picture | None:
    pairs = confusions(observed)
    if not pairs:
        return None
    drawn = plots.confused_pairs(pairs, title="Intents most often confused")
    return _picture(drawn, "Pairs of intents that are confused most often, with their number")


def _picture(figure: Figure, alternative: str) -> _Picture:
    encoded = base64.b64encode(plots.as_svg(figure)).decode("ascii")
    return _Picture(f"data:image/svg+xml;base64,{encoded}", alternative)


def _slice_columns(figures: Figures) -> list[Meaning]:
    values = dict(figures.named())
    return [MEANING_OF[name] for name in _SLICE_COLUMNS if values[name] is not None]


def _slice_rows(found: Mapping[str, SliceFigures], columns: Sequence[Meaning]) -> list[_SliceRow]:
    rows: list[_SliceRow] = []
    for value, part in found.items():
        values = dict(part.named())
        cells = tuple(column.written(values[column.name]) for column in columns)
        rows.append(_SliceRow(value, part.n, part.n < _FEW, cells))
    return rows
