"""The header: no flipped bit opens a vault, and a header made to look whole is found out by its codes."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from notekeeper.domain.vault import Vault
from notekeeper.errors import VaultDamagedError, VaultError, VaultNewerError, WrongPassphraseError
from notekeeper.vault import (
    change_passphrase,
    create,
    header,
    new_recovery_key,
    split_recovery,
    unlock,
    unlock_with_recovery_key,
    withdraw_shares,
)
from notekeeper.vault.slots import canonical
from tests.lines import Tally
from tests.vault.invented import PASSPHRASE, Sealed

# Made by notekeeper when the header had format 1; its passphrase is PASSPHRASE.
FORMAT_1 = Path(__file__).parent / "formats" / "header-1"
RECOVERY_KEY_1 = "VW26-JGYX-P3KZ-HJRE-B9RG-H6HV-G69H-32YY-7HVS"
NEW = "copper harbour seventeen thistles"


def forged(sealed: Sealed, path: str, value: Any) -> None:
    """Change one field and make the checksum right again, as someone who knows the format could."""
    file = sealed.path / "header"
    fields = json.loads(file.read_bytes())
    *way, last = path.split(".")
    place = fields
    for step in way:
        place = place[step]
    place[last] = value(place[last]) if callable(value) else value
    fields["checksum"] = header._checksum_of(fields)
    file.write_bytes(canonical(fields) + b"\n")


@pytest.fixture
def earlier(tmp_path: Path) -> Sealed:
    """A vault whose header is of format 1."""
    path = tmp_path / "earlier.vault"
    shutil.copytree(FORMAT_1, path)
    return Sealed(path, RECOVERY_KEY_1)


def must_be_whole(sealed: Sealed, passphrase: str) -> None:
    ways: tuple[Callable[[], Vault], ...] = (lambda: unlock(sealed.path, passphrase), sealed.open)
    for way in ways:
        vault = way()
        note = vault.notes.by_number(vault.clients.by_code("C014").id, 1)
        saved = vault.notes.latest(note.id)
        assert saved is not None
        assert saved.text == "She wrote about the allotment."
        assert vault.verify().problems == ()
        vault.close()


@pytest.mark.line(24)
def test_a_header_of_format_1_is_read_and_left_as_it_is(earlier: Sealed) -> None:
    before = (earlier.path / "header").read_bytes()
    assert header.read(earlier.path / "header").notekeeper_vault == 1
    must_be_whole(earlier, PASSPHRASE)
    vault = earlier.open()
    assert vault.shares() is None
    vault.close()
    assert (earlier.path / "header").read_bytes() == before


@pytest.mark.line(24)
def test_a_header_of_format_1_is_written_anew_with_the_first_change_and_its_slots_carried_over(
    earlier: Sealed,
) -> None:
    path = earlier.path / "header"
    first = header.read(path)
    split_recovery(earlier.path, PASSPHRASE, 2, 3)
    second = header.read(path)
    assert (second.notekeeper_vault, second.vault_id) == (2, first.vault_id)
    assert (second.passphrase, second.recovery) == (first.passphrase, first.recovery)
    assert second.shares is not None
    withdraw_shares(earlier.path, PASSPHRASE)
    assert header.read(path).shares is None
    change_passphrase(earlier.path, PASSPHRASE, NEW)
    assert header.read(path).recovery == first.recovery
    must_be_whole(earlier, NEW)


@pytest.mark.line(24)
def test_a_header_between_the_formats_is_neither(earlier: Sealed, sealed: Sealed) -> None:
    for found, change in (
        (earlier, {"shares": None}),  # a field that format 1 has not
        (earlier, {"notekeeper_vault": 2}),  # without the field that format 2 has
        (earlier, {"notekeeper_vault": 2, "shares": None, "stamp": "0" * 32}),  # whole, but not made by who has the key
        (sealed, {"notekeeper_vault": 1}),
        (sealed, {"notekeeper_vault": 0}),
        (sealed, {"notekeeper_vault": True}),
    ):
        path = found.path / "header"
        before = path.read_bytes()
        fields = json.loads(before) | change
        fields["checksum"] = header._checksum_of(fields)
        path.write_bytes(canonical(fields) + b"\n")
        with pytest.raises(VaultDamagedError):
            found.open()
        path.write_bytes(before)
    fields = json.loads(before) | {"notekeeper_vault": 3}
    path.write_bytes(canonical(fields | {"checksum": header._checksum_of(fields)}))
    with pytest.raises(VaultNewerError):
        sealed.open()


@pytest.mark.line(14)
def test_a_new_recovery_key_opens_and_the_old_one_does_not(sealed: Sealed, tally: Tally) -> None:
    before = sealed.files()
    with new_recovery_key(sealed.path, PASSPHRASE) as prepared:
        with pytest.raises(WrongPassphraseError, match="not the one just shown"):
            prepared.confirm(sealed.recovery_key)
        assert sealed.files()["header"] == before["header"]
    sealed.open().close()
    with new_recovery_key(sealed.path, PASSPHRASE) as prepared:
        prepared.confirm(prepared.shown.lower().replace("-", " "))
    tally.add(2, 0)
    with pytest.raises(WrongPassphraseError, match="replaced by a newer one"):
        sealed.open()
    vault = Sealed(sealed.path, prepared.shown).open()
    events = [entry.event for entry in vault.log.entries() if entry.event != "unlock.failed"]
    assert events == ["vault.created", "recovery.changed"]
    assert vault.verify().problems == ()
    vault.close()
    unlock(sealed.path, PASSPHRASE).close()
    tally.survived += 2


@pytest.mark.line(11)
def test_no_flip_or_cut_of_the_header_opens_or_changes_anything(sealed: Sealed, tally: Tally) -> None:
    file = sealed.path / "header"
    whole = file.read_bytes()
    broken = [whole[:at] + bytes([byte ^ 1 << at % 8]) + whole[at + 1 :] for at, byte in enumerate(whole)]
    broken += [whole[:length] for length in range(0, len(whole), 7)] + [
        whole + b" ",
        whole * 2,
        b"\x00" * 9000,
        b"[" * 8000,
    ]
    for content in broken:
        file.write_bytes(content)
        tally.add(1, 0)
        with pytest.raises(VaultDamagedError):
            sealed.open()
        assert file.read_bytes() == content
        tally.survived += 1
    file.write_bytes(whole)
    sealed.open().close()


def _flip(text: str) -> str:
    return ("1" if text[0] == "0" else "0") + text[1:]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("vault_id", _flip),
        ("passphrase.salt", _flip),
        ("passphrase.nonce", _flip),
        ("passphrase.wrapped", _flip),
        ("passphrase.iterations", 4),
        ("passphrase.lanes", 2),
        ("passphrase.memory_kib", 131_072),
    ],
)
def test_a_forged_passphrase_slot_never_opens(sealed: Sealed, path: str, value: Any) -> None:
    forged(sealed, path, value)
    before = sealed.files()
    with pytest.raises(WrongPassphraseError):
        unlock(sealed.path, PASSPHRASE)
    # The other slot was left alone, and still the vault does not open by it: the code covers the whole header.
    with pytest.raises(VaultError):
        sealed.open()
    assert sealed.files() == before


@pytest.mark.parametrize(
    ("path", "value"),
    [("shares.salt", _flip), ("shares.wrapped", _flip), ("shares.needed", 3), ("shares.count", 4), ("shares", None)],
)
def test_a_forged_slot_of_shares_is_found_by_every_way_in(sealed: Sealed, path: str, value: Any) -> None:
    split_recovery(sealed.path, PASSPHRASE, 2, 3)
    forged(sealed, path, value)
    with pytest.raises(VaultDamagedError, match="altered"):
        sealed.open()
    with pytest.raises(VaultDamagedError, match="altered"):
        unlock(sealed.path, PASSPHRASE)


@pytest.mark.parametrize("path", ["recovery.salt", "recovery.nonce", "recovery.wrapped", "mac"])
def test_a_forged_recovery_slot_or_code_is_found_by_either_way_in(sealed: Sealed, path: str) -> None:
    forged(sealed, path, _flip)
    with pytest.raises(VaultError):
        sealed.open()
    with pytest.raises(VaultDamagedError, match="altered"):
        unlock(sealed.path, PASSPHRASE)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("passphrase.memory_kib", 100_000_000),
        ("passphrase.memory_kib", 8),
        ("passphrase.iterations", 1_000_000),
        ("passphrase.iterations", 1),
        ("passphrase.lanes", 4096),
        ("passphrase.kdf", "none"),
        ("passphrase.salt", ""),
        ("cipher", "none"),
    ],
)
def test_parameters_out_of_bounds_are_refused_before_any_key_is_computed(
    sealed: Sealed, path: str, value: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs: list[int] = []
    monkeypatch.setattr("notekeeper.vault.keys.Argon2id", lambda **_: runs.append(1))
    forged(sealed, path, value)
    with pytest.raises(VaultDamagedError):
        unlock(sealed.path, PASSPHRASE)
    assert runs == []


def test_slots_and_headers_of_another_vault_do_not_fit(sealed: Sealed, tmp_path: Path) -> None:
    vault, other_key = create(tmp_path / "other.vault", PASSPHRASE)
    vault.close()
    own = (sealed.path / "header").read_bytes()
    foreign = json.loads((tmp_path / "other.vault" / "header").read_bytes())
    forged(sealed, "recovery", foreign["recovery"])
    with pytest.raises(WrongPassphraseError):
        unlock_with_recovery_key(sealed.path, other_key)
    with pytest.raises(VaultDamagedError):
        unlock(sealed.path, PASSPHRASE)
    shutil.copyfile(tmp_path / "other.vault" / "header", sealed.path / "header")
    before = sealed.files()
    with pytest.raises(VaultDamagedError):
        unlock(sealed.path, PASSPHRASE)
    assert sealed.files() == before
    (sealed.path / "header").write_bytes(own)
    sealed.open().close()
