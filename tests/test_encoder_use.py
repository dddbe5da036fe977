from __future__ import annotations

import numpy as np
import pytest

from repliek.encoder import OnnxEncoder
from training.encoder import resolve_encoder, resolve_views
from training.encoder.use import DIMENSIONS

GOLDEN = {
    "waar blijft mijn bestelling?": [-0.01967, 0.00745, -0.0363, 0.02335, -0.10152],
    "How do I cancel my subscription before it renews next month?": [-0.02991, 0.0116, -0.04769, 0.04765, -0.07948],
}
"""The first of 512 figures: they pin the graph."""


@pytest.fixture(scope="module")
def encoder() -> OnnxEncoder:
    return OnnxEncoder.from_directory(resolve_views("default")[1])


@pytest.mark.parametrize("text", GOLDEN)
def test_the_graph_says_what_it_said(encoder: OnnxEncoder, text: str) -> None:
    (vector,) = encoder.encode_queries([text])
    assert vector.shape == (DIMENSIONS,)
    np.testing.assert_allclose(vector[:5], GOLDEN[text], atol=2e-5)


def test_texts_that_say_the_same_are_near_in_any_language(encoder: OnnxEncoder) -> None:
    dutch, english, other = encoder.encode_queries(
        ["Waar blijft mijn pakket?", "Where is my parcel?", "Ik wil mijn abonnement opzeggen."]
    )
    assert dutch @ english > dutch @ other + 0.3


def test_a_vector_is_the_same_whatever_stands_beside_it(encoder: OnnxEncoder) -> None:
    texts = ["hoi", "Mijn internet doet het niet meer sinds vanochtend, wat nu?", ""]
    together = encoder.encode_queries(texts)
    for text, vector in zip(texts, together, strict=True):
        np.testing.assert_array_equal(encoder.encode_queries([text])[0], vector)
    np.testing.assert_allclose(np.linalg.norm(together, axis=1), 1, rtol=1e-5)


def test_only_the_default_encoder_has_a_second_one_beside_it(encoder: OnnxEncoder) -> None:
    first, second = resolve_views("default")
    assert first == resolve_encoder("default")
    assert resolve_views(str(first)) == (first,)
    assert encoder.config.licence == "Apache-2.0"
    assert "Universal Sentence Encoder" in (second / "LICENCE-NOTE.md").read_text(encoding="utf-8")
