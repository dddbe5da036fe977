"""The tables of the store. Their history stands in `migrations/`; a test compares the two."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, DateTime, Dialect, ForeignKey, ForeignKeyConstraint, Index, MetaData, String, TypeDecorator
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
"""Constraints have names, so that a later migration can change them."""


class Moment(TypeDecorator[datetime]):
    """A point in time, always with its zone in Python: SQLite keeps none, so everything is kept in UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _: Dialect) -> datetime | None:
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _: Dialect) -> datetime | None:
        return value and (value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC))


class Table(DeclarativeBase):
    """Root of the tables."""

    metadata = MetaData(naming_convention=_NAMES)
    type_annotation_map: ClassVar = {
        datetime: Moment,
        dict[str, Any]: JSON(none_as_null=True),
        list[str]: JSON(none_as_null=True),
        list[dict[str, Any]]: JSON(none_as_null=True),
    }


class SuggestionSetRow(Table):
    """What was shown for one message, or that nothing was. `message` and `context` are redacted."""

    __tablename__ = "suggestion_sets"
    __table_args__ = (Index(None, "brand", "created_at"), Index(None, "brand", "customer_id"))

    set_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    brand: Mapped[str]
    created_at: Mapped[datetime]
    received_at: Mapped[datetime]
    message: Mapped[str]
    context: Mapped[list[dict[str, Any]]]
    channel: Mapped[str]
    language: Mapped[str]
    register: Mapped[str | None]
    emotion: Mapped[str]
    intent: Mapped[str | None]
    intent_confidence: Mapped[float | None]
    abstained: Mapped[str | None]
    conversation_id: Mapped[str | None]
    customer_id: Mapped[str | None]
    agent_id: Mapped[str | None]
    first_reply_due: Mapped[datetime]
    solution_due: Mapped[datetime]
    bundle: Mapped[str]
    revision: Mapped[int]
    """Of the live answers that lay over the bundle: with it, what was known at the time."""


class ShownRow(Table):
    """One suggestion of a set: what was shown, at which rank, with which probability.

    `confidence` is the probability that an agent would send it, `propensity` the one with which the server showed it
    at this rank: 1 while the ranking leaves nothing to chance. Later rankings are judged by it (Swaminathan et al.
    2017, https://arxiv.org/abs/1605.04812).
    """

    __tablename__ = "shown_suggestions"

    set_id: Mapped[str] = mapped_column(ForeignKey("suggestion_sets.set_id", ondelete="CASCADE"), primary_key=True)
    rank: Mapped[int] = mapped_column(primary_key=True)
    answer_id: Mapped[str]
    answer_ids: Mapped[list[str]]
    text: Mapped[str]
    register: Mapped[str]
    confidence: Mapped[float]
    propensity: Mapped[float]


class FeedbackRow(Table):
    """What an agent did with a suggestion. `sent_text` is redacted; `fingerprint` is of the event as it came."""

    __tablename__ = "feedback"
    __table_args__ = (
        Index(None, "brand", "fingerprint", unique=True),
        Index(None, "brand", "idempotency_key", unique=True),
        Index(None, "brand", "received_at"),
        Index(None, "set_id"),
    )

    feedback_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    brand: Mapped[str]
    set_id: Mapped[str] = mapped_column(ForeignKey("suggestion_sets.set_id", ondelete="CASCADE"))
    rank: Mapped[int | None]
    action: Mapped[str]
    sent_text: Mapped[str | None]
    agent: Mapped[str | None]
    edit_kind: Mapped[str | None]
    edit_similarity: Mapped[float | None]
    fingerprint: Mapped[str] = mapped_column(String(64))
    idempotency_key: Mapped[str | None]
    received_at: Mapped[datetime]
    sent_at: Mapped[datetime]
    reviewed_at: Mapped[datetime | None]
    verdict: Mapped[str | None]
    """Whether it may teach, as somebody decided who looked at it."""


class FollowUpRow(Table):
    """What was promised to a customer, and by when."""

    __tablename__ = "follow_ups"
    __table_args__ = (Index(None, "brand", "done_at", "due"), Index(None, "feedback_id"))

    follow_up_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    brand: Mapped[str]
    feedback_id: Mapped[str] = mapped_column(ForeignKey("feedback.feedback_id", ondelete="CASCADE"))
    promised: Mapped[str]
    due: Mapped[datetime]
    created_at: Mapped[datetime]
    done_at: Mapped[datetime | None]


class LiveAnswerRow(Table):
    """The latest version of an answer that was saved or deleted while the server ran; it lies over the bundle's."""

    __tablename__ = "live_answers"
    __table_args__ = (Index(None, "brand", "revision"),)

    brand: Mapped[str] = mapped_column(primary_key=True)
    answer_id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    document: Mapped[dict[str, Any] | None]
    """The answer as it stands in `answers.jsonl`; none where it is deleted."""
    changed_at: Mapped[datetime]
    changed_by: Mapped[str | None]
    revision: Mapped[int]


class AnswerVersionRow(Table):
    """Every version that an answer ever had."""

    __tablename__ = "answer_versions"
    __table_args__ = (
        ForeignKeyConstraint(
            ["brand", "answer_id"], ["live_answers.brand", "live_answers.answer_id"], ondelete="CASCADE"
        ),
    )

    brand: Mapped[str] = mapped_column(primary_key=True)
    answer_id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    document: Mapped[dict[str, Any] | None]
    changed_at: Mapped[datetime]
    changed_by: Mapped[str | None]


class RevisionRow(Table):
    """How often something has changed that every worker holds in memory: they look here, and read it when it has."""

    __tablename__ = "revisions"

    name: Mapped[str] = mapped_column(primary_key=True)
    revision: Mapped[int]


class KeyRow(Table):
    """An API key. Of the key itself only the hash is kept."""

    __tablename__ = "api_keys"

    key_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    brand: Mapped[str]
    name: Mapped[str]
    scopes: Mapped[list[str]]
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class DeliveryRow(Table):
    """What a helpdesk delivered, and how far the work on it is. `event` holds the customer's words until it is done."""

    __tablename__ = "deliveries"
    __table_args__ = (
        Index(None, "brand", "helpdesk", "delivery_key", unique=True),
        Index(None, "status", "next_attempt_at"),
    )

    delivery_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    brand: Mapped[str]
    helpdesk: Mapped[str]
    delivery_key: Mapped[str]
    status: Mapped[str]
    event: Mapped[dict[str, Any] | None]
    response: Mapped[dict[str, Any] | None]
    """What the delivery itself was answered with, for who sends it again; none where a note is written."""
    customer_id: Mapped[str | None]
    set_id: Mapped[str | None]
    attempts: Mapped[int]
    next_attempt_at: Mapped[datetime]
    last_error: Mapped[str | None]
    received_at: Mapped[datetime]
    done_at: Mapped[datetime | None]


class ErasureRow(Table):
    """That a customer's data was erased, without saying whose: what the next training must leave out."""

    __tablename__ = "erasures"

    erasure_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    brand: Mapped[str]
    erased_at: Mapped[datetime]
    exchange_ids: Mapped[list[str]]
    counts: Mapped[dict[str, Any]]


class SecretRow(Table):
    """What the server signs links and names agents with; made when it is first needed."""

    __tablename__ = "secrets"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]
