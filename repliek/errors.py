"""The exceptions of Repliek.

    RepliekError
    ├── DataError        a file of history, answers or brand settings cannot be used
    │   └── RecordError  one line or row of it is wrong; names file, line and reason
    ├── BundleError      a bundle is missing, incomplete, altered or of another format
    ├── EncoderError     an encoder cannot be found, built, read or verified
    ├── LimitError       a request holds more than the engine accepts
    └── ClusterError     Ray is not installed, or no cluster answers

Every message says what was found, what was expected and what to do. None of them
quotes a customer's words.
"""

from __future__ import annotations


class RepliekError(Exception):
    """Root of everything that Repliek raises on purpose."""


class DataError(RepliekError):
    """A file of history, answers or brand settings cannot be used."""


class RecordError(DataError):
    """One record of a file is wrong.

    Args:
        source: the file, as the user named it.
        line: line or row in the file, counted from 1 as an editor shows it.
        reason: what was expected, without the text that was found.
    """

    def __init__(self, source: str, line: int, reason: str) -> None:
        super().__init__(f"{source}, line {line}: {reason}")
        self.source = source
        self.line = line
        self.reason = reason


class BundleError(RepliekError):
    """A bundle is missing, incomplete, altered or of another format."""


class EncoderError(RepliekError):
    """An encoder cannot be found, built, read or verified."""


class LimitError(RepliekError):
    """A request holds more than the engine accepts."""


class ClusterError(RepliekError):
    """Ray is not installed, or no cluster answers."""
