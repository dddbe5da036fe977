from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from evaluation import cli
from evaluation.tone import Breach, breaches, look_over
from repliek.conversation import Channel, Conversation
from repliek.history import Exchange
from repliek.records import write_jsonl
from repliek.suggester import Suggester
from repliek.tone.register import Register
from tests.fixture_bundle import MESSAGES

HISTORY = (
    Exchange(exchange_id="a", message=MESSAGES.suggested),
    Exchange(exchange_id="b", message=MESSAGES.three_questions),
    Exchange(exchange_id="c", message=MESSAGES.out_of_scope),
)
CONVERSATION = Conversation(MESSAGES.suggested, Channel.X, customer_name="Eric", register=Register.JE)


def test_every_message_is_asked_on_every_channel_in_both_registers(suggester: Suggester) -> None:
    found = look_over(HISTORY, suggester, lambda *_: None)
    assert found.asked == 3 * 10 * 2
    assert found.replies > 0
    assert found.silent["out_of_scope"] == 20
    assert found.parts["answer"] == found.parts["greeting"] == found.replies
    assert (sum(found.broken.values()), found.examples) == (0, ())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Je pakket is onderweg, Eric.", []),
        ("a" * 281, [Breach.LIMIT]),
        ("Uw pakket is onderweg.", [Breach.REGISTER]),
        ("Je pakket is bij u.", [Breach.REGISTER]),
        ("Je pakket is bij jan.jansen@example.org.", [Breach.PERSONAL_DATA, Breach.FACT]),
        ("Je pakket kost 12 euro.", [Breach.FACT]),
        ("Je pakket staat op pakket.example/volg.", [Breach.FACT]),
        ("Je pakket ligt in Assen.", [Breach.FACT]),
        ("Je pakket is onderweg. (1/2)", []),
    ],
)
def test_what_a_reply_must_not_do_is_seen(text: str, expected: list[Breach], suggester: Suggester) -> None:
    suggestion = replace(suggester.suggest(CONVERSATION).suggestions[0], text=text, posts=(text,))
    assert list(breaches(suggestion, CONVERSATION, suggester, "nl")) == expected


def test_the_command_prints_what_it_found(tiny_bundle: Path, tmp_path: Path) -> None:
    history = tmp_path / "history.jsonl"
    write_jsonl(history, Exchange, HISTORY)
    command = ["tone", "--bundle", str(tiny_bundle), "--history", str(history)]
    result = CliRunner().invoke(cli.app, [*command, "--json"])
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["asked"] == 60
    assert "broken: register" in CliRunner().invoke(cli.app, command).stdout


def test_what_the_tone_costs_is_timed_beside_the_encoder(tiny_bundle: Path, tmp_path: Path) -> None:
    history = tmp_path / "history.jsonl"
    write_jsonl(history, Exchange, HISTORY)
    command = ["tone-speed", "--bundle", str(tiny_bundle), "--history", str(history)]
    result = CliRunner().invoke(cli.app, [*command, "--json"])
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert found["messages"] == 2
    assert min(found["encoder_ms"], found["tone_ms"]) > 0
    assert "2 suggestions: encoder" in CliRunner().invoke(cli.app, command).stdout
