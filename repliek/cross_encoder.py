"""Read a message and a text side by side, and say how well the one answers the other; without torch.

A cross-encoder's folder holds `cross-encoder.json` (a `CrossEncoderConfig`), an ONNX graph and a `tokenizer.json`, all
read like those of an encoder. The graph takes `input_ids`, `attention_mask` and, where the model tells the two texts
apart by them, `token_type_ids`, (batch, tokens) int64 all three, and returns `score`, (batch,) float32.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, NamedTuple, Protocol

import numpy as np

from repliek.encoder import BATCH, CHUNK, FloatArray, GraphConfig, OpenGraph, batches, clean, padded
from repliek.errors import EncoderError

if TYPE_CHECKING:
    from tokenizers import Encoding

SCORE = "score"

_INPUTS: Mapping[str, attrgetter[list[int]]] = {
    "input_ids": attrgetter("ids"),
    "attention_mask": attrgetter("attention_mask"),
    "token_type_ids": attrgetter("type_ids"),
}
"""What a graph may take, and where a tokenizer's encoding holds it."""


class Pair(NamedTuple):
    """A message, and a text that may answer it."""

    message: str
    text: str


class CrossEncoder(Protocol):
    """Anything that reads two texts together."""

    def score(self, pairs: Sequence[Pair]) -> FloatArray:
        """Return (pairs,) float32: the higher, the better the text answers the message; no probability."""
        ...


class CrossEncoderConfig(GraphConfig):
    """What `cross-encoder.json` says about the files beside it."""

    file_name: ClassVar[str] = "cross-encoder.json"


class OnnxCrossEncoder:
    """A cross-encoder that runs an ONNX graph on the CPU. Safe to call from several threads."""

    def __init__(self, config: CrossEncoderConfig, opened: OpenGraph) -> None:
        self.config = config
        self._tokenizer = opened.tokenizer
        self._session = opened.session
        self._inputs = tuple(found.name for found in opened.session.get_inputs())

    @classmethod
    def from_directory(cls, path: Path | str, *, threads: int = 1, verify: bool = True) -> OnnxCrossEncoder:
        """Load the cross-encoder in folder `path`.

        Args:
            path: folder with `cross-encoder.json`, the graph and `tokenizer.json`.
            threads: threads of one run; 0 takes every core.
            verify: compare each file with its sha256 first. Pass False only where it was just compared.

        Raises:
            EncoderError: a file is missing, altered, not readable, keeps tensors outside itself or is no cross-encoder.
        """
        folder = Path(path)
        config = CrossEncoderConfig.from_directory(folder)
        opened = OpenGraph.from_directory(folder, config, threads=threads, verify=verify)
        found = {"inputs": [one.name for one in opened.session.get_inputs()]}
        found["outputs"] = [one.name for one in opened.session.get_outputs()]
        if found["outputs"] != [SCORE] or not set(found["inputs"]) <= set(_INPUTS):
            raise EncoderError(
                f"{folder / config.graph} has {found}, expected the output {SCORE!r} and inputs among {list(_INPUTS)}"
            )
        return cls(config, opened)

    def score(self, pairs: Sequence[Pair]) -> FloatArray:
        """Return (pairs,) float32: the higher, the better the text answers the message; no probability."""
        limit = self.config.max_tokens
        scores = np.empty(len(pairs), dtype=np.float32)
        for start in range(0, len(pairs), CHUNK):
            prepared = [(clean(pair.message, limit), clean(pair.text, limit)) for pair in pairs[start : start + CHUNK]]
            encodings = self._tokenizer.encode_batch(prepared)
            for rows in batches(encodings, BATCH):
                scores[[start + row for row in rows]] = self._run([encodings[row] for row in rows])
        return scores

    def _run(self, encodings: Sequence[Encoding]) -> FloatArray:
        """One run of the graph: (encodings,) float32."""
        feed = {name: padded([_INPUTS[name](encoding) for encoding in encodings]) for name in self._inputs}
        (scores,) = self._session.run([SCORE], feed)
        return np.asarray(scores, dtype=np.float32)
