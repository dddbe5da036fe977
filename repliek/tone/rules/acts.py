"""What a text can promise, Dutch and English: what we will do, by when, and that it is certain."""

from __future__ import annotations

import re
from types import MappingProxyType

from repliek.tone.calendar import WEEKDAYS
from repliek.tone.prose import GAP, Expressions, expression

_WE = r"(?:we|wij|ik)"
_SOMEBODY = r"(?:(?:een|mijn|onze|de) (?:collega|medewerker|specialist|monteur|expert)|iemand(?: van ons)?|er)"
_YOU = r"(?:je|jou|jullie|u)"
_WILL = r"(?:zal|zullen|ga|gaan|laat|laten)"
WE_WILL = (
    r"\b(?:we'll|we will|we are going to|we're going to|i'll|i will|i'm going to|"
    r"(?:a colleague|someone|somebody|an? \w{4,12}) (?:will|is going to)) (?:(?:personally|also|then|gladly|"
    r"make sure) )?"
)
_WE_ALL = "we wij ik we'll i'll we're i'm will going collega medewerker specialist monteur expert iemand"


def act_patterns(dutch_one: str, dutch_many: str, behind: str = "") -> tuple[str, ...]:
    """Patterns of what we do in Dutch, by its forms for ik and for we, and what must follow."""
    both = rf"(?:{dutch_one}|{dutch_many})"
    return (
        rf"\b{_WE} {both}\b{behind}",
        rf"\b{both} {_WE}\b{behind}",
        rf"\b{_WILL} {_WE}{GAP}{{0,5}} {dutch_many}\b",
        rf"\b{_WE} {_WILL}{GAP}{{0,5}} {dutch_many}\b",
        rf"\b{_SOMEBODY} (?:zal )?(?:{dutch_one}t?|{dutch_many})\b{behind}",
    )


_THE_MATTER = r"(?= (?:het|dat|dit|alles|de)\b|[,.!]|$)"
_TO_YOU = rf"(?= {_YOU}\b| een (?!dm\b|pb\b|link\b|privé)|{GAP}{{0,3}} (?:op|terug|toe)\b)"
_BACK = rf"(?={GAP}{{0,6}} terug\b)"
_LATER = r"\b(?:weer|morgen|straks|snel|gauw|vandaag|vanzelf|helemaal|allemaal|vast|zeker)\b"

