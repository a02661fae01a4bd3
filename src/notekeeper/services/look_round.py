"""A vault to look round in: made in a folder for temporary files, marked as a demonstration, and removed at the end.

What always holds: nothing is removed but a folder that was made here.
"""

import shutil
import tempfile
from pathlib import Path

_PREFIX = "notekeeper-look-round-"
VAULT_NAME = "demonstration.vault"


def new_place() -> Path:
    """Where a demonstration vault can be made: a private folder of its own. Raises `OSError`."""
    return Path(tempfile.mkdtemp(prefix=_PREFIX)) / VAULT_NAME


def is_demonstration(vault: Path) -> bool:
    """Whether a vault's folder bears the name that demonstrations have."""
    return vault.name == VAULT_NAME


def clear_away(vault: Path) -> None:
    """Remove a demonstration made at `new_place`; anything else stays."""
    place = vault.absolute().parent
    if is_demonstration(vault) and place.name.startswith(_PREFIX) and place.parent.samefile(tempfile.gettempdir()):
        shutil.rmtree(place, ignore_errors=True)
