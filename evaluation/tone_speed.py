"""What the tone of a suggestion costs, beside the encoder that read its message: both in turn, message by message."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from evaluation.observations import Progress
from evaluation.options import AsJson, Columns
from evaluation.tone import asked_on
from repliek.conversation import Channel, Conversation
from repliek.errors import DataError
from repliek.history import Exchange
from repliek.privacy.exposure import exposed
from repliek.records import read_records
from repliek.suggester import Suggester
from repliek.suggestions import SuggestionSet
from repliek.terminal import renaming
from repliek.tone.compose import Composer
from repliek.tone.emotion import UNREAD, EmotionReading
from repliek.tone.scene import Scene, speaks_to
from repliek.variants import Occasion
from repliek.writing import Writer

TARGET_MS = 1.0
"""What the tone may add to a suggestion, median."""

MESSAGES = 300
Result = TypeVar("Result")
_AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class ToneSpeed:
    """Medians over messages that got a suggestion, in milliseconds, one message at a time.

    Attributes:
        messages: how many.
        encoder_ms: of the encoder, for the message.
        emotion_ms: of reading emotion and sarcasm, from the vectors that the encoder gave.
        tone_ms: of that, and of reading mentions and exposed data, composing the first suggestion and looking it over.
        tone_p95_ms: below which 95 in 100 of these stay.
        target_ms: what the median may be at most.
    """

    messages: int
    encoder_ms: float
    emotion_ms: float
    tone_ms: float
    tone_p95_ms: float
    target_ms: float = TARGET_MS


def tone_speed(
    bundle: Annotated[Path, typer.Option(help="The bundle's folder.")],
    history: Annotated[Path, typer.Option(help="Messages to answer: .jsonl, .csv or .parquet.")],
    messages: Annotated[int, typer.Option(min=10, help="How many of them at most.")] = MESSAGES,
    columns: Columns = "",
    as_json: AsJson = False,
) -> None:
    """Measure what the tone adds to a suggestion, beside the encoder in the same run."""
    from evaluation.progress import shown_progress

    exchanges = read_records(history, Exchange, rename=renaming(columns), unique="exchange_id").records
    step = max(1, len(exchanges) // messages)
    with shown_progress() as progress:
        found = measure_tone(exchanges[::step][:messages], Suggester.from_bundle(bundle), progress)
    if found is None:
        raise DataError(f"{history}: no message gets a suggestion; expected messages that this bundle can answer")
    if as_json:
        typer.echo(json.dumps(asdict(found)))
        return
    verdict = "reached" if found.tone_ms <= found.target_ms else "missed"
    typer.echo(
        f"{found.messages:,} suggestions: encoder {found.encoder_ms:.2f} ms, tone {found.tone_ms:.2f} ms, "
        f"{found.emotion_ms:.2f} ms of it for the emotion "
        f"(95 in 100 below {found.tone_p95_ms:.2f}); at most {found.target_ms:.1f} ms is wanted: {verdict}"
    )


def measure_tone(exchanges: Sequence[Exchange], suggester: Suggester, progress: Progress) -> ToneSpeed | None:
    """Time encoder and tone in turn for each message that gets a suggestion; `None` where none does."""
    times: list[_Times] = []
    writer = Writer(Composer(suggester.brand, suggester.bundle.phrases))
    for start in range(0, len(exchanges), _AT_ONCE):
        progress("Timing", start, len(exchanges))
        part = exchanges[start : start + _AT_ONCE]
        asked = [asked_on(exchange, exchange.channel or Channel.CHAT) for exchange in part]
        found = suggester.suggest_many(asked, 1)
        times += _timed([pair for pair in zip(asked, found, strict=True) if pair[1].suggestions], suggester, writer)
    progress("Timing", len(exchanges), len(exchanges))
    if not times:
        return None
    tone = [one.emotion_ms + one.reply_ms for one in times]
    return ToneSpeed(
        messages=len(times),
        encoder_ms=round(statistics.median(one.encoder_ms for one in times), 3),
        emotion_ms=round(statistics.median(one.emotion_ms for one in times), 3),
        tone_ms=round(statistics.median(tone), 3),
        tone_p95_ms=round(statistics.quantiles(tone, n=20, method="inclusive")[-1], 3),
    )


@dataclass(frozen=True, slots=True)
class _Times:
    """Milliseconds for one message."""

    encoder_ms: float
    emotion_ms: float
    reply_ms: float


def _timed(
    answered: Sequence[tuple[Conversation, SuggestionSet]], suggester: Suggester, writer: Writer
) -> Iterator[_Times]:
    bundle = suggester.bundle
    for conversation, found in answered:
        encoder_ms, vectors = _milliseconds(partial(bundle.encoder.encode_queries, [conversation.query]))
        emotion_ms, readings = _milliseconds(
            partial(bundle.emotions.read, [conversation.message], vectors) if bundle.emotions else lambda: (UNREAD,)
        )
        reply_ms, _ = _milliseconds(partial(_reply, conversation, found, readings[0], suggester, writer))
        yield _Times(encoder_ms, emotion_ms, reply_ms)


def _reply(
    conversation: Conversation, found: SuggestionSet, reading: EmotionReading, suggester: Suggester, writer: Writer
) -> None:
    """Do all that makes of an answer, once it is found, the text of the first suggestion."""
    knowledge, brand, suggestion = suggester.bundle.knowledge, suggester.brand, found.suggestions[0]
    scene = Scene.read(
        conversation,
        Occasion(found.language, suggestion.register, conversation.channel, found.due.first_reply.date()),
        brand,
        emotion=speaks_to(reading, humour=brand.humour),
        intent=found.intent.label if found.intent else None,
        exposed=bool(exposed(conversation, brand.published)),
    )
    writer.write(knowledge.topics[knowledge[suggestion.answer_id].topic], scene)


def _milliseconds(work: Callable[[], Result]) -> tuple[float, Result]:
    started = time.perf_counter()
    result = work()
    return 1e3 * (time.perf_counter() - started), result
