from __future__ import annotations

import pytest

from repliek.conversation import Channel
from repliek.tone.channels import Length, measure


@pytest.mark.parametrize("channel", list(Channel))
def test_every_channel_has_a_limit(channel: Channel) -> None:
    assert measure("Dag", channel).fits
    assert not measure("a" * 20_001, channel).fits


@pytest.mark.parametrize(
    ("text", "used"),
    [
        ("Dag Eric", 8),
        ("café", 4),
        ("cafe\u0301", 4),  # a letter and its accent apart are one character
        ("€", 2),  # outside the ranges of weight 1, as X has it
        ("“Dag” – ja…", 12),  # only the ellipsis lies outside them
        ("😀", 2),
        ("日本", 4),
        ("Zie https://www.wadlijn.example/hulp?vraag=1&b=2 a.u.b.", 4 + 23 + 7),
        ("Kijk op wadlijn.nl/router of mijn.wadlijn.com", 8 + 23 + 4 + 23),
        ("http://a.nl", 23),
        ("Dag.En tot ziens", 16),
        ("Goed.Beste Eric", 15),
        ("zie...wadlijn.nl!", 6 + 23 + 1),
        ("a-" * 10_000, 20_000),
        ("a." * 10_000, 20_000),
    ],
    ids=lambda value: None if isinstance(value, int) else value[:12],
)
def test_x_weighs_characters_and_links(text: str, used: int) -> None:
    assert measure(text, Channel.X) == Length(used, 280)


def test_other_channels_count_characters() -> None:
    assert measure("😀 https://www.wadlijn.example/hulp", Channel.SMS) == Length(34, 320)


def test_a_text_may_fill_the_limit() -> None:
    assert measure("a" * 280, Channel.X).fits
    assert not measure("a" * 281, Channel.X).fits
