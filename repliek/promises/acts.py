"""What an agent says that they, or a colleague, will do.

The rules of the tone look for promises that cost something; here are also those that only have to be kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from repliek.tone.prose import GAP, Expressions, Said, expression, words_of
from repliek.tone.rules.acts import ACTS, WE_WILL, act_patterns

_OWN = frozenset({"contact", "send", "solve", "money"})
"""Of what the rules know, all but a guarantee, which has no term that it would be kept by."""

_PROCESSES = frozenset({"solve", "money"})
"""What the rules also find where nobody acts: "het bedrag wordt teruggestort" runs by itself."""

_ACTOR = re.compile(
    r"\b(?:ik|we|wij|we'll|i'll|i'm|i|collega|medewerker|specialist|monteur|expert|iemand|someone|somebody|colleague)\b"
)
_BY_MAIL = re.compile(r"\b(?:krijgt?|ontvangt?|get|receive)\b.* (?:mail|mailtje|sms|sms'je|bevestiging|brief|e-?mail)$")
_FROM_US = re.compile(r"\b(?:van|from) (?:mij|me|ons|us|mijn collega|een collega|my colleague|a colleague)\b")
_AT_ONCE = re.compile(rf"{GAP}{{0,2}} (?:dm|link|linkje|pb|privébericht|direct message|hieronder|nu)\b")
"""What is sent with these words is sent already."""

_YOU = r"(?:je|jij|jou|jullie|u)"
_US = r"(?:mij|me|ons|mijn collega|een collega)"
_WIDE_GAP = r"(?:,? [\w'.:-]+)"
"""A word or a time of the day."""


def _any(words: str) -> str:
    """Say one of some words, which are set apart by blanks; `_` stands for a blank within one."""
    return f"(?:{'|'.join(words.split()).replace('_', ' ')})"


def _behind(words: str, gaps: int = 7) -> str:
    """Say what must follow, after at most so many words."""
    return rf"(?={_WIDE_GAP}{{0,{gaps}}} {_any(words)}\b)"


_COLLEAGUES = _any("collega collega's medewerker specialist monteur expert teamleider afdeling")
_COLLEAGUE = (
    rf"(?:{_any('een mijn onze de')} {_COLLEAGUES}(?:(?! die\b| dat\b) [\w'-]+){{0,3}}?"
    r"|iemand van [\w'-]+(?: [\w'-]+)?)"
)


def _own(dutch_one: str, dutch_many: str, behind: str = "") -> tuple[str, ...]:
    """Patterns of what we do, and of what a colleague does who is named, by the forms for ik and for we."""
    one, many = _any(dutch_one), _any(dutch_many)
    return (
        *act_patterns(one, many, behind),
        rf"\b{_COLLEAGUE} (?:{one}t?|{many})\b{behind}",
        rf"\b(?:zij|ze) {many}\b{behind}",
        rf"\b{one}t? {_COLLEAGUE}{behind}",
    )


_DUTCH = (
    *_own("bel app mail sms", "bellen terugbellen nabellen appen mailen sms'en"),
    *_own("stuur verstuur", "sturen versturen opsturen toesturen nasturen doorsturen"),
    *_own("zoek", "zoeken uitzoeken opzoeken", _behind("uit op")),
    *_own(
        "vraag",
        "vragen navragen opvragen nagaan",
        rf"(?! (?:{_YOU}|{_US})\b)" + _behind("na op aan bij een_collega mijn onze de het_team of hoe wat"),
    ),
    *_own("ga", "gaan", _behind("na achteraan erachteraan aan_de_slag op_onderzoek")),
    *_own("kijk", "kijken nakijken bekijken", rf"(?! (?:ernaar |er |al )?uit\b){_behind('na ernaar naar')}"),
    *_own(
        "check controleer onderzoek bekijk overleg bespreek regel bestel annuleer wijzig corrigeer verwerk reserveer "
        "blokkeer activeer herstel vervang verwijder escaleer achterhaal bevestig informeer licht bewaar verleng "
        "registreer herinner ontkoppel fix repareer monitor verhelp reageer antwoord beantwoord",
        "checken controleren onderzoeken bekijken overleggen bespreken regelen bestellen annuleren wijzigen corrigeren "
        "verwerken reserveren blokkeren activeren herstellen vervangen verwijderen escaleren achterhalen bevestigen "
        "informeren inlichten bewaren verlengen registreren herinneren ontkoppelen fixen repareren monitoren "
        "verhelpen reageren antwoorden beantwoorden",
        r"(?! graag\b)",
    ),
    *_own(
        "zet",
        "zetten doorzetten klaarzetten uitzetten stopzetten rechtzetten omzetten openzetten",
        _behind("door klaar uit stop recht om neer open in_gang op_de_lijst in_de_planning"),
    ),
    *_own("geef speel koppel", "geven doorgeven terugkoppelen doorspelen koppelen", _behind("door terug")),
    *_own("leg", "leggen voorleggen neerleggen", _behind("voor_aan voor_bij neer bij")),
    *_own(
        "maak",
        "maken aanmaken overmaken",
        _behind("in_orde aan over een_afspraak een_melding een_ticket een_notitie"),
    ),
    *_own("plan pas", "plannen inplannen aanpassen", _behind("in aan", 9)),
    *_own("pak los haal", "pakken oppakken oplossen ophalen", _behind("op")),
    *_own("neem", "nemen meenemen opnemen", _behind("contact op mee")),
    *_own("kom", "komen terugkomen langskomen", _behind("terug langs")),
    *_own(
        "volg duik meld vul dien schakel",
        "volgen opvolgen melden aanmelden aanvullen indienen inschakelen",
        rf"(?={GAP}{{0,7}} (?:op|in|aan|erin|door)\b| (?:het|dit|dat|de|je)\b)",
    ),
    *_own("houd?", "houden", _behind("op_de_hoogte in_de_gaten vast")),
    *_own("breng stel", "brengen stellen", _behind("op_de_hoogte langs naar")),
    *_own(
        "laat",
        "laten",
        _behind(
            "weten zoeken uitzoeken opzoeken kijken nakijken navragen bellen terugbellen controleren bezorgen "
            "onderzoeken checken"
        ),
    ),
    *_own("zorg", "zorgen", r"(?= (?:ervoor|er voor|dat)\b)"),
    *_own("doe", "doen", rf"(?={GAP}{{0,3}} (?:voor {_YOU}|navraag|een melding|mijn best)\b)"),
)
_STATES = _any(
    "ben heb hoop denk snap begrijp zie weet lees wil kan moet mag raad vind had was werd kreeg zag las hoor zeg noem "
    "bedoel mis herken adviseer begreep bedank dank wens zou help wacht ken geloof gun vermoed twijfel sta "
    "zit heet werk "
    "verwijs schrik hou raadde loop blijf krijg betreur waardeer deel lach reken vertrouw leer wist dacht"
)
"""Verbs by which "ik" does nothing that is still to be done."""

_UNDECIDED = _any("zal ga laat kijk neem leg vraag geef kom stuur")
"""Verbs of which other words of the clause decide whether anything is promised."""


_NO_VERB = _any(
    "je u jou dat het er me mij graag ook nog al nu dan als zodat omdat of en die wat hoe maar toen zodra waar want "
    "wanneer voor met naar aan niet even wel hier daar zo terwijl dus daarom daarna toch alleen van te in op "
    "om bij tot uit"
)
_NO_DEED = _any("hopen denken begrijpen zien weten lezen uitleggen vertellen helpen zeggen zijn hebben worden moeten")
_DEED = rf"(?!{_STATES}\b|{_UNDECIDED}\b|{_NO_VERB}\b)[a-zà-ÿ]{{3,}}(?<!de)(?<!te)"
_FOR_YOU = rf"(?={GAP}{{0,4}} (?:voor {_YOU}|{_YOU} \w+|uw \w+)\b)"
_DEEDS = (
    rf"\b(?:{_any('zal zullen ga gaan')} {_any('ik we wij')}|{_any('ik we wij')} {_any('zal zullen ga gaan')})\b"
    rf"{_WIDE_GAP}{{0,9}} (?!{_NO_DEED}\b)[a-zà-ÿ]{{3,}}en\b",
    rf"\b{_any('een_van_onze één_van_onze')} [\w'-]+ [\w'-]+t\b{_behind('contact terug langs')}",
    r"\bkomt?(?:en)? (?:ik|we|wij)\b(?: [\w'-]+){0,8} langs\w*",
    r"\blaat (?:dit|het|dat)(?: \w+){0,2} aan (?:mij|ons) over\b",
    rf"\bik {_DEED}\b{_FOR_YOU}",
    rf"^(?:(?:dan|dat|dit|daarom|dus|en|nu) ){{0,2}}{_DEED} ik\b{_FOR_YOU}",
    r"\blaat ik van me horen\b|\bik laat van me horen\b|\bdan (?:bel|app|mail) ik je\b",
)
"""Whatever we say that we will do."""

_DEED_IN_TIME = re.compile(
    rf"\bik (?!{_STATES}\b|{_NO_VERB}\b)[a-zà-ÿ]{{3,}}\b(?<!de)(?<!te)"
    rf"|\b(?!{_STATES}\b|{_NO_VERB}\b)[a-zà-ÿ]{{3,}}(?<!de)(?<!te) ik\b"
    rf"|\b{_COLLEAGUE} (?!heeft\b|is\b|had\b|kan\b|moet\b|was\b|wil\b|staat\b)[a-zà-ÿ]+t\b"
    r"|\b(?:i'll|i will) (?:be|have|know)\b"
)
"""What "ik" does; with a term it is a promise, whatever it is."""

_GIVEN_WORD = (
    rf"\b{_any('beloof beloven zorg zorgen verwacht verwachten')} (?:[\w'-]+ ){{0,3}}dat "
    rf"(?:{_any('ik we wij iemand')}|{_any('een mijn')} collega)\b",
    rf"\bom {_YOU}{GAP}{{0,5}} te {_any('bellen mailen appen spreken informeren laten_weten')}\b",
    rf"\b(?:{_any('ik we wij')} {_any('probeer proberen')}|{_any('probeer proberen')} {_any('ik we wij')})\b"
    rf"{GAP}{{0,7}} te "
    rf"{_any('bellen mailen reageren antwoorden beantwoorden regelen achterhalen sturen laten_weten vinden')}\b",
)
_GETS = _any("krijgt? ontvangt?")
_HEARS_FROM = _any("ons mij me hen mijn een onze de")
_ANSWERED = (
    rf"\b(?:(?:heb|hebt|heeft|verneemt?|{_GETS}) {_YOU}|{_YOU} (?:hebt|heb|heeft|verneemt?|{_GETS}))\b"
    rf"{GAP}{{0,7}} {_any('antwoord reactie uitsluitsel terugkoppeling bericht')}\b",
    rf"\b(?:{_GETS} {_YOU}|{_YOU} {_GETS})\b{GAP}{{0,7}} van {_US}\b",
    rf"\b(?:hoort? {_YOU}|{_YOU} hoort?)\b{GAP}{{0,7}} (?:van {_HEARS_FROM}|meer|de uitkomst)\b",
    rf"\b(?:{_YOU} (?:kunt|kan)|(?:kunt?|kan) {_YOU})\b{GAP}{{0,6}} van {_US}\b{GAP}{{0,2}} verwachten\b",
    rf"\b(?:weet {_YOU}|{_YOU} weet)\b{GAP}{{0,4}} meer\b",
    rf"\b(?:wordt? {_YOU}|{_YOU} wordt?)\b{GAP}{{0,9}} "
    rf"{_any('(?:terug)?gebeld gemaild benaderd geïnformeerd op_de_hoogte')}\b",
)

_LATER = (
    r"(?: (?:also|then|gladly|personally|now|just|quickly|definitely|certainly|try to|try and|go and|immediately))*"
)
_WILL = r"(?:i'll|we'll|(?:i|we) (?:will|shall)|(?:i'm|i am|we're|we are) going to|(?:i|we) (?:aim|expect|try|plan) to)"
_STAFF = _any("colleagues? engineer technician manager specialist supervisor team")
_PERSON = rf"(?:someone|somebody|(?:a|my|our|the) (?:\w+ )?{_STAFF}|one of (?:us|my colleagues|our \w+))"
_DO = _any(
    "call phone ring e-?mail text message write reply respond answer drop send post ship get_back get_in_touch "
    "come_back let_you keep update notify check look_into look_at look_it look_up look_this look_that have_a_look "
    "have_a_closer_look take_a_look take_a_closer_look find_out ask arrange sort fix make_sure ensure see_to forward "
    "pass follow chase contact reach be_in_touch be_back_in_touch confirm book schedule raise escalate investigate "
    "refund credit reimburse cancel change correct order replace put take_it_up take_this_up take_that_up report "
    "discuss speak talk come_by come_over come_round visit do_it do_this do_that do_so process review monitor remind "
    "dig get_this get_it get_that get_someone get_a_colleague get_you"
)
_DOING = _any(
    "checking looking_into looking_at finding_out asking sending arranging sorting passing forwarding chasing "
    "following raising escalating investigating calling ordering"
)
_NO_ENGLISH_DEED = _any(
    "be have need see explain wait assume admit say never not no have know hope try always gladly only even also "
    "understand tell want"
)
_NOT_TO_US = r"\b(?! (?:me|us)\b)"
_ENGLISH = (
    rf"{WE_WILL}{_DO}{_NOT_TO_US}",
    rf"\b{_WILL}{_LATER} {_DO}{_NOT_TO_US}",
    rf"\b(?:i'll|i will){_LATER} (?!{_NO_ENGLISH_DEED}\b)[a-z]{{2,}}\b",
    r"\b(?:we're|we are|i'm|i am) working on it\b",
    rf"\b{_PERSON}(?: [\w'-]+){{0,4}}? (?:will|is going to|are going to){_LATER} {_DO}{_NOT_TO_US}",
    rf"\blet (?:me|us){_LATER} {_DO}\b",
    rf"\b(?:i'm|i am|we're|we are)(?: now| currently)? {_DOING}\b",
    r"\byou(?:'ll| will| can expect to| should) (?:hear|get|receive|have)(?: [\w'-]+){0,4} "
    r"(?:from (?:us|me)|back|a call|an e-?mail|(?:an?|our|my) (?:\w+ )?(?:answer|reply|update)|more)\b",
    r"\byou(?:'ll| will) be (?:called|contacted|updated|informed|notified)\b",
    r"\b(?:i'll|we'll|(?:i|we) will) have (?:an? (?:\w+ )?(?:answer|update|reply)|more|news)\b",
    r"\bleave it with (?:me|us)\b|\bexpect (?:a|an) (?:call|e-?mail|answer|reply|update|message)\b",
)

_FOLLOW_UPS = Expressions((
    expression(
        "act",
        "ik we wij mij een één onze collega collega's medewerker specialist monteur expert teamleider afdeling "
        "iemand zij ze er",
        *_DUTCH,
        *_DEEDS,
    ),
    expression("word", "beloof beloven zorg zorgen verwacht verwachten om probeer proberen", *_GIVEN_WORD),
    expression("answer", "je u jij jullie", *_ANSWERED),
    expression(
        "act",
        "i'll we'll i we i'm we're let colleague colleagues someone somebody engineer technician manager team expect "
        "you'll you leave specialist supervisor",
        *_ENGLISH,
    ),
))  # fmt: skip


def acts_in(line: str) -> Iterator[Said]:
    """Yield what `line`, plain text, says that will be done for the customer, in no order."""
    words = words_of(line)
    known = (act for act in ACTS.find_in(line, words) if act.name in _OWN)
    for act in chain(_FOLLOW_UPS.find_in(line, words), known):
        if not _runs_by_itself(act, line):
            yield act


def deed_in(line: str) -> Said | None:
    """Return what `line`, plain text, says that "ik" does, whatever it is: a promise, if it says by when."""
    found = _DEED_IN_TIME.search(line)
    return found and Said("deed", found[0], *found.span())


def _runs_by_itself(act: Said, line: str) -> bool:
    """Whether nobody has to act later: an amount is booked back, a mail goes out by itself, a link is sent with it."""
    if _AT_ONCE.match(line, act.end) or (act.name in _PROCESSES and not _ACTOR.search(act.words)):
        return True
    return bool(_BY_MAIL.search(act.words)) and not _FROM_US.search(line)
