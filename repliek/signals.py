"""The signals that a human must decide, for Dutch and English messages, in the words that customers use.

Where a missed sign costs more than a false alarm (self-harm), a negation excuses nothing; where every other complaint
would ring the bell (a regulator, a promise), the words must say what the customer does or was told.
"""

from __future__ import annotations

import re

from repliek.needs import About, Asked, Joking, ManyContacts, Need, Negated, Quoted, Signal, Words

_SPOKEN = (Negated(), Quoted(), Joking())
"""What clears a threat: it is denied, somebody else's, or a joke."""


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns))


_FEW = r"(?: [\w'-]+){0,4}"
_DOES = (
    r"\b(?:bel(?:t|len)?|stap(?:t|pen)?|ga(?:at|an)?|schakel\w*|neem|nemen|leg(?:gen)?|meld(?:en)?|dien(?:en)?|"
    r"stuur|sturen|wend(?:en)?|dreig(?:t|en)?|huur|haal|call(?:ing)?|get(?:ting)?|see(?:ing)?|"
    r"contact(?:ing)?|go(?:ing)?|report(?:ing)?|complain(?:ing)?)\b"
)
_MY = r"\b(?:mijn|m'n|mn|mijnen|onze|my|our)"
_RELATIVE = (
    r"(?:man|vrouw|vader|moeder|pa|ma|papa|mama|mam|pap|broer(?:tje)?|zus(?:je)?|zoon(?:tje)?|dochter(?:tje)?|oma|opa|"
    r"oom|tante|partner|vriend(?:in)?|echtgeno(?:ot|te)|schoon(?:vader|moeder|ouders|zus|broer)|ouders|kind(?:je)?|"
    r"baby|husband|wife|mother|father|mum|mom|dad|brother|sister|son|daughter|father-in-law|mother-in-law|"
    r"grandmother|grandfather|aunt|uncle)"
)
_DEVICE = re.compile(
    r"\b(?:\w*box|modem|router|telefoon(?:tje)?|toestel|mobiel|tv|televisie|kastje|sim(?:kaart)?|laptop|tablet|"
    r"decoder|wifi|internet|lijn|batterij|accu|phone)\b"
    r"(?: \w+){0,2} (?:is |was )?(?:overleden|gestorven|died)"
)

_SELF_HARM = _any(
    r"\b(?:zelfmoord|zelfdoding|su[iï]cid\w*|zelfmoordgedachten)\b",
    r"\bwil(?: \w+){0,2} niet meer leven\b|\bwil (?:gewoon |echt |liever )?dood\b(?! (?:adres|nummer|van))",
    r"\beinde?(?: \w+){0,2} aan (?:mijn|m'n|mn|haar|zijn|het) leven\b|\buit het leven stappen\b",
    r"\b(?:mezelf|mijzelf|me zelf) (?:iets|wat) aan ?(?:te )?doen\b",
    r"\bmezelf pijn (?:te )?doen\b|\bdoe mezelf pijn\b|\bbeter af zonder mij\b",
    r"\bzie het(?! (?:met|bij) (?:jullie|u)\b)(?: \w+){0,3} niet meer zitten\b"
    r"(?! (?:met (?!mezelf|mij|alles|het leven)|bij |om |die |dit |deze ))",
    r"\bleven heeft(?: \w+){0,2} geen zin meer\b",
    r"\b(?:suicide|kill myself|killing myself|end my life|want to die|hurt myself|self-?harm)\b",
)
_FIGURATIVE = re.compile(
    r"\b(?:digitale|commerciële|commercial|career) (?:zelfmoord|suicide)\b|\bsuicide squad\b|"
    r"\b(?:film|serie|podcast|boek|documentaire) (?:over|met) (?:zelfmoord|zelfdoding|suicide)\b"
)
_DANGER = _any(
    r"\bbrandlucht\b|\bschroeilucht\b|\bgas(?:lek|lucht)\b(?!-)|\bkoolmonoxide\b|\b(?:smeult|schroeit)\b",
    r"\b(?:ruikt?|rook|stinkt)(?: \w+){0,2} (?:naar )?(?:verbrand|brand|gas)\b|\bverbrand plastic\b",
    r"\b(?:staat|vliegt|vloog|stond)(?: \w+){0,2} in brand\b|\bvlam gevat\b|\bbrand (?:hier|in huis|in de meterkast)\b",
    r"\brook (?:kwam|komt|uit)\b|\b(?:komt|kwam)(?: \w+){0,2} rook uit\b|\bvonken (?:uit|kwamen|komen)\b|\bvonkt\b",
    r"\b(?:stroomschok|schok gekregen)\b",
    r"\b(?:word|worden|ben|zijn)(?: \w+){0,2} (?:bedreigd|gestalkt|mishandeld)\b|\bdoodsbedreiging\w*\b",
    r"\b(?:burning smell|smells? (?:of|like) (?:burning|gas)|on fire|gas leak|smoke (?:from|coming)|electric shock)\b",
    r"\b(?:being|am|was) (?:stalked|threatened)\b|\bdeath threats?\b",
    r"\b112(?: \w+){0,3} (?:onbereikbaar|lukt niet|doet het niet)\b|\bbel 112\b|\b112 gebeld\b",
)
_FAR_DANGER = re.compile(r"\bjarenlang\b|\bvorig jaar\b|\bna de brand\b|\ball over\b")

