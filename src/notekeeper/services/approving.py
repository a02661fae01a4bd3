"""Approving a report: what was shown and looked through is what is approved, to the byte.

What always holds: a report is approved only as the bytes that were rehearsed, with every hit decided on and every
quotation asked about twice; those bytes are made anew from the vault at that moment and must come out the same; an
`Approved` exists only by `approve`; what it adds to a client's file tells of that client alone.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from notekeeper.domain.entry import EntryKind
from notekeeper.domain.note import Client
from notekeeper.domain.report import ClientPage, Quotation, ReportDocument
from notekeeper.domain.supervision import ApprovedReport, TakenComments
from notekeeper.domain.vault import Vault
from notekeeper.errors import NotReadyError, UsageError
from notekeeper.reports.sessions import session_numbers
from notekeeper.services.client_patterns import signed_patterns
from notekeeper.services.identifiers import Rehearsal, apply_decisions, rehearse
from notekeeper.services.reporting import ReportChoices, build, sealed_files

MIN_DIGEST = 12
"""Hex digits of a digest that stand for it: 48 bits, compared with one report that was just made."""
LOOK_AGAIN = "Look at it again as it is now, and approve that. Nothing was approved and nothing was written."
_SEAL = object()
_Asked = Sequence[tuple[Client, ReportChoices]]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A report as it would leave. `document` has every decision carried out; `files` are the final bytes by ending,
    the JSON first; `digest` is the SHA-256 of the JSON, which covers the other files by theirs."""

    asked: tuple[tuple[Client, ReportChoices], ...]
    document: ReportDocument = field(repr=False)
    files: Mapping[str, bytes] = field(repr=False)
    digest: str
    rehearsal: Rehearsal = field(repr=False)

    @property
    def clients(self) -> tuple[Client, ...]:
        """Those it is of, in its order."""
        return tuple(client for client, _ in self.asked)

    @property
    def short(self) -> str:
        """As much of the digest as is shown and typed."""
        return self.digest[:MIN_DIGEST]

    @property
    def quotations(self) -> tuple[tuple[str, Quotation], ...]:
        """Every quotation with the code of its client."""
        return tuple((page.client_code, each) for page in self.document.pages for each in page.quotations)


@dataclass(frozen=True, slots=True, init=False)
class Approved:
    """A report whose exact bytes were approved. `entries` are the ids of what says so, by client."""

    prepared: Prepared
    at: datetime
    entries: Mapping[str, str]

    def __init__(self, prepared: Prepared, at: datetime, entries: Mapping[str, str], *, seal: object = None) -> None:
        if seal is not _SEAL:
            raise TypeError("an Approved is made by approve")
        object.__setattr__(self, "prepared", prepared)
        object.__setattr__(self, "at", at)
        object.__setattr__(self, "entries", entries)


def prepare(vault: Vault, asked: _Asked, made: tuple[datetime, str] | None = None) -> Prepared:
    """The report in its final bytes, looked through for what could tell who somebody is. `made` is the moment and the
    head of the log that it carries, those of now unless given. Raises what `build` raises, and `UsageError` when a
    decision makes a text too long."""
    clients = tuple(client for client, _ in asked)
    document = build(vault, asked)
    if made is not None:
        document = document.model_copy(update={"made_at": made[0], "log_head": made[1]})
    document = apply_decisions(vault, clients, document)
    files = sealed_files(vault, document)
    return Prepared(
        asked=tuple(asked),
        document=document,
        files=files,
        digest=hashlib.sha256(files["json"]).hexdigest(),
        rehearsal=rehearse(vault, clients, document, {f"report.{ending}": each for ending, each in files.items()}),
    )


def approve(vault: Vault, prepared: Prepared, digest: str, *, quotations: int = 0) -> Approved:
    """Approve exactly these bytes, named by their digest or its first twelve digits; `quotations` is how many the
    therapist was asked about again and let stand. Each client's file keeps that it was so, once. Raises
    `AgreementMissingError` where one was withdrawn meanwhile, `NotReadyError` while something is undecided or when the
    report is no longer the same, and `UsageError` for another digest."""
    with vault.transaction():
        again = prepare(vault, prepared.asked, (prepared.document.made_at, prepared.document.log_head))
        if again.digest != prepared.digest or dict(again.files) != dict(prepared.files):
            raise NotReadyError(
                "Something was signed, moved, added or decided since this report was shown, and it now reads "
                f"differently. {LOOK_AGAIN}"
            )
        check_digest(again, digest)
        if left := len(again.rehearsal.undecided):
            raise NotReadyError(
                f"{left} place(s) that may tell who somebody is are not decided on. Decide on each first: replace, "
                "generalise, or keep with a reason. Nothing was approved."
            )
        if quotations != len(again.quotations):
            raise NotReadyError(
                f"This report quotes your notes {len(again.quotations)} time(s), and each quotation is asked about "
                "again before it is approved. Nothing was approved."
            )
        at = datetime.now(UTC).replace(microsecond=0)
        digests = {ending: hashlib.sha256(each).hexdigest() for ending, each in again.files.items()}
        entries = {
            client.id: _keep(vault, client, page, digests, at)
            for client, page in zip(again.clients, again.document.pages, strict=True)
        }
        return Approved(again, at, entries, seal=_SEAL)


def check_digest(prepared: Prepared, digest: str) -> None:
    """Return if this names the prepared report. Raises `UsageError`."""
    wanted = digest.strip().lower()
    if len(wanted) < MIN_DIGEST:
        raise UsageError(f"Give at least the first {MIN_DIGEST} characters of the digest. Nothing was approved.")
    if not prepared.digest.startswith(wanted):
        raise UsageError(
            "That digest is not the one of this report as it reads now: it was shown otherwise, or for other clients. "
            f"{LOOK_AGAIN}"
        )


def _keep(vault: Vault, client: Client, page: ClientPage, digests: dict[str, str], at: datetime) -> str:
    """The id of the entry that says so; the one there is when these very bytes were approved before."""
    for entry in vault.entries.of(client.id, EntryKind.REPORT_APPROVED):
        kept = entry.read(ApprovedReport)
        if kept.files == digests and kept.page == page:
            return entry.id
    body = ApprovedReport(approved_at=at, page=page, files=digests, notes=notes_behind(vault, client, page))
    return vault.entries.add(client.id, EntryKind.REPORT_APPROVED, body).id


def notes_behind(vault: Vault, client: Client, page: ClientPage) -> tuple[str, ...]:
    """The notes whose words can stand in a page: those of its sessions, of its signed patterns, and of the reports
    that earlier supervision was about."""
    notes = vault.notes.of_client(client.id)
    numbers = session_numbers(notes)
    found = {note_id for note_id, number in numbers.items() if number in page.coverage.included}
    if page.patterns and (patterns := signed_patterns(vault, client)):
        found |= set(patterns.body.notes)
    if page.discussed:
        for entry in vault.entries.of(client.id, EntryKind.COMMENTS):
            found |= set(entry.read(TakenComments).notes)
    return tuple(note.id for note in notes if note.id in found)
