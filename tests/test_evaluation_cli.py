from __future__ import annotations

import json
import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from evaluation import cli, public, tracking, trial
from evaluation.figures import Figures
from repliek import terminal
from repliek.errors import DataError, RepliekError
from tests.fixture_bundle import MESSAGES

HISTORY = [
    {"exchange_id": "a", "message": MESSAGES.suggested, "intent": "delivery", "answer_id": "delivery", "channel": "x"},
    {"exchange_id": "b", "message": MESSAGES.unreviewed, "intent": "modem", "answer_id": "modem", "channel": "chat"},
    {"exchange_id": "c", "message": MESSAGES.out_of_scope, "intent": "out_of_scope"},
    {"exchange_id": "d", "message": "<script>alert(1)</script> waar blijft mijn pakket", "answer_id": "modem"},
]


@pytest.fixture
def history(tmp_path: Path) -> Path:
    path = tmp_path / "history.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in HISTORY) + "no json\n", encoding="utf-8")
    return path


def run(*arguments: object, code: int = 0) -> tuple[str, str]:
    result = CliRunner().invoke(cli.app, [str(argument) for argument in arguments])
    assert result.exit_code == code, result.output + repr(result.exception)
    return result.stdout, result.stderr


def words(said: str) -> str:
    """What stands in typer's box, as one line."""
    return " ".join(said.replace("│", " ").split())


