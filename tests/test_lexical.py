from __future__ import annotations

from pathlib import Path

import numpy as np

from repliek.lexical import MAX_CHARS, LexicalEncoder, pieces


def test_pieces_are_words_and_their_parts() -> None:
    found = list(pieces("De app!"))
    assert found[:1] == ["de"]
    assert {"app", "# app", "#app ", "#pp"} <= set(found)
    assert "# de a" not in found
    assert list(pieces("€ 😀")) == []


def test_a_long_text_is_read_up_to_the_limit() -> None:
    assert set(pieces("a " * (MAX_CHARS // 2) + "router")) == set(pieces("a"))


def test_pieces_add_up_by_the_logarithm_of_their_number() -> None:
    encoder = LexicalEncoder({"router": 0, "modem": 1}, np.array([[1, 0], [0, 1]], dtype=np.float16))
    found = encoder.encode_queries(["Router router MODEM", "internet"])
    twice = 1 + np.log(2)
    np.testing.assert_allclose(found, [[twice / np.hypot(twice, 1), 1 / np.hypot(twice, 1)], [0, 0]], rtol=1e-5)
    assert found.dtype == np.float32
    np.testing.assert_array_equal(encoder.encode_passages(["modem"]), encoder.encode_queries(["modem"]))
    assert encoder.encode_queries([]).shape == (0, 2)


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    encoder = LexicalEncoder({"# é": 0, "b": 1}, np.array([[0.5, 0], [0, 1]], dtype=np.float16))
    encoder.save(tmp_path / "lexical")
    loaded = LexicalEncoder.from_directory(tmp_path / "lexical")
    assert loaded.vocabulary == encoder.vocabulary
    np.testing.assert_array_equal(loaded.projection, encoder.projection)
