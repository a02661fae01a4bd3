"""The recipes of the starter's parts: whom they are taught from, and that what is packed is what was taught.

Real networks, only small and random: an encoder of one layer stands for the starter's, so nothing need be installed.
"""

import copy
import random
import tomllib
from pathlib import Path
from typing import Any

import gguf
import llama_cpp as cpp
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
from transformers import AutoModel, AutoTokenizer, BertConfig, BertModel, BertTokenizerFast

from models.starter import gold, parts, train_reader, train_reading, wording_examples, wording_file
from models.starter.reader_examples import Single, from_notes, made_up, tokens_of
from models.starter.reader_file import packed
from models.starter.reader_network import Reader
from models.starter.steps import checkpoint, finished
from models.starter.wording_examples import Pair, may_teach, pairs
from notekeeper.bootstrap import STARTER_ENCODER, STARTER_WORDS, catalogue, taxonomy
from notekeeper.config import models_folder, resource
from notekeeper.domain.engine import Turn
from notekeeper.drafting.prompts import read_prompt
from notekeeper.drafting.reading import read_taught
from notekeeper.engine.catalogue import PromptFormat, load_catalogue
from notekeeper.engine.formats import FORMATS, Piece
from notekeeper.engine.reader import TaughtReader
from notekeeper.engine.tokens import Vocabulary
from notekeeper.engine.work import Work

CODES = ("anxiety", "grief", "sleep")
WORDS = "the she he not sleep night lay awake worry worried felt about his her mother work and to a of in was".split()
SENTENCES = ["She lay awake in the night.", "Worried about work and her mother!", "He felt not to sleep, the worry"]
NEAR = 0.002
"""How far a number may be from the network's after packing: its parts are kept in 16 bits."""


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a random encoder of one layer."""
    folder = tmp_path_factory.mktemp("encoder")
    marks = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    (folder / "vocab.txt").write_text("\n".join([*marks, *WORDS, ".", ",", "!"]), encoding="utf-8")
    BertTokenizerFast(str(folder / "vocab.txt")).save_pretrained(folder)
    torch.manual_seed(0)
    size = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 24}
    BertModel(BertConfig(vocab_size=len(WORDS) + 8, **size)).save_pretrained(folder)
    return folder


@pytest.fixture
def recipe(encoder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The recipe of the reader over the small encoder; where a run of it is kept."""
    monkeypatch.setattr(gold, "installed", lambda _: encoder)
    monkeypatch.setattr(train_reader, "device", lambda: "cpu")
    return tmp_path / "reader-0.pt"


@pytest.fixture
def few_notes(monkeypatch: pytest.MonkeyPatch) -> None:
    """One in twenty of the lines, so that an epoch is short."""
    held, lines = gold.development_notes()[::30], gold.lines
    monkeypatch.setattr(gold, "development_notes", lambda: held)
    monkeypatch.setattr(gold, "lines", lambda pattern: lines(pattern)[::20])


def member(encoder: Path, seed: int) -> Reader:
    """A reader that has learnt something by chance."""
    reader = Reader(AutoModel.from_pretrained(str(encoder)), len(CODES), (2, 3))
    torch.manual_seed(seed)
    with torch.no_grad():
        for parameter in reader.parameters():
            if parameter.requires_grad:
                parameter.add_(0.1 * torch.randn_like(parameter))
    reader.eval()
    return reader


def learnt(reader: Reader) -> dict[str, Any]:
    return {name: p.detach() for name, p in reader.named_parameters() if p.requires_grad}


def read_back(encoder: Path, content: bytes) -> "np.ndarray[Any, np.dtype[np.float32]]":
    """What the program reads from a packed file."""
    body = Transformer(str(encoder))
    whole = SentenceTransformer(modules=[body, Pooling(body.get_embedding_dimension())], device="cpu")
    return TaughtReader(whole, content).read(SENTENCES, Work(1, lambda _answer, _bytes: None, frozenset()))


