"""`python -m training`: learn from history and answers."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from repliek.errors import RepliekError

os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")

app = typer.Typer(
    help="Learn from history and answers: the result is a bundle, the only thing that serving needs.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

History = Annotated[Path, typer.Option(help="What was asked and replied: .jsonl, .csv or .parquet.")]
Map = Annotated[
    str | None, typer.Option("--map", help="Your columns' names: message=question,reply=answer (ours=yours).")
]
Strict = Annotated[bool, typer.Option("--strict", help="Stop at the first bad line instead of setting it aside.")]
EncoderOption = Annotated[
    str, typer.Option("--encoder", help="default, hub:NAME, or a sentence-transformers directory.")
]
Json = Annotated[bool, typer.Option("--json", help="Print figures as JSON, and progress on stderr.")]


class Steps:
    """Says what is happening and how long it took, on stderr, so that stdout stays free for figures."""

    def __init__(self) -> None:
        self._started = time.perf_counter()

    def __call__(self, line: str) -> None:
        print(f"[{time.perf_counter() - self._started:6.1f} s] {line}", file=sys.stderr, flush=True)


@contextmanager
def plain_errors() -> Iterator[None]:
    """Print our own errors as one line and exit with 1."""
    try:
        yield
    except RepliekError as error:
        print(f"error: {error}", file=sys.stderr)
        raise typer.Exit(1) from None


def parse_map(text: str | None) -> dict[str, str]:
    """Return our column name for theirs, from `ours=theirs,...`.

    Raises:
        typer.BadParameter: the text is not of that form.
    """
    pairs = [pair.partition("=") for pair in (text or "").split(",") if pair.strip()]
    if any(not (ours.strip() and theirs.strip()) for ours, _, theirs in pairs):
        raise typer.BadParameter("expected ours=theirs, separated by commas: message=question,reply=answer")
    return {theirs.strip(): ours.strip() for ours, _, theirs in pairs}


@app.command()
def fit(
    history: History,
    out: Annotated[Path, typer.Option(help="Folder for the bundle; replaced when it is there.")],
    answers: Annotated[Path | None, typer.Option(help="What may be said: answers.jsonl.")] = None,
    brand: Annotated[Path | None, typer.Option(help="The brand's settings: brand.toml.")] = None,
    encoder: EncoderOption = "default",
    precision: Annotated[
        float, typer.Option(min=0.5, max=0.999, help="Share of suggestions that should be right.")
    ] = 0.9,
    seed: Annotated[int, typer.Option(help="Same seed, same bundle.")] = 13,
    rename: Map = None,
    strict: Strict = False,
    as_json: Json = False,
) -> None:
    """Learn intents, ranking and confidence, and write a bundle."""
    from training.data import Sources, load
    from training.fitting import Options

    say = Steps()
    with plain_errors():
        _check_target(out)
        sources = Sources(history, answers, brand, parse_map(rename), strict)
        data = load(sources)
        say(f"read {len(data.history):,} exchanges and {len(data.knowledge):,} answers")
        _set_aside(out.parent / "rejected.jsonl", data.rejected, say)
        figures = _fit_and_track(sources, data, encoder, out, Options(precision, seed), say)
    if as_json:
        print(json.dumps(figures))
    else:
        for name, value in figures.items():
            print(f"{name:<28} {value:.3f}")


def _fit_and_track(sources, data, encoder: str, out: Path, options, say: Callable[[str], None]) -> dict[str, float]:  # noqa: ANN001
    from repliek.bundle import write_bundle
    from training import tracking
    from training.encoder.store import cache_directory, resolve_encoder
    from training.fitting import fit as fit_all
    from training.results import card, drawings, figures

    directory = resolve_encoder(encoder)
    tracking.configure()
    with tracking.run() as run_id:
        files = {"history": sources.history, "answers": sources.answers, "brand": sources.brand}
        tracking.log_inputs(
            {
                "encoder": encoder,
                "precision": options.precision,
                "seed": options.seed,
                "exchanges": len(data.history),
                "answers": len(data.knowledge),
                "rejected": len(data.rejected),
            },
            {name: file for name, file in files.items() if file},
        )
        fitted = fit_all(data, directory, cache_directory(), options, say)
        found = figures(fitted)
        manifest = write_bundle(
            out,
            fitted.parts_with(card(fitted, data, found, options.seed)),
            encoder=fitted.encoder,
            brand=data.brand.name,
            thresholds=fitted.thresholds,
            figures=found,
            seed=options.seed,
            lexical_weight=fitted.lexical_weight,
            run_id=run_id,
            licences={"encoder": fitted.licence},
        )
        say(f"wrote bundle {manifest.bundle} to {out}")
        tracking.log_results(found, drawings(fitted.out_of_fold, options.precision))
        aliases = tracking.register(out, manifest.bundle, found)
        say(f"registered in MLflow as {tracking.MODEL}, alias {' and '.join(aliases)} (run {run_id})")
    return found


def _check_target(out: Path) -> None:
    """Refuse, before any long work, a target that is no bundle: it would be replaced."""
    from repliek.bundle import LAYOUT

    if out.exists() and not (out / LAYOUT.manifest).is_file() and (not out.is_dir() or any(out.iterdir())):
        raise RepliekError(f"{out} exists and is no bundle; expected a new folder or a bundle to replace")


def _set_aside(file: Path, rejected, say: Callable[[str], None]) -> None:  # noqa: ANN001
    from repliek.records import write_rejections

    if not write_rejections(file, rejected):
        return
    for rejection in rejected[:5]:
        say(f"{rejection.source}, line {rejection.line}: {rejection.reason}")
    say(f"set aside {len(rejected)} records that cannot be used; they stand in {file}")


@app.command()
def mine(
    history: History,
    out: Annotated[Path, typer.Option(help="File for the mined answers, .jsonl.")],
    encoder: EncoderOption = "default",
    language: Annotated[str, typer.Option(help="Of replies whose own language is unclear.")] = "nl",
    rename: Map = None,
    strict: Strict = False,
    as_json: Json = False,
) -> None:
    """Group near-same replies into answers, for review."""
    from training.data import Sources, load

    say = Steps()
    with plain_errors():
        data = load(Sources(history, rename=parse_map(rename), strict=strict))
        say(f"read {len(data.history):,} exchanges")
        _set_aside(out.parent / "rejected.jsonl", data.rejected, say)
        from repliek.errors import DataError
        from repliek.knowledge import Answer
        from repliek.records import write_jsonl
        from training.encoder.store import cache_directory, resolve_encoder
        from training.embeddings import caching_encoder
        from training.mining import mine as mine_all

        mined = mine_all(data.history, caching_encoder(resolve_encoder(encoder), cache_directory()), language)
        if not mined.answers:
            raise DataError(f"{history}: no two replies say nearly the same, so there is nothing to mine")
        out.parent.mkdir(parents=True, exist_ok=True)
        write_jsonl(out, Answer, mined.answers)
    covered = sum(mined.counts)
    if as_json:
        print(json.dumps({"answers": len(mined.answers), "replies": covered, "exchanges": len(mined.history)}))
        return
    for answer, count in list(zip(mined.answers, mined.counts, strict=True))[:10]:
        print(f"{count:>5}  {answer.answer_id}  {answer.text[:90]}")
    print(f"{len(mined.answers)} answers from {covered} of {len(mined.history)} replies; review them in {out}")


@app.command(name="encoder")
def encoder_command(encoder: Annotated[str, typer.Argument(help="default, hub:NAME, or a directory.")] = "default") -> None:
    """Build an encoder, or find it in the cache, and print its folder."""
    from training.encoder.store import resolve_encoder

    with plain_errors():
        print(resolve_encoder(encoder))
