"""The bundle: one folder, checksummed, without pickle; the only thing that training hands to serving."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from repliek.asked import Circumstances
from repliek.brand import Brand
from repliek.calibration import Calibrations
from repliek.cross_encoder import OnnxCrossEncoder
from repliek.encoder import Encoder, FloatArray
from repliek.errors import BundleError
from repliek.heads import Classifier, OnnxClassifier
from repliek.intents import IntentRule
from repliek.knowledge import Answer, AnswerEdits, KnowledgeBase
from repliek.lexical import LexicalEncoder
from repliek.passages import PASSAGE_SCHEMA, EncodedPassages, Passages, RememberedTexts
from repliek.records import write_jsonl
from repliek.replies import ReplyHead
from repliek.reranking import RerankHead, RerankWeights
from repliek.retrieval import IntArray, VectorIndex
from repliek.sendings import Sendings
from repliek.shared_encoders import SharedEncoders
from repliek.space import CompoundEncoder, centred_views
from repliek.tone.emotion import EmotionReader, EmotionRule
from repliek.tone.phrases import DEFAULT_PHRASES, Phrase, PhraseBank
from repliek.untried import UntriedRule
from repliek.words import MessageWords

FORMAT_VERSION = 4

PAST_SCHEMA = pa.schema(
    [
        ("exchange_id", pa.string()),
        ("message", pa.string()),
        ("reply", pa.string()),
        ("topic", pa.string()),
        ("suggested", pa.string()),
        ("intent", pa.string()),
        ("language", pa.string()),
        ("channel", pa.string()),
        ("sent_at", pa.timestamp("s", tz="UTC")),
        ("density", pa.float32()),
    ]
)
"""Columns of `history.parquet`: redacted, one row for each row of the message index."""


@dataclass(frozen=True, slots=True)
class BundleLayout:
    """Names of the files in a bundle; nobody else spells them."""

    manifest: str = "manifest.json"
    encoders: tuple[str, ...] = ("encoder", "second-encoder", "third-encoder")
    lexical: str = "lexical"
    intents: str = "heads/intents.onnx"
    emotions: str = "heads/emotions.onnx"
    sarcasm: str = "heads/sarcasm.onnx"
    ranker: str = "heads/ranker.onnx"
    reply_head: str = "heads/replies.npz"
    reranker: str = "reranker"
    rerank_weights: str = "reranker/weights.json"
    messages: str = "index/messages.faiss"
    answers_index: str = "index/answers.faiss"
    passages_index: str = "index/passages.faiss"
    replies: str = "index/replies.npy"
    centres: str = "index/centres.npy"
    answers: str = "answers.jsonl"
    phrases: str = "phrases.jsonl"
    passages: str = "passages.parquet"
    history: str = "history.parquet"
    brand: str = "brand.toml"
    card: str = "MODEL_CARD.md"


LAYOUT = BundleLayout()


class FileSeal(BaseModel):
    """What a file of a bundle must be."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    size: Annotated[int, Field(ge=0)]


class Ground(StrEnum):
    """On what a bundle's confidence was calibrated; the value stands in the manifest and on the model card."""

    FOLDS = "held-out folds"
    ELSEWHERE = "messages of another team"
    LATER = "later messages"


class Thresholds(BaseModel):
    """Below which the service keeps silent.

    Attributes:
        confidence: lowest confidence of a suggestion.
        precision: the precision for which it was chosen.
        intents: how intents are read and out-of-scope is told; none without an intent head.
        calibrations: what makes a confidence of what the ranker says.
        emotions: how emotions are read; none without an emotion head.
        untried: what is thought of topics without a past.
        ground: the messages on which all of it was set.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    confidence: float
    precision: float
    intents: IntentRule | None = None
    calibrations: Calibrations = Calibrations()
    emotions: EmotionRule | None = None
    untried: UntriedRule = UntriedRule()
    ground: Ground = Ground.FOLDS


class Manifest(BaseModel):
    """What `manifest.json` says about a bundle."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format_version: int
    bundle: str
    created_at: datetime
    encoder: str
    brand: str
    thresholds: Thresholds
    figures: Mapping[str, float]
    seed: int
    view_weights: tuple[float, ...] = (1.0,)
    run_id: str | None = None
    licences: Mapping[str, str]
    files: Mapping[str, FileSeal]

    def files_in(self, folder: str) -> Mapping[str, str]:
        """Return the sha256 of every file in a folder of the bundle, by its path in there."""
        start = f"{folder}/"
        return {name.removeprefix(start): seal.sha256 for name, seal in self.files.items() if name.startswith(start)}


@dataclass(frozen=True, slots=True)
class RerankerParts:
    """The folder of a cross-encoder, which is copied into the bundle, and what its scores weigh."""

    cross_encoder: Path
    weights: RerankWeights


