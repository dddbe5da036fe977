"""Exporting a cross-encoder: the same scores as torch, and clear words where there is none."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from repliek.cross_encoder import CrossEncoderConfig, OnnxCrossEncoder, Pair
from repliek.errors import EncoderError
from tests.fixture_cross_encoder import MAX_TOKENS, write_cross_encoder
from training.encoder import cross
from training.encoder.cross import (
    LEAST_CORRELATION,
    correlation,
    load_cross_encoder,
    resolve_cross_encoder,
    torch_scores,
)

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning", "ignore::UserWarning")

TEXTS = ("waar blijft mijn pakket ?", "je pakket is onderweg .", "mijn factuur is te hoog", "herstart de modem eerst")
PAIRS = tuple(Pair(" ".join([message] * times), text) for times in (1, 3, 6) for message in TEXTS for text in TEXTS)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_cross_encoder(tmp_path_factory.mktemp("cross") / "small", TEXTS)


@pytest.fixture(scope="module")
def exported(model: Path) -> Path:
    return resolve_cross_encoder(str(model), model.parent / "cache")


class TestExport:
    def test_float32_scores_are_those_of_torch(self, model: Path, exported: Path) -> None:
        expected = torch_scores(load_cross_encoder(str(model)), PAIRS)
        found = OnnxCrossEncoder.from_directory(exported.with_name("reference")).score(PAIRS)
        np.testing.assert_allclose(found, expected, atol=1e-4)
        assert np.ptp(expected) > 0.1  # the model tells pairs apart

    def test_int8_scores_keep_their_order(self, model: Path, exported: Path) -> None:
        expected = torch_scores(load_cross_encoder(str(model)), PAIRS)
        assert correlation(OnnxCrossEncoder.from_directory(exported).score(PAIRS), expected) > 0.95

    def test_the_folder_says_what_it_is(self, exported: Path) -> None:
        config = CrossEncoderConfig.from_directory(exported)
        assert (config.name, config.max_tokens) == ("small (int8-smooth)", MAX_TOKENS)
        assert set(config.files) == {path.name for path in exported.iterdir()} - {"cross-encoder.json"}

    def test_a_model_is_exported_once(self, model: Path, exported: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delattr(cross, "load_cross_encoder")
        assert resolve_cross_encoder(str(model), model.parent / "cache") == exported

    def test_where_int8_goes_wrong_float32_is_served(
        self, model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        monkeypatch.setattr(cross, "LEAST_CORRELATION_FAST", 1.1)
        folder = resolve_cross_encoder(str(model), tmp_path)
        assert CrossEncoderConfig.from_directory(folder).name == "small (fp32)"
        assert "orders pairs differently" in caplog.text

    def test_a_graph_that_differs_is_refused(
        self, model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(cross, "torch_scores", lambda model, pairs: np.arange(len(pairs), dtype=np.float32))
        with pytest.raises(EncoderError, match="small differs from torch: correlation"):
            resolve_cross_encoder(str(model), tmp_path)
        assert list(tmp_path.iterdir()) == []

    def test_correlation_ignores_shift_and_stretch_alone(self) -> None:
        scores = np.array([1, 2, 4], dtype=np.float32)
        assert correlation(3 * scores + 7, scores) == pytest.approx(1)
        assert correlation(scores[::-1], scores) < LEAST_CORRELATION
        assert correlation(np.ones(3, dtype=np.float32), scores) == 0


class TestNames:
    def test_a_directory_that_is_no_model(self, tmp_path: Path) -> None:
        with pytest.raises(EncoderError, match=r"expected `hub:NAME`, or a directory with the config\.json"):
            resolve_cross_encoder(str(tmp_path), tmp_path / "cache")

    def test_a_broken_model_leaves_nothing_behind(self, tmp_path: Path) -> None:
        (tmp_path / "model").mkdir()
        (tmp_path / "model" / "config.json").write_text("{}", encoding="utf-8")
        with pytest.raises(EncoderError, match="cannot be loaded as a cross-encoder"):
            resolve_cross_encoder(str(tmp_path / "model"), tmp_path / "cache")
        assert list((tmp_path / "cache").iterdir()) == []

    def test_more_than_one_label(self, tmp_path: Path) -> None:
        folder = write_cross_encoder(tmp_path / "three", TEXTS, labels=3)
        with pytest.raises(EncoderError, match=r"three gives 3 scores for a pair; expected .* one label"):
            resolve_cross_encoder(str(folder), tmp_path / "cache")

    def test_one_that_was_never_trained(self, tmp_path: Path) -> None:
        from sentence_transformers import CrossEncoder

        model = CrossEncoder(str(write_cross_encoder(tmp_path / "plain", TEXTS)), device="cpu")
        model.model.classifier.weight.data.zero_()
        model.save_pretrained(str(tmp_path / "blank"), create_model_card=False)
        with pytest.raises(EncoderError, match="blank gives every pair the same score"):
            resolve_cross_encoder(str(tmp_path / "blank"), tmp_path / "cache")

    def test_an_unreachable_hub_says_what_to_do(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        def unreachable(name: str) -> None:
            raise OSError(f"cannot reach the host of {name}\nwith details")

        monkeypatch.setenv("HF_HUB_OFFLINE", "1")
        monkeypatch.setattr(cross, "load_cross_encoder", unreachable)
        with pytest.raises(EncoderError, match=r"HF_HUB_OFFLINE is set.*or leave out --reranker"):
            resolve_cross_encoder("hub:example/no-such-model", tmp_path)
        assert list(tmp_path.iterdir()) == []

    def test_hub_without_a_name(self, tmp_path: Path) -> None:
        with pytest.raises(EncoderError, match="names no model"):
            resolve_cross_encoder("hub:", tmp_path)
