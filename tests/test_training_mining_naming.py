from __future__ import annotations

import re

from training.mining.naming import suggest_names

PASSWORD = ("Ik ben mijn wachtwoord vergeten", "hoe kan ik mijn wachtwoord herstellen", "wachtwoord vergeten, wat nu")
PARCEL = ("waar blijft mijn pakket", "mijn pakket is er nog niet", "Pakket kwijt? [ORDER_NUMBER]")
OTHER = tuple(f"vraag {word}" for word in ("over betalen", "over bellen", "over internet", "over de app", "nog iets"))


def test_words_that_tell_the_group_from_others_name_it() -> None:
    password, parcel, _ = suggest_names((PASSWORD, PARCEL, OTHER), ("Reset het.", "Hij komt eraan.", "Ja."), ())
    assert password == "wachtwoord_vergeten"
    assert parcel.startswith("pakket")


def test_a_name_is_an_identifier() -> None:
    (name,) = suggest_names((("Privé-café dichtbij?", "Is het café dichtbij open?"),), ("Ja.",), ())
    assert re.fullmatch(r"[a-z0-9_]+", name)


def test_no_two_names_are_the_same_and_none_is_in_use() -> None:
    same = (("pakket kwijt",), ("pakket kwijt",), ("pakket kwijt",))
    found = suggest_names(same, ("a", "b", "c"), {"kwijt_pakket", "pakket_kwijt"})
    assert len(set(found) | {"kwijt_pakket", "pakket_kwijt"}) == 5


def test_the_answer_names_itself_where_the_messages_have_nothing_in_common() -> None:
    groups = (("ja", "EMAIL", "nou nee"), PARCEL)
    first, _ = suggest_names(groups, ("Mag ik je klantnummer weten?", "Het pakket komt."), ())
    assert "klantnummer" in first


def test_nothing_at_all_is_called_an_answer() -> None:
    assert suggest_names((("ja",),), ("1 2 3",), ()) == ("answer",)