@dataclass(frozen=True, slots=True)
class BundleParts:
    """Everything that training puts into a bundle. `None` stands for what the history could not teach.

    `encoders` are the folders of the sentence encoder and of what stands beside it, at most two more. `centres` is
    (2, d) float32, mean query and mean passage, of the encoders and of the lexical view one after the other.
    """

    encoders: tuple[Path, ...]
    centres: FloatArray
    intents: bytes | None
    emotions: bytes | None
    ranker: bytes | None
    messages: VectorIndex
    answers: VectorIndex | None
    passages: EncodedPassages
    replies: FloatArray
    past: pa.Table
    knowledge: KnowledgeBase
    brand_toml: str
    card: str
    lexical: LexicalEncoder | None = None
    sarcasm: bytes | None = None
    reply_head: bytes | None = None
    reranker: RerankerParts | None = None
    phrases: tuple[Phrase, ...] = ()


@dataclass(frozen=True, slots=True)
class Past:
    """The past messages behind the rows of the message index.

    Attributes:
        exchange_ids: id of each.
        sendings: what became of each.
        intents: intent of each, `None` without.
        densities: (rows,) float32, how near others are to each.
        replies: (rows,) int64 row of its reply among the reply vectors, -1 without.
    """

    exchange_ids: tuple[str, ...]
    sendings: Sendings
    intents: tuple[str | None, ...]
    densities: FloatArray
    replies: IntArray

    @property
    def topics(self) -> IntArray:
        """Topic that was sent in reply to each, (rows,) int64, -1 without."""
        return self.sendings.topics

    @classmethod
    def from_table(cls, table: pa.Table, topics: tuple[str, ...]) -> Past:
        """Read a table of `PAST_SCHEMA`, numbering topics by their place in `topics`."""
        numbers = {topic: number for number, topic in enumerate(topics)}
        sent, suggested = (
            np.array([numbers.get(topic, -1) for topic in table[name].to_pylist()], dtype=np.int64)
            for name in ("topic", "suggested")
        )
        circumstances = Circumstances(
            channels=tuple(table["channel"].to_pylist()),
            languages=tuple(table["language"].to_pylist()),
            received=table["sent_at"].to_numpy().astype("datetime64[s]"),
            past_rows=np.arange(table.num_rows, dtype=np.int64),
        )
        replied = np.array([reply is not None for reply in table["reply"].to_pylist()], dtype=bool)
        return cls(
            exchange_ids=tuple(table["exchange_id"].to_pylist()),
            sendings=Sendings(MessageWords.of(table["message"].to_pylist()), sent, suggested, circumstances),
            intents=tuple(table["intent"].to_pylist()),
            densities=table["density"].to_numpy().astype(np.float32),
            replies=np.where(replied, np.cumsum(replied) - 1, -1).astype(np.int64),
        )


@dataclass(frozen=True, slots=True)
class Bundle:
    """A loaded bundle, verified."""

    path: Path
    manifest: Manifest
    brand: Brand
    knowledge: KnowledgeBase
    phrases: PhraseBank
    encoder: CompoundEncoder
    intents: Classifier | None
    emotions: EmotionReader | None
    ranker: Classifier | None
    reply_head: ReplyHead | None
    reranker: RerankHead | None
    messages: VectorIndex
    answer_vectors: FloatArray
    passages: EncodedPassages
    reply_vectors: FloatArray
    past: Past

    @classmethod
    def load(cls, path: Path | str, *, threads: int = 1, encoders: SharedEncoders | None = None) -> Bundle:
        """Verify and load the bundle in folder `path`, with what `encoders` holds of its encoders already.

        Raises:
            BundleError: it is missing, of another format, or a file is missing, extra or altered.
        """
        folder = Path(path)
        manifest = read_manifest(folder)
        verify(folder, manifest)
        knowledge = (
            KnowledgeBase.from_jsonl(folder / LAYOUT.answers) if _has(folder, LAYOUT.answers) else KnowledgeBase(())
        )
        centres = np.load(folder / LAYOUT.centres, allow_pickle=False)
        encoders = encoders or SharedEncoders()
        views: list[Encoder] = [
            encoders.open(folder / name, manifest.files_in(name), threads=threads)
            for name in LAYOUT.encoders
            if (folder / name).is_dir()
        ]
        if (folder / LAYOUT.lexical).is_dir():
            views.append(LexicalEncoder.from_directory(folder / LAYOUT.lexical))
        return cls(
            path=folder,
            manifest=manifest,
            brand=Brand.from_toml(folder / LAYOUT.brand),
            knowledge=knowledge,
            phrases=_phrases(folder),
            encoder=centred_views(views, manifest.view_weights, centres),
            intents=_head(folder, LAYOUT.intents),
            emotions=_emotions(folder, manifest.thresholds.emotions),
            ranker=_head(folder, LAYOUT.ranker),
            reply_head=_reply_head(folder, centres.shape[1]),
            reranker=_reranker(folder, threads),
            messages=VectorIndex.from_bytes((folder / LAYOUT.messages).read_bytes()),
            answer_vectors=_index_vectors(folder, LAYOUT.answers_index, centres.shape[1]),
            passages=EncodedPassages(
                Passages.from_table(_passages(folder), tuple(knowledge)),
                _index_vectors(folder, LAYOUT.passages_index, centres.shape[1]),
            ),
            reply_vectors=np.load(folder / LAYOUT.replies, allow_pickle=False).astype(np.float32),
            past=Past.from_table(pq.read_table(folder / LAYOUT.history), tuple(knowledge.topics)),
        )

    def remembered(self) -> RememberedTexts:
        """Return a memory of the vectors of the answers and of their passages."""
        return RememberedTexts(
            self.encoder, [answer.text for answer in self.knowledge], self.answer_vectors, self.passages
        )

    def with_answers(self, edits: AnswerEdits, remembered: RememberedTexts) -> Bundle:
        """Return the bundle with edited answers; all that they do not touch is shared.

        Args:
            edits: of the answers.
            remembered: of the bundle; only what is new to it is encoded.
        """
        knowledge = self.knowledge.edited(edits)
        passages = Passages.of(knowledge.recognised)
        answers, parts = remembered.vectors([answer.text for answer in knowledge], passages.texts)
        return replace(
            self,
            knowledge=knowledge,
            answer_vectors=answers,
            passages=EncodedPassages(passages, parts),
            past=replace(self.past, sendings=self.past.sendings.renumbered(self.knowledge.numbers_after(knowledge))),
        )


