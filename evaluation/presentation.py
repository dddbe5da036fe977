"""How figures are shown to people: their names, what they mean, and how they are written."""

from __future__ import annotations

from dataclasses import dataclass

from repliek.tone.emotion import Emotion


@dataclass(frozen=True, slots=True)
class Meaning:
    """A figure in words.

    Attributes:
        name: as in `figures.json`, such as `intents.accuracy`.
        label: a few words.
        text: one sentence for somebody who sees it for the first time.
        share: whether it is a share of lines, written in per cent.
    """

    name: str
    label: str
    text: str
    share: bool = True

    def written(self, value: float | None) -> str:
        """Return `value` as text, a dash when it is unknown."""
        if value is None:
            return "–"
        return f"{100 * value:.1f} %" if self.share else f"{value:.3f}"

    def between(self, interval: tuple[float, float] | None) -> str:
        """Return an interval as text, nothing when it is unknown."""
        if interval is None:
            return ""
        low, high = interval
        return f"{100 * low:.1f} – {100 * high:.1f}" if self.share else f"{low:.3f} – {high:.3f}"


MEANINGS = (
    Meaning("answers.recall_at_1", "Right answer first", "The answer that was given stands first."),
    Meaning("answers.recall_at_3", "Right answer in three", "It stands among the first three."),
    Meaning("answers.recall_at_5", "Right answer in five", "It stands among the first five."),
    Meaning("answers.mrr", "Reciprocal rank", "Mean of 1 / rank of that answer, 0 beyond the tenth.", share=False),
    Meaning("answers.one_of_100", "Reply first of 100", "The true reply scores above 99 other replies of the file."),
    Meaning("abstention.coverage", "Coverage", "Messages that get a suggestion at the bundle's own thresholds."),
    Meaning("abstention.precision", "Precision", "Of those, the messages whose first suggestion is right."),
    Meaning(
        "abstention.coverage_at_precision_80",
        "Coverage at 80 % precision",
        "Most messages that could get a suggestion while 8 in 10 first ones are right.",
    ),
    Meaning("abstention.coverage_at_precision_85", "Coverage at 85 % precision", "The same, 17 in 20 being right."),
    Meaning("abstention.coverage_at_precision_90", "Coverage at 90 % precision", "The same, 9 in 10 being right."),
    Meaning("abstention.coverage_at_precision_95", "Coverage at 95 % precision", "The same, 19 in 20 being right."),
    Meaning(
        "abstention.aurc", "Risk over coverage", "Mean error rate of the surest messages; lower is better.", share=False
    ),
    Meaning(
        "abstention.ece",
        "Calibration error",
        "Distance of the confidence from the truth; lower is better.",
        share=False,
    ),
    Meaning("intents.accuracy", "Intent", "In-scope messages whose likeliest intent is theirs, without threshold."),
    Meaning("intents.macro_f1", "Intent, macro F1", "The same, each intent counting alike.", share=False),
    Meaning(
        "intents.ece",
        "Intent, calibration error",
        "Distance of its probability from the truth; lower is better.",
        share=False,
    ),
    Meaning(
        "intents.in_scope_accuracy",
        "Intent at the threshold",
        "In-scope messages that are kept and get their own intent.",
    ),
    Meaning(
        "intents.oos_recall",
        "Out of scope kept silent",
        "Out-of-scope messages that are recognised at the same threshold.",
    ),
    Meaning(
        "intents.oos_auroc", "Out of scope, AUROC", "An in-scope message scores above an out-of-scope one.", share=False
    ),
    Meaning("tone.register_accuracy", "Register of the message", "Je, u or neither, read as labelled."),
    Meaning("tone.emotion_macro_f1", "Emotion, macro F1", "Six emotions, each counting alike.", share=False),
    Meaning(
        "tone.emotion_ece",
        "Emotion, calibration error",
        "Distance of its probability from the truth; lower is better.",
        share=False,
    ),
    *(
        Meaning(
            f"tone.{emotion}_f1",
            f"Emotion, F1 of {emotion}",
            f"Messages that are {emotion}: found, and no others.",
            share=False,
        )
        for emotion in Emotion
    ),
    Meaning(
        "tone.sarcasm_precision", "Sarcasm, precision", "Of the messages that are read as sarcastic, those that are."
    ),
    Meaning("tone.sarcasm_recall", "Sarcasm, recall", "Sarcastic messages that are recognised."),
)
"""Every figure that has an interval, in the order in which they are shown."""

MEANING_OF = {meaning.name: meaning for meaning in MEANINGS}
