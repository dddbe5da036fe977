"""A parameter that a route does not know is refused, not overlooked."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from repliek.suggester import Suggester
from tests.served import served_alone


@pytest.mark.parametrize("address", ["/v1/follow-ups", "/v1/answers", "/v1/brands/default/feedback", "/v1/deliveries"])
def test_a_slip_of_the_pen_is_named(suggester: Suggester, tmp_path: Path, address: str) -> None:
    with served_alone(suggester, tmp_path) as app:
        client = TestClient(app)
        assert client.get(address, params={"limit": 5}).status_code == 200
        refused = client.get(address, params={"limit": 5, "statos": "dead"})
    assert refused.status_code == 422
    assert [error["field"] for error in refused.json()["errors"]] == ["statos"]


def test_no_word_of_the_caller_is_repeated(suggester: Suggester, tmp_path: Path) -> None:
    with served_alone(suggester, tmp_path) as app:
        refused = TestClient(app).get("/v1/follow-ups?mijn%20klant%20Eric=1&=2")
    assert refused.status_code == 422
    assert [error["field"] for error in refused.json()["errors"]] == ["(unnamed)"]
