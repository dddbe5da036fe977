"""How far a ranking is to be believed: what makes probabilities of its utilities that hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field

import numpy as np
from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

from repliek.encoder import FloatArray


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class Calibration:
    """A change of utilities that leaves the order of the topics as it is.

    Attributes:
        temperature: by which utilities are divided (Guo et al. 2017); above 1 it makes less sure.
        offset: what is added then: to the log of the odds of every topic against sending nothing.
    """

    temperature: float = Field(default=1.0, gt=0)
    offset: float = 0.0

    def then(self, other: Calibration) -> Calibration:
        """Return the calibration that does what this one does and after it the other."""
        return Calibration(self.temperature * other.temperature, self.offset / other.temperature + other.offset)


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class Calibrations:
    """A calibration for each language that has enough messages to be judged by, and one for all others.

    Attributes:
        shared: of messages in other languages, or in an unknown one.
        languages: by ISO 639-1 code.
    """

    shared: Calibration = Calibration()
    languages: Mapping[str, Calibration] = field(default_factory=dict[str, Calibration])

    def of(self, language: str | None) -> Calibration:
        """Return the calibration of messages in this language."""
        return self.languages.get(language or "", self.shared)

    def apply(self, utilities: FloatArray, languages: Sequence[str | None]) -> FloatArray:
        """Return (n, topics) float32 utilities, calibrated.

        Args:
            utilities: (n, topics) float32 log of the odds of each topic against sending nothing.
            languages: of the n messages.
        """
        chosen = [self.of(language) for language in languages]
        temperatures = np.array([calibration.temperature for calibration in chosen], dtype=np.float32)
        offsets = np.array([calibration.offset for calibration in chosen], dtype=np.float32)
        return utilities / temperatures[:, np.newaxis] + offsets[:, np.newaxis]

    def then(self, other: Calibrations) -> Calibrations:
        """Return the calibrations that do what these do and after them the others."""
        names = {*self.languages, *other.languages}
        return Calibrations(
            self.shared.then(other.shared), {name: self.of(name).then(other.of(name)) for name in sorted(names)}
        )
