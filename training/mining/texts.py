"""Everything that was said, each text once, divided over what is known and what others say too."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from repliek.encoder import FloatArray
from repliek.knowledge import KnowledgeBase
from repliek.retrieval import IntArray
from training.mining.groups import by_group, communities, most_typical, nearest
from training.mining.slots import Skeleton, joined
from training.mining.units import Space, Unit, digest

SAME = 0.65
"""Cosine, around the mean sentence, from which two texts say the same; chosen on conversations held out of the training
part of WMT24 Chat. Of their replies, 73 % came within a cosine of .5 of a mined answer; 71 % with .70 in its
place, and 77 % with .60, where groups begin to hold texts that ask for different things."""

MIN_REPLIES = 2
"""Said once is an incident, said twice is an answer."""

SHARE = 0.25
"""A sentence stands for a reply when it is so much of its length; a shorter one is a remark beside it."""

PASSES = 4
"""So often what is left over is grouped once more."""


@dataclass(frozen=True, slots=True)
class Group:
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
class Texts:
    """Everything that was said, each text once.

    Attributes:
        units: one for each text.
        vectors: (units, d) float32.
        skeletons: of each text, what stood at its slots whenever it was said.
        replies: of each text, the replies that hold it.
    """

    units: tuple[Unit, ...]
    vectors: FloatArray
    skeletons: tuple[tuple[Skeleton, ...], ...]
    replies: tuple[frozenset[int], ...]

    @classmethod
    def of(cls, said: dict[int, tuple[Unit, ...]], space: Space) -> Texts:
        """Gather the texts of all replies, in the order of the alphabet."""
        times: defaultdict[str, list[tuple[int, Unit]]] = defaultdict(list)
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

    def grouped(self, known: FloatArray, keys: Sequence[str], knowledge: KnowledgeBase) -> dict[str, Group]:
        """Return the group of each text that says what a known answer says, or what other replies say too.

        Args:
            known: (m, d) float32, wordings of known answers.
            keys: the topic of each.
            knowledge: the known answers.
        """
        typical = self._typical(known)
        group_of = nearest(self.vectors, np.concatenate([known, self.vectors[typical]]), SAME)
        groups: dict[str, Group] = {}
        for members in by_group(group_of):
            number, replies = int(group_of[members[0]]), self.replies_of(members)
            if number < len(keys):
                group = Group(keys[number], "", replies)
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

    def _new(self, typical: Unit, members: IntArray, replies: int, knowledge: KnowledgeBase) -> Group:
        key = _id(typical.text)
        if topic := knowledge.topic_of(key):  # the same wording was mined before, and its text changed by hand
            return Group(topic, "", replies)
        wording = joined(typical.skeleton, list(chain.from_iterable(self.skeletons[row] for row in members.tolist())))
        return Group(key, _begun(wording), replies)


def standing_for(units: Sequence[Unit], groups: dict[str, Group]) -> Group | None:
    """Return the group of the first of a reply's `units` that is in one and is enough of the reply to stand for it."""
    return next((groups[one.text] for one in units if one.share >= SHARE and one.text in groups), None)


def _id(text: str) -> str:
    """Return an id that the same wording always gets."""
    return f"mined-{digest(text.casefold())[:10]}"


def _begun(text: str) -> str:
    """Return a text with a capital at its beginning, which it may have lost with a greeting."""
    return text[:1].upper() + text[1:]
