"""Which parts a reply has, in which words: what a feeling asks for, as far as the conversation has room for it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from repliek.conversation import Channel
from repliek.tone.emotion import Emotion
from repliek.tone.phrases import Part, PhraseBank
from repliek.tone.register import Register
from repliek.tone.scene import Scene

ASKED_FOR: Mapping[Emotion, frozenset[Part]] = {
    Emotion.NEUTRAL: frozenset({Part.GREETING}),
    Emotion.FRUSTRATED: frozenset({Part.GREETING, Part.RECOGNITION, Part.NEXT_STEP}),
    Emotion.WORRIED: frozenset({Part.GREETING, Part.RECOGNITION, Part.NEXT_STEP}),
    Emotion.SAD: frozenset({Part.GREETING, Part.RECOGNITION}),
    Emotion.GRATEFUL: frozenset({Part.GREETING, Part.RECOGNITION, Part.CLOSING}),
    Emotion.PLAYFUL: frozenset({Part.GREETING, Part.RECOGNITION, Part.CLOSING}),
}
"""What goes around an answer. A plain question wants its answer; whoever grieves is spared a cheerful goodbye."""

_RECOGNISES = re.compile(
    r"\b(?:sorry|excuus|excuses|onze fout|vervelend|balen|jammer|gecondoleerd|sterkte|schrik|schrikken|snap\w*"
    r"|begrijp\w*|dank\w*|bedankt|goed dat|fijn dat|leuk|blij|lief|grap\w*|(?:ge|glim)?lach\w*|glim\w*|compliment\w*"
    r"|wat (?:een |naar|rot|fijn|goed)|zo (?:hoort|mag|had)|apolog\w+|annoying|glad|happy|thank\w*|pity"
    r"|good (?:that|one)|nice|makes sense|laugh\w*|joke\w*)\b",
    re.IGNORECASE,
)
_GOES_ON = re.compile(
    r"\?|\{\w+\}|[a-z]\.[a-z]|\b0[\d-]{7,}|\b112\b|\bprivébericht\b|\blaat (?:het|ons)\b|\bmeld\b|\blet us know\b",
    re.IGNORECASE,
)
_AWAITS = re.compile(
    r"\b(?:klantnummer|bestelnummer|onderwerp|in één zin|customer number|order number|in one line)\b", re.IGNORECASE
)
_FIRST_WORDS, _LAST_WORDS = 120, 160


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a reply, in words."""

    part: Part
    text: str


class Planner:
    """Plans replies in the words of one brand."""

    def __init__(self, bank: PhraseBank) -> None:
        self._bank = bank

    def around(self, core: Segment, scene: Scene, register: Register) -> tuple[Segment, ...]:
        """Return the parts of a reply around `core`, in reading order.

        Args:
            core: the answer, its slots filled, or what stands for it.
            scene: what surrounds it.
            register: of the core.
        """
        situation = scene.situation(register)
        wanted = {part for part in ASKED_FOR[scene.emotion] if _HAS_ROOM[part](core, scene)}
        wanted |= {Part.SIGNATURE} | ({Part.REMOVAL} if scene.exposed else set())
        phrases = (
            Segment(part, text) for part in Part if part in wanted and (text := self._bank.choose(part, situation))
        )
        return tuple(sorted([core, *phrases], key=lambda segment: _ORDER[segment.part]))

    def move(self, scene: Scene) -> Segment | None:
        """Return what asks the customer to go on in private, and why; `None` where the brand has no words for it."""
        text = self._bank.choose(Part.PRIVATE_MOVE, scene.situation(scene.occasion.register))
        return Segment(Part.PRIVATE_MOVE, text) if text else None


_ORDER = {part: place for place, part in enumerate(Part)}


def _is_to_be_greeted(core: Segment, scene: Scene) -> bool:  # noqa: ARG001
    """A conversation is greeted once, a letter each time."""
    return scene.conversation.channel is Channel.EMAIL or not scene.answered_before


def _nothing_recognises_yet(core: Segment, scene: Scene) -> bool:
    """An answer that recognises by itself is enough; so is one wink or thanks in a conversation."""
    light = scene.emotion in {Emotion.GRATEFUL, Emotion.PLAYFUL}
    return not _RECOGNISES.search(core.text[:_FIRST_WORDS]) and not (light and scene.answered_before)


def _leads_nowhere_yet(core: Segment, scene: Scene) -> bool:
    """An answer that ends in a question, an address or an offer, or waits for details, has its next step.

    So has whoever is asked to take personal data down.
    """
    goes_on = scene.exposed or _GOES_ON.search(core.text[-_LAST_WORDS:]) or _AWAITS.search(core.text)
    return core.part is Part.ANSWER and not goes_on


_HAS_ROOM: Mapping[Part, Callable[[Segment, Scene], bool]] = {
    Part.GREETING: _is_to_be_greeted,
    Part.RECOGNITION: _nothing_recognises_yet,
    Part.CLOSING: _nothing_recognises_yet,
    Part.NEXT_STEP: _leads_nowhere_yet,
}
