"""Standard Webhooks: the request for suggestions itself."""

from __future__ import annotations

from typing import Any

import pytest

from repliek.conversation import Channel
from serving.helpdesks.payload import PayloadError
from serving.helpdesks.standard import Standard
from tests.helpdesk_deliveries import delivered, payload

ID = {"webhook-id": "msg_1"}


def test_the_body_is_a_request_for_suggestions() -> None:
    asked = Standard().read(delivered(payload("standard_request"), ID))
    assert asked.delivery_id == "msg_1"
    assert (asked.request.message, asked.request.channel) == ("Wanneer is de storing in Hoorn opgelost?", Channel.CHAT)
    assert asked.request.conversation[0].text == "Wat is je postcode?"
    assert asked.request.k == 2


@pytest.mark.parametrize(
    ("change", "status", "field"),
    [
        ({"zonnebloem": 1}, 422, "zonnebloem"),
        ({"channel": "zonnebloemolie"}, 422, "channel"),
        ({"message": ""}, 422, "message"),
        ({"k": 11}, 422, "k"),
    ],
)
def test_a_wrong_field_is_named_as_it_is_over_http(change: dict[str, Any], status: int, field: str) -> None:
    with pytest.raises(PayloadError) as error:
        Standard().read(delivered(payload("standard_request") | change, ID))
    assert (error.value.problem.status, error.value.problem.errors[0].field) == (status, field)
    assert "zonnebloemolie" not in str(error.value)
