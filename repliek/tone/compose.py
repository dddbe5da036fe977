"""From answers to a reply: in the customer's register, planned, filled in, fitted to the channel, and looked over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from repliek.brand import Brand
from repliek.knowledge import SLOT, Answer
from repliek.tone.address import Rewritten
from repliek.tone.channels import FORMATS, Length, Shape, as_script, measure, split
from repliek.tone.emotion import Emotion
from repliek.tone.phrases import DEFAULT_PHRASES, Part, PhraseBank
from repliek.tone.plan import DISPENSABLE, Planner, Segment
from repliek.tone.register import Register, Usage, detect_usage
from repliek.tone.rewriting import has_registers, rewrite
from repliek.tone.rules import Draft, Finding, Linter, Severity
from repliek.tone.scene import Scene

REMEMBERED = 2_000
"""Answers are said again and again, so what they read like in the other register is worth remembering."""


@dataclass(frozen=True, slots=True)
class Composed:
    """A text that is ready for an agent's eye.

    Attributes:
        parts: of the text, in reading order.
        posts: the text as the channel takes it: one, or several that are numbered.
        length: used and allowed, in the channel's own units; of several posts, that of the longest.
        register: how it addresses the customer.
        open_slots: places that nobody could fill; they stand in the text as `{name}`.
        doubts: sentences that another register may have made wrong.
        findings: the rules that it breaks.
    """

    parts: tuple[Segment, ...]
    posts: tuple[str, ...]
    length: Length
    register: Register
    open_slots: tuple[str, ...]
    doubts: tuple[str, ...]
    findings: tuple[Finding, ...]

    @property
    def text(self) -> str:
        """What would be sent."""
        return "\n\n".join(self.posts)

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The rules because of which it must not be shown."""
        return tuple(finding for finding in self.findings if finding.severity is Severity.ERROR)

    @property
    def may_be_shown(self) -> bool:
        """Whether it keeps the channel's limit and breaks no rule that matters."""
        return self.length.fits and not self.errors


@dataclass(frozen=True, slots=True)
class _Core:
    """What a reply is about: answers in one register, or the words that stand for one."""

    segment: Segment
    answers: tuple[str, ...]
    register: Register
    open_slots: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


class Composer:
    """Composes in a brand's name. Safe to share between threads."""

    def __init__(self, brand: Brand, bank: PhraseBank = DEFAULT_PHRASES, linter: Linter | None = None) -> None:
        self._brand = brand
        self._planner = Planner(bank)
        self._linter = linter or Linter()

    def compose(self, answers: Sequence[Answer], scene: Scene) -> Composed:
        """Put one or more answers in one language in the form of one reply: greeted once, and signed once.

        What is optional goes where the channel has no room for it, or where the text would break a rule by it. The
        answers themselves are never shortened, so the reply may still be too long; `may_be_shown` tells.
        """
        return self._written(self._core(answers, scene), scene)

    def move(self, scene: Scene) -> Composed | None:
        """Ask the customer to go on in private, and say why; `None` where the brand has no words for it."""
        segment = self._planner.move(scene)
        return self._written(_Core(segment, (), scene.occasion.register), scene) if segment else None

    def opened(self, text: str, scene: Scene) -> str:
        """Greet and sign `text`, by which a human takes over."""
        plain = replace(scene, emotion=Emotion.NEUTRAL, exposed=False)
        parts = self._planner.around(Segment(Part.ANSWER, text), plain, scene.occasion.register)
        return "\n\n".join(self._fitted(parts, scene)[1])

    def _core(self, answers: Sequence[Answer], scene: Scene) -> _Core:
        values = {name: scene.values[name] for name in ("first_name", *self._brand.facts) if name in scene.values}
        registers = [_register(answer, scene.occasion.register) for answer in answers]
        said = [
            _addressed(answer.text, answer.language, register)
            for answer, register in zip(answers, registers, strict=True)
        ]
        texts = tuple(SLOT.sub(lambda slot: values.get(slot[1], slot[0]), one.text) for one in said)
        slots = dict.fromkeys(name for one in said for name in SLOT.findall(one.text))
        return _Core(
            Segment(Part.ANSWER, ("\n\n" if _shape(scene) is Shape.MAIL else "\n").join(texts)),
            texts,
            registers[0] if len(set(registers)) == 1 else Register.NEUTRAL,
            tuple(name for name in slots if name not in values),
            tuple(doubt for one in said for doubt in one.doubts),
        )

    def _written(self, core: _Core, scene: Scene) -> Composed:
        parts = self._planner.around(core.segment, scene, core.register)
        composed = self._looked_over(parts, core, scene)
        if composed.errors:
            bare = tuple(part for part in parts if part.part not in DISPENSABLE)
            return self._looked_over(bare, core, scene)
        return composed

    def _looked_over(self, parts: Sequence[Segment], core: _Core, scene: Scene) -> Composed:
        parts, posts, length = self._fitted(parts, scene)
        draft = Draft(
            text="\n".join(posts),
            answers=core.answers,
            said=scene.said_by_customer,
            known=tuple(scene.values.values()),
            language=scene.occasion.language,
            register=core.register,
            channel=scene.conversation.channel,
        )
        return Composed(parts, posts, length, core.register, core.open_slots, core.doubts, self._linter.lint(draft))

    def _fitted(self, parts: Sequence[Segment], scene: Scene) -> tuple[tuple[Segment, ...], tuple[str, ...], Length]:
        """Leave out what is optional, then cut into posts where the brand allows it, until the channel takes it."""
        channel = scene.conversation.channel
        for part in (None, *DISPENSABLE):
            parts = tuple(one for one in parts if one.part is not part)
            text = self._laid_out(parts, scene)
            if measure(text, channel).fits:
                break
        posts = split(text, channel, self._brand.posts_on(channel)) or (text,)
        return parts, posts, max((measure(post, channel) for post in posts), key=lambda one: one.used)

    def _laid_out(self, parts: Sequence[Segment], scene: Scene) -> str:
        """Put the parts in the shape of the channel."""
        greeting, signature = (
            next((one.text for one in parts if one.part is part), "") for part in (Part.GREETING, Part.SIGNATURE)
        )
        body = [one.text for one in parts if one.part not in {Part.GREETING, Part.SIGNATURE}]
        if _shape(scene) is Shape.MAIL:
            closing = self._brand.signature.closing.get(scene.occasion.language, "")
            signed = "\n".join(line for line in (closing, signature) if line)
            return "\n\n".join(part for part in (greeting, *body, signed) if part)
        text = "\n".join(part for part in (greeting, " ".join(part for part in (*body, signature) if part)) if part)
        return as_script(text) if _shape(scene) is Shape.SCRIPT else text


def _shape(scene: Scene) -> Shape:
    return FORMATS[scene.conversation.channel].shape


def _register(answer: Answer, wanted: Register) -> Register:
    """Return the register in which an answer can be said where `wanted` is what the customer should hear."""
    return wanted if has_registers(answer.language) and wanted is not Register.NEUTRAL else answer.register


@lru_cache(maxsize=REMEMBERED)
def _addressed(text: str, language: str, register: Register) -> Rewritten:
    """Put an answer in `register`, whatever its label says: a text that was mined or imported has none that is sure."""
    if register is Register.NEUTRAL or detect_usage(text) in {Usage.NONE, Usage(register)}:
        return Rewritten(text)
    return rewrite(text, register, language)
