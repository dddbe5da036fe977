"""Public data sets as history: each read as it is published, one exchange for each message."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

from repliek.conversation import Channel, Speaker
from repliek.errors import DataError
from repliek.history import OUT_OF_SCOPE, ContextTurn, Exchange

CONTEXT_TURNS = 4
"""Earlier turns that are kept with a message."""

TELLING_WORDS = 5
"""Words on both sides from which a pair of message and reply says something by itself."""


class PublicSet(StrEnum):
    """The public sets that can be converted."""

    WMT24CHAT = "wmt24chat"
    BANKING77 = "banking77"
    CLINC150 = "clinc150"
    HINT3 = "hint3"
    POLICYQA = "policyqa"


class Split(StrEnum):
    """The parts of `clinc150`, which lie in one file."""

    TRAIN = "train"
    VAL = "val"
    TEST = "test"
    OOS_TRAIN = "oos_train"
    OOS_VAL = "oos_val"
    OOS_TEST = "oos_test"


ALL_SPLITS = tuple(Split)


def convert(name: PublicSet, path: Path, splits: Sequence[Split] = ALL_SPLITS) -> list[Exchange]:
    """Read a file of a public set.

    Args:
        name: which set it is.
        path: the file, as published.
        splits: the parts that are wanted of `clinc150`; the other sets have a file for each.

    Raises:
        DataError: the file is missing, or is not of that set.
    """
    if not path.is_file():
        raise DataError(f"{path}: no such file; expected one of {name} as published, see docs/public-data.md")
    try:
        exchanges = _clinc150(path, splits) if name is PublicSet.CLINC150 else _READERS[name](path)
    except (KeyError, TypeError, ValueError) as error:  # not the columns or the structure of that set
        raise DataError(f"{path}: not a file of {name} as published ({type(error).__name__}: {error})") from None
    if not exchanges:
        raise DataError(f"{path}: no exchanges found; expected a file of {name} as published")
    return exchanges


def telling(exchange: Exchange) -> bool:
    """Whether message and reply have `TELLING_WORDS` words or more."""
    sides = (exchange.message, exchange.reply or "")
    return all(len(side.split()) >= TELLING_WORDS for side in sides)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a chat, in the language of its writer's side that is Dutch."""

    speaker: Speaker
    text: str


# The bot opens in the customer's name: it thanks, says its own name and asks for the customer's.
_BOT_ANYWHERE = re.compile(
    r"^Bedankt dat je contact hebt opgenomen met .*Help|Wat is jouw voornaam, als ik het vragen mag\?$"
)
_BOT_NAME = re.compile(r"^Ik heet [\w.-]+\.$")
_OPENING_LINES = 3


def _wmt24chat(path: Path) -> list[Exchange]:
    """The customer's words are Dutch in `source`; the agent wrote English, its Dutch is in `reference`."""
    documents: dict[str, list[Mapping[str, str]]] = {}
    for row in _table(path):
        documents.setdefault(row["doc_id"], []).append(row)
    return [
        exchange
        for name, rows in documents.items()
        for exchange in _exchanges(name, _turns([_dutch(row) for row in rows]))
    ]


def _dutch(row: Mapping[str, str]) -> _Line:
    speaker = Speaker(row["sender"])
    column = "source" if speaker is Speaker.CUSTOMER else "reference"
    language = row[f"{'source' if speaker is Speaker.CUSTOMER else 'target'}_language"]
    if language != "nl":
        raise ValueError(f"{column} of a {speaker} is in {language}; expected nl")
    return _Line(speaker, " ".join(row[column].split()))


def _turns(lines: Sequence[_Line]) -> list[ContextTurn]:
    """Join the consecutive lines of a speaker, without the bot's."""
    said = [line for place, line in enumerate(lines) if line.text and not _from_bot(line, place)]
    return [
        ContextTurn(speaker=speaker, text=" ".join(line.text for line in run))
        for speaker, run in groupby(said, key=lambda line: line.speaker)
    ]


def _from_bot(line: _Line, place: int) -> bool:
    if line.speaker is not Speaker.CUSTOMER:
        return False
    return bool(_BOT_ANYWHERE.search(line.text)) or (place < _OPENING_LINES and bool(_BOT_NAME.match(line.text)))


def _exchanges(conversation: str, turns: Sequence[ContextTurn]) -> Iterator[Exchange]:
    """Yield each turn of the customer that an agent's turn follows, with the turns before it."""
    for place, (turn, after) in enumerate(pairwise(turns)):
        if turn.speaker is Speaker.CUSTOMER:
            yield Exchange(
                exchange_id=f"{conversation}-{place}",
                message=turn.text,
                reply=after.text,
                conversation_id=conversation,
                context=tuple(turns[max(0, place - CONTEXT_TURNS) : place]),
                channel=Channel.CHAT,
                language="nl",
            )


def _banking77(path: Path) -> list[Exchange]:
    return [
        Exchange(
            exchange_id=f"banking77-{path.stem}-{place}", message=row["text"], intent=row["category"], language="en"
        )
        for place, row in enumerate(_table(path), start=1)
    ]


def _hint3(path: Path) -> list[Exchange]:
    return [
        Exchange(
            exchange_id=f"hint3-{path.stem}-{place}",
            message=row["sentence"],
            intent=OUT_OF_SCOPE if row["label"] == "NO_NODES_DETECTED" else row["label"],
            channel=Channel.CHAT,
            language="en",
        )
        for place, row in enumerate(_table(path), start=1)
    ]


def _clinc150(path: Path, splits: Sequence[Split]) -> list[Exchange]:
    contents = _json(path)
    return [
        Exchange(
            exchange_id=f"clinc150-{split}-{place}",
            message=message,
            intent=OUT_OF_SCOPE if intent == "oos" else intent,
            language="en",
        )
        for split in splits
        for place, (message, intent) in enumerate(contents[split], start=1)
    ]


def _policyqa(path: Path) -> list[Exchange]:
    """A SQuAD file, of which the whole `context` is the government's answer."""
    return [
        Exchange(exchange_id=question["id"], message=question["question"], reply=paragraph["context"], language="nl")
        for document in _json(path)["data"]
        for paragraph in document["paragraphs"]
        for question in paragraph["qas"]
    ]


_READERS: Mapping[PublicSet, Callable[[Path], list[Exchange]]] = {
    PublicSet.WMT24CHAT: _wmt24chat,
    PublicSet.BANKING77: _banking77,
    PublicSet.HINT3: _hint3,
    PublicSet.POLICYQA: _policyqa,
}


def _table(path: Path) -> Iterator[Mapping[str, str]]:
    with path.open(encoding="utf-8", newline="") as opened:
        yield from csv.DictReader(opened)


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))
