"""What `python -m serving run` and `bentoml serve` refuse, in one line, with nothing half-made."""

from __future__ import annotations

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from serving.__main__ import app
from serving.commands.run import findings
from serving.helpdesks.adapter import Helpdesk
from serving.settings import ROOT, Settings
from serving.startup import check
from serving.store import database as module
from serving.store.database import Database
from tests.command_line import Ended, command
from tests.served import migrated, sqlite_url
from tests.served_helpdesks import connected
from tests.servers import READY_WITHIN_SECONDS, free_port


def start(bundle: Path, url: str, *options: str) -> Ended:
    return command(app, "run", "--bundle", bundle, "--database", url, "--port", free_port(), *options)


def assert_refused(ended: Ended, said: str) -> None:
    """Exit code 1, and one line that says why."""
    assert ended.code == 1
    assert said in ended.stderr
    assert ended.stderr.startswith("error: ")
    assert ended.stderr.count("\n") == 1
    assert ended.stdout == ""


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield int(other.getsockname()[1])


def test_a_port_that_is_taken(tiny_bundle: Path, tmp_path: Path, taken_port: int) -> None:
    ended = start(tiny_bundle, sqlite_url(tmp_path), "--port", str(taken_port))
    assert_refused(ended, f"127.0.0.1 port {taken_port} is taken; choose another with --host or --port")
    assert list(tmp_path.iterdir()) == []


def test_an_address_of_another_machine(tiny_bundle: Path, tmp_path: Path) -> None:
    ended = start(tiny_bundle, sqlite_url(tmp_path), "--host", "192.0.2.7")
    assert_refused(ended, "cannot be used")


def test_no_bundle(tmp_path: Path) -> None:
    ended = start(tmp_path / "bundle", sqlite_url(tmp_path))
    assert_refused(ended, "`make run` or `python -m training fit` makes one")
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_bundle(tmp_path: Path, tiny_bundle: Path) -> None:
    shutil.copytree(tiny_bundle, tmp_path / "bundle")
    with (tmp_path / "bundle/brand.toml").open("a") as brand:
        brand.write("\n")
    ended = start(tmp_path / "bundle", sqlite_url(tmp_path / "store"))
    assert_refused(ended, "brand.toml differs from its checksum")
    assert not (tmp_path / "store").exists()


def test_one_damaged_bundle_of_two(tmp_path: Path, tiny_bundle: Path) -> None:
    options = ["--brand", f"shop={tiny_bundle}", "--brand", f"energy={tmp_path / 'none'}"]
    ended = command(app, "run", *options, "--database", sqlite_url(tmp_path), "--port", free_port())
    assert_refused(ended, f"there is no bundle at {tmp_path / 'none'}")


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_nobody_is_kept_out_of_an_address_that_others_reach(tmp_path: Path, tiny_bundle: Path, host: str) -> None:
    ended = start(tiny_bundle, sqlite_url(tmp_path), "--host", host)
    assert_refused(ended, f"{host} can be reached from other machines, and no API key keeps anybody out; make one")


def test_a_key_that_was_revoked_keeps_nobody_out(tmp_path: Path, tiny_bundle: Path) -> None:
    on = ["--database", sqlite_url(tmp_path)]
    command(app, "keys", "create", "--name", "helpdesk", "--scope", "suggest", *on)
    database = Database.from_url(sqlite_url(tmp_path))
    with database.reading() as session:
        key_id = session.execute(text("SELECT key_id FROM api_keys")).scalar_one()
    database.close()
    assert command(app, "keys", "revoke", key_id, *on).code == 0
    assert_refused(start(tiny_bundle, sqlite_url(tmp_path), "--host", "0.0.0.0"), "make one with `python -m serving")


def test_a_locked_database(tmp_path: Path, tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "WAIT_SECONDS", 0.1)
    url = migrated(sqlite_url(tmp_path))
    other = sqlite3.connect(tmp_path / "repliek.db", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    assert_refused(start(tiny_bundle, url), "database is locked; another process holds it: end that one, or wait")
    other.close()


def test_a_full_disk(tmp_path: Path, tiny_bundle: Path) -> None:
    arguments = ["run", "--bundle", str(tiny_bundle), "--database", sqlite_url(tmp_path), "--port", str(free_port())]
    # No file of the process may grow beyond 16 kB: the system refuses to write on, as on a disk that is full.
    limited = ["sh", "-c", 'ulimit -f 32 && exec "$@"', "sh", sys.executable, "-m", "serving", *arguments]
    ended = subprocess.run(limited, cwd=ROOT, capture_output=True, text=True, timeout=READY_WITHIN_SECONDS, check=False)
    assert_refused(Ended(ended.returncode, ended.stdout, ended.stderr), "see whether the disk is full or broken")
    with sqlite3.connect(tmp_path / "repliek.db") as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == []
    connection.close()


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mysql://root:geheim@localhost/repliek", "is no database's URL; expected sqlite:///FILE.db or postgresql://"),
        ("postgresql://repliek:geheim@127.0.0.1:1/repliek", "see whether the server runs and can be reached"),
    ],
)
def test_a_database_that_is_none(tiny_bundle: Path, url: str, said: str) -> None:
    ended = start(tiny_bundle, url)
    assert_refused(ended, said)
    assert "geheim" not in ended.stderr


