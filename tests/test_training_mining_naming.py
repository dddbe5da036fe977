from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import chain

from training.mining.naming import suggest_names

PASSWORD = ("Ik ben mijn wachtwoord vergeten", "hoe kan ik mijn wachtwoord herstellen", "wachtwoord vergeten, wat nu")
PARCEL = ("waar blijft mijn pakket", "mijn pakket is er nog niet", "Pakket kwijt? [ORDER_NUMBER]")
OTHER = tuple(f"vraag {word}" for word in ("over betalen", "over bellen", "over internet", "over de app", "nog iets"))


def named(
    groups: Sequence[Sequence[str]], wordings: Sequence[str], taken: Sequence[str], others: Sequence[str] = ()
) -> tuple[str, ...]:
    return suggest_names(groups, wordings, [*chain(*groups), *others], taken)


def test_words_that_tell_the_group_from_others_name_it() -> None:
    password, parcel, _ = named((PASSWORD, PARCEL, OTHER), ("Reset het.", "Hij komt eraan.", "Ja."), ())
    assert password == "wachtwoord_vergeten"
    assert parcel.startswith("pakket")


def test_a_name_is_an_identifier() -> None:
    (name,) = named((("Privé-café dichtbij?", "Is het café dichtbij open?"),), ("Ja.",), ())
    assert re.fullmatch(r"[a-z0-9_]+", name)


def test_no_two_names_are_the_same_and_none_is_in_use() -> None:
    same = (("pakket kwijt",), ("pakket kwijt",), ("pakket kwijt",))
    found = named(same, ("a", "b", "c"), ("kwijt_pakket", "pakket_kwijt"))
    assert len(set(found) | {"kwijt_pakket", "pakket_kwijt"}) == 5


def test_the_answer_names_itself_where_the_messages_have_nothing_in_common() -> None:
    groups = (("ja", "EMAIL", "nou nee"), PARCEL)
    first, _ = named(groups, ("Mag ik je klantnummer weten?", "Het pakket komt."), ())
    assert "klantnummer" in first


def test_nothing_at_all_is_called_an_answer() -> None:
    assert named((("ja",),), ("1 2 3",), ()) == ("answer",)


def test_a_word_that_everybody_uses_names_nothing() -> None:
    (name,) = named((("hallo", "hallo"),), ("De factuur is van juni.",), (), others=("hallo",) * 20)
    assert name == "factuur_juni"
