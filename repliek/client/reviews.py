"""Looking through feedback, and deciding what the next training may learn."""

from __future__ import annotations

from datetime import date

from repliek.client.address import segment
from repliek.client.asking import JSON, Ask, Method, Paged, Walk, as_json, body, page_by_page, query
from repliek.client.calls import Call, Calls, Sender, Walking
from repliek.wire.feedback import Action, FeedbackList, FeedbackView, ReviewRequest, Verdict

_PATH = "feedback"


def list_feedback(
    *,
    reviewed: bool | None = None,
    action: Action | None = None,
    agent: str | None = None,
    since: date | None = None,
    until: date | None = None,
    limit: int | None = None,
    after: str | None = None,
) -> Ask[FeedbackList]:
    """Return a page of feedback with what it is about, the oldest first; what people wrote is redacted.

    Args:
        reviewed: only what somebody decided on, or did not.
        action: only where this was done.
        agent: only of this agent.
        since: the first day, or moment with a time zone, that counts.
        until: the last day that counts, or the first moment that does not.
        limit: how much at most; the server decides when left out.
        after: where the page before ended, its `next`.
    """
    params = query(reviewed=reviewed, action=action, agent=agent, since=since, until=until, limit=limit, after=after)
    return Ask(method=Method.GET, path=_PATH, params=params, read=as_json(FeedbackList))


def iterate_feedback(
    *,
    reviewed: bool | None = None,
    action: Action | None = None,
    agent: str | None = None,
    since: date | None = None,
    until: date | None = None,
    limit: int | None = None,
) -> Walk[Paged[FeedbackView], FeedbackView]:
    """Yield all feedback, page by page; it may be decided on meanwhile.

    Args:
        reviewed: only what somebody decided on, or did not.
        action: only where this was done.
        agent: only of this agent.
        since: the first day, or moment with a time zone, that counts.
        until: the last day that counts, or the first moment that does not.
        limit: how much is asked for at a time.
    """
    return page_by_page(
        lambda after: list_feedback(
            reviewed=reviewed, action=action, agent=agent, since=since, until=until, limit=limit, after=after
        )
    )


def approve_feedback(feedback_id: str) -> Ask[FeedbackView]:
    """Say that the next training may learn from it, whatever was decided before."""
    return _decide(feedback_id, Verdict.APPROVED)


def refuse_feedback(feedback_id: str) -> Ask[FeedbackView]:
    """Say that no training may learn from it, whatever was decided before."""
    return _decide(feedback_id, Verdict.REFUSED)


class Reviews(Calls[Sender]):
    """Feedback, for those who decide what may teach."""

    list = Call(list_feedback)
    iterate = Walking(iterate_feedback)
    approve = Call(approve_feedback)
    refuse = Call(refuse_feedback)


def _decide(feedback_id: str, verdict: Verdict) -> Ask[FeedbackView]:
    return Ask(
        method=Method.POST,
        path=f"{_PATH}/{segment(feedback_id)}/review",
        read=as_json(FeedbackView),
        headers=JSON,
        content=body(ReviewRequest, lambda: ReviewRequest(verdict=verdict)),
    )
