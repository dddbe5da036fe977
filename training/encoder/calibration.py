"""Texts that show the int8 graph which activations to expect.

All written for this purpose and none used to measure. What matters is variety: short and long, tidy and not,
several scripts, capitals, emoji, digits, nothing at all. A range that no text reaches here is clipped later.
"""

from __future__ import annotations

CALIBRATION_TEXTS = (
    "",
    "?",
    "ok",
    "hoi",
    "thanks",
    "...",
    "😂",
    "❤️🙏",
    "1234567890",
    "06 nummer",
    "JA HALLO WAAR BLIJFT HET NOU",
    "WORST SERVICE EVER!!!!!!",
    "mn tv doet t niet",
    "kan iemand mij terugbellen aub",
    "de monteur zou tussen acht en tien komen, het is nu half twaalf en ik heb niks gehoord",
    "Geachte heer, mevrouw, hierbij zeg ik mijn abonnement op per eerstvolgende mogelijkheid. Graag ontvang ik een "
    "schriftelijke bevestiging met de einddatum. Met vriendelijke groet, B. Terpstra",
    "Waarom is er twee keer geld afgeschreven deze maand?",
    "Ik snap de rekening niet, er staat iets over verbruik buiten de bundel maar ik ben niet weg geweest",
    "allez, ge zijt hier precies nooit bereikbaar he, al drie keer gebeld",
    "Top geholpen door jullie collega, bedankt!",
    "Wat kost het om naar Marokko te bellen?",
    "Het pakket is bezorgd bij de buren maar die weten van niks. Track en trace zegt afgeleverd om 14:07.",
    "Hoe stel ik de router opnieuw in? Het lampje knippert rood sinds de update van vannacht.",
    "Kan ik mijn nummer meenemen naar jullie en hoe lang zit ik dan zonder?",
    "Mijn vader is vorige week overleden en zijn telefoon staat op mijn naam. Wat moet ik doen?",
    "wachtwoord vergeten en de mail met de link komt niet aan, ook niet bij ongewenst",
    "Schade aan de verpakking, scherm gebarsten. Bestelnummer 4471-AB, factuurdatum 03-02. Graag "
    "vervanging of geld terug.",
    "zijn jullie open op tweede pinksterdag",
    "Where is my refund? It has been three weeks and nobody answers my emails.",
    "Hi, I moved to Utrecht last month and the internet at my new address is really slow in the evening, even with "
    "the cable. I already restarted the modem twice and ran the speed test, which shows about a tenth of what I pay "
    "for.",
    "how do i turn off voicemail",
    "Please delete my account and all personal data you keep about me.",
    "I was charged €49.95 instead of €29.95, can you check invoice 2024-118?",
    "is there an outage in the city centre right now???",
    "The app keeps crashing when I open the payments tab (Android 14, version 8.2.1).",
    "Je krijgt het bedrag binnen vijf werkdagen terug op de rekening waarvan het is afgeschreven.",
    "U kunt de afspraak tot een dag van tevoren kosteloos verzetten via uw account.",
    "Open the settings, choose your network and enter the code on the back of the device. It takes about two minutes.",
    "Onze winkel is van maandag tot en met zaterdag open van tien tot zes.",
    "Ich möchte meinen Vertrag kündigen, finde aber das Formular nicht.",
    "Wo ist meine Bestellung? Seit Montag keine Änderung in der Sendungsverfolgung.",
    "Bonjour, je n'arrive plus à me connecter à mon compte depuis hier soir.",
    "Quiero cambiar la dirección de entrega de mi pedido, por favor.",
    "Internetim çok yavaş, ne zaman düzelecek?",
    "أين طلبي؟ لم يصلني شيء منذ أسبوع",
    "Когда придёт мастер? Я жду с утра.",
    "我的手机没有信号,请帮忙看看。",
    "Dzień dobry, proszę o kopię faktury za marzec.",
    "https://wadlijn.example/storing geeft 404 #fail @wadlijn",
    "naam: test; adres: nvt; klacht: zie bijlage\n\nmvg\n\nverzonden vanaf mijn telefoon",
    "lol echt niet normaal dit gewoon, ben er klaar mee man, overstappen naar een ander is zo gepiept hoor",
    "Eerst zeiden ze aan de telefoon dat het binnen een week geregeld zou zijn, daarna dat het systeem eruit lag, toen "
    "dat ik een formulier had moeten invullen dat nooit is opgestuurd, en nu krijg ik een aanmaning met kosten. Ik heb "
    "alle gesprekken bijgehouden, met datum en naam erbij. Ik wil dat iemand met verstand van zaken dit dossier "
    "bekijkt, de aanmaning intrekt en mij vóór vrijdag laat weten hoe dit wordt opgelost, anders stap ik naar de "
    "geschillencommissie. Ik ben al elf jaar klant en zo ben ik nog nooit behandeld.",
)
