"""Read what to learn from, refuse what cannot be learned from, and take personal data out of it."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from repliek.brand import Brand
from repliek.bundle import LAYOUT
from repliek.conversation import Speaker
from repliek.erasure import erased_in
from repliek.errors import DataError
from repliek.history import ContextTurn, Exchange, intent_labels
from repliek.knowledge import Answer, KnowledgeBase, Status
from repliek.language import mostly
from repliek.privacy import Redactor
from repliek.records import Rejection, read_records
from repliek.tone.phrases import Phrase, read_phrases
from training.mining.replies import greeted_names

MIN_EXCHANGES = 10
"""Fewer teach nothing that could be checked on a held-out part."""

MOSTLY = 0.9
"""Share of the messages from which a history counts as being in one language."""


@dataclass(frozen=True, slots=True)
class Sources:
    """The files to learn from, as the user named them: a history, answers, or both.

    Nothing is learned from `held_out` and `later`: the one is for measuring, the other for calibrating. What `erased`
    names, receipts of erasures, is left out of all of them.
    """

    history: Path | None
    answers: Path | None = None
    brand: Path | None = None
    held_out: Path | None = None
    rename: Mapping[str, str] | None = None
    strict: bool = False
    later: Path | None = None
    phrases: Path | None = None
    erased: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class TrainingData:
    """What is learned from: validated, redacted.

    Attributes:
        history: exchanges, in the order of their file.
        knowledge: what may be said; empty where no answers were given.
        brand: the brand's settings.
        brand_toml: the same, as they stand in the file.
        rejected: the records that could not be used.
        held_out: exchanges that were kept apart to measure on, redacted; nothing is learned from them.
        later: exchanges from after the history, to calibrate on, redacted; none of them stands in the history.
        repeated: how many of the later ones were left out because they do.
        phrases: the words that the brand puts around its answers.
        erased: how many exchanges were left out because the customer's data was erased.
    """

    history: tuple[Exchange, ...]
    knowledge: KnowledgeBase
    brand: Brand
    brand_toml: str
    rejected: tuple[Rejection, ...]
    held_out: tuple[Exchange, ...] = ()
    later: tuple[Exchange, ...] = ()
    repeated: int = 0
    phrases: tuple[Phrase, ...] = ()
    erased: int = 0

    @property
    def in_english(self) -> bool:
        """Whether the history is in English, but for a message here and there; without one, whether the answers are."""
        records = self.history or tuple(self.knowledge)
        labelled = [record.language for record in records if record.language]
        if labelled:
            return labelled.count("en") >= MOSTLY * len(labelled)
        return mostly("en", [exchange.message for exchange in self.history], MOSTLY)

    @property
    def teaches(self) -> bool:
        """Whether there are exchanges enough to hold some out and check what the others teach."""
        return len(self.history) >= MIN_EXCHANGES


def load(sources: Sources) -> TrainingData:
    """Read, validate and redact.

    Raises:
        DataError: a file cannot be used, or what it holds teaches nothing.
    """
    brand = Brand.from_toml(sources.brand) if sources.brand else Brand()
    brand_toml = sources.brand.read_text(encoding="utf-8") if sources.brand else ""
    erased = erased_in(sources.erased)
    told = _told(sources, sources.history, erased)
    history = told.exchanges
    answers: tuple[Answer, ...] = ()
    rejected = told.rejected
    if sources.answers:
        read = read_records(sources.answers, Answer, unique="answer_id", strict=sources.strict)
        answers, rejected = read.records, rejected + read.rejected
    redaction = Redaction.of(brand, history)
    held_out, later = (_told(sources, file, erased) for file in (sources.held_out, sources.later))
    _refuse_the_unlearnable(sources, history, answers)
    learned = tuple(redaction(exchange) for exchange in history)
    measured = tuple(redaction(exchange) for exchange in held_out.exchanges)
    # Compared as they were written too: a name is found by its capital, which the repetition may lack.
    unseen = _not_among(tuple(redaction(exchange) for exchange in _not_among(later.exchanges, history)), learned)
    if sources.later:
        _refuse_what_cannot_calibrate(sources, unseen, measured)
    return TrainingData(
        history=learned,
        knowledge=KnowledgeBase(answers),
        brand=brand,
        brand_toml=brand_toml,
        phrases=_phrases(sources),
        rejected=rejected + held_out.rejected + later.rejected,
        held_out=measured,
        later=unseen,
        repeated=len(later.exchanges) - len(unseen),
        erased=told.erased + held_out.erased + later.erased,
    )


def _phrases(sources: Sources) -> tuple[Phrase, ...]:
    """Read the brand's phrases: the file that was named, or else the one beside the brand's settings."""
    beside = sources.brand.with_name(LAYOUT.phrases) if sources.brand else None
    file = sources.phrases or (beside if beside and beside.is_file() else None)
    return read_phrases(file) if file else ()


@dataclass(frozen=True, slots=True)
class _Told:
    """What a file of exchanges holds: those that may be used, those that cannot be, and how many were erased."""

    exchanges: tuple[Exchange, ...] = ()
    rejected: tuple[Rejection, ...] = ()
    erased: int = 0


def _told(sources: Sources, file: Path | None, erased: Container[str]) -> _Told:
    """Read exchanges, leaving out those whose ids are `erased`; none without a file."""
    if file is None:
        return _Told()
    read = read_records(file, Exchange, rename=sources.rename, unique="exchange_id", strict=sources.strict)
    kept = tuple(one for one in read.records if one.exchange_id not in erased)
    return _Told(kept, read.rejected, len(read.records) - len(kept))


def _not_among(exchanges: Sequence[Exchange], others: Sequence[Exchange]) -> tuple[Exchange, ...]:
    """Return the exchanges of which neither the id nor the words stand among `others`."""
    ids = {other.exchange_id for other in others}
    wordings = {other.wording for other in others}
    return tuple(one for one in exchanges if one.exchange_id not in ids and one.wording not in wordings)


def _refuse_what_cannot_calibrate(sources: Sources, later: Sequence[Exchange], held_out: Sequence[Exchange]) -> None:
    if not later:
        raise DataError(f"{sources.later}: every exchange stands in {sources.history} too; expected later ones")
    unmeasured = {one.exchange_id for one in _not_among(later, held_out)}
    both = [one.exchange_id for one in later if one.exchange_id not in unmeasured]
    if both:
        raise DataError(
            f"{sources.later}: {len(both)} of its exchanges stand in {sources.held_out} too, the first is {both[0]}; "
            "expected none, since what was calibrated on cannot be measured on"
        )


@dataclass(frozen=True, slots=True)
class Redaction:
    """How the texts of a history are redacted.

    Attributes:
        of_customers: for messages.
        of_agents: for replies: who is greeted in one of them may be named anywhere in another.
    """

    of_customers: Redactor = field(default_factory=Redactor)
    of_agents: Redactor = field(default_factory=Redactor)

    @classmethod
    def of(cls, brand: Brand, history: Sequence[Exchange]) -> Redaction:
        """Learn which names are the brand's own, and by which ones its agents greet customers."""
        public = (brand.name, *brand.name.split())
        greeted = greeted_names(exchange.reply for exchange in history if exchange.reply)
        return cls(of_customers=Redactor(public=public), of_agents=Redactor(public=public, names=greeted))

    def __call__(self, exchange: Exchange) -> Exchange:
        """Return the exchange with placeholders for personal data in every text of it."""
        return replace(
            exchange,
            message=self.of_customers.redact(exchange.message),
            reply=self.of_agents.redact(exchange.reply) if exchange.reply else None,
            context=tuple(
                ContextTurn(speaker=turn.speaker, text=self._of(turn.speaker).redact(turn.text))
                for turn in exchange.context
            ),
        )

    def _of(self, speaker: Speaker) -> Redactor:
        return self.of_agents if speaker is Speaker.AGENT else self.of_customers


