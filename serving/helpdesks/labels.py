"""What a note says around a suggestion, in the language of those who read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from repliek.decision import Reason
from repliek.needs import Need
from repliek.vocabulary import Route


@dataclass(frozen=True, slots=True)
class Labels:
    """One language's words.

    Attributes:
        silence: why nothing is suggested; one that is missing is told in the engine's own words, which are English.
        needs: why a human must decide; the same.
        routes: with whom or where the conversation goes on; `{}` is the address.
    """

    suggestion: str
    sure: str
    post: str
    accept: str
    reject: str
    others: str
    mind: str
    silent: str
    alarm: str
    human: str
    team: str
    opening: str
    routes: Mapping[Route, str]
    silence: Mapping[Reason, str] = field(default_factory=dict[Reason, str])
    needs: Mapping[Need, str] = field(default_factory=dict[Need, str])


ENGLISH = Labels(
    suggestion="Repliek suggests",
    sure="{} sure",
    post="Post {} of {}",
    accept="Sent as it is",
    reject="Not useful",
    others="Other suggestions",
    mind="Mind this",
    silent="Repliek suggests nothing",
    alarm="Alarm: involve your supervisor now",
    human="A human must decide",
    team="Goes to: {}",
    opening="To begin with",
    routes={
        Route.TEAM: "How to reach them: {}",
        Route.DM: "Go on in private messages: {}",
        Route.PHONE: "Go on by phone: {}",
    },
    silence={Reason.NEEDS_HUMAN: "No answer that was written beforehand fits here."},
)

DUTCH = Labels(
    suggestion="Voorstel van Repliek",
    sure="{} zeker",
    post="Bericht {} van {}",
    accept="Zo verstuurd",
    reject="Niet bruikbaar",
    others="Andere voorstellen",
    mind="Let op",
    silent="Repliek doet geen voorstel",
    alarm="Alarm: betrek meteen je leidinggevende",
    human="Hier moet een mens over beslissen",
    team="Gaat naar: {}",
    opening="Om mee te beginnen",
    routes={
        Route.TEAM: "Te bereiken via: {}",
        Route.DM: "Ga verder in een privébericht: {}",
        Route.PHONE: "Ga verder aan de telefoon: {}",
    },
    silence={
        Reason.LOW_CONFIDENCE: "Er is geen antwoord dat zeker genoeg past.",
        Reason.OUT_OF_SCOPE: "Het bericht lijkt op niets wat eerder is beantwoord.",
        Reason.NO_VALID_ANSWER: "Er is geen antwoord dat hier en nu gegeven mag worden.",
        Reason.NEEDS_HUMAN: "Een antwoord dat van tevoren is geschreven, past hier niet.",
        Reason.TEMPLATE_REQUIRED: "De klant schreef te lang geleden: dit kanaal neemt nu alleen nog een goedgekeurd "
        "sjabloon aan.",
    },
    needs={
        Need.SELF_HARM: "De klant denkt misschien aan zelfdoding of zelfbeschadiging.",
        Need.DANGER: "Er is misschien iemand in gevaar.",
        Need.DATA_BREACH: "Er zijn misschien persoonsgegevens bij een ander terechtgekomen.",
        Need.LEGAL_THREAT: "De klant noemt een advocaat of de rechter.",
        Need.REGULATOR_THREAT: "De klant wil naar een toezichthouder of geschillencommissie.",
        Need.PRESS_THREAT: "De klant wil naar de pers, of schrijft ervoor.",
        Need.DISCRIMINATION: "De klant spreekt van discriminatie.",
        Need.BEREAVEMENT: "Er is iemand overleden.",
        Need.VULNERABLE: "De klant of een naaste heeft extra zorg nodig.",
        Need.BROKEN_PROMISE: "Volgens de klant is een eerdere belofte niet nagekomen.",
        Need.THIRD_CONTACT: "De klant vraagt het voor de derde keer, of vaker.",
    },
)


def labels_in(language: str) -> Labels:
    """Return the words of a language (ISO 639-1); English where there are none."""
    return DUTCH if language == "nl" else ENGLISH
