"""Rare words of a note, its passphrase and its recovery key, looked for in every file after use, kills and failures.

Owns the promise that no plaintext of a note is on the disk outside what the therapist asked to be written, and that
nothing of it is printed by a command that was not asked to show it.
"""

import base64
import gzip
import os
import pty
import signal
import subprocess
import sys
import time
import zlib
from contextlib import suppress
from pathlib import Path

import pytest

from tests.cli.driver import PASSPHRASE, Program
from tests.cli.life import CANARIES, RISK_WORDS, Life
from tests.lines import Tally
from tests.tui.terminal import F2, F12, Terminal, terminal

pytestmark = pytest.mark.line(4)
STREAMED = "tarnwhistle"
UNLUCKY = "gorsepenny"
TYPED = "Thornquillet"
# Commands that are asked to show a note's words or items.
SHOWING = {"draft", "review", "finish", "sign", "search", "suggest"}
FAILING = """
import notekeeper.services.writing as writing
def check_text(text):
    words = text + " in a local variable"
    raise RuntimeError(f"could not keep {text}")
writing.check_text = check_text
"""


@pytest.fixture(scope="module")
def used(life: Life) -> Life:
    """The life, and then what goes wrong in it: a worker killed in mid-draft, typing killed, an unexpected error; and
    the app in its terminal, where settings are chosen, text is typed, locked over, and typed again until it is killed.
    """
    program = Program(life.program.room, history=list(life.program.history))
    program.json("note", "add", "C014", "--date", "2026-03-11", given=f"She heard the {UNLUCKY} bird. She lay awake.")
    _kill_the_worker(program)
    _kill_the_typing(program)
    _fail(program)
    _lock_and_kill_the_app(program)
    return Life(program, life.sealed, life.steps)


def _children(pid: int) -> list[int]:
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for task in tasks for child in task.read_text().split()]


def _kill_the_worker(program: Program) -> None:
    """kill -9 of both workers as soon as the progress line says that the note is being worded."""
    ours, theirs = pty.openpty()
    try:
        with program.started("draft", "C014/2", "--json", stderr=theirs) as process:
            seen = b""
            while b"wording" not in seen:
                assert process.poll() is None, seen
                seen += os.read(ours, 4096)
            for child in _children(process.pid):
                os.kill(child, signal.SIGKILL)
            assert process.stdout is not None
            out = process.stdout.read()
            process.wait(60)
            os.set_blocking(ours, False)
            with suppress(BlockingIOError):
                seen += os.read(ours, 65536)
            done = program.remember(("note", "killed draft"), process.returncode, out, seen)
    finally:
        os.close(ours)
        os.close(theirs)
    assert (done.code, done.out) == (33, ""), done
    assert "untouched" in done.err


def _kill_the_typing(program: Program) -> None:
    with program.started("note", "write", "C014", "--json") as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(f"She heard the {STREAMED} again. {PASSPHRASE[::-1]}\n".encode())
        process.stdin.flush()
        line = process.stdout.readline()
        process.kill()
        out, err = process.communicate()
        program.remember(("note", "write"), process.returncode, line + out, err)
    assert STREAMED in program.json("note", "show", "C014/3", "--unsaved")["text"]


def _fail(program: Program) -> None:
    folder = program.room.parent / "failing"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(FAILING)
    path = f"{folder}:{program.environment()['PYTHONPATH']}"
    failing = Program(program.room, more={"PYTHONPATH": path}, history=program.history)
    done = failing.run("note", "add", "C014", given=f"The {UNLUCKY} bird again.")
    assert done.code == 70
    assert "RuntimeError" in done.err
    assert len(done.err.splitlines()) == 1


def _lock_and_kill_the_app(program: Program) -> None:
    with terminal(program) as shown:
        _unlock_and_type(shown)
        shown.type(F12)
        shown.see("\x1b[3J")
        _unlock_and_type(shown)
        os.kill(shown.pid, signal.SIGKILL)
        assert shown.end() == -signal.SIGKILL
    save_settings(program)


def _unlock_and_type(shown: Terminal) -> None:
    shown.see("Passphrase")
    shown.type(PASSPHRASE + "\r")
    shown.see("Caseload")
    shown.see("Monday")
    shown.type(F2)
    shown.see("registration")
    shown.type(TYPED)
    shown.see(TYPED)


def save_settings(program: Program) -> None:
    """As the settings page does, in a process with the program's own folders."""
    code = "from notekeeper.services.preferences import *; assert save_preferences(Preferences(idle_minutes=2))"
    subprocess.run([sys.executable, "-c", code], env=program.environment(), check=True)


