"""Make an exported graph smaller and faster, in one of several ways.

Matrix products become `MatMulNBits` (weights in blocks of 32 along the input, 4 or 8 bits) or dynamic int8; the
large embedding table becomes `GatherBlockQuantized`. Both block operators belong to onnxruntime's CPU provider.
The int8 form with calibrated scales has a module of its own, `smooth.py`.
"""

from __future__ import annotations

import hashlib
import logging
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt

from repliek.errors import EncoderError
from training.encoder.q4 import Q4Tensor
from training.encoder.smooth import Feed, replace_products_smoothly

if TYPE_CHECKING:
    import onnx

FloatArray: TypeAlias = npt.NDArray[np.float32]
ByteArray: TypeAlias = npt.NDArray[np.uint8]

BLOCK = 32
_DOMAIN = "com.microsoft"
# A smaller table (positions, token types) is not worth an operator of its own.
_LARGE_TABLE_ROWS = 4096


class Variant(StrEnum):
    """How a graph is made smaller."""

    FP32 = "fp32"
    """As exported."""
    FP32_Q_EMBEDDINGS = "fp32-q-embeddings"
    """float32 products, embeddings in blocks."""
    BLOCKS = "blocks"
    """Products and embeddings in blocks, activations float32. Of a file that is in 4-bit blocks already: lossless."""
    BLOCKS_INT8 = "blocks-int8"
    """Products in 4-bit blocks, activations in int8 with one scale per row and block."""
    BLOCKS8_INT8 = "blocks8-int8"
    """Products in 8-bit blocks, activations in int8 with one scale per row and block."""
    INT8_SMOOTH = "int8-smooth"
    """Products in int8, a scale per output channel; activations smoothed, with scales fixed by calibration.
    Embeddings in blocks."""
    INT8_PER_CHANNEL = "int8-per-channel"
    """Products in int8, a scale per output channel; activations with one scale per tensor. Embeddings in blocks."""
    INT8 = "int8"
    """What onnxruntime's dynamic quantisation does unasked, embeddings in int8 included."""

    @property
    def batch_invariant(self) -> bool:
        """Whether a text's vector is free of its neighbours; a scale per tensor depends on the whole batch."""
        return self not in (Variant.INT8, Variant.INT8_PER_CHANNEL)


@dataclass(frozen=True, slots=True)
class Blocks:
    """A matrix in blocks along its last axis: weight = (code - 2 ** (bits - 1)) * scale.

    Attributes:
        packed: (rows, columns * bits / 8) uint8.
        scales: (rows, columns / 32) float32.
        bits: 4 or 8.
    """

    packed: ByteArray
    scales: FloatArray
    bits: int


class BlockSource:
    """Finds the blocks of a matrix: those of the file it was read from where there is one, else rounded ones."""

    def __init__(self, known: Mapping[str, Blocks]) -> None:
        self._known = known

    @classmethod
    def from_q4(cls, tensors: Iterable[Q4Tensor]) -> BlockSource:
        """A source that recognises the decoded form of `tensors`, so that no second rounding takes place."""
        return cls({_key(t.decode()): Blocks(t.packed(), t.scales, 4) for t in tensors})

    def find(self, matrix: FloatArray) -> Blocks:
        """The blocks of `matrix`, (rows, columns) float32: exact 4-bit ones if known, else rounded to 8 bits.

        Raises:
            EncoderError: the columns do not fill blocks.
        """
        return self._known.get(_key(matrix)) or round_to_blocks(matrix, bits=8)


