"""The whole pass: from a conversation to suggestions, or to silence with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from math import prod
from pathlib import Path

import numpy as np

from repliek.asked import Asked, Circumstances
from repliek.brand import Brand
from repliek.bundle import Bundle
from repliek.conversation import Conversation, Speaker
from repliek.decision import Case, Decision, LowConfidence, NeedsHuman, NoValidAnswer, OutOfScope
from repliek.diversity import Sameness
from repliek.encoder import FloatArray
from repliek.intents import IntentClassifier, IntentReading, PastIntents, answers_by_intent, row_intents
from repliek.knowledge import Answer, Status
from repliek.language import LanguageDetector
from repliek.matters import Matter, Reading, tell_apart, what_became_of
from repliek.needs import Need, Needs
from repliek.parts import Part, parts_of
from repliek.ranking import CalibratedRanker, Ranker, Ranking, TopicRanker, topic_evidence
from repliek.reading import MessageReader
from repliek.replies import Dialogue, LearnedReplies, NearbyReplies, ReplyScorer, Situations
from repliek.reranking import Reranker, Wordings
from repliek.signals import SIGNALS
from repliek.suggestions import Due, Intent, PastExchange, Suggestion, SuggestionSet, Tone
from repliek.tone.compose import Composed, Composer
from repliek.tone.emotion import UNREAD, EmotionReading
from repliek.tone.register import Register, detect_register
from repliek.triage import Triage
from repliek.variants import Occasion, fitting, obstacle

FOREIGN = frozenset({"en", "de", "fr"})
"""Languages that are recognised even when no answer is in them, so that silence has the right reason."""

MAX_SUGGESTIONS = 10
LEAST_SHOWN = 0.02
"""Less likely answers are not worth an agent's glance, wherever in the list they would stand."""

CONSIDERED = 10
"""How many of the best topics are looked at for an answer that may be said."""

EVIDENCE_SHOWN = 3


@dataclass(frozen=True, slots=True)
class _Found:
    """An answer that may be said here, with the probability that an agent would send it."""

    topic: int
    answer: Answer
    composed: Composed
    confidence: float


@dataclass(frozen=True, slots=True)
class Analysis:
    """What the engine knows about n messages before it decides anything.

    Attributes:
        asked: their vectors, nearest past messages and intent probabilities.
        intents: the classifier's reading, `None` without an intent head.
        ranking: topics, best first; no columns without a ranker.
        emotions: what each message tells of its writer.
    """

    asked: Asked
    intents: IntentReading | None
    ranking: Ranking
    emotions: tuple[EmotionReading, ...]

    def reading(self, row: int) -> Reading:
        """Return what is known of message `row`."""
        intent, certainty = self.intents.best(row) if self.intents else (None, 0.0)
        return Reading(
            topics=tuple(self.ranking.topics[row].tolist()),
            confidence=float(self.ranking.confidence[row].max(initial=0.0)),
            intent=intent,
            certainty=certainty,
            in_scope=bool(self.intents.in_scope[row]) if self.intents else True,
        )


