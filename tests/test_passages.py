"""Where answers are divided, what each passage is encoded as, and how near a message is to answers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from repliek.encoder import FloatArray
from repliek.errors import BundleError
from repliek.knowledge import Answer
from repliek.passages import WINDOW, EncodedPassages, Passages, Remembered, RememberedTexts, Span, opening, spans
from repliek.space import CompoundEncoder

SENTENCE = "Een zin van precies veertig tekens lang. "
"""41 characters with the space behind it; six of them fit in a window."""


def answer(answer_id: str, text: str, intent: str | None = None) -> Answer:
    return Answer(answer_id=answer_id, text=text, language="nl", intent=intent)


def floats(*rows: Sequence[float]) -> FloatArray:
    return np.array(rows, dtype=np.float32)


class TestSpans:
    def test_a_short_text_is_its_only_passage(self) -> None:
        text = "x" * WINDOW
        assert spans(text) == (Span(0, WINDOW),)

    def test_a_long_text_is_cut_between_sentences(self) -> None:
        text = (SENTENCE * 8).strip()
        assert spans(text) == (Span(0, len(text)), Span(0, 245), Span(245, len(text)))

    def test_windows_leave_nothing_out(self) -> None:
        text = SENTENCE * 3 + "woord " * 100 + "\n" + SENTENCE * 9 + "zonder" * 90 + " slot"
        _, *windows = spans(text)
        assert "".join(text[span.start : span.end] for span in windows) == text
        assert all(0 < span.end - span.start <= WINDOW for span in windows)

    def test_a_sentence_that_is_too_long_is_cut_between_words(self) -> None:
        text = "woord " * 100
        assert all(text[span.start : span.end].endswith("woord ") for span in spans(text))

    def test_white_space_at_the_end_is_no_passage(self) -> None:
        text = SENTENCE * 7 + "\n" * 10
        assert text[spans(text)[-1].start :].strip()

    @pytest.mark.parametrize(
        ("text", "first"),
        [("Ja. En nee.", "Ja."), ("kop\nEn dan tekst.", "kop"), ("één zin", "één zin"), ("a" * 999, "a" * WINDOW)],
    )
    def test_an_opening_is_the_first_sentence(self, text: str, first: str) -> None:
        assert opening(text) == first


class TestPassages:
    ANSWERS = (
        answer("kort", "Ja.", "opening_hours"),
        answer("lang", (SENTENCE * 8).strip()),
        answer("nog een", "Nee."),
    )

    def test_an_answer_is_first_of_its_passages(self) -> None:
        found = Passages.of(self.ANSWERS)
        assert found.answers.tolist() == [0, 1, 1, 1, 2]
        assert found.wholes.tolist() == [True, True, False, False, True]
        assert found.finest.tolist() == [True, False, True, True, True]

    def test_a_passage_is_encoded_under_the_name_of_its_intent(self) -> None:
        texts = Passages.of(self.ANSWERS).texts
        assert texts[0] == "opening hours: Ja."
        assert texts[2] == (SENTENCE * 6).strip()

    def test_it_comes_back_from_its_table(self) -> None:
        found = Passages.of(self.ANSWERS)
        again = Passages.from_table(found.as_table(self.ANSWERS), self.ANSWERS)
        assert again.texts == found.texts
        assert again.spans == found.spans
        assert again.answers.tolist() == found.answers.tolist()

    def test_a_passage_of_no_answer_is_refused(self) -> None:
        table = Passages.of(self.ANSWERS).as_table(self.ANSWERS)
        with pytest.raises(BundleError, match="a passage names the answer 'lang', which is not among the answers"):
            Passages.from_table(table, [self.ANSWERS[0], self.ANSWERS[2]])

    def test_there_may_be_none(self) -> None:
        found = Passages.of(())
        assert (len(found.wholes), len(found.finest), found.as_table(()).num_rows) == (0, 0, 0)


def test_an_answer_is_as_near_as_its_whole_and_its_best_passage() -> None:
    passages = Passages.of(TestPassages.ANSWERS)
    vectors = floats([0, 1], [0.6, 0.8], [1, 0], [0, 1], [0.8, 0.6])
    nearest = EncodedPassages(passages, vectors).grouped(np.array([1, 0, -1]), 2).nearest(floats([1, 0]))
    np.testing.assert_allclose(nearest, [[0.8, 0.0]], rtol=1e-6)


class TestRemembered:
    class Counting:
        """Makes a vector out of a text's length, and keeps what it was asked."""

        dimensions = 2

        def __init__(self) -> None:
            self.asked: list[str] = []

        def encode_queries(self, texts: Sequence[str]) -> FloatArray:
            raise AssertionError("answers are passages")

        def encode_passages(self, texts: Sequence[str]) -> FloatArray:
            self.asked += texts
            return floats(*([len(text), 1] for text in texts))

    def test_a_text_is_encoded_once_and_forgotten_when_it_is_gone(self) -> None:
        encoder = self.Counting()
        remembered = Remembered(encoder, ["known"], floats([7, 7]))
        assert remembered.vectors(["new", "known", "new"]).tolist() == [[3, 1], [7, 7], [3, 1]]
        assert encoder.asked == ["new"]
        assert remembered.vectors(["newer", "new"]).tolist() == [[5, 1], [3, 1]]
        assert encoder.asked == ["new", "newer"]
        remembered.vectors(["known"])
        remembered.vectors(["new"])
        assert encoder.asked == ["new", "newer", "new"]

    def test_an_answer_that_is_its_own_passage_is_encoded_once_and_weighed_as_each(self) -> None:
        first, second = self.Counting(), self.Counting()
        encoder = CompoundEncoder((first, second), (0.5, 0.5))
        known = Passages.of([answer("a", "oud")])
        weighed = CompoundEncoder((first, second), (0.9, 0.1)).encode_passages(["oud"])
        remembered = RememberedTexts(
            encoder, ["oud"], encoder.encode_passages(["oud"]), EncodedPassages(known, weighed)
        )
        first.asked.clear()
        answers, passages = remembered.vectors(["oud", "nieuw"], ["oud", "nieuw"])
        assert first.asked == ["nieuw"]
        np.testing.assert_allclose(answers[1], encoder.encode_passages(["nieuw"])[0], rtol=1e-5)
        expected = CompoundEncoder((first, second), (0.9, 0.1)).encode_passages(["oud", "nieuw"])
        np.testing.assert_allclose(passages, expected, rtol=1e-5)

    def test_there_may_be_nothing_to_remember(self) -> None:
        found = Remembered(self.Counting(), [], floats()).vectors([])
        assert (found.shape, found.dtype) == ((0, 2), np.float32)
