"""Words by which feelings show, in Dutch, Flemish and English: what `repliek.tone.cues` looks for.

Written down by hand, about people and not about a trade, by one who had read the bundled training history and the
later messages beside it, and not the held-out ones. What a cue weighs is learned; so a word may stand under several,
and one that tells little does no harm.

Entries are divided by commas. A last `*` stands for any ending (`dankba*`); an entry of several words is found where
the words follow each other. `0` is any number and `0e` any ordinal, in digits or in words (`al 0`: "al drie", "al 3").
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

NUMBERS = (
    "twee, drie, vier, vijf, zes, zeven, acht, negen, tien, elf, twaalf, vijftien, twintig, dertig, "
    "anderhalf, anderhalve, honderd, two, three, four, five, six, seven, eight, nine, ten, eleven, twelve, "
    "fifteen, twenty, thirty, hundred"
)
"""Words that are read as `0`; "een" is hardly ever one."""

ORDINALS = (
    "tweede, derde, vierde, vijfde, zesde, zevende, achtste, tiende, second, third, fourth, fifth, sixth, seventh"
)
"""Words that are read as `0e`."""

LEXICON: Mapping[str, str] = MappingProxyType(
    {
        # Grateful
        "thanks": """
            bedankt, bedank*, bedankje, dank je, dank u, dankje, danku, dankjewel, dankuwel, dank je wel, dank u wel,
            dank jullie, dank, dankba*, merci, mercikes, thx, thnx, tnx, ty, thanks, thank you, thank u, cheers,
            grateful, gratitude, appreciate*, waardeer ik, gewaardeerd, waardering, nogmaals dank, hartelijk dank,
            veel dank, duizendmaal
        """,
        "thanks_ahead": """
            alvast bedankt, alvast dank, alvast heel erg bedankt, bij voorbaat, met dank, in advance, dank voor uw
            reactie, dank voor je reactie, dank voor de moeite
        """,
        "praise": """
            top, topper*, toppie, super*, geweldig*, fantastisch*, fijn*, keurig*, netjes, perfect*, prima,
            uitstekend*, heerlijk*, mooi, knap, goud, goed bezig, vriendelijk*, aardig*, lief, lieve, behulpzaam,
            geduldig*, attent*, vlot, soepel, vlekkeloos, probleemloos, moeiteloos, zorgvuldig, duidelijk*, blij,
            tevreden, enthousiast, verrast, onder de indruk, great, awesome, lovely, amazing, brilliant, kind,
            kindness, friendly, excellent, happy, love, wonderful, impressed, patient, helpful, smooth*, fabulous,
            fantastic, delighted, pleased, rock, rocks, legend, wat fijn, wat een service, wat een verschil, zo snel,
            meteen geholpen, niet verwacht, blij mee, blij van, nooit gezeur, nooit problemen, altijd tevreden, zeer
            tevreden, erg tevreden, heel tevreden, jullie zijn, je bent een, u bent een, wat een, ontzettend lief, zo
            lief, superlief, superfijn, supersnel, razendsnel geholpen, engelengeduld, vakkundig, correct, accuraat,
            sympathiek*, meelevend, warm, hartverwarmend, gastvrij, service, what a, so kind, so fast, so quick, you
            guys, well handled, patience, heartwarming, professional, gem
        """,
        "compliment": """
            compliment*, petje af, petje, hulde, chapeau, pluim*, bloemetje, kudos, props, shoutout, shout out,
            credits, applaus, respect, held, helden, heldin, kanjer*, schat*, vakman, vakvrouw, vakmensen, aanrader,
            hats off, hero, heroes, gem, star, verdient, verdienen, loonsverhoging, raise, mag ook gezegd, weleens
            gezegd, eens gezegd, zo hoort het, zo kan het ook, doe de groeten, de groeten aan, made my day
        """,
        "high_marks": """
            10/10, dikke 10, een 10, een tien, dikke tien
        """,
        "helped": """
            geholpen, opgelost, gelukt, gefikst, geregeld, gerepareerd, gevonden, teruggevonden, verholpen, werkt
            weer, doet het weer, doet t weer, hij doet het, het werkt, werkt nu, solved, fixed, sorted, resolved,
            helped, works again, works now, working again, found it, ontzorgd, meegedacht, meedenken, meedachten, de
            tijd genomen, nam de tijd, alle tijd, uitgelegd
        """,
        "relief": """
            opluchting, opgelucht, pak van mijn hart, gelukkig, gerust, geruststel*, gerustgesteld, lucht op, relief,
            relieved, phew, pfieuw, joepie, hoera, jippie, yes, yess*, jaaa*, hoezee, yay, woohoo, eureka
        """,
        # Frustrated
        "again": """
            weer, weeral, alweer, wederom, opnieuw, telkens, steeds, steevast, elke keer, iedere keer, keer op keer,
            elke avond, elke dag, iedere dag, elke week, elke maand, ieder jaar, elk jaar, 0e keer, 0e maal, 0e
            poging, 0e bericht, 0e mail, 0e week, 0e dag, 0 keer, 0 maal, 0 x, maal toe, zoveelste, meerdere keren,
            herhaaldelijk, herhaalde, again, yet again, every time, each time, every day, every week, every month, 0
            times, 0e time, 0e reminder, repeatedly, over and over, once more
        """,
        "still": """
            nog steeds, nog altijd, nog immer, nog geen, nog niet, nog niks, nog nooit, nooit, still, still no, still
            not, never, not yet, anders dan beloofd
        """,
        "long_time": """
            al 0, al dagen, al weken, al maanden, al jaren, al uren, al tijden, al lang, allang, al een week, al een
            maand, al een jaar, al een uur, al een half, al een kwartier, al heel, al de hele, al sinds, al vanaf,
            hele dag, hele week, hele ochtend, hele middag, hele weekend, de hele, dag 0, week 0, 0 dagen, 0 weken, 0
            wkn, 0 maanden, 0 uur, 0 minuten, 0 min, 0 kwartier, drie kwartier, dagenlang, wekenlang, maandenlang,
            urenlang, eeuwigheid, eeuwen, 0 days, 0 weeks, 0 months, 0 hours, 0 minutes, for days, for weeks, for
            months, for hours, for ages, forever, since, ages
        """,
        "waiting": """
            wacht*, wachtrij, wachtmuziek, in de wacht, geduld, waiting, waited, wait, on hold, queue, patience,
            patient enough, neemt op, neemt niemand op, opgehangen, doorverbonden, verbroken, kastje naar de muur,
            hung up, transferred, bounced
        """,
        "nobody": """
            niemand, nergens, geen mens, geen reactie, geen antwoord, geen bericht, geen gehoor, niks gehoord, niets
            gehoord, niks meer gehoord, taal noch teken, nobody, no one, nowhere, no reply, no answer, no response,
            radio silence
        """,
        "anger": """
            boos, boze, woest, woedend, kwaad, kwade, razend, pislink, laaiend, ziedend, witheet, gek van, gek word,
            word gek, wordt gek, geïrriteerd, irritant*, irritatie, erger me, erger mij, ergernis*, ergerlijk*,
            ergerniswekkend, stoort, storend*, vervelend*, beu, zat, spuugzat, moe van, genoeg van, klaar mee, klaar
            met, angry, furious, mad, livid, annoy*, irritat*, frustrat*, fed up, sick of, tired of, enough, done
            with, had it, gefrustreerd, frustra*, gloei
        """,
        "swearing": """
            kut*, klote*, shit*, fuck*, wtf, verdomme*, verdorie, godver*, gvd, jezus, damn*, hell, crap*, bloody,
            kak, kk, tering*, tyfus*, kanker*, ruk, bagger, rot*, kolere, nondeju, sodeju, miljaar, potverdorie
        """,
        "exasperation": """
            pff*, pfff*, zucht*, sjonge*, tjonge*, jeetje, nou ja, serieus, kom op, toe nou, hallo, hemelsnaam,
            godsnaam, vredesnaam, godswil, alsjeblieft zeg, alstublieft zeg, echt niet, niet normaal, te gek, doe
            normaal, ongelooflijk, ongelofelijk, ongehoord, ongekend, onvoorstelbaar, seriously, come on, really,
            unbelievable, incredible, honestly, argh*, ugh*, grr*, omg, man, allez, seg, jongens, mensen, hoor, zeg,
            amai, wablieft
        """,
        "outrage": """
            schande*, schandalig*, schandelijk*, belachelijk*, bespottelijk*, absurd*, krankzinnig*, waanzin*,
            idioot*, idiot*, onzin, oneerlijk*, onacceptabel*, onaanvaardbaar*, onbegrijpelijk*, onbeschoft*,
            schofterig*, asociaal*, lomp*, brutaal, respectloos, minachting, woeker*, afzett*, diefstal, graai*,
            zakkenvull*, gegijzeld, gijzel*, slaat nergens op, nergens op, kan echt niet, kan toch niet, mag toch
            niet, hoort niet, wereld op zijn kop, te gek voor woorden, grap, mop, aanfluiting, wanprestatie, drama,
            ramp, ellende, puinhoop, chaos, rommel, rotzooi, troep, zooi, prutswerk, prutser*, amateur*, sukkel*,
            klungel*, ridiculous, outrageous, unacceptable, absurd, joke, scandal*, disgrace*, disgust*, shameful,
            rude, unfair, ripoff, rip off, theft, nonsense, mess, useless, terrible, horrible, awful, worst, pathetic,
            appalling, incompetent, clueless
        """,
        "disappointed": """
            jammer, teleurgesteld*, teleurstell*, tegenvaller, valt tegen, valt me tegen, tegengevallen, minpunt*,
            matig, slecht*, beroerd, waardeloos, waardeloze, hopeloos, hopeloze, triest*, zonde, spijtig, zwak,
            stroef, omslachtig, behelpen, gedoe, gezeur, gezeik, gedonder, gezever, zever, ontevreden, verbaasd,
            verbazing, verbijster*, ontstemd, ontsteltenis, onthutst, misnoegd*, onaangenaam*, kwalijk, disappoint*,
            pity, shame, poor, lousy, letdown, let down, unhappy, dissatisfied, hassle, nightmare
        """,
        "promise": """
            beloof*, beloofd*, beloven, belooft, belofte*, toegezegd*, toezegging*, afgesproken, afspraak is, zou
            gebeld, zou bellen, zouden bellen, zou komen, zouden komen, zou vandaag, zouden jullie, zeiden jullie, zei
            uw, zei je, zei jullie, in het vooruitzicht, verzekerd dat, verzekerde mij, promise*, supposed to, was
            told, were told, you said, you told, assured, stond er, staat er toch, volgens de, volgens jullie, volgens
            uw, volgens je, in de folder, in de mail stond, schreef u, schrijft u, schrijven jullie, zeggen jullie,
            zegt u, according to, you wrote, it said, as agreed
        """,
        "demand": """
            eis, eisen, eist, vorder, sommeer, per direct, onmiddellijk, per omgaande, terstond, nu meteen, nu direct,
            nu eindelijk, eindelijk, nou eens, nu eens, een keer, los het op, los dit op, regel het, regel dat, regel
            dit, fix dit, fix dat, fix it, doe er, doe iets, doe eens, schiet op, stop met, stop ermee, hou op, houd
            op, laat me met rust, met rust laten, haal me, haal mij, kap, weg ermee, weg met, wil gewoon, wil nu, wens
            ik, ik wens, ik verwacht, verwacht ik, ga ervan uit, ik accepteer, immediately, right now, asap, at once,
            demand, i expect, i insist, sort it, do something, stop it, leave me alone, remove me, just
        """,
        "complaint": """
            klacht*, klagen, klaag*, beklag*, bezwaar, aansprakelijk, geschil*, commissie, advocaat, jurist,
            ombudsman, toezichthouder, hogerop, leidinggevende, directie, manager, supervisor, complain*, legal,
            lawyer, formal, neerleggen
        """,
        "blame": """
            jullie schuld, uw schuld, jouw schuld, door jullie, door u, door uw, fout van, jullie fout, uw fout,
            slordig*, nalatig*, verzuimd, verzuimt, weigert, weigeren, weigerde, liegen, liegt, leugen*, verzinnen,
            verzint, verstopt, verstoppen, verbergen, your fault, your mistake, because of you, refuse*, ignored,
            ignoring, negeert, negeren, genegeerd, afgescheept, aangesmeerd, aansmeren, opgelicht door, misleid*,
            misleading, gedupeerd, niks mee te maken, mijn probleem niet, niet mijn fout, niet mijn schuld, not my
            problem, not my fault, zonder iets te zeggen, zonder overleg, ongevraagd*, nooit gevraagd, nooit om
            gevraagd, nooit besteld, nooit aangevraagd, never asked, never ordered, never signed, never agreed,
            unasked
        """,
        "loyalty": """
            trouwe klant, trouw, trouwe, jaren klant, jaar klant, al jaren klant, vaste klant, nieuwe klanten,
            bestaande klanten, loyal, loyalty, loyal customer, new customers, years a customer, customer for
        """,
        "rhetorical": """
            hoe kan het, hoe kan dit, hoe kan dat, hoe moeilijk, hoe vaak, hoe dan, hoezo, hoe lang nog, hoelang nog,
            wie verzint, wie bedenkt, wie heeft dit, waarom moet ik, waarom krijg ik, waarom kan ik, waarom duurt,
            waarom niet, wat is dit, wat is dat toch, wat doen jullie, wat gaan jullie, wat krijg ik, wat heb ik
            daaraan, leg uit, leg mij, leg me, en nu, wat nu weer, noem je dat, noemen jullie dat, noemt u dat, waar
            slaat, waar blijft, waar blijven, wanneer nou, wanneer komt, komt er nog, komt er ooit, gaat dit nog,
            gebeurt er nog, is er iemand, iemand thuis, how hard, how long, how many times, how difficult, how is it,
            why do i, why does it, why is it, why can't, what is going on, what kind of, anyone there, is anyone, moet
            ik nou, moet ik nu echt, moet ik echt, moet dat nou, moet dat echt, kan dat niet, kan dat nou, kan dat
            echt niet, zo moeilijk, hoe zit dat, hoe zit het nou, wat is het nou, waarom dan, toch niet, toch gewoon,
            toch wel, wie dan wel, wie lost, wie ruimt, wie betaalt, waar is, waar zijn, waar zit, dat meen je niet,
            echt waar, you must be, are you serious, what is the point, who is going to, where is my
        """,
        "allegedly": """
            zogenaamd*, zogezegd*, kennelijk, blijkbaar, doodleuk, doodleuke, zeker weer, heet dat, heet het, noemt
            men, apparently, supposedly, so called, allegedly, meant to be
        """,
        "few_marks": """
            een ster, één ster, nul sterren, ster aftrek, sterren aftrek, ster eraf, nooit meer, nooit weer, never
            again, raad ik af, afrader, blijf weg, stay away, one star, zero stars
        """,
        "for_nothing": """
            voor niks, voor niets, voor noppes, tevergeefs, vergeefs, vrij genomen, vrije dag, thuisgebleven, kost
            mij, kost me, kosten mij, misgelopen, mijn tijd, in vain, for nothing, wasted, took a day off, day off,
            lost income
        """,
        # Sarcastic
        "mock_praise": """
            lekker dan, lekker bezig, lekker hoor, lekker begin, lekker weer, lekker vaag, leuk hoor, leuk zo'n, leuk
            dat, knap hoor, knap gedaan, knap geregeld, knap dat, bravo, gefeliciteerd, lang leve, goed bezig, heel
            handig, handig hoor, handig wel, attent van, gezellig, geniaal*, briljant*, romantisch, fijn hoor, fijn
            dan, fijn zo'n, mooi hoor, mooie service, mooi is dat, goeie grap, top bedacht, goed bedacht, goed
            geregeld, lekker geregeld, petje af hoor, vooruitgang hoor, dank je de koekoek, nou bedankt, bedankt hè,
            bedankt he, bedankt hoor, merci hè, great start, great job, good job, nice job, well done, nice one, way
            to go, how lovely, charming, slow clap, congratulations, genius, brilliant start, thanks for nothing,
            fantastic start, heel erg bedankt hoor, goede grap, mooie boel, fraai, fraaie, lekker makkelijk, lekker
            snel, lekker duidelijk, leuk bedacht, leuk geprobeerd, wat attent, wat fijn dat, heel attent,
            hartverwarmend hoor, compliment hoor, complimenten hoor, dikke duim, goed gedaan hoor, slim hoor, slim
            bedacht, handig toch, logisch, logica, hulde voor, staande ovatie, medaille, oscar, prijs verdienen, prijs
            voor, nominatie, amazing concept, nice try, very funny, how thoughtful, how nice, standing ovation, medal,
            award
        """,
        "mock_agreement": """
            tuurlijk, natuurlijk, ja ja, jaja, ja hoor, vast wel, zal wel, zal vast, puur toeval, toeval zeker, expres
            zeker, zeker te, of is dat te veel, te veel gevraagd, of wat, zeker niet, sure, of course, yeah right,
            right, must be, i guess, i suppose, too much to ask, is it too much, zo dan, ook goed, maakt niet uit
            hoor, geen probleem hoor, wat een verrassing, leuke verrassing, goh, nee hoor, echt handig, heel fijn,
            super handig, echt top, echt super, wie had dat gedacht, hoe kom je erop, what a surprise, shocking, how
            convenient, very helpful, so helpful, love that, cool cool
        """,
        "mock_comparison": """
            postduif*, rooksignalen, steentijd, middeleeuwen, jaar nul, slak*, slakkengang, houtvuur, stoomtrein,
            trekschuit, museum, toverstaf, glazen bol, kristallen bol, loterij, bingo*, dobbelsteen, escaperoom,
            speurtocht, doolhof, puzzel, quiz*, cursus, sprookje, folklore, legende, mythe, eenhoorn*, pensioen,
            standbeeld, kunst, kunstwerk, stone age, middle ages, snail*, carrier pigeon, pigeon*, magic, lottery,
            treasure hunt, maze, myth, fairy tale, unicorn, museum piece, te voet, met de hand, op zijn knieën, met de
            benenwagen, schildpad*, kruiwagen, brievenduif, telegram, fax, typemachine, draaischijf, inbelmodem,
            inbellen, prehistorie, prehistorisch, dinosaurus, mensenjaren, hondenjaren, lichtjaren, nova zembla,
            timboektoe, verweggistan, ufo, waarzegster, koffiedik, turtle, on foot, by hand, dial-up, dinosaur, dog
            years, light years, outer space, crystal ball, horoscope
        """,
        # Worried
        "fear": """
            bang, bangig, angst*, doodsbang, vrees*, durf*, durven, gedurfd, zorgen, bezorgd*, ongerust*, verontrust*,
            onrust*, onrustig, zenuwachtig, zenuwen, nerveus, schrik*, schrok, geschrokken, schrikken, paniek*,
            panik*, in de war, overstuur, tril*, niet gerust, er niet gerust, knijp hem, knijpen, benauwd, spannend,
            gespannen, stress*, wanhop*, radeloos, ten einde raad, worried, worry*, afraid, scared, scary, fear*,
            panic*, anxious, nervous, terrified, frightened, upset, desperate, freaking, concerned, uneasy, houdt me
            bezig, maak me druk, maken ons druk, hart klopt, hartkloppingen, klamme, griezel*, huiver*, doodeng,
            bibber*, in tranen, wanhopig, in alle staten, over mijn toeren, shaking, heart racing, freaked
        """,
        "sleepless": """
            wakker van, lig wakker, liggen wakker, lig er wakker, slaap slecht, slaap niet, slaapt niet, slaap er,
            slapeloze, geen oog dicht, oog dichtgedaan, s nachts wakker, losing sleep, can't sleep, lie awake,
            sleepless, nightmare*, hoofdpijn
        """,
        "danger": """
            gevaar*, gevaarlijk*, onveilig*, veilig*, risico*, kwaad kan, kan dat kwaad, kan het kwaad, geen kwaad,
            schadelijk*, ongezond*, brand*, rook, vonk*, heet, gloeiend, gas, ontplof*, straling*, giftig, vergiftig*,
            nood*, noodgeval, noodnummer, ambulance, politie, danger*, unsafe, safe, safety, risk*, harmful, fire,
            smoke, burning, emergency, 911, 112, radiation, poison*
        """,
        "urgency": """
            help, dringend*, spoed, spoedig, met spoed, haast, zo snel mogelijk, snel mogelijk, asap, vandaag nog,
            vanavond nog, voor morgen, morgen al, nu dicht, nu meteen, urgent*, hurry, quickly, as soon as, right
            away, deadline, op tijd, te laat, laatste kans, nog maar 0, over 0 uur, over 0 minuten, running out, nog
            vandaag, binnen een uur, nog maar een, elk moment, zo meteen, over een uur, over een half, sta op het
            punt, kan niet wachten, snel, snelle, zsm, spoedgeval, right this, tonight, this minute, before tomorrow,
            by tomorrow
        """,
        "what_if": """
            wat als, stel dat, stel je voor, en als, als ik nu, ben ik dan, ben ik nu, zit ik dan, zit ik nu, zit ik
            er, zit ik daar, sta ik dan, raak ik, kan ik dan, moet ik dan, moet ik nu, loop ik, word ik, krijg ik dan,
            straks, anders, komt het goed, komt dat goed, is dat erg, is het erg, is dit erg, is er iets mis, klopt
            dat wel, wat moet ik, wat moeten we, wat moet ik doen, wat nu, wat kan ik, wat gebeurt er, what if, what
            now, what do i do, what should i, what happens, will i, will it, do i have to, am i, could it be, is it
            bad, is it normal, is that normal, hoort dat zo, hoort dat, voorgoed, kwijt, verlies, verliezen, lose,
            losing, lost, zeker weten, zeker zijn, wil zeker, weet niet of, is dat normaal, is dit normaal, geen
            verrassingen, nummer kwijt, foto's kwijt, alles kwijt, boete, torenhoge, hoge rekening, moet ik bang, kan
            iemand, kunnen ze, kan hij, kan zij, bij mijn gegevens, bij onze gegevens, bij mijn geld, want to be sure,
            make sure, can they, could someone, can someone, how bad, in trouble, problemen
        """,
        "distrust": """
            vertrouw het niet, vertrouw ik niet, vertrouwt het niet, niet pluis, voelt niet goed, raar, vreemd,
            verdacht*, gek gevoel, eng, enge, griezelig, naar gevoel, nare, akelig*, louche, klopt niet, suspicious,
            strange, weird, fishy, creepy, odd, dodgy, don't trust
        """,
        "intrusion": """
            gehackt*, hack*, inbraak, ingebroken, inbreker*, gestolen, gejat, beroofd, geroofd, oplicht*, opgelicht*,
            phishing, nep, neppe, vals, valse, stalk*, bedreig*, dreig*, lastig gevallen, lastiggevallen, achtervolg*,
            afgeluisterd, meeleest, meekijkt, misbruik*, leeggehaald, leeggeplukt, identiteit*, scam*, stolen, robbed,
            fraud*, threat*, harass*, breach, leaked, datalek
        """,
        "regret": """
            per ongeluk, abusievelijk, oeps, oei, oh nee, o nee, stom, dom van, domme, spijt, had ik maar, te laat
            door, erin getrapt, ingetrapt, accidentally, by accident, by mistake, oops, oh no, stupid of me, my own
            fault, regret*
        """,
        "vulnerable": """
            hartpatiënt*, zwanger*, zuurstof, personenalarm*, alarmknop*, alarm, medisch*, huisarts, specialist,
            dokter, arts, alleen thuis, woont alleen, woon alleen, slecht ter been, mantelzorg*, dement*, thuiszorg,
            hulpbehoevend, rolstoel, rollator, blind, slechtziend*, doof, slechthorend*, pregnant, oxygen, medical,
            doctor, lives alone, live alone, wheelchair, on call, bereikbaar, onbereikbaar, reachable, unreachable,
            wiegje, pasgeboren, newborn, bereikbaar zijn, bereikbaar blijven, moeten kunnen, moet kunnen bellen, kan
            niet zonder, alleenstaand, op leeftijd, hoogbejaard, oude dag, thuiswonende, ventilator, dialyse,
            insuline, epilepsie, pacemaker*, babyfoon, needs to reach, must be able, elderly, disabled
        """,
        "money_trouble": """
            krap, rondkomen, eindjes, uitkering, bijstand, schuld, schulden, schuldeis*, deurwaarder*, failliet, aow,
            minima, arm, armoede, rood staan, blut, bankroet, geen geld, niet betalen, kan het niet, niet missen, elke
            euro, huur, ontslag, ontslagen, werkloos, debt*, broke, can't afford, cannot afford, bailiff*, unemployed,
            benefits, rent
        """,
        # Sad
        "death": """
            overleden, overlijden*, overleed, overlijdt, gestorven, stierf, sterven, sterft, dood, doodgegaan,
            overledene*, wijlen, zaliger, weduwe, weduwnaar, begraf*, begraven, begrafenis, uitvaart*, crematie*,
            gecremeerd, rouw*, condol*, nabestaand*, nalatenschap, erflater, erfgena*, inslapen, ingeslapen,
            verongelukt, zelfdoding, heengaan, heengegaan, er niet meer, niet meer onder ons, leeft niet meer,
            afscheid, died, dead, death, dies, passed away, funeral, buried, widow*, deceased, late husband, late
            wife, late father, late mother, bereave*, grief, mourning, condolence*, overlijdensakte, rouwkaart, urn,
            graf, kist, condoleance*, executeur, laatste wens, gaat dood, doodgaan, stervende, terminale, dying,
            ashes, grave, executor, estate
        """,
        "sorrow": """
            verdriet*, verdrietig*, huil*, tranen, traan, gehuild, gemis, mis hem, mis haar, mis je, mis jou, missen
            hem, missen haar, brok in, kapot van, gebroken, hart breekt, hartverscheurend, pijn, doet pijn, zeer,
            eenzaam*, alleen achter, leeg, stil, stilte, zwaar, zwaarste, moeilijk*, niet makkelijk, valt me niet,
            valt mij niet, kan niet meer, trek het niet, red het niet, niet aankunnen, somber, depressie*, depressief,
            burn-out, wanhoop, hoop verloren, sad, sadness, cry, crying, cried, tears, heartbroken, lonely, alone,
            miss him, miss her, miss you, painful, hard time, difficult time, struggling, depressed, can't cope, voor
            het laatst, voor de laatste, noodgedwongen, had het zo graag, had graag anders, anders gezien, mist ze,
            mist hem, mist haar, missen ons, hield van, houden van, niet meer hetzelfde, leeg huis, lege, wereld
            stort, in elkaar gestort, troost*, verlies, weemoed, stilletjes, bedroefd, droef*, droevig, treurig,
            ellendig, teneergeslagen, kwetsbaar, the last time, never the same, comfort, mourn, missing him, missing
            her, loss
        """,
        "illness": """
            ziek, zieke, ziekte, ziekenhuis, kanker, tumor, chemo*, uitgezaaid, ongeneeslijk*, terminaal, palliatie*,
            hospice, beroerte, herseninfarct, hersenbloeding, hartaanval, operatie, geopereerd, opgenomen, opname,
            intensive care, verpleeghuis, verzorgingshuis, alzheimer, parkinson, coma, ongeluk, ongeval, revalid*,
            bedlegerig, hospital, cancer, stroke, ill, illness, sick, surgery, accident, nursing home, terminal
        """,
        "separation": """
            scheiding, scheiden, gescheiden, uit elkaar, uitgemaakt, relatie is, verlaten, weggegaan, ex, ex-man,
            ex-vrouw, echtscheiding, divorce*, separated, split up, broke up, breakup, left me, my ex, huis uit,
            kwijtgeraakt, gezin
        """,
        "keepsake": """
            stem, haar stem, zijn stem, laatste bericht*, laatste foto*, laatste keer, herinnering aan, herinneringen,
            aandenken, foto's van mijn, voicemail van, voor altijd weg, voorgoed weg, verloren, voice, last message*,
            last photo*, memories, memory of, keepsake, haar nummer, zijn nummer, haar naam, zijn naam, nummer houden
            van, nog horen, nog hoor, af en toe naar
        """,
        "shame": """
            schaam*, schamen, beschaamd, gênant, gene, vernederd, vernederend*, tot last, lastigval, lastig te vallen,
            sorry, spijt me, spijt mij, excuus, ashamed, embarrass*, humiliat*, burden
        """,
        # Playful
        "laughter": """
            haha*, hahaha*, hihi*, hehe*, hoho*, lol, lmao, rofl, gniffel, grinnik*, lach*, lachen, gelachen,
            lachwekkend, xd, hah, ha, laugh*, giggle*, chuckle*
        """,
        "joking": """
            grap, grapje*, grappig*, geintje*, mop, moppen, mopje, raadsel*, raad eens, ra ra, woordgrap*,
            woordspeling, flauw, knipoog, klop klop, wat is het verschil, hoe noem je, ken je die, weet je waarom,
            weet u waarom, waarom ging, zegt de ene, zegt hij, zegt ie, spoiler, plottwist, plot twist, pov, rip,
            vraag voor een vriend, vraagt een vriend, vraag namens, asking for a friend, joke*, joking, kidding,
            funny, pun, punchline, knock knock, riddle, why did the, what do you call, hypothetisch, poll, update,
            verslag, tussenstand, eindstand, conclusie, bewijs, fun fact, stelling, hot take, unpopular opinion, vraag
            voor, serieuze vraag, maar serieus, nee serieus, ff serieus, even serieus, zonder gekheid, officieel,
            schuldig, beken, biecht, geef me over, sos, mayday, weddenschap, wedden, gewed, strijd, oorlog,
            vredesplan, onderhandel*, tegenbod, missie, operatie, dagboek, logboek, archeologisch, wetenschappelijk,
            experiment, theorie, serious question, jokes aside, but seriously, confess, guilty, bet, mission, diary,
            theory, plot, achievement, level
        """,
        "animals": """
            kat, kater, katten, poes*, kitten*, hond*, puppy, teckel, konijn*, hamster*, cavia, goudvis*, papegaai,
            vis, vissen, koe, koeien, schaap, schapen, geit*, kip, kippen, paard*, ezel, varken*, vogel*, duif,
            duiven, meeuw*, zeehond*, eend*, egel, mol, muis, muizen, mier*, slak, bij, bijen, pinguïn*, olifant*,
            kameel, giraf*, aap, leeuw, beer, cat, cats, dog, dogs, rabbit, goldfish, parrot, cow*, sheep, goat*,
            chicken*, horse*, donkey, pig*, bird*, pigeon, seal, duck*, hedgehog, mouse, ant, ants, penguin*,
            elephant*, monkey
        """,
        "food": """
            taart*, appeltaart, koek*, koffie, thee, bier*, wijn, pizza*, friet*, patat, frikandel, kroket, stamppot,
            soep, kaas, tosti*, ei, banaan, banana*, worst, hagelslag, drop, chocola*, ijsje, pannenkoek*, oven, kok,
            kookt, cake, coffee, tea, beer*, wine, bread, cheese, soup, pancake*, cookie*, chocolate, snack*
        """,
        "household_comedy": """
            schoonmoeder*, schoonvader*, schoonouders, schoonfamilie, puber*, peuter*, kleuter*, dreumes, kleinkind*,
            tiener*, buurman, buurvrouw, echtgenoot, wederhelft, manlief, vrouwlief, opa, oma, bomma, bompa, tante,
            oom, mother-in-law, teenager*, toddler*, neighbour*, neighbor*, grandma, grandpa, auntie
        """,
        "romance": """
            trouwen, getrouwd, trouw ik, huwelijk*, bruiloft, verloofd, verliefd*, liefde*, relatie, relatietherapie,
            verkering, date*, daten, dating*, vrijgezel, single, kus*, zoen*, knuffel*, hart, romantiek, lat-relatie,
            jubileum, scheiden, married, marriage, wedding, love, relationship, romance, kiss*, hug*, heart, therapy
        """,
        "festive": """
            gefeliciteerd, proficiat, verjaardag, jarig, feest*, kerst*, sinterklaas, sint, pasen, vuurwerk, proost,
            hoera, vakantie, carnaval, party, birthday, congrats, congratulations, christmas, santa, easter, cheers
        """,
        "imagery": """
            als een, alsof, als ware, gelijk een, net als, lijkt wel, lijkt op, leek wel, leek op, het lijkt, sneller
            dan, harder dan, trager dan, langer dan, meer dan, vaker dan, like a, as if, as though, looks like, feels
            like, faster than, slower than, longer than
        """,
        "human_thing": """
            slaapt, wakker, moe, zin in, heimwee, dorst, honger, hongerig, kater, staking, met pensioen, ontslag,
            burn-out, dieet, karakter, humeur, ziel, wraak, staatsgreep, koppig, verlegen, jaloers, verdwaald, zwijgt,
            praat, zingt, danst, fluistert, dramaqueen, sleepy, hungry, thirsty, retired, on strike, stubborn, shy,
            jealous, sulking, moody, dancing, singing, leeft nog, tot leven, gewekt, overleden modem, gesneuveld, met
            vakantie, vrije dag, nachtdienst, mokt, pruilt, hapt, snurkt, droomt, groeit, gaat vreemd, ziek gemeld,
            woke up, alive, dreams, snores, grows, holiday
        """,
        "scenery": """
            wc, toilet, gracht, sloot, wasmachine, badkuip, bad, balkon, badjas, pyjama, keukentafel, bank, zolder,
            schuur, dak, festival, camping, boot, strand, trein, bushalte, fiets, sauna, bathtub, bathroom, pyjamas,
            couch, attic, roof, beach, boat
        """,
        # What feelings do not show in
        "polite": """
            graag, gaarne, alstublieft, aub, a.u.b, svp, please, kindly, zou u, zou je, zou ik, zouden jullie, kunt u,
            kun je, kan je, kan ik, mag ik, kunnen jullie, could you, can you, can i, may i, would you, is it
            possible, is het mogelijk, vraagje, vraag, question, wondering, curious, benieuwd, interesse, overweeg,
            informatie
        """,
        "plain_question": """
            hoe, wat, waar, wanneer, welke, hoeveel, kost, hoe kan ik, hoe krijg ik, hoe zet ik, hoe werkt, waar vind,
            waar kan ik, wat kost, how, what, where, when, which, how much, how do i, where can i
        """,
        "formal": """
            geachte, geacht, hoogachtend, weledele, mijne heren, gaarne, verneem, verzoek, hierbij, heden, thans,
            alwaar, voornoemd, ingevolge, ten behoeve, bijgaand, dear, sir, madam, sincerely, regards, faithfully,
            groet, groeten, mvg
        """,
        "casual": """
            yo, bro, gast, fam, wollah, ewa, gwn, pls, dude, man, jo, ff, mn, n, t, ie, ni, fix, hoi, hey, hee, heey,
            hallo, hi, hello, kweni
        """,
        "flemish": """
            ge, gij, gijlie, ulder, ulle, amai, allez, seg, awel, zijt, hebt, diene, nen, ne, gsm, subiet, precies,
            efkes, kei, goesting
        """,
        "note": """
            dhr, mw, mevr, mevrouw, meneer, klant, kl, hr, beller, inbeller, cliënt, wil weten, vraagt of, belt,
            meldt, zegt
        """,
        "emphasis": """
            echt, heel, zo, zó, veel te, totaal, compleet, volledig, helemaal, volkomen, absoluut, letterlijk, gewoon,
            enorm, ontzettend, vreselijk, verschrikkelijk, really, totally, completely, extremely, very, so,
            literally, absolutely, simply
        """,
        "negation": """
            niet, geen, niks, niets, nooit, zonder, nauwelijks, not, no, none, nothing, never, without, don't,
            doesn't, didn't, can't, won't, isn't
        """,
        "but": """
            maar, toch, terwijl, ondanks, desondanks, desalniettemin, niettemin, alleen, echter, behalve, wel, but,
            yet, however, although, though, despite, except, instead
        """,
        "kin": """
            man, vrouw, vader, moeder, pa, ma, papa, mama, zoon, dochter, broer, zus, zusje, broertje, kind, kinderen,
            ouders, partner, vriend, vriendin, kleinzoon, kleindochter, husband, wife, father, mother, dad, mom, mum,
            son, daughter, brother, sister, child, kids, parents, boyfriend, girlfriend
        """,
        "spam": """
            volgers, followers, link in bio, crypto, bitcoin, dm for, promote, verdien, winnaar, claim, winner,
            selected, giveaway
        """,
    }
)
"""The cues by name."""
