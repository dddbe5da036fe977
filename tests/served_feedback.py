"""Suggestions and feedback on them, asked over HTTP."""

from __future__ import annotations

from typing import Any

from starlette.testclient import TestClient

from tests.fixture_bundle import MESSAGES


def suggested(client: TestClient, message: str = MESSAGES.suggested, **more: object) -> Any:
    """What the server suggests for a message."""
    answer = client.post("/v1/suggest", json={"message": message, **more})
    assert answer.status_code == 200, answer.text
    return answer.json()


def event(shown: Any, action: str = "accepted", rank: int | None = 1, **more: object) -> dict[str, object]:
    """Feedback on a set, or on one suggestion of it."""
    named = {} if rank is None else {"suggestion_id": shown["suggestions"][rank - 1]["suggestion_id"]}
    return {"suggestion_set_id": shown["suggestion_set_id"], "action": action, **named, **more}


def kept(client: TestClient, shown: Any, action: str = "accepted", rank: int | None = 1, **more: object) -> Any:
    """What is answered to feedback that is new."""
    answer = client.post("/v1/feedback", json=event(shown, action, rank, **more))
    assert answer.status_code == 201, answer.text
    return answer.json()


def refused(response: Any, status: int, *fields: str) -> str:
    """What a problem says, once its shape is found right."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert [error["field"] for error in problem["errors"]] == list(fields)
    return str(problem["detail"])
