"""What Ray does is what one process does, to the byte. A small cluster is started on this machine, and ended."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from evaluation.batch.blocks import ROWS
from evaluation.batch.journal import rejected_file, unfinished
from evaluation.cli import app
from repliek.bundle import read_manifest
from repliek.cluster import Parcel, connected
from repliek.errors import ClusterError
from tests.batch_files import ROOT, break_off, rows, rows_done, start, suggest, write_jsonl
from tests.command_line import command
from tests.fixture_history import answer_rows, history_rows, write_files

WITHIN_SECONDS = 240


def test_a_job_begun_on_threads_is_finished_on_ray(tiny_bundle: Path, tmp_path: Path) -> None:
    source = write_jsonl(tmp_path / "in.jsonl", [*rows(100), {"message": ""}, *rows(3 * ROWS)])
    output, whole = tmp_path / "out.jsonl", tmp_path / "whole.jsonl"
    assert suggest(tiny_bundle, source, whole).code == 0
    break_off(tiny_bundle, source, output, 1)
    assert rows_done(output) == ROWS
    process = start(tiny_bundle, source, output, "--engine", "ray", "--workers", 2, "--json")
    stdout, stderr = process.communicate(timeout=WITHIN_SECONDS)
    assert process.returncode == 0, stderr
    assert f'"resumed": {ROWS}' in stdout
    assert output.read_bytes() == whole.read_bytes()
    assert rejected_file(output).read_bytes() == rejected_file(whole).read_bytes()
    assert not unfinished(output).exists()


def test_a_bundle_is_the_same_wherever_its_texts_were_encoded(tmp_path: Path) -> None:
    files = write_files(tmp_path / "input", history_rows(), answer_rows())
    names = {
        engine: fitted(tmp_path / engine, "--history", files.history, "--answers", files.answers, *more)
        for engine, more in (
            ("local", ("--encoder", files.encoder)),
            ("ray", ("--encoder", files.encoder, "--engine", "ray", "--workers", 2)),
        )
    }
    assert names["local"] == names["ray"]


def fitted(folder: Path, *arguments: object) -> str:
    """Train with nothing cached, in a process of its own, and return the name that the bundle has from its contents."""
    folder.mkdir()
    given = [*map(str, arguments), "--out", str(folder / "bundle"), "--no-mlflow"]
    environment = os.environ | {"REPLIEK_CACHE": str(folder / "cache")}
    ended = subprocess.run(
        [sys.executable, "-m", "training", "fit", *given],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=WITHIN_SECONDS,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return read_manifest(folder / "bundle").bundle


def test_without_ray_it_is_said_what_to_install(
    tiny_bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    source = write_jsonl(tmp_path / "in.jsonl", rows(1))
    ended = command(
        app, "suggest", "--bundle", tiny_bundle, "--input", source, "--output", tmp_path / "o.jsonl", "--engine", "ray"
    )
    assert ended.code == 1
    assert "error: Ray is not installed; `pip install -c constraints.txt -e '.[ray]'` installs it" in ended.said
    with pytest.raises(ClusterError), connected(None, None):
        pass


def test_a_place_where_no_cluster_is() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
        for given in (address, f"ray://{address}"):
            with pytest.raises(ClusterError, match=f"no Ray cluster answers at {given}"), connected(given, None):
                pass


def test_a_parcel_holds_a_folder(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "c.bin").write_bytes(b"\0\1")
    (tmp_path / "d").write_bytes(b"")
    with Parcel.of(tmp_path).unpacked() as folder:
        assert Parcel.of(folder) == Parcel({"a/b/c.bin": b"\0\1", "d": b""})
    assert not folder.exists()
