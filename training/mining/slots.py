"""What differs from customer to customer in a reply: found, set aside, and made a slot where it really differs."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from repliek.privacy import Kind
from repliek.vocabulary import SLOT
from training.mining.replies import GREETING_WORDS

_MONTHS = (
    "januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december"
    "|january|february|march|may|june|july|august|october"
)

# In this order: where two begin at the same place, the first one names it.
_KINDS = (
    ("redacted", rf"\[(?P<redacted_kind>{'|'.join(Kind)})\]"),
    ("link", r"https?://[^\s,;!?]+[^\s,;!?.)]"),
    ("date", rf"\b(?:\d{{4}}-\d\d-\d\d|\d{{1,2}}[-/]\d{{1,2}}[-/]\d{{2,4}}|\d{{1,2}} (?:{_MONTHS})(?: \d{{4}})?)\b"),
    ("time", r"\b\d{1,2}:\d\d(?: uur)?\b|\b\d{1,2}[.]\d\d uur\b|\b\d{1,2} uur\b"),
    ("amount", r"(?:€|EUR|\$|£) ?\d+(?:[.,]\d+)*(?:,-)?|\b\d+(?:[.,]\d+)* ?(?:euro|eur|dollars?)\b"),
    ("number", r"(?<![\w{])\d+(?:[.,]\d+)*(?:(?: ?[-–] ?| tot )\d+(?:[.,]\d+)*)?(?!\w)"),
)

_ALWAYS = frozenset({"redacted", "person"})
"""What was redacted, and who was named, is never part of an answer, however often it was the same."""

_ADDRESSED = re.compile(r"\s*(?:[,.!?]|$)")
_PRESENTED = re.compile(r"(?:naam is|name is|\bben|\bheet|\bam|i['’]m|collega)\s+$", re.IGNORECASE)
_GREETED = re.compile(rf"(?:{GREETING_WORDS})\s+$", re.IGNORECASE | re.VERBOSE)


_CUSTOMER = "first_name"
_VOCATIVE = re.compile(r"^\{first_name\}\s*[,!.]\s*")
_ASIDE = re.compile(r",?\s*\{first_name\}(?=\s*[.!?]|$)")


@dataclass(frozen=True, slots=True)
class Filled:
    """What stands at a slot in one reply.

    Attributes:
        slot: its name, such as `order_number`.
        text: as it stood in the reply.
        always: whether it stays a slot even where every reply holds the same.
    """

    slot: str
    text: str
    always: bool


@dataclass(frozen=True, slots=True)
class Skeleton:
    """A text with slots for all that might differ, and what stood there.

    Attributes:
        text: with a slot such as `{date}` for each value; a second date is `{date_2}`.
        values: in the order of the text, the slots' names made unique.
    """

    text: str
    values: tuple[Filled, ...]


class Slots:
    """Finds what might differ between customers.

    Args:
        names: first names that are known, beside those that are redacted.
    """

    def __init__(self, names: Iterable[str] = ()) -> None:
        known = sorted(names, key=lambda name: (-len(name), name))
        kinds = [(kind, f"(?i:{pattern})") for kind, pattern in _KINDS]
        if known:
            kinds.append(("person", rf"\b(?:{'|'.join(map(re.escape, known))})\b"))
        kinds.append(("slot", SLOT.pattern))
        self._pattern = re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in kinds))

    def skeleton(self, text: str) -> Skeleton:
        """Set aside all that might differ; slots that stand in the text already are left as they are."""
        values: list[Filled] = []
        taken = set(SLOT.findall(text))

        def set_aside(found: re.Match[str]) -> str:
            if found["slot"]:
                return found[0]
            kind = next(kind for kind in self._pattern.groupindex if found[kind])
            name = _name(found, kind)
            if name != _CUSTOMER:  # a customer has one name, however often it is said
                name = unused(name, taken)
                taken.add(name)
            values.append(Filled(name, found[0], kind in _ALWAYS))
            return f"{{{name}}}"

        return Skeleton(_spoken_to(self._pattern.sub(set_aside, text)), tuple(values))


def _name(found: re.Match[str], kind: str) -> str:
    """Return the slot for what was found: a person who is spoken to is the customer, another one is not."""
    if kind == "redacted" and found["redacted_kind"] != Kind.NAME:
        return found["redacted_kind"].lower()
    if kind not in _ALWAYS:
        return kind
    before, after = found.string[: found.start()], found.string[found.end() :]
    spoken_to = _GREETED.search(before) or (_ADDRESSED.match(after) and not _PRESENTED.search(before))
    return _CUSTOMER if spoken_to else "name"


def _spoken_to(text: str) -> str:
    """Leave out a name that only addresses the customer ("Jan, ..."): the composer does that."""
    return _ASIDE.sub("", _VOCATIVE.sub("", text))


def unused(name: str, used: Collection[str]) -> str:
    """Return `name`, with a number behind it where it is in use."""
    if name not in used:
        return name
    return next(numbered for number in range(2, len(used) + 3) if (numbered := f"{name}_{number}") not in used)


def joined(skeleton: Skeleton, said: Sequence[Skeleton]) -> str:
    """Return the text of `skeleton` with slots only where the replies in `said`, which say the same, differ.

    "Binnen 14 dagen" stays as it is when every reply says 14; "op 3 mei" becomes `op {date}` when others
    name another day.
    """
    seen: dict[str, set[str]] = {}
    for other in said:
        for value in other.values:
            seen.setdefault(value.slot, set()).add(value.text)
    constant = {value.slot: value.text for value in skeleton.values if not value.always and len(seen[value.slot]) == 1}
    return SLOT.sub(lambda slot: constant.get(slot[1], slot[0]), skeleton.text)
