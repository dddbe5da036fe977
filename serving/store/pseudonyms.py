"""What agents are called outside the store: the same name each time, from which nobody finds the agent."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

from sqlalchemy.orm import Session

from serving.store.signing import secret_of

_HEX_DIGITS = 16


@dataclass(frozen=True, slots=True)
class Pseudonyms:
    """Names for the agents of one brand; `secret` never leaves the store."""

    secret: str

    @classmethod
    def of(cls, session: Session, brand: str) -> Pseudonyms:
        """Take the brand's secret out of the store; the first time, make it."""
        return cls(secret_of(session, f"agents:{brand}"))

    def name(self, agent: str) -> str:
        """Name an agent."""
        found = hmac.new(self.secret.encode(), agent.encode(), hashlib.sha256).hexdigest()
        return f"agent-{found[:_HEX_DIGITS]}"
