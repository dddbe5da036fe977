from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import numpy as np

from repliek.asked import Asked, Circumstances
from repliek.conversation import Channel
from repliek.history import Exchange
from repliek.retrieval import Neighbours

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def asked(n: int) -> Asked:
    numbers = np.arange(n, dtype=np.float32)
    return Asked(
        tuple(f"message {number}" for number in range(n)),
        np.stack([numbers, -numbers], axis=1),
        Neighbours(numbers[:, np.newaxis], np.arange(n)[:, np.newaxis]),
        numbers[:, np.newaxis],
        numbers,
        Circumstances.of_new([f"channel {number}" for number in range(n)], ["nl"] * n, [NOON] * n),
    )


class TestCircumstances:
    def test_all_times_are_in_utc(self) -> None:
        amsterdam = NOON.astimezone(timezone(timedelta(hours=1)))
        found = Circumstances.of_new([None] * 3, [None] * 3, [amsterdam, NOON.replace(tzinfo=None), None])
        assert found.received.dtype == np.dtype("datetime64[s]")
        assert [str(moment) for moment in found.received] == ["2026-03-01T12:00:00"] * 2 + ["NaT"]

    def test_a_message_came_in_when_it_was_asked(self) -> None:
        exchanges = [
            Exchange(
                exchange_id="a",
                message="x",
                channel=Channel.DM,
                language="nl",
                asked_at=NOON,
                replied_at=NOON + timedelta(1),
            ),
            Exchange(exchange_id="b", message="x", replied_at=NOON),
        ]
        found = Circumstances.of_exchanges(exchanges)
        assert (found.channels, found.languages) == (("dm", None), ("nl", None))
        assert [str(moment) for moment in found.received] == ["2026-03-01T12:00:00"] * 2
        assert found.past_rows.tolist() == [-1, -1]


class TestAsked:
    def test_rows_are_taken_from_everything(self) -> None:
        found = asked(4).take(np.array([2, 0]))
        assert found.texts == ("message 2", "message 0")
        assert found.circumstances.channels == ("channel 2", "channel 0")
        assert found.scope.tolist() == found.vectors[:, 0].tolist() == found.neighbours.rows[:, 0].tolist() == [2, 0]

    def test_parts_are_joined_in_their_order(self) -> None:
        whole = asked(5)
        found = Asked.joined([whole.take(np.array([0, 1])), whole.take(np.array([2, 3, 4]))])
        assert found.texts == whole.texts
        assert found.circumstances.channels == whole.circumstances.channels
        for name in ("vectors", "intents", "scope"):
            np.testing.assert_array_equal(getattr(found, name), getattr(whole, name))
        np.testing.assert_array_equal(found.neighbours.rows, whole.neighbours.rows)
        np.testing.assert_array_equal(found.circumstances.received, whole.circumstances.received)
