"""Ask a running server what to reply to a message, and show it as an agent would see it.

python examples/suggest.py "Mijn telefoon is gisteren gestolen, wat nu?" --channel chat
"""

from __future__ import annotations

import argparse
import sys

from repliek.client import ClientError, Repliek
from repliek.conversation import Channel
from repliek.wire.suggestions import SuggestResponse


def lines(found: SuggestResponse) -> list[str]:
    """Return what to show to an agent: suggestions and what to look at, or why there are none."""
    if found.abstained:
        return [f"No suggestion ({found.abstained.reason}): {found.abstained.detail}"]
    shown = [f"[{one.confidence:.2f}] {one.answer_id}\n{one.text}\n" for one in found.suggestions]
    return shown + [f"Look at this first: {warning}" for warning in found.warnings]


def main() -> int:
    """Read the command line, ask, and print; return the exit code."""
    parser = argparse.ArgumentParser(description="Ask a Repliek server what to reply to a message.")
    parser.add_argument("message", help="the customer's words")
    parser.add_argument("--channel", type=Channel, default=Channel.CHAT, help="where they were written")
    parser.add_argument("--url", default="http://127.0.0.1:3000", help="the server")
    given = parser.parse_args()
    try:
        with Repliek(given.url) as repliek:
            found = repliek.suggest(given.message, channel=given.channel)
    except ClientError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1
    print(*lines(found), sep="\n")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
