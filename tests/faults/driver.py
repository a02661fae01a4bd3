"""Runs the journey under a failing disk, once for each operation; run by the tests as a process that has the shim.

`driver WALK VAULT FOLDER RECOVERY-KEY MOST` spoils copies of VAULT in FOLDER. Prints a line `tries survived`, and
before it a line for each try that did not go as it must.
"""

import os
import shutil
import signal
import sys
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from notekeeper.domain.vault import Vault
from notekeeper.errors import VaultError, VaultWriteError
from notekeeper.vault import unlock_with_recovery_key
from tests.faults.failing import Disk, Fault
from tests.faults.journeys import STEPS, Step, must_hold
from tests.vault.killing import spread


@dataclass(frozen=True)
class Room:
    """A copy of the vault to be spoilt."""

    first: Path
    room: Path
    key: str

    @property
    def path(self) -> Path:
        return self.room / "disk" / "practice.vault"

    def fresh(self) -> None:
        shutil.rmtree(self.room, ignore_errors=True)
        shutil.copytree(self.first, self.path)
        os.environ["NOTEKEEPER_STATE"] = str(self.room / "state")

    def open(self) -> Vault:
        return unlock_with_recovery_key(self.path, self.key)

    def must_hold(self, acknowledged: list[str]) -> None:
        vault = self.open()
        try:
            must_hold(vault, acknowledged)
        finally:
            vault.close()


def must(holds: bool, sentence: str) -> None:
    """Raise `AssertionError` with the sentence unless it holds."""
    if not holds:
        raise AssertionError(sentence)


def say_to(pipe: int, name: str) -> None:
    """Acknowledge: what was written into a pipe is there when the writer is killed."""
    os.write(pipe, f"{name}\n".encode())


def journey(room: Room, say: Callable[[str], None]) -> None:
    vault = room.open()
    say("unlocked")
    for step in STEPS:
        step.do(vault)
        say(step.name)
    vault.close()
    say("closed")


def operations(room: Room, disk: Disk) -> int:
    """How many operations the journey takes."""
    room.fresh()
    disk.begin(room.path, Fault.NONE, 0)
    journey(room, lambda _: None)
    disk.end()
    return disk.seen()


