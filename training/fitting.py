"""From history and answers to everything that a bundle holds: the whole of training, in order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow as pa

from repliek.asked import Asked
from repliek.bundle import PAST_SCHEMA, BundleParts, Manifest, Past, Thresholds, write_bundle
from repliek.calibration import Calibrations
from repliek.cross_encoder import CrossEncoderConfig
from repliek.encoder import Encoder, EncoderConfig, FloatArray
from repliek.history import OUT_OF_SCOPE, Exchange, intent_labels
from repliek.intents import STRAY, UNKNOWN
from repliek.knowledge import KnowledgeBase
from repliek.ranking import TextEvidence, topic_evidence
from repliek.reading import MessageReader
from repliek.replies import NearbyReplies
from repliek.reranking import Wordings
from repliek.retrieval import BoolArray, Neighbours, VectorIndex
from repliek.scope import density
from training.calibration import choose_threshold
from training.checks import Finding, check, suspect_labels
from training.checks_report import summary
from training.choosing import FittedChoice, SecondLook, fit_choice
from training.data import TrainingData
from training.embeddings import LoadEncoder, caching_encoder
from training.emotions import FittedEmotions, fit_emotions
from training.folds import Folds
from training.heads import PARITY_ROWS, export
from training.intents import FittedIntents, fit_intents, read_on_folds
from training.judged import Judged
from training.later import Later, Pieces, set_on_later
from training.material import gather
from training.mining import mine
from training.replies import FittedReplies, fit_replies
from training.reranking import FittedReranker
from training.space import Encoded, encode_all
from training.untried import Learned, fit_untried

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
class Fitted:
    """What was learned, ready to be written down.

    Attributes:
        parts: what goes into the bundle.
        thresholds: with what confidence and scope are reckoned by.
        view_weights: of the views, as `encode_all` gives them.
        history: what was learned from, with the answers that it names.
        out_of_fold: what was said of each message when it was held out.
        later: what was said of each later message when nothing was set on it; `None` without later messages.
        one_of_100: share of the replies that come first among 99 others; `None` where there are too few.
        findings: what is doubtful in the data.
        reranker: what was tried of one.
        emotions: what was learned of them; `None` where too few messages are labelled.
    """

    parts: BundleParts
    thresholds: Thresholds
    view_weights: tuple[float, ...]
    history: tuple[Exchange, ...]
    out_of_fold: Judged
    later: Judged | None
    one_of_100: float | None
    findings: tuple[Finding, ...]
    reranker: FittedReranker | None = None
    emotions: FittedEmotions | None = None

    @property
    def encoder(self) -> str:
        """Names of the encoders in the bundle."""
        return " + ".join(config.name for config in self._encoders)

    @property
    def licences(self) -> dict[str, str]:
        """SPDX expression of each model that the bundle holds."""
        found = {"encoder": " AND ".join(dict.fromkeys(config.licence for config in self._encoders))}
        if self.parts.reranker:
            found["reranker"] = CrossEncoderConfig.from_directory(self.parts.reranker.cross_encoder).licence
        return found

    @property
    def _encoders(self) -> list[EncoderConfig]:
        return [EncoderConfig.from_directory(directory) for directory in self.parts.encoders]

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
            licences=self.licences,
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
    cross_encoder: Path | None = None,
) -> Fitted:
    """Learn everything that a bundle holds.

    Args:
        data: validated and redacted.
        encoders: folders of the sentence encoder and of what stands beside it; they are copied into the bundle.
        cache: folder in which vectors are kept for the next run.
        options: the user's.
        say: told what is happening, a line at a time.
        load_encoder: decides where texts are encoded; the vectors are the same.
        cross_encoder: folder of one that may read the best topics again; it is copied into the bundle where that helps.
    """
    views = [load_encoder(directory, cache) for directory in encoders]
    ground = Groundwork.lay(data, views, options.seed, say)
    say(f"checked: {summary(ground.findings)}")
    history, knowledge, encoded = ground.history, ground.knowledge, ground.encoded
    folds, neighbours = ground.folds, ground.neighbours
    later = _later(data, ground, views[0])
    row_topics = knowledge.numbers_of(exchange.answer_id for exchange in history)
    intents = _fit_intents(history, knowledge, encoded, neighbours, folds, options, say)
    strays = np.array([exchange.intent == OUT_OF_SCOPE for exchange in history])
    probabilities = intents.probabilities if intents else np.zeros((len(history), 0), dtype=np.float32)
    scope = intents.scope if intents else np.zeros(len(history), dtype=np.float32)
    table = past_table(history, knowledge, density(neighbours))
    past = Past.from_table(table, tuple(knowledge.topics))
    asked = Asked(
        tuple(exchange.query for exchange in history),
        encoded.messages,
        neighbours,
        probabilities,
        scope,
        past.sendings.circumstances,
    )
    choice = None
    if len(knowledge):
        say(f"learn which of {len(knowledge.topics)} answers fits a message")
        texts = TextEvidence.of(knowledge, encoded.passages)
        evidence = topic_evidence(knowledge, past.sendings, texts, intents.head.labels if intents else ())
        wordings = Wordings.of(knowledge, data.brand.language)
        second_look = SecondLook(cross_encoder, wordings) if cross_encoder else None
        choice = fit_choice(evidence, asked, row_topics, strays, folds, second_look, options.seed, say)
    nearby = NearbyReplies(encoded.replies, past.replies)
    replies = _fit_replies(history, asked, nearby, encoded.space, folds, options.seed, say)
    emotions = fit_emotions(history, encoded.messages, folds, options.seed)
    if emotions:
        say(f"learned {len(emotions.judged.labels)} emotions from {len(emotions.judged.expected):,} messages")
    thresholds, out_of_fold = _set_on_folds(intents, choice, emotions, strays, options.precision)
    if choice:
        say("learn what the text of an answer is worth that was never sent")
        learned = Learned(
            knowledge=knowledge,
            passages=encoded.passages,
            messages=tuple(exchange.message for exchange in history),
            asked=asked,
            sendings=past.sendings,
            densities=past.densities,
            intents=intents,
            ranker=choice.ranker,
        )
        untried = fit_untried(learned, strays, folds, options.seed)
        thresholds = thresholds.model_copy(update={"untried": untried})
    messages = VectorIndex.build(encoded.messages)
    judged_later = None
    if later:
        pieces = Pieces(
            reader=MessageReader(
                encoded.space, messages, intents.classifier(knowledge, encoded.passages) if intents else None
            ),
            ranker=choice.chooser if choice else None,
            thresholds=thresholds,
        )
        thresholds, judged_later = set_on_later(pieces, later, options.seed)
        say(f"confidence and thresholds are set on {len(later.exchanges):,} later messages")
    return Fitted(
        parts=BundleParts(
            encoders=encoders,
            centres=encoded.centres,
            lexical=encoded.lexical,
            intents=export(intents.head, encoded.messages[:PARITY_ROWS]) if intents else None,
            emotions=emotions.head if emotions else None,
            sarcasm=emotions.sarcasm if emotions else None,
            ranker=export(choice.ranker.head, choice.ranker.sample) if choice else None,
            reranker=choice.kept if choice else None,
            reply_head=replies.head.to_bytes() if replies and replies.head else None,
            messages=messages,
            answers=VectorIndex.build(encoded.answers) if len(knowledge) else None,
            passages=encoded.passages,
            replies=encoded.replies,
            past=table,
            knowledge=knowledge,
            brand_toml=data.brand_toml,
            phrases=data.phrases,
            card="",
        ),
        thresholds=thresholds,
        view_weights=encoded.weights,
        history=history,
        out_of_fold=out_of_fold,
        reranker=choice.reranker if choice else None,
        emotions=emotions,
        later=judged_later,
        one_of_100=replies.one_of_100 if replies else None,
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
    labels = intent_labels(history)
    if not labels:
        return None
    say(f"learn {len(labels)} intents from {sum(exchange.intent in labels for exchange in history):,} messages")
    read = read_on_folds(encoded.messages, history, neighbours, knowledge, encoded.passages, folds, options.seed)
    return fit_intents(read, folds, precision=options.precision, seed=options.seed)


def _fit_replies(
    history: Sequence[Exchange],
    asked: Asked,
    nearby: NearbyReplies,
    space: Encoder,
    folds: Folds,
    seed: int,
    say: Say,
) -> FittedReplies | None:
    fitted = fit_replies(history, asked, nearby, space, folds, seed)
    if fitted:
        kept = "the learned order is kept" if fitted.head else "no better, so nothing learned is kept"
        say(
            f"learn which reply follows: the true one first of a hundred {fitted.learned:.3f} of the time on held-out "
            f"conversations, {fitted.nearby:.3f} without learning; {kept}"
        )
    return fitted


def _set_on_folds(
    intents: FittedIntents | None,
    choice: FittedChoice | None,
    emotions: FittedEmotions | None,
    strays: BoolArray,
    precision: float,
) -> tuple[Thresholds, Judged]:
    """Choose the confidence threshold on held-out folds, and tell what was said of each message there."""
    n = len(strays)
    answerable, right = (choice.answerable, choice.right) if choice else (np.zeros(n, dtype=bool),) * 2
    confidence = choice.confidence if choice else np.zeros(n, dtype=np.float32)
    scope = intents.scope if intents else np.zeros(n, dtype=np.float32)
    served = answerable & (scope >= 0)
    thresholds = Thresholds(
        confidence=choose_threshold(confidence[served], right[served], precision),
        precision=precision,
        intents=intents.rule if intents else None,
        calibrations=choice.calibrations if choice else Calibrations(),
        emotions=emotions.rule if emotions else None,
    )
    return thresholds, Judged(
        intents=intents.head.labels if intents else (),
        expected=intents.past.rows if intents else np.where(strays, STRAY, UNKNOWN),
        probabilities=intents.probabilities if intents else np.zeros((n, 0), dtype=np.float32),
        scope=scope,
        answerable=answerable,
        confidence=confidence,
        right=right,
        suggested=(confidence >= thresholds.confidence) & (scope >= 0),
    )


def _later(data: TrainingData, ground: Groundwork, encoder: Encoder) -> Later | None:
    """Return the later messages with the answers that they name or whose reply is recognised, `None` without any."""
    if not data.later:
        return None
    only = tuple(with_only_answer(exchange, ground.knowledge) for exchange in data.later)
    named = mine(only, encoder, data.brand.language, ground.knowledge).history
    topics = ground.knowledge.numbers_of(exchange.answer_id for exchange in named)
    return Later.of(named, topics, intent_labels(ground.history))


def past_table(history: Sequence[Exchange], knowledge: KnowledgeBase, densities: FloatArray) -> pa.Table:
    """Return what a bundle keeps of a history: a row of `PAST_SCHEMA` for each of n exchanges; `densities` is (n,)."""
    rows = [
        {
            "exchange_id": exchange.exchange_id,
            "message": exchange.message,
            "reply": exchange.reply,
            "topic": knowledge.topic_of(exchange.answer_id) if exchange.answer_id else None,
            "suggested": knowledge.topic_of(exchange.suggested) if exchange.suggested else None,
            "intent": exchange.intent,
            "language": exchange.language,
            "channel": exchange.channel,
            "sent_at": exchange.sent_at,
            "density": near,
        }
        for exchange, near in zip(history, densities.tolist(), strict=True)
    ]
    return pa.Table.from_pylist(rows, schema=PAST_SCHEMA)
