"""`python -m repliek`: the engine in a terminal."""

from __future__ import annotations

import dataclasses
import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from repliek.conversation import Channel
from repliek.terminal import run
from repliek.tone.register import Register

app = typer.Typer(
    help="Suggest an answer, keep texts to one register, or take personal data out of them.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.command()
def suggest(
    message: Annotated[str, typer.Argument(help="The customer's words.")],
    bundle: Annotated[Path, typer.Option(help="The bundle's folder.")] = Path("bundle"),
    channel: Annotated[Channel, typer.Option(help="Where they were written.")] = Channel.CHAT,
    name: Annotated[str | None, typer.Option(help="The customer's first name.")] = None,
    initials: Annotated[str | None, typer.Option(help="Who signs.")] = None,
    register: Annotated[Register | None, typer.Option(help="je or u; the brand decides without it.")] = None,
    k: Annotated[int, typer.Option("-k", min=1, max=10, help="How many suggestions at most.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
) -> None:
    """Print what the engine suggests for one message, or why it keeps silent."""
    from repliek.conversation import Conversation
    from repliek.suggester import Suggester

    conversation = Conversation(message, channel, customer_name=name, agent_initials=initials, register=register)
    found = Suggester.from_bundle(bundle).suggest(conversation, k)
    if as_json:
        typer.echo(json.dumps(dataclasses.asdict(found), ensure_ascii=False, indent=2, default=str))
        return
    if found.escalation:
        typer.echo(f"Escalate: {found.escalation.detail}")
    if found.hand_over:
        referral = found.hand_over
        team = f", {referral.team}" if referral.team else ""
        address = f" ({referral.address})" if referral.address else ""
        typer.echo(f"Hand over by {referral.route}{address}{team}: {', '.join(referral.reasons)}")
        typer.echo(f"{referral.opening}\n")
    if found.abstained:
        typer.echo(f"Silent ({found.abstained.reason}): {found.abstained.detail}")
    for suggestion in found.suggestions:
        typer.echo(f"{suggestion.text}\n")
        typer.echo(f"  {suggestion.answer_id}, confidence {suggestion.confidence:.2f}\n", err=True)
    for warning in found.warnings:
        typer.echo(f"  note: {warning}", err=True)


@app.command()
def redact(
    as_json: Annotated[
        bool, typer.Option("--json", help="Print where personal data stands instead: kind, start and end, in JSON.")
    ] = False,
) -> None:
    """Read lines from stdin and print them with placeholders for personal data, one line for each."""
    from repliek.privacy import find
    from repliek.privacy import redact as redact_text

    for line in sys.stdin:
        text = line.rstrip("\n")
        # The words themselves are left out: what is printed here may end in a log.
        typer.echo(json.dumps([dataclasses.asdict(span) for span in find(text)]) if as_json else redact_text(text))


class _Chosen(StrEnum):
    """The registers that a text can be put in."""

    JE = Register.JE
    U = Register.U


_ChosenRegister = Annotated[_Chosen, typer.Option("--register", help="The register that the lines should have.")]
_Language = Annotated[str, typer.Option(help="Language of the lines; one without two registers passes untouched.")]


@app.command()
def rewrite(register: _ChosenRegister, language: _Language = "nl") -> None:
    """Read lines from stdin and print them in another register, one line for each; doubts go to stderr."""
    from repliek.tone.rewriting import rewrite as rewrite_text

    for number, line in enumerate(sys.stdin, 1):
        rewritten = rewrite_text(line.rstrip("\n"), Register(register), language)
        typer.echo(rewritten.text)
        for doubt in rewritten.doubts:
            typer.echo(f"line {number}: look again at {doubt}", err=True)


@app.command()
def lint(
    register: _ChosenRegister,
    language: _Language = "nl",
    rules: Annotated[
        bool, typer.Option("--rules", help="Print what the rules for a text find too, and how human each line sounds.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object for each breach or finding.")] = False,
) -> None:
    """Read lines from stdin and print every sentence in the wrong register; exit code 1 when there is one.

    With `--rules`, an error that the rules find ends with exit code 1 too; a warning does not.
    """
    from repliek.tone.rewriting import breaches

    wrong = 0
    for number, line in enumerate(sys.stdin, 1):
        text = line.rstrip("\n")
        for breach in breaches(text, Register(register), language):
            wrong += 1
            if as_json:
                typer.echo(json.dumps({"line": number, **dataclasses.asdict(breach)}, ensure_ascii=False))
            else:
                typer.echo(f"{number}: {', '.join(breach.words)}: {breach.sentence}")
        if rules and text.strip():
            wrong += _lint_by_rules(number, text, Register(register), language, as_json=as_json)
    if wrong:
        raise typer.Exit(1)


def _lint_by_rules(number: int, text: str, register: Register, language: str, *, as_json: bool) -> int:
    """Print what the rules find in line `number`, and how human it sounds; return the number of errors."""
    from repliek.tone.rules import TEXT_RULES, Draft, Linter, Severity
    from repliek.tone.voice import human_voice

    findings = Linter(TEXT_RULES).lint(Draft.of_text(text, language, register))
    voice = human_voice(text, language)
    if as_json:
        for finding in findings:
            typer.echo(json.dumps({"line": number, **dataclasses.asdict(finding)}, ensure_ascii=False))
        typer.echo(json.dumps({"line": number, "voice": voice.score, "reasons": voice.reasons}, ensure_ascii=False))
    else:
        for finding in findings:
            typer.echo(f"{number}: {finding.severity}: {finding.rule}: {finding.detail}")
        typer.echo(f"{number}: {'; '.join([f'voice {voice.score:.2f}', *voice.reasons])}")
    return sum(finding.severity is Severity.ERROR for finding in findings)


if __name__ == "__main__":
    run(app, "python -m repliek")
