"""Turn texts into vectors, without torch: tokenizers and onnxruntime on one folder of files.

An encoder's folder holds `encoder.json` (an `EncoderConfig`), an ONNX graph and a `tokenizer.json`. The graph
takes `input_ids` and `attention_mask`, (batch, tokens) int64, and returns `sentence_embedding`, (batch,
dimensions) float32 rows of length one: pooling and normalisation are part of it.

What a customer asks is a query, what is looked for is a passage; models such as E5 were trained with a prefix for
each, so the two are encoded by two methods.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar, Protocol, Self, TypeAlias, runtime_checkable

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from repliek.errors import EncoderError

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Encoding, Tokenizer

__all__ = [
    "CONFIG_FILE",
    "Encoder",
    "EncoderConfig",
    "FloatArray",
    "GraphConfig",
    "OnnxEncoder",
    "OpenGraph",
    "refuse_external_data",
]

FloatArray: TypeAlias = npt.NDArray[np.float32]
IdArray: TypeAlias = npt.NDArray[np.int64]

CONFIG_FILE = "encoder.json"
TOKENIZER_FILE = "tokenizer.json"

# No SentencePiece or WordPiece piece in common use is longer, so a text cut here still fills `max_tokens`.
_CHARACTERS_PER_TOKEN = 16
BATCH = 32
CHUNK = 32 * BATCH
# onnxruntime 1.31 computes this fused operator in a plain loop: a fifth of a run, where the two parts take a twentieth.
_SLOWER_WITH = ["SkipLayerNormFusion"]

_FileName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
_Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


@runtime_checkable
class Encoder(Protocol):
    """Anything that turns texts into unit vectors; tests pass a fake, users pass any model."""

    @property
    def dimensions(self) -> int:
        """Length of every vector."""
        ...

    def encode_queries(self, texts: Sequence[str]) -> FloatArray:
        """Vectors of what customers ask: (texts, dimensions) float32, rows of length one."""
        ...

    def encode_passages(self, texts: Sequence[str]) -> FloatArray:
        """Vectors of what is looked for: (texts, dimensions) float32, rows of length one."""
        ...


class GraphConfig(BaseModel):
    """What a JSON file says about the graph and the tokenizer beside it.

    Attributes:
        file_name: of the JSON file.
        name: the model, as people call it.
        source: where weights and tokenizer come from.
        licence: SPDX expression of the weights.
        max_tokens: a longer text is cut here, special tokens included.
        graph: file name of the ONNX graph.
        files: sha256 of every file but the JSON file, by name.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    file_name: ClassVar[str]

    name: str
    source: str
    licence: str
    max_tokens: Annotated[int, Field(gt=2)] = 256
    graph: _FileName = "model.onnx"
    files: Mapping[_FileName, _Sha256]

    @classmethod
    def from_directory(cls, path: Path) -> Self:
        """Read the JSON file in folder `path`.

        Raises:
            EncoderError: the file is missing or says something it must not.
        """
        file = path / cls.file_name
        try:
            return cls.model_validate_json(_read(file))
        except ValidationError as error:
            problems = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
            raise EncoderError(f"{file} is not a valid encoder description: {problems}") from error

    def write(self, folder: Path) -> None:
        """Write the JSON file into `folder`."""
        (folder / self.file_name).write_text(self.model_dump_json(indent=2) + "\n", encoding="utf-8")


class EncoderConfig(GraphConfig):
    """What `encoder.json` says about the files beside it.

    Attributes:
        dimensions: length of a vector.
        query_prefix: put before every query.
        passage_prefix: put before every passage.
        batch_invariant: whether a text's vector is free of what else is in its batch. Where it is not
            (int8 activations are scaled per tensor), texts are run one by one.
    """

    file_name: ClassVar[str] = CONFIG_FILE

    dimensions: Annotated[int, Field(gt=0)]
    query_prefix: str = ""
    passage_prefix: str = ""
    batch_invariant: bool


