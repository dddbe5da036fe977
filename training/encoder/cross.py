"""Find a cross-encoder by its name, exporting it on first use into the folder that `OnnxCrossEncoder` reads.

The graph takes what the model's tokenizer gives, (batch, tokens) int64 each, and returns `score`, (batch,) float32: the
model's one logit. It is served in int8 where that keeps the order of the scores.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from repliek.cross_encoder import SCORE, CrossEncoderConfig, OnnxCrossEncoder, Pair
from repliek.encoder import TOKENIZER_FILE, FloatArray, padded
from repliek.errors import EncoderError
from training.encoder.calibration import CALIBRATION_TEXTS
from training.encoder.export import PARITY_TEXTS, trace
from training.encoder.quantise import BlockSource, Variant, quantise
from training.encoder.smooth import Feed
from training.encoder.store import (
    FAST,
    MAX_TOKENS,
    NOTE_FILE,
    OTHER_NOTE,
    RECIPE,
    REFERENCE,
    built_once,
    cache_directory,
    digest,
    fast_tokenizer,
    first_line,
    hub_errors,
    slug,
    write_files,
)

if TYPE_CHECKING:
    import onnx
    import torch
    from sentence_transformers import CrossEncoder

LEAST_CORRELATION = 0.9995
"""Between the scores of torch and of the float32 graph: a shift or a stretch of all scores is taken up by the weights
that are learned on them, another order is not."""

LEAST_CORRELATION_FAST = 0.98
"""The same for the int8 graph."""

PARITY_PAIRS = tuple(Pair(message, text) for message in PARITY_TEXTS for text in PARITY_TEXTS)

_LOG = logging.getLogger(__name__)


def resolve_cross_encoder(spec: str, cache: Path | None = None) -> Path:
    """Return the folder of the cross-encoder that `spec` names, for `OnnxCrossEncoder.from_directory`.

    Args:
        spec: `hub:NAME` for a model of the Hugging Face hub, or a folder that sentence-transformers' `CrossEncoder`
            saved.
        cache: where exported models are kept; `cache_directory()` if None.

    Raises:
        EncoderError: there is no such model, it gives more than one score, or it cannot be exported here.
    """
    cache = cache_directory() if cache is None else cache
    if spec.startswith("hub:"):
        return _from_hub(spec.removeprefix("hub:"), cache) / FAST
    directory = Path(spec).expanduser()
    if (directory / "config.json").is_file():
        return _from_directory(directory, cache) / FAST
    raise EncoderError(
        f"no cross-encoder {spec!r}: expected `hub:NAME`, or a directory with the config.json of a cross-encoder that "
        "sentence-transformers saved"
    )


def _from_hub(name: str, cache: Path) -> Path:
    if not name:
        raise EncoderError("`hub:` names no model; write for example hub:cross-encoder/mmarco-mMiniLMv2-L12-H384-v1")

    def build(folder: Path) -> None:
        with hub_errors(name, "leave out --reranker"):
            model = load_cross_encoder(name)
        _write(folder, model, name, f"https://huggingface.co/{name}")

    return built_once(cache / f"cross-hub-{slug(name)}-{RECIPE}", build)


def _from_directory(directory: Path, cache: Path) -> Path:
    name = directory.resolve().name

    def build(folder: Path) -> None:
        try:
            model = load_cross_encoder(str(directory))
        except Exception as error:  # whatever the files make transformers or torch raise
            raise EncoderError(f"{directory} cannot be loaded as a cross-encoder: {first_line(error)}") from error
        _write(folder, model, name, "a local directory")

    return built_once(cache / f"cross-dir-{slug(name)}-{digest(directory)[:12]}-{RECIPE}", build)


def load_cross_encoder(name_or_path: str) -> CrossEncoder:
    """Load the model on the CPU, in evaluation mode and with the attention that exports to plain ONNX."""
    from sentence_transformers import CrossEncoder

    return CrossEncoder(name_or_path, device="cpu", model_kwargs={"attn_implementation": "eager"}).eval()


def _write(folder: Path, model: CrossEncoder, name: str, source: str) -> None:
    """Export `model` in int8, or in float32 where int8 orders pairs in another way."""
    _refuse_other_models(model, name)
    _LOG.info("exporting %s; this takes about a minute, once", name)
    graph = export(model)
    expected = torch_scores(model, PARITY_PAIRS)
    if np.ptp(expected) == 0:
        raise EncoderError(f"{name} gives every pair the same score; expected a cross-encoder that was trained")
    reference, fast = folder / REFERENCE, folder / FAST
    _write_form(reference, quantise(graph, Variant.FP32, BlockSource({})), Variant.FP32, model, name, source)
    found = correlation(OnnxCrossEncoder.from_directory(reference).score(PARITY_PAIRS), expected)
    if found < LEAST_CORRELATION:
        raise EncoderError(
            f"the graph of {name} differs from torch: correlation {found:.5f}, expected {LEAST_CORRELATION} or more"
        )
    small = quantise(graph, Variant.INT8_SMOOTH, BlockSource({}), calibration_feeds(model))
    _write_form(fast, small, Variant.INT8_SMOOTH, model, name, source)
    found = correlation(OnnxCrossEncoder.from_directory(fast).score(PARITY_PAIRS), expected)
    if found < LEAST_CORRELATION_FAST:
        _LOG.warning("the int8 graph of %s orders pairs differently (correlation %.3f); float32 is served", name, found)
        shutil.rmtree(fast)
        shutil.copytree(reference, fast)


def _refuse_other_models(model: CrossEncoder, name: str) -> None:
    if len(list(model)) != 1:
        raise EncoderError(f"{name} is no model for sequence classification; only such cross-encoders can be exported")
    if model.num_labels != 1:
        raise EncoderError(
            f"{name} gives {model.num_labels} scores for a pair; expected a cross-encoder with one label"
        )


def inputs_of(model: CrossEncoder) -> tuple[str, ...]:
    """Return the names of what the model takes: two texts have types only where its tokenizer gives them."""
    given = model.tokenizer("a", "b")
    return tuple(name for name in ("input_ids", "attention_mask", "token_type_ids") if name in given)


def export(model: CrossEncoder) -> onnx.ModelProto:
    """Return the ONNX graph of `model`, in float32.

    Raises:
        EncoderError: it cannot be traced.
    """
    return trace(_graph_module(model), inputs_of(model), SCORE)


def _graph_module(model: CrossEncoder) -> torch.nn.Module:
    """Return `model` as one module from its inputs to its logit."""
    import torch

    class ScoreGraph(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.classifier = model.model

        def forward(
            self, input_ids: torch.Tensor, attention_mask: torch.Tensor, token_type_ids: torch.Tensor | None = None
        ) -> torch.Tensor:
            inputs = {"input_ids": input_ids, "attention_mask": attention_mask}
            if token_type_ids is not None:
                inputs["token_type_ids"] = token_type_ids
            return self.classifier(**inputs, return_dict=True).logits[:, 0]

    return ScoreGraph()


def calibration_feeds(model: CrossEncoder) -> list[Feed]:
    """Return inputs of the exported graph: each calibration text beside the next one, and beside the one after that."""
    tokenizer = fast_tokenizer(model.tokenizer)
    tokenizer.enable_truncation(max_length=max_tokens(model))
    tokenizer.no_padding()
    texts = CALIBRATION_TEXTS
    pairs = [(text, texts[(place + step) % len(texts)]) for step in (1, 2) for place, text in enumerate(texts)]
    names = inputs_of(model)
    feeds: list[Feed] = []
    for encoding in tokenizer.encode_batch(pairs):
        whole = {"input_ids": encoding.ids, "attention_mask": encoding.attention_mask}
        whole["token_type_ids"] = encoding.type_ids
        feeds.append({name: padded([whole[name]]) for name in names})
    return feeds


def max_tokens(model: CrossEncoder) -> int:
    """Return how many tokens of a pair are read."""
    return min(model.max_length or MAX_TOKENS, MAX_TOKENS)


def torch_scores(model: CrossEncoder, pairs: Sequence[Pair]) -> FloatArray:
    """Return what torch makes of the pairs: (pairs,) float32 logits."""
    import torch

    logits = model.predict([tuple(pair) for pair in pairs], activation_fn=torch.nn.Identity(), show_progress_bar=False)
    return np.asarray(logits, dtype=np.float32)


def correlation(found: FloatArray, expected: FloatArray) -> float:
    """Return the correlation of two rows of scores, 0 where one of them is the same for all pairs."""
    left, right = found - found.mean(), expected - expected.mean()
    size = float(np.linalg.norm(left) * np.linalg.norm(right))
    return float(left @ right) / size if size else 0.0


def _write_form(
    folder: Path, graph: onnx.ModelProto, variant: Variant, model: CrossEncoder, name: str, source: str
) -> None:
    folder.mkdir()
    contents = {
        "model.onnx": graph.SerializeToString(),
        TOKENIZER_FILE: fast_tokenizer(model.tokenizer).to_str().encode("utf-8"),
        NOTE_FILE: OTHER_NOTE.format(source=f"{name} ({source})").encode("utf-8"),
    }
    CrossEncoderConfig(
        name=f"{name} ({variant})",
        source=source,
        licence="see source",
        max_tokens=max_tokens(model),
        files=write_files(folder, contents),
    ).write(folder)
