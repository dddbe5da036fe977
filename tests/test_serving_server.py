"""The server as it runs: `python -m serving run`, `bentoml build`, and what both refuse."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import typer
import yaml
from typer.testing import CliRunner

from evaluation.server import ServerError
from evaluation.speed import measure_speed, speed
from repliek.client import Repliek
from repliek.wire.problems import MEDIA_TYPE
from serving.__main__ import app
from serving.settings import ROOT
from tests.fixture_bundle import MESSAGES

MARKER = "zonnebloemolie"
READY_WITHIN_SECONDS = 60
ENDED_WITHIN_SECONDS = 20


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


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("server") / "log"


@pytest.fixture(scope="module")
def url(tiny_bundle: Path, log: Path) -> Iterator[str]:
    """A server on a free port of this machine, ended by its process id."""
    port = free_port()
    command = [sys.executable, "-m", "serving", "run", "--bundle", str(tiny_bundle), "--port", str(port)]
    with log.open("wb") as output:
        server = subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT)
    try:
        wait_until_ready(f"http://127.0.0.1:{port}", server)
        yield f"http://127.0.0.1:{port}"
    finally:
        os.kill(server.pid, signal.SIGTERM)
        server.wait(ENDED_WITHIN_SECONDS)


def test_a_running_server(url: str, log: Path) -> None:
    with httpx.Client(base_url=url) as client:
        answer = client.post("/v1/suggest", json={"message": f"{MESSAGES.suggested}, {MARKER}", "k": 1})
        assert answer.status_code == 200
        assert answer.json()["intent"]["label"] == "delivery"
        assert [client.get(path).status_code for path in ("/livez", "/readyz", "/healthz")] == [200, 200, 200]
        metrics = client.get("/metrics")
        assert metrics.status_code == 200
        assert 'endpoint="/v1/suggest",http_response_code="200"' in metrics.text
        assert client.get("/docs").status_code == 200
        assert client.get("/openapi.json").json()["info"]["title"] == "Repliek"
    written = log.read_text(encoding="utf-8")
    assert "checked in" in written
    assert '"outcome": ' in written
    assert MARKER not in written


def test_the_client_sees_that_it_is_ready(url: str) -> None:
    with Repliek(url) as repliek:
        assert repliek.health()
        assert repliek.suggest(MESSAGES.suggested).suggestions


@pytest.mark.parametrize("path", ["/", "/docs.json", "/schema.json", "/static_content/index.css", "/v2/suggest"])
def test_public_addresses_are_ours(url: str, path: str) -> None:
    response = httpx.get(url + path)
    assert response.status_code == response.json()["status"] == 404
    assert response.headers["content-type"] == MEDIA_TYPE


@pytest.mark.parametrize("path", ["/livez", "/readyz", "/healthz", "/metrics"])
def test_health_and_metrics_are_only_read(url: str, path: str) -> None:
    response = httpx.post(url + path)
    assert response.status_code == response.json()["status"] == 405
    assert response.headers["content-type"] == MEDIA_TYPE
    assert response.headers["allow"] == "GET, HEAD"


def test_speed_is_measured_on_a_running_server(url: str, tiny_bundle: Path) -> None:
    figures = measure_speed(tiny_bundle, url, rounds=2)
    assert figures.rounds == 2
    assert figures.ratio > 1
    assert [found.end_to_end_ms > found.encoder_ms > 0 for found in figures.messages] == [True] * 3


def test_speed_starts_a_server_of_its_own(tiny_bundle: Path) -> None:
    command = typer.Typer()
    command.command()(speed)
    result = CliRunner().invoke(command, ["--bundle", str(tiny_bundle), "--rounds", "1", "--json"])
    assert result.exit_code == 0, result.output
    assert set(json.loads(result.stdout)) == {"ratio", "target", "rounds", "messages"}


def test_speed_of_nothing(tiny_bundle: Path) -> None:
    with pytest.raises(ServerError, match="does not answer"):
        measure_speed(tiny_bundle, f"http://127.0.0.1:{free_port()}", rounds=1)


def test_an_address_that_is_taken(url: str, tiny_bundle: Path) -> None:
    port = url.rpartition(":")[2]
    result = CliRunner().invoke(app, ["run", "--bundle", str(tiny_bundle), "--port", port])
    assert result.exit_code == 1
    assert f"127.0.0.1 port {port} is taken" in result.output


def test_no_bundle(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["run", "--bundle", str(tmp_path / "bundle")])
    assert result.exit_code == 1
    assert "`make run` or `python -m training fit` makes one" in result.output


def test_a_damaged_bundle(tmp_path: Path, tiny_bundle: Path) -> None:
    shutil.copytree(tiny_bundle, tmp_path / "bundle")
    with (tmp_path / "bundle/brand.toml").open("a") as brand:
        brand.write("\n")
    result = CliRunner().invoke(app, ["run", "--bundle", str(tmp_path / "bundle")])
    assert result.exit_code == 1
    assert "brand.toml differs from its checksum" in result.output


@pytest.mark.parametrize("options", [["--port", "0"], ["--host", "somewhere"], ["--workers", "0"]])
def test_wrong_use(options: list[str]) -> None:
    result = CliRunner().invoke(app, ["run", *options])
    assert result.exit_code == 2
    assert options[0].removeprefix("--") in result.output


def test_bentoml_serve_refuses_without_a_bundle_too(tmp_path: Path) -> None:
    environment = {**os.environ, "REPLIEK_BUNDLE": str(tmp_path / "none"), "REPLIEK_PORT": str(free_port())}
    result = subprocess.run(
        [sys.executable, "-m", "bentoml", "serve", "serving.service:Repliek"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        timeout=READY_WITHIN_SECONDS,
        check=False,
    )
    assert result.returncode == 1
    assert b"there is no bundle" in result.stderr
    assert b"Traceback" not in result.stderr


def test_bentoml_build(tmp_path: Path, tiny_bundle: Path) -> None:
    project, home = tmp_path / "project", tmp_path / "home"
    for part in ("repliek", "serving"):
        shutil.copytree(ROOT / part, project / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "bentofile.yaml", project)
    shutil.copytree(tiny_bundle, project / "bundle")
    (project / "datasets").mkdir()
    (project / "datasets/history.jsonl").write_text("{}\n")
    environment = {**os.environ, "BENTOML_HOME": str(home), "BENTOML_DO_NOT_TRACK": "True"}
    subprocess.run(
        [sys.executable, "-m", "bentoml", "build"],
        cwd=project,
        env=environment,
        capture_output=True,
        timeout=READY_WITHIN_SECONDS,
        check=True,
    )
    (built,) = [folder for folder in (home / "bentos/repliek").iterdir() if folder.is_dir()]
    assert yaml.safe_load((built / "bento.yaml").read_text())["service"] == "serving.service:Repliek"
    files = {str(file.relative_to(built / "src")) for file in (built / "src").rglob("*") if file.is_file()}
    bundled = {f"bundle/{file.relative_to(tiny_bundle)}" for file in tiny_bundle.rglob("*") if file.is_file()}
    assert bundled <= files
    assert {"serving/service.py", "repliek/tone/compose.py"} <= files
    assert not [file for file in files if file.startswith("datasets/")]