class OnnxEncoder:
    """An encoder that runs an ONNX graph on the CPU. Safe to call from several threads."""

    def __init__(self, config: EncoderConfig, tokenizer: Tokenizer, session: InferenceSession) -> None:
        self.config = config
        self._tokenizer = tokenizer
        self._session = session

    @classmethod
    def from_directory(cls, path: Path | str, *, threads: int = 1, verify: bool = True) -> OnnxEncoder:
        """Load the encoder in folder `path`.

        Args:
            path: folder with `encoder.json`, the graph and `tokenizer.json`.
            threads: threads of one run. One serves best where requests come side by side; 0 takes every core.
            verify: compare each file with its sha256 first. Pass False only where it was just compared.

        Raises:
            EncoderError: a file is missing, altered, not readable, or keeps tensors outside itself.
        """
        folder = Path(path)
        config = EncoderConfig.from_directory(folder)
        opened = OpenGraph.from_directory(folder, config, threads=threads, verify=verify)
        shapes = {output.name: output.shape for output in opened.session.get_outputs()}
        if shapes.get("sentence_embedding", [None])[-1] != config.dimensions:
            raise EncoderError(
                f"{folder / config.graph} has outputs {shapes}, expected 'sentence_embedding' of "
                f"{config.dimensions} dimensions"
            )
        return cls(config, opened.tokenizer, opened.session)

    @property
    def dimensions(self) -> int:
        """Length of every vector."""
        return self.config.dimensions

    def encode_queries(self, texts: Sequence[str]) -> FloatArray:
        """Vectors of what customers ask: (texts, dimensions) float32, rows of length one."""
        return self._encode(texts, self.config.query_prefix)

    def encode_passages(self, texts: Sequence[str]) -> FloatArray:
        """Vectors of what is looked for: (texts, dimensions) float32, rows of length one."""
        return self._encode(texts, self.config.passage_prefix)

    def _encode(self, texts: Sequence[str], prefix: str) -> FloatArray:
        vectors = np.empty((len(texts), self.dimensions), dtype=np.float32)
        for start in range(0, len(texts), CHUNK):
            prepared = [prefix + clean(text, self.config.max_tokens) for text in texts[start : start + CHUNK]]
            encodings = self._tokenizer.encode_batch(prepared)
            for rows in batches(encodings, BATCH if self.config.batch_invariant else 1):
                vectors[[start + row for row in rows]] = self._run([encodings[row] for row in rows])
        return vectors

    def _run(self, encodings: Sequence[Encoding]) -> FloatArray:
        """One run of the graph: (encodings, dimensions) float32."""
        ids = padded([encoding.ids for encoding in encodings])
        mask = padded([encoding.attention_mask for encoding in encodings])
        (vectors,) = self._session.run(["sentence_embedding"], {"input_ids": ids, "attention_mask": mask})
        return np.asarray(vectors, dtype=np.float32)


@dataclass(frozen=True, slots=True)
class OpenGraph:
    """A graph that is ready to run, with the tokenizer that feeds it."""

    tokenizer: Tokenizer
    session: InferenceSession

    @classmethod
    def from_directory(cls, folder: Path, config: GraphConfig, *, threads: int, verify: bool) -> OpenGraph:
        """Open what `config` describes; the arguments and errors are those of `OnnxEncoder.from_directory`."""
        graph, tokenizer = (
            _read_listed(folder, name, config, verify=verify) for name in (config.graph, TOKENIZER_FILE)
        )
        refuse_external_data(graph, folder / config.graph)
        return cls(
            _load_tokenizer(tokenizer, folder / TOKENIZER_FILE, config.max_tokens),
            _load_session(graph, folder / config.graph, threads),
        )


def clean(text: str, max_tokens: int) -> str:
    """Return `text` without what a tokenizer cannot take, cut so that a long one costs no more than a full one."""
    short = text.lstrip()[: max_tokens * _CHARACTERS_PER_TOKEN]
    return short.encode("utf-8", "replace").decode("utf-8")


def batches(encodings: Sequence[Encoding], size: int) -> Iterator[list[int]]:
    """Yield row numbers of what to run together: of about the same length, so that little is padding."""
    by_length = sorted(range(len(encodings)), key=lambda row: len(encodings[row]))
    for start in range(0, len(by_length), size):
        yield by_length[start : start + size]


def padded(rows: Sequence[Sequence[int]]) -> IdArray:
    """Return (rows, longest row) int64. Padding has id 0 and mask 0, so it counts nowhere."""
    whole: IdArray = np.zeros((len(rows), max(map(len, rows))), dtype=np.int64)
    for place, row in enumerate(rows):
        whole[place, : len(row)] = row
    return whole


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise EncoderError(f"{file} cannot be read: {error.strerror}; build the encoder again") from error