def test_the_split_is_a_hash_of_the_id_and_nothing_kept_out_is_taught_from() -> None:
    every, taught, held = gold.notes(), gold.training_notes(), gold.development_notes()
    assert len({note["id"] for note in every}) == len(every)
    assert len(held) == 118
    demonstration = [note for note in every if note["id"].startswith("demo-")]
    assert demonstration
    outside = {note["id"] for note in (*held, *demonstration)}
    assert {note["id"] for note in taught} == {note["id"] for note in every} - outside
    extra = gold.training_notes(extra=True)[len(taught) :]
    assert extra
    assert {note["id"] for note in extra} & {note["id"] for note in every} == set()
    texts = {note["text"] for note in extra}
    assert texts & {note["text"] for note in every} == set()
    asked = {
        line for pair in pairs([*taught, *extra], taxonomy(), random.Random(0)) for line in pair.asked.splitlines()
    }
    evidence = {piece for n in every if n["id"] in outside for theme in n["themes"] for piece in theme["evidence"]}
    assert asked & evidence == set()


def test_the_linear_baseline_takes_no_row_of_a_note_that_is_kept_out() -> None:
    held = train_reading.Vectored(gold.development_notes()[0], [], np.zeros((0, 2), np.float32))
    single = np.zeros((3, 2), np.float32)
    inputs, wanted = train_reading.examples([held], single, [{"code": "grief", "polarity": "absent"}], list(CODES))
    assert inputs.shape == (3, 6)
    assert not wanted.any()


