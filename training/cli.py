"""The command line of the training; what each command does lives in modules that are imported when it runs."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from repliek.errors import DataError, RepliekError
from repliek.terminal import Steps, renaming

if TYPE_CHECKING:
    from repliek.records import Rejection

REJECTED = "rejected.jsonl"
_SHOWN = 5

app = typer.Typer(
    help="Learn from history and answers: the result is a bundle, the only thing that serving needs.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

History = Annotated[Path, typer.Option(help="What was asked and replied: .jsonl, .csv or .parquet.")]
Columns = Annotated[
    str,
    typer.Option("--map", metavar="OURS=THEIRS,...", help="Other names of columns: message=question,reply=answer."),
]
Strict = Annotated[bool, typer.Option("--strict", help="Stop at the first line that cannot be used.")]
EncoderName = Annotated[str, typer.Option(help="default, hub:NAME, or a sentence-transformers directory.")]
Json = Annotated[bool, typer.Option("--json", help="Print the figures for machines.")]


@app.command()
def fit(
    history: History,
    out: Annotated[Path, typer.Option(help="Folder for the bundle; a bundle that is there is replaced.")],
    answers: Annotated[Path | None, typer.Option(help="What may be said: .jsonl, .csv or .parquet.")] = None,
    brand: Annotated[Path | None, typer.Option(help="The brand's settings: brand.toml.")] = None,
    encoder: EncoderName = "default",
    fine_tune: Annotated[
        bool, typer.Option("--fine-tune", help="Fine-tune the encoder on the history, and use it where that helps.")
    ] = False,
    precision: Annotated[
        float, typer.Option(min=0.5, max=0.999, help="Share of first suggestions that should be right.")
    ] = 0.9,
    seed: Annotated[int, typer.Option(help="The same seed on the same files gives the same bundle.")] = 13,
    columns: Columns = "",
    strict: Strict = False,
    as_json: Json = False,
    mlflow: Annotated[
        bool, typer.Option("--mlflow/--no-mlflow", help="Whether the run is kept and registered in MLflow.")
    ] = True,
) -> None:
    """Learn intents, ranking and confidence from a history, and write a bundle."""
    from training.data import Sources, load
    from training.pipeline import FitRequest, fit_bundle

    say = Steps()
    sources = Sources(history, answers, brand, renaming(columns), strict)
    request = FitRequest(sources, out, encoder, precision, seed, mlflow, fine_tune)
    request.check_target()
    data = load(sources)
    say(f"read {len(data.history):,} exchanges and {len(data.knowledge):,} answers")
    _set_aside(out, data.rejected, say)
    figures = fit_bundle(request, data, say)
    if as_json:
        typer.echo(json.dumps(figures))
        return
    for name, value in figures.items():
        typer.echo(f"{name:<28} {value:.3f}")


@app.command()
def mine(
    history: History,
    out: Annotated[Path, typer.Option(help="File for the mined answers, .jsonl.")],
    encoder: EncoderName = "default",
    language: Annotated[str, typer.Option(help="Of replies whose own language is unclear.")] = "nl",
    columns: Columns = "",
    strict: Strict = False,
    as_json: Json = False,
) -> None:
    """Group replies that say nearly the same into answers, for review."""
    from training.data import Sources, load

    say = Steps()
    data = load(Sources(history, rename=renaming(columns), strict=strict))
    say(f"read {len(data.history):,} exchanges")
    _set_aside(out, data.rejected, say)

    from repliek.knowledge import Answer
    from repliek.records import write_jsonl
    from training.embeddings import caching_encoder
    from training.encoder.store import cache_directory, resolve_encoder
    from training.mining import mine as mine_answers

    mined = mine_answers(data.history, caching_encoder(resolve_encoder(encoder), cache_directory()), language)
    if not mined.answers:
        raise DataError(f"{history}: no two replies say nearly the same, so there is nothing to mine")
    out.parent.mkdir(parents=True, exist_ok=True)
    write_jsonl(out, Answer, mined.answers)
    covered = sum(mined.counts)
    if as_json:
        typer.echo(json.dumps({"answers": len(mined.answers), "replies": covered, "exchanges": len(mined.history)}))
        return
    for answer, count in list(zip(mined.answers, mined.counts, strict=True))[:_SHOWN]:
        typer.echo(f"{count:>5} x  {answer.answer_id}  {answer.text[:90]}")
    typer.echo(f"{len(mined.answers)} answers, said in {covered} of {len(mined.history)} exchanges: review {out}")


@app.command(name="encoder")
def build_encoder(
    name: Annotated[str, typer.Argument(help="default, hub:NAME, or a sentence-transformers directory.")] = "default",
) -> None:
    """Build an encoder, or find it in the cache, and print its folder."""
    from training.encoder.store import resolve_encoder

    typer.echo(resolve_encoder(name))


def _set_aside(out: Path, rejected: Sequence[Rejection], say: Callable[[str], None]) -> None:
    """Write what cannot be used beside the result, and say how much it is and why."""
    from repliek.records import write_rejections

    file = out.parent / REJECTED
    try:
        count = write_rejections(file, rejected)
    except OSError as error:
        raise RepliekError(f"{file} cannot be written ({error.strerror}); choose another --out") from None
    for rejection in rejected[:_SHOWN]:
        say(f"{rejection.source}, line {rejection.line}: {rejection.reason}")
    if count:
        say(f"set aside {count} records that cannot be used; they stand in {file} with the reasons")
