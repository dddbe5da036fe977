"""Every operation does what the OpenAPI document says, whatever is sent: Schemathesis, with a fixed seed."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from schemathesis import BaseSchema, Case
from schemathesis.config import SchemathesisConfig
from starlette.types import ASGIApp, Receive, Scope, Send

from repliek.suggester import Suggester
from serving.app import openapi_document
from serving.desk import Desk
from serving.settings import DEFAULT_BRAND, Settings
from serving.store import keys
from serving.store.database import Database
from serving.store.keys import Scope as KeyScope
from tests.served import migrated, served, served_alone, sqlite_url

SEED = 20261122
EXAMPLES = 20
"""Of each operation, beside those that cover each keyword of its schemas."""

_CONFIG = {
    "seed": SEED,
    "generation": {"max-examples": EXAMPLES, "no-shrink": True},
    "checks": {
        # A body that breaks a limit of its schema may well be larger than any body may be.
        "negative_data_rejection": {"expected-statuses": ["400", "401", "403", "404", "405", "413", "415", "422"]}
    },
    "operations": [
        # A wrong item of a batch is answered in its place, and the status is 200.
        {"include-path-regex": "/suggest/batch$", "checks": {"negative_data_rejection": {"enabled": False}}}
    ],
}


def _document(*, keys_needed: bool) -> dict[str, Any]:
    """The document of a server with keys, or what is left of it on one that runs open."""
    document = copy.deepcopy(openapi_document())
    if not keys_needed:
        for methods in document["paths"].values():
            for operation in methods.values():
                operation.pop("security", None)
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


@pytest.fixture(scope="module")
def open_server(suggester: Suggester, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with served_alone(suggester, tmp_path_factory.mktemp("open")) as app:
        _OPEN.app = app
        yield


@pytest.fixture(scope="module")
def key(suggester: Suggester, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A key that opens everything, of a server that is there."""
    url = migrated(sqlite_url(tmp_path_factory.mktemp("closed")))
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
    case.call_and_validate(headers={"Authorization": f"Bearer {key}"})
