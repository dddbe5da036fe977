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
        rf"\b(?:bedankt|dank(?: (?:je|u))?(?: wel)?|(?:wij|we) danken u|"
        rf"hartelijk dank) voor (?:{_YOUR} )?(?:\w+ )?(?:{'|'.join(_ABOUT_LETTERS.split())})\b(?! en foto)",
        r"\b(?:bedankt|dank|fijn) (?:voor het|dat (?:je|u)) (?:contact |de moeite )(?:met ons |hebt |"
        r"heeft )?(?:opne(?:men|emt)|neemt|opgenomen)\b",
        r"\bthank(?:s| you)(?: very much)? for (?:contacting|reaching out|getting in touch|"
        r"your (?:\w+ )?(?:message|e-?mail|enquiry|inquiry|patience|understanding|feedback|interest|question|"
        r"request|cooperation|business))\b",
        r"\bthank you for your (?:\w+ and )?(?:understanding|cooperation)\b",
    ),
    expression(
        "received",
        "ontvangen behandeling geregistreerd received forwarded processed",
        r"\b(?:uw|je|jouw) (?:vraag|bericht|klacht|verzoek|melding|aanvraag|mail|e-mail|reactie)\b"
        r"(?: [\w-]++){0,6} (?:ontvangen|geregistreerd|in behandeling (?:genomen|neemt|"
        r"nemen)|doorgestuurd naar de)\b",
        r"\bin behandeling (?:is |wordt |zijn |te )?(?:genomen|kunnen nemen|nemen)\b",
        r"\bneemt? (?:uw|je) \w+ (?:zo \w+ mogelijk )?in behandeling\b",
        r"\b(?:message|request|enquiry|inquiry|complaint|application|feedback) (?:has been|was|"
        r"will be)(?: \w+){0,3} (?:received|forwarded|processed|registered|handled)\b",
        r"\b(?:will|shall) be (?:processed|forwarded)\b",
    ),
    expression(
        "inconvenience",
        "ongemak inconvenience betreuren regret",
        r"\bongemak\b|\b(?:any|the|this|for) inconvenience\b|\b(?:wij|we) betreuren\b",
        r"\bwe (?:deeply )?regret\b",
    ),
    expression(
        "unfortunately",
        "unable able helaas unfortunately spijt",
        rf"(?:^|(?<=\n)|(?<=[,.] ))helaas (?:{_WE} )?(?:kunnen|kan|moeten|moet|is het|zijn|is|mogen|beschikken|"
        rf"hebben)\b",
        r"\bhelaas niet mogelijk\b|\b(?:moeten|moet) (?:wij|we|ik) (?:je|u) helaas\b",
        r"\b(?:wij|we) (?:kunnen|moeten) (?:je |u )?helaas\b",
        r"\bunfortunately,? (?:we|it is|this is|i am|i'm|your)\b|\bwe are (?:unable|not able)\b",
    ),
    expression(
        "as soon as possible",
        "spoedig mogelijk soon possible",
        r"\bzo (?:spoedig|snel) (?:als )?mogelijk\b|\bten spoedigste\b|\bas soon as possible\b",
        r"\bat (?:the|your) earliest convenience\b",
    ),
    expression(
        "any questions left",
        "gerust free questions assistance queries mocht mochten aarzel aarzelt schroom hesitate further vragen",
        r"\bmocht(?:en)? (?:je|u|jullie)(?: \w+){0,3} (?:nog|verdere|meer|andere|overige)?(?: \w+){0,2} ?(?:vragen|"
        r"vraag|opmerkingen)\b(?! te hebben)",
        r"\b(?:aarzelt?|schroomt?)(?: u| je)?(?: dan)? niet\b",
        r"\bneemt? (?:dan )?gerust contact (?:met ons )?op\b",
        r"\b(?:do not|don't) hesitate\b|\bany (?:further|other|more) (?:questions|assistance|queries)\b",
        r"\bfeel free to contact\b",
    ),
    expression(
        "trusting",
        "day dag wens fijne prettige mooie leuke hopende hopend hopen hoop vertrouwen vertrouwende hiermee "
        "wensen rekenen trust hope hierbij",
        rf"\b(?:hopende?|{_WE} (?:hopen|hoop|vertrouwen|vertrouw|gaan))(?: erop| ervan| je| u|"
        rf" dat)*(?: \w+){{0,4}} (?:hiermee|hierbij|voldoende|naar tevredenheid)\b",
        r"\b(?:hiermee|hierbij) (?:voldoende|naar tevredenheid|van dienst)\b",
        r"\b(?:wij|we) (?:rekenen|hopen) op (?:uw|je) begrip\b",
        r"\b(?:wensen|wens) (?:je|u)(?: verder)? (?:nog )?een (?:fijne|prettige|mooie|leuke)\b",
        r"\bnog een (?:prettige|fijne) dag\b",
        r"\bwe (?:trust|hope) (?:this|that|you|to have)\b|\bhave a (?:great|nice|lovely|wonderful) day\b",
    ),
    expression(
        "we take this seriously",
        "tevredenheid feedback serieus belang doen streven waarderen priority important value satisfaction "
        "seriously staat",
        r"\b(?:uw|je|jouw) (?:tevredenheid|mening|feedback|opmerking|privacy)\b(?: \w+){0,6} (?:voorop|belangrijk|"
        r"belang|waardevol|serieus|centraal)\b",
        r"\b(?:wij|we) (?:nemen|doen|streven|waarderen|"
        r"hechten)(?: (?:uw|je|dit|deze|er|ernaar|er naar|dan|ook|"
        r"\w+)){0,4} (?:serieus|alles aan|ernaar|naar|feedback|veel waarde)\b",
        r"\bwij doen er alles aan\b|\b(?:wij|we) streven\b",
        r"\byour (?:satisfaction|feedback|opinion|privacy)(?: \w+){0,3} (?:important|priority|valuable|matters|"
        r"valued)\b",
        r"\bwe value your\b|\bwe take (?:\w+ ){1,3}(?:very )?seriously\b|\btop priority\b",
    ),
    expression(
        "letters begin and end so",
        "kennisgenomen hierbij gewaardeerde prijs volgt dienst betekenen volgorde mededelen attention pleased "
        "appreciate matter assistance shortly apologise apologize understand",
        r"\bkennisgenomen van\b|\bhierbij (?:bevestigen|ontvangt|sturen|delen)\b|\bgewaardeerde klant\b",
        r"\bop volgorde van\b",
        r"\b(?:wij|we) stellen het(?: zeer| erg)? op prijs\b",
        r"\bals volgt (?:berichten|informeren|antwoorden)\b",
        r"\b(?:beter )?van dienst te (?:kunnen )?zijn\b|\b(?:voor (?:je|u) (?:kunnen )?betekenen)\b",
        r"\b(?:te moeten|moeten) mededelen\b",
        r"\bto our attention\b|\bpleased to inform\b|\bappreciate (?:you|your)\b|\blook into the matter\b",
        r"\bin touch shortly\b",
        r"\b(?:additional|further) assistance\b|\bsincerely apologi[sz]e\b",
        r"\bunderstand your (?:frustration|concern)\b",
    ),
    expression(
        "by a machine",
        "reageren automatisch automatic automatically reply",
        r"\bautomatisch (?:gegenereerd|aangemaakt|verzonden|verstuurd)\b",
        r"\bniet op (?:dit bericht )?reageren\b",
        r"\bautomatic(?:ally)? (?:generated|reply|message)\b|\bdo not reply to this\b",
    ),
    expression(
        "to nobody",
        "beste geachte klant dear customer relatie lezer",
        r"\b(?:geachte|beste) (?:klant|relatie|lezer|(?:heer/mevrouw|heer, mevrouw|heer of mevrouw)(?=,|$)|abonnee|"
        r"gast)\b",
        r"\bdear (?:customer|client|guest|sir/madam|valued)\b",
    ),
))  # fmt: skip
"""What a reader has read a hundred times, and what therefore says nothing."""

