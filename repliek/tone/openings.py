"""How a human opens where no written answer fits: one sentence that recognises, one that says how to go on.

Nothing in them promises, defends or asks for personal data; each fits a post on X, greeted and signed.
"""

from __future__ import annotations

from dataclasses import dataclass

from repliek.needs import Need
from repliek.tone.register import Register


@dataclass(frozen=True, slots=True)
class Step:
    """How the conversation goes on.

    Attributes:
        dm: address for private messages, where it moves there.
        phone: number to call, where it moves there.
        emergency: public emergency number.
        crisis: public number for people who think of suicide.
    """

    dm: str | None
    phone: str | None
    emergency: str
    crisis: str


@dataclass(frozen=True, slots=True)
class _Wording:
    """One sentence in three forms."""

    je: str
    u: str
    en: str

    def form(self, language: str, register: Register) -> str:
        if language != "nl":
            return self.en
        return self.je if register is Register.JE else self.u


_RECOGNITION: dict[Need, _Wording] = {
    Need.SELF_HARM: _Wording(
        "Wat heftig, fijn dat je het zegt. Praat er nu met iemand over: bel {crisis}, dag en nacht. "
        "Bij direct gevaar: {emergency}.",
        "Wat heftig, fijn dat u het zegt. Praat er nu met iemand over: bel {crisis}, dag en nacht. "
        "Bij direct gevaar: {emergency}.",
        "I am so sorry you feel this way. Please talk to someone now: call {crisis}, day and night. "
        "In danger: {emergency}.",
    ),
    Need.DANGER: _Wording(
        "Dat klinkt niet veilig. Breng jezelf eerst in veiligheid en bel bij direct gevaar {emergency}.",
        "Dat klinkt niet veilig. Breng uzelf eerst in veiligheid en bel bij direct gevaar {emergency}.",
        "That does not sound safe. Get yourself to safety first, and call {emergency} if there is immediate danger.",
    ),
    Need.DATA_BREACH: _Wording(
        "Goed dat je dit meldt. Met gegevens moet het kloppen, dus dit wil ik meteen laten uitzoeken.",
        "Goed dat u dit meldt. Met gegevens moet het kloppen, dus dit wil ik meteen laten uitzoeken.",
        "Thank you for telling us. Personal data must be safe, so I want this looked into right away.",
    ),
    Need.LEGAL_THREAT: _Wording(
        "Ik begrijp dat je dit hoog opneemt, en wil het zelf goed bekijken.",
        "Ik begrijp dat u dit hoog opneemt, en wil het zelf goed bekijken.",
        "I understand how serious this is to you, and want to look into it myself.",
    ),
    Need.REGULATOR_THREAT: _Wording(
        "Ik begrijp dat je dit hogerop wilt zoeken, en wil eerst zelf goed bekijken wat er is gebeurd.",
        "Ik begrijp dat u dit hogerop wilt zoeken, en wil eerst zelf goed bekijken wat er is gebeurd.",
        "I understand that you want to take this further, and want to look into what happened myself.",
    ),
    Need.PRESS_THREAT: _Wording(
        "Je bericht is gezien, en ik wil er persoonlijk met je naar kijken.",
        "Uw bericht is gezien, en ik wil er persoonlijk met u naar kijken.",
        "I have read your message, and want to look into it with you in person.",
    ),
    Need.DISCRIMINATION: _Wording(
        "Wat naar dat je dit zo hebt ervaren. Dit neem ik serieus en ik hoor graag wat er is gebeurd.",
        "Wat naar dat u dit zo hebt ervaren. Dit neem ik serieus en ik hoor graag wat er is gebeurd.",
        "I am sorry that this is how it felt. I take it seriously and would like to hear what happened.",
    ),
    Need.BEREAVEMENT: _Wording(
        "Wat verdrietig, gecondoleerd met dit verlies. Ik help je hier graag persoonlijk mee.",
        "Wat verdrietig, gecondoleerd met dit verlies. Ik help u hier graag persoonlijk mee.",
        "I am very sorry for your loss. I would like to help you with this in person.",
    ),
    Need.VULNERABLE: _Wording(
        "Dank je dat je dit vertelt. Ik kijk graag rustig met je mee.",
        "Dank u dat u dit vertelt. Ik kijk graag rustig met u mee.",
        "Thank you for telling me. I am glad to go through this with you, at your pace.",
    ),
    Need.BROKEN_PROMISE: _Wording(
        "Je rekende op ons en daar bleef het bij. Dat is vervelend, ik zoek uit wat er is misgegaan.",
        "U rekende op ons en daar bleef het bij. Dat is vervelend, ik zoek uit wat er is misgegaan.",
        "You counted on us and heard nothing more. That is annoying; I am finding out what went wrong.",
    ),
    Need.THIRD_CONTACT: _Wording(
        "Je hebt dit al vaker moeten vragen, dat is niet de bedoeling. Ik lees alles eerst goed terug.",
        "U hebt dit al vaker moeten vragen, dat is niet de bedoeling. Ik lees alles eerst goed terug.",
        "You have had to ask this too often. I am reading back everything first.",
    ),
}
_BY_DM = _Wording(
    "Stuur je een privébericht? Dat kan via {dm}.",
    "Stuurt u een privébericht? Dat kan via {dm}.",
    "Could you send a private message? {dm}",
)
_BY_PHONE = _Wording(
    "Liever iemand spreken? Bel ons op {phone}.",
    "Liever iemand spreken? Bel ons op {phone}.",
    "Would you rather talk? Call us at {phone}.",
)
_HERE = _Wording(
    "Een collega die hierover gaat, leest mee.",
    "Een collega die hierover gaat, leest mee.",
    "A colleague who knows about this is reading along.",
)


def opening(need: Need, language: str, register: Register, step: Step) -> str:
    """Return the opening for a need, ungreeted and unsigned.

    Args:
        need: the gravest one.
        language: `nl`; anything else is English.
        register: `JE` is familiar, anything else formal.
        step: how to go on; without address nor number, a colleague joins where we are.
    """
    further = _BY_DM if step.dm else _BY_PHONE if step.phone else _HERE
    text = f"{_RECOGNITION[need].form(language, register)} {further.form(language, register)}"
    return text.format(dm=step.dm, phone=step.phone, emergency=step.emergency, crisis=step.crisis)
