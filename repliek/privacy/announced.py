"""What only the words before it tell from any other number or word."""

from __future__ import annotations

import re

from stdnum.nl import bsn

from repliek.privacy.spans import Finder, Kind, Pattern, clued, where

IS = r"\W{0,3}(?i:(?:(?:van|bij) (?:[\w']{1,12} ){1,3}|hiervan |ervan )?(?:is|was|luidt|wordt)\b)?\W{0,3}"
"""What may stand between a word and the number that it announces: "van mij is"."""

_MONTHS = (
    "jan(?:uari|uary)?|feb(?:ruari|ruary)?|maart|march|mrt|apr(?:il)?|mei|may|juni?|june|juli?|july|aug(?:ustus|ust)?"
    "|sep(?:t|tember)?|o[kc]t(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
_DAY_MONTH = r"(?:0?[1-9]|[12]\d|3[01]){0}(?:0?[1-9]|1[0-2]){0}(?:19|20|')?\d\d"
_NAMED_DATE = rf"\d{{1,2}}(?:e|th|st|nd|rd)? (?i:{_MONTHS})\.? (?:19|20)\d\d"
_DATE = rf"(?:{_DAY_MONTH.format('[-/. ]')}|(?:19|20)\d\d-\d\d-\d\d|{_NAMED_DATE})"
_NO_DATE = rf"(?!(?:{_DAY_MONTH.format('[-/.]')}|(?:19|20)\d\d-\d\d-\d\d|(?:19|20)\d\d(?![./]\d))(?![\w-]))"
_NO_QUANTITY = (
    r"(?![\d.,]*+ ?(?i:euro|eur|€|stuks|dagen|dgn|weken|maanden|jaar|uur|keer|x\b|%|minuten|min\b|mbit|mbps|[kmgt]b\b))"
)


def _words(*words: str) -> str:
    """Return a pattern for one of `words`; its "-nummer" may be cut off or written apart."""
    return rf"(?<!\w)(?i:{'|'.join(words)})"


_NUMBER = r"[ -]?(?:nummer|nr|no|num|code)"
_CUSTOMER = _words(
    rf"(?:klant|kl|debiteur(?:en)?|relatie|lid(?:maatschaps)?|contract|account|abonnee|deelnemers){_NUMBER}",
    r"(?:customer|account|member|contract)[ -](?:number|no|id)",
)
_ORDER_NUMBER = _words(
    rf"(?:order|bestel|factuur|pakket|zending(?:s)?|retour|reservering(?:s)?|boeking(?:s)?){_NUMBER}",
    r"(?:order|invoice|booking)[ -](?:number|no|id)",
    r"track ?(?:&|en|and|n) ?trace(?:[ -]?(?:code|nummer|nr))?",
)
_ORDER = _words("bestelling", "order")
_POLICY = _words(rf"polis{_NUMBER}", "polis", r"policy[ -](?:number|no)")
_FILE = _words(
    rf"(?:dossier|zaak|ticket|case|melding(?:s)?|schade|referentie|incident|klacht){_NUMBER}",
    r"(?:dossier|kenmerk|referentie|zaak|ticket)",
    r"(?:case|file|ticket|reference|claim)[ -](?:number|no|id)",
)
_CODE = (
    rf"{_NO_DATE}{_NO_QUANTITY}((?=[\w/.-]{{0,19}}\d)[A-Za-z0-9](?:[A-Za-z0-9]|[-/.](?=[A-Za-z0-9])){{3,23}}+)(?![\w:])"
)
_LONG_CODE = rf"{_NO_DATE}{_NO_QUANTITY}((?=[\w-]{{0,19}}\d)[A-Z0-9][A-Z0-9-]{{3,19}}[A-Z0-9])(?!\w)"

_LEFT_OVER = (
    "vergeten|kwijt|verlopen|fout|onjuist|ongeldig|niet|geblokkeerd|gewijzigd|veranderd|gereset|resetten|nodig|onbekend"
    "|zwak|sterk|veilig|leeg|geen|verkeerd|correct|goed|juist|wijzigen|herstellen|aanpassen"
    "|wrong|forgotten|expired|incorrect|invalid|not"
)
_SECRET = (
    r"(?<!\w)(?i:wachtwoord|paswoord|password|passwd|wifi[ -]?sleutel|netwerksleutel|ww|pw)"
    r"(?i:(?: (?:van|voor) [\w']{1,12}(?: [\w']{1,15})?)?(?: (?:is|was|wordt|luidt)\b|(?=\s?[:=])))?"
)
_QUOTE = "\"'“‘”’"
_PIN = (
    r"(?<!\w)(?i:pin|puk|pin[ -]?code|puk[ -]?code|toegangscode|beveiligingscode|verificatiecode|sms[ -]?code"
    r"|inlogcode|cvc|cvv|pin number|security code)"
)
_BORN = r"(?<!\w)(?i:geboortedatum|geboren|geb\.? ?(?:dat(?:um)?\b)?|date of birth|d\.?o\.?b|born)\.?"
_BSN = r"(?<!\w)(?i:bsn|burgerservice|sofi)(?i:[ -]?(?:nummer|nr))?"
_PASSPORT = (
    r"(?<!\w)(?i:paspoort|passport|id[ -]?kaart|identiteitskaart|identiteitsbewijs)"
    r"(?i:[ -]?(?:nummer|nr|number|no))?\.?"
)
_LICENCE = r"(?<!\w)(?i:rijbewijs)(?i:[ -]?(?:nummer|nr))?\.?"
_NINE_DIGITS = r"(\d{8,9}|\d{3}[ .]\d{3}[ .]\d{3}|\d{4}[ .]\d\d[ .]\d{3})"
_WHOSE = r"(?:(?:mijn|m'n|het|zijn|haar|ons|uw|je|jouw|my|his|her) )?"

# "het klantnummer dat op de brief staat: 40718233"; so far from its word, only a colon ties a number to it.
_FURTHER_ON = r"(?:\s[a-zA-Zà-ÿ']{1,15}){1,6}:\s?"
_DIGITS = r"(\d{6,12})(?![\w-]|[.,:]\d)"

FINDERS: tuple[Finder, ...] = (
    Pattern(Kind.BIRTH_DATE, re.compile(rf"{_BORN}{IS}(?i:op |on )?({_DATE})(?!\d)")),
    # 9 % of random nine-digit numbers pass the test of a BSN, so a word must announce it.
    Pattern(
        Kind.BSN,
        re.compile(rf"{_BSN}(?:\D{{0,25}}|[^\d.!?]{{0,60}}){_NINE_DIGITS}(?!\d)"),
        where(bsn.is_valid),
    ),
    Pattern(
        Kind.BSN,
        re.compile(rf"(?<![\w.,-]){_NINE_DIGITS}\W{{1,3}}(?i:(?:is|was|betreft) )?(?i:{_WHOSE}){_BSN}\b"),
        where(bsn.is_valid),
    ),
    Pattern(
        Kind.PASSPORT,
        re.compile(rf"{_PASSPORT}{IS}((?i:[A-Z]{{2}}(?=[A-Z0-9]{{0,6}}\d)[A-Z0-9]{{6}}\d))(?!\w)"),
    ),
    Pattern(Kind.PASSPORT, re.compile(rf"{_LICENCE}{IS}(\d{{10}})(?!\w)")),
    *clued(
        ("pin", "puk", "code", "cvc", "cvv"),
        Pattern(Kind.PIN, re.compile(rf"{_PIN}{IS}{_NO_QUANTITY}(?!(?:19|20)\d\d\b)(\d{{3,8}})(?![\w,]|\.\d)")),
        Pattern(
            Kind.PIN, re.compile(rf"{_PIN}{_FURTHER_ON}(?!(?:19|20)\d\d\b){_NO_QUANTITY}(\d{{4,8}})(?![\w,-]|[.:]\d)")
        ),
    ),
    *clued(
        ("kl", "debiteur", "relatie", "lid", "contract", "account", "abonnee", "deelnemer", "customer", "member"),
        Pattern(
            Kind.CUSTOMER_NUMBER,
            re.compile(rf"{_CUSTOMER}{IS}{_NO_DATE}{_NO_QUANTITY}(\d[\d .-]{{2,14}}\d)(?!\w)"),
        ),
        Pattern(Kind.CUSTOMER_NUMBER, re.compile(rf"{_CUSTOMER}{_FURTHER_ON}{_DIGITS}")),
        Pattern(Kind.CUSTOMER_NUMBER, re.compile(rf"{_CUSTOMER}{IS}{_CODE}")),
    ),
    *clued(
        ("poli",),
        Pattern(Kind.POLICY_NUMBER, re.compile(rf"{_POLICY}{IS}{_CODE}")),
    ),
    *clued(
        (
            "dossier",
            "zaak",
            "ticket",
            "case",
            "melding",
            "schade",
            "referen",
            "incident",
            "klacht",
            "kenmerk",
            "file",
            "claim",
        ),
        Pattern(Kind.FILE_NUMBER, re.compile(rf"{_FILE}{IS}{_CODE}")),
    ),
    *clued(
        (
            "order",
            "bestel",
            "factuur",
            "pakket",
            "zending",
            "retour",
            "reserver",
            "boeking",
            "invoice",
            "book",
            "track",
        ),
        Pattern(Kind.ORDER_NUMBER, re.compile(rf"{_ORDER_NUMBER}{IS}{_CODE}")),
        Pattern(Kind.ORDER_NUMBER, re.compile(rf"{_ORDER_NUMBER}{_FURTHER_ON}{_DIGITS}")),
        Pattern(
            Kind.ORDER_NUMBER, re.compile(rf"{_ORDER}\W{{0,3}}(?i:is\W|(?:met )?(?:nummer|nr)\W{{1,2}})?{_LONG_CODE}")
        ),
    ),
)
WITHOUT_DIGITS: tuple[Finder, ...] = clued(
    ("woord", "passw", "sleutel", "ww", "pw"),
    # Behind "is" a word may tell what became of the password; one with a digit or a mark in it does not.
    Pattern(
        Kind.PASSWORD,
        re.compile(
            rf"{_SECRET}[ :=]{{1,3}}[{_QUOTE}]?"
            rf"((?=[^\s{_QUOTE}]{{0,30}}[\d!@#$%^&*_+=][^\s{_QUOTE}])"
            rf"(?!\[)[^\s{_QUOTE},;]{{3,40}}[^\s{_QUOTE},;.?!)]!?)"
        ),
    ),
    Pattern(
        Kind.PASSWORD,
        re.compile(
            rf"{_SECRET}(?: ?[:=] ?| (?=[{_QUOTE}]))[{_QUOTE}]?(?!\[|(?i:{_LEFT_OVER})\b)"
            rf"([^\s{_QUOTE},;]{{3,40}}[^\s{_QUOTE},;.?!)])"
        ),
    ),
)