def exit_code(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> object:
    monkeypatch.setattr("sys.argv", ["evaluation", *(str(argument) for argument in arguments)])
    with pytest.raises(SystemExit) as ended:
        terminal.run(cli.app, "python -m evaluation")
    return ended.value.code


def score(bundle: Path, history: Path, out: Path, *more: object) -> tuple[str, str]:
    return run("score", "--bundle", bundle, "--history", history, "--out", out, "--no-mlflow", *more)


def test_score_writes_figures_report_and_rejected_lines(tiny_bundle: Path, history: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    stdout, stderr = score(tiny_bundle, history, out)
    assert {file.name for file in out.iterdir()} == {"figures.json", "report.html", "rejected.jsonl"}
    figures = Figures.from_json(out / "figures.json")
    assert (figures.n, figures.counts.rejected) == (4, 1)
    assert json.loads((out / "rejected.jsonl").read_text(encoding="utf-8"))["line"] == 5
    assert "answers.recall_at_1" in stdout
    assert "1 lines could not be used" in stderr
    assert re.search(r"4 exchanges scored in \d+ s", stderr)


def test_figures_hold_what_the_contract_names(tiny_bundle: Path, history: Path, tmp_path: Path) -> None:
    stdout, _ = score(tiny_bundle, history, tmp_path / "out", "--json", "--seed", 5)
    found = json.loads(stdout)
    contract = {
        "intents": {"accuracy", "macro_f1", "ece", "in_scope_accuracy", "oos_recall", "oos_auroc"},
        "answers": {"recall_at_1", "recall_at_3", "recall_at_5", "mrr", "one_of_100"},
        "abstention": {"coverage_at_precision_90", "coverage", "precision", "aurc", "ece"},
        "tone": {"register_accuracy", "emotion_macro_f1", "emotion_ece", "sad_f1", "sarcasm_precision"},
        "privacy": {"leaks"},
        "slices": {"language", "channel", "register", "length", "intent", "context"},
    }
    assert all(names <= set(found[key]) for key, names in contract.items())
    assert (found["n"], found["seed"]) == (4, 5)
    assert found["answers"]["one_of_100"] is None
    assert json.loads((tmp_path / "out" / "figures.json").read_text(encoding="utf-8")) == found


class _Loads(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.sources: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.sources += [value or "" for name, value in attrs if name in {"src", "href", "srcset", "data"}]


def test_the_report_loads_nothing_and_escapes_what_customers_write(
    tiny_bundle: Path, history: Path, tmp_path: Path
) -> None:
    score(tiny_bundle, history, tmp_path / "out")
    html = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    page = _Loads()
    page.feed(html)
    assert page.sources
    assert all(source.startswith("data:image/svg+xml;base64,") for source in page.sources)
    assert not page.tags & {"script", "link", "iframe"}
    assert "url(" not in html
    assert "&lt;script&gt;alert(1)" in html
    assert html.count("<img") == html.count('alt="')


def test_a_second_score_replaces_the_first_and_leaves_other_files(
    tiny_bundle: Path, history: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    score(tiny_bundle, history, out)
    (out / "notes.txt").write_text("mine", encoding="utf-8")
    history.write_text(json.dumps(HISTORY[0]) + "\n", encoding="utf-8")
    score(tiny_bundle, history, out)
    assert {file.name for file in out.iterdir()} == {"figures.json", "report.html", "notes.txt"}
    assert Figures.from_json(out / "figures.json").n == 1


def test_columns_can_be_renamed(tiny_bundle: Path, tmp_path: Path) -> None:
    table = tmp_path / "export.csv"
    table.write_text("question,label,ticket\nwaar blijft mijn pakket,delivery,7\n", encoding="utf-8")
    score(tiny_bundle, table, tmp_path / "out", "--map", "message=question, intent=label")
    assert Figures.from_json(tmp_path / "out" / "figures.json").intents.accuracy == 1


@pytest.mark.parametrize("wrong", ["message", "=question", "message="])
def test_a_wrong_map_is_wrong_use(wrong: str, tiny_bundle: Path, history: Path, tmp_path: Path) -> None:
    arguments = ("score", "--bundle", tiny_bundle, "--history", history, "--out", tmp_path / "o", "--map", wrong)
    _, stderr = run(*arguments, code=2)
    assert "expected ours=theirs" in words(stderr)


def test_strict_stops_with_one_line_and_writes_nothing(
    tiny_bundle: Path,
    history: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = tmp_path / "out"
    arguments = ("score", "--bundle", tiny_bundle, "--history", history, "--out", out, "--strict", "--no-mlflow")
    assert exit_code(monkeypatch, *arguments) == 1
    assert "error: " in (said := capsys.readouterr().err)
    assert "line 5: not JSON" in said
    assert "Traceback" not in said
    assert not out.exists()


def test_a_missing_bundle_is_an_error(
    history: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ("score", "--bundle", tmp_path / "none", "--history", history, "--out", tmp_path / "out")
    assert exit_code(monkeypatch, *arguments) == 1
    assert "expected a bundle" in capsys.readouterr().err


@pytest.mark.filterwarnings("ignore:The ``noload`` loader strategy")  # MLflow on SQLAlchemy 2.1
def test_a_score_becomes_a_run_in_mlflow(
    tiny_bundle: Path, history: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import mlflow

    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    run("score", "--bundle", tiny_bundle, "--history", history, "--out", "out", "--json")
    client = mlflow.MlflowClient(tracking_uri="sqlite:///runs/mlflow.db")
    experiment = client.get_experiment_by_name(tracking.EXPERIMENT)
    assert experiment is not None
    (found,) = client.search_runs([experiment.experiment_id])
    figures = Figures.from_json(tmp_path / "out" / "figures.json")
    assert found.data.tags["repliek.bundle"] == figures.bundle
    assert found.data.metrics["intents.accuracy"] == figures.intents.accuracy
    assert "answers.one_of_100" not in found.data.metrics
    assert {file.path for file in client.list_artifacts(found.info.run_id)} == {"figures.json", "report.html"}
    assert list((tmp_path / "runs" / "artifacts").rglob("report.html"))
    assert not (tmp_path / "mlruns").exists()


def test_an_unusable_store_is_said_after_the_files_are_written(
    tiny_bundle: Path,
    history: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "nonsense://nowhere")
    arguments = ("score", "--bundle", tiny_bundle, "--history", history, "--out", tmp_path / "out")
    assert exit_code(monkeypatch, *arguments) == 1
    assert "--no-mlflow" in capsys.readouterr().err
    assert (tmp_path / "out" / "figures.json").is_file()


def test_convert_counts_short_pairs(tmp_path: Path) -> None:
    chat = tmp_path / "chat.csv"
    chat.write_text(
        "source_language,target_language,source,reference,doc_id,client_id,sender\n"
        "nl,en,Mijn nieuwe boek is nergens te vinden,.,d,c,customer\n"
        "en,nl,.,Dat zoek ik meteen voor u uit,d,c,agent\n"
        "nl,en,Fijn,.,d,c,customer\n"
        "en,nl,.,Gelukt,d,c,agent\n",
        encoding="utf-8",
    )
    stdout, _ = run("convert", "wmt24chat", "--input", chat, "--output", tmp_path / "new" / "history.jsonl")
    assert "2 exchanges" in stdout
    assert "1 have 5 words or more on both sides, 1 are shorter" in stdout
    assert len((tmp_path / "new" / "history.jsonl").read_text(encoding="utf-8").splitlines()) == 2


def test_split_is_for_clinc150_only(tmp_path: Path) -> None:
    arguments = ("convert", "hint3", "--input", tmp_path, "--output", tmp_path / "h.jsonl", "--split", "test")
    _, stderr = run(*arguments, code=2)
    assert "--split is for clinc150" in words(stderr)


def test_every_benchmark_says_where_its_set_comes_from(tmp_path: Path) -> None:
    for benchmark in public.BENCHMARKS.values():
        with pytest.raises(DataError, match=re.escape(benchmark.home)):
            public.run_benchmark(benchmark, tmp_path, 0, lambda *_: None)


@pytest.fixture
def banking(tmp_path: Path) -> Path:
    folder = tmp_path / "data" / "banking77"
    folder.mkdir(parents=True)
    for name in ("train.csv", "test.csv"):
        text = f"text,category\n{MESSAGES.suggested},delivery\n{MESSAGES.public_and_private},invoice\n"
        (folder / name).write_text(text, encoding="utf-8")
    return folder.parent


def test_a_benchmark_compares_with_what_was_published(
    tiny_bundle: Path, banking: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trained: list[Path] = []

    def train(command: list[str], **_: object) -> SimpleNamespace:
        history, bundle = (Path(command[command.index(option) + 1]) for option in ("--history", "--out"))
        assert len(history.read_text(encoding="utf-8").splitlines()) == 2
        assert "--no-mlflow" in command
        trained.append(history)
        bundle.symlink_to(tiny_bundle)
        return SimpleNamespace(returncode=0)

    monkeypatch.setattr(trial, "subprocess", SimpleNamespace(run=train, DEVNULL=None))
    stdout, _ = run("public", "--data", banking, "--only", "banking77", "--json")
    (outcome,) = json.loads(stdout)
    assert outcome["result"] == 1
    assert outcome["target"] == 0.9308
    assert outcome["reached"] is True
    assert not trained[0].exists()  # nothing trained on the set stays
    stdout, _ = run("public", "--data", banking, "--only", "banking77")
    assert "93.1 %" in stdout
    assert "100.0 %" in stdout


def test_failed_training_is_quoted(banking: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "/bin/false")
    with pytest.raises(RepliekError, match="training ended with exit code 1"):
        public.run_benchmark(public.BENCHMARKS[public.BenchmarkName.BANKING77], banking, 0, lambda *_: None)


def test_a_set_without_benchmark_is_wrong_use(tmp_path: Path) -> None:
    _, stderr = run("public", "--data", tmp_path, "--only", "bitext", code=2)
    assert "'bitext' is not one of" in words(stderr)


def test_a_knowledge_base_is_asked_without_a_history(
    tiny_bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    squad = [
        {"paragraphs": [{"context": text, "qas": [{"id": answer_id, "question": question}]}]}
        for answer_id, question, text in (
            ("modem", MESSAGES.too_long_for_x, "Zo sluit je de modem aan."),
            ("refund", MESSAGES.open_slot, "Het bedrag is teruggestort."),
        )
    ]
    (tmp_path / "policyqa_nl").mkdir()
    (tmp_path / "policyqa_nl" / "train.json").write_text(json.dumps({"data": squad}), encoding="utf-8")
    taught: list[list[str]] = []

    def train(command: list[str], **_: object) -> SimpleNamespace:
        assert "--history" not in command
        answers, bundle = (Path(command[command.index(option) + 1]) for option in ("--answers", "--out"))
        taught.append([json.loads(line)["text"] for line in answers.read_text(encoding="utf-8").splitlines()])
        bundle.symlink_to(tiny_bundle)
        return SimpleNamespace(returncode=0)

    monkeypatch.setattr(trial, "subprocess", SimpleNamespace(run=train, DEVNULL=None))
    stdout, _ = run("public", "--data", tmp_path, "--only", "policyqa", "--json")
    assert taught == [["Zo sluit je de modem aan.", "Het bedrag is teruggestort."]]
    assert {outcome["figure"]: outcome["result"] for outcome in json.loads(stdout)} == {
        "answers.recall_at_1": 1,
        "answers.mrr": 1,
    }


def test_a_benchmark_may_draw_a_few_examples_of_each_intent(tmp_path: Path) -> None:
    folder = tmp_path / "banking77"
    folder.mkdir()
    lines = [f"question {number},{'delivery' if number % 3 else 'invoice'}" for number in range(60)]
    (folder / "train.csv").write_text("\n".join(["text,category", *lines]), encoding="utf-8")
    few = public.BENCHMARKS[public.BenchmarkName.BANKING77_FEW]
    drawn, again, other = (public._read(few, tmp_path, few.train, seed) for seed in (1, 1, 2))
    assert Counter(exchange.intent for exchange in drawn) == {"delivery": 10, "invoice": 10}
    assert drawn == again != other
