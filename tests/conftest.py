"""Fixtures for every test: a tiny bundle on disk, and a suggester that read it."""

from __future__ import annotations

from pathlib import Path

import pytest

from repliek.suggester import Suggester
from tests.fixture_bundle import write_tiny_bundle


@pytest.fixture(scope="session")
def tiny_bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a tiny bundle; do not write in it, copy it."""
    folder = tmp_path_factory.mktemp("tiny")
    write_tiny_bundle(folder / "bundle", folder / "encoder")
    return folder / "bundle"


@pytest.fixture(scope="session")
def suggester(tiny_bundle: Path) -> Suggester:
    return Suggester.from_bundle(tiny_bundle)
