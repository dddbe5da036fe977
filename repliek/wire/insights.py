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
    origin: Origin
    answers: Annotated[int, Field(description="How many are in the knowledge base.")]
    suggested: Annotated[int, Field(description="How often one was shown.")]
    accepted: int
    edited: int
    rejected: int


@dataclass(frozen=True, kw_only=True)
class AuthorList:
    """Authors, whose answers were used most first."""

    items: tuple[AuthorView, ...]
