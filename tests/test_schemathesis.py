"""Every operation does what the OpenAPI document says, whatever is sent: Schemathesis, with a fixed seed."""

from __future__ import annotations

import copy
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import strategies as st
from schemathesis import BaseSchema, Case
from schemathesis.config import SchemathesisConfig
from schemathesis.core.parameters import ParameterLocation
from starlette.types import ASGIApp, Receive, Scope, Send

from repliek.cells import csv_lines
from repliek.suggester import Suggester
from repliek.wire.suggestions import SuggestRequest
from serving import feedback
from serving.answer_views import COLUMNS
from serving.app import openapi_document
from serving.desk import Desk
from serving.preconditions import PATTERN
from serving.schema import from_engine, to_engine
from serving.settings import DEFAULT_BRAND, Settings
from serving.store import keys, suggestion_sets
from serving.store.database import Database
from serving.store.keys import Scope as KeyScope
from serving.store.suggestion_sets import Shown
from tests.fixture_bundle import ANSWERS, MESSAGES
from tests.served import migrated, served, sqlite_url

SEED = int(os.environ.get("REPLIEK_TEST_SEED", "20261122"))
EXAMPLES = int(os.environ.get("REPLIEK_TEST_EXAMPLES", "10"))
"""Of each operation, beside those that cover each keyword of its schemas."""