def round_to_blocks(matrix: FloatArray, bits: int) -> Blocks:
    """`matrix`, (rows, columns) float32, in symmetric blocks of 4 or 8 bits.

    Raises:
        EncoderError: the columns do not fill blocks.
    """
    rows, columns = matrix.shape
    if columns % BLOCK:
        raise EncoderError(f"a matrix has {columns} columns, expected a multiple of {BLOCK}; keep it in float32")
    zero = 1 << (bits - 1)
    blocks = matrix.reshape(rows, columns // BLOCK, BLOCK)
    scales = (np.abs(blocks).max(axis=2) / np.float32(zero - 1)).astype(np.float32)
    divisors = np.where(scales > 0, scales, np.float32(1))[:, :, None]
    codes = np.clip(np.rint(blocks / divisors) + zero, 0, 2 * zero - 1).astype(np.uint8).reshape(rows, columns)
    packed = codes if bits == 8 else codes[:, 0::2] | (codes[:, 1::2] << np.uint8(4))
    return Blocks(packed, scales, bits)


def quantise(
    graph: onnx.ModelProto, variant: Variant, source: BlockSource, calibration: Sequence[Feed] = ()
) -> onnx.ModelProto:
    """A copy of `graph` in the form that `variant` names.

    Args:
        graph: an exported graph in float32; not changed.
        variant: what to make of it.
        source: where exact blocks may come from.
        calibration: inputs of the graph that show what activations to expect; for INT8_SMOOTH only.

    Raises:
        EncoderError: a matrix does not fill blocks, or there is nothing to calibrate with.
    """
    copy = type(graph)()
    copy.CopyFrom(graph)
    match variant:
        case Variant.FP32:
            return copy
        case Variant.INT8:
            return _dynamic_int8(copy, operators=None, per_channel=False)
        case Variant.INT8_SMOOTH:
            replace_products_smoothly(copy, calibration)
        case Variant.INT8_PER_CHANNEL:
            copy = _dynamic_int8(copy, operators=["MatMul"], per_channel=True)
        case Variant.BLOCKS:
            _replace_products(copy, source.find, accuracy_level=1)
        case Variant.BLOCKS_INT8:
            _replace_products(copy, source.find, accuracy_level=4)
        case Variant.BLOCKS8_INT8:
            _replace_products(copy, lambda matrix: round_to_blocks(matrix, bits=8), accuracy_level=4)
        case Variant.FP32_Q_EMBEDDINGS:
            pass
    _replace_embeddings(copy, source)
    return copy


def _key(matrix: FloatArray) -> str:
    return hashlib.sha256(np.ascontiguousarray(matrix)).hexdigest()


def _dynamic_int8(graph: onnx.ModelProto, operators: list[str] | None, *, per_channel: bool) -> onnx.ModelProto:
    """What onnxruntime's own dynamic quantisation makes of `graph`; it works on files."""
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic

    with tempfile.TemporaryDirectory() as scratch:
        before, after = Path(scratch, "before.onnx"), Path(scratch, "after.onnx")
        before.write_bytes(graph.SerializeToString())
        # It reports every tensor on the root logger, which is the application's.
        root = logging.getLogger()
        root.addFilter(_is_error)
        try:
            quantize_dynamic(
                before, after, op_types_to_quantize=operators, per_channel=per_channel, weight_type=QuantType.QInt8
            )
        finally:
            root.removeFilter(_is_error)
        return onnx.load(after)


def _is_error(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.ERROR


def _replace_products(graph: onnx.ModelProto, blocks_of: Callable[[FloatArray], Blocks], accuracy_level: int) -> None:
    """Turn every product with a constant matrix into MatMulNBits.

    `accuracy_level` is onnxruntime's: 1 keeps activations in float32, 4 rounds them to int8.
    """
    from onnx import helper, numpy_helper

    matrices = {tensor.name: tensor for tensor in graph.graph.initializer if len(tensor.dims) == 2}
    done: dict[str, Blocks] = {}
    for node in graph.graph.node:
        if node.op_type != "MatMul" or node.input[1] not in matrices:
            continue
        name = node.input[1]
        inputs, outputs = matrices[name].dims
        if inputs % BLOCK:
            continue
        if name not in done:
            done[name] = blocks_of(np.ascontiguousarray(numpy_helper.to_array(matrices[name]).T))
            _add_blocks(graph, name, done[name], (outputs, inputs // BLOCK, BLOCK * done[name].bits // 8))
        node.CopyFrom(
            helper.make_node(
                "MatMulNBits",
                [node.input[0], f"{name}.codes", f"{name}.scales"],
                list(node.output),
                name=node.name,
                domain=_DOMAIN,
                K=inputs,
                N=outputs,
                bits=done[name].bits,
                block_size=BLOCK,
                accuracy_level=accuracy_level,
            )
        )
    _drop_unused(graph, done)


def _replace_embeddings(graph: onnx.ModelProto, source: BlockSource) -> None:
    """Turn every look-up in a large table into GatherBlockQuantized."""
    from onnx import helper, numpy_helper

    tables = {
        tensor.name: tensor
        for tensor in graph.graph.initializer
        if len(tensor.dims) == 2 and tensor.dims[0] >= _LARGE_TABLE_ROWS and tensor.dims[1] % BLOCK == 0
    }
    done: list[str] = []
    for node in graph.graph.node:
        if node.op_type != "Gather" or node.input[0] not in tables:
            continue
        name = node.input[0]
        blocks = source.find(numpy_helper.to_array(tables[name]))
        if name not in done:
            done.append(name)
            _add_blocks(graph, name, blocks, blocks.packed.shape)
        node.CopyFrom(
            helper.make_node(
                "GatherBlockQuantized",
                [f"{name}.codes", node.input[1], f"{name}.scales"],
                list(node.output),
                name=node.name,
                domain=_DOMAIN,
                gather_axis=0,
                quantize_axis=1,
                block_size=BLOCK,
                bits=blocks.bits,
            )
        )
    _drop_unused(graph, done)


def _add_blocks(graph: onnx.ModelProto, name: str, blocks: Blocks, shape: tuple[int, ...]) -> None:
    from onnx import helper, numpy_helper

    graph.graph.initializer.append(numpy_helper.from_array(blocks.packed.reshape(shape), f"{name}.codes"))
    graph.graph.initializer.append(numpy_helper.from_array(blocks.scales, f"{name}.scales"))
    if all(entry.domain != _DOMAIN for entry in graph.opset_import):
        graph.opset_import.append(helper.make_opsetid(_DOMAIN, 1))


def _drop_unused(graph: onnx.ModelProto, names: Iterable[str]) -> None:
    """Remove the float32 matrices that nothing reads any more."""
    used = {name for node in graph.graph.node for name in node.input}
    gone = set(names) - used
    kept = [tensor for tensor in graph.graph.initializer if tensor.name not in gone]
    del graph.graph.initializer[:]
    graph.graph.initializer.extend(kept)
