"""The second person of Dutch verbs: `vind je` beside `vindt u`, and which words are verbs at all."""

from __future__ import annotations

import re
from types import MappingProxyType

from repliek.tone.dutch.lexicon import word_set

# Stems of common verbs, without prefix: `stel` serves bestel, herstel, voorstel and opstel.
_STEMS = word_set(
    """
    aanbid aanvaard aarzel abonneer accepteer acteer activeer adem adviseer analyseer annuleer antwoord app
    archiveer arriveer baal baan babbel babysit bak beantwoord bedank bedenk bedien bedoel bedreig begeleid
    begin begrijp begroet behaal behandel beheer behoor behoud bekeer bekijk beklaag bekommer bekritiseer bel
    belast belazer beleef belicht beloof bemoei benader benut beoordeel bepaal beperk bepleit bereik berg beroof
    bescherm beschik beschrijf besef beslis bespreek besta besteed bestel bestrijd bestudeer betaal betover
    betreed betrek betreur betwijfel beveel bevestig bevind bevrijd bewaar beweeg beweer bewerk bewijs bewonder
    bezit bezoek bezorg bezuinig bezwijk beëindig bid bied bind blaas blader blaf blijf blokkeer bloos bluf boek
    bots bouw breek breng bruik buig chat check citeer claim coach combineer communiceer concentreer configureer
    confronteer contacteer controleer converteer corrigeer crash creëer dans debatteer declareer deel dender
    denk dien dineer discussieer dm doceer doe doneer doorbreek download draag draai dreig drijf drink droom
    druk duik duld durf duw eer eindig eis emigreer erf ervaar evalueer experimenteer exporteer facetime
    fantaseer fiets film filosofeer filter fluister focus foeter fok forceer formatteer formeer formuleer
    fotografeer functioneer ga gaap garandeer gebeur gebruik gedraag geef geloof geneer genees genereer gil ging
    glijd gok google gooi graaf graai grijp grinnik groei gym haak haal hak hamer handel hang hardloop heers hef
    help herhaal herinner herken herleid herstel hijg hik hink hoef hoop hoor hou houd huil huiver hunker huppel
    huur identificeer ijsbeer imiteer imponeer importeer informeer inschrijf inspecteer inspireer installeer
    integreer interesseer investeer jaag jank jok juich kam kampeer kan kauw keer ken keur kibbel kiep kies kijk
    klaag klap kleed klets kleur klik klim klink klus kneed kneus knik knip knipper knok knuffel knutsel koester
    kom kook koop kopieer koppel kots kraak kriebel krijg kruip kuch kus kwijt laad lach lanceer laveer leef
    leen leer lees leg legitimeer leid leun lever lieg lig lijd lijk lik log lok loog loop los luier luister luk
    lunch maai maak mail mals manipuleer mank markeer mediteer meen meld meng merk mijd mijmer mik minacht mis
    misbruik mix moei mompel mopper motiveer naai navigeer neem negeer neig neurie nodig noem noteer observeer
    oefen omhels onderhandel onderneem onderscheid onderteken onderzoek ontbreek ontdek ontgrendel onthoud
    onthul ontsla ontspan ontvang ontvlucht ontwerp ontwikkel open organiseer overdrijf overleef overleg
    overschrijf overstap overtref overtuig overval overweeg paai pak parkeer pas passeer pauzeer pieker pik pin
    plaag plaats plak plan pleeg pleit ploeter pluk poets poog preek presenteer print probeer produceer
    profiteer pronk protesteer pruts publiceer puzzel raad raak race rap reageer realiseer reed regeer regel
    registreer reik reis rek reken relax ren repareer reserveer reset respecteer rij rijd riskeer roddel roei
    roem roep rol rook rouw ruik ruil ruim scan schaad schaak schaam schaats schakel schat scheer scheid scheld
    schenk schep scherm schilder schop schrijf schrik schroef schuif schuil scroll sein selecteer sjouw ski skip
    sla slaap sleep slenter sleutel slik sloop sluip smaak smeer smijt smoes sms smul snap snauw sneak snijd
    snowboard snuffel solliciteer sorteer spaar span speculeer speel speur spijt spioneer splits spoel sport
    spot spreek spring spuug sta staak stamel stamp stap steek steel stel stem sterf steun stink stoei stof
    stook stoor stop stotter straal straf stream streef strijd strijk struikel studeer stuur sukkel supporter
    surf swipe sync synchroniseer tackel tank teer teken tel telefoneer tennis tik til toets tolereer toon tover
    train trakteer trap tref treiter trek trommel trouw tuinier tweet twijfel twitter typ typeer uit update
    upload vaar vaccineer val vang veeg verafschuw verander verbaas verberg verbeter verbouw verdedig verdeel
    verdien verdiep verdraag verdwijn vereer verf verfris vergader vergelijk vergis vergoed vergrendel verhelp
    verhinder verhuis verhuur verkoop verlang verleid verleng verlies verlos vermaak vermeld vermeng vermijd
    vermoed vernietig vernieuw verontschuldig veroorzaak verplaats verraad verscheur verschijn versla versleutel
    verspil verspreid versta verstoor vertel vertik vertraag vertrek vertrouw vervang verveel vervolg vervuil
    verwaarloos verwen verwerk verwijder verwijs verwonder verzamel verzeker verzend verzet verzin verzorg vier
    vind vink vis vlieg vloek voeg voel voer voetbal volg volleybal volsta voorkom voorspel vorm vouw vraag
    vrees vries vul waag waarborg waardeer waarschuw wandel was weeg weerleg weiger wek wend wens werk whatsapp
    wijd wijs wijzig wikkel win wis wissel woon word wrijf wroet wuif zaag zaai zak zeg zeil zend zeur zie zing
    zink zoek zoen zonnebaad zorg zuig zuip zwaai zweef zweer zwem zwerf zwijg
    """
)
# Their stem ends in -t already, so je and u share one form: laat je, laat u.
_STEMS_IN_T = word_set(
    """
    acht baat barst bat belet bericht besluit betracht bezit bijt boet buit chat dicht eet fluit geniet giet
    groet haast haat hecht heet hoest internet kaart knot kost krijt kruit kust kwijt laat last let licht lust
    meet mest moet muit munt ontmoet ontsmet overnacht pet plant poot post praat print reset richt roest rot
    ruit rust schat schiet slijt sluit smelt smet smijt snuit spijt splijt sport spot spuit start stoot stort
    stuit tast test uit upset vast vat vecht vergeet verlaat verplicht verricht verruit verwacht verwijt wacht
    weet wijt zet zit zweet zwicht
    """
)
_PASTS = word_set(
    """
    at bedacht begon begreep besloot bezat bleef bleek bond bood bracht brak dacht deed dook droeg dronk floot
    gaf genoot ging gold goot greep had hield hielp hing keek kende kocht kon koos kreeg kwam lag las leed leek
    liep liet lukte mat mocht moest nam ontbrak ontving reed riep schonk schoot schreef schrok sliep sloeg sloot
    sneed spoot sprak sprong stak stond trof trok verdween vergat verkocht verliet verloor verstond verzocht
    viel ving vloog vocht vond vroeg was wees werd wilde wist won woog wou zag zat zei zocht zond zong zou zwom
    """
)
_PAST_PLURALS = word_set(
    """
    begonnen bleken bleven boden brachten dachten deden gaven gingen hielden hielpen hingen keken kochten kozen
    kregen kwamen lagen lazen leken liepen lieten namen riepen schreven sliepen sloten spraken stonden trokken
    verloren verzochten vielen vingen vonden vroegen wezen wisten wonnen zagen zaten zeiden zochten
    """
)
_PREFIXES = re.compile(
    r"^(?:aan|achter|af|be|bij|binnen|door|er|ge|goed|her|hoofd|in|klaar|kwijt|langs|los|mee|mis|na|neer|om|onder|ont|op|open|over|"
    r"plaats|rond|samen|tegen|terecht|terug|thuis|toe|uit|vast|ver|voor|vooraf|weer|weg|vol)"
)
# With je behind it the verb takes this form; the others drop -t.
_WITH_JE = MappingProxyType(
    {
        "bent": "ben", "is": "ben", "hebt": "heb", "heeft": "heb", "kunt": "kun", "kan": "kun", "zult": "zul",
        "zal": "zul", "wilt": "wil", "wil": "wil", "mag": "mag", "houdt": "hou", "komt": "kom",
    }
)  # fmt: skip
_WITH_U = MappingProxyType(
    {
        "ben": "bent", "heb": "hebt", "heeft": "heeft", "hebt": "hebt", "bent": "bent", "kun": "kunt",
        "kan": "kunt", "zul": "zult", "zal": "zult", "wil": "wilt", "mag": "mag", "hou": "houdt", "rij": "rijdt",
        "snij": "snijdt", "glij": "glijdt", "lij": "lijdt", "kom": "komt", "vindt": "vindt", "wordt": "wordt",
    }
)  # fmt: skip
_PLURALS = MappingProxyType(
    {
        "zijn": "bent", "hebben": "hebt", "kunnen": "kunt", "zullen": "zult", "willen": "wilt", "mogen": "mag",
        "moeten": "moet", "gaan": "gaat", "staan": "staat", "doen": "doet", "zien": "ziet", "krijgen": "krijgt",
        "worden": "wordt", "komen": "komt", "vinden": "vindt", "weten": "weet", "waren": "was", "hadden": "had",
        "konden": "kon", "wilden": "wilde", "zouden": "zou", "moesten": "moest", "mochten": "mocht",
        "werden": "werd",
    }
)  # fmt: skip
# Verbs from French end in -eer, and so do these, which are none.
_NO_LOANS = word_set(
    "alweer wanneer verkeer ongeveer sfeer meer zeer weer heer neer evenmeer atmosfeer meneer mijnheer steeds"
)
# `gaat` doubles the vowel of `ga`.
_OPEN_STEMS = frozenset({"ga", "sta", "sla"})
_FINITE_IRREGULAR = frozenset(_WITH_JE) | frozenset(_WITH_U) | {"moet", "zijn", "hoeft"}


