"""From history and answers to everything that a bundle holds: the whole of training, in order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow as pa

from repliek.bundle import PAST_SCHEMA, BundleParts, Manifest, Past, Thresholds, write_bundle
from repliek.encoder import Encoder, EncoderConfig, FloatArray
from repliek.history import OUT_OF_SCOPE, Exchange
from repliek.intents import STRAY, UNKNOWN
from repliek.knowledge import KnowledgeBase
from repliek.metrics import coverage_at_precision
from repliek.ranking import Asked, topic_evidence
from repliek.replies import NearbyReplies
from repliek.retrieval import IntArray, Neighbours, VectorIndex
from training.checks import Finding, check, suspect_labels
from training.checks_report import summary
from training.data import TrainingData
from training.embeddings import LoadEncoder, caching_encoder
from training.folds import Folds
from training.heads import export, fit_classifier
from training.intents import FittedIntents, choose_strength, fit_intents
from training.material import gather
from training.mining import mine
from training.ranker import FittedRanker, fit_ranker
from training.replies import FittedReplies, fit_replies
from training.space import Encoded, encode_all

PARITY_ROWS = 200
"""On so many vectors an exported head is compared with the fitted one."""

MIN_EMOTIONS = 100
"""Labelled messages from which an emotion head is learned."""

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Options:
    """What the user may choose.

    Attributes:
        precision: share of suggestions that should be right at the confidence threshold.
        seed: of everything that draws lots.
    """

    precision: float = 0.9
    seed: int = 13


@dataclass(frozen=True, slots=True)
class OutOfFold:
    """What the fitted parts said of each message when it was held out; the ground of every figure of a run.

    Attributes:
        intents: the labels, c of them.
        expected: (n,) int64 column of each message's own intent, negative without.
        probabilities: (n, c) float32.
        scope: (n,) float32 scores.
        answerable: (n,) bool, messages with a known answer or known to have none.
        confidence: (n,) float32 of the best topic.
        right: (n,) bool, whether the best topic was the one whose answer was sent.
        one_of_100: share of the replies that come first among 99 others; `None` where there are too few.
    """

    intents: tuple[str, ...]
    expected: IntArray
    probabilities: FloatArray
    scope: FloatArray
    answerable: np.ndarray
    confidence: FloatArray
    right: np.ndarray
    one_of_100: float | None

    @classmethod
    def nothing(cls, n: int) -> OutOfFold:
        """Nothing was fitted that n messages could have judged."""
        return cls(
            intents=(),
            expected=np.full(n, UNKNOWN, dtype=np.int64),
            probabilities=np.zeros((n, 0), dtype=np.float32),
            scope=np.zeros(n, dtype=np.float32),
            answerable=np.zeros(n, dtype=bool),
            confidence=np.zeros(n, dtype=np.float32),
            right=np.zeros(n, dtype=bool),
            one_of_100=None,
        )


@dataclass(frozen=True, slots=True)
class Fitted:
    """What was learned, ready to be written down."""

    parts: BundleParts
    thresholds: Thresholds
    encoder: str
    licence: str
    view_weights: tuple[float, ...]
    history: tuple[Exchange, ...]
    out_of_fold: OutOfFold
    findings: tuple[Finding, ...]

    def write(
        self, target: Path, *, brand: str, seed: int, card: str = "", figures: Mapping[str, float], run_id: str | None
    ) -> Manifest:
        """Write the bundle, with a model card and figures that were made out of what was fitted."""
        return write_bundle(
            target,
            replace(self.parts, card=card),
            encoder=self.encoder,
            brand=brand,
            thresholds=self.thresholds,
            figures=figures,
            seed=seed,
            view_weights=self.view_weights,
            run_id=run_id,
            licences={"encoder": self.licence},
        )


@dataclass(frozen=True, slots=True)
class Groundwork:
    """What learning and checking both begin with.

    Attributes:
        history: in which exchanges name their answers, as far as that can be known.
        knowledge: with the answers that were mined.
        encoded: all of it, in one space.
        folds: what is held out together.
        neighbours: of each message, in other folds.
        findings: what is doubtful, before anything was learned.
    """

    history: tuple[Exchange, ...]
    knowledge: KnowledgeBase
    encoded: Encoded
    folds: Folds
    neighbours: Neighbours
    findings: tuple[Finding, ...]

    @classmethod
    def lay(cls, data: TrainingData, views: Sequence[Encoder], seed: int, say: Say) -> Groundwork:
        """Name the answers, encode everything once, divide it, and look for what is doubtful."""
        history, knowledge = with_topics(data, views[0], say)
        encoded = encode_all(views, history, knowledge, seed)
        folds = Folds.of_history(history, seed)
        neighbours = folds.neighbours(encoded.messages)
        findings = check(gather(history, knowledge, encoded, folds, neighbours, data.held_out))
        return cls(history, knowledge, encoded, folds, neighbours, findings)


def fit(
    data: TrainingData,
    encoders: tuple[Path, ...],
    cache: Path,
    options: Options,
    say: Say,
    load_encoder: LoadEncoder = caching_encoder,
) -> Fitted:
    """Learn everything that a bundle holds.

    Args:
        data: validated and redacted.
        encoders: folders of the sentence encoder and of what stands beside it; they are copied into the bundle.
        cache: folder in which vectors are kept for the next run.
        options: the user's.
        say: told what is happening, a line at a time.
        load_encoder: decides where texts are encoded; the vectors are the same.
    """
    configs = [EncoderConfig.from_directory(directory) for directory in encoders]
    views = [load_encoder(directory, cache) for directory in encoders]
    ground = Groundwork.lay(data, views, options.seed, say)
    say(f"checked: {summary(ground.findings)}")
    history, knowledge, encoded = ground.history, ground.knowledge, ground.encoded
    folds, neighbours = ground.folds, ground.neighbours
    row_topics = knowledge.numbers_of(exchange.answer_id for exchange in history)
    intents = _fit_intents(history, knowledge, encoded, neighbours, folds, options, say)
    strays = np.array([exchange.intent == OUT_OF_SCOPE for exchange in history])
    probabilities = intents.probabilities if intents else np.zeros((len(history), 0), dtype=np.float32)
    scope = intents.scope if intents else np.zeros(len(history), dtype=np.float32)
    asked = Asked(tuple(exchange.query for exchange in history), encoded.messages, neighbours, probabilities, scope)
    ranker = None
    if len(knowledge):
        say(f"learn which of {len(knowledge.topics)} answers fits a message")
        evidence = topic_evidence(knowledge, row_topics, encoded.passages, intents.head.labels if intents else ())
        ranker = fit_ranker(evidence, asked, row_topics, strays)
    past = past_table(history, knowledge)
    replies = _fit_replies(history, past, encoded, asked, folds, options.seed, say)
    out_of_fold = _out_of_fold(intents, ranker, replies, row_topics, strays)
    return Fitted(
        parts=BundleParts(
            encoders=encoders,
            centres=encoded.centres,
            lexical=encoded.lexical,
            intents=export(intents.head, encoded.messages[:PARITY_ROWS]) if intents else None,
            emotions=_fit_emotions(history, encoded.messages, folds, options.seed, say),
            ranker=export(ranker.head, ranker.sample) if ranker else None,
            reply_head=replies.head.to_bytes() if replies and replies.head else None,
            messages=VectorIndex.build(encoded.messages),
            answers=VectorIndex.build(encoded.answers) if len(knowledge) else None,
            passages=encoded.passages,
            replies=encoded.replies,
            past=past,
            knowledge=knowledge,
            brand_toml=data.brand_toml,
            card="",
        ),
        thresholds=_thresholds(intents, out_of_fold, options.precision),
        encoder=" + ".join(config.name for config in configs),
        licence=" AND ".join(dict.fromkeys(config.licence for config in configs)),
        view_weights=encoded.weights,
        history=history,
        out_of_fold=out_of_fold,
        findings=ground.findings
        + suspect_labels(history, out_of_fold.intents, out_of_fold.expected, out_of_fold.probabilities),
    )


def with_topics(data: TrainingData, encoder: Encoder, say: Say) -> tuple[tuple[Exchange, ...], KnowledgeBase]:
    """Return history and knowledge base in which exchanges name their answers, as far as that can be known.

    An exchange that names none gets the only answer of its intent, where there is only one. The others that have
    a reply get the answer that it is recognised as, or one that is mined from it; an answer that was mined
    before, and reviewed since, stays as it was reviewed.
    """
    history = tuple(with_only_answer(exchange, data.knowledge) for exchange in data.history)
    mined = mine(history, encoder, data.brand.language, data.knowledge)
    if mined.answers:
        say(f"mined {len(mined.answers)} new answers from replies that say nearly the same; they are marked unreviewed")
    return mined.history, KnowledgeBase((*data.knowledge, *mined.answers))


def with_only_answer(exchange: Exchange, knowledge: KnowledgeBase) -> Exchange:
    """Return an exchange that names the only answer of its intent, where it names none itself and was replied to."""
    if exchange.answer_id or not exchange.intent:
        return exchange
    topics = [topic for topic, variants in knowledge.topics.items() if variants[0].intent == exchange.intent]
    return replace(exchange, answer_id=topics[0]) if len(topics) == 1 and exchange.reply else exchange


def _fit_intents(
    history: Sequence[Exchange],
    knowledge: KnowledgeBase,
    encoded: Encoded,
    neighbours: Neighbours,
    folds: Folds,
    options: Options,
    say: Say,
) -> FittedIntents | None:
    intents = [exchange.intent for exchange in history]
    labels = {intent for intent in intents if intent} - {OUT_OF_SCOPE}
    if not labels:
        return None
    say(f"learn {len(labels)} intents from {sum(intent in labels for intent in intents):,} messages")
    return fit_intents(
        encoded.messages,
        intents,
        neighbours,
        knowledge,
        encoded.passages,
        folds,
        precision=options.precision,
        seed=options.seed,
    )


def _fit_emotions(history: Sequence[Exchange], vectors: FloatArray, folds: Folds, seed: int, say: Say) -> bytes | None:
    emotions = [exchange.emotion for exchange in history]
    labels = sorted({emotion for emotion in emotions if emotion})
    known = np.array([row for row, emotion in enumerate(emotions) if emotion], dtype=np.int64)
    if len(known) < MIN_EMOTIONS or len(labels) < 2:
        return None
    say(f"learn {len(labels)} emotions from {len(known):,} messages")
    rows = np.array([labels.index(emotion) if emotion else UNKNOWN for emotion in emotions], dtype=np.int64)
    strength = choose_strength(vectors, rows, labels, folds, seed)
    head = fit_classifier(
        vectors[known], rows[known], labels, inverse_regularisation=strength, seed=seed, balanced=True
    )
    return export(head, vectors[:PARITY_ROWS])


def _fit_replies(
    history: Sequence[Exchange],
    past: pa.Table,
    encoded: Encoded,
    asked: Asked,
    folds: Folds,
    seed: int,
    say: Say,
) -> FittedReplies | None:
    nearby = NearbyReplies(encoded.replies, Past.from_table(past, ()).replies)
    fitted = fit_replies(history, asked, nearby, encoded.space, folds, seed)
    if fitted:
        kept = "the learned order is kept" if fitted.head else "no better, so nothing learned is kept"
        say(
            f"learn which reply follows: the true one first of a hundred {fitted.learned:.3f} of the time on held-out "
            f"conversations, {fitted.nearby:.3f} without learning; {kept}"
        )
    return fitted


def _out_of_fold(
    intents: FittedIntents | None,
    ranker: FittedRanker | None,
    replies: FittedReplies | None,
    topics: IntArray,
    strays: np.ndarray,
) -> OutOfFold:
    n = len(topics)
    return OutOfFold(
        intents=intents.head.labels if intents else (),
        expected=intents.row_intents if intents else np.where(strays, STRAY, UNKNOWN),
        probabilities=intents.probabilities if intents else np.zeros((n, 0), dtype=np.float32),
        scope=intents.scope if intents else np.zeros(n, dtype=np.float32),
        answerable=(topics >= 0) | strays if ranker else np.zeros(n, dtype=bool),
        confidence=ranker.confidence if ranker else np.zeros(n, dtype=np.float32),
        right=(ranker.best == topics) if ranker else np.zeros(n, dtype=bool),
        one_of_100=replies.one_of_100 if replies else None,
    )


def _thresholds(intents: FittedIntents | None, out_of_fold: OutOfFold, precision: float) -> Thresholds:
    """Choose the confidence from which suggestions have the wanted precision on held-out folds.

    Where no confidence reaches that precision, the highest one that was seen is the threshold: the bundle
    then keeps silent unless it is surer than it ever was.
    """
    rows = out_of_fold.answerable
    threshold = 0.0
    if rows.any():
        point = coverage_at_precision(out_of_fold.confidence[rows], out_of_fold.right[rows], precision)
        threshold = float(point.threshold if np.isfinite(point.threshold) else out_of_fold.confidence[rows].max())
    return Thresholds(confidence=threshold, precision=precision, intents=intents.rule if intents else None)


def past_table(history: Sequence[Exchange], knowledge: KnowledgeBase) -> pa.Table:
    """Return the past messages as a table of `PAST_SCHEMA`."""
    rows = [
        {
            "exchange_id": exchange.exchange_id,
            "message": exchange.message,
            "reply": exchange.reply,
            "topic": knowledge.topic_of(exchange.answer_id) if exchange.answer_id else None,
            "intent": exchange.intent,
            "language": exchange.language,
            "channel": exchange.channel,
        }
        for exchange in history
    ]
    return pa.Table.from_pylist(rows, schema=PAST_SCHEMA)
