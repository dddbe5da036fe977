from __future__ import annotations

import numpy as np
import pytest

from repliek.calibration import Calibration
from repliek.encoder import FloatArray
from repliek.heads import shares as shares_of
from repliek.heads import softmax
from repliek.intents import STRAY
from repliek.metrics import expected_calibration_error
from repliek.retrieval import IntArray
from training.calibration import (
    ENOUGH,
    ENOUGH_OF_EACH,
    calibrate,
    calibrate_languages,
    choose_threshold,
    enough,
    scope_margin,
    sharpen,
)
from training.scope import LEAST_KEPT

TOPICS = 8


def messages(n: int, temperature: float, offset: float, seed: int = 3) -> tuple[FloatArray, IntArray]:
    """Utilities, and what was chosen by people who believe them as `temperature` and `offset` say."""
    generator = np.random.default_rng(seed)
    utilities = (3 * generator.standard_normal((n, TOPICS)) - 1).astype(np.float32)
    shares = shares_of(utilities / np.float32(temperature) + np.float32(offset))
    drawn = (generator.random((n, 1)) > shares.cumsum(axis=1)).sum(axis=1)
    return utilities, np.where(drawn < TOPICS, drawn, -1)


class TestCalibrate:
    def test_what_makes_the_utilities_true_is_found(self) -> None:
        found = calibrate(*messages(20_000, 0.6, 0.8), Calibration())
        assert found.temperature == pytest.approx(0.6, abs=0.05)
        assert found.offset == pytest.approx(0.8, abs=0.25)

    def test_what_holds_is_left_alone(self) -> None:
        assert calibrate(*messages(400, 1.0, 0.0), Calibration()) == Calibration()

    def test_confidence_holds_on_others(self) -> None:
        found = calibrate(*messages(2_000, 0.6, 0.8), Calibration())
        utilities, chosen = messages(10_000, 0.6, 0.8, seed=4)
        right = utilities.argmax(axis=1) == chosen
        before = shares_of(utilities).max(axis=1)
        after = shares_of(utilities / found.temperature + found.offset).max(axis=1)
        assert expected_calibration_error(after, right) < 0.02 < expected_calibration_error(before, right)

    def test_a_few_messages_change_little(self) -> None:
        few, many = (calibrate(*messages(n, 0.5, 1.5), Calibration()) for n in (5, 2_000))
        assert 0.8 < few.temperature < 1.2
        assert abs(few.offset) < 0.1 < many.offset

    def test_utilities_that_mean_nothing_are_not_believed(self) -> None:
        utilities, chosen = messages(2_000, 1.0, 0.0)
        found = calibrate(utilities, np.random.default_rng(1).permutation(chosen), Calibration())
        assert found.temperature == pytest.approx(4)


class TestLanguages:
    def test_each_with_enough_messages_is_calibrated_by_itself(self) -> None:
        dutch, english = messages(1_000, 1.0, 0.0), messages(300, 0.5, 0.5, seed=5)
        few = messages(ENOUGH - 1, 0.3, 0.0, seed=6)
        utilities, chosen = (np.concatenate(both) for both in zip(dutch, english, few, strict=True))
        languages = ["nl"] * 1_000 + ["en"] * 300 + ["de"] * len(few[1])
        found = calibrate_languages(utilities, chosen, languages)
        assert set(found.languages) == {"nl", "en"}
        assert found.shared == found.of("de") == found.of(None) == calibrate(utilities, chosen, Calibration())
        assert found.of("nl").temperature == pytest.approx(1.0, abs=0.1)
        assert found.of("en").temperature == pytest.approx(0.5, abs=0.1)

    def test_unlabelled_messages_are_of_no_language(self) -> None:
        utilities, chosen = messages(300, 0.5, 0.5)
        assert calibrate_languages(utilities, chosen, [None] * 300).languages == {}

    def test_enough_is_of_both_kinds(self) -> None:
        half = np.arange(ENOUGH) % 2 == 0
        assert enough(half)
        assert not enough(half[1:])
        for few in (np.arange(300) < ENOUGH_OF_EACH - 1, np.arange(300) >= ENOUGH_OF_EACH - 1):
            assert not enough(few)


class TestSharpen:
    def intents(self, n: int) -> tuple[FloatArray, IntArray]:
        logits, _ = messages(n, 1.0, 0.0)
        shares = softmax(logits)
        drawn = (np.random.default_rng(2).random((n, 1)) > shares.cumsum(axis=1)).sum(axis=1)
        return softmax(logits / 2), np.minimum(drawn, TOPICS - 1)

    def test_intents_that_were_too_unsure_are_sharpened(self) -> None:
        probabilities, expected = self.intents(2_000)
        assert sharpen(probabilities, expected) == pytest.approx(2.0, abs=0.15)

    def test_intents_that_hold_are_left_alone(self) -> None:
        probabilities, expected = self.intents(300)
        assert sharpen(softmax(2 * np.log(probabilities)), expected) == 1.0

    def test_of_too_few_nothing_is_known(self) -> None:
        probabilities, expected = self.intents(300)
        expected[ENOUGH - 1 :] = STRAY
        assert sharpen(probabilities, expected) == 1.0


class TestScopeMargin:
    def cases(self, strays: int, right: float) -> tuple[FloatArray, IntArray, np.ndarray]:
        """500 messages in scope at 1 and around, others at -1 and around."""
        generator = np.random.default_rng(1)
        served = generator.normal(1, 1, 500)
        scope = np.concatenate([served, generator.normal(-1, 1, strays)]).astype(np.float32)
        expected = np.concatenate([np.zeros(500), np.full(strays, STRAY)]).astype(np.int64)
        return scope, expected, (generator.random(len(scope)) < right) & (expected >= 0)

    def test_the_precision_is_reached_with_one_in_six_out_of_scope(self) -> None:
        scope, expected, right = self.cases(50, 1.0)
        kept = scope >= scope_margin(scope, expected, right, 0.9)
        wrong = kept[expected == STRAY].mean() / 5
        assert kept[expected >= 0].mean() / (kept[expected >= 0].mean() + wrong) == pytest.approx(0.9, abs=0.01)

    def test_nine_in_ten_in_scope_are_let_through_whatever_the_precision(self) -> None:
        scope, expected, right = self.cases(50, 0.3)
        kept = scope >= scope_margin(scope, expected, right, 0.9)
        assert kept[expected >= 0].mean() == pytest.approx(LEAST_KEPT, abs=0.01)

    def test_without_strays_nothing_is_known(self) -> None:
        assert scope_margin(*self.cases(5, 1.0), 0.9) == 0.0


class TestThreshold:
    confidence = np.array([0.9, 0.8, 0.7, 0.6], dtype=np.float32)

    def test_it_is_the_lowest_with_the_precision(self) -> None:
        right = np.array([True, True, False, True])
        assert choose_threshold(self.confidence, right, 0.75) == pytest.approx(0.6)
        assert choose_threshold(self.confidence, right, 0.9) == pytest.approx(0.8)

    def test_where_none_has_it_nearly_everything_is_silence(self) -> None:
        assert choose_threshold(self.confidence, np.zeros(4, dtype=bool), 0.9) == pytest.approx(0.9)

    def test_without_messages_nothing_is_silenced(self) -> None:
        assert choose_threshold(np.zeros(0, dtype=np.float32), np.zeros(0, dtype=bool), 0.9) == 0.0
