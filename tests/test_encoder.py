"""The encoder: its numbers, its folder, and what customers may throw at it."""

from __future__ import annotations

import hashlib
import json
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, pre_tokenizers

from evaluation.sentences import SENTENCES
from repliek.encoder import Encoder, EncoderConfig, OnnxEncoder, refuse_external_data
from repliek.errors import EncoderError
from training.encoder import resolve_encoder, sentence_transformers_directory

GOLDEN = json.loads(Path(__file__).with_name("golden").joinpath("encoder.json").read_text(encoding="utf-8"))
# int8 kernels round differently from one processor family to the next; float32 ones hardly do.
TOLERANCES = {"reference": 5e-4, "fast": 1e-2}


def write_tiny_encoder(folder: Path, **changes: Any) -> Path:
    """An encoder of two dimensions: the mean of its words' vectors, scaled to length one."""
    folder.mkdir(parents=True, exist_ok=True)
    words = ["<pad>", "q:", "p:", "red", "blue", "<unk>"]
    vectors = np.array([[9, 9], [1, 0], [0, 1], [2, 1], [1, 2], [1, 1]], dtype=np.float32)
    tokenizer = Tokenizer(models.WordLevel({word: i for i, word in enumerate(words)}, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    nodes = [
        helper.make_node("Gather", ["table", "input_ids"], ["tokens"]),
        helper.make_node("Cast", ["attention_mask"], ["mask"], to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", ["mask", "last"], ["column"]),
        helper.make_node("Mul", ["tokens", "column"], ["kept"]),
        helper.make_node("ReduceSum", ["kept", "middle"], ["sum"], keepdims=0),
        helper.make_node("LpNormalization", ["sum"], ["sentence_embedding"], axis=1, p=2),
    ]
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info(n, TensorProto.INT64, ["b", "t"]) for n in ("input_ids", "attention_mask")],
        [helper.make_tensor_value_info("sentence_embedding", TensorProto.FLOAT, ["b", 2])],
        [
            numpy_helper.from_array(vectors, "table"),
            numpy_helper.from_array(np.array([2]), "last"),
            numpy_helper.from_array(np.array([1]), "middle"),
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10)
    (folder / "model.onnx").write_bytes(model.SerializeToString())
    (folder / "tokenizer.json").write_text(tokenizer.to_str(), encoding="utf-8")
    write_config(folder, **changes)
    return folder


def write_config(folder: Path, **changes: Any) -> None:
    """An encoder.json that fits the files in `folder`, but for `changes`."""
    files = {
        name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in ("model.onnx", "tokenizer.json")
    }
    config = {
        "name": "tiny",
        "source": "test",
        "licence": "Apache-2.0",
        "dimensions": 2,
        "max_tokens": 8,
        "query_prefix": "q: ",
        "passage_prefix": "p: ",
        "batch_invariant": True,
        "files": files,
    }
    (folder / "encoder.json").write_text(json.dumps(config | changes), encoding="utf-8")


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    return write_tiny_encoder(tmp_path / "tiny")


@pytest.fixture(scope="module", params=["reference", "fast"])
def default(request: pytest.FixtureRequest) -> OnnxEncoder:
    return OnnxEncoder.from_directory(resolve_encoder("default").parent / request.param)


def form(encoder: OnnxEncoder) -> str:
    return "reference" if "(blocks)" in encoder.config.name else "fast"


# The default encoder


def test_default_gives_the_golden_vectors(default: OnnxEncoder) -> None:
    golden = GOLDEN[form(default)]
    found = default.encode_queries([entry["text"] for entry in golden])
    expected = np.array([entry["first_8"] for entry in golden])
    np.testing.assert_allclose(found[:, :8], expected, atol=TOLERANCES[form(default)])
    norms = [entry["norm"] for entry in golden]
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), norms, atol=1e-5)


def test_default_is_close_to_torch(default: OnnxEncoder) -> None:
    minimum = {"reference": 0.9995, "fast": 0.995}[form(default)]
    with warnings.catch_warnings():
        # Third-party modules warn of each other's deprecations while they are imported.
        warnings.simplefilter("ignore")
        from sentence_transformers import SentenceTransformer

        model = SentenceTransformer(str(sentence_transformers_directory()), device="cpu")
        expected = model.encode(list(SENTENCES), prompt_name="query", show_progress_bar=False)
    cosines = np.einsum("ij,ij->i", default.encode_queries(SENTENCES), expected)
    assert len(SENTENCES) >= 50
    assert cosines.min() >= minimum


def test_default_gives_one_text_the_same_vector_everywhere(default: OnnxEncoder) -> None:
    together = default.encode_queries(SENTENCES)
    alone = np.vstack([default.encode_queries([sentence]) for sentence in SENTENCES[::6]])
    np.testing.assert_allclose(alone, together[::6], atol=2e-3)
    assert np.einsum("ij,ij->i", alone, together[::6]).min() > 0.9999


@pytest.mark.parametrize(
    "text", ["", " ", "😡😡", "a" * 100_000, "woord " * 20_000, "\ud83d half een emoji", "\x00", "مرحبا"]
)
def test_default_takes_any_text(default: OnnxEncoder, text: str) -> None:
    vector = default.encode_queries([text])
    assert vector.shape == (1, 384)
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-4)


