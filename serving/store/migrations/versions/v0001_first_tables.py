"""The tables of the first version.

Revision 0001, the first one, of 2026-11-22
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make every table."""
    op.create_table(
        "api_keys",
        sa.Column("key_id", sa.String(length=64), nullable=False),
        sa.Column("brand", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("key_id", name="pk_api_keys"),
        sa.UniqueConstraint("secret_hash", name="uq_api_keys_secret_hash"),
    )
    op.create_table(
        "deliveries",
        sa.Column("delivery_id", sa.String(length=64), nullable=False),
        sa.Column("brand", sa.String(), nullable=False),
        sa.Column("helpdesk", sa.String(), nullable=False),
        sa.Column("delivery_key", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("event", sa.JSON(), nullable=True),
        sa.Column("response", sa.JSON(), nullable=True),
        sa.Column("customer_id", sa.String(), nullable=True),
        sa.Column("set_id", sa.String(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_error", sa.String(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("delivery_id", name="pk_deliveries"),
    )
    op.create_index(
        "ix_deliveries_brand_helpdesk_delivery_key", "deliveries", ["brand", "helpdesk", "delivery_key"], unique=True
    )
    op.create_index("ix_deliveries_status_next_attempt_at", "deliveries", ["status", "next_attempt_at"], unique=False)
    op.create_table(
        "erasures",
        sa.Column("erasure_id", sa.String(length=64), nullable=False),
        sa.Column("brand", sa.String(), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("exchange_ids", sa.JSON(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("erasure_id", name="pk_erasures"),
    )
    op.create_table(
        "live_answers",
        sa.Column("brand", sa.String(), nullable=False),
        sa.Column("answer_id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("brand", "answer_id", name="pk_live_answers"),
    )
    op.create_index("ix_live_answers_brand_revision", "live_answers", ["brand", "revision"], unique=False)
    op.create_table(
        "revisions",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_revisions"),
    )
    op.create_table(
        "secrets",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_secrets"),
    )
    op.create_table(
        "suggestion_sets",
        sa.Column("set_id", sa.String(length=64), nullable=False),
        sa.Column("brand", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("context", sa.JSON(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("register", sa.String(), nullable=True),
        sa.Column("emotion", sa.String(), nullable=False),
        sa.Column("intent", sa.String(), nullable=True),
        sa.Column("intent_confidence", sa.Double(), nullable=True),
        sa.Column("abstained", sa.String(), nullable=True),
        sa.Column("conversation_id", sa.String(), nullable=True),
        sa.Column("customer_id", sa.String(), nullable=True),
        sa.Column("agent_id", sa.String(), nullable=True),
        sa.Column("first_reply_due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("solution_due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("bundle", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("set_id", name="pk_suggestion_sets"),
    )
    op.create_index("ix_suggestion_sets_brand_created_at", "suggestion_sets", ["brand", "created_at"], unique=False)
    op.create_index("ix_suggestion_sets_brand_customer_id", "suggestion_sets", ["brand", "customer_id"], unique=False)
    op.create_table(
        "answer_versions",
        sa.Column("brand", sa.String(), nullable=False),
        sa.Column("answer_id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["brand", "answer_id"],
            ["live_answers.brand", "live_answers.answer_id"],
            name="fk_answer_versions_brand_answer_id_live_answers",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("brand", "answer_id", "version", name="pk_answer_versions"),
    )
    op.create_table(
        "feedback",
        sa.Column("feedback_id", sa.String(length=64), nullable=False),
        sa.Column("brand", sa.String(), nullable=False),
        sa.Column("set_id", sa.String(length=64), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("sent_text", sa.String(), nullable=True),
        sa.Column("agent", sa.String(), nullable=True),
        sa.Column("edit_kind", sa.String(), nullable=True),
        sa.Column("edit_similarity", sa.Double(), nullable=True),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("idempotency_key", sa.String(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("verdict", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["set_id"], ["suggestion_sets.set_id"], name="fk_feedback_set_id_suggestion_sets", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("feedback_id", name="pk_feedback"),
    )
    op.create_index("ix_feedback_brand_fingerprint", "feedback", ["brand", "fingerprint"], unique=True)
    op.create_index("ix_feedback_brand_idempotency_key", "feedback", ["brand", "idempotency_key"], unique=True)
    op.create_index("ix_feedback_brand_received_at", "feedback", ["brand", "received_at"], unique=False)
    op.create_index("ix_feedback_set_id", "feedback", ["set_id"], unique=False)
    op.create_table(
        "shown_suggestions",
        sa.Column("set_id", sa.String(length=64), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("answer_id", sa.String(), nullable=False),
        sa.Column("answer_ids", sa.JSON(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("register", sa.String(), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("propensity", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(
            ["set_id"],
            ["suggestion_sets.set_id"],
            name="fk_shown_suggestions_set_id_suggestion_sets",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("set_id", "rank", name="pk_shown_suggestions"),
    )
    op.create_table(
        "follow_ups",
        sa.Column("follow_up_id", sa.String(length=64), nullable=False),
        sa.Column("brand", sa.String(), nullable=False),
        sa.Column("feedback_id", sa.String(length=64), nullable=False),
        sa.Column("promised", sa.String(), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["feedback_id"], ["feedback.feedback_id"], name="fk_follow_ups_feedback_id_feedback", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("follow_up_id", name="pk_follow_ups"),
    )
    op.create_index("ix_follow_ups_brand_done_at_due", "follow_ups", ["brand", "done_at", "due"], unique=False)
    op.create_index("ix_follow_ups_feedback_id", "follow_ups", ["feedback_id"], unique=False)
