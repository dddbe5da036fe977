"""The command line of the evaluation; what each command does lives in a module of its own, imported when it runs."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Annotated

import typer

from evaluation.batch.command import suggest
from evaluation.batch.speed import batch_speed
from evaluation.convert import ALL_SPLITS, TELLING_WORDS, PublicSet, Split, convert, telling
from evaluation.encoder_variants import encoder
from evaluation.live_answers import live_answers
from evaluation.mining_speed import mining_speed
from evaluation.needs import needs
from evaluation.options import AsJson, Columns, Seed, Strict
from evaluation.public import BENCHMARKS, BenchmarkName, Outcome, outcomes_json, outcomes_table, run_benchmark
from evaluation.replay import replay
from evaluation.speed import speed
from evaluation.tone import tone
from evaluation.tone_speed import tone_speed
from repliek.terminal import renaming

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Measure bundles on held-out exchanges: figures, a report, public benchmarks.",
)
app.command()(speed)
app.command()(replay)
app.command()(suggest)
app.command()(tone)
app.command(name="tone-speed")(tone_speed)
app.command()(needs)
app.command(name="batch-speed")(batch_speed)
app.command(name="mining-speed")(mining_speed)
app.command(name="live-answers")(live_answers)
app.command()(encoder)


@app.command()
def score(
    bundle: Annotated[Path, typer.Option(help="The bundle's folder.")],
    history: Annotated[Path, typer.Option(help="Held-out exchanges: .jsonl, .csv or .parquet.")],
    out: Annotated[Path, typer.Option(help="Folder for figures.json, report.html and rejected.jsonl.")],
    columns: Columns = "",
    strict: Strict = False,
    seed: Seed = 13,
    as_json: AsJson = False,
    mlflow: Annotated[
        bool, typer.Option("--mlflow/--no-mlflow", help="Whether the score becomes a run in MLflow.")
    ] = True,
) -> None:
    """Measure a bundle on held-out exchanges, and write figures and a report."""
    from rich.console import Console

    from evaluation.progress import shown_progress
    from evaluation.score import REJECTED, REPORT, ScoreRequest, figures_table, score_files

    request = ScoreRequest(bundle, history, out, renaming(columns), strict, seed, mlflow)
    started = time.perf_counter()
    with shown_progress() as progress:
        figures = score_files(request, progress)
    if as_json:
        typer.echo(figures.as_json(), nl=False)
    else:
        Console().print(figures_table(figures))
    rejected = figures.counts.rejected
    if rejected:
        typer.echo(f"{rejected} lines could not be used; the reasons stand in {out / REJECTED}", err=True)
    took = time.perf_counter() - started
    typer.echo(f"{figures.n:,} exchanges scored in {took:.0f} s; the report is {out / REPORT}", err=True)


@app.command()
def compare(
    champion: Annotated[Path, typer.Option(help="The folder of the bundle in use.")],
    challenger: Annotated[Path, typer.Option(help="The folder of the bundle that would take its place.")],
    history: Annotated[Path, typer.Option(help="Exchanges that neither has learned from.")],
    margin: Annotated[
        float, typer.Option(min=0.0, max=1.0, help="How much the challenger, a guard or a slice may fall.")
    ] = 0.01,
    out: Annotated[Path | None, typer.Option(help="Folder for comparison.json and rejected.jsonl.")] = None,
    columns: Columns = "",
    strict: Strict = False,
    seed: Seed = 13,
    as_json: AsJson = False,
) -> None:
    """Let a challenger through the gate, or not (exit code 3): both bundles on the same messages."""
    from rich.console import Console

    from evaluation.compare import CompareRequest, compare_files
    from evaluation.progress import shown_progress

    request = CompareRequest(champion, challenger, history, out, renaming(columns), strict, seed, margin)
    with shown_progress() as progress:
        found = compare_files(request, progress)
    if as_json:
        typer.echo(found.as_json(), nl=False)
    else:
        Console().print(found.table())
    for reason in found.reasons:
        typer.echo(f"- {reason}", err=True)
    typer.echo(f"{found.challenger} may {'' if found.promoted else 'not '}replace {found.champion}", err=True)
    if not found.promoted:
        raise typer.Exit(3)


@app.command(name="convert")
def convert_set(
    name: Annotated[PublicSet, typer.Argument(help="Which public set it is.")],
    source: Annotated[Path, typer.Option("--input", help="A file of it, as published.")],
    output: Annotated[Path, typer.Option(help="The history to write, .jsonl.")],
    split: Annotated[
        list[Split] | None,
        typer.Option(help="A part of clinc150, which lies in one file; may be repeated. All without it."),
    ] = None,
) -> None:
    """Turn a public data set into a history."""
    from repliek.history import Exchange
    from repliek.records import write_jsonl

    if split and name is not PublicSet.CLINC150:
        raise typer.BadParameter(f"{name} has a file for each split; --split is for clinc150", param_hint="--split")
    exchanges = convert(name, source, split or ALL_SPLITS)
    output.parent.mkdir(parents=True, exist_ok=True)
    write_jsonl(output, Exchange, exchanges)
    typer.echo(f"{output}: {len(exchanges):,} exchanges")
    replied = sum(exchange.reply is not None for exchange in exchanges)
    if replied:
        full = sum(telling(exchange) for exchange in exchanges)
        typer.echo(f"{full:,} have {TELLING_WORDS} words or more on both sides, {replied - full:,} are shorter")


@app.command()
def public(
    data: Annotated[Path, typer.Option(help="Folder that holds the public sets, each in a folder of its own.")],
    only: Annotated[
        list[BenchmarkName] | None, typer.Option(help="One of the benchmarks; may be repeated. All without it.")
    ] = None,
    seed: Seed = 13,
    as_json: AsJson = False,
) -> None:
    """Train and score on public data sets, beside published figures."""
    from rich.console import Console

    from evaluation.progress import shown_progress

    outcomes: list[Outcome] = []
    for name in only or list(BENCHMARKS):
        typer.echo(f"{name}: training, then scoring", err=True)
        with shown_progress() as progress:
            outcomes += run_benchmark(BENCHMARKS[name], data, seed, progress)
    if as_json:
        typer.echo(json.dumps(outcomes_json(outcomes), indent=2))
    else:
        Console().print(outcomes_table(outcomes))


@app.command(name="learning-curve")
def learning_curve(
    history: Annotated[Path, typer.Option(help="Exchanges to learn from: .jsonl, .csv or .parquet.")],
    held_out: Annotated[Path, typer.Option(help="Exchanges to score on.")],
    answers: Annotated[Path | None, typer.Option(help="What may be said.")] = None,
    brand: Annotated[Path | None, typer.Option(help="The brand's settings: brand.toml.")] = None,
    sizes: Annotated[str, typer.Option(help="Numbers of exchanges, beside the whole history.")] = "200,1000",
    seed: Seed = 13,
    as_json: AsJson = False,
) -> None:
    """Show what a smaller history costs: the same held-out exchanges, less to learn from."""
    from rich.console import Console

    from evaluation.learning_curve import curve_table, measure_curve
    from evaluation.progress import shown_progress
    from repliek.history import Exchange
    from repliek.records import read_records

    if not all(size.strip().isdigit() and int(size) for size in sizes.split(",")):
        raise typer.BadParameter(f"{sizes!r}; expected numbers, separated by commas: 200,1000", param_hint="--sizes")
    learned, scored = (read_records(file, Exchange, unique="exchange_id").records for file in (history, held_out))
    files = {name: file for name, file in (("answers", answers), ("brand", brand)) if file}
    with shown_progress() as progress:
        points = measure_curve(learned, scored, [int(size) for size in sizes.split(",")], files, seed, progress)
    if as_json:
        typer.echo(json.dumps([{"exchanges": point.size} | point.shown() for point in points], indent=2))
    else:
        Console().print(curve_table(points))


@app.command()
def judge(
    bundle: Annotated[Path, typer.Option(help="The bundle's folder.")],
    history: Annotated[Path, typer.Option(help="Held-out exchanges with replies: .jsonl, .csv or .parquet.")],
    out: Annotated[Path, typer.Option(help="Folder for sheet.csv, to be judged, and key.csv.")],
    sample: Annotated[int, typer.Option(min=1, help="Replies that are drawn.")] = 100,
    seed: Annotated[int, typer.Option(help="Of everything that is drawn.")] = 13,
) -> None:
    """Write a sheet for readers: held-out replies beside the answers that may serve the same purpose."""
    from evaluation.judging import SHEET, prepare
    from repliek.history import Exchange
    from repliek.records import read_records
    from repliek.suggester import Suggester

    exchanges = read_records(history, Exchange, unique="exchange_id").records
    count = prepare(exchanges, Suggester.from_bundle(bundle, threads=0), out, sample, seed)
    typer.echo(f"{count} replies to judge: {out / SHEET}")


@app.command()
def judged(
    key: Annotated[Path, typer.Option(help="The key.csv beside the sheet.")],
    by: Annotated[list[Path], typer.Option(help="The sheet as a reader filled it in; give two.")],
    seed: Annotated[int, typer.Option(help="Of the bootstrap.")] = 13,
    as_json: AsJson = False,
) -> None:
    """Compare what two readers said: agreement, replies that have an equivalent answer, recall@3 among them."""
    from rich.console import Console

    from evaluation.judging import agreement_table
    from evaluation.judging import judged as compare

    if len(by) != 2:
        raise typer.BadParameter(f"{len(by)} given; expected the sheets of two readers", param_hint="--by")
    found = compare(key, by[0], by[1], seed)
    if as_json:
        typer.echo(json.dumps(found.as_dict(), indent=2))
    else:
        Console().print(agreement_table(found))
