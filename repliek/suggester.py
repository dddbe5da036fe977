"""The whole pass: from a conversation to suggestions, or to silence with a reason."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import prod
from pathlib import Path

import numpy as np

from repliek.asked import Asked, Circumstances
from repliek.brand import Brand
from repliek.bundle import Bundle, Ground
from repliek.conversation import Conversation, Speaker
from repliek.decision import (
    MAX_SUGGESTIONS,
    Abstention,
    Case,
    Decision,
    LowConfidence,
    NeedsHuman,
    NoValidAnswer,
    OutOfScope,
    TemplateRequired,
)
from repliek.diversity import Sameness
from repliek.encoder import FloatArray
from repliek.hours import OpeningHours
from repliek.intents import IntentClassifier, IntentReading, PastIntents, answers_by_intent, row_intents
from repliek.knowledge import Answer, AnswerEdits
from repliek.language import LanguageDetector
from repliek.matters import Matter, Reading, tell_apart, what_became_of
from repliek.needs import Need, Needs
from repliek.parts import Part, parts_of
from repliek.privacy.exposure import exposed, removal_warning
from repliek.privacy.spans import Kind
from repliek.ranking import CalibratedRanker, Ranker, Ranking, TextEvidence, TopicRanker, topic_evidence
from repliek.reading import MessageReader
from repliek.replies import Dialogue, LearnedReplies, NearbyReplies, ReplyScorer, Situations
from repliek.reranking import Reranker, Wordings
from repliek.retrieval import BoolArray
from repliek.shared_encoders import SharedEncoders
from repliek.signals import SIGNALS
from repliek.suggestions import Due, Intent, PastExchange, Suggestion, SuggestionSet, Tone
from repliek.tone.channels import missed_window
from repliek.tone.compose import Composer
from repliek.tone.emotion import UNREAD, EmotionReading
from repliek.tone.lightness import is_grave
from repliek.tone.register import Register, detect_register
from repliek.tone.scene import Scene, speaks_to
from repliek.triage import Handling, Triage
from repliek.untried import UntriedRanker
from repliek.variants import Occasion, first_choice
from repliek.writing import Writer, Written

FOREIGN = frozenset({"en", "de", "fr"})
"""Languages that are recognised even when no answer is in them, so that silence has the right reason."""

LEAST_SHOWN = 0.02
"""Less likely answers are not worth an agent's glance, wherever in the list they would stand."""

CONSIDERED = 10
"""How many of the best topics are looked at for an answer that may be said."""

EVIDENCE_SHOWN = 3

_TOO_LATE = "The channel takes only an approved template now: the opening cannot be sent here as it is."


@dataclass(frozen=True, slots=True)
class _Incoming:
    """A message with what holds for all of it, whatever its parts ask."""

    scene: Scene
    received: datetime
    handling: Handling
    emotion: EmotionReading
    exposed: tuple[Kind, ...]
    missed_window: timedelta | None


@dataclass(frozen=True, slots=True)
class _Ranked:
    """A reply, with the probability that an agent would send its answers, and the past messages that speak for it."""

    written: Written
    confidence: float
    evidence: tuple[PastExchange, ...]

    @property
    def answer(self) -> Answer:
        return self.written.answers[0]

    @property
    def suggestion(self) -> Suggestion:
        composed = self.written.composed
        return Suggestion(
            answer_id=self.answer.answer_id,
            text=composed.text,
            confidence=self.confidence,
            register=composed.register,
            length=composed.laid.length,
            evidence=self.evidence,
            further=tuple(answer.answer_id for answer in self.written.answers[1:]),
            parts=composed.laid.parts,
            posts=composed.laid.posts,
        )


@dataclass(frozen=True, slots=True)
class _Found:
    """What may be shown, best first, or why there is nothing."""

    shown: tuple[_Ranked, ...]
    abstained: Abstention | None = None


