from __future__ import annotations

from collections import Counter

import pytest

from repliek.conversation import Channel
from tests.golden_compositions import Corpus, Golden, stored

GOLDEN = stored()


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return Corpus()


@pytest.mark.parametrize("golden", GOLDEN, ids=lambda golden: golden.exchange_id)
def test_a_reply_reads_as_it_was_read(golden: Golden, corpus: Corpus) -> None:
    exchange = corpus.history[golden.exchange_id]
    assert exchange.message == golden.message
    assert corpus.reply(exchange, golden.channel, golden.register, golden.name) == golden.text


def test_they_are_many_and_on_every_channel() -> None:
    assert len(GOLDEN) >= 200
    assert set(Counter(golden.channel for golden in GOLDEN)) == set(Channel)
