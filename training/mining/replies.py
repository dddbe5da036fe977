"""What a reply says: its sentences, without greeting, names, signature and small talk."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

MIN_GREETED = 2
"""So often a name must be greeted before it counts as a name elsewhere too."""

GREETING_WORDS = (
    r"hoi|hallo|hey|hi|hello|dag|beste|geachte|dear|goede(?:morgen|middag|navond|ndag)|goei(?:emorgen|endag|edag)"
    r"|good\ (?:morning|afternoon|evening)"
)
_GREETING = re.compile(
    rf"^\s*(?:(?:{GREETING_WORDS})\b[^.,!?\n]{{0,40}}[.,!?\n]+\s*)+",
    re.IGNORECASE | re.VERBOSE,
)
_GREETED = re.compile(
    rf"\b(?i:{GREETING_WORDS})\ (?:(?i:meneer|mevrouw|heer|mr|mrs|ms)\.?\ )?([A-Z][\w'-]+)(?=\s*[,.!?\n])", re.VERBOSE
)
_CLOSING = re.compile(
    r"""(?:
        \s*\^[A-Z]{1,3}
        | \s*\b(?:met\ vriendelijke\ groet(?:en)?|vriendelijke\ groet(?:en)?|groet(?:jes|en)?|mvg
            |kind\ regards|best\ regards|regards|cheers)\b[\s\S]{0,60}
    )\s*$""",
    re.IGNORECASE | re.VERBOSE,
)

# A full stop within "o.a. in" or "nr. 5" ends no sentence: what follows has to begin like one.
_SENTENCE_END = re.compile(r"(?<=[.!?])(?<!\bnr\.)(?<!\bblz\.)(?<!\bca\.)(?<!\bart\.)\s+(?=[A-Z\"'(0-9{\[€])|\s*\n+\s*")

# Up to a mark, or a capital that begins a sentence for which somebody forgot the full stop.
_REST = r"(?-i:(?:(?!\s(?:Ik|U|Uw|Je|We|Wij|Het|De|Een|Kunt|Kun|Mag|Laat|Er|Is|Als|I|We|You|Please)\b)[^.,!?;])*)"
_DAY = r"(?:dag|avond|middag|ochtend|weekend|nacht|week|day|evening|afternoon)"

# One courtesy each. What is left of a sentence without them tells whether it says anything else.
_COURTESIES = (
    rf"(?:(?:heel\ erg|hartelijk|nogmaals|alvast|erg|en)\ )*(?:bedankt|dank\ (?:je|u)(?:\ ?wel)?|dank)"
    rf"(?:\ (?:voor|dat|en){_REST})?",
    r"(?:heel\ )?graag\ gedaan|geen\ dank|geen\ (?:enkel\ )?probleem|met\ (?:alle\ )?plezier",
    r"(?:maak\ (?:je|u)(?:\ zich)?\ )?(?:verder\ |alsjeblieft\ )?geen\ zorgen(?:\ hierover|\ over)?",
    rf"ik\ (?:begrijp|snap)(?:\ (?:het|dat|je|jouw|uw|volledig|helemaal|heel\ goed|hoe)){_REST}",
    rf"(?:het\ )?spijt\ (?:me|ons)(?:\ (?:voor|van|dat|om|te\ horen|zeer){_REST})?",
    rf"(?:mijn|onze|ik\ bied\ (?:je|u\ )?mijn)?\ ?(?:oprechte\ |welgemeende\ )?(?:excuses|verontschuldigingen)"
    rf"(?:\ aan)?(?:\ (?:voor|dat){_REST})?|sorry(?:\ voor{_REST})?",
    rf"(?:ik\ )?hoop\ (?:dat\ )?(?:het|u|je|jij){_REST}\b(?:gaat|maakt|{_DAY}|heeft|hebt|geniet){_REST}",
    rf"hopelijk{_REST}\b(?:ge[iï]nformeerd|geholpen|duidelijk){_REST}|ik\ hoop{_REST}\bge[iï]nformeerd{_REST}",
    rf"(?:ik\ wens\ (?:je|u)\ |geniet\ van\ |nog\ )?(?:een\ |de\ rest\ van\ )?(?:hele\ |verder\ )?"
    rf"(?:fijne|prettige|mooie|goede|leuke|uitstekende|geweldige|je|uw)\ {_DAY}"
    r"(?:\ (?:verder|nog|toe|toegewenst|gewenst))*",
    r"tot\ ziens|(?:veel\ )?succes|sterkte|werkse|doei",
    rf"(?:aangenaam|leuk|fijn){_REST}\b(?:kennis\ te\ maken|te\ ontmoeten|te\ spreken|te\ praten|te\ chatten){_REST}",
    rf"(?:het\ )?was\ (?:me|mij\ |ons\ )?(?:een\ genoegen|leuk|fijn){_REST}|het\ is\ (?:me|mij)\ een\ genoegen",
    r"hoe\ gaat\ het(?:\ vandaag)?(?:\ met\ (?:je|u))?(?:\ vandaag)?",
    r"ik\ (?:help|zal)\ (?:je|u)\ (?:hier(?:mee|bij)?\ )?(?:zeker\ |hier\ )?(?:graag\ )?(?:mee\ )?"
    r"(?:verder|vandaag|helpen)(?:\ helpen)?",
    rf"ik\ (?:zal|ga)\ (?:zeker\ )?mijn\ (?:uiterste\ )?best\ doen{_REST}",
    r"(?:pas|zorg)\ goed\ (?:op|voor)\ (?:jezelf|uzelf)|blijf\ (?:veilig|gezond)(?:\ en\ gezond)?",
    r"ik\ (?:waardeer|stel)\ (?:het|dat)(?:\ (?:zeer|echt|enorm))?(?:\ op\ prijs)?",
    rf"(?:en\ |verder\ |afgezien\ hiervan\ )?(?:kan|is\ er){_REST}\b(?:nog|verder){_REST}\b(?:helpen|doen){_REST}",
    rf"laat\ het\ (?:me|mij|ons)?\ ?(?:gerust\ |dan\ )*weten\ als\ (?:je|u|er)\ nog{_REST}",
    rf"(?:heb|hebt|heeft)\ (?:je|u)\ (?:nog|verder){_REST}\bvragen{_REST}",
    r"laat\ het\ (?:me|mij|ons)?\ ?(?:dan\ |gerust\ )*weten",
    rf"(?:ik\ )?ben\ blij\ dat{_REST}|wat\ fijn(?:\ om\ te\ horen)?|goed\ om\ te\ horen",
    r"oh?k[eé]?|okay|ja|nee|zeker|natuurlijk|perfect|geweldig|uitstekend|ach?|ah|oh|hmm+",
    r"top|super|prima|fijn|mooi|helaas",
    rf"(?:many\ )?thank(?:s|\ you)(?:\ (?:very|so)\ much)?(?:\ for{_REST})?|you(?:'|’)re\ (?:very\ )?welcome",
    rf"(?:we(?:'|’)re\ |i(?:'|’)m\ )?(?:very\ |so\ )?sorry(?:\ (?:for|to\ hear|about){_REST})?",
    rf"(?:my|our)\ apologies{_REST}",
    rf"i\ (?:completely\ |fully\ )?understand{_REST}|(?:have|enjoy)\ (?:a|your)\ (?:nice|great|lovely)?\ ?{_DAY}",
    rf"(?:i\ )?hope\ (?:this|that)\ helps{_REST}|(?:please\ )?(?:don(?:'|’)t|do\ not)\ hesitate\ to{_REST}",
    r"(?:is\ there|can\ i)[^.,!?;]*\b(?:anything|something)\ else[^.,!?;]*",
)
_COURTESY = re.compile(rf"(?<!\w)(?:{'|'.join(_COURTESIES)})(?!\w)", re.IGNORECASE | re.VERBOSE)
_WORD = re.compile(r"[^\W\d_]{2,}")

_TELLING_WORDS = 2
"""A sentence of which fewer words are left without its courtesies says nothing else."""


def strip_reply(reply: str) -> str:
    """Return what a reply says, without greeting, closing and signature."""
    return _CLOSING.sub("", _GREETING.sub("", reply.strip())).strip()


def statements(reply: str) -> tuple[str, ...]:
    """Return the sentences of a reply that say something, without greeting, signature and small talk.

    A reply that is small talk from end to end says that: its sentences are all returned, so that "graag
    gedaan, fijne dag" is something that can be answered too.
    """
    said = tuple(one for one in _SENTENCE_END.split(strip_reply(reply)) if one and _WORD.search(one))
    return tuple(one for one in said if not is_small_talk(one)) or said


def is_small_talk(sentence: str) -> bool:
    """Whether a sentence is courtesy and nothing else."""
    return len(_WORD.findall(_COURTESY.sub(" ", _GREETING.sub("", sentence)))) < _TELLING_WORDS


def greeted_names(replies: Iterable[str]) -> frozenset[str]:
    """Return the names that agents greet customers by, `MIN_GREETED` times or more.

    Redaction by itself finds a name only where somebody is greeted or signs; greetings tell which words are names.
    """
    counts = Counter(name for reply in replies for name in _GREETED.findall(reply))
    return frozenset(name for name, count in counts.items() if count >= MIN_GREETED)
