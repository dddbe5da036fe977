"""What README, docs and examples promise: commands, options, links, requests, tables and example data."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from inspect import signature
from pathlib import Path
from typing import Any

import pytest
import typer
from pydantic import TypeAdapter
from pydantic.fields import FieldInfo
from typer.main import get_command
from typer.testing import CliRunner

from evaluation.cli import app as evaluation_app
from evaluation.figures import Figures, SliceFigures
from repliek.__main__ import app as repliek_app
from repliek.brand import Brand
from repliek.client import ClientError, Repliek
from repliek.client import errors as client_errors
from repliek.decision import Reason
from repliek.encoder import OnnxEncoder
from repliek.history import Exchange
from repliek.knowledge import Answer, KnowledgeBase, Status
from repliek.tone.phrases import SLOTS, Part, Phrase
from repliek.wire.feedback import Action
from repliek.wire.suggestions import SuggestRequest
from serving.__main__ import app as serving_app
from serving.settings import ROOT, Settings
from serving.store.database import Database
from tests import client_offers
from tests.fixture_bundle import MESSAGES
from tests.served import sqlite_url
from tests.served_helpdesks import buried
from tests.servers import running
from training.cli import app as training_app
from training.data import TrainingData
from training.fitting import with_topics

APPS = {"evaluation": evaluation_app, "repliek": repliek_app, "serving": serving_app, "training": training_app}
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
CLIENT = (ROOT / "docs/client.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
SERVER = "http://127.0.0.1:3000"
SETTINGS_START = "<!-- settings: generated, tests/test_readme.py compares -->\n"
SETTINGS_END = "<!-- end of settings -->"
_FENCED, _DEEP = r"^```[^\n]*\n(.*?)^```", re.DOTALL | re.MULTILINE
FILE_ENDINGS = {"py", "onnx", "faiss", "jsonl", "csv", "parquet", "npy", "md"}

needs_curl = pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
each_document = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block of a document: what stands behind its fence, and what it holds."""

    kind: str
    body: str


def blocks(text: str, kind: str) -> list[Block]:
    found = [Block(*match) for match in re.findall(r"^```([^\n]*)\n(.*?)^```", text, re.DOTALL | re.MULTILINE)]
    return [block for block in found if block.kind == kind]


def spans(text: str) -> list[str]:
    """The pieces of code within the prose of a document; one may be broken over two lines."""
    prose = re.sub(_FENCED, "", text, flags=_DEEP)
    return [" ".join(span.split()) for span in re.findall(r"`([^`]+)`", prose)]


def code_lines(text: str) -> list[str]:
    fenced = [line for body in re.findall(_FENCED, text, _DEEP) for line in _lines(body)]
    indented = [line[4:] for line in _lines(re.sub(_FENCED, "", text, flags=_DEEP)) if line.startswith("    ")]
    return fenced + indented + spans(text)


def _lines(text: str) -> list[str]:
    return re.sub(r"\\\n\s*", "", text).splitlines()


def commands(text: str) -> list[list[str]]:
    """The arguments of every `python -m OURS ...` of a document, up to a pipe, a redirection or a remark."""
    found: list[list[str]] = []
    for line in code_lines(text):
        for match in re.finditer(rf"python3? -m ((?:{'|'.join(APPS)})\b[^\n]*)", line):
            lexer = shlex.shlex(
                match[1].translate({ord("["): " ", ord("]"): " "}), posix=True, punctuation_chars="|<>&;"
            )
            lexer.whitespace_split = True
            words = list(lexer)
            end = next((place for place, word in enumerate(words) if set(word) <= set("|<>&;")), len(words))
            found.append(words[:end])
    return found


def subcommands(app: typer.Typer) -> dict[str, Any]:
    """Every command by its name; one of a group by both names: "keys create"."""
    return dict(_subcommands(get_command(app)))


