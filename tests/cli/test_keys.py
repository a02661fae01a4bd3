"""The commands for what opens a vault: a new recovery key, trying one, a new key for the vault, and shares."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pexpect
import pytest

from notekeeper.vault import keys, split_recovery, unlock
from tests.cli.driver import PASSPHRASE, InProcess, Program
from tests.vault.invented import Sealed

NEW = "copper ladder winter thistle"


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> str:
    """The recovery key that is made next."""
    key = keys.printed(bytes(range(1, 21)))
    monkeypatch.setattr("notekeeper.vault.keyring.new_recovery_key", lambda: key)
    return key


@pytest.mark.line(14)
def test_a_new_recovery_key_counts_when_it_was_typed_back(quick: InProcess, sealed: Sealed, known: str) -> None:
    other = quick.run("recovery", "new", passphrase=f"{PASSPHRASE}\n{sealed.recovery_key}")
    assert (other.code, known in other.out) == (13, True)
    assert "earlier one still holds" in other.err
    assert quick.run("recovery", "check", passphrase=sealed.recovery_key).code == 0
    assert quick.run("recovery", "new", passphrase=PASSPHRASE).code == 2  # nothing was typed back
    assert quick.run("recovery", "check", "--json", passphrase=sealed.recovery_key).json == {"opens": True}
    done = quick.run("recovery", "new", passphrase=f"{PASSPHRASE}\n{known.lower()}")
    assert (done.code, "from now on" in done.out) == (0, True)
    assert quick.run("recovery", "check", passphrase=sealed.recovery_key).code == 13
    assert quick.run("recovery", "check", passphrase=known).code == 0
    assert quick.run("passphrase", "reset", passphrase=f"{known}\n{NEW}").code == 0
    assert quick.run("client", "list", passphrase=NEW).code == 0


def test_a_new_key_for_the_vault_leaves_the_passphrase_and_ends_the_rest(
    quick: InProcess, sealed: Sealed, known: str
) -> None:
    shares = quick.run("shares", "make", "--needed", "2", "--count", "2", "--json", passphrase=PASSPHRASE).json[
        "shares"
    ]
    before = quick.run("note", "show", "C014/2", passphrase=PASSPHRASE).out
    done = quick.run("rekey", passphrase=f"{PASSPHRASE}\n{known}")
    assert (done.code, "every page was encrypted anew" in done.out) == (0, True)
    assert quick.run("note", "show", "C014/2", passphrase=PASSPHRASE).out == before
    assert quick.run("verify", passphrase=PASSPHRASE).code == 0
    assert quick.run("recovery", "check", passphrase=sealed.recovery_key).code == 13
    assert quick.run("passphrase", "reset", "--shares", passphrase="\n".join((*shares, "", NEW))).code == 41
    assert quick.run("passphrase", "reset", passphrase=f"{known}\n{NEW}").code == 0


@pytest.mark.line(14)
def test_shares_bring_back_a_lost_passphrase(quick: InProcess) -> None:
    done = quick.run("shares", "make", "--needed", "2", "--count", "3", passphrase=PASSPHRASE)
    assert done.code == 0
    listed = done.out.split("Share ")[1:]
    assert [part.split("\n")[0] for part in listed] == ["1 of 3", "2 of 3", "3 of 3"]
    made = [" ".join(part.split("\n\n")[0].split("\n")[1:]) for part in listed]
    assert {len(share.split()) for share in made} == {23}

    def reset(*typed: str) -> Any:
        return quick.run("passphrase", "reset", "--shares", passphrase="\n".join((*typed, "", NEW)))

    few = reset(made[2])
    assert (few.code, "1 more of the same set" in few.err) == (41, True)
    mistyped = reset(made[2], made[0].replace(made[0].split()[4], "xyz"))
    assert (mistyped.code, "Share 2" in mistyped.err) == (41, True)
    assert not any(word in mistyped.err.split() for word in made[0].split() if len(word) > 5)
    assert reset(made[2].upper(), f"  {made[0]}").code == 0
    assert quick.run("client", "list", passphrase=PASSPHRASE).code == 13
    assert quick.run("client", "list", passphrase=NEW).code == 0
    assert quick.run("shares", "withdraw", "--json", passphrase=NEW).json == {"withdrawn": True}
    assert "no shares" in quick.run("shares", "withdraw", passphrase=NEW).out
    assert reset(made[0], made[1]).code == 41
    for counts in (("1", "3"), ("3", "2"), ("2", "17")):
        assert quick.run("shares", "make", "--needed", counts[0], "--count", counts[1], passphrase=NEW).code == 2


def test_wrong_passphrases_are_delayed_with_a_code_of_their_own(quick: InProcess) -> None:
    for _ in range(3):
        assert quick.run("client", "list", passphrase=NEW).code == 13
    held = quick.run("client", "list", passphrase=PASSPHRASE)
    assert (held.code, "in a row" in held.err) == (21, True)
    (quick.vault / "attempts").unlink()
    assert quick.run("client", "list", passphrase=PASSPHRASE).code == 0


def test_a_program_reads_the_new_key_and_types_it_back(program: Program) -> None:
    """The key is not known beforehand: the second line of the descriptor answers the first line printed."""
    reading, writing = os.pipe()
    os.write(writing, PASSPHRASE.encode() + b"\n")
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "notekeeper",
            "--vault",
            program.vault,
            "--passphrase-fd",
            f"{reading}",
            "rekey",
            "--json",
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=program.work,
        env=program.environment(),
        pass_fds=(reading,),
    )
    os.close(reading)
    try:
        assert process.stdout is not None
        shown = json.loads(process.stdout.readline())["recovery_key"]
        os.write(writing, shown.encode() + b"\n")
        out, err = process.communicate(timeout=60)
    finally:
        os.close(writing)
        process.kill()
        process.wait()
    assert (process.returncode, json.loads(out), err) == (0, {"rekeyed": True}, b"")
    opened = Sealed(program.vault, shown).open()
    assert opened.log.entries()[-1].event == "vault.rekeyed"
    opened.close()


@pytest.fixture
def talk(program: Program) -> Callable[..., Any]:
    def started(*arguments: str) -> Any:
        return pexpect.spawn(
            sys.executable,
            ["-m", "notekeeper", "--vault", str(program.vault), *arguments],
            env={**program.environment(), "TERM": "xterm-256color"},
            cwd=str(program.work),
            encoding="utf-8",
            timeout=60,
            dimensions=(40, 400),
        )

    return started


def test_at_a_terminal_the_key_can_be_typed_again_and_is_not_shown_as_it_is_typed(
    talk: Callable[..., Any], sealed: Sealed
) -> None:
    child = talk("recovery", "new")
    child.expect("Passphrase")
    child.sendline(PASSPHRASE)
    child.expect(r"([0-9A-Z]{4}(?:-[0-9A-Z]{4}){8})")
    shown = child.match.group(1)
    child.expect("from your paper: ")
    child.sendline(sealed.recovery_key)
    child.expect("earlier one still")
    child.expect("from your paper: ")
    child.sendline(shown)
    child.expect(pexpect.EOF)
    assert shown not in child.before
    assert "from now on" in child.before
    Sealed(sealed.path, shown).open().close()


def test_at_a_terminal_a_mistyped_share_is_asked_for_again_and_enough_are_enough(
    talk: Callable[..., Any], sealed: Sealed
) -> None:
    made = split_recovery(sealed.path, PASSPHRASE, 2, 3)
    child = talk("passphrase", "reset", "--shares")
    for number, typed in ((1, made[1]), (2, made[2][:-3]), (2, made[1]), (2, made[2])):
        child.expect(f"Share {number} .*: ")
        child.sendline(typed)
    child.expect("New passphrase: ")
    child.sendline(NEW)
    child.expect("epeat.*: ")
    child.sendline(NEW)
    child.expect("from now on")
    child.expect(pexpect.EOF)
    unlock(sealed.path, NEW).close()


def test_an_older_copy_is_told_by_every_command_for_the_ways_in(quick: InProcess, sealed: Sealed, known: str) -> None:
    older = sealed.path.with_name("older")
    shutil.copytree(sealed.path, older)
    assert quick.run("client", "add", "C771", passphrase=PASSPHRASE).code == 0
    for words, typed in (
        (("passphrase", "change"), (PASSPHRASE, NEW)),
        (("passphrase", "reset"), (sealed.recovery_key, NEW)),
        (("shares", "make", "--needed", "2", "--count", "2"), (PASSPHRASE,)),
        (("shares", "withdraw"), (PASSPHRASE,)),
        (("recovery", "new"), (PASSPHRASE, known)),
        (("rekey",), (PASSPHRASE, known)),
    ):
        shutil.rmtree(sealed.path)
        shutil.copytree(older, sealed.path)
        done = quick.run(*words, passphrase="\n".join(typed))
        assert (words, done.code, "older copy" in done.err) == (words, 0, True)
