"""What makes a sentence that speaks of an act no promise: it asks, denies, tells of the past, or makes a condition."""

from __future__ import annotations

import re

_FINE = r"(?:goed|oké|ok|okay|akkoord|prima|alright|all right|fine)"
_TAG = re.compile(
    rf", (?:(?:is dat|vind je dat|vindt u dat|is that) )?{_FINE}(?: zo)? ?\?+$"
    r"|, (?:komt dat uit|schikt dat|lukt dat|past dat|does that work)[^,]*\?+$"
)
_DENIAL = re.compile(
    r"\b(?:niet|geen|nooit|niets|niemand|not|never|cannot|can't|won't|don't|doesn't|unable)\b(?! alleen| only)"
)
_SUBORDINATE = re.compile(
    r"\b(?:(?:om)?dat|waarom|wanneer|hoe|wat|welke|waar|wie|zodat|nadat|why|when|how|what|which|where|whether|if|that|"
    r"because)\b"
    r"|\b(?:until|before|voordat|totdat)(?= (?:i|we|it|you|your|je|u|het|de|ik)\b)"
    r"|\bof (?=(?:je|jij|u|jullie|het|dat|de|er|ze|zij|we|wij|ik|dit|die|een|jouw|uw|deze|mijn|onze)\b)"
)
_PAST = re.compile(
    r"\b(?:zou|zouden|had|hadden|would|should have|was going|were going|could have|gisteren|yesterday|beloofd|"
    r"toegezegd)\b"
)
_HABIT = re.compile(
    r"\b(?:altijd|nooit|normaal|normaliter|meestal|gewoonlijk|doorgaans|standaard|automatisch|vanzelf|elke|iedere|always|"
    r"never|usually|normally|automatically|generally|every|typically)\b"
)
_DONE_OR_ELSEWHERE = re.compile(
    r"\b(?:al de hele|hierbij|zojuist|bij deze|liever|in een (?:privébericht|pb|dm)|in a (?:private|direct) message)\b"
)
_REPORTED = re.compile(
    r"\b(?:je|jij|u|jullie|you)(?: \w+){0,2} (?:zegt|schrijft|vertelt|vertelde|zei|schreef|denkt|verwacht(?:te)?|hoopt|"
    r"geeft aan|gaf aan|said|say|says|mention\w*|told|wrote|expect(?:ed)?|want(?:ed)?|hoped)\b"
    r"|\b(?:snap|begrijp|understand)\b[^,]* (?:dat|that|you|how|why) "
)
_WISH = re.compile(r"\b(?:hoop|hopen|hopelijk|misschien|hope|hopefully|maybe|perhaps|might|may)\b")
_REASON = re.compile(r"^(?:want|omdat|aangezien|doordat|terwijl|toen|sinds|because|since|as|while)\b")
_SEES_TO = re.compile(
    r"\b(?:zorg|zorgen|beloof|beloven|verwacht|regel|regelen|promise|make sure|ensure|see to it)(?: [\w'-]+){0,3} $"
)