def killed(room: Room, disk: Disk, fault: Fault, at: int, do: Callable[[Callable[[str], None]], None]) -> list[str]:
    """The acknowledgments of a child process that is killed at that operation."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            disk.begin(room.path, fault, at)
            do(lambda name: say_to(writing, name))
            code = 0
        finally:
            traceback.print_exc()
            os._exit(code)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as pipe:
        said = pipe.read().splitlines()
    status = os.waitpid(child, 0)[1]
    must(os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL, f"not killed but ended with {status}")
    return said


def kills(room: Room, disk: Disk, most: int, fault: Fault) -> Iterable[tuple[str, Callable[[], None]]]:
    for at in spread(operations(room, disk), most):

        def attempt(at: int = at) -> None:
            room.fresh()
            room.must_hold(killed(room, disk, fault, at, lambda say: journey(room, say)))

        yield f"{fault.name} at {at}", attempt


def kills_while_recovering(room: Room, disk: Disk, most: int) -> Iterable[tuple[str, Callable[[], None]]]:
    """What a crash left is unlocked, and that is killed at each operation; and once more."""
    last = operations(room, disk)
    room.fresh()
    crashed = room.room.with_name("crashed")
    shutil.rmtree(crashed, ignore_errors=True)
    acknowledged = killed(room, disk, Fault.KILL, last - 8, lambda say: journey(room, say))
    shutil.copytree(room.room, crashed)
    disk.begin(room.path, Fault.NONE, 0)
    room.open().close()
    disk.end()

    def unlocking(say: Callable[[str], None]) -> None:
        room.open().close()
        say("closed")

    for at in spread(disk.seen(), most):

        def attempt(at: int = at) -> None:
            shutil.rmtree(room.room)
            shutil.copytree(crashed, room.room)
            killed(room, disk, Fault.KILL, at, unlocking)
            with_second = max(1, at // 2)
            killed_or_done(room, disk, with_second, unlocking)
            room.must_hold(acknowledged)

        yield f"recovery killed at {at}", attempt


def killed_or_done(room: Room, disk: Disk, at: int, do: Callable[[Callable[[str], None]], None]) -> None:
    """As `killed`; a vault that the first kill left nearly done may be done before."""
    try:
        killed(room, disk, Fault.KILL, at, do)
    except AssertionError as error:
        must("ended with 0" in str(error), str(error))


def failures(
    room: Room, disk: Disk, most: int, fault: Fault, *, lasting: bool
) -> Iterable[tuple[str, Callable[[], None]]]:
    """The fault strikes one operation, or all from one on; when it is gone, the same process goes on."""
    for at in spread(operations(room, disk), most):

        def attempt(at: int = at) -> None:
            room.fresh()
            disk.begin(room.path, fault, at, lasting=lasting)
            try:
                told = _through(room, disk)
            finally:
                disk.end()
            room.must_hold(told)

        yield f"{fault.name}{' lasting' if lasting else ''} at {at}", attempt


def _through(room: Room, disk: Disk) -> list[str]:
    """The journey, in which a step that is refused is taken again with the fault gone."""
    try:
        vault = room.open()
    except VaultError as error:
        must(isinstance(error, VaultWriteError), f"unlocking said {type(error).__name__}: {error}")
        disk.end()
        vault = room.open()
    told: list[str] = []
    for step in STEPS:
        _taken(vault, step, disk, told)
        told.append(step.name)
    vault.close()
    return told


def _taken(vault: Vault, step: Step, disk: Disk, told: list[str]) -> None:
    try:
        step.do(vault)
    except VaultError as error:
        must(isinstance(error, VaultWriteError), f"{step.name} said {type(error).__name__}: {error}")
        disk.end()
        must_hold(vault, told)
        _again(vault, step, error)


def _again(vault: Vault, step: Step, error: VaultError) -> None:
    """What the sentence says: a change that was not kept is made again, one that may have been is looked for first."""
    unsure = "may or may not" in str(error)
    must(unsure or "not kept" in str(error), str(error))
    if not (unsure and step.holds(vault)):
        step.do(vault)
    must(step.holds(vault), f"{step.name} was made again and is not there")


def pulled(room: Room, disk: Disk, most: int) -> Iterable[tuple[str, Callable[[], None]]]:
    """A stick is pulled out at an operation and plugged in again; the step is retried, or the vault unlocked anew."""
    for at in spread(operations(room, disk), most):

        def attempt(at: int = at) -> None:
            room.fresh()
            disk.begin(room.path, Fault.PULLED, at)
            try:
                told = _through_pulled(room, disk, again=bool(at % 2))
            finally:
                disk.plug_in()
            room.must_hold(told)

        yield f"pulled at {at}", attempt


def _through_pulled(room: Room, disk: Disk, *, again: bool) -> list[str]:
    told: list[str] = []
    try:
        vault = room.open()
    except VaultError:
        disk.plug_in()
        vault = room.open()
    for step in STEPS:
        try:
            step.do(vault)
        except VaultError as error:
            must(isinstance(error, VaultWriteError), f"{step.name} said {type(error).__name__}: {error}")
            try:
                step.do(vault)
            except VaultWriteError as second:
                must("plug it in" in str(second), str(second))
            else:
                raise AssertionError("a write went through while the disk was out") from None
            if again:
                vault.close()
                disk.plug_in()
                vault = room.open()
            else:
                disk.plug_in()
            must_hold(vault, told)
            _again(vault, step, error)
        told.append(step.name)
    vault.close()
    return told


WALKS: dict[str, Callable[[Room, Disk, int], Iterable[tuple[str, Callable[[], None]]]]] = {
    "kill": lambda room, disk, most: kills(room, disk, most, Fault.KILL),
    "torn": lambda room, disk, most: kills(room, disk, most, Fault.TORN),
    "recovery": kills_while_recovering,
    "io-error": lambda room, disk, most: failures(room, disk, most, Fault.IO_ERROR, lasting=False),
    "io-errors": lambda room, disk, most: failures(room, disk, most, Fault.IO_ERROR, lasting=True),
    "full": lambda room, disk, most: failures(room, disk, most, Fault.DISK_FULL, lasting=True),
    "read-only": lambda room, disk, most: failures(room, disk, most, Fault.READ_ONLY, lasting=True),
    "short": lambda room, disk, most: failures(room, disk, most, Fault.SHORT, lasting=True),
    "pulled": pulled,
}


def main(walk: str, vault: str, folder: str, key: str, most: str) -> None:
    """Try each, and print what did not go well."""
    room, disk = Room(Path(vault), Path(folder) / walk, key), Disk()
    tries = survived = 0
    for name, attempt in WALKS[walk](room, disk, int(most)):
        tries += 1
        try:
            attempt()
        except Exception as error:  # noqa: BLE001 - whatever it was, it is told, and the others are tried
            disk.plug_in()
            where = traceback.extract_tb(error.__traceback__)[-1]
            print(f"{name}: {type(error).__name__}: {error} ({Path(where.filename).name}:{where.lineno})")
        else:
            survived += 1
    print(tries, survived)


if __name__ == "__main__":
    main(*sys.argv[1:])
