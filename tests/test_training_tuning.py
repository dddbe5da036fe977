"""Fine-tuning: what is taught, that it is learned, that it goes on where it was broken off, and who decides."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from repliek.brand import Brand
from repliek.bundle import LAYOUT, read_manifest
from repliek.encoder import FloatArray
from repliek.errors import EncoderError
from repliek.history import OUT_OF_SCOPE, Exchange
from repliek.knowledge import Answer, KnowledgeBase
from tests.fixture_history import answer_rows, history_rows, training, workplace, write_files
from training.data import TrainingData
from training.fitting import Options
from training.tuning import trial
from training.tuning.pairs import Example, Prefixes, examples
from training.tuning.trainer import Recipe, reciprocal_rank, teach
from training.tuning.trial import MIN_DECIDING, Choice, Comparison, Division, choose_encoders, trainable

needs_accelerate = pytest.mark.skipif(find_spec("accelerate") is None, reason="accelerate is not installed")
pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning", "ignore::UserWarning"),
]

PREFIXES = Prefixes("query: ", "passage: ")
SUBJECTS = ("factuur", "pakket", "modem", "simkaart", "wachtwoord", "storing", "abonnement", "adres")
OPENINGS = ("waar blijft", "help met", "vraag over", "ik snap niets van", "probleem met", "iets mis met")
REPLIES = ("sturen", "zoeken", "herstarten", "vervangen", "resetten", "verhelpen", "opzeggen", "wijzigen")


@dataclass(frozen=True, slots=True)
class OneHot:
    """An encoder that gives each of some words a dimension."""

    words: tuple[str, ...]

    @property
    def dimensions(self) -> int:
        return len(self.words)

    def encode_queries(self, texts: Sequence[str]) -> FloatArray:
        counts = np.array([[text.split().count(word) for word in self.words] for text in texts], dtype=np.float32)
        return counts / np.maximum(np.linalg.norm(counts, axis=1, keepdims=True), 1e-9)

    def encode_passages(self, texts: Sequence[str]) -> FloatArray:
        return self.encode_queries(texts)


def history(n: int) -> list[Exchange]:
    """Messages about subjects; the reply shares no word with them, but always follows the same subject."""
    return [
        Exchange(
            exchange_id=f"e{number}",
            message=f"{OPENINGS[number % len(OPENINGS)]} {SUBJECTS[number % len(SUBJECTS)]} nummer {number}",
            reply=f"we gaan {REPLIES[number % len(SUBJECTS)]} zaak {number}",
            intent=SUBJECTS[number % len(SUBJECTS)],
            conversation_id=f"c{number // 2}",
        )
        for number in range(n)
    ]


class TestExamples:
    WORDS = OneHot(("geld", "post", "dag", "bank", "nu"))

    def test_messages_belong_to_their_reply_and_to_their_intent(self) -> None:
        lines = [
            Exchange(exchange_id="1", message="geld", reply="bank", intent="money"),
            Exchange(exchange_id="2", message="geld nu", answer_id="pay", intent="money"),
            Exchange(exchange_id="3", message="post geld", reply="post", intent="mail"),
            Exchange(exchange_id="4", message="dag", intent=OUT_OF_SCOPE),
        ]
        knowledge = KnowledgeBase([Answer(answer_id="pay", text="nu bank", language="nl")])
        found = examples(lines, knowledge, self.WORDS, PREFIXES, seed=1)
        assert found == (
            Example("query: geld", "passage: bank", "passage: post"),
            Example("query: geld nu", "passage: nu bank", "passage: post"),
            Example("query: post geld", "passage: post", "passage: nu bank"),
            Example("query: geld", "query: geld nu", "query: dag"),
            Example("query: geld nu", "query: geld", "query: dag"),
        )

    def test_what_says_the_same_is_no_negative(self) -> None:
        lines = [
            Exchange(exchange_id=str(number), message="geld", reply=reply)
            for number, reply in enumerate(("geld bank", "bank geld", "dag"))
        ]
        found = examples(lines, KnowledgeBase(()), self.WORDS, PREFIXES, seed=1)
        assert [example.negative for example in found] == ["passage: dag", "passage: dag", "passage: geld bank"]

    def test_nothing_in_common_teaches_nothing(self) -> None:
        lines = [Exchange(exchange_id="1", message="geld", intent="money"), Exchange(exchange_id="2", message="dag")]
        assert examples(lines, KnowledgeBase(()), self.WORDS, PREFIXES, seed=1) == ()


def test_reciprocal_rank_counts_equal_texts_once() -> None:
    vectors = np.eye(3, dtype=np.float32)
    assert reciprocal_rank(vectors, vectors, ["a", "b", "c"]) == 1
    assert reciprocal_rank(vectors[[1, 1, 2]], vectors, ["a", "b", "c"]) == pytest.approx((1 / 2 + 1 + 1) / 3)
    assert reciprocal_rank(vectors[[0, 0]], vectors[[0, 0]], ["a", "a"]) == 1


class TestComparison:
    def test_a_gain_must_be_more_than_chance(self) -> None:
        frozen = np.zeros(100)
        assert Comparison(frozen, np.ones(100)).better
        assert not Comparison(frozen, frozen).better
        assert not Comparison(frozen, -np.ones(100)).better
        mixed = np.concatenate([np.ones(51), -np.ones(49)])
        assert not Comparison(frozen, mixed).better
        assert Comparison(frozen, mixed).figures == {"fine_tuning.frozen": 0.0, "fine_tuning.tuned": 0.02}


def test_no_conversation_is_in_two_parts() -> None:
    division = Division.of(history(400), seed=1)
    parts = [{line.conversation_id for line in part} for part in (division.taught, division.watched, division.unseen)]
    assert [len(part) for part in parts] == [139, 21, 40]
    assert len(set.union(*parts)) == 200


class TestTrainable:
    def test_a_graph_alone_cannot_be_taught(self, tmp_path: Path) -> None:
        with pytest.raises(EncoderError, match="ONNX graph, which cannot be fine-tuned"):
            trainable(str(tmp_path))

    def test_names(self, model: Path) -> None:
        assert trainable("hub:example/name") == "example/name"
        assert trainable(str(model)) == str(model)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A transformer of two small layers, with random weights, that knows the words of `history`."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.base.modules import Transformer
    from sentence_transformers.sentence_transformer.modules import Pooling
    from tokenizers import Tokenizer, models, pre_tokenizers, processors
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast, set_seed

    set_seed(1)
    folder = tmp_path_factory.mktemp("tuning")
    words = sorted({word for line in history(400) for word in f"{line.message} {line.reply}".split()})
    vocabulary = {word: number for number, word in enumerate(["<pad>", "<unk>", "<s>", *words])}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    tokenizer.post_processor = processors.TemplateProcessing(single="<s> $A", special_tokens=[("<s>", 2)])
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token="<pad>",
        unk_token="<unk>",
        model_input_names=["input_ids", "attention_mask"],
    ).save_pretrained(folder / "bert")
    config = BertConfig(
        vocab_size=len(vocabulary), hidden_size=32, num_hidden_layers=2, num_attention_heads=2, intermediate_size=64
    )
    BertModel(config).save_pretrained(folder / "bert")
    transformer = Transformer(str(folder / "bert"), max_seq_length=32)
    modules = [transformer, Pooling(transformer.get_embedding_dimension(), pooling_mode="mean")]
    SentenceTransformer(modules=modules, device="cpu").save(str(folder / "small"), create_model_card=False)
    return folder / "small"


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[Path]:
    with workplace(tmp_path), threadpool_limits(1):
        yield tmp_path / "cache"


TAUGHT = tuple(
    Example(f"{SUBJECTS[n % 8]} nummer {n}", f"{REPLIES[n % 8]} zaak {n}", f"{REPLIES[(n + 1) % 8]} zaak {n}")
    for n in range(64)
)
QUICK = Recipe(epochs=3, batch=16, rate=3e-3, upper_layers=1, max_tokens=16)


@needs_accelerate
class TestTeach:
    def test_only_the_upper_layers_learn_and_a_result_is_not_taught_again(self, model: Path, cache: Path) -> None:
        from sentence_transformers import SentenceTransformer

        taught = teach(str(model), "small-tuned", TAUGHT[:48], TAUGHT[48:], QUICK, cache, seed=1)
        assert taught.name == "small-tuned"
        assert [path.name for path in taught.parent.iterdir()] == ["small-tuned"]  # no checkpoints are left
        before, after = (dict(SentenceTransformer(str(m), device="cpu").named_parameters()) for m in (model, taught))
        changed = {name for name in before if not before[name].equal(after[name])}
        assert changed
        assert all(".layer.1." in name for name in changed)
        stamp = (taught / "modules.json").stat().st_mtime_ns
        assert teach(str(model), "small-tuned", TAUGHT[:48], TAUGHT[48:], QUICK, cache, seed=1) == taught
        assert (taught / "modules.json").stat().st_mtime_ns == stamp
        other = teach(str(model), "small-tuned", TAUGHT[:48], TAUGHT[48:], replace(QUICK, epochs=1), cache, seed=1)
        assert other.parent != taught.parent

    def test_it_goes_on_where_it_was_broken_off(
        self, model: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from sentence_transformers import SentenceTransformer

        save, saved = SentenceTransformer.save, list[str]()

        def broken(self: SentenceTransformer, path: str, **options: object) -> None:
            saved.append(Path(path).name)
            if len(saved) == 2:
                raise KeyboardInterrupt
            save(self, path, **options)  # type: ignore[arg-type]

        monkeypatch.setattr(SentenceTransformer, "save", broken)
        with pytest.raises(KeyboardInterrupt):
            teach(str(model), "small-tuned", TAUGHT[:48], TAUGHT[48:], QUICK, cache, seed=1)
        (home,) = cache.iterdir()
        assert {path.name for path in (home / "checkpoints").glob("checkpoint-*")} == {"checkpoint-3", "checkpoint-6"}
        taught = teach(str(model), "small-tuned", TAUGHT[:48], TAUGHT[48:], QUICK, cache, seed=1)
        assert saved == ["checkpoint-3", "checkpoint-6", "checkpoint-6", "checkpoint-9", "unfinished"]
        assert list(home.iterdir()) == [taught]


@needs_accelerate
def test_the_better_encoder_is_chosen_and_said(model: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = TrainingData(tuple(history(400)), KnowledgeBase(()), Brand(), "", ())
    said: list[str] = []
    recipe = replace(QUICK, upper_layers=2)
    choice = choose_encoders(data, str(model), Options(), said.append, recipe)
    figures = choice.comparison.figures
    assert len(choice.comparison.frozen) == 80 >= MIN_DECIDING
    assert 0 <= figures["fine_tuning.frozen"] <= 1
    assert ("fine-tuned" in str(choice.encoders[0])) == choice.comparison.better
    assert said[0].startswith("fine-tune the encoder on ")
    assert f"{figures['fine_tuning.tuned']:.3f} fine-tuned; " in said[-1]

    # The other outcome, with what was taught above: the encoder that was there stays.
    monkeypatch.setattr(trial, "right", lambda *_: np.zeros(80))
    kept = choose_encoders(data, str(model), Options(), said.append, recipe)
    assert "small-fine-tuned" not in str(kept.encoders[0])
    assert said[-1].endswith("no better, so the frozen encoder stays")


class TestCommand:
    def test_what_was_compared_stands_in_the_manifest(
        self, tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        files = write_files(tmp_path / "files", history_rows(), answer_rows())
        comparison = Comparison(np.array([0.0, 1.0]), np.array([0.0, 0.5]))
        monkeypatch.setattr(trial, "choose_encoders", lambda *_: Choice((files.encoder,), comparison))
        ended = training("fit", *files.arguments, "--fine-tune", "--no-mlflow", "--out", tmp_path / "bundle")
        assert ended.code == 0, ended.stderr
        figures = read_manifest(tmp_path / "bundle").figures
        assert (figures["fine_tuning.frozen"], figures["fine_tuning.tuned"]) == (0.5, 0.25)
        assert "| fine_tuning.tuned | 0.250 |" in (tmp_path / "bundle" / LAYOUT.card).read_text(encoding="utf-8")

    def test_an_encoder_that_cannot_be_taught_is_an_error(self, tmp_path: Path, cache: Path) -> None:
        files = write_files(tmp_path / "files", history_rows(), answer_rows())
        ended = training("fit", *files.arguments, "--fine-tune", "--no-mlflow", "--out", tmp_path / "bundle")
        assert ended.code == 1
        assert "ONNX graph, which cannot be fine-tuned" in ended.said
        assert not (tmp_path / "bundle").exists()


def test_a_history_that_cannot_decide_is_refused(model: Path, cache: Path) -> None:
    data = TrainingData(tuple(history(40)), KnowledgeBase(()), Brand(), "", ())
    with pytest.raises(EncoderError, match=r"8 exchanges are left to decide .* leave out --fine-tune"):
        choose_encoders(data, str(model), Options(), lambda _: None)
