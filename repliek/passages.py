"""Passages of answers: what a message is compared with, because one vector for a long answer is a blur.

A sentence encoder reads the beginning of a long text, and makes one direction out of all the matters in it. So every
answer is encoded as a whole, and a long one by windows of sentences too, each under the name of the answer's intent:
"invoice too high: Een eerste factuur valt bijna altijd hoger uit."
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from repliek.encoder import Encoder, FloatArray
from repliek.errors import BundleError
from repliek.knowledge import Answer
from repliek.retrieval import BoolArray, GroupedVectors, IntArray
from repliek.space import CompoundEncoder

WINDOW = 250
"""Characters of a passage at most. Of 250, 400, 600 and 800, the best where a question asks for one of six answers that
were joined into a page, and where a sentence of a Dutch manual asks for the page that it was taken out of."""

PASSAGE_SCHEMA = pa.schema([("answer_id", pa.string()), ("start", pa.int32()), ("end", pa.int32())])
"""Columns of `passages.parquet`: where the text of each passage stands in its answer."""

_SENTENCE = re.compile(r".+?(?:[.!?…]+(?=\s)|\n|$)", re.DOTALL)
_BETWEEN_WORDS = re.compile(r"[_\W]+")


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start` to `end` of a text."""

    start: int
    end: int


def spans(text: str) -> tuple[Span, ...]:
    """Return the whole of a text and, where it is longer than `WINDOW`, the windows of sentences that it is made of."""
    whole = Span(0, len(text))
    return (whole,) if len(text) <= WINDOW else (whole, *_windows(text))


