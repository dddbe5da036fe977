from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from evaluation.figures import Figures
from evaluation.observations import DISTRACTORS, DRAWS, Observations, observe, reply_first
from evaluation.report import confusions, mistakes
from evaluation.scoring import Length, count_leaks, figures_of, score, summarise
from repliek.asked import Asked
from repliek.brand import Team
from repliek.bundle import Bundle
from repliek.errors import DataError
from repliek.history import OUT_OF_SCOPE, Exchange
from repliek.knowledge import Answer, KnowledgeBase
from repliek.suggester import Suggester
from tests.fixture_bundle import MESSAGES


def exchange(number: int, message: str, **fields: object) -> Exchange:
    return Exchange(exchange_id=f"e{number}", message=message, **fields)  # type: ignore[arg-type]


HISTORY = (
    exchange(1, MESSAGES.suggested, intent="delivery", answer_id="delivery-u", channel="x", language="nl"),
    exchange(2, MESSAGES.public_and_private, intent="invoice", answer_id="invoice", channel="x", language="nl"),
    exchange(3, MESSAGES.unreviewed, intent="modem", answer_id="modem", channel="chat", language="nl"),
    exchange(4, MESSAGES.out_of_scope, intent=OUT_OF_SCOPE, channel="chat"),
    exchange(
        5,
        MESSAGES.english,
        intent="new_product",
        answer_id="not-in-the-bundle",
        channel="chat",
        language="en",
        context=({"speaker": "agent", "text": "hello"},),
    ),
    exchange(6, MESSAGES.formal, register="u", emotion="neutral"),
    exchange(7, MESSAGES.frustrated, register="u", emotion="frustrated"),
)


@pytest.fixture(scope="module")
def observed(suggester: Suggester) -> Observations:
    return observe(HISTORY, suggester, seed=0)


@pytest.fixture(scope="module")
def figures(observed: Observations, suggester: Suggester) -> Figures:
    return summarise(observed, suggester.bundle, 0, resamples=20)


def test_intents_are_judged_as_the_design_defines(figures: Figures) -> None:
    # In scope: delivery and invoice right; modem is wrong on purpose, new_product is unknown to the bundle.
    assert figures.intents.accuracy == 2 / 4
    assert figures.intents.in_scope_accuracy == 2 / 4
    assert figures.intents.oos_recall == 1
    assert figures.intents.oos_auroc == 1
    assert figures.counts.unknown_intent == 1


def test_silence_counts_as_wrong_for_in_scope_accuracy_only(observed: Observations) -> None:
    assert observed.intents is not None
    silent = replace(observed, intents=replace(observed.intents, in_scope=np.zeros(len(HISTORY), dtype=bool)))
    found = figures_of(silent, np.arange(len(HISTORY))).intents
    assert found.accuracy == 2 / 4
    assert found.in_scope_accuracy == 0
    assert found.oos_recall == 1


def test_answers_are_judged_by_topic_over_lines_whose_answer_is_known(figures: Figures) -> None:
    assert figures.counts.with_answer == 3
    assert figures.counts.unknown_answer == 1
    assert figures.answers.recall_at_1 == 2 / 3
    assert figures.answers.one_of_100 is None


def test_abstention_covers_known_answers_and_out_of_scope_lines(observed: Observations) -> None:
    assert observed.answers is not None
    confidence = observed.answers.confidence.copy()
    confidence[:, 0] = [0.9, 0.8, 0.7, 0.6, 1.0, 1.0, 1.0]  # of the last three nobody knows the answer
    answers = replace(observed.answers, confidence=confidence)
    found = figures_of(replace(observed, answers=answers), np.arange(len(HISTORY))).abstention
    # Right, right, wrong, and the out-of-scope line, for which every answer is wrong.
    assert found.aurc == pytest.approx((0 + 0 + 1 / 3 + 2 / 4) / 4)
    assert (found.coverage_at_precision_80, found.coverage_at_precision_85) == (2 / 4, 2 / 4)
    assert (found.coverage_at_precision_90, found.coverage_at_precision_95) == (2 / 4, 2 / 4)
    assert found.ece == pytest.approx((0.1 + 0.2 + 0.7 + 0.6) / 4)


