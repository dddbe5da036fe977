"""What was made of what was suggested."""

from __future__ import annotations

from datetime import date

from repliek.client.asking import Ask, Method, as_json, query
from repliek.client.calls import Call, Calls, Sender
from repliek.wire.insights import AuthorList


def authors(*, since: date | None = None, until: date | None = None) -> Ask[AuthorList]:
    """Return what became of everybody's answers.

    Args:
        since: the first day, or moment with a time zone, that counts.
        until: the last day that counts, or the first moment that does not.
    """
    return Ask(
        method=Method.GET,
        path="insights/authors",
        params=query(since=since, until=until),
        read=as_json(AuthorList),
    )


class Insights(Calls[Sender]):
    """What was made of what was suggested."""

    authors = Call(authors)
