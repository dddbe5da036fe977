"""What shows on the surface of a message: words of feeling, emoji, punctuation, and which words and pairs it holds.

A sentence encoder hears what a message is about; "weer", "hoor" and a row of exclamation marks hardly move its vectors.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log1p, sqrt
from types import MappingProxyType
from zlib import crc32

import numpy as np

from repliek.encoder import FloatArray
from repliek.tone.lexicon import LEXICON, NUMBERS, ORDINALS

MAX_CHARS = 2_000
"""Longer texts are read up to here: what a customer feels shows early."""

BUCKETS = 8_192
"""Columns that words and pairs of words share, by their checksum: so nothing that customers wrote has to be kept."""

_PAIR = 31
"""By which the checksum of a first word is multiplied before that of the second is added, so that their order tells."""

_STRONGEST = 4
"""More occurrences of a cue say no more."""

_LEVELS = (0.0, *(0.5 + 0.5 * sqrt(count) for count in range(1, _STRONGEST + 1)))
"""What a cue counts for that occurs never, once, twice: that it occurs says most."""

_KEY = 3
"""Letters by which stems are looked up; none is shorter."""

_TOKEN = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|\d+(?:[.,:]\d+)*(?:(?:e|de|ste|th)\b)?|[^\w\s]")
_QUOTED = re.compile(r"['\"‘“][^'\"‘’“”\n]{3,80}['\"’”]")
_STRETCHED = re.compile(r"([a-zA-Z])\1\1")
_SENTENCE_END = re.compile(r"[.!?…]+")
_ACCENTS = str.maketrans("áéíóúàèìòù", "aeiouaeiou")

_NUMBERS, _ORDINALS = frozenset(NUMBERS.split(", ")), frozenset(ORDINALS.split(", "))

_EMOJI: Mapping[str, str] = MappingProxyType(
    {
        "laughing": "😂🤣😄😆😅😁😹😜😝🤪😏😎🤭😉😋🤓😛",
        "warm": "🙏❤💙💚💛🧡💜🤍🥰😍😊☺👍🙌💐👌🤗🌹🌸😘💪✨🎉🥳",
        "angry": "😡😠🤬😤👎💢😒🙄🤨🖕😑😐",
        "sad": "😢😭😞😔💔🥺☹🙁😥😩😫😿😪🥲",
        "afraid": "😱😨😰😟😬🚩⚠🆘😧😦😳🫣",
        "mocking": "👏🙃🤡🫠",
        "shy": "🙈🙊🙉🤷🤦😇🤔",
    }
)
_KINDS = {sign: row for row, signs in enumerate(_EMOJI.values()) for sign in signs}
_ENOUGH_EMOJI = 3
_NO_EMOJI = (0.0,) * len(_EMOJI)
_FIRST_EMOJI = 0x2600
"""Signs from here on are pictures."""


def tokens_of(text: str) -> list[str]:
    """Return the words, numbers and signs of a text, case folded, without accents, and `0` and `0e` for numbers."""
    return [_folded(token.lower()) for token in _TOKEN.findall(text)]


def _folded(token: str) -> str:
    if token[0].isdigit():
        return "0e" if token[-1] in "eh" else "0"
    if token in _NUMBERS:
        return "0"
    if token in _ORDINALS:
        return "0e"
    return token if token.isascii() else token.replace("’", "'").translate(_ACCENTS)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Which cues a word, the beginning of a word, or a row of words stands for.

    Attributes:
        names: of the cues, in the order of their columns.
        words: columns of whole words, and of rows of words with a space between them.
        stems: beginnings of words with their columns, by their first letters.
        longest: words in the longest row that begins with a word.
    """

    names: tuple[str, ...]
    words: Mapping[str, tuple[int, ...]]
    stems: Mapping[str, tuple[tuple[str, int], ...]]
    longest: Mapping[str, int]

    @classmethod
    def of(cls, entries: Mapping[str, str]) -> Lexicon:
        """Read entries as `repliek.tone.lexicon` writes them."""
        words: dict[str, tuple[int, ...]] = {}
        stems: dict[str, tuple[tuple[str, int], ...]] = {}
        longest: dict[str, int] = {}
        for column, listed in enumerate(entries.values()):
            for entry in dict.fromkeys(" ".join(tokens_of(entry)) for entry in listed.split(",")):
                stem = entry.removesuffix(" *")
                if stem != entry:
                    stems[stem[:_KEY]] = (*stems.get(stem[:_KEY], ()), (stem, column))
                    continue
                words[entry] = (*words.get(entry, ()), column)
                first, *rest = entry.split(" ")
                if rest:
                    longest[first] = max(longest.get(first, 1), 1 + len(rest))
        return cls(tuple(entries), words, stems, longest)

    def count(self, tokens: Sequence[str]) -> list[int]:
        """Return how often each cue occurs among `tokens`, up to where more would say no more."""
        counts = [0] * len(self.names)
        words, stems, longest = self.words, self.stems, self.longest
        for place, token in enumerate(tokens):
            if token in words:
                for column in words[token]:
                    counts[column] += 1
            key = token[:_KEY]
            if key in stems:
                for stem, column in stems[key]:
                    if token.startswith(stem):
                        counts[column] += 1
            if token in longest:
                for end in range(place + 2, place + longest[token] + 1):
                    row = " ".join(tokens[place:end])
                    if row in words and end <= len(tokens):
                        for column in words[row]:
                            counts[column] += 1
        return [count if count < _STRONGEST else _STRONGEST for count in counts]


