"""The knowledge base: read, edited, imported and exported while the service runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends, Header, Path, Query, Request
from pydantic import TypeAdapter
from starlette.convertors import PathConvertor, register_url_convertor
from starlette.responses import Response, StreamingResponse

from repliek.errors import DataError
from repliek.knowledge import Answer
from repliek.wire.answers import (
    MAX_IMPORT_BYTES,
    PAGE,
    AnswerBody,
    AnswerList,
    AnswerVersionList,
    AnswerView,
    Format,
    ImportResponse,
    SavedAnswer,
)
from repliek.wire.fields import Id
from repliek.wire.problems import BODY, FieldError
from serving.access import Caller, KeyFirst, MayRead, MayWrite
from serving.answer_files import MEDIA_TYPES, AnswerFile, written
from serving.answer_review import warnings_of
from serving.answer_search import AnswerQuery
from serving.answer_views import to_answer, view_in_history, view_of, view_of_saved
from serving.desk import ENCODED_IN_A_REQUEST
from serving.preconditions import PATTERN, Precondition, Tags
from serving.problems import Refused
from serving.routes.shared import READ_REFUSALS, REFUSALS, documented, json_response, require_json, takes, text_header
from serving.services import Services, services_of
from serving.store.answers import AnswerBook, EditConflict, Outcome, Version
from serving.store.database import StoreDownError

Result = TypeVar("Result")

_VIEW = TypeAdapter(AnswerView)
_SAVED = TypeAdapter(SavedAnswer)
_LIST = TypeAdapter(AnswerList)
_VERSIONS = TypeAdapter(AnswerVersionList)
_IMPORTED = TypeAdapter(ImportResponse)

_WRITTEN: Mapping[Format, str] = {form: media_type for media_type, form in reversed(MEDIA_TYPES.items())}
"""How a file is announced: the first media type of its kind."""

_EXAMPLES = {
    Format.JSONL: '{"answer_id": "winkel-hoorn", "text": "Onze winkel in Hoorn is open tot 18.00 uur."}\n',
    Format.CSV: "answer_id,text,valid_until\nwinkel-hoorn,Onze winkel in Hoorn is open tot 18.00 uur.,2026-12-31\n",
}
_FILES = {
    media_type: {"schema": {"type": "string", "pattern": r"\S"}, "example": _EXAMPLES[form]}
    for media_type, form in MEDIA_TYPES.items()
}
_TAGGED = {200: {"headers": text_header("ETag", "The `etag` of the answer.")}}
_CONFLICT = documented({412: "The answer is not what `If-Match` or `If-None-Match` expects; read it again."})
_UNTOUCHED = {304: {"description": "The caller has it already."}}


class _AnswerIdConvertor(PathConvertor):
    """An answer's id in an address: it may hold slashes, but what ends in `/versions` is about its versions."""

    regex = "(?!.*/versions$).*"


register_url_convertor("answer_id", _AnswerIdConvertor())

router = APIRouter(tags=["answers"], route_class=KeyFirst, responses=READ_REFUSALS)

AnswerId = Annotated[Id, Path(description="What the answer is called.")]


def _header_of_tags(name: str, description: str) -> Any:
    return Header(
        alias=name,
        description=description,
        examples=["*", '"3-0123456789abcdef"'],
        json_schema_extra={"pattern": PATTERN},
    )


IfMatch = Annotated[
    str | None, _header_of_tags("If-Match", "The `ETag` of what is edited, or `*`: else nothing is changed.")
]
IfNoneMatch = Annotated[str | None, _header_of_tags("If-None-Match", "`*`: only where there is no such answer.")]
IfStale = Annotated[str | None, _header_of_tags("If-None-Match", "An `ETag`: 304 where it still holds.")]


async def precondition(if_match: IfMatch = None, if_none_match: IfNoneMatch = None) -> Precondition:
    """Read what must hold before an answer is changed.

    Raises:
        Refused: 422, a header is no list of tags.
    """
    return Precondition(_tags("If-Match", if_match), _tags("If-None-Match", if_none_match))


