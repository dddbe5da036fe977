"""What `figures.json` holds. `null` stands where the data, or the bundle, cannot tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from repliek.errors import DataError


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class IntentFigures(_Frozen):
    """How well intents are told apart.

    Attributes:
        accuracy: of the likeliest intent, over in-scope lines, whatever the threshold.
        macro_f1: mean F1 over intents, over the same lines.
        ece: expected calibration error of the likeliest intent's probability, over the same lines.
        in_scope_accuracy: share of in-scope lines that get their own intent and count as in scope.
        oos_recall: share of out-of-scope lines that count as out of scope.
        oos_auroc: how often an out-of-scope line has a lower scope score than an in-scope one.
    """

    accuracy: float | None = None
    macro_f1: float | None = None
    ece: float | None = None
    in_scope_accuracy: float | None = None
    oos_recall: float | None = None
    oos_auroc: float | None = None


class AnswerFigures(_Frozen):
    """How well the right answer is found, before anything is kept silent.

    Attributes:
        recall_at_1, recall_at_3, recall_at_5: share of lines whose answer stands among the first k topics.
        mrr: mean of 1 / rank of the right topic, 0 beyond the ranked ones.
        one_of_100: how often the true reply ranks first among 99 others of the file.
    """

    recall_at_1: float | None = None
    recall_at_3: float | None = None
    recall_at_5: float | None = None
    mrr: float | None = None
    one_of_100: float | None = None


class AbstentionFigures(_Frozen):
    """How well the first topic's confidence tells right from wrong.

    Over lines whose answer is known, and out-of-scope lines, for which every topic is wrong.

    Attributes:
        coverage_at_precision_80, coverage_at_precision_85, coverage_at_precision_90, coverage_at_precision_95: largest
            share of lines of which so many per cent are right, at a threshold chosen on them: the curve of
            coverage against precision, in four points.
        coverage: share of lines that get a suggestion at the bundle's own thresholds, of confidence and of scope.
        precision: share of those of which the first topic is right.
        aurc: area under the risk-coverage curve; lower is better.
        ece: expected calibration error of the confidence.
    """

    coverage_at_precision_80: float | None = None
    coverage_at_precision_85: float | None = None
    coverage_at_precision_90: float | None = None
    coverage_at_precision_95: float | None = None
    coverage: float | None = None
    precision: float | None = None
    aurc: float | None = None
    ece: float | None = None


class ToneFigures(_Frozen):
    """How well tone is read, over lines that are labelled with it.

    Attributes:
        register_accuracy: share of lines whose register is read as labelled.
        emotion_macro_f1: mean of F1 over the emotions.
        emotion_ece: expected calibration error of the confidence in the emotion.
        neutral_f1, frustrated_f1, worried_f1, sad_f1, grateful_f1, playful_f1: of each emotion.
        sarcasm_precision: share of the lines that are read as sarcastic that are labelled so.
        sarcasm_recall: share of the sarcastic lines that are read as such.
    """

    register_accuracy: float | None = None
    emotion_macro_f1: float | None = None
    emotion_ece: float | None = None
    neutral_f1: float | None = None
    frustrated_f1: float | None = None
    worried_f1: float | None = None
    sad_f1: float | None = None
    grateful_f1: float | None = None
    playful_f1: float | None = None
    sarcasm_precision: float | None = None
    sarcasm_recall: float | None = None


class PrivacyFigures(_Frozen):
    """What the bundle gives away.

    Attributes:
        leaks: pieces of personal data that are still found in the bundle's texts.
    """

    leaks: int


class SliceFigures(_Frozen):
    """The figures of some of the lines, n of them."""

    n: int
    intents: IntentFigures
    answers: AnswerFigures
    abstention: AbstentionFigures
    tone: ToneFigures

    def named(self) -> Iterator[tuple[str, float | None]]:
        """Yield every figure under its full name, such as `intents.accuracy`."""
        for name in ("intents", "answers", "abstention", "tone"):
            for key, value in getattr(self, name).model_dump().items():
                yield f"{name}.{key}", value


class Counts(_Frozen):
    """How many lines stand behind the figures.

    Attributes:
        in_scope: lines with an intent other than out-of-scope.
        out_of_scope: lines that are marked so.
        unknown_intent: in-scope lines whose intent the bundle does not know; they count as wrong.
        with_answer: lines whose answer is known to the bundle.
        unknown_answer: lines that name an answer which the bundle does not have; left out of `answers`.
        with_reply: lines with a reply.
        distinct_replies: different replies among them; fewer than 100 leave `one_of_100` null.
        rejected: lines of the file that could not be used.
    """

    in_scope: int
    out_of_scope: int
    unknown_intent: int
    with_answer: int
    unknown_answer: int
    with_reply: int
    distinct_replies: int
    rejected: int = 0


class Figures(SliceFigures):
    """Everything that is measured of a bundle on a file of held-out exchanges.

    Attributes:
        privacy: of the bundle alone.
        bundle: its name.
        seed: of everything that is drawn.
        counts: lines behind the figures.
        intervals: 95 % bootstrap interval (lowest, highest) of each figure that is not null, by its full name.
        slices: the same figures by language, channel, register, length, intent and with or without context,
            each by value; lines without the label stand under `unlabelled`.
    """

    privacy: PrivacyFigures
    bundle: str
    seed: int
    counts: Counts
    intervals: Mapping[str, tuple[float, float]]
    slices: Mapping[str, Mapping[str, SliceFigures]]

    def as_json(self) -> str:
        """Return the text of `figures.json`."""
        return self.model_dump_json(indent=2) + "\n"

    @classmethod
    def from_json(cls, path: Path) -> Figures:
        """Read a `figures.json`.

        Raises:
            DataError: it is missing, or was not written by this version.
        """
        try:
            return cls.model_validate_json(path.read_bytes())
        except FileNotFoundError:
            raise DataError(f"{path}: no such file; expected figures written by `python -m evaluation score`") from None
        except ValidationError as error:
            raise DataError(
                f"{path}: {error.error_count()} fields are not those of this version's figures; score again"
            ) from None
