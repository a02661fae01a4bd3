"""The encrypted vault: one folder, one key, one writer. Implements `notekeeper.domain.vault`.

What always holds: this is the only package that imports sqlcipher3; a call that returned is on disk; no key, passphrase
or word of a note appears in an error.
"""

from notekeeper.vault.changing import (
    change_passphrase,
    check_recovery_key,
    new_key,
    new_recovery_key,
    reset_passphrase,
    reset_passphrase_with_shares,
    split_recovery,
    withdraw_shares,
)
from notekeeper.vault.opening import create, unlock, unlock_with_recovery_key
from notekeeper.vault.vault import SqlVault

__all__ = [
    "SqlVault",
    "change_passphrase",
    "check_recovery_key",
    "create",
    "new_key",
    "new_recovery_key",
    "reset_passphrase",
    "reset_passphrase_with_shares",
    "split_recovery",
    "unlock",
    "unlock_with_recovery_key",
    "withdraw_shares",
]