When = Annotated[Precondition, Depends(precondition)]


@router.get(
    "/answers",
    response_model=AnswerList,
    summary="List or export answers",
    response_description="A page, or a file.",
    responses={200: {"content": {media_type: {"schema": {"type": "string"}} for media_type in _WRITTEN.values()}}},
)
async def list_answers(query: Annotated[AnswerQuery, Query()], request: Request, caller: MayRead) -> Response:
    """Return a page of the answers as they stand, in the order of their ids, or all of them as a file."""
    found = await _ask(services_of(request), caller, lambda book: query.select(book.standing()))
    if query.format is not Format.JSON:
        return _file([one.answer for one in found[: query.limit] if one.answer], query.format)
    page = found[: query.limit or PAGE]
    after = page[-1].answer_id if len(page) < len(found) else None
    views = tuple(view for version in page if (view := view_of(version)))
    return json_response(_LIST.dump_json(AnswerList(items=views, next=after)))


@router.post(
    "/answers",
    response_model=ImportResponse,
    summary="Import answers",
    response_description="What became of the lines.",
    dependencies=[Depends(takes(MAX_IMPORT_BYTES))],
    responses=documented({413: REFUSALS[413]["description"], 415: "The body is not announced as a file of answers."}),
    openapi_extra={"requestBody": {"content": _FILES, "required": True}},
)
async def import_answers(
    request: Request, caller: MayWrite, content_type: Annotated[str, Header(include_in_schema=False)] = ""
) -> Response:
    """Save the answers of a file, in one go: of JSON lines, or CSV with a header line.

    The fields of an answer are those that are saved one by one, and every line has its `answer_id`.
    Lines that cannot be used are left out and named. What is in the file and as it was makes no version; what is not
    in the file stays.
    """
    form = MEDIA_TYPES.get(content_type.partition(";")[0].strip().lower())
    if form is None:
        expected = FieldError("Content-Type", f"expected {', '.join(MEDIA_TYPES)}")
        raise Refused(415, "The body is not announced as a file of answers.", expected)
    contents = await request.body()
    language = caller.desk.bundled.brand.language
    services = services_of(request)
    try:
        file = await services.clerks.do(partial(AnswerFile.read, contents, form, language))
    except DataError as error:
        expected = FieldError(BODY, str(error).removeprefix(BODY).lstrip(":, "))
        raise Refused(422, "The body cannot be read as a file of answers.", expected) from None
    imported = await _edit(services, caller, partial(file.save_in, by=caller.name))
    return json_response(_IMPORTED.dump_json(imported))


@router.get(
    "/answers/{answer_id:path}/versions",
    response_model=AnswerVersionList,
    summary="List an answer's versions",
    response_description="Every version, the latest first.",
)
async def list_answer_versions(answer_id: AnswerId, request: Request, caller: MayRead) -> Response:
    """Return every version of an answer, deleted or not, the latest first; what the bundle holds comes last."""
    versions = await _ask(services_of(request), caller, partial(AnswerBook.history, answer_id=answer_id))
    if not versions:
        raise _unknown()
    items = tuple(view_in_history(version) for version in versions)
    return json_response(_VERSIONS.dump_json(AnswerVersionList(items=items)))


@router.get(
    "/answers/{answer_id:answer_id}",
    response_model=AnswerView,
    summary="Read an answer",
    response_description="The answer.",
    responses=_TAGGED | _UNTOUCHED,
)
async def get_answer(answer_id: AnswerId, request: Request, caller: MayRead, if_none_match: IfStale = None) -> Response:
    """Return an answer as it stands, with its `ETag`."""
    known = _tags("If-None-Match", if_none_match)
    found = await _ask(services_of(request), caller, partial(AnswerBook.find, answer_id=answer_id))
    view = view_of(found) if found else None
    if view is None:
        raise _unknown()
    headers = {"ETag": view.etag}
    if known and known.match_weakly(view.etag):
        return Response(status_code=304, headers=headers)
    return json_response(_VIEW.dump_json(view), headers=headers)


