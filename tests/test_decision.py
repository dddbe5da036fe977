from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from repliek.decision import (
    Abstention,
    Case,
    Decision,
    LowConfidence,
    NeedsHuman,
    NoValidAnswer,
    OutOfScope,
    Reason,
    TemplateRequired,
)
from repliek.needs import Need

GOOD = Case(in_scope=True, intent="invoice", confidence=0.8, usable=1, obstacles=())
DECISION = Decision([OutOfScope(), LowConfidence(0.6), NoValidAnswer()])


def test_a_good_case_is_answered() -> None:
    assert DECISION.judge(GOOD) is None


def test_the_threshold_itself_is_enough() -> None:
    assert LowConfidence(0.8).judge(GOOD) is None
    assert LowConfidence(0.81).judge(GOOD) is not None


@pytest.mark.parametrize(
    ("case", "reason", "detail"),
    [
        (replace(GOOD, in_scope=False), Reason.OUT_OF_SCOPE, "resembles nothing"),
        (replace(GOOD, confidence=0.594), Reason.LOW_CONFIDENCE, "probability 0.59; the threshold is 0.60"),
        (replace(GOOD, usable=0, obstacles=("First.", "Second.")), Reason.NO_VALID_ANSWER, "First."),
        (replace(GOOD, usable=0), Reason.NO_VALID_ANSWER, "knowledge base is empty"),
    ],
)
def test_silence_has_a_reason(case: Case, reason: Reason, detail: str) -> None:
    found = DECISION.judge(case)
    assert found is not None
    assert found.reason is reason
    assert detail in found.detail


def test_the_first_rule_that_objects_decides() -> None:
    hopeless = Case(in_scope=False, intent=None, confidence=0.0, usable=0, obstacles=())
    rules = [OutOfScope(), LowConfidence(0.6), NoValidAnswer()]
    assert [Decision(rules[n:]).judge(hopeless) for n in range(3)] == [rule.judge(hopeless) for rule in rules]
    assert Decision([]).judge(hopeless) is None


def test_needs_that_a_written_answer_would_harm_silence_and_others_do_not() -> None:
    grave = replace(GOOD, needs=(Need.PRESS_THREAT, Need.BEREAVEMENT, Need.THIRD_CONTACT))
    assert NeedsHuman().judge(grave) == Abstention(
        Reason.NEEDS_HUMAN, "A human must decide: press_threat, bereavement."
    )
    assert NeedsHuman().judge(replace(GOOD, needs=(Need.VULNERABLE, Need.BROKEN_PROMISE))) is None
    assert NeedsHuman().judge(GOOD) is None


def test_where_the_window_is_missed_only_a_template_may_be_sent() -> None:
    found = TemplateRequired().judge(replace(GOOD, missed_window=timedelta(hours=24)))
    assert found is not None
    assert found.reason is Reason.TEMPLATE_REQUIRED
    assert "more than 24 hours ago" in found.detail
    assert "approved template" in found.detail
    assert TemplateRequired().judge(GOOD) is None


def test_any_rule_will_do() -> None:
    class Closed:
        def judge(self, case: Case) -> Abstention | None:
            return Abstention(Reason.NEEDS_HUMAN, "Closed.")

    assert Decision([OutOfScope(), Closed()]).judge(GOOD) == Abstention(Reason.NEEDS_HUMAN, "Closed.")


def test_reasons_travel_as_their_names() -> None:
    assert {reason.value for reason in Reason} == {
        "low_confidence",
        "out_of_scope",
        "no_valid_answer",
        "needs_human",
        "template_required",
    }
