"""Destroying a client's file: what is said before, the second step, and the certificate.

What always holds: nothing is destroyed but by a therapist who typed the client's code again; the places for a
certificate are there before anything goes; a file on legal hold stays whole.
"""

import json
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from notekeeper.domain.destruction import PARTS, Destroyed, Destruction, DestructionReason, Grounds, Holdings
from notekeeper.domain.note import Client
from notekeeper.domain.retention import Standing
from notekeeper.domain.review import Signer
from notekeeper.domain.vault import Vault
from notekeeper.errors import NotReadyError, UsageError, VaultError
from notekeeper.reports.certificate import filled, reserved
from notekeeper.services.retention import policy_words, retention_of

REASONS = {
    DestructionReason.RETENTION_ENDED: "its retention has ended",
    DestructionReason.CLIENT_ASKED: "the client asked for it",
    DestructionReason.OPENED_BY_MISTAKE: "it was opened by mistake",
    DestructionReason.OTHER: "another reason",
}
"""Why a file is destroyed, as a therapist reads it."""
_BACKUPS_GO = (
    "They go by themselves when the next backup is made: the next time notekeeper makes the day's backup, or with "
    "`notekeeper backup now`; but those that this vault's log does not know are yours to remove."
)
_AWAY = "The second folder for backups is not there now. What it holds of this client goes once it is there again."
_ELSEWHERE = "Copies that you made elsewhere are yours to remove."
_ASIDE = "Whole vaults that a restore or a rescue left, which may hold this client and are yours to remove:"
_BACKUPS_STAY = "This is a demonstration client, so no backup is removed for it."


@dataclass(frozen=True, slots=True)
class Certificate:
    """What was destroyed, for the therapist to file: as text and as JSON. `paths` are the files it was written to, and
    `trouble` says why it could not be."""

    text: str
    data: str
    destroyed: Destroyed
    paths: tuple[Path, ...] = ()
    trouble: str = ""


def what_will_go(vault: Vault, client: Client) -> tuple[Holdings, list[str]]:
    """What is held on the client, and the same in sentences, a line each. Raises `UsageError`."""
    holdings = vault.destructions.holdings(client.id)
    return holdings, [
        f"What will be destroyed: {_counted(holdings.counts)}.",
        *_outside(client, holdings),
        *(["This file is on legal hold. It cannot be destroyed until the hold is lifted."] if holdings.held else []),
    ]


def destroy(
    vault: Vault, client: Client, typed: str, reason: DestructionReason, *, today: date, place: Path | None = None
) -> Certificate:
    """Destroy the file of `client`, whose code was `typed` again. The certificate goes to two new files named after
    `place`, .txt and .json, or nowhere. Raises `UsageError`, `NotReadyError`, `ReportError`; then nothing changed."""
    if typed.strip().casefold() != client.code.casefold():
        raise UsageError("That is not this client's code. Nothing was destroyed.")
    signer = vault.signer()
    if signer is None:
        raise NotReadyError(
            "The certificate names who destroyed the file. Give your name first, in the settings or with `notekeeper "
            "signer`. Nothing was destroyed."
        )
    stands = retention_of(vault, client, today)
    if stands.holds:
        raise UsageError("This file is on legal hold. Lift the hold first; nothing was destroyed.")
    if reason is DestructionReason.RETENTION_ENDED and stands.reckoning.standing is not Standing.DUE:
        raise NotReadyError(
            "The retention of this file has not ended, so the certificate cannot say so. Choose another reason, or set "
            "its retention; nothing was destroyed."
        )
    due = stands.reckoning.due
    grounds = Grounds(
        reason=reason,
        policy=vault.retention(),
        own_period=stands.own is not None,
        due=due.isoformat() if due else None,
    )
    before = vault.destructions.holdings(client.id)
    with reserved(place) as paths:
        done, trouble = _destroyed(vault, client, grounds, signer)
    text, data = certificate_text(client, done, before), certificate_json(client, done, before)
    unwritten = filled(paths, (text, data)) if paths else ""
    return Certificate(text, data, done, () if unwritten else paths, " ".join(filter(None, (trouble, unwritten))))


