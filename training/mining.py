"""Answers out of replies: what agents kept saying becomes an answer, to be reviewed."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from repliek.encoder import Encoder, FloatArray
from repliek.history import Exchange
from repliek.knowledge import Answer, Origin, Status
from repliek.language import LanguageDetector
from repliek.retrieval import IntArray, VectorIndex
from repliek.space import unit
from repliek.tone.register import Register, detect_register

SAME = 0.90
"""Cosine, around the mean reply, from which two replies are the same answer in other words."""

MIN_REPLIES = 2
"""Said once is an incident, said twice is an answer."""

MIN_WORDS = 4
"""Shorter replies ("graag gedaan") answer nothing."""

NEIGHBOURS = 20

_GREETING = re.compile(
    r"""^\s*(?:
        (?:hoi|hallo|hey|hi|hello|dag|beste|geachte|dear|goede(?:morgen|middag|navond|ndag)
            |good\ (?:morning|afternoon|evening))
        \b[^.,!?\n]{0,40}[.,!?\n]+\s*
    )+""",
    re.IGNORECASE | re.VERBOSE,
)
_CLOSING = re.compile(
    r"""(?:
        \s*\^[A-Z]{1,3}
        | \s*\b(?:met\ vriendelijke\ groet(?:en)?|vriendelijke\ groet(?:en)?|groet(?:jes|en)?|mvg
            |kind\ regards|best\ regards|regards|cheers)\b[\s\S]{0,60}
    )\s*$""",
    re.IGNORECASE | re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Mined:
    """Answers that were mined, and the history that names them.

    Attributes:
        answers: most frequent first, status unreviewed.
        counts: how many replies say each.
        history: the exchanges, with `answer_id` where their reply is one of the answers.
    """

    answers: tuple[Answer, ...]
    counts: tuple[int, ...]
    history: tuple[Exchange, ...]


def strip_reply(reply: str) -> str:
    """Return what a reply says, without greeting, closing and signature."""
    return _CLOSING.sub("", _GREETING.sub("", reply.strip())).strip()


def mine(history: Sequence[Exchange], encoder: Encoder, language: str) -> Mined:
    """Group near-same replies into answers.

    Replies are near-same when they are neighbours at a cosine of `SAME` or more, or linked by a
    chain of such neighbours. The reply that is nearest to its group's middle becomes the answer's text.

    Args:
        history: exchanges; those without a reply are left as they are.
        encoder: makes the passage vectors.
        language: of replies whose own language is unclear.
    """
    said = [(row, strip_reply(exchange.reply)) for row, exchange in enumerate(history) if exchange.reply]
    said = [(row, text) for row, text in said if len(text.split()) >= MIN_WORDS]
    if not said:
        return Mined((), (), tuple(history))
    texts = list(dict.fromkeys(text for _, text in said))
    vectors = encoder.encode_passages(texts)
    vectors = unit(vectors - vectors.mean(axis=0))
    group_of_text = dict(zip(texts, _groups(vectors).tolist(), strict=True))
    members: defaultdict[int, list[int]] = defaultdict(list)
    for row, text in said:
        members[group_of_text[text]].append(row)
    groups = sorted(
        (rows for rows in members.values() if len(rows) >= MIN_REPLIES), key=lambda rows: (-len(rows), rows[0])
    )
    stripped = dict(said)
    position = {text: number for number, text in enumerate(texts)}
    languages = LanguageDetector.among(("nl", "en", "de", "fr"), default=language)
    answers: list[Answer] = []
    labelled = list(history)
    for number, rows in enumerate(groups, start=1):
        text = _most_typical([stripped[row] for row in rows], vectors, position)
        answer_id = f"mined-{number:04d}"
        answers.append(_answer(answer_id, text, languages.detect(text), [history[row].intent for row in rows]))
        for row in rows:
            labelled[row] = replace(history[row], answer_id=answer_id)
    return Mined(tuple(answers), tuple(len(rows) for rows in groups), tuple(labelled))


def _groups(vectors: FloatArray) -> IntArray:
    """Return (n,) the group of each row of (n, d) unit vectors."""
    found = VectorIndex.build(vectors).search(vectors, NEIGHBOURS)
    rows, ranks = np.nonzero(found.similarities >= SAME)
    links = coo_matrix((np.ones(len(rows)), (rows, found.rows[rows, ranks])), shape=(len(vectors), len(vectors)))
    return connected_components(links, directed=False)[1]


def _most_typical(texts: Sequence[str], vectors: FloatArray, position: dict[str, int]) -> str:
    rows = [position[text] for text in texts]
    middle = vectors[rows].mean(axis=0)
    return texts[int(np.argmax(vectors[rows] @ middle))]


def _answer(answer_id: str, text: str, language: str, intents: Sequence[str | None]) -> Answer:
    known = [intent for intent in intents if intent]
    return Answer(
        answer_id=answer_id,
        text=text,
        language=language,
        intent=max(sorted(set(known)), key=known.count) if known else None,
        register=detect_register(text) or Register.NEUTRAL,
        origin=Origin.MINED,
        status=Status.UNREVIEWED,
    )
