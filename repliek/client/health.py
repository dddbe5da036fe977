"""Whether there is a server that suggests."""

from __future__ import annotations

from http import HTTPStatus

import httpx

from repliek.client.asking import Ask, Method, as_bytes


def health() -> Ask[bool]:
    """Say whether the server has its bundle, and suggests; `ConnectionFailed` where there is no server."""
    return Ask(method=Method.GET, path="/readyz", read=_is_ready)


def _is_ready(response: httpx.Response) -> bool:
    if response.status_code == HTTPStatus.SERVICE_UNAVAILABLE:
        return False
    as_bytes(response)
    return True
