"""The patterns of a client of the vault: what was signed of them.

What always holds: what is given out as signed was found unchanged, against the log and its signature.
"""

from notekeeper.domain.note import Client
from notekeeper.domain.pattern import SignedPatterns
from notekeeper.domain.vault import Vault


def signed_patterns(vault: Vault, client: Client) -> SignedPatterns | None:
    """What stands signed of the client's patterns: the newest sign-off, or None. It stays readable when the client no
    longer agrees to patterns; whether it may go into a report is asked for there. Raises `ChainBrokenError`."""
    signed = vault.pattern_signoffs.of_client(client.id)
    return signed[-1] if signed else None
