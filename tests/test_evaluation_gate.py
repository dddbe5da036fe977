from __future__ import annotations

import numpy as np
import pytest

from evaluation.gate import Changes, Decision, Verdict, decide, measure
from evaluation.yardsticks import LEAST, Marks, Shares

N = 400
MARGIN = 0.05


def marks(values: np.ndarray, guard: np.ndarray | None = None) -> Marks:
    guards = {"guard": Shares.mean(guard)} if guard is not None else {}
    return Marks(Shares.mean(values), guards)


def changes(champion: Marks, challenger: Marks, **more: object) -> Changes:
    given: dict[str, object] = {"slices": {}, "groups": [str(row) for row in range(N)], "name": "worth", "seed": 1}
    return measure(champion, challenger, **(given | more))  # type: ignore[arg-type]


def right(share: float, *, start: int = 0) -> np.ndarray:
    """Right for `share` of the messages, from row `start` on."""
    values = np.zeros(N)
    values[(np.arange(round(share * N)) + start) % N] = 1.0
    return values


def through(champion: np.ndarray, challenger: np.ndarray, **more: object) -> Decision:
    return decide(changes(marks(champion), marks(challenger), **more), MARGIN)


def test_what_is_surely_better_is_promoted() -> None:
    found = through(right(0.5), right(0.7))
    assert (found.verdict, found.promoted) == (Verdict.BETTER, True)
    assert "worth: better (0.500 to 0.700, +0.200, 95 %" in found.reasons[0]


def test_what_is_surely_worse_is_not() -> None:
    found = through(right(0.7), right(0.5))
    assert (found.verdict, found.promoted) == (Verdict.WORSE, False)


def test_the_same_is_not_worse() -> None:
    found = through(right(0.6), right(0.6))
    assert (found.verdict, found.promoted) == (Verdict.NOT_WORSE, True)
    assert found.reasons[-1] == "none of 0 guards and 0 slices falls by more than 0.05"


def test_a_small_fall_that_is_measured_well_is_not_worse_by_more_than_the_margin() -> None:
    found = through(right(0.60), right(0.59))
    assert found.verdict is Verdict.NOT_WORSE


def test_what_might_be_worse_by_more_than_the_margin_is_not_promoted() -> None:
    # As many right, but of other messages: nobody can tell.
    found = through(right(0.5), right(0.5, start=N // 2))
    assert (found.verdict, found.promoted) == (Verdict.UNSURE, False)


def test_a_difference_is_paired() -> None:
    # Alone, each share has an interval of some ten points; of the same messages, two points more are sure.
    found = changes(marks(right(0.5)), marks(right(0.52)))
    assert found.deciding.difference == pytest.approx(0.02)
    assert found.deciding.interval[0] > 0.005


def test_one_slice_that_falls_stops_a_better_challenger() -> None:
    champion, challenger = right(0.5), right(0.8)
    slices = {"channel": {"dm": np.arange(LEAST), "x": np.arange(LEAST, 2 * LEAST - 1)}}
    challenger[: LEAST // 10] = 0.0
    found = changes(marks(champion), marks(challenger), slices=slices)
    assert [(part.by, part.value, part.n) for part in found.slices] == [("channel", "dm", LEAST)]  # x is too small
    decision = decide(found, MARGIN)
    assert (decision.verdict, decision.promoted) == (Verdict.BETTER, False)
    assert decision.reasons[-1].startswith("channel dm falls, 50 messages (1.000 to 0.900, -0.100")
    assert decide(found, 0.1).promoted  # exactly the margin is not more than the margin


def test_a_guard_that_falls_stops_a_better_challenger() -> None:
    found = changes(marks(right(0.5), right(0.9)), marks(right(0.8), right(0.8)))
    decision = decide(found, MARGIN)
    assert not decision.promoted
    assert "guard falls (0.900 to 0.800" in decision.reasons[-1]


def test_a_guard_that_nobody_can_tell_guards_nothing() -> None:
    nothing = Shares(np.zeros(N), np.zeros(N))
    silent, speaking = Marks(Shares.mean(right(0.5)), {"precision": nothing}), marks(right(0.8))
    found = changes(silent, Marks(speaking.deciding, {"precision": Shares.mean(right(0.1))}))
    assert found.guards == ()
    assert decide(found, MARGIN).promoted


def test_conversations_are_drawn_as_a_whole() -> None:
    # Twenty conversations of twenty messages, each right or wrong throughout: twenty cases, not four hundred.
    random = np.random.default_rng(3)
    champion = np.repeat(random.integers(0, 2, 20), 20).astype(float)
    challenger = np.repeat(random.integers(0, 2, 20), 20).astype(float)
    alone = changes(marks(champion), marks(challenger)).deciding.interval
    groups = [str(row // 20) for row in range(N)]
    together = changes(marks(champion), marks(challenger), groups=groups).deciding.interval
    assert together[1] - together[0] > 3 * (alone[1] - alone[0])


def test_a_seed_gives_the_same_interval() -> None:
    champion, challenger = marks(right(0.5)), marks(right(0.55, start=40))
    assert changes(champion, challenger) == changes(champion, challenger)
    assert changes(champion, challenger) != changes(champion, challenger, seed=2)
