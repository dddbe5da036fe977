"""The closed classes of words that tell Dutch from English, and the capitals that name nobody."""

from __future__ import annotations

from types import MappingProxyType

from repliek.tone.calendar import MONTHS, WEEKDAYS
from repliek.tone.dutch.lexicon import word_set

_DUTCH = word_set(
    """
    aan al alle alleen als altijd beide bij binnen daar daarna daarom dan dat de deze dezelfde die dit doen door
    dus een eens eerst en er even geen gewoon graag haar had heb hebben hebt heeft hem het hier hij hoe hun ik
    ieder iedere iets in is ja je jij jou jouw jullie kan kunnen kunt kun maar meer met mij mijn moet moeten
    naar nee niet nog nu of om onder ons onze ook op over samen sinds te terug tot tussen uit uw vaak van veel
    vanaf via voor waar was wanneer waarom wat we weer wel welke wie wij wordt worden word zal ze zelf zich zien
    ziet zij zijn zo zodra zonder zou zullen één
    """
)
_ENGLISH = word_set(
    """
    a about after again all also always an and any are as ask at back be because been before both but by can
    can't check could did do does doesn't don't each few first for from get had has have he her here him his how
    i i'd i'll i'm i've if in into is isn't it it's its just know let like may me more most much my need no not
    now of off on once one only or other our out over own please same send she should so some soon still such
    take than that that's the their them then there there's these they this those through to too under until up
    us very was we we'll we're we've were what when where which while who why will with won't would yes yet you
    you'll you're you've your
    """
)

FUNCTION_WORDS = MappingProxyType({"nl": _DUTCH - _ENGLISH, "en": _ENGLISH - _DUTCH})
"""Words that occur in nearly every sentence of one language and in none of the other."""

_DAYS = " ".join(name for names in WEEKDAYS.values() for name in names)
_HOLIDAYS = "kerst kerstmis pasen pinksteren nieuwjaar koningsdag sinterklaas christmas easter"
_MONTHS = " ".join(name for names in MONTHS.values() for name in names)
_PLACES = (
    "nederland nederlands nederlandse belgië europa europese dutch english engels engelse netherlands europe european"
)
_THINGS = (
    "u uw i x ok oké ps app dm pb sms tv pc pdf pin puk sim esim id qr usb hdmi gb mb kb tb mbit gbit wifi wi-fi iban "
    "bsn "
    "btw eu nl faq url whatsapp facebook instagram twitter messenger android iphone ios google apple hé internet"
)
_TITLES = "meneer mevrouw heer dhr mevr mw mr mrs ms dr drs sir madam"
COMMON_CAPITALS = word_set(f"{_DAYS} {_HOLIDAYS} {_MONTHS} {_PLACES} {_THINGS} {_TITLES}") | _DUTCH | _ENGLISH
"""Words that may begin with a capital inside a sentence without naming anybody, in lower case."""
