"""Changing what opens a vault, killed at every step: the old way in or the new one opens and all is there.

Line 10 of docs/security.md. A child process changes and is killed at the n-th line that it runs in the vault's modules;
the short form kills where a file has just come, gone or been replaced, right before, and here and there between, the
long form at each line. Argon2id is stood in for by a quick hash here: what is killed are steps on files, and its half
second a try would buy nothing. `test_opening` changes passphrases with the real one.
"""

import itertools
import json
import os
import shutil
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from notekeeper.errors import WillError, WrongPassphraseError
from notekeeper.vault import (
    SqlVault,
    change_passphrase,
    create,
    header,
    new_key,
    new_recovery_key,
    split_recovery,
    unlock,
    unlock_with_recovery_key,
    withdraw_shares,
)
from notekeeper.vault.keys import printed
from notekeeper.vault.opening import unlock_by
from tests.forms import LONG
from tests.lines import Tally
from tests.vault.invented import PASSPHRASE, Sealed, add_client, add_note, hash_quickly
from tests.vault.killing import WATCHED, killed_at, lines_in, must_fork, spread

pytestmark = pytest.mark.line(10)
NEW = "copper harbour seventeen thistles"
TEXT = "She wrote about the allotment."
SECRET = bytes(range(20))
Way = Callable[[Path], SqlVault]


@pytest.fixture
def filled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sealed:
    """A vault with a saved note, whose passphrases cost little and whose new secrets are known beforehand."""
    must_fork()
    hash_quickly(monkeypatch)
    vault, key = create(tmp_path / "first.vault", PASSPHRASE)
    add_note(vault, add_client(vault), TEXT)
    vault.close()
    split_recovery(tmp_path / "first.vault", PASSPHRASE, 2, 3)
    known = new_shown_key()
    monkeypatch.setattr("notekeeper.vault.keyring.new_recovery_key", lambda: known)
    monkeypatch.setattr("notekeeper.vault.shares.new_secret", lambda: SECRET)
    return Sealed(tmp_path / "first.vault", key)


def new_shown_key() -> str:
    return printed(bytes(range(1, 21)))


@dataclass(frozen=True)
class Change:
    """A change, and the ways in of which exactly one of each pair opens afterwards."""

    make: Callable[[Path], object]
    pairs: Callable[[Sealed], list[tuple[Way, Way]]]
    stays: Callable[[Sealed], list[Way]]


def by_passphrase(passphrase: str) -> Way:
    return lambda path: unlock(path, passphrase)


def by_key(key: str) -> Way:
    return lambda path: unlock_with_recovery_key(path, key)


def by_shares(path: Path) -> SqlVault:
    return unlock_by(path, lambda found: header.key_by_shares(found, SECRET))


def confirmed(path: Path, *, whole: bool) -> None:
    with (new_key if whole else new_recovery_key)(path, PASSPHRASE) as prepared:
        prepared.confirm(prepared.shown)


CHANGES = {
    "passphrase": Change(
        lambda path: change_passphrase(path, PASSPHRASE, NEW),
        lambda _: [(by_passphrase(PASSPHRASE), by_passphrase(NEW))],
        lambda first: [by_key(first.recovery_key)],
    ),
    "recovery key": Change(
        lambda path: confirmed(path, whole=False),
        lambda first: [(by_key(first.recovery_key), by_key(new_shown_key()))],
        lambda _: [by_passphrase(PASSPHRASE)],
    ),
    "rekey": Change(
        lambda path: confirmed(path, whole=True),
        lambda first: [(by_key(first.recovery_key), by_key(new_shown_key()))],
        lambda _: [by_passphrase(PASSPHRASE)],
    ),
    "shares": Change(
        lambda path: split_recovery(path, PASSPHRASE, 2, 3),
        lambda _: [],
        lambda first: [by_passphrase(PASSPHRASE), by_key(first.recovery_key)],
    ),
    "no shares": Change(
        lambda path: withdraw_shares(path, PASSPHRASE),
        lambda _: [],
        lambda first: [by_passphrase(PASSPHRASE), by_key(first.recovery_key)],
    ),
}


def turns(action: Callable[[], object], folder: Path) -> list[int]:
    """The numbers of the lines before which a file of the folder came, went or was replaced, in a child process."""
    reading, writing = os.pipe()
    if os.fork() == 0:
        seen, found, before = 0, list[int](), set[tuple[str, int]]()

        def trace(frame: FrameType, event: str, _: Any) -> Any:
            nonlocal seen, before
            if WATCHED not in frame.f_code.co_filename:
                return None
            if event == "line":
                seen += 1
                now = {(entry.name, entry.inode()) for entry in os.scandir(folder)}
                if now != before:
                    found.append(seen)
                before = now
            return trace

        with suppress(BaseException):
            sys.settrace(trace)
            action()
            sys.settrace(None)
            os.write(writing, json.dumps(found).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read()
    os.wait()
    numbers: list[int] = json.loads(said)
    return numbers


def opens(way: Way, path: Path) -> bool:
    """Whether it opens; then everything is there and sound, and nothing lies about that does not belong."""
    try:
        vault = way(path)
    except (WrongPassphraseError, WillError):
        return False
    note = vault.notes.by_number(vault.clients.by_code("C014").id, 1)
    saved = vault.notes.latest(note.id)
    report = vault.verify()
    vault.close()
    assert saved is not None
    assert saved.text == TEXT
    assert report.problems == ()
    assert {part.name for part in path.iterdir()} <= {"vault.db", "header", "lock", "backups"}
    return True


@pytest.mark.parametrize("name", CHANGES)
def test_killed_at_any_step_one_way_in_of_old_and_new_opens_and_all_is_there(
    filled: Sealed, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tally: Tally
) -> None:
    change, path = CHANGES[name], tmp_path / "tried.vault"

    numbers = itertools.count()

    def anew() -> None:
        shutil.rmtree(path, ignore_errors=True)
        shutil.copytree(filled.path, path)
        monkeypatch.setenv("NOTEKEEPER_STATE", str(tmp_path / f"state-{next(numbers)}"))

    anew()
    lines = lines_in(lambda: change.make(path))
    anew()
    turned = turns(lambda: change.make(path), path)
    assert len(turned) > 3
    near = {line - before for line in turned for before in (0, 1) if line > 1}
    tried = range(1, lines + 1) if LONG else sorted(near | {*spread(lines, 12), lines})
    seen: set[bool] = set()
    for line in tried:
        anew()
        if not killed_at(line, lambda: change.make(path)):
            assert line > lines - 20, "the change ended long before"  # a line more or less for the hour of a mark
            continue
        tally.add(1, 0)
        for old, new in change.pairs(filled):
            by_old, by_new = opens(old, path), opens(new, path)
            assert by_old != by_new, f"killed at line {line} of {lines}"
            seen.add(by_new)
        assert all(opens(way, path) for way in change.stays(filled)), f"killed at line {line} of {lines}"
        if name == "shares":
            seen.add(opens(by_shares, path))
        tally.survived += 1
    if name != "no shares":
        assert seen == {False, True}, "the kills lay all before or all after the change"
