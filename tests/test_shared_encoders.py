"""Encoders that several bundles hold."""

from __future__ import annotations

from pathlib import Path

from repliek.bundle import LAYOUT, read_manifest
from repliek.conversation import Conversation
from repliek.shared_encoders import SharedEncoders
from repliek.suggester import Suggester
from tests.fixture_bundle import MESSAGES, write_tiny_encoder


def test_the_same_encoder_is_opened_once(tiny_bundle: Path, tmp_path: Path) -> None:
    name = LAYOUT.encoders[0]
    files = read_manifest(tiny_bundle).files_in(name)
    assert set(files) == {file.name for file in (tiny_bundle / name).iterdir()}
    write_tiny_encoder(tmp_path, ["een ander woord"])
    encoders = SharedEncoders()
    first = encoders.open(tiny_bundle / name, files, threads=1)
    assert encoders.open(tiny_bundle / name, files, threads=1) is first
    assert encoders.open(tiny_bundle / name, files, threads=2) is not first
    assert encoders.open(tmp_path, files | {"tokenizer.json": "another"}, threads=1) is not first


def test_bundles_that_share_suggest_what_they_would_alone(tiny_bundle: Path, suggester: Suggester) -> None:
    encoders = SharedEncoders()
    conversation = Conversation(MESSAGES.suggested)
    alone = suggester.suggest(conversation).suggestions
    for _ in range(2):
        assert Suggester.from_bundle(tiny_bundle, encoders=encoders).suggest(conversation).suggestions == alone
