"""What the server signs with: made when it is first asked for, the same for every worker and replica from then on."""

from __future__ import annotations

import secrets

from sqlalchemy.orm import Session

from serving.store.database import insert_new
from serving.store.tables import SecretRow

_SECRET_BYTES = 32


def secret_of(session: Session, name: str) -> str:
    """Return the secret of this name, in a session that may write; should many ask first, all get the same one."""
    insert_new(session, SecretRow, [{"name": name, "value": secrets.token_urlsafe(_SECRET_BYTES)}])
    return session.get_one(SecretRow, name).value