def _refuse_the_unlearnable(sources: Sources, history: tuple[Exchange, ...], answers: tuple[Answer, ...]) -> None:
    if sources.answers and all(answer.status is Status.BLOCKED for answer in answers):
        raise DataError(f"{sources.answers}: every answer is blocked; expected at least one that may be suggested")
    if len(history) < MIN_EXCHANGES:
        if sources.answers:
            return
        raise DataError(
            f"{sources.history}: {len(history)} usable exchanges; expected at least {MIN_EXCHANGES}, or --answers, "
            "which can be suggested without a history"
        )
    if len({exchange.conversation for exchange in history}) == 1:
        raise DataError(
            f"{sources.history}: every exchange has the same conversation_id; expected several conversations, "
            "since whole ones are held out to check what was learned (leave the column out if it means something else)"
        )
    intents = intent_labels(history)
    if len(intents) == 1:
        raise DataError(
            f"{sources.history}: every exchange has the intent {intents[0]!r}; "
            "expected at least two intents, or none at all"
        )
    if not intents and not any(exchange.reply or exchange.answer_id for exchange in history):
        raise DataError(
            f"{sources.history}: no exchange has an intent, a reply or an answer_id, so there is nothing to learn; "
            "expected one of these columns (use --map when yours has another name)"
        )
    labelled = [exchange.answer_id for exchange in history if exchange.answer_id]
    if not labelled:
        return
    if not sources.answers:
        if not any(exchange.reply for exchange in history):
            raise DataError(
                f"{sources.history}: names answers, but no answers were given; expected --answers with their texts"
            )
        return
    knowledge = KnowledgeBase(answers)
    if not any(knowledge.topic_of(answer_id) for answer_id in labelled):
        raise DataError(
            f"{sources.history}: none of its answer_ids stands in {sources.answers}; "
            "check that the files belong together"
        )
