"""What a customer wrote, out of what a helpdesk sends: without markup, and without the mail that is quoted below it."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import TypeAdapter, ValidationError

from repliek.conversation import MAX_MESSAGE_CHARS, Channel, Speaker, Turn
from repliek.wire.suggestions import MAX_NAME_CHARS, MAX_TURNS, Message

_MESSAGE: TypeAdapter[str] = TypeAdapter(Message)

# Tags are found by a pattern that looks at each character once: `html.parser` takes minutes for a hundred kilobytes of
# tags that never end, and customers write what they like.
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*+)([^<>]*+)>|<[!?][^<>]*+>")
_MARK = re.compile(r"""\b(?:class|id|type)\s*=\s*["']?([^"'>]{0,200})""", re.IGNORECASE)
_BLOCKS = frozenset({
    "address", "article", "blockquote", "br", "dd", "div", "dl", "dt", "figure", "footer", "form", "h1", "h2", "h3",
    "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section", "table", "tr", "ul",
})  # fmt: skip
_UNSEEN = frozenset({"script", "style", "head", "title", "template"})
_EMPTY = frozenset({"br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"})
_QUOTE_MARKS = frozenset({"cite", "gmail_quote", "gmail_quote_container", "yahoo_quoted", "freshdesk_quote"})
"""Class, id or type of elements in which mail programs put the mail that is answered."""
_REST_MARKS = frozenset({"js-signatureMarker", "divRplyFwdMsg", "appendonsend", "OLK_SRC_BODY_SECTION"})
"""Class or id of an element after which nothing is new: Zammad's own, and Outlook's."""

_WROTE = re.compile(
    r"(?:op|on|am|le)\b(?=[^:]{0,200}\d).{0,300}?\b(?:schreef|wrote|schrieb|écrit)\b.{0,200}:\s*$", re.IGNORECASE
)
_RULE = re.compile(
    r"\W*(?:-{2,}|_{5,})\s*(?:(?:original message|oorspronkelijk bericht|doorgestuurd bericht|forwarded message).*)?$",
    re.IGNORECASE,
)
_REPLY_ABOVE = re.compile(r"^##-.*-##$")
_FROM, _SENT = (
    re.compile(r"\*?(?:van|from|von|de)\*?\s?:", re.IGNORECASE),
    re.compile(r"\*?(?:verzonden|sent|datum|date|gesendet|envoyé)\*?\s?:", re.IGNORECASE),
)
_LINE_CHARS = 300
"""No line that a mail program writes above a quotation is longer; patterns look no further."""
_BLANK_LINES = re.compile(r"\n{3,}")


def from_html(markup: str) -> str:
    """Return the text of HTML, one line for each block, without quoted mail. Linear in the length of `markup`."""
    lines = "".join(_pieces(_without_comments(markup))).split("\n")
    return "\n".join(" ".join(line.split()) for line in lines)


def clean(text: str) -> str:
    """Return text without control characters, with plain line ends and at most one blank line in a row."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    kept = "".join(char for char in plain if char == "\n" or unicodedata.category(char) != "Cc")
    return _BLANK_LINES.sub("\n\n", "\n".join(line.rstrip() for line in kept.split("\n"))).strip()


def without_quotes(text: str) -> str:
    """Return mail without the mail that it answers; all of it where nothing else would remain."""
    lines = text.split("\n")
    end = next((place for place in range(len(lines)) if _quote_begins(lines, place)), len(lines))
    kept = [line for line in lines[:end] if not line.startswith(">")]
    new = "\n".join(kept).strip()
    return new or "\n".join(line.lstrip("> ") for line in lines).strip()


def message_of(text: str, channel: Channel) -> str | None:
    """Return the words to be answered, at most as many as the engine reads; `None` where there are none to answer.

    Args:
        text: without markup.
        channel: mail loses what it quotes.
    """
    words = clean(text)
    if channel is Channel.EMAIL:
        words = without_quotes(words)
    try:
        return _MESSAGE.validate_python(words[:MAX_MESSAGE_CHARS])
    except ValidationError:
        return None


def turns_of(said: list[tuple[Speaker, str]]) -> tuple[Turn, ...]:
    """Return what was said before, as much of it as is read: the last turns that hold words."""
    turns = [Turn(speaker, words) for speaker, text in said if (words := clean(text)[:MAX_MESSAGE_CHARS])]
    return tuple(turns[-MAX_TURNS:])


def name_of(*parts: str | None) -> str | None:
    """Return a name out of its parts, `None` where there is none."""
    name = " ".join(" ".join(filter(None, parts)).split())
    return clean(name)[:MAX_NAME_CHARS].strip() or None


def initials_of(name: str | None) -> str | None:
    """Return the initials of a name, particles in lower case as they are written: Emma de Vries signs EdV."""
    letters = "".join(word[0] for word in (name or "").split() if word[0].isalpha())
    return letters[:10] or None


def _without_comments(markup: str) -> str:
    kept: list[str] = []
    start = 0
    while (opened := markup.find("<!--", start)) >= 0:
        kept.append(markup[start:opened])
        closed = markup.find("-->", opened + 4)
        if closed < 0:
            return "".join(kept)
        start = closed + 3
    return "".join([*kept, markup[start:]])


@dataclass(slots=True)
class _Hidden:
    """An element that is left out, and how many of its name are open in it."""

    name: str
    depth: int = 1


def _pieces(markup: str) -> Iterator[str]:
    hidden: _Hidden | None = None
    place = 0
    for tag in _TAG.finditer(markup):
        if hidden is None:
            yield html.unescape(markup[place : tag.start()].replace("\n", " "))
        place = tag.end()
        closes, name = bool(tag[1]), (tag[2] or "").lower()
        if hidden is not None:
            if name == hidden.name:
                hidden.depth += -1 if closes else 1
            hidden = hidden if hidden.depth else None
            continue
        marks: set[str] = set() if closes else _marks(tag[3] or "")
        if marks & _REST_MARKS:
            return
        if not closes and name not in _EMPTY and (name in _UNSEEN or marks & _QUOTE_MARKS):
            hidden = _Hidden(name)
        yield _break(name, closes)
    if hidden is None:
        yield html.unescape(markup[place:].replace("\n", " "))


def _marks(attributes: str) -> set[str]:
    return {mark for found in _MARK.findall(attributes[:1000]) for mark in found.split()}


def _break(name: str, closes: bool) -> str:
    if name in {"td", "th"} and closes:
        return " "
    if name == "li":
        return "" if closes else "\n- "
    if name == "p" and closes:
        return "\n\n"
    return "\n" if name in _BLOCKS else ""


def _quote_begins(lines: list[str], place: int) -> bool:
    """Tell whether a line is the first of what a mail program puts above the mail that is answered."""
    line, *following = (one.strip()[:_LINE_CHARS] for one in lines[place : place + 4])
    if _REPLY_ABOVE.match(line):
        return True
    if _RULE.match(line) and (len(line.strip("-_ ")) > 0 or line == "--" or any(map(_FROM.match, following[:2]))):
        return True
    if _FROM.match(line) and any(map(_SENT.match, following)):
        return True
    # A mail program breaks the line after some seventy characters.
    return any(_WROTE.match(" ".join([line, *following[:more]])) for more in range(3))
