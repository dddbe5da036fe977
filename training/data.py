"""Read what to learn from, refuse what cannot be learned from, and take personal data out of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from repliek.brand import Brand
from repliek.errors import DataError
from repliek.history import OUT_OF_SCOPE, ContextTurn, Exchange
from repliek.knowledge import Answer, KnowledgeBase, Status
from repliek.privacy import redact
from repliek.records import Rejection, read_records

MIN_EXCHANGES = 10
"""Fewer teach nothing that could be checked on a held-out part."""


@dataclass(frozen=True, slots=True)
class Sources:
    """The files to learn from, as the user named them: a history, answers, or both.

    `held_out` is what is never learned from.
    """

    history: Path | None
    answers: Path | None = None
    brand: Path | None = None
    held_out: Path | None = None
    rename: Mapping[str, str] | None = None
    strict: bool = False


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
    """

    history: tuple[Exchange, ...]
    knowledge: KnowledgeBase
    brand: Brand
    brand_toml: str
    rejected: tuple[Rejection, ...]
    held_out: tuple[Exchange, ...] = ()

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
    history: tuple[Exchange, ...] = ()
    answers: tuple[Answer, ...] = ()
    rejected: tuple[Rejection, ...] = ()
    if sources.history:
        told = read_records(
            sources.history, Exchange, rename=sources.rename, unique="exchange_id", strict=sources.strict
        )
        history, rejected = told.records, told.rejected
    if sources.answers:
        read = read_records(sources.answers, Answer, unique="answer_id", strict=sources.strict)
        answers, rejected = read.records, rejected + read.rejected
    held_out: tuple[Exchange, ...] = ()
    if sources.held_out:
        kept = read_records(
            sources.held_out, Exchange, rename=sources.rename, unique="exchange_id", strict=sources.strict
        )
        held_out, rejected = kept.records, rejected + kept.rejected
    _refuse_the_unlearnable(sources, history, answers)
    return TrainingData(
        history=tuple(redacted(exchange) for exchange in history),
        knowledge=KnowledgeBase(answers),
        brand=brand,
        brand_toml=brand_toml,
        rejected=rejected,
        held_out=tuple(redacted(exchange) for exchange in held_out),
    )


def redacted(exchange: Exchange) -> Exchange:
    """Return the exchange with placeholders for personal data in every text of it."""
    return replace(
        exchange,
        message=redact(exchange.message),
        reply=redact(exchange.reply) if exchange.reply else None,
        context=tuple(ContextTurn(speaker=turn.speaker, text=redact(turn.text)) for turn in exchange.context),
    )


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
    intents = {exchange.intent for exchange in history if exchange.intent} - {OUT_OF_SCOPE}
    if len(intents) == 1:
        raise DataError(
            f"{sources.history}: every exchange has the intent {min(intents)!r}; "
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
