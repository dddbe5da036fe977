from __future__ import annotations

import numpy as np
import pytest
from pydantic import TypeAdapter, ValidationError

from repliek.calibration import Calibration, Calibrations

UTILITIES = np.array([[2.0, 0.0, -4.0], [1.0, 3.0, 0.5]], dtype=np.float32)
LANGUAGES = ("nl", "en")


def test_a_language_has_its_own_and_all_others_share_one() -> None:
    calibrations = Calibrations(Calibration(2.0, 1.0), {"en": Calibration(0.5, -1.0)})
    found = calibrations.apply(UTILITIES, LANGUAGES)
    np.testing.assert_allclose(found, [[2, 1, -1], [1, 5, 0]])
    assert found.dtype == np.float32
    np.testing.assert_array_equal(calibrations.apply(UTILITIES[:1], [None]), found[:1])


def test_nothing_said_changes_nothing() -> None:
    np.testing.assert_array_equal(Calibrations().apply(UTILITIES, LANGUAGES), UTILITIES)


def test_one_after_another_is_one() -> None:
    first = Calibrations(Calibration(2.0, 1.0), {"nl": Calibration(0.5)})
    then = Calibrations(Calibration(1.5, -1.0), {"en": Calibration(0.8, 0.3)})
    both = first.then(then)
    assert set(both.languages) == {"nl", "en"}
    for languages in (LANGUAGES, ("fr", None)):
        one_by_one = then.apply(first.apply(UTILITIES, languages), languages)
        np.testing.assert_allclose(both.apply(UTILITIES, languages), one_by_one, rtol=1e-5)


def test_a_manifest_holds_them() -> None:
    adapter = TypeAdapter(Calibrations)
    calibrations = Calibrations(Calibration(1.25, -0.5), {"en": Calibration(0.75)})
    assert adapter.validate_json(adapter.dump_json(calibrations)) == calibrations


@pytest.mark.parametrize("text", ['{"shared": {"temperature": 0}}', '{"shared": {"bias": 1}}'])
def test_what_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Calibrations).validate_json(text)
