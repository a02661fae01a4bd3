"""The models folder: what is refused, what is placed, and what stays as it was."""

import hashlib
import os
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from notekeeper.engine.catalogue import Catalogue, Entry, ModelFile, load_catalogue
from notekeeper.engine.files import add_file, installed, open_checked, path_of, verify
from notekeeper.errors import EngineError, EngineMissingError, ModelRefusedError

pytestmark = pytest.mark.line(18)
GGUF = b"GGUF" + bytes(range(256)) * 8
SETTINGS = b'{"invented": true}'


def entry(**contents: bytes) -> Entry:
    """An invented model of the files given; a double underscore stands for a dot."""
    files = [
        {"path": name.replace("__", "."), "bytes": len(raw), "sha256": hashlib.sha256(raw).hexdigest()}
        for name, raw in contents.items()
    ]
    return Entry.model_validate(
        {
            "name": "invented",
            "kind": "language",
            "tier": "general",
            "prompt_format": "chatml",
            "files": files,
            "sources": [{"type": "package", "package": "invented", "version": "1.0", "folder": "inside"}],
            "licence": "none",
            "context": 128,
            "memory_gb": 1,
        }
    )


MODEL = entry(words__gguf=GGUF, settings__json=SETTINGS)
WORDS = MODEL.files[0]
CATALOGUE = Catalogue(model=(MODEL,))


def placed(folder: Path, raw: bytes = GGUF) -> Path:
    there = path_of(MODEL, WORDS, folder)
    there.parent.mkdir(parents=True, exist_ok=True)
    there.write_bytes(raw)
    return there


def test_the_right_file_is_opened_at_its_start(tmp_path: Path) -> None:
    placed(tmp_path)
    with open_checked(MODEL, WORDS, tmp_path) as opened:
        assert opened.read() == GGUF


@given(st.integers(0, len(GGUF) - 1), st.integers(1, 255))
def test_every_changed_byte_is_refused(tmp_path_factory: pytest.TempPathFactory, place: int, flip: int) -> None:
    folder = tmp_path_factory.mktemp("models")
    raw = bytearray(GGUF)
    raw[place] ^= flip
    placed(folder, bytes(raw))
    with pytest.raises(ModelRefusedError):
        open_checked(MODEL, WORDS, folder)


@pytest.mark.parametrize("raw", [b"", GGUF[:-1], GGUF + b"x", b"not a model at all"])
def test_other_lengths_are_refused(tmp_path: Path, raw: bytes) -> None:
    placed(tmp_path, raw)
    with pytest.raises(ModelRefusedError):
        open_checked(MODEL, WORDS, tmp_path)


def test_a_file_without_the_magic_is_refused_though_the_catalogue_names_it(tmp_path: Path) -> None:
    false = entry(words__gguf=b"PK" + GGUF)
    there = path_of(false, false.files[0], tmp_path)
    there.parent.mkdir(parents=True)
    there.write_bytes(b"PK" + GGUF)
    with pytest.raises(ModelRefusedError):
        open_checked(false, false.files[0], tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="making links needs a privilege on Windows")
def test_a_link_out_of_the_folder_is_refused_even_to_the_right_bytes(tmp_path: Path) -> None:
    outside = tmp_path / "outside.gguf"
    outside.write_bytes(GGUF)
    there = path_of(MODEL, WORDS, tmp_path / "models")
    there.parent.mkdir(parents=True)
    there.symlink_to(outside)
    with pytest.raises(ModelRefusedError):
        open_checked(MODEL, WORDS, tmp_path / "models")


def test_a_folder_or_a_pipe_in_place_of_a_file_is_refused(tmp_path: Path) -> None:
    there = path_of(MODEL, WORDS, tmp_path)
    there.mkdir(parents=True)
    with pytest.raises(ModelRefusedError):
        open_checked(MODEL, WORDS, tmp_path)
    if hasattr(os, "mkfifo"):
        there.rmdir()
        os.mkfifo(there)
        with pytest.raises(ModelRefusedError):
            open_checked(MODEL, WORDS, tmp_path)


def test_an_absent_file_says_how_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(EngineMissingError, match="notekeeper models fetch invented"):
        open_checked(MODEL, WORDS, tmp_path)


def test_verify_tells_right_from_wrong_and_missing(tmp_path: Path) -> None:
    assert [finding.state for finding in verify(MODEL, tmp_path)] == ["missing", "missing"]
    placed(tmp_path)
    assert [finding.state for finding in verify(MODEL, tmp_path)] == ["right", "missing"]
    placed(tmp_path, GGUF[::-1])
    seen: list[tuple[int, int]] = []
    assert [finding.state for finding in verify(MODEL, tmp_path, lambda *told: seen.append(told))] == [
        "wrong",
        "missing",
    ]


