"""What an agent did with a suggestion: how often it is classed as a reader does, and each rule by itself."""

from __future__ import annotations

from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repliek.edits import MAX_CHARS, edit_of
from repliek.vocabulary import EditKind
from tests.edit_pairs import pairs, right

ANSWER = "Hoi Eric,\nJe vindt je factuur in Mijn Wadlijn. Hij staat er vanaf de 20e. Je betaalt rond de 27e. ^EK"


def kind(sent: str, suggested: str = ANSWER) -> EditKind:
    return edit_of(suggested, sent, "nl").kind


@pytest.mark.parametrize(("written", "count", "least"), [("first", 60, 0.95), ("later", 30, 0.9), ("fresh", 30, 0.85)])
def test_edits_are_classed_as_a_reader_does(written: str, count: int, least: float) -> None:
    some = [pair for pair in pairs() if pair.written == written]
    assert len(some) >= count
    assert {pair.kind for pair in some} == set(EditKind)
    assert right(some) >= least, [pair for pair in some if not pair.right]


@pytest.mark.parametrize(
    "sent",
    [
        ANSWER,
        ANSWER.replace(" ", "  ") + "\n",
        ANSWER.replace("Eric,\n", "Eric! "),
        ANSWER.replace("^EK", "- Sanne"),
        ANSWER.replace(" ^EK", "\n\nGroetjes,\nSanne"),
    ],
)
def test_nothing_that_a_customer_reads_was_changed(sent: str) -> None:
    edit = edit_of(ANSWER, sent, "nl")
    assert (edit.kind, edit.similarity) == (EditKind.AS_IS, 1.0)


def test_the_gravest_change_names_the_edit() -> None:
    shorter = ANSWER.replace(" Hij staat er vanaf de 20e.", "")
    assert kind(shorter) is EditKind.LENGTH
    assert kind(shorter.replace("27e", "28e")) is EditKind.FACTS
    assert kind(shorter.replace("Hoi Eric,", "Goedemorgen Eric,")) is EditKind.LENGTH
    polite = ANSWER.replace("Je vindt je factuur", "U vindt uw factuur").replace("Je betaalt", "U betaalt")
    assert kind(polite) is EditKind.REGISTER
    assert kind(polite.replace("27e", "28e")) is EditKind.FACTS
    assert kind(polite.replace(" Hij staat er vanaf de 20e.", "")) is EditKind.LENGTH


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ("Je factuur staat in Mijn Wadlijn. Hij staat er niet voor de 20e.", EditKind.FACTS),
        (ANSWER.replace("de 20e", "de twintigste dag, 20 november"), EditKind.FACTS),
        (ANSWER.replace("vanaf de 20e", "vanaf vrijdag"), EditKind.FACTS),
        (ANSWER.replace("Mijn Wadlijn", "de Buurtapp"), EditKind.FACTS),
        (ANSWER.replace(" ^EK", " Ik zoek voor je uit waarom hij er nog niet is. ^EK"), EditKind.FACTS),
        (ANSWER.replace(" ^EK", " Succes! ^EK"), EditKind.TONE),
        (ANSWER.replace("Je vindt", "Natuurlijk, je vindt"), EditKind.TONE),
        ("", EditKind.REWRITTEN),
    ],
)
def test_rules(sent: str, expected: EditKind) -> None:
    assert kind(sent) is expected


def test_numbers_in_words_are_the_same_fact() -> None:
    assert (
        kind("Het duurt 2 werkdagen. Daarna is het klaar.", "Het duurt twee werkdagen. Daarna is het klaar.")
        is EditKind.TONE
    )


def test_a_sentence_that_denies_is_missed_where_it_is_gone() -> None:
    suggested = "Ruilen kan binnen 14 dagen. Neem je bon mee. Dit geldt niet voor aanbiedingen."
    assert kind("Ruilen kan binnen 14 dagen. Neem je bon mee.", suggested) is EditKind.FACTS
    assert kind("Ruilen kan binnen 14 dagen. Dit geldt niet voor aanbiedingen.", suggested) is EditKind.LENGTH


texts = st.text(alphabet="abc ?.!\n^ABé1€,'-", max_size=60)


@given(texts, texts)
def test_similarity_is_a_share_and_one_means_the_same(suggested: str, sent: str) -> None:
    edit = edit_of(suggested, sent, "nl")
    assert 0 <= edit.similarity <= 1
    assert edit_of(sent, sent, "nl").kind is EditKind.AS_IS
    assert (edit.kind is EditKind.AS_IS) <= (edit.similarity == 1)


@pytest.mark.parametrize(
    "part", ["A. ", "groet ", "Hoi ", "a", "^EK ", "Je kunt 1 dag niet. ", " ", "\n", "wadlijn.nl "]
)
def test_long_texts_are_compared_in_time(part: str) -> None:
    text = part * (MAX_CHARS // len(part))
    started = perf_counter()
    edit_of(text, f"Dank je. {text}", "nl")
    edit_of(f"u kunt {text}", f"je kunt {text}", "nl")
    assert perf_counter() - started < 3