_PAPER = r"(?:brief|post|mail|e-mail|factuur|facturen|nota|rekening|contract|gegevens|dossier|account|overzicht)"
_OTHER = (
    r"(?:iemand anders|een ander(?! \w*(?:adres|aanbieder|provider|bedrijf|toestel|nummer|abonnement|merk))\b(?!e)|"
    r"een andere (?:klant|persoon|meneer|mevrouw|man|vrouw|familie)|"
    r"andere (?:klanten|mensen)|een (?:vreemde|onbekende)|(?:mijn|de) bu(?:ur(?:man|vrouw)?|ren))"
)
_SAW = (
    r"\b(?:kreeg|krijg|kregen|krijgen|ontving|ontvangen|zie|zag|gekregen|stuur(?:t|den?)?|sturen|gestuurd|"
    r"got|received|see)\b"
)
_DATA_BREACH = _any(
    r"\bdatalek\b|\bdata ?breach\b|\bdata leak\b",
    r"\b(?:gegevens|data|adres|nummer|wachtwoord(?:en)?)\b"
    r"(?: \w+){0,5} (?:gelekt|op straat|op internet (?:gezet|gekomen))\b",
    rf"\b{_PAPER} van {_OTHER}(?: \w+){{0,2}} (?:ontvangen|gekregen|in mijn)\b",
    rf"{_SAW}[^.!?]{{0,60}}\b{_PAPER} van {_OTHER}",
    rf"{_SAW}[^.!?]{{0,60}}\b{_OTHER}(?: z'n| haar| zijn)? {_PAPER}\b",
    rf"\bandermans {_PAPER}\b|\bsomeone else's (?:bill|invoice|data|details|account|letter|address)\b",
    r"\banother customer's \w+",
)
_ELSEWHERE = re.compile(
    r"\b(?:niet bij (?:jullie|u)|bij (?:een|ander|een ander|een andere) (?:webshop|bedrijf|winkel|bank|instantie))\b"
)

