"""The command line of the training; what each command does lives in modules that are imported when it runs."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from repliek.cluster import EngineName
from repliek.errors import DataError, RepliekError
from repliek.files import publish
from repliek.terminal import Steps, renaming

if TYPE_CHECKING:
    from repliek.records import Rejection
    from training.data import TrainingData
    from training.pipeline import Encoders

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
HeldOut = Annotated[
    Path | None, typer.Option(help="Exchanges that are kept apart to measure on: none of them may be learned from.")
]
Erased = Annotated[
    list[Path] | None,
    typer.Option(help="Receipts of erasures, .jsonl: what they name is left out of every history. May be given again."),
]
Workers = Annotated[int | None, typer.Option(min=1, help="Actors of --engine ray; without it one for each core.")]
Address = Annotated[
    str | None, typer.Option(help="Of the Ray cluster; without it one is started on this machine, and ended.")
]
Json = Annotated[bool, typer.Option("--json", help="Print the figures for machines.")]


@app.command()
def fit(
    out: Annotated[Path, typer.Option(help="Folder for the bundle; a bundle that is there is replaced.")],
    history: Annotated[
        Path | None,
        typer.Option(
            help="What was asked and replied: .jsonl, .csv or .parquet. Without it, --answers alone are used."
        ),
    ] = None,
    answers: Annotated[Path | None, typer.Option(help="What may be said: .jsonl, .csv or .parquet.")] = None,
    brand: Annotated[Path | None, typer.Option(help="The brand's settings: brand.toml.")] = None,
    phrases: Annotated[
        Path | None,
        typer.Option(help="The words around its answers. [default: phrases.jsonl beside the brand's settings]"),
    ] = None,
    encoder: EncoderName = "default",
    held_out: HeldOut = None,
    calibrate: Annotated[
        Path | None,
        typer.Option(help="Later exchanges, to set confidence and thresholds on: none of them may be learned from."),
    ] = None,
    erased: Erased = None,
    fine_tune: Annotated[
        bool, typer.Option("--fine-tune", help="Fine-tune the encoder on the history, and use it where that helps.")
    ] = False,
    reranker: Annotated[
        str | None,
        typer.Option(
            help="A cross-encoder that reads the best answers again, used where that helps: hub:NAME, or a directory "
            "of sentence-transformers."
        ),
    ] = None,
    precision: Annotated[
        float, typer.Option(min=0.5, max=0.999, help="Share of first suggestions that should be right.")
    ] = 0.9,
    seed: Annotated[int, typer.Option(help="The same seed on the same files gives the same bundle.")] = 13,
    columns: Columns = "",
    strict: Strict = False,
    engine: Annotated[EngineName, typer.Option(help="Encode in this process, or on a Ray cluster.")] = EngineName.LOCAL,
    workers: Workers = None,
    address: Address = None,
    as_json: Json = False,
    mlflow: Annotated[
        bool, typer.Option("--mlflow/--no-mlflow", help="Whether the run is kept and registered in MLflow.")
    ] = True,
) -> None:
    """Learn intents, ranking and confidence from a history, and write a bundle; or put answers alone into one."""
    from training.data import Sources, load
    from training.pipeline import FitRequest, fit_bundle

    if not history and not answers:
        raise typer.BadParameter("expected one of them, or both", param_hint="--history, --answers")
    if not history:
        for given, option in ((fine_tune, "--fine-tune"), (reranker, "--reranker"), (calibrate, "--calibrate")):
            if given:
                raise typer.BadParameter("there is nothing to learn from without --history", param_hint=option)
    say = Steps()
    sources = Sources(
        history, answers, brand, held_out, renaming(columns), strict, calibrate, phrases, tuple(erased or ())
    )
    encoders = _encoders(engine, workers, address)
    request = FitRequest(sources, out, encoder, precision, seed, mlflow, fine_tune, reranker, encoders)
    request.check_target()
    data = load(sources)
    say(f"read {len(data.history):,} exchanges and {len(data.knowledge):,} answers")
    _tell_erased(data, say)
    if calibrate:
        say(f"read {len(data.later):,} later exchanges; {data.repeated:,} more stand in the history and are left out")
    _set_aside(out, data.rejected, say)
    figures = fit_bundle(request, data, say)
    if as_json:
        typer.echo(json.dumps(figures))
        return
    width = max(map(len, figures), default=0)
    for name, value in figures.items():
        typer.echo(f"{name:<{width}} {value:.3f}")


@app.command()
def check(
    history: History,
    answers: Annotated[Path | None, typer.Option(help="What may be said: .jsonl, .csv or .parquet.")] = None,
    brand: Annotated[Path | None, typer.Option(help="The brand's settings: its own name is nobody's.")] = None,
    held_out: HeldOut = None,
    out: Annotated[Path | None, typer.Option(help="File for the report, .md; the terminal without it.")] = None,
    encoder: EncoderName = "default",
    seed: Annotated[int, typer.Option(help="Of the folds.")] = 13,
    columns: Columns = "",
    strict: Strict = False,
    as_json: Json = False,
) -> None:
    """Look for what is doubtful in a history and its answers, before anything is learned from them."""
    from training.check import check_data
    from training.checks_report import summary
    from training.data import Sources, load

    say = Steps()
    data = load(Sources(history, answers, brand, held_out=held_out, rename=renaming(columns), strict=strict))
    say(f"read {len(data.history):,} exchanges and {len(data.knowledge):,} answers")
    found = check_data(data, encoder, seed, say)
    say(f"checked: {summary(found.findings)}")
    if out:
        publish(out.parent, {out.name: found.as_markdown()})
        say(f"the report is {out}")
    if as_json:
        typer.echo(found.as_json())
    elif not out:
        typer.echo(found.as_markdown())


@app.command()
def mine(
    history: History,
    out: Annotated[Path, typer.Option(help="File for the answers, .jsonl; a review sheet comes beside it.")],
    answers: Annotated[
        Path | None, typer.Option(help="Answers that are there already: kept as they are, and not mined again.")
    ] = None,
    decisions: Annotated[
        Path | None, typer.Option(help="What reviewers decided, as for `review`: applied to what is mined.")
    ] = None,
    erased: Erased = None,
    encoder: EncoderName = "default",
    language: Annotated[str, typer.Option(help="Of replies whose own language is unclear.")] = "nl",
    columns: Columns = "",
    strict: Strict = False,
    as_json: Json = False,
) -> None:
    """Group replies that say nearly the same into answers, for review."""
    from training.data import Sources, load
    from training.mining.review import Decisions

    say = Steps()
    data = load(Sources(history, answers, rename=renaming(columns), strict=strict, erased=tuple(erased or ())))
    decided = Decisions.from_file(decisions) if decisions else Decisions.none()
    say(f"read {len(data.history):,} exchanges and {len(data.knowledge):,} answers")
    _tell_erased(data, say)
    _set_aside(out, data.rejected, say)

    from repliek.files import write_whole
    from repliek.knowledge import Answer
    from repliek.records import write_jsonl
    from training.embeddings import caching_encoder
    from training.encoder.store import cache_directory, resolve_encoder
    from training.mining import mine as mine_answers
    from training.mining.sheet import as_csv, rows, sheet_path

    caching = caching_encoder(resolve_encoder(encoder), cache_directory())
    mined = mine_answers(data.history, caching, language, data.knowledge)
    bank = decided.applied_to((*data.knowledge, *mined.answers))
    if not bank:
        raise DataError(f"{history}: no two replies say nearly the same, so there is nothing to mine")
    sheet = rows(bank, mined)
    write_jsonl(out, Answer, bank)
    write_whole(sheet_path(out), as_csv(sheet).encode())
    named = sum(exchange.answer_id is not None for exchange in mined.history)
    if as_json:
        figures = {"answers": len(bank), "mined": len(mined.answers), "replies": named, "exchanges": len(mined.history)}
        typer.echo(json.dumps(figures))
        return
    for row in sheet[:_SHOWN]:
        typer.echo(f"{row.said:>5} x  {row.answer.answer_id}  {row.answer.intent or '':<24}  {row.answer.text[:70]}")
    typer.echo(f"{len(mined.answers)} new answers; {named} of {len(mined.history)} exchanges have one: {out}")
    typer.echo(f"counts and examples, and columns to decide in: {sheet_path(out)}")


@app.command()
def review(
    answers: Annotated[Path, typer.Option(help="The answers that were reviewed: .jsonl, .csv or .parquet.")],
    decisions: Annotated[
        Path,
        typer.Option(help="What was decided: .jsonl, or the review sheet (.csv) with its action column filled in."),
    ],
    out: Annotated[
        Path | None, typer.Option(help="File for the reviewed answers, .jsonl; without it, --answers is replaced.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Apply what reviewers decided: allow, block, merge, rename or edit answers."""
    from collections import Counter

    from repliek.knowledge import Answer
    from repliek.records import read_records, write_jsonl
    from training.mining.review import Decisions

    target = out or answers
    if target.suffix != ".jsonl":
        raise typer.BadParameter(f"{target}; expected a file that ends in .jsonl", param_hint="--out")
    bank = read_records(answers, Answer, unique="answer_id", strict=True).records
    decided = Decisions.from_file(decisions)
    reviewed = decided.applied_to(bank)
    write_jsonl(target, Answer, reviewed)
    counts = Counter(answer.status.value for answer in reviewed)
    if as_json:
        typer.echo(json.dumps({"answers": len(reviewed), "decisions": len(decided), **counts}))
        return
    told = ", ".join(f"{count} {status}" for status, count in sorted(counts.items()))
    typer.echo(f"{len(decided)} decisions applied; {len(reviewed)} answers, {told}: {target}")


