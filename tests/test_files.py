from __future__ import annotations

from pathlib import Path

import pytest

from repliek.files import publish, writing_whole


def test_it_makes_the_folder_and_leaves_other_files_alone(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "out"
    publish(folder, {"a": "één"})
    publish(folder, {"b": "two"})
    assert {file.name: file.read_text(encoding="utf-8") for file in folder.iterdir()} == {"a": "één", "b": "two"}


def test_nothing_takes_a_file_away(tmp_path: Path) -> None:
    publish(tmp_path, {"a": "old", "b": "kept"})
    publish(tmp_path, {"a": None, "never-there": None})
    assert [file.name for file in tmp_path.iterdir()] == ["b"]


def test_it_leaves_the_old_file_when_writing_fails(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old", encoding="utf-8")
    with pytest.raises(UnicodeEncodeError):
        publish(tmp_path, {"a": "new", "b": "\ud800"})
    assert (tmp_path / "a").read_text(encoding="utf-8") == "old"
    assert [file.name for file in tmp_path.iterdir()] == ["a"]


def test_a_file_that_is_written_in_parts_is_there_when_it_is_whole(tmp_path: Path) -> None:
    target = tmp_path / "new" / "a"
    with writing_whole(target) as file:
        file.write(b"one ")
        assert not target.exists()
        file.write(b"two")
    assert target.read_bytes() == b"one two"
    assert [file.name for file in target.parent.iterdir()] == ["a"]


def test_a_block_that_raises_leaves_what_was_there(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")

    def fail() -> None:
        with writing_whole(tmp_path / "a") as file:
            file.write(b"new")
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert (tmp_path / "a").read_bytes() == b"old"
    assert [file.name for file in tmp_path.iterdir()] == ["a"]
