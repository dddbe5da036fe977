"""Secrets of the server, on both databases."""

from __future__ import annotations

import threading

from serving.store.database import Database
from serving.store.signing import secret_of


def test_a_secret_is_made_once(database: Database) -> None:
    found: list[str] = []
    together = threading.Barrier(8)

    def ask() -> None:
        together.wait()
        with database.writing() as session:
            found.append(secret_of(session, "links"))

    threads = [threading.Thread(target=ask) for _ in range(together.parties)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == together.parties
    (secret,) = set(found)
    assert len(secret) >= 40
    with database.writing() as session:
        assert secret_of(session, "something else") != secret