def _bare(word: str) -> tuple[str, ...]:
    """The word, and the word without one or two prefixes."""
    found = [word]
    for _ in range(2):
        rest = _PREFIXES.sub("", found[-1])
        if rest == found[-1] or len(rest) < 2 or (len(found) > 1 and found[-1].startswith("ge")):
            break
        found.append(rest)
    return tuple(found)


def _infinitives(stem: str) -> set[str]:
    """What the infinitive of `stem` may look like; too many spellings do no harm, they name no other word."""
    found = {stem + "en", stem + "n"}
    if long := re.fullmatch(r"(.*)(aa|ee|oo|uu)([^aeiou])", stem):
        found.add(f"{long[1]}{long[2][0]}{long[3]}en")
    elif re.search(r"[^aeiou][aeiou][bdfgklmnprst]$|^[aeiou][bdfgklmnprst]$", stem):
        found.add(stem + stem[-1] + "en")
    voiced = {spelling[:-3] + {"f": "v", "s": "z"}[spelling[-3]] + "en" for spelling in found if spelling[-3] in "fs"}
    return found | voiced


_INFINITIVES = (
    frozenset(spelling for stem in _STEMS | _STEMS_IN_T for spelling in _infinitives(stem))
    | frozenset(_PLURALS)
    | {"slaan", "eten", "zijn"}
)


