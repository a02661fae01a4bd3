"""The encrypted vault: one folder, one key, one writer. Implements `notekeeper.domain.vault`.

What always holds: this is the only package that imports sqlcipher3; a call that returned is on disk; no key, passphrase
or word of a note appears in an error.
"""

from notekeeper.vault.opening import change_passphrase, create, reset_passphrase, unlock, unlock_with_recovery_key
from notekeeper.vault.vault import SqlVault

__all__ = ["SqlVault", "change_passphrase", "create", "reset_passphrase", "unlock", "unlock_with_recovery_key"]