# "Rechter" is a judge, and the right one of two: "zet de rechter knop om".
_JUDGE = r"(?:kanton)?rechter\b(?! (?:\w*(?:knop|lamp|poort|kant|hoek|kabel|stekker|toets|zijde|menu)))"
_LAWYER = (
    rf"(?:(?:advocaat|advocaten|jurist(?:en)?|rechtsbijstand\w*|rechtbank|lawyer|attorney|solicitor|court)\b|{_JUDGE})"
)
_LEGAL = _any(
    rf"{_DOES}{_FEW} {_LAWYER}",
    rf"{_MY} (?:advocaat|jurist|rechtsbijstand\w*|lawyer|attorney|solicitor)\b",
    rf"\b{_LAWYER} (?:inschakelen|in te schakelen|bellen|nemen|erop|erbij|in de arm)",
    r"\b(?:juridische stappen|kort geding|dagvaard\w*|ingebrekestelling|in gebreke|rechtszaak (?:tegen|aan))\b",
    r"\b(?:legal action|sue you|suing you|take you to court|small claims)\b",
)
_LEGAL_HELPER = re.compile(r"\blike a lawyer\b|\bals een advocaat\b|\bstrafzaak\b")
_REGULATOR_NAME = (
    r"(?:geschillencommissie|acm|autoriteit (?:consument|persoonsgegevens)\b[\w ]{0,12}|(?<=de )ap|ombudsman|"
    r"consuwijzer|consumentenbond|toezichthouder|data protection authority|regulator)\b"
)
_REGULATOR = _any(
    rf"{_DOES}{_FEW} {_REGULATOR_NAME}",
    rf"\b(?:naar|bij|to|with)(?: de| the)? {_REGULATOR_NAME}",
)
_NEWS = r"(?:krant(?:en)?|pers|journalist(?:en)?|press|newspapers?)\b"
_SHOW = r"(?:kassa|radar|rambam|opgelicht|meldpunt)\b"
_PRESS = _any(
    rf"\b(?:naar|to) (?:de|een|the) {_NEWS}(?! (?:lezen|bezorgd))",
    rf"\b(?:bel|mail|tip|benader|schakel)(?: (?:ik|wij|we|anders|dan|wel|nu|met|het programma)){{0,4}}"
    rf" (?:de {_NEWS}|{_SHOW})",
    rf"\bnaar (?:het programma |tv-programma )?{_SHOW}(?! \d)",
    rf"\b{_SHOW} (?:bellen|mailen|inschakelen|tippen|benaderen|inlichten|in te schakelen)\b",
    r"\bstap(?:pen)?(?: \w+){0,2} naar de (?:media|televisie)\b",
    r"\b(?:moet ik|ga ik|zet ik)(?: \w+){0,3} in de krant\b",
    r"\b(?:ik ben|als) (?:een )?journalist\b|\bwerk voor (?:een|de|het) (?:\w+ )?(?:krant|omroep)\b",
)
_DISCRIMINATION = _any(
    r"\b(?:ge)?discrimin\w+|\bracis\w+|\bvreemdelingenhaat\b",
    r"\b(?:vanwege|wegens|om|door|because of) (?:mijn|m'n|zijn|haar|onze|my) (?:afkomst|huidskleur|geloof|religie|"
    r"hoofddoek|geaardheid|accent|handicap|race|religion|skin|disability)\b",
    r"\bomdat (?:ik|wij|we|hij|zij|ze) (?:een )?(?:moslim\w*|zwart|donker|homo|lesbisch|trans|joods|buitenlander\w*|"
    r"turks\w*|marokkaan\w*|surinaams|gehandicapt)\b",
)
_NO_ACCUSATION = re.compile(r"\b(?:zeg|beweer|bedoel|vind|suggereer) niet dat\b|\bprijsdiscriminatie\b")
_BEREAVEMENT = _any(
    r"\b(?:overleden(?! van (?:verveling|het lachen))|overlijden|overleed|overlijdt|gestorven|nabestaanden?)\b",
    rf"\b{_RELATIVE} (?:is|was) dood\b|\bnu (?:ze|zij) dood is\b",
    rf"\bpassed away\b|\bdeceased\b|\b{_RELATIVE}(?: \w+){{0,3}} (?:has |had )?died\b",
    r"\baccount holder(?: has)? died\b|\b(?:he|she) died\b",
)
_NO_MOURNING = re.compile(
    r"\b(?:wachtwoord|uitvinder|hond|kat|konijn|poes|cavia|paard)\b|\b(?:bedanken|compliment)|"
    r"\boverleden (?:buurman|buurvrouw|kennis)\b"
)
_VULNERABLE = _any(
    r"\b(?:schuldhulp\w*|schuldsanering|bewindvoerder|bewindvoering|onder bewind|onder curatele|budgetcoach|"
    r"voedselbank|in de schulden|hoge schulden|debt counsell?ing)\b",
    r"\b(?:dement|demente|dementie|dementia|alzheimer(?:'s)?|hulpbehoevend|laaggeletterd|verstandelijke beperking)\b",
    r"\b(?:hospice|palliatie[fv]e?|terminaal|ongeneeslijk|dialyse\w*|chemo\w*|kanker|ligt op sterven|aan de zuurstof|"
    r"terminally ill|cancer)\b",
    r"\b(?:alarmknop(?:je)?|alarmkastje|persoonsalarm|personenalarm|medical alarm)\b",
)
_NOT_VULNERABLE = re.compile(r"\bgeen schulden\b|\bik ben bewindvoerder noch\b|\bfailliet\b|\bkankeren\b")
_CALLED = r"(?:terug)?ge(?:beld|maild)"
_BROKEN_PROMISE = _any(
    rf"\bzou(?:den)?\b[^.!?]{{0,50}}\b{_CALLED}\b",
    r"\b(?:jullie|u|ge|collega|iemand|monteur|men|ze)\b(?: \w+){0,2} zou(?:den|dt)?\b(?: \w+){0,4} (?:terug)?bellen\b",
    r"\b(?:mij|me|ons|was|werd|is|hebben|heeft|had|hadden|hebt|tweemaal|keer)\b"
    r"(?: [\w']+){0,5} (?:beloofd|toegezegd)\b",
    r"\b(?:u|jullie|collega|medewerk\w+) beloofden?\b|\bbeloofde (?:een|je|uw|jullie) collega\b|\bbeloofd is beloofd\b",
    r"\b(?:niet|nooit|niemand)(?: \w+){0,2} teruggebeld\b|\btoegezegde terugbel\w+(?: \w+){0,4} niet\b",
    r"\b(?:belofte|afspraak|afspraken|toezegging)\b(?: \w+){0,4} (?:niet (?:na)?gekomen|geschonden|verbroken)\b",
    r"\b(?:was|were|you|you've|agent \w+|colleague) promised\b|\bnobody (?:rang|called|phoned)(?: me)? back\b",
)
_WISH = re.compile(
    r"^zou(?:den)? (?:ik|u|jullie|er|iemand)\b|"
    r"\b(?:graag|zou (?:ik|iemand|u|je) (?:\w+ ){0,4}(?:kunnen|willen)|kunnen|willen|"
    r"zoals beloofd|dan beloofd|niets beloofd|than promised|as promised|snelheid|mbit|[45]g)\b"
)
_TIMES = r"(?:derde|3e|vierde|4e|vijfde|5e|zesde|6e|zevende|tiende|10e|zoveelste|third|3rd|fourth|4th|fifth|5th)"
_COUNT = r"(?:drie|vier|vijf|zes|zeven|acht|tien|[3-9]|1\d|three|four|five|six)"
_ASKS = (
    r"(?:schrijf|bel|mail|app|vraag|meld|zeg|stuur|benader|contact|hierover|bericht|klacht|doorgeef|calling|call|writing|"
    r"write|asking|ask|contacting|reporting)"
)
_ASKED = (
    r"(?:gebeld|gemaild|gemeld|doorgegeven|gevraagd|geappt|geschreven|"
    r"called|asked|written|emailed|reported)"
)
_THIRD_CONTACT = _any(
    rf"\b{_TIMES} (?:keer|maal|time)\b(?! (?:van|door))(?: [\w']+){{0,4}} {_ASKS}\b",
    rf"\b(?:ik|we|wij) {_ASKS}\b(?: \w+){{0,4}} {_TIMES} (?:keer|maal)\b",
    rf"\bvoor de {_TIMES} (?:keer|maal) ?:",
    rf"\b(?:ik|we|wij|heb|have|i've)\b(?: \w+){{0,4}} {_COUNT} ?(?:keer|maal|x|times)\b(?: \w+){{0,3}} {_ASKED}\b",
    rf"\b{_ASKED}(?: \w+){{0,3}} {_COUNT} (?:keer|maal|times)\b|\b{_COUNT} keer (?:\w+ )?zijn verhaal\b",
    r"\btot driemaal toe heb ik\b",
)
_THANKS = re.compile(r"\b(?:geduld|dank|bedankt|complimenten)\b")

