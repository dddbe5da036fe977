"""What an agent says that they, or a colleague, will do: more than the rules look for, who only ask what it may cost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from repliek.tone.prose import GAP, Expressions, Said, expression, words_of
from repliek.tone.rules.acts import ACTS, WE_WILL, act_patterns

_OWN = frozenset({"contact", "send", "solve", "money"})
"""Of what the rules know, all but a guarantee, which has no term that it would be kept by."""

_ACTOR = re.compile(
    r"\b(?:ik|we|wij|we'll|i'll|i'm|i|collega|medewerker|specialist|monteur|expert|iemand|someone|somebody|colleague)\b"
)
_PROCESSES = frozenset({"solve", "money"})
"""What the rules also find where nobody acts: "het bedrag wordt teruggestort" runs by itself."""

_BY_MAIL = re.compile(r"\b(?:krijgt?|ontvangt?|get|receive)\b.* (?:mail|mailtje|sms|sms'je|bevestiging|brief|e-?mail)$")
_FROM_US = re.compile(r"\b(?:van|from) (?:mij|me|ons|us|mijn collega|een collega|my colleague|a colleague)\b")

_YOU = r"(?:je|jij|jou|jullie|u)"
_COLLEAGUE = (
    r"(?:(?:een|mijn|onze|de) (?:collega(?:'s)?|medewerker|specialist|monteur|expert|teamleider|afdeling)"
    r"(?:(?! die\b| dat\b) [\w'-]+){0,3}?|iemand van [\w'-]+(?: [\w'-]+)?)"
)


_WIDE_GAP = r"(?:,? [\w'.:-]+)"
"""A word or a time of the day."""


def _behind(words: str, gaps: int = 7) -> str:
    """Say what must follow, after at most so many words."""
    return rf"(?={_WIDE_GAP}{{0,{gaps}}} (?:{words})\b)"


def _own(dutch_one: str, dutch_many: str, behind: str = "") -> tuple[str, ...]:
    """Patterns of what we do, and of what a colleague does who is named."""
    return (
        *act_patterns(dutch_one, dutch_many, behind),
        rf"\b{_COLLEAGUE} (?:(?:{dutch_one})t?|{dutch_many})\b{behind}",
        rf"\b(?:zij|ze) {dutch_many}\b{behind}",
        rf"\b(?:{dutch_one})t? {_COLLEAGUE}{behind}",
    )


_DUTCH_SIGNS = "ik we wij collega collega's medewerker specialist monteur expert teamleider afdeling iemand zij ze er"
_ENGLISH_SIGNS = (
    "i'll we'll i we i'm we're let colleague colleagues someone somebody engineer team expect you'll you technician "
    "manager"
)
_ENGLISH_ACTS = (
    r"(?:call|phone|ring|e-?mail|text|message|write|reply|respond|answer|drop|send|post|ship|get back|get in touch|come back|let you|keep|"
    r"update|notify|check|"
    r"look (?:into|at|it|up|this|that)|have a (?:closer )?look|take a (?:closer )?look|find out|ask|arrange|sort|fix|make sure|ensure|"
    r"see to|forward|pass|follow|chase|contact|reach|be (?:back )?in touch|confirm|book|schedule|raise|escalate|investigate|"
    r"refund|credit|reimburse|cancel|change|correct|order|replace|put|take (?:it|this|that) up|report|discuss|speak|"
    r"talk|come by|come (?:over|round)|visit|do (?:it|this|that|so)|process|review|monitor|remind|dig|get (?:this|it|that)|"
    r"get (?:someone|a colleague|you))"
)
_ENGLISH_DOING = (
    r"(?:checking|looking (?:into|at)|finding out|asking|sending|arranging|sorting|passing|forwarding|"
    r"chasing|following|raising|escalating|investigating|calling|ordering)"
)
_PERSON = (
    r"(?:someone|somebody|(?:a|my|our|the) (?:colleagues?|engineer|technician|manager|specialist|supervisor|\w+ team|team)|"
    r"one of (?:us|my colleagues|our \w+))"
)
_LATER = (
    r"(?: (?:also|then|gladly|personally|now|just|quickly|definitely|certainly|try to|try and|go and|immediately))*"
)

_FOLLOW_UPS = Expressions((
    expression(
        "act",
        _DUTCH_SIGNS,
        *_own("(?:bel|app|mail|sms)", "(?:bellen|terugbellen|nabellen|appen|mailen|sms'en)"),
        *_own("(?:stuur|verstuur)", "(?:sturen|versturen|opsturen|toesturen|nasturen|doorsturen)"),
        *_own("zoek", "(?:zoeken|uitzoeken|opzoeken)", _behind("uit|op")),
        *_own(
            "vraag", "(?:vragen|navragen|opvragen|nagaan)",
            rf"(?! (?:{_YOU}|me|mij|ons)\b)" + _behind("na|op|aan|bij|een collega|mijn|onze|de|het team|of|hoe|wat"),
        ),
        *_own("ga", "gaan", _behind("na|achteraan|erachteraan|aan de slag")),
        *_own("kijk", "(?:kijken|nakijken|bekijken)", rf"(?! (?:ernaar |er |al )?uit\b){_behind('na|ernaar|naar')}"),
        *_own(
            "(?:check|controleer|onderzoek|bekijk|overleg|bespreek|regel|bestel|annuleer|wijzig|corrigeer|verwerk|"
            "reserveer|blokkeer|activeer|herstel|vervang|verwijder|escaleer|inventariseer|achterhaal|bevestig|"
            "informeer|licht|bewaar|verleng|registreer|herinner|ontkoppel|fix|repareer|monitor|verhelp)",
            "(?:checken|controleren|onderzoeken|bekijken|overleggen|bespreken|regelen|bestellen|annuleren|wijzigen|"
            "corrigeren|verwerken|reserveren|blokkeren|activeren|herstellen|vervangen|verwijderen|escaleren|"
            "achterhalen|bevestigen|informeren|inlichten|bewaren|verlengen|registreren|herinneren|fixen|repareren|"
            "monitoren|verhelpen)",
            r"(?! graag\b)",
        ),
        *_own("zet", "(?:zetten|doorzetten|klaarzetten|uitzetten|stopzetten|rechtzetten|omzetten|openzetten)",
              _behind("door|klaar|uit|stop|recht|om|neer|open|in gang|op de lijst|in de planning")),
        *_own("(?:geef|speel)", "(?:geven|doorgeven|terugkoppelen|doorspelen)", _behind("door|terug")),
        *_own("koppel", "(?:koppelen|terugkoppelen)", _behind("terug")),
        *_own("leg", "(?:leggen|voorleggen|neerleggen)", _behind("voor aan|voor bij|neer|bij")),
        *_own("maak", "(?:maken|aanmaken|overmaken)",
              _behind("in orde|aan|over|een (?:afspraak|melding|ticket|notitie)")),
        *_own("(?:plan|pas)", "(?:plannen|inplannen|aanpassen)", _behind("in|aan", 9)),
        *_own("(?:pak|los|haal)", "(?:pakken|oppakken|oplossen|ophalen)", _behind("op")),
        *_own("neem", "(?:nemen|meenemen|opnemen)", _behind("contact|op|mee")),
        *_own("kom", "(?:komen|terugkomen|langskomen)", _behind("terug|langs|op terug")),
        *_own("(?:volg|duik|meld|vul|dien|schakel)", "(?:volgen|opvolgen|melden|aanmelden|aanvullen|indienen|inschakelen)",
              rf"(?={GAP}{{0,7}} (?:op|in|aan|erin|door)\b| (?:het|dit|dat|de|je)\b)"),
        *_own("houd?", "houden", _behind("op de hoogte|in de gaten|vast")),
        *_own("breng", "(?:brengen)", _behind("op de hoogte|langs|naar")),
        *_own("stel", "stellen", _behind("op de hoogte")),
        *_own("laat", "laten", _behind("weten|(?:na|uit|op)?(?:zoeken|kijken|vragen)|bellen|terugbellen|controleren|bezorgen")),
        *_own("zorg", "zorgen", r"(?= (?:ervoor|er voor|dat)\b)"),
        *_own("doe", "doen", rf"(?={GAP}{{0,3}} (?:voor {_YOU}|navraag|een melding|mijn best)\b)"),
    ),
    expression(
        "word",
        "beloof beloven zorg zorgen",
        r"\b(?:beloof|beloven|zorg|zorgen) (?:[\w'-]+ ){0,3}dat (?:ik|we|wij|(?:een|mijn) collega|iemand)\b",
    ),
    expression(
        "answer",
        "je u jij jullie hebt heb heeft hoor hoort weet krijg krijgt krijgen ontvang ontvangt word wordt verneemt",
        rf"\b(?:(?:heb|hebt|heeft|krijgt?|ontvangt?|verneemt?) {_YOU}|{_YOU} (?:hebt|heb|heeft|krijgt?|ontvangt?|verneemt?))\b"
        rf"{GAP}{{0,7}} (?:antwoord|reactie|uitsluitsel|terugkoppeling|bericht)\b",
        rf"\b(?:(?:krijgt?|ontvangt?) {_YOU}|{_YOU} (?:krijgt?|ontvangt?))\b"
        rf"{GAP}{{0,7}} van (?:mij|me|ons|mijn collega|een collega)\b",
        rf"\b(?:hoort? {_YOU}|{_YOU} hoort?)\b{GAP}{{0,7}} (?:van (?:ons|mij|me|mijn collega|een collega)|meer|de uitkomst)\b",
        rf"\b(?:{_YOU} (?:kunt|kan)|(?:kunt?|kan) {_YOU})\b{GAP}{{0,6}} van (?:mij|me|ons)\b{GAP}{{0,2}} verwachten\b",
        rf"\b(?:weet {_YOU}|{_YOU} weet)\b{GAP}{{0,4}} meer\b",
        rf"\b(?:word(?:t)? {_YOU}|{_YOU} wordt?)\b{GAP}{{0,9}} (?:(?:terug)?gebeld|gemaild|benaderd|geïnformeerd|op de hoogte)\b",
    ),
    expression(
        "act",
        _ENGLISH_SIGNS,
        rf"{WE_WILL}{_ENGLISH_ACTS}\b(?! (?:me|us)\b)",
        rf"\b(?:i'll|we'll|(?:i|we) (?:will|shall)|(?:i'm|i am|we're|we are) going to){_LATER} {_ENGLISH_ACTS}\b(?! (?:me|us)\b)",
        rf"\b{_PERSON}(?: [\w'-]+){{0,4}}? (?:will|is going to|are going to){_LATER} {_ENGLISH_ACTS}\b(?! (?:me|us)\b)",
        rf"\blet (?:me|us){_LATER} {_ENGLISH_ACTS}\b",
        rf"\b(?:i'm|i am|we're|we are)(?: now| currently)? {_ENGLISH_DOING}\b",
        r"\byou(?:'ll| will| can expect to) (?:hear|get|receive|have)(?: [\w'-]+){0,4} (?:from (?:us|me)|back|a call|an e-?mail|an? "
        r"(?:\w+ )?(?:answer|reply|update)|more)\b",
        r"\byou(?:'ll| will) be (?:called|contacted|updated|informed|notified)\b",
        r"\bexpect (?:a|an) (?:call|e-?mail|answer|reply|update|message)\b",
    ),
))  # fmt: skip


def acts_in(line: str) -> Iterator[Said]:
    """Yield what `line`, plain text, says that will be done for the customer, in no order."""
    words = words_of(line)
    known = (act for act in ACTS.find_in(line, words) if act.name in _OWN)
    for act in chain(_FOLLOW_UPS.find_in(line, words), known):
        if not _runs_by_itself(act, line):
            yield act


def _runs_by_itself(act: Said, line: str) -> bool:
    """Whether nobody acts: an amount is booked back, a mail goes out that the customer did not ask anybody for."""
    if act.name in _PROCESSES:
        return not _ACTOR.search(act.words)
    return bool(_BY_MAIL.search(act.words)) and not _FROM_US.search(line)
