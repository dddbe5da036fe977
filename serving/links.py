"""Links by which an agent accepts or rejects a suggestion from a note, signed so that no key is needed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Literal

from itsdangerous import BadData, SignatureExpired, URLSafeTimedSerializer
from pydantic import TypeAdapter, ValidationError

from repliek.wire.feedback import Action, FeedbackRequest
from serving.store.database import Database
from serving.store.signing import secret_of
from serving.store.suggestion_sets import set_id_of

PATH = "/v1/feedback/links/"
"""Where the links lead; behind it stands the token."""

VALID = timedelta(days=30)

LinkAction = Literal[Action.ACCEPTED, Action.REJECTED]
"""What needs no more than a click."""

_SECRET = "links"


class LinkForgedError(Exception):
    """A token that this server did not sign, or not for a link."""


class LinkExpiredError(Exception):
    """A token of more than `VALID` ago."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What following a link says.

    Attributes:
        brand: whose suggestion it is about.
        suggestion_id: the suggestion.
        action: what is done with it.
    """

    brand: str
    suggestion_id: str
    action: LinkAction

    @property
    def feedback(self) -> FeedbackRequest:
        """The same as feedback."""
        set_id = set_id_of(self.suggestion_id)
        return FeedbackRequest(suggestion_set_id=set_id, suggestion_id=self.suggestion_id, action=self.action)


_OFFER = TypeAdapter(Offer)


class Links:
    """Signs and reads links. Safe to share between threads."""

    def __init__(self, database: Database) -> None:
        """Args: database: holds the secret, which is made when the first link is."""
        self._database = database

    def url(self, public_url: str, brand: str, suggestion_id: str, action: LinkAction) -> str:
        """Return a link by which a brand's suggestion is accepted or rejected.

        Args:
            public_url: where agents reach this server.

        Raises:
            StoreDownError: the store does not answer, and the secret was not read before.
        """
        said = _OFFER.dump_python(Offer(brand, suggestion_id, action), mode="json")
        return f"{public_url.rstrip('/')}{PATH}{self._signer.dumps(said)}"

    def read(self, token: str) -> Offer:
        """Return what a link's token says.

        Raises:
            LinkForgedError: this server did not sign it.
            LinkExpiredError: it was signed too long ago.
            StoreDownError: the store does not answer, and the secret was not read before.
        """
        try:
            return _OFFER.validate_python(self._signer.loads(token, max_age=int(VALID.total_seconds())))
        except SignatureExpired:
            raise LinkExpiredError from None
        except (BadData, ValidationError):
            raise LinkForgedError from None

    @cached_property
    def _signer(self) -> URLSafeTimedSerializer:
        with self._database.writing() as session:
            secret = secret_of(session, _SECRET)
        return URLSafeTimedSerializer(secret, salt=_SECRET, signer_kwargs={"digest_method": hashlib.sha256})
