"""Batch jobs on threads: what they read and write, and what is left of them when they die."""

from __future__ import annotations

import csv
import json
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from evaluation.batch.blocks import ROWS, Block, Source
from evaluation.batch.engines import LocalEngine, Work
from evaluation.batch.generate import write_messages
from evaluation.batch.job import BatchRequest, run_batch
from evaluation.batch.journal import JOURNAL, REJECTED, SUGGESTIONS, BatchError, rejected_file, unfinished
from evaluation.batch.speed import BatchSpeed, Sample
from evaluation.cli import app
from repliek.cluster import EngineName
from repliek.conversation import Channel, Conversation
from repliek.history import Exchange
from repliek.suggester import Suggester
from tests.batch_files import DAY, break_off, read_jsonl, rows, rows_done, start, suggest, write_jsonl
from tests.command_line import command
from tests.fixture_bundle import LAST_DAY_OF_SUMMER_SALE, MESSAGES

REQUEST = {
    "id": "7",
    "message": "Waar blijft het?",
    "channel": "x",
    "conversation": [{"speaker": "agent", "text": "Hoi!"}],
    "customer": {"name": "Eric"},
    "agent": {"initials": "EK"},
    "language": "nl",
    "register": "u",
    "received_at": "2026-11-20T09:30:00+01:00",
}


@pytest.fixture
def output(tmp_path: Path) -> Path:
    return tmp_path / "out" / "out.jsonl"


