"""The server as it runs, with its workers: started, found ready, and ended by its process id."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil
import pytest

from serving.settings import ROOT

READY_WITHIN_SECONDS = 60
ENDED_WITHIN_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Running:
    """A server that answers."""

    url: str
    pid: int
    log: Path

    @property
    def workers(self) -> list[psutil.Process]:
        """Those of its processes that answer requests."""
        return [one for one in psutil.Process(self.pid).children(recursive=True) if _is_worker(one)]


def _is_worker(process: psutil.Process) -> bool:
    return "_bentoml_impl.worker.service" in process.cmdline()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_ready(url: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + READY_WITHIN_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            if httpx.get(f"{url}/readyz").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    pytest.fail(f"the server was not ready within {READY_WITHIN_SECONDS} s (exit code {server.poll()})")


@contextmanager
def running(folder: Path, *options: str) -> Iterator[Running]:
    """`python -m serving run` with these options, on a free port of this machine; its log is a file in `folder`."""
    port = free_port()
    command = [sys.executable, "-m", "serving", "run", *options, "--port", str(port)]
    with (folder / "log").open("wb") as output:
        server = subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT)
    try:
        wait_until_ready(f"http://127.0.0.1:{port}", server)
        yield Running(f"http://127.0.0.1:{port}", server.pid, folder / "log")
    finally:
        os.kill(server.pid, signal.SIGTERM)
        server.wait(ENDED_WITHIN_SECONDS)


@contextmanager
def client_of_each_worker(server: Running, workers: int) -> Iterator[list[httpx.Client]]:
    """One client for each worker: its connection stays with the worker that took it."""
    with ExitStack() as stack:
        found: dict[int, httpx.Client] = {}
        deadline = time.monotonic() + READY_WITHIN_SECONDS
        while len(found) < workers and time.monotonic() < deadline:
            client = stack.enter_context(httpx.Client(base_url=server.url))
            found.setdefault(_worker_of(server, client), client)
        assert len(found) == workers
        yield list(found.values())


def _worker_of(server: Running, client: httpx.Client) -> int:
    """The process that holds the other end of a client's connection, once it has answered."""
    with client.stream("GET", "/livez") as response:
        port = response.extensions["network_stream"].get_extra_info("client_addr")[1]
        response.read()
    return next(
        worker.pid
        for worker in server.workers
        for one in worker.net_connections("tcp")
        if one.raddr and one.raddr.port == port
    )
