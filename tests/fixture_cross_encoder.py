"""Cross-encoders of two small layers, made in the test and saved as sentence-transformers saves them."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

MAX_TOKENS = 64


def write_cross_encoder(folder: Path, texts: Iterable[str], *, labels: int = 1) -> Path:
    """Write a BERT with random weights that knows the words of `texts`, and return its folder."""
    from sentence_transformers import CrossEncoder
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
    from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast, set_seed

    set_seed(1)
    splitter = pre_tokenizers.Sequence([pre_tokenizers.Whitespace()])
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