def read_manifest(folder: Path) -> Manifest:
    """Read a bundle's manifest.

    Raises:
        BundleError: there is none, or it is not of this version of the format.
    """
    file = folder / LAYOUT.manifest
    try:
        manifest = Manifest.model_validate_json(file.read_bytes())
    except FileNotFoundError:
        raise BundleError(
            f"{folder} holds no {LAYOUT.manifest}; expected a bundle, made by `python -m training fit`"
        ) from None
    except ValidationError as error:
        raise BundleError(
            f"{file} is not a manifest of this version: {error.error_count()} fields are wrong; train again"
        ) from None
    if manifest.format_version != FORMAT_VERSION:
        raise BundleError(
            f"{folder} has format {manifest.format_version}; this version reads {FORMAT_VERSION}; train again"
        )
    return manifest


def verify(folder: Path, manifest: Manifest) -> None:
    """Compare every file of the bundle with its seal, before any of it is used.

    Raises:
        BundleError: a file is missing, altered, or not listed.
    """
    found = {str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file()} - {LAYOUT.manifest}
    listed = set(manifest.files)
    if found != listed:
        name = min(found ^ listed)
        state = "is missing" if name in listed else "does not belong there"
        raise BundleError(f"{folder}: {name} {state}; copy the bundle again or train again")
    for name, seal in manifest.files.items():
        if _seal(folder / name) != seal:
            raise BundleError(f"{folder}: {name} differs from its checksum; copy the bundle again or train again")


