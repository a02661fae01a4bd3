"""`doctor`: what it says is what is so, with a vault and without; and it opens nothing."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from notekeeper.domain.protection import Protection, State, WorkerLimits
from notekeeper.isolation import landlock
from notekeeper.services import computer, doctor, own_processes
from tests.cli.driver import Done, InProcess, Program, snapshot

LINUX = sys.platform.startswith("linux")


def states(done: Done) -> dict[str, str]:
    return {one["name"]: one["state"] for one in done.json["protections"]}


def test_a_process_of_its_own_has_what_this_system_gives(program: Program) -> None:
    before = snapshot(program.vault)
    done = program.run("doctor", "--json", passphrase="not the passphrase")
    found = states(done)
    assert done.err == ""
    assert done.code == (1 if done.json["to_do"] else 0)
    ours = ["Memory after a crash", "New files", "Models", "The vault's files", "The vault's place"]
    ours += ["Onlookers", "Network", "Foreign libraries"] if LINUX else []
    ours += ["Models' processes"] if landlock.version() else []
    assert {name: found[name] for name in ours} == dict.fromkeys(ours, "active")
    assert all(one["meaning"].endswith(".") for one in done.json["protections"])
    assert {"Swap", "Disk encryption", "Terminal", "Backups", "Age of the program", "Foreign libraries"} <= set(found)
    assert snapshot(program.vault) == before


def test_without_a_vault_it_says_so_and_makes_none(tmp_path: Path) -> None:
    program = Program(tmp_path / "room")
    done = program.run("doctor")
    assert "UNKNOWN  The vault's files: There is no vault" in done.out
    assert "UNKNOWN  Backups: There is no vault yet" in done.out
    assert not program.vault.exists()


def test_what_was_not_given_up_is_told_with_what_to_do(quick: InProcess) -> None:
    """Run within the tests' own process, which gave nothing up."""
    done = quick.run("doctor")
    assert done.code == 1
    assert "ABSENT   Network: Nothing but notekeeper's own code" in done.out
    assert "What to do: Start notekeeper by its own command" in done.out


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps no owner-only mode bits")
def test_the_vaults_files_are_looked_at_one_by_one(program: Program, tmp_path: Path) -> None:
    assert doctor.vault_files(program.vault).state is State.ACTIVE
    (program.vault / "header").chmod(0o640)
    told = doctor.vault_files(program.vault)
    assert told.wanting
    assert "header" in told.meaning
    subprocess.run(["sh", "-c", told.advice], check=True)
    assert doctor.vault_files(program.vault).state is State.ACTIVE
    (program.vault / "vault.db-wal").unlink(missing_ok=True)
    (program.vault / "vault.db-wal").symlink_to(tmp_path / "elsewhere")
    assert "vault.db-wal is a link" in doctor.vault_files(program.vault).meaning


def test_a_backup_is_told_by_its_day(quick: InProcess) -> None:
    assert doctor.backup(quick.vault, None).advice == "notekeeper backup now"
    quick.json("backup", "now")
    done = quick.run("doctor", "--json")
    told = next(one for one in done.json["protections"] if one["name"] == "Backups")
    newest = max(path.name for path in (quick.vault / "backups").iterdir() if path.name[0].isdigit())
    assert told["state"] == "active"
    assert newest[:4] in told["meaning"]


def test_a_damaged_model_is_named(program: Program, tmp_path: Path) -> None:
    there = tmp_path / "models" / "starter-words" / "SmolLM2-135M-Instruct.Q4_1.gguf"
    there.parent.mkdir(parents=True)
    there.write_bytes(b"GGUF")
    other = Program(program.room, more={"NOTEKEEPER_MODELS": str(tmp_path / "models")})
    done = other.run("doctor", "--json")
    assert states(done)["Models"] == "absent"
    assert "Models" in done.json["to_do"]


@pytest.mark.skipif(not LINUX, reason="what macOS and Windows load is named otherwise")
def test_a_library_put_into_it_is_told(program: Program) -> None:
    other = Program(program.room, more={"LD_PRELOAD": "libc.so.6"})
    assert states(other.run("doctor", "--json"))["Foreign libraries"] == "partly"


LIMITS = WorkerLimits(
    core_dumps_off=True,
    onlookers_refused=True,
    filtered=True,
    landlock=7,
    reads_a_stranger=False,
    writes=False,
    python_socket=False,
    native_socket=False,
)


@pytest.mark.parametrize(
    ("found", "state"),
    [
        (LIMITS, State.ACTIVE),
        (None, State.UNKNOWN),
        (replace(LIMITS, landlock=0, reads_a_stranger=True), State.PARTLY),
        (replace(LIMITS, writes=True), State.PARTLY),
        (replace(LIMITS, native_socket=True), State.ABSENT),
        (replace(LIMITS, python_socket=True), State.ABSENT),
    ],
)
def test_what_a_worker_could_do_decides_and_not_what_it_asked_for(found: WorkerLimits | None, state: State) -> None:
    assert own_processes.workers(found).state is state


@pytest.mark.skipif(not LINUX, reason="swap and disks are listed that way by Linux")
def test_swap_and_disk_are_told_as_the_system_lists_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An invented /sys and /proc of a laptop: an encrypted root below LVM, a plain partition, zram."""
    system = tmp_path / "sys"
    for name in ("dm-0", "dm-1", "sda2", "zram0"):
        (system / name).mkdir(parents=True)
    (system / "dm-0" / "dm").mkdir()
    (system / "dm-0" / "dm" / "uuid").write_text("CRYPT-LUKS2-0000-root")
    (system / "dm-1" / "slaves").mkdir()
    (system / "dm-1" / "slaves" / "dm-0").symlink_to(system / "dm-0")
    monkeypatch.setattr(computer, "_device", lambda source: _there(system / Path(source).name))
    monkeypatch.setattr(computer, "_mounted", lambda _: ("/dev/dm-1", "ext4"))
    assert computer.disk(tmp_path).state is State.ACTIVE
    monkeypatch.setattr(computer, "_mounted", lambda _: ("/dev/sda2", "ext4"))
    assert computer.disk(tmp_path).wanting
    monkeypatch.setattr(computer, "_mounted", lambda _: ("overlay", "overlay"))
    assert computer.disk(tmp_path).state is State.UNKNOWN

    def swaps(*places: str) -> Protection:
        rows = "Filename\tType\tSize\tUsed\tPriority\n" + "".join(f"{p} partition 1 0 -2\n" for p in places)
        (tmp_path / "swaps").write_text(rows)
        monkeypatch.setattr(computer, "_SWAPS", tmp_path / "swaps")
        return computer.swap()

    assert swaps().state is State.ACTIVE
    assert "zram" in swaps("/dev/zram0").meaning
    assert swaps("/dev/dm-1").state is State.ACTIVE
    told = swaps("/dev/dm-1", "/dev/sda2")
    assert told.wanting
    assert "sda2" in told.meaning


def _there(path: Path) -> Path | None:
    return path if path.exists() else None


def test_a_terminal_that_keeps_what_was_shown_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TMUX", "STY", "SSH_CONNECTION"):
        monkeypatch.delenv(name, raising=False)
    assert computer.terminal().state is State.ACTIVE
    monkeypatch.setenv("TMUX", "/somewhere")
    monkeypatch.setenv("SSH_CONNECTION", "192.0.2.1")
    assert "tmux and SSH" in computer.terminal().meaning
