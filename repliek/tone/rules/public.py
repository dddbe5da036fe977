"""Where everybody reads along: no personal data, and no question for it."""

from __future__ import annotations

import re

from repliek.privacy import Kind, PersonalData, find
from repliek.tone.prose import GAP, Expressions, Said, expression, plain, words_of
from repliek.tone.rules.draft import Draft
from repliek.tone.rules.rule import Severity


class PersonalDataInPublic:
    """A public reply repeats nobody's number, address or surname, not even one that the customer wrote.

    What the answers hold and what is known, such as the brand's phone number and the first name in the greeting, stays.
    """

    name = "personal_data_in_public"
    severity = Severity.ERROR

    def check(self, draft: Draft) -> str | None:
        if not draft.channel.public or not draft.added.sentences:
            return None
        text = "\n".join(draft.added.sentences)
        own = plain(draft.own)
        kinds = dict.fromkeys(span.kind for span in find(text) if not _is_own(text, span, own))
        return f"for all to see: {', '.join(kinds)}" if kinds else None


def _is_own(text: str, span: PersonalData, own: str) -> bool:
    """Whether the brand may say it: its own number or address, or a name of which it knows every word."""
    found = plain(text[span.start : span.end])
    return set(words_of(found)) <= set(words_of(own)) if span.kind is Kind.NAME else found in own


# "Your" makes a number personal that has no name of its own.
_NAMED = "|".join(
    (
        r"(?:klant|telefoon|mobiele? ?|rekening|bestel|order|factuur|polis|dossier|contract|bsn|burgerservice|huis|"
        r"paspoort|rijbewijs|lidmaatschaps?|relatie|serie|pas|kaart|imei)[ -]?(?:nummer|nr)s?",
        r"06(?:-nummer)?|postcode|geboortedatum|(?:achter|volledige )naam|voor- en achternaam|naw(?:-gegevens)?",
        r"iban|bsn|imei|kenteken|wachtwoord|pincode|puk(?:-?code)?|legitimatie(?:bewijs)?|id-bewijs|paspoort|rijbewijs",
        r"(?:persoons|contact|klant|bank|betaal|inlog|persoonlijke )gegevens",
        r"(?:je|uw|jouw|jullie) (?:(?:nieuwe|oude|huidige|volledige|eigen|mobiele|vaste) )?(?:nummer|naam|gegevens|"
        r"account|(?:woon|huis|mail|e-mail|post|bezorg|ip-?)?-?adres(?:gegevens)?)",
        r"(?:foto|kopie|scan|afbeelding|screenshot) van (?:je|uw|de) (?:factuur|rekening|paspoort|id\w*|legitimatie\w*|"
        r"rijbewijs|pas|bankpas|brief|contract)",
    )
)
_PERSONAL = rf"(?:{_NAMED})(?! (?:die |dat )?(?:we|wij|ik) |,? (?:die|dat) (?:we|wij|ik)\b)"
_NAMED_ENGLISH = "|".join(
    (
        r"(?:customer|account|phone|telephone|mobile|order|invoice|booking|policy|reference|bank account|card|passport|"
        r"house|contract|case|membership|serial|imei|licen[cs]e plate)(?: |-)?(?:numbers?|no\.?|id)\b",
        r"postcode|postal code|zip code|(?:home |postal |delivery |full |street )address|date of birth|birth ?date",
        r"(?:full|last|sur|first and last) ?name|iban|bsn|passwords?|pin code|personal (?:details|data|information)",
        r"(?:contact|account|bank|login) details|(?:your|an?) (?:\w+ )?(?:number|name|address|e-?mail|details)",
        r"(?:photo|copy|picture|scan) of your (?:id|passport|invoice|bill|card)",
    )
)
_PERSONAL_ENGLISH = rf"(?:{_NAMED_ENGLISH})(?! (?:that |which )?(?:we|i) )"
_FEW = rf"{GAP}{{0,6}}"
_ASKING_SIGNS = (
    "hebben krijg krijgen zie zou kun kunt wil wilt mogen s stuur stuurt sturen geef geeft geven zet zetten deel "
    "deelt delen mail mailt noem noemt noemen vertel vermeld laat weten wat welk welke mag heb hebt nodig graag "
    "ontvang ontvangen horen hoor doorgeven door invullen plaats typ app reageer met send share give tell provide "
    "post reply dm what what's need could can may have with drop confirm leave let"
)
_ASKS = Expressions((
    expression(
        "asks",
        _ASKING_SIGNS,
        r"\b(?:stuurt?|sturen|geeft?|geven|zet|zetten|deelt?|delen|mailt?|noemt?|noemen|vertelt?|vermeldt?|plaatst?|"
        rf"typt?|appt?|reageert?|laat|doorgeven|invullen)\b{_FEW} {_PERSONAL}\b",
        rf"\b(?:wat (?:is|zijn|was)|welke?)\b{GAP}{{0,3}} {_PERSONAL}\b",
        r"\bwelk (?:\w+ )?(?:nummer|adres|mailadres|e-mailadres|account)\b(?=[^.\n]{0,80}\?)",
        rf"\b(?:mag|mogen|kunt|kun|wilt|wil|zou) (?:ik|we|wij|je|u)\b{_FEW} {_PERSONAL}\b"
        rf"(?= ?(?:\?|$|,)|,? (?:en|of) (?:je |uw )?\w+ ?\?|"
        rf"{_FEW} (?:door)?(?:geven|sturen|noemen|delen|vertellen|mailen|hebben|weten|zetten|appen)\b"
        rf"|{_FEW} met (?:ons|mij|me)\b)",
        rf"\b(?:heb|hebt|hebben|krijg|krijgen|ontvang|ontvangen|hoor|horen|zie)\b{_FEW} {_PERSONAL}\b"
        rf"(?= ?\?|{_FEW} (?:nodig|van (?:je|u|jou)|voor (?:me|mij|ons))\b)",
        rf"\b(?:graag|s\.?v\.?p\.?)(?: nog| ook| even| eerst)?(?: je| uw| jouw| een)? {_PERSONAL}\b",
        rf"\b(?:met|zonder)(?: je| uw| jouw)? {_PERSONAL}\b{GAP}{{0,3}} (?:kan|kunnen|zoek|kijk) (?:ik|we|wij)\b",
        rf"\b(?:send|share|give|tell|provide|post|reply|dm|drop|confirm|leave|"
        rf"let (?:us|me) know)\b{_FEW} {_PERSONAL_ENGLISH}\b",
        rf"\b(?:what(?:'s| is| are)|may (?:i|we) have|can (?:i|we) have|could (?:i|we) have|can i get|"
        rf"(?:i|we)(?:'ll| will)? need)\b{GAP}{{0,4}} {_PERSONAL_ENGLISH}\b",
        rf"\bwith your {_PERSONAL_ENGLISH}\b{GAP}{{0,2}} (?:i|we) (?:can|could)\b",
    ),
    expression(
        "asks in one word",
        "klantnummer postcode ordernummer bestelnummer telefoonnummer geboortedatum adres mailadres number",
        rf"(?:^|(?<=\n))(?:en |je |uw |and |your )*(?:{_PERSONAL}|{_PERSONAL_ENGLISH})(?:,? (?:en )?\w+){{0,3}} ?\?",
    ),
))  # fmt: skip

