"""Ask a running server what to reply to a message, and show it as an agent would see it.

python examples/suggest.py "Mijn telefoon is gisteren gestolen, wat nu?" --channel chat
"""

from __future__ import annotations

import argparse
import sys
from typing import Any

import httpx

TIMEOUT_SECONDS = 10.0


def suggest(client: httpx.Client, message: str, channel: str) -> dict[str, Any]:
    """Return the server's suggestions for `message`.

    Raises:
        httpx.HTTPError: the server cannot be reached, or refuses the message; its problem details
            stand in the response of an `httpx.HTTPStatusError`.
    """
    response = client.post("/v1/suggest", json={"message": message, "channel": channel, "k": 3})
    response.raise_for_status()
    return response.json()


def lines(found: dict[str, Any]) -> list[str]:
    """Return what to show to an agent: suggestions and what to look at, or why there are none."""
    if found["abstained"]:
        return [f"No suggestion ({found['abstained']['reason']}): {found['abstained']['detail']}"]
    shown = [f"[{one['confidence']:.2f}] {one['answer_id']}\n{one['text']}\n" for one in found["suggestions"]]
    return shown + [f"Look at this first: {warning}" for warning in found["warnings"]]


def main() -> int:
    """Read the command line, ask, and print; return the exit code."""
    parser = argparse.ArgumentParser(description="Ask a Repliek server what to reply to a message.")
    parser.add_argument("message", help="the customer's words")
    parser.add_argument("--channel", default="chat", help="where they were written")
    parser.add_argument("--url", default="http://127.0.0.1:3000", help="the server")
    given = parser.parse_args()
    with httpx.Client(base_url=given.url, timeout=TIMEOUT_SECONDS) as client:
        try:
            found = suggest(client, given.message, given.channel)
        except httpx.HTTPStatusError as error:
            print(error.response.json()["detail"], file=sys.stderr)  # noqa: T201
            return 1
        except httpx.TransportError as error:
            print(f"{given.url} does not answer ({error}); is `make run` running?", file=sys.stderr)  # noqa: T201
            return 1
    print(*lines(found), sep="\n")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
