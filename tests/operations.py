"""The operations of the OpenAPI document, and which scope opens each: routes that come later must be told here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from serving.app import openapi_document
from serving.store.keys import Scope
from tests.fixture_bundle import MESSAGES

OF_A_BRAND = "/v1/brands/{brand}/"
_METHODS = frozenset({"get", "put", "post", "patch", "delete", "head", "options"})


@dataclass(frozen=True, slots=True)
class Rule:
    """What an operation wants: one of these scopes, or nothing at all; and a body that it would take."""

    scopes: frozenset[Scope] = frozenset()
    body: Mapping[str, Any] | None = None


_READ, _WRITE = frozenset({Scope.SUGGEST, Scope.ANSWERS_WRITE}), frozenset({Scope.ANSWERS_WRITE})
_LOOK, _ADMINISTER = frozenset({Scope.INSIGHTS}), frozenset({Scope.ADMIN})
_FEED_BACK = Rule(frozenset({Scope.FEEDBACK}), {"suggestion_set_id": "abc", "action": "rejected"})
_SUGGEST = Rule(frozenset({Scope.SUGGEST}), {"message": MESSAGES.suggested})
_BATCH = Rule(frozenset({Scope.SUGGEST}), {"items": [{"message": MESSAGES.suggested}]})
_SAVE = Rule(_WRITE, {"text": "Je pakket komt morgen.", "language": "nl"})

RULES: Mapping[str, Rule] = {
    "POST /v1/suggest": _SUGGEST,
    "POST /v1/suggest/batch": _BATCH,
    "POST /v1/feedback": _FEED_BACK,
    "GET /v1/feedback": Rule(_WRITE),
    "POST /v1/feedback/{feedback_id}/review": Rule(_WRITE, {"verdict": "approved"}),
    "GET /v1/answers": Rule(_READ),
    "POST /v1/answers": Rule(_WRITE),
    "GET /v1/answers/{answer_id}": Rule(_READ),
    "PUT /v1/answers/{answer_id}": _SAVE,
    "DELETE /v1/answers/{answer_id}": Rule(_WRITE),
    "GET /v1/answers/{answer_id}/versions": Rule(_READ),
    "GET /v1/insights/authors": Rule(_LOOK),
    "GET /v1/follow-ups": Rule(_LOOK | _FEED_BACK.scopes),
    "POST /v1/follow-ups/{follow_up_id}/done": Rule(_FEED_BACK.scopes),
    "GET /v1/deliveries": Rule(_ADMINISTER),
    "POST /v1/deliveries/{delivery_id}/replay": Rule(_ADMINISTER),
}
"""By method and path, the path without a brand. What helpdesks and links call has a signature instead of a key."""

SIGNED = ("/v1/hooks/", "/v1/feedback/links")


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the document."""

    method: str
    path: str
    document: Mapping[str, Any]

    @property
    def name(self) -> str:
        return f"{self.method} {self.path.replace(OF_A_BRAND, '/v1/')}"

    @property
    def rule(self) -> Rule:
        assert self.name in RULES, f"say in tests/operations.py which scope opens {self.name}"
        return RULES[self.name]

    @property
    def names_a_brand(self) -> bool:
        return self.path.startswith(OF_A_BRAND)

    @property
    def wants_a_key(self) -> bool:
        return not self.path.replace(OF_A_BRAND, "/v1/").startswith(SIGNED)

    @property
    def takes_a_body(self) -> bool:
        return "requestBody" in self.document

    def parameters(self, place: str) -> list[str]:
        """The names of those that stand in the path, the query or the headers."""
        return [part["name"] for part in self.document.get("parameters", ()) if part["in"] == place]

    def address(self, brand: str) -> str:
        """Its address for a brand; what else stands in it is an id that nothing has."""
        names = dict.fromkeys(self.parameters("path"), "nothing-of-this-name")
        return self.path.format_map(names | {"brand": brand})


OPERATIONS = [
    Operation(method.upper(), path, document)
    for path, methods in openapi_document()["paths"].items()
    for method, document in methods.items()
    if method in _METHODS
]
