"""Names where people say them: in greetings, in sign-offs, and when they introduce themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from repliek.privacy.spans import Finder, Kind, PersonalData, clued

_TITLE = r"(?:(?i:meneer|mevrouw|heer|de heer|mevr\.?|dhr\.?|mw\.?|mr\.?|mrs\.?|ms\.?|familie|fam\.?) )"
# A capital and small letters: a mask such as NAME-M, an abbreviation or a brand in capitals is no name.
_WORD = r"(?:[A-ZÀ-Þ][a-zß-ÿ'’]{1,30}+(?:-[A-ZÀ-Þ][a-zß-ÿ]{1,30}+)?(?![\w-]))"
_INITIALS = r"(?:(?:[A-Z]|Th|Ph|Chr?|Dr|Drs|Ds|Ir|Ing)\. ?){1,4}"
_PARTICLE_WORDS = ("van", "de", "den", "der", "het", "'t", "ten", "ter", "el", "al", "von", "op", "in")
_PARTICLES = rf"(?:(?i:{'|'.join(_PARTICLE_WORDS)}) ){{0,3}}"
_NAME = rf"(?:{_INITIALS})?{_WORD}(?: {_PARTICLES}{_WORD}){{0,2}}"
# Within a sentence "in" and "op" go before a place: "mijn zus in Canada".
_OF_FAMILY = r"(?:(?i:van|de|den|der|'t|ten|ter|el|al|von) ){0,3}"
_PERSON = rf"(?:{_INITIALS}{_OF_FAMILY}{_WORD}|{_OF_FAMILY}{_WORD}(?: {_OF_FAMILY}{_WORD}){{0,2}})"
_ANY_NAME = rf"(?:{_INITIALS}{_PARTICLES}{_WORD}|{_NAME})"

_GREETING = (
    r"(?:hoi|hallo|hey|hi|hello|hé|heej|dag|beste|geachte|dear|lieve|goede(?:morgen|middag|navond|ndag)"
    r"|goei(?:emorgen|endag|edag)|good (?:morning|afternoon|evening))"
)
SIGN_OFF = (
    r"(?:(?:met )?(?:vriendelijke|hartelijke) groet(?:en)?|m\.?v\.?g\.?|groet(?:jes|en)?|grt|gr\.?"
    r"|kind regards|best regards|regards|hoogachtend|liefs|cheers)"
)
_CLOSE_BY = (
    r"(?:mijn|m'n|ons|onze|zijn|haar|my|our) (?:man|vrouw|partner|zoon|dochter|vader|moeder|broer|zus|oom|tante|opa|oma"
    r"|vriend|vriendin|buurman|buurvrouw|schoon(?:vader|moeder|zoon|dochter|zus)|husband|wife|son|daughter|father|mother)"
    r"|(?:je|jullie|uw|een|de|mijn|your) (?:collega|colleague)"
)
_OF_SOMEBODY = r"(?:monteur|medewerk(?:er|ster)|collega|verkoper|verkoopster|man|vrouw|dame|heer|hij|zij|ze)"
_SPOKEN = (
    r"(?:sprak|spraken|spreek|spreken|gesproken|gebeld|gemaild|gechat|contact|te woord gestaan|geholpen)"
    r"(?: [\w']{1,12}){0,3}? (?:met|door)"
)
_GOES_ON = r"(?=\s*(?:[.,!?;(\n]|$| (?:en|van|uit|hier|over|ik|and|from|here)\b))"
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

# What people say they are, and some write with a capital.
_STATES = frozenset({
    "abonnee", "american", "amsterdammer", "belg", "belgian", "blij", "boos", "british", "christen", "duitser", "dutch",
    "eigenaar", "english", "fan", "fine", "french", "fries", "gepensioneerd", "german", "glad", "groninger", "happy",
    "hollander", "irish", "italian", "klaar", "lid", "mantelzorger", "moeder", "moroccan", "moslim", "nederlander",
    "nederlandse", "ok", "oke", "ondernemer", "polish", "rotterdammer", "sorry", "spanish", "student", "sure",
    "teleurgesteld", "turkish", "vader", "vlaming", "weduwe", "weduwnaar", "woedend", "zzp'er",
})  # fmt: skip

# What a family may have at a company.
_OF_FAMILIES = frozenset({"abonnement", "account", "bundel", "deal", "korting", "pakket", "plan", "voordeel"})


@dataclass(frozen=True, slots=True)
class Names:
    """Finds the names that `pattern` catches in its first group, less `others`, which only stand where names do."""

    pattern: re.Pattern[str]
    others: frozenset[str] = _NO_NAMES

    def find(self, text: str) -> Iterator[PersonalData]:
        """Yield the spans in `text`, in order."""
        for match in self.pattern.finditer(text):
            name = match[1].rstrip("'’")
            words = (word for word in name.lower().split() if word not in _PARTICLE_WORDS)
            if next(words, "") not in self.others:
                yield PersonalData(Kind.NAME, match.start(1), match.start(1) + len(name))


FINDERS: tuple[Finder, ...] = (
    Names(re.compile(rf"(?<!\w)(?i:{_GREETING}) {_TITLE}?({_PARTICLES}{_ANY_NAME})(?=\s*(?:[,.!?:;\n]|$))")),
    *clued(
        ("gr", "vg", "v.g", "regards", "hoogachtend", "liefs", "cheers"),
        Names(
            re.compile(
                rf"(?<!\w)(?i:{SIGN_OFF})\s*[,.!:-]?\s+(?i:van )?{_TITLE}?({_PARTICLES}{_ANY_NAME})"
                r"(?=\s*(?:[,.!?\n(]|$))"
            )
        ),
        # At the very end even a name without its capital is one: "groetjes, anna".
        Names(re.compile(rf"(?<!\w)(?i:{SIGN_OFF})(?:,|\n|,\n) ?([a-zß-ÿ]{{2,20}})[.!]?\s*$")),
    ),
    *clued(
        ("naam", "heet", "name", "spreekt", "nv", "n.v"),
        Names(
            re.compile(
                r"(?<!\w)(?i:mijn naam is|ik heet|my name is|u spreekt met|je spreekt met|op naam van|t\.?n\.?v\.?) "
                rf"{_TITLE}?({_PARTICLES}{_ANY_NAME})"
            )
        ),
    ),
    *clued(
        ("meneer", "mevr", "heer", "hr", "mw", "mr", "ms", "fam"),
        Names(re.compile(rf"(?<!\w)(?!MS ){_TITLE}({_PERSON})"), _NO_NAMES | _OF_FAMILIES),
    ),
    *clued(
        ("mijn", "m'n", "ons", "onz", "zijn", "haar", "my", "our", "colle"),
        Names(re.compile(rf"(?<!\w)(?i:{_CLOSE_BY}) ({_PERSON})")),
    ),
    *clued(("heet", "genaamd"), Names(re.compile(rf"(?<!\w)(?i:{_OF_SOMEBODY} (?:heet|heette|genaamd)) ({_PERSON})"))),
    *clued(
        ("spr", "gebeld", "mail", "chat", "contact", "woord", "geholpen"),
        Names(re.compile(rf"(?<!\w)(?i:{_SPOKEN}) {_TITLE}?({_PERSON})")),
    ),
    # Behind "ik ben" and "met" stand many other words: what follows has to show that a name was said.
    *clued(
        ("ik ben", "i am", "i'm"),
        Names(re.compile(rf"(?<!\w)(?i:ik ben|i am|i'm) {_TITLE}?({_PERSON})(?!!){_GOES_ON}"), _NO_NAMES | _STATES),
    ),
    *clued(
        ("met",),
        Names(
            re.compile(rf"(?<!\w)(?i:{_GREETING}[,!.]? (?:u spreekt )?met) {_TITLE}?({_PERSON}){_GOES_ON}"),
        ),
    ),
)
