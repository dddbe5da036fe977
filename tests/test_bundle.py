from __future__ import annotations

import json
import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from repliek.bundle import (
    LAYOUT,
    PAST_SCHEMA,
    Bundle,
    BundleParts,
    Manifest,
    Past,
    Thresholds,
    read_manifest,
    verify,
    write_bundle,
)
from repliek.conversation import Conversation
from repliek.errors import BundleError
from repliek.heads import OnnxClassifier, softmax
from repliek.knowledge import KnowledgeBase
from repliek.passages import EncodedPassages, Passages
from repliek.replies import KINDS, STAGES, VIEW_WEIGHTS, ReplyHead, ReplyMap
from repliek.retrieval import VectorIndex
from repliek.suggester import Suggester
from tests.fixture_bundle import (
    ANSWERS,
    DIMENSIONS,
    HISTORY,
    MESSAGES,
    linear_head,
    write_tiny_bundle,
    write_tiny_encoder,
)


@pytest.fixture
def copy(tiny_bundle: Path, tmp_path: Path) -> Path:
    """A bundle that may be spoilt."""
    return Path(shutil.copytree(tiny_bundle, tmp_path / "bundle"))


def files(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def write(target: Path, encoder: Path, *, card: str = "# Card\n", reply_head: bytes | None = None) -> Manifest:
    """Write the least that a bundle may hold: an encoder and past messages."""
    messages = np.eye(2, DIMENSIONS, dtype=np.float32)
    past = [{"exchange_id": "1", "message": "een", "reply": None}, {"exchange_id": "2", "message": "twee"}]
    parts = BundleParts(
        encoders=(encoder,),
        centres=np.zeros((2, DIMENSIONS), dtype=np.float32),
        intents=None,
        emotions=None,
        ranker=None,
        messages=VectorIndex.build(messages),
        answers=None,
        passages=EncodedPassages(Passages.of(()), np.zeros((0, DIMENSIONS), dtype=np.float32)),
        replies=np.zeros((0, DIMENSIONS), dtype=np.float32),
        past=pa.Table.from_pylist(past, schema=PAST_SCHEMA),
        knowledge=KnowledgeBase(()),
        brand_toml='name = "Kaal"',
        card=card,
        reply_head=reply_head,
    )
    return write_bundle(
        target,
        parts,
        encoder="bag-of-words",
        brand="Kaal",
        thresholds=Thresholds(confidence=0.5, precision=0.9),
        figures={},
        seed=1,
        run_id=None,
        licences={},
    )


def reply_head(dimensions: int) -> ReplyHead:
    """A head that foretells nothing."""
    context = np.zeros((len(VIEW_WEIGHTS) * dimensions + STAGES, 1), dtype=np.float32)
    nothing = np.zeros(1, dtype=np.float32)
    return ReplyHead(ReplyMap(context, nothing, context[:dimensions], nothing), np.ones(KINDS, dtype=np.float32))


class TestReplyHead:
    def test_without_one_replies_are_ordered_unlearned(self, tiny_bundle: Path) -> None:
        assert Bundle.load(tiny_bundle).reply_head is None

    def test_it_comes_back(self, tmp_path: Path) -> None:
        write_tiny_encoder(tmp_path / "encoder")
        write(tmp_path / "bundle", tmp_path / "encoder", reply_head=reply_head(DIMENSIONS).to_bytes())
        found = Bundle.load(tmp_path / "bundle").reply_head
        assert found is not None
        assert found.weights.tolist() == [1] * KINDS
        suggester = Suggester.from_bundle(tmp_path / "bundle")
        asked = suggester.analyse(["pakket"]).asked
        assert suggester.score_texts([Conversation("pakket")], asked, ["pakket", "modem"]).argmax() == 0

    def test_one_of_another_encoder_is_refused(self, tmp_path: Path) -> None:
        write_tiny_encoder(tmp_path / "encoder")
        write(tmp_path / "bundle", tmp_path / "encoder", reply_head=reply_head(DIMENSIONS + 1).to_bytes())
        with pytest.raises(BundleError, match="train again"):
            Bundle.load(tmp_path / "bundle")


class TestRoundTrip:
    def test_a_bundle_holds_what_was_put_into_it(self, tiny_bundle: Path) -> None:
        bundle = Bundle.load(tiny_bundle)
        assert list(bundle.knowledge) == list(ANSWERS)
        assert bundle.brand.name == bundle.manifest.brand == "Testlijn"
        assert len(bundle.messages) == len(HISTORY)
        assert len(bundle.answer_vectors) == len(ANSWERS)
        passages = bundle.passages.passages
        assert passages.answers[passages.wholes].tolist() == list(range(len(ANSWERS)))
        assert passages.texts[-1] == "refund: Het bedrag van bestelling {order_number} is teruggestort."
        assert len(bundle.passages.vectors) == len(passages.texts) > len(ANSWERS)  # one of the answers is long
        assert len(bundle.reply_vectors) == sum(topic is not None for _, topic, _ in HISTORY)
        assert bundle.past.exchange_ids[0] == "past-00"
        vector = bundle.encoder.encode_queries([MESSAGES.suggested])
        assert bundle.messages.search(vector, 1).rows.tolist() == [[0]]
        assert bundle.messages.search(vector, 1).similarities[0, 0] == pytest.approx(1, abs=1e-5)

    def test_every_file_is_listed_and_sealed(self, tiny_bundle: Path) -> None:
        manifest = read_manifest(tiny_bundle)
        assert set(manifest.files) == set(files(tiny_bundle)) - {LAYOUT.manifest}
        verify(tiny_bundle, manifest)

    def test_the_same_contents_have_the_same_name(self, tiny_bundle: Path, tmp_path: Path) -> None:
        again = write_tiny_bundle(tmp_path / "bundle", tmp_path / "encoder")
        assert again.bundle == read_manifest(tiny_bundle).bundle
        assert len(again.bundle) == 12

    def test_other_contents_have_another_name(self, tiny_bundle: Path, tmp_path: Path) -> None:
        encoder = tiny_bundle / LAYOUT.encoders[0]
        assert write(tmp_path / "a", encoder).bundle != write(tmp_path / "b", encoder, card="# Other\n").bundle

    def test_a_bundle_may_hold_no_more_than_messages(self, tiny_bundle: Path, tmp_path: Path) -> None:
        write(tmp_path / "deep" / "bundle", tiny_bundle / LAYOUT.encoders[0])
        bundle = Bundle.load(tmp_path / "deep" / "bundle")
        assert (bundle.intents, bundle.emotions, bundle.ranker) == (None, None, None)
        assert len(bundle.knowledge) == 0
        assert bundle.answer_vectors.shape == bundle.passages.vectors.shape == (0, DIMENSIONS)
        assert bundle.past.topics.tolist() == bundle.past.replies.tolist() == [-1, -1]

    def test_others_may_read_what_was_written(self, tiny_bundle: Path) -> None:
        assert oct(tiny_bundle.stat().st_mode & 0o777) == "0o755"


class TestVerification:
    def test_a_flipped_byte_in_any_file_is_refused(self, copy: Path) -> None:
        for name in read_manifest(copy).files:
            good = (copy / name).read_bytes()
            middle = len(good) // 2
            (copy / name).write_bytes(good[:middle] + bytes([good[middle] ^ 1]) + good[middle + 1 :])
            with pytest.raises(BundleError, match=f"{name} differs from its checksum"):
                Bundle.load(copy)
            (copy / name).write_bytes(good)
        Bundle.load(copy)

    def test_a_missing_file_is_refused(self, copy: Path) -> None:
        for name in read_manifest(copy).files:
            good = (copy / name).read_bytes()
            (copy / name).unlink()
            with pytest.raises(BundleError, match=f"{name} is missing"):
                Bundle.load(copy)
            (copy / name).write_bytes(good)

    @pytest.mark.parametrize("name", ["notes.txt", "encoder/extra.onnx", "heads/intents.onnx.data", ".hidden"])
    def test_an_extra_file_is_refused(self, copy: Path, name: str) -> None:
        (copy / name).write_text("x")
        with pytest.raises(BundleError, match=f"{name} does not belong there"):
            Bundle.load(copy)

    def test_a_file_that_grew_is_refused(self, copy: Path) -> None:
        with (copy / LAYOUT.answers).open("ab") as opened:
            opened.write(b"\n")
        with pytest.raises(BundleError, match="differs from its checksum"):
            Bundle.load(copy)

    @pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
    def test_a_file_that_may_not_be_read_is_named(self, copy: Path) -> None:
        (copy / LAYOUT.answers).chmod(0)
        with pytest.raises(BundleError, match=r"answers\.jsonl cannot be read"):
            Bundle.load(copy)


class TestManifest:
    def test_a_folder_without_one_is_no_bundle(self, tmp_path: Path) -> None:
        with pytest.raises(BundleError, match=r"holds no manifest\.json; expected a bundle"):
            Bundle.load(tmp_path)
        with pytest.raises(BundleError, match="expected a bundle"):
            Bundle.load(tmp_path / "nowhere")

    @pytest.mark.parametrize("content", [b"", b"{}", b"\xff\xfe", b"[1, 2]"])
    def test_something_else_in_its_place_is_refused(self, copy: Path, content: bytes) -> None:
        (copy / LAYOUT.manifest).write_bytes(content)
        with pytest.raises(BundleError, match="is not a manifest of this version"):
            Bundle.load(copy)

    @pytest.mark.parametrize(
        ("field", "value", "message"),
        [
            ("format_version", 99, r"has format 99; this version reads \d+"),
            ("surprise", 1, "1 fields are wrong"),
            ("thresholds", {"confidence": 0.5}, "1 fields are wrong"),
            ("files", {"answers.jsonl": {"sha256": "x", "size": -1}}, "2 fields are wrong"),
            ("files", {"../outside": {"sha256": "0" * 64, "size": 0}}, r"is missing|does not belong"),
        ],
    )
    def test_a_manifest_that_says_something_else_is_refused(
        self, copy: Path, field: str, value: object, message: str
    ) -> None:
        manifest = json.loads((copy / LAYOUT.manifest).read_text())
        (copy / LAYOUT.manifest).write_text(json.dumps(manifest | {field: value}))
        with pytest.raises(BundleError, match=message):
            Bundle.load(copy)


class TestReplacing:
    def test_a_bundle_is_replaced_as_a_whole(self, copy: Path, tiny_bundle: Path) -> None:
        manifest = write(copy, tiny_bundle / LAYOUT.encoders[0])
        assert Bundle.load(copy).manifest == manifest
        assert not (copy / LAYOUT.intents).exists()
        assert [path.name for path in copy.parent.iterdir()] == [copy.name]

    def test_an_interrupted_write_leaves_the_old_one(
        self, copy: Path, tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        before = files(copy)

        def interrupted(*_: object, **__: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr("repliek.bundle.pq.write_table", interrupted)
        with pytest.raises(KeyboardInterrupt):
            write(copy, tiny_bundle / LAYOUT.encoders[0])
        assert files(copy) == before
        assert [path.name for path in copy.parent.iterdir()] == [copy.name]

    def test_a_failed_rename_puts_the_old_one_back(
        self, copy: Path, tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        before = files(copy)
        rename = Path.rename

        def failing(self: Path, target: Path) -> Path:
            if target == copy and self.parent == copy.parent:
                raise OSError("disk gone")
            return rename(self, target)

        monkeypatch.setattr(Path, "rename", failing)
        with pytest.raises(OSError, match="disk gone"):
            write(copy, tiny_bundle / LAYOUT.encoders[0])
        assert files(copy) == before
        assert [path.name for path in copy.parent.iterdir()] == [copy.name]


class TestPast:
    def test_topics_and_replies_are_numbered(self) -> None:
        rows = [
            {"exchange_id": "a", "message": "1", "reply": "x", "topic": "second", "intent": "i"},
            {"exchange_id": "b", "message": "2", "reply": None, "topic": None, "intent": None},
            {"exchange_id": "c", "message": "3", "reply": "y", "topic": "gone", "intent": "i"},
            {"exchange_id": "d", "message": "4", "reply": "z", "topic": "first", "intent": "j"},
        ]
        past = Past.from_table(pa.Table.from_pylist(rows, schema=PAST_SCHEMA), ("first", "second"))
        assert past.exchange_ids == ("a", "b", "c", "d")
        assert past.topics.tolist() == [1, -1, -1, 0]
        assert past.replies.tolist() == [0, -1, 1, 2]
        assert past.intents == ("i", None, "i", "j")

    def test_it_tells_what_was_sent_where_and_when(self) -> None:
        noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
        rows = [
            {"exchange_id": "a", "message": "1", "topic": "first", "suggested": "second", "channel": "dm"},
            {"exchange_id": "b", "message": "2", "language": "nl", "sent_at": noon + timedelta(microseconds=5)},
        ]
        told = Past.from_table(pa.Table.from_pylist(rows, schema=PAST_SCHEMA), ("first", "second")).sendings
        assert told.topics.tolist() == [0, -1]
        assert told.suggested.tolist() == [1, -1]
        assert told.circumstances.channels == ("dm", None)
        assert told.circumstances.languages == (None, "nl")
        assert [str(moment) for moment in told.circumstances.received] == ["NaT", "2026-03-01T12:00:00"]
        assert told.circumstances.past_rows.tolist() == [0, 1]


class TestHeads:
    def test_a_head_gives_each_label_a_probability(self) -> None:
        head = OnnxClassifier.from_bytes(linear_head(np.eye(2), np.zeros(2), ["a", "b"]))
        assert head.labels == ("a", "b")
        found = softmax(head.logits(np.array([[np.log(3), 0]], dtype=np.float32)))
        np.testing.assert_allclose(found, [[0.75, 0.25]], rtol=1e-5)
        assert found.dtype == np.float32

    def test_what_is_no_head_is_refused(self) -> None:
        with pytest.raises(BundleError, match="no ONNX model"):
            OnnxClassifier.from_bytes(b"pickle me")

    def test_a_head_without_labels_is_refused(self, tiny_bundle: Path) -> None:
        with pytest.raises(BundleError, match="no labels"):
            OnnxClassifier.from_bytes((tiny_bundle / LAYOUT.encoders[0] / "model.onnx").read_bytes())
