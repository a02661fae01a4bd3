"""`backup` and `restore`: copies that open by themselves, and putting one in the vault's place."""

from datetime import datetime
from pathlib import Path

import click

from notekeeper.cli.common import Desk, as_json, pass_desk, say, say_entry, say_json, say_place
from notekeeper.domain.backup import Backup, BackupReason
from notekeeper.errors import BackupError, ChainBrokenError, UsageError
from notekeeper.services.backups import REASONS, beyond

_FOLDER = click.Path(path_type=Path)
_KEY = click.option("--recovery-key", "by_key", is_flag=True, help="Open it by the recovery key of that day.")


@click.group()
def backup() -> None:
    """Encrypted copies of the vault, each opened and verified when it is made."""


@backup.command("now")
@click.option("--to", type=_FOLDER, metavar="DIRECTORY", help="Make it in this folder, and not among the others.")
@as_json
@pass_desk
def backup_now(desk: Desk, to: Path | None, as_json: bool) -> None:
    """Make a backup, open it and verify it."""
    with desk.open() as vault:
        made = vault.backups.make(BackupReason.BY_HAND, to)
    if as_json:
        say_json({"backup": _row(made.backup), "copy": str(made.copy) if made.copy else None, "said": made.said})
        return
    say_place("Backup made and verified", made.backup.path)
    if made.copy:
        say_place("Copied to", made.copy)
    for sentence in made.said:
        say(sentence)


@backup.command("list")
@as_json
@pass_desk
def backup_list(desk: Desk, as_json: bool) -> None:
    """List the backups, newest first."""
    with desk.open() as vault:
        found, second = vault.backups.all(), vault.backups.second_folder()
    if as_json:
        say_json({"backups": [_row(one) for one in found], "second_folder": str(second) if second else None})
        return
    for one in found:
        where = "in the second folder" if one.second else "in the vault"
        foreign = "" if one.known else "; not of this vault's present history"
        made, reason = _when(one.made_at), REASONS[one.reason]
        size = f"{one.bytes / 1e6:.1f} MB"
        say_entry(
            f"{made}  {reason}, {where}, {one.entries} entries of the log, {size}{foreign}\n    {one.path}",
            f"Backup of {made}.",
            ("Made", reason),
            ("Lies", where),
            ("Entries of the log", f"{one.entries} entries of the log"),
            ("Size", size),
            "" if one.known else "It is not of this vault's present history.",
            ("Folder", one.path),
        )
    say(f"{len(found)} backup(s).")
    say_place("Second folder", second) if second else say("There is no second folder. See notekeeper backup folder.")


@backup.command("check")
@click.argument("source", metavar="[BACKUP]", type=_FOLDER, required=False)
@_KEY
@as_json
@pass_desk
def backup_check(desk: Desk, source: Path | None, by_key: bool, as_json: bool) -> None:
    """Try a backup, the newest if none is named: restore it to a temporary place, verify it whole, remove it."""
    from notekeeper.bootstrap import newest_backup, try_backup

    chosen = source or newest_backup(desk.folder)
    if chosen is None:
        raise BackupError("There is no backup in the vault's folder yet. Make one with `notekeeper backup now`.")
    found = try_backup(chosen, _secret(desk, by_key), by_recovery_key=by_key)
    if as_json:
        say_json(
            {
                "backup": str(chosen),
                "sound": not found.problems,
                "problems": found.problems,
                "clients": found.clients,
                "notes": found.notes,
                "log_entries": found.entries,
                "log_head": found.head,
            }
        )
    else:
        say_place("Tried", chosen)
        say(f"It opens and holds {found.clients} client(s), {found.notes} note(s), {found.entries} entries of the log.")
    if found.problems:
        raise ChainBrokenError("This backup is not as it was written: " + " ".join(found.problems))
    if not as_json:
        say("All of it was verified. It would restore whole.")


@backup.command("folder")
@click.argument("directory", type=_FOLDER, required=False)
@click.option("--none", "none", is_flag=True, help="No second folder any more. The backups there stay.")
@as_json
@pass_desk
def backup_folder(desk: Desk, directory: Path | None, none: bool, as_json: bool) -> None:
    """Choose a second folder, which gets a copy of every backup; without DIRECTORY, say which it is."""
    if none and directory is not None:
        raise UsageError("Name a folder, or say --none. Nothing was changed.")
    with desk.open() as vault:
        if none or directory is not None:
            vault.backups.set_second_folder(directory)
            vault.backups.catch_up()
        second = vault.backups.second_folder()
    if as_json:
        say_json({"second_folder": str(second) if second else None})
    elif second:
        say_place("Every backup is copied to", second)
    else:
        say("There is no second folder: backups lie in the vault's folder alone.")


@click.command()
@click.argument("source", metavar="BACKUP", type=_FOLDER)
@_KEY
@as_json
@pass_desk
def restore(desk: Desk, source: Path, by_key: bool, as_json: bool) -> None:
    """Put a backup, or a copy of a vault's folder, in the vault's place. What is there is set aside, whole."""
    from notekeeper.bootstrap import restore_vault

    done = restore_vault(source, desk.folder, _secret(desk, by_key), by_recovery_key=by_key)
    if as_json:
        say_json(
            {
                "vault": str(done.place),
                "made_at": done.made_at.isoformat() if done.made_at else None,
                "log_entries": done.entries,
                "log_head": done.head,
                "set_aside": str(done.set_aside) if done.set_aside else None,
                "missing": done.missing,
                "another_history": done.changed,
            }
        )
        return
    say_place("Restored to", done.place)
    if done.made_at:
        say(f"It stands as it was on {_when(done.made_at)}.")
    if done.set_aside:
        say_place("What was there before was set aside, whole", done.set_aside)
        say(beyond(done))
        say("Keep that folder until you have seen that nothing is missing, then delete it: it holds notes.")


def _secret(desk: Desk, by_key: bool) -> str:
    return desk.passphrase("Recovery key of that day" if by_key else "Passphrase of that day")


def _when(at: datetime) -> str:
    return f"{at.astimezone():%Y-%m-%d %H:%M}"


def _row(one: Backup) -> dict[str, object]:
    return {
        "path": str(one.path),
        "made_at": one.made_at.isoformat(),
        "reason": one.reason.value,
        "program": one.program,
        "log_entries": one.entries,
        "log_head": one.head,
        "bytes": one.bytes,
        "known": one.known,
        "second_folder": one.second,
    }


commands = (backup, restore)
