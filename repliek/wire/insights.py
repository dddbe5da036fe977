"""`GET /v1/insights/...`: what was made of what was suggested."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from pydantic.dataclasses import dataclass

from repliek.vocabulary import Origin


@dataclass(frozen=True, kw_only=True)
class AuthorView:
    """What became of somebody's answers."""

    author: Annotated[str | None, Field(description="`null` for answers that name none.")]
    origin: Annotated[Origin | None, Field(description="`null` for answers of which nothing is known any more.")]
    answers: Annotated[int, Field(description="How many are in the knowledge base.")]
    suggested: Annotated[int, Field(description="How many suggestions held one, at whatever rank.")]
    shown_first: Annotated[int, Field(description="How many of these stood first.")]
    accepted: Annotated[int, Field(description="How many of these were sent as they were.")]
    edited: Annotated[int, Field(description="How many of these were changed and sent.")]
    rejected: Annotated[int, Field(description="How many of these were turned down, alone or with their whole set.")]


@dataclass(frozen=True, kw_only=True)
class AuthorList:
    """Authors, whose answers were used most first."""

    items: tuple[AuthorView, ...]
