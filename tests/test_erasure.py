"""Receipts of erasures: written, read, added to, and never half understood."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from repliek.erasure import ErasedCounts, Erasure, as_json, erased_in, read_erasures, write_erasures
from repliek.errors import DataError, RecordError


def receipt(name: str, *exchange_ids: str) -> Erasure:
    return Erasure(
        erasure_id=name,
        brand="default",
        erased_at=datetime(2026, 11, 20, 12, 30, 15, 999, tzinfo=UTC),
        counts=ErasedCounts(suggestion_sets=len(exchange_ids)),
        exchange_ids=exchange_ids,
    )


def test_what_is_written_is_read(tmp_path: Path) -> None:
    file = tmp_path / "new" / "erased.jsonl"
    receipts = (receipt("1", "a", "b"), receipt("2"))
    write_erasures(file, receipts)
    assert read_erasures(file) == receipts
    assert file.read_text(encoding="utf-8").splitlines() == [as_json(one) for one in receipts]
    assert receipts[0].when.isoformat() == "2026-11-20T12:30:15+00:00"


def test_files_add_up_and_may_be_empty(tmp_path: Path) -> None:
    write_erasures(tmp_path / "1.jsonl", [receipt("1", "a", "b")])
    write_erasures(tmp_path / "2.jsonl", [receipt("2", "c"), receipt("1", "a", "b")])
    write_erasures(tmp_path / "3.jsonl", [])
    assert erased_in(sorted(tmp_path.iterdir())) == {"a", "b", "c"}
    assert erased_in([]) == frozenset()


@pytest.mark.parametrize("line", ['{"erasure_id": "1"}', "[]", "geheim", '{"customer_id": "klant 3"}'])
def test_a_line_that_is_no_receipt_stops_everything(line: str, tmp_path: Path) -> None:
    file = tmp_path / "erased.jsonl"
    file.write_text(f"{as_json(receipt('1', 'a'))}\n{line}\n", encoding="utf-8")
    with pytest.raises(RecordError, match=r"erased\.jsonl, line 2: no receipt of an erasure") as raised:
        read_erasures(file)
    assert "geheim" not in str(raised.value)
    assert "klant 3" not in str(raised.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no such file"):
        read_erasures(tmp_path / "erased.jsonl")
