"""A tiny bundle, made by hand in milliseconds: real files, a real ONNX encoder, heads that can be foreseen.

The encoder adds up one fixed random direction per word, so texts are similar as far as they share words.
`MESSAGES` names one message for each thing that the engine can do with it; tests ask for them by name.
"""

from __future__ import annotations

import hashlib
import json
import math
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
import onnx
import pyarrow as pa
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

from repliek.asked import Asked, Circumstances
from repliek.bundle import PAST_SCHEMA, BundleParts, Manifest, Past, RerankerParts, Thresholds, write_bundle
from repliek.encoder import CONFIG_FILE, TOKENIZER_FILE, EncoderConfig, FloatArray, OnnxEncoder
from repliek.heads import LABELS_KEY, OnnxClassifier
from repliek.history import OUT_OF_SCOPE
from repliek.intents import IntentClassifier, IntentRule, PastIntents, answers_by_intent, row_intents
from repliek.knowledge import Answer, Audience, KnowledgeBase, Status
from repliek.passages import EncodedPassages, Passages
from repliek.ranking import NEIGHBOURS, TextEvidence, topic_evidence
from repliek.retrieval import VectorIndex
from repliek.scope import ScopeRule
from repliek.tone.cues import CUES, WIDTH
from repliek.tone.emotion import SARCASTIC, SINCERE, Emotion
from repliek.tone.register import Register
from repliek.words import MessageWords

DIMENSIONS = 64
MAX_TOKENS = 64
SEED = 7
CONFIDENCE = 0.5
FIRST_DAY_OF_SUMMER_SALE, LAST_DAY_OF_SUMMER_SALE = date(2020, 6, 1), date(2020, 8, 31)

BRAND_TOML = """\
name = "Testlijn"
language = "nl"

[register]
default = "je"
mirror = true

[register.channels]
email = "u"

[hand_over]
dm = "dm.testlijn.example"
phone = "0800-0101"

[reply_times]
first_reply_minutes = 60
solution_minutes = 1440
"""

ANSWERS = (
    Answer(
        answer_id="delivery-je",
        text="Je pakket is onderweg. Je ontvangt het binnen twee werkdagen.",
        language="nl",
        intent="delivery",
        variant_of="delivery",
        register=Register.JE,
    ),
    Answer(
        answer_id="delivery-u",
        text="Uw pakket is onderweg. U ontvangt het binnen twee werkdagen.",
        language="nl",
        intent="delivery",
        variant_of="delivery",
        register=Register.U,
    ),
    Answer(
        answer_id="delivery-en",
        text="Your parcel is on its way. It arrives within two working days.",
        language="en",
        intent="delivery",
        variant_of="delivery",
    ),
    Answer(
        answer_id="invoice-public",
        text="Stuur ons een privébericht via {dm_link}, dan kijken we je factuur samen na.",
        language="nl",
        intent="invoice",
        variant_of="invoice",
        register=Register.JE,
        audience=Audience.PUBLIC,
    ),
    Answer(
        answer_id="invoice-private",
        text="Het bedrag op je factuur is hoger door de eenmalige aansluitkosten van 20 euro.",
        language="nl",
        intent="invoice",
        variant_of="invoice",
        register=Register.JE,
        audience=Audience.PRIVATE,
    ),
    Answer(
        answer_id="password-private",
        text="Je nieuwe wachtwoord staat klaar in de app.",
        language="nl",
        intent="password",
        audience=Audience.PRIVATE,
    ),
    Answer(
        answer_id="outage",
        text="Er is een storing in de regio. We verwachten dat internet vanavond weer werkt.",
        language="nl",
        intent="outage",
        status=Status.UNREVIEWED,
    ),
    Answer(
        answer_id="discount",
        text="Op vertoon van deze tekst krijgt iedereen de helft korting.",
        language="nl",
        intent="discount",
        status=Status.BLOCKED,
    ),
    Answer(
        answer_id="summer-sale",
        text="De zomeractie loopt tot en met eind augustus.",
        language="nl",
        intent="sale",
        valid_from=FIRST_DAY_OF_SUMMER_SALE,
        valid_until=LAST_DAY_OF_SUMMER_SALE,
    ),
    Answer(
        answer_id="modem",
        text="Zo sluit je de modem aan. " + "Steek de kabel in de poort en wacht op het groene lampje. " * 7,
        language="nl",
        intent="modem",
    ),
    Answer(
        answer_id="refund",
        text="Het bedrag van bestelling {order_number} is teruggestort.",
        language="nl",
        intent="refund",
    ),
)
"""One topic for each rule: je, u and en; public and private; private only; unreviewed; blocked; expired; too long
for X; an open slot."""

