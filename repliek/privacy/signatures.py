"""Who signed a reply: initials are taken off, since a name is found by redaction and two letters are not."""

from __future__ import annotations

import re

from repliek.privacy.names import SIGN_OFF

_INITIALS = r"(?:[A-Z]\.?[ -]?){1,4}\d{0,2}"
_CARET = re.compile(r"(?:(?<=\s)|\A)\^[^\W\d_][\w.'’-]{0,9}(?=\s*(?:\n|\Z))")
_BELOW = re.compile(rf"(?<!\w)((?i:{SIGN_OFF})[,.!]?\s+){_INITIALS}[ \t]*(?=\n|\Z)")


def unsigned(text: str) -> str:
    """Return `text` without the initials behind a caret ("^EK"), or behind or below a sign-off, which stays."""
    return _BELOW.sub(r"\1", _CARET.sub("", text)).strip()
