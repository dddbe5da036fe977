"""The parameters of an address: one that a route does not know is refused, for it was meant to change the answer."""

from __future__ import annotations

from fastapi import Request, params
from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import get_flat_params

from repliek.wire.problems import FieldError, field_name
from serving.problems import Refused

_ELSEWHERE = (params.Path, params.Header, params.Cookie)


def known_to(dependant: Dependant) -> frozenset[str]:
    """Return the names of the parameters that a route takes behind the question mark."""
    fields = get_flat_params(dependant)
    return frozenset(field.alias for field in fields if not isinstance(field.field_info, _ELSEWHERE))


def refuse_unknown(request: Request, known: frozenset[str]) -> None:
    """Return when a request has none but known parameters.

    Raises:
        Refused: 422, it has others.
    """
    unknown = {field_name(("query", name)) for name in request.query_params.keys() - known}
    if unknown:
        wrong = [FieldError(name, "unknown; see GET /docs for those there are") for name in sorted(unknown)]
        raise Refused(422, f"Cannot be used as it is: {', '.join(sorted(unknown))}.", *wrong)