class Suggester:
    """Suggests answers out of one bundle. Safe to share between threads: nothing changes after loading."""

    def __init__(
        self,
        bundle: Bundle,
        reader: MessageReader,
        ranker: CalibratedRanker | None,
        replies: ReplyScorer,
        decision: Decision,
        composer: Composer,
        languages: LanguageDetector,
        triage: Triage,
    ) -> None:
        self._bundle = bundle
        self._reader = reader
        self._ranker = ranker
        self._replies = replies
        self._decision = decision
        self._composer = composer
        self._languages = languages
        self._triage = triage
        self._topics = tuple(bundle.knowledge.topics.items())
        self._sameness = Sameness(tuple(bundle.knowledge), bundle.answer_vectors)

    @classmethod
    def from_bundle(cls, path: Path | str, *, threads: int = 1) -> Suggester:
        """Load the bundle in folder `path`; `threads` is how many one encoding may use, 0 for all.

        Raises:
            BundleError: the bundle cannot be used.
        """
        bundle = Bundle.load(path, threads=threads)
        thresholds = bundle.manifest.thresholds
        intents = None
        if bundle.intents and thresholds.intents:
            rows = row_intents(bundle.past.intents, bundle.intents.labels)
            answers = answers_by_intent(bundle.knowledge, bundle.passages, bundle.intents.labels)
            messages, densities = bundle.past.sendings.messages, bundle.past.densities
            past = PastIntents.of(messages, rows, densities, len(bundle.intents.labels))
            intents = IntentClassifier(bundle.intents, thresholds.intents, past, answers)
        reader = MessageReader(bundle.encoder, bundle.messages, intents)
        ranker = None
        if bundle.ranker and len(bundle.knowledge):
            evidence = topic_evidence(bundle.knowledge, bundle.past.sendings, bundle.passages, reader.labels)
            first: TopicRanker = Ranker(evidence, bundle.ranker)
            if bundle.reranker:
                first = Reranker(first, bundle.reranker, Wordings.of(bundle.knowledge, bundle.brand.language))
            ranker = CalibratedRanker(first, thresholds.calibrations)
        nearby = NearbyReplies(bundle.reply_vectors, bundle.past.replies)
        return cls(
            bundle,
            reader,
            ranker,
            LearnedReplies(nearby, bundle.reply_head) if bundle.reply_head else nearby,
            Decision([NeedsHuman(), OutOfScope(), LowConfidence(thresholds.confidence), NoValidAnswer()]),
            Composer(bundle.brand),
            LanguageDetector.among(sorted(bundle.knowledge.languages | FOREIGN), default=bundle.brand.language),
            Triage(Needs(SIGNALS), bundle.brand),
        )

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
            (_received(conversation) for conversation in conversations),
        )
        analysis = self.analyse(queries, circumstances.take(np.array(sources, dtype=np.int64)), messages)
        return [
            self._suggest_matters(conversation, occasion, found, analysis, row, k)
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
        return Analysis(asked, intents, self._rank(asked), self._read_emotions(messages or queries, asked.vectors))

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
        return self._ranker.rank(asked, CONSIDERED)

    def _read_emotions(self, messages: Sequence[str], vectors: FloatArray) -> tuple[EmotionReading, ...]:
        reader = self._bundle.emotions
        return reader.read(messages, vectors) if reader else (UNREAD,) * len(vectors)

    def _suggest_matters(
        self,
        conversation: Conversation,
        occasion: Occasion,
        parts: Sequence[Part],
        analysis: Analysis,
        row: int,
        k: int,
    ) -> SuggestionSet:
        """Answer the message of row `row`, or those of its parts, in the rows after it, that are its matters."""
        whole = self._suggest(conversation, occasion, analysis, row, k)
        readings = [analysis.reading(row + 1 + place) for place in range(len(parts))]
        places = tell_apart(analysis.reading(row), parts, readings, self._bundle.manifest.thresholds.confidence)
        alone = [self._suggest(conversation, occasion, analysis, row + 1 + place, 1) for place in places]
        if not any(found.suggestions for found in alone):
            return whole
        matters = tuple(
            Matter(
                text=parts[place].text,
                intent=readings[place].intent,
                answer_id=found.suggestions[0].answer_id if found.suggestions else None,
                abstained=found.abstained,
            )
            for place, found in zip(places, alone, strict=True)
        )
        answered = self._answered(alone)
        firsts = [found.suggestions[0] for found in answered]
        together = self._answer_together(firsts, conversation, occasion)
        in_sight = answered if together else answered[:k]
        return replace(
            whole,
            suggestions=tuple((firsts if together is None else [together, *firsts])[:k]),
            abstained=None,
            warnings=(
                *what_became_of(matters, together=together is not None or len(firsts) == 1),
                # That a human must decide is said of the message, so once.
                *dict.fromkeys(warning for found in in_sight for warning in found.warnings),
            ),
            matters=matters,
        )

    def _answered(self, alone: Sequence[SuggestionSet]) -> list[SuggestionSet]:
        """Return the matters that have an answer; of two whose answers say the same, the first."""
        answered: list[SuggestionSet] = []
        answers: list[Answer] = []
        for found in alone:
            if found.suggestions:
                answer = self._bundle.knowledge[found.suggestions[0].answer_id]
                if self._sameness.find(answer, answers) is None:
                    answered.append(found)
                    answers.append(answer)
        return answered

    def _answer_together(
        self, firsts: Sequence[Suggestion], conversation: Conversation, occasion: Occasion
    ) -> Suggestion | None:
        """Put the answers to several matters into one text; nothing for one, or beyond the channel's limit."""
        if len(firsts) < 2:
            return None
        answers = [self._bundle.knowledge[found.answer_id] for found in firsts]
        composed = self._composer.compose_together(answers, conversation, occasion.register)
        if not composed.length.fits:
            return None
        registers = {answer.register for answer in answers}
        return Suggestion(
            answer_id=answers[0].answer_id,
            text=composed.text,
            # Right only when every answer is; as if one did not bear upon the other.
            confidence=prod(found.confidence for found in firsts),
            register=registers.pop() if len(registers) == 1 else Register.NEUTRAL,
            length=composed.length,
            evidence=tuple(past for found in firsts for past in found.evidence),
            further=tuple(answer.answer_id for answer in answers[1:]),
        )

    def _occasion(self, conversation: Conversation) -> Occasion:
        register = self.brand.register.choose(conversation.channel, _addressed_in(conversation))
        return Occasion(
            language=conversation.language or self._languages.detect(conversation.message),
            register=conversation.register or register,
            channel=conversation.channel,
            day=_received(conversation).date(),
        )

    def _suggest(
        self, conversation: Conversation, occasion: Occasion, analysis: Analysis, row: int, k: int
    ) -> SuggestionSet:
        brand = self.brand
        received = _received(conversation)
        reading = analysis.reading(row)
        found, obstacles = self._sayable(conversation, occasion, analysis, row)
        handling = self._triage.handle(conversation, occasion.language, occasion.register, received)
        threshold = self._bundle.manifest.thresholds.confidence
        abstained = self._decision.judge(
            Case(
                in_scope=reading.in_scope,
                intent=reading.intent,
                confidence=max([reading.confidence, *(one.confidence for one in found)]),
                usable=sum(one.confidence >= threshold for one in found),
                obstacles=obstacles,
                needs=handling.needs,
            )
        )
        shown = () if abstained else found[: min(k, MAX_SUGGESTIONS)]
        return SuggestionSet(
            language=occasion.language,
            intent=Intent(reading.intent, reading.certainty) if reading.intent is not None else None,
            tone=Tone.of(detect_register(conversation.message), analysis.emotions[row]),
            suggestions=tuple(self._suggestion(one, analysis.asked, row) for one in shown),
            abstained=abstained,
            warnings=(
                *(_care(handling.needs) if shown else ()),
                *(caution for one in shown for caution in _cautions(one.answer, one.composed, occasion)),
            ),
            due=Due(received + brand.reply_times.first_reply, received + brand.reply_times.solution),
            bundle=self._bundle.manifest.bundle,
            priority=handling.priority,
            hand_over=handling.hand_over,
            escalation=handling.escalation,
        )

    def _sayable(
        self, conversation: Conversation, occasion: Occasion, analysis: Analysis, row: int
    ) -> tuple[Sequence[_Found], tuple[str, ...]]:
        """Return what may be said, best first and nothing twice, and why the other topics gave nothing."""
        found: list[_Found] = []
        obstacles: list[str] = []
        topics: list[int] = analysis.ranking.topics[row].tolist()
        confidences: list[float] = analysis.ranking.confidence[row].tolist()
        for topic, confidence in zip(topics, confidences, strict=True):
            if found and confidence < LEAST_SHOWN:
                break
            composed = self._first_that_fits(self._topics[topic][1], conversation, occasion)
            if isinstance(composed, str):
                obstacles.append(composed)
            else:
                found.append(_Found(topic, *composed, confidence))
        return self._without_echoes(found), tuple(obstacles)

    def _without_echoes(self, found: Sequence[_Found]) -> Sequence[_Found]:
        """Keep the better one of two that say the same, with the probability of both."""
        kept: list[_Found] = []
        for one in found:
            place = self._sameness.find(one.answer, [better.answer for better in kept])
            if place is None:
                kept.append(one)
            else:
                kept[place] = replace(kept[place], confidence=kept[place].confidence + one.confidence)
        return sorted(kept, key=lambda one: -one.confidence)

    def _suggestion(self, found: _Found, asked: Asked, row: int) -> Suggestion:
        return Suggestion(
            answer_id=found.answer.answer_id,
            text=found.composed.text,
            confidence=found.confidence,
            register=found.answer.register,
            length=found.composed.length,
            evidence=self._evidence(asked, row, found.topic),
        )

    def _first_that_fits(
        self, variants: tuple[Answer, ...], conversation: Conversation, occasion: Occasion
    ) -> tuple[Answer, Composed] | str:
        """Return the best wording that keeps the channel's limit, or why there is none."""
        for answer in fitting(variants, occasion):
            composed = self._composer.compose(answer, conversation, occasion.register)
            if composed.length.fits:
                return answer, composed
        reasons = [found for answer in variants if (found := obstacle(answer, occasion))]
        return (
            reasons[0] if len(reasons) == len(variants) else f"The fitting answer is too long for {occasion.channel}."
        )

    def _evidence(self, asked: Asked, row: int, topic: int) -> tuple[PastExchange, ...]:
        past = self._bundle.past
        rows, similarities = asked.neighbours.rows[row], asked.neighbours.similarities[row]
        same = np.flatnonzero(past.topics[rows] == topic)[:EVIDENCE_SHOWN]
        return tuple(PastExchange(past.exchange_ids[int(rows[rank])], float(similarities[rank])) for rank in same)


def _received(conversation: Conversation) -> datetime:
    return conversation.received_at or datetime.now(UTC)


def _addressed_in(conversation: Conversation) -> Register | None:
    """Return the register in which the customer last addressed the brand, in this message or an earlier one."""
    said = [turn.text for turn in conversation.turns if turn.speaker is Speaker.CUSTOMER] + [conversation.message]
    registers = (detect_register(text) for text in reversed(said))
    return next((register for register in registers if register in {Register.JE, Register.U}), None)


def _care(needs: Sequence[Need]) -> list[str]:
    """Say that a human must decide, where suggestions are shown all the same."""
    return [f"A human must decide: {', '.join(needs)}."] if needs else []


def _cautions(answer: Answer, composed: Composed, occasion: Occasion) -> list[str]:
    """Say what an agent should look at before sending."""
    cautions: list[str] = []
    if answer.status is Status.UNREVIEWED:
        cautions.append(f"{answer.answer_id}: nobody has reviewed this answer yet.")
    if Register.NEUTRAL not in (answer.register, occasion.register) and answer.register is not occasion.register:
        cautions.append(
            f"{answer.answer_id}: written in {answer.register}, "
            f"the customer should be addressed in {occasion.register}."
        )
    if composed.open_slots:
        cautions.append(f"{answer.answer_id}: fill in {', '.join(composed.open_slots)}.")
    return cautions
