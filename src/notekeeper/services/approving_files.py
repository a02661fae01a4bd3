"""Writing what was approved, and saying of a file whether it is exactly that.

What always holds: only the bytes of an `Approved` are written, each file beside what is there and never over it, and
each is read back and compared; a file differs from what was approved or written here in no byte, or it is refused.
"""

import hashlib
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from notekeeper.domain.entry import EntryKind, FileEntry
from notekeeper.domain.note import Client
from notekeeper.domain.supervision import ApprovedReport
from notekeeper.domain.vault import Vault
from notekeeper.errors import NotReadyError, ReportError, UsageError
from notekeeper.isolation.private import read_private
from notekeeper.reports.bundle import ENDING, MAX_BUNDLE_BYTES, is_bundle, open_bundle, pack
from notekeeper.reports.envelope import Seal, Secret, is_sealed, sealed
from notekeeper.reports.placing import write_files
from notekeeper.services.approving import Approved
from notekeeper.services.bundling import check_seal_choice
from notekeeper.services.consent import require_supervision

ALWAYS, KINDS = "json", ("html", "md", "pdf")
"""The file that is written in any case, and those that go beside it if asked."""
USUAL = ("html",)
WRITTEN = "report.written"
_BUNDLE = ENDING.removeprefix(".")


@dataclass(frozen=True, slots=True)
class ApprovedLine:
    """One client's part of an approved report, as kept."""

    client: Client
    at: datetime
    files: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file that is, byte for byte, one of an approved report: of which `kind` (json, html, md, pdf, or bundle), of
    which clients, approved when and, of a bundle known by the log, written when."""

    kind: str
    clients: tuple[Client, ...]
    approved_at: datetime | None
    written_at: datetime | None = None


def write(
    vault: Vault, approved: Approved, place: Path, kinds: Collection[str] = USUAL, seal: Seal | None = None
) -> dict[str, Path]:
    """Write the JSON file and those of `kinds` into a folder or under a name, or with `seal` all of them as one bundle,
    and return the paths by ending ("bundle" for that). Each client's log has that it was written, and its SHA-256.
    Raises `AgreementMissingError` and `NotReadyError` when the approval no longer stands, `ReportError`, `UsageError`
    and `WeakPassphraseError`."""
    if unknown := set(kinds) - {ALWAYS, *KINDS}:
        raise UsageError(f"A report has no file of the kind {min(unknown)!r}. Nothing was written.")
    _still_stands(vault, approved)
    files = {ending: each for ending, each in approved.prepared.files.items() if ending in {ALWAYS, *kinds}}
    if seal is None:
        paths = _written(approved, files, place)
        _tell(vault, approved, b"".join(hashlib.sha256(each).digest() for each in files.values()))
        return paths
    check_seal_choice(seal)
    content = sealed(pack({f"report.{ending}": each for ending, each in files.items()}), seal)
    paths = _written(approved, {_BUNDLE: content}, _without_ending(place))
    _tell(vault, approved, hashlib.sha256(content).digest())
    return {"bundle": paths[_BUNDLE]}


def _still_stands(vault: Vault, approved: Approved) -> None:
    for client in approved.prepared.clients:
        require_supervision(vault, client)
        kept = vault.entries.of(client.id, EntryKind.REPORT_APPROVED)
        if approved.entries[client.id] not in {entry.id for entry in kept}:
            raise NotReadyError(
                "What was approved is no longer in a client's file, because a note it rests on was moved. Nothing was "
                "written. Look at the report again as it is now."
            )


def _written(approved: Approved, files: Mapping[str, bytes], place: Path) -> dict[str, Path]:
    paths = write_files(approved.prepared.document, files, place)
    for ending, path in paths.items():
        try:
            same = read_private(path, len(files[ending])) == files[ending]
        except OSError:
            same = False
        if not same:
            for each in paths.values():
                with suppress(OSError):
                    each.unlink()
            raise ReportError(
                "What was written could not be read back as it was approved, so it was taken away again. The disk or "
                "stick may be failing. Your vault is unchanged; try another folder."
            )
    return paths


def _without_ending(place: Path) -> Path:
    whole = place.name.lower().endswith(ENDING) and not place.is_dir()
    return place.with_name(place.name[: -len(ENDING)]) if whole else place


def _tell(vault: Vault, approved: Approved, digests: bytes) -> None:
    with vault.transaction():
        for client in approved.prepared.clients:
            vault.log.event(WRITTEN, client.id, digests, client.id)


def approved_reports(vault: Vault, client: Client | None = None) -> list[ApprovedLine]:
    """What was approved of one client or of all, in the order approved. Raises `ChainBrokenError`."""
    codes = {each.id: each for each in vault.clients.all()}
    return [
        ApprovedLine(codes[entry.client_id], kept.approved_at, kept.files)
        for entry, kept in _approved(vault, client.id if client else None)
    ]


def check_file(vault: Vault, path: Path, secret: Secret | None = None) -> CheckedFile:
    """What this file is, of those approved here. A bundle is known by the log; one that was sealed elsewhere is opened
    with `secret` and every file in it looked at. Raises `ReportError` for a file that is not one of them or was
    changed in any byte, and `WrongPassphraseError`."""
    try:
        raw = read_private(path, MAX_BUNDLE_BYTES)
    except OSError as error:
        raise ReportError(f"The file could not be read ({error.strerror or 'not an ordinary file'}).") from None
    approved = _approved(vault, None)
    if is_bundle(path) or is_sealed(raw):
        return _checked_bundle(vault, approved, raw, secret)
    digest = hashlib.sha256(raw).hexdigest()
    parts = [(entry, kept) for entry, kept in approved if digest in kept.files.values()]
    if not parts:
        raise ReportError(
            "This file is not, byte for byte, one that was approved in this vault. It was changed after it was "
            "approved, or never approved here, or a note it rests on was moved since. Do not hand it on; make the "
            "report again."
        )
    kind = next(ending for ending, each in parts[0][1].files.items() if each == digest)
    return CheckedFile(kind, _clients(vault, parts), parts[0][1].approved_at)


def _checked_bundle(
    vault: Vault, approved: list[tuple[FileEntry, ApprovedReport]], raw: bytes, secret: Secret | None
) -> CheckedFile:
    digest = hashlib.sha256(raw).digest()
    written = [(each, vault.log.found(WRITTEN, each.id, digest, each.id)) for each in vault.clients.all()]
    known = [(client, entry) for client, entry in written if entry is not None]
    if known:
        return CheckedFile("bundle", tuple(client for client, _ in known), None, known[0][1].at)
    if secret is None:
        raise ReportError(
            "This bundle is not, byte for byte, one that was written from this vault. It was changed after it was "
            "written, or sealed elsewhere. With the passphrase or key that opens it, the files in it can be looked at."
        )
    inside = {hashlib.sha256(each).hexdigest() for each in open_bundle(raw, secret).values()}
    parts = [(entry, kept) for entry, kept in approved if inside <= set(kept.files.values())]
    if not parts:
        raise ReportError("A file in this bundle is not, byte for byte, one that was approved in this vault.")
    return CheckedFile("bundle", _clients(vault, parts), parts[0][1].approved_at)


def _approved(vault: Vault, client_id: str | None) -> list[tuple[FileEntry, ApprovedReport]]:
    return [(entry, entry.read(ApprovedReport)) for entry in vault.entries.of(client_id, EntryKind.REPORT_APPROVED)]


def _clients(vault: Vault, parts: list[tuple[FileEntry, ApprovedReport]]) -> tuple[Client, ...]:
    ids = {entry.client_id for entry, _ in parts}
    return tuple(client for client in vault.clients.all() if client.id in ids)