def test_a_file_from_a_stick_is_known_by_its_contents(tmp_path: Path) -> None:
    stick = tmp_path / "some name.bin"
    stick.write_bytes(GGUF)
    folder = tmp_path / "models"
    assert add_file(stick, CATALOGUE, folder) == (("invented", "words.gguf"),)
    there = path_of(MODEL, WORDS, folder)
    assert there.read_bytes() == GGUF
    assert [one.missing for one in installed(CATALOGUE, folder)] == [("settings.json",)]
    if sys.platform != "win32":
        assert there.stat().st_mode & 0o777 == 0o600
        assert there.parent.stat().st_mode & 0o777 == 0o700


def test_a_wheel_gives_its_members(tmp_path: Path) -> None:
    wheel = tmp_path / "invented-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("inside/words.gguf", GGUF)
        archive.writestr("inside/settings.json", SETTINGS)
        archive.writestr("../../escape.py", b"print('no')")
    assert len(add_file(wheel, CATALOGUE, tmp_path / "models")) == 2
    assert sorted(path.name for path in tmp_path.rglob("*") if path.is_file()) == [
        wheel.name,
        "settings.json",
        "words.gguf",
    ]


def test_a_wheel_with_a_changed_member_leaves_the_old_file(tmp_path: Path) -> None:
    there = placed(tmp_path / "models")
    wheel = tmp_path / "invented-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inside/words.gguf", GGUF[::-1])
    with pytest.raises(ModelRefusedError):
        add_file(wheel, CATALOGUE, tmp_path / "models")
    assert there.read_bytes() == GGUF
    assert [path.name for path in there.parent.iterdir()] == ["words.gguf"]


def test_unknown_and_unreadable_files_are_refused(tmp_path: Path) -> None:
    stick = tmp_path / "other.gguf"
    stick.write_bytes(b"GGUF of another model")
    with pytest.raises(ModelRefusedError):
        add_file(stick, CATALOGUE, tmp_path / "models")
    with pytest.raises(EngineError):
        add_file(tmp_path / "absent", CATALOGUE, tmp_path / "models")
    assert not (tmp_path / "models").exists()


@pytest.mark.parametrize("path", ["../out.gguf", "/etc/out", "a/../../b", "", "C:\\out", "a\\b"])
def test_a_path_of_the_catalogue_stays_inside(path: str) -> None:
    with pytest.raises(ValidationError):
        ModelFile(path=path, bytes=1, sha256="0" * 64)


def test_the_catalogue_holds_the_starter_and_says_so_when_it_is_damaged(catalogue: Catalogue, tmp_path: Path) -> None:
    assert [one.name for one in catalogue.entries("starter")] == ["starter-words", "starter-encoder"]
    assert all(len(one.files) == 1 for one in catalogue.model if one.kind == "language")
    with pytest.raises(EngineMissingError):
        catalogue.entries("no such model")
    damaged = tmp_path / "catalogue.toml"
    damaged.write_text("[[model]]\nname = 3\n", encoding="utf-8")
    with pytest.raises(EngineError):
        load_catalogue(damaged)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not let an open file be replaced")
def test_a_file_exchanged_after_it_was_checked_is_not_what_is_read(tmp_path: Path) -> None:
    there = placed(tmp_path)
    with open_checked(MODEL, WORDS, tmp_path) as opened:
        other = tmp_path / "other"
        other.write_bytes(GGUF[::-1])
        other.replace(there)
        assert opened.read() == GGUF
        by_name = Path(f"/proc/self/fd/{opened.fileno()}")
        if by_name.exists():  # the name by which llama.cpp and the encoder's library open it on Linux
            assert by_name.read_bytes() == GGUF
    with pytest.raises(ModelRefusedError):
        open_checked(MODEL, WORDS, tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="making links needs a privilege on Windows")
def test_a_file_goes_in_the_place_of_a_planted_link_and_not_through_it(tmp_path: Path) -> None:
    outside, stick = tmp_path / "outside", tmp_path / "stick"
    outside.write_bytes(b"untouched")
    stick.write_bytes(GGUF)
    there = path_of(MODEL, WORDS, tmp_path / "models")
    there.parent.mkdir(parents=True)
    there.symlink_to(outside)
    assert add_file(stick, CATALOGUE, tmp_path / "models") == (("invented", "words.gguf"),)
    assert outside.read_bytes() == b"untouched"
    assert not there.is_symlink()
    assert there.stat().st_mode & 0o777 == 0o600