ACTS = Expressions((
    expression(
        "guarantee",
        "garandeer garanderen gegarandeerd garantie beloof beloven beloofd verzeker verzekeren guarantee guaranteed "
        "promise promised assure assured zeker rekenen reken vertrouwen "
        "woord word sta certain certainly definitely doubt",
        r"\b(?:garandeer|garanderen|gegarandeerd|beloof|beloven)\b",
        r"\b(?:dat is|bij deze|hierbij) beloofd\b|^beloofd(?=[!.,]|$)|\bgarantie (?:dat|geven|op tijd)\b",
        rf"\b{_WE} (?:verzeker|verzekeren) {_YOU}\b|\b(?:verzeker|verzekeren) {_WE} {_YOU}\b",
        r"\bzeker weten dat\b|\bweet (?:ik )?(?:heel )?zeker dat\b",
        r"\b(?:100 %|100%|honderd procent) zeker\b",
        rf"\b(?:kunt|kun|mag) {_YOU} (?:erop|er op|ervan uit)\b",
        rf"\b{_YOU} (?:kunt|kan|mag) (?:erop|er gerust op|er op) (?:rekenen|vertrouwen)\b",
        r"\bop rekenen dat\b|\breken maar\b",
        r"\b(?:we|i)(?: can| do|'ll| will)? (?:guarantee|promise|assure)\b|\bguaranteed\b",
        r"\brest assured\b|\byou have my word\b|\b(?:je|u) hebt mijn woord\b|\bsta (?:ik )?er ?voor in\b",
        r"\b(?:definitely|certainly|no doubt)(?= \w+ (?:be|get|have|arrive|work))",
    ),
    expression(
        "contact",
        f"you'll you {_WE_ALL} gebeld teruggebeld hoort hoor bericht krijgt krijg ontvangt ontvang hear telefoontje "
        f"terugbelverzoek",
        *act_patterns("(?:bel|app|mail)", "(?:bellen|appen|mailen|terugbellen)", rf"(?= {_YOU}\b| terug\b)"),
        *act_patterns("(?:bericht|informeer)", "(?:berichten|informeren)", rf"(?= {_YOU}\b)"),
        *act_patterns("neem", "(?:nemen|opnemen)", rf"(?={GAP}{{0,4}} contact\b)"),
        *act_patterns("kom", "(?:komen|terugkomen)", rf"(?={GAP}{{0,5}} terug\b)"),
        *act_patterns("houd?", "houden", rf"(?= {_YOU} op de hoogte)"),
        *act_patterns("laat", "laten", rf"(?!{GAP}{{0,3}} (?:collega|team))(?={GAP}{{0,6}} weten\b)"),
        rf"\b(?:word(?:t|en)? {_YOU}|{_YOU} word(?:t|en)?)\b{GAP}{{0,5}} (?:terug)?gebeld\b",
        rf"\b(?:hoort? {_YOU}|{_YOU} hoort?)\b{GAP}{{0,5}} (?:van (?:ons|mij|me)|iets|meer|uitsluitsel|antwoord)\b",
        rf"\b(?:(?:krijgt?|ontvangt?) {_YOU}|{_YOU} (?:krijgt|ontvangt|krijg))\b{GAP}{{0,5}} (?:bericht|mail|"
        rf"mailtje|sms|sms'je|telefoontje|antwoord|reactie|uitsluitsel|bevestiging|brief)\b",
        rf"\b(?:laat|laten) (?:ik|we|wij)? ?{_YOU}{GAP}{{0,4}} terugbellen\b|\bterugbelverzoek\b",
        rf"{WE_WILL}(?:call|phone|ring|email|e-mail|text|contact|get back|come back|let you know|keep you|update|"
        rf"reach out|be in touch|follow up|confirm)\b",
        r"\byou(?:'ll| will) (?:hear|get|receive)(?: \w+){0,3} (?:from us|from me|call|email|e-mail|answer|reply)\b",
    ),
    expression(
        "send",
        f"{_WE_ALL} krijgt krijg ontvangt ontvang",
        *act_patterns("(?:stuur|bezorg|lever)", "(?:sturen|opsturen|toesturen|bezorgen|leveren)", _TO_YOU),
        *act_patterns("kom", "(?:komen|langskomen)", rf"(?={GAP}{{0,5}} langs\b)"),
        rf"{WE_WILL}(?:send|ship|deliver|replace|come (?:by|over|round))\b(?! (?:me|us)\b)",
    ),
    expression(
        "money",
        f"{_WE_ALL} you'll you krijgt krijg ontvangt ontvang vergoed vergoeding korting tegoed gecrediteerd "
        f"terugbetaald teruggestort "
        f"kwijtgescholden refund refunded credited",
        *act_patterns(
            "(?:vergoed|compenseer|crediteer)", "(?:vergoeden|compenseren|crediteren|terugbetalen|terugstorten)"
        ),
        *act_patterns("(?:betaal|stort|boek)", "(?:betalen|storten|boeken)", _BACK),
        *act_patterns("scheld", "schelden", rf"(?={GAP}{{0,5}} kwijt\b)"),
        *act_patterns("geef", "geven", rf"(?={GAP}{{0,5}} (?:korting|tegoed|geld|vergoeding)\b)"),
        rf"\b(?:(?:krijgt?|ontvangt?) {_YOU}|{_YOU} (?:krijgt|ontvangt|krijg))\b{GAP}{{0,6}} (?:terug|korting|"
        rf"vergoeding|vergoed|compensatie|tegoed|schadevergoeding)\b",
        r"\bword(?:t|en)\b(?: [\w'-]++){0,5} (?:vergoed|teruggestort|terugbetaald|gecrediteerd|kwijtgescholden)\b",
        rf"{WE_WILL}(?:refund|reimburse|compensate|credit|pay (?:you )?back|waive)\b",
        r"\byou(?:'ll| will) (?:get|receive|be)(?: [\w'-]++){0,4} (?:back|refund|refunded|credited|compensated|"
        r"discount)\b",
        r"\bwill be (?:refunded|credited|reimbursed)\b",
    ),
    expression(
        "solve",
        f"werkt doet {_WE_ALL} goed orde opgelost hersteld verholpen geregeld fixed solved sorted okay fine alright",
        *act_patterns("(?:regel|fix|verhelp|herstel)", "(?:regelen|fixen|verhelpen|herstellen|oplossen)", _THE_MATTER),
        *act_patterns("los", "lossen", rf"(?={GAP}{{0,5}} op\b)"),
        *act_patterns("zorg", "zorgen", r"(?= (?:ervoor|er voor|dat)\b)"),
        *act_patterns("zet", "zetten", rf"(?= (?:het|dat|dit|alles){GAP}{{0,3}} recht\b)"),
        *act_patterns("maak", "maken", rf"(?= (?:het|dat|dit|alles){GAP}{{0,3}} (?:in orde|goed|weer)\b)"),
        r"\bkomt(?: (?:het|dit|alles|dat|vast|zeker|helemaal|allemaal|echt|wel|weer|snel))* (?:goed|in orde)\b"
        r"(?! over| uit| aan|\?)",
        r"\b(?:wordt|worden)\b(?: [\w'-]++){0,5} (?:opgelost|hersteld|verholpen|geregeld|rechtgezet)\b",
        rf"\b(?:is|zijn) {_LATER}(?: [\w'-]++){{0,3}} (?:opgelost|hersteld|verholpen)\b",
        rf"\b(?:werkt|doet) (?:het|alles|uw \w+|je \w+) {_LATER}",
        rf"{WE_WILL}(?:fix|solve|resolve|sort (?:it|this|that|everything|things)|make sure|ensure|see to it|"
        rf"put it right|repair)\b",
        r"\b(?:will|'ll) (?:all )?(?:be|get) (?:fixed|solved|sorted|resolved|repaired|fine|alright|all right|okay)\b",
    ),
))  # fmt: skip

