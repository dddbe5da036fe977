"""Which wording of a topic is said in a scene, and what an agent should know before sending it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from repliek.conversation import Channel
from repliek.knowledge import Answer, Status
from repliek.tone.compose import Composed, Composer
from repliek.tone.lightness import is_light
from repliek.tone.rules.hygiene import OpenSlots
from repliek.tone.rules.public import PersonalDataAsked
from repliek.tone.scene import Scene
from repliek.variants import fitting, obstacle

_SAID_ENOUGH = 60
"""So many characters of an answer in an earlier text are no accident."""


@dataclass(frozen=True, slots=True)
class Written:
    """A reply to one conversation.

    Attributes:
        answers: of the knowledge base, in the order of the text.
        composed: the text.
        elsewhere: whether the text only asks to go on in private, where the answer can be given.
        repeats: whether the brand has said the answer here before.
    """

    answers: tuple[Answer, ...]
    composed: Composed
    elsewhere: bool = False
    repeats: bool = False

    @property
    def cautions(self) -> tuple[str, ...]:
        """What an agent should look at before sending."""
        names = ", ".join(answer.answer_id for answer in self.answers)
        unreviewed = [answer.answer_id for answer in self.answers if answer.status is Status.UNREVIEWED]
        said = (
            *(f"{answer_id}: nobody has reviewed this answer yet." for answer_id in unreviewed),
            f"{names}: for private eyes only, so the suggestion asks to go on there." if self.elsewhere else "",
            f"{names}: said before in this conversation or thread." if self.repeats else "",
            *self._open_slots(),
            *(f"{names}: put in {self.composed.register}; look again at {doubt}" for doubt in self.composed.doubts),
            *(
                f"{names}: {finding.rule}, {finding.detail}"
                for finding in self.composed.findings
                if finding.rule != OpenSlots.name  # said above, by answer
            ),
        )
        return tuple(caution for caution in said if caution)

    def _open_slots(self) -> Iterator[str]:
        for answer in self.answers:
            slots = [name for name in self.composed.open_slots if name in answer.slots]
            if slots:
                yield f"{answer.answer_id}: fill in {', '.join(slots)}."


class Writer:
    """Writes replies out of the variants of topics. Safe to share between threads."""

    def __init__(self, composer: Composer) -> None:
        self._composer = composer

    def write(self, variants: Sequence[Answer], scene: Scene) -> Written | str:
        """Return the best wording of a topic that may be shown here, or why there is none.

        Where others read along and the answer is for private eyes, or asks what nobody should tell in public, the
        reply moves the conversation.
        """
        if scene.grave and any(map(is_light, variants)):
            return "The fitting answer is light, and the customer does not seem to be."
        allowed = fitting(variants, scene.occasion)
        refused: list[Composed] = []
        for answer in allowed:
            composed = self._composer.compose([answer], scene)
            if composed.may_be_shown:
                return Written((answer,), composed, repeats=_said(composed, scene))
            refused.append(composed)
        return self._elsewhere(variants, refused, scene) or _why(variants, refused, scene)

    def write_together(self, answers: Sequence[Answer], scene: Scene) -> Written | None:
        """Put several answers into one reply; `None` where that may not be shown."""
        composed = self._composer.compose(answers, scene)
        return Written(tuple(answers), composed, repeats=_said(composed, scene)) if composed.may_be_shown else None

    def _elsewhere(self, variants: Sequence[Answer], refused: Sequence[Composed], scene: Scene) -> Written | None:
        if not scene.conversation.channel.public:
            return None
        in_private = fitting(variants, replace(scene.occasion, channel=Channel.DM))
        asks = any(finding.rule == PersonalDataAsked.name for composed in refused for finding in composed.errors)
        if not in_private or (len(in_private) == len(refused) and not asks):
            return None
        composed = self._composer.move(scene)
        return Written((in_private[0],), composed, elsewhere=True) if composed and composed.may_be_shown else None


def _why(variants: Sequence[Answer], refused: Sequence[Composed], scene: Scene) -> str:
    """Say what stood in the way of the best variant that came nearest."""
    if refused:
        errors = refused[0].errors
        if not errors:
            return f"The fitting answer is too long for {scene.conversation.channel}."
        return f"The fitting answer breaks a rule: {errors[0].rule}, {errors[0].detail}"
    return next(reason for answer in variants if (reason := obstacle(answer, scene.occasion)))


def _said(composed: Composed, scene: Scene) -> bool:
    return any(answer[:_SAID_ENOUGH] in text for answer in composed.answers for text in scene.said_by_brand)
