"""What form letters say, Dutch and English: stock phrases, the language of offices, an organisation that speaks."""

from __future__ import annotations

from repliek.tone.prose import Expressions, expression

_WE = r"(?:we|wij|ik)"
_YOUR = r"(?:je|uw|jouw|jullie|het|de)"
_ABOUT_LETTERS = (
    "bericht reactie mail e-mail vraag interesse contact schrijven melding begrip geduld medewerking bezoek feedback "
    "inzending aanvraag"
)
STOCK_PHRASES = Expressions((
    expression(
        "thanks for the letter",
        f"bedankt dank danken fijn {_ABOUT_LETTERS} thank thanks",
        rf"\b(?:bedankt|dank(?: (?:je|u))?(?: wel)?|(?:wij|we) danken u|hartelijk dank) voor (?:{_YOUR} )?(?:\w+ )?"
        rf"(?:{'|'.join(_ABOUT_LETTERS.split())})\b(?! en foto)",
        r"\b(?:bedankt|dank|fijn) (?:voor het|dat (?:je|u)) (?:contact |de moeite )(?:met ons |hebt |"
        r"heeft )?(?:opne(?:men|emt)|neemt|opgenomen)\b",
        r"\bthank(?:s| you)(?: very much)? for (?:contacting|reaching out|getting in touch|your (?:\w+ )?(?:message|"
        r"e-?mail|enquiry|inquiry|"
        r"patience|understanding|feedback|interest|question|request|cooperation|business))\b",
        r"\bthank you for your (?:\w+ and )?(?:understanding|cooperation)\b",
    ),
    expression(
        "received",
        "ontvangen behandeling geregistreerd received forwarded processed",
        r"\b(?:vraag|bericht|klacht|verzoek|melding|aanvraag|mail|e-mail|"
        r"reactie)\b(?: [\w-]++){0,6} (?:in goede orde )?(?:ontvangen|geregistreerd|"
        r"in behandeling (?:genomen|neemt|nemen)|doorgestuurd naar de)\b",
        r"\bin behandeling (?:is |wordt |zijn |te )?(?:genomen|kunnen nemen|nemen)\b|\bneemt? (?:uw|"
        r"je) \w+ (?:zo \w+ mogelijk )?in behandeling\b",
        r"\b(?:message|request|enquiry|inquiry|complaint|application|feedback) (?:has been|was|will be)(?: \w+){0,3} "
        r"(?:received|forwarded|processed|registered|handled)\b",
        r"\b(?:will|shall) be (?:processed|forwarded)\b",
    ),
    expression(
        "inconvenience",
        "ongemak inconvenience betreuren regret",
        r"\bongemak\b|\b(?:any|the|this|for) inconvenience\b|\b(?:wij|we) betreuren\b|\bwe (?:deeply )?regret\b",
    ),
    expression(
        "unfortunately",
        "helaas unfortunately spijt",
        rf"(?:^|(?<=\n)|(?<=[,.] ))helaas (?:{_WE} )?(?:kunnen|kan|moeten|moet|is het|zijn|is|mogen|beschikken|"
        rf"hebben)\b",
        r"\bhelaas niet mogelijk\b|\b(?:moeten|moet) (?:wij|we|ik) (?:je|u) helaas\b|\b(?:wij|we) (?:kunnen|"
        r"moeten) (?:je |u )?helaas\b",
        r"\bunfortunately,? (?:we|it is|this is|i am|i'm|your)\b|\bwe are (?:unable|not able)\b",
    ),
    expression(
        "as soon as possible",
        "spoedig mogelijk soon possible",
        r"\bzo (?:spoedig|snel) (?:als )?mogelijk\b|\bten spoedigste\b|\bas soon as possible\b|\bat (?:the|"
        r"your) earliest convenience\b",
    ),
    expression(
        "any questions left",
        "mocht mochten aarzel aarzelt schroom hesitate further vragen",
        r"\bmocht(?:en)? (?:je|u|jullie)(?: \w+){0,3} (?:nog|verdere|meer|andere|overige)?(?: \w+){0,2} ?(?:vragen|"
        r"vraag|opmerkingen)\b"
        r"(?! te hebben)|\b(?:aarzelt?|schroomt?)(?: u| je)?(?: dan)? niet\b",
        r"\bneemt? (?:dan )?gerust contact (?:met ons )?op\b",
        r"\b(?:do not|don't) hesitate\b|\bany (?:further|other|more) (?:questions|assistance|queries)\b|"
        r"\bfeel free to contact\b",
    ),
    expression(
        "trusting",
        "hopende hopend hopen hoop vertrouwen vertrouwende hiermee wensen rekenen trust hope hierbij",
        rf"\b(?:hopende?|{_WE} (?:hopen|hoop|vertrouwen|vertrouw|gaan))(?: erop| ervan| je| u|"
        rf" dat)*(?: \w+){{0,4}} (?:hiermee|hierbij|voldoende|naar tevredenheid)\b",
        r"\b(?:hiermee|hierbij) (?:voldoende|naar tevredenheid|van dienst)\b|\b(?:wij|we) (?:rekenen|hopen) op (?:uw|"
        r"je) begrip\b",
        r"\b(?:wensen|wens) (?:je|u)(?: verder)? (?:nog )?een (?:fijne|prettige|mooie|leuke)\b|\bnog een (?:prettige|"
        r"fijne) dag\b",
        r"\bwe (?:trust|hope) (?:this|that|you|to have)\b|\bhave a (?:great|nice|lovely|wonderful) day\b",
    ),
    expression(
        "we take this seriously",
        "tevredenheid feedback serieus belang doen streven waarderen priority important value satisfaction seriously "
        "staat",
        r"\b(?:uw|je|jouw) (?:tevredenheid|mening|feedback|opmerking|privacy)\b(?: \w+){0,6} (?:voorop|belangrijk|"
        r"belang|waardevol|serieus|centraal)\b",
        r"\b(?:wij|we) (?:nemen|doen|streven|waarderen|hechten)(?: (?:uw|je|dit|deze|er|ernaar|er naar|dan|ook|"
        r"\w+)){0,4} "
        r"(?:serieus|alles aan|ernaar|naar|feedback|veel waarde)\b|\bwij doen er alles aan\b|\b(?:wij|we) streven\b",
        r"\byour (?:satisfaction|feedback|opinion|privacy)(?: \w+){0,3} (?:important|priority|valuable|matters|"
        r"valued)\b|\bwe value your\b"
        r"|\bwe take (?:\w+ ){1,3}(?:very )?seriously\b|\btop priority\b",
    ),
    expression(
        "letters begin and end so",
        "kennisgenomen hierbij gewaardeerde prijs volgt dienst betekenen volgorde mededelen attention pleased "
        "appreciate matter "
        "assistance shortly apologise apologize understand",
        r"\bkennisgenomen van\b|\bhierbij (?:bevestigen|ontvangt|sturen|delen)\b|\bgewaardeerde klant\b|"
        r"\bop volgorde van\b",
        r"\b(?:wij|we) stellen het(?: zeer| erg)? op prijs\b|\bals volgt (?:berichten|informeren|antwoorden)\b",
        r"\b(?:beter )?van dienst te (?:kunnen )?zijn\b|\b(?:voor (?:je|u) (?:kunnen )?betekenen)\b|\b(?:te moeten|"
        r"moeten) mededelen\b",
        r"\bto our attention\b|\bpleased to inform\b|\bappreciate (?:you|your)\b|\blook into the matter\b|"
        r"\bin touch shortly\b",
        r"\b(?:additional|further) assistance\b|\bsincerely apologi[sz]e\b|\bunderstand your (?:frustration|concern)\b",
    ),
    expression(
        "by a machine",
        "automatisch automatic automatically reply",
        r"\bautomatisch (?:gegenereerd|aangemaakt|verzonden|verstuurd)\b|\bniet op (?:dit bericht )?reageren\b",
        r"\bautomatic(?:ally)? (?:generated|reply|message)\b|\bdo not reply to this\b",
    ),
    expression(
        "to nobody",
        "geachte klant dear customer relatie lezer",
        r"\b(?:geachte|beste) (?:klant|relatie|lezer|(?:heer/mevrouw|heer, mevrouw|heer of mevrouw)(?=,|$)|abonnee|"
        r"gast)\b|\bdear (?:customer|client|guest|sir/madam|valued)\b",
    ),
))  # fmt: skip
"""What a reader has read a hundred times, and what therefore says nothing."""