_UNIT = (
    r"(?:(?:werk)?(?:minuten|minuut|uur|uren|uurtjes?|kwartier(?:tje)?|dagen|dag|weken|week|maanden|maand|jaar)"
    r"|(?:working |business )?(?:minutes?|hours?|days?|weeks?|months?|years?))"
)
_AMOUNT = r"\d[\d.,]{0,6}(?:(?: (?:a|à|tot|of|to|or|en) | ?[-–] ?)\d{1,3})?"
_FEW = r"(?:een paar|enkele|een half|een|a few|a couple of|half an|an|a)"
_WEEKDAYS = "|".join(name for names in WEEKDAYS.values() for name in names)
TERMS = Expressions((
    expression(
        "term",
        "binnen over uiterlijk within in under",
        rf"\b(?:binnen|within|under) (?:de |nu en |the )?(?:{_AMOUNT}|{_FEW}) {_UNIT}\b",
        rf"\b(?:over|in) {_AMOUNT} {_UNIT}\b",
        rf"\b(?:over|in) (?:een paar|enkele|een half|a few|a couple of|half an) {_UNIT}\b",
        rf"\bover een {_UNIT}\b",
        r"\bbinnen (?:korte? (?:tijd|termijn)|afzienbare tijd)\b|\buiterlijk (?:op |vóór |voor )?\w+",
    ),
))  # fmt: skip
DAYS = Expressions((
    expression(
        "day",
        f"morgen morgenochtend morgenmiddag morgenavond overmorgen vandaag vanmiddag vanavond vannacht volgende "
        f"komende aanstaande tomorrow tonight today afternoon evening next {_WEEKDAYS.replace('|', ' ')}",
        r"(?<!goede )\b(?:morgen(?:ochtend|middag|avond)?|overmorgen)\b",
        r"\b(?:vandaag|vanmiddag|vanavond|vannacht|(?:volgende|komende|aanstaande) (?:dag|week|maand|weken|dagen))\b",
        rf"\b(?:{_WEEKDAYS})\b",
        r"\b(?:tomorrow|tonight|(?:later |still )?today|(?:by|this) (?:afternoon|evening)|next (?:day|week|month))\b",
    ),
))  # fmt: skip
DURATION = re.compile(rf"\b({_AMOUNT}|{_FEW}) ({_UNIT})\b")
"""A stretch of time: how many, of what."""

# An answer holds a promise in whatever words: these are enough for each act.
HOLDS = MappingProxyType(
    {
        "contact": re.compile(
            r"\b(?:terug)?(?:ge)?(?:bel(?:t|len|d)?\b|mail|sms|hoor|reage|reactie|antwoord|bericht|weten\b|"
            r"contact|call|repl|"
            r"hear|know\b|email|e-mail|message)"
        ),
        "send": re.compile(
            r"\b(?:op|toe)?(?:ge)?(?:stu|komt|komen|post|lever|bezorg|langs|mail|omruil|ruil|send|sent|ship|deliver|"
            r"come|replace|swap)"
        ),
        "money": re.compile(
            r"\b(?:terug|(?:ge|ver)?(?:schade)?vergoed|korting|compens|tegoed|crediteer|kwijt|refund|credit|discount|"
            r"back\b|voucher|bon\b)"
        ),
        "solve": re.compile(
            r"\b(?:los|(?:ge|op|her|ver)*(?:los|stel|help|regel)|weer\b|orde\b|recht|zorg|zet|fix|arrange|sort|repair|solve|"
            r"set right|make sure)"
        ),
    }
)
