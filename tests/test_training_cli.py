from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from repliek.bundle import Bundle
from repliek.knowledge import KnowledgeBase
from tests.command_line import command
from tests.fixture_history import Files, Row, answer_rows, history_rows, training, workplace, write_files, write_rows
from training.cli import app

COMMANDS = typer.main.get_group(app).commands
REPLIES = ("De code staat in de app.", "We sturen je een nieuwe kaart toe.", "Je toestel is morgen klaar.")


def replied(number: int) -> Row:
    return {"exchange_id": f"e{number}", "message": f"vraag {number}", "reply": f"Hoi, {REPLIES[number % 3]} ^EK"}


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path) -> Iterator[None]:
    with workplace(tmp_path):
        yield


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    return write_files(tmp_path_factory.mktemp("input"), history_rows(), answer_rows())


@pytest.fixture(scope="module")
def replies(tmp_path_factory: pytest.TempPathFactory) -> Files:
    return write_files(tmp_path_factory.mktemp("replies"), [replied(number) for number in range(12)], ())


class TestHelp:
    def test_all_commands_are_listed(self) -> None:
        ended = training("--help")
        assert ended.code == 0
        assert set(COMMANDS) == {"fit", "check", "promote", "mine", "review", "encoder"}
        assert all(name in ended.stdout for name in COMMANDS)

    @pytest.mark.parametrize("name", COMMANDS)
    def test_a_command_lists_every_option(self, name: str) -> None:
        ended = training(name, "--help")
        assert ended.code == 0
        for parameter in COMMANDS[name].params:
            if parameter.name != "help":
                assert all(option in ended.stdout.lower() for option in parameter.opts + parameter.secondary_opts)
        assert (COMMANDS[name].help or "").split(".")[0] in ended.stdout

    def test_help_does_not_wait_for_slow_libraries(self) -> None:
        slow = {"numpy", "torch", "sklearn", "mlflow", "onnxruntime", "faiss", "transformers"}
        code = f"import sys, training.cli; print(*sys.modules.keys() & {slow})"
        root = Path(__file__).parents[1]
        loaded = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
        assert loaded.stdout.split() == []


class TestWrongUse:
    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (("fit", "--out", "b"), "expected one of them, or both"),
            (("fit", "--history", "h.jsonl"), "Missing option '--out'"),
            (("fit", "--history", "h.jsonl", "--out", "b", "--precision", "1.5"), "--precision"),
            (("fit", "--history", "h.jsonl", "--out", "b", "--seed", "x"), "--seed"),
            (("fit", "--history", "h.jsonl", "--out", "b", "--map", "message"), "expected ours=theirs"),
            (("fit", "--history", "h.jsonl", "--out", "b", "--map", "=question"), "expected ours=theirs"),
            (("fit", "--history", "h.jsonl", "--out", "b", "--fast"), "No such option: --fast"),
            (("mine", "--history", "h.jsonl"), "Missing option '--out'"),
            (("learn",), "No such command 'learn'"),
        ],
    )
    def test_it_ends_with_code_2_and_says_what_was_wrong(self, arguments: tuple[str, ...], said: str) -> None:
        ended = training(*arguments)
        assert ended.code == 2
        assert said in ended.said
        assert ended.stdout == ""

    def test_without_a_command_help_is_shown(self) -> None:
        ended = training()
        assert ended.code == 2
        assert "fit" in ended.stdout + ended.stderr

    def test_an_encoder_that_is_none_is_an_error_of_one_line(self, files: Files, tmp_path: Path) -> None:
        ended = training("fit", "--history", files.history, "--out", tmp_path / "b", "--encoder", "nothing")
        assert ended.code == 1
        assert "error: no encoder 'nothing': expected `default`, `hub:NAME`, or a directory" in ended.stderr
        assert not (tmp_path / "b").exists()