_PRIVATE = "|".join(
    (
        r"(?:privé|prive)(?:bericht\w*|chat)?|pb(?:'tje)?|dm(?:'etje)?s?|direct message|private(?:ly| message| chat)?",
        r"messenger|whatsapp|inbox|in private",
        r"mijn [a-z]+|(?:de|the|via the|our) app\b|formulier|(?:the|a|our) form\b|via (?:the|this) link",
        r"in (?:your|my|je|uw) account|bij (?:je|uw|de|het) bestel\w+|when (?:you )?order(?:ing)?",
        r"in (?:de|een|onze) winkel|in (?:the|our) shop",
        r"telefonisch|bel (?!ik|we|wij)|belt u\b|bellen (?:kan|naar|op)\b|kun(?:t u| je)(?: \w+){0,3} bellen\b",
        r"call us|by phone",
        r"[\w-]++(?:\.[\w-]++)*\.[a-z]{2,}\b",
    )
)
_MOVE = re.compile(rf"\b(?:{_PRIVATE})|\{{[a-z_]+\}}")
_DIRECTS = re.compile(
    r"\b(?:stuurt?|sturen|deelt?|delen|zet|doet?|geeft?|kan|mag|send|share|drop|give|use|do|please)\b"
)
REACH = 25
"""How many characters before a question may deny it."""

_DENIED = re.compile(r"\b(?:geen|niet|nooit|zonder|nergens|liever|never|not|don't|no|without|avoid)\b")
_DENIED_AFTER = re.compile(r",? (?:\w+ )?(?:niet|nooit|not|never)\b")
# "Geef je nummer door aan je bank" tells what to do elsewhere; "heb je je adres al gewijzigd" asks for no address.
_ELSEWHERE = re.compile(
    r"\b(?:door aan|naar|aan|to) (?:je|uw|de|your|the|bijvoorbeeld) (?!dm\b)|\b(?:gewijzigd|veranderd|aangepast|"
    r"ingevuld|gecontroleerd|changed|updated|checked|verandert|wijzigt|klopt)\b"
)


class PersonalDataAsked:
    """A public reply asks for nothing that only the customer and the brand should read.

    A move to private messages, phone or a form may name what to bring; so may the sentence behind it. To say that
    data should not be posted asks for none.
    """

    name = "asks_personal_data_in_public"
    severity = Severity.ERROR

    def check(self, draft: Draft) -> str | None:
        if not draft.channel.public:
            return None
        lines = draft.prose.lines
        for place, (line, words) in enumerate(zip(lines, draft.prose.line_words, strict=True)):
            asked = [found for found in _ASKS.find_in(line, words) if not _is_denied(line, found)]
            if asked and not _is_moved(lines, place):
                return f"sentence {place + 1} asks for personal data"
        return None


def _is_denied(line: str, asked: Said) -> bool:
    """Whether the sentence says not to post it, or to take it elsewhere."""
    before = max(0, asked.start - REACH)
    return bool(
        _DENIED.search(line, before, asked.end)
        or _DENIED_AFTER.match(line, asked.end)
        or _ELSEWHERE.search(line, asked.start)
    )


def _is_moved(lines: tuple[str, ...], place: int) -> bool:
    """Whether the sentence, or the one before it, moves the conversation, or the next one says where to send it."""
    if any(_MOVE.search(line) for line in lines[max(0, place - 1) : place + 1]):
        return True
    following = lines[place + 1] if place + 1 < len(lines) else ""
    return bool(_DIRECTS.search(following) and _MOVE.search(following))