def test_a_database_of_a_newer_version(tmp_path: Path, tiny_bundle: Path) -> None:
    url = migrated(sqlite_url(tmp_path))
    with sqlite3.connect(tmp_path / "repliek.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    assert_refused(start(tiny_bundle, url), "made by a newer version of Repliek (its tables have the unknown form")


@pytest.mark.parametrize(
    ("broken", "said"),
    [("op.execute('SELECT a FROM nowhere')", "no such table: nowhere"), ("{}['a']", "KeyError: 'a'")],
)
def test_a_migration_that_breaks(
    tmp_path: Path, tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch, broken: str, said: str
) -> None:
    migrations = tmp_path / "migrations"
    shutil.copytree(module.MIGRATIONS, migrations, ignore=shutil.ignore_patterns("__pycache__"))
    url = migrated(sqlite_url(tmp_path))
    (migrations / "versions" / "v9999_broken.py").write_text(
        "from alembic import op\nrevision, down_revision = '9999', '0001'\n"
        "def upgrade():\n"
        "    op.execute('CREATE TABLE half (a INTEGER)')\n"
        f"    {broken}\n"
    )
    monkeypatch.setattr(module, "MIGRATIONS", migrations)
    assert_refused(start(tiny_bundle, url), f"the tables cannot be migrated ({said}); nothing was changed")
    with sqlite3.connect(tmp_path / "repliek.db") as connection:
        assert connection.execute("SELECT name FROM sqlite_master WHERE name = 'half'").fetchall() == []
    connection.close()


def test_helpdesks_that_cannot_be_read(tmp_path: Path, tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPLIEK_HELPDESKS", str(tmp_path / "helpdesks.toml"))
    ended = start(tiny_bundle, sqlite_url(tmp_path / "store"))
    assert_refused(ended, f"{tmp_path / 'helpdesks.toml'}: ")
    assert not (tmp_path / "store").exists()


def test_a_helpdesk_of_a_brand_that_is_not_served(
    tmp_path: Path, tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = connected(tmp_path / "helpdesks.toml", "http://127.0.0.1:9", [Helpdesk.CHATWOOT])
    file.write_text(file.read_text(encoding="utf-8") + 'brand = "shop"\n', encoding="utf-8")
    monkeypatch.setenv("REPLIEK_HELPDESKS", str(file))
    ended = start(tiny_bundle, sqlite_url(tmp_path))
    assert_refused(ended, f"{file}, chatwoot: no brand 'shop' is served, only default")


def test_helpdesks_without_an_address_for_links(
    tmp_path: Path, tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = connected(tmp_path / "helpdesks.toml", "http://127.0.0.1:9", [Helpdesk.CHATWOOT, Helpdesk.STANDARD])
    settings = Settings(bundle=tiny_bundle, database_url=sqlite_url(tmp_path), helpdesks=file)
    checked = check(settings)
    remark = "; REPLIEK_PUBLIC_URL is not set: its notes have no links"
    chatwoot, standard = "Helpdesk chatwoot of brand default", "Helpdesk standard of brand default."
    assert {f"{chatwoot}{remark}.", standard} <= set(findings(settings, checked))
    reached = settings.model_copy(update={"public_url": "https://repliek.example"})
    assert {f"{chatwoot}.", standard} <= set(findings(reached, checked))


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--port", "0"], "port: "),
        (["--host", "somewhere"], "host"),
        (["--workers", "0"], "workers: "),
        (["--brand", "shop"], "'shop'; expected NAME=DIR"),
        (["--brand", "=bundle"], "expected NAME=DIR"),
        (["--brand", "Big Shop=bundle"], "brands.Big Shop"),
        (["--brand", "shop=a", "--brand", "shop=b"], "'shop' stands twice"),
        (["--bundle", "a", "--brand", "shop=b"], "not both"),
    ],
)
def test_wrong_use(options: list[str], said: str) -> None:
    ended = command(app, "run", *options)
    assert ended.code == 2
    assert said in ended.said


def test_brands_that_are_no_json(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPLIEK_BRANDS", "shop=bundle")
    ended = command(app, "run")
    assert ended.code == 2
    assert "brands" in ended.said


@pytest.mark.parametrize(
    ("setting", "value", "said"),
    [("BUNDLE", "none", b"there is no bundle"), ("HOST", "0.0.0.0", b"no API key keeps anybody out")],
)
def test_bentoml_serve_refuses_too(tmp_path: Path, tiny_bundle: Path, setting: str, value: str, said: bytes) -> None:
    environment = {
        **os.environ,
        "REPLIEK_BUNDLE": str(tiny_bundle),
        "REPLIEK_DATABASE_URL": sqlite_url(tmp_path),
        "REPLIEK_PORT": str(free_port()),
        f"REPLIEK_{setting}": value,
    }
    result = subprocess.run(
        [sys.executable, "-m", "bentoml", "serve", "serving.service:Repliek"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        timeout=READY_WITHIN_SECONDS,
        check=False,
    )
    assert result.returncode == 1
    assert said in result.stderr
    assert b"Traceback" not in result.stderr
