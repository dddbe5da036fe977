from __future__ import annotations

import inspect

import pytest

from repliek import errors
from repliek.errors import BundleError, DataError, EncoderError, LimitError, RecordError, RepliekError


def test_the_tree_in_the_docstring_is_the_tree() -> None:
    classes = [found for _, found in inspect.getmembers(errors, inspect.isclass)]
    assert all(issubclass(found, RepliekError) for found in classes)
    assert all(found.__name__ in (errors.__doc__ or "") for found in classes)


@pytest.mark.parametrize("error", [DataError, BundleError, EncoderError, LimitError])
def test_every_kind_can_be_told_from_the_others(error: type[RepliekError]) -> None:
    siblings = {DataError, BundleError, EncoderError, LimitError} - {error}
    assert not any(issubclass(error, sibling) for sibling in siblings)


def test_a_record_error_says_where_and_why() -> None:
    error = RecordError("history.csv", 7, "message: Field required")
    assert isinstance(error, DataError)
    assert str(error) == "history.csv, line 7: message: Field required"
    assert (error.source, error.line, error.reason) == ("history.csv", 7, "message: Field required")
