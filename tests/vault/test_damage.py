"""Damaged files: a flip, a cut or a swap is found, and never passes for another content."""

import contextlib
import random
import shutil
from pathlib import Path

import pytest

from notekeeper.errors import VaultDamagedError, VaultError
from tests.forms import many
from tests.lines import Tally
from tests.vault.invented import PAGE, Sealed, add_client, add_note

pytestmark = pytest.mark.line(11)

TEXTS = [f"text {n} " * 200 for n in range(12)]
SEED = 20260304


def filled(sealed: Sealed) -> None:
    vault = sealed.open()
    client = add_client(vault)
    for text in TEXTS:
        add_note(vault, client, text)
    vault.close()


def never_passes(sealed: Sealed) -> None:
    """Either an error says so, or verification does, or everything is as it was."""
    try:
        vault = sealed.open()
    except VaultError:
        return
    try:
        try:
            notes = [n for c in vault.clients.all() for n in vault.notes.of_client(c.id)]
            read = [r.text for n in notes if (r := vault.notes.latest(n.id))]
        except VaultError:
            read = None
        assert read is None or read == TEXTS
        assert vault.verify().problems
    finally:
        vault.close()


def test_no_flip_of_the_database_passes(sealed: Sealed) -> None:
    filled(sealed)
    database = sealed.path / "vault.db"
    whole = database.read_bytes()
    chance = random.Random(SEED)
    places = [chance.randrange(len(whole)) for _ in range(many(12, 40))]
    places += [16, PAGE - 1, PAGE - 80, PAGE - 64, 0, len(whole) - 1]
    for place in places:
        database.write_bytes(whole[:place] + bytes([whole[place] ^ 1 << chance.randrange(8)]) + whole[place + 1 :])
        never_passes(sealed)
    database.write_bytes(whole)
    vault = sealed.open()
    assert vault.verify().problems == ()
    vault.close()


