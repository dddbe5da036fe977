"""Whatever is asked, by whomever and wherever: what a reply that may be shown must never do.

What must hold is worked out here anew and more plainly than the engine does it, as in `evaluation/tone.py`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from repliek.brand import Brand, ChannelPolicy, HandOver, Signature
from repliek.conversation import Channel, Conversation, Speaker, Turn
from repliek.knowledge import Answer, Audience, Status
from repliek.needs import Need
from repliek.privacy import find
from repliek.privacy.exposure import exposed
from repliek.tone.channels import measure
from repliek.tone.compose import Composed, Composer
from repliek.tone.emotion import Emotion
from repliek.tone.openings import Step, opening
from repliek.tone.phrases import DEFAULT_PHRASES, Part, Phrase, PhraseBank, read_phrases
from repliek.tone.register import Register, Usage, detect_usage
from repliek.tone.scene import Scene
from repliek.variants import Occasion
from repliek.vocabulary import SLOT
from repliek.writing import Writer, Written
from tests.golden_compositions import CORPUS, Corpus

BOUNDED = settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
DAY = date(2026, 11, 20)

_NUMBER = re.compile(r"\d+")
_LINK = re.compile(r"[\w@.-]+\.[a-z]{2,}(?:/\S*\w)?", re.IGNORECASE)
_NAME = re.compile(r"(?<=[a-z,] )[A-ZÀ-Þ][\w-]+")
_WORD = re.compile(r"[^\W_]+")
_QUOTED = re.compile(r"\"[^\"]*\"|“[^”]*”|‘[^’]*’|(?<!\w)'[^'\n]+'(?!\w)")
_POST_NUMBER = re.compile(r" \(\d/\d\)(?= \^\S+\Z|\Z)")
_NOT_SPOKEN = re.compile(r"https?://(?:www\.)?|^\s*\d{1,2}[.)]\s", re.MULTILINE)


@dataclass(frozen=True)
class Asked:
    """All that a reply is made from; what a property fails on is printed whole."""

    brand: Brand
    phrases: tuple[Phrase, ...]
    variants: tuple[Answer, ...]
    conversation: Conversation
    occasion: Occasion
    emotion: Emotion
    intent: str | None

    @property
    def scene(self) -> Scene:
        return Scene.read(
            self.conversation,
            self.occasion,
            self.brand,
            emotion=self.emotion,
            intent=self.intent,
            exposed=bool(exposed(self.conversation, self.brand.published)),
        )

    @property
    def bank(self) -> PhraseBank:
        return PhraseBank(self.phrases).completed_by(DEFAULT_PHRASES)

    @property
    def composer(self) -> Composer:
        return Composer(self.brand, self.bank)

    @property
    def said_by_brand(self) -> list[str]:
        agent = [turn.text for turn in self.conversation.turns if turn.speaker is Speaker.AGENT]
        return [*agent, *self.conversation.thread]

    @property
    def said_by_customer(self) -> str:
        turns = [turn.text for turn in self.conversation.turns if turn.speaker is Speaker.CUSTOMER]
        return " ".join((*turns, self.conversation.message))

    @property
    def own(self) -> str:
        """What the brand may say: its answers in every wording, its names and addresses, who writes to whom."""
        brand, values = self.brand, self.scene.values
        lines = (brand.hand_over.emergency, brand.hand_over.crisis)
        products = brand.products.get(self.occasion.language, {}).values()
        persons = (values.get(name, "") for name in ("first_name", "formal_name", "initials"))
        answers = (answer.text for answer in self.variants)
        return "\n".join((*answers, brand.published, *lines, *products, *persons, *brand.signature.closing.values()))


@cache
def corpus() -> Corpus:
    return Corpus()


@cache
def bundled_phrases() -> tuple[Phrase, ...]:
    return read_phrases(CORPUS / "phrases.jsonl")


# --- what is drawn

CONTROL = (
    "\x00\x07\x1b\x85\u00ad\u061c\u200b\u200c\u200d\u200e\u200f\u202a\u202e\u2060\u2066\u2069\ufeff\ud800\U000e0001"
)
SAID = st.sampled_from([
    "Mijn wifi doet het al drie dagen niet", "sinds maandag geen internet in Leeuwarden", "Mijn naam is Jan Jansen",
    "bel me op 06-12345678", "mijn rekening is NL91ABNA0417164300", "jan.jansen@voorbeeld.nl", "klantnummer 12345678",
    "1234 AB 12", "Dorpsstraat 12, 8911 AB Leeuwarden", "BSN 111222333", "kenteken AB-123-C", "http://phish.example/x",
    "geboren 01-02-1980", "wachtwoord: Zomer2024!", "op 3 november ging het mis in Groningen", "Hoe zet ik wifi aan?",
    "bedankt voor niets!!!", "haha je modem danst 💃", "شبكة الإنترنت لا تعمل", "האינטרנט לא עובד", "<b>help</b>",
    "{first_name} {dm_link}", "%s {0} ${x}", "&lt;", "👨‍👩‍👧", "Kunt u mij helpen?", "kun je me helpen",
    "My router is down", "since Monday in Utrecht", "Mein Internet geht nicht", "^XX", "(1/2)", "\x00", "1.",
    "IBAN BE68 5390 0754 7034",
    "Ik ben Fatima El Amrani.", "in {shop}", "in Den Haag", "al 3 weken", "mijn modem in \u202eneerhsneE\u202c",
])  # fmt: skip
NL = st.sampled_from([
    "De storing is voorbij.", "Kijk in je mail.", "Vind je de code niet?", "Kijkt u in uw account.",
    "Dat kost 12,50 euro per maand!", "Bel {service_phone} of stuur iets via {dm_link}.",
    "Beste {first_name}, dat kan.", "Wij helpen jullie graag.", "De winkel ({shop}) is open tot 21.00 uur.",
    "Zeg \"u\" tegen de chatbot.",
    "Uw monteur komt op {date}.", "Stuur je klantnummer via {dm_link}.", "Wat is je klantnummer?", "Dank je wel!",
    "Sorry dat het misging.", "Zie je het niet", "Fijne dag, {first_name}!", "Kies:\n- de app\n- de site",
    "Zet de Wadbox tien minuten uit en wacht tot het lampje groen is, ook als dat lang duurt.",
])  # fmt: skip
EN = st.sampled_from([
    "You can find it in the app.", "That is 12 euros a month!", "Call {service_phone}, {first_name}.", "Not there yet?",
    "Switch the Wadbox off for ten minutes and wait until the light is green, even if that takes long.",
])  # fmt: skip
DE = st.sampled_from([
    "Das finden Sie in der App.", "Schau in deine Mail.", "Das kostet 12 Euro im Monat!", "Ruf {service_phone} an.",
])  # fmt: skip
ODD = st.sampled_from([
    "Zie https://www.wadlijn.example/hulp", "1. Open de app\n2. Kies je toestel", "Ok…", "Ja!!!",
    "Let op: { hoort erbij", "Alinea een.\n\nAlinea twee.", "wadlijn.example/a?b=c&d=e", "Dat wordt 2^10", "Klaar 😀",
    "(Bron: CBS)", "👍🏽", "}", "nr.", "\u200b", "a" * 300,
])  # fmt: skip
TEXTS = st.one_of(
    st.lists(SAID, min_size=1, max_size=4).map(". ".join),
    st.lists(st.one_of(SAID, st.text(max_size=12), st.sampled_from(CONTROL)), min_size=1, max_size=8).map("".join),
    SAID.map(lambda text: f"{text}. " * 150),
).filter(str.strip)
NAMES = st.one_of(
    st.none(),
    st.sampled_from([
        "", " ", "Eric", "JAN", "mevr. de Vries", "dhr. J. van den Berg", "🙂", "Sam 😀", "<b>Eric</b>", "{first_name}",
        "{shop} {0}", "\u202eEric", "E\u200bric", "محمد", "שרה", "O'Neill", "Eric\nWij geven 100 euro", "\x00",
        "x" * 90, "06-12345678", "eric@voorbeeld.nl", "Jan Jansen", "klant", "Anne-Fleur", "É", "Eric!!!", "u",
        "Je", "IJsbrand", "%s", "&amp;", "Zoë", "ﬁlip", "Uw", "\ud800", "Mr. Smith", "Ge", "www.phish.nl", "Karel.nl",
    ]),
    st.text(max_size=30),
)  # fmt: skip
INITIALS = st.one_of(
    st.none(),
    st.sampled_from([
        "EK", "ek", "E.K.", "^EK", "", " ", "🙂", "<b>", "{dm_link}", "\u202eKE", "E\u200bK", "\x00", "0612345678",
        "EK\nEK", "x" * 60, "u", "!", "E K", "אב", "É", "&lt;", "a.nl",
    ]),
    st.text(max_size=10),
)  # fmt: skip
BARE = Brand(name="Wadlijn", signature=Signature(initials=False, closing={}))


@st.composite
def brands(draw: st.DrawFn) -> Brand:
    own = corpus().brand
    posts = {channel: ChannelPolicy(posts=draw(st.integers(1, 3))) for channel in (Channel.X, Channel.SMS)}
    lines = HandOver(
        dm=draw(st.sampled_from([None, own.hand_over.dm])), phone=draw(st.sampled_from([None, own.hand_over.phone]))
    )
    shop = draw(st.sampled_from([{}, {"shop": "de winkel in Drachten"}]))
    full = replace(own, channels=posts, hand_over=lines, slots=shop)
    return draw(st.sampled_from([BARE, full, full]))


def generated(language: str) -> st.SearchStrategy[Answer]:
    odd = st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1, max_size=25)
    own = {"nl": NL, "en": EN, "de": DE}[language]
    short = st.lists(st.one_of(own, own, own, ODD, odd, st.text(max_size=9)), min_size=1, max_size=6)
    texts = st.one_of(short, st.lists(own, min_size=8, max_size=24))
    return st.builds(
        Answer,
        answer_id=st.just("generated"),
        text=st.builds(str.join, st.sampled_from([" ", "\n", "\n\n"]), texts).filter(str.strip),
        language=st.just(language),
        register=st.sampled_from(list(Register)),
        audience=st.sampled_from([Audience.ANY, Audience.ANY, *Audience]),
        status=st.sampled_from([*[Status.ALLOWED] * 6, Status.UNREVIEWED, Status.BLOCKED]),
    )


@st.composite
def asked(draw: st.DrawFn) -> Asked:
    language = draw(st.sampled_from(["nl", "nl", "nl", "en", "de"]))
    history = tuple(corpus().history.values())
    bundled = draw(st.booleans())
    exchange = history[draw(st.integers(0, len(history) - 1))]
    if bundled:
        variants = tuple(corpus().knowledge.topics.values())[draw(st.integers(0, len(corpus().knowledge.topics) - 1))]
    else:
        variants = (draw(generated(language)),)
    of_the_bank = st.sampled_from(bundled_phrases()).map(lambda phrase: SLOT.sub("Eric", phrase.text))
    earlier = st.one_of(of_the_bank, of_the_bank, st.lists(of_the_bank, max_size=60).map(" ".join), NL, TEXTS)
    channel = draw(st.sampled_from(list(Channel)))
    return Asked(
        brand=draw(brands()),
        phrases=draw(st.sampled_from([(), bundled_phrases(), bundled_phrases()])),
        variants=variants,
        conversation=Conversation(
            draw(st.one_of(st.just(exchange.message), TEXTS, TEXTS))[:20_000],
            channel,
            turns=draw(st.lists(st.builds(Turn, st.sampled_from(list(Speaker)), earlier), max_size=3).map(tuple)),
            customer_name=draw(NAMES),
            agent_initials=draw(INITIALS),
            thread=draw(st.lists(earlier, max_size=3).map(tuple)),
        ),
        occasion=Occasion(language, draw(st.sampled_from(list(Register))), channel, DAY),
        emotion=draw(st.sampled_from(list(Emotion))),
        intent=draw(st.sampled_from([None, exchange.intent, variants[0].intent])),
    )


# --- what must hold


def faults(asked: Asked, composed: Composed) -> Iterator[str]:
    """Yield what a reply does that none may do, whatever it is made of."""
    text, channel = composed.text, asked.occasion.channel
    added = _without_answer(composed)
    own = f"{asked.own}\n{_answer_of(composed)}"
    known = f"{own}\n{asked.said_by_customer}"
    if not all(measure(post, channel).fits for post in composed.laid.posts):
        yield "a post is too long"
    if _words(_joined(composed)) != _words(composed.laid.text):
        yield "the posts do not hold the text"
    if asked.occasion.language == "nl" and not _one_register(asked, composed):
        yield "the wrong register"
    if channel.public and (told := _personal(text, own)):
        yield f"personal data: {told}"
    for what, pattern, grounds in (("number", _NUMBER, known), ("link", _LINK, own), ("name", _NAME, known)):
        if invented := [one for one in pattern.findall(_joined(composed)) if one.lower() not in grounds.lower()]:
            yield f"an invented {what}: {invented}"
    if unseen := [f"U+{ord(char):04X}" for char in text if _is_unseen(char) and char not in own]:
        yield f"characters that nobody sees: {unseen}"
    parts = [segment.part for segment in composed.laid.parts]
    if len(set(parts)) < len(parts):
        yield "a part stands in it twice"
    if added.count("!") > 1:
        yield "more than one exclamation mark beside the answer's"
    if "{" in added or "}" in added or "<" in added:
        yield "a brace or tag that no answer holds"
    if set(SLOT.findall(text)) - set(composed.open_slots):
        yield "an open slot that is not told"
    if again := list(_repeated(asked, composed)):
        yield f"said before, though there are other words: {again}"
    if not text.strip() or text != text.strip():
        yield "no text, or white space around it"


def faults_of_answers(answers: Iterable[Answer], asked: Asked, composed: Composed) -> Iterator[str]:
    """Yield what a reply does to the answers in it."""
    answers, said = list(answers), _answer_of(composed)
    values = {**asked.brand.facts, "first_name": asked.scene.values.get("first_name")}
    filled = [SLOT.sub(lambda slot: values.get(slot[1]) or slot[0], answer.text) for answer in answers]
    spoken = asked.occasion.channel is Channel.PHONE
    if spoken:
        said = _NOT_SPOKEN.sub(" ", said)
    if not _follow(_words(said), _words(_joined(composed))):
        yield "the answer is not whole"
    if _NUMBER.findall(" ".join(filled)) != _NUMBER.findall(_answer_of(composed)):
        yield "the answer has other numbers"
    rewritten = asked.occasion.language == "nl" and asked.occasion.register is not Register.NEUTRAL
    plain = not rewritten and all(answer.register is Register.NEUTRAL for answer in answers)
    if plain and _words(" ".join(filled)) != _words(_answer_of(composed)):
        yield "the answer was changed"
    if SLOT.search(_answer_of(composed)) and not composed.open_slots:
        yield "an open slot is not told"


def _answer_of(composed: Composed) -> str:
    return "\n".join(segment.text for segment in composed.laid.parts if segment.part is Part.ANSWER)


def _without_answer(composed: Composed) -> str:
    return "\n".join(segment.text for segment in composed.laid.parts if segment.part is not Part.ANSWER)


def _joined(composed: Composed) -> str:
    posts = composed.laid.posts
    return "\n".join(_POST_NUMBER.sub("", post) for post in posts) if len(posts) > 1 else posts[0]


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def _follow(words: list[str], among: list[str]) -> bool:
    """Whether `words` stand in `among`, one behind the other with nothing between them."""
    return any(among[at : at + len(words)] == words for at in range(len(among) - len(words) + 1))


def _one_register(asked: Asked, composed: Composed) -> bool:
    usage = detect_usage(_QUOTED.sub(" ", _unsigned(composed.text, asked)))
    wanted = asked.occasion.register
    return usage is not Usage.MIXED and (wanted is Register.NEUTRAL or usage in {Usage.NONE, Usage(wanted)})


def _unsigned(text: str, asked: Asked) -> str:
    """Return `text` without initials, of which JE reads as a word."""
    initials = asked.scene.values.get("initials", "")
    return re.sub(rf"(?:\^|\n){re.escape(initials)}(?=\n|\Z)", "", text) if initials else text


def _personal(text: str, own: str) -> list[str]:
    return [span.kind for span in find(text) if text[span.start : span.end].lower() not in own.lower()]


def _is_unseen(char: str) -> bool:
    return char != "\n" and unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


def _repeated(asked: Asked, composed: Composed) -> Iterator[Part]:
    """Yield parts whose very words the brand said before, unless a reply needs them and all others were said too."""
    said = [_on_one_line(text) for text in asked.said_by_brand]
    for segment in composed.laid.parts:
        part = segment.part
        if part in {Part.ANSWER, Part.SIGNATURE} or not any(_on_one_line(segment.text) in text for text in said):
            continue
        fresh = any(not _was_said(phrase, said) for phrase in _fitting(part, asked, composed.register))
        if fresh or part not in {Part.GREETING, Part.PRIVATE_MOVE, Part.REMOVAL}:
            yield part


def _fitting(part: Part, asked: Asked, register: Register) -> Iterator[Phrase]:
    situation = asked.scene.situation(register)
    for phrase in asked.phrases:
        if (
            (phrase.part, phrase.language) == (part, situation.language)
            and phrase.register in {situation.register, Register.NEUTRAL}
            and (not phrase.emotion or situation.emotion in phrase.emotion)
            and (not phrase.channel or situation.channel in phrase.channel)
            and (not phrase.intents or situation.intent in phrase.intents)
            and phrase.slots <= situation.values.keys()
        ):
            yield phrase


def _was_said(phrase: Phrase, said: Iterable[str]) -> bool:
    """Whether one of its sentences stands in a text, whatever fills its slots."""
    sentences = [one for one in re.split(r"(?<=[.?!…])\s+|\n", phrase.text) if any(map(str.isalpha, SLOT.sub("", one)))]
    patterns = [".*".join(map(re.escape, SLOT.sub("\0", _on_one_line(one)).split("\0"))) for one in sentences]
    return any(re.search(pattern, text, re.DOTALL) for pattern in patterns for text in said)


def _on_one_line(text: str) -> str:
    return " ".join(text.split()).casefold()


# --- the properties


@BOUNDED
@given(asked())
def test_what_is_written_can_be_shown_and_what_is_not_has_a_reason(asked: Asked) -> None:
    written = Writer(asked.composer).write(asked.variants, asked.scene)
    if isinstance(written, str):
        assert written.startswith("The fitting answer ")
        assert asked.said_by_customer not in written
        return
    composed = written.composed
    assert composed.may_be_shown
    assert list(faults(asked, composed)) == []
    if not written.elsewhere:
        assert list(faults_of_answers(written.answers, asked, composed)) == []
    again = Writer(asked.composer).write(asked.variants, asked.scene)
    assert isinstance(again, Written)
    assert (again.composed, again.cautions) == (composed, written.cautions)


@BOUNDED
@given(asked(), st.data())
def test_several_answers_are_one_reply(asked: Asked, data: st.DataObject) -> None:
    second = replace(data.draw(generated(asked.occasion.language)), answer_id="second")
    answers = [*(answer for answer in asked.variants[:3] if answer.language == second.language), second]
    asked = replace(asked, variants=tuple(answers))
    written = Writer(asked.composer).write_together(answers, asked.scene)
    if written is not None:
        assert list(faults(asked, written.composed)) == []
        assert list(faults_of_answers(answers, asked, written.composed)) == []


@BOUNDED
@given(asked())
def test_a_move_to_private_is_a_reply_too(asked: Asked) -> None:
    moved = asked.composer.move(asked.scene)
    assert moved == asked.composer.move(asked.scene)
    if moved is None:
        assert not list(_fitting(Part.PRIVATE_MOVE, asked, asked.scene.occasion.register))
    elif moved.may_be_shown:
        assert list(faults(asked, moved)) == []
        assert _answer_of(moved) == ""


@BOUNDED
@given(asked(), st.sampled_from(list(Need)), st.sampled_from([Channel.DM, Channel.PHONE, None]))
def test_an_opening_is_greeted_and_signed_and_nothing_else(asked: Asked, need: Need, route: Channel | None) -> None:
    brand, language = asked.brand.hand_over, asked.occasion.language
    step = Step(
        brand.dm if route is Channel.DM else None,
        brand.phone if route is Channel.PHONE else None,
        brand.emergency,
        brand.crisis,
    )
    spoken = replace(asked.occasion, language="nl" if language == "nl" else "en")
    text = opening(need, spoken.language, spoken.register, step)
    scene = replace(asked.scene, occasion=spoken)
    opened = asked.composer.opened(text, scene)
    assert opened == asked.composer.opened(text, scene)
    assert measure(opened, spoken.channel).fits
    assert _follow(_words(text), _words(opened))
    assert not any(map(_is_unseen, opened))
    register = spoken.register if spoken.register is Register.JE else Register.U
    said = detect_usage(_unsigned(opened, asked))
    assert spoken.language != "nl" or said in {Usage.NONE, Usage(register)}
    assert set(_NUMBER.findall(opened)) <= set(_NUMBER.findall(text + asked.own))
    assert opened.count("!") == text.count("!")