OFFICE_LANGUAGE = Expressions((
    expression(
        "must be done",
        "dient dienen gelieve verzoeken verzoek verzocht kindly required",
        r"\bdien(?:t|en)\b(?: [\w-]++){0,8} te\b|\bgelieve\b|\b(?:wij|we) verzoeken\b|\b(?:vriendelijk|"
        r"beleefd) (?:verzoek|verzocht|verzoeken)\b"
        r"|\bwordt verzocht\b",
        r"\bkindly (?:be|note|provide|advised?|refer|submit)\b|\b(?:is|are|be) required to\b|\bmust be (?:submitted|"
        r"provided|received|completed)\b",
    ),
    expression(
        "nouns for deeds",
        "het ten ter aanleiding verband betrekking verwijzing basis grond order regard reference accordance behalf "
        "respect",
        r"\bhet [a-zë]{3,20}(?:eren|even|elen|igen|ijzen|sturen|nemen|werken|zien|zenden|dienen|zoeken|"
        r"behandelen) van\b",
        r"\b(?:ter|tot) [a-zë]{4,16}ing (?:van|over|omtrent)\b|\bten (?:behoeve|aanzien|gevolge|einde|tijde)\b|"
        r"\bde (?:beantwoording|afhandeling|verwerking|behandeling|beoordeling|uitvoering|verzending|toekenning) van\b",
        r"\b(?:naar aanleiding|met betrekking|onder verwijzing|in reactie|met verwijzing|op grond|op basis) (?:van|"
        r"tot|naar|op)(?: (?:de wet|uw|je|het|dit))?\b",
        r"\bin verband met (?:grote|de|uw|een)\b",
        r"\bin order to\b|\b(?:with|in) (?:regards? to|reference to|respect of|accordance with)\b|\bprior to\b|"
        r"\bon behalf of our\b|\bthe (?:processing|handling) of\b",
    ),
    expression(
        "words of letters",
        "teneinde alsmede derhalve desbetreffende voornoemde bovengenoemde bovenstaande onderhavige hieromtrent inzake "
        "conform middels reeds alvorens tevens indien dienaangaande bescheiden omtrent mede delen honoreren geschieden "
        "adequaat dezen restitutie coulance ontleend eerstvolgende nader strive terms "
        "verstrekken nadere relevant documentation inform advised granted uitsluitend geldende daarvoor bestemde "
        "gestelde",
        r"\b(?:teneinde|alsmede|derhalve|desbetreffende|voornoemde|bovengenoemde|bovenstaande|onderhavige|hieromtrent|"
        r"inzake|conform|middels|reeds|"
        r"alvorens|tevens|indien|dienaangaande|bescheiden|omtrent|honoreren|geschieden|verstrekken|uitsluitend)\b",
        r"\bdelen (?:wij|we) (?:u|je) (?:hierbij )?mede\b|\bmedegedeeld\b|\bnadere (?:informatie|berichten)\b|"
        r"\b(?:geldende|gestelde) (?:\w+ )?(?:termijn|procedure|voorwaarden)\b"
        r"|\bdaarvoor bestemde\b",
        r"\b(?:adequaat|in dezen|restitutie)\b|\buit coulance\b|\brechten worden ontleend\b|\bnader (?:bericht|"
        r"onderzoeken)\b",
        r"\bwe strive\b|\bterms and conditions\b",
        r"\brelevant department\b|\brequired documentation\b|\bregret to inform\b|\bplease be advised\b|\b(?:cannot|"
        r"can not) be (?:granted|issued|processed)\b"
        r"|\bhereby\b|\bpursuant\b",
    ),
    expression(
        "refers away",
        "verwijzen wijzen attenderen raadpleeg raadplegen veelgestelde refer informeren",
        r"\b(?:verwijzen|wijzen|attenderen|informeren) (?:wij|we) (?:u|je)\b|\b(?:wij|we) (?:verwijzen|wijzen|"
        r"attenderen|informeren) (?:u|je)\b"
        r"|\b(?:de|onze) veelgestelde vragen\b|\braadpleeg\b",
        r"\bplease refer to\b|\bwe (?:would like to )?refer you\b",
    ),
))  # fmt: skip
"""How people write who are afraid to be held to their words: nobody acts, and deeds are things."""

ORGANISATION_SPEAKS = Expressions((
    expression(
        "our people",
        "medewerkers klantenservice afdeling organisatie dienstverlening department representatives team agents",
        r"\b(?:onze|de|een van onze) (?:medewerkers|klantenservice|(?:(?:des)?betreffende|juiste|relevante|"
        r"bevoegde) afdeling|organisatie|dienstverlening|klantenservicemedewerkers)\b",
        r"\b(?:our|the) (?:relevant |appropriate |responsible )?(?:department|representatives?|customer service|"
        r"support team|agents?)\b",
    ),
))  # fmt: skip
"""Whoever answers hides behind colleagues."""
