"""The closed classes of Dutch that tell what a je or u is in its sentence."""

from __future__ import annotations


def word_set(words: str) -> frozenset[str]:
    """Read words that are set apart by blanks."""
    return frozenset(words.split())


PREPOSITIONS = word_set(
    """
    aan achter af behalve beneden betreffende bij binnen boven buiten dankzij door exclusief gedurende in
    inclusief ivm langs m.b.v. met na naar naast namens om omstreeks omtrent ondanks onder op over per qua
    richting rond rondom sinds tbv te tegen tegenover ter tijdens tot tussen uit van vanaf vanuit vanwege via
    volgens voor voorbij wegens zonder
    """
)
CONJUNCTIONS = word_set(
    """
    aangezien als alsof dat doordat hoewel indien mits naarmate nadat nu of ofschoon omdat opdat sinds tenzij
    terwijl toen tot totdat voor voordat wanneer zoals zodat zodra zolang
    """
)
RELATIVES = word_set(
    """
    dat die hoe hoelang hoeveel hoever hoezeer waar waaraan waarbij waardoor waarheen waarin waarmee waarna
    waarnaar waarom waaronder waarop waarover waartegen waartoe waaruit waarvan waarvoor wat welk welke wie
    wiens
    """
)
COORDINATORS = word_set(
    """
    dus en maar of want
    """
)
DETERMINERS = word_set(
    """
    'n acht alle beide beiden dat de deze die dit drie een elk elke enige enkele geen genoeg haar het hun ieder
    iedere jouw meer mijn minder negen ons onze sommige tien twee uw veel vier vijf wat weinig welk welke zes
    zeven zijn zo'n zulke één
    """
)
# A nominative that stands before or behind the verb: then je or u is nobody's subject.
SUBJECT_PRONOUNS = word_set(
    """
    hij hijzelf ie iedereen iemand ik ikzelf men niemand we wij ze zij
    """
)
PRONOUNS = word_set(
    """
    alles daar dat degene dit eentje elkaar er haar hem hen het hier hij hijzelf hun ie iedereen iemand iets ik
    ikzelf je jezelf jij jou jullie me men mij niemand niets ons u uzelf we wij ze zelf zich zichzelf zij zoiets
    """
)
ADVERBS = word_set(
    """
    wél evenwel ondertussen hieraan opeens desnoods alsnog mede gerust nauwelijks doodleuk
    's aan absoluut achteraan achteraf achterin af akkoord al aldus alleen allemaal alles alsjeblieft
    alstublieft altijd alvast alweer anders anderzijds anoniem apart asjeblieft automatisch beiden bekend
    benieuwd bereikbaar beschikbaar best beter bewust bezig bijna bijvoorbeeld binnenkort blij boos bovenaan
    bovendien bovenin compleet daar daaraan daarbij daardoor daarentegen daarheen daarin daarmee daarna
    daarnaartoe daarnaast daarom daarop daarover daaruit daarvan daarvoor dagelijks dan dicht dikwijls direct
    druk dus duur echt echter eens eerder eerst eigenlijk eindelijk enz er eraan erachter erbij erbovenop erdoor
    erg ergens erheen erin ermee ernaar ernaast erop erover ertegen eruit ervan ervoor even evengoed eventueel
    extra fijn gauw geleidelijk gelijk gelukkig gemakkelijk genoeg geregeld gerust gewoon gisteren goed goedkoop
    graag gratis haast handmatig hard hartelijk heel heen helaas helemaal hier hierbij hierboven hierdoor
    hierheen hierin hiermee hierna hieronder hierop hierover hiervan hiervoor hoe hooguit immer immers inderdaad
    ineens inmiddels intussen ja jaarlijks juist kapot klaar kort kosteloos kwijt laat lang langer lastig later
    leeg lekker leuk liefst liever maandelijks maar makkelijk mee meer meestal meteen minder minstens mis
    misschien moeilijk mogelijk mooi morgen natuurlijk nee neer nergens netjes niet nieuw niks noch nochtans
    nodig nog nooit nou nu onbeperkt onderaan onderin onderweg oneens ongeveer online ooit ook opeens open
    opnieuw overal overigens pas persoonlijk precies prettig recht rechtstreeks regelmatig rond ruim rustig
    samen slecht slechts snel sneller soms spoedig steeds stiekem stil straks stuk tegelijk tegelijkertijd
    tegenwoordig ten tenminste terecht terug teveel tevens tevreden thuis tijdelijk toch toe toen traag trouwens
    uit uiteindelijk uiteraard uitsluitend vaak vaker van vanavond vandaag vandaan vanmiddag vanmorgen
    vanochtend vanzelf vast veel veilig ver verder verplicht vervolgens via vol voldoende volgens volledig
    vooraan vooraf vooral voorin voorlopig voortaan vrij vroeger waarschijnlijk wat weer weg wekelijks wel
    weleens welkom wellicht zeer zeker zelf zelfs ziek zo zoal zojuist zomaar zonder zorgvuldig zoveel zover
    zowel
    """
)
# Verbs without a person of their own: after these a lone je is the subject, whatever follows.
SECOND_PERSON_ONLY = word_set(
    """
    ben bent ga heb hebt hoef kun kunt sta weet wil wilt zul zult
    """
)
# One form for je and for it: `kan je toestel dit aan`, `kan je dit aan`.
SHARED_AUXILIARIES = word_set(
    """
    bleef bleek ging had hoorde hoort kan kon kwam leek mag mocht moest moet stond was werd wilde wist wou zal
    zou
    """
)
THIRD_PERSON = word_set(
    """
    doet hadden hebben heeft is kunnen moeten mogen waren willen worden zijn zullen
    """
)
# Nouns that stand without an article behind a subject: `als je hulp nodig hebt`.
BARE_NOUNS = word_set(
    """
    aangifte advies afscheid afstand behoefte belang bereik bezwaar contact culturen data dataroaming deel
    dingen dorst ervaring fouten gebruik geld gelijk geluk haast honger hulp interesse kennis koffie
    korting kosten kritiek last melden mensen mobiel muziek nieuws pech plezier problemen punten recht reclame
    rente roaming ruimte ruzie schade sms spam spijt spoed sport thuis toegang toestemming uitleg uitstel
    verdriet verlies verstand vertrouwen videogames vragen winst zin zorgen
    """
)
# Nouns that look like a form of a verb.
VERBAL_NOUNS = word_set(
    """
    kant krant klant mandaat vaart kaarten collega brood
    antwoorden apparaten bericht berichten bestand bestellingen bezit bod boeken brieven buurt chat dingen
    drinken eten facturen foto's fragment gebeurtenissen gebied gebieden geboorte gebruik gedachten geduld
    gegevens geheim geheugen geld gelieven geluid geluiden gerecht geschenken gesprek gesprekken getal geval
    gevallen gevoel gevoelens gewicht gezicht gezin groet haat inkomsten internet kaart kast kinderen klachten
    kleding kleren koffer koffers kost kosten krediet last leer leven licht lijst lust macht mailen mobiele
    moeder moment nacht ogenblik oplader ouders pakketten partij partner plaat plannen plicht post recht reizen
    rit rust sport spullen start test ticket tocht update vader verbod verhaal verlies verwachting verzend
    vlucht voorkeuren vracht vragen vrienden wachtwoord wachtwoorden was wensen werken wijk woord zaken zicht
    zoek zorgen zucht
    """
)
# What does these things is a thing: `als je pakket niet komt` is about the parcel.
THING_VERBS = word_set(
    """
    aankomt aanstaat afloopt binnenkomt blijft blijkt crasht doet duurt eindigt functioneert gaat gebeurt hangt
    hapert ingaat kan klinkt klopt knippert komt kost laadt ligt lijkt loopt lukt mag mist moet ontbreekt
    openstaat opent opstart past piept reageert sluit staat start stopt uitvalt valt vastloopt verandert
    verdwijnt verloopt verschijnt voorkomt wegvalt werkt wordt zal zit
    """
)
# What these verbs do happens to u: `dat kost u niets`, `dit helpt u verder`.
HAPPENS_TO = word_set(
    """
    beschermt bespaart bevalt biedt brengt ergert geeft helpt hielp interesseert irriteert kost kostte leert
    levert lijkt overkomt raakt scheelt spijt steunt stoort toont treft verbaast verplicht verrast
    """
)
PERSONS = word_set(
    """
    adviseur afdeling arts bank bedrijf behandelaar bezorger chauffeur collega collega's familie iemand
    klantenservice leverancier man medewerker medewerkers medewerkster monteur provider redactie specialist team
    verzekeraar vriend vriendin vrouw winkel
    """
)
REFLEXIVE_STEMS = word_set(
    """
    abonneer bedenk beperk bereid beroep erger gedraag haast herinner hou houd identificeer kleed legitimeer
    maak meld ontspan oriënteer realiseer registreer richt schaam schrijf stel verbaas verdiep vergewis vergis
    verplaats verzeker voel wend
    """
)
REFLEXIVE_PARTICLES = word_set(
    """
    vervolgens opnieuw daarna weer straks
    aan af alvast bij daar dan eerst er ervan even geen gerust goed in niet nu om ook op snel tot uit voor vrij
    ziek
    """
)
# A verb that comes apart ends its clause in one of these, and then somebody does it: `uw keuze geeft u door`.
PARTICLES = word_set(
    """
    aan af bij door in mee na om op over terug toe uit vast voor weg
    """
)
# Who does this gives something: `we sturen je informatie`.
GIVING = word_set(
    """
    beloof beloven bied bieden breng brengen geef geven gun gunnen leer leren lever leveren mail mailen sturen
    stuur wens wensen
    """
)
# These announce a noun, so that the word behind them is no verb.
ARTICLES = word_set(
    """
    één twee drie vier vijf zes zeven acht negen tien
    'n de deze een elke enkele geen haar hun iedere jouw mijn ons onze uw zijn
    """
)
# What one does with a bare noun: `als je tv kijkt`, `als je piano speelt`.
PASTIMES = word_set(
    """
    krijgt gebruikt zoekt koopt bestelt verwacht ontvangt wenst
    drinkt eet kijkt leest luistert rijdt speelt
    """
)
# Verbs that look like an adverb: `druk je op de knop`, `pas je het aan`.
VERBAL_ADVERBS = word_set("druk leeg pas open laat haast weet ruim stop mis vol")
