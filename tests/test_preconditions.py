"""`If-Match` and `If-None-Match`."""

from __future__ import annotations

import pytest

from serving.preconditions import ALWAYS, Precondition, Tags


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("*", Tags(is_any=True)),
        (' "a" ', Tags(frozenset({'"a"'}))),
        ('"a", W/"b","c,d"', Tags(frozenset({'"a"', 'W/"b"', '"c,d"'}))),
        ('"a",, ', Tags(frozenset({'"a"'}))),
        ('""', Tags(frozenset({'""'}))),
    ],
)
def test_headers_are_read(header: str, found: Tags) -> None:
    assert Tags.parse(header) == found


@pytest.mark.parametrize("header", ["", "a", '"a', '"a" "b"', 'w/"a"', '*, "a"', '"a\tb"'])
def test_what_is_no_list_of_tags(header: str) -> None:
    with pytest.raises(ValueError, match="entity tags in quotes"):
        Tags.parse(header)


def test_a_weak_tag_never_allows_a_change() -> None:
    weak = Tags.parse('W/"a"')
    assert not weak.match_strongly('"a"')
    assert weak.match_weakly('"a"')


@pytest.mark.parametrize(
    ("match", "none_match", "holds_of_a", "holds_of_b", "holds_of_nothing"),
    [
        ('"a"', None, True, False, False),
        ("*", None, True, True, False),
        (None, "*", False, False, True),
        (None, 'W/"a"', False, True, True),
        ('"a", "b"', '"b"', True, False, False),
    ],
)
def test_what_must_hold(
    match: str | None, none_match: str | None, holds_of_a: bool, holds_of_b: bool, holds_of_nothing: bool
) -> None:
    when = Precondition(match and Tags.parse(match), none_match and Tags.parse(none_match))
    assert [when.holds(tag) for tag in ('"a"', '"b"', None)] == [holds_of_a, holds_of_b, holds_of_nothing]
    assert ALWAYS.holds('"a"')
    assert ALWAYS.holds(None)
