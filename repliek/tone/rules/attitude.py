"""Not defending ourselves, not blaming the customer: who is put in the wrong hears nothing else."""

from __future__ import annotations

from repliek.tone.prose import GAP, Expressions, expression
from repliek.tone.rules.draft import Draft
from repliek.tone.rules.rule import Severity

_YOU = r"(?:je|jij|jullie|u)"

_DEFENSIVE = Expressions((
    expression(
        "you are wrong",
        "klopt juist waar true correct incorrect wrong",
        r"(?:^|(?<=\n))(?:nee,? |maar |nou,? )?(?:dat|dit) (?:klopt|is) (?:echt |gewoon |"
        r"helemaal )?niet(?: (?:waar|juist|correct|helemaal))?(?=[.,!;]|$)(?!, (?:hè|sorry|excuus|u hebt|je hebt))",
        r"\b(?:dat|dit) is (?:onjuist|incorrect|onwaar|een misverstand van uw kant)\b",
        r"\b(?:that|this)(?:'s| is) (?:simply |just )?(?:not (?:true|correct|right)|incorrect|untrue|"
        r"wrong)\b(?! of us)",
    ),
    expression(
        "we told you before",
        "verteld uitgelegd doorgegeven geïnformeerd "
        "stated mentioned explained indicated said told informed zeiden zei nogmaals besproken "
        "zoals as aangegeven vermeld gezegd gemeld uitgelegd already",
        r"\b(?:zoals|"
        r"nogmaals)(?: (?:we|wij|ik|u|je|al|reeds|eerder|ook|hierboven|gisteren|net|"
        r"zojuist))* (?:aangaven?|aangegeven|vermeldd?e?n?|gezegd|zeiden?|gemeld|uitgelegd|medegedeeld|meegedeeld|"
        r"besproken)\b",
        rf"\b(?:hebben|heb) (?:we|wij|"
        rf"ik)(?: {_YOU})? (?:(?:dit|dat|het|al|reeds|eerder|"
        rf"meermaals){{1}} ){{1,4}}(?:aangegeven|uitgelegd|gezegd|vermeld|gemeld)\b",
        r"\bas (?:we |i |was |were )?(?:previously |already |clearly |earlier )*(?:stated|mentioned|explained|"
        r"indicated|said|told)\b",
        r"\b(?:we|i) (?:have |already |'ve )+(?:told|explained|stated|informed)\b",
        rf"\b(?:hebben|heb) (?:we|wij|ik) {_YOU}(?: (?:dit|dat|het|al|reeds|eerder|vaker))* "
        r"(?:verteld|uitgelegd|gezegd|gemeld|geïnformeerd)\b",
        rf"\bis {_YOU}(?: (?:al|reeds|eerder|vaker|meermaals))+ (?:verteld|uitgelegd|gezegd|meegedeeld|medegedeeld)\b",
    ),
    expression(
        "we are in the right",
        "gehouden staat systeem systems nothing "
        "goed netjes zorgvuldig regels verkeerd fout "
        "correct juist volgens conform terecht onterecht eenmaal records correctly right duidelijk "
        "clearly policy "
        "beleid",
        r"\b(?:we|wij|ik) (?:hebben|heb)(?: (?:dit|dat|het|alles|hier|hierin|daarin|uw \w+|je \w+))* (?:correct|"
        r"juist|goed|netjes|volgens de regels|zorgvuldig) (?:ge\w+|be\w+|ver\w+|uitgevoerd|afgehandeld|toegepast|"
        r"gehandeld)\b",
        r"\b(?:we|wij) (?:hebben|heb) (?:correct|juist|niets verkeerd|niets fout)\b",
        rf"\bvolgens (?:onze|mijn|de) (?:gegevens|administratie|systemen|systeem|"
        rf"registratie)\b{GAP}{{0,6}} (?:niets|niks|geen \w+|correct|in orde|gewoon|klopt|juist)\b",
        r"\b(?:uw|je) \w+ is (?:onterecht|ongegrond)\b",
        r"\bstaat (?:toch |ook |gewoon |heel )?duidelijk (?:in|op|vermeld|aangegeven)\b",
        r"\b(?:dat|dit) is nu eenmaal\b|\bzo is (?:nu eenmaal )?ons beleid\b",
        r"\baccording to our (?:records|system|administration|data)\b",
        r"\bwe (?:did|have done|acted|handled|processed)(?: \w+){0,4} (?:correctly|right|properly|nothing wrong)\b",
        r"\b(?:clearly|plainly) (?:states?|stated|says|written|mentioned)\b",
        r"\bthat is (?:simply )?our policy\b",
        r"\baan (?:de|onze|alle) (?:regels|afspraken|voorwaarden) gehouden\b",
        r"\bstaat (?:toch|gewoon) (?:duidelijk )?in\b",
        r"\bin ons systeem\b(?: [\w'-]++){0,3} (?:in orde|goed|niets|niks|correct)\b",
        r"\bwe(?:'ve| have)? (?:did|done) nothing wrong\b|\bour systems? shows? (?:no|nothing|that)\b",
    ),
    expression(
        "it is not our fault",
        "veranderen doen "
        "schuld fout verantwoordelijkheid verantwoordelijk mis ons niets fault responsibility responsible problem "
        "wrong",
        r"\b(?:niet|geen) (?:onze|de onze|ónze) (?:schuld|fout|verantwoordelijkheid|probleem)\b",
        r"\b(?:is|zijn) (?:wij|we)? ?niet (?:voor )?verantwoordelijk\b",
        r"\bligt (?:echt |gewoon )?niet (?:aan|bij) ons\b",
        r"\b(?:kunnen|kan) (?:we|wij|ik) (?:ook )?niets aan doen\b",
        r"\b(?:we|wij|ik) (?:kunnen|kan) er (?:ook )?niets aan doen\b",
        rf"\b(?:bij ons|aan onze kant|van onze kant)\b{GAP}{{0,4}} niets (?:mis|fout|verkeerd|aan de hand)\b",
        r"\bis er(?: bij ons)? niets (?:mis|fout|verkeerd)\b|\bniets mis mee\b",
        r"\bnot our (?:fault|responsibility|problem)\b|\b(?:we are|we're) not responsible\b",
        r"\bnothing (?:is )?wrong (?:on|at) our (?:side|end)\b|\bnothing we can do about\b",
        r"\b(?:kunnen|kan) (?:hier|daar|er) (?:ook |verder )?(?:niets|niks) aan (?:doen|veranderen)\b",
    ),
))  # fmt: skip

