"""How much one agent may teach."""

from __future__ import annotations

from collections import Counter

import pytest

from serving.shares import Allowance, Lottery


@pytest.mark.parametrize(("whole", "each"), [(0, 50), (249, 50), (250, 50), (255, 51), (10_000, 2_000)])
def test_a_number_or_a_share_whichever_is_more(whole: int, each: int) -> None:
    assert Allowance().of(whole) == each


@pytest.mark.parametrize(("text", "each"), [("7", 7), ("30%", 30), ("0.3", 30), ("1", 1), ("100%", 100), ("0.1%", 1)])
def test_it_can_be_said(text: str, each: int) -> None:
    assert Allowance.from_text(text).of(100) == each


@pytest.mark.parametrize("text", ["", "0", "-3", "0%", "101%", "1.5", "veel", "nan", "inf", "٣", "1e400"])
def test_what_is_no_allowance(text: str) -> None:
    with pytest.raises(ValueError, match="expected a number of exchanges such as 200, or a share such as 30%"):
        Allowance.from_text(text)


def put(seed: int, order: list[int]) -> Lottery:
    lottery = Lottery(seed)
    for number in order:
        lottery.put("busy", f"e{number}")
    lottery.put("quiet", "q")
    return lottery


def test_one_agent_gets_no_more_than_is_allowed() -> None:
    drawn = put(13, list(range(100))).draw(Allowance(10, 0.0))
    assert (sum(drawn.kept[:100]), drawn.kept[100], drawn.each, drawn.capped) == (10, 1, 10, 1)


def test_the_same_seed_draws_the_same_ones_in_any_order() -> None:
    def drawn(seed: int, order: list[int]) -> set[int]:
        kept = put(seed, order).draw(Allowance(10, 0.0)).kept
        return {number for number, stays in zip(order, kept, strict=False) if stays}

    forth, back = list(range(100)), list(reversed(range(100)))
    assert drawn(13, forth) == drawn(13, back)
    assert drawn(13, forth) != drawn(14, forth)


def test_every_one_has_the_same_chance() -> None:
    counts: Counter[int] = Counter()
    for seed in range(400):
        kept = put(seed, list(range(20))).draw(Allowance(5, 0.0)).kept
        counts.update(number for number in range(20) if kept[number])
    assert max(abs(counts[number] - 100) for number in range(20)) < 45  # five standard deviations


def test_who_gives_no_name_shares_one() -> None:
    lottery = Lottery(13)
    for number in range(20):
        lottery.put(None, f"e{number}")
    assert sum(lottery.draw(Allowance(5, 0.0)).kept) == 5