_CUSTOMER = r"(?:je|jij|u|jullie|you|your|jouw|uw)"
_IF = re.compile(
    rf"\b(?:als|indien|mocht(?:en)?|mits|tenzij) (?:(?:dan|nu|ook|er) )?"
    rf"(?:{_CUSTOMER}|het|dat|dit|de|die|deze|er|hij|ze|zij)\b"
    rf"|\b(?:if|unless|provided|in case|should) (?!we\b|i\b)\w+"
    rf"|\b(?:zodra|wanneer|once|when|as soon as|after|nadat) {_CUSTOMER}\b"
    rf"|^(?:met|with) (?:je|jouw|uw|your) [\w -]*(?:nummer|code|gegevens|number|details)\b"
)
_NEWS = re.compile(
    r"\b(?:als|zodra) (?:er|het|dit|dat) (?:\w+ )?(?:nieuws|meer|iets|bekend|update|rond|klaar|geregeld|opgelost)\b"
)
_THEN = re.compile(r"^(?:en |and |maar )?(?:dan|then)\b|^(?:i'll|we'll|i will|we will) then\b")
_OTHERWISE = re.compile(r"^(?:en |and |maar |but )?(?:anders|zo niet|otherwise|if not)\b")
_ASSENT = re.compile(
    r"^(?:(?:is |dat is |wat |heel |helemaal )?(?:goed|prima|fijn|oké|ok|okay|top|super|helder|duidelijk|mooi|akkoord|"
    r"perfect|great|fine|sure|alright|all right|good|ja|nee|yes|no|dank\w*|thanks|thank you|vervelend|balen|jammer|hoi|"
    r"hallo|hi|hello|beste|dear|dag)\b(?: [\w'.-]+){0,4}[,;:!.]*)$"
)
_BEFORE_REQUEST = r"(?:(?:en|dan|maar|graag|zou|hoi|hallo|prima|oké|ok|and|please|just|fijn|goed|super)[ ,]+)*"
_DUTCH_REQUEST = (
    r"stuurt?|geeft?|laat|mailt?|belt?|appt?|vult?|kunt?|kan|wilt?|heeft?|heb|hebt|zet|doet?|logt?|kiest?|vraagt?|checkt?|"
    r"probeert?|reageert?|meldt?|noemt?|plaatst?|deelt?|schrijft?|kijkt?|neemt?|controleert?|start|herstart|maakt?|test|"
    r"brengt?|gebruikt?|opent?|ga|zou|zoudt?"
)
_ENGLISH_REQUEST = (
    r"send|give|could|can|please|let us|let me know|share|dm|reply|fill|call|restart|check|write|reset|have|would|try|"
    r"do|email|contact|tests?|take|tell|mention|bring|open|use|go"
)
_REQUEST = re.compile(rf"^{_BEFORE_REQUEST}(?:{_DUTCH_REQUEST}|{_ENGLISH_REQUEST})\b(?! (?:ik|we|wij|i)\b)")
_NO_REQUEST = re.compile(
    r"^(?:laat maar|geen zorgen|don't worry|do not worry|wacht (?:even|heel)|geef me (?:even|een|heel)|give me a|"
    r"hold on|geef me|give (?:me|us) (?:\d|\w+ (?:minutes?|hours?|days?))|"
    r"laat (?:dit|het|dat)(?: \w+){0,2} aan (?:mij|ons)|bear with|have no|kijk[,:]|neem het me niet)"
)


def is_question(line: str) -> bool:
    """Whether a sentence in plain text asks; one that only asks for assent ("is dat goed?") promises all the same."""
    return line.rstrip("\"') ").endswith("?") and not _TAG.search(line)


def is_request(clause: str) -> bool:
    """Whether a clause in plain text asks the customer for something that what follows hangs on."""
    return bool(_REQUEST.match(clause)) and not _NO_REQUEST.match(clause)


def is_assent(clause: str) -> bool:
    """Whether a part of a sentence says yes, thanks or hello, and nothing that could be a condition."""
    return bool(_ASSENT.match(clause))


def is_otherwise(clause: str) -> bool:
    """Whether a clause tells what is done in another case than the one that was spoken of."""
    return bool(_OTHERWISE.match(clause))


def hangs_on(clause: str) -> bool:
    """Whether a clause begins with "dan": what it promises hangs on what stands before."""
    return bool(_THEN.search(clause))


def is_condition(clause: str) -> bool:
    """Whether a clause makes a condition that is not in the agent's hands."""
    return bool(_IF.search(clause)) and not _NEWS.search(clause)


def is_aside(clause: str) -> bool:
    """Whether a clause gives a reason, denies, or tells of the past: the days in it are of no promise."""
    return bool(_REASON.search(clause) or _DENIAL.search(clause) or _PAST.search(clause))


def is_excused(clause: str, start: int, end: int) -> bool:
    """Whether the act that stands from `start` to `end` of a clause is denied, past, a habit, a wish, or reported."""
    begins = max((cut.end() for cut in _SUBORDINATE.finditer(clause, 0, start)), default=0)
    ends = _SUBORDINATE.search(clause, end)
    own = clause[begins : ends.start() if ends else len(clause)]
    return bool(
        _DENIAL.search(own)
        or _PAST.search(clause)
        or _HABIT.search(own)
        or _DONE_OR_ELSEWHERE.search(own)
        or _WISH.search(clause[:start])
        or _REPORTED.search(clause[:start])
        or (begins and _DENIAL.search(clause[:begins]))
    )


def dependent(clause: str, end: int) -> int:
    """Return where what is looked into, or told, begins behind an act: the days in it are of no promise.

    "Ik zorg dat je vrijdag antwoord hebt" promises what stands behind "dat".
    """
    cuts = (cut.start() for cut in _SUBORDINATE.finditer(clause, end))
    return next((cut for cut in cuts if not _SEES_TO.search(clause, 0, cut)), len(clause))
