"""A second view of a text: which words and pieces of words it holds.

A sentence encoder hears what a text means, and blurs product names, error codes and rare words; with few
examples, counting pieces of words tells intents apart as well as it does. This encoder weighs the pieces by how
rare they are (tf-idf) and projects them on the directions in which the texts of a team differ most
(latent semantic analysis, Deerwester et al. 1990), so that its vectors can stand beside the other ones.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from repliek.encoder import FloatArray
from repliek.space import unit

VOCABULARY_FILE = "vocabulary.json"
PROJECTION_FILE = "projection.npy"

PIECE_LENGTHS = range(2, 6)
"""Characters in a piece of a word."""

MAX_CHARS = 2_000
"""Longer texts are read up to here; a mail's matter stands in its beginning."""

_WORD = re.compile(r"\w+")


def pieces(text: str, up_to: int = MAX_CHARS) -> Iterator[str]:
    """Yield the words of a text's beginning, and the pieces of each with a space at its ends; case is folded."""
    for word in words(text, up_to):
        yield from pieces_of(word)


def words(text: str, up_to: int = MAX_CHARS) -> list[str]:
    """Return the words of a text's beginning, as often as they stand there; case is folded."""
    return _WORD.findall(text[:up_to].lower())


def pieces_of(word: str) -> Iterator[str]:
    """Yield a word and its pieces."""
    yield word
    padded = f" {word} "
    for length in PIECE_LENGTHS:
        for start in range(len(padded) - length + 1):
            yield "#" + padded[start : start + length]


@dataclass(frozen=True, slots=True)
class LexicalEncoder:
    """Encodes queries and passages alike. Safe to share between threads.

    Attributes:
        vocabulary: row of each known piece.
        projection: (pieces, d) float16, each row scaled by the rarity of its piece.
    """

    vocabulary: dict[str, int]
    projection: np.ndarray

    @classmethod
    def from_directory(cls, folder: Path) -> LexicalEncoder:
        """Load what `save` wrote, from files that were verified."""
        names: list[str] = json.loads((folder / VOCABULARY_FILE).read_text(encoding="utf-8"))
        projection = np.load(folder / PROJECTION_FILE, allow_pickle=False)
        return cls({name: row for row, name in enumerate(names)}, projection)

    def save(self, folder: Path) -> None:
        """Write the encoder's two files into `folder`, which is made."""
        folder.mkdir(parents=True)
        (folder / VOCABULARY_FILE).write_text(json.dumps(list(self.vocabulary), ensure_ascii=False), encoding="utf-8")
        np.save(folder / PROJECTION_FILE, self.projection, allow_pickle=False)

    @property
    def dimensions(self) -> int:
        """Length of every vector."""
        return int(self.projection.shape[1])

    def encode_queries(self, texts: Sequence[str]) -> FloatArray:
        """Return (texts, dimensions) float32, rows of length one; zeros for a text without a known piece."""
        return unit(np.stack([self._project(text) for text in texts])) if texts else self._nothing()

    def encode_passages(self, texts: Sequence[str]) -> FloatArray:
        """Return what `encode_queries` returns: a word is the same in a question and in its answer."""
        return self.encode_queries(texts)

    def _nothing(self) -> FloatArray:
        return np.zeros((0, self.dimensions), dtype=np.float32)

    def _project(self, text: str) -> FloatArray:
        counts = Counter(row for piece in pieces(text) if (row := self.vocabulary.get(piece)) is not None)
        if not counts:
            return np.zeros(self.dimensions, dtype=np.float32)
        rows = np.fromiter(counts.keys(), dtype=np.int64, count=len(counts))
        weights = 1 + np.log(np.fromiter(counts.values(), dtype=np.float32, count=len(counts)))
        return weights @ self.projection[rows].astype(np.float32)
