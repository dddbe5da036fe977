"""Cross-encoders: one that only counts words, ready to serve, and ones of two small layers, to be exported."""

from __future__ import annotations

import contextlib
import hashlib
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

from repliek.cross_encoder import SCORE
from repliek.encoder import TOKENIZER_FILE

MAX_TOKENS = 64


def write_counting_cross_encoder(folder: Path, **changes: object) -> Path:
    """Write a cross-encoder whose score is the number of words of the text, in the layout of `OnnxCrossEncoder`."""
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = Tokenizer(models.WordLevel({"<pad>": 0, "<unk>": 1, "<s>": 2}, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A", pair="<s>:0 $A:0 $B:1", special_tokens=[("<s>", 2)]
    )
    tokenizer.save(str(folder / TOKENIZER_FILE))
    names = ("input_ids", "attention_mask", "token_type_ids")
    graph = helper.make_graph(
        [
            helper.make_node("Mul", ["attention_mask", "token_type_ids"], ["words"]),
            helper.make_node("ReduceSum", ["words", "last"], ["count"], keepdims=0),
            helper.make_node("Cast", ["count"], [SCORE], to=TensorProto.FLOAT),
        ],
        "counting",
        [helper.make_tensor_value_info(name, TensorProto.INT64, ["pairs", "tokens"]) for name in names],
        [helper.make_tensor_value_info(SCORE, TensorProto.FLOAT, ["pairs"])],
        [numpy_helper.from_array(np.array([1]), "last")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10)
    (folder / "model.onnx").write_bytes(model.SerializeToString())
    files = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in ("model.onnx", TOKENIZER_FILE)}
    settings = {"name": "counting", "source": "tests", "licence": "Apache-2.0", "max_tokens": 32, "files": files}
    (folder / "cross-encoder.json").write_text(json.dumps(settings | changes), encoding="utf-8")
    return folder


def write_cross_encoder(folder: Path, texts: Iterable[str], *, labels: int = 1) -> Path:
    """Write a BERT with random weights that knows the words of `texts`, and return its folder."""
    from sentence_transformers import CrossEncoder
    from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast, set_seed

    set_seed(1)
    splitter = pre_tokenizers.Whitespace()
    words = sorted({word.lower() for text in texts for word, _ in splitter.pre_tokenize_str(text)})
    vocabulary = {word: number for number, word in enumerate(["<pad>", "<unk>", "<s>", "</s>", *words])}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="<unk>"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = splitter
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s>:0 $A:0 </s>:0 $B:1 </s>:1", special_tokens=[("<s>", 2), ("</s>", 3)]
    )
    plain = folder.with_name(f"{folder.name}-plain")
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token="<pad>",
        unk_token="<unk>",
        model_max_length=MAX_TOKENS,
        model_input_names=["input_ids", "token_type_ids", "attention_mask"],
    ).save_pretrained(plain)
    BertForSequenceClassification(
        BertConfig(
            vocab_size=len(vocabulary),
            hidden_size=32,
            num_hidden_layers=2,
            num_attention_heads=2,
            intermediate_size=64,
            max_position_embeddings=MAX_TOKENS,
            num_labels=labels,
            initializer_range=0.2,  # so that even random weights tell pairs apart
        )
    ).save_pretrained(plain)
    CrossEncoder(str(plain), device="cpu").save_pretrained(str(folder), create_model_card=False)
    return folder


def teach(model: Path, target: Path, pairs: Sequence[tuple[str, str, float]], scratch: Path, *, epochs: int) -> Path:
    """Teach a cross-encoder which texts answer which messages (1.0) and which do not (0.0), and return its folder."""
    import datasets
    from sentence_transformers import CrossEncoder
    from sentence_transformers.cross_encoder import CrossEncoderTrainer, CrossEncoderTrainingArguments
    from sentence_transformers.cross_encoder.losses import BinaryCrossEntropyLoss

    taught = CrossEncoder(str(model), device="cpu")
    arguments = CrossEncoderTrainingArguments(
        output_dir=str(scratch),
        num_train_epochs=epochs,
        per_device_train_batch_size=32,
        learning_rate=3e-3,
        warmup_steps=0.1,
        use_cpu=True,
        save_strategy="no",
        logging_strategy="no",
        report_to=[],
        dataloader_pin_memory=False,
        seed=1,
    )
    rows = [{"message": message, "text": text, "label": label} for message, text, label in pairs]
    trainer = CrossEncoderTrainer(
        model=taught,
        args=arguments,
        train_dataset=datasets.Dataset.from_list(rows),
        loss=BinaryCrossEntropyLoss(taught),
    )
    with contextlib.redirect_stdout(sys.stderr):
        trainer.train()
    taught.save_pretrained(str(target), create_model_card=False)
    return target
