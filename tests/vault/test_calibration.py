"""How hard a passphrase is made to guess: by the clock of this computer, within bounds that every reader knows."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notekeeper.vault import calibration, change_passphrase, header, keys
from notekeeper.vault.calibration import LEAST, MOST, cost_for, machine_memory
from notekeeper.vault.keys import FLOOR, KeyCost
from tests.vault.invented import PASSPHRASE, Sealed

GIB = 1 << 30
# Kept here, because tests/conftest.py gives every test the floor.
MEASURED = calibration.calibrated
NEW = "copper harbour seventeen thistles"


@pytest.mark.parametrize(
    ("seconds", "memory", "mib", "passes"),
    [
        (0.2, 16 * GIB, 256, 3),  # 0.8 s
        (0.26, 16 * GIB, 128, 3),  # 0.52 s; 256 MiB would take more than a second
        (0.05, 16 * GIB, 1024, 3),  # 0.8 s
        (0.001, 64 * GIB, 1024, 12),  # as fast as no computer is: every bound is reached
        (0.2, GIB, 256, 3),  # a quarter of one GiB
        (0.2, GIB // 2, 128, 4),  # 0.4 s at a quarter of 512 MiB; one more pass
        (0.2, 0, 64, 8),  # unknown memory: passes alone
        (0.1, GIB // 8, 64, 12),  # less than four times the floor: the floor, and passes to the most
        (3.0, 16 * GIB, 64, 3),  # a slow computer never goes below the floor
    ],
)
def test_memory_grows_first_and_then_passes(seconds: float, memory: int, mib: int, passes: int) -> None:
    assert cost_for(seconds, memory) == KeyCost(mib * 1024, passes, 4)


@given(st.floats(0, 30, allow_nan=False), st.integers(0, 1 << 45))
def test_every_cost_is_one_that_a_header_may_have_and_near_the_aim_where_the_bounds_allow(
    seconds: float, memory: int
) -> None:
    cost = cost_for(seconds, memory)  # KeyCost itself refuses what is out of bounds
    takes = seconds * (cost.memory_kib / FLOOR.memory_kib) * (cost.iterations / FLOOR.iterations)
    assert cost.memory_kib * 1024 * 4 <= max(memory, FLOOR.memory_kib * 1024 * 4)
    assert takes <= max(MOST, seconds) * 1.0001
    at_most = cost.iterations == keys.ITERATIONS_MOST
    assert takes >= LEAST * 0.9999 or at_most


def test_one_derivation_at_the_floor_is_timed(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[KeyCost] = []
    times: Iterator[float] = iter((10.0, 10.2))
    monkeypatch.setattr(keys, "passphrase_key", lambda *given: ran.append(given[2]))
    assert MEASURED(lambda: next(times), 16 * GIB) == KeyCost(262_144, 3, 4)
    assert ran == [FLOOR]


def test_this_computer_says_how_much_memory_it_has() -> None:
    assert GIB // 8 < machine_memory() < 1 << 45
    assert cost_for(0.0, machine_memory()).memory_kib * 1024 * 4 <= machine_memory()


def test_a_passphrase_set_here_is_calibrated_and_opens(sealed: Sealed, monkeypatch: pytest.MonkeyPatch) -> None:
    times: Iterator[float] = iter((10.0, 10.4))
    monkeypatch.setattr(calibration, "calibrated", lambda: MEASURED(lambda: next(times), 16 * GIB))
    change_passphrase(sealed.path, PASSPHRASE, NEW)
    slot = header.read(sealed.path / "header").passphrase
    assert (slot.memory_kib, slot.iterations) == (131_072, 3)
    change_passphrase_back = header.key_by_passphrase(header.read(sealed.path / "header"), NEW)
    assert change_passphrase_back.raw == sealed.key()


@pytest.mark.parametrize("wrong", [(65_535, 3, 4), (1_048_577, 3, 4), (65_536, 2, 4), (65_536, 13, 4), (65_536, 3, 17)])
def test_a_cost_out_of_bounds_cannot_be_made(wrong: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="bounds"):
        KeyCost(*wrong)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux holds a process to RLIMIT_AS")
def test_too_little_memory_for_a_header_is_said_and_the_recovery_key_still_opens(sealed: Sealed) -> None:
    path = sealed.path / "header"
    key = header.key_by_passphrase(header.read(path), PASSPHRASE)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(calibration, "calibrated", lambda: KeyCost(524_288, 3, 4))
        header.write(path, header.with_passphrase(header.read(path), key, PASSPHRASE))
    script = (
        "import resource, sys; from pathlib import Path; from notekeeper import vault\n"
        "resource.setrlimit(resource.RLIMIT_AS, (400 << 20, 400 << 20))\n"
        "try:\n    vault.unlock(Path(sys.argv[1]), sys.argv[2])\n"
        "except Exception as error:\n    print(type(error).__name__, error)\n"
        "vault.unlock_with_recovery_key(Path(sys.argv[1]), sys.argv[3]).close(); print('opened')\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", script, str(sealed.path), PASSPHRASE, sealed.recovery_key],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert run.stdout.startswith("VaultError Trying the passphrase takes 512 MiB of memory")
    assert run.stdout.endswith("opened\n")
    assert not Path(sealed.path / "attempts").exists()