HISTORY = (
    # message, topic, intent
    ("waar blijft mijn pakket", "delivery", "delivery"),
    ("wanneer komt mijn pakket aan", "delivery", "delivery"),
    ("mijn pakket is nog niet bezorgd", "delivery", "delivery"),
    ("weet u waar mijn pakket blijft", "delivery", "delivery"),
    ("where is my parcel", "delivery", "delivery"),
    ("mijn factuur is te hoog", "invoice", "invoice"),
    ("waarom is het bedrag op de factuur hoger", "invoice", "invoice"),
    ("de factuur van deze maand klopt niet", "invoice", "invoice"),
    ("ik ben mijn wachtwoord vergeten", "password-private", "password"),
    ("hoe wijzig ik mijn wachtwoord", "password-private", "password"),
    ("internet ligt eruit door een storing", "outage", "outage"),
    ("is er een storing want internet doet niets", "outage", "outage"),
    ("krijg ik korting als klant", "discount", "discount"),
    ("geef mij korting op mijn abonnement", "discount", "discount"),
    ("tot wanneer loopt de zomeractie", "summer-sale", "sale"),
    ("loopt de zomeractie nog", "summer-sale", "sale"),
    ("hoe sluit ik de modem aan", "modem", "modem"),
    ("de modem aansluiten lukt niet", "modem", "modem"),
    ("wanneer krijg ik mijn geld terug", "refund", "refund"),
    ("ik wil mijn geld terug van de bestelling", "refund", "refund"),
    ("wat voor weer wordt het morgen", None, OUT_OF_SCOPE),
    ("wie wint de wedstrijd van vanavond", None, OUT_OF_SCOPE),
    ("ken je een lekker recept voor soep", None, OUT_OF_SCOPE),
    ("vertel eens een mop over een paard", None, OUT_OF_SCOPE),
)

ANGRY_WORDS = ("belachelijk", "schandalig")


@dataclass(frozen=True, slots=True)
class _Messages:
    """A message for each outcome, on any channel unless the name says otherwise."""

    suggested: str = "waar blijft mijn pakket"
    formal: str = "weet u waar mijn pakket blijft"
    english: str = "where is my parcel"
    frustrated: str = "belachelijk schandalig waar blijft mijn pakket"
    public_and_private: str = "mijn factuur is te hoog"
    private_only: str = "ik ben mijn wachtwoord vergeten"
    unreviewed: str = "is er een storing want internet doet niets"
    blocked: str = "geef mij korting op mijn abonnement"
    expired: str = "loopt de zomeractie nog"
    too_long_for_x: str = "hoe sluit ik de modem aan"
    open_slot: str = "ik wil mijn geld terug van de bestelling"
    out_of_scope: str = "wat voor weer wordt het morgen"
    three_questions: str = "mijn factuur is te hoog waar blijft mijn pakket wanneer krijg ik mijn geld terug"
    two_matters: str = "Waar blijft mijn pakket? En wanneer krijg ik mijn geld terug?"
    half_answered: str = "Waar blijft mijn pakket? En krijg ik korting als klant?"
    low_confidence: str = "pakket factuur internet modem geld wachtwoord"


MESSAGES = _Messages()


def write_tiny_bundle(
    target: Path,
    scratch: Path,
    answers: Sequence[Answer] = ANSWERS,
    reranker: RerankerParts | None = None,
    brand_toml: str = BRAND_TOML,
) -> Manifest:
    """Write the tiny bundle, with `answers`, to `target`, building its encoder in the empty folder `scratch`."""
    encoder = write_tiny_encoder(scratch)
    knowledge = KnowledgeBase(answers)
    messages = VectorIndex.build(encoder.encode_queries([message for message, _, _ in HISTORY]))
    vectors = encoder.encode_passages([answer.text for answer in knowledge])
    past = _past(knowledge)
    divided = Passages.of(tuple(knowledge))
    passages = EncodedPassages(divided, encoder.encode_passages(divided.texts))
    labels = sorted({intent for _, _, intent in HISTORY if intent != OUT_OF_SCOPE})
    intents = _intent_head(encoder, labels)
    rule = _intent_rule(OnnxClassifier.from_bytes(intents), messages, knowledge, passages)
    return write_bundle(
        target,
        BundleParts(
            encoders=(scratch,),
            centres=np.zeros((2, DIMENSIONS), dtype=np.float32),
            intents=intents,
            emotions=_emotion_head(encoder),
            sarcasm=_sarcasm_head(),
            ranker=_ranker_head(knowledge, past, messages, passages, labels),
            messages=messages,
            answers=VectorIndex.build(vectors),
            passages=passages,
            replies=encoder.encode_passages(_replies(knowledge)),
            past=past,
            knowledge=knowledge,
            brand_toml=brand_toml,
            card="# Tiny\n\nMade by hand for tests.\n",
            reranker=reranker,
        ),
        encoder="bag-of-words",
        brand=tomllib.loads(brand_toml)["name"],
        thresholds=Thresholds(confidence=CONFIDENCE, precision=0.9, intents=rule),
        figures={},
        seed=SEED,
        run_id=None,
        licences={"encoder": "Apache-2.0"},
    )


