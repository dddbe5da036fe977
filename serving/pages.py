"""The few pages that a person sees: one sentence, and maybe a button, in the language of the brand's team."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from html import escape

from starlette.responses import HTMLResponse

from repliek.wire.feedback import Action
from serving.links import VALID, LinkAction

_STYLE = (
    "body{font:1.1rem/1.5 system-ui,sans-serif;max-width:32rem;margin:4rem auto;padding:0 1rem}"
    "button{font:inherit;padding:.6rem 1.2rem}"
)
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{b64encode(sha256(_STYLE.encode()).digest()).decode()}'; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What the pages behind a link say, in one language.

    Attributes:
        language: ISO 639-1.
        questions: asked before something is noted.
        buttons: what notes it.
        thanks: when it is noted.
        expired: the link is too old.
        wrong: the link was not made here.
        gone: there is no such suggestion any more.
        later: it cannot be noted now.
    """

    language: str
    questions: Mapping[LinkAction, str]
    buttons: Mapping[LinkAction, str]
    thanks: str
    expired: str
    wrong: str
    gone: str
    later: str

    @classmethod
    def of(cls, language: str) -> Words:
        """Return the words in a language, English where there are none."""
        return _DUTCH if language == _DUTCH.language else _ENGLISH


_DUTCH = Words(
    language="nl",
    questions={
        Action.ACCEPTED: "Heb je deze suggestie zonder wijzigingen verstuurd?",
        Action.REJECTED: "Was deze suggestie niet bruikbaar?",
    },
    buttons={Action.ACCEPTED: "Ja, zo verstuurd", Action.REJECTED: "Ja, niet bruikbaar"},
    thanks="Dank je wel, het is genoteerd. Je kunt dit venster sluiten.",
    expired=f"Deze link is verlopen: links in notities werken {VALID.days} dagen.",
    wrong="Deze link klopt niet. Open hem nog eens vanuit de notitie.",
    gone="Deze suggestie is er niet meer. Er is niets genoteerd.",
    later="Dat lukt nu even niet. Probeer het over een minuut nog eens.",
)
_ENGLISH = Words(
    language="en",
    questions={
        Action.ACCEPTED: "Did you send this suggestion without changes?",
        Action.REJECTED: "Was this suggestion of no use?",
    },
    buttons={Action.ACCEPTED: "Yes, sent as it was", Action.REJECTED: "Yes, of no use"},
    thanks="Thank you, it is noted. You can close this window.",
    expired=f"This link has expired: links in notes work for {VALID.days} days.",
    wrong="This link is not right. Open it from the note once more.",
    gone="This suggestion is no longer there. Nothing was noted.",
    later="That does not work just now. Try again in a minute.",
)


@dataclass(frozen=True, slots=True)
class Page:
    """A page.

    Attributes:
        title: whose it is.
        language: ISO 639-1.
        sentence: what it says.
        button: what posts to the page's own address; without one, nothing does.
    """

    title: str
    language: str
    sentence: str
    button: str | None = None

    def response(self, status: int = 200) -> HTMLResponse:
        """Return the page as an answer that nobody keeps, frames or indexes."""
        form = f'<form method="post"><button>{escape(self.button)}</button></form>' if self.button else ""
        content = (
            f'<!doctype html><html lang="{self.language}"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width"><meta name="robots" content="noindex">'
            f"<title>{escape(self.title)}</title><style>{_STYLE}</style></head>"
            f"<body><h1>{escape(self.title)}</h1><p>{escape(self.sentence)}</p>{form}</body></html>"
        )
        return HTMLResponse(content, status, _HEADERS)
