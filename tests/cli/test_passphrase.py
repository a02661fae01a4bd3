"""The passphrase changed, and a lost one replaced by the recovery key: the way back that init promises."""

from pathlib import Path

from tests.cli.driver import PASSPHRASE, InProcess

NEW, NEWER = "copper ladder winter thistle", "amber causeway seldom gravel"


def test_a_lost_passphrase_is_replaced_by_the_recovery_key(tmp_path: Path) -> None:
    program = InProcess(tmp_path)
    key: str = program.json("init")["recovery_key"]
    program.json("client", "add", "C014")

    changed = program.run("passphrase", "change", passphrase=f"{PASSPHRASE}\n{NEW}")
    assert (changed.code, "from now on" in changed.out) == (0, True)
    assert program.run("client", "list").code == 13
    assert program.run("client", "list", passphrase=NEW).code == 0

    typed = key.lower().replace("-", " ")
    assert program.run("passphrase", "reset", passphrase=f"{typed}\n{NEWER}").code == 0
    assert program.run("client", "list", passphrase=NEW).code == 13
    assert "C014" in program.run("client", "list", passphrase=NEWER).out


def test_a_passphrase_that_cannot_be_taken_leaves_the_old_one(tmp_path: Path) -> None:
    program = InProcess(tmp_path)
    key: str = program.json("init")["recovery_key"]
    mistyped = ("A" if key[0] != "A" else "B") + key[1:]
    assert program.run("passphrase", "change", passphrase=f"{PASSPHRASE}\nshort").code == 18
    assert program.run("passphrase", "change", passphrase=f"not the one at all\n{NEW}").code == 13
    assert program.run("passphrase", "reset", passphrase=f"{mistyped}\n{NEW}").code == 13
    assert program.run("client", "list").code == 0
    assert not any(secret in done.out + done.err for done in program.history[1:] for secret in (key, NEW, PASSPHRASE))
