"""Export a sentence-transformers model to one ONNX graph, pooling and normalisation inside.

The graph takes `input_ids` and `attention_mask`, (batch, tokens) int64, and returns `sentence_embedding`, (batch,
dimensions) float32 rows of length one. Token types, where a model wants them, are zeros inside the graph.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt

from repliek.errors import EncoderError

if TYPE_CHECKING:
    import onnx
    import torch
    from sentence_transformers import SentenceTransformer

FloatArray: TypeAlias = npt.NDArray[np.float32]

OPSET = 20
OUTPUT = "sentence_embedding"
MINIMUM_COSINE = 0.9995

# Short and long, Dutch and English, with an emoji and an empty one: what shows a wrong mask, pooling or position.
PARITY_TEXTS = (
    "waar blijft mijn bestelling?",
    "Ik heb vorige week een nieuwe simkaart aangevraagd, maar er is nog steeds niets binnen. Kunnen jullie "
    "nakijken of hij wel verstuurd is? Ik zit nu al zes dagen zonder bereik en dat is voor mijn werk niet te doen.",
    "How do I cancel my subscription before it renews next month?",
    "Je opzegging gaat in na een maand; de laatste factuur volgt rond de twintigste.",
    "😡😡 weer storing",
    "",
)


def load_sentence_transformer(name_or_path: str) -> SentenceTransformer:
    """The model on the CPU, in evaluation mode and with the attention that exports to plain ONNX."""
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(name_or_path, device="cpu", model_kwargs={"attn_implementation": "eager"}).eval()


def export(model: SentenceTransformer) -> onnx.ModelProto:
    """The ONNX graph of `model`, in float32.

    Raises:
        EncoderError: the model does not start with a transformer, or cannot be traced.
    """
    if getattr(model[0], "auto_model", None) is None:
        raise EncoderError(f"{type(model[0]).__name__} is not a transformer; only such models can be exported")
    return trace(_graph_module(model), ("input_ids", "attention_mask"), OUTPUT)


def trace(module: torch.nn.Module, inputs: Sequence[str], output: str) -> onnx.ModelProto:
    """The ONNX graph of a module that takes (batch, tokens) int64 `inputs`, in float32.

    Raises:
        EncoderError: it cannot be traced.
    """
    import torch

    examples = {
        "input_ids": torch.tensor([[0, 5, 6, 7, 2], [0, 5, 2, 1, 1]]),
        "attention_mask": torch.tensor([[1, 1, 1, 1, 1], [1, 1, 1, 0, 0]]),
        "token_type_ids": torch.tensor([[0, 0, 0, 1, 1], [0, 0, 1, 0, 0]]),
    }
    axes = {0: torch.export.Dim.DYNAMIC, 1: torch.export.Dim.DYNAMIC}
    # It logs that torchvision, which no text encoder needs, is absent.
    logging.getLogger("torch.onnx._internal.exporter._registration").setLevel(logging.ERROR)
    with warnings.catch_warnings():
        # The exporter warns about its own deprecations and about opsets it converts.
        warnings.simplefilter("ignore")
        program = torch.onnx.export(
            module.eval(),
            tuple(examples[name] for name in inputs),
            input_names=list(inputs),
            output_names=[output],
            dynamic_shapes=(axes,) * len(inputs),
            opset_version=OPSET,
            dynamo=True,
            verbose=False,
            external_data=False,
        )
    if program is None:
        raise EncoderError("the ONNX exporter returned nothing")
    return _without_notes(program.model_proto)


def _without_notes(graph: onnx.ModelProto) -> onnx.ModelProto:
    """`graph` without the exporter's notes: they hold paths of this machine and differ from run to run."""
    body = graph.graph
    for item in (graph, body, *body.node, *body.value_info, *body.initializer, *body.input, *body.output):
        del item.metadata_props[:]
        item.doc_string = ""
    return graph


def _graph_module(model: SentenceTransformer) -> torch.nn.Module:
    """`model` as one module from (input_ids, attention_mask) to the sentence's vector."""
    import torch

    modules = list(model)
    backbone = modules[0].auto_model
    wants_types = bool(getattr(backbone.config, "type_vocab_size", 0))

    class SentenceGraph(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.backbone = backbone
            self.tail = torch.nn.ModuleList(modules[1:])

        def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
            inputs = {"input_ids": input_ids, "attention_mask": attention_mask}
            if wants_types:
                inputs["token_type_ids"] = torch.zeros_like(input_ids)
            tokens = self.backbone(**inputs, return_dict=True).last_hidden_state
            features = {"token_embeddings": tokens, "attention_mask": attention_mask}
            for module in self.tail:
                features = module(features)
            return torch.nn.functional.normalize(features[OUTPUT], p=2, dim=1)

    return SentenceGraph()


def torch_vectors(model: SentenceTransformer, texts: Sequence[str]) -> FloatArray:
    """What torch makes of `texts`, taken as they are: (texts, dimensions) float32 unit rows."""
    vectors = model.encode(
        list(texts), prompt="", convert_to_numpy=True, normalize_embeddings=True, show_progress_bar=False
    )
    return np.asarray(vectors, dtype=np.float32)


def cosines(left: FloatArray, right: FloatArray) -> FloatArray:
    """Cosine of each row of `left` with the same row of `right`, both unit: (rows,) float32."""
    return np.einsum("ij,ij->i", left, right)


def check_parity(found: FloatArray, expected: FloatArray, minimum: float, what: str) -> None:
    """Compare the vectors of an exported graph with those of torch.

    Raises:
        EncoderError: a text's cosine is below `minimum`.
    """
    lowest = float(cosines(found, expected).min())
    if not lowest >= minimum:
        raise EncoderError(f"{what} differs from torch: lowest cosine {lowest:.5f}, expected {minimum} or more")


def save(graph: onnx.ModelProto, path: Path) -> None:
    """Write `graph` as one file."""
    path.write_bytes(graph.SerializeToString())
