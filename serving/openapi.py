"""Where FastAPI's OpenAPI document is less exact than the service, put right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

TAGS = [
    {"name": "suggestions", "description": "What an agent may answer to a message."},
    {"name": "answers", "description": "The knowledge base: what may be said, edited while the service runs."},
    {"name": "feedback", "description": "What agents did with what was suggested; the next training learns from it."},
    {"name": "follow-ups", "description": "What agents promised to customers, and by when."},
    {"name": "insights", "description": "What was made of what was suggested."},
    {"name": "webhooks", "description": "What helpdesks deliver, and what became of it."},
]

_NULL = {"type": "null"}


def make_exact(document: dict[str, Any]) -> dict[str, Any]:
    """Correct a document in place, and return it."""
    for operation in _operations(document):
        for parameter in operation.get("parameters", ()):
            parameter["schema"] = _without_null(parameter["schema"])
        if "security" in operation:
            operation["security"] = list(_alternatives(operation["security"]))
        operation["responses"] = dict(sorted(operation["responses"].items()))
    return document


def _operations(document: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for methods in document["paths"].values():
        yield from methods.values()


def _without_null(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the schema of a parameter, which may be left out but is text when it is there."""
    kinds = schema.get("anyOf", ())
    if _NULL not in kinds:
        return schema
    (kind,) = (one for one in kinds if one != _NULL)
    return {name: value for name, value in schema.items() if name != "anyOf"} | kind


def _alternatives(security: list[dict[str, list[str]]]) -> Iterator[dict[str, list[str]]]:
    """Yield a requirement for each scope: any one of them opens a route, and in one requirement all would be needed."""
    for requirement in security:
        for scheme, scopes in requirement.items():
            yield from ({scheme: [scope]} for scope in scopes)