CUES = Lexicon.of(LEXICON)


def _emoji(text: str, raw: Sequence[str]) -> Sequence[float]:
    """Return half the number of emoji of each kind, up to where more say no more; `raw` are the tokens of the text."""
    if text.isascii():
        return _NO_EMOJI
    kinds = [_KINDS[sign] for sign in raw if sign in _KINDS]
    return [min(kinds.count(kind), _ENOUGH_EMOJI) / 2 for kind in range(len(_EMOJI))]


def _style(text: str, raw: Sequence[str]) -> tuple[float, ...]:
    """Return how a text is written: loud, short, quoted, in capitals, and so on; `raw` are its tokens as they stand."""
    words = [token for token in raw if token[0].isalpha()]
    sentences = [len(sentence.split()) for sentence in _SENTENCE_END.split(text) if sentence.strip()]
    exclaimed, asked = text.count("!"), text.count("?")
    ending = text.rstrip()[-1:]
    pictures = 0 if text.isascii() else sum(ord(token[0]) >= _FIRST_EMOJI for token in raw)
    stressed = 0 if text.isascii() else sum(word.lower().translate(_ACCENTS) != word.lower() for word in words)
    return (
        exclaimed > 0,
        exclaimed > 1,
        asked > 0,
        asked > 1,
        "??" in text or "!?" in text or "?!" in text,
        ".." in text or "…" in text,
        min(len(_QUOTED.findall(text)), 3) / 2,
        _STRETCHED.search(text) is not None,
        min(sum(len(word) > 2 and word.isupper() for word in words), 3) / 2,
        min(stressed, 3) / 2,
        "(" in text,
        ":" in text,
        "-" in text or "–" in text,
        min(pictures, _ENOUGH_EMOJI) / 2,
        len(words) <= 7,
        len(words) > 40,
        log1p(len(words)) / 4,
        log1p(len(sentences)) / 2,
        sum(length <= 3 for length in sentences) / max(len(sentences), 1),
        text.islower(),
        ending == "?",
        ending not in ".!?",
    )


_MARKS = len(_style("", ()))
CUE_COLUMNS = len(CUES.names) + len(_EMOJI) + _MARKS
"""Columns before those of words: cues, kinds of emoji, style."""

WIDTH = CUE_COLUMNS + BUCKETS
"""Columns of `surface`."""


def surface(messages: Sequence[str]) -> FloatArray:
    """Return (n, `WIDTH`) float32: what shows on the surface of n messages, all figures between 0 and about 2."""
    rows = np.zeros((len(messages), WIDTH), dtype=np.float32)
    fill_surface(rows, messages)
    return rows


def fill_surface(rows: FloatArray, messages: Sequence[str]) -> None:
    """Write `surface` into `rows`, (n, `WIDTH`) float32 zeros, which may be part of a larger array."""
    for row, message in zip(rows, messages, strict=True):
        _fill(row, message[:MAX_CHARS])


def _fill(row: FloatArray, text: str) -> None:
    raw = _TOKEN.findall(text)
    tokens = [_folded(token.lower()) for token in raw]
    row[:CUE_COLUMNS] = [*(_LEVELS[count] for count in CUES.count(tokens)), *_emoji(text, raw), *_style(text, raw)]
    sums = [crc32(token.encode()) for token in tokens]
    held = {*sums, *(_PAIR * first + second for first, second in pairwise(sums))}
    if held:
        # What falls into one column counts once: it happens to one in thirty, and adding up takes longer.
        row[[CUE_COLUMNS + each % BUCKETS for each in held]] = 1 / sqrt(len(held))
