"""The note as an agent reads it."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser

import pytest

from repliek.conversation import Channel, Conversation
from repliek.decision import Reason
from repliek.needs import Need
from repliek.suggester import Suggester
from repliek.vocabulary import Part, Route
from repliek.wire.feedback import Action
from repliek.wire.suggestions import AbstentionView, EscalationView, HandOverView, PartView, SuggestResponse
from serving.helpdesks.labels import DUTCH, ENGLISH
from serving.helpdesks.rendering import render
from serving.helpdesks.text import clean, from_html
from serving.schema import from_engine
from tests.fixture_bundle import MESSAGES

SILENT = AbstentionView(reason=Reason.LOW_CONFIDENCE, detail="The best answer is right with probability 0.43.")
HANDED_OVER = HandOverView(
    reasons=(Need.LEGAL_THREAT, Need.THIRD_CONTACT),
    detail="The customer speaks of a lawyer or a court. The customer asks for the third time or more.",
    route=Route.TEAM,
    address="wadlijn.example/klacht",
    team="Klachten",
    opening="Beste Eric,\n\nIk begrijp dat je dit hoog opneemt.",
)
ALARM = EscalationView(reasons=(Need.LEGAL_THREAT,), detail="The customer speaks of a lawyer or a court.")


def link(suggestion_id: str, action: Action) -> str:
    return f"https://repliek.example/f?s={suggestion_id}&a={action}"


@pytest.fixture(scope="module")
def response(suggester: Suggester) -> SuggestResponse:
    found = suggester.suggest(Conversation(MESSAGES.suggested, Channel.EMAIL, customer_name="Eric"), k=3)
    response = from_engine(found, 8.0)
    assert response.suggestions
    return replace(response, warnings=())


def two(response: SuggestResponse) -> SuggestResponse:
    best = response.suggestions[0]
    parts = (
        PartView(part=Part.GREETING, text="Beste Eric,"),
        PartView(part=Part.ANSWER, text="Tweede antwoord. " * 30),
    )
    second = replace(best, suggestion_id="second", confidence=0.026, parts=parts)
    return replace(response, suggestions=(replace(best, suggestion_id="first", confidence=0.884), second))


def test_the_suggestion_stands_ready_to_copy_with_its_links(response: SuggestResponse) -> None:
    note = render(two(response), "nl", link)
    assert note.text.startswith(f"Voorstel van Repliek (88% zeker)\n\n{response.suggestions[0].text}\n\n")
    assert "Zo verstuurd: https://repliek.example/f?s=first&a=accepted" in note.text
    assert "Niet bruikbaar: https://repliek.example/f?s=first&a=rejected" in note.text


def test_other_suggestions_are_short_and_have_links_too(response: SuggestResponse) -> None:
    note = render(two(response), "nl", link)
    others = note.text.split("Andere voorstellen")[1]
    assert "2. (3% zeker) Tweede antwoord." in others
    assert others.count("Tweede antwoord.") < 20
    assert "Beste Eric" not in others
    assert " …" in others
    assert "https://repliek.example/f?s=second&a=rejected" in others


def test_without_an_address_of_the_server_there_are_no_links(response: SuggestResponse) -> None:
    note = render(two(response), "nl", None)
    assert "href" not in note.html
    assert "Zo verstuurd" not in note.text
    assert "2. (3% zeker)" in note.text


def test_several_posts_are_shown_one_by_one(response: SuggestResponse) -> None:
    posts = ("1/2 Eerste", "2/2 Tweede")
    several = replace(response, suggestions=(replace(response.suggestions[0], posts=posts),))
    assert "Bericht 1 van 2\n\n1/2 Eerste\n\nBericht 2 van 2\n\n2/2 Tweede" in render(several, "nl", link).text


def test_warnings_stand_between_the_suggestion_and_the_others(response: SuggestResponse) -> None:
    note = render(replace(two(response), warnings=("Look at the date.",)), "nl", link)
    places = [note.text.index(words) for words in ("a=rejected", "Let op", "- Look at the date.", "Andere voorstellen")]
    assert places == sorted(places)


@pytest.mark.parametrize("reason", Reason)
@pytest.mark.parametrize("language", ["nl", "en", "de"])
def test_silence_is_explained(response: SuggestResponse, reason: Reason, language: str) -> None:
    silent = replace(response, suggestions=(), abstained=AbstentionView(reason=reason, detail="Because of that."))
    note = render(silent, language, link)
    english = ENGLISH.silence.get(reason, "Because of that.")
    expected = f"Repliek doet geen voorstel\n- {DUTCH.silence[reason]}"
    assert note.text == (expected if language == "nl" else f"Repliek suggests nothing\n- {english}")
    assert "https:" not in note.text
    assert note.draft is None


def test_an_alarm_comes_first_and_says_why_once(response: SuggestResponse) -> None:
    grave = replace(response, suggestions=(), abstained=SILENT, hand_over=HANDED_OVER, escalation=ALARM)
    assert render(grave, "nl", link).text.split("\n\n") == [
        "Alarm: betrek meteen je leidinggevende\n- De klant noemt een advocaat of de rechter.",
        "Hier moet een mens over beslissen\n- De klant vraagt het voor de derde keer, of vaker.\n"
        "- Gaat naar: Klachten\n- Te bereiken via: wadlijn.example/klacht",
        "Om mee te beginnen",
        "Beste Eric,",
        "Ik begrijp dat je dit hoog opneemt.",
        "Repliek doet geen voorstel\n- Er is geen antwoord dat zeker genoeg past.",
    ]


def test_in_english_the_engines_own_words_say_why(response: SuggestResponse) -> None:
    grave = replace(response, suggestions=(), abstained=SILENT, hand_over=HANDED_OVER, escalation=ALARM)
    text = render(grave, "en", link).text
    assert text.startswith("Alarm: involve your supervisor now\n- The customer speaks of a lawyer or a court.\n")
    assert "- Goes to: Klachten\n- How to reach them: wadlijn.example/klacht" in text


def test_a_suggestion_may_stand_beside_a_hand_over(response: SuggestResponse) -> None:
    both = replace(response, hand_over=replace(HANDED_OVER, reasons=(Need.VULNERABLE,), team=None, address=None))
    text = render(both, "nl", link).text
    assert "- De klant of een naaste heeft extra zorg nodig.\n\nOm mee te beginnen" in text
    assert "Voorstel van Repliek" in text


def test_every_need_and_reason_has_dutch_words() -> None:
    assert set(DUTCH.needs) == set(Need)
    assert set(DUTCH.silence) == set(Reason)
    assert set(DUTCH.routes) == set(ENGLISH.routes) == set(Route)


def test_a_draft_is_the_suggestion_where_nothing_has_to_be_known_first(response: SuggestResponse) -> None:
    plain = replace(response, warnings=(), hand_over=None, escalation=None)
    text = plain.suggestions[0].text
    assert clean(from_html(render(plain, "nl", link).draft or "")) == clean(text)
    for known_first in ({"warnings": ("Look.",)}, {"hand_over": HANDED_OVER}, {"escalation": ALARM}):
        assert render(replace(plain, **known_first), "nl", link).draft is None


class _Markup(HTMLParser):
    def __init__(self, markup: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.addresses: list[str] = []
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.addresses += [value or "" for name, value in attrs if name == "href"]
        assert {name for name, _ in attrs} <= {"href"}


def test_html_says_the_same_and_nothing_in_it_is_markup(response: SuggestResponse) -> None:
    attack = '<script>alert("x")</script><img src=x onerror=alert(1)>&lt; "\'</blockquote>'
    best = replace(response.suggestions[0], text=attack, posts=(attack,))
    hostile = replace(
        two(response),
        suggestions=(best, replace(best, suggestion_id="second")),
        warnings=(attack,),
        hand_over=replace(HANDED_OVER, opening=attack, team=attack, address=attack),
        escalation=replace(ALARM, reasons=()),
    )
    note = render(hostile, "nl", lambda one, action: f'https://x.example/?s="><script>&a={one}&b={action}')
    markup = _Markup(note.html)
    assert markup.tags == {"p", "strong", "ul", "li", "blockquote", "a"}
    assert all(address.startswith('https://x.example/?s="><script>&a=') for address in markup.addresses)
    assert len(markup.addresses) == 4
    assert note.html.count(attack) == 0


@pytest.mark.parametrize(("confidence", "shown"), [(0.9999, "99%"), (1.0, "99%"), (0.001, "1%"), (0.505, "50%")])
def test_nothing_is_shown_as_quite_sure(response: SuggestResponse, confidence: float, shown: str) -> None:
    one = replace(response, suggestions=(replace(response.suggestions[0], confidence=confidence),))
    assert f"({shown} zeker)" in render(one, "nl", link).text
