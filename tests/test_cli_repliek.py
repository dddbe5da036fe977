from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from repliek.__main__ import app
from repliek.suggester import Suggester
from tests.command_line import Ended, command
from tests.fixture_bundle import MESSAGES

ROOT = Path(__file__).parents[1]


def suggest(bundle: Path, message: str, *more: object) -> Ended:
    return command(app, "suggest", message, "--bundle", bundle, *more)


class TestSuggest:
    def test_the_suggestion_stands_on_stdout_alone(self, tiny_bundle: Path) -> None:
        ended = suggest(tiny_bundle, MESSAGES.suggested, "--name", "Sam", "--initials", "EK")
        assert ended.code == 0
        assert ended.stdout.startswith("Hoi Sam,\nJe pakket is onderweg.")
        assert "delivery-je, confidence 1.00" in ended.stderr
        assert "confidence" not in ended.stdout

    def test_channel_and_register_are_kept_to(self, tiny_bundle: Path) -> None:
        assert "Uw pakket" in suggest(tiny_bundle, MESSAGES.suggested, "--channel", "email").stdout
        assert "Uw pakket" in suggest(tiny_bundle, MESSAGES.suggested, "--register", "u").stdout
        assert "privébericht" in suggest(tiny_bundle, MESSAGES.public_and_private, "--channel", "x").stdout

    @pytest.mark.parametrize("name", ["", "🙂", "<b>Eric</b>", "{first_name}", "محمد", "\u200b\u202e", "a\nb@c.nl"])
    def test_who_has_no_name_that_can_be_said_is_greeted_without(self, name: str, tiny_bundle: Path) -> None:
        ended = suggest(tiny_bundle, MESSAGES.suggested, "--name", name, "--initials", name)
        assert (ended.code, ended.stdout) == (
            0,
            "Hoi,\nJe pakket is onderweg. Je ontvangt het binnen twee werkdagen.\n\n",
        )

    def test_silence_is_no_failure_and_has_a_reason(self, tiny_bundle: Path) -> None:
        ended = suggest(tiny_bundle, MESSAGES.out_of_scope)
        assert ended.code == 0
        assert ended.stdout.startswith("Silent (out_of_scope): ")
        assert ended.stderr == ""

    def test_what_an_agent_should_look_at_is_noted(self, tiny_bundle: Path) -> None:
        ended = suggest(tiny_bundle, MESSAGES.unreviewed)
        assert "note: outage: nobody has reviewed this answer yet." in ended.stderr

    def test_who_must_decide_is_said_before_the_silence(self, tiny_bundle: Path) -> None:
        ended = suggest(tiny_bundle, "Mijn advocaat belt jullie", "--channel", "x")
        escalated, handed, *opening, silent = ended.stdout.strip().splitlines()
        assert escalated == "Escalate: The customer speaks of a lawyer or a court."
        assert handed == "Hand over by dm (dm.testlijn.example): legal_threat"
        assert "privébericht" in " ".join(opening)
        assert silent == "Silent (needs_human): A human must decide: legal_threat."
        found = json.loads(suggest(tiny_bundle, "Mijn advocaat belt jullie", "--json").stdout)
        assert found["hand_over"]["reasons"] == found["escalation"]["reasons"] == ["legal_threat"]
        assert found["priority"]["level"] == "high"

    def test_json_holds_everything_and_stands_on_stdout_alone(self, tiny_bundle: Path, suggester: Suggester) -> None:
        ended = suggest(tiny_bundle, MESSAGES.english, "--json", "-k", 2)
        found = json.loads(ended.stdout)
        assert ended.stderr == ""
        assert found["language"] == "en"
        assert found["bundle"] == suggester.bundle.manifest.bundle
        assert found["suggestions"][0]["answer_id"] == "delivery-en"
        assert found["suggestions"][0]["evidence"][0]["exchange_id"] == "past-04"
        assert found["abstained"] is None

    def test_letters_are_printed_as_they_are(self, tiny_bundle: Path) -> None:
        assert "privébericht" in suggest(tiny_bundle, MESSAGES.public_and_private, "--channel", "x", "--json").stdout

    @pytest.mark.parametrize("message", ["", "  \n", "x" * 20_001])
    def test_what_is_no_message_is_an_error_of_one_line(self, message: str, tiny_bundle: Path) -> None:
        ended = suggest(tiny_bundle, message)
        assert ended.code == 1
        assert ended.stdout == ""
        assert ended.stderr.startswith("error: message ")
        assert ended.stderr.count("\n") == 1

    def test_a_bundle_that_is_not_there(self, tmp_path: Path) -> None:
        ended = suggest(tmp_path / "none", "waar blijft mijn pakket")
        assert ended.code == 1
        assert "expected a bundle, made by `python -m training fit`" in ended.stderr
        assert "pakket" not in ended.stderr

    @pytest.mark.parametrize("wrong", [("--channel", "fax"), ("--register", "gij"), ("-k", "0"), ("-k", "11")])
    def test_wrong_use(self, wrong: tuple[str, str], tiny_bundle: Path) -> None:
        ended = suggest(tiny_bundle, MESSAGES.suggested, *wrong)
        assert ended.code == 2
        assert f"Invalid value for '{wrong[0]}'" in ended.said

    def test_a_message_is_needed(self) -> None:
        assert command(app, "suggest").code == 2


