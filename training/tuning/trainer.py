"""Teach an encoder with sentence-transformers: contrastive, stopped early, resumable.

On a CPU the lower layers stay as they are: that halves the time and loses little. With a GPU all of them learn.
"""

from __future__ import annotations

import hashlib
import logging
import shutil
import sys
from collections.abc import Sequence
from contextlib import redirect_stdout
from dataclasses import asdict, astuple, dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from repliek.encoder import FloatArray
from repliek.errors import EncoderError
from training.tuning.pairs import Example

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

WATCHED = "watched"


@dataclass(frozen=True, slots=True)
class Recipe:
    """How it is taught.

    Attributes:
        epochs: at most.
        patience: epochs without a gain after which it stops.
        batch: examples that are each other's negatives.
        rate: of learning.
        upper_layers: how many layers learn on a CPU.
        max_tokens: a longer text is cut here while learning. A message stands after what came before it, so a low
            limit would cut the message itself.
        scale: of the cosines in the loss.
    """

    epochs: int = 6
    patience: int = 2
    batch: int = 64
    rate: float = 1e-4
    upper_layers: int = 4
    max_tokens: int = 192
    scale: float = 20.0


def teach(
    source: str,
    name: str,
    examples: Sequence[Example],
    watched: Sequence[Example],
    recipe: Recipe,
    cache: Path,
    seed: int,
) -> Path:
    """Fine-tune a sentence-transformers model and return its folder; what was taught before is not taught again.

    A run that was broken off goes on from its last checkpoint, which stands beside the result.

    Args:
        source: folder or name of the model.
        name: of the result.
        examples: what is taught.
        watched: what it is watched on, to stop in time.
        recipe: how.
        cache: folder in which the result is kept.
        seed: of the order of the examples.

    Raises:
        EncoderError: a package is missing.
    """
    if find_spec("accelerate") is None:
        raise EncoderError("fine-tuning needs the package accelerate; run `pip install accelerate`")
    home = cache / f"tuned-{_digest(source, examples, watched, recipe, seed)}"
    result = home / name
    if not result.is_dir():
        checkpoints = home / "checkpoints"
        model = _train(source, examples, watched, recipe, checkpoints, seed)
        unfinished = home / "unfinished"
        model.save(str(unfinished), create_model_card=False)
        unfinished.rename(result)
        shutil.rmtree(checkpoints, ignore_errors=True)
    return result


def _train(
    source: str, examples: Sequence[Example], watched: Sequence[Example], recipe: Recipe, checkpoints: Path, seed: int
) -> SentenceTransformer:
    import datasets
    import torch
    from sentence_transformers import (
        SentenceTransformer,
        SentenceTransformerTrainer,
        SentenceTransformerTrainingArguments,
    )
    from sentence_transformers.sentence_transformer.losses import MultipleNegativesRankingLoss
    from transformers import EarlyStoppingCallback

    logging.getLogger("sentence_transformers").setLevel(logging.ERROR)
    gpu = torch.cuda.is_available()
    model = SentenceTransformer(source, device="cuda" if gpu else "cpu")
    longest = model.max_seq_length
    model.max_seq_length = min(longest or recipe.max_tokens, recipe.max_tokens)
    if not gpu:
        _freeze_below(model, recipe.upper_layers)
    arguments = SentenceTransformerTrainingArguments(
        output_dir=str(checkpoints),
        num_train_epochs=recipe.epochs,
        per_device_train_batch_size=min(recipe.batch, len(examples)),
        learning_rate=recipe.rate,
        warmup_steps=0.1,
        batch_sampler="no_duplicates",
        # bfloat16 takes a third of the time also on recent CPUs; older ones compute it slowly, but rightly.
        bf16=torch.cuda.is_bf16_supported() if gpu else torch.cpu._is_avx512_bf16_supported(),
        use_cpu=not gpu,
        eval_strategy="epoch",
        save_strategy="epoch",
        logging_strategy="epoch",
        save_total_limit=2,
        load_best_model_at_end=True,
        metric_for_best_model=f"eval_{WATCHED}_mrr",
        greater_is_better=True,
        report_to=[],
        seed=seed,
        dataloader_pin_memory=gpu,
    )
    trainer = SentenceTransformerTrainer(
        model=model,
        args=arguments,
        train_dataset=datasets.Dataset.from_list([asdict(example) for example in examples]),
        loss=MultipleNegativesRankingLoss(model, scale=recipe.scale),
        evaluator=_watcher(watched),
        callbacks=[EarlyStoppingCallback(early_stopping_patience=recipe.patience)],
    )
    with redirect_stdout(sys.stderr):  # the trainer prints its losses, where figures for machines are expected
        trainer.train(resume_from_checkpoint=_last_whole(checkpoints))
    model.max_seq_length = longest
    return model.cpu().eval()