SIGNALS: tuple[Signal, ...] = (
    Words(Need.SELF_HARM, _SELF_HARM, (About(_FIGURATIVE),)),
    Words(Need.DANGER, _DANGER, (Negated(), Joking(), About(_FAR_DANGER))),
    Words(Need.DATA_BREACH, _DATA_BREACH, (Negated(), Quoted(), About(_ELSEWHERE))),
    Words(Need.LEGAL_THREAT, _LEGAL, (*_SPOKEN, About(_LEGAL_HELPER))),
    Words(Need.REGULATOR_THREAT, _REGULATOR, (*_SPOKEN, Asked())),
    Words(Need.PRESS_THREAT, _PRESS, _SPOKEN),
    Words(Need.DISCRIMINATION, _DISCRIMINATION, (Negated(), Quoted(), About(_NO_ACCUSATION))),
    Words(Need.BEREAVEMENT, _BEREAVEMENT, (Quoted(), Joking(), About(_DEVICE), About(_NO_MOURNING))),
    Words(Need.VULNERABLE, _VULNERABLE, (Negated(), Quoted(), About(_NOT_VULNERABLE))),
    Words(Need.BROKEN_PROMISE, _BROKEN_PROMISE, (About(_WISH),)),
    Words(Need.THIRD_CONTACT, _THIRD_CONTACT, (About(_THANKS),)),
    ManyContacts(),
)
"""One for each need that words give away, and one for the course of a conversation."""