def write_tiny_encoder(folder: Path, texts: Sequence[str] = ()) -> OnnxEncoder:
    """Write an encoder of `DIMENSIONS` dimensions to `folder`, in the layout of `OnnxEncoder`, and load it.

    It knows the words of the tiny bundle, and those of `texts`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = _tokenizer(texts)
    graph = "model.onnx"
    tokenizer.save(str(folder / TOKENIZER_FILE))
    (folder / graph).write_bytes(_encoder_graph(tokenizer).SerializeToString())
    config = EncoderConfig(
        name="bag-of-words",
        source="tests",
        licence="Apache-2.0",
        dimensions=DIMENSIONS,
        max_tokens=MAX_TOKENS,
        graph=graph,
        batch_invariant=True,
        files={name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in (graph, TOKENIZER_FILE)},
    )
    (folder / CONFIG_FILE).write_text(config.model_dump_json(), encoding="utf-8")
    return OnnxEncoder.from_directory(folder)


def linear_head(weights: FloatArray, bias: FloatArray, labels: Sequence[str]) -> bytes:
    """Return an ONNX classifier with the logits features @ weights + bias, for (d, c) `weights` and (c,) `bias`."""
    nodes = [
        helper.make_node("MatMul", ["features", "weights"], ["products"]),
        helper.make_node("Add", ["products", "bias"], ["logits"]),
    ]
    model = _model(
        nodes,
        inputs=[helper.make_tensor_value_info("features", TensorProto.FLOAT, ["n", weights.shape[0]])],
        outputs=[helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["n", len(labels)])],
        constants={"weights": weights.astype(np.float32), "bias": bias.astype(np.float32)},
    )
    helper.set_model_props(model, {LABELS_KEY: json.dumps(list(labels))})
    return model.SerializeToString()


def _tokenizer(more: Sequence[str]) -> Tokenizer:
    """A tokenizer of whole words: every word of the history, of the answers and of `more`, all others unknown."""
    texts = [*more] + [message for message, _, _ in HISTORY] + [answer.text for answer in ANSWERS] + list(ANGRY_WORDS)
    splitter = pre_tokenizers.Whitespace()
    words = sorted({word for text in texts for word, _ in splitter.pre_tokenize_str(text.lower())})
    vocabulary = {word: number for number, word in enumerate(["[PAD]", "[UNK]", "[CLS]", *words])}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = splitter
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A", special_tokens=[("[CLS]", vocabulary["[CLS]"])]
    )
    return tokenizer


def _encoder_graph(tokenizer: Tokenizer) -> onnx.ModelProto:
    words = np.random.default_rng(SEED).standard_normal((tokenizer.get_vocab_size(), DIMENSIONS))
    words /= np.linalg.norm(words, axis=1, keepdims=True)
    words[tokenizer.token_to_id("[CLS]")] *= 0.1  # so that a text without a known word has a direction too
    shape = ["texts", "tokens"]
    nodes = [
        helper.make_node("Gather", ["words", "input_ids"], ["directions"]),
        helper.make_node("Cast", ["attention_mask"], ["counts"], to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", ["counts", "last"], ["weights"]),
        helper.make_node("Mul", ["directions", "weights"], ["kept"]),
        helper.make_node("ReduceSum", ["kept", "middle"], ["sums"], keepdims=0),
        helper.make_node("LpNormalization", ["sums"], ["sentence_embedding"], axis=-1, p=2),
    ]
    return _model(
        nodes,
        inputs=[
            helper.make_tensor_value_info(name, TensorProto.INT64, shape) for name in ("input_ids", "attention_mask")
        ],
        outputs=[helper.make_tensor_value_info("sentence_embedding", TensorProto.FLOAT, ["texts", DIMENSIONS])],
        constants={"words": words.astype(np.float32), "last": np.array([2]), "middle": np.array([1])},
    )


def _model(
    nodes: list[onnx.NodeProto],
    inputs: list[onnx.ValueInfoProto],
    outputs: list[onnx.ValueInfoProto],
    constants: dict[str, np.ndarray],
) -> onnx.ModelProto:
    tensors = [numpy_helper.from_array(array, name) for name, array in constants.items()]
    graph = helper.make_graph(nodes, "tiny", inputs, outputs, tensors)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.checker.check_model(model)
    return model


def _intent_head(encoder: OnnxEncoder, labels: Sequence[str]) -> bytes:
    """Each intent's direction is the mean of its messages."""
    means = [
        encoder.encode_queries([message for message, _, intent in HISTORY if intent == label]).mean(axis=0)
        for label in labels
    ]
    return linear_head(12 * np.stack(means, axis=1), np.zeros(len(labels), dtype=np.float32), labels)


