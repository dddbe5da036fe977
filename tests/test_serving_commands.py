"""`python -m serving keys` and `migrate`, on SQLite and on PostgreSQL."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from serving.__main__ import app
from serving.settings import ROOT
from serving.store import keys
from serving.store.database import Database
from serving.store.keys import PREFIX, Key, Scope
from tests.command_line import Ended, command
from tests.served import sqlite_url


def kept(database: Database) -> dict[str, Key]:
    """What the store knows of each key, by its hash."""
    with database.reading() as session:
        return {secret_hash: key for key, secret_hash in keys.every(session)}


def create(url: str, *options: str) -> Ended:
    ended = command(app, "keys", "create", "--name", "helpdesk", "--scope", "suggest", "--database", url, *options)
    assert ended.code == 0
    return ended


def test_a_key_is_alone_on_stdout(store_url: str, database: Database) -> None:
    ended = create(store_url, "--scope", "answers:write", "--expires-in-days", "90")
    text = ended.stdout.removesuffix("\n")
    (key,) = kept(database).values()
    assert text.startswith(PREFIX)
    assert kept(database) == {keys.hash_of(text): key}
    assert (key.brand, key.name, key.scopes) == ("default", "helpdesk", {Scope.SUGGEST, Scope.ANSWERS_WRITE})
    assert key.expires_at is not None
    assert timedelta(days=89, hours=23) < key.expires_at - datetime.now(UTC) <= timedelta(days=90)
    assert f"Key {key.key_id} (helpdesk) allows answers:write, suggest for brand default, until " in ended.stderr
    assert text not in ended.stderr


def test_a_key_for_machines(store_url: str, database: Database) -> None:
    made = json.loads(create(store_url, "--json").stdout)
    assert list(kept(database)) == [keys.hash_of(made.pop("key"))]
    listed = command(app, "keys", "list", "--json", "--database", store_url)
    assert json.loads(listed.stdout) == [made]
    assert list(made) == ["key_id", "brand", "name", "scopes", "created_at", "expires_at", "revoked_at"]
    assert (made["scopes"], made["expires_at"], made["revoked_at"]) == (["suggest"], None, None)


def test_what_is_listed_of_a_key(store_url: str, database: Database) -> None:
    text = create(store_url, "--name", "desk [b]", "--expires-in-days", "1").stdout.strip()
    (key,) = kept(database).values()
    ended = command(app, "keys", "list", "--database", store_url)
    (row,) = (line for line in ended.stdout.splitlines() if key.key_id in line)
    cells = [cell.strip() for cell in row.split("│")[1:-1]]
    made, expires = (f"{at:%Y-%m-%d %H:%M} UTC" for at in (key.created_at, key.expires_at) if at)
    assert cells == [key.key_id, "default", "desk [b]", "suggest", made, expires, ""]
    assert text not in ended.stdout
    assert keys.hash_of(text) not in ended.stdout


def test_a_revoked_key(store_url: str, database: Database) -> None:
    create(store_url)
    (key,) = kept(database).values()
    ended = command(app, "keys", "revoke", key.key_id, "--database", store_url)
    assert (ended.code, ended.stderr) == (0, f"Key {key.key_id} (helpdesk) is revoked.\n")
    (revoked,) = kept(database).values()
    assert not revoked.is_good(datetime.now(UTC))


def test_a_rotated_key(store_url: str, database: Database) -> None:
    old_text = create(store_url, "--brand", "shop").stdout.strip()
    (old,) = kept(database).values()
    ended = command(app, "keys", "rotate", old.key_id, "--grace-hours", "2", "--database", store_url)
    found = kept(database)
    new, ending = found[keys.hash_of(ended.stdout.strip())], found[keys.hash_of(old_text)]
    assert (new.brand, new.name, new.scopes, new.expires_at) == ("shop", "helpdesk", {Scope.SUGGEST}, None)
    assert ending.expires_at is not None
    assert timedelta(hours=1, minutes=59) < ending.expires_at - datetime.now(UTC) <= timedelta(hours=2)
    assert f"Key {old.key_id} (helpdesk) ends at " in ended.stderr


def test_a_key_that_is_over_is_not_rotated(store_url: str, database: Database) -> None:
    create(store_url)
    (key,) = kept(database).values()
    command(app, "keys", "rotate", key.key_id, "--grace-hours", "0", "--database", store_url)
    ended = command(app, "keys", "rotate", key.key_id, "--database", store_url)
    assert ended.code == 1
    assert "was revoked or has expired; make one with `python -m serving keys create`" in ended.stderr
    assert len(kept(database)) == 2


@pytest.mark.parametrize("name", ["revoke", "rotate"])
def test_no_such_key(store_url: str, name: str) -> None:
    ended = command(app, "keys", name, "abc", "--database", store_url)
    assert ended.code == 1
    assert ended.stderr == "error: there is no key 'abc'; `python -m serving keys list` shows them\n"


def test_a_brand_that_is_not_served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPLIEK_BRANDS", '{"shop": "a", "energy": "b"}')
    first = create(sqlite_url(tmp_path))
    assert "for brand shop, until" in first.stderr
    assert "warning" not in first.stderr
    other = create(sqlite_url(tmp_path), "--brand", "bank")
    assert "warning: the settings name no bundle for brand bank, only for shop, energy\n" in other.stderr


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--scope", "sing"], "'sing' is not one of 'suggest', 'feedback', 'answers:write', 'insights', 'admin'"),
        (["--name", "two\nlines"], "expected 1 to 100 characters on one line"),
        (["--name", ""], "expected 1 to 100 characters on one line"),
        (["--brand", "Big Shop"], "expected small letters"),
        (["--expires-in-days", "0"], "--expires-in-days"),
    ],
)
def test_a_key_that_cannot_be_made(tmp_path: Path, options: list[str], said: str) -> None:
    url = sqlite_url(tmp_path)
    ended = command(app, "keys", "create", "--name", "a", "--scope", "suggest", "--database", url, *options)
    assert ended.code == 2
    assert said in ended.said
    assert list(tmp_path.iterdir()) == []


def test_a_key_without_a_scope(tmp_path: Path) -> None:
    ended = command(app, "keys", "create", "--name", "a", "--database", sqlite_url(tmp_path))
    assert ended.code == 2
    assert "--scope" in ended.said


def test_tables_are_made_and_then_left_alone(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path)
    made = command(app, "migrate", "--database", url)
    assert (made.code, made.stdout) == (0, f"{url}: the tables were made, in form 0001.\n")
    again = command(app, "migrate", "--database", url)
    assert again.stdout == f"{url}: the tables are up to date, in form 0001; nothing was changed.\n"


def test_tables_of_a_database_that_is_none() -> None:
    ended = command(app, "migrate", "--database", "mysql://localhost/repliek")
    assert ended.code == 1
    assert "is no database's URL" in ended.stderr


def test_the_real_command(tmp_path: Path) -> None:
    arguments = ["keys", "create", "--name", "a", "--scope", "admin", "--database", sqlite_url(tmp_path)]
    ended = subprocess.run(
        [sys.executable, "-m", "serving", *arguments], cwd=ROOT, capture_output=True, text=True, check=True
    )
    database = Database.from_url(sqlite_url(tmp_path))
    assert list(kept(database)) == [keys.hash_of(ended.stdout.strip())]
    database.close()