def test_default_finds_the_passage_that_answers(default: OnnxEncoder) -> None:
    query = default.encode_queries(["waar blijft mijn pakketje"])
    passages = default.encode_passages(
        ["Je bestelling is onderweg en komt morgen aan.", "De winkel is op zondag gesloten."]
    )
    similarities = (query @ passages.T)[0]
    assert similarities[0] > similarities[1]


# Any encoder


def test_is_an_encoder(tiny: Path) -> None:
    encoder = OnnxEncoder.from_directory(tiny)
    assert isinstance(encoder, Encoder)
    assert encoder.dimensions == 2


def test_prefixes_differ_for_queries_and_passages(tiny: Path) -> None:
    encoder = OnnxEncoder.from_directory(tiny)
    np.testing.assert_allclose(encoder.encode_queries(["red"]), np.array([[3, 1]]) / np.sqrt(10), atol=1e-6)
    np.testing.assert_allclose(encoder.encode_passages(["red"]), np.array([[2, 2]]) / np.sqrt(8), atol=1e-6)


@pytest.mark.parametrize("batch_invariant", [True, False])
def test_rows_keep_the_order_of_the_texts(tmp_path: Path, batch_invariant: bool) -> None:
    encoder = OnnxEncoder.from_directory(write_tiny_encoder(tmp_path, batch_invariant=batch_invariant))
    texts = [" ".join(["blue"] * (number % 5) + ["red"]) for number in range(100)]
    alone = np.vstack([encoder.encode_queries([text]) for text in texts])
    np.testing.assert_array_equal(encoder.encode_queries(texts), alone)


def test_no_texts_give_no_rows(tiny: Path) -> None:
    vectors = OnnxEncoder.from_directory(tiny).encode_queries([])
    assert vectors.shape == (0, 2)
    assert vectors.dtype == np.float32


def test_long_text_is_cut_at_max_tokens(tiny: Path) -> None:
    encoder = OnnxEncoder.from_directory(tiny)
    np.testing.assert_array_equal(
        encoder.encode_queries(["red " * 7 + "blue " * 1000]), encoder.encode_queries(["red " * 7])
    )


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
def test_a_flipped_byte_is_refused(tiny: Path, name: str) -> None:
    content = bytearray((tiny / name).read_bytes())
    content[len(content) // 2] ^= 1
    (tiny / name).write_bytes(content)
    with pytest.raises(EncoderError, match="altered or half written"):
        OnnxEncoder.from_directory(tiny)


def test_an_unlisted_file_is_refused(tiny: Path) -> None:
    write_config(tiny, files={})
    with pytest.raises(EncoderError, match="says None"):
        OnnxEncoder.from_directory(tiny)


def test_external_data_is_refused(tiny: Path) -> None:
    model = onnx.load(tiny / "model.onnx")
    onnx.save(model, tiny / "model.onnx", save_as_external_data=True, location="weights.bin", size_threshold=0)
    write_config(tiny)
    with pytest.raises(EncoderError, match="in other files"):
        OnnxEncoder.from_directory(tiny)


def test_external_data_inside_an_attribute_is_refused() -> None:
    tensor = numpy_helper.from_array(np.zeros(2, dtype=np.float32))
    tensor.data_location = TensorProto.EXTERNAL
    node = helper.make_node("Constant", [], ["x"], value=tensor)
    model = helper.make_model(helper.make_graph([node], "g", [], []))
    with pytest.raises(EncoderError, match="in other files"):
        refuse_external_data(model.SerializeToString(), Path("model.onnx"))


@pytest.mark.parametrize("content", [b"\xff" * 9, b"\x3a\x7fshort", b"<html>"])
def test_what_is_no_graph_is_refused(tiny: Path, content: bytes) -> None:
    (tiny / "model.onnx").write_bytes(content)
    write_config(tiny)
    with pytest.raises(EncoderError, match=r"model\.onnx"):
        OnnxEncoder.from_directory(tiny)


def test_what_is_no_tokenizer_is_refused(tiny: Path) -> None:
    (tiny / "tokenizer.json").write_text("{}", encoding="utf-8")
    write_config(tiny)
    with pytest.raises(EncoderError, match="is not a tokenizer"):
        OnnxEncoder.from_directory(tiny)


def test_wrong_dimensions_are_refused(tiny: Path) -> None:
    write_config(tiny, dimensions=3)
    with pytest.raises(EncoderError, match="expected 'sentence_embedding' of 3 dimensions"):
        OnnxEncoder.from_directory(tiny)


def test_an_unknown_setting_is_refused(tiny: Path) -> None:
    write_config(tiny, pooling="max")
    with pytest.raises(EncoderError, match="pooling"):
        EncoderConfig.from_directory(tiny)


def test_a_graph_outside_the_folder_is_refused(tiny: Path) -> None:
    write_config(tiny, graph="../model.onnx")
    with pytest.raises(EncoderError, match="graph"):
        EncoderConfig.from_directory(tiny)


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match="cannot be read"):
        OnnxEncoder.from_directory(tmp_path / "nothing")