class TestFit:
    def test_columns_can_be_renamed_and_foreign_ones_are_left_out(self, files: Files, tmp_path: Path) -> None:
        table = tmp_path / "export.csv"
        with table.open("w", encoding="utf-8", newline="") as opened:
            writer = csv.writer(opened, delimiter=";")
            writer.writerow(["ticket", "vraag", "soort", "prioriteit"])
            for row in history_rows():
                writer.writerow([row["exchange_id"], row["message"], row["intent"], "hoog"])
        ended = training(
            "fit", "--history", table, "--map", "message=vraag, intent=soort,exchange_id=ticket",
            "--encoder", files.encoder, "--out", tmp_path / "bundle", "--no-mlflow", "--json",
        )  # fmt: skip
        assert ended.code == 0, ended.stderr
        assert set(json.loads(ended.stdout)) >= {"intents.accuracy", "intents.oos_recall"}
        bundle = Bundle.load(tmp_path / "bundle")
        assert bundle.past.exchange_ids == tuple(row["exchange_id"] for row in history_rows())
        assert not (tmp_path / "rejected.jsonl").exists()

    def test_json_alone_stands_on_stdout(self, replies: Files, tmp_path: Path) -> None:
        given = ("--history", replies.history, "--encoder", replies.encoder, "--out", tmp_path / "b", "--no-mlflow")
        ended = training("fit", *given, "--json")
        assert ended.code == 0, ended.stderr
        assert isinstance(json.loads(ended.stdout), dict)
        assert "wrote bundle" in ended.stderr


class TestMine:
    def test_mined_answers_are_written_for_review(self, replies: Files, tmp_path: Path) -> None:
        out = tmp_path / "new" / "answers.jsonl"
        ended = training("mine", "--history", replies.history, "--encoder", replies.encoder, "--out", out)
        assert ended.code == 0, ended.stderr
        assert f"3 new answers; 12 of 12 exchanges have one: {out}" in ended.stdout
        assert "    4 x  mined-" in ended.stdout
        assert sorted(answer.text for answer in KnowledgeBase.from_jsonl(out)) == sorted(REPLIES)
        assert {answer.status for answer in KnowledgeBase.from_jsonl(out)} == {"unreviewed"}
        with (out.parent / "answers-review.csv").open(encoding="utf-8", newline="") as opened:
            assert sorted(row["wording"] for row in csv.DictReader(opened)) == sorted(REPLIES)

    def test_json_alone_stands_on_stdout(self, replies: Files, tmp_path: Path) -> None:
        given = ("--history", replies.history, "--encoder", replies.encoder, "--out", tmp_path / "a.jsonl")
        ended = training("mine", *given, "--json")
        assert json.loads(ended.stdout) == {"answers": 3, "mined": 3, "replies": 12, "exchanges": 12}

    def test_what_was_decided_survives_the_next_mining(self, replies: Files, tmp_path: Path) -> None:
        given = ("--history", replies.history, "--encoder", replies.encoder)
        bank, again, later = tmp_path / "a.jsonl", tmp_path / "b.jsonl", tmp_path / "c.jsonl"
        training("mine", *given, "--out", bank)
        code, card, ready = (
            next(answer.answer_id for answer in KnowledgeBase.from_jsonl(bank) if answer.text == reply)
            for reply in REPLIES
        )
        decisions = write_rows(
            tmp_path / "decisions.jsonl",
            [
                {"action": "edit", "answer_id": code, "text": "U vindt de code in de app, onder Instellingen."},
                {"action": "block", "answer_id": card},
                {"action": "allow", "answer_id": code},
            ],
        )
        ended = training("review", "--answers", bank, "--decisions", decisions)
        assert ended.code == 0, ended.stderr
        assert f"3 decisions applied; 4 answers, 1 allowed, 2 blocked, 1 unreviewed: {bank}" in ended.stdout
        assert training("mine", *given, "--answers", bank, "--out", again).code == 0
        assert list(KnowledgeBase.from_jsonl(again)) == list(KnowledgeBase.from_jsonl(bank))
        assert training("mine", *given, "--decisions", decisions, "--out", later).code == 0
        assert set(KnowledgeBase.from_jsonl(later)) == set(KnowledgeBase.from_jsonl(bank))
        assert ready in KnowledgeBase.from_jsonl(later)

    def test_decisions_about_unknown_answers_end_it_before_anything_is_written(
        self, replies: Files, tmp_path: Path
    ) -> None:
        decisions = write_rows(tmp_path / "decisions.jsonl", [{"action": "allow", "answer_id": "mined-none"}])
        out = tmp_path / "a.jsonl"
        ended = training(
            "mine", "--history", replies.history, "--encoder", replies.encoder, "--decisions", decisions, "--out", out
        )
        assert ended.code == 1
        assert "decides about answers that are not there: mined-none (line 1)" in ended.said
        assert not out.exists()

    def test_bad_lines_stand_beside_the_result(self, replies: Files, tmp_path: Path) -> None:
        history = tmp_path / "history.jsonl"
        history.write_text(replies.history.read_text(encoding="utf-8") + "no json\n", encoding="utf-8")
        ended = training("mine", "--history", history, "--encoder", replies.encoder, "--out", tmp_path / "a.jsonl")
        assert ended.code == 0
        assert "set aside 1 records" in ended.stderr
        assert json.loads((tmp_path / "rejected.jsonl").read_text(encoding="utf-8"))["line"] == 13

    def test_nothing_to_mine_is_an_error_and_leaves_no_file(self, replies: Files, tmp_path: Path) -> None:
        rows = [replied(number) | {"reply": "Graag gedaan!"} for number in range(12)]
        history = write_rows(tmp_path / "history.jsonl", rows)
        ended = training("mine", "--history", history, "--encoder", replies.encoder, "--out", tmp_path / "a.jsonl")
        assert ended.code == 1
        assert "no two replies say nearly the same, so there is nothing to mine" in ended.stderr
        assert not (tmp_path / "a.jsonl").exists()