class TestRedact:
    def test_a_line_for_each_line(self) -> None:
        lines = ["bel 06-12345678", "", "niets bijzonders", "mail jan@voorbeeld.nl of anna@voorbeeld.nl ", "  "]
        ended = command(app, "redact", stdin="\n".join(lines) + "\n")
        assert (ended.code, ended.stderr) == (0, "")
        found = ended.stdout.split("\n")
        assert len(found) == len(lines) + 1
        assert found[1:3] + found[4:] == ["", "niets bijzonders", "  ", ""]
        assert found[0].startswith("bel ")
        assert "12345678" not in found[0]
        assert found[3].startswith("mail ")
        assert "@" not in found[3]

    def test_spans_hold_no_words(self) -> None:
        ended = command(app, "redact", "--json", stdin="bel 06-12345678\nniets\n")
        assert ended.code == 0
        spans = [json.loads(line) for line in ended.stdout.splitlines()]
        assert spans == [[{"kind": "PHONE", "start": 4, "end": 15}], []]

    def test_nothing_in_nothing_out(self) -> None:
        assert command(app, "redact", stdin="") == Ended(0, "", "")

    def test_a_last_line_without_an_end(self) -> None:
        assert command(app, "redact", stdin="een\ntwee 😀").stdout == "een\ntwee 😀\n"

    def test_as_a_program_in_a_pipe(self) -> None:
        ended = subprocess.run(
            [sys.executable, "-m", "repliek", "redact"],
            cwd=ROOT,
            input="mail jan@voorbeeld.nl\ncafé\n".encode(),
            capture_output=True,
            check=True,
        )
        first, second = ended.stdout.decode().splitlines()
        assert "@" not in first
        assert second == "café"


class TestRewrite:
    def test_a_line_for_each_line(self) -> None:
        ended = command(app, "rewrite", "--register", "u", stdin="Vind je dat?\n\nJe factuur\n")
        assert ended == Ended(0, "Vindt u dat?\n\nUw factuur\n", "")

    def test_doubts_stand_on_stderr_with_their_line(self) -> None:
        ended = command(app, "rewrite", "--register", "u", stdin="Hallo.\nKomen jullie mijn modem brengen?\n")
        assert ended.stdout == "Hallo.\nKomen jullie mijn modem brengen?\n"
        assert ended.stderr.startswith("line 2: look again at ")

    def test_english_passes_untouched(self) -> None:
        assert command(app, "rewrite", "--register", "je", "--language", "en", stdin="u know\n").stdout == "u know\n"

    @pytest.mark.parametrize("register", ["gij", "neutral"])
    def test_wrong_use(self, register: str) -> None:
        assert command(app, "rewrite", "--register", register).code == 2
        assert command(app, "lint", "--register", register).code == 2


class TestLint:
    def test_breaches_with_line_and_words(self) -> None:
        ended = command(app, "lint", "--register", "je", stdin="Hoi.\nHallo. Kunt u uw factuur sturen?\n")
        assert (ended.code, ended.stdout, ended.stderr) == (1, "2: u, uw: Kunt u uw factuur sturen?\n", "")

    def test_nothing_wrong(self) -> None:
        assert command(app, "lint", "--register", "je", stdin="Kun je bellen?\n") == Ended(0, "", "")

    def test_json_for_each_breach(self) -> None:
        ended = command(app, "lint", "--register", "u", "--json", stdin="Kun je bellen?\n")
        assert ended.code == 1
        assert json.loads(ended.stdout) == {"line": 1, "sentence": "Kun je bellen?", "words": ["je"]}

    def test_rules_report_findings_and_the_voice(self) -> None:
        ended = command(app, "lint", "--register", "u", "--rules", stdin="Kunt u bellen?\n\nFijn!! Ik hoor het wel.\n")
        assert ended.code == 0
        assert ended.stdout.splitlines() == [
            "1: voice 1.00",
            "3: warning: exclamations: 2 exclamation marks",
            "3: voice 0.85; 2 exclamation marks (-0.15)",
        ]

    def test_an_error_of_a_rule_fails(self) -> None:
        ended = command(app, "lint", "--register", "u", "--rules", stdin="Kunt u <b>bellen</b>?\n")
        assert ended.code == 1
        assert ended.stdout.splitlines()[0] == "1: error: markup: HTML at character 7"

    def test_rules_in_json(self) -> None:
        ended = command(app, "lint", "--register", "u", "--rules", "--json", stdin="Fijn dat je belt!!\n")
        assert ended.code == 1
        assert [json.loads(line) for line in ended.stdout.splitlines()] == [
            {"line": 1, "sentence": "Fijn dat je belt!!", "words": ["je"]},
            {"line": 1, "rule": "exclamations", "severity": "warning", "detail": "2 exclamation marks"},
            {"line": 1, "voice": 0.85, "reasons": ["2 exclamation marks (-0.15)"]},
        ]


@pytest.mark.parametrize("name", ["suggest", "redact", "rewrite", "lint"])
def test_help(name: str) -> None:
    ended = command(app, name, "--help")
    assert ended.code == 0
    assert "Usage: repliek" in ended.stdout
    if name == "redact":
        assert "--json" in ended.stdout
    if name in {"rewrite", "lint"}:
        assert "--register" in ended.stdout
        assert "--language" in ended.stdout
    if name == "lint":
        assert "--rules" in ended.stdout
    if name == "suggest":
        options = ("--bundle", "--channel", "--name", "--initials", "--register", "-k", "--json")
        assert all(option in ended.stdout for option in options)
