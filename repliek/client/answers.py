"""Reading and editing the knowledge base."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from repliek.client.address import segment
from repliek.client.asking import (
    JSON,
    Ask,
    Method,
    Paged,
    Walk,
    as_bytes,
    as_json,
    as_nothing,
    body,
    page_by_page,
    query,
)
from repliek.client.calls import Call, Calls, Sender, Walking
from repliek.vocabulary import Status
from repliek.wire.answers import (
    AnswerBody,
    AnswerList,
    AnswerVersionList,
    AnswerView,
    Format,
    ImportResponse,
    SavedAnswer,
)

FileFormat = Literal[Format.JSONL, Format.CSV]

_PATH = "answers"
_MEDIA_TYPES: Mapping[FileFormat, str] = {
    Format.JSONL: "application/jsonl",
    Format.CSV: "text/csv",
}


def list_answers(
    *,
    limit: int | None = None,
    after: str | None = None,
    q: str | None = None,
    intent: str | None = None,
    status: Status | None = None,
    language: str | None = None,
) -> Ask[AnswerList]:
    """Return a page of answers.

    Args:
        limit: how many at most; the server decides when left out.
        after: where the page before ended, its `next`.
        q: words that they hold.
        intent: what they answer.
        status: whether they may be suggested.
        language: ISO 639-1 code.
    """
    params = query(limit=limit, after=after, q=q, intent=intent, status=status, language=language)
    return Ask(method=Method.GET, path=_PATH, params=params, read=as_json(AnswerList))


def iterate_answers(
    *,
    limit: int | None = None,
    q: str | None = None,
    intent: str | None = None,
    status: Status | None = None,
    language: str | None = None,
) -> Walk[Paged[AnswerView], AnswerView]:
    """Yield every answer, page by page.

    Args:
        limit: how many are asked for at a time.
        q: words that they hold.
        intent: what they answer.
        status: whether they may be suggested.
        language: ISO 639-1 code.
    """
    return page_by_page(
        lambda after: list_answers(limit=limit, after=after, q=q, intent=intent, status=status, language=language)
    )


def get_answer(answer_id: str) -> Ask[AnswerView]:
    """Return an answer as it stands."""
    return Ask(method=Method.GET, path=_path(answer_id), read=as_json(AnswerView))


def create_answer(answer_id: str, answer: AnswerBody) -> Ask[SavedAnswer]:
    """Save a new answer; `PreconditionFailed` where there is one of that id."""
    return _save(answer_id, answer, {"If-None-Match": "*"})


def put_answer(answer_id: str, answer: AnswerBody, *, etag: str | None = None) -> Ask[SavedAnswer]:
    """Save an answer, new or not; what comes back warns of what its team may want to look at again.

    Args:
        answer_id: what it is called.
        answer: all of it; what is left out is set back.
        etag: of the version that was edited: `PreconditionFailed` where another has been saved since. Without it, the
            last one to save wins.
    """
    return _save(answer_id, answer, _only(etag))


def delete_answer(answer_id: str, *, etag: str | None = None) -> Ask[None]:
    """Delete an answer; with `etag`, only where that is still the version that stands."""
    return Ask(
        method=Method.DELETE, path=_path(answer_id), read=as_nothing, headers=_only(etag), repeatable=False
    )  # the second time there is nothing to delete


def answer_versions(answer_id: str) -> Ask[AnswerVersionList]:
    """Return every version of an answer, the latest first."""
    return Ask(method=Method.GET, path=f"{_path(answer_id)}/versions", read=as_json(AnswerVersionList))


def import_answers(content: bytes, *, form: FileFormat = Format.JSONL) -> Ask[ImportResponse]:
    """Save many answers: the lines of an `answers.jsonl`, or of a CSV file with the same columns."""
    headers = {"Content-Type": _MEDIA_TYPES[form]}
    return Ask(method=Method.POST, path=_PATH, read=as_json(ImportResponse), headers=headers, content=content)


def export_answers(
    *,
    form: FileFormat = Format.JSONL,
    q: str | None = None,
    intent: str | None = None,
    status: Status | None = None,
    language: str | None = None,
) -> Ask[bytes]:
    """Return all answers, or those that are meant, as a file that `import_` takes.

    Args:
        form: how it is written.
        q: words that they hold.
        intent: what they answer.
        status: whether they may be suggested.
        language: ISO 639-1 code.
    """
    params = query(format=form, q=q, intent=intent, status=status, language=language)
    return Ask(method=Method.GET, path=_PATH, params=params, read=as_bytes)


class Answers(Calls[Sender]):
    """The knowledge base."""

    list = Call(list_answers)
    iterate = Walking(iterate_answers)
    get = Call(get_answer)
    create = Call(create_answer)
    put = Call(put_answer)
    delete = Call(delete_answer)
    versions = Call(answer_versions)
    import_ = Call(import_answers)
    export = Call(export_answers)


def _path(answer_id: str) -> str:
    return f"{_PATH}/{segment(answer_id)}"


def _only(etag: str | None) -> Mapping[str, str]:
    return {} if etag is None else {"If-Match": etag}


def _save(answer_id: str, answer: AnswerBody, condition: Mapping[str, str]) -> Ask[SavedAnswer]:
    return Ask(
        method=Method.PUT,
        path=_path(answer_id),
        read=as_json(SavedAnswer),
        headers={**JSON, **condition},
        content=body(AnswerBody, lambda: answer),
        repeatable=not condition,  # the second time, the first would be somebody else's edit
    )
