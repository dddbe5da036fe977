"""Fit how several kinds of evidence decide between alternatives."""

from __future__ import annotations

import numpy as np
from scipy.optimize import minimize

from repliek.encoder import FloatArray
from repliek.errors import RepliekError
from repliek.retrieval import IntArray

PENALTY = 0.5
"""Of the squared distance of the weights to what is expected of them, in units of one choice's log-likelihood."""


def conditional_logit(
    figures: FloatArray,
    chosen: IntArray,
    *,
    outside_option: bool,
    expected: FloatArray | None = None,
    penalty: float = PENALTY,
) -> tuple[FloatArray, float]:
    """Fit a conditional logit (McFadden 1974): the odds of an alternative are the exponent of its weighed evidence.

    Weights cannot be negative: more of any evidence never speaks against an alternative.

    Args:
        figures: (n, alternatives, f) float32 evidence.
        chosen: (n,) int64 alternative that was chosen, -1 where none was.
        outside_option: whether choosing none is possible; its odds are 1.
        expected: (f,) weights that other data taught, from which these data must argue away; 0 if `None`.
        penalty: how dear that is.

    Returns:
        (f,) float64 weights, and the intercept of every alternative (0 without an outside option).

    Raises:
        RepliekError: the fit did not converge.
    """
    made = np.flatnonzero(chosen >= 0)
    own = figures[made, chosen[made]].astype(np.float64)
    kinds = figures.shape[2]
    prior = np.zeros(kinds) if expected is None else expected.astype(np.float64)

    def loss(parameters: np.ndarray) -> tuple[float, np.ndarray]:
        weights, intercept = parameters[:kinds], parameters[kinds]
        utilities = figures @ weights + intercept
        highest = np.maximum(utilities.max(axis=1), 0.0)
        odds = np.exp(utilities - highest[:, np.newaxis])
        total = odds.sum(axis=1) + outside_option * np.exp(-highest)
        shares = odds / total[:, np.newaxis]
        value = (
            (np.log(total) + highest).sum()
            - (own @ weights + intercept).sum()
            + penalty * ((weights - prior) ** 2).sum()
        )
        slope = np.einsum("nc,ncf->f", shares, figures) - own.sum(axis=0) + 2 * penalty * (weights - prior)
        return value / len(figures), np.append(slope, shares.sum() - len(made)) / len(figures)

    intercept_bounds = (None, None) if outside_option else (0.0, 0.0)
    found = minimize(
        loss,
        np.append(np.ones(kinds), -1.0 if outside_option else 0.0),
        jac=True,
        method="L-BFGS-B",
        bounds=[(0.0, None)] * kinds + [intercept_bounds],
        options={"maxiter": 1_000},
    )
    if not found.success:
        raise RepliekError(f"the weights of the evidence did not converge ({found.message})")
    return found.x[:kinds], float(found.x[kinds])
