"""How Dutch and English say by when, in plain text with digits for numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from repliek.promises.clock import ClockRule, after_noon, at_noon, before_noon, half_to, on_the_clock
from repliek.promises.days import (
    DayRule,
    Part,
    after_the_weekend,
    ahead,
    dated,
    month,
    named_month,
    week,
    weekday,
    weekday_of_next_week,
    weekend,
)
from repliek.tone.calendar import MONTHS, WEEKDAYS


@dataclass(frozen=True, slots=True)
class TermWords:
    """The words of one language.

    Attributes:
        within: what stands before a stretch of time at the end of which something is done.
        no_term: what stands before a day or time that is none: the day of an order, the hour from when.
        days: ways to name a day; what one has read is not read again by a later one.
        times: ways to name a time of the day, as `days`.
        morning: that a day's morning is meant.
        afternoon: its afternoon.
        evening: its evening.
        at_once: within the hour.
        later: some time today.
    """

    within: re.Pattern[str]
    no_term: re.Pattern[str]
    days: tuple[DayRule, ...]
    times: tuple[ClockRule, ...]
    morning: re.Pattern[str]
    afternoon: re.Pattern[str]
    evening: re.Pattern[str]
    at_once: re.Pattern[str]
    later: re.Pattern[str]


def _months(language: str) -> str:
    return "|".join(rf"{name}|{name[:3]}\b\.?" for name in MONTHS[language])


_NUMERIC = re.compile(
    r"(?<![\d:.€-])(?P<day>\d{1,2})[-/](?P<month>1[0-2]|0?[1-9])(?:[-/](?P<year>20\d\d))?"
    r"(?![\d:/-]|\.\d| ?(?:uur|u|am|pm)\b)"
)


def _dutch_days() -> tuple[DayRule, ...]:
    days, months = "|".join(WEEKDAYS["nl"]), "|".join(MONTHS["nl"])
    end, begin, middle = "(?:eind|einde|loop|afloop)", "begin", "(?:midden|half|halverwege|medio)"
    of, coming = "(?: van| in)?(?: de| het)?", "(?:volgende|komende|aanstaande)"
    return tuple(
        DayRule(re.compile(pattern), meaning)
        for pattern, meaning in (
            (
                rf"\b(?P<day>\d{{1,2}})(?:e|ste|de)? (?P<month>{_months('nl')})(?!\w)(?: (?P<year>20\d\d)\b)?",
                dated(MONTHS["nl"]),
            ),
            (_NUMERIC.pattern, dated(MONTHS["nl"])),
            (rf"\b{end}{of} (?:dag|middag|ochtend|avond)\b", ahead(0)),
            (rf"\bvolgende week (?:op )?({days})", weekday_of_next_week(WEEKDAYS["nl"])),
            (rf"\b({days})\w* (?:van |in )?volgende week\b", weekday_of_next_week(WEEKDAYS["nl"])),
            (rf"\b({days})", weekday(WEEKDAYS["nl"])),
            (rf"\b{begin}{of} {coming} week\b", week(1, Part.BEGIN)),
            (rf"\b{middle}{of} {coming} week\b", week(1, Part.MIDDLE)),
            (rf"\b(?:{end}{of} )?{coming} week\b", week(1)),
            (rf"\b{middle}{of} (?:deze )?week\b", week(0, Part.MIDDLE)),
            (rf"\b{end}{of} (?:deze |lopende )?week\b|\b(?:deze|lopende) week\b", week(0)),
            (r"\bna (?:het|dit) weekend\b", after_the_weekend),
            (r"\b(?:dit|komend|in het|voor het|dit komende) weekend\b", weekend),
            (rf"\b{begin}{of} {coming} maand\b", month(1, Part.BEGIN)),
            (rf"\b{middle}{of} {coming} maand\b", month(1, Part.MIDDLE)),
            (rf"\b(?:{end}{of} )?{coming} maand\b", month(1)),
            (rf"\b{end}{of} (?:deze )?maand\b|\bdeze maand\b", month(0)),
            (rf"\b{begin}{of} ({months})\b", named_month(MONTHS["nl"], Part.BEGIN)),
            (rf"\b{middle}{of} ({months})\b", named_month(MONTHS["nl"], Part.MIDDLE)),
            (rf"\b{end}{of} ({months})\b", named_month(MONTHS["nl"])),
            (r"\bovermorgen\b", ahead(2)),
            (r"\b(?:de|deze|binnen) (?:(?:komende|eerstvolgende|loop van de) )+dagen\b|\been dezer dagen\b", ahead(3)),
            (
                r"\b(?:vandaag|vanmiddag|vanavond|vanochtend|vanmorgen|vannacht|deze (?:middag|avond|ochtend))\b",
                ahead(0),
            ),
            (r"(?<!goede )\bmorgen(?:ochtend|middag|avond|vroeg)?\b", ahead(1)),
        )
    )


def _english_days() -> tuple[DayRule, ...]:
    days, months = "|".join(WEEKDAYS["en"]), "|".join(MONTHS["en"])
    end, begin, middle = "(?:end|course|close)", "(?:beginning|start|early)", "(?:middle|halfway)"
    of, coming = "(?: of| through| in)?(?: the)?", "(?:next|coming)"
    return tuple(
        DayRule(re.compile(pattern), meaning)
        for pattern, meaning in (
            (
                rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<month>{_months('en')})(?!\w)"
                r"(?:,? (?P<year>20\d\d)\b)?",
                dated(MONTHS["en"]),
            ),
            (rf"\b(?P<month>{_months('en')}) (?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?!:)", dated(MONTHS["en"])),
            (_NUMERIC.pattern, dated(MONTHS["en"])),
            (rf"\b{end}{of} (?:this )?(?:day|afternoon|morning|evening|business)\b", ahead(0)),
            (rf"\bnext week (?:on )?({days})\b", weekday_of_next_week(WEEKDAYS["en"])),
            (rf"\b({days})(?: of)? next week\b", weekday_of_next_week(WEEKDAYS["en"])),
            (rf"\b({days})\b", weekday(WEEKDAYS["en"])),
            (rf"\b{begin}{of} {coming} week\b", week(1, Part.BEGIN)),
            (rf"\b{middle}{of} {coming} week\b", week(1, Part.MIDDLE)),
            (rf"\b(?:{end}{of} )?{coming} week\b", week(1)),
            (rf"\b{middle}{of} (?:this )?week\b", week(0, Part.MIDDLE)),
            (rf"\b{end}{of} (?:this )?week\b|\bthis week\b", week(0)),
            (r"\bafter the weekend\b", after_the_weekend),
            (r"\b(?:this|over the|at the|before the) weekend\b", weekend),
            (rf"\b{begin}{of} {coming} month\b", month(1, Part.BEGIN)),
            (rf"\b(?:{end}{of} )?{coming} month\b", month(1)),
            (rf"\b{end}{of} (?:this )?month\b|\bthis month\b", month(0)),
            (rf"\b{begin}{of} ({months})\b", named_month(MONTHS["en"], Part.BEGIN)),
            (rf"\b{middle}{of} ({months})\b|\bmid-({months})\b", named_month(MONTHS["en"], Part.MIDDLE)),
            (rf"\b{end}{of} ({months})\b", named_month(MONTHS["en"])),
            (r"\bday after tomorrow\b", ahead(2)),
            (r"\b(?:over|in|within) the (?:next|coming) (?:few )?days\b", ahead(3)),
            (r"\b(?:today|tonight|this (?:morning|afternoon|evening))\b", ahead(0)),
            (r"\btomorrow\b", ahead(1)),
        )
    )  # fmt: skip


_HOUR = r"([01]?\d|2[0-4])"
_AT = r"(?:om|voor|vóór|rond|rondom|tegen|omstreeks|uiterlijk|en|tot|-)"
_AROUND = r"(?:at|by|before|around|about|and|until|till)"

DUTCH = TermWords(
    within=re.compile(
        r"\b(?:binnen|over)(?: (?:de|nu en|ongeveer|circa|zo'n|maximaal|hooguit|uiterlijk|ruim|nog|deze|komende|"
        r"eerstvolgende))* $|\b(?:de|deze) (?:komende|eerstvolgende) $"
    ),
    no_term=re.compile(
        r"\b(?:sinds|(?<!loop )(?<!eind )(?<!einde )van|vanaf|afgelopen|vorige|tot|t/m|per|na)(?: de| het)? $"
    ),
    days=_dutch_days(),
    times=(
        ClockRule(re.compile(r"\bhalf (\d{1,2})\b(?! (?:uur|dag|jaar))"), half_to),
        ClockRule(re.compile(rf"(?<![\d.:,]){_HOUR}(?:[.:]([0-5]\d))? ?(?:uur|u|h)\b"), on_the_clock),
        ClockRule(re.compile(rf"\b{_AT} {_HOUR}[.:]([0-5]\d)\b(?![-/.]\d)"), on_the_clock),
    ),
    morning=re.compile(r"\b(?!goede)\w*ochtend\b|\b(?:vanmorgen|morgenvroeg|\w+dagmorgen)\b"),
    afternoon=re.compile(r"\b(?!goede)\w*middag\b"),
    evening=re.compile(r"\b(?!goeden)\w*avond\b|\bvannacht\b"),
    at_once=re.compile(
        r"\b(?:meteen|direct|gelijk|dadelijk|zometeen|onmiddellijk)\b(?! contact)|\bzo(?= (?:terug|even|op)\b|[.,!]|$)"
    ),
    later=re.compile(r"\b(?:straks|later op de dag)\b"),
)

ENGLISH = TermWords(
    within=re.compile(
        r"\b(?:within|in|under|after|over)(?: (?:the|next|about|around|at most|no more than|coming|roughly))* $"
    ),
    no_term=re.compile(r"\b(?:since|from|last|(?<!end )(?<!course )of|until|till|past|after|starting)(?: the)? $"),
    days=_english_days(),
    times=(
        ClockRule(re.compile(r"(?<![\d.:,])(1?\d)(?:[.:]([0-5]\d))? ?(?:am\b|a\.m\.)"), before_noon),
        ClockRule(re.compile(r"(?<![\d.:,])(1?\d)(?:[.:]([0-5]\d))? ?(?:pm\b|p\.m\.)"), after_noon),
        ClockRule(re.compile(rf"\b{_AROUND} {_HOUR}[.:]([0-5]\d)\b"), on_the_clock),
        ClockRule(
            re.compile(rf"\b{_AROUND} (1?\d)()(?: o'clock)?(?=[.,!]|$| (?:today|tomorrow|on|this)\b)"), on_the_clock
        ),
        ClockRule(re.compile(r"\b(?:noon|midday)\b"), at_noon),
    ),
    morning=re.compile(r"(?<!good )\bmorning\b"),
    afternoon=re.compile(r"(?<!good )\bafternoon\b"),
    evening=re.compile(r"(?<!good )\bevening\b|\btonight\b"),
    at_once=re.compile(r"\b(?:right away|right now|straight away|immediately|in a (?:moment|minute|second)|at once)\b"),
    later=re.compile(r"\b(?:later on|a bit later)\b"),
)

WORDS: Mapping[str, TermWords] = MappingProxyType({"nl": DUTCH, "en": ENGLISH})
"""By ISO 639-1 code."""
