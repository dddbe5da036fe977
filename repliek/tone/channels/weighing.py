"""How much of a post's room a text takes on X: as its own counter, twitter-text 3, reckons.

Ranges and weights are those of its configuration (github.com/twitter/twitter-text, config/v3.json): links 23 each,
emoji 2 whatever they are put together from, Latin, Greek, Cyrillic, Hebrew and Arabic 1, and everything else 2.
"""

from __future__ import annotations

import re
import unicodedata

_LINK_WEIGHT = 23
_EMOJI_WEIGHT = 2
_LAST_NARROW = "\u10ff"
_WIDE_CHARACTER = re.compile(r"[^\u0000-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037]")

# ISO 3166, with the four that are no country's code: an address that ends in one is a link even without https://.
_COUNTRIES = """
ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bw by bz ca cc cd cf cg
ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es et eu fi fj fk fm fo fr ga gb gd ge gf gg gh
gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir is it je jm jo jp ke kg kh ki km kn kp kr
kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my mz na nc ne nf
ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb sc sd se sg sh si sk sl sm
sn so sr ss st su sv sx sy sz tc td tf tg th tj tk tl tm tn to tr tt tv tw tz ua ug uk us uy uz va vc ve vg vi vn vu wf
ws ye yt za zm zw
"""
# Of the thousand and more general ones, those in which organisations here have addresses.
_GENERAL = """
academy agency amsterdam app art auto bank beer berlin best bike bio biz blog brussels business cafe car care cars chat
city click cloud club coach codes community company computer coop credit date day deals delivery dental design dev
digital direct discount download earth eco education email energy engineering estate events exchange expert express
family fashion finance fit fitness flights foundation frl fun fund games garden gent gift global gmbh gold golf google
gratis green group guide guru haus health help holiday homes host hosting house immo info ing institute insurance
international investments jobs koeln kpn land law lease legal life link live loans london love ltd management market
marketing media menu mobi money museum name net network news ngo nrw one online ooo org page paris partners party photo
photos pictures pizza place plus politie press pro productions properties pub recipes red reisen rent rentals repair
report restaurant review reviews rocks run sale school science security services shop shopping show site social software
solar solutions space sport store stream studio style support surf systems tax taxi team tech technology tel theater
tickets tips today tools top tours town toys trade training travel tube university vacations vet video vin vip vision
vlaanderen voyage watch webcam website wiki win wine work works world xyz yoga zone
"""
# RFC 2606 keeps "example" free, for texts that show what an address looks like: it stands for a real one.
_ENDINGS = "|".join(["com", "example", *_COUNTRIES.split(), *_GENERAL.split()])

# Possessive and bounded repetitions keep the time linear in the text.
_LABEL = r"[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?"
_PATH = r"(?:[/?#](?:[\w!*';:=+,.$/%#\[\]~@|&()?–-]*[\w=#/+&-])?)?"
_LINK = re.compile(
    rf"https?://(?P<any>[\w-]+(?:\.[\w-]+)+)(?::\d+)?{_PATH}"
    rf"|(?<![\w@＠$#＃./-])(?=[\w-]{{1,63}}+\.)(?:{_LABEL}\.){{1,9}}(?:{_ENDINGS})(?![\w@+-])(?::\d+)?{_PATH}",
    re.IGNORECASE,
)
_DOT_WITHIN = re.compile(r"\w\.\w")
_KNOWN_ENDING = re.compile(rf"\.(?:{_ENDINGS})\Z", re.IGNORECASE)

_PICTURE = (
    r"(?:[\u203c\u2049\u2122\u2139\u2194-\u21aa\u231a-\u23ff\u24c2\u25aa-\u25fe\u2600-\u27bf\u2934\u2935"
    r"\u2b00-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001f1e5\U0001f200-\U0001faff]"
    r"[\ufe0f\U0001f3fb-\U0001f3ff]?)"
)
EMOJI = re.compile(
    r"[\U0001f1e6-\U0001f1ff]{2}"  # a flag
    r"|[0-9#*]\ufe0f?\u20e3"  # a key
    r"|[©®]\ufe0f"
    r"|\U0001f3f4[\U000e0020-\U000e007f]{1,8}"  # the flag of a part of a country
    rf"|{_PICTURE}(?:\u200d{_PICTURE}){{0,9}}"
)
"""One emoji, whole: with its skin, its family, or the two letters of its flag."""


def weigh(text: str) -> int:
    """Return the weight of `text`, of which X takes 280."""
    text = unicodedata.normalize("NFC", text)
    weight = 0
    # Most texts hold no link, and no character that weighs 2: to see that takes a tenth of the time.
    if _DOT_WITHIN.search(text):
        weight += sum(map(_link_weight, _LINK.finditer(text)))
        text = _LINK.sub("", text)
    if max(text, default="") > _LAST_NARROW:
        text, emoji = EMOJI.subn("", text)
        weight += _EMOJI_WEIGHT * emoji + len(_WIDE_CHARACTER.findall(text))
    return weight + len(text)


def _link_weight(link: re.Match[str]) -> int:
    """Count a link whose ending is not listed here as the longer of the two that X may make of it."""
    unknown = link["any"] and not _KNOWN_ENDING.search(link["any"])
    return max(_LINK_WEIGHT, len(link[0])) if unknown else _LINK_WEIGHT