class TestOutput:
    def test_a_line_for_each_row_says_what_the_engine_says(
        self, tiny_bundle: Path, suggester: Suggester, tmp_path: Path, output: Path
    ) -> None:
        source = write_jsonl(tmp_path / "in.jsonl", rows(30))
        ended = suggest(tiny_bundle, source, output)
        assert ended.code == 0, ended.stderr
        found = read_jsonl(output)
        assert [line["id"] for line in found] == [row["id"] for row in rows(30)]
        received = datetime(2026, 11, 20, 12, tzinfo=UTC)
        for line, row in zip(found, rows(30), strict=True):
            alone = suggester.suggest(Conversation(str(row["message"]), received_at=received))
            assert line["language"] == alone.language
            assert [one["answer_id"] for one in suggestions(line)] == [one.answer_id for one in alone.suggestions]
            assert [one["text"] for one in suggestions(line)] == [one.text for one in alone.suggestions]
            for shown, own in zip(suggestions(line), alone.suggestions, strict=True):
                assert shown["confidence"] == pytest.approx(own.confidence, abs=1e-4)
            assert (line["abstained"] is None) == (alone.abstained is None)
            assert line["bundle"] == alone.bundle
            assert "due" not in line
            assert line["priority"] == {"level": "normal"}
            assert line["hand_over"] is line["escalation"] is None

    def test_who_must_decide_stands_in_the_line(self, tiny_bundle: Path, tmp_path: Path, output: Path) -> None:
        message = "Ik bel mijn advocaat"
        received = {"id": "2", "message": message, "received_at": "2026-11-20T12:00:00+00:00"}
        source = write_jsonl(tmp_path / "in.jsonl", [{"id": "1", "message": message}, received])
        assert suggest(tiny_bundle, source, output).code == 0
        undated, dated = read_jsonl(output)
        assert undated["hand_over"] == dated["hand_over"]
        assert undated["escalation"] == {
            "reasons": ["legal_threat"],
            "detail": "The customer speaks of a lawyer or a court.",
        }
        assert undated["priority"] == {"level": "high"}
        assert dated["priority"] == {"level": "high", "before": "2026-11-20 12:15:00+00:00"}

    def test_every_row_is_a_suggestion_a_silence_or_rejected(
        self, tiny_bundle: Path, tmp_path: Path, output: Path
    ) -> None:
        bad = [{"id": "no message"}, {"id": "x", "message": "hallo", "channel": "fax"}, {"message": " "}]
        source = write_jsonl(tmp_path / "in.jsonl", [*rows(4), *bad, *rows(3)])
        ended = suggest(tiny_bundle, source, output, "--json")
        figures = json.loads(ended.stdout)
        assert {name: figures[name] for name in ("rows", "rejected", "resumed")} == {
            "rows": 10,
            "rejected": 3,
            "resumed": 0,
        }
        silent = sum(line["abstained"] is not None for line in read_jsonl(output))
        assert (figures["suggested"], figures["silent"]) == (7 - silent, silent)
        rejected = read_jsonl(rejected_file(output))
        assert [(line["file"], line["line"]) for line in rejected] == [(str(source), number) for number in (5, 6, 7)]
        assert rejected[0]["reason"] == "message: Field required"
        assert "3 rows could not be used" in suggest(tiny_bundle, source, output).stdout

    def test_nothing_else_is_left(self, tiny_bundle: Path, tmp_path: Path, output: Path) -> None:
        write_jsonl(tmp_path / "in.jsonl", [{"message": ""}, *rows(2)])
        suggest(tiny_bundle, tmp_path / "in.jsonl", output)
        assert {file.name for file in output.parent.iterdir()} == {"out.jsonl", "out.rejected.jsonl"}
        write_jsonl(tmp_path / "in.jsonl", rows(2))
        suggest(tiny_bundle, tmp_path / "in.jsonl", output)
        assert {file.name for file in output.parent.iterdir()} == {"out.jsonl"}

    def test_k_and_the_day_decide(self, tiny_bundle: Path, tmp_path: Path, output: Path) -> None:
        row = {"message": MESSAGES.expired}
        dated = row | {"received_at": f"{LAST_DAY_OF_SUMMER_SALE}T09:00:00+02:00"}
        both = {"message": MESSAGES.three_questions}
        suggest(tiny_bundle, write_jsonl(tmp_path / "in.jsonl", [row, dated, both]), output, "--k", 1)
        later, then, asked = read_jsonl(output)
        assert later["abstained"] is not None
        assert [one["answer_id"] for one in suggestions(then)] == ["summer-sale"]
        assert then["due"] == {
            "first_reply": f"{LAST_DAY_OF_SUMMER_SALE} 10:00:00+02:00",
            "solution": "2020-09-01 09:00:00+02:00",
        }
        assert len(suggestions(asked)) == 1

    def test_threads_do_not_change_a_byte(self, tiny_bundle: Path, tmp_path: Path) -> None:
        source = write_jsonl(tmp_path / "in.jsonl", rows(3 * ROWS + 7))
        suggest(tiny_bundle, source, tmp_path / "one.jsonl")
        assert suggest(tiny_bundle, source, tmp_path / "three.jsonl", "--workers", 3).code == 0
        assert (tmp_path / "one.jsonl").read_bytes() == (tmp_path / "three.jsonl").read_bytes()


def suggestions(line: dict[str, Any]) -> list[dict[str, Any]]:
    return line["suggestions"]


