"""Answers in the store: saved, deleted and read, on both databases."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from repliek.knowledge import Answer, KnowledgeBase
from serving.preconditions import Precondition, Tags
from serving.store import revisions
from serving.store.answers import AnswerBook, EditConflict, Outcome, Version, overlay
from serving.store.database import Database

BUNDLED = Answer(answer_id="parcel", text="Je pakket is onderweg.", language="nl", tags=("bezorging",))
CHANGED = replace(BUNDLED, text="Je pakket ligt klaar.")
NEW = Answer(answer_id="new", text="Wij zijn open tot zes uur.", language="nl")
KNOWLEDGE = KnowledgeBase([BUNDLED])


@contextmanager
def reading(database: Database, brand: str = "default", knowledge: KnowledgeBase = KNOWLEDGE) -> Iterator[AnswerBook]:
    with database.reading() as session:
        yield AnswerBook(session, brand, knowledge)


@contextmanager
def writing(database: Database, brand: str = "default") -> Iterator[AnswerBook]:
    with database.writing() as session:
        yield AnswerBook(session, brand, KNOWLEDGE)


def revision(database: Database, brand: str = "default") -> int:
    with database.reading() as session:
        return overlay(session, brand).revision


def only(tag: str) -> Precondition:
    return Precondition(match=Tags.parse(tag))


def test_an_answer_of_the_bundle_has_version_nought(database: Database) -> None:
    with reading(database) as book:
        found = book.find("parcel")
        assert found == Version("parcel", 0, BUNDLED)
        assert found.etag == Version.of_bundle(BUNDLED).etag != Version.of_bundle(CHANGED).etag
        assert book.standing() == book.history("parcel") == [found]
        assert book.find("new") is None
        assert book.history("new") == []


def test_saving_counts_versions_and_says_who(database: Database) -> None:
    with writing(database) as book:
        first = book.save(CHANGED, "console")
        second = book.save(replace(CHANGED, text="Het ligt klaar."), None)
    assert (first.outcome, second.outcome) == (Outcome.UPDATED, Outcome.UPDATED)
    assert (first.version.number, second.version.number) == (1, 2)
    with reading(database) as book:
        assert book.find("parcel") == second.version
        assert book.history("parcel") == [second.version, first.version, Version.of_bundle(BUNDLED)]
        assert [version.changed_by for version in book.history("parcel")] == [None, "console", None]
        assert len({version.etag for version in book.history("parcel")}) == 3


@pytest.mark.parametrize("answer", [BUNDLED, NEW], ids=["of the bundle", "saved"])
def test_what_is_as_it_was_makes_no_version(database: Database, answer: Answer) -> None:
    with writing(database) as book:
        before = book.save(answer, "console").version
    counted = revision(database)
    with writing(database) as book:
        again = book.save(replace(answer), "somebody else")
    assert again.outcome is Outcome.UNCHANGED
    assert again.version == before
    assert revision(database) == counted


def test_what_is_deleted_stays_known_and_can_come_back(database: Database) -> None:
    with writing(database) as book:
        deleted = book.delete("parcel", "console")
        assert deleted
        assert (deleted.number, deleted.answer, deleted.changed_by) == (1, None, "console")
    with reading(database) as book:
        assert book.find("parcel") == deleted
        assert book.standing() == []
    with writing(database) as book:
        assert book.delete("parcel", "console") is None
        assert book.delete("never", "console") is None
        back = book.save(BUNDLED, "console")
    assert (back.outcome, back.version.number) == (Outcome.CREATED, 2)
    with reading(database) as book:
        assert [version.number for version in book.history("parcel")] == [2, 1, 0]
        assert book.standing() == [back.version]


def test_an_edit_of_what_was_edited_meanwhile_is_refused(database: Database) -> None:
    read = Version.of_bundle(BUNDLED)
    with writing(database) as book:
        mine = book.save(CHANGED, "first", only(read.etag))
    with pytest.raises(EditConflict) as lost, writing(database) as book:
        book.save(replace(CHANGED, text="Anders."), "second", only(read.etag))
    assert lost.value.current == mine.version
    with pytest.raises(EditConflict), writing(database) as book:
        book.delete("parcel", "second", only(read.etag))
    with pytest.raises(EditConflict) as lost, writing(database) as book:
        book.save(NEW, "second", only("*"))
    assert lost.value.current is None
    with pytest.raises(EditConflict), writing(database) as book:
        book.save(BUNDLED, "second", Precondition(none_match=Tags.parse("*")))
    with reading(database) as book:
        assert book.find("parcel") == mine.version
        assert book.find("new") is None


def test_of_many_who_save_at_once_one_wins(database: Database) -> None:
    outcomes: list[str] = []

    def save(number: int) -> None:
        try:
            with writing(database) as book:
                book.save(replace(NEW, text=f"Tekst {number}."), str(number), Precondition(none_match=Tags.parse("*")))
            outcomes.append("saved")
        except EditConflict:
            outcomes.append("refused")

    threads = [threading.Thread(target=save, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["refused"] * 7 + ["saved"]
    with reading(database) as book:
        assert [version.number for version in book.history("new")] == [1]


def test_many_are_saved_together(database: Database) -> None:
    with writing(database) as book:
        book.delete("parcel", None)
        book.save(NEW, None)
    many = [replace(NEW, answer_id=f"n{number:04}") for number in range(1_500)]
    with writing(database) as book:
        saved = book.save_all([BUNDLED, NEW, *many], "import")
    assert [one.outcome for one in saved[:2]] == [Outcome.CREATED, Outcome.UNCHANGED]
    assert {one.outcome for one in saved[2:]} == {Outcome.CREATED}
    assert revision(database) == 3
    with writing(database) as book:
        again = book.save_all([BUNDLED, NEW, *many], "import")
        assert {one.outcome for one in again} == {Outcome.UNCHANGED}
        assert len(book.standing()) == 1_502
        assert [version.answer_id for version in book.standing()][-2:] == ["new", "parcel"]
    assert revision(database) == 3


def test_the_overlay_has_the_latest_first_and_the_edits_by_id(database: Database) -> None:
    with writing(database) as book:
        book.save(replace(NEW, answer_id="b"), None)
    with writing(database) as book:
        book.save(replace(NEW, answer_id="a"), None)
        book.delete("parcel", None)
    with writing(database) as book:
        book.save(replace(NEW, answer_id="b", text="Anders."), None)
    with database.reading() as session:
        found = overlay(session, "default")
    assert [answer.answer_id for answer in found.saved] == ["b", "a"]
    assert [answer.answer_id for answer in found.edits.saved] == ["a", "b"]
    assert found.edits.deleted == found.deleted == {"parcel"}


def test_brands_do_not_see_each_other(database: Database) -> None:
    with writing(database, "one") as book:
        book.save(CHANGED, "one")
        book.save(NEW, "one")
    with writing(database, "two") as book:
        assert book.find("parcel") == Version.of_bundle(BUNDLED)
        assert book.find("new") is None
        assert book.history("new") == []
        assert book.save(NEW, "two").version.number == 1
        book.delete("parcel", "two")
    with reading(database, "one") as book:
        assert [version.answer for version in book.standing()] == [NEW, CHANGED]
    assert revision(database, "one") == 2
    assert revision(database, "three") == 0


def test_what_was_saved_wins_over_another_bundle(database: Database) -> None:
    with writing(database) as book:
        book.save(CHANGED, None)
        book.delete("parcel", None)
        book.save(NEW, None)
    other = KnowledgeBase([replace(BUNDLED, text="Uit een nieuwe bundel."), replace(NEW, text="Ook nieuw."), CHANGED])
    with reading(database, knowledge=other) as book:
        assert [version.answer for version in book.standing()] == [NEW]
        assert [version.number for version in book.history("new")] == [1, 0]


def test_an_edit_that_fails_half_way_tells_nobody(database: Database) -> None:
    def fail() -> None:
        with writing(database) as book:
            book.save(NEW, None)
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert revision(database) == 0
    with database.reading() as session:
        assert revisions.current(session) == {}
