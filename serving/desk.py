"""A brand at work: its bundle, and over it the answers that its team saves while the server runs."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from repliek.knowledge import Answer, AnswerEdits
from repliek.passages import spans
from repliek.shared_encoders import SharedEncoders
from repliek.suggester import Suggester
from repliek.vocabulary import Status
from serving.store import answers
from serving.store.answers import Overlay
from serving.store.database import Database

ENCODED_AT_ONCE = 8
"""Texts of new answers that are encoded before what is known by then is suggested. A whole import at once would keep a
single answer, and a revoked key, waiting for as long as it takes."""

ENCODED_IN_A_REQUEST = 4
"""The same for whoever has just saved an answer and waits: the latest answer in any case, and hardly more."""


@dataclass(frozen=True, slots=True)
class Live:
    """What one request is answered with, whatever is saved meanwhile.

    Attributes:
        brand: whose.
        suggester: suggests out of the bundle and the live answers over it.
        revision: of the live answers; 0 before the first.
    """

    brand: str
    suggester: Suggester
    revision: int


class Desk:
    """One brand. Safe to share between threads: what it suggests with is replaced as a whole."""

    def __init__(self, name: str, bundled: Suggester) -> None:
        """Args: name: of the brand, as it stands in keys and addresses; bundled: without live answers."""
        self.name = name
        self.bundled = bundled
        self._live = Live(name, bundled, 0)
        self._refreshing = threading.Lock()

    @classmethod
    def load_all(cls, bundles: Mapping[str, Path], threads: int) -> Sequence[Desk]:
        """Load every brand's bundle; one encoding may use so many threads, 0 for all.

        Encoders that are the same in several bundles are once in memory.

        Raises:
            BundleError: a bundle cannot be used.
        """
        encoders = SharedEncoders()
        return [
            cls(name, Suggester.from_bundle(folder, threads=threads, encoders=encoders))
            for name, folder in bundles.items()
        ]

    @property
    def live(self) -> Live:
        """What the brand suggests with now."""
        return self._live

    def refresh(self, database: Database, texts: int = ENCODED_AT_ONCE) -> bool:
        """Take over the live answers as they stand in the store now; return whether something is left to be taken over.

        Of many new answers the latest go first. What was deleted or blocked is gone at once; an answer that still has
        to be encoded stays as it was.

        Args:
            database: the store.
            texts: of new answers that are encoded now, at most; the latest answer has its turn in any case.

        Raises:
            StoreDownError: the store does not answer; the answers stay what they were.
        """
        with self._refreshing:
            with database.reading() as session:
                found = answers.overlay(session, self.name)
            if found.revision <= self._live.revision:
                return False
            waiting = self._waiting(found, texts)
            edits = self._without(waiting, found) if waiting else found.edits
            revision = self._live.revision if waiting else found.revision
            self._live = Live(self.name, self.bundled.with_answers(edits), revision)
            return bool(waiting)

    def _waiting(self, found: Overlay, at_most: int) -> tuple[Answer, ...]:
        """Return the saved answers whose turn to be encoded has not come yet."""
        known = {_encoded(answer) for one in (self.bundled, self._live.suggester) for answer in one.bundle.knowledge}
        new = [answer for answer in found.saved if _encoded(answer) not in known]
        texts = list(accumulate(1 + len(spans(answer.text)) for answer in new))
        return tuple(answer for answer, so_far in zip(new[1:], texts[1:], strict=True) if so_far > at_most)

    def _without(self, waiting: Sequence[Answer], found: Overlay) -> AnswerEdits:
        """Return the edits with those answers as they are now; of what is blocked since, nothing."""
        now = self._live.suggester.bundle.knowledge
        ids = {answer.answer_id for answer in waiting}
        stays = {
            answer.answer_id for answer in waiting if answer.answer_id in now and answer.status is not Status.BLOCKED
        }
        return AnswerEdits(
            saved=tuple(now[one.answer_id] if one.answer_id in stays else one for one in found.edits.saved),
            deleted=found.deleted | (ids - stays),
        )


def _encoded(answer: Answer) -> tuple[str, str | None]:
    """Return all of an answer that is encoded: its passages stand under the name of its intent."""
    return answer.text, answer.intent