class TestInput:
    def test_a_request_as_over_http(self, tmp_path: Path) -> None:
        (message,) = messages(write_jsonl(tmp_path / "in.jsonl", [REQUEST]))
        found = message.to_engine(DAY)
        assert message.id == "7"
        assert (found.message, found.channel, found.language, found.register) == ("Waar blijft het?", "x", "nl", "u")
        assert [(turn.speaker, turn.text) for turn in found.turns] == [("agent", "Hoi!")]
        assert (found.customer_name, found.agent_initials) == ("Eric", "EK")
        assert found.received_at == found.replying_at == datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
        assert found.thread == ()

    def test_a_request_says_when_it_is_replied_to_and_what_others_were_told(self, tmp_path: Path) -> None:
        more = {"replying_at": "2026-11-21T09:30:00+01:00", "thread": ["Fijn dat het weer werkt!"]}
        (message,) = messages(write_jsonl(tmp_path / "in.jsonl", [REQUEST | more]))
        found = message.to_engine(DAY)
        assert found.waited == timedelta(days=1)
        assert found.thread == ("Fijn dat het weer werkt!",)

    def test_an_exchange_of_a_history(self, tmp_path: Path) -> None:
        row = {
            "exchange_id": "e1",
            "message": "ja",
            "context": [{"speaker": "agent", "text": "Is het urgent?"}],
            "agent": "Els",
            "reply": "Dank!",
            "channel": None,
        }
        (message,) = messages(write_jsonl(tmp_path / "in.jsonl", [row]))
        found = message.to_engine(DAY)
        assert (message.id, found.channel, found.agent_initials) == ("e1", Channel.CHAT, None)
        assert found.query == "Is het urgent?\nja"
        assert found.received_at == found.replying_at == datetime(2026, 11, 20, 12, tzinfo=UTC)

    def test_tables_have_columns_for_what_stands_in_objects(self, tmp_path: Path) -> None:
        rows = [["vraag", "customer_name", "agent_initials", "nr"], ["Waar?", "Eric", "EK", "9"], ["Wat?", "", "", ""]]
        with (tmp_path / "in.csv").open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows(rows)
        first, second = messages(tmp_path / "in.csv", {"vraag": "message", "nr": "id"})
        assert (first.id, second.id) == ("9", "in-3")
        found = first.to_engine(DAY)
        assert (found.message, found.customer_name, found.agent_initials) == ("Waar?", "Eric", "EK")

    def test_a_moment_of_parquet_keeps_its_hour_and_loses_its_rules(self, tmp_path: Path) -> None:
        before_summer_time = datetime(2026, 3, 28, 12, tzinfo=ZoneInfo("Europe/Amsterdam"))
        moments = pa.array([before_summer_time], pa.timestamp("us", "Europe/Amsterdam"))
        pq.write_table(pa.table({"message": ["Waar?"], "received_at": moments}), tmp_path / "in.parquet")
        (message,) = messages(tmp_path / "in.parquet")
        received = message.received_at
        assert received is not None
        assert received.isoformat() == "2026-03-28T12:00:00+01:00"
        assert (received + timedelta(days=1)).isoformat() == "2026-03-29T12:00:00+01:00"

    @pytest.mark.parametrize(
        ("field", "value", "reason"),
        [
            ("message", "a" * 20_001, "message: String should have at most 20000 characters"),
            ("received_at", "2026-11-20T09:30:00", "received_at: Input should have timezone info"),
            ("received_at", "1999-12-31T23:59:59Z", "received_at: Input should be greater than or equal to 2000-01-01"),
            ("language", "Dutch", "language: String should match pattern"),
            ("conversation", [{"speaker": "robot", "text": ""}], "conversation.0.speaker: Input should be 'customer'"),
        ],
    )
    def test_a_row_that_cannot_be_used(self, tmp_path: Path, field: str, value: object, reason: str) -> None:
        source = Source(write_jsonl(tmp_path / "in.jsonl", [REQUEST | {field: value}]), {})
        (block,) = source.blocks()
        (rejection,) = block.rejected
        assert block.messages == ()
        assert rejection.reason.startswith(reason)

    def test_the_same_rows_in_every_kind_of_file(self, tiny_bundle: Path, tmp_path: Path) -> None:
        found = rows(ROWS + 5)
        write_jsonl(tmp_path / "in.jsonl", found)
        pq.write_table(pa.Table.from_pylist(found), tmp_path / "in.parquet", row_group_size=100)
        with (tmp_path / "in.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, ["id", "message"])
            writer.writeheader()
            writer.writerows(found)
        written = []
        for kind in ("jsonl", "csv", "parquet"):
            assert suggest(tiny_bundle, tmp_path / f"in.{kind}", tmp_path / f"{kind}-out.jsonl").code == 0
            written.append((tmp_path / f"{kind}-out.jsonl").read_bytes())
        assert written[0] == written[1] == written[2]

    def test_blocks_are_counted_from_the_first_row(self, tmp_path: Path) -> None:
        source = Source(write_jsonl(tmp_path / "in.jsonl", [{"message": ""}, *rows(2 * ROWS)]), {})
        blocks = list(source.blocks())
        assert [block.rows for block in blocks] == [ROWS, ROWS, 1]
        assert [len(block.messages) for block in blocks] == [ROWS - 1, ROWS, 1]
        assert list(source.blocks(ROWS)) == blocks[1:]


def messages(path: Path, rename: dict[str, str] | None = None) -> Any:
    blocks: list[Block] = list(Source(path, rename or {}).blocks())
    assert [block.rejected for block in blocks] == [()]
    return blocks[0].messages


@dataclass(frozen=True, slots=True)
class Whole:
    """An input, and the output of an uninterrupted run."""

    source: bytes
    output: bytes


@pytest.fixture(scope="module")
def whole(tiny_bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Whole:
    folder = tmp_path_factory.mktemp("whole")
    source = write_jsonl(folder / "in.jsonl", rows(3 * ROWS))
    assert suggest(tiny_bundle, source, folder / "out.jsonl").code == 0
    return Whole(source.read_bytes(), (folder / "out.jsonl").read_bytes())


class TestKilled:
    def test_after_kill_9_the_output_is_the_same(self, tiny_bundle: Path, tmp_path: Path, output: Path) -> None:
        found: list[Any] = rows(14 * ROWS)
        found[100::997] = [{"message": ""}] * len(found[100::997])
        source = write_jsonl(tmp_path / "in.jsonl", found)
        whole = tmp_path / "whole.jsonl"
        assert suggest(tiny_bundle, source, whole).code == 0
        reached = [0]
        for blocks in (1, 4):
            process = start(tiny_bundle, source, output)
            wait_for(output, reached[-1] + blocks * ROWS)
            process.kill()
            process.communicate()
            reached.append(rows_done(output))
            assert not output.exists()
        assert reached == sorted(set(reached))
        ended = suggest(tiny_bundle, source, output, "--json")
        assert json.loads(ended.stdout)["resumed"] == reached[-1]
        assert output.read_bytes() == whole.read_bytes()
        assert rejected_file(output).read_bytes() == rejected_file(whole).read_bytes()

    @pytest.mark.parametrize(
        "torn", [{SUGGESTIONS: '{"id": "half a li'}, {SUGGESTIONS: '{"id": "whole"}\n', REJECTED: '{"file'}], ids=len
    )
    def test_what_the_journal_does_not_know_is_cut_off(
        self, tiny_bundle: Path, tmp_path: Path, output: Path, whole: Whole, torn: dict[str, str]
    ) -> None:
        source = self.begun(tiny_bundle, tmp_path, output, whole)
        for name, text in torn.items():
            with (unfinished(output) / name).open("a", encoding="utf-8") as file:
                file.write(text)
        (unfinished(output) / f"{JOURNAL}.new").write_text("{", encoding="utf-8")
        assert suggest(tiny_bundle, source, output).code == 0
        assert output.read_bytes() == whole.output

    def test_a_job_that_died_while_its_files_were_put_in_place(
        self, tiny_bundle: Path, tmp_path: Path, output: Path, whole: Whole
    ) -> None:
        source = self.begun(tiny_bundle, tmp_path, output, whole, blocks=3)
        (unfinished(output) / SUGGESTIONS).rename(output)
        ended = suggest(tiny_bundle, source, output)
        assert ended.code == 0, ended.stderr
        assert output.read_bytes() == whole.output
        assert not unfinished(output).exists()

    def test_the_day_of_the_first_run_stays(
        self, tiny_bundle: Path, tmp_path: Path, output: Path, whole: Whole
    ) -> None:
        source = self.begun(tiny_bundle, tmp_path, output, whole)
        assert command(app, "suggest", "--bundle", tiny_bundle, "--input", source, "--output", output).code == 0
        assert output.read_bytes() == whole.output

    def test_another_job_is_refused_until_restart(
        self, tiny_bundle: Path, tmp_path: Path, output: Path, whole: Whole
    ) -> None:
        source = self.begun(tiny_bundle, tmp_path, output, whole)
        ended = suggest(tiny_bundle, source, output, "--k", 2)
        assert ended.code == 1
        assert "holds an unfinished job with another k; give what was given then" in ended.said
        with source.open("a", encoding="utf-8") as file:
            file.write('{"message": "nog een"}\n')
        ended = suggest(tiny_bundle, source, output)
        assert (ended.code, "another input and another rows" in ended.said) == (1, True)
        assert suggest(tiny_bundle, source, output, "--k", 2, "--restart").code == 0
        assert len(read_jsonl(output)) == 3 * ROWS + 1

    def test_a_file_that_lost_lines_is_refused(
        self, tiny_bundle: Path, tmp_path: Path, output: Path, whole: Whole
    ) -> None:
        source = self.begun(tiny_bundle, tmp_path, output, whole)
        (unfinished(output) / SUGGESTIONS).write_text("", encoding="utf-8")
        ended = suggest(tiny_bundle, source, output)
        assert (ended.code, "it was altered; --restart begins anew" in ended.said) == (1, True)

    def test_a_journal_of_another_kind_is_refused(
        self, tiny_bundle: Path, tmp_path: Path, output: Path, whole: Whole
    ) -> None:
        source = self.begun(tiny_bundle, tmp_path, output, whole)
        (unfinished(output) / JOURNAL).write_text('{"rows": 3}', encoding="utf-8")
        assert "no journal of this version; --restart begins anew" in suggest(tiny_bundle, source, output).said

    def test_an_input_that_shrinks_while_it_is_read_gives_no_output(
        self, tiny_bundle: Path, tmp_path: Path, output: Path
    ) -> None:
        class Shrinks(LocalEngine):
            def outcomes(self, work: Work) -> Any:
                write_jsonl(work.source.path, rows(5))
                return LocalEngine.outcomes(self, work)

        source = Source(write_jsonl(tmp_path / "in.jsonl", rows(ROWS + 1)), {})
        request = BatchRequest(tiny_bundle, source, output, k=3, day=DAY, strict=False, restart=False)
        with pytest.raises(BatchError, match="changed while it was read"):
            run_batch(request, Shrinks(1), lambda *_: None)
        assert not output.exists()

    def test_two_processes_do_not_write_one_output(self, tiny_bundle: Path, tmp_path: Path, output: Path) -> None:
        source = write_jsonl(tmp_path / "in.jsonl", rows(12 * ROWS))
        process = start(tiny_bundle, source, output)
        wait_for(output, ROWS)
        ended = suggest(tiny_bundle, source, output)
        process.kill()
        process.communicate()
        assert (ended.code, "is being written by another process" in ended.said) == (1, True)

    def begun(self, bundle: Path, folder: Path, output: Path, whole: Whole, blocks: int = 1) -> Path:
        """Return the input of three blocks of which `output` has so many."""
        source = folder / "in.jsonl"
        source.write_bytes(whole.source)
        break_off(bundle, source, output, blocks)
        assert rows_done(output) == blocks * ROWS
        return source


def wait_for(output: Path, done: int) -> None:
    """Wait until so many rows of an unfinished output are done."""
    deadline = time.monotonic() + 120
    while rows_done(output) < done:
        assert time.monotonic() < deadline, "the job does not get on"
        time.sleep(0.005)


class TestWrongUse:
    def test_strict_stops_before_anything_is_done(self, tiny_bundle: Path, tmp_path: Path, output: Path) -> None:
        source = write_jsonl(tmp_path / "in.jsonl", [*rows(3), {"message": ""}])
        ended = suggest(tiny_bundle, source, output, "--strict")
        assert (ended.code, output.parent.exists()) == (1, False)
        assert f"{source}, line 4: message: " in ended.said

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            ("", "the file holds no rows; expected at least one message"),
            ('{"mesage": "a"}\n{}\n', "none of the 2 rows can be used; the first: line 1: message: Field required"),
        ],
    )
    def test_an_input_without_messages(
        self, tiny_bundle: Path, tmp_path: Path, output: Path, content: str, said: str
    ) -> None:
        (tmp_path / "in.jsonl").write_text(content, encoding="utf-8")
        ended = suggest(tiny_bundle, tmp_path / "in.jsonl", output)
        assert (ended.code, said in ended.said) == (1, True)

    def test_what_is_no_bundle_is_refused_before_work(self, tmp_path: Path, output: Path) -> None:
        source = write_jsonl(tmp_path / "in.jsonl", rows(3))
        ended = suggest(tmp_path, source, output)
        assert (ended.code, output.parent.exists()) == (1, False)
        assert "expected a bundle" in ended.said

    @pytest.mark.parametrize(
        ("more", "said"),
        [
            (("--output", "out.parquet"), "expected a name that ends in .jsonl"),
            (("--address", "auto"), "is for --engine ray"),
            (("--k", 11), "less than or equal to 10"),
            (("--engine", "spark"), "'spark' is not one of 'local', 'ray'"),
        ],
    )
    def test_wrong_options(
        self, tiny_bundle: Path, tmp_path: Path, output: Path, more: tuple[object, ...], said: str
    ) -> None:
        ended = suggest(tiny_bundle, write_jsonl(tmp_path / "in.jsonl", rows(1)), output, *more)
        assert ended.code == 2
        assert said in ended.said

    def test_the_input_is_not_written_over(self, tiny_bundle: Path, tmp_path: Path) -> None:
        source = write_jsonl(tmp_path / "in.jsonl", rows(1))
        assert suggest(tiny_bundle, source, source).code == 2