OFFICE_LANGUAGE = Expressions((
    expression(
        "must be done",
        "dient dienen gelieve verzoeken verzoek verzocht kindly required",
        r"\bdien(?:t|en)\b(?: [\w-]++){0,8} te\b|\bgelieve\b|\b(?:wij|we) verzoeken\b",
        r"\b(?:vriendelijk|beleefd) (?:verzoek|verzocht|verzoeken)\b|\bwordt verzocht\b",
        r"\bkindly (?:be|note|provide|advised?|refer|submit)\b|\b(?:is|are|be) required to\b",
        r"\bmust be (?:submitted|provided|received|completed)\b",
    ),
    expression(
        "nouns for deeds",
        "tot handling processing het ten ter aanleiding verband betrekking verwijzing basis grond order "
        "regard reference accordance behalf "
        "respect",
        r"\bhet [a-zë]{3,20}(?:eren|even|elen|igen|ijzen|sturen|nemen|werken|zien|zenden|dienen|zoeken|"
        r"behandelen) van\b",
        r"\b(?:ter|tot) [a-zë]{4,16}ing (?:van|over|omtrent)\b",
        r"\bten (?:behoeve|aanzien|gevolge|einde|tijde)\b",
        r"\bde (?:beantwoording|afhandeling|verwerking|behandeling|beoordeling|uitvoering|verzending|"
        r"toekenning) van\b",
        r"\b(?:naar aanleiding|met betrekking|onder verwijzing|in reactie|met verwijzing|op grond|op basis) (?:van|"
        r"tot|naar|op)(?: (?:de wet|uw|je|het|dit))?\b",
        r"\bin verband met (?:grote|de|uw|een)\b",
        r"\bin order to\b|\b(?:with|in) (?:regards? to|reference to|respect of|accordance with)\b",
        r"\bprior to\b|\bon behalf of our\b|\bthe (?:processing|handling) of\b",
    ),
    expression(
        "words of letters",
        "teneinde alsmede derhalve desbetreffende voornoemde bovengenoemde bovenstaande onderhavige hieromtrent "
        "inzake conform middels reeds alvorens tevens indien dienaangaande bescheiden omtrent mede delen honoreren "
        "geschieden adequaat dezen restitutie coulance ontleend eerstvolgende nader strive terms verstrekken nadere "
        "relevant documentation inform advised granted uitsluitend geldende daarvoor bestemde gestelde",
        r"\b(?:teneinde|alsmede|derhalve|desbetreffende|voornoemde|bovengenoemde|bovenstaande|onderhavige|"
        r"hieromtrent|inzake|conform|middels|reeds|alvorens|tevens|indien|dienaangaande|bescheiden|omtrent|"
        r"honoreren|geschieden|verstrekken|uitsluitend)\b",
        r"\bdelen (?:wij|we) (?:u|je) (?:hierbij )?mede\b|\bmedegedeeld\b",
        r"\bnadere (?:informatie|berichten)\b",
        r"\b(?:geldende|gestelde) (?:\w+ )?(?:termijn|procedure|voorwaarden)\b|\bdaarvoor bestemde\b",
        r"\b(?:adequaat|in dezen|restitutie)\b|\buit coulance\b|\brechten worden ontleend\b",
        r"\bnader (?:bericht|onderzoeken)\b",
        r"\bwe strive\b|\bterms and conditions\b",
        r"\brelevant department\b|\brequired documentation\b|\bregret to inform\b|\bplease be advised\b",
        r"\b(?:cannot|can not) be (?:granted|issued|processed)\b|\bhereby\b|\bpursuant\b",
    ),
    expression(
        "refers away",
        "verwijzen wijzen attenderen raadpleeg raadplegen veelgestelde refer informeren",
        r"\b(?:verwijzen|wijzen|attenderen|informeren) (?:wij|we) (?:u|je)\b",
        r"\b(?:wij|we) (?:verwijzen|wijzen|attenderen|informeren) (?:u|je)\b",
        r"\b(?:de|onze) veelgestelde vragen\b|\braadpleeg\b",
        r"\bplease refer to\b|\bwe (?:would like to )?refer you\b",
    ),
))  # fmt: skip
"""How people write who are afraid to be held to their words: nobody acts, and deeds are things."""

ORGANISATION_SPEAKS = Expressions((
    expression(
        "our people",
        "customer agent representative medewerkers klantenservice afdeling organisatie dienstverlening "
        "department representatives team agents",
        r"\b(?:onze|de|een van onze) (?:medewerkers|klantenservice|"
        r"(?:(?:des)?betreffende|juiste|relevante|"
        r"bevoegde) afdeling|organisatie|dienstverlening|klantenservicemedewerkers)\b",
        r"\b(?:our|the) (?:relevant |appropriate |responsible )?(?:department|representatives?|customer service|"
        r"support team|agents?)\b",
    ),
))  # fmt: skip
"""Whoever answers hides behind colleagues."""
