"""`backup` and `restore` as typed: each day's backup, trying one, a new laptop, and the alarm of an older copy."""

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import FORM, UNSIGNED
from tests.cli.driver import PASSPHRASE, InProcess, Program, snapshot

NEW = "copper ladder winter thistle"


def backups(program: Program) -> list[str]:
    return sorted(path.name.split("-", 3)[3] for path in (program.vault / "backups").iterdir())


def test_the_day_and_each_signature_bring_a_backup(quick: InProcess) -> None:
    shutil.rmtree(quick.vault / "backups")
    for _ in range(2):
        quick.json("client", "list")
        assert backups(quick) == ["daily"]
    quick.run("finish", UNSIGNED, "-", given=json.dumps(FORM))
    quick.json("sign", UNSIGNED, "--attest")
    assert backups(quick) == ["daily", "signing"]
    listed = quick.json("backup", "list")
    assert [b["reason"] for b in listed["backups"]] == ["signing", "daily"]
    by_hash = {line["hash"]: line["event"] for line in quick.json("log")["log"]}
    assert by_hash[listed["backups"][0]["log_head"]] == "signature.made"
    assert by_hash[listed["backups"][1]["log_head"]] == "vault.opened"


def test_a_backup_that_cannot_be_made_stops_no_command(quick: InProcess) -> None:
    shutil.rmtree(quick.vault / "backups")
    (quick.vault / "backups").write_text("a file where the folder should be")
    done = quick.run("client", "list", "--json")
    assert (done.code, "C014" in done.out) == (0, True)
    assert done.err.startswith("notekeeper: Today's backup: No backup could be made")
    assert quick.run("backup", "now").code == 23


def test_the_second_folder_is_kept_in_the_vault_and_said_when_it_is_away(quick: InProcess) -> None:
    stick = quick.room / "stick"
    assert quick.run("backup", "folder", str(stick)).code == 2
    stick.mkdir()
    assert quick.json("backup", "folder", str(stick)) == {"second_folder": str(stick)}
    assert len(list(stick.iterdir())) == 1
    made = quick.json("backup", "now")
    assert snapshot(Path(made["copy"])) == snapshot(Path(made["backup"]["path"]))
    stick.rename(quick.room / "bag")
    assert "The second folder for backups is not there now" in quick.run("backup", "now").out
    assert quick.json("backup", "folder", "--none") == {"second_folder": None}
    assert "alone" in quick.run("backup", "folder").out


def test_a_backup_is_tried_and_nothing_is_left(quick: InProcess) -> None:
    assert quick.run("backup", "check", passphrase="not the one at all").code == 13
    quick.json("backup", "now")
    before, state = snapshot(quick.vault), snapshot(quick.room / "home")
    found = quick.json("backup", "check")
    assert (snapshot(quick.vault), snapshot(quick.room / "home")) == (before, state)
    assert (found["sound"], found["clients"], found["notes"]) == (True, 2, 3)
    assert found["log_head"] == next(
        b["log_head"] for b in quick.json("backup", "list")["backups"] if b["path"] == found["backup"]
    )
    assert list((quick.room / "tmp").iterdir()) == []
    spoiled = Path(found["backup"]) / "vault.db"
    content = bytearray(spoiled.read_bytes())
    content[9000] ^= 1
    spoiled.write_bytes(content)
    assert quick.run("backup", "check").code in (14, 23)


@pytest.mark.line(2)
def test_moving_to_a_new_laptop_as_the_document_says(quick: InProcess, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    wanted = quick.json("note", "show", "C014/1")
    made = quick.json("backup", "now", "--to", str(stick))
    head = made["backup"]["log_head"]
    shutil.rmtree(quick.room)

    laptop = Program(tmp_path / "laptop")
    done = laptop.run("restore", made["backup"]["path"])
    assert (done.code, done.err) == (0, "")
    assert "set aside" not in done.out
    assert laptop.json("note", "show", "C014/1") == wanted
    report = laptop.json("verify")
    assert (report["sound"], report["problems"]) == (True, [])
    vault_log = laptop.json("backup", "list")
    assert vault_log["backups"][0]["log_entries"] == made["backup"]["log_entries"] + 2  # restored, and opened
    assert head != report["log_head"]


def test_a_restore_sets_aside_what_is_there_and_says_what_it_has_more(quick: InProcess) -> None:
    made = quick.json("backup", "now")["backup"]["path"]
    quick.json("note", "save", UNSIGNED, given="He flew a kite.")
    before = snapshot(quick.vault)
    done = quick.run("restore", made)
    assert done.code == 0, done.err
    assert "revision saved: 1" in done.out
    [aside] = quick.room.glob("own.replaced-*.vault")
    assert snapshot(aside) == before
    assert quick.json("note", "show", UNSIGNED)["text"] == "He walked to the sea and back."
    assert quick.json("verify")["sound"]


def test_an_older_backup_opens_by_the_passphrase_or_the_recovery_key_of_its_day(
    quick: InProcess, first: tuple[InProcess, str]
) -> None:
    made = quick.json("backup", "now")["backup"]["path"]
    assert quick.run("passphrase", "change", passphrase=f"{PASSPHRASE}\n{NEW}").code == 0
    refused = quick.run("restore", made, passphrase=NEW)
    assert refused.code == 13
    assert "opens by the passphrase of that day" in refused.err
    assert quick.run("backup", "check", made, "--recovery-key", passphrase=first[1]).code == 0
    assert quick.run("restore", made, passphrase=PASSPHRASE).code == 0
    assert quick.run("client", "list", passphrase=PASSPHRASE).code == 0


@pytest.mark.line(9)
def test_an_older_copy_is_said_with_every_command_until_it_is_accepted(quick: InProcess) -> None:
    quick.json("client", "list")
    older = quick.room / "older"
    shutil.copytree(quick.vault, older)
    quick.json("client", "add", "E5")
    shutil.rmtree(quick.vault)
    older.rename(quick.vault)
    for _ in range(2):
        done = quick.run("client", "list")
        assert done.code == 0
        assert "This vault is an older copy" in done.err
    assert quick.run("verify").code == 20
    accepted = quick.run("verify", "--accept", "--json")
    assert (accepted.code, accepted.json["sound"]) == (0, True)
    assert quick.run("client", "list").err == ""