def _destroyed(vault: Vault, client: Client, grounds: Grounds, signer: Signer) -> tuple[Destroyed, str]:
    """The line of the register, and what could not be done besides: once the file is gone, a copy of before an upgrade
    that cannot be removed takes nobody's certificate away."""
    try:
        return vault.destructions.destroy(client.id, grounds, signer), ""
    except VaultError as error:
        for done in vault.destructions.all():
            if done.id == client.id:
                return replace(done, log_head_after=vault.log.head()), str(error)
        raise


def certificate_text(client: Client, done: Destroyed, before: Holdings) -> str:
    """The certificate for a person. It holds the client's code, because the therapist files it under it."""
    body = done.body
    return "\n".join(
        [
            "CERTIFICATE OF DESTRUCTION",
            "",
            f"File of client {client.code}, destroyed {done.at.astimezone():%Y-%m-%d %H:%M} (local time).",
            f"By: {body.by.name} {body.by.registration}".rstrip(),
            f"Because: {REASONS[body.grounds.reason]}.",
            f"Policy that day: {policy_words(body.grounds.policy)}",
            *(["A period of its own was laid down for this file."] if body.grounds.own_period else []),
            *([f"Kept under it at least until: {body.grounds.due}."] if body.grounds.due else []),
            "",
            f"Destroyed: {_counted(body.counts)}.",
            "With them went the words of these in the search index, and the key of the client's entries in the log.",
            "",
            *_outside(client, before),
            "",
            f"Register number: {done.id}",
            f"Head of the log before: {body.log_head} (entry {body.log_entries})",
            f"Head of the log after: {done.log_head_after}",
            "",
        ]
    )


def certificate_json(client: Client, done: Destroyed, before: Holdings) -> str:
    """The certificate as one JSON document."""
    told = {
        "format": "notekeeper.destruction",
        "format_version": 1,
        "client": client.code,
        **register_as_json(done),
        "log_head_after": done.log_head_after,
        **backups_as_json(before),
    }
    return json.dumps(told, ensure_ascii=True, sort_keys=True, indent=1) + "\n"


def backups_as_json(held: Holdings) -> dict[str, object]:
    """The backups that hold the client, whether there may be more in a second folder that is away, and whole vaults
    left beside this one."""
    return {
        "backups": [
            {"name": b.path.name, "made_at": b.made_at.isoformat(), "second_folder": b.second, "known": b.known}
            for b in held.backups
        ],
        "second_folder_away": held.away,
        "left_beside": [str(path) for path in held.aside],
    }


def register_as_json(done: Destroyed) -> dict[str, object]:
    """A line of the register."""
    return {"id": done.id, "destroyed_at": done.at.isoformat(), **done.body.model_dump(mode="json")}


def register_line(done: Destroyed) -> str:
    """A line of the register for a person."""
    body = done.body
    return (
        f"{done.at.astimezone():%Y-%m-%d}, number {done.id[:8]}: {REASONS[body.grounds.reason]}, by {body.by.name}; "
        f"{_rows(body)} rows"
    )


def _rows(body: Destruction) -> int:
    return sum(body.counts.values())


def _counted(counts: dict[str, int]) -> str:
    return (
        "; ".join(f"{PARTS.get(part, part)} {count}" for part, count in counts.items() if count) or "the client alone"
    )


def _outside(client: Client, held: Holdings) -> list[str]:
    """What lies outside the vault or in copies of it."""
    written = (
        f"Reports and exports were written {held.exports} time(s) for this client. They lie outside the vault, where"
    )
    lines = [f"{written} you put them, and are not reached." if held.exports else "No report or export was written."]
    if held.backups:
        where = ", ".join(f"{b.path.name}{' (second folder)' if b.second else ''}" for b in held.backups)
        after = _BACKUPS_STAY if client.demonstration else _BACKUPS_GO
        lines.append(f"Backups that still hold this client, {len(held.backups)}: {where}. {after}")
    else:
        lines.append("No backup that is there now holds this client.")
    aside = [f"{_ASIDE} {', '.join(map(str, held.aside))}."] if held.aside else []
    return [*lines, *([_AWAY] if held.away else []), *aside, _ELSEWHERE]
