"""Sentences to compare encoders with: customer care in Dutch and English, written for this, used for no training."""

from __future__ import annotations

DUTCH = (
    "Goedemorgen, ik wil graag weten wanneer mijn nieuwe telefoon geleverd wordt.",
    "internet ligt er al de hele ochtend uit, wanneer is dit opgelost??",
    "Op mijn factuur staan kosten die ik niet herken, kunt u dat uitleggen?",
    "Hoe zet ik mijn simkaart over naar een eSIM?",
    "wtf 340 euro voor een weekje Turkije, dit meen je niet",
    "Ik ga volgende maand verhuizen en wil alles meenemen naar het nieuwe adres.",
    "tv-kastje zegt geen signaal, kabels zitten goed",
    "Hebt u voor mij een kopie van de rekening van februari? Mijn boekhouder vraagt erom.",
    "ge moogt mij morgen bellen, liefst na vieren",
    "Wat fijn dat jullie zo snel reageren, het werkt weer!",
    "mijn zoontje heeft per ongeluk een abonnement afgesloten in een spelletje",
    "Ik kan niet meer inloggen, hij zegt dat mijn account geblokkeerd is.",
    "Is 5G inbegrepen bij de kleinste bundel?",
    "De glasvezelaansluiting zou in maart komen maar er is nog niemand geweest in onze straat.",
    "Mag ik mijn toestel vervroegd aflossen zonder boete?",
    "sim geblokkeerd na drie keer verkeerde pin, heb puk nodig",
    "Vandaag stond de monteur er niet en ik heb er een vrije dag voor opgenomen. Waar kan ik een vergoeding vragen?",
    "Krijg steeds sms'jes van een prijsvraag waar ik nooit aan meegedaan heb, hoe stop ik dat?",
    "Iemand heeft gebeld dat hij van jullie was en vroeg om mijn pincode. Klopt dat?",
    "leuk hoor, weer een uur in de wacht 🙃",
    "Mevrouw, mijnheer, langs deze weg deel ik u mede dat ik mijn overeenkomst wens te beëindigen.",
    "Kan ik de betaling in drie keer doen? Het lukt deze maand niet in één keer.",
    "waar vind ik het wifi wachtwoord ook alweer",
    "Sinds de prijsverhoging betaal ik meer dan nieuwe klanten. Dat voelt niet eerlijk.",
    "Mijn man is blind en heeft de rekening graag in grote letters of als bestand dat voorgelezen kan worden.",
    "De wifi is boven heel slecht, beneden gaat het prima. Hebben jullie daar iets voor?",
    "Nummerbehoud aangevraagd, maar mijn oude nummer werkt nu bij geen van beide meer.",
    "Telefoon gisteren gestolen in de trein, kunnen jullie alles blokkeren?",
    "hoeveel data heb ik nog over deze maand",
    "Prima service in de winkel, jammer van het parkeren.",
)

ENGLISH = (
    "My parcel was supposed to arrive yesterday but tracking has not moved since Friday.",
    "Can I keep my current phone number if I switch to you?",
    "internet down again, third time this week 😤",
    "I'd like to cancel my contract at the end of this month, what is the notice period?",
    "The invoice is in Dutch, could I get an explanation of the one-off costs in English?",
    "Do I have to pay extra for using my bundle in Switzerland?",
    "someone used my card to top up a number that is not mine",
    "How long does activation of a new SIM card take?",
    "Great support from your chat team today, problem solved in five minutes.",
    "I returned the headset two weeks ago and still have not received the money.",
    "The technician damaged the wall while installing the fibre socket.",
    "wifi password not working on my laptop but fine on phone",
    "Could you please send me all personal data you hold on me?",
    "What are the opening hours of the shop near the station on Thursday?",
    "Is there a discount when mobile and internet are at the same address?",
    "My late mother's contract is still being charged, whom should I contact?",
    "THIS IS THE LAST TIME I CALL YOU PEOPLE",
    "Your last message said four hours, it has been nine.",
    "How do I hand in my old phone for recycling?",
    "I only get 20 Mbit on a 500 Mbit line, even with a cable straight into the modem.",
    "Please stop sending me promotional emails.",
    "Can a friend pick up the order for me, and what would they need to bring?",
    "I forgot my PIN and the card is now asking for a PUK code.",
    "The screen of the phone you sent has a green line across it.",
    "hi, zijn jullie ook in english te bereiken? my dutch is not so good yet",
)

SENTENCES = DUTCH + ENGLISH

TIMED_MESSAGES = (
    "waar blijft mijn bestelling van vorige week?",
    "Ik heb vorige week een nieuwe simkaart aangevraagd, maar er is nog steeds niets binnen. Kunnen jullie nakijken "
    "of alles goed gaat?",
    "Ik heb vorige week een nieuwe simkaart aangevraagd, maar er is nog steeds niets binnen. Kunnen jullie nakijken "
    "of hij wel verstuurd is? Ik zit nu al zes dagen zonder bereik en dat is voor mijn werk niet te doen. In de winkel "
    "konden ze niets voor me betekenen en aan de telefoon kreeg ik te horen dat ik nog een dag moest wachten. Dat heb "
    "ik gedaan, maar ook vandaag zat er niets bij de post.",
)
"""A tweet, a chat message and a short mail: 13, 35 and 97 tokens, prefix included."""
