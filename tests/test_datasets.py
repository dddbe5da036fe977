"""The bundled corpus: valid, as large as its cards promise, varied, and honest about its held-out part."""

import importlib.metadata
import importlib.util
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pytest
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from repliek.brand import Brand
from repliek.conversation import Channel
from repliek.history import OUT_OF_SCOPE, Exchange
from repliek.knowledge import Answer, Audience, KnowledgeBase, Status
from repliek.records import read_records
from repliek.tone.channels import measure
from repliek.tone.emotion import Emotion
from repliek.tone.phrases import SLOTS, Part, Phrase, PhraseBank, Situation
from repliek.tone.register import Register, detect_register
from repliek.tone.rewriting import breaches
from repliek.tone.rules import Draft, Linter, Severity
from repliek.vocabulary import SLOT

REPOSITORY = Path(__file__).resolve().parents[1]
DATASETS = REPOSITORY / "datasets"
ANSWERS = DATASETS / "wadlijn" / "answers.jsonl"
TRAINING = DATASETS / "wadlijn" / "history.jsonl"
LATER = DATASETS / "wadlijn-later" / "history.jsonl"
HELD_OUT = DATASETS / "wadlijn-heldout" / "history.jsonl"
HISTORIES = {"training": TRAINING, "later": LATER, "held-out": HELD_OUT}
BRAND = DATASETS / "wadlijn" / "brand.toml"
PHRASES = DATASETS / "wadlijn" / "phrases.jsonl"

IN_SEASON = date(2026, 12, 1)
"""A day on which every answer with a limited validity may be given."""

FILLED_BY_THE_AGENT = frozenset({"date", "order_number", "first_name"})

LABELS = ("language", "register", "emotion", "channel")

X_GREETINGS = MappingProxyType({Register.JE: "Hoi,", Register.U: "Goedendag,", Register.NEUTRAL: "Hello,"})

SAME_TRIGRAMS = 0.5
"""Share of a message's word trigrams from which another message counts as the same one rewritten."""

NEAR_COPY_RATIO = 75
NEAR_COPY_TOKENS = 85
SAME_LENGTH_RATIO = 50
"""Plain ratio from which two messages are of like enough length to be copies for their shared words alone."""

PICKED_UP = frozenset({"product", "place", "date", "waited"})
"""Slots for what the customer mentioned."""

SAME_PHRASE = 85
"""Ratio from which two phrases of one language and register are one phrase."""

FORMULAS = frozenset({Part.GREETING, Part.SIGNATURE})
"""Parts of which the wording is given: "Hoi" and "Hallo" are alike, and both are wanted."""

TELLING_WORDS = 5
"""Shorter messages ("hoi", "geen internet") are alike for want of words; they may only not be identical."""


def words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.lower())


def opening(text: str) -> str:
    return " ".join(words(text)[:3])


def trigrams(text: str) -> frozenset[tuple[str, str, str]]:
    tokens = words(text)
    return frozenset(zip(tokens, tokens[1:], tokens[2:], strict=False))


@cache
def answers() -> KnowledgeBase:
    return KnowledgeBase.from_jsonl(ANSWERS)


@cache
def phrases() -> tuple[Phrase, ...]:
    return read_records(PHRASES, Phrase, unique=None, strict=True).records


@cache
def exchanges(path: Path) -> tuple[Exchange, ...]:
    return read_records(path, Exchange, unique="exchange_id").records


def all_exchanges() -> tuple[Exchange, ...]:
    return tuple(exchange for path in HISTORIES.values() for exchange in exchanges(path))


def listed(problems: Iterable[str]) -> str:
    return "\n" + "\n".join(problems)


# Files


@pytest.mark.parametrize(
    ("path", "model", "unique"),
    [(ANSWERS, Answer, "answer_id"), *((path, Exchange, "exchange_id") for path in HISTORIES.values())],
    ids=["answers", *HISTORIES],
)
def test_every_line_validates(path: Path, model: type, unique: str) -> None:
    rejected = read_records(path, model, unique=unique).rejected
    assert not rejected, listed(f"{r.source}, line {r.line}: {r.reason}" for r in rejected)


def test_the_brand_is_read() -> None:
    brand = Brand.from_toml(BRAND)
    assert brand.name == "Wadlijn"
    assert brand.hand_over.dm
    assert brand.hand_over.phone


def test_no_exchange_id_stands_in_two_histories() -> None:
    counts = Counter(exchange.exchange_id for exchange in all_exchanges())
    assert max(counts.values()) == 1, listed(name for name, count in counts.items() if count > 1)