_HAPPENED_TO = r"(?:krijgen|ontvangen|horen|hebben gekregen|hebben gehoord|zijn geholpen|worden)"
_ENDURED = r"(?:vragen|uitleggen|wachten|bellen|herhalen|meemaken|schrijven|zoeken|mailen|regelen|melden)"
_YOU_HAD = rf"\b(?:{_YOU} (?:had|hadden)|(?<!we )(?<!wij )(?<!ik )(?:had|hadden) {_YOU})\b"
_BLAME = Expressions((
    expression(
        "you should have",
        "dan "
        "had hadden should ought",
        rf"{_YOU_HAD}(?!{GAP}{{0,7}} moeten (?:{_HAPPENED_TO}|hebben|zijn))"
        rf"(?!{GAP}{{0,3}} niet{GAP}{{0,4}} moeten {_ENDURED})(?!{GAP}{{0,3}} van ons\b){GAP}{{0,7}} moeten\b",
        rf"{_YOU_HAD}{GAP}{{0,4}} (?:beter|eerst|eerder) (?:kunnen|gelezen|gekeken|opgelet|\w+en)\b(?! moeten)",
        rf"\b(?:als|indien) {_YOU}{GAP}{{0,5}} (?:had|hadden) (?:gelezen|gekeken|opgelet|opgepast|gecontroleerd|"
        rf"ingevuld)\b",
        rf"\b(?:als|indien) {_YOU}{GAP}{{0,5}} (?:gelezen|gekeken|opgelet|gecontroleerd|ingevuld) (?:had|hadden)\b",
        r"\byou (?:should(?:'ve| have)|"
        r"ought to have)\b(?! (?:had to|received|heard|gotten|got|been|had an?))(?! not had)",
        r"\bhad (?:dan|het dan|dat dan) (?:eerst|even|maar|gewoon)\b",
    ),
    expression(
        "do it better",
        "lees lezen volgende "
        "maar beter voortaan next",
        rf"\b(?:moet|moest|had) {_YOU} (?:dan |toch |ook |gewoon )*maar\b",
        rf"\b{_YOU} (?:moet|moest|dient|kunt|kan) (?:dan |toch |voortaan |de volgende keer |"
        rf"gewoon )*(?:maar )?beter{GAP}{{0,3}} (?:lezen|opletten|kijken|luisteren|controleren)\b",
        r"\b(?:lees|kijk|luister|let)(?: \w+){0,3} (?:voortaan|volgende keer) (?:eens )?beter\b",
        r"\b(?:lees|kijk) (?:eens|dan) (?:goed|beter)\b",
        r"\bnext time(?:,)? (?:please )?(?:read|check|look|pay attention|be more careful)\b",
        r"\b(?:lees|kijk|let) (?:de volgende keer|voortaan|in het vervolg)\b",
    ),
    expression(
        "you did it yourself",
        "waarom doordat goed gekeken gelezen didn't did entered typed chose agreed "
        "zelf eigen toedoen verkeerd fout onjuist vergeten nagelaten begrijpt begrijp own if yourself failed forgot "
        "caused wrongly",
        rf"\b(?:{_YOU} (?:hebt|heeft|heb|bent)|"
        rf"(?:hebt|heb|heeft|bent|ben) {_YOU})(?: (?:dit|dat|het|er|hier|de \w+|deze \w+|"
        rf"die \w+))? (?:echt |immers |toch |namelijk )*zelf\b(?! (?:de (?:keuze|keus|"
        rf"regie)|in de hand|al|een|ook|geprobeerd|ontdekt|nodig))"
        rf"(?!{GAP}{{0,4}} (?:geprobeerd|opgelost|gevonden|ontdekt|"
        rf"bedacht)\b)",
        r"\b(?:eigen|zelf) schuld\b",
        r"\b(?:uw|je|jouw) eigen (?:fout|schuld|verantwoordelijkheid|risico|probleem|keuze geweest)\b",
        r"\bdoor (?:uw|je|jouw) toedoen\b|\bis aan uzelf te\b",
        r"\baan (?:jezelf|uzelf) te (?:wijten|danken)\b",
        rf"\b{_YOU} (?:hebt|heeft|heb)\b(?: [\w'-]++){{0,5}} (?:verkeerd|fout|onjuist|niet goed|nagelaten|"
        rf"verzuimd)(?: (?:te )?\w+)?(?=[ .,!;]|$)(?! (?:geïnformeerd|verteld|uitgelegd|berekend|geholpen))",
        rf"\b{_YOU} (?:bent|was|ben)\b(?:,? (?!niet\b)[\w'-]++){{0,4}} vergeten\b",
        rf"\b{_YOU} begrijpt? (?:het|dat|dit) (?:verkeerd|niet)\b",
        r"\byour own (?:fault|mistake|responsibility|doing|risk)\b",
        r"\byou (?:did|caused|chose|broke)(?: \w+){0,3} yourself\b",
        r"\byou (?:failed|neglected|forgot) to\b",
        r"\byou (?:must have|have) (?:entered|filled|typed|done)(?: \w+){0,4} (?:wrong|wrongly|incorrectly)\b",
        r"\bif you had (?:read|checked|looked|paid attention)\b",
        rf"\bwaarom (?:hebt|heeft|heb|bent|ben) {_YOU} (?:dan |het |dat |dit )*niet\b",
        rf"\bdoordat {_YOU} (?:zelf |het |de \w+ )?(?:niet|geen|te laat|verkeerd)\b",
        r"\byou (?:didn't|did not) (?:read|follow|check|listen|pay attention)\b",
        r"\byou (?:entered|typed|chose|gave)(?: \w+){0,2} wrong\b",
        r"\bwhat you agreed to\b|\byou agreed to (?:this|it|our)\b",
    ),
))  # fmt: skip


class _Attitude:
    """What no text may say, whoever wrote it. A finding names it, but not the words: some may be the customer's."""

    severity = Severity.WARNING

    def __init__(self, expressions: Expressions) -> None:
        self._expressions = expressions

    def check(self, draft: Draft) -> str | None:
        said = dict.fromkeys(found.name for found in self._expressions.find(draft.prose))
        return f"says: {', '.join(said)}" if said else None


class Defensive(_Attitude):
    """Being right helps nobody: contradicting, repeating what was said before, and denying that it is ours.

    A warning, because the words can be what the customer needs to hear: "dat klopt niet" of a wrong invoice.
    """

    name = "defensive"

    def __init__(self) -> None:
        super().__init__(_DEFENSIVE)


class Blame(_Attitude):
    """A customer who is told what they did wrong writes again, and angrier.

    A warning, because nobody can tell every reproach from a plain fact ("je bent je pincode vergeten").
    """

    name = "blame"

    def __init__(self) -> None:
        super().__init__(_BLAME)