def _subcommands(group: Any) -> Iterator[tuple[str, Any]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from ((f"{name} {one}", found) for one, found in _subcommands(command))
        else:
            yield name, command


def options(command: Any) -> set[str]:
    return {option for one in command.params for option in (*one.opts, *one.secondary_opts) if option.startswith("-")}


def problem_of(words: list[str]) -> str | None:
    """Why a command of a document would not be understood; one without arguments, or with "...", is only named."""
    package, *rest = words
    if not rest or rest == ["..."]:
        return None
    found = subcommands(APPS[package])
    words_of_name = 1 if rest[0] in found else 2
    name, arguments = " ".join(rest[:words_of_name]), rest[words_of_name:]
    if name not in found:
        return f"{package} has no command {name}"
    unknown = {word for word in arguments if re.match(r"--?[a-z]", word)} - options(found[name]) - {"--help"}
    if unknown:
        return f"{package} {name} has no {', '.join(sorted(unknown))}"
    if arguments and not {"...", "--help"} & set(arguments):
        try:
            found[name].make_context(name, list(arguments))
        except Exception as error:
            return f"{package} {name}: {error}"
    return None


@each_document
def test_every_command_is_understood(document: Path) -> None:
    found = commands(document.read_text(encoding="utf-8"))
    assert [problem for words in found if (problem := problem_of(words))] == []


def test_commands_are_found_at_all() -> None:
    found = [words[:2] for words in commands(README)]
    assert ["training", "fit"] in found
    assert ["evaluation", "learning-curve"] in found
    assert problem_of(["training", "fit", "--histori", "H", "--out", "B"]) == "training fit has no --histori"
    assert problem_of(["training", "fit", "--history", "H"]) is not None
    assert problem_of(["repliek", "sing"]) == "repliek has no command sing"
    assert ["serving", "keys"] in found
    assert problem_of(["serving", "keys", "sing"]) == "serving has no command keys sing"
    assert problem_of(["serving", "keys", "list", "--all"]) == "serving keys list has no --all"


@each_document
def test_every_option_that_is_named_exists(document: Path) -> None:
    known = {option for app in APPS.values() for command in subcommands(app).values() for option in options(command)}
    named = {word for span in spans(document.read_text(encoding="utf-8")) for word in re.findall(r"^--[a-z-]+", span)}
    assert named - known == set()


@pytest.mark.parametrize(
    ("document", "app", "names"),
    [
        ("docs/training.md", training_app, ("fit", "check", "promote", "mine", "review")),
        ("docs/training.md", serving_app, ("export",)),
        ("docs/privacy.md", serving_app, ("erase", "erasures", "purge")),
        (
            "docs/evaluation.md",
            evaluation_app,
            (
                "score",
                "compare",
                "learning-curve",
                "live-answers",
                "suggest",
                "batch-speed",
                "speed",
                "encoder",
                "judge",
                "judged",
                "mining-speed",
            ),
        ),
    ],
)
def test_every_option_is_documented(document: str, app: typer.Typer, names: tuple[str, ...]) -> None:
    sections = (ROOT / document).read_text(encoding="utf-8").split("\n## ")
    for name in names:
        (section,) = (section for section in sections if section.startswith(f"{name}\n"))
        told = set(re.findall(r"--[a-z][a-z-]*", section))
        assert options(subcommands(app)[name]) - told == set()


@each_document
def test_every_make_target_exists(document: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    lines = code_lines(document.read_text(encoding="utf-8"))
    assert {match[1] for line in lines if (match := re.match(r"make ([a-z]+)", line))} - targets == set()


@pytest.mark.parametrize(
    "document",
    [*DOCUMENTS, *sorted((ROOT / "datasets").glob("*/README.md"))],
    ids=lambda document: document.relative_to(ROOT).as_posix(),
)
def test_every_link_leads_somewhere(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    dead = [link for link in re.findall(r"\]\(([^)\s]+)\)", text) if not _leads_somewhere(link, document)]
    assert dead == []


def _leads_somewhere(link: str, document: Path) -> bool:
    if re.match(r"https?://|mailto:", link):
        return True
    path, _, anchor = link.partition("#")
    target = document.parent / path if path else document
    return target.exists() and (not anchor or anchor in _anchors(target))


def _anchors(document: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", document.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def settings_table() -> str:
    """The table of settings as it must stand in the README."""
    described = dict(re.findall(r"^ {8}(\w+): (.+)$", Settings.__doc__ or "", re.MULTILINE))
    given = {one.name: one.opts[0] for one in subcommands(serving_app)["run"].params}
    rows = ["| variable | option | what it sets | default |", "|---|---|---|---|"]
    for name, field in Settings.model_fields.items():
        option = f"`{given[name]}`" if name in given else ""
        rows.append(
            f"| `REPLIEK_{name.upper()}` | {option} | {described[name].rstrip('.')} | {_default(name, field)} |"
        )
    return "\n".join(rows) + "\n"


def _default(name: str, field: FieldInfo) -> str:
    if name == "concurrency":
        return "the number of cores"
    default = field.get_default(call_default_factory=True)
    if default in (None, {}):
        return "none"
    return f"`{default:g}`" if isinstance(default, float) else f"`{default}`".replace(f"{ROOT}/", "")


def test_the_table_of_settings_is_that_of_the_settings() -> None:
    written = README.partition(SETTINGS_START)[2].partition(SETTINGS_END)[0]
    assert written == settings_table(), f"write this into README.md, under Configuration:\n{settings_table()}"


@each_document
def test_every_variable_that_is_named_exists(document: Path) -> None:
    known = {f"REPLIEK_{name.upper()}" for name in Settings.model_fields} | {"REPLIEK_CACHE"}
    assert set(re.findall(r"REPLIEK_[A-Z_]*[A-Z]", document.read_text(encoding="utf-8"))) - known == set()


@each_document
def test_every_figure_that_is_named_exists(document: Path) -> None:
    groups = [name for name in Figures.model_fields if name in {"intents", "answers", "abstention", "tone", "privacy"}]
    known = {
        f"{group}.{name}"
        for group in groups
        for name in getattr(Figures.model_fields[group].annotation, "model_fields", {})
    }
    if document.name == "training.md":  # figures of a run, too
        written = (ROOT / "training/results.py").read_text(encoding="utf-8")
        known |= set(re.findall(r'found(?: = \{|\[)"([a-z_.]+)"', written))
    if document.name == "client.md":
        known |= client_offers.OF_A_KIND
    named = {
        f"{group}.{name}"
        for group, name in re.findall(rf"\b({'|'.join(groups)})\.([a-z]\w*)", document.read_text(encoding="utf-8"))
        if name not in FILE_ENDINGS
    }
    assert named - known == set()


def test_every_figure_is_defined() -> None:
    text = (ROOT / "docs/evaluation.md").read_text(encoding="utf-8")
    groups = {name: field.annotation for name, field in Figures.model_fields.items() if name not in {"counts"}}
    for group, model in groups.items():
        for name in getattr(model, "model_fields", {}):
            assert f"`{group}.{name}`" in text
    for name in set(Figures.model_fields) - set(SliceFigures.model_fields) - {"privacy"}:
        assert f"`{name}`" in text


def test_every_reason_for_silence_is_told() -> None:
    section = README.partition("| reason | when |\n")[2].partition("\n\n")[0]
    assert re.findall(r"^\| `(\w+)`", section, re.MULTILINE) == [
        Reason.NEEDS_HUMAN,
        Reason.TEMPLATE_REQUIRED,
        Reason.OUT_OF_SCOPE,
        Reason.LOW_CONFIDENCE,
        Reason.NO_VALID_ANSWER,
    ]
    assert len(Reason) == 5


@pytest.mark.parametrize(("heading", "model"), [("History", Exchange), ("Answers", Answer), ("Phrases", Phrase)])
def test_every_column_is_documented(heading: str, model: type) -> None:
    text = (ROOT / "docs/data.md").read_text(encoding="utf-8")
    section = text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    columns = [
        name for row in re.findall(r"^\| (`.+?) \|", section, re.MULTILINE) for name in re.findall(r"`(\w+)`", row)
    ]
    assert {field.name for field in fields(model)} - set(columns) == set()


def test_every_setting_of_a_brand_is_documented() -> None:
    text = (ROOT / "docs/data.md").read_text(encoding="utf-8")
    section = text.partition("\n## brand.toml\n")[2].partition("\n## ")[0]
    for setting in fields(Brand):
        parts = getattr(setting.type, "__dataclass_fields__", None)
        assert re.search(rf"`{setting.name}[`.]", section), setting.name
        assert all(f"`{setting.name}.{part}`" in section for part in parts or ()), setting.name


def test_the_example_data_is_valid() -> None:
    for kind, model in (("jsonl history", Exchange), ("jsonl answers", Answer)):
        (block,) = blocks(README, kind)
        records = [TypeAdapter(model).validate_json(line) for line in block.body.splitlines()]
        assert len(records) == 3


def test_the_example_brands_are_valid() -> None:
    found = [block.body for document in DOCUMENTS for block in blocks(document.read_text(encoding="utf-8"), "toml")]
    assert len(found) == 2
    for body in found:
        TypeAdapter(Brand).validate_python(tomllib.loads(body))
    ours = tomllib.loads((ROOT / "datasets/wadlijn/brand.toml").read_text(encoding="utf-8"))
    short = tomllib.loads(found[0])
    for name, setting in short.items():
        told = {key: ours[name][key] for key in setting} if isinstance(setting, dict) else ours[name]
        assert told == setting


def test_every_slot_of_a_phrase_is_documented() -> None:
    text = (ROOT / "docs/data.md").read_text(encoding="utf-8")
    section = text.partition("\n## Phrases\n")[2].partition("\n## ")[0]
    assert set(re.findall(r"`\{(\w+)\}`", section)) == SLOTS


def test_the_phrase_that_is_shown_can_be_read() -> None:
    (block,) = blocks((ROOT / "docs/data.md").read_text(encoding="utf-8"), "jsonl")
    assert TypeAdapter(Phrase).validate_json(block.body).part is Part.RECOGNITION


def test_a_rejected_line_looks_as_documented() -> None:
    from repliek.records import Rejection

    (block,) = blocks((ROOT / "docs/data.md").read_text(encoding="utf-8"), "json")
    assert list(json.loads(block.body)) == list(json.loads(Rejection("f", 1, "r", "x").as_json()))


def test_reviewed_answers_stay_as_they_were_reviewed(tiny_bundle: Path) -> None:
    replies = ("Je pakket komt morgen aan.", "De factuur is van juni dit jaar.")
    history = tuple(
        Exchange(exchange_id=str(number), message="hallo", reply=reply)
        for number, reply in enumerate([replies[0]] * 3 + [replies[1]] * 2)
    )
    encoder = OnnxEncoder.from_directory(tiny_bundle / "encoder")

    def mined(*answers: Answer) -> KnowledgeBase:
        data = TrainingData(history, KnowledgeBase(answers), Brand(), "", ())
        return with_topics(data, encoder, lambda _: None)[1]

    first, second = mined()
    assert [first.text, second.text] == list(replies)
    assert first.status is Status.UNREVIEWED
    reviewed = Answer(answer_id=first.answer_id, text="Je pakket komt eraan.", language="nl")
    assert list(mined(reviewed)) == [reviewed, second]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the server has its store."""
    return tmp_path_factory.mktemp("server")


@pytest.fixture(scope="module")
def server(tiny_bundle: Path, folder: Path) -> Iterator[str]:
    """The address of a server of the tiny bundle, as `make run` starts one."""
    with running(folder, "--bundle", str(tiny_bundle), "--database", sqlite_url(folder)) as found:
        yield found.url


def shell(script: str) -> str:
    """What a script of the documents writes, run from the repository's root."""
    script = re.sub(r"(?:\.venv/bin/)?python (?=-m)", f"{shlex.quote(sys.executable)} ", script)
    environment = {**os.environ, "no_proxy": "127.0.0.1"}
    ran = subprocess.run(["sh", "-ec", script], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def requests(text: str) -> list[str]:
    return re.findall(r"(?:-d '|<<'JSON')\n(.*?)(?:'|^JSON)\n", text, re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("file", ["README.md", "examples/suggest.sh"])
def test_the_requests_are_valid(file: str) -> None:
    (body,) = requests((ROOT / file).read_text(encoding="utf-8"))
    assert TypeAdapter(SuggestRequest).validate_json(body).message


@needs_curl
def test_the_first_request_is_answered_in_the_shape_that_is_shown(server: str) -> None:
    (script,) = (block.body for block in blocks(README, "sh") if "curl -s" in block.body)
    asked = re.sub(r'"message": ".*?"', f'"message": "{MESSAGES.suggested}"', script.replace(SERVER, server))
    shown = json.loads(blocks(README, "json")[0].body)
    assert _names(json.loads(shell(asked))) == _names(shown)
    assert json.loads(shell(script.replace(SERVER, server)))["bundle"]


def _names(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _names(found) for name, found in value.items()}
    return [_names(found) for found in value[:1]] if isinstance(value, list) else None


@needs_curl
def test_the_knowledge_base_is_edited_as_is_shown(server: str, tmp_path: Path) -> None:
    text = (ROOT / "docs/http.md").read_text(encoding="utf-8")
    section = text.partition("\n## The knowledge base\n")[2].partition("\n## ")[0]
    environment = {**os.environ, "no_proxy": "127.0.0.1"}
    scripts = [block.body.replace(SERVER, server) for block in blocks(section, "sh")]
    saved, refused, imported = (
        subprocess.run(["sh", "-ec", one], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
        for one in scripts
    )
    assert (json.loads(saved.stdout)["version"], json.loads(saved.stdout)["warnings"]) == (1, [])
    tag, _, problem = refused.stdout.partition("\n")
    assert tag.lower().startswith('etag: "1-')
    assert json.loads(problem)["status"] == 412
    (told,) = (json.loads(block.body) for block in blocks(section, "json"))
    assert _names(json.loads(imported.stdout) | {"rejected": told["rejected"]}) == _names(told)
    assert json.loads(imported.stdout)["rejected"] == []


@needs_curl
def test_the_shell_example(server: str) -> None:
    assert "suggestions" in json.loads(shell(f"sh examples/suggest.sh {server}"))


def test_the_python_example(server: str) -> None:
    command = [sys.executable, "examples/suggest.py", "--url", server]
    answered = subprocess.run([*command, MESSAGES.suggested], cwd=ROOT, capture_output=True, text=True, check=True)
    assert re.match(r"\[\d\.\d\d\] delivery-je\n", answered.stdout)
    refused = subprocess.run([*command, " "], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "message" in refused.stderr


@pytest.fixture(scope="module")
def server_with_a_past(server: str, folder: Path) -> str:
    """The same, once agents have sent something, and promised what is overdue; and one note could not be written."""
    database = Database.from_url(sqlite_url(folder))
    buried(database)
    database.close()
    with Repliek(server) as repliek:
        for agent in ("eva", "max"):
            found = repliek.suggest(MESSAGES.suggested)
            shown = found.suggestions[0]
            repliek.feedback(
                found.suggestion_set_id,
                Action.EDITED,
                suggestion_id=shown.suggestion_id,
                sent_text=f"{shown.text} Ik bel je morgen.",
                agent=agent,
                sent_at=datetime.now(UTC) - timedelta(days=9),
            )
    return server


@pytest.mark.parametrize("block", blocks(CLIENT, "python"), ids=lambda block: re.sub(r"\W+", " ", block.body)[-40:])
def test_the_python_of_the_client(server_with_a_past: str, block: Block, capsys: pytest.CaptureFixture[str]) -> None:
    exec(compile(block.body.replace(SERVER, server_with_a_past), "docs/client.md", "exec"), {})
    assert capsys.readouterr().out.strip()


@needs_curl
@pytest.mark.parametrize("block", blocks(CLIENT, "sh"), ids=lambda block: re.findall(r":3000(/\S+)", block.body)[-1])
def test_the_curl_of_the_client(server_with_a_past: str, block: Block) -> None:
    assert shell(block.body.replace(SERVER, server_with_a_past))


def test_every_exception_of_the_client_is_told() -> None:
    told = re.findall(r"^\| `(\w+)`", CLIENT.partition("| exception | when |")[2], re.MULTILINE)
    classes = [found for found in vars(client_errors).values() if isinstance(found, type)]
    assert set(told) == {found.__name__ for found in classes if issubclass(found, ClientError)} - {"ClientError"}


def test_every_setting_of_the_client_is_told() -> None:
    rows = CLIENT.partition("| argument | what it is |")[2].partition("\n\n")[0]
    parameters = signature(Repliek).parameters
    assert re.findall(r"^\| `(\w+)`", rows, re.MULTILINE) == [name for name in parameters if name != "base_url"]
    for name in ("timeout", "retries"):
        assert re.search(rf"^\| `{name}` .* \| {parameters[name].default:g} \|$", rows, re.MULTILINE)


def test_every_call_of_the_client_is_told() -> None:
    kinds = "|".join(client_offers.kinds())
    assert set(re.findall(rf"(?:`|\brepliek\.)((?:{kinds})\.\w+)\(", CLIENT)) == client_offers.OF_A_KIND
    assert all(f" repliek.{name}(" in CLIENT for name in client_offers.ALL - client_offers.OF_A_KIND)


def test_the_suggestion_in_a_terminal(tiny_bundle: Path) -> None:
    (words,) = (words for words in commands(README) if words[:2] == ["repliek", "suggest"])
    result = CliRunner().invoke(repliek_app, [*words[1:], "--bundle", str(tiny_bundle)])
    assert result.exit_code == 0
    assert result.stdout.strip()


def test_redacting_and_rewriting_do_what_is_shown() -> None:
    text = (ROOT / "docs/data.md").read_text(encoding="utf-8")
    scripts = [block.body for block in blocks(text, "sh") if "python -m repliek re" in block.body]
    assert [shell(script) for script in scripts] == [block.body for block in blocks(text, "text")]
