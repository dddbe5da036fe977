"""From answers to a reply: in the customer's register, planned, filled in, fitted to the channel, and looked over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from repliek.brand import Brand
from repliek.conversation import Channel
from repliek.knowledge import Answer
from repliek.tone.address import Rewritten
from repliek.tone.emotion import Emotion
from repliek.tone.layout import DISPENSABLE, Laid, Layout
from repliek.tone.phrases import DEFAULT_PHRASES, Part, PhraseBank
from repliek.tone.plan import Planner, Segment
from repliek.tone.register import Register, Usage, detect_usage
from repliek.tone.rewriting import has_registers, rewrite
from repliek.tone.rules import Draft, Finding, Linter, Severity
from repliek.tone.scene import Scene
from repliek.variants import Occasion
from repliek.vocabulary import SLOT

REMEMBERED = 2_000
"""Answers are said again and again, so what they read like in the other register is worth remembering."""


@dataclass(frozen=True, slots=True)
class Composed:
    """A text that is ready for an agent's eye.

    Attributes:
        laid: the text as the channel takes it.
        answers: what it says of the knowledge base, slots filled, in its register.
        register: how it addresses the customer.
        open_slots: places that nobody could fill; they stand in the text as `{name}`.
        doubts: sentences that another register may have made wrong.
        findings: the rules that it breaks.
    """

    laid: Laid
    answers: tuple[str, ...]
    register: Register
    open_slots: tuple[str, ...]
    doubts: tuple[str, ...]
    findings: tuple[Finding, ...]

    @property
    def text(self) -> str:
        """What would be sent; several posts are a paragraph each."""
        return "\n\n".join(self.laid.posts)

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The rules because of which it must not be shown."""
        return tuple(finding for finding in self.findings if finding.severity is Severity.ERROR)

    @property
    def may_be_shown(self) -> bool:
        """Whether it keeps the channel's limit and breaks no rule that matters."""
        return self.laid.length.fits and not self.errors


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
        self._facts = brand.facts
        self._planner = Planner(bank)
        self._layout = Layout(brand)
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
        return self._laid(parts, scene).text

    def _core(self, answers: Sequence[Answer], scene: Scene) -> _Core:
        # What a customer mentioned fills phrases only: it is no fact of the brand, whatever a slot is called.
        filling = {**self._facts, "first_name": scene.values.get("first_name")}
        values = {name: value for name, value in filling.items() if value}
        register = _register(answers, scene.occasion)
        said = [_addressed(answer.text, answer.language, register) for answer in answers]
        texts = tuple(SLOT.sub(lambda slot: values.get(slot[1], slot[0]), one.text).strip() for one in said)
        slots = dict.fromkeys(name for one in said for name in SLOT.findall(one.text))
        return _Core(
            Segment(Part.ANSWER, ("\n\n" if scene.conversation.channel is Channel.EMAIL else "\n").join(texts)),
            texts,
            register,
            tuple(name for name in slots if name not in values),
            tuple(doubt for one in said for doubt in one.doubts),
        )

    def _written(self, core: _Core, scene: Scene) -> Composed:
        parts = self._planner.around(core.segment, scene, core.register)
        composed = self._looked_over(parts, core, scene)
        without_one = ([one for one in parts if one.part is not part] for part in DISPENSABLE)
        bare = [one for one in parts if one.part not in DISPENSABLE]
        for fewer in (*without_one, bare):
            if not composed.errors:
                break
            composed = self._looked_over(fewer, core, scene)
        return composed

    def _looked_over(self, parts: Sequence[Segment], core: _Core, scene: Scene) -> Composed:
        laid = self._laid(parts, scene)
        draft = Draft(
            text=laid.text,
            answers=core.answers,
            said=scene.said_by_customer,
            known=tuple(scene.values.values()),
            language=scene.occasion.language,
            register=core.register,
            channel=scene.conversation.channel,
        )
        return Composed(laid, core.answers, core.register, core.open_slots, core.doubts, self._linter.lint(draft))

    def _laid(self, parts: Sequence[Segment], scene: Scene) -> Laid:
        return self._layout.lay(parts, scene.conversation.channel, scene.occasion.language)


def _register(answers: Sequence[Answer], occasion: Occasion) -> Register:
    """Return the one register of a reply: what is asked for, or else that of the first answer that has one."""
    if has_registers(occasion.language) and occasion.register is not Register.NEUTRAL:
        return occasion.register
    return next((answer.register for answer in answers if answer.register is not Register.NEUTRAL), Register.NEUTRAL)


@lru_cache(maxsize=REMEMBERED)
def _addressed(text: str, language: str, register: Register) -> Rewritten:
    """Put an answer in `register`, whatever its label says: a text that was mined or imported has none that is sure."""
    if register is Register.NEUTRAL or detect_usage(text) in {Usage.NONE, Usage(register)}:
        return Rewritten(text)
    return rewrite(text, register, language)
