"""A customer's data goes from the store, from its bytes too, and a receipt that names nobody stays."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import func, select, text

from repliek.erasure import ErasedCounts, Erasure
from serving.store import erasures
from serving.store.database import Database
from serving.store.erasures import Customer
from serving.store.tables import (
    DeliveryRow,
    ErasureRow,
    FeedbackRow,
    FollowUpRow,
    ShownRow,
    SuggestionSetRow,
    Table,
)
from tests.served import migrated, sqlite_url
from tests.stored import NOW, add_delivery, add_feedback, add_follow_up, add_set

ERIC = Customer("default", "klant 3")


def fill(database: Database) -> None:
    """Everything that can be kept of one customer, and of others who are like them in some way."""
    with database.writing() as session:
        add_set(session, "named", "a", "b", customer_id="klant 3", conversation_id="gesprek 7")
        add_follow_up(session, add_feedback(session, "named"))
        add_set(session, "unnamed", "a", conversation_id="gesprek 7")
        add_feedback(session, "unnamed", "edited", sent_text="Hoi, zo dan.")
        add_set(session, "in the same conversation", "a", customer_id="klant 4", conversation_id="gesprek 7")
        add_set(session, "of another brand", "a", brand="other", customer_id="klant 3", conversation_id="gesprek 7")
        add_set(session, "unnamed of another brand", "a", brand="other", conversation_id="gesprek 7")
        add_set(session, "of nobody", "a")
        add_delivery(session, "d1", customer_id="klant 3", event={"text": "waar blijft het"})
        add_delivery(session, "d2", set_id="unnamed")
        add_delivery(session, "d3", customer_id="klant 4")
        add_delivery(session, "d4", customer_id="klant 3", brand="other")


def count(database: Database, table: type[Table]) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def sets(database: Database) -> Sequence[str]:
    with database.reading() as session:
        return sorted(session.scalars(select(SuggestionSetRow.set_id)))


def erased(database: Database, customer: Customer) -> Erasure | None:
    with database.writing() as session:
        return erasures.erase(session, customer, NOW)


def test_all_of_one_customer_goes_and_nothing_of_others(database: Database) -> None:
    fill(database)
    done = erased(database, ERIC)
    assert done is not None
    assert done.counts == ErasedCounts(suggestion_sets=2, suggestions=3, feedback=2, follow_ups=1, deliveries=2)
    assert done.exchange_ids == ("named", "unnamed")
    assert sets(database) == [
        "in the same conversation",
        "of another brand",
        "of nobody",
        "unnamed of another brand",
    ]
    assert [count(database, table) for table in (ShownRow, FeedbackRow, FollowUpRow, DeliveryRow)] == [4, 0, 0, 2]


def test_the_receipt_is_kept_and_names_nobody(database: Database) -> None:
    fill(database)
    done = erased(database, ERIC)
    with database.reading() as session:
        assert erasures.every(session, "default") == [done]
        assert erasures.every(session, "other") == []
        (row,) = session.scalars(select(ErasureRow))
        assert "klant 3" not in str(vars(row))
        assert erasures.erased_ids(session, "default") == {"named", "unnamed"}


def test_a_second_time_there_is_nothing_left(database: Database) -> None:
    fill(database)
    first = erased(database, ERIC)
    assert erased(database, ERIC) is None
    with database.reading() as session:
        assert erasures.every(session, "default") == [first]


def test_counting_removes_nothing(database: Database) -> None:
    fill(database)
    with database.reading() as session:
        held = erasures.held(session, ERIC)
    assert (held.suggestion_sets, held.deliveries) == (2, 2)
    assert len(sets(database)) == 6


def test_the_words_do_not_stand_in_the_file_any_more(tmp_path: Path) -> None:
    database = Database.from_url(migrated(sqlite_url(tmp_path)))
    draw = random.Random(5)
    # Rows of many sizes, added in no order, so that pages are divided: a page keeps copies of what moved from it.
    for number in range(40):
        with database.writing() as session:
            for place in range(40):
                ours = draw.random() < 0.05
                words = "zonnebloemolie" if ours else "iets heel anders"
                add_set(
                    session,
                    f"{draw.getrandbits(96):024x}",
                    customer_id="klant 3" if ours else f"iemand {number} {place}",
                    message=" ".join([words] * draw.randrange(1, 120)),
                )
    database.empty_log()
    assert contents(tmp_path).count(b"zonnebloemolie") > 80

    done = erased(database, ERIC)
    assert done is not None
    assert done.counts.suggestion_sets > 40
    assert database.empty_log()
    assert contents(tmp_path).count(b"zonnebloemolie") == 0
    assert contents(tmp_path).count(b"klant 3") == 0
    database.close()


def contents(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in sorted(folder.iterdir()))


def test_a_log_that_somebody_reads_is_not_emptied(tmp_path: Path) -> None:
    database = Database.from_url(migrated(sqlite_url(tmp_path)))
    other = Database.from_url(sqlite_url(tmp_path))
    with other.reading() as reading:
        reading.execute(text("SELECT count(*) FROM secrets"))
        fill(database)
        with database.reading() as session:
            session.execute(text("PRAGMA busy_timeout=50"))
        assert not database.empty_log()
    assert database.empty_log()
    assert (tmp_path / "repliek.db-wal").stat().st_size == 0
    other.close()
    database.close()


def test_postgresql_keeps_its_own_log(database: Database) -> None:
    assert database.empty_log()
