"""What stands in the cells of a CSV file."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, strategies

from repliek.cells import as_cell, csv_lines, from_cell

ROWS = strategies.lists(strategies.text(max_size=20), min_size=2, max_size=2)


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r", "\n", "'=", "''@"])
def test_nothing_is_taken_for_a_formula(first: str) -> None:
    text = f"{first}1+1"
    assert as_cell(text) == f"'{text}"
    assert from_cell(as_cell(text)) == text


@pytest.mark.parametrize("text", ["", "Dag!", "'s avonds zijn we open", "'t Is goed", "1-2-2026", '"=1"'])
def test_what_is_text_stays_as_it_is(text: str) -> None:
    assert as_cell(text) == from_cell(text) == text


def test_lists_stand_as_json_and_nothing_as_nothing() -> None:
    assert as_cell(("privé", "a, b")) == '["privé", "a, b"]'
    assert from_cell('["privé", "a, b"]') == ["privé", "a, b"]
    assert as_cell(()) == as_cell(None) == ""


@pytest.mark.parametrize("text", ['["a"]', "[]", "[sic] klopt"])
def test_a_text_that_looks_like_a_list_stays_text(text: str) -> None:
    assert from_cell(as_cell(text)) == text


@pytest.mark.parametrize("cell", ["[sic] klopt", '["\\ud83d"]', "[" * 100_000], ids=["words", "half a pair", "deep"])
def test_what_is_no_list_is_text(cell: str) -> None:
    assert from_cell(cell) == cell


@given(strategies.lists(ROWS, max_size=5))
def test_every_text_comes_back(rows: list[list[str]]) -> None:
    written = "".join(csv_lines(["a", "b"], rows))
    header, *found = csv.reader(io.StringIO(written, newline=""))
    assert header == ["a", "b"]
    assert [[from_cell(cell) for cell in row] for row in found] == rows
    assert not [cell for row in found for cell in row if cell[:1] in set("=+-@\t\r\n")]
