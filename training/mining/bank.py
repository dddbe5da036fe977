"""Answers out of replies: what agents keep saying becomes an answer, to be reviewed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from repliek.encoder import Encoder
from repliek.history import Exchange
from repliek.knowledge import Answer, KnowledgeBase, Origin, Status
from repliek.language import LanguageDetector
from repliek.tone.register import Register, detect_register
from training.mining.naming import suggest_names
from training.mining.replies import greeted_names
from training.mining.slots import Slots
from training.mining.texts import Group, Texts, standing_for
from training.mining.units import Space, Unit, affordable, units_of


@dataclass(frozen=True, slots=True)
class Mined:
    """Answers that were mined, and the history that names them.

    Attributes:
        answers: the new ones, most frequent first, status unreviewed.
        counts: how many replies say each of them, as a whole or in a sentence.
        history: the exchanges, with `answer_id` where their reply is a new or a known answer.
    """

    answers: tuple[Answer, ...]
    counts: tuple[int, ...]
    history: tuple[Exchange, ...]

    @property
    def examples(self) -> dict[str, tuple[Exchange, ...]]:
        """The exchanges that an answer stands for, by what they name it."""
        named: defaultdict[str, list[Exchange]] = defaultdict(list)
        for exchange in self.history:
            if exchange.answer_id:
                named[exchange.answer_id].append(exchange)
        return {answer_id: tuple(exchanges) for answer_id, exchanges in named.items()}


def mine(history: Sequence[Exchange], encoder: Encoder, language: str, known: KnowledgeBase | None = None) -> Mined:
    """Find what agents keep saying, and name it in the exchanges where they said it.

    A reply is taken as a whole, and where no other reply says the same as a whole, by its sentences, the
    longest first: in a chat one reply often holds several answers. Only exchanges in scope that name no
    known answer are looked at; the replies of those that do, and the known answers' own texts, are
    recognised and not mined again, whatever their status.

    Args:
        history: exchanges; those without a reply are left as they are.
        encoder: makes the passage vectors.
        language: of replies whose own language is unclear.
        known: answers that are there already, perhaps reviewed.
    """
    known = known or KnowledgeBase(())
    slots = Slots(greeted_names(exchange.reply for exchange in history if exchange.reply))
    said = {
        row: units
        for row, exchange in enumerate(history)
        if (reply := exchange.reply)
        and exchange.in_scope
        and not (exchange.answer_id and known.topic_of(exchange.answer_id))
        and (units := units_of(reply, slots))
    }
    if not said:
        return Mined((), (), tuple(history))
    said = affordable(said)
    wordings = tuple(_known_wordings(history, known, slots))
    space = Space.of(chain(*said.values()), (one for _, one in wordings), encoder)
    groups = Texts.of(said, space).grouped(
        space.encode([one for _, one in wordings]), [topic for topic, _ in wordings], known
    )
    named = {row: group for row, units in said.items() if (group := standing_for(units, groups))}
    return _named(history, named, known, language)


def _known_wordings(history: Sequence[Exchange], known: KnowledgeBase, slots: Slots) -> Iterator[tuple[str, Unit]]:
    """Yield the texts of known answers, and the replies that are known to be one of them, with the topic."""
    for answer in known:
        yield from ((answer.topic, one) for one in units_of(answer.text, slots)[:1])
    for exchange in history:
        if exchange.reply and exchange.answer_id and (topic := known.topic_of(exchange.answer_id)):
            yield from ((topic, one) for one in units_of(exchange.reply, slots)[:1])


def _named(history: Sequence[Exchange], named: dict[int, Group], known: KnowledgeBase, language: str) -> Mined:
    """Make the answers that exchanges name, and let the exchanges name them."""
    rows_of: defaultdict[Group, list[int]] = defaultdict(list)
    for row, group in named.items():
        rows_of[group].append(row)
    new = sorted((group for group in rows_of if group.wording), key=lambda group: (-group.replies, rows_of[group][0]))
    names = suggest_names(
        [[history[row].message for row in rows_of[group]] for group in new],
        [group.wording for group in new],
        [exchange.message for exchange in history],
        {one.intent for one in (*known, *history) if one.intent},
    )
    languages = LanguageDetector.among(("nl", "en", "de", "fr"), default=language)
    answers = tuple(
        _answer(group, languages, _prevailing([history[row].intent for row in rows_of[group]]) or name)
        for group, name in zip(new, names, strict=True)
    )
    labelled = list(history)
    for row, group in named.items():
        labelled[row] = replace(history[row], answer_id=group.key)
    return Mined(answers, tuple(group.replies for group in new), tuple(labelled))


def _answer(group: Group, languages: LanguageDetector, intent: str) -> Answer:
    return Answer(
        answer_id=group.key,
        text=group.wording,
        language=languages.detect(group.wording),
        intent=intent,
        register=detect_register(group.wording) or Register.NEUTRAL,
        origin=Origin.MINED,
        status=Status.UNREVIEWED,
    )


def _prevailing(intents: Sequence[str | None]) -> str | None:
    """Return the intent that most exchanges name, the first of the alphabet where several do."""
    counts = Counter(intent for intent in intents if intent)
    return min(counts, key=lambda intent: (-counts[intent], intent)) if counts else None
