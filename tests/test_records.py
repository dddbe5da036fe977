from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from repliek.conversation import Channel, Speaker
from repliek.errors import DataError, RecordError
from repliek.history import ContextTurn, Exchange
from repliek.knowledge import Answer, Audience
from repliek.records import Read, Rejection, read_records, rows_in, write_jsonl, write_rejections


def written(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def line(exchange_id: str = "1", message: str = "Waar blijft mijn pakket?", **fields: object) -> str:
    return json.dumps({"exchange_id": exchange_id, "message": message, **fields}) + "\n"


def read(path: Path, **options: Any) -> Read[Exchange]:
    return read_records(path, Exchange, unique="exchange_id", **options)


def reasons(found: Read[Exchange]) -> list[tuple[int, str]]:
    return [(rejection.line, rejection.reason) for rejection in found.rejected]


class TestJsonl:
    def test_good_lines_are_read_in_order(self, tmp_path: Path) -> None:
        found = read(written(tmp_path / "h.jsonl", line("b") + "\n  \n" + line("a", channel="x")))
        assert [record.exchange_id for record in found.records] == ["b", "a"]
        assert found.records[1].channel is Channel.X
        assert found.rejected == ()

    def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(self, tmp_path: Path) -> None:
        content = b"\xef\xbb\xbf" + (line("1") + line("2")).replace("\n", "\r\n").encode()
        assert len(read(written(tmp_path / "h.jsonl", content)).records) == 2

    def test_separators_inside_a_message_do_not_end_the_line(self, tmp_path: Path) -> None:
        message = "een\u2028twee\x85drie\x0cvier"
        content = json.dumps({"exchange_id": "1", "message": message}, ensure_ascii=False)
        assert read(written(tmp_path / "h.jsonl", content)).records[0].message == message

    @pytest.mark.parametrize(
        ("bad", "reason"),
        [
            ('{"exchange_id": "2", "message": "half', "not JSON (Unterminated string starting at, column 33)"),
            ('["2", "hallo"]', "not a JSON object"),
            ("[" * 100_000, "JSON that is too large or too deep to be read"),
            ('{"exchange_id": ' + "1" * 5000 + "}", "JSON that is too large or too deep to be read"),
            (
                '{"exchange_id": "2", "message": "\\ud83d"}',
                "holds half of a pair of \\u escapes, which is no character",
            ),
            ('{"exchange_id": "2"}', "message: Field required"),
            ('{"exchange_id": "2", "message": "  "}', "message: Value error, expected text, found only white space"),
            ('{"exchange_id": "2", "message": 5}', "message: Input should be a valid string"),
            ('{"exchange_id": "2", "message": "hoi", "mesage": "x"}', "mesage: Unexpected keyword argument"),
        ],
        ids=["broken", "list", "deep", "large number", "half a pair", "missing", "blank", "number", "unknown field"],
    )
    def test_a_bad_line_is_kept_with_its_reason(self, tmp_path: Path, bad: str, reason: str) -> None:
        path = written(tmp_path / "h.jsonl", line("1") + bad + "\n" + line("3"))
        found = read(path)
        assert [record.exchange_id for record in found.records] == ["1", "3"]
        assert found.rejected == (Rejection(str(path), 2, reason, bad),)
        with pytest.raises(RecordError) as caught:
            read(path, strict=True)
        assert str(caught.value) == f"{path}, line 2: {reason}"

    def test_escaped_emoji_are_characters(self, tmp_path: Path) -> None:
        content = '{"exchange_id": "1", "message": "dank \\ud83d\\ude00"}'
        assert read(written(tmp_path / "h.jsonl", content)).records[0].message == "dank 😀"

    def test_a_reason_never_quotes_the_customer(self, tmp_path: Path) -> None:
        path = written(tmp_path / "h.jsonl", line("1") + line("2", emotion="geheim woord", language="geheim"))
        assert "geheim" not in read(path).rejected[0].reason

    def test_the_second_of_two_equal_ids_is_rejected(self, tmp_path: Path) -> None:
        found = read(written(tmp_path / "h.jsonl", line("1", "eerste") + line("2") + line("1", "tweede")))
        assert found.records[0].message == "eerste"
        assert reasons(found) == [(3, "exchange_id stands on line 1 already; expected it once")]

    def test_renamed_fields_replace_ours_and_others_are_left_out(self, tmp_path: Path) -> None:
        row = {"exchange_id": "1", "question": "Waar blijft het?", "message": "theirs", "priority": 3}
        path = written(tmp_path / "h.jsonl", json.dumps(row))
        found = read(path, rename={"question": "message"})
        assert found.records == (Exchange(exchange_id="1", message="Waar blijft het?"),)


class TestCsv:
    def test_columns_are_fields_and_others_are_left_out(self, tmp_path: Path) -> None:
        content = "exchange_id,message,channel,priority\n1,Waar blijft mijn pakket?,x,high\n2,En nu?,,low\n"
        found = read(written(tmp_path / "h.csv", content))
        assert [(one.exchange_id, one.channel) for one in found.records] == [("1", Channel.X), ("2", None)]

    def test_quoted_new_lines_and_marks_belong_to_the_cell(self, tmp_path: Path) -> None:
        content = '\ufeffexchange_id,message\r\n1,"Geachte heer,\r\n\r\nZie ""bijlage"""\r\n2,a\u2028b\r\n'
        found = read(written(tmp_path / "h.csv", content))
        assert [one.message for one in found.records] == ['Geachte heer,\r\n\r\nZie "bijlage"', "a\u2028b"]

    @pytest.mark.parametrize("delimiter", [",", ";", "\t"], ids=["comma", "semicolon", "tab"])
    def test_the_header_tells_what_separates_cells(self, tmp_path: Path, delimiter: str) -> None:
        content = f'exchange_id{delimiter}message\n1{delimiter}"een, twee; drie\t"\n'
        assert read(written(tmp_path / "h.csv", content)).records[0].message == "een, twee; drie\t"

    def test_a_row_with_too_many_cells_is_rejected(self, tmp_path: Path) -> None:
        found = read(written(tmp_path / "h.csv", "exchange_id,message\n1,een\n2,twee, drie\n3\n"))
        assert [one.exchange_id for one in found.records] == ["1"]
        assert reasons(found) == [(3, "more cells than the header's 2"), (4, "message: Field required")]

    def test_rows_without_an_id_are_named_after_file_and_line(self, tmp_path: Path) -> None:
        found = read(written(tmp_path / "mails.csv", 'message\neen\n"twee\nregels"\n'))
        assert [one.exchange_id for one in found.records] == ["mails-2", "mails-4"]

    def test_context_stands_in_a_cell_as_json(self, tmp_path: Path) -> None:
        context = json.dumps([{"speaker": "agent", "text": "Hoi!"}]).replace('"', '""')
        content = f'exchange_id,message,context\n1,[sic] klopt,"{context}"\n2,hallo,"[{{""speaker"": ""robot""}}]"\n'
        found = read(written(tmp_path / "h.csv", content))
        assert found.records[0].context == (ContextTurn(speaker=Speaker.AGENT, text="Hoi!"),)
        assert found.records[0].message == "[sic] klopt"
        assert [line for line, _ in reasons(found)] == [3]
        assert "context.0.speaker" in found.rejected[0].reason

    def test_tags_stand_in_a_cell_as_json(self, tmp_path: Path) -> None:
        path = written(tmp_path / "a.csv", 'answer_id,text,language,tags\n1,Dag,nl,"[""a"", ""b""]"\n')
        assert read_records(path, Answer, unique="answer_id").records[0].tags == ("a", "b")

    def test_renamed_columns(self, tmp_path: Path) -> None:
        path = written(tmp_path / "h.csv", "vraag,antwoord\nWaar?,Daar.\n")
        found = read(path, rename={"vraag": "message", "antwoord": "reply"})
        assert (found.records[0].message, found.records[0].reply) == ("Waar?", "Daar.")

    def test_a_mail_thread_fits_in_a_cell(self, tmp_path: Path) -> None:
        path = written(tmp_path / "h.csv", f"message,reply\nkort,{'lang ' * 50_000}\n")
        assert len(read(path).records[0].reply or "") == 250_000

    def test_without_the_needed_column_no_row_can_be_used(self, tmp_path: Path) -> None:
        path = written(tmp_path / "h.csv", "vraag\nWaar?\n")
        with pytest.raises(DataError, match=r"none of the 1 records can be used; the first: line 2: message"):
            read(path)


class TestParquet:
    def test_the_same_columns_read_the_same_way(self, tmp_path: Path) -> None:
        table = pa.table(
            {
                "exchange_id": [17, 18],
                "message": ["Waar blijft mijn pakket?", "ja"],
                "context": [None, [{"speaker": "customer", "text": "Waar?"}]],
                "priority": [1.5, None],
            }
        )
        pq.write_table(table, tmp_path / "h.parquet")
        found = read(tmp_path / "h.parquet")
        assert [one.exchange_id for one in found.records] == ["17", "18"]
        assert found.records[1].context[0].text == "Waar?"

    def test_rows_without_an_id_and_bad_rows(self, tmp_path: Path) -> None:
        pq.write_table(pa.table({"message": ["een", None, "drie"]}), tmp_path / "h.parquet")
        found = read(tmp_path / "h.parquet")
        assert [one.exchange_id for one in found.records] == ["h-1", "h-3"]
        assert reasons(found) == [(2, "message: Field required")]

    @pytest.mark.parametrize(
        "damage", [lambda data: b"", lambda data: data[:-40], lambda data: data.replace(b"PAR1", b"")]
    )
    def test_a_damaged_file_is_an_error(self, tmp_path: Path, damage: Any) -> None:
        pq.write_table(pa.table({"message": ["een"]}), tmp_path / "good.parquet")
        path = written(tmp_path / "h.parquet", damage((tmp_path / "good.parquet").read_bytes()))
        with pytest.raises(DataError, match="not a Parquet file"):
            read(path)

    def test_a_damaged_page_is_an_error(self, tmp_path: Path) -> None:
        pq.write_table(pa.table({"message": ["een"]}), tmp_path / "h.parquet")
        data = bytearray((tmp_path / "h.parquet").read_bytes())
        data[4:12] = b"\xff" * 8
        with pytest.raises(DataError, match="damaged"):
            read(written(tmp_path / "h.parquet", bytes(data)))


class TestFile:
    def test_a_missing_file(self, tmp_path: Path) -> None:
        with pytest.raises(DataError, match="no such file"):
            read(tmp_path / "h.jsonl")

    @pytest.mark.parametrize("name", ["h.xlsx", "h"])
    def test_an_unknown_kind_of_file(self, tmp_path: Path, name: str) -> None:
        with pytest.raises(DataError, match=r"expected \.jsonl, \.csv or \.parquet"):
            read(written(tmp_path / name, line()))

    @pytest.mark.parametrize(("name", "head"), [("h.jsonl", ""), ("h.csv", "exchange_id,message\n")])
    def test_text_that_is_not_utf8_is_named_by_its_line(self, tmp_path: Path, name: str, head: str) -> None:
        path = written(tmp_path / name, head.encode() + b'{"message": "goed"}\n{"message": "caf\xe9"}\n')
        with pytest.raises(DataError, match=rf"line {2 + bool(head)}: byte \d+ is not UTF-8; save the file as UTF-8"):
            read(path)

    @pytest.mark.parametrize(
        ("name", "content"), [("h.jsonl", ""), ("h.jsonl", "\n\n"), ("h.csv", ""), ("h.csv", "exchange_id,message\n")]
    )
    def test_an_empty_file(self, tmp_path: Path, name: str, content: str) -> None:
        with pytest.raises(DataError, match=r"holds no records|is empty"):
            read(written(tmp_path / name, content))

    def test_a_file_without_a_usable_record(self, tmp_path: Path) -> None:
        with pytest.raises(DataError, match=r"none of the 2 records can be used; the first: line 1: not JSON"):
            read(written(tmp_path / "h.jsonl", "een\ntwee\n"))


def test_rejections_are_written_so_that_nothing_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "out" / "rejected.jsonl"
    rejection = Rejection("h.csv", 3, "message: Field required", '{"reply": "café"}')
    assert write_rejections(path, [rejection]) == 1
    assert [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] == [
        {"file": "h.csv", "line": 3, "reason": "message: Field required", "record": '{"reply": "café"}'}
    ]


def test_without_rejections_no_old_file_stays(tmp_path: Path) -> None:
    path = written(tmp_path / "rejected.jsonl", "{}")
    assert write_rejections(path, []) == 0
    assert not path.exists()


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    answers = (
        Answer(answer_id="a", text="Dag {first_name}\u2028😀", language="nl", audience=Audience.PRIVATE, tags=("x",)),
        Answer(answer_id="b", text="Hello", language="en", valid_until=date(2027, 1, 31)),
    )
    write_jsonl(tmp_path / "a.jsonl", Answer, answers)
    assert read_records(tmp_path / "a.jsonl", Answer, unique="answer_id", strict=True).records == answers
    assert '"status"' not in (tmp_path / "a.jsonl").read_text(encoding="utf-8")


class TestInMemory:
    def test_rows_are_those_of_the_file(self) -> None:
        content = b'\xef\xbb\xbf{"a": 1}\r\n\n[2]\n'
        assert list(rows_in(content, ".jsonl", "body")) == [(1, {"a": 1}), (3, "not a JSON object")]
        assert list(rows_in(b'a;b\r\n"x;\r\ny";\'=1\r\n', ".csv", "body")) == [(3, {"a": "x;\r\ny", "b": "=1"})]

    @pytest.mark.parametrize(
        ("content", "kind", "reason"),
        [
            (b"a,b\n1,2\n\xe9,3\n", ".csv", "body, line 3: byte 8 is not UTF-8"),
            (b"", ".csv", "body: the file is empty"),
            (b'a\n"' + b"x" * 10_000_001, ".csv", r"body, line \d+: not CSV"),
        ],
        ids=["bytes", "empty", "endless"],
    )
    def test_what_cannot_be_read_says_so(self, content: bytes, kind: str, reason: str) -> None:
        with pytest.raises(DataError, match=reason):
            list(rows_in(content, kind, "body"))
