"""Changing what opens a vault that is closed: passphrase, recovery key, shares, and the key itself.

What always holds: the database is opened first, so that a header that belongs to another vault is not written anew; the
old way in opens the vault until the moment the new one does; what fails leaves the old one standing. Where not said
otherwise, a function raises as `opening.unlock` does, and `told` is given what is to be said about the vault itself:
that it is an older copy, or that its files were changed while it was open.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from notekeeper.errors import VaultDamagedError
from notekeeper.vault import header as headers
from notekeeper.vault import rekey, shares
from notekeeper.vault.attempts import counted
from notekeeper.vault.cipher import opens
from notekeeper.vault.folder import found
from notekeeper.vault.keyring import ShownKey
from notekeeper.vault.keys import check_strength
from notekeeper.vault.opening import KeyFrom, by_passphrase, by_recovery_key, unlock_by
from notekeeper.vault.vault import SqlVault

Told = Callable[[str], None]


def untold(_: str) -> None:
    """For callers who open the vault next, and see its alarm then."""


def change_passphrase(folder: Path, passphrase: str, new: str, told: Told = untold) -> None:
    """Raises `WeakPassphraseError` as well."""
    _set_passphrase(folder, by_passphrase(passphrase), new, told)


def reset_passphrase(folder: Path, recovery_key: str, new: str, told: Told = untold) -> None:
    """As `change_passphrase`, by the recovery key, which stays the same."""
    _set_passphrase(folder, by_recovery_key(recovery_key), new, told)


def reset_passphrase_with_shares(folder: Path, typed: Sequence[str], new: str, told: Told = untold) -> None:
    """As `change_passphrase`, by enough shares as typed, which stay as they are. Raises `WillError` as well."""
    secret = shares.joined(typed)
    _set_passphrase(folder, lambda header: headers.key_by_shares(header, secret), new, told)


def check_recovery_key(folder: Path, recovery_key: str) -> None:
    """Return if it opens the vault. Nothing is changed, and the vault may be open elsewhere."""
    place, key_from = found(folder.absolute()), by_recovery_key(recovery_key)
    with counted(place):
        key = key_from(rekey.header_of(place))
    if not opens(place.database, key):
        raise VaultDamagedError(
            "The recovery key fits the header, but the vault's database does not belong to it or is damaged. Nothing "
            "was changed. Please keep the folder as it is and restore a backup beside it."
        )


@contextmanager
def new_recovery_key(folder: Path, passphrase: str, told: Told = untold) -> Iterator[ShownKey]:
    """A new recovery key, which takes the place of the present one when it is confirmed."""
    with _opened(folder, by_passphrase(passphrase), told) as vault:
        yield vault.keyring.prepare_recovery_key()


@contextmanager
def new_key(folder: Path, passphrase: str, told: Told = untold) -> Iterator[ShownKey]:
    """A new recovery key; when it is confirmed, the vault is given a new key under it and the same passphrase, and its
    shares end. Confirming raises as `rekey.rekey` does, and can be done once."""
    with _opened(folder, by_passphrase(passphrase), told) as vault:
        yield ShownKey(lambda shown: vault.give_new_key(passphrase, shown))


def split_recovery(folder: Path, passphrase: str, needed: int, count: int, told: Told = untold) -> list[str]:
    """`count` new shares of 23 words, any `needed` of which open the vault; earlier ones end. Shown once. Raises
    `UsageError` unless 2 ≤ needed ≤ count ≤ 16."""
    shares.check_counts(needed, count)
    with _opened(folder, by_passphrase(passphrase), told) as vault:
        return vault.keyring.make_shares(needed, count)


def withdraw_shares(folder: Path, passphrase: str, told: Told = untold) -> bool:
    """End the shares; False when there are none."""
    with _opened(folder, by_passphrase(passphrase), told) as vault:
        return vault.keyring.withdraw_shares()


def _set_passphrase(folder: Path, key_from: KeyFrom, new: str, told: Told) -> None:
    check_strength(new)
    with _opened(folder, key_from, told) as vault:
        vault.keyring.set_passphrase(new)


@contextmanager
def _opened(folder: Path, key_from: KeyFrom, told: Told) -> Iterator[SqlVault]:
    vault = unlock_by(folder, key_from)
    try:
        if vault.alarm:
            told(vault.alarm)
        yield vault
    finally:
        vault.close()
        if vault.rescued:
            told(vault.rescued)
