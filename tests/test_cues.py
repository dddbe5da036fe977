"""What shows on the surface of a message."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from repliek.tone.cues import BUCKETS, CUE_COLUMNS, CUES, MAX_CHARS, WIDTH, Lexicon, surface, tokens_of
from repliek.tone.lexicon import LEXICON


def cues_in(message: str) -> set[str]:
    """Names of the cues of a message."""
    row = surface([message])[0]
    return {name for name, level in zip(CUES.names, row, strict=False) if level}


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("Wéér niks!", ["weer", "niks", "!"]),
        ("al drie dagen, 2x", ["al", "0", "dagen", ",", "0", "x"]),
        ("voor de 3e keer", ["voor", "de", "0e", "keer"]),
        ("the third time", ["the", "0e", "time"]),
        ("12.50 om 10:30", ["0", "om", "0"]),
        ("foto's 😭", ["foto's", "😭"]),
        ("", []),
    ],
)
def test_tokens(text: str, tokens: list[str]) -> None:
    assert tokens_of(text) == tokens


@pytest.mark.parametrize(
    ("message", "cue"),
    [
        ("dankjewel voor het meedenken", "thanks"),
        ("al DRIE weken geen antwoord", "long_time"),
        ("voor de derde keer", "again"),
        ("wéér", "again"),
        ("Lekker dan.", "mock_praise"),
        ("ik lig er wakker van", "sleepless"),
        ("mijn moeder is overleden", "death"),
        ("hahahaha", "laughter"),
        ("vraag voor een vriend", "joking"),
        ("I'm scared to open it", "fear"),
        ("Nobody ever answers", "nobody"),
        ("ge houdt mij voor de zot, schandalige toestand", "outrage"),
    ],
)
def test_a_cue_is_found_by_word_stem_or_row(message: str, cue: str) -> None:
    assert cue in cues_in(message)


@pytest.mark.parametrize(
    ("message", "cue"),
    [
        ("hoe verhuis ik mijn internet", "death"),
        ("dansles", "thanks"),  # a stem begins a word
        ("lekker eten, dan slapen", "mock_praise"),  # a row has nothing in between
        ("lekker", "mock_praise"),
    ],
)
def test_a_cue_is_not_found_in_what_only_looks_like_it(message: str, cue: str) -> None:
    assert cue not in cues_in(message)


def test_more_of_a_cue_counts_more_up_to_a_point() -> None:
    column = CUES.names.index("again")
    levels = surface(["niks", "weer", "weer weer", "weer " * 4, "weer " * 9])[:, column].tolist()
    assert levels[0] == 0
    assert levels[1:4] == sorted(set(levels[1:4]))
    assert levels[3] == levels[4]


def test_emoji_count_by_kind() -> None:
    rows = surface(["ok", "ok 😂", "ok 😂😂", "ok 😡"])[:, len(CUES.names) : CUE_COLUMNS]
    laughing, angry = rows[:, 0], rows[:, 2]
    assert laughing.tolist() == [0, 0.5, 1, 0]
    assert angry.tolist() == [0, 0, 0, 0.5]


def test_words_and_pairs_have_columns_and_their_order_tells() -> None:
    one, other, same = surface(["niet goed", "goed niet", "NIET GOED"])[:, CUE_COLUMNS:]
    assert np.count_nonzero(one) == 3
    assert not np.array_equal(one, other)
    assert np.array_equal(one, same)
    assert np.linalg.norm(one) == pytest.approx(1)


def test_only_the_beginning_is_read() -> None:
    begun = "a" + " woord" * MAX_CHARS
    assert np.array_equal(surface([begun])[0], surface([begun + " schandalig!!"])[0])


def test_rows_do_not_depend_on_each_other() -> None:
    messages = ["hoi", "waar blijft mijn pakket?!", ""]
    assert np.array_equal(surface(messages), np.concatenate([surface([message]) for message in messages]))
    assert surface([]).shape == (0, WIDTH)
    assert WIDTH == CUE_COLUMNS + BUCKETS


@given(st.text(max_size=300))
def test_any_text_has_finite_figures_of_about_one(text: str) -> None:
    row = surface([text])[0]
    assert row.dtype == np.float32
    assert np.isfinite(row).all()
    assert (row >= 0).all()
    assert row.max(initial=0) < 3


@pytest.mark.parametrize("name", LEXICON)
def test_an_entry_of_the_lexicon_stands_once_under_its_cue(name: str) -> None:
    entries = [" ".join(entry.split()) for entry in LEXICON[name].split(",")]
    assert all(entries)
    assert len(entries) == len(set(entries))


def test_an_ending_is_any_ending_and_no_ending() -> None:
    lexicon = Lexicon.of({"anger": "boos, woed*", "row": "hou op"})
    assert lexicon.count(["woed", "woedend", "boosheid"]) == [2, 0]
    assert lexicon.count(["hou", "op"]) == [0, 1]
    assert lexicon.count(["hou"]) == [0, 0]