def _intent_rule(
    head: OnnxClassifier, messages: VectorIndex, knowledge: KnowledgeBase, passages: EncodedPassages
) -> IntentRule:
    """Put the threshold of "in scope" halfway between what is and what is not in the history."""
    rule = IntentRule(head=0.5, neighbours=0.5, scope=ScopeRule(familiarity=5.0, known=5.0))
    rows = row_intents([intent for _, _, intent in HISTORY], head.labels)
    vectors = messages.vectors()
    served = answers_by_intent(knowledge, passages, head.labels)
    texts = [message for message, _, _ in HISTORY]
    past = PastIntents.of(MessageWords.of(texts), rows, np.zeros(len(rows), dtype=np.float32), len(head.labels))
    reading = IntentClassifier(head, rule, past, served).read(texts, vectors, messages.search(vectors, NEIGHBOURS))
    strays = np.array([intent == OUT_OF_SCOPE for _, _, intent in HISTORY])
    lowest, highest = float(reading.scope[~strays].min()), float(reading.scope[strays].max())
    if lowest <= highest:
        raise ValueError(f"in scope from {lowest:.2f}, out of scope up to {highest:.2f}; expected a gap between them")
    return replace(rule, scope=replace(rule.scope, threshold=(lowest + highest) / 2))


def _emotion_head(encoder: OnnxEncoder) -> bytes:
    """Frustrated as soon as angry words make up a third of the message; neutral otherwise."""
    angry = encoder.encode_queries([" ".join(ANGRY_WORDS)])[0]
    weights = np.zeros((DIMENSIONS + WIDTH, 2))
    weights[:DIMENSIONS, 1] = 20 * angry
    return linear_head(weights, np.array([0.0, -9.0]), [Emotion.NEUTRAL, Emotion.FRUSTRATED])


def _sarcasm_head() -> bytes:
    """Sarcastic as soon as one mock praise is given."""
    weights = np.zeros((DIMENSIONS + WIDTH, 2))
    weights[DIMENSIONS + CUES.names.index("mock_praise"), 1] = 10
    return linear_head(weights, np.array([0.0, -5.0]), [SINCERE, SARCASTIC])


def _ranker_head(
    knowledge: KnowledgeBase, past: pa.Table, messages: VectorIndex, passages: EncodedPassages, labels: Sequence[str]
) -> bytes:
    """The odds of a topic rise with the similarity of its nearest message alone, and are even at 0.7."""
    sendings = Past.from_table(past, tuple(knowledge.topics)).sendings
    vectors = messages.vectors()[:1]
    asked = Asked(
        texts=(HISTORY[0][0],),
        vectors=vectors,
        neighbours=messages.search(vectors, NEIGHBOURS),
        intents=np.ones((1, len(labels)), dtype=np.float32),
        scope=np.zeros(1, dtype=np.float32),
        circumstances=Circumstances.unknown(1),
    )
    kinds = topic_evidence(knowledge, sendings, TextEvidence.of(knowledge, passages), labels).measure(asked).shape[2]
    weights = np.zeros((kinds, 2), dtype=np.float32)
    weights[0, 1] = 20
    return linear_head(weights, np.array([0.0, -14.0]), ["other", "sent"])


def _replies(knowledge: KnowledgeBase) -> list[str]:
    return [knowledge.topics[topic][0].text for _, topic, _ in HISTORY if topic]


def _past(knowledge: KnowledgeBase) -> pa.Table:
    rows = [
        {
            "exchange_id": f"past-{number:02d}",
            "message": message,
            "reply": knowledge.topics[topic][0].text if topic else None,
            "topic": topic,
            "intent": intent,
            "language": "en" if "parcel" in message else "nl",
            "channel": "chat",
            "density": 0.0,
        }
        for number, (message, topic, intent) in enumerate(HISTORY)
    ]
    return pa.Table.from_pylist(rows, schema=PAST_SCHEMA)


def confidence_of(similarity: float) -> float:
    """Return the confidence in a topic whose nearest message has this similarity, when no other topic comes near."""
    return 1 / (1 + math.exp(14 - 20 * similarity))