def test_local_engine_holds_no_more_than_it_works_on(tiny_bundle: Path, tmp_path: Path) -> None:
    read: list[int] = []

    class Watched(Source):
        def blocks(self, skip: int = 0) -> Any:
            for block in Source.blocks(self, skip):
                read.append(block.rows)
                yield block

    source = Watched(write_jsonl(tmp_path / "in.jsonl", rows(6 * ROWS)), {})
    outcomes = LocalEngine(2).outcomes(Work(tiny_bundle, source, 0, 3, DAY))
    next(outcomes)
    assert len(read) == 3
    outcomes.close()


def test_generated_messages_are_the_same_for_the_same_seed(tmp_path: Path) -> None:
    history = [Exchange(exchange_id=str(n), message=str(row["message"])) for n, row in enumerate(rows(15))]
    for name, seed in (("one", 1), ("again", 1), ("other", 2)):
        write_messages(tmp_path / name, history, 200, seed)
    one, again, other = ((tmp_path / name).read_bytes() for name in ("one", "again", "other"))
    assert one == again != other
    assert one.count(b"\n") == 200
    (tmp_path / "in.jsonl").write_bytes(one)
    (block,) = Source(tmp_path / "in.jsonl", {}).blocks()
    assert len(block.messages) == 200
    assert len({message.message for message in block.messages}) > 100


def test_speed_is_reckoned_per_row_and_for_a_million() -> None:
    samples = [Sample(0, 90.0), Sample(3, 100.0), Sample(4, 110.0), Sample(9, 105.0)]
    found = BatchSpeed.of(EngineName.LOCAL, 1, 10, seconds=5.0, cpu_seconds=3.6, samples=samples)
    assert (found.rows_per_second, found.cpu_ms_per_row) == (2.0, 360.0)
    assert found.peak_mb == (90.0, 100.0, 110.0, 0.0, 105.0)
    assert (found.projected_hours, found.projected_cpu_hours) == (138.89, 100.0)
