"""Who takes a message on, how soon, and how a human opens: what follows from the needs of a conversation."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from repliek.brand import Brand, Team
from repliek.conversation import Channel, Conversation
from repliek.hours import OpeningHours
from repliek.needs import Level, Need, Needs
from repliek.tone.compose import Composer
from repliek.tone.openings import Step, opening
from repliek.tone.scene import Scene
from repliek.variants import Occasion
from repliek.vocabulary import Route

_WHY: dict[Need, str] = {
    Need.SELF_HARM: "The customer may be thinking of suicide or self-harm.",
    Need.DANGER: "Somebody may be in danger.",
    Need.DATA_BREACH: "Personal data may have reached somebody else.",
    Need.LEGAL_THREAT: "The customer speaks of a lawyer or a court.",
    Need.REGULATOR_THREAT: "The customer is about to go to a regulator or a disputes committee.",
    Need.PRESS_THREAT: "The customer is about to go to the press, or writes for it.",
    Need.DISCRIMINATION: "The customer speaks of discrimination.",
    Need.BEREAVEMENT: "Somebody has died.",
    Need.VULNERABLE: "The customer, or somebody near, needs extra care.",
    Need.BROKEN_PROMISE: "An earlier promise was not kept, the customer says.",
    Need.THIRD_CONTACT: "The customer asks for the third time or more.",
}


@dataclass(frozen=True, slots=True)
class Referral:
    """Where a conversation goes, and how a human may begin.

    Attributes:
        reasons: why, the gravest first.
        detail: the same for people, without the customer's words.
        route: how the conversation goes on.
        address: of that route, `None` where the brand names none.
        team: who takes it on, `None` where the brand names none for this need.
        opening: what an agent may send first; no answer, and nothing promised.
    """

    reasons: tuple[Need, ...]
    detail: str
    route: Route
    address: str | None
    team: str | None
    opening: str


@dataclass(frozen=True, slots=True)
class Escalation:
    """An alarm: somebody beyond the agent must know at once."""

    reasons: tuple[Need, ...]
    detail: str


@dataclass(frozen=True, slots=True)
class Priority:
    """How pressing a message is. Those with the earliest `before` go first: by need, and by the time they have waited.

    Attributes:
        level: what its gravest need asks.
        before: when a human should have looked at it. What may wait does so within opening hours; what is urgent may
            not, whatever the hour.
    """

    level: Level
    before: datetime


@dataclass(frozen=True, slots=True)
class Handling:
    """What the needs of a conversation ask, besides or instead of a suggestion.

    Attributes:
        needs: why a human must decide, the gravest first; none for an ordinary message.
        hand_over: to whom, `None` without needs.
        escalation: the alarm, `None` where no need is that grave.
        priority: of the message.
    """

    needs: tuple[Need, ...]
    hand_over: Referral | None
    escalation: Escalation | None
    priority: Priority


class Triage:
    """Reads what conversations need, and handles it as a brand does."""

    def __init__(self, needs: Needs, brand: Brand, composer: Composer) -> None:
        self._needs = needs
        self._brand = brand
        self._composer = composer
        self._hours = OpeningHours.of(brand)

    def handle(self, conversation: Conversation, occasion: Occasion, received: datetime) -> Handling:
        """Return what a conversation asks of people.

        Args:
            conversation: what was said.
            occasion: in which language and register the customer should be addressed; openings exist in Dutch and
                English, any other language is opened in English.
            received: when the message came in.
        """
        needs = self._needs.read(conversation)
        priority = self._priority(needs, received)
        if not needs:
            return Handling(needs, None, None, priority)
        grave = tuple(need for need in needs if need.escalates)
        return Handling(
            needs=needs,
            hand_over=self._refer(needs, conversation, occasion),
            escalation=Escalation(grave, _detail(grave)) if grave else None,
            priority=priority,
        )

    def _priority(self, needs: tuple[Need, ...], received: datetime) -> Priority:
        level = needs[0].level if needs else Level.NORMAL
        return Priority(level, self._hours.add(received, level.patience * self._brand.reply_times.first_reply))

    def _refer(self, needs: tuple[Need, ...], conversation: Conversation, occasion: Occasion) -> Referral:
        team = self._team(needs)
        route, address = self._route(needs, conversation, team)
        # Another number than the brand's own helps where a life is at stake, whatever the route.
        lines = self._brand.hand_over
        step = Step(
            dm=address if route is Route.DM else None,
            phone=address if route is Route.PHONE else None,
            emergency=lines.emergency,
            crisis=lines.crisis,
        )
        spoken = replace(occasion, language="nl" if occasion.language == "nl" else "en")
        text = opening(needs[0], spoken.language, spoken.register, step)
        opened = self._composer.opened(text, Scene.read(conversation, spoken, self._brand))
        return Referral(needs, _detail(needs), route, address, team.name if team else None, opened)

    def _team(self, needs: tuple[Need, ...]) -> Team | None:
        """Return the team of the gravest need that has one."""
        keys = (self._brand.hand_over.teams.get(need) for need in needs)
        return next((self._brand.teams[key] for key in keys if key is not None), None)

    def _route(
        self, needs: tuple[Need, ...], conversation: Conversation, team: Team | None
    ) -> tuple[Route, str | None]:
        """Return how to go on: out of sight of others, by voice where it cannot wait, and otherwise where we are."""
        lines, channel = self._brand.hand_over, conversation.channel
        if channel.public and lines.dm:
            return Route.DM, lines.dm
        urgent = needs[0].level is Level.URGENT and channel is not Channel.PHONE
        if lines.phone and (channel.public or urgent):
            return Route.PHONE, lines.phone
        return Route.TEAM, team.address if team else None


def _detail(needs: tuple[Need, ...]) -> str:
    return " ".join(_WHY[need] for need in needs)
