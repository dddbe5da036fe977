"""What a caller wants to hold before something is read or changed: `If-Match` and `If-None-Match` (RFC 9110, 13.1)."""

from __future__ import annotations

import re
from dataclasses import dataclass

ANY = "*"

_TAG = r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"'
_LIST = rf"\s*{_TAG}\s*(?:,\s*(?:{_TAG}\s*)?)*"
_TAGS = re.compile(rf"{_LIST}\Z")

PATTERN = rf"^(?:\s*\*\s*|{_LIST})$"
"""Of a header, for the OpenAPI document."""
_WEAK = "W/"


@dataclass(frozen=True, slots=True)
class Tags:
    """Entity tags as a header lists them.

    Attributes:
        tags: with their quotes, and with `W/` where they are weak.
        is_any: whether the header is `*`, which stands for whatever there is.
    """

    tags: frozenset[str] = frozenset()
    is_any: bool = False

    @classmethod
    def parse(cls, header: str) -> Tags:
        """Read a header.

        Raises:
            ValueError: it is no list of tags.
        """
        if header.strip() == ANY:
            return cls(is_any=True)
        if not _TAGS.match(header):
            raise ValueError('expected * or entity tags in quotes, such as "3-0a1b2c", separated by commas')
        return cls(frozenset(re.findall(_TAG, header)))

    def match_strongly(self, tag: str | None) -> bool:
        """Whether the strong `tag` of what there is, if there is anything, is among them; a weak one never is."""
        return tag is not None and (self.is_any or tag in self.tags)

    def match_weakly(self, tag: str | None) -> bool:
        """Whether `tag` is among them, be it as a weak one."""
        return tag is not None and (self.is_any or tag in {one.removeprefix(_WEAK) for one in self.tags})


@dataclass(frozen=True, slots=True)
class Precondition:
    """What must hold of something before it is changed.

    Attributes:
        match: one of these must be its tag, where they are given.
        none_match: none of these may be, where they are given.
    """

    match: Tags | None = None
    none_match: Tags | None = None

    def holds(self, tag: str | None) -> bool:
        """Whether what has this tag may be changed; `None` stands for what is not there."""
        return (self.match is None or self.match.match_strongly(tag)) and not (
            self.none_match and self.none_match.match_weakly(tag)
        )


ALWAYS = Precondition()
"""Holds of everything."""
