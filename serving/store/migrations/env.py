"""Runs migrations in the connection, and the transaction, that `Database.migrate` gives."""

from __future__ import annotations

from alembic import context

from serving.store.tables import Table

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Table.metadata,
    transactional_ddl=False,  # one transaction around all of it is open already
)
context.run_migrations()
