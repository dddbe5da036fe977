"""Sentences that greet, recognise, thank, wish or offer help, Dutch and English: around an answer, and none."""

from __future__ import annotations

import re

_DUTCH = (
    r"wat (?:een |is het |ontzettend |heel |erg |enorm )?"
    r"(?:vervelend|naar|jammer|rot|lastig|balen|fijn|leuk|goed|mooi|gedoe|spannend|verdrietig|attent|lief|zonde)",
    r"sorry|excuses|excuus|(?:onze|mijn) excuses|het spijt|balen|vervelend|jammer|zonde",
    r"dat is (?:heel |erg )?(?:vervelend|balen|jammer|niet leuk|niet de bedoeling|rot|fijn|goed)",
    r"(?:dat |heel goed |heel )?(?:snap|begrijp)",
    r"(?:ik|we|wij) (?:snap|snappen|begrijp|begrijpen|hoop|hopen|help|helpen|hoor|lees|zie dat je|wens|kijk graag)",
    r"(?:je|u) (?:wilt|baalt)|logisch|begrijpelijk",
    r"(?:hartelijk |heel erg |heel )?(?:dank|bedankt)|graag gedaan|geen (?:probleem|dank|punt)",
    r"fijn|leuk|mooi|top|super|prima|natuurlijk|uiteraard|welkom|hopelijk|groet",
    r"succes|veel (?:plezier|succes|sterkte)|sterkte|geniet|nog een|een (?:fijne|prettige|mooie)|fijne|prettige|tot",
    r"laat het|laat (?:gerust|maar|ons|me)|hebt? (?:je|u) (?:nog |verder )?(?:vragen|een vraag)",
    r"(?:stel|vraag|bel|mail|app|zeg|laat) (?:ze|het|hem|dat|me|ons) gerust",
    r"kan ik (?:je|u)|kunnen we (?:je|u)|stuur gerust|lukt het (?:dan )?(?:nog )?niet|kom (?:je|u) er niet uit",
)
_ENGLISH = (
    r"(?:i'm |we're |i am |we are )?(?:so |very |really )*(?:sorry|glad|happy)|thanks|thank you",
    r"how (?:annoying|nice|awful)|that(?:'s| is) (?:annoying|great|a shame|frustrating)",
    r"(?:i|we) (?:understand|hope|see why|get that)|hope|great|no problem|have a|enjoy|good luck",
    r"let (?:me|us) know|you're welcome|any (?:other|more) questions|if you have any|best wishes|welcome",
)
_OPENS = re.compile(rf"^(?:(?:ja|nee|oh|ach|hé|oké|ok|goed|yes|no|well)[,!]? )?(?:{'|'.join((*_DUTCH, *_ENGLISH))})\b")
_STATES = re.compile(r"€|\d{3}|\d[.,:]\d|https?:|www\.|\w\.(?:nl|com|example|eu|org)\b|@")


def is_courtesy(line: str) -> bool:
    """Whether a sentence in plain text is said for the tone, and states nothing that could be wrong.

    A sentence with an amount, a time or an address states something, however it opens.
    """
    return bool(_OPENS.match(line)) and not _STATES.search(line)
