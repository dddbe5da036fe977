"""Reading two texts together: what the folder must hold, and what comes out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest

from repliek.cross_encoder import OnnxCrossEncoder, Pair
from repliek.errors import EncoderError
from tests.fixture_cross_encoder import write_counting_cross_encoder


@pytest.fixture
def counting(tmp_path: Path) -> Path:
    return write_counting_cross_encoder(tmp_path / "counting")


def test_a_pair_is_read_as_message_and_text(counting: Path) -> None:
    scores = OnnxCrossEncoder.from_directory(counting).score([Pair("een twee drie", "vier"), Pair("een", "twee drie")])
    assert scores.tolist() == [1, 2]
    assert scores.dtype == np.float32


def test_scores_keep_the_order_of_the_pairs(counting: Path) -> None:
    lengths = np.random.default_rng(1).integers(0, 20, 100).tolist()
    pairs = [Pair("woord " * (20 - length), "woord " * length) for length in lengths]
    assert OnnxCrossEncoder.from_directory(counting).score(pairs).tolist() == lengths


def test_no_pairs_give_no_scores(counting: Path) -> None:
    assert OnnxCrossEncoder.from_directory(counting).score([]).shape == (0,)


def test_what_is_too_long_is_cut_at_the_longer_side(counting: Path) -> None:
    scores = OnnxCrossEncoder.from_directory(counting).score([Pair("woord " * 50_000, "a b c"), Pair("a", "b " * 900)])
    assert scores.tolist() == [3, 30]


@pytest.mark.parametrize("text", ["", "😡", "\ud83d half een emoji", "\x00"])
def test_any_text_is_taken(counting: Path, text: str) -> None:
    assert np.isfinite(OnnxCrossEncoder.from_directory(counting).score([Pair(text, text)])).all()


def test_a_flipped_byte_is_refused(counting: Path) -> None:
    content = bytearray((counting / "model.onnx").read_bytes())
    content[len(content) // 2] ^= 1
    (counting / "model.onnx").write_bytes(content)
    with pytest.raises(EncoderError, match=r"cross-encoder\.json says .* altered or half written"):
        OnnxCrossEncoder.from_directory(counting)


def test_an_unknown_setting_is_refused(tmp_path: Path) -> None:
    folder = write_counting_cross_encoder(tmp_path, pooling="max")
    with pytest.raises(EncoderError, match="pooling"):
        OnnxCrossEncoder.from_directory(folder)


@pytest.mark.parametrize(("old", "new"), [("score", "logits"), ("token_type_ids", "positions")])
def test_another_graph_is_refused(counting: Path, old: str, new: str) -> None:
    model = onnx.load(counting / "model.onnx")
    for node in model.graph.node:
        node.input[:] = [new if name == old else name for name in node.input]
        node.output[:] = [new if name == old else name for name in node.output]
    for value in (*model.graph.input, *model.graph.output):
        value.name = new if value.name == old else value.name
    (counting / "model.onnx").write_bytes(model.SerializeToString())
    with pytest.raises(EncoderError, match=f"{new}.*expected the output 'score' and inputs among"):
        OnnxCrossEncoder.from_directory(counting, verify=False)


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match="cannot be read"):
        OnnxCrossEncoder.from_directory(tmp_path / "nothing")
