"""Ray, where it is installed: connecting to a cluster, and sending a folder along."""

from __future__ import annotations

import os
import socket
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from repliek.errors import ClusterError

_SETTINGS = {
    "RAY_USAGE_STATS_ENABLED": "0",  # or it reports its use to its makers
    "RAY_worker_niceness": "0",  # or its workers stand back for every other process, at 15
}


_ANSWERS_WITHIN_SECONDS = 10


class EngineName(StrEnum):
    """Where long work is done: in this process, or on a Ray cluster."""

    LOCAL = "local"
    RAY = "ray"


@contextmanager
def connected(address: str | None, workers: int | None) -> Generator[int]:
    """Use a Ray cluster while inside, and yield how many workers it has room for.

    Args:
        address: of a cluster, `auto` for the one that runs on this machine; without it one is started here, and ended.
        workers: how many are wanted; as many as there are cores without it.

    Raises:
        ClusterError: Ray is not installed, or no cluster answers at `address`.
    """
    for name, value in _SETTINGS.items():
        os.environ.setdefault(name, value)
    try:
        import ray
    except ImportError:
        raise ClusterError("Ray is not installed; `pip install -c constraints.txt -e '.[ray]'` installs it") from None

    _refuse_silent(address)
    cores = None if address else workers or len(os.sched_getaffinity(0))
    try:
        ray.init(
            address or "local",
            num_cpus=cores,
            include_dashboard=None if address else False,
            log_to_driver=False,
            logging_level="error",
        )
    except (ConnectionError, ValueError):
        raise _silence(address) from None
    try:
        yield workers or max(1, int(ray.cluster_resources()["CPU"]))
    finally:
        ray.shutdown()


def _refuse_silent(address: str | None) -> None:
    """Ask whether anybody is at `address`, where it names a place: Ray itself would ask for minutes."""
    place = urlsplit(f"//{address.removeprefix('ray://')}" if address else "")
    if not (place.hostname and place.port):
        return
    try:
        socket.create_connection((place.hostname, place.port), _ANSWERS_WITHIN_SECONDS).close()
    except OSError:
        raise _silence(address) from None


def _silence(address: str | None) -> ClusterError:
    return ClusterError(f"no Ray cluster answers at {address or 'this machine'}; expected one there, check --address")


@dataclass(frozen=True, slots=True)
class Parcel:
    """The files of a folder, sent to machines that do not have it.

    Attributes:
        files: contents, by path within the folder.
    """

    files: dict[str, bytes]

    @classmethod
    def of(cls, folder: Path) -> Parcel:
        """Read all files of `folder`."""
        files = (file for file in sorted(folder.rglob("*")) if file.is_file())
        return cls({str(file.relative_to(folder)): file.read_bytes() for file in files})

    @contextmanager
    def unpacked(self) -> Generator[Path]:
        """Write the files into a folder of this machine, which is gone afterwards: load what is in it at once."""
        with tempfile.TemporaryDirectory(prefix="repliek-") as name:
            for path, content in self.files.items():
                (Path(name) / path).parent.mkdir(parents=True, exist_ok=True)
                (Path(name) / path).write_bytes(content)
            yield Path(name)
