"""How helpdesks want to be told who calls."""

from __future__ import annotations

import base64
from collections.abc import Mapping

from pydantic import SecretStr


def basic(user: str, password: SecretStr) -> Mapping[str, str]:
    """Return the header of basic authentication (RFC 7617)."""
    pair = base64.b64encode(f"{user}:{password.get_secret_value()}".encode()).decode("ascii")
    return {"Authorization": f"Basic {pair}"}


def bearer(token: SecretStr) -> Mapping[str, str]:
    """Return the header of a bearer token (RFC 6750)."""
    return {"Authorization": f"Bearer {token.get_secret_value()}"}
