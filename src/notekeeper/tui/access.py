"""What the app is given, and how it ends.

What always holds: the app reaches vaults and models through `Access` alone, which is made from `bootstrap`.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from enum import StrEnum
from pathlib import Path

from notekeeper import bootstrap
from notekeeper.config import resource
from notekeeper.domain.backup import FoundBackup, Restored
from notekeeper.domain.vault import Vault
from notekeeper.drafting.parts import DraftingParts
from notekeeper.services import demonstration
from notekeeper.services.look_round import is_demonstration


class Ending(StrEnum):
    """Why the app ended. After LOCKED a fresh process shows the unlock screen; HUNG_UP is a terminal that closed."""

    QUIT = "quit"
    LOCKED = "locked"
    HUNG_UP = "hung up"
    CRASHED = "crashed"


def _restore(backup: Path, folder: Path, secret: str, by_recovery_key: bool) -> Restored:
    return bootstrap.restore_vault(backup, folder, secret, by_recovery_key=by_recovery_key)


class Access:
    """How the app reaches vaults and models. `folder` is the vault's, and changes when one looks round instead."""

    def __init__(
        self,
        folder: Path,
        *,
        create: Callable[[Path, str], tuple[Vault, str]],
        unlock: Callable[[Path, str], Vault],
        unlock_with_recovery_key: Callable[[Path, str], Vault],
        open_parts: Callable[[], AbstractContextManager[DraftingParts]],
        fill_demonstration: Callable[[Vault], object],
        codes: Callable[[], dict[str, str]],
        by_shares: Callable[[Path, Sequence[str], str], None] = bootstrap.reset_passphrase_with_shares,
        shares_missing: Callable[[Sequence[str]], int] = bootstrap.shares_missing,
        backups_seen: Callable[[Path], list[FoundBackup]] = bootstrap.backups_seen,
        restore: Callable[[Path, Path, str, bool], Restored] = _restore,
        surroundings: Callable[[Path], tuple[str, ...]] = bootstrap.vault_surroundings,
        place_said: Callable[[Path], str] = bootstrap.vault_place,
    ) -> None:
        self.folder = folder
        self.create, self.unlock, self.unlock_with_recovery_key = create, unlock, unlock_with_recovery_key
        self.by_shares, self.shares_missing = by_shares, shares_missing
        self.backups_seen, self.restore = backups_seen, restore
        self.surroundings, self.place_said = surroundings, place_said
        self.open_parts, self.fill_demonstration, self.codes = open_parts, fill_demonstration, codes

    @property
    def demonstration(self) -> bool:
        """Whether what is opened is a demonstration, which every screen then says."""
        return is_demonstration(self.folder)


def access_to(folder: Path) -> Access:
    """The real ways to the vault at `folder`, to the models and to the demonstration's invented clients."""
    return Access(
        folder,
        create=bootstrap.create_vault,
        unlock=bootstrap.unlock_vault,
        unlock_with_recovery_key=bootstrap.unlock_vault_with_recovery_key,
        open_parts=bootstrap.drafting_parts,
        fill_demonstration=lambda vault: demonstration.fill(vault, resource("models/starter/data/series-a.jsonl")),
        codes=bootstrap.taxonomy,
    )