def test_what_a_bundle_does_depends_on_both_its_thresholds(observed: Observations) -> None:
    assert observed.answers is not None
    assert observed.intents is not None
    confidence = observed.answers.confidence.copy()
    confidence[:, 0] = [0.9, 0.6, 0.8, 0.7, 1.0, 1.0, 1.0]  # right, right, wrong, out of scope; not judged
    answers = replace(observed.answers, confidence=confidence, threshold=0.7)
    lines = np.arange(len(HISTORY))
    for in_scope, coverage, precision in ((True, 3 / 4, 1 / 3), (False, 0, None)):
        intents = replace(observed.intents, in_scope=np.full(len(HISTORY), in_scope))
        found = figures_of(replace(observed, answers=answers, intents=intents), lines).abstention
        assert (found.coverage, found.precision) == (coverage, precision)
    found = figures_of(replace(observed, answers=answers, intents=None), lines).abstention
    assert (found.coverage, found.precision) == (3 / 4, 1 / 3)


def test_tone_is_judged_over_labelled_lines(figures: Figures) -> None:
    assert figures.tone.register_accuracy == 1 / 2  # the second one addresses nobody
    assert figures.tone.emotion_macro_f1 == 1
    assert (figures.tone.neutral_f1, figures.tone.frustrated_f1, figures.tone.sad_f1) == (1, 1, None)
    assert figures.tone.emotion_ece is not None
    assert 0 <= figures.tone.emotion_ece < 0.5


def test_sarcasm_is_judged_where_labels_tell(observed: Observations) -> None:
    assert observed.emotions is not None
    assert observed.emotions.sarcastic.tolist() == [-1] * 5 + [0, -1]  # neutral is not sarcastic, frustrated may be
    found = replace(
        observed,
        emotions=replace(
            observed.emotions,
            sarcastic=np.array([1, 1, 0, -1, 0, 0, 0]),
            flagged=np.array([True, False, True, True, False, False, False]),
        ),
    )
    tone = figures_of(found, np.arange(len(HISTORY))).tone
    assert (tone.sarcasm_precision, tone.sarcasm_recall) == (0.5, 0.5)


def test_slices_hold_the_same_figures(figures: Figures) -> None:
    assert list(figures.slices) == ["language", "channel", "register", "length", "intent", "context"]
    assert {value: part.n for value, part in figures.slices["channel"].items()} == {"chat": 3, "unlabelled": 2, "x": 2}
    assert figures.slices["channel"]["x"].answers.recall_at_1 == 1
    assert figures.slices["channel"]["x"].intents.oos_recall is None
    assert sum(part.n for part in figures.slices["length"].values()) == len(HISTORY)
    assert figures.slices["intent"][OUT_OF_SCOPE].intents.oos_recall == 1
    assert {value: part.n for value, part in figures.slices["context"].items()} == {
        "with context": 1,
        "without context": 6,
    }


def test_every_known_figure_has_an_interval_around_it(figures: Figures) -> None:
    known = {name: value for name, value in figures.named() if value is not None}
    assert set(figures.intervals) == set(known)
    low, high = figures.intervals["intents.accuracy"]
    assert 0 <= low <= 0.5 <= high <= 1


def test_a_seed_gives_the_same_figures(suggester: Suggester) -> None:
    first, second = (score(HISTORY, suggester, 3, resamples=5) for _ in range(2))
    assert first == second


def test_a_history_without_labels_says_nothing(suggester: Suggester) -> None:
    found = score([exchange(1, MESSAGES.suggested)], suggester, 0, resamples=5)
    assert [name for name, value in found.named() if value is not None] == []
    assert found.slices["language"] == {}
    assert found.intervals == {}


def test_figures_survive_their_file(figures: Figures, tmp_path: Path) -> None:
    path = tmp_path / "figures.json"
    path.write_text(figures.as_json(), encoding="utf-8")
    assert Figures.from_json(path) == figures


def test_foreign_figures_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "figures.json"
    with pytest.raises(DataError, match="no such file"):
        Figures.from_json(path)
    path.write_text("{}", encoding="utf-8")
    with pytest.raises(DataError, match="score again"):
        Figures.from_json(path)


def test_mistakes_are_sorted_and_redacted(suggester: Suggester) -> None:
    lines = [
        exchange(1, f"{MESSAGES.suggested} bel 06-12345678", answer_id="modem"),
        exchange(2, "pakket geld", answer_id="modem"),
        exchange(3, MESSAGES.suggested, answer_id="delivery"),
    ]
    found = mistakes(observe(lines, suggester, seed=0), suggester.bundle)
    assert [mistake.expected for mistake in found] == ["modem", "modem"]
    assert found[0].confidence >= found[1].confidence
    assert any("[PHONE]" in mistake.message for mistake in found)
    assert not any("12345678" in mistake.message for mistake in found)
    assert found[0].got == "delivery"
    assert "pakket" in found[0].evidence


