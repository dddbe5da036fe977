"""What was promised to customers."""

from __future__ import annotations

from repliek.client.address import segment
from repliek.client.asking import Ask, Method, as_json, query
from repliek.client.calls import Call, Calls, Sender
from repliek.wire.follow_ups import FollowUpList, FollowUpView

_PATH = "follow-ups"


def list_follow_ups(
    *, overdue: bool | None = None, done: bool | None = None, limit: int | None = None
) -> Ask[FollowUpList]:
    """Return promises, the first due first.

    Args:
        overdue: only those that are overdue, or are not.
        done: only those that are done, or are not.
        limit: how many at most; the server decides when left out.
    """
    params = query(overdue=overdue, done=done, limit=limit)
    return Ask(method=Method.GET, path=_PATH, params=params, read=as_json(FollowUpList))


def follow_up_done(follow_up_id: str) -> Ask[FollowUpView]:
    """Say that a promise was kept."""
    return Ask(method=Method.POST, path=f"{_PATH}/{segment(follow_up_id)}/done", read=as_json(FollowUpView))


class FollowUps(Calls[Sender]):
    """What was promised to customers."""

    list = Call(list_follow_ups)
    done = Call(follow_up_done)
