from __future__ import annotations

import inspect
import re

from repliek.client import errors
from repliek.client.errors import ClientError
from repliek.errors import RepliekError


def test_the_tree_in_the_docstring_is_the_tree() -> None:
    """Each class stands under its parent, one step further to the right."""
    lines = re.findall(r"^ {4}((?:[│ ] {3})*)(?:[├└]── )?(\w+)", errors.__doc__ or "", re.MULTILINE)
    drawn: dict[str, str] = {}
    above: list[str] = []
    for indent, name in lines:
        depth = len(indent) // 4 + (name != "RepliekError")
        above[depth:] = [name]
        drawn[name] = above[depth - 1] if depth else ""
    classes = [found for _, found in inspect.getmembers(errors, inspect.isclass) if issubclass(found, ClientError)]
    assert len(classes) == 14
    assert {found.__name__: found.__base__.__name__ for found in classes if found.__base__} == {
        name: parent for name, parent in drawn.items() if name != RepliekError.__name__
    }