def _read_listed(folder: Path, name: str, config: GraphConfig, *, verify: bool) -> bytes:
    """The bytes of one file of the encoder; what is hashed is what is used, so nothing can slip in between."""
    content = _read(folder / name)
    if not verify:
        return content
    expected = config.files.get(name)
    found = hashlib.sha256(content).hexdigest()
    if found != expected:
        raise EncoderError(
            f"{folder / name} has sha256 {found}, {config.file_name} says {expected}: it was altered or half "
            "written; build the encoder again"
        )
    return content


def _load_tokenizer(content: bytes, file: Path, max_tokens: int) -> Tokenizer:
    from tokenizers import Tokenizer

    try:
        tokenizer = Tokenizer.from_str(content.decode("utf-8"))
    except Exception as error:  # tokenizers raises bare Exception
        raise EncoderError(f"{file} is not a tokenizer: {error}") from error
    tokenizer.enable_truncation(max_length=max_tokens)
    tokenizer.no_padding()
    return tokenizer


def _load_session(content: bytes, file: Path, threads: int) -> InferenceSession:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # Waiting threads that spin take the core from the next request.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(
            content, options, providers=["CPUExecutionProvider"], disabled_optimizers=_SLOWER_WITH
        )
    except Exception as error:  # onnxruntime's exceptions share no public base but Exception
        raise EncoderError(f"{file} is not a graph that this onnxruntime can run: {error}") from error


# Which fields of an ONNX message lead to tensors: {message: {field number: message}}, from onnx.proto3.
_TENSOR_PATHS: dict[str, dict[int, str]] = {
    "model": {7: "graph", 20: "training", 25: "function"},
    "training": {1: "graph", 2: "graph"},
    "function": {7: "node", 11: "attribute"},
    "graph": {1: "node", 5: "tensor", 15: "sparse"},
    "node": {5: "attribute"},
    "attribute": {5: "tensor", 6: "graph", 10: "tensor", 11: "graph", 22: "sparse", 23: "sparse"},
    "sparse": {1: "tensor", 2: "tensor"},
}
_EXTERNAL_DATA, _DATA_LOCATION = 13, 14


def refuse_external_data(model: bytes, file: Path) -> None:
    """Refuse an ONNX model whose tensors lie in other files: only its own bytes were verified.

    The protobuf is walked here because the engine does without the `onnx` package.

    Args:
        model: the serialised model.
        file: where it came from, for the message.

    Raises:
        EncoderError: a tensor lies outside the file, or `model` is not protobuf.
    """
    try:
        external = _has_external_data(memoryview(model), "model")
    except (IndexError, ValueError) as error:
        raise EncoderError(f"{file} is not an ONNX model; build it again") from error
    if external:
        raise EncoderError(f"{file} keeps tensors in other files; save it as one file, without external data")


def _has_external_data(message: memoryview, kind: str) -> bool:
    if kind == "tensor":
        return any(
            number == _EXTERNAL_DATA or (number == _DATA_LOCATION and value == 1) for number, value in _fields(message)
        )
    paths = _TENSOR_PATHS[kind]
    return any(
        isinstance(value, memoryview) and number in paths and _has_external_data(value, paths[number])
        for number, value in _fields(message)
    )


def _fields(message: memoryview) -> Iterator[tuple[int, int | memoryview]]:
    """Field numbers and values of one protobuf message; fixed-width numbers are passed over."""
    position = 0
    while position < len(message):
        tag, position = _varint(message, position)
        number, wire = tag >> 3, tag & 7
        if wire == 0:
            value, position = _varint(message, position)
            yield number, value
            continue
        size = {1: 8, 5: 4}.get(wire)
        if wire == 2:
            size, position = _varint(message, position)
        if size is None or position + size > len(message):
            raise ValueError(f"wire type {wire} at byte {position}")
        if wire == 2:
            yield number, message[position : position + size]
        position += size


def _varint(message: memoryview, position: int) -> tuple[int, int]:
    """A variable-length number at `position`, and the position after it."""
    value = shift = 0
    while True:
        byte = message[position]
        value |= (byte & 127) << shift
        position += 1
        if byte < 128:
            return value, position
        shift += 7