def _last_whole(checkpoints: Path) -> str | None:
    """Return the newest checkpoint that was written to its end, and remove the others: nobody can go on from them."""
    found = sorted(checkpoints.glob("checkpoint-*"), key=lambda folder: int(folder.name.partition("-")[2]))
    # The trainer writes its state last.
    whole = [folder for folder in found if (folder / "trainer_state.json").is_file()]
    for folder in set(found) - set(whole):
        shutil.rmtree(folder)
    return str(whole[-1]) if whole else None


def _freeze_below(model: SentenceTransformer, upper: int) -> None:
    """Leave everything but the `upper` last layers as it is.

    Raises:
        EncoderError: the model is not a stack of layers.
    """
    import torch

    stacks = [module for module in model.modules() if isinstance(module, torch.nn.ModuleList)]
    if not stacks:
        raise EncoderError("the model has no layers to choose from, so it cannot be fine-tuned on a CPU")
    for parameter in model.parameters():
        parameter.requires_grad = False
    for layer in list(max(stacks, key=len))[-upper:]:
        for parameter in layer.parameters():
            parameter.requires_grad = True


def _watcher(watched: Sequence[Example]):
    """Return an evaluator: the mean reciprocal rank of each positive among the positives of all watched examples."""
    from sentence_transformers.sentence_transformer.evaluation import SentenceEvaluator

    class Watcher(SentenceEvaluator):
        def __init__(self) -> None:
            super().__init__()
            self.primary_metric = f"{WATCHED}_mrr"

        def __call__(self, model: SentenceTransformer, *_: object, **__: object) -> dict[str, float]:
            anchors, positives = (
                model.encode([getattr(example, side) for example in watched], prompt="", show_progress_bar=False)
                for side in ("anchor", "positive")
            )
            texts = [example.positive for example in watched]
            return {f"{WATCHED}_mrr": reciprocal_rank(np.asarray(anchors), np.asarray(positives), texts)}

    return Watcher()


def reciprocal_rank(anchors: FloatArray, positives: FloatArray, texts: Sequence[str]) -> float:
    """Return the mean reciprocal rank of each anchor's own positive among all, equal texts counted once.

    Args:
        anchors: (n, d) float32 unit vectors.
        positives: (n, d) float32 unit vectors, in the same order.
        texts: of the positives.
    """
    _, first, own = np.unique(np.array(texts, dtype=np.str_), return_index=True, return_inverse=True)
    likeness = anchors @ positives[first].T
    above = (likeness > likeness[np.arange(len(own)), own][:, np.newaxis]).sum(axis=1)
    return float((1 / (1 + above)).mean())


def _digest(source: str, examples: Sequence[Example], watched: Sequence[Example], recipe: Recipe, seed: int) -> str:
    """Return a name for what is taught to what and how; a change of any of them is another run."""
    whole = hashlib.sha256(repr((source, recipe, seed)).encode())
    for example in (*examples, *watched):
        whole.update(repr(astuple(example)).encode())
    return whole.hexdigest()[:12]
