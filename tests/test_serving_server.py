"""The server as it runs: `python -m serving run`, `bentoml build`, and what both refuse."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
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
from serving.settings import ROOT
from tests.fixture_bundle import MESSAGES
from tests.servers import READY_WITHIN_SECONDS, Running, free_port, running

MARKER = "zonnebloemolie"


@pytest.fixture(scope="module")
def server(tiny_bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("server"), "--bundle", str(tiny_bundle)) as found:
        yield found


@pytest.fixture(scope="module")
def url(server: Running) -> str:
    return server.url


def test_a_running_server(server: Running) -> None:
    with httpx.Client(base_url=server.url) as client:
        answer = client.post("/v1/suggest", json={"message": f"{MESSAGES.suggested}, {MARKER}", "k": 1})
        assert answer.status_code == 200
        assert answer.json()["intent"]["label"] == "delivery"
        assert [client.get(path).status_code for path in ("/livez", "/readyz", "/healthz")] == [200, 200, 200]
        assert client.get("/docs").status_code == 200
        assert client.get("/openapi.json").json()["info"]["title"] == "Repliek"
    written = server.log.read_text(encoding="utf-8")
    assert "Brand default: bundle " in written
    assert "Database sqlite:///" in written
    assert "Open: no API key was ever made" in written
    assert "checked in" in written
    assert '"outcome": ' in written
    assert MARKER not in written


def test_the_client_sees_that_it_is_ready(url: str) -> None:
    with Repliek(url) as repliek:
        assert repliek.health()
        assert repliek.suggest(MESSAGES.suggested).suggestions


def test_requests_are_counted_by_route_and_never_by_address(url: str) -> None:
    with httpx.Client(base_url=url) as client:
        for number in range(20):
            client.get(f"/{MARKER}/{number}")
            client.request(f"{MARKER}{number}", "/v1/suggest".upper())
        client.post("/v1/suggest", json={"message": MESSAGES.suggested})
        counted = client.get("/metrics")
        assert client.head("/metrics").status_code == 200
    assert counted.headers["content-type"].startswith("text/plain; version=")
    assert 'method="POST",route="/v1/suggest",status="200"' in counted.text
    assert 'repliek_request_duration_seconds_count{method="GET",route="other",status="404"}' in counted.text
    assert 'repliek_request_duration_seconds_count{method="other",route="other",status="404"} 20.0' in counted.text
    assert MARKER not in counted.text


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