class TestReview:
    def test_the_result_may_stand_elsewhere(self, files: Files, tmp_path: Path) -> None:
        first, second = (row["answer_id"] for row in answer_rows()[:2])
        decisions = write_rows(tmp_path / "d.jsonl", [{"action": "block", "answer_id": first}])
        out, before = tmp_path / "reviewed.jsonl", (files.answers or tmp_path).read_bytes()
        ended = training("review", "--answers", files.answers, "--decisions", decisions, "--out", out, "--json")
        assert json.loads(ended.stdout)["decisions"] == 1
        assert json.loads(ended.stdout)["blocked"] == 1
        reviewed = KnowledgeBase.from_jsonl(out)
        assert (reviewed[str(first)].status, reviewed[str(second)].status) == ("blocked", "allowed")
        assert (files.answers or tmp_path).read_bytes() == before

    def test_a_wrong_decision_is_named_and_nothing_is_written(self, files: Files, tmp_path: Path) -> None:
        decisions = write_rows(tmp_path / "d.jsonl", [{"action": "merge", "answer_id": "x"}])
        ended = training("review", "--answers", files.answers, "--decisions", decisions, "--out", tmp_path / "r.jsonl")
        assert ended.code == 1
        assert f"{decisions}, line 1: record: Value error, merge needs into" in ended.said
        assert not (tmp_path / "r.jsonl").exists()

    def test_answers_are_written_as_jsonl_only(self, files: Files, tmp_path: Path) -> None:
        ended = training("review", "--answers", files.answers, "--decisions", "d.jsonl", "--out", tmp_path / "r.csv")
        assert ended.code == 2
        assert "expected a file that ends in .jsonl" in ended.said


def test_encoder_prints_its_folder(files: Files) -> None:
    ended = training("encoder", files.encoder)
    assert (ended.code, ended.stdout) == (0, f"{files.encoder}\n")


def test_the_program_is_named_in_its_help() -> None:
    root = Path(__file__).parents[1]
    ended = subprocess.run(
        [sys.executable, "-m", "training", "fit", "--help"], cwd=root, capture_output=True, text=True, check=True
    )
    assert "Usage: python -m training fit [OPTIONS]" in ended.stdout


def test_an_accident_is_not_taken_for_an_error_of_the_user() -> None:
    broken = typer.Typer()

    @broken.command()
    def main() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        command(broken)