def test_datasets_holds_no_code_and_hides_no_library() -> None:
    code = sorted(str(path.relative_to(REPOSITORY)) for path in DATASETS.rglob("*.py"))
    assert not code, listed(code)
    try:
        importlib.metadata.distribution("datasets")
    except importlib.metadata.PackageNotFoundError:
        pytest.skip("Hugging Face's datasets is not installed, so nothing can hide it")
    library = importlib.util.find_spec("datasets")
    assert library is not None
    assert library.origin is not None, "the folder datasets/ is found before the library; it may hold no Python package"
    assert not Path(library.origin).is_relative_to(DATASETS)


@pytest.mark.parametrize("path", HISTORIES.values(), ids=HISTORIES)
def test_the_card_states_the_licence_and_the_true_counts(path: Path) -> None:
    card = path.with_name("README.md").read_text(encoding="utf-8")
    assert "CC-BY-4.0" in card
    expected = history_table(exchanges(path)) + (answer_table() + phrase_table() if path == TRAINING else [])
    missing = [row for row in expected if row not in card.splitlines()]
    assert not missing, f"rows to put in {path.with_name('README.md')}:" + listed(missing)


def answer_table() -> list[str]:
    """Return the rows with which the card describes the answers."""
    wordings = [f"{a.language} {a.register}" for a in answers()]
    return [
        f"| answers | {len(answers())} |",
        f"| topics | {len(answers().topics)} |",
        f"| intents | {len({a.intent for a in answers()})} |",
        f"| language and register | {_shares(wordings)} |",
        f"| audience | {_shares(a.audience for a in answers())} |",
    ]


def phrase_table() -> list[str]:
    """Return the rows with which the card describes the phrases."""
    return [
        f"| phrases | {len(phrases())} |",
        f"| part | {_shares(p.part for p in phrases())} |",
        f"| wording | {_shares(f'{p.language} {p.register}' for p in phrases())} |",
        f"| for an emotion | {_shares(emotion for p in phrases() for emotion in p.emotion)} |",
        f"| for an intent | {sum(bool(p.intents) for p in phrases())} |",
        f"| that pick something up | {sum(bool(p.slots & PICKED_UP) for p in phrases())} |",
    ]


def history_table(records: Sequence[Exchange]) -> list[str]:
    """Return the rows with which a card describes a history."""
    return [
        f"| exchanges | {len(records)} |",
        f"| in scope | {sum(e.in_scope for e in records)} |",
        f"| out of scope | {sum(not e.in_scope for e in records)} |",
        f"| with an answer | {sum(e.answer_id is not None for e in records)} |",
        f"| with the reply that was sent | {sum(e.reply is not None for e in records)} |",
        f"| with earlier turns | {sum(bool(e.context) for e in records)} |",
        f"| fewest of one intent | {min(Counter(e.intent for e in records).values())} |",
        *(f"| {name} | {_shares(getattr(e, name) for e in records)} |" for name in LABELS),
        f"| read for sarcasm | {sum(e.sarcasm is not None for e in records)}, sarcastic {sum(map(_mocks, records))} |",
    ]


def _mocks(exchange: Exchange) -> bool:
    return exchange.sarcasm is True


