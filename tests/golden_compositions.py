"""Replies to messages of the bundled history, as they were read by eye: `tests/golden/compositions.jsonl`.

After a change of phrases, answers or rules, `python -m tests.golden_compositions` writes what replies read like now:
read the difference before it is committed. The labels of the history stand in for what the models would say.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from itertools import cycle
from pathlib import Path

from repliek.brand import Brand
from repliek.conversation import Channel, Conversation
from repliek.history import Exchange
from repliek.knowledge import KnowledgeBase
from repliek.privacy.exposure import exposed
from repliek.records import read_records
from repliek.tone.compose import Composer
from repliek.tone.emotion import Emotion, EmotionReading
from repliek.tone.lightness import GRAVE
from repliek.tone.phrases import DEFAULT_PHRASES, PhraseBank
from repliek.tone.register import Register
from repliek.tone.scene import Scene, speaks_to
from repliek.variants import Occasion
from repliek.writing import Writer

CORPUS = Path(__file__).parents[1] / "datasets" / "wadlijn"
FILE = Path(__file__).parent / "golden" / "compositions.jsonl"
OF_EACH = 40
"""Replies for each emotion."""

NAMES = ("Eric", None, "Fatima", "Joke", "mevr. de Vries", None, "sam")


@dataclass(frozen=True, slots=True)
class Golden:
    """One reply; `message` stands beside it for whoever reads it."""

    exchange_id: str
    channel: Channel
    register: Register
    name: str | None
    message: str
    text: str


class Corpus:
    """The bundled answers, phrases and history."""

    def __init__(self) -> None:
        self.brand = Brand.from_toml(CORPUS / "brand.toml")
        self.knowledge = KnowledgeBase.from_jsonl(CORPUS / "answers.jsonl")
        self.bank = PhraseBank.from_jsonl(CORPUS / "phrases.jsonl").completed_by(DEFAULT_PHRASES)
        self.writer = Writer(Composer(self.brand, self.bank))
        read = read_records(CORPUS / "history.jsonl", Exchange, unique="exchange_id").records
        self.history = {exchange.exchange_id: exchange for exchange in read}

    def reply(self, exchange: Exchange, channel: Channel, register: Register, name: str | None) -> str:
        """Return what would be suggested if the models said what the labels say."""
        conversation = Conversation(exchange.message, channel, exchange.turns, customer_name=name, agent_initials="EK")
        occasion = Occasion(exchange.language or "nl", register, channel, date(2026, 11, 20))
        humour = self.brand.humour and exchange.intent not in self.bank.faults
        scene = Scene.read(
            conversation,
            occasion,
            self.brand,
            emotion=speaks_to(EmotionReading(exchange.emotion or Emotion.NEUTRAL, 1.0, False), humour=humour),
            intent=exchange.intent,
            grave=exchange.emotion in GRAVE,
            exposed=bool(exposed(conversation, self.brand.published)),
        )
        topic = self.knowledge.topic_of(exchange.answer_id or "")
        assert topic is not None, exchange.exchange_id
        written = self.writer.write(self.knowledge.topics[topic], scene)
        return written if isinstance(written, str) else written.composed.text


def drawn(corpus: Corpus) -> Iterator[Golden]:
    """Yield as many of each emotion, over all channels, intents, registers and languages."""
    names, channels, registers = cycle(NAMES), cycle(Channel), cycle((Register.JE, Register.U, Register.JE))
    for emotion in Emotion:
        of_emotion = [one for one in corpus.history.values() if one.emotion is emotion and one.answer_id]
        for exchange in of_emotion[:: max(1, len(of_emotion) // OF_EACH)][:OF_EACH]:
            asked = next(channels), next(registers), next(names)
            text = corpus.reply(exchange, *asked)
            yield Golden(exchange.exchange_id, *asked, exchange.message, text)


def stored() -> list[Golden]:
    """Return the replies that were read."""
    lines = FILE.read_text(encoding="utf-8").splitlines()
    return [
        Golden(**line | {"channel": Channel(line["channel"]), "register": Register(line["register"])})
        for line in map(json.loads, lines)
    ]


if __name__ == "__main__":
    told = "".join(json.dumps(asdict(golden), ensure_ascii=False) + "\n" for golden in drawn(Corpus()))
    FILE.write_text(told, encoding="utf-8")