def test_no_cut_or_swapped_page_of_the_database_passes(sealed: Sealed) -> None:
    filled(sealed)
    database = sealed.path / "vault.db"
    whole = database.read_bytes()
    chance = random.Random(SEED)
    cuts = [chance.randrange(1, len(whole)) for _ in range(8)]
    cuts += [PAGE * chance.randrange(1, len(whole) // PAGE) for _ in range(8)]
    for cut in cuts:
        database.write_bytes(whole[:cut])
        before = sealed.files()
        with pytest.raises(VaultDamagedError):
            sealed.open()
        assert sealed.files() == before
    swapped = whole[: 2 * PAGE] + whole[3 * PAGE : 4 * PAGE] + whole[2 * PAGE : 3 * PAGE] + whole[4 * PAGE :]
    database.write_bytes(swapped)
    never_passes(sealed)


def crashed(sealed: Sealed, tmp_path: Path) -> Sealed:
    """A copy taken while the vault is open: what a crash leaves, with a write-ahead log."""
    vault = sealed.open()
    client = add_client(vault)
    for text in TEXTS:
        add_note(vault, client, text)
    copy = Sealed(tmp_path / "crashed.vault", sealed.recovery_key)
    shutil.copytree(sealed.path, copy.path)
    vault.close()
    return copy


def test_a_flip_in_the_log_of_a_crash_loses_no_save_in_silence(sealed: Sealed, tmp_path: Path) -> None:
    copy = crashed(sealed, tmp_path)
    wal = copy.path / "vault.db-wal"
    whole = wal.read_bytes()
    assert len(whole) > 50 * PAGE
    chance = random.Random(SEED)
    # Damage within the last transaction cannot be told from a power cut, so the last frames are left out.
    places = [*range(0, 32, 3), *(chance.randrange(32, len(whole) - 20 * (PAGE + 24)) for _ in range(many(12, 40)))]
    for place in places:
        wal.write_bytes(whole[:place] + bytes([whole[place] ^ 1 << chance.randrange(8)]) + whole[place + 1 :])
        before = copy.files()
        try:
            vault = copy.open()
        except VaultDamagedError:
            assert copy.files() == before
            continue
        texts = [
            r.text for c in vault.clients.all() for n in vault.notes.of_client(c.id) if (r := vault.notes.latest(n.id))
        ]
        vault.close()
        pytest.fail(f"byte {place} of the log was flipped and {len(texts)} of {len(TEXTS)} texts were there")
    wal.write_bytes(whole)
    vault = copy.open()
    assert len(vault.search("text")) == len(TEXTS)
    assert vault.verify().problems == ()
    vault.close()


def test_a_torn_end_of_the_log_is_a_power_cut_and_opens(sealed: Sealed, tmp_path: Path) -> None:
    vault = sealed.open()
    note = add_note(vault, add_client(vault), TEXTS[0])
    vault.notes.autosave(note.id, "typing that was not acknowledged yet")
    copy = Sealed(tmp_path / "crashed.vault", sealed.recovery_key)
    shutil.copytree(sealed.path, copy.path)
    vault.close()
    wal = copy.path / "vault.db-wal"
    wal.write_bytes(wal.read_bytes()[:-100])
    vault = copy.open()
    assert vault.verify().problems == ()
    assert len(vault.search("text")) == 1
    vault.close()


def test_a_torn_end_that_takes_an_acknowledged_save_with_it_is_told(sealed: Sealed, tmp_path: Path) -> None:
    """The write-ahead log cannot show it; the mark that this computer keeps after each save does."""
    copy = crashed(sealed, tmp_path)
    wal = copy.path / "vault.db-wal"
    wal.write_bytes(wal.read_bytes()[:-100])
    vault = copy.open()
    assert "older copy" in vault.alarm
    assert vault.alarm in vault.verify().problems
    vault.close()


def test_a_damaged_database_beside_a_log_is_refused_unchanged(sealed: Sealed, tmp_path: Path) -> None:
    filled(sealed)
    vault = sealed.open()
    add_note(vault, vault.clients.by_code("C014"), "after")
    copy = Sealed(tmp_path / "crashed.vault", sealed.recovery_key)
    shutil.copytree(sealed.path, copy.path)
    vault.close()
    database = copy.path / "vault.db"
    whole = database.read_bytes()
    refused = 0
    for page in range(len(whole) // PAGE):
        place = page * PAGE + 100
        database.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        before = copy.files()
        with contextlib.suppress(VaultDamagedError):
            # A page that the log holds anew is not read; then nothing is lost, and nothing more can be tried.
            copy.open().close()
            break
        assert copy.files() == before
        refused += 1
    assert refused > 0


@pytest.mark.timeout(many(180, 1500))
@pytest.mark.parametrize("name", ["vault.db", "header", "vault.db-wal"])
def test_no_flip_and_no_cut_of_any_file_passes(sealed: Sealed, tmp_path: Path, tally: Tally, name: str) -> None:
    """Refused with every byte on disk as it was; or opened with all that was acknowledged and no fault; or `verify`
    names it. The whole write-ahead log is tried, its last transaction too."""
    copy = crashed(sealed, tmp_path)
    if name == "vault.db":
        copy.open().close()  # without a write-ahead log, which would hold every page of so small a vault anew
    path = copy.path / name
    files = copy.files()
    chance = random.Random(SEED)
    for number in range(many(20, 350)):
        for left in {entry.name for entry in copy.path.iterdir() if entry.is_file()} - set(files):
            (copy.path / left).unlink()
        for each, content in files.items():
            (copy.path / each).write_bytes(content)
        whole = files[name]
        place = chance.randrange(len(whole))
        flipped = whole[:place] + bytes([whole[place] ^ 1 << chance.randrange(8)]) + whole[place + 1 :]
        path.write_bytes(whole[:place] if number % 5 == 4 else flipped)
        tally.add(1, 0)
        told = said_of(copy)
        assert told, f"{name}: byte {place} of {len(whole)} ({'cut' if number % 5 == 4 else 'flipped'})"
        tally.add(0, 1)


def said_of(sealed: Sealed) -> str:
    """What became of a damaged vault; '' for damage that passed."""
    before = sealed.files()
    try:
        vault = sealed.open()
    except VaultError:
        return "refused" if sealed.files() == before else ""
    try:
        if vault.verify().problems:
            return "named"
        notes = [note for client in vault.clients.all() for note in vault.notes.of_client(client.id)]
        return "whole" if [r.text for n in notes if (r := vault.notes.latest(n.id))] == TEXTS else ""
    finally:
        vault.close()


def test_the_databases_messages_stay_off_the_screen(sealed: Sealed, capfd: pytest.CaptureFixture[str]) -> None:
    filled(sealed)
    database = sealed.path / "vault.db"
    whole = bytearray(database.read_bytes())
    whole[3 * PAGE] ^= 1
    database.write_bytes(whole)
    never_passes(sealed)
    assert capfd.readouterr() == ("", "")


def test_an_independent_reader_reads_the_record(sealed: Sealed) -> None:
    filled(sealed)
    db = sealed.independent()
    assert [row[0] for row in db.execute("SELECT text FROM revision ORDER BY seq")] == TEXTS
    assert db.pragma("integrity_check") == "ok"
    db.close()
