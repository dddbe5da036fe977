"""Encoders that several bundles hold, once in memory."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from repliek.encoder import OnnxEncoder


class SharedEncoders:
    """Opens encoders, each once: an encoder is most of what a bundle takes in memory, and safe to share."""

    def __init__(self) -> None:
        self._opened: dict[tuple[frozenset[tuple[str, str]], int], OnnxEncoder] = {}

    def open(self, folder: Path, files: Mapping[str, str], *, threads: int) -> OnnxEncoder:
        """Return the encoder in `folder`, or the same one that was opened elsewhere.

        Args:
            folder: of the encoder, verified.
            files: sha256 of every file in it, by its name.
            threads: threads of one run; encoders with different ones are not shared.

        Raises:
            EncoderError: the encoder cannot be read.
        """
        key = (frozenset(files.items()), threads)
        if key not in self._opened:
            self._opened[key] = OnnxEncoder.from_directory(folder, threads=threads, verify=False)
        return self._opened[key]
