"""What a customer mentioned, as it can be said back: the product, the place, the day and the time waited.

Only what the message surely says counts: of two products, places or days none is picked up, and a length of time only
where its sentence speaks of waiting or of trouble. A phrase that says the wrong thing back is worse than a plain one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from functools import lru_cache

from repliek.tone.mention_words import WORDS, MentionWords

MAX_CHARS = 4_000
"""What stands behind so much of a message is not read: it is the thread below a mail."""

_SURELY_PAST = timedelta(days=90)
"""A day of which the year is not said lies so little behind, or else ahead."""

_PLAIN = str.maketrans("’İı", "'Ii")
"""What patterns without regard to capitals take for the same, and look-ups do not."""

_MONTH_IN_SHORT = r"(?<!\b(?:jan|feb|mar|apr|jun|jul|aug|sep|okt|oct|nov|dec))"
_SENTENCE_END = re.compile(rf"[?!…\n]+|{_MONTH_IN_SHORT}\.(?=\s|$)", re.IGNORECASE)


def mentioned(message: str, language: str, products: Mapping[str, str], received: date) -> Mapping[str, str]:
    """Return what a message surely says, as it can be said back.

    Args:
        message: the customer's words.
        language: ISO 639-1; of another than `nl` and `en` only products are read.
        products: a word in lower case, and how it is said back: `{"wadbox": "de Wadbox"}`.
        received: the day on which the message came in.

    Returns:
        By the name of the slot, what the message holds of these: `product`, as `products` says it; `place`, a name
        that fits behind "in"; `date`, a day that lies behind ("gisteren", "op 3 november"), which is none that an
        answer may promise; `waited`, which fits behind "al" ("drie dagen", "sinds maandag") and stands alone in
        English ("for three days").
    """
    text = unicodedata.normalize("NFKC", message[:MAX_CHARS]).translate(_PLAIN)
    words = WORDS.get(language)
    if words is None:
        found = {"product": _only(_products(text, products, "", "(?!)"))}
    else:
        sentences = _SENTENCE_END.split(text)
        found = {
            "product": _only(_products(text, products, words.ending, words.works)),
            "place": _only(_places(sentences, words, products)),
            "date": _day(sentences, words, received),
            "waited": _only(_waits(sentences, words)),
        }
    return {slot: value for slot, value in found.items() if value}


def _only(values: Iterable[str]) -> str | None:
    """Return the one value that is named, however often; of two, neither is surely what the message is about."""
    different = set(values)
    return different.pop() if len(different) == 1 else None


def _products(text: str, products: Mapping[str, str], ending: str, works: str) -> Iterator[str]:
    if products:
        for match in _product_pattern(tuple(products), ending, works).finditer(text):
            if not match["works"]:
                yield products[match["word"].lower()]


@lru_cache(maxsize=64)
def _product_pattern(names: tuple[str, ...], ending: str, works: str) -> re.Pattern[str]:
    longest_first = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return re.compile(
        rf"(?<![\w@/.-])(?P<word>{longest_first}){ending}(?![\w@-]|\.\w)(?P<works>{works})?", re.IGNORECASE
    )


def _places(sentences: Iterable[str], words: MentionWords, products: Mapping[str, str]) -> Iterator[str]:
    for sentence in sentences:
        if words.here.search(sentence) and not words.elsewhere.search(sentence):
            for match in words.place.finditer(sentence):
                named = {word.lower() for word in match["place"].split()}
                if named.isdisjoint(words.no_places) and named.isdisjoint(products):
                    yield match["place"]


def _day(sentences: Iterable[str], words: MentionWords, received: date) -> str | None:
    """Return the one day that is named, if something was the matter on it: the day of an order says nothing."""
    days = [
        (day, words.trouble.search(sentence) is not None)
        for sentence in sentences
        for day in _named_days(sentence, words, received)
    ]
    return _only(day for day, _ in days) if any(trouble for _, trouble in days) else None


def _named_days(sentence: str, words: MentionWords, received: date) -> Iterator[str]:
    yield from (_said(match[0], words) for match in words.past.finditer(sentence))
    yield from (said for match in words.dated.finditer(sentence) if (said := _dated(match, words, received)))


def _dated(match: re.Match[str], words: MentionWords, received: date) -> str | None:
    month = next(number for number, name in enumerate(words.months, 1) if _begins(name, match["month"]))
    year = int(match["year"]) if match["year"] else None
    day = _past(int(match["day"]), month, year, received)
    if day is None:
        return None
    said = words.on.format(day.day, words.months[month - 1])
    return f"{said} {year}" if year and year != received.year else said


def _begins(name: str, text: str) -> bool:
    return name.lower().startswith(text.lower())


def _past(day: int, month: int, year: int | None, received: date) -> date | None:
    """Return the day that is meant, if it surely lies behind."""
    for candidate in (year,) if year else (received.year, received.year - 1):
        try:
            meant = date(candidate, month, day)
        except ValueError:  # 29 February in most years, 31 June in all
            continue
        if timedelta() <= received - meant <= _SURELY_PAST:
            return meant
    return None


def _waits(sentences: Iterable[str], words: MentionWords) -> Iterator[str]:
    for sentence in sentences:
        if words.trouble.search(sentence) and not words.no_wait.search(sentence):
            for match in words.waited.finditer(sentence):
                if match["since"]:
                    yield words.since.format(_said(match["since"], words))
                else:
                    yield words.lasting.format(_said(match["lasts"] or match["for"] or match["queue"], words))


def _said(found: str, words: MentionWords) -> str:
    """Write small figures and abbreviations in full, and capitals where they belong."""
    lower = _in_full(tuple(words.in_full)).sub(lambda short: words.in_full[short[0]], found.lower())
    return words.proper.sub(lambda name: name[0].capitalize(), lower)


@lru_cache(maxsize=8)
def _in_full(short: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(sorted(short, key=len, reverse=True))})\b")