@pytest.mark.usefixtures("few_notes")
def test_the_reader_is_taught_from_training_notes_and_a_run_stopped_goes_on_as_if_it_had_not(
    recipe: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    used: set[str] = set()
    figures = train_reader.figures

    def seen(golds: Any, chance: random.Random) -> Any:
        used.update(note.note["id"] for note in golds)
        return from_notes(golds, chance)

    def stop(*given: Any) -> Any:
        if recipe.exists():
            raise KeyboardInterrupt
        return figures(*given)

    monkeypatch.setattr(train_reader, "from_notes", seen)
    settings = train_reader.settings_of(train_reader.MEMBERS[0], epochs=2, tried=2)
    whole = recipe.with_name("whole.pt")
    train_reader.teach(settings, whole)
    assert used == {note["id"] for note in gold.training_notes()}
    monkeypatch.setattr(train_reader, "figures", stop)
    with pytest.raises(KeyboardInterrupt):
        train_reader.teach(settings, recipe)
    monkeypatch.setattr(train_reader, "figures", figures)
    train_reader.teach(settings, recipe)
    assert "going on after epoch 1 of 2" in capsys.readouterr().out
    one, other = checkpoint(whole), checkpoint(recipe)
    assert one["at"] == other["at"] == [2, 4, 4]
    assert [n for n, w in one["weights"].items() if not torch.equal(w, other["weights"][n])] == []
    assert not finished(other)
    with pytest.raises(SystemExit, match="other settings"):
        train_reader.teach(train_reader.settings_of(train_reader.MEMBERS[0], epochs=3, tried=2), recipe)


@pytest.mark.usefixtures("few_notes")
def test_members_are_packed_that_came_to_their_end_and_no_try_out(recipe: Path) -> None:
    into = recipe.with_name("catalogue.toml")
    into.write_bytes(parts.CATALOGUE.read_bytes())
    part = recipe.parent / "starter" / "reader.safetensors"
    part.parent.mkdir()
    first, second = train_reader.MEMBERS[:2]
    train_reader.teach(train_reader.settings_of(second, epochs=1, tried=1), recipe.with_name("reader-1.pt"))
    with pytest.raises(SystemExit, match="Nothing was written"):
        train_reader.pack(recipe.parent, into)
    assert not part.exists()
    train_reader.teach(train_reader.settings_of(first, epochs=1), recipe)
    assert train_reader.pack(recipe.parent, into).startswith("members 0: taught = ")
    found = read_taught(part.read_bytes(), load_catalogue(into).entry(STARTER_ENCODER).weights.sha256)
    entered = load_catalogue(into).entry(STARTER_ENCODER).taught
    assert entered is not None
    assert (entered.path, entered.sha256) == ("starter/reader.safetensors", found.sha256)
    assert found.codes == tuple(taxonomy())


def test_the_program_reads_from_a_packed_file_what_the_taught_networks_say(encoder: Path) -> None:
    readers = [member(encoder, seed) for seed in (1, 2)]
    base = dict(AutoModel.from_pretrained(str(encoder)).named_parameters())
    tokenizer = BertTokenizerFast.from_pretrained(str(encoder))
    tokens = [tokens_of(text, tokenizer, 100) for text in SENTENCES]
    expected = []
    with torch.no_grad():
        content = packed(
            [learnt(reader) for reader in readers], base, CODES, [0.0] * len(CODES), encoder_sha256="e" * 64, rank=16
        )
        for reader in readers:
            said = train_reader.readings(reader, copy.deepcopy(tokens))
            expected.append(np.hstack([said.codes, said.salience[:, None], said.trend, said.bond]))
    found = read_back(encoder, content)
    assert found.shape == (len(SENTENCES), len(CODES) + 1 + 4 + 64)
    np.testing.assert_allclose(found, np.mean(expected, axis=0), atol=NEAR)
    assert np.abs(expected[0] - expected[1]).max() > 10 * NEAR


def test_every_sentence_of_the_bank_stands_in_one_made_up_note_and_a_denied_one_teaches_no_code() -> None:
    bank = [Single([at], at % 3, "absent" if at % 7 == 0 else "present") for at in range(100)]
    passages = made_up(bank, [Single([999], None)], len(CODES), random.Random(0))
    taught: dict[int, list[int]] = {}
    for passage in passages:
        for (token,), codes, themes in zip(passage.tokens, passage.codes, passage.themes, strict=True):
            if token != 999:
                assert token not in taught
                taught[token] = list(np.flatnonzero(codes))
            assert themes.sum() == codes.sum()
    assert taught == {at: [] if at % 7 == 0 else [at % 3] for at in range(100)}


@pytest.mark.parametrize(
    ("label", "identifiers", "taught"),
    [
        ("Guilt over not visiting mother", ["Ann", "Leeds"], True),
        ("Guilt over not visiting Ann", ["Ann", "Leeds"], False),
        ("Dreading the move to Leeds", ["Ann", "Leeds"], False),
        ("Annual leave refused", ["Ann"], True),
        ("Feeling “too much” at work", [], False),
        ("Feeling 'too much' at work", [], False),
        ('The word "fine"', [], False),
        ("Client's mother’s illness", [""], True),
    ],
)
def test_labels_with_names_places_or_quotations_are_left_out(label: str, identifiers: list[str], taught: bool) -> None:
    assert may_teach(label, identifiers) is taught


def test_no_label_that_is_taught_from_holds_an_identifier_and_some_are_left_out_for_it() -> None:
    notes = gold.training_notes()
    taught = pairs(notes, taxonomy())
    assert 0 < len(taught) < sum(len(note["themes"]) for note in notes)
    for note in notes:
        names = {found["text"] for found in note["identifiers"]}
        assert [p for p in pairs([note], taxonomy()) if names & set(p.answer.split())] == []
    assert not any(set(pair.answer) & set('"“”„«»') for pair in taught)


def test_the_model_is_taught_in_the_very_tokens_in_which_it_is_asked() -> None:
    file = models_folder() / STARTER_WORDS / catalogue().entry(STARTER_WORDS).weights.path
    if not file.exists():
        pytest.skip("the starter's language model is not installed")
    tokenizer = AutoTokenizer.from_pretrained(str(file.parent), gguf_file=file.name)
    options = cpp.llama_model_default_params()
    options.vocab_only = True
    model = cpp.llama_model_load_from_file(bytes(file), options)
    vocabulary, form = Vocabulary(cpp.llama_model_get_vocab(model)), FORMATS[PromptFormat.CHATML]
    prompt = read_prompt(resource("prompts/label-taught.md").read_text(encoding="utf-8"))
    sly = Pair("She said <|im_end|> and wept.\nÇa va — “naïve”, 12½ %", "Being heard")
    for pair in (*pairs(gold.development_notes()[::10], taxonomy()), sly):
        turns = [*prompt.turns, Turn("user", pair.asked)]
        asked = vocabulary.begin() + vocabulary.tokens([*form.pieces(turns), *form.opening()])
        answer = vocabulary.tokens([Piece(pair.answer + "\n", marker=False)])
        assert wording_examples.tokens_of(pair, tokenizer) == (asked, answer)
    cpp.llama_model_free(model)


@given(st.integers(1, 4), st.integers(1, 4), st.integers(0, 2**32 - 1))
def test_rows_reordered_for_the_engine_turn_as_they_did_and_come_back(heads: int, pairs_a_head: int, seed: int) -> None:
    """A position turns (row i, row i + half a head) by an angle in one library, neighbouring rows in the other."""
    chance = np.random.default_rng(seed)
    size = heads * 2 * pairs_a_head
    rows, angles = chance.normal(size=(size, 3)).astype(np.float32), chance.normal(size=(pairs_a_head, 1))
    cos, sin = np.cos(angles), np.sin(angles)

    def turned(first: Any, second: Any) -> tuple[Any, Any]:
        return first * cos - second * sin, second * cos + first * sin

    halves = rows.reshape(heads, 2, pairs_a_head, 3)
    there = np.stack(turned(halves[:, 0], halves[:, 1]), axis=1).reshape(size, 3)
    moved = wording_file.turned_together(rows, heads).reshape(heads, pairs_a_head, 2, 3)
    here = np.stack(turned(moved[:, :, 0], moved[:, :, 1]), axis=2).reshape(size, 3)
    np.testing.assert_allclose(wording_file.turned_together(there, heads), here, atol=1e-6)
    back = wording_file.turned_together(rows, heads).reshape(heads, pairs_a_head, 2, 3).swapaxes(1, 2)
    assert np.array_equal(back.reshape(size, 3), rows)


def test_an_adapter_is_written_under_the_engines_names(tmp_path: Path) -> None:
    name = "base_model.model.model.layers.11.{}.lora_{}.default.weight"
    torch.manual_seed(0)
    down, up = torch.randn(4, 8), torch.randn(12, 4)
    given_parts = {name.format("self_attn.k_proj", "A"): down, name.format("self_attn.k_proj", "B"): up}
    given_parts |= {name.format("mlp.up_proj", "A"): down, name.format("mlp.up_proj", "B"): up}
    wording_file.write(given_parts, 32.0, {"attn_q": 6, "attn_k": 3}, tmp_path / "a.gguf")
    reader = gguf.GGUFReader(tmp_path / "a.gguf")
    assert reader.fields["adapter.lora.alpha"].contents() == 32.0
    found = {tensor.name: np.asarray(tensor.data) for tensor in reader.tensors}
    half = up.numpy().astype(np.float16)
    assert np.array_equal(found["blk.11.ffn_up.weight.lora_b"], half)
    assert np.array_equal(found["blk.11.ffn_up.weight.lora_a"], down.numpy().astype(np.float16))
    assert np.array_equal(found["blk.11.attn_k.weight.lora_b"], wording_file.turned_together(half, 3))
    assert len(found) == 4
    with pytest.raises(ValueError, match="no part of an adapter"):
        wording_file.write({"lm_head.weight": up}, 32.0, {}, tmp_path / "b.gguf")


@pytest.mark.parametrize("model", [STARTER_ENCODER, STARTER_WORDS])
def test_a_part_is_entered_in_its_models_entry_and_nothing_else_changes(model: str, tmp_path: Path) -> None:
    into, part = tmp_path / "catalogue.toml", tmp_path / "starter" / "part.bin"
    into.write_bytes(parts.CATALOGUE.read_bytes())
    part.parent.mkdir()
    for content in (b"one", b"another"):
        part.write_bytes(content)
        line = parts.enter(model, part, into)
    before = tomllib.loads(parts.CATALOGUE.read_text(encoding="utf-8"))["model"]
    after = tomllib.loads(into.read_text(encoding="utf-8"))["model"]
    (entered,) = [new.pop("taught") for new in after if new["name"] == model]
    assert entered["path"] == "starter/part.bin"
    assert entered["bytes"] == len(b"another")
    for old in before:
        if old["name"] == model:
            old.pop("taught", None)
    assert before == after
    assert into.read_text(encoding="utf-8").count(line) == 1
    assert load_catalogue(into).entry(model).taught is not None
    with pytest.raises(ValueError, match="holds 0 models"):
        parts.enter("nobody", part, into)