@router.put(
    "/answers/{answer_id:answer_id}",
    response_model=SavedAnswer,
    summary="Save an answer",
    response_description="The answer as it is saved.",
    dependencies=[Depends(require_json)],
    responses=REFUSALS
    | _CONFLICT
    | _TAGGED
    | {201: {"model": SavedAnswer, "description": "There was no such answer.", **_TAGGED[200]}},
)
async def put_answer(answer_id: AnswerId, body: AnswerBody, request: Request, caller: MayWrite, when: When) -> Response:
    """Save an answer, new or not, whole: what is left out is set back. Within a second it is suggested everywhere."""
    if body.answer_id not in {None, answer_id}:
        wrong = FieldError("answer_id", "expected the one in the address, or none")
        raise Refused(422, "Cannot be used as it is: answer_id.", wrong)
    brand = caller.desk.bundled.brand
    answer = to_answer(body, answer_id, brand.language)
    saved = await _edit(
        services_of(request), caller, partial(AnswerBook.save, answer=answer, by=caller.name, when=when)
    )
    headers = {"ETag": saved.version.etag}
    status = 201 if saved.outcome is Outcome.CREATED else 200
    view = view_of_saved(saved.version, warnings_of(answer, brand))
    return json_response(_SAVED.dump_json(view), status, headers)


@router.delete(
    "/answers/{answer_id:answer_id}",
    status_code=204,
    response_class=Response,
    summary="Delete an answer",
    response_description="It is gone.",
    responses=_CONFLICT,
)
async def delete_answer(answer_id: AnswerId, request: Request, caller: MayWrite, when: When) -> Response:
    """Delete an answer, also one of the bundle. Within a second it is suggested nowhere; its versions stay."""
    delete = partial(AnswerBook.delete, answer_id=answer_id, by=caller.name, when=when)
    if await _edit(services_of(request), caller, delete) is None:
        raise _unknown()
    return Response(status_code=204)


async def _ask(services: Services, caller: Caller, question: Callable[[AnswerBook], Result]) -> Result:
    """Return what the caller's answers, as they stand, tell."""

    def ask() -> Result:
        with services.database.reading() as session:
            return question(AnswerBook(session, caller.desk.name, caller.desk.bundled.bundle.knowledge))

    return await services.clerks.do(ask)


async def _edit(services: Services, caller: Caller, edit: Callable[[AnswerBook], Result]) -> Result:
    """Edit the caller's answers; who took the request suggests them before it answers.

    Raises:
        Refused: 412, the answer is not what the caller expected it to be.
    """

    def do() -> Result:
        desk = caller.desk
        with services.database.writing() as session:
            result = edit(AnswerBook(session, desk.name, desk.bundled.bundle.knowledge))
        # It is saved, whatever happens now: the watch goes on where this ends.
        with suppress(StoreDownError):
            desk.refresh(services.database, ENCODED_IN_A_REQUEST)
        return result

    try:
        return await services.clerks.do(do)
    except EditConflict as conflict:
        raise _conflict(conflict.current) from None


def _file(answers: list[Answer], form: Format) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="answers.{form}"'}
    return StreamingResponse(written(answers, form), headers=headers, media_type=_WRITTEN[form])


def _tags(name: str, header: str | None) -> Tags | None:
    try:
        return None if header is None else Tags.parse(header)
    except ValueError as error:
        raise Refused(422, f"Cannot be used as it is: {name}.", FieldError(name, str(error))) from None


def _unknown() -> Refused:
    return Refused(404, "There is no answer of that name.")


def _conflict(current: Version | None) -> Refused:
    if current is None:
        return Refused(412, "There is no answer of that name any more; save it without If-Match to make a new one.")
    detail = "The answer is there, and not as expected: read it again, and send the ETag that it has now as If-Match."
    return Refused(412, detail, headers={"ETag": current.etag})
