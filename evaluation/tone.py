"""Whether replies keep to what they must: every message on every channel in both registers, looked over anew.

The engine has rules of its own and shows nothing that breaks them. What is checked here is worked out another way, and
more plainly, so that a hole in a rule is seen; it may call a reply wrong that a reader would let pass.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from itertools import product
from pathlib import Path
from typing import Annotated

import typer

from evaluation.observations import Progress
from evaluation.options import AsJson, Columns
from repliek.conversation import MAX_MESSAGE_CHARS, Channel, Conversation
from repliek.history import Exchange
from repliek.privacy import find
from repliek.records import read_records
from repliek.suggester import Suggester
from repliek.suggestions import Suggestion
from repliek.terminal import renaming
from repliek.tone.channels import measure
from repliek.tone.register import Register, Usage, detect_usage

REGISTERS = (Register.JE, Register.U)
CUSTOMER, INITIALS = "Eric", "EK"
NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)

_NUMBER = re.compile(r"\d+")
_LINK = re.compile(r"[\w@.-]+\.[a-z]{2,}(?:/\S*\w)?", re.IGNORECASE)
_NAME = re.compile(r"(?<=[a-z,] )[A-ZÀ-Þ][\w-]+")
_POST_NUMBER = re.compile(r"\(\d/\d\)")


class Breach(StrEnum):
    """What a reply must not do; the value travels in JSON."""

    LIMIT = "limit"
    REGISTER = "register"
    PERSONAL_DATA = "personal_data"
    FACT = "fact"


@dataclass(frozen=True, slots=True)
class Broken:
    """A reply that does what it must not."""

    exchange_id: str
    channel: Channel
    register: Register
    answer_id: str
    breach: Breach


@dataclass(frozen=True, slots=True)
class ToneFigures:
    """What was found.

    Attributes:
        asked: messages, each on each channel in each register.
        replies: that were shown.
        silent: why there was none, and how often.
        parts: how many replies hold which part.
        broken: how many replies do what they must not.
        examples: some of them.
    """

    asked: int
    replies: int
    silent: dict[str, int]
    parts: dict[str, int]
    broken: dict[str, int]
    examples: tuple[Broken, ...]


def tone(
    bundle: Annotated[Path, typer.Option(help="The bundle's folder.")],
    history: Annotated[Path, typer.Option(help="Messages to answer: .jsonl, .csv or .parquet.")],
    columns: Columns = "",
    as_json: AsJson = False,
) -> None:
    """Look over the replies to every message, on every channel, in je and u; exit code 1 when one breaks a rule."""
    from rich.console import Console

    from evaluation.progress import shown_progress

    exchanges = read_records(history, Exchange, rename=renaming(columns), unique="exchange_id").records
    with shown_progress() as progress:
        figures = look_over(exchanges, Suggester.from_bundle(bundle, threads=0), progress)
    if as_json:
        typer.echo(json.dumps(asdict(figures), indent=2))
    else:
        Console().print(tone_table(figures))
    if figures.examples:
        raise typer.Exit(1)


def look_over(exchanges: Sequence[Exchange], suggester: Suggester, progress: Progress) -> ToneFigures:
    """Ask each message on each channel in each register, and look at each reply."""
    silent: Counter[str] = Counter()
    parts: Counter[str] = Counter()
    replies = 0
    broken: list[Broken] = []
    for done, exchange in enumerate(exchanges):
        progress("Looking over", done, len(exchanges))
        asked = [asked_on(exchange, *where) for where in product(Channel, REGISTERS)]
        for conversation, found in zip(asked, suggester.suggest_many(asked), strict=True):
            if found.abstained:
                silent[found.abstained.reason] += 1
            for suggestion in found.suggestions:
                replies += 1
                parts.update({segment.part for segment in suggestion.parts})
                broken += [
                    Broken(
                        exchange.exchange_id, conversation.channel, _register(conversation), suggestion.answer_id, one
                    )
                    for one in breaches(suggestion, conversation, suggester, found.language)
                ]
    progress("Looking over", len(exchanges), len(exchanges))
    return ToneFigures(
        asked=len(exchanges) * len(Channel) * len(REGISTERS),
        replies=replies,
        silent=dict(silent),
        parts=dict(parts),
        broken={breach: sum(one.breach is breach for one in broken) for breach in Breach},
        examples=tuple(broken[:20]),
    )


def breaches(
    suggestion: Suggestion, conversation: Conversation, suggester: Suggester, language: str
) -> Iterator[Breach]:
    """Yield what a reply does that it must not."""
    if not all(measure(post, conversation.channel).fits for post in suggestion.posts):
        yield Breach.LIMIT
    usage = detect_usage(suggestion.text)
    if language == "nl" and usage not in {Usage.NONE, Usage(_register(conversation))}:
        yield Breach.REGISTER
    own = _own(suggestion, suggester)
    if conversation.channel.public and any(
        suggestion.text[span.start : span.end] not in own for span in find(suggestion.text)
    ):
        yield Breach.PERSONAL_DATA
    if not _facts(_POST_NUMBER.sub("", suggestion.text)) <= _facts(f"{own} {_said(conversation)}"):
        yield Breach.FACT


def tone_table(figures: ToneFigures) -> object:
    """Return the figures as a table for the terminal."""
    from rich.table import Table

    table = Table(title=f"{figures.asked:,} conversations, {figures.replies:,} replies")
    table.add_column("what")
    table.add_column("how often", justify="right")
    for name, counts in (("broken", figures.broken), ("silent", figures.silent), ("with", figures.parts)):
        for key, count in sorted(counts.items(), key=lambda item: -item[1]):
            table.add_row(f"{name}: {key.replace('_', ' ')}", f"{count:,}")
        table.add_section()
    table.caption = "\n".join(
        f"{one.exchange_id}, {one.channel}, {one.register}, {one.answer_id}: {one.breach}" for one in figures.examples
    )
    return table


def asked_on(exchange: Exchange, channel: Channel, register: Register | None = None) -> Conversation:
    """Return the message of an exchange as if it had come in on `channel`, and is answered at once."""
    moment = exchange.asked_at or NOW
    return Conversation(
        exchange.message[:MAX_MESSAGE_CHARS],
        channel,
        exchange.turns,
        customer_name=CUSTOMER,
        agent_initials=INITIALS,
        register=register,
        received_at=moment,
        replying_at=moment,
    )


def _register(conversation: Conversation) -> Register:
    return conversation.register or Register.NEUTRAL


def _own(suggestion: Suggestion, suggester: Suggester) -> str:
    """Return what the brand may say here: its answers in every wording, its addresses, who writes to whom."""
    knowledge, brand = suggester.bundle.knowledge, suggester.brand
    answers = (
        variant.text for answer_id in suggestion.answer_ids for variant in knowledge.topics[knowledge[answer_id].topic]
    )
    return " ".join((*answers, *brand.facts.values(), brand.name, CUSTOMER, INITIALS))


def _said(conversation: Conversation) -> str:
    return " ".join((conversation.message, *(turn.text for turn in conversation.turns)))


def _facts(text: str) -> frozenset[str]:
    """Return the numbers, links and names in `text`."""
    found = (*_NUMBER.findall(text), *_LINK.findall(text), *_NAME.findall(text))
    return frozenset(fact.lower() for fact in found)
