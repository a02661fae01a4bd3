"""The header: no flipped bit opens a vault, and a header made to look whole is found out by its codes."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from notekeeper.errors import VaultDamagedError, VaultError, WrongPassphraseError
from notekeeper.vault import create, header, unlock, unlock_with_recovery_key
from tests.vault.invented import PASSPHRASE, Sealed


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
    file.write_bytes(header.canonical(fields) + b"\n")


def test_no_flip_or_cut_of_the_header_opens_or_changes_anything(sealed: Sealed) -> None:
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
        with pytest.raises(VaultDamagedError):
            sealed.open()
        assert file.read_bytes() == content
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