def is_stem(word: str) -> bool:
    """Whether `word` is what stands before je, or an imperative, of a verb known here."""
    if re.fullmatch(r"\w{2,}[^aeiou]eer", word) and word not in _NO_LOANS:
        return True
    known = _STEMS | _STEMS_IN_T | _OPEN_STEMS
    return any(bare in known for bare in _bare(word)) or word in {"ben", "heb", "kun", "zul"}


def is_stem_in_t(word: str) -> bool:
    """Whether the stem of this verb ends in -t of itself: `laat`, `wacht`."""
    return any(bare in _STEMS_IN_T for bare in _bare(word))


def is_past(word: str) -> bool:
    """Whether `word` is a past tense, whose form je and u share."""
    weak = re.fullmatch(r"(.+?)(?:te|de)n?", word)
    return any(bare in _PASTS or bare in _PAST_PLURALS for bare in _bare(word)) or bool(weak and is_stem(weak[1]))


def is_third_person(word: str) -> bool:
    """Whether `word` ends as hij, u and a preceding je have it: `belt`, `vindt`, but not `bel`."""
    return word.endswith("t") and not is_stem_in_t(word) and is_stem(_without_t(word))


def _without_t(word: str) -> str:
    """`belt` becomes `bel`, `gaat` becomes `ga`."""
    return word[:-2] if any(bare in {"gaat", "staat", "slaat"} for bare in _bare(word)) else word[:-1]


def is_infinitive(word: str) -> bool:
    """Whether `word` is an infinitive or the plural of a verb known here."""
    return any(bare in _INFINITIVES for bare in _bare(word)) and not word.endswith("nn")


def is_plural(word: str) -> bool:
    """Whether `word` may be the finite verb of we or ze."""
    return word in _PLURALS or is_infinitive(word)


def is_participle(word: str) -> bool:
    """Whether `word` is a past participle, by its shape: `gebeld`, `opgelost`, `ontvangen`."""
    shaped = re.fullmatch(r"(?:aan|af|bij|door|in|mee|na|om|op|over|terug|toe|uit|voor|weg)?ge\w{2,}(?:t|d|en)", word)
    prefixed = re.fullmatch(r"((?:be|ver|ont|her|er)\w+?)(?:t|d)", word)
    return bool(shaped) or bool(prefixed and is_stem(prefixed[1]))


def is_finite(word: str) -> bool:
    """Whether `word` may be the finite verb of a clause."""
    return word in _FINITE_IRREGULAR or is_third_person(word) or is_stem_in_t(word) or is_past(word) or is_plural(word)


def before_je(verb: str) -> str:
    """The form of `verb` with je behind it: `vindt` becomes `vind`, `laat` stays."""
    if verb in _WITH_JE:
        return _WITH_JE[verb]
    if verb.endswith("houdt"):
        return verb[:-2]
    if verb.endswith("t") and not is_stem_in_t(verb) and not is_past(verb):
        return _without_t(verb)
    return verb


def before_u(verb: str) -> str:
    """The form of `verb` with u behind it: `vind` becomes `vindt`, `laat` and past tenses stay."""
    if verb in _WITH_U:
        return _WITH_U[verb]
    if verb.endswith(("hou", "rij", "snij")) and verb != "vrij":
        return verb + "dt"
    if verb.endswith("t") or is_past(verb) or re.search(r"[td]e$", verb):
        return verb
    if any(bare in _OPEN_STEMS for bare in _bare(verb)):
        return verb + "at"
    return verb + "t"


def singular(plural: str) -> str | None:
    """The form with u for the form with jullie, where it is known: `kunnen` becomes `kunt`."""
    if plural in _PLURALS:
        return _PLURALS[plural]
    stems = sorted(stem for stem in _STEMS | _STEMS_IN_T if plural in _infinitives(stem))
    return before_u(stems[0]) if stems else None
