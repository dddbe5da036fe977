"""Standard Webhooks: a tool of one's own asks for suggestions, signed, and reads them in the response."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import SecretStr, TypeAdapter

from repliek.wire.suggestions import SuggestRequest
from serving.helpdesks.adapter import Delivery, Helpdesk
from serving.helpdesks.payload import read_as, read_json
from serving.helpdesks.proof import StandardSignature

_PROOF = StandardSignature()
_REQUEST = TypeAdapter(SuggestRequest)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request out of a webhook; `delivery_id` is signed, and the same when it is sent again."""

    delivery_id: str
    request: SuggestRequest


class Standard:
    """Whoever signs as Standard Webhooks says (https://www.standardwebhooks.com)."""

    helpdesk = Helpdesk.STANDARD

    def verify(self, delivery: Delivery, secrets: Sequence[SecretStr], now: datetime) -> None:
        """Return when one of `secrets` proves the delivery.

        Raises:
            Unproven: none does, or it was sent more than five minutes from `now`.
        """
        _PROOF.check(delivery, secrets, now)

    def read(self, delivery: Delivery) -> Asked:
        """Return what is asked.

        Raises:
            PayloadError: the body is not what `POST /v1/suggest` takes.
        """
        request = read_as(_REQUEST, read_json(delivery.body))
        return Asked(delivery.headers["webhook-id"][:200], request)