def write_bundle(
    target: Path,
    parts: BundleParts,
    *,
    encoder: str,
    brand: str,
    thresholds: Thresholds,
    figures: Mapping[str, float],
    seed: int,
    run_id: str | None,
    licences: Mapping[str, str],
    view_weights: tuple[float, ...] = (1.0,),
) -> Manifest:
    """Write a bundle beside `target` and rename it into place, so that no half bundle is ever seen.

    The bundle's name is drawn from its contents: the same contents have the same name.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        _write_parts(staging, parts)
        files = {str(file.relative_to(staging)): _seal(file) for file in sorted(staging.rglob("*")) if file.is_file()}
        digest = hashlib.sha256("".join(f"{name}{seal.sha256}" for name, seal in files.items()).encode())
        manifest = Manifest(
            format_version=FORMAT_VERSION,
            bundle=digest.hexdigest()[:12],
            created_at=datetime.now(UTC).replace(microsecond=0),
            encoder=encoder,
            brand=brand,
            thresholds=thresholds,
            figures=figures,
            seed=seed,
            view_weights=view_weights,
            run_id=run_id,
            licences=licences,
            files=files,
        )
        (staging / LAYOUT.manifest).write_text(manifest.model_dump_json(indent=2) + "\n", encoding="utf-8")
        staging.chmod(0o755)
        _swap_in(staging, target)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return manifest


def _write_parts(folder: Path, parts: BundleParts) -> None:
    for directory, name in zip(parts.encoders, LAYOUT.encoders, strict=False):
        shutil.copytree(directory, folder / name)
    if parts.reranker:
        shutil.copytree(parts.reranker.cross_encoder, folder / LAYOUT.reranker)
        (folder / LAYOUT.rerank_weights).write_text(
            parts.reranker.weights.model_dump_json(indent=2) + "\n", encoding="utf-8"
        )
    if parts.lexical:
        parts.lexical.save(folder / LAYOUT.lexical)
    contents = {
        LAYOUT.intents: parts.intents,
        LAYOUT.emotions: parts.emotions,
        LAYOUT.sarcasm: parts.sarcasm,
        LAYOUT.ranker: parts.ranker,
        LAYOUT.reply_head: parts.reply_head,
        LAYOUT.messages: parts.messages.to_bytes(),
        LAYOUT.answers_index: parts.answers.to_bytes() if parts.answers else None,
        LAYOUT.passages_index: VectorIndex.build(parts.passages.vectors).to_bytes() if parts.answers else None,
        LAYOUT.replies: _npy(parts.replies.astype(np.float16)),
        LAYOUT.centres: _npy(parts.centres.astype(np.float32)),
        LAYOUT.brand: parts.brand_toml.encode(),
        LAYOUT.card: parts.card.encode(),
    }
    for name, content in contents.items():
        if content is not None:
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_bytes(content)
    if len(parts.knowledge):
        write_jsonl(folder / LAYOUT.answers, Answer, parts.knowledge)
        passages = parts.passages.passages.as_table(tuple(parts.knowledge))
        pq.write_table(passages, folder / LAYOUT.passages, compression="zstd")
    if parts.phrases:
        write_jsonl(folder / LAYOUT.phrases, Phrase, parts.phrases)
    pq.write_table(parts.past.cast(PAST_SCHEMA), folder / LAYOUT.history, compression="zstd")


def _swap_in(staging: Path, target: Path) -> None:
    for file in staging.rglob("*"):
        if file.is_file():
            with file.open("rb") as opened:
                os.fsync(opened.fileno())
    if target.exists():
        retired = Path(tempfile.mkdtemp(prefix=f".{target.name}-old-", dir=target.parent))
        target.rename(retired / target.name)
        try:
            staging.rename(target)
        except OSError:
            (retired / target.name).rename(target)
            raise
        finally:
            shutil.rmtree(retired)
    else:
        staging.rename(target)


def _seal(file: Path) -> FileSeal:
    try:
        with file.open("rb") as opened:
            return FileSeal(sha256=hashlib.file_digest(opened, "sha256").hexdigest(), size=file.stat().st_size)
    except OSError as error:
        raise BundleError(f"{file} cannot be read ({error.strerror})") from None


def _npy(array: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=False)
    return buffer.getvalue()


def _has(folder: Path, name: str) -> bool:
    return (folder / name).is_file()


def _head(folder: Path, name: str) -> OnnxClassifier | None:
    return OnnxClassifier.from_bytes((folder / name).read_bytes()) if _has(folder, name) else None


def _phrases(folder: Path) -> PhraseBank:
    """Return the brand's own phrases; what it has none for is said in plain words."""
    own = PhraseBank.from_jsonl(folder / LAYOUT.phrases) if _has(folder, LAYOUT.phrases) else PhraseBank(())
    return own.completed_by(DEFAULT_PHRASES)


def _emotions(folder: Path, rule: EmotionRule | None) -> EmotionReader | None:
    head = _head(folder, LAYOUT.emotions)
    return EmotionReader(head, _head(folder, LAYOUT.sarcasm), rule or EmotionRule()) if head else None


def _reply_head(folder: Path, dimensions: int) -> ReplyHead | None:
    if not _has(folder, LAYOUT.reply_head):
        return None
    return ReplyHead.from_bytes((folder / LAYOUT.reply_head).read_bytes(), dimensions)


def _reranker(folder: Path, threads: int) -> RerankHead | None:
    if not (folder / LAYOUT.reranker).is_dir():
        return None
    return RerankHead(
        OnnxCrossEncoder.from_directory(folder / LAYOUT.reranker, threads=threads, verify=False),
        RerankWeights.from_file(folder / LAYOUT.rerank_weights),
    )


def _passages(folder: Path) -> pa.Table:
    return (
        pq.read_table(folder / LAYOUT.passages)
        if _has(folder, LAYOUT.passages)
        else pa.Table.from_pylist([], schema=PASSAGE_SCHEMA)
    )


def _index_vectors(folder: Path, name: str, dimensions: int) -> FloatArray:
    if not _has(folder, name):
        return np.zeros((0, dimensions), dtype=np.float32)
    return VectorIndex.from_bytes((folder / name).read_bytes()).vectors()
