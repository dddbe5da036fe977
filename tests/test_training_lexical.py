from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from repliek.errors import DataError
from repliek.lexical import LexicalEncoder
from training import lexical
from training.lexical import DIMENSIONS, fit_lexical

TEXTS = [
    "mijn modem heeft geen internet",
    "het modem doet niets en internet ook niet",
    "de modems knipperen rood",
    "mijn factuur is te hoog",
    "waarom is de factuur van mei dubbel",
    "facturen komen niet aan",
    "waar blijft mijn bestelling",
    "de bestelling is niet bezorgd",
]


def test_texts_that_share_words_are_near() -> None:
    encoder = fit_lexical(TEXTS, 13)
    modem, router, invoice = encoder.encode_queries(["modem kapot", "mijn modems", "factuur te hoog"])
    assert modem @ router > 0.5
    assert modem @ invoice < 0.3
    np.testing.assert_allclose(np.linalg.norm(encoder.encode_queries(TEXTS), axis=1), 1, rtol=1e-3)


def test_pieces_relate_inflections() -> None:
    plural, singular, other = fit_lexical(TEXTS, 13).encode_passages(["factuur", "facturen", "bestelling"])
    assert plural @ singular > plural @ other


def test_rare_pieces_weigh_more_than_frequent_ones() -> None:
    texts = [f"mijn vraag gaat over {word} {word}" for word in ("modem", "factuur", "bestelling", "sim")] * 2
    encoder = fit_lexical(texts, 13)
    both, rare, frequent = encoder.encode_queries(["mijn modem", "modem", "mijn"])
    assert both @ rare > both @ frequent


def test_a_piece_of_one_text_alone_is_not_learned() -> None:
    encoder = fit_lexical([*TEXTS, "xylofoon"], 13)
    assert "xylofoon" not in encoder.vocabulary
    assert {"modem", "# mode"} <= set(encoder.vocabulary)


@pytest.mark.parametrize("texts", [["😀😀", "?!", "😀"], ["modem", "?"]], ids=["no words", "no word twice"])
def test_texts_that_share_nothing_teach_nothing(texts: list[str]) -> None:
    with pytest.raises(DataError, match="no word stands in two of the texts"):
        fit_lexical(texts, 13)


def test_texts_may_all_be_alike() -> None:
    one, other = fit_lexical(["hallo"] * 12, 13).encode_queries(["hallo", "hallo"])
    assert one @ other == pytest.approx(1, abs=1e-3)


def test_the_vocabulary_is_cut_to_the_most_frequent_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = fit_lexical(TEXTS, 13)
    monkeypatch.setattr(lexical, "MAX_PIECES", 20)
    cut = fit_lexical(TEXTS, 13)
    assert len(cut.vocabulary) == 20
    assert set(cut.vocabulary) < set(whole.vocabulary)
    assert list(cut.vocabulary.values()) == list(range(20))


def test_dimensions_are_bounded_by_the_texts_and_by_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    assert fit_lexical(TEXTS, 13).dimensions == len(TEXTS) - 1 < DIMENSIONS
    monkeypatch.setattr(lexical, "DIMENSIONS", 3)
    assert fit_lexical(TEXTS, 13).dimensions == 3


def test_the_same_seed_gives_the_same_encoder(tmp_path: Path) -> None:
    once, again = fit_lexical(TEXTS, 13), fit_lexical(TEXTS, 13)
    assert once.vocabulary == again.vocabulary
    np.testing.assert_array_equal(once.projection, again.projection)
    assert once.projection.dtype == np.float16
    once.save(tmp_path / "lexical")
    loaded = LexicalEncoder.from_directory(tmp_path / "lexical")
    np.testing.assert_array_equal(loaded.encode_queries(TEXTS), once.encode_queries(TEXTS))
