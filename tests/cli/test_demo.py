"""`demo` without a terminal: the whole job, marked as a demonstration, leaving nothing outside its own folder."""

import os
import re
from pathlib import Path

import pytest

from notekeeper.services.demonstration import PASSPHRASE
from tests.cli.driver import Done, InProcess, Program
from tests.cli.life import demonstration


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> tuple[Program, Done]:
    return demonstration(tmp_path_factory.mktemp("demo"))[:2]


def test_each_step_is_printed_in_order(shown: tuple[Program, Done]) -> None:
    _, done = shown
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("DEMONSTRATION")
    steps = ("1. Vault made", "2. Notes saved", "3. Draft of note", "4. Awaiting sign-off", "5. Theme", "6. Vault")
    places = [done.out.index(step) for step in steps]
    assert places == sorted(places)
    draft = done.out[places[2] : places[3]]
    assert re.search(r"^T1 +Theme: \w", draft, re.MULTILINE)
    assert re.search(r"^ +\| \w", draft, re.MULTILINE)
    assert "6. Vault verified: 0 problem(s)" in done.out


def test_all_that_was_written_lies_in_its_one_folder(shown: tuple[Program, Done]) -> None:
    program, _ = shown
    # Files alone: loading torch leaves an empty folder of its own among the temporary ones.
    files = [path.relative_to(program.room) for path in program.room.rglob("*") if path.is_file()]
    folders = {path.parts[:2] for path in files}
    assert len(folders) == 1
    top, name = folders.pop()
    assert (top, name.startswith("notekeeper-demonstration-")) == ("tmp", True)
    assert os.name != "posix" or (program.room / top / name).stat().st_mode & 0o077 == 0


def test_everything_is_marked_and_the_newest_session_is_left_to_a_person(shown: tuple[Program, Done]) -> None:
    ran, done = shown
    vault = next((ran.room / "tmp").glob("*/demonstration.vault"))
    inside = ("--vault", str(vault))
    looker = _Looker(ran, inside)
    clients = looker.json("client", "list")["clients"]
    assert clients
    assert all(client["demonstration"] for client in clients)
    code = clients[0]["client"]
    notes = looker.json("note", "list", code)["notes"]
    assert [note["signed"] for note in notes] == [True] * (len(notes) - 1) + [False]
    assert f"note {notes[-1]['note']}, the newest, is not signed" in done.out
    signed = looker.json("review", "list", notes[0]["note"])["signed"]
    assert signed["signer"]["name"] == "Demonstration"
    assert signed["demonstration"] is True
    assert signed["risk"]["state"] == "not_recorded"
    refused = looker.run("sign", notes[-1]["note"], "--attest")
    assert refused.code in (2, 3)
    page = next(Path(vault).parent.glob("*.html")).read_text(encoding="utf-8")
    report = next(Path(vault).parent.glob("*.json"))
    assert "DEMONSTRATION" in page.upper()
    assert "DEMONSTRATION" in looker.run("browse", str(report)).out.upper()


class _Looker(InProcess):
    """The program with the demonstration's own vault and passphrase."""

    def __init__(self, ran: Program, inside: tuple[str, ...]) -> None:
        super().__init__(ran.room, passphrase=PASSPHRASE)
        self._vault = Path(inside[1])

    @property
    def vault(self) -> Path:
        return self._vault