def _shapes(secret: str) -> dict[str, bytes]:
    """The bytes a secret could have on the disk; of base64 what is the same wherever it starts."""
    raw = secret.encode()
    shapes = {"UTF-8": raw, "UTF-16 LE": secret.encode("utf-16-le"), "UTF-16 BE": secret.encode("utf-16-be")}
    for shift in range(3):
        coded = base64.b64encode(b"\0" * shift + raw)
        shapes[f"base64 from {shift}"] = coded[4 if shift else 0 : -4]
    return {**shapes, "hex": raw.hex().encode()}


def _opened(raw: bytes) -> bytes:
    """`raw`, and what is in it when it is compressed."""
    unpacked = [raw]
    for unpack in (gzip.decompress, zlib.decompress):
        try:
            unpacked.append(unpack(raw))
        except (OSError, EOFError, zlib.error):
            continue
    return b"\n".join(unpacked)


def test_no_file_holds_a_word_of_the_note_or_a_key(used: Life, tally: Tally) -> None:
    room = used.program.room
    files = [path for path in room.rglob("*") if path.is_file()]
    assert {"vault.db", "header", "about.json", "full.json", "full.html"} <= {path.name for path in files}
    assert {"home/config", "home/state"} <= {"/".join(path.relative_to(room).parts[:2]) for path in files}
    key = used.sealed.recovery_key
    secrets = (*CANARIES, STREAMED, UNLUCKY, TYPED, PASSPHRASE, key, key.replace("-", ""), used.sealed.key().hex())
    tally.add(len(files))
    for path in files:
        raw = _opened(path.read_bytes())
        for secret in secrets:
            for shape, sought in _shapes(secret).items():
                assert sought not in raw, f"{secret[:4]}… as {shape} in {path.relative_to(room)}"
        assert used.sealed.key() not in raw
    # The risk entry is in the one report that was asked to hold it, and nowhere else.
    with_risk = {path.name for path in files if RISK_WORDS.encode() in path.read_bytes()}
    assert with_risk == {"full.json", "full.html"}


def test_the_search_itself_finds_what_is_there() -> None:
    secret = CANARIES[0]
    found = [_opened(gzip.compress(f"so {secret} so".encode())), base64.b64encode(f"so the {secret} so".encode())]
    found += [f"so {secret}".encode("utf-16"), zlib.compress(secret.encode())]
    for raw in found:
        assert any(sought in _opened(raw) for sought in _shapes(secret).values())


def test_nothing_is_printed_by_a_command_that_was_not_asked_to_show_it(used: Life) -> None:
    assert len(used.program.history) > 25
    key = used.sealed.recovery_key
    for done in used.program.history:
        printed = done.out + done.err
        assert PASSPHRASE not in printed
        assert "Traceback" not in printed
        if done.arguments[0] != "init":
            assert key not in printed
            assert key.replace("-", "") not in printed
        if done.arguments[0] not in SHOWING and done.arguments[:2] != ("note", "show"):
            assert not [word for word in (*CANARIES, STREAMED, UNLUCKY) if word in printed], done.arguments


def test_the_vault_is_whole_after_all_of_it(used: Life) -> None:
    program = used.program
    assert program.json("verify")["sound"] is True
    notes = program.json("note", "list", "C014")["notes"]
    assert [(note["note"], note["draft"], note["unsaved_text"]) for note in notes[1:]] == [
        ("C014/2", False, False),
        ("C014/3", False, True),
    ]
    assert program.json("note", "recover", "C014/3")["revision"] == 1


def test_what_the_engine_is_given_is_not_in_its_environment_or_arguments(used: Life) -> None:
    """A process list is readable by others: nothing of a note goes into an argument or an environment variable."""
    program = used.program
    with program.started("note", "write", "C014", "--json") as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(f"The {STREAMED} once more.\n".encode())
        process.stdin.flush()
        process.stdout.readline()
        time.sleep(0.05)
        for name in ("cmdline", "environ"):
            told = Path(f"/proc/{process.pid}/{name}")
            if not os.access(told, os.R_OK):
                assert name == "environ"  # the process refuses onlookers, and only root may still look
                continue
            raw = told.read_bytes()
            assert STREAMED.encode() not in raw
            assert PASSPHRASE.encode() not in raw
        listed = subprocess.run(["ps", "-o", "args=", "-p", str(process.pid)], capture_output=True, check=False).stdout
        assert PASSPHRASE.encode() not in listed
