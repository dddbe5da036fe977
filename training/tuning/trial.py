"""Whether a fine-tuned encoder does better: two bundles from the same conversations, tried on others."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits

from repliek.asked import Circumstances
from repliek.encoder import EncoderConfig
from repliek.errors import EncoderError
from repliek.history import Exchange
from repliek.metrics import beyond_its_error
from repliek.suggester import Suggester
from training.data import TrainingData
from training.embeddings import caching_encoder
from training.encoder.store import cache_directory, resolve_encoder, resolve_views, sentence_transformers_directory
from training.fitting import Options, Say, fit
from training.replies import DISTRACTORS, draw
from training.tuning.pairs import Example, Prefixes, examples
from training.tuning.trainer import Recipe, teach

UNSEEN = 0.2
"""Share of the conversations that decide; they are not learned from until the decision is made."""

WATCHED = 0.1
"""Share of the conversations on which the teaching is watched, to stop in time."""

MIN_DECIDING = 30
"""Fewer deciding exchanges cannot tell one encoder from another."""

_AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class Comparison:
    """How two encoders did on the same exchanges.

    Attributes:
        frozen, tuned: (n,) float64 share of what could be checked of each exchange that was right.
    """

    frozen: npt.NDArray[np.float64]
    tuned: npt.NDArray[np.float64]

    @property
    def better(self) -> bool:
        """Whether the fine-tuned one gains more than the standard error of its gain."""
        return beyond_its_error(self.tuned - self.frozen)

    @property
    def figures(self) -> dict[str, float]:
        """The means, by the names that the manifest and MLflow give them."""
        return {"fine_tuning.frozen": float(self.frozen.mean()), "fine_tuning.tuned": float(self.tuned.mean())}


@dataclass(frozen=True, slots=True)
class Choice:
    """The encoders that are used, and why.

    Attributes:
        encoders: their folders, the one that may be fine-tuned first.
        comparison: what was measured.
    """

    encoders: tuple[Path, ...]
    comparison: Comparison


@dataclass(frozen=True, slots=True)
class Division:
    """A history, divided by conversation.

    Attributes:
        taught: what an encoder is taught.
        watched: what it is watched on.
        unseen: what decides.
    """

    taught: tuple[Exchange, ...]
    watched: tuple[Exchange, ...]
    unseen: tuple[Exchange, ...]

    @classmethod
    def of(cls, history: Sequence[Exchange], seed: int) -> Division:
        """Divide at random, no conversation in two parts."""
        names = sorted({exchange.conversation for exchange in history})
        drawn = dict(zip(names, np.random.default_rng(seed).permutation(len(names)) / len(names), strict=True))
        places = [drawn[exchange.conversation] for exchange in history]

        def between(low: float, high: float) -> tuple[Exchange, ...]:
            return tuple(e for e, place in zip(history, places, strict=True) if low <= place < high)

        return cls(between(UNSEEN + WATCHED, 1), between(UNSEEN, UNSEEN + WATCHED), between(0, UNSEEN))


def choose_encoders(data: TrainingData, spec: str, options: Options, say: Say, recipe: Recipe | None = None) -> Choice:
    """Fine-tune the encoder that `spec` names, and return it or the frozen one, whichever does better.

    What stands beside it stays as it is.

    Raises:
        EncoderError: the encoder cannot be fine-tuned, or the history is too small to decide.
    """
    frozen, *beside = resolve_views(spec, english=data.in_english)
    source = trainable(spec)
    cache = cache_directory()
    division = Division.of(data.history, options.seed)
    encoder, prefixes = caching_encoder(frozen, cache), prefixes_of(frozen)

    def drawn(part: Sequence[Exchange]) -> tuple[Example, ...]:
        return examples(part, data.knowledge, encoder, prefixes, options.seed)

    taught, watched = drawn(division.taught), drawn(division.watched)
    if len(division.unseen) < MIN_DECIDING or len(watched) < 2:
        raise EncoderError(
            f"{len(division.unseen)} exchanges are left to decide whether fine-tuning helps, expected {MIN_DECIDING} "
            "or more with replies or intents; leave out --fine-tune until the history has grown"
        )
    say(f"fine-tune the encoder on {len(taught):,} examples, watched on {len(watched):,}")
    name = EncoderConfig.from_directory(frozen).name.partition(" (")[0] + "-fine-tuned"
    tuned = resolve_encoder(str(teach(source, name, taught, watched, recipe or Recipe(), cache, options.seed)))
    seen = replace(data, history=division.taught + division.watched, later=())
    rights = [right(seen, division.unseen, (first, *beside), options) for first in (frozen, tuned)]
    comparison = Comparison(*rights)
    before, after = comparison.figures.values()
    kept = "the fine-tuned encoder is used" if comparison.better else "no better, so the frozen encoder stays"
    say(f"right on {len(division.unseen):,} unseen exchanges: {before:.3f} frozen, {after:.3f} fine-tuned; {kept}")
    return Choice((tuned if comparison.better else frozen, *beside), comparison)


def trainable(spec: str) -> str:
    """Return the sentence-transformers model behind an encoder's name.

    Raises:
        EncoderError: there is none, because only its ONNX graph is there.
    """
    if spec == "default":
        return str(sentence_transformers_directory())
    if spec.startswith("hub:"):
        return spec.removeprefix("hub:")
    if (Path(spec) / "modules.json").is_file():
        return spec
    raise EncoderError(
        f"{spec} holds an ONNX graph, which cannot be fine-tuned; expected default, hub:NAME or a folder of "
        "sentence-transformers"
    )


def prefixes_of(directory: Path) -> Prefixes:
    """Return what the encoder in a folder wants before its texts."""
    config = EncoderConfig.from_directory(directory)
    return Prefixes(config.query_prefix, config.passage_prefix)


def right(
    seen: TrainingData,
    unseen: Sequence[Exchange],
    encoders: tuple[Path, ...],
    options: Options,
    say: Callable[[str], None] = lambda _: None,
) -> npt.NDArray[np.float64]:
    """Fit a bundle on `seen` with these encoders, and return what it makes of `unseen`.

    Returns:
        (n,) float64: of each exchange, the share of intent, answer and reply that came first, as far as they are
        known; the mean of the others where nothing is.
    """
    with tempfile.TemporaryDirectory(prefix="repliek-tuning-") as scratch:
        with threadpool_limits(1):
            fitted = fit(seen, encoders, cache_directory(), options, say)
        fitted.write(Path(scratch, "bundle"), brand=seen.brand.name, seed=options.seed, figures={}, run_id=None)
        suggester = Suggester.from_bundle(Path(scratch, "bundle"))
    checks = np.full((len(unseen), 3), np.nan)
    texts = sorted({exchange.reply for exchange in unseen if exchange.reply})
    random = np.random.default_rng(options.seed)
    for start in range(0, len(unseen), _AT_ONCE):
        part = unseen[start : start + _AT_ONCE]
        checks[start : start + _AT_ONCE] = _checked(suggester, part, texts, random)
    known = ~np.isnan(checks)
    if not known.any():
        raise EncoderError("no unseen exchange has an intent, an answer or a reply, so nothing can be compared")
    each = np.where(known.any(axis=1), np.nansum(checks, axis=1) / np.maximum(known.sum(axis=1), 1), np.nan)
    return np.where(np.isnan(each), np.nanmean(each), each)


def _checked(
    suggester: Suggester, part: Sequence[Exchange], texts: Sequence[str], random: np.random.Generator
) -> npt.NDArray[np.float64]:
    """Return (n, 3) float64: whether intent, answer and reply came first, NaN where that is not known."""
    knowledge = suggester.bundle.knowledge
    analysis = suggester.analyse([exchange.query for exchange in part], Circumstances.of_exchanges(part))
    topics = knowledge.numbers_of(exchange.answer_id for exchange in part)
    scores = suggester.score_texts(part, analysis.asked, texts) if len(texts) > DISTRACTORS else None
    checks = np.full((len(part), 3), np.nan)
    for row, exchange in enumerate(part):
        if analysis.intents and exchange.intent in analysis.intents.labels:
            checks[row, 0] = analysis.intents.best(row)[0] == exchange.intent
        if topics[row] >= 0 and analysis.ranking.topics.shape[1]:
            checks[row, 1] = analysis.ranking.topics[row, 0] == topics[row]
        if scores is not None and exchange.reply:
            own, *others = draw(random, len(texts), texts.index(exchange.reply))
            checks[row, 2] = scores[row, own] > scores[row, others].max()
    return checks