@dataclass(frozen=True, slots=True)
class Analysis:
    """What the engine knows about n messages before it decides anything.

    Attributes:
        asked: their vectors, nearest past messages and intent probabilities.
        intents: the classifier's reading, `None` without an intent head.
        ranking: topics, best first; no columns without a ranker.
        emotions: what each message tells of its writer.
        untried: (n,) whether what is suggested is a topic without a past: of such a message the past, which tells what
            is in scope, knows nothing.
    """

    asked: Asked
    intents: IntentReading | None
    ranking: Ranking
    emotions: tuple[EmotionReading, ...]
    untried: BoolArray

    def reading(self, row: int) -> Reading:
        """Return what is known of message `row`."""
        intent, certainty = self.intents.best(row) if self.intents else (None, 0.0)
        return Reading(
            topics=tuple(self.ranking.topics[row].tolist()),
            confidence=float(self.ranking.confidence[row].max(initial=0.0)),
            intent=intent,
            certainty=certainty,
            in_scope=self.intents is None or bool(self.intents.in_scope[row] or self.untried[row]),
        )


class Suggester:
    """Suggests answers out of one bundle. Safe to share between threads: nothing changes after loading."""

    def __init__(
        self,
        bundle: Bundle,
        reader: MessageReader,
        ranker: TopicRanker | None,
        untried: BoolArray,
        replies: ReplyScorer,
        beforehand: Decision,
        decision: Decision,
        writer: Writer,
        languages: LanguageDetector,
        triage: Triage,
    ) -> None:
        self._bundle = bundle
        self._reader = reader
        self._ranker = ranker
        self._untried = untried
        self._replies = replies
        self._beforehand = beforehand
        self._decision = decision
        self._writer = writer
        self._languages = languages
        self._triage = triage
        self._topics = tuple(bundle.knowledge.topics.items())
        self._published = bundle.brand.published
        self._hours = OpeningHours.of(bundle.brand)
        self._sameness = Sameness(tuple(bundle.knowledge), bundle.answer_vectors)
        self._remembered = bundle.remembered()

    @classmethod
    def from_bundle(cls, path: Path | str, *, threads: int = 1, encoders: SharedEncoders | None = None) -> Suggester:
        """Load the bundle in folder `path`.

        Args:
            path: of the bundle.
            threads: how many one encoding may use, 0 for all.
            encoders: given to several bundles, they share the encoders that are the same.

        Raises:
            BundleError: the bundle cannot be used.
        """
        return cls.of(Bundle.load(path, threads=threads, encoders=encoders))

    @classmethod
    def of(cls, bundle: Bundle) -> Suggester:
        """Put together what suggests out of a loaded bundle."""
        thresholds = bundle.manifest.thresholds
        intents = None
        if bundle.intents and thresholds.intents:
            rows = row_intents(bundle.past.intents, bundle.intents.labels)
            answers = answers_by_intent(bundle.knowledge, bundle.passages, bundle.intents.labels)
            words, densities = bundle.past.sendings.words, bundle.past.densities
            past = PastIntents.of(words, rows, densities, len(bundle.intents.labels))
            intents = IntentClassifier(bundle.intents, thresholds.intents, past, answers)
        reader = MessageReader(bundle.encoder, bundle.messages, intents)
        ranker: TopicRanker | None = None
        untried = _untried(bundle)
        if bundle.ranker and len(bundle.knowledge):
            texts = TextEvidence.of(bundle.knowledge, bundle.passages)
            evidence = topic_evidence(bundle.knowledge, bundle.past.sendings, texts, reader.labels)
            ranker = Ranker(evidence, bundle.ranker)
            if bundle.reranker:
                ranker = Reranker(ranker, bundle.reranker, Wordings.of(bundle.knowledge, bundle.brand.language))
            ranker = CalibratedRanker(ranker, thresholds.calibrations)
            if untried.any():
                ranker = UntriedRanker(ranker, thresholds.untried, texts, untried)
        composer = Composer(bundle.brand, bundle.phrases)
        nearby = NearbyReplies(bundle.reply_vectors, bundle.past.replies)
        return cls(
            bundle,
            reader,
            ranker,
            untried,
            LearnedReplies(nearby, bundle.reply_head) if bundle.reply_head else nearby,
            Decision([NeedsHuman(), TemplateRequired(), OutOfScope()]),
            Decision([LowConfidence(thresholds.confidence), NoValidAnswer()]),
            Writer(composer),
            LanguageDetector.among(sorted(bundle.knowledge.languages | FOREIGN), default=bundle.brand.language),
            Triage(Needs(SIGNALS), bundle.brand, composer),
        )

    def with_answers(self, edits: AnswerEdits) -> Suggester:
        """Return a suggester that knows these edits of this one's answers; this one stays as it is.

        Call it on the suggester of a bundle, with all that was edited since: what the call before encoded is not
        encoded again, encoders, indexes and heads are shared, and the past of an answer stays with it. A topic without
        any answer left is recognised still, by the answers that it had, and nothing is said about it.
        """
        return Suggester.of(self._bundle.with_answers(edits, self._remembered))

    @property
    def bundle(self) -> Bundle:
        return self._bundle

    @property
    def brand(self) -> Brand:
        return self._bundle.brand

    def suggest(self, conversation: Conversation, k: int = 3) -> SuggestionSet:
        """Return at most `k` suggestions for a conversation, or none and the reason."""
        return self.suggest_many([conversation], k)[0]

    def suggest_many(self, conversations: Sequence[Conversation], k: int = 3) -> list[SuggestionSet]:
        """Do what `suggest` does for each conversation, encoding them together, and with them the parts of messages."""
        occasions = [self._occasion(conversation) for conversation in conversations]
        parts = [parts_of(conversation.message) for conversation in conversations]
        queries: list[str] = []
        messages: list[str] = []
        rows: list[int] = []
        sources: list[int] = []
        for source, (conversation, found) in enumerate(zip(conversations, parts, strict=True)):
            rows.append(len(queries))
            queries += [conversation.query, *(replace(conversation, message=part.query).query for part in found)]
            messages += [conversation.message, *(part.query for part in found)]
            sources += [source] * (1 + len(found))
        circumstances = Circumstances.of_new(
            (conversation.channel for conversation in conversations),
            (occasion.language for occasion in occasions),
            (self._received(conversation) for conversation in conversations),
        )
        analysis = self.analyse(queries, circumstances.take(np.array(sources, dtype=np.int64)), messages)
        return [
            self._suggest_matters(self._incoming(conversation, occasion, analysis, row), found, analysis, row, k)
            for conversation, occasion, found, row in zip(conversations, occasions, parts, rows, strict=True)
        ]

    def analyse(
        self,
        queries: Sequence[str],
        circumstances: Circumstances | None = None,
        messages: Sequence[str] | None = None,
    ) -> Analysis:
        """Encode n texts once, and read from the vectors all that can be read from them.

        Args:
            queries: the texts.
            circumstances: in which they were written; `None` where nothing is known of that.
            messages: the messages in them, without what was said before; `None` where the texts are no more than that.
        """
        asked, intents = self._reader.read(queries, circumstances or Circumstances.unknown(len(queries)))
        ranking = self._rank(asked)
        emotions = self._read_emotions(messages or queries, asked.vectors)
        return Analysis(asked, intents, ranking, emotions, self._suggests_untried(ranking))

    def score_texts(self, dialogues: Sequence[Dialogue], asked: Asked, texts: Sequence[str]) -> FloatArray:
        """Score any texts as replies; turns of the conversations are encoded for it.

        Args:
            dialogues: n conversations.
            asked: what `analyse` read from their queries.
            texts: m texts, whether or not the bundle knows them.

        Returns:
            (n, m) float32; only the order within a row means something.
        """
        situations = Situations.read(dialogues, asked, self._bundle.encoder)
        return self._replies.score(situations, self._bundle.encoder.encode_passages(texts))

    def _rank(self, asked: Asked) -> Ranking:
        if self._ranker is None:
            nothing = np.zeros((len(asked), 0), dtype=np.float32)
            return Ranking(nothing.astype(np.int64), nothing)
        return Ranking.of(self._ranker.utilities(asked), CONSIDERED)

    def _suggests_untried(self, ranking: Ranking) -> BoolArray:
        """Return for each of n messages whether its first topic has no past and reaches the threshold, (n,)."""
        suggested = ranking.confidence[:, :1] >= self._bundle.manifest.thresholds.confidence
        return np.any(self._untried[ranking.topics[:, :1]] & suggested, axis=1)

    def _read_emotions(self, messages: Sequence[str], vectors: FloatArray) -> tuple[EmotionReading, ...]:
        reader = self._bundle.emotions
        return reader.read(messages, vectors) if reader else (UNREAD,) * len(vectors)

    def _incoming(self, conversation: Conversation, occasion: Occasion, analysis: Analysis, row: int) -> _Incoming:
        """Read what holds for the whole message, of row `row`, whatever its parts ask."""
        received = self._received(conversation)
        handling = self._triage.handle(conversation, occasion, received)
        intent = analysis.reading(row).intent
        shown_to_all = exposed(conversation, self._published)
        humour = self.brand.humour and not handling.needs and intent not in self._bundle.phrases.faults
        scene = Scene.read(
            conversation,
            occasion,
            self.brand,
            emotion=speaks_to(analysis.emotions[row], humour=humour),
            intent=intent,
            grave=is_grave(analysis.emotions[row]),
            exposed=bool(shown_to_all),
        )
        missed = missed_window(conversation.channel, conversation.waited)
        return _Incoming(scene, received, handling, analysis.emotions[row], shown_to_all, missed)

    def _suggest_matters(
        self, incoming: _Incoming, parts: Sequence[Part], analysis: Analysis, row: int, k: int
    ) -> SuggestionSet:
        """Answer the message of row `row`, or those of its parts, in the rows after it, that are its matters."""
        whole = self._find(incoming, analysis, row, k)
        readings = [analysis.reading(row + 1 + place) for place in range(len(parts))]
        places = tell_apart(analysis.reading(row), parts, readings, self._bundle.manifest.thresholds.confidence)
        alone = [self._find(incoming, analysis, row + 1 + place, 1) for place in places]
        if not any(found.shown for found in alone):
            return self._set(incoming, analysis, row, whole)
        matters = tuple(
            Matter(
                text=parts[place].text,
                intent=readings[place].intent,
                answer_id=found.shown[0].answer.answer_id if found.shown else None,
                abstained=found.abstained,
            )
            for place, found in zip(places, alone, strict=True)
        )
        firsts = self._without_repetition(found.shown[0] for found in alone if found.shown)
        together = self._together(firsts, incoming.scene)
        shown = firsts if together is None else [together, *firsts]
        notes = what_became_of(matters, together=together is not None or len(firsts) == 1)
        return self._set(incoming, analysis, row, _Found(tuple(shown[:k])), matters, notes)

    def _without_repetition(self, found: Iterable[_Ranked]) -> list[_Ranked]:
        """Return the replies to several matters; of two whose answers say the same, the first."""
        kept: list[_Ranked] = []
        for one in found:
            if self._sameness.find(one.answer, [other.answer for other in kept]) is None:
                kept.append(one)
        return kept

    def _together(self, firsts: Sequence[_Ranked], scene: Scene) -> _Ranked | None:
        """Answer several matters in one reply; nothing for one, or where that may not be shown."""
        if len(firsts) < 2 or any(first.written.elsewhere for first in firsts):
            return None
        written = self._writer.write_together([first.answer for first in firsts], scene)
        # Right only when every answer is; as if one did not bear upon the other.
        confidence = prod(first.confidence for first in firsts)
        return written and _Ranked(written, confidence, tuple(past for first in firsts for past in first.evidence))

    def _set(
        self,
        incoming: _Incoming,
        analysis: Analysis,
        row: int,
        found: _Found,
        matters: tuple[Matter, ...] = (),
        notes: tuple[str, ...] = (),
    ) -> SuggestionSet:
        scene, handling = incoming.scene, incoming.handling
        reading = analysis.reading(row)
        return SuggestionSet(
            language=scene.occasion.language,
            intent=Intent(reading.intent, reading.certainty) if reading.intent is not None else None,
            tone=Tone.of(detect_register(scene.conversation.message), incoming.emotion),
            suggestions=tuple(one.suggestion for one in found.shown),
            abstained=found.abstained,
            warnings=(
                *notes,
                *(_care(handling.needs) if found.shown else ()),
                *([_TOO_LATE] if handling.hand_over and incoming.missed_window else ()),
                *([removal_warning(incoming.exposed)] if incoming.exposed else ()),
                *dict.fromkeys(caution for one in found.shown for caution in one.written.cautions),
            ),
            due=Due.after(incoming.received, self.brand.reply_times, self._hours),
            bundle=self._bundle.manifest.bundle,
            priority=handling.priority,
            matters=matters,
            hand_over=handling.hand_over,
            escalation=handling.escalation,
        )

    def _occasion(self, conversation: Conversation) -> Occasion:
        register = self.brand.register.choose(conversation.channel, _addressed_in(conversation))
        return Occasion(
            language=conversation.language or self._languages.detect(conversation.message),
            register=conversation.register or register,
            channel=conversation.channel,
            day=self._received(conversation).date(),
        )

    def _received(self, conversation: Conversation) -> datetime:
        """Return when a message came in: now, on the brand's clock, where nobody says when."""
        return conversation.received_at or datetime.now(self.brand.timezone)

    def _find(self, incoming: _Incoming, analysis: Analysis, row: int, k: int) -> _Found:
        """Return at most `k` replies to what row `row` asks, or why there is none."""
        reading = analysis.reading(row)
        case = Case(
            in_scope=reading.in_scope,
            intent=reading.intent,
            confidence=reading.confidence,
            needs=incoming.handling.needs,
            missed_window=incoming.missed_window,
        )
        # What is silent whatever might be said needs no words.
        abstained = self._beforehand.judge(case)
        if abstained:
            return _Found((), abstained)
        candidates, obstacles = self._candidates(incoming.scene, analysis, row)
        shown: list[_Ranked] = []
        for topic, confidence in candidates:
            if len(shown) == min(k, MAX_SUGGESTIONS):
                break
            written = self._writer.write(self._topics[topic][1], incoming.scene)
            if isinstance(written, str):
                obstacles.append(written)
            else:
                shown.append(_Ranked(written, confidence, self._evidence(analysis.asked, row, topic)))
        threshold = self._bundle.manifest.thresholds.confidence
        abstained = self._decision.judge(
            replace(
                case,
                confidence=max([reading.confidence, *(one.confidence for one in shown)]),
                usable=sum(one.confidence >= threshold for one in shown),
                obstacles=tuple(obstacles),
            )
        )
        return _Found(() if abstained else tuple(shown), abstained)

    def _candidates(self, scene: Scene, analysis: Analysis, row: int) -> tuple[list[tuple[int, float]], list[str]]:
        """Return the topics of which something may be said here, with their confidence, and why others gave nothing.

        Of two whose answers say the same, the better one is kept, with the probability of both.
        """
        topics: list[int] = analysis.ranking.topics[row].tolist()
        confidences: list[float] = analysis.ranking.confidence[row].tolist()
        kept: list[tuple[int, float]] = []
        answers: list[Answer] = []
        obstacles: list[str] = []
        for topic, confidence in zip(topics, confidences, strict=True):
            if kept and confidence < LEAST_SHOWN:
                break
            answer = first_choice(self._topics[topic][1], scene.occasion)
            if isinstance(answer, str):
                obstacles.append(answer)
                continue
            echoed = self._sameness.find(answer, answers)
            if echoed is None:
                kept.append((topic, confidence))
                answers.append(answer)
            else:
                kept[echoed] = kept[echoed][0], kept[echoed][1] + confidence
        return sorted(kept, key=lambda one: -one[1]), obstacles

    def _evidence(self, asked: Asked, row: int, topic: int) -> tuple[PastExchange, ...]:
        past = self._bundle.past
        rows, similarities = asked.neighbours.rows[row], asked.neighbours.similarities[row]
        same = np.flatnonzero(past.topics[rows] == topic)[:EVIDENCE_SHOWN]
        return tuple(PastExchange(past.exchange_ids[int(rows[rank])], float(similarities[rank])) for rank in same)


def _untried(bundle: Bundle) -> BoolArray:
    """Return which topics have answers and no past, (topics,) bool; none where hardly any topic has a past."""
    answered = np.array([len(variants) > 0 for variants in bundle.knowledge.topics.values()], dtype=bool)
    if bundle.manifest.thresholds.ground is Ground.ELSEWHERE:
        return np.zeros_like(answered)
    return answered & ~np.isin(np.arange(len(answered)), bundle.past.topics)


def _addressed_in(conversation: Conversation) -> Register | None:
    """Return the register in which the customer last addressed the brand, in this message or an earlier one."""
    said = [turn.text for turn in conversation.turns if turn.speaker is Speaker.CUSTOMER] + [conversation.message]
    registers = (detect_register(text) for text in reversed(said))
    return next((register for register in registers if register in {Register.JE, Register.U}), None)


def _care(needs: Sequence[Need]) -> list[str]:
    """Say that a human must decide, where suggestions are shown all the same."""
    return [f"A human must decide: {', '.join(needs)}."] if needs else []
