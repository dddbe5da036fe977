"""What stands where, and what may import what."""

from __future__ import annotations

import ast
import importlib.util
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("repliek", "training", "serving", "evaluation")
TEXT = {".py", ".pyi", ".toml", ".md", ".txt", ".sh", ".yaml", ".yml", ".json", ".html", ".js", ".css", ""}

HEAVY = {"torch", "sentence_transformers"}
PICKLERS = {"pickle", "joblib", "cloudpickle", "dill", "shelve", "marshal"}
NOT_IN_THE_ENGINE = HEAVY | {
    *("mlflow", "bentoml", "fastapi", "starlette", "sklearn", "transformers"),
    *("training", "serving", "evaluation"),
}
COMPARES_ENCODERS = "evaluation/encoder_variants.py"


@dataclass(frozen=True, slots=True)
class Import:
    """An import, by the top-level package that it names."""

    file: str
    line: int
    package: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line} imports {self.package}"


def tracked() -> list[Path]:
    """The files of the repository, also those that are not committed yet."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a git checkout, so nothing tells which files belong to the project")
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def sources(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


def imports(package: str) -> list[Import]:
    return [found for file in sources(package) for found in _imports(file)]


def _imports(file: Path) -> Iterator[Import]:
    name = file.relative_to(ROOT).as_posix()

    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(name, node.lineno, alias.name.split(".")[0])
        elif isinstance(node, ast.ImportFrom):
            package = name.split("/")[0] if node.level else (node.module or "").split(".")[0]
            yield Import(name, node.lineno, package)


def test_the_engine_stands_alone() -> None:
    assert [str(found) for found in imports("repliek") if found.package in NOT_IN_THE_ENGINE] == []


def test_only_plots_knows_matplotlib() -> None:
    found = [found for found in imports("repliek") if found.package == "matplotlib"]
    assert [str(one) for one in found if one.file != "repliek/plots.py"] == []


def test_suggesting_loads_nothing_heavy() -> None:
    unwanted = sorted(NOT_IN_THE_ENGINE | {"matplotlib", "pandas", "scipy"})
    code = f"import sys, repliek.suggester; print(*sys.modules.keys() & set({unwanted}))"
    loaded = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert loaded.stdout.split() == []


def test_a_client_takes_no_engine() -> None:
    unwanted = sorted(NOT_IN_THE_ENGINE | {"faiss", "numpy", "onnxruntime", "phonenumbers", "pyarrow", "tokenizers"})
    modules = ", ".join(f"repliek.wire.{file.stem}" for file in sorted((ROOT / "repliek/wire").glob("[a-z]*.py")))
    code = f"import sys, repliek.client, {modules}; print(*sys.modules.keys() & set({unwanted}))"
    loaded = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert loaded.stdout.split() == []


@pytest.mark.parametrize("package", ["training", "serving", "evaluation"])
def test_neighbours_do_not_import_each_other(package: str) -> None:
    others = {"training", "serving", "evaluation"} - {package}
    found = [found for found in imports(package) if found.package in others and found.file != COMPARES_ENCODERS]
    assert [str(one) for one in found] == []


@pytest.mark.parametrize(
    ("modules", "allowed"),
    [(HEAVY, ("training/", COMPARES_ENCODERS)), ({"mlflow"}, ("training/", "evaluation/"))],
    ids=["torch", "mlflow"],
)
def test_heavy_libraries_stay_in_their_place(modules: set[str], allowed: tuple[str, ...]) -> None:
    found = [found for package in PACKAGES for found in imports(package) if found.package in modules]
    assert [str(one) for one in found if not one.file.startswith(allowed)] == []


@pytest.mark.parametrize("package", PACKAGES)
def test_nothing_is_pickled(package: str) -> None:
    assert [str(found) for found in imports(package) if found.package in PICKLERS] == []
    allowing = [
        f"{file.relative_to(ROOT)}:{node.lineno}"
        for file in sources(package)
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg == "allow_pickle"
        and not (isinstance(keyword.value, ast.Constant) and keyword.value.value is False)
    ]
    assert allowing == []


def test_datasets_holds_no_code_and_hides_nothing() -> None:
    assert [str(file) for file in (ROOT / "datasets").rglob("*.py*")] == []
    found = importlib.util.find_spec("datasets")
    origin = found.origin if found else None  # without Hugging Face's package, a namespace package has no origin
    assert origin is None or ROOT / "datasets" not in Path(origin).parents


def test_the_wheel_ships_the_engine_only() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    folders = {"repliek"} | {
        f"repliek.{file.parent.relative_to(ROOT / 'repliek').as_posix().replace('/', '.')}"
        for file in (ROOT / "repliek").rglob("*/__init__.py")
    }
    assert set(settings["tool"]["setuptools"]["packages"]) == folders
    assert (ROOT / "repliek/py.typed").is_file()


def test_every_direct_dependency_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *(one for extra in project["optional-dependencies"].values() for one in extra)]
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = {line.split("==")[0].lower() for line in lines if line and not line.startswith("#")}
    assert {re.split(r"[\[=><]", one)[0].lower() for one in wanted} - pinned == set()


def test_no_file_speaks_of_the_machine_it_was_written_on() -> None:
    words = re.compile("|".join((r"/wor" r"k/", r"\.\./sha" r"red", r"/op" r"t/", r"/ho" r"me/\w+/")))
    found = [
        f"{file.relative_to(ROOT)}: {match[0]}"
        for file in tracked()
        if file.suffix in TEXT
        for match in words.finditer(file.read_text(encoding="utf-8", errors="ignore"))
    ]
    assert found == []


def test_commands_in_the_documents_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    documents = [file for name in ("README.md", "CONTRIBUTING.md") if (file := ROOT / name).is_file()]
    used = {
        target
        for document in documents
        for target in re.findall(r"(?:^ {4}|^|`)make ([a-z]+)\b", document.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert used - targets == set()
    assert {"setup", "run", "test"} <= targets
