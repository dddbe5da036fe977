"""A stand-in for a helpdesk's API on loopback: it keeps every call, and answers as it is told."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True, slots=True)
class Call:
    """One request that came in; headers by lower-case name."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """What to answer with; `hang` keeps the caller waiting until the stand-in closes."""

    status: int
    headers: dict[str, str] = field(default_factory=dict[str, str])
    body: bytes = b"{}"
    hang: bool = False


@dataclass(slots=True)
class StandIn:
    """A helpdesk at `url`; `replies` are given in turn, then 201."""

    url: str
    calls: list[Call] = field(default_factory=list[Call])
    replies: list[Reply] = field(default_factory=list[Reply])


@contextmanager
def stand_in_helpdesk() -> Iterator[StandIn]:
    """Serve until the block ends."""
    closing = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle(self) -> None:
            with suppress(ConnectionError):  # the caller goes away without reading the answer
                super().handle()

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            stand_in.calls.append(Call(self.command, self.path, headers, body))
            reply = stand_in.replies.pop(0) if stand_in.replies else Reply(201)
            if reply.hang:
                closing.wait(10)
                self.close_connection = True
                return
            self.send_response(reply.status)
            for name, value in {"Content-Length": str(len(reply.body)), **reply.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(reply.body)

        do_GET = do_POST = do_PUT = _answer  # noqa: N815  (the names that http.server calls)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    stand_in = StandIn(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield stand_in
    finally:
        closing.set()
        server.shutdown()
        thread.join()
        server.server_close()
