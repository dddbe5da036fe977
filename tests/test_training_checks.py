from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np
import pytest

from repliek.history import OUT_OF_SCOPE, Exchange
from repliek.knowledge import Answer, KnowledgeBase
from repliek.retrieval import Neighbours
from training.checks import FEW, Finding, Kind, Severity, check, suspect_labels
from training.checks_report import IDS_SHOWN, SHOWN, as_json, as_markdown, summary
from training.folds import Folds
from training.material import HeldOut, Material


def exchange(exchange_id: str, **fields: object) -> Exchange:
    return Exchange(exchange_id=exchange_id, message="privé", **fields)  # type: ignore[arg-type]


def answer(answer_id: str, text: str, **fields: object) -> Answer:
    return Answer(answer_id=answer_id, text=text, **({"language": "nl"} | fields))  # type: ignore[arg-type]


def material(
    history: Sequence[Exchange] = (),
    answers: Sequence[Answer] = (),
    *,
    groups: Sequence[int] | None = None,
    folds: Sequence[int] | None = None,
    held_out: HeldOut | None = None,
) -> Material:
    numbers = np.array(groups if groups is not None else range(len(history)), dtype=np.int64)
    parts = Folds(np.array(folds or [0] * len(history), dtype=np.int64), 2)
    return Material(tuple(history), KnowledgeBase(answers), parts, numbers, held_out)


def found(given: Material, kind: Kind) -> list[Finding]:
    return [finding for finding in check(given) if finding.kind is kind]


class TestLabelConflicts:
    def test_near_same_messages_with_other_intents(self) -> None:
        history = [exchange("a", intent="x"), exchange("b"), exchange("c", intent="y"), exchange("d", intent="x")]
        (finding,) = found(material(history, groups=[0, 1, 0, 0]), Kind.LABEL_CONFLICT)
        assert (finding.ids, finding.severity) == (("a", "c", "d"), Severity.WARNING)
        assert finding.explanation.endswith("have the intents x (2), y (1)")

    def test_out_of_scope_against_in_scope_is_one(self) -> None:
        history = [exchange("a", intent="x"), exchange("b", intent=OUT_OF_SCOPE)]
        assert len(found(material(history, groups=[0, 0]), Kind.LABEL_CONFLICT)) == 1

    def test_other_answers_are_a_note_and_variants_are_none(self) -> None:
        answers = [answer("p-je", "a", variant_of="p"), answer("p-u", "b", variant_of="p"), answer("q", "c")]
        asked = [exchange(str(row), intent="x", answer_id=one) for row, one in enumerate(("p-je", "p-u", "q"))]
        (finding,) = found(material(asked, answers, groups=[0, 0, 0]), Kind.LABEL_CONFLICT)
        assert finding.severity is Severity.NOTE
        assert finding.explanation.endswith("were given the answers p (2), q (1)")
        assert found(material(asked[:2], answers, groups=[0, 0]), Kind.LABEL_CONFLICT) == []

    def test_messages_that_differ_may_have_other_intents(self) -> None:
        history = [exchange("a", intent="x"), exchange("b", intent="y")]
        assert found(material(history), Kind.LABEL_CONFLICT) == []


class TestDuplicates:
    def test_only_those_in_different_folds_flatter(self) -> None:
        history = [exchange(name) for name in "abcd"]
        (finding,) = found(material(history, groups=[0, 0, 1, 1], folds=[0, 1, 0, 0]), Kind.NEAR_DUPLICATE)
        assert finding.ids == ("a", "b")
        assert "stand in 2 folds" in finding.explanation

    def test_those_of_the_held_out_file_are_named_with_what_is_learned_from(self) -> None:
        near = Neighbours(
            np.array([[0.95, 0.91, 0.2], [0.89, 0.3, 0.2]], dtype=np.float32), np.array([[1, 0, 2], [0, 1, 2]])
        )
        held_out = HeldOut((exchange("h1"), exchange("h2")), near)
        history = [exchange("a"), exchange("b"), exchange("c")]
        (finding,) = found(material(history, held_out=held_out), Kind.HELD_OUT_DUPLICATE)
        assert (finding.ids, finding.severity) == (("h1", "b", "a"), Severity.WARNING)


def test_intents_with_few_examples_are_named() -> None:
    history = [exchange(f"{intent}{row}", intent=intent) for intent, n in (("x", FEW), ("y", 2)) for row in range(n)]
    history += [exchange("z", intent=OUT_OF_SCOPE), exchange("none")]
    (finding,) = found(material(history), Kind.FEW_EXAMPLES)
    assert finding.ids == ("y0", "y1")
    assert "intent y has 2 examples" in finding.explanation


