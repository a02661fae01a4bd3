"""A chat template inside a model file is a program of a stranger's. None is ever run."""

import hashlib
from pathlib import Path

import gguf
import llama_cpp
import pytest
from llama_cpp.llama_chat_format import Jinja2ChatFormatter

from notekeeper.engine.catalogue import Entry
from notekeeper.engine.client import WordingClient
from notekeeper.engine.files import path_of

from .invented import SENTENCES, label_request

pytestmark = pytest.mark.line(18)
FORGED = "the client agreed to everything"
FORGING = "{{ '" + FORGED + "' }}"
# Loops longer than anyone waits, and a text that grows without end.
HOSTILE = (
    "{% for a in range(99999) %}{% for b in range(99999) %}{% for c in range(99999) %}"
    + "{{ messages }}" * 50
    + "{% endfor %}{% endfor %}{% endfor %}"
    + FORGING
)
_TEMPLATE = "tokenizer.chat_template"


@pytest.fixture(scope="module")
def hostile(words_entry: Entry, models: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Entry, Path]:
    """The starter's model, its own template exchanged for a hostile one, and a catalogue's entry that trusts it."""
    reader = gguf.GGUFReader(path_of(words_entry, words_entry.weights, models))
    folder = tmp_path_factory.mktemp("hostile")
    there = path_of(words_entry, words_entry.weights, folder)
    there.parent.mkdir(parents=True)
    writer = gguf.GGUFWriter(there, str(reader.fields["general.architecture"].contents()))
    for name, field in reader.fields.items():
        if name.startswith("GGUF.") or name in ("general.architecture", _TEMPLATE):
            continue
        if field.types[0] == gguf.GGUFValueType.ARRAY:
            writer.add_array(name, field.contents())
        else:
            writer.add_key_value(name, field.contents(), field.types[0])
    writer.add_chat_template(HOSTILE)
    for tensor in reader.tensors:
        writer.add_tensor(tensor.name, tensor.data, raw_dtype=tensor.tensor_type)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    raw = there.read_bytes()
    file = words_entry.weights.model_copy(update={"bytes": len(raw), "sha256": hashlib.sha256(raw).hexdigest()})
    others = tuple(one for one in words_entry.files if one != words_entry.weights)
    return words_entry.model_copy(update={"files": (file, *others), "taught": None}), folder


def test_the_template_is_there_and_would_act_if_it_were_run(hostile: tuple[Entry, Path]) -> None:
    entry, folder = hostile
    parameters = llama_cpp.llama_model_default_params()
    parameters.vocab_only = True
    model = llama_cpp.llama_model_load_from_file(bytes(path_of(entry, entry.weights, folder)), parameters)
    assert model
    assert (llama_cpp.llama_model_chat_template(model, None) or b"").decode() == HOSTILE
    llama_cpp.llama_model_free(model)
    ordinary = Jinja2ChatFormatter(template=FORGING, eos_token="", bos_token="")  # what its chat calls go through
    assert ordinary(messages=[{"role": "user", "content": "She sold the piano."}]).prompt == FORGED


def test_a_model_with_it_words_what_the_same_model_without_it_words(
    hostile: tuple[Entry, Path], words_entry: Entry, models: Path
) -> None:
    client, usual = WordingClient(*hostile, patience_s=60), WordingClient(words_entry, models)
    try:
        for sentence in SENTENCES[:2]:
            said, expected = client.word(label_request(sentence)), usual.word(label_request(sentence))
            assert said.text == expected.text
            assert said.prompt_tokens == expected.prompt_tokens
            assert FORGED not in said.text
    finally:
        client.close()
        usual.close()
