"""What a machine left in a text: slots, characters that cannot be seen, tags."""

from __future__ import annotations

import re

from repliek.tone.rules.draft import Draft
from repliek.tone.rules.rule import Severity
from repliek.vocabulary import SLOT

# Control characters, soft hyphens, zero widths, marks of direction. A joiner between two emoji makes one of them.
_INVISIBLE = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff"
    r"\ufff9-\ufffb\U000e0001]|(?<![\u2600-\u27bf\ufe0f\U0001f000-\U0001faff])\u200d|"
    r"\u200d(?![\u2190-\u27bf\U0001f000-\U0001faff])"
)
_TAG = re.compile(r"</?[a-zA-Z][a-zA-Z0-9]{0,14}(?:\s[^<>]{0,300})?/?>|<!--|&(?:[a-z]{2,8}|#\d{2,6}|#x[0-9a-f]{2,5});")


class OpenSlots:
    """A place that nobody could fill stands in the text as `{name}`: the agent must fill it before sending."""

    name = "open_slots"
    severity = Severity.WARNING

    def check(self, draft: Draft) -> str | None:
        names = SLOT.findall(draft.text) if "{" in draft.text else []
        return f"fill in {', '.join(dict.fromkeys(names))}" if names else None


class InvisibleCharacters:
    """What cannot be seen can turn a text around, hide words in it, or break the channel that it is sent on."""

    name = "invisible_characters"
    severity = Severity.ERROR

    def check(self, draft: Draft) -> str | None:
        found = _INVISIBLE.search(draft.text)
        return f"U+{ord(found[0]):04X} at character {found.start()}" if found else None


class Markup:
    """Tags and entities of HTML are shown as they are on every channel, or worse, read."""

    name = "markup"
    severity = Severity.ERROR

    def check(self, draft: Draft) -> str | None:
        if "<" not in draft.text and "&" not in draft.text:
            return None
        found = _TAG.search(draft.text)
        return f"HTML at character {found.start()}" if found else None