EXAMPLES_FOR_A_BRAND = max(1, EXAMPLES // 5)
"""Of each operation on a brand that the address names, and nothing else: these are the same routes."""

SET_ID, SUGGESTION_ID = "shown", "shown-0"
"""Of what the servers have suggested before."""

_AS_FAR_AS_A_SCHEMA_CAN_TELL = ["2xx", "304", "401", "403", "404", "412", "422"]

_CONFIG = {
    "seed": SEED,
    "dictionaries": {
        "sets": {"values": [SET_ID]},
        "suggestions": {"values": [SUGGESTION_ID]},
        "answers": {"values": [ANSWERS[0].answer_id, "winkel-hoorn"]},
    },
    "parameters": {
        "body.suggestion_set_id": {"dictionary": "sets", "probability": 0.7},
        "body.suggestion_id": {"dictionary": "suggestions", "probability": 0.7},
        "path.answer_id": {"dictionary": "answers", "probability": 0.7},
    },
    "generation": {"max-examples": EXAMPLES, "no-shrink": True},
    "checks": {
        # A body that breaks a limit of its schema may well be larger than any body may be.
        "negative_data_rejection": {"expected-statuses": ["400", "401", "403", "404", "405", "413", "415", "422"]}
    },
    "operations": [
        {
            "include-path-regex": "^/v1/brands/",
            "parameters": {"path.brand": DEFAULT_BRAND},
            "generation": {"max-examples": EXAMPLES_FOR_A_BRAND},
            "phases": {"coverage": {"enabled": False}},
        },
        {
            # No schema can tell whether a suggestion is of the set and whether the key was used for something else.
            "include-path-regex": "/feedback$",
            "checks": {"positive_data_acceptance": {"expected-statuses": _AS_FAR_AS_A_SCHEMA_CAN_TELL}},
        },
        {
            # Nor whether an answer has this tag, and is saved under its own name until a day that lies not before the
            # first.
            "include-path-regex": "/answers/{answer_id}$",
            "parameters": {"body.answer_id": {"dictionary": "answers", "probability": 0.7}},
            "checks": {"positive_data_acceptance": {"expected-statuses": _AS_FAR_AS_A_SCHEMA_CAN_TELL}},
        },
        # A wrong item of a batch is answered in its place, and the status is 200.
        {"include-path-regex": "/suggest/batch$", "checks": {"negative_data_rejection": {"enabled": False}}},
        # So is a wrong line of a file.
        {
            "include-method": "POST",
            "include-path-regex": "/answers$",
            "checks": {"negative_data_rejection": {"enabled": False}},
        },
    ],
}


def _json_lines(rows: Sequence[Mapping[str, str]]) -> bytes:
    return "".join(f"{json.dumps(row)}\n" for row in rows).encode()


def _csv(rows: Sequence[Mapping[str, str]]) -> bytes:
    return "".join(csv_lines(COLUMNS, ([row.get(name) for name in COLUMNS] for row in rows))).encode()


_ROWS = st.lists(st.dictionaries(st.sampled_from(COLUMNS), st.text()), min_size=1)
schemathesis.openapi.media_type("application/jsonl", _ROWS.map(_json_lines), aliases=["application/x-ndjson"])
schemathesis.openapi.media_type("text/csv", _ROWS.map(_csv))

_TAGS = "entity-tags"
schemathesis.openapi.format(_TAGS, st.sampled_from(["*", '"1-0123456789abcdef"', 'W/"a", "b"']))


def _suggest(suggester: Suggester, folder: Path) -> str:
    """The URL of a store that holds what was suggested for one message."""
    request = SuggestRequest(message=MESSAGES.suggested)
    response = from_engine(suggester.suggest(to_engine(request)), 1.0)
    suggestions = (replace(response.suggestions[0], suggestion_id=SUGGESTION_ID),)
    response = replace(response, suggestion_set_id=SET_ID, suggestions=suggestions)
    url = migrated(sqlite_url(folder))
    database = Database.from_url(url)
    with database.writing() as session:
        suggestion_sets.add(session, [Shown(DEFAULT_BRAND, datetime.now(UTC), 0, request, response)])
    database.close()
    return url


def _document(*, keys_needed: bool) -> dict[str, Any]:
    """The document of a server with keys, or what is left of it on one that runs open."""
    document = copy.deepcopy(openapi_document())
    for operation in (operation for methods in document["paths"].values() for operation in methods.values()):
        if not keys_needed:
            operation.pop("security", None)
        for parameter in operation.get("parameters", ()):
            # Of itself Schemathesis tries headers of letters and digits alone, and takes one for valid that no pattern
            # of tags lets through.
            if parameter["schema"].get("pattern") == PATTERN:
                parameter["schema"]["format"] = _TAGS
    return document


class Application:
    """One that is there when the tests run: their parameters are made before, out of the document."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)


def _loaded(document: dict[str, Any], app: Application) -> BaseSchema:
    schema = schemathesis.openapi.from_dict(document, config=SchemathesisConfig.from_dict(_CONFIG))
    schema.app = app
    return schema


_OPEN, _CLOSED = Application(), Application()
_OPEN_SCHEMA = _loaded(_document(keys_needed=False), _OPEN)
_CLOSED_SCHEMA = _loaded(_document(keys_needed=True), _CLOSED)


@pytest.fixture(scope="module", autouse=True)
def _nobody_waits() -> Iterator[None]:
    """A set that is not there is looked for again and again: here it never comes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(feedback, "_WAITS", ())
        yield


@pytest.fixture(scope="module")
def open_server(suggester: Suggester, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    url = _suggest(suggester, tmp_path_factory.mktemp("open"))
    with served(Settings(database_url=url), Desk(DEFAULT_BRAND, suggester)) as app:
        _OPEN.app = app
        yield


@pytest.fixture(scope="module")
def key(suggester: Suggester, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A key that opens everything, of a server that is there."""
    url = _suggest(suggester, tmp_path_factory.mktemp("closed"))
    database = Database.from_url(url)
    with database.writing() as session:
        _, text = keys.create(session, DEFAULT_BRAND, "schemathesis", [KeyScope.ADMIN])
    database.close()
    with served(Settings(database_url=url), Desk(DEFAULT_BRAND, suggester)) as app:
        _CLOSED.app = app
        yield text


@_OPEN_SCHEMA.parametrize()
def test_a_server_that_runs_open(case: Case, open_server: None) -> None:
    case.call_and_validate()


@_CLOSED_SCHEMA.parametrize()
def test_a_server_with_keys(case: Case, key: str) -> None:
    headers = case.meta.components.get(ParameterLocation.HEADER) if case.meta else None
    # What is wrong with the headers may be that there is no key.
    is_wrong = headers is not None and headers.mode.is_negative
    case.call_and_validate(headers=None if is_wrong else {"Authorization": f"Bearer {key}"})
