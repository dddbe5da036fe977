"""What helpdesks delivered to the server's webhooks."""

from __future__ import annotations

from repliek.client.address import segment
from repliek.client.asking import Ask, Method, as_json, query
from repliek.client.calls import Call, Calls, Sender
from repliek.wire.deliveries import DeliveryList, DeliveryStatus, DeliveryView

_PATH = "deliveries"


def list_deliveries(
    *,
    status: DeliveryStatus | None = None,
    helpdesk: str | None = None,
    limit: int | None = None,
    after: str | None = None,
) -> Ask[DeliveryList]:
    """Return deliveries, the latest first.

    Args:
        status: only those that have come so far.
        helpdesk: only those of this helpdesk, such as `zendesk`.
        limit: how many at most; the server decides when left out.
        after: `next` of the page before.
    """
    params = query(status=status, helpdesk=helpdesk, limit=limit, after=after)
    return Ask(method=Method.GET, path=_PATH, params=params, read=as_json(DeliveryList))


def replay_delivery(delivery_id: str) -> Ask[DeliveryView]:
    """Have a dead delivery tried again; `Refused` with 409 where it is not dead."""
    path = f"{_PATH}/{segment(delivery_id)}/replay"
    # A second time it is not dead any more, and would be refused.
    return Ask(method=Method.POST, path=path, read=as_json(DeliveryView), repeatable=False)


class Deliveries(Calls[Sender]):
    """What helpdesks delivered to the server's webhooks."""

    list = Call(list_deliveries)
    replay = Call(replay_delivery)
