"""What was promised to customers."""

from __future__ import annotations

from repliek.client.address import segment
from repliek.client.asking import Ask, Method, Paged, Walk, as_json, page_by_page, query
from repliek.client.calls import Call, Calls, Sender, Walking
from repliek.wire.follow_ups import FollowUpList, FollowUpView

_PATH = "follow-ups"


def list_follow_ups(
    *,
    overdue: bool | None = None,
    done: bool | None = None,
    agent: str | None = None,
    within_hours: int | None = None,
    limit: int | None = None,
    after: str | None = None,
) -> Ask[FollowUpList]:
    """Return a page of promises, the first due first.

    Args:
        overdue: only those that are overdue, or are not.
        done: only those that are done, or are not.
        agent: only those of this agent.
        within_hours: only those that are not done, and overdue or due within so many hours.
        limit: how many at most; the server decides when left out.
        after: where the page before ended, its `next`.
    """
    params = query(overdue=overdue, done=done, agent=agent, within_hours=within_hours, limit=limit, after=after)
    return Ask(method=Method.GET, path=_PATH, params=params, read=as_json(FollowUpList))


def iterate_follow_ups(
    *,
    overdue: bool | None = None,
    done: bool | None = None,
    agent: str | None = None,
    within_hours: int | None = None,
    limit: int | None = None,
) -> Walk[Paged[FollowUpView], FollowUpView]:
    """Yield every promise, page by page.

    Args:
        overdue: only those that are overdue, or are not.
        done: only those that are done, or are not.
        agent: only those of this agent.
        within_hours: only those that are not done, and overdue or due within so many hours.
        limit: how many are asked for at a time.
    """
    return page_by_page(
        lambda after: list_follow_ups(
            overdue=overdue, done=done, agent=agent, within_hours=within_hours, limit=limit, after=after
        )
    )


def follow_up_done(follow_up_id: str) -> Ask[FollowUpView]:
    """Say that a promise was kept; said again, it stays as it is."""
    return Ask(method=Method.POST, path=f"{_PATH}/{segment(follow_up_id)}/done", read=as_json(FollowUpView))


class FollowUps(Calls[Sender]):
    """What was promised to customers."""

    list = Call(list_follow_ups)
    iterate = Walking(iterate_follow_ups)
    done = Call(follow_up_done)
