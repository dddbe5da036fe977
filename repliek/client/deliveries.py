"""What helpdesks delivered to the server's webhooks."""

from __future__ import annotations

from repliek.client.address import segment
from repliek.client.asking import Ask, Method, Paged, Walk, as_json, page_by_page, query
from repliek.client.calls import Call, Calls, Sender, Walking
from repliek.wire.deliveries import DeliveryList, DeliveryStatus, DeliveryView

_PATH = "deliveries"


def list_deliveries(
    *,
    status: DeliveryStatus | None = None,
    helpdesk: str | None = None,
    limit: int | None = None,
    after: str | None = None,
) -> Ask[DeliveryList]:
    """Return a page of deliveries, the latest first.

    Args:
        status: only those that have come so far.
        helpdesk: only those of this helpdesk, such as `zendesk`.
        limit: how many at most; the server decides when left out.
        after: where the page before ended, its `next`.
    """
    params = query(status=status, helpdesk=helpdesk, limit=limit, after=after)
    return Ask(method=Method.GET, path=_PATH, params=params, read=as_json(DeliveryList))


def iterate_deliveries(
    *, status: DeliveryStatus | None = None, helpdesk: str | None = None, limit: int | None = None
) -> Walk[Paged[DeliveryView], DeliveryView]:
    """Yield every delivery, page by page.

    Args:
        status: only those that have come so far.
        helpdesk: only those of this helpdesk, such as `zendesk`.
        limit: how many are asked for at a time.
    """
    return page_by_page(lambda after: list_deliveries(status=status, helpdesk=helpdesk, limit=limit, after=after))


def replay_delivery(delivery_id: str) -> Ask[DeliveryView]:
    """Have a dead delivery tried again; `Refused` with 409 where it is not dead."""
    path = f"{_PATH}/{segment(delivery_id)}/replay"
    # A second time it is not dead any more, and would be refused.
    return Ask(method=Method.POST, path=path, read=as_json(DeliveryView), repeatable=False)


class Deliveries(Calls[Sender]):
    """What helpdesks delivered to the server's webhooks."""

    list = Call(list_deliveries)
    iterate = Walking(iterate_deliveries)
    replay = Call(replay_delivery)
