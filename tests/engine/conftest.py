"""The models and the two worker processes that the engine's tests share."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from notekeeper.engine.catalogue import Catalogue, Entry, load_catalogue
from notekeeper.engine.client import EncoderClient, WordingClient
from notekeeper.engine.files import missing_files

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """The project's own catalogue."""
    return load_catalogue(ROOT / "models" / "catalogue.toml")


@pytest.fixture(scope="session")
def models(catalogue: Catalogue) -> Path:
    """The models folder, with both starter models in it."""
    folder = Path(os.environ.get("NOTEKEEPER_MODELS") or ROOT / "models" / "weights")
    for name in ("starter-words", "starter-encoder"):
        if missing_files(catalogue.entry(name), folder):
            pytest.fail("The starter models are not in place. Run: make setup")
    return folder


@pytest.fixture(scope="session")
def words_entry(catalogue: Catalogue) -> Entry:
    """The starter's language model."""
    return catalogue.entry("starter-words")


@pytest.fixture(scope="session")
def encoder_entry(catalogue: Catalogue) -> Entry:
    """The starter's encoder."""
    return catalogue.entry("starter-encoder")


@pytest.fixture(scope="session")
def words(words_entry: Entry, models: Path) -> Iterator[WordingClient]:
    """One wording worker for the tests that leave it as they found it."""
    client = WordingClient(words_entry, models)
    yield client
    client.close()


@pytest.fixture(scope="session")
def encoder(encoder_entry: Entry, models: Path) -> Iterator[EncoderClient]:
    """One encoder worker, since loading it takes seconds."""
    client = EncoderClient(encoder_entry, models)
    client.warm()
    yield client
    client.close()
