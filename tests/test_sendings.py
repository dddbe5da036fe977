from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from repliek.asked import Asked, Circumstances, Evidence
from repliek.retrieval import Neighbours
from repliek.sendings import (
    DOUBT,
    AcceptanceEvidence,
    FrequencyEvidence,
    FreshnessEvidence,
    HeardEvidence,
    Sendings,
    TraitEvidence,
)
from repliek.words import MessageWords

NOW = datetime(2026, 6, 1, tzinfo=UTC)
TOPICS = 3


def sendings(
    topics: Sequence[int],
    *,
    messages: Sequence[str] | None = None,
    suggested: Sequence[int] | None = None,
    channels: Sequence[str | None] | None = None,
    days_ago: Sequence[int | None] | None = None,
) -> Sendings:
    """What was sent, as far as a test cares."""
    n = len(topics)
    times = [None if days is None else NOW - timedelta(days) for days in days_ago or [None] * n]
    circumstances = Circumstances.of_new(channels or [None] * n, [None] * n, times)
    return Sendings(
        MessageWords.of(messages or [""] * n),
        np.array(topics, dtype=np.int64),
        np.array(suggested or [-1] * n, dtype=np.int64),
        past(circumstances),
    )


def past(circumstances: Circumstances) -> Circumstances:
    return replace(circumstances, past_rows=np.arange(len(circumstances), dtype=np.int64))


def measured(evidence: Evidence, circumstances: Circumstances, texts: Sequence[str] | None = None) -> list[list[float]]:
    n = len(circumstances)
    nothing = np.zeros((n, 0), dtype=np.float32)
    neighbours = Neighbours(nothing, nothing.astype(np.int64))
    found = evidence.measure(
        Asked(tuple(texts or [""] * n), nothing, neighbours, nothing, np.zeros(n, np.float32), circumstances)
    )
    assert found.shape == (n, TOPICS, 1)
    assert found.dtype == np.float32
    return found[:, :, 0].tolist()


def new(channel: str | None = None, at: datetime | None = None) -> Circumstances:
    return Circumstances.of_new([channel], [None], [at])


def channel_evidence(told: Sendings) -> TraitEvidence:
    return TraitEvidence(told, TOPICS, lambda circumstances: circumstances.channels)


def test_words_that_its_messages_hold_speak_for_a_topic_but_not_its_own_message() -> None:
    messages = ["contract verlengen", "abonnement verlengen", "modem stuk"]
    told = sendings([0, 0, 1], messages=messages)
    evidence = HeardEvidence(told, TOPICS)
    (found,) = measured(evidence, new(), ["paspoort verlengen"])
    assert 1 > found[0] > 0
    assert found[1:] == [0, 0]
    (known, *_) = measured(evidence, told.circumstances, messages)
    assert 1 > known[0] > 0, "the other message of the topic holds one of the two words"


def test_what_is_sent_often_is_likely() -> None:
    (found,) = measured(FrequencyEvidence(sendings([0, 0, 0, 0, 0, 1, -1]), TOPICS), new())
    np.testing.assert_allclose(found, np.log([6 / 9 * 3, 2 / 9 * 3, 1 / 9 * 3]), rtol=1e-6)


def test_a_message_of_the_past_is_judged_by_the_others() -> None:
    told = sendings([0, 0, 1])
    evidence = FrequencyEvidence(told, TOPICS)
    (first, _, last) = measured(evidence, told.circumstances)
    np.testing.assert_allclose(first, measured(FrequencyEvidence(sendings([0, 1]), TOPICS), new())[0], rtol=1e-6)
    np.testing.assert_allclose(last, measured(FrequencyEvidence(sendings([0, 0]), TOPICS), new())[0], rtol=1e-6)


class TestTraits:
    told = sendings([0, 0, 0, 1, 1, 1, 2], channels=["dm", "dm", "dm", "x", "x", "x", None])

    def test_a_channel_has_topics_of_its_own(self) -> None:
        ((often, seldom, _),) = measured(channel_evidence(self.told), new("dm"))
        assert often > 0 > seldom

    @pytest.mark.parametrize("channel", [None, "email"])
    def test_an_unknown_channel_says_nothing(self, channel: str | None) -> None:
        assert measured(channel_evidence(self.told), new(channel)) == [[0, 0, 0]]

    def test_a_message_of_the_past_is_judged_by_the_others(self) -> None:
        found = measured(channel_evidence(self.told), self.told.circumstances)
        others = sendings([0, 0, 1, 1, 1, 2], channels=["dm", "dm", "x", "x", "x", None])
        np.testing.assert_allclose(found[0], measured(channel_evidence(others), new("dm"))[0], rtol=1e-6)
        assert found[6] == [0, 0, 0]


class TestFreshness:
    told = sendings([0, 0, 0, 1, 1, 2], days_ago=[200, 190, 180, 4, 2, None])

    def test_what_was_sent_lately_is_likelier_now(self) -> None:
        ((old, fresh, _),) = measured(FreshnessEvidence(self.told, TOPICS), new(at=NOW))
        assert fresh > 0 > old

    def test_what_is_sent_later_is_not_known_yet(self) -> None:
        evidence = FreshnessEvidence(self.told, TOPICS)
        ((old, fresh, _),) = measured(evidence, new(at=NOW - timedelta(170)))
        assert old > 0 > fresh
        assert measured(evidence, new(at=NOW - timedelta(300))) == [[0, 0, 0]]

    def test_a_message_of_the_past_does_not_speak_for_itself(self) -> None:
        found = measured(FreshnessEvidence(self.told, TOPICS), self.told.circumstances)
        assert found[0] == [0, 0, 0]
        assert found[1][0] > 0

    def test_without_dates_nothing_is_fresh(self) -> None:
        assert measured(FreshnessEvidence(self.told, TOPICS), new()) == [[0, 0, 0]]
        assert measured(FreshnessEvidence(sendings([0, 1, 1]), TOPICS), new(at=NOW)) == [[0, 0, 0]]


class TestAcceptance:
    def test_what_agents_send_when_it_is_suggested_is_welcome(self) -> None:
        told = sendings([0, 0, 0, 0, -1, 2, -1, 2], suggested=[0, 0, 0, 0, 1, 1, 1, -1])
        (found,) = measured(AcceptanceEvidence(told, TOPICS), new())
        usual = 5 / 8
        expected = [(4 + DOUBT * usual) / (4 + DOUBT), DOUBT * usual / (3 + DOUBT), usual]
        np.testing.assert_allclose(found, np.log(np.array(expected) / usual), rtol=1e-5, atol=1e-6)

    def test_a_message_of_the_past_is_judged_by_the_others(self) -> None:
        told = sendings([0, 1, 2, 2], suggested=[0, 0, 1, -1])
        found = measured(AcceptanceEvidence(told, TOPICS), told.circumstances)
        others = sendings([1, 2, 2], suggested=[0, 1, -1])
        np.testing.assert_allclose(found[0], measured(AcceptanceEvidence(others, TOPICS), new())[0], rtol=1e-6)

    def test_where_nothing_was_suggested_nothing_was_accepted(self) -> None:
        assert measured(AcceptanceEvidence(sendings([0, 1, 2]), TOPICS), new()) == [[0, 0, 0]]
