"""The names of days and months, in lower case."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

WEEKDAYS: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "nl": ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"),
    "en": ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
})  # fmt: skip
"""By ISO 639-1 code, Monday first."""

MONTHS: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "nl": (
        *("januari", "februari", "maart", "april", "mei", "juni"),
        *("juli", "augustus", "september", "oktober", "november", "december"),
    ),
    "en": (
        *("january", "february", "march", "april", "may", "june"),
        *("july", "august", "september", "october", "november", "december"),
    ),
})  # fmt: skip
"""By ISO 639-1 code."""
