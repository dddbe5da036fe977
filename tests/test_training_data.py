"""What cannot be learned from is refused: in one line, before any long work, with nothing left behind."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn

import pytest

from repliek.brand import Brand
from repliek.erasure import ErasedCounts, Erasure, write_erasures
from repliek.errors import DataError
from repliek.history import Exchange
from tests.command_line import Ended
from tests.fixture_history import Files, Row, answer_rows, history_rows, training, without, workplace, write_rows
from training import pipeline
from training.data import MIN_EXCHANGES, Redaction, Sources, load

WORDS = "zonnebloemolie"
"""Stands in what customers write, and must not stand in any error."""


def lines(count: int, **columns: Any) -> list[Row]:
    return [{"exchange_id": f"e{number}", "message": f"{WORDS} nummer {number}"} | columns for number in range(count)]


@pytest.fixture
def files(tmp_path: Path) -> Files:
    folder = tmp_path / "input"
    folder.mkdir()
    history = write_rows(folder / "history.jsonl", history_rows())
    answers = write_rows(folder / "answers.jsonl", answer_rows())
    return Files(history, answers, Path("brand.toml"), Path("encoder"))


@pytest.fixture(autouse=True)
def no_long_work(tmp_path: Path) -> Iterator[None]:
    def too_early(spec: str, **_: object) -> NoReturn:
        raise AssertionError("the encoder was asked for before the files were judged")

    with workplace(tmp_path) as patch:
        patch.setattr(pipeline, "resolve_views", too_early)
        yield


def refused(folder: Path, *arguments: object) -> str:
    """Run `fit` on what it must refuse, check how it does so, and return the line it says."""
    before = contents(folder)
    ended = training("fit", *arguments)
    assert ended.code == 1, ended
    assert ended.stdout == ""
    (line,) = [line for line in ended.stderr.splitlines() if line.startswith("error: ")]
    assert ended.stderr.endswith(f"{line}\n")
    assert "Traceback" not in ended.stderr
    assert WORDS not in ended.stderr
    assert contents(folder) == before
    return line


def contents(folder: Path) -> dict[str, bytes | None]:
    return {str(file.relative_to(folder)): file.read_bytes() if file.is_file() else None for file in folder.rglob("*")}


@dataclass(frozen=True, slots=True)
class Unlearnable:
    """A history that teaches nothing, and what is said of it."""

    rows: list[Row]
    said: str


UNLEARNABLE = {
    "nothing": Unlearnable([], "the file holds no records; expected at least one exchange per line"),
    "too little": Unlearnable(
        lines(MIN_EXCHANGES - 1), f"9 usable exchanges; expected at least {MIN_EXCHANGES}, or --answers"
    ),
    "one intent only": Unlearnable(
        [*lines(12, intent="delivery"), {"exchange_id": "x", "message": "x", "intent": "out_of_scope"}],
        "every exchange has the intent 'delivery'; expected at least two intents",
    ),
    "messages only": Unlearnable(lines(12), "no exchange has an intent, a reply or an answer_id"),
    "one conversation": Unlearnable(
        lines(12, conversation_id="c", reply="doe zo"),
        "every exchange has the same conversation_id; expected several conversations",
    ),
    "no message": Unlearnable(
        without(lines(12, intent="a"), "message"),
        "none of the 12 records can be used; the first: line 1: message: Field required",
    ),
    "columns of its own": Unlearnable(lines(12, vraag="hoe"), "line 1: vraag: Unexpected keyword argument"),
}


@pytest.mark.parametrize("case", UNLEARNABLE.values(), ids=UNLEARNABLE.keys())
def test_a_history_that_teaches_nothing(case: Unlearnable, tmp_path: Path) -> None:
    history = write_rows(tmp_path / "history.jsonl", case.rows)
    said = refused(tmp_path, "--history", history, "--out", tmp_path / "bundle")
    assert str(history) in said
    assert case.said in said


def test_answers_are_named_but_not_given(tmp_path: Path) -> None:
    history = write_rows(tmp_path / "history.jsonl", lines(12, answer_id="a1"))
    said = refused(tmp_path, "--history", history, "--out", tmp_path / "bundle")
    assert "names answers, but no answers were given; expected --answers" in said


def test_answer_ids_of_other_answers(files: Files, tmp_path: Path) -> None:
    write_rows(
        files.answers,
        [row | {"answer_id": f"other-{row['answer_id']}"} for row in without(answer_rows(), "variant_of")],
    )
    said = refused(tmp_path, "--history", files.history, "--answers", files.answers, "--out", tmp_path / "bundle")
    assert "none of its answer_ids stands in" in said
    assert "check that the files belong together" in said


def test_answers_that_are_all_blocked(files: Files, tmp_path: Path) -> None:
    write_rows(files.answers, [row | {"status": "blocked"} for row in answer_rows()])
    said = refused(tmp_path, "--history", files.history, "--answers", files.answers, "--out", tmp_path / "bundle")
    assert "every answer is blocked; expected at least one that may be suggested" in said


@pytest.mark.parametrize("option", ["--history", "--answers", "--brand", "--phrases"])
def test_a_file_that_is_not_there(option: str, files: Files, tmp_path: Path) -> None:
    absent = tmp_path / ("brand.toml" if option == "--brand" else "absent.jsonl")
    given = {"--history": files.history, "--out": tmp_path / "bundle"} | {option: absent}
    said = refused(tmp_path, *[part for pair in given.items() for part in pair])
    assert str(absent) in said


@pytest.mark.parametrize("name", ["history.xlsx", "history", "history.json"])
def test_a_kind_of_file_that_is_not_read(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text("x", encoding="utf-8")
    said = refused(tmp_path, "--history", tmp_path / name, "--out", tmp_path / "bundle")
    assert "expected .jsonl, .csv or .parquet" in said


def test_a_file_that_is_not_utf_8(tmp_path: Path) -> None:
    history = tmp_path / "history.csv"
    history.write_bytes("message,intent\nprima,a\ncafé,b\n".encode("latin-1"))
    said = refused(tmp_path, "--history", history, "--out", tmp_path / "bundle")
    assert f"{history}, line 3" in said
    assert "not UTF-8" in said


def test_a_parquet_file_that_is_none(tmp_path: Path) -> None:
    history = tmp_path / "history.parquet"
    history.write_bytes(b"PAR1 no more")
    assert "not a Parquet file" in refused(tmp_path, "--history", history, "--out", tmp_path / "bundle")


def test_columns_under_other_names(tmp_path: Path) -> None:
    history = tmp_path / "export.csv"
    history.write_text("vraag;antwoord\n" + f"{WORDS};doe zo\n" * 12, encoding="utf-8")
    said = refused(tmp_path, "--history", history, "--out", tmp_path / "bundle")
    assert "none of the 12 records can be used; the first: line 2: message: Field required" in said


def test_strict_stops_at_the_first_bad_line(files: Files, tmp_path: Path) -> None:
    with files.history.open("a", encoding="utf-8") as opened:
        opened.write(f'{{"message": "{WORDS}"\n')
    said = refused(tmp_path, "--history", files.history, "--out", tmp_path / "bundle", "--strict")
    assert f"{files.history}, line {len(history_rows()) + 1}: not JSON" in said


@pytest.mark.parametrize("make", [Path.mkdir, Path.touch], ids=["folder", "file"])
def test_a_target_that_is_no_bundle_is_left_alone(make: Callable[[Path], None], files: Files, tmp_path: Path) -> None:
    target = tmp_path / "precious"
    make(target)
    if target.is_dir():
        (target / "notes.txt").write_text("mine", encoding="utf-8")
    said = refused(tmp_path, "--history", files.history, "--out", target)
    assert "exists and is no bundle; expected a new folder or a bundle to replace" in said


def test_a_target_below_a_file(files: Files, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    said = refused(tmp_path, "--history", files.history, "--out", tmp_path / "file" / "bundle")
    assert "cannot be written" in said


def test_bad_lines_are_counted_reported_and_kept(files: Files, tmp_path: Path) -> None:
    good = len(history_rows())
    bad = [f'{{"message": "{WORDS}', '{"exchange_id": "t", "message": " "}', f'["{WORDS}"]', "{}", "null", "7", "x"]
    with files.history.open("a", encoding="utf-8") as opened:
        opened.write("\n".join(bad) + "\n")
    with files.answers.open("a", encoding="utf-8") as opened:
        opened.write('{"answer_id": "a", "text": "t", "language": "Dutch"}\n')
    ended = _fit_until_the_encoder(files, tmp_path)
    assert f"read {good} exchanges and {len(answer_rows())} answers" in ended
    assert f"{files.history}, line {good + 1}: not JSON" in ended
    assert "expected text, found only white space" in ended
    assert f"set aside 8 records that cannot be used; they stand in {tmp_path / 'out' / 'rejected.jsonl'}" in ended
    assert WORDS not in ended
    kept = [json.loads(line) for line in (tmp_path / "out" / "rejected.jsonl").read_text("utf-8").splitlines()]
    assert [one["line"] for one in kept] == [*range(good + 1, good + 8), len(answer_rows()) + 1]
    assert [one["record"] for one in kept][:7] == bad
    assert {one["file"] for one in kept} == {str(files.history), str(files.answers)}
    assert all(one["reason"] for one in kept)


def test_a_run_without_bad_lines_takes_the_old_ones_away(files: Files, tmp_path: Path) -> None:
    stale = tmp_path / "out" / "rejected.jsonl"
    stale.parent.mkdir()
    stale.write_text("{}\n", encoding="utf-8")
    _fit_until_the_encoder(files, tmp_path)
    assert not stale.exists()


def _fit_until_the_encoder(files: Files, folder: Path) -> str:
    """Return what is said on stderr until the long work would begin."""
    said: list[Ended] = []

    def stop(spec: str, **_: object) -> NoReturn:
        raise DataError("far enough")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipeline, "resolve_views", stop)
        said.append(
            training("fit", "--history", files.history, "--answers", files.answers, "--out", folder / "out" / "bundle")
        )
    assert said[0].code == 1
    assert said[0].stderr.endswith("error: far enough\n")
    return said[0].stderr


def test_everything_that_is_learned_from_is_redacted(tmp_path: Path) -> None:
    private = "bel 06-12345678 of mail jan@voorbeeld.nl"
    texts = {"message": private, "reply": private, "context": [{"speaker": "agent", "text": private}]}
    rows = [*lines(12, intent="a"), {"exchange_id": "private", "intent": "b"} | texts]
    data = load(Sources(write_rows(tmp_path / "history.jsonl", rows)))
    exchange = data.history[-1]
    for text in (exchange.message, exchange.reply or "", exchange.context[0].text, exchange.query):
        assert "12345678" not in text
        assert "jan@" not in text
        assert "bel" in text
    assert len(data.history) == 13
    assert (data.rejected, len(data.knowledge), data.brand_toml) == ((), 0, "")


def test_redaction_leaves_the_rest_of_an_exchange_alone() -> None:
    exchange = Exchange(exchange_id="e", message="Hoe laat sluit de winkel?", intent="store", channel=None)
    assert Redaction()(exchange) == exchange


def test_agents_tell_by_their_greetings_who_is_named_elsewhere() -> None:
    replies = ["Hoi Ria, dat klopt.", "Dag Ria, kijk in de app.", "Dat klopt, Ria."]
    history = [
        Exchange(exchange_id=str(row), message="Hoi Wadlijn, en Ria?", reply=one) for row, one in enumerate(replies)
    ]
    redaction = Redaction.of(Brand(name="Wadlijn"), history)
    last = redaction(history[-1])
    assert (last.message, last.reply) == ("Hoi Wadlijn, en Ria?", "Dat klopt, [NAME].")


@pytest.mark.parametrize(("english", "expected"), [(12, True), (11, True), (10, False), (0, False)])
def test_a_history_in_english_is_one_but_for_a_message_here_and_there(
    tmp_path: Path, english: int, expected: bool
) -> None:
    languages = ["en"] * english + ["nl"] * (12 - english)
    rows = [row | {"language": language} for row, language in zip(lines(12, intent="a"), languages, strict=True)]
    rows[0]["intent"] = "b"
    assert load(Sources(write_rows(tmp_path / "history.jsonl", rows))).in_english is expected


class TestLater:
    def test_neither_ids_nor_words_of_the_history_are_calibrated_on(self, files: Files, tmp_path: Path) -> None:
        known, *new = lines(4)
        words = history_rows()[0]["message"]
        later = [
            known | {"exchange_id": history_rows()[0]["exchange_id"]},
            known | {"message": f"  {words.upper()}"},
            *new,
        ]
        found = load(Sources(files.history, files.answers, later=write_rows(tmp_path / "later.jsonl", later)))
        assert [exchange.exchange_id for exchange in found.later] == ["e1", "e2", "e3"]
        assert found.repeated == 2

    def test_earlier_turns_make_the_same_words_another_message(self, files: Files, tmp_path: Path) -> None:
        row = next(row for row in history_rows() if "context" not in row)
        later = row | {"exchange_id": "new", "context": [{"speaker": "customer", "text": WORDS}]}
        found = load(Sources(files.history, files.answers, later=write_rows(tmp_path / "later.jsonl", [later])))
        assert (len(found.later), found.repeated) == (1, 0)

    def test_personal_data_is_redacted(self, files: Files, tmp_path: Path) -> None:
        later = lines(1, reply="Mail jan@voorbeeld.nl")
        found = load(Sources(files.history, files.answers, later=write_rows(tmp_path / "later.jsonl", later)))
        assert found.later[0].reply == "Mail [EMAIL]"

    def test_what_is_measured_on_is_refused(self, files: Files, tmp_path: Path) -> None:
        later = write_rows(tmp_path / "later.jsonl", lines(5))
        held_out = write_rows(tmp_path / "held-out.jsonl", lines(9)[4:])
        given = ("--history", files.history, "--calibrate", later, "--held-out", held_out, "--out", tmp_path / "bundle")
        line = refused(tmp_path, *given)
        assert f"{later}: 1 of its exchanges stand in {held_out} too, the first is e4" in line

    def test_a_history_alone_is_refused(self, files: Files, tmp_path: Path) -> None:
        given = ("--history", files.history, "--calibrate", files.history, "--out", tmp_path / "bundle")
        assert f"{files.history}: every exchange stands in {files.history} too" in refused(tmp_path, *given)


HELLO: Row = {"part": "greeting", "text": "Moin {first_name},", "language": "nl"}


class TestPhrases:
    def brand(self, folder: Path) -> Path:
        file = folder / "brand.toml"
        file.write_text('name = "Wadlijn"', encoding="utf-8")
        return file

    def test_those_beside_the_brand_are_read(self, files: Files, tmp_path: Path) -> None:
        write_rows(tmp_path / "phrases.jsonl", [HELLO])
        data = load(Sources(files.history, files.answers, self.brand(tmp_path)))
        assert [phrase.text for phrase in data.phrases] == ["Moin {first_name},"]

    def test_those_that_are_named_go_before(self, files: Files, tmp_path: Path) -> None:
        write_rows(tmp_path / "phrases.jsonl", [HELLO])
        named = write_rows(tmp_path / "named.jsonl", [HELLO | {"text": "Goeie,"}])
        data = load(Sources(files.history, files.answers, self.brand(tmp_path), phrases=named))
        assert [phrase.text for phrase in data.phrases] == ["Goeie,"]

    def test_a_brand_without_any_has_none_of_its_own(self, files: Files, tmp_path: Path) -> None:
        assert load(Sources(files.history, files.answers, self.brand(tmp_path))).phrases == ()
        assert load(Sources(files.history, files.answers)).phrases == ()

    @pytest.mark.parametrize(
        ("fields", "said"),
        [
            ({"text": "Bel 0800-1234"}, "line 2: text: "),
            ({"text": "Hoi {voornaam},"}, "line 2: text: "),
            ({"text": "Fijn dat u er bent", "register": "je"}, "line 2: register: "),
            ({"register": "gij"}, "line 2: register: "),
            ({"part": "answer"}, "line 2: part: "),
            ({"emotion": "angry"}, "line 2: emotion"),
            ({"colour": "red"}, "line 2: colour: "),
            ({}, "line 2: text: stands on line 1 already"),
        ],
    )
    def test_a_line_that_is_wrong_is_named(self, fields: Row, said: str, files: Files, tmp_path: Path) -> None:
        phrases = write_rows(tmp_path / "phrases.jsonl", [HELLO, HELLO | fields])
        given = ("--history", files.history, "--answers", files.answers, "--phrases", phrases)
        line = refused(tmp_path, *given, "--out", tmp_path / "bundle")
        assert f"{phrases}, {said}" in line

    def test_one_beside_the_brand_is_not_passed_over(self, files: Files, tmp_path: Path) -> None:
        phrases = write_rows(tmp_path / "phrases.jsonl", [HELLO | {"part": "goodbye"}])
        given = ("--history", files.history, "--answers", files.answers, "--brand", self.brand(tmp_path))
        assert f"{phrases}, line 1: part: " in refused(tmp_path, *given, "--out", tmp_path / "bundle")


def test_what_was_erased_is_learned_nowhere(files: Files, tmp_path: Path) -> None:
    rows = history_rows()
    write_rows(tmp_path / "held_out.jsonl", [row | {"exchange_id": f"h{number}"} for number, row in enumerate(rows)])
    gone = [rows[0]["exchange_id"], "h1", "somebody else's"]
    counts = ErasedCounts(suggestion_sets=1)
    receipts = [
        Erasure(erasure_id=one, brand="default", erased_at=datetime.now(UTC), counts=counts, exchange_ids=(one,))
        for one in gone
    ]
    write_erasures(tmp_path / "1.jsonl", receipts[:1])
    write_erasures(tmp_path / "2.jsonl", receipts[1:])
    erased = (tmp_path / "1.jsonl", tmp_path / "2.jsonl")
    data = load(Sources(files.history, held_out=tmp_path / "held_out.jsonl", erased=erased))
    assert data.erased == 2
    assert [one.exchange_id for one in data.history] == [row["exchange_id"] for row in rows[1:]]
    assert "h1" not in {one.exchange_id for one in data.held_out}
    assert len(data.held_out) == len(rows) - 1


def test_receipts_that_cannot_be_read_stop_the_training(files: Files, tmp_path: Path) -> None:
    (tmp_path / "erased.jsonl").write_text(f'{{"erasure_id": "{WORDS}"}}\n', encoding="utf-8")
    said = refused(
        tmp_path, "--history", files.history, "--out", tmp_path / "bundle", "--erased", tmp_path / "erased.jsonl"
    )
    assert "erased.jsonl, line 1: no receipt of an erasure" in said
