from __future__ import annotations

from dataclasses import replace

import pytest

from repliek.decision import Abstention, Reason
from repliek.matters import Matter, Reading, tell_apart, what_became_of
from repliek.parts import Part

THRESHOLD = 0.7
PARTS = (Part("a", "a"), Part("b", "b"))
FIRST = Reading(topics=(1, 5, 2), confidence=0.9, intent="one", certainty=0.9, in_scope=True)
SECOND = replace(FIRST, topics=(2, 6, 1), intent="two")
DOUBTFUL = replace(FIRST, confidence=0.4)


def places(whole: Reading, *readings: Reading, parts: tuple[Part, ...] = PARTS) -> tuple[int, ...]:
    return tell_apart(whole, parts, readings, THRESHOLD)


@pytest.mark.parametrize("whole", [FIRST, SECOND, DOUBTFUL])
def test_parts_about_different_things_are_matters(whole: Reading) -> None:
    assert places(whole, FIRST, SECOND) == (0, 1)


@pytest.mark.parametrize(
    "second",
    [
        replace(SECOND, intent="one"),
        replace(SECOND, topics=(1, 2)),
        replace(SECOND, in_scope=False),
        replace(SECOND, confidence=0.6, certainty=0.6),
    ],
    ids=["same intent", "same topic", "out of scope", "unsure"],
)
def test_otherwise_the_message_is_one_matter(second: Reading) -> None:
    assert places(DOUBTFUL, FIRST, second) == ()


def test_a_part_of_which_only_the_intent_is_sure_is_a_matter_beside_one_with_an_answer() -> None:
    unanswered = replace(SECOND, confidence=0.5)
    assert places(FIRST, FIRST, unanswered) == (0, 1)
    assert places(DOUBTFUL, DOUBTFUL, unanswered) == ()


def test_a_message_that_is_out_of_scope_has_no_matters() -> None:
    assert places(replace(FIRST, in_scope=False), FIRST, SECOND) == ()


def test_parts_must_not_contradict_a_message_that_is_sure() -> None:
    elsewhere = replace(SECOND, topics=(9,))
    assert places(FIRST, FIRST, elsewhere) == ()
    assert places(DOUBTFUL, FIRST, elsewhere) == (0, 1)
    assert places(replace(FIRST, topics=(3, 1, 2)), FIRST, SECOND) == ()


def test_a_faint_part_counts_only_where_the_message_leaves_doubt() -> None:
    parts = (PARTS[0], replace(PARTS[1], faint=True))
    assert places(FIRST, FIRST, SECOND, parts=parts) == ()
    assert places(DOUBTFUL, FIRST, SECOND, parts=parts) == (0, 1)


def test_what_is_asked_twice_is_one_matter_and_chatter_is_none() -> None:
    chatter = replace(SECOND, confidence=0.1, certainty=0.1)
    parts = (*PARTS, Part("c", "c"), Part("d", "d"))
    assert places(DOUBTFUL, chatter, FIRST, FIRST, SECOND, parts=parts) == (1, 3)


def test_without_an_intent_head_topics_decide() -> None:
    first, second = (replace(one, intent=None, certainty=0.0) for one in (FIRST, SECOND))
    assert places(first, first, second) == (0, 1)
    assert places(first, first, replace(second, topics=(1,))) == ()


def test_without_a_ranker_there_is_nothing_to_tell_apart() -> None:
    first, second = (replace(one, topics=(), confidence=0.0) for one in (FIRST, SECOND))
    assert places(first, first, second) == ()
    assert tell_apart(first, PARTS, (first, second), 0.0) == ()


ANSWERED = Matter("a", "one", "answer", None)
UNANSWERED = Matter("b", "two", None, Abstention(Reason.OUT_OF_SCOPE, "The reason."))


@pytest.mark.parametrize(
    ("matters", "together", "said"),
    [
        ([ANSWERED, ANSWERED], True, ["The first suggestion answers 2 matters together."]),
        (
            [ANSWERED, ANSWERED],
            False,
            ["The answers to 2 matters do not fit into one message; each is a suggestion of its own."],
        ),
        ([ANSWERED, UNANSWERED], True, ["Answered in part: 1 of 2 matters without an answer. The reason."]),
        (
            [ANSWERED, UNANSWERED, ANSWERED],
            True,
            [
                "Answered in part: 1 of 3 matters without an answer. The reason.",
                "The first suggestion answers 2 matters together.",
            ],
        ),
    ],
)
def test_an_agent_is_told_what_became_of_each(matters: list[Matter], together: bool, said: list[str]) -> None:
    assert list(what_became_of(matters, together=together)) == said
