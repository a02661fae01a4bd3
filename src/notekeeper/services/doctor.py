"""Which protections of the vault and of the program are there, in plain words: what `doctor` shows.

What always holds: no vault is opened and no passphrase asked for; nothing is changed.
"""

import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import notekeeper
from notekeeper.domain.protection import Protection, State

_OLD_DAYS = 365
_POSIX = os.name == "posix"


def vault_files(folder: Path) -> Protection:
    """Who can read the vault's files, and whether a link stands among them."""
    name = "The vault's files"
    if not os.path.lexists(folder):
        return Protection(name, State.UNKNOWN, f"There is no vault at {folder} yet.")
    links, others = [], []
    with suppress(OSError):
        for path in _all_of(folder):
            seen = path.lstat()
            if stat.S_ISLNK(seen.st_mode):
                links.append(path)
            elif _POSIX and seen.st_mode & 0o077:
                others.append(path)
    if links:
        said = f"{links[0].name} is a link to another place, and a vault holds no links."
        return Protection(name, State.ABSENT, said, "Find out who made it, and put the file itself in its place.")
    if others:
        said = f"Others on this computer may look at {others[0].name}, which is encrypted all the same."
        return Protection(name, State.ABSENT, said, f"chmod -R go= {folder}")
    if not _POSIX:
        return Protection(name, State.UNKNOWN, "No link is among them. On Windows your user's folder guards them.")
    return Protection(name, State.ACTIVE, "Only you can read them, and no link is among them.")


def _all_of(folder: Path) -> Iterator[Path]:
    yield folder
    if folder.is_dir() and not folder.is_symlink():
        for path in sorted(folder.iterdir()):
            yield from _all_of(path)


def vault_place(folder: Path, sentences: Sequence[str]) -> Protection:
    """Whether the vault lies where other programs change it; `sentences` are what was found."""
    name = "The vault's place"
    if not sentences:
        if not folder.exists():
            return Protection(name, State.UNKNOWN, f"There is no vault at {folder} yet.")
        return Protection(name, State.ACTIVE, "No sign that a cloud service or another program changes its folder.")
    return Protection(name, State.ABSENT, " ".join(sentences), "Keep the vault in a folder that nothing else changes.")


def models(found: Sequence[tuple[str, str, str]]) -> Protection:
    """Whether the models are what the catalogue names; `found` are pairs of model and file with what was read."""
    name = "Models"
    wrong = sorted({model for model, _, state in found if state != "right"})
    if not found:
        said = "None is installed. Notes can be written, signed and reported without them."
        return Protection(name, State.UNKNOWN, said, "notekeeper models fetch starter")
    if wrong:
        said = f"{' and '.join(wrong)}: a file is not the one the catalogue names, and is not used."
        return Protection(name, State.ABSENT, said, f"notekeeper models fetch {wrong[0]}")
    return Protection(name, State.ACTIVE, f"All {len(found)} files are the ones the catalogue names, by their SHA-256.")


def backup(folder: Path, newest: Path | None) -> Protection:
    """Whether there is a backup; the name of the `newest` begins with when it was made."""
    name = "Backups"
    if not folder.exists():
        return Protection(name, State.UNKNOWN, "There is no vault yet, and so no backup.")
    if newest is None:
        return Protection(name, State.ABSENT, "None was found in the vault's folder.", "notekeeper backup now")
    said = "There is one in the vault's folder."
    with suppress(ValueError):
        made_at = datetime.strptime(newest.name[:15], "%Y%m%d-%H%M%S").replace(tzinfo=UTC).astimezone()
        said = f"The newest in the vault's folder was made on {made_at:%Y-%m-%d at %H:%M}."
    return Protection(name, State.ACTIVE, f"{said} `notekeeper backup list` shows those of a second folder too.")


def age() -> Protection:
    """How long this version has been here."""
    name = "Age of the program"
    with suppress(OSError):
        since = datetime.fromtimestamp(Path(notekeeper.__file__).stat().st_mtime, UTC)
        days = (datetime.now(UTC) - since).days
        said = f"Version {notekeeper.__version__} has been here since {since:%Y-%m-%d}. It looks for no update."
        if days > _OLD_DAYS:
            return Protection(
                name, State.PARTLY, said, "Ask for a newer version: faults found since then stay in this."
            )
        return Protection(name, State.ACTIVE, said)
    return Protection(name, State.UNKNOWN, "The system does not tell how long this version has been here.")
