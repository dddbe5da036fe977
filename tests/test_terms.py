from __future__ import annotations

import numpy as np
import pytest

from repliek.terms import TermIndex

TEXTS = ("Je pukcode staat in de app.", "De storing is voorbij, de storing was kort.", "Je factuur staat in de app.")


@pytest.fixture
def index() -> TermIndex:
    return TermIndex.build(TEXTS)


def test_the_text_with_the_rare_word_has_the_largest_share(index: TermIndex) -> None:
    assert index.shares("waar staat mijn pukcode").argmax() == 0
    assert index.shares("is er een storing?").argmax() == 1
    assert index.shares("FACTUUR").argmax() == 2


def test_shares_lie_between_none_and_all(index: TermIndex) -> None:
    for message in (*TEXTS, "iets heel anders", "pukcode pukcode pukcode"):
        found = index.shares(message)
        assert found.shape == (3,)
        assert found.dtype == np.float32
        assert (found >= 0).all()
        assert (found <= 1).all()


def test_what_stands_in_no_text_lowers_every_share(index: TermIndex) -> None:
    alone, among = index.shares("pukcode"), index.shares("pukcode xylofoon")
    assert 0 < among[0] < alone[0]


def test_a_word_that_stands_everywhere_says_less_than_one_that_stands_once() -> None:
    texts = [f"de app en onderwerp{number}" for number in range(20)]
    index = TermIndex.build([*texts, "de app en pukcode"])
    common = index.shares("de app")
    assert common.max() < 1.2 * common.min()
    assert index.shares("de pukcode")[-1] > 3 * index.shares("de pukcode")[0]


@pytest.mark.parametrize("message", ["", "?!", "😀"])
def test_a_message_without_words_shares_nothing(index: TermIndex, message: str) -> None:
    assert index.shares(message).tolist() == [0, 0, 0]


def test_no_texts_have_no_shares() -> None:
    assert TermIndex.build([]).shares("pukcode").shape == (0,)


def test_the_same_message_always_has_the_same_shares(index: TermIndex) -> None:
    np.testing.assert_array_equal(index.shares(TEXTS[1]), TermIndex.build(TEXTS).shares(TEXTS[1]))
