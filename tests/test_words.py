from __future__ import annotations

import numpy as np
import pytest

from repliek.lexical import MAX_CHARS
from repliek.words import GroupWords, MessageWords

RENEW, MODEM, NONE = 0, 1, -1
MESSAGES = {
    "Hoe kan ik mijn contract verlengen?": RENEW,
    "mijn modem doet het niet": MODEM,
    "Kan ik mijn abonnement verlengen": RENEW,
    "mijn fiets is gestolen": NONE,
}


@pytest.fixture(scope="module")
def words() -> GroupWords:
    return MessageWords.of(list(MESSAGES)).grouped(np.array(list(MESSAGES.values()), dtype=np.int64), 2)


def share(words: GroupWords, text: str, group: int, own: int = NONE) -> float:
    found = words.shares([text], np.array([own], dtype=np.int64))
    assert found.shape == (1, 2)
    assert found.dtype == np.float32
    return float(found[0, group])


def rarity(words: GroupWords, word: str) -> float:
    return float(words.rarity[words.vocabulary[word]])


def test_words_of_the_intent_count_and_new_ones_do_not(words: GroupWords) -> None:
    contract = share(words, "ik wil mijn contract verlengen", RENEW)
    passport = share(words, "ik wil mijn paspoort verlengen", RENEW)
    assert 1 > contract > passport > 0
    assert share(words, "contract verlengen", RENEW) == pytest.approx(1)


def test_words_of_another_intent_or_of_strays_do_not_count(words: GroupWords) -> None:
    assert share(words, "modem", MODEM) == pytest.approx(1)
    assert share(words, "modem", RENEW) == 0
    assert share(words, "fiets gestolen", RENEW) == 0


def test_a_word_counts_by_how_rare_it_is(words: GroupWords) -> None:
    # "mijn" stands in all four messages, "verlengen" in two, "contract" in one.
    assert rarity(words, "mijn") == pytest.approx(0)
    assert rarity(words, "verlengen") == pytest.approx((1 - np.log(3) / np.log(5)) ** 2)
    expected = rarity(words, "contract") / (rarity(words, "contract") + 1)
    assert share(words, "contract paspoort", RENEW) == pytest.approx(expected)


@pytest.mark.parametrize("text", ["", "ok", "12345", "😀 ja", "?!"])
def test_a_text_without_words_has_nothing_strange_about_it(words: GroupWords, text: str) -> None:
    assert share(words, text, RENEW) == 1


def test_case_and_signs_make_no_other_word_and_the_end_of_a_long_text_is_not_read(words: GroupWords) -> None:
    assert share(words, "CONTRACT, (verlengen)!", RENEW) == pytest.approx(1)
    assert share(words, "contract " + " " * MAX_CHARS + "paspoort", RENEW) == pytest.approx(1)


def test_without_messages_every_word_is_new() -> None:
    nothing = MessageWords.of([]).grouped(np.zeros(0, dtype=np.int64), 2)
    assert share(nothing, "contract", RENEW) == 0


def test_a_past_message_does_not_speak_for_itself(words: GroupWords) -> None:
    first = next(iter(MESSAGES))
    assert share(words, first, RENEW) > share(words, first, RENEW, own=RENEW) > 0
    assert share(words, "contract", RENEW, own=RENEW) == 0
    assert share(words, "verlengen", RENEW, own=RENEW) == pytest.approx(1), "the other message says it too"
    assert share(words, "modem", MODEM, own=RENEW) == pytest.approx(1)


def test_without_an_own_group_all_texts_are_new(words: GroupWords) -> None:
    texts = list(MESSAGES)
    np.testing.assert_array_equal(words.shares(texts), words.shares(texts, np.full(len(texts), -1, dtype=np.int64)))