def _shares(values: Iterable[str]) -> str:
    counts = sorted(Counter(values).items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{value} {count}" for value, count in counts)


# Size


def test_sizes_are_as_promised() -> None:
    training, later, held_out = map(exchanges, HISTORIES.values())
    assert len({answer.intent for answer in answers()}) >= 55
    assert len(answers()) >= 150
    assert len(training) >= 1_200
    assert len(later) >= 400
    assert len(held_out) >= 450
    for measured, strays in ((later, 60), (held_out, 80)):
        assert sum(not exchange.in_scope for exchange in measured) >= strays


def test_held_out_has_six_of_every_intent() -> None:
    counts = Counter(exchange.intent for exchange in exchanges(HELD_OUT))
    few = {answer.intent: counts[answer.intent] for answer in answers() if counts[answer.intent] < 6}
    assert not few, few


@pytest.mark.parametrize("path", HISTORIES.values(), ids=HISTORIES)
def test_every_kind_of_message_occurs(path: Path) -> None:
    records = exchanges(path)
    assert {e.channel for e in records} == set(Channel)
    assert {e.emotion for e in records} == set(Emotion)
    assert {e.register for e in records} == set(Register)
    assert {e.intent for e in records} == {a.intent for a in answers()} | {OUT_OF_SCOPE}
    english = sum(e.language == "en" for e in records) / len(records)
    assert 0.08 <= english <= 0.13, f"{english:.1%} English, expected about a tenth"
    unlabelled = [e.exchange_id for e in records if None in (e.intent, e.channel, e.language, e.register, e.emotion)]
    assert not unlabelled, listed(unlabelled)


@pytest.mark.parametrize("path", HISTORIES.values(), ids=HISTORIES)
def test_what_is_frustrated_or_playful_was_read_for_sarcasm_and_sarcasm_is_frustration(path: Path) -> None:
    read = {Emotion.FRUSTRATED, Emotion.PLAYFUL}
    records = exchanges(path)
    assert not (unread := [e.exchange_id for e in records if (e.emotion in read) != (e.sarcasm is not None)]), listed(
        unread
    )
    problems = [e.exchange_id for e in records if _mocks(e) and e.emotion is not Emotion.FRUSTRATED]
    assert not problems, listed(problems)


# Variety


def test_messages_are_not_rewritten_from_each_other() -> None:
    grams = {e.exchange_id: trigrams(e.message) for e in all_exchanges()}
    alike = [pair for pair in _most_alike(grams) if pair[2] > SAME_TRIGRAMS]
    assert len(alike) < 0.01 * len(grams), listed(f"{a} shares {share:.0%} with {b}" for a, b, share in alike)


def _most_alike(
    grams: dict[str, frozenset[tuple[str, str, str]]],
) -> Iterable[tuple[str, str, float]]:
    """Yield each message with the one that holds the largest share of its trigrams, where any does."""
    holders: defaultdict[tuple[str, str, str], list[str]] = defaultdict(list)
    for key, own in grams.items():
        for gram in own:
            holders[gram].append(key)
    for key, own in grams.items():
        shared = Counter(other for gram in own for other in holders[gram] if other != key)
        if shared:
            other, count = shared.most_common(1)[0]
            yield key, other, count / len(own)


@pytest.mark.parametrize(("former", "measured"), [(TRAINING, LATER), (TRAINING, HELD_OUT), (LATER, HELD_OUT)])
def test_no_message_is_a_near_copy_of_an_earlier_one(former: Path, measured: Path) -> None:
    before, after = exchanges(former), exchanges(measured)
    known, new = ([" ".join(words(e.message)) for e in records] for records in (before, after))
    ratio = process.cdist(new, known, scorer=fuzz.ratio)
    tokens = process.cdist(new, known, scorer=fuzz.token_set_ratio)
    telling = np.logical_and.outer(*([len(text.split()) >= TELLING_WORDS for text in texts] for texts in (new, known)))
    # token_set_ratio is 100 once all words of one message stand in the other, so "vaste telefoon doet het niet" would
    # be a copy of every long mail about a dead phone. Shared words count only between messages of like length; a
    # longer one that holds a shorter one literally shares its trigrams.
    alike = (ratio >= NEAR_COPY_RATIO) | ((tokens >= NEAR_COPY_TOKENS) & (ratio >= SAME_LENGTH_RATIO))
    copies = (ratio >= 100) | (telling & (alike | (_shared_trigrams(new, known) > SAME_TRIGRAMS)))
    problems = [
        f"{after[row].exchange_id} and {before[column].exchange_id}: "
        f"ratio {ratio[row, column]:.0f}, token set {tokens[row, column]:.0f}"
        for row, column in np.argwhere(copies).tolist()
    ]
    assert not problems, listed(problems)


def _shared_trigrams(new: Sequence[str], known: Sequence[str]) -> NDArray[np.float64]:
    """Return the shared trigrams of (n, m) pairs of texts, float64, as a share of those that the shorter one has."""
    shares = np.zeros((len(new), len(known)))
    own = [trigrams(text) for text in known]
    for row, grams in enumerate(map(trigrams, new)):
        shares[row] = [len(grams & other) / max(1, min(len(grams), len(other))) for other in own]
    return shares


def test_no_opening_is_a_habit() -> None:
    messages = all_exchanges()
    openings = Counter(opening(e.message) for e in messages if len(words(e.message)) >= 3)
    frequent = {start: count for start, count in openings.items() if count > 0.01 * len(messages)}
    assert not frequent, frequent


def test_no_two_topics_of_answers_open_alike() -> None:
    topics: defaultdict[str, set[str]] = defaultdict(set)
    for answer in answers():
        topics[opening(answer.text)].add(answer.topic)
    shared = {start: sorted(names) for start, names in topics.items() if len(names) > 1}
    assert not shared, shared


# Answers


def test_every_topic_is_there_for_je_u_and_english_in_public() -> None:
    wanted = {("nl", Register.JE), ("nl", Register.U), ("en", Register.NEUTRAL)}
    problems: list[str] = []
    for topic, variants in answers().topics.items():
        found = {(a.language, a.register) for a in variants if _sayable(a) and a.audience is not Audience.PRIVATE}
        problems += [f"{topic}: no {language} {register} answer" for language, register in sorted(wanted - found)]
    assert not problems, listed(problems)


def _sayable(answer: Answer) -> bool:
    return answer.status is Status.ALLOWED and answer.valid_on(IN_SEASON)


def test_private_answers_come_in_je_u_and_english() -> None:
    registers: defaultdict[str, set[Register]] = defaultdict(set)
    for answer in answers():
        if answer.audience is Audience.PRIVATE:
            registers[answer.topic].add(answer.register)
    lone = {topic: found for topic, found in registers.items() if found != set(Register)}
    assert not lone, lone


def test_variants_of_a_topic_serve_one_intent_at_one_time() -> None:
    mixed = {
        topic: {(a.intent, a.valid_from, a.valid_until) for a in variants}
        for topic, variants in answers().topics.items()
        if len({(a.intent, a.valid_from, a.valid_until) for a in variants}) > 1
    }
    assert not mixed, mixed


def test_answers_keep_to_their_register() -> None:
    wrong = {Register.JE: Register.U, Register.U: Register.JE}
    slips = [
        f"{a.answer_id}: reads as {detect_register(a.text)}"
        for a in answers()
        if a.language == "nl" and detect_register(a.text) in (None, wrong.get(a.register))
    ]
    assert not slips, listed(slips)


def test_slots_are_known() -> None:
    brand = Brand.from_toml(BRAND)
    known = {"service_phone", "dm_link", *brand.slots, *FILLED_BY_THE_AGENT}
    unknown = [f"{a.answer_id}: {sorted(a.slots - known)}" for a in answers() if a.slots - known]
    assert not unknown, listed(unknown)


def test_answers_neither_greet_nor_sign() -> None:
    problems = [
        a.answer_id
        for a in answers()
        if re.match(r"(hoi|hallo|beste|dag|goede\w+|hi|hello|dear)\b", a.text, re.IGNORECASE)
        or re.search(r"\^[A-Z]{2}|\bgroet(en|jes)?\b", a.text)
    ]
    assert not problems, listed(problems)


def test_public_answers_ask_for_no_personal_data() -> None:
    asked = re.compile(
        r"(stuur|geef|noem|mag ik|hebben we|ontvangen)[^.?!]*\b(klantnummer|postcode|huisnummer|geboortedatum|iban)\b"
        r"|send[^.?!]*\b(customer number|postcode|house number|date of birth|iban)\b",
        re.IGNORECASE,
    )
    problems = [a.answer_id for a in answers() if a.audience is not Audience.PRIVATE and asked.search(a.text)]
    assert not problems, listed(problems)


def test_public_answers_fit_their_channels() -> None:
    public = [a for a in answers() if a.audience is not Audience.PRIVATE]
    too_long = [f"{a.answer_id}: {length}" for a in public if (length := _used_on(Channel.X, a)) > 280]
    assert len(too_long) <= 0.05 * len(public), listed(too_long)
    assert all(_used_on(Channel.FACEBOOK, a) <= 2_000 for a in public)


def _used_on(channel: Channel, answer: Answer) -> int:
    brand = Brand.from_toml(BRAND)
    values = {
        "service_phone": brand.hand_over.phone or "",
        "dm_link": brand.hand_over.dm or "",
        "date": "30 september",
        **brand.slots,
    }
    text = re.sub(r"\{(\w+)\}", lambda slot: values[slot[1]], answer.text)
    return measure(f"{X_GREETINGS[answer.register]}\n{text} ^EK", channel).used


# Phrases


def test_there_are_phrases_for_every_part_but_the_answer() -> None:
    assert len(phrases()) >= 300
    assert {phrase.part for phrase in phrases()} == set(Part) - {Part.ANSWER}


def test_phrases_name_intents_that_exist_and_every_intent_is_recognised() -> None:
    served = {answer.intent for answer in answers()}
    assert {intent for phrase in phrases() for intent in phrase.intents} <= served
    assert {intent for phrase in phrases() if phrase.part is Part.RECOGNITION for intent in phrase.intents} == served


def test_no_two_phrases_are_alike() -> None:
    alike: list[str] = []
    for wordings in _wordings().values():
        texts = [phrase.text.lower() for phrase in wordings]
        ratio = np.triu(process.cdist(texts, texts, scorer=fuzz.ratio), k=1)
        alike += [f"{texts[a]} | {texts[b]}" for a, b in np.argwhere(ratio >= SAME_PHRASE).tolist()]
    assert not alike, listed(alike)


def test_no_phrase_opens_like_many_others() -> None:
    for wordings in _wordings().values():
        openings = Counter(opening(phrase.text) for phrase in wordings)
        assert max(openings.values()) <= 0.04 * len(wordings), openings.most_common(3)


def _wordings() -> dict[tuple[str, Register], list[Phrase]]:
    found: defaultdict[tuple[str, Register], list[Phrase]] = defaultdict(list)
    for phrase in phrases():
        if phrase.part not in FORMULAS:
            found[phrase.language, phrase.register].append(phrase)
    return dict(found)


def test_phrases_keep_to_their_register() -> None:
    kept = {Register.JE: (Register.JE,), Register.U: (Register.U,), Register.NEUTRAL: (Register.JE, Register.U)}
    slips = [p.text for p in phrases() for r in kept[p.register] if breaches(p.text, r, p.language)]
    assert not slips, listed(slips)


def test_phrases_promise_nothing_and_defend_nothing() -> None:
    claims = re.compile(
        r"\b(?:morgen|vandaag|straks|binnen|werkdag|uur|gratis|korting|vergoeding|beloven|beloofd?|garan\w+"
        r"|zorgen we|lossen|opgelost|regelen we|helaas|ongemak|betreur\w*|begrip|beleid|drukte|best doen|bedankt voor"
        r"|tomorrow|today|within|for free|refund|promise|guarantee|unfortunately|inconvenience|policy|fixed)\b",
        re.IGNORECASE,
    )
    found = [phrase.text for phrase in phrases() if claims.search(phrase.text)]
    assert not found, listed(found)


def test_no_phrase_breaks_a_rule_by_which_a_reply_would_lose_it() -> None:
    brand = Brand.from_toml(BRAND)
    filled = dict.fromkeys(SLOTS, "de Wadbox") | brand.facts
    known = (*filled.values(), "Wadbox")
    linter = Linter()
    broken = [
        f"{phrase.text}: {finding.rule}, {finding.detail}"
        for phrase in phrases()
        for text in [SLOT.sub(lambda slot: filled[slot[1]], phrase.text)]
        for finding in linter.lint(
            Draft(text, (), (text,), known, phrase.language, phrase.register, (phrase.channel or (Channel.CHAT,))[0])
        )
        if finding.severity is Severity.ERROR
    ]
    assert not broken, listed(broken)


def test_no_answer_breaks_a_rule_by_which_it_would_not_be_shown() -> None:
    brand, linter = Brand.from_toml(BRAND), Linter()
    broken = [
        f"{answer.answer_id}: {finding.rule}, {finding.detail}"
        for answer in answers()
        for finding in linter.lint(
            Draft(
                text=answer.text,
                answers=(answer.text,),
                said=(),
                known=(brand.published,),
                language=answer.language,
                register=answer.register,
                channel=Channel.DM if answer.audience is Audience.PRIVATE else Channel.X,
            )
        )
        if finding.severity is Severity.ERROR
    ]
    assert not broken, listed(broken)


def test_apologies_are_for_what_went_wrong_here_and_not_made_twice() -> None:
    apology = re.compile(r"\b(?:sorry|excuses|apolog\w+)\b", re.IGNORECASE)
    sorry = [phrase for phrase in phrases() if apology.search(phrase.text)]
    intents = {intent for phrase in sorry for intent in phrase.intents}
    assert intents == {"internet_outage", "complaint_service", "call_back", "refund"}
    assert {phrase.emotion for phrase in sorry} == {(Emotion.FRUSTRATED,)}
    twice = [
        f"{phrase.text} | {answer.text}"
        for phrase in sorry
        for answer in answers()
        if answer.intent in phrase.intents and apology.search(answer.text)
    ]
    assert not twice, listed(twice)


def test_no_recognition_opens_like_the_answer_that_follows() -> None:
    alike = [
        f"{phrase.text} | {answer.text}"
        for phrase in phrases()
        for answer in answers()
        if answer.intent in phrase.intents and opening(answer.text) == opening(phrase.text)
    ]
    assert not alike, listed(alike)


def test_only_a_move_to_private_names_an_address() -> None:
    for phrase in phrases():
        if phrase.part is Part.PRIVATE_MOVE:
            assert phrase.slots & {"dm_link", "service_phone"}, phrase.text
        else:
            assert not phrase.slots & {"dm_link", "service_phone"}, phrase.text


def test_nothing_cheerful_closes_a_reply_to_the_sad_or_the_frustrated() -> None:
    cheerful = re.compile(r"\b(?:fijne|mooie|leuk|plezier|geniet|groet|succes|enjoy|good|cheers)\b|!", re.IGNORECASE)
    wrong = [
        phrase.text
        for phrase in phrases()
        if phrase.part is Part.CLOSING
        and (not phrase.emotion or {Emotion.SAD, Emotion.FRUSTRATED} & set(phrase.emotion))
        and cheerful.search(phrase.text)
    ]
    assert not wrong, listed(wrong)


def test_phrases_leave_room_for_the_answer() -> None:
    long = [phrase.text for phrase in phrases() if len(phrase.text) > (110 if phrase.part is Part.PRIVATE_MOVE else 80)]
    assert not long, listed(long)


WORDED = (("nl", Register.JE), ("nl", Register.U), ("en", Register.NEUTRAL))


def test_je_u_and_english_are_served_alike() -> None:
    bank = PhraseBank.from_jsonl(PHRASES)
    intents = sorted({answer.intent for answer in answers() if answer.intent})
    gaps = [
        f"{part} for {intent}, {emotion} on {channel}: {', '.join(served)} only"
        for part in Part
        for intent in intents
        for emotion in Emotion
        for channel in (Channel.X, Channel.CHAT, Channel.EMAIL)
        for served in [_served(bank, part, intent, emotion, channel)]
        if 0 < len(served) < len(WORDED)
    ]
    assert not gaps, listed(gaps)


def _served(bank: PhraseBank, part: Part, intent: str, emotion: Emotion, channel: Channel) -> list[str]:
    """Name the languages and registers in which something can be said, whatever is known of the customer."""
    found: list[str] = []
    for language, register in WORDED:
        values = dict.fromkeys(SLOTS, "de Wadbox")
        situation = Situation(language, register, channel, emotion, intent, values, (), "seed")
        if bank.choose(part, situation):
            found.append(f"{language} {register}")
    return found


# History


def test_exchanges_name_answers_that_exist_and_serve_their_intent() -> None:
    problems: list[str] = []
    for exchange in all_exchanges():
        if exchange.answer_id is None:
            continue
        if exchange.answer_id not in answers():
            problems.append(f"{exchange.exchange_id}: no answer {exchange.answer_id}")
        elif answers()[exchange.answer_id].intent != exchange.intent:
            problems.append(f"{exchange.exchange_id}: {exchange.answer_id} does not serve {exchange.intent}")
    assert not problems, listed(problems)


def test_public_exchanges_name_no_private_answer() -> None:
    problems = [
        f"{e.exchange_id}: {e.answer_id}"
        for e in all_exchanges()
        if e.answer_id and e.channel and e.channel.public and answers()[e.answer_id].audience is Audience.PRIVATE
    ]
    assert not problems, listed(problems)


def test_answers_are_in_the_language_of_the_message() -> None:
    problems = [
        f"{e.exchange_id}: {e.answer_id}"
        for e in all_exchanges()
        if e.answer_id and answers()[e.answer_id].language != e.language
    ]
    assert not problems, listed(problems)


def test_out_of_scope_exchanges_have_no_answer() -> None:
    problems = [e.exchange_id for e in all_exchanges() if not e.in_scope and e.answer_id]
    assert not problems, listed(problems)


def test_english_addresses_nobody_formally() -> None:
    """English has one form of address, so its register is always neutral."""
    problems = [e.exchange_id for e in all_exchanges() if e.language == "en" and e.register is not Register.NEUTRAL]
    assert not problems, listed(problems)


def test_customers_write_no_slots() -> None:
    texts = ((e.exchange_id, text) for e in all_exchanges() for text in (e.message, *(turn.text for turn in e.context)))
    problems = [exchange_id for exchange_id, text in texts if "{" in text]
    assert not problems, listed(problems)