def _windows(text: str) -> Iterator[Span]:
    """Yield consecutive spans of whole sentences, as many as fit in a window; longer sentences are cut at a space."""
    start = end = 0
    for sentence in _SENTENCE.finditer(text):
        if end > start and sentence.end() - start > WINDOW:
            yield Span(start, end)
            start = end
        end = sentence.end()
        while end - start > WINDOW:
            space = text.rfind(" ", start + WINDOW // 2, start + WINDOW)
            cut = space + 1 if space > 0 else start + WINDOW
            yield Span(start, cut)
            start = cut
    if text[start:end].strip():
        yield Span(start, end)


def opening(text: str) -> str:
    """Return the first sentence of a text, or as much of it as fits in a window."""
    return next((found for one in _SENTENCE.finditer(text) if (found := one[0].strip())), text)[:WINDOW]


@dataclass(frozen=True, slots=True)
class Passages:
    """m passages of n answers, those of an answer one after the other, its whole text first.

    Attributes:
        answers: (m,) int64 place of each passage's answer in the knowledge base.
        spans: where each stands in it.
        texts: what is encoded of each.
    """

    answers: IntArray
    spans: tuple[Span, ...]
    texts: tuple[str, ...]

    @classmethod
    def of(cls, answers: Sequence[Answer]) -> Passages:
        """Divide answers."""
        return cls._named(answers, [(place, span) for place, one in enumerate(answers) for span in spans(one.text)])

    @classmethod
    def from_table(cls, table: pa.Table, answers: Sequence[Answer]) -> Passages:
        """Read a table of `PASSAGE_SCHEMA`.

        Raises:
            BundleError: a passage is of no answer.
        """
        places = {answer.answer_id: place for place, answer in enumerate(answers)}
        ids, starts, ends = (table[name].to_pylist() for name in ("answer_id", "start", "end"))
        strange = next((answer_id for answer_id in ids if answer_id not in places), None)
        if strange is not None:
            raise BundleError(f"a passage names the answer {strange!r}, which is not among the answers; train again")
        return cls._named(
            answers, [(places[one], Span(start, end)) for one, start, end in zip(ids, starts, ends, strict=True)]
        )

    @classmethod
    def _named(cls, answers: Sequence[Answer], rows: Sequence[tuple[int, Span]]) -> Passages:
        return cls(
            answers=np.array([place for place, _ in rows], dtype=np.int64),
            spans=tuple(span for _, span in rows),
            texts=tuple(_under_its_name(answers[place], span) for place, span in rows),
        )

    def as_table(self, answers: Sequence[Answer]) -> pa.Table:
        """Return a table of `PASSAGE_SCHEMA`."""
        rows = [
            {"answer_id": answers[int(place)].answer_id, "start": span.start, "end": span.end}
            for place, span in zip(self.answers, self.spans, strict=True)
        ]
        return pa.Table.from_pylist(rows, schema=PASSAGE_SCHEMA)

    @property
    def wholes(self) -> BoolArray:
        """Whether each passage is the whole of its answer, (m,)."""
        return np.diff(self.answers, prepend=-1) != 0

    @property
    def finest(self) -> BoolArray:
        """Whether each passage is not divided further, (m,): the windows of long answers, the whole of short ones."""
        divided = np.append(self.answers[1:] == self.answers[:-1], False) if len(self.answers) else self.wholes
        return ~(self.wholes & divided)


def _under_its_name(answer: Answer, span: Span) -> str:
    text = answer.text[span.start : span.end].strip()
    name = _BETWEEN_WORDS.sub(" ", answer.intent or "").strip()
    return f"{name}: {text}" if name else text


class NearestAnswers:
    """How near groups of answers are to a message: the mean of a group's nearest whole answer and nearest passage."""

    def __init__(self, wholes: GroupedVectors, finest: GroupedVectors) -> None:
        self._wholes = wholes
        self._finest = finest

    def nearest(self, vectors: FloatArray) -> FloatArray:
        """Return (n, groups) float32 similarities for (n, d) unit `vectors`; 0 for empty groups."""
        return (self._wholes.nearest(vectors) + self._finest.nearest(vectors)) / np.float32(2)


@dataclass(frozen=True, slots=True)
class EncodedPassages:
    """Passages with their vectors.

    Attributes:
        passages: m of them.
        vectors: (m, d) float32.
    """

    passages: Passages
    vectors: FloatArray

    def grouped(self, groups: IntArray, count: int) -> NearestAnswers:
        """Put n answers in `count` groups; `groups` is (n,) int64, negative for none."""
        of_passages = groups[self.passages.answers]
        wholes, finest = (
            GroupedVectors(self.vectors, np.where(rows, of_passages, -1), count)
            for rows in (self.passages.wholes, self.passages.finest)
        )
        return NearestAnswers(wholes, finest)


class Remembered:
    """An encoder of passages that encodes none of the texts that it began with, and none of the last call, again.

    Safe to share between threads: two that ask at once for the same new text may both encode it.
    """

    def __init__(self, encoder: Encoder, texts: Sequence[str], vectors: FloatArray) -> None:
        """Args: vectors: (texts, d) float32 of `texts`, which are never forgotten."""
        self._encoder = encoder
        self._known = dict(zip(texts, vectors, strict=True))
        self._recent: Mapping[str, FloatArray] = {}

    def vectors(self, texts: Sequence[str]) -> FloatArray:
        """Return (texts, d) float32, rows of length one; texts of earlier calls are forgotten."""
        recent = self._recent
        found = {text: self._known.get(text, recent.get(text)) for text in texts}
        new = [text for text, vector in found.items() if vector is None]
        encoded = dict(zip(new, self._encoder.encode_passages(new), strict=True)) if new else {}
        rows = [encoded[text] if (vector := found[text]) is None else vector for text in texts]
        self._recent = {text: row for text, row in zip(texts, rows, strict=True) if text not in self._known}
        return np.array(rows, dtype=np.float32).reshape(len(rows), self._encoder.dimensions)


class RememberedTexts:
    """The vectors of answers and of their passages, in which the views of the encoder weigh differently.

    Safe to share between threads, as `Remembered` is; a text that is both is encoded once.
    """

    def __init__(
        self, encoder: CompoundEncoder, answers: Sequence[str], vectors: FloatArray, passages: EncodedPassages
    ) -> None:
        """Args: answers: texts; vectors: (answers, d) float32 of these; passages: of the same answers."""
        self._answers = Remembered(encoder, answers, vectors)
        self._passages = dict(zip(passages.passages.texts, passages.vectors, strict=True))
        self._weighing = encoder.weighing_like(passages.vectors)

    def vectors(self, answers: Sequence[str], passages: Sequence[str]) -> tuple[FloatArray, FloatArray]:
        """Return (answers, d) and (passages, d) float32, rows of length one."""
        new = [text for text in dict.fromkeys(passages) if text not in self._passages]
        of_answers, plain = np.split(self._answers.vectors([*answers, *new]), [len(answers)])
        of_passages = self._passages | dict(zip(new, self._weighing.weighed(plain), strict=True))
        rows = [of_passages[text] for text in passages]
        return of_answers, np.array(rows, dtype=np.float32).reshape(len(rows), self._weighing.dimensions)