@app.command()
def promote(
    run_id: Annotated[str, typer.Option("--run", metavar="ID", help="The MLflow run that made the challenger.")],
    history: Annotated[
        Path | None,
        typer.Option(help="Exchanges to compare on. Needed unless the run was made with `fit --held-out`."),
    ] = None,
    margin: Annotated[
        float, typer.Option(min=0.0, max=1.0, help="How much worse than the champion it may be, in all or in a slice.")
    ] = 0.01,
    seed: Annotated[int, typer.Option(help="Of everything that is drawn.")] = 13,
    as_json: Json = False,
) -> None:
    """Make a run's bundle the champion, if the gate lets it through (exit code 3 if not)."""
    from training.promotion import PromotionRequest
    from training.promotion import promote as ask

    found = ask(PromotionRequest(run_id, history, margin, seed))
    if as_json:
        typer.echo(found.as_json())
    else:
        typer.echo("\n".join(f"- {reason}" for reason in found.reasons))
        typer.echo(f"{found.challenger} is {'the champion now' if found.promoted else 'not promoted'}")
    if not found.promoted:
        raise typer.Exit(3)


@app.command(name="encoder")
def build_encoder(
    name: Annotated[str, typer.Argument(help="default, hub:NAME, or a sentence-transformers directory.")] = "default",
    english: Annotated[bool, typer.Option("--english", help="Also what stands beside it for English alone.")] = False,
) -> None:
    """Build an encoder, and what stands beside it, or find them in the cache, and print the encoder's folder."""
    from training.encoder.store import resolve_views

    folder, *beside = resolve_views(name, english=english)
    typer.echo(folder)
    for other in beside:
        typer.echo(f"beside it: {other}", err=True)


def _encoders(engine: EngineName, workers: int | None, address: str | None) -> Encoders:
    from training.pipeline import local_encoders

    if engine is EngineName.LOCAL:
        if workers or address:
            raise typer.BadParameter("are for --engine ray", param_hint="--workers, --address")
        return local_encoders
    from training.distributed import ray_encoders

    return partial(ray_encoders, address, workers)


def _tell_erased(data: TrainingData, say: Callable[[str], None]) -> None:
    if data.erased:
        say(f"left out {data.erased:,} exchanges of customers whose data was erased")


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
