"""One training run: encoder, fit, bundle, and what MLflow keeps of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from threadpoolctl import threadpool_limits

from repliek.bundle import LAYOUT
from repliek.errors import RepliekError
from repliek.files import publish
from training import tracking
from training.checks_report import FILE, as_markdown, summary
from training.cold_start import fit_answers
from training.data import Sources, TrainingData
from training.embeddings import LoadEncoder, caching_encoder
from training.encoder.cross import resolve_cross_encoder
from training.encoder.store import cache_directory, resolve_views
from training.fitting import Options, fit
from training.registry import HELD_OUT
from training.results import card, drawings, figures

Encoders = Callable[[], AbstractContextManager[LoadEncoder]]
"""Where texts are encoded, opened for as long as that takes."""


def local_encoders() -> AbstractContextManager[LoadEncoder]:
    """Encode in this process."""
    return nullcontext(caching_encoder)


@dataclass(frozen=True, slots=True)
class FitRequest:
    """What the user asked for."""

    sources: Sources
    out: Path
    encoder: str
    precision: float
    seed: int
    mlflow: bool
    fine_tune: bool = False
    reranker: str | None = None
    encoders: Encoders = local_encoders

    def check_target(self) -> None:
        """Refuse, before any long work, a target that is no bundle, since it would be replaced.

        Raises:
            RepliekError: the target holds something else.
        """
        empty = self.out.is_dir() and not any(self.out.iterdir())
        if self.out.exists() and not empty and not (self.out / LAYOUT.manifest).is_file():
            raise RepliekError(f"{self.out} exists and is no bundle; expected a new folder or a bundle to replace")

    def parameters(self, data: TrainingData) -> dict[str, object]:
        """Return what MLflow lists as the run's parameters."""
        return {
            "encoder": self.encoder,
            "fine_tune": self.fine_tune,
            "reranker": self.reranker,
            "precision": self.precision,
            "seed": self.seed,
            "exchanges": len(data.history),
            "answers": len(data.knowledge),
            "rejected": len(data.rejected),
            "later": len(data.later),
            "erased": data.erased,
        }


def fit_bundle(request: FitRequest, data: TrainingData, say: Callable[[str], None]) -> dict[str, float]:
    """Fit and write a bundle, and return its figures from held-out folds."""
    options = Options(request.precision, request.seed)
    cross_encoder = resolve_cross_encoder(request.reranker) if request.reranker else None
    encoders, compared = _encoders(request, data, options, say)
    with _tracked(request, data) as run_id, request.encoders() as load_encoder:
        # One thread: three times as fast on matrices of this size, and the same sums on every machine.
        with threadpool_limits(1):
            if data.teaches:
                fitted = fit(data, encoders, cache_directory(), options, say, load_encoder, cross_encoder)
            else:
                fitted = fit_answers(data, encoders, cache_directory(), options, say, load_encoder)
        found = figures(fitted) | compared
        manifest = fitted.write(
            request.out,
            brand=data.brand.name,
            seed=request.seed,
            card=card(fitted, data, found, request.seed),
            figures=found,
            run_id=run_id,
        )
        say(f"wrote bundle {manifest.bundle} to {request.out}")
        checks = as_markdown(fitted.findings, len(fitted.history), len(fitted.parts.knowledge))
        publish(request.out.parent, {FILE: checks})
        say(f"data checks: {summary(fitted.findings)}; see {request.out.parent / FILE}")
        if run_id:
            tracking.log_results(found, drawings(fitted), {FILE: checks})
            aliases = tracking.register(request.out, manifest.bundle, found)
            say(f"registered in MLflow as {tracking.MODEL}, alias {' and '.join(aliases)} (run {run_id})")
    return found


def _encoders(
    request: FitRequest, data: TrainingData, options: Options, say: Callable[[str], None]
) -> tuple[tuple[Path, ...], Mapping[str, float]]:
    """Return the folders of the encoders, and what was compared to choose them."""
    if not request.fine_tune:
        return resolve_views(request.encoder, english=data.in_english), {}
    from training.tuning.trial import choose_encoders

    choice = choose_encoders(data, request.encoder, options, say)
    return choice.encoders, choice.comparison.figures


@contextmanager
def _tracked(request: FitRequest, data: TrainingData) -> Iterator[str | None]:
    """Yield the id of the MLflow run that records what is inside, or `None` without one."""
    if not request.mlflow:
        yield None
        return
    tracking.configure()
    with tracking.run() as run_id:
        sources = request.sources
        files = {
            "history": sources.history,
            "answers": sources.answers,
            "brand": sources.brand,
            "phrases": sources.phrases,
            HELD_OUT: sources.held_out,
            "later": sources.later,
        }
        tracking.log_inputs(request.parameters(data), {name: file for name, file in files.items() if file})
        yield run_id
