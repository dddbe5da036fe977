"""Names where people say them: in greetings, in sign-offs, and when they introduce themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from repliek.privacy.spans import Finder, Kind, PersonalData

_TITLE = r"(?:(?i:meneer|mevrouw|heer|de heer|mevr\.?|dhr\.?|mw\.?|mr\.?|mrs\.?|ms\.?|familie|fam\.?) )"
# A capital and small letters: a mask such as NAME-M, an abbreviation or a brand in capitals is no name.
_WORD = r"(?:[A-ZÀ-Þ][a-zß-ÿ'’]{1,30}+(?:-[A-ZÀ-Þ][a-zß-ÿ]{1,30}+)?(?![\w-]))"
_INITIALS = r"(?:(?:[A-Z]|Th|Ph|Chr?|Dr|Drs|Ds|Ir|Ing)\. ?){1,4}"
_PARTICLE_WORDS = ("van", "de", "den", "der", "het", "'t", "ten", "ter", "el", "al", "von", "op", "in")
_PARTICLES = rf"(?:(?i:{'|'.join(_PARTICLE_WORDS)}) ){{0,3}}"
_NAME = rf"(?:{_INITIALS})?{_WORD}(?: {_PARTICLES}{_WORD}){{0,2}}"
_ANY_NAME = rf"(?:{_INITIALS}{_PARTICLES}{_WORD}|{_NAME})"

_GREETING = (
    r"(?:hoi|hallo|hey|hi|hello|hé|heej|dag|beste|geachte|dear|lieve|goede(?:morgen|middag|navond|ndag)"
    r"|goei(?:emorgen|endag|edag)|good (?:morning|afternoon|evening))"
)
_SIGN_OFF = (
    r"(?:(?:met )?(?:vriendelijke|hartelijke) groet(?:en)?|m\.?v\.?g\.?|groet(?:jes|en)?|grt|gr\.?"
    r"|kind regards|best regards|regards|hoogachtend|liefs|cheers)"
)
_NO_NAMES = frozenset({
    "mevr", "mw", "dhr", "fam", "familie", "mr", "mrs", "ms", "drs", "ds", "dr", "hoi", "hi", "hallo", "sirs", "vragen",
    "all", "allemaal", "allen", "als", "alvast", "bedankt", "bedrijf", "bij", "collega", "customer", "daar",
    "dames", "dank", "dat", "de", "directie", "dit", "een", "en", "er", "everyone", "gisteren", "heb", "hebben",
    "heer", "helaas", "helpdesk", "heren", "het", "hoe", "hulp", "iedereen", "ik", "in", "is", "jongens",
    "jullie", "kan", "klant", "klantenservice", "kunnen", "kunt", "lezer", "madam", "medewerker", "medewerkers",
    "meneer", "mensen", "met", "mevrouw", "mijn", "namens", "net", "nogmaals", "nu", "of", "op", "redactie",
    "service", "sinds", "sir", "support", "team", "terug", "there", "uit", "van", "vandaag", "voor", "vraag",
    "waar", "waarom", "wanneer", "wat", "we", "webcare", "weer", "wij", "winkel",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Names:
    """Finds the names that `pattern` catches in its first group, less the words that only stand where names do."""

    pattern: re.Pattern[str]

    def find(self, text: str) -> Iterator[PersonalData]:
        """Yield the spans in `text`, in order."""
        for match in self.pattern.finditer(text):
            words = (word for word in match[1].lower().split() if word not in _PARTICLE_WORDS)
            if next(words, "") not in _NO_NAMES:
                yield PersonalData(Kind.NAME, *match.span(1))


FINDERS: tuple[Finder, ...] = (
    Names(re.compile(rf"(?<!\w)(?i:{_GREETING}) {_TITLE}?({_PARTICLES}{_ANY_NAME})(?=\s*(?:[,.!?:;\n]|$))")),
    Names(
        re.compile(
            rf"(?<!\w)(?i:{_SIGN_OFF})\s*[,.!:-]?\s+(?i:van )?{_TITLE}?({_PARTICLES}{_ANY_NAME})(?=\s*(?:[,.!?\n(]|$))"
        )
    ),
    # At the very end even a name without its capital is one: "groetjes, anna".
    Names(re.compile(rf"(?<!\w)(?i:{_SIGN_OFF})(?:,|\n|,\n) ?([a-zß-ÿ]{{2,20}})[.!]?\s*$")),
    Names(
        re.compile(
            r"(?<!\w)(?i:mijn naam is|ik heet|my name is|u spreekt met|je spreekt met|op naam van|t\.?n\.?v\.?) "
            rf"{_TITLE}?({_PARTICLES}{_ANY_NAME})"
        )
    ),
)
