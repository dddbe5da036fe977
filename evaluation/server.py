"""A server of one's own to measure, on a free port of this machine."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import IO

from repliek.errors import RepliekError

READY_WITHIN_SECONDS = 120
ENDED_WITHIN_SECONDS = 30


class ServerError(RepliekError):
    """The server that is to be measured does not answer as it should."""


@contextmanager
def own_server(bundle: Path, database: str | None = None, workers: int = 1) -> Iterator[str]:
    """Start a server of `bundle`, and end it after the block.

    Args:
        bundle: the bundle's folder.
        database: URL of its store; without one, a store that is gone afterwards: what is measured must not stand
            among what agents were shown.
        workers: processes.

    Raises:
        ServerError: it does not start.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    settings = ["--bundle", str(bundle.resolve()), "--port", str(port), "--workers", str(workers)]
    root = Path(__file__).resolve().parent.parent
    with tempfile.TemporaryFile() as output, tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "REPLIEK_DATABASE_URL": database or f"sqlite:///{folder}/repliek.db"}
        command = [sys.executable, "-m", "serving", "run", *settings]
        process = subprocess.Popen(command, cwd=root, env=environment, stdout=output, stderr=subprocess.STDOUT)
        try:
            _wait_until_ready(port, process, output)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(ENDED_WITHIN_SECONDS)


def _wait_until_ready(port: int, process: subprocess.Popen[bytes], output: IO[bytes]) -> None:
    deadline = time.monotonic() + READY_WITHIN_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        connection = HTTPConnection("127.0.0.1", port, timeout=READY_WITHIN_SECONDS)
        try:
            connection.request("GET", "/readyz")
            if connection.getresponse().status == 200:
                return
        except (OSError, HTTPException):
            time.sleep(0.1)
        finally:
            connection.close()
    output.seek(0)
    said = output.read().decode("utf-8", "replace").strip().splitlines()
    raise ServerError(f"the server did not start within {READY_WITHIN_SECONDS} s; it said: {said[-1] if said else '-'}")
