"""Where a vault lies: a folder that a cloud service syncs, and copies that such a service left beside its files.

What always holds: names of files and folders are looked at, contents are not; nothing is changed. A service that is not
known here, or whose folder was given another name and has no mark, is not found.
"""

import os
import re
from pathlib import Path

from notekeeper.vault.folder import VaultFolder

# What the services leave in the folders that they sync.
_MARKS = {
    "Dropbox": (".dropbox", ".dropbox.cache"),
    "Nextcloud or ownCloud": (".sync_journal", "._sync_journal", ".owncloudsync.log", ".nextcloudsync.log"),
    "Syncthing": (".stfolder", ".stversions"),
    "Resilio Sync": (".sync",),
    "MEGA": (".megaignore", ".debris"),
    "Google Drive": (".tmp.drivedownload", ".tmp.driveupload"),
    "Synology Drive": (".SynologyWorkingDirectory",),
    "pCloud": (".pcloud",),
}
# How the folders are called that the services make.
_NAMES = (
    ("Dropbox", re.compile(r"Dropbox( \(.+\))?", re.IGNORECASE)),
    ("OneDrive", re.compile(r"(OneDrive|SkyDrive)([ -].+)?", re.IGNORECASE)),
    ("Google Drive", re.compile(r"Google ?Drive([ -].+)?|DriveFS", re.IGNORECASE)),
    ("iCloud Drive", re.compile(r"iCloud ?Drive.*|com~apple~CloudDocs|Mobile Documents", re.IGNORECASE)),
    ("Nextcloud or ownCloud", re.compile(r"(Nextcloud|ownCloud)\d*", re.IGNORECASE)),
    ("Syncthing", re.compile(r"Syncthing", re.IGNORECASE)),
    ("pCloud", re.compile(r"pCloud ?(Drive|Sync)", re.IGNORECASE)),
    ("Box", re.compile(r"Box( Sync|-Box)?")),
    ("MEGA", re.compile(r"MEGA(sync)?( Downloads)?")),
    ("Proton Drive", re.compile(r"Proton ?Drive.*", re.IGNORECASE)),
    ("Tresorit", re.compile(r"Tresorit.*", re.IGNORECASE)),
    ("Synology Drive", re.compile(r"SynologyDrive", re.IGNORECASE)),
    ("a cloud service", re.compile(r"CloudStorage")),  # where macOS keeps those of every maker
)
_VARIABLES = {"OneDrive": ("OneDrive", "OneDriveConsumer", "OneDriveCommercial")}
# As "vault (conflicted copy 2026-03-01).db", "vault.sync-conflict-20260301-101010-ABCDEFG.db", "vault-LAPTOP.db" or
# "header (1)".
_CONFLICT = re.compile(
    r"(vault|header|vault\.db)"
    r"([ ._~-]*\(.+\)|[ ._-]*(sync-)?conflict.*|_conf\(\d+\)|[ -]\d{1,3}|-[a-z0-9][a-z0-9-]{2,40}|\.orig)"
    r"(\.db)?([ ._~-]*\(.+\))?(-wal)?",
    re.IGNORECASE,
)


def synced_by(path: Path) -> str | None:
    """The service in whose folder `path` lies, as far as names and marks tell; None when none is known."""
    place = path.absolute()
    for service, names in _VARIABLES.items():
        if any(place.is_relative_to(given) for name in names if (given := os.environ.get(name))):
            return service
    for folder in (place, *place.parents):
        for service, expression in _NAMES:
            if expression.fullmatch(folder.name):
                return service
        for service, marks in _MARKS.items():
            if any(_there(folder / mark) for mark in marks):
                return service
    return None


def conflicted_copies(folder: Path) -> list[str]:
    """Names of files beside those of the vault that look like copies a service made when two computers wrote."""
    try:
        return [name for name in VaultFolder(folder).strangers() if _CONFLICT.fullmatch(name)]
    except OSError:
        return []


def conflict_said(folder: Path) -> str:
    """What a therapist should know of copies beside the vault at `folder`; '' when there are none."""
    copies = conflicted_copies(folder)
    if not copies:
        return ""
    return (
        f"A syncing service left another copy beside the vault: {', '.join(copies)}. It was written on another "
        "computer at the same time, and may hold notes that are not here. The vault itself was not changed. Copy the "
        "whole folder somewhere safe before you move anything; docs/backups.md says how to look into the copy."
    )


def sync_said(folder: Path) -> str:
    """What a therapist should know of the folder that the vault at `folder` lies in; '' when nothing is known."""
    service = synced_by(folder)
    if service is None:
        return ""
    return (
        f"The vault's place is in a folder of {service}. A vault is encrypted there, but two computers that open it at "
        "once can set one's notes against the other's. Lock it on one, and wait for the service, before you open it on "
        "the other; or keep the vault elsewhere and send backups there: notekeeper backup folder."
    )


def _there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:
        return False
