"""The note that an agent reads: the suggestion ready to copy, what to mind, and who else must know."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from repliek.vocabulary import Part
from repliek.wire.feedback import Action
from repliek.wire.suggestions import EscalationView, HandOverView, SuggestionView, SuggestResponse
from serving.helpdesks.adapter import Note
from serving.helpdesks.labels import Labels, labels_in

SHORT_CHARS = 300
"""So much is shown of what another suggestion answers, without what is said around it."""


LinkTo = Callable[[str, Action], str]
"""Return the address that says `Action` of the suggestion with that id; https or http."""


class Block(Protocol):
    """One part of a note."""

    @property
    def text(self) -> str:
        """As plain text."""
        ...

    @property
    def html(self) -> str:
        """As HTML; whatever it holds is escaped."""
        ...


@dataclass(frozen=True, slots=True)
class Heading:
    """A line that stands out."""

    words: str

    @property
    def text(self) -> str:
        return self.words

    @property
    def html(self) -> str:
        return f"<p><strong>{html.escape(self.words)}</strong></p>"


@dataclass(frozen=True, slots=True)
class Copy:
    """A text to be copied as it is."""

    words: str

    @property
    def text(self) -> str:
        return self.words

    @property
    def html(self) -> str:
        return f"<blockquote>{_lines(self.words)}</blockquote>"


@dataclass(frozen=True, slots=True)
class Items:
    """Short lines under a heading."""

    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        return "\n".join(f"- {line}" for line in self.lines)

    @property
    def html(self) -> str:
        return "<ul>" + "".join(f"<li>{html.escape(line)}</li>" for line in self.lines) + "</ul>"


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses to click, each with its label."""

    links: tuple[tuple[str, str], ...]

    @property
    def text(self) -> str:
        return "\n".join(f"{label}: {address}" for label, address in self.links)

    @property
    def html(self) -> str:
        shown = (f'<a href="{html.escape(address)}">{html.escape(label)}</a>' for label, address in self.links)
        return f"<p>{' · '.join(shown)}</p>"


def render(response: SuggestResponse, language: str, link_to: LinkTo | None) -> Note:
    """Return what an agent is shown of `response`.

    Args:
        response: what was suggested, or why nothing was.
        language: of those who read it (ISO 639-1).
        link_to: where a click on "accept" or "reject" goes; `None` leaves the links out.
    """
    blocks = tuple(_blocks(response, labels_in(language), link_to))
    return Note(
        text=_plain(blocks),
        html="".join(block.html for block in blocks),
        draft=_draft(response),
    )


def _plain(blocks: tuple[Block, ...]) -> str:
    """Return the blocks with a blank line between them, but for a heading and its short lines."""
    following = (*blocks[1:], None)
    return "".join(
        block.text + ("\n" if isinstance(block, Heading) and isinstance(after, Items) else "\n\n")
        for block, after in zip(blocks, following, strict=True)
    ).rstrip()


def _draft(response: SuggestResponse) -> str | None:
    """Return the best suggestion for the reply field; none where there is something an agent has to know first."""
    if not response.suggestions or response.hand_over or response.escalation or response.warnings:
        return None
    return f"<div>{_lines(response.suggestions[0].text)}</div>"


def _blocks(response: SuggestResponse, labels: Labels, link_to: LinkTo | None) -> Iterator[Block]:
    if response.escalation:
        yield from _alarm(response.escalation, labels)
    if response.hand_over:
        yield from _hand_over(response.hand_over, response.escalation, labels)
    if response.abstained:
        yield Heading(labels.silent)
        yield Items((labels.silence.get(response.abstained.reason, response.abstained.detail),))
    best, others = response.suggestions[:1], response.suggestions[1:]
    for suggestion in best:
        yield from _best(suggestion, labels, link_to)
    if response.warnings:
        yield Heading(labels.mind)
        yield Items(response.warnings)
    if others:
        yield Heading(labels.others)
        for rank, suggestion in enumerate(others, start=2):
            yield from _other(rank, suggestion, labels, link_to)


def _best(suggestion: SuggestionView, labels: Labels, link_to: LinkTo | None) -> Iterator[Block]:
    yield Heading(f"{labels.suggestion} ({_sure(suggestion, labels)})")
    if len(suggestion.posts) > 1:
        for number, post in enumerate(suggestion.posts, start=1):
            yield Heading(labels.post.format(number, len(suggestion.posts)))
            yield Copy(post)
    else:
        yield Copy(suggestion.text)
    yield from _links(suggestion, labels, link_to)


def _other(rank: int, suggestion: SuggestionView, labels: Labels, link_to: LinkTo | None) -> Iterator[Block]:
    answers = " ".join(one.text for one in suggestion.parts if one.part is Part.ANSWER)
    yield Copy(f"{rank}. ({_sure(suggestion, labels)}) {_short(answers or suggestion.text)}")
    yield from _links(suggestion, labels, link_to)


def _alarm(escalation: EscalationView, labels: Labels) -> Iterator[Block]:
    yield Heading(labels.alarm)
    yield Items(_why(escalation, labels))


def _hand_over(hand_over: HandOverView, escalation: EscalationView | None, labels: Labels) -> Iterator[Block]:
    told = _why(escalation, labels) if escalation else ()
    reasons = tuple(reason for reason in _why(hand_over, labels) if reason not in told)
    lines = [
        *reasons,
        labels.team.format(hand_over.team) if hand_over.team else None,
        labels.routes[hand_over.route].format(hand_over.address) if hand_over.address else None,
    ]
    yield Heading(labels.human)
    yield Items(tuple(line for line in lines if line))
    yield Heading(labels.opening)
    yield Copy(hand_over.opening)


def _why(view: HandOverView | EscalationView, labels: Labels) -> tuple[str, ...]:
    said = tuple(labels.needs[need] for need in view.reasons if need in labels.needs)
    return said or (view.detail,)


def _links(suggestion: SuggestionView, labels: Labels, link_to: LinkTo | None) -> Iterator[Links]:
    if link_to:
        yield Links(
            (
                (labels.accept, link_to(suggestion.suggestion_id, Action.ACCEPTED)),
                (labels.reject, link_to(suggestion.suggestion_id, Action.REJECTED)),
            )
        )


def _sure(suggestion: SuggestionView, labels: Labels) -> str:
    """Nothing is a hundred percent sure, and what is shown is not impossible."""
    percent = min(99, max(1, round(100 * suggestion.confidence)))
    return labels.sure.format(f"{percent}%")


def _short(text: str) -> str:
    line = " ".join(text.split())
    if len(line) <= SHORT_CHARS:
        return line
    return line[:SHORT_CHARS].rsplit(" ", 1)[0] + " …"


def _lines(words: str) -> str:
    return html.escape(words).replace("\n", "<br>")
