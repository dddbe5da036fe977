"""Which answers of a knowledge base a caller wants to see."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from repliek.knowledge import Answer
from repliek.vocabulary import Status
from repliek.wire.answers import MAX_PAGE, PAGE, Format
from repliek.wire.fields import MAX_ID_CHARS, Id
from serving.store.answers import Version


class AnswerQuery(BaseModel):
    """The parameters of `GET /v1/answers`. A parameter that is not among them is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    limit: Annotated[
        int | None, Field(ge=1, le=MAX_PAGE, description=f"Answers at most; {PAGE} of a page, every one of a file.")
    ] = None
    after: Annotated[Id | None, Field(description="The `next` of the page before.")] = None
    q: Annotated[
        Annotated[str, StringConstraints(max_length=MAX_ID_CHARS)] | None,
        Field(description="Words, all of which occur in text, id, intent or tags; small or capital letters."),
    ] = None
    intent: Annotated[Id | None, Field(description="What they answer.")] = None
    status: Annotated[Status | None, Field(description="Whether they may be suggested.")] = None
    language: Annotated[
        Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")] | None, Field(description="ISO 639-1 code.")
    ] = None
    format: Annotated[
        Format, Field(description="A page of `json`, or a file, `jsonl` or `csv`, that can be imported.")
    ] = Format.JSON

    def select(self, versions: Iterable[Version]) -> list[Version]:
        """Return those of the answers, which are in the order of their ids, that are wanted on this page and later."""
        words = (self.q or "").casefold().split()
        return [
            version
            for version in versions
            if version.answer
            and (self.after is None or version.answer_id > self.after)
            and self._is_wanted(version.answer)
            and _holds(version.answer, words)
        ]

    def _is_wanted(self, answer: Answer) -> bool:
        wanted = ((self.intent, answer.intent), (self.status, answer.status), (self.language, answer.language))
        return all(asked is None or asked == found for asked, found in wanted)


def _holds(answer: Answer, words: Iterable[str]) -> bool:
    held = "\n".join((answer.answer_id, answer.text, answer.intent or "", *answer.tags)).casefold()
    return all(word in held for word in words)
