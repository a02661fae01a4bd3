"""A vault on a disk that fails: a therapist's work is killed, torn, refused or cut off at operation after operation.

The C shim counts every open, read, write, sync, rename and removal in the vault's folder and spoils the n-th. What
always holds: what was acknowledged is there, nothing is half there, and `verify` finds no fault; a step that was
refused was refused as a write that was not kept, and goes through in the same process once the fault is gone.
"""

from pathlib import Path

import pytest

from tests.faults import failing
from tests.forms import many
from tests.lines import Tally
from tests.vault.conftest import first
from tests.vault.invented import Sealed

__all__ = ["first"]
WALKS = [
    pytest.param(("kill", many(25, 200)), id="killed", marks=pytest.mark.line(1)),
    pytest.param(("torn", many(20, 200)), id="killed in the middle of a write", marks=pytest.mark.line(1)),
    pytest.param(("recovery", many(12, 200)), id="killed while a crash is recovered", marks=pytest.mark.line(1)),
    pytest.param(("io-error", many(25, 2000)), id="one I/O error", marks=pytest.mark.line(12)),
    pytest.param(("io-errors", many(20, 2000)), id="I/O errors from then on", marks=pytest.mark.line(12)),
    pytest.param(("full", many(20, 2000)), id="disk full", marks=pytest.mark.line(12)),
    pytest.param(("read-only", many(15, 2000)), id="disk read-only", marks=pytest.mark.line(12)),
    pytest.param(("short", many(10, 2000)), id="short writes", marks=pytest.mark.line(12)),
    pytest.param(("pulled", many(20, 2000)), id="stick pulled and plugged in", marks=pytest.mark.line(12, 19)),
]


@pytest.fixture(scope="session")
def shim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return failing.compiled(tmp_path_factory.mktemp("shim"))


@pytest.mark.timeout(1500)
@pytest.mark.parametrize("walk", WALKS)
def test_nothing_acknowledged_is_lost(
    first: Sealed, shim: Path, tmp_path: Path, tally: Tally, walk: tuple[str, int]
) -> None:
    name, most = walk
    done = failing.run(shim, name, str(first.path), str(tmp_path), first.recovery_key, str(most))
    assert done.returncode == 0, done.stderr[-2000:]
    *told, last = done.stdout.splitlines()
    tries, survived = map(int, last.split())
    tally.add(tries, survived)
    assert tries >= min(most, 10)
    assert not told, "\n".join(told[:20])
    assert survived == tries
