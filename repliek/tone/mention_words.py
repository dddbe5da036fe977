"""How Dutch and English speak of time, place and trouble, as far as it is said back to a customer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from repliek.tone.calendar import MONTHS, WEEKDAYS


@dataclass(frozen=True, slots=True)
class MentionWords:
    """The words of one language, and how they are said back.

    Attributes:
        waited: a time that lasts, in the group `lasts`, or a moment since when, in `since`.
        trouble: what a sentence must hold for that to be a wait, and for a day to be more than the day of an order.
        no_wait: what it must not hold: a contract, an age, a journey, what is over.
        lasting: how a time that lasts is said back, with `{}` for it.
        since: how a moment is said back since when it lasts.
        in_full: figures, abbreviations and turns that are said back in other words.
        past: a day that lies behind.
        proper: what has a capital wherever it stands.
        dated: a day with its month, in the groups `day`, `month` and `year`.
        months: as they are said back, in their order.
        on: how a day with its month is said back.
        place: a place, in the group `place`.
        here: what a sentence must hold for it to be where something is the matter.
        elsewhere: what it must not hold: where relatives live, or something was bought.
        no_places: what has a capital behind the same words, in lower case.
        ending: what may end a product's word: a plural, or what makes it a compound.
        works: what says behind a product that nothing is the matter with it.
    """

    waited: re.Pattern[str]
    trouble: re.Pattern[str]
    no_wait: re.Pattern[str]
    lasting: str
    since: str
    in_full: Mapping[str, str]
    past: re.Pattern[str]
    proper: re.Pattern[str]
    dated: re.Pattern[str]
    months: tuple[str, ...]
    on: str
    place: re.Pattern[str]
    here: re.Pattern[str]
    elsewhere: re.Pattern[str]
    no_places: frozenset[str]
    ending: str
    works: str


def _words(alternatives: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{alternatives})\b", re.IGNORECASE)


def _begun(months: tuple[str, ...]) -> str:
    """Return a pattern of months in full, or their first three or four letters."""
    return "|".join(f"{month}|{month[:4]}|{month[:3]}" for month in months)


# A name as it stands inside a sentence: capitals alone are an abbreviation, or shouting.
_CAPITAL = r"(?:'s-)?[A-ZÀ-Þ][a-zß-ÿ]+(?:-[A-ZÀ-Þ][a-zß-ÿ]+)*"
_NAME_ENDS = r"(?![\w-]|'\w|\.\w)"

_MAANDEN = MONTHS["nl"]
_GETALLEN = (
    *("een", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien"),
    *("elf", "twaalf", "dertien", "veertien", "vijftien", "zestien", "zeventien", "achttien", "negentien", "twintig"),
)
_AANTAL = rf"(?:\d{{1,2}}|één|{'|'.join(_GETALLEN)})"
_DUUR = (
    rf"(?:(?:bijna |ruim |meer dan )?(?:{_AANTAL} (?:dag(?:en)?|we(?:e)?k(?:en)?|maand(?:en)?|minuten|min)"
    r"|een half uur|anderhalf uur|(?:een|drie) kwartier|anderhalve (?:dag|week|maand))"
    r"|uren|dagen|weken|maanden"
    r"|(?:de hele|den helen|heel de|heel den) (?:ochtend|middag|avond|dag|week|maand)|het hele weekend)"
)
# "Sinds drie uur" may be a time of the day, "al drie uur" is none.
_UREN = rf"(?:bijna |ruim |meer dan )?{_AANTAL} uur"
_WEEKDAG = rf"(?:{'|'.join(WEEKDAYS['nl'])})"
_VOORBIJ = (
    r"(?:eergisteren|gister(?:en|avond|middag|ochtend|morgen)?|vanochtend|vanmorgen"
    rf"|afgelopen (?:{_WEEKDAG}|week|maand|weekend)|vorige (?:week(?: {_WEEKDAG})?|maand))"
)
_NOT_ON_THE_DAY = r"(?<![\d-])(?<!\d en )(?<!\bvanaf )(?<!\bsinds )(?<!\bna )(?<!\btot )(?<!\bper )(?<!\bvoor )"
_NO_DURATION_BEHIND = r"\b(?! of \w+\b| geleden\b| later\b| eerder\b| terug\b| per\b)"

_GEEN_PLAATSEN = frozenset({
    "mijn", "uw", "je", "jullie", "thuis", "nederland", "holland", "europa", "nederlands", "engels", "frans",
    "duits", "word", "excel", "outlook", "teams", "chrome", "safari", "windows", "gmail", "google", "whatsapp",
    "facebook", "instagram", "netflix", "youtube", "messenger", "twitter", "app", "play", "store", "instellingen",
    "god", "jezus", "kerst", "pasen", "pinksteren", *_MAANDEN,
})  # fmt: skip

DUTCH = MentionWords(
    waited=re.compile(
        rf"\b(?:al|nu al|wacht(?:en)?(?: nu)?) (?P<lasts>{_DUUR}|{_UREN}){_NO_DURATION_BEHIND}"
        rf"|\bsinds (?P<for>{_DUUR}|een uur){_NO_DURATION_BEHIND}"
        rf"|\b(?P<queue>{_DUUR}|{_UREN})(?= in de wacht\b)"
        rf"|\b(?:sinds|vanaf) (?P<since>{_VOORBIJ}|{_WEEKDAG}(?:ochtend|middag|avond)?)\b",
        re.IGNORECASE,
    ),
    trouble=_words(
        r"zonder|geen|niet|niks|niets|niemand|nergens|wacht\w*|storing|plat|kapot|stuk|traag|sloom|hapert\w*|weg"
        "|dood|zwart|wit(?:te)?|offline|eruit|ligt|uitgevallen|afgesloten|problemen?|last|bezig|rood|knippert"
        "|nog steeds|nog altijd|blij(?:ft|ven) hangen"
    ),
    no_wait=_words(
        "klant|contract|opzegtermijn|tevreden|heerlijk|lekker|binnen|oud|getrouwd|samen|vakantie|op reis|zwanger"
        "|ziek|ziekenhuis|overleden|bedenktijd|jaar|het is al|is het al|verhuisd|gezeten|gestaan|gehad|gehangen"
        "|was|waren|stond|zat|hing|werd|leeft|gewerkt|opgenomen|is er|bestaat|hij is weg|is (?:hij|ze|zij) weg|man"
        "|vrouw|vader|moeder|ma|pa|mama|papa|broer|zus|zoon|dochter|vriend|vriendin|oma|opa"
    ),
    lasting="{}",
    since="sinds {}",
    in_full={
        **{str(number): word for number, word in enumerate(_GETALLEN, 1)},
        "min": "minuten",
        "wk": "week",
        "één": "een",
        "gister": "gisteren",
        "heel de": "de hele",
        "heel den": "de hele",
        "den helen": "de hele",
    },
    past=re.compile(rf"(?<!sinds )(?<!vanaf )(?<!tot )\b{_VOORBIJ}\b", re.IGNORECASE),
    proper=re.compile(r"(?!)"),
    dated=re.compile(
        rf"{_NOT_ON_THE_DAY}(?P<day>\d{{1,2}})(?:e|ste|de)? (?P<month>{_begun(_MAANDEN)})\b\.?"
        r"(?: (?P<year>20\d\d)\b)?",
        re.IGNORECASE,
    ),
    months=_MAANDEN,
    on="op {} {}",
    place=re.compile(
        rf"(?<=[\w,;:)] )(?:in|te) (?P<place>(?:(?:De|Den|Het|Sint) )?{_CAPITAL}"
        rf"(?: (?:(?:aan|op|bij|over)(?: de| den| het)? )?{_CAPITAL})?){_NAME_ENDS}"
    ),
    here=_words(
        r"hier|bij ons|storing|uitval|verbinding\w*|netwerk|internet|bereik|streepjes?|mast|signaal|plat|zonder"
        "|[45]g|glas(?:vezel)?|winkel|vestiging|eruit|sta"
    ),
    elsewhere=_words(
        "kocht|gekocht|ophalen|vacature|woont|zit|ligt mijn|naar|reis|op reis|strand|tante|vader|moeder|broer|zus"
        "|zuster|zoon|dochter|vriend|vriendin|oma|opa"
    ),
    no_places=_GEEN_PLAATSEN,
    ending=r"(?:s|'s|en|jes?|tjes?)?"
    r"(?:-?(?:storing|verbinding|signaal|uitval|ontvangst|abonnement|aansluiting|problemen|probleem|bereik))?",
    works=r"\W+(?:(?:\w+\W+)?(?:doet het|werkt|doen het|werken)\W+(?:wel|gewoon|prima|goed|weer|perfect|uitstekend)"
    r"|(?:het )?(?:wel|gewoon|prima) (?:doet|doen|werkt|werken))\b",
)

_MONTHS = tuple(month.capitalize() for month in MONTHS["en"])
_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_WEEKDAY = rf"(?:{'|'.join(WEEKDAYS['en'])})"
_BEHIND = (
    r"(?:yesterday(?: (?:morning|afternoon|evening))?|this morning"
    rf"|last (?:night|week|month|weekend|{_WEEKDAY}))"
)
_LASTS = (
    rf"(?:(?:almost |over |more than |nearly )?(?:\d{{1,2}}|an?|{'|'.join(_NUMBERS)})"
    r" (?:hours?|days?|weeks?|months?|minutes|min)|half an hour|hours|days|weeks|months)"
)

_NO_PLACES = frozenset({
    "dutch", "english", "german", "french", "europe", "netherlands", "holland", "mijn", "google", "chrome",
    "safari", "whatsapp", "facebook", "instagram", "app", "settings", *(month.lower() for month in _MONTHS),
})  # fmt: skip

ENGLISH = MentionWords(
    waited=re.compile(
        rf"\bfor (?:the (?:past|last) |about |like )?(?P<lasts>{_LASTS})\b"
        r"(?! (?:stopover|stay|trip|every|each|a)\b)"
        rf"|\b(?P<for>(?!))(?P<queue>{_LASTS})(?= (?:on hold|in the queue)\b)"
        rf"|\bsince (?P<since>{_BEHIND}|{_WEEKDAY}(?: (?:morning|afternoon|evening|night))?)\b",
        re.IGNORECASE,
    ),
    trouble=_words(
        "without|no|not|never|nothing|nobody|waiting|hold|down|dead|still|slow|stuck|offline|broken|out|gone"
        r"|locked|cannot|\w+n't"
    ),
    no_wait=_words(
        r"customer|contract|will|going|trip|holiday|abroad|travel\w*|stay\w*|visit\w*|could|want|would|years?|was"
        "|were|showed|had|did|went|every day|husband|wife|passed|died|i'll|months? ago"
    ),
    lasting="for {}",
    since="since {}",
    in_full={**{str(number): word for number, word in enumerate(_NUMBERS, 1)}, "min": "minutes"},
    past=re.compile(rf"(?<!since )(?<!until )(?<!from )\b{_BEHIND}\b", re.IGNORECASE),
    proper=re.compile(_WEEKDAY, re.IGNORECASE),
    dated=re.compile(
        r"(?<![\d-])(?<!\bfrom )(?<!\bsince )(?<!\bafter )(?<!\buntil )(?<!\bbefore )"
        rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<month>{_begun(_MONTHS)})\b"
        r"(?:,? (?P<year>20\d\d)\b)?",
        re.IGNORECASE,
    ),
    months=_MONTHS,
    on="on {} {}",
    place=re.compile(rf"(?<=[\w,;:)] )in (?P<place>(?:(?:The|Den|De|Sint) )?{_CAPITAL}(?: {_CAPITAL})?){_NAME_ENDS}"),
    here=_words(
        "here|outage|network|internet|signal|coverage|bars|down|fibre|fiber|shop|store|without|[45]g|reception"
        "|i'm|i am|back"
    ),
    elsewhere=_words(
        r"bought|born|famil\w+|mother|father|sister|brother|son|daughter|lives?|moving|trip|abroad|letter|mail"
        "|from"
    ),
    no_places=_NO_PLACES,
    ending=r"(?:s|'s)?",
    works=r"\W+(?:\w+\W+)?(?:works?|is)\W+(?:fine|well|ok|okay|again|perfectly)\b",
)

WORDS: Mapping[str, MentionWords] = {"nl": DUTCH, "en": ENGLISH}
"""By ISO 639-1 code."""
