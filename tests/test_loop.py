"""The whole loop on the bundled corpus: train, measure on what was held out, suggest. Takes some two minutes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from repliek.conversation import Channel, Conversation
from repliek.decision import Reason
from repliek.knowledge import Audience
from repliek.suggester import Suggester
from repliek.suggestions import SuggestionSet
from repliek.tone.register import Register

ROOT = Path(__file__).parents[1]
CORPUS, HELD_OUT = ROOT / "datasets" / "wadlijn", ROOT / "datasets" / "wadlijn-heldout"

PUBLIC = [channel for channel in Channel if channel.public]

PUK = (
    "Kunt u mij vertellen waar ik de pukcode van mijn simkaart vind? Ik heb drie keer een verkeerde pincode ingetoetst."
)
ENGLISH = "Could you tell me where I can find my PUK code? I entered the wrong PIN three times."
CANCEL = "Graag zou ik mijn abonnement opzeggen. Kunt u mij zeggen wat de opzegtermijn is?"
STOLEN = "Mijn toestel is gestolen, kunnen jullie de simkaart blokkeren?"
INVOICE = "Waarom is mijn factuur deze maand 30 euro hoger dan normaal?"


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundle that the corpus makes; trained once."""
    folder = tmp_path_factory.mktemp("loop") / "bundle"
    files = ("--history", CORPUS / "history.jsonl", "--answers", CORPUS / "answers.jsonl")
    _run("training", "fit", *files, "--brand", CORPUS / "brand.toml", "--out", folder, "--strict")
    return folder


@pytest.fixture(scope="module")
def figures(bundle: Path) -> Mapping[str, Any]:
    """What the bundle reaches on the held-out messages."""
    given = ("--bundle", bundle, "--history", HELD_OUT / "history.jsonl", "--out", bundle.parent / "score")
    return json.loads(_run("evaluation", "score", *given, "--strict"))


@pytest.fixture(scope="module")
def trained(bundle: Path) -> Suggester:
    return Suggester.from_bundle(bundle)


def _run(package: str, *arguments: object) -> str:
    """Run one of the packages as a program and return what it prints for machines."""
    # Several threads of linear algebra wait for each other when something else runs on the machine.
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-m", package, *map(str, arguments), "--no-mlflow", "--json"]
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr[-2_000:]
    return ended.stdout


class TestFigures:
    def test_the_right_answer_stands_among_the_first_three(self, figures: Mapping[str, Any]) -> None:
        assert figures["answers"]["recall_at_3"] >= 0.85

    def test_intents_are_recognised(self, figures: Mapping[str, Any]) -> None:
        assert figures["intents"]["accuracy"] >= 0.85

    def test_probabilities_mean_what_they_say(self, figures: Mapping[str, Any]) -> None:
        assert figures["intents"]["ece"] <= 0.06

    def test_no_personal_data_is_left(self, figures: Mapping[str, Any]) -> None:
        assert figures["privacy"]["leaks"] == 0

    def test_every_line_was_scored(self, figures: Mapping[str, Any]) -> None:
        lines = (HELD_OUT / "history.jsonl").read_text(encoding="utf-8").splitlines()
        assert figures["n"] == len(lines)


class TestSuggestions:
    def test_u_is_answered_in_u(self, trained: Suggester) -> None:
        (suggestion,) = suggested(trained, PUK, Channel.CHAT).suggestions
        assert suggestion.register is Register.U
        assert trained.bundle.knowledge[suggestion.answer_id].intent == "puk_code"
        assert " je " not in suggestion.text

    def test_english_is_answered_in_english(self, trained: Suggester) -> None:
        found = suggested(trained, ENGLISH, Channel.WHATSAPP)
        (suggestion,) = found.suggestions
        answer = trained.bundle.knowledge[suggestion.answer_id]
        assert (found.language, answer.language, answer.intent) == ("en", "en", "puk_code")

    @pytest.mark.parametrize("channel", PUBLIC)
    def test_in_public_nothing_private_is_said(self, channel: Channel, trained: Suggester) -> None:
        knowledge = trained.bundle.knowledge
        in_private = suggested(trained, CANCEL, Channel.EMAIL)
        assert knowledge[in_private.suggestions[0].answer_id].audience is Audience.PRIVATE
        for message in (CANCEL, STOLEN, INVOICE, PUK):
            found = trained.suggest(Conversation(message, channel), 10)
            audiences = {knowledge[suggestion.answer_id].audience for suggestion in found.suggestions}
            assert Audience.PRIVATE not in audiences

    @pytest.mark.parametrize("message", [PUK, ENGLISH, STOLEN])
    def test_on_x_it_fits(self, message: str, trained: Suggester) -> None:
        conversation = Conversation(message, Channel.X, customer_name="Annemarie", agent_initials="EK")
        found = trained.suggest(conversation, 10)
        assert found.suggestions
        for suggestion in found.suggestions:
            assert suggestion.length.limit == 280
            assert suggestion.length.used <= 280
            assert suggestion.text.endswith("^EK")

    @pytest.mark.parametrize("message", ["?!", "😀😀😀"])
    def test_a_message_without_words_is_asked_what_it_means_at_most(self, message: str, trained: Suggester) -> None:
        knowledge = trained.bundle.knowledge
        found = trained.suggest(Conversation(message, Channel.X), 1)
        topics = [knowledge.topic_of(suggestion.answer_id) for suggestion in found.suggestions]
        assert topics in ([], ["greeting-ask"])

    @pytest.mark.parametrize("message", ["asdf qwer zxcv poiu lkjh", "blorf wibble snarg", "12345 67890"])
    def test_gibberish_is_not_answered(self, message: str, trained: Suggester) -> None:
        found = trained.suggest(Conversation(message, Channel.X))
        assert found.suggestions == ()
        assert found.abstained is not None
        assert found.abstained.reason in {Reason.OUT_OF_SCOPE, Reason.LOW_CONFIDENCE}


def suggested(suggester: Suggester, message: str, channel: Channel) -> SuggestionSet:
    """Return the best suggestion for a message that must have one."""
    found = suggester.suggest(Conversation(message, channel), 1)
    assert found.abstained is None
    return found
