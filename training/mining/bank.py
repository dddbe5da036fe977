"""Answers out of replies: what agents keep saying becomes an answer, to be reviewed."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np

from repliek.encoder import Encoder, FloatArray
from repliek.history import Exchange
from repliek.knowledge import Answer, KnowledgeBase, Origin, Status
from repliek.language import LanguageDetector
from repliek.retrieval import IntArray
from repliek.space import unit
from repliek.tone.register import Register, detect_register
from training.mining.groups import by_group, communities, most_typical, nearest
from training.mining.naming import suggest_names
from training.mining.replies import greeted_names, statements
from training.mining.slots import Skeleton, Slots, joined

SAME = 0.65
"""Cosine, around the mean sentence, from which two texts say the same; chosen on conversations that were held out
of the training part of WMT24 Chat. From .70 on fewer of their replies had an equivalent answer; at .60 groups mix."""

MIN_REPLIES = 2
"""Said once is an incident, said twice is an answer."""

MIN_WORDS = 3
"""Shorter texts ("graag gedaan", "klopt dat?") answer nothing by themselves."""


SHARE = 0.25
"""A sentence stands for a reply when it is so much of its length; a shorter one is a remark beside it."""


PASSES = 4
"""So often what is left over is grouped once more."""


MAX_SENTENCES = 80_000
"""Different sentences that are encoded, five minutes on one core; beyond, many of those said once are left out."""


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


@dataclass(frozen=True, slots=True)
class _Unit:
    """Something that may be an answer: a whole reply, or one sentence of it.

    Attributes:
        skeleton: its text, with slots.
        sentences: the texts, with slots, that it consists of.
        share: of the reply's length.
    """

    skeleton: Skeleton
    sentences: tuple[str, ...]
    share: float

    @property
    def text(self) -> str:
        return self.skeleton.text


@dataclass(frozen=True, slots=True)
class _Space:
    """Vectors of units: the mean of their sentences', each as heavy as it is long.

    So every sentence is encoded once, however many replies hold it.
    """

    rows: dict[str, int]
    vectors: FloatArray

    @classmethod
    def of(cls, said: Iterable[_Unit], known: Iterable[_Unit], encoder: Encoder) -> _Space:
        """Encode every sentence, around the mean of those that were said, whatever else is known."""
        heard = sorted({sentence for one in said for sentence in one.sentences})
        others = sorted({sentence for one in known for sentence in one.sentences}.difference(heard))
        sentences = heard + others
        vectors = encoder.encode_passages(sentences)
        if len(heard) > 1:  # one sentence alone would lie at its own centre
            vectors = unit(vectors - vectors[: len(heard)].mean(axis=0))
        return cls({sentence: row for row, sentence in enumerate(sentences)}, vectors)

    def encode(self, units: Sequence[_Unit]) -> FloatArray:
        """Return (units, d) float32, rows of length one."""
        means = np.empty((len(units), self.vectors.shape[1]), dtype=np.float32)
        for row, one in enumerate(units):
            lengths = np.array([len(sentence) for sentence in one.sentences], dtype=np.float32)
            means[row] = lengths @ self.vectors[[self.rows[sentence] for sentence in one.sentences]]
        return unit(means)


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
        and (units := _units(reply, slots))
    }
    if not said:
        return Mined((), (), tuple(history))
    said = _affordable(said)
    wordings = tuple(_known_wordings(history, known, slots))
    space = _Space.of(chain(*said.values()), (one for _, one in wordings), encoder)
    groups = _Texts.of(said, space).grouped(
        space.encode([one for _, one in wordings]), [topic for topic, _ in wordings], known
    )
    named = {row: group for row, units in said.items() if (group := _standing_for(units, groups))}
    return _named(history, named, known, language)


def _units(reply: str, slots: Slots) -> tuple[_Unit, ...]:
    """Return what a reply may be an example of: itself as a whole, then its sentences, the longest first."""
    sentences = statements(reply)
    skeletons = [skeleton for sentence in sentences if (skeleton := slots.skeleton(sentence)).text]
    length = sum(len(skeleton.text) for skeleton in skeletons)
    units = [_Unit(skeleton, (skeleton.text,), len(skeleton.text) / length) for skeleton in skeletons]
    units.sort(key=lambda one: -one.share)
    if len(units) > 1:
        whole = _Unit(slots.skeleton(" ".join(sentences)), tuple(skeleton.text for skeleton in skeletons), 1.0)
        units.insert(0, whole)
    return tuple(one for one in units if len(one.text.split()) >= MIN_WORDS)


def _affordable(said: dict[int, tuple[_Unit, ...]]) -> dict[int, tuple[_Unit, ...]]:
    """Leave out what would make mining long: of more sentences than `MAX_SENTENCES`, those that fewest replies hold.

    Among those said equally often a digest chooses, so that the same history always gives the same answers.
    """
    replies = Counter(sentence for units in said.values() for sentence in {s for one in units for s in one.sentences})
    if len(replies) <= MAX_SENTENCES:
        return said
    kept = sorted(replies, key=lambda sentence: (-replies[sentence], _digest(sentence)))[:MAX_SENTENCES]
    known = frozenset(kept)
    return {row: tuple(one for one in units if known.issuperset(one.sentences)) for row, units in said.items()}


def _known_wordings(history: Sequence[Exchange], known: KnowledgeBase, slots: Slots) -> Iterator[tuple[str, _Unit]]:
    """Yield the texts of known answers, and the replies that are known to be one of them, with the topic."""
    for answer in known:
        yield from ((answer.topic, one) for one in _units(answer.text, slots)[:1])
    for exchange in history:
        if exchange.reply and exchange.answer_id and (topic := known.topic_of(exchange.answer_id)):
            yield from ((topic, one) for one in _units(exchange.reply, slots)[:1])


@dataclass(frozen=True, slots=True)
class _Group:
    """Texts that say the same.

    Attributes:
        key: the known answer's topic, or the id of a new answer.
        wording: the new answer's text; empty for a known answer.
        replies: how many say it, as a whole or in a sentence.
    """

    key: str
    wording: str
    replies: int


@dataclass(frozen=True, slots=True)
class _Texts:
    """Everything that was said, each text once.

    Attributes:
        units: one for each text.
        vectors: (units, d) float32.
        skeletons: of each text, what stood at its slots whenever it was said.
        replies: of each text, the replies that hold it.
    """

    units: tuple[_Unit, ...]
    vectors: FloatArray
    skeletons: tuple[tuple[Skeleton, ...], ...]
    replies: tuple[frozenset[int], ...]

    @classmethod
    def of(cls, said: dict[int, tuple[_Unit, ...]], space: _Space) -> _Texts:
        """Gather the texts of all replies, in the order of the alphabet."""
        times: defaultdict[str, list[tuple[int, _Unit]]] = defaultdict(list)
        for row, ones in said.items():
            for one in ones:
                times[one.text].append((row, one))
        texts = [times[text] for text in sorted(times)]
        units = tuple(same[0][1] for same in texts)
        return cls(
            units,
            space.encode(units),
            tuple(tuple(one.skeleton for _, one in same) for same in texts),
            tuple(frozenset(row for row, _ in same) for same in texts),
        )

    @property
    def weights(self) -> IntArray:
        """(units,) int64, how many replies hold each."""
        return np.array([len(rows) for rows in self.replies], dtype=np.int64)

    def replies_of(self, rows: IntArray) -> int:
        """Return how many replies hold one of the texts in `rows`."""
        return len(set(chain.from_iterable(self.replies[row] for row in rows.tolist())))

    def grouped(self, known: FloatArray, keys: Sequence[str], knowledge: KnowledgeBase) -> dict[str, _Group]:
        """Return the group of each text that says what a known answer says, or what other replies say too.

        Args:
            known: (m, d) float32, wordings of known answers.
            keys: the topic of each.
            knowledge: the known answers.
        """
        typical = self._typical(known)
        group_of = nearest(self.vectors, np.concatenate([known, self.vectors[typical]]), SAME)
        groups: dict[str, _Group] = {}
        for members in by_group(group_of):
            number, replies = int(group_of[members[0]]), self.replies_of(members)
            if number < len(keys):
                group = _Group(keys[number], "", replies)
            elif replies >= MIN_REPLIES:
                group = self._new(self.units[int(typical[number - len(keys)])], members, replies, knowledge)
            else:
                continue
            groups.update(dict.fromkeys((self.units[row].text for row in members.tolist()), group))
        return groups

    def _typical(self, known: FloatArray) -> IntArray:
        """Return the rows of the most typical wordings of what is said and not known, until hardly any is left.

        What lies near a group's centre but far from its most typical wording gets a chance to be a group itself, so
        that mining again, with these answers known, finds no others.
        """
        weights = self.weights
        found: list[int] = []
        for _ in range(PASSES):
            centres = np.concatenate([known, self.vectors[found]])
            rest = np.flatnonzero(nearest(self.vectors, centres, SAME) < 0)
            groups = [rest[members] for members in by_group(communities(self.vectors[rest], weights[rest], SAME))]
            new = [
                int(members[most_typical(self.vectors[members], self._leading(members))])
                for members in groups
                if self.replies_of(members) >= MIN_REPLIES
            ]
            if not new:
                break
            found += new
        return np.array(found, dtype=np.int64)

    def _leading(self, members: IntArray) -> IntArray:
        """Return (members,) int64 of how many replies each text says the most that any of `members` says.

        A group may hold replies as a whole and sentences of them; what the answer says is the whole.
        """
        weights = np.zeros(len(members), dtype=np.int64)
        counted: set[int] = set()
        for place in sorted(range(len(members)), key=lambda place: -len(self.units[int(members[place])].text)):
            more = self.replies[int(members[place])] - counted
            weights[place] = len(more)
            counted |= more
        return weights

    def _new(self, typical: _Unit, members: IntArray, replies: int, knowledge: KnowledgeBase) -> _Group:
        key = _id(typical.text)
        if topic := knowledge.topic_of(key):  # the same wording was mined before, and its text changed by hand
            return _Group(topic, "", replies)
        wording = joined(typical.skeleton, list(chain.from_iterable(self.skeletons[row] for row in members.tolist())))
        return _Group(key, _begun(wording), replies)


def _standing_for(units: Sequence[_Unit], groups: dict[str, _Group]) -> _Group | None:
    """Return the group of the first of a reply's `units` that is in one and is enough of the reply to stand for it."""
    return next((groups[one.text] for one in units if one.share >= SHARE and one.text in groups), None)


def _named(history: Sequence[Exchange], named: dict[int, _Group], known: KnowledgeBase, language: str) -> Mined:
    """Make the answers that exchanges name, and let the exchanges name them."""
    rows_of: defaultdict[_Group, list[int]] = defaultdict(list)
    for row, group in named.items():
        rows_of[group].append(row)
    new = sorted((group for group in rows_of if group.wording), key=lambda group: (-group.replies, rows_of[group][0]))
    names = suggest_names(
        [[history[row].message for row in rows_of[group]] for group in new],
        [group.wording for group in new],
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


def _answer(group: _Group, languages: LanguageDetector, intent: str) -> Answer:
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


def _id(text: str) -> str:
    """Return an id that the same wording always gets."""
    return f"mined-{_digest(text.casefold())[:10]}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _begun(text: str) -> str:
    """Return a text with a capital at its beginning, which it may have lost with a greeting."""
    return text[:1].upper() + text[1:]
