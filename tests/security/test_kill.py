"""kill -9 during saves, again and again: every text that was acknowledged is there, and the vault is whole."""

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from notekeeper.domain.note import NotePart
from notekeeper.vault import create, unlock_with_recovery_key
from tests.forms import many
from tests.lines import Tally
from tests.vault.invented import PASSPHRASE, add_client, add_note

ROUNDS = many(20, 200)
SEED = 1409
CHILD = """
import sys
from pathlib import Path
from notekeeper.domain.note import NotePart
from notekeeper.vault import unlock_with_recovery_key
vault = unlock_with_recovery_key(Path(sys.argv[1]), sys.argv[2])
note, start = sys.argv[3], int(sys.argv[4])
for number in range(start, start + 100_000):
    vault.notes.autosave(note, f"{number} " * (1 + number * 37 % 900))
    if number % 5 == 0:
        vault.notes.save(note, f"{number} saved", NotePart.PROCESS)
    print(number, flush=True)
"""


@pytest.mark.line(1)
@pytest.mark.timeout(many(180, 1500))
def test_nothing_acknowledged_is_lost(tmp_path: Path, tally: Tally) -> None:
    vault, recovery_key = create(tmp_path / "practice.vault", PASSPHRASE)
    note = add_note(vault, add_client(vault))
    vault.close()
    chance = random.Random(SEED)
    acknowledged, to_be_saved = 0, set[int]()
    for _ in range(ROUNDS):
        tally.add(1, 0)
        command = [sys.executable, "-c", CHILD, str(tmp_path / "practice.vault"), recovery_key, note.id]
        with subprocess.Popen(
            [*command, str(acknowledged + 1)],
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        ) as child:
            assert child.stdout is not None
            first = child.stdout.readline()
            time.sleep(chance.uniform(0, 0.15))
            child.kill()
            # What stands in the pipe was printed before the kill; a line cut in two was not acknowledged.
            lines = [first, *child.stdout.read().splitlines(keepends=True)]
        done = [int(line) for line in lines if line.endswith("\n")]
        acknowledged = done[-1]
        to_be_saved.update(n for n in done if n % 5 == 0)
        vault = unlock_with_recovery_key(tmp_path / "practice.vault", recovery_key)
        working = vault.notes.working(note.id)
        assert working is not None
        number = int(working.text.split()[0])
        # The one call that was under way may have ended before its acknowledgment.
        assert number in (acknowledged, acknowledged + 1)
        assert working.text == f"{number} " * (1 + number * 37 % 900)
        saved = {int(r.text.split()[0]) for r in vault.notes.revisions(note.id, NotePart.PROCESS)}
        assert to_be_saved <= saved
        assert vault.verify().problems == ()
        vault.close()
        acknowledged = number
        tally.add(0, 1)
    assert acknowledged > ROUNDS
