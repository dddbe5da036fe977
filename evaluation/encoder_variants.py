"""Compare the forms in which the default encoder can be shipped: size, closeness to torch, speed.

The forms take turns within a round, so that whatever else the machine does hits all of them alike.
"""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import numpy as np
import typer

from evaluation.sentences import SENTENCES, TIMED_MESSAGES
from repliek.encoder import FloatArray, OnnxEncoder

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_ROUNDS = 15
_THROUGHPUT_ROUNDS = 3
_SAME = 0.99999

Encode = Callable[[Sequence[str]], FloatArray]


@dataclass(frozen=True, slots=True)
class VariantFigures:
    """What was measured of one form of the encoder.

    Attributes:
        name: the form; `torch` is the model before export.
        megabytes: size of the graph, in 10^6 bytes.
        cosine_min, cosine_mean: cosine to torch in float32 over the sentences.
        batch_invariant: whether a text alone has the vector that it has in a batch.
        p50_ms: median time of one text of 13, 35 and 97 tokens.
        messages_per_second: the sentences as the encoder runs them: 32 at a time where the vectors allow it,
            else one by one.
    """

    name: str
    megabytes: float
    cosine_min: float
    cosine_mean: float
    batch_invariant: bool
    p50_ms: tuple[float, ...]
    messages_per_second: float


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A form of the encoder as it runs, and forced to run everything in batches."""

    megabytes: float
    run: Encode
    run_batched: Encode


def measure_variants(threads: int = 1) -> list[VariantFigures]:
    """Build every form of the default encoder in a scratch folder and measure it; about three minutes.

    Args:
        threads: threads of one run, torch's included.

    Raises:
        EncoderError: the default encoder cannot be built here.
    """
    from training.encoder import build_variants, sentence_transformers_directory

    with tempfile.TemporaryDirectory() as scratch:
        folders = build_variants(into=Path(scratch))
        candidates = {str(variant): _onnx_candidate(folder, threads) for variant, folder in folders.items()}
    directory = sentence_transformers_directory()
    candidates = {"torch": _torch_candidate(directory, threads), **candidates}
    latencies, rates = _time(candidates)
    expected = candidates["torch"].run(SENTENCES)
    return [_figures(name, candidate, expected, latencies[name], rates[name]) for name, candidate in candidates.items()]


def _onnx_candidate(folder: Path, threads: int) -> _Candidate:
    encoder = OnnxEncoder.from_directory(folder, threads=threads)
    in_batches = encoder.config.model_copy(update={"batch_invariant": True})
    # Shares the session: a second one would double the memory.
    batched = OnnxEncoder(in_batches, encoder._tokenizer, encoder._session)
    size = (folder / encoder.config.graph).stat().st_size / 1e6
    return _Candidate(size, encoder.encode_queries, batched.encode_queries)


def _torch_candidate(directory: Path, threads: int) -> _Candidate:
    import torch
    from sentence_transformers import SentenceTransformer

    torch.set_num_threads(threads)
    model: SentenceTransformer = SentenceTransformer(str(directory), device="cpu")

    def run(texts: Sequence[str]) -> FloatArray:
        vectors = model.encode(list(texts), prompt_name="query", batch_size=32, show_progress_bar=False)
        return np.asarray(vectors, dtype=np.float32)

    return _Candidate((directory / "model.safetensors").stat().st_size / 1e6, run, run)


def _time(candidates: Mapping[str, _Candidate]) -> tuple[dict[str, list[list[float]]], dict[str, list[float]]]:
    """Milliseconds by form and text, and messages per second by form; the first round warms up."""
    latencies: dict[str, list[list[float]]] = {name: [[] for _ in TIMED_MESSAGES] for name in candidates}
    rates: dict[str, list[float]] = {name: [] for name in candidates}
    for number in range(_ROUNDS + 1):
        for name, candidate in candidates.items():
            for text, found in zip(TIMED_MESSAGES, latencies[name], strict=True):
                took = _seconds(candidate.run, [text])
                if number:
                    found.append(1e3 * took)
            if number <= _THROUGHPUT_ROUNDS:
                rates[name].append(len(SENTENCES) / _seconds(candidate.run, SENTENCES))
    return latencies, rates


def _seconds(run: Encode, texts: Sequence[str]) -> float:
    start = time.perf_counter()
    run(texts)
    return time.perf_counter() - start


def _figures(
    name: str, candidate: _Candidate, expected: FloatArray, latencies: list[list[float]], rates: list[float]
) -> VariantFigures:
    alone = np.vstack([candidate.run([sentence]) for sentence in SENTENCES])
    to_torch = np.einsum("ij,ij->i", alone, expected)
    to_batched = np.einsum("ij,ij->i", alone, candidate.run_batched(SENTENCES))
    return VariantFigures(
        name=name,
        megabytes=round(candidate.megabytes, 1),
        cosine_min=round(float(to_torch.min()), 5),
        cosine_mean=round(float(to_torch.mean()), 5),
        batch_invariant=bool(to_batched.min() > _SAME),
        p50_ms=tuple(round(statistics.median(found), 1) for found in latencies),
        messages_per_second=round(statistics.median(rates[1:]), 1),
    )


def _table(figures: Sequence[VariantFigures]) -> str:
    lines = [
        "| form | MB | cosine to torch, min / mean | same vector in any batch | p50 ms, 13/35/97 tokens | messages/s |",
        "|---|---|---|---|---|---|",
    ]
    for row in figures:
        milliseconds = " / ".join(f"{value:.1f}" for value in row.p50_ms)
        lines.append(
            f"| {row.name} | {row.megabytes:.0f} | {row.cosine_min:.5f} / {row.cosine_mean:.5f} | "
            f"{'yes' if row.batch_invariant else 'no'} | {milliseconds} | {row.messages_per_second:.0f} |"
        )
    return "\n".join(lines)


def encoder(
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures for machines.")] = False,
    threads: Annotated[int, typer.Option(min=1, help="Threads of one run.")] = 1,
) -> None:
    """Compare the forms in which the default encoder can be shipped: size, closeness to torch, speed."""
    figures = measure_variants(threads)
    typer.echo(json.dumps([asdict(row) for row in figures], indent=2) if as_json else _table(figures))
