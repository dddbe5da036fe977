"""int8 products whose scales are fixed beforehand, so that a text's vector does not depend on its neighbours.

A few channels of a transformer's activations are far larger than the rest; with one scale for all, the small ones
drown. Each channel is therefore divided by a factor of its own before rounding and the matching row of the weights
multiplied by it, which leaves the product as it was (SmoothQuant: Xiao et al. 2023, https://arxiv.org/abs/2211.10438).
The ranges come from running calibration texts through the float32 graph.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt

from repliek.errors import EncoderError

if TYPE_CHECKING:
    import onnx

FloatArray: TypeAlias = npt.NDArray[np.float32]
Feed: TypeAlias = Mapping[str, npt.NDArray[np.int64]]

# How much of the difficulty moves from activations to weights, 0 to 1. Of 0.5, 0.65 and 0.8, tried on held-out
# Dutch and English lines, 0.65 came closest to float32.
STRENGTH = 0.65

_DOMAIN = "com.microsoft"
_TINY = 1e-5


@dataclass(frozen=True, slots=True)
class _Range:
    """Lowest and highest value of each channel of one activation: (channels,) float32 both."""

    low: FloatArray
    high: FloatArray

    @property
    def largest(self) -> FloatArray:
        return np.maximum(np.abs(self.low), np.abs(self.high))


def replace_products_smoothly(graph: onnx.ModelProto, calibration: Sequence[Feed]) -> None:
    """Turn every product of `graph` with a constant matrix into an int8 one, in place.

    Args:
        graph: an exported graph in float32.
        calibration: inputs of the graph, one text each.

    Raises:
        EncoderError: `calibration` is empty.
    """
    from onnx import numpy_helper

    if not calibration:
        raise EncoderError("no calibration texts: the scales of int8 activations cannot be chosen")
    matrices = {t.name: numpy_helper.to_array(t) for t in graph.graph.initializer if len(t.dims) == 2}
    products = [n for n in graph.graph.node if n.op_type == "MatMul" and n.input[1] in matrices]
    ranges = _measure(graph, list(dict.fromkeys(n.input[0] for n in products)), calibration)
    rewriter = _Rewriter(graph, matrices, products)
    for activation, found in ranges.items():
        rewriter.quantise_activation(activation, found)
    rewriter.finish()


def _measure(graph: onnx.ModelProto, names: list[str], calibration: Sequence[Feed]) -> dict[str, _Range]:
    """The range of each named activation over the calibration texts."""
    import onnxruntime
    from onnx import TensorProto, helper

    probe = type(graph)()
    probe.CopyFrom(graph)
    probe.graph.output.extend(helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in names)
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(probe.SerializeToString(), options, providers=["CPUExecutionProvider"])
    lows = {name: [] for name in names}
    highs = {name: [] for name in names}
    for feed in calibration:
        for name, value in zip(names, session.run(names, dict(feed)), strict=True):
            rows = np.asarray(value).reshape(-1, np.shape(value)[-1])
            lows[name].append(rows.min(axis=0))
            highs[name].append(rows.max(axis=0))
    return {name: _Range(np.min(lows[name], axis=0), np.max(highs[name], axis=0)) for name in names}


class _Rewriter:
    """Replaces the products of a graph; `finish` puts the new nodes and tensors in."""

    def __init__(
        self, graph: onnx.ModelProto, matrices: Mapping[str, FloatArray], products: Sequence[onnx.NodeProto]
    ) -> None:
        self._graph = graph
        self._matrices = matrices
        self._products = products
        self._before: dict[str, list[onnx.NodeProto]] = {}
        self._tensors: list[onnx.TensorProto] = []

    def quantise_activation(self, name: str, found: _Range) -> None:
        """Round activation `name` once, for all the products that read it, and turn those into int8."""
        readers = [node for node in self._products if node.input[0] == name]
        weights = np.max([np.abs(self._matrices[node.input[1]]).max(axis=1) for node in readers], axis=0)
        factors = np.maximum(found.largest, _TINY) ** STRENGTH / np.maximum(weights, _TINY) ** (1 - STRENGTH)
        low, high = min(float((found.low / factors).min()), 0.0), float((found.high / factors).max())
        scale = max(high - low, _TINY) / 255
        self._add(f"{name}.divisor", (1 / factors).astype(np.float32))
        self._add(f"{name}.scale", np.float32(scale))
        self._add(f"{name}.zero", np.uint8(round(-low / scale)))
        first = readers[0].output[0]
        self._before[first] = [
            _node("Mul", [name, f"{name}.divisor"], f"{name}.smooth"),
            _node("QuantizeLinear", [f"{name}.smooth", f"{name}.scale", f"{name}.zero"], f"{name}.int8"),
        ]
        for node in readers:
            self._quantise_product(node, factors)

    def _quantise_product(self, node: onnx.NodeProto, factors: FloatArray) -> None:
        activation, matrix = node.input
        weights = self._matrices[matrix] * factors[:, None]
        scales = np.maximum(np.abs(weights).max(axis=0), _TINY) / 127
        self._add(f"{matrix}.int8", np.rint(weights / scales).astype(np.int8))
        self._add(f"{matrix}.scale", scales.astype(np.float32))
        inputs = [f"{activation}.int8", f"{matrix}.int8", f"{activation}.scale", f"{matrix}.scale"]
        node.CopyFrom(_node("MatMulIntegerToFloat", [*inputs, f"{activation}.zero"], node.output[0], domain=_DOMAIN))

    def _add(self, name: str, value: npt.NDArray[np.generic] | np.generic) -> None:
        from onnx import numpy_helper

        self._tensors.append(numpy_helper.from_array(np.asarray(value), name))

    def finish(self) -> None:
        """Put the rounding before its first reader and drop the float32 matrices."""
        from onnx import helper

        body = self._graph.graph
        nodes = [new for node in body.node for new in (*self._before.get(node.output[0], ()), node)]
        used = {name for node in nodes for name in node.input}
        _refill(body.node, nodes)
        _refill(body.initializer, [*(t for t in body.initializer if t.name in used), *self._tensors])
        if all(entry.domain != _DOMAIN for entry in self._graph.opset_import):
            self._graph.opset_import.append(helper.make_opsetid(_DOMAIN, 1))


def _node(operator: str, inputs: Sequence[str], output: str, domain: str = "") -> onnx.NodeProto:
    from onnx import helper

    return helper.make_node(operator, list(inputs), [output], name=f"{output}.{operator}", domain=domain)


def _refill(field, messages: Iterable) -> None:
    """Replace the contents of a repeated protobuf field; what stood in it may be among `messages`."""
    copies = [type(message).FromString(message.SerializeToString()) for message in messages]
    del field[:]
    field.extend(copies)