class TestContradictions:
    def contradictions(self, *answers: Answer) -> list[Finding]:
        return found(material(answers=answers), Kind.CONTRADICTION)

    def test_variants_must_agree_whatever_the_language(self) -> None:
        (finding,) = self.contradictions(
            answer("fee-je", "Je betaalt eenmalig 20 euro.", variant_of="fee", register="je"),
            answer("fee-u", "U betaalt eenmalig € 20,00.", variant_of="fee", register="u"),
            answer("fee-en", "You pay 25 euros once.", variant_of="fee", language="en"),
        )
        assert finding.severity is Severity.WARNING
        assert set(finding.ids) == {"fee-je", "fee-u", "fee-en"}
        assert finding.explanation.startswith("topic fee states different amounts (")
        assert "fee-en: 25.00" in finding.explanation

    def test_topics_of_one_intent_are_a_note(self) -> None:
        one, other = answer("a", "Dat duurt 5 dagen.", intent="x"), answer("b", "Dat duurt 7 dagen.", intent="x")
        (finding,) = self.contradictions(one, other)
        assert finding.severity is Severity.NOTE
        assert finding.explanation.startswith("intent x states different periods")

    @pytest.mark.parametrize(
        "other",
        [
            answer("b", "Dat duurt even.", variant_of="a"),  # says less
            answer("b", "Dat duurt 5 dagen, en daarna nog 2 weken.", variant_of="a"),  # says more
            answer("b", "Dat duurt 7 dagen.", variant_of="a", status="blocked"),
            answer("b", "Dat duurt 7 dagen.", variant_of="a", valid_from="2026-02-01"),  # when the first one has ended
            answer("b", "Dat duurt 7 dagen."),  # something else
        ],
    )
    def test_what_can_both_be_true_is_none(self, other: Answer) -> None:
        first = answer("a", "Dat duurt 5 dagen.", variant_of="a", valid_until="2026-01-31")
        assert self.contradictions(first, other) == []

    def test_links_may_differ_by_language_and_not_by_register(self) -> None:
        first = answer("a", "Zie shop.example/nl", variant_of="a", register="je")
        assert self.contradictions(first, answer("b", "See shop.example/en", variant_of="a", language="en")) == []
        (finding,) = self.contradictions(first, answer("b", "Zie shop.example/u", variant_of="a", register="u"))
        assert "different links" in finding.explanation


class TestSuspectLabels:
    LABELS = ("x", "y")

    def suspects(self, expected: list[int], probabilities: list[list[float]]) -> tuple[Finding, ...]:
        history = [exchange(str(row)) for row in range(len(expected))]
        return suspect_labels(history, self.LABELS, np.array(expected), np.array(probabilities, dtype=np.float32))

    def test_the_surest_dispute_comes_first(self) -> None:
        found = self.suspects([0, 0, 0, 1, 1, -1], [[0.9, 0.1], [0.2, 0.8], [0.1, 0.9], [0.3, 0.7], [0.2, 0.8], [0, 1]])
        assert [finding.ids for finding in found] == [("2",), ("1",)]
        assert found[0].explanation == "labelled x (0.10), held-out folds say y (0.90)"

    def test_an_unsure_dispute_is_none(self) -> None:
        # y is usually 0.9 sure of its own; 0.6 is no more than a doubt.
        assert self.suspects([0, 1, 1], [[0.4, 0.6], [0.1, 0.9], [0.1, 0.9]]) == ()

    def test_without_intents_nothing_is_disputed(self) -> None:
        assert suspect_labels([exchange("a")], (), np.array([-1]), np.zeros((1, 0), dtype=np.float32)) == ()


class TestReport:
    FINDINGS = (
        Finding(Kind.CONTRADICTION, Severity.WARNING, ("a", "b"), "topic t states different links (a: x|y; b: z)"),
        *(Finding(Kind.SUSPECT_LABEL, Severity.NOTE, (f"e{n}",), "labelled x") for n in range(SHOWN + 2)),
        Finding(Kind.NEAR_DUPLICATE, Severity.NOTE, tuple(f"d{n}" for n in range(IDS_SHOWN + 5)), "25 messages"),
    )

    def test_a_summary_is_one_line(self) -> None:
        assert summary(self.FINDINGS) == (
            "contradicting answers: 1; suspect labels: 102; near-duplicates in different folds: 1"
        )
        assert summary(()) == "nothing doubtful"

    def test_people_read_what_and_which(self) -> None:
        text = as_markdown(self.FINDINGS, 1200, 7)
        assert text.startswith("# Data checks\n\n1,200 exchanges and 7 answers. Contradicting answers: 1;")
        assert "| warning | topic t states different links (a: x\\|y; b: z) | a, b |" in text
        assert "## Suspect labels: 102" in text
        assert "And 2 more" in text
        assert f"d{IDS_SHOWN - 1} and 5 more |" in text
        assert "Intents with few examples" not in text

    def test_machines_read_everything(self) -> None:
        report = json.loads(as_json(self.FINDINGS, 1200, 7))
        assert (report["exchanges"], report["answers"], len(report["findings"])) == (1200, 7, len(self.FINDINGS))
        assert report["counts"]["suspect_label"] == SHOWN + 2
        assert report["counts"]["label_conflict"] == 0
        assert report["findings"][0]["ids"] == ["a", "b"]

    def test_no_customer_is_quoted(self) -> None:
        history = [exchange("a", intent="x"), exchange("b", intent="y")]
        text = as_markdown(check(material(history, groups=[0, 0], folds=[0, 1])), 2, 0)
        assert "Conflicting labels: 1" in text
        assert "privé" not in text