def test_mistakes_of_a_bundle_without_answers_are_intents(observed: Observations, suggester: Suggester) -> None:
    found = mistakes(replace(observed, answers=None), suggester.bundle)
    assert {(mistake.expected, mistake.got) for mistake in found} == {
        ("modem", "outage"),
        ("new_product", "delivery"),
    }


def test_confusions_are_counted(observed: Observations) -> None:
    assert {(pair.expected, pair.predicted): pair.count for pair in confusions(observed)} == {
        ("modem", "outage"): 1,
        ("new_product", "delivery"): 1,
    }


def test_no_head_no_figures(observed: Observations) -> None:
    bare = replace(observed, intents=None, answers=None, emotions=None)
    found = dict(figures_of(bare, np.arange(len(HISTORY))).named())
    assert {name for name, value in found.items() if value is not None} == {"tone.register_accuracy"}
    assert confusions(bare) == []


def test_leaks_are_counted_in_the_texts_but_for_what_the_brand_publishes(tiny_bundle: Path) -> None:
    bundle = Bundle.load(tiny_bundle)
    assert count_leaks(bundle) == 0
    texts = ["Mail jan@prive.example", "Mail phishing@testlijn.example of bel 0800-0101", "Mail [EMAIL]"]
    answers = [Answer(answer_id=f"a{place}", text=text, language="nl") for place, text in enumerate(texts)]
    leaking = replace(bundle, knowledge=KnowledgeBase(answers))
    assert count_leaks(leaking) == 2
    teams = {"security": Team(name="Veiligheid", address="phishing@testlijn.example")}
    assert count_leaks(replace(leaking, brand=replace(bundle.brand, teams=teams))) == 1


@pytest.mark.parametrize(
    ("words", "length"), [(1, Length.SHORT), (7, Length.SHORT), (8, Length.MEDIUM), (26, Length.LONG)]
)
def test_length(words: int, length: Length) -> None:
    assert Length.of("woord " * words) is length


class Scorer:
    """Gives each text a score by itself, whatever the message."""

    def __init__(self, best: str) -> None:
        self.best = best
        self.seen: list[int] = []

    def __call__(self, history: Sequence[Exchange], asked: Asked, texts: Sequence[str]) -> np.ndarray:
        self.seen.append(len(texts))
        row = np.array([1.0 if text == self.best else 0.0 for text in texts], dtype=np.float32)
        assert len(history) == len(asked)
        return np.tile(row, (len(asked), 1))


def replied(n: int) -> list[Exchange]:
    return [exchange(number, MESSAGES.suggested, reply=f"reply {number}") for number in range(n)]


def asked_of(history: Sequence[Exchange], suggester: Suggester) -> Asked:
    return suggester.analyse([line.query for line in history]).asked


def test_the_true_reply_competes_with_99_others(suggester: Suggester) -> None:
    history = [*replied(120), exchange(900, MESSAGES.suggested), exchange(901, "dag", reply="reply  7\n")]
    scorer = Scorer(best="reply 7")
    found = reply_first(history, asked_of(history, suggester), scorer, seed=1)
    assert scorer.seen == [120]
    assert found[7] == 1
    assert found[121] == 1  # the same reply but for white space
    assert math.isnan(found[120])  # no reply
    # All others score 0 like their distractors: a tie is lost.
    assert np.nansum(found) == 2


def test_a_reply_never_competes_with_itself(suggester: Suggester) -> None:
    history = replied(DISTRACTORS + 1)
    scorer = Scorer(best="reply 0")
    found = reply_first(history, asked_of(history, suggester), scorer, seed=1)
    # With exactly 100 replies everybody else meets the best one in every draw.
    assert found.tolist() == [1.0] + [0.0] * DISTRACTORS


def test_fewer_than_100_replies_tell_nothing(suggester: Suggester) -> None:
    history = replied(DISTRACTORS)
    found = reply_first(history, asked_of(history, suggester), Scorer(best="reply 0"), seed=1)
    assert np.isnan(found).all()


def test_draws_differ_and_average(suggester: Suggester) -> None:
    history = replied(150)
    found = reply_first(history, asked_of(history, suggester), _scores_by_number, seed=1)
    # Number 149 always wins; one in the middle never does; the values are fifths.
    assert found[149] == 1
    assert found[10] == 0
    assert set((found * DRAWS).round(6)) <= set(range(DRAWS + 1))


def _scores_by_number(history: Sequence[Exchange], asked: Asked, texts: Sequence[str]) -> np.ndarray:
    row = np.array([float(text.split()[1]) for text in texts], dtype=np.float32)
    return np.tile(row, (len(history), 1))
