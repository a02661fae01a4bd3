"""A vault with a few notes, made once; every test gets a copy of it and a room of its own."""

import json
import os
import shutil
from pathlib import Path

import pytest

from tests.cli import life as lives
from tests.cli.driver import InProcess, Program
from tests.vault.invented import Sealed, drafted

SIGNED, UNSIGNED, DRAFTED, EMPTY = "C014/1", "C014/2", "D100/1", "C014/3"
FORM = {
    "focus": "The empty house",
    "themes": [{"label": "Quiet after moving", "sentences": [1]}],
    "risk": {"state": "not_asked"},
}


@pytest.fixture(scope="session", autouse=True)
def _descriptors() -> None:
    if os.name != "posix":
        pytest.skip("these tests hand the passphrase over by a file descriptor, which Windows does not pass on")


@pytest.fixture(scope="session")
def life(tmp_path_factory: pytest.TempPathFactory) -> lives.Life:
    return lives.once(tmp_path_factory.mktemp("life"))


@pytest.fixture(scope="session")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[InProcess, str]:
    """One signed note, one unsigned, one drafted whose text was then changed, one entry without saved text."""
    program = InProcess(tmp_path_factory.mktemp("first"))
    key: str = program.json("init")["recovery_key"]
    program.json("signer", "--name", "A. Invented")
    program.json("client", "add", "C014")
    program.json("note", "add", "C014", "--date", "2026-03-04", given="The house is quiet now.")
    program.json("finish", SIGNED, "-", given=json.dumps(FORM))
    program.json("sign", SIGNED, "--attest")
    program.json("note", "add", "C014", "--date", "2026-03-11", given="He walked to the sea and back.")
    vault = Sealed(program.vault, key).open()
    drafted(vault, vault.clients.add("D100"), "She sold the piano.", "modelword")
    vault.close()
    return program, key


@pytest.fixture
def program(first: tuple[InProcess, str], tmp_path: Path) -> Program:
    """The program with a copy of the first vault."""
    made = Program(tmp_path / "room")
    shutil.copytree(first[0].vault, made.vault)
    return made


@pytest.fixture
def quick(first: tuple[InProcess, str], tmp_path: Path) -> InProcess:
    """The same, run within the test's own process, the vault opened by its recovery key."""
    made = InProcess(tmp_path / "room", key=first[1])
    shutil.copytree(first[0].vault, made.vault)
    return made


@pytest.fixture
def sealed(first: tuple[InProcess, str], tmp_path: Path) -> Sealed:
    """The copy that `program` or `quick` has, to be opened by the test itself."""
    return Sealed(tmp_path / "room" / "own.vault", first[1])
