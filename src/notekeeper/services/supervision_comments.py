"""Taking a supervisor's comments in: matched to the report they are about, looked at first, then kept.

What always holds: comments are taken in beside a report that was approved in this vault, byte for byte, or not at all;
either every one of them is an item of that report or nothing is changed; the same file is taken in once, and a comment
that came with an earlier file of the same supervision is not taken in again. Nothing in a file is obeyed: its words are
words.
"""

import hashlib
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta

from notekeeper.domain.comments import CommentsFile, SupervisorComment
from notekeeper.domain.entry import EntryKind, FileEntry
from notekeeper.domain.note import Client
from notekeeper.domain.supervision import ApprovedReport, SupervisionHours, TakenComment, TakenComments
from notekeeper.domain.vault import Vault
from notekeeper.errors import UsageError
from notekeeper.reports.comments import comments_json
from notekeeper.services.supervision_hours import add_hours, held_already
from notekeeper.services.supervision_items import code_of, item_of

_MOST_ITEM = 1000


@dataclass(frozen=True, slots=True)
class ClientComments:
    """What would be taken into one client's file: `taken` beside the approved report whose entry is `report_id`.
    `before` counts comments that came with an earlier file of the same supervision."""

    client: Client
    report_id: str
    taken: TakenComments = field(repr=False)
    before: int


@dataclass(frozen=True, slots=True)
class CommentsPreview:
    """What taking the file in would do; `clients` is empty where there is nothing new but hours. `elsewhere` counts
    comments on clients whose part of the report is no longer here. `hours` are those that the file tells of, None when
    it tells of none or they are in the log already."""

    file: CommentsFile = field(repr=False)
    clients: tuple[ClientComments, ...]
    elsewhere: int
    hours: SupervisionHours | None

    def sentences(self) -> tuple[str, ...]:
        """All of it for a person, a sentence each."""
        file = self.file
        when = f"discussed on {file.discussed_on.isoformat()}" if file.discussed_on else "not discussed yet"
        said = [f"Comments by {file.supervisor or 'your supervisor, who gave no name'}, {when}."]
        for each in self.clients:
            actions = sum(comment.action for comment in each.taken.comments)
            agreed = f", {actions} of them agreed to be done" if actions else ""
            said.append(f"Client {each.client.code}: {len(each.taken.comments)} comment(s){agreed}.")
            if each.before:
                said.append(f"Client {each.client.code}: {each.before} more came before and are here already.")
        if self.elsewhere:
            said.append(
                f"{self.elsewhere} comment(s) are on clients whose part of this report is no longer here: the file was "
                "destroyed, or a note it rested on was moved. They are left out."
            )
        if self.hours:
            said.append(f"The file tells of {self.hours.minutes} minutes of supervision that are not in your log.")
        return tuple(said)


def digest_of(file: CommentsFile) -> str:
    """The SHA-256 in hex of what the file says, however it was sealed or laid out."""
    return hashlib.sha256(comments_json(file)).hexdigest()


def preview_comments(vault: Vault, file: CommentsFile, today: date) -> CommentsPreview:
    """What taking the file in would do; nothing is changed. Raises `UsageError` when it cannot be, `ChainBrokenError`
    when the vault was altered."""
    _check(file, today)
    reports, earlier = _reports_of(vault, file.report_sha256), _earlier(vault, file)
    pages = {report.page.client_code: (entry, report) for entry, report in reports}
    by_code: defaultdict[str, list[SupervisorComment]] = defaultdict(list)
    for each in file.comments:
        by_code[code_of(each.ref)].append(each)
    clients = {client.id: client for client in vault.clients.all()}
    found = [
        _for_client(clients[entry.client_id], entry, report, by_code[code], file, earlier)
        for code, (entry, report) in pages.items()
        if code in by_code
    ]
    fresh = tuple(each for each in found if each.taken.comments)
    hours = _hours(vault, file)
    if not fresh and hours is None:
        raise UsageError(f"{_nothing(file, found)} Nothing was changed.")
    elsewhere = sum(len(each) for code, each in by_code.items() if code not in pages)
    return CommentsPreview(file, fresh, elsewhere, hours)


def _check(file: CommentsFile, today: date) -> None:
    if file.discussed_on is not None and file.discussed_on > today + timedelta(days=1):
        raise UsageError(
            "This file says that it was discussed on a day that is still to come. Ask your supervisor to put the day "
            "right. Nothing was changed."
        )
    if not all(code_of(each.ref) for each in file.comments):
        raise UsageError(
            "A comment is on something that no report has, so the file cannot be trusted. Nothing was changed. Ask "
            "your supervisor to write it anew from the report."
        )


def _nothing(file: CommentsFile, found: list[ClientComments]) -> str:
    if not file.comments:
        return "This file holds no comments and no hours that are not in your log, so there is nothing to take in."
    if not found:
        return "None of these comments is on a client whose part of the report is still here."
    return "Every comment in this file was taken in before, with an earlier file."


def take_comments(
    vault: Vault, file: CommentsFile, today: date, *, hours: bool = False
) -> tuple[CommentsPreview, tuple[FileEntry, ...]]:
    """Take the file in as its preview says, each client's comments into their own file, and with `hours` the hours
    into the log: all of it or nothing. Raises as `preview_comments`."""
    with vault.transaction():
        preview = preview_comments(vault, file, today)
        if hours and preview.hours is None:
            raise UsageError(
                "This file tells of no hours that are not in your log already. Take it in without them. Nothing was "
                "changed."
            )
        if not hours and not preview.clients:
            raise UsageError(
                "This file brings no new comment, only hours. Add them to your log, or leave it. Nothing was changed."
            )
        added = tuple(
            vault.entries.add(each.client.id, EntryKind.COMMENTS, each.taken, each.report_id)
            for each in preview.clients
        )
        if hours and preview.hours is not None:
            add_hours(vault, preview.hours, today)
    return preview, added


def _reports_of(vault: Vault, digest: str) -> list[tuple[FileEntry, ApprovedReport]]:
    approved = [(each, each.read(ApprovedReport)) for each in vault.entries.of(None, EntryKind.REPORT_APPROVED)]
    found = [(entry, report) for entry, report in approved if report.files.get("json") == digest]
    if not found:
        raise UsageError(
            "These comments are about a report that was not approved in this vault, or is no longer held here: its "
            "file was changed after you approved it, or a note it rested on was moved or destroyed. Nothing was "
            "changed. Ask your supervisor which report they read."
        )
    return found


def _earlier(vault: Vault, file: CommentsFile) -> dict[str, set[tuple[object, ...]]]:
    """The comments taken in before, by the entry of the approved report. Raises `UsageError` for the same file."""
    digest = digest_of(file)
    earlier: defaultdict[str, set[tuple[object, ...]]] = defaultdict(set)
    for entry in vault.entries.of(None, EntryKind.COMMENTS):
        taken = entry.read(TakenComments)
        if taken.file_sha256 == digest:
            raise UsageError(
                f"This very file was taken in on {entry.at.astimezone().date().isoformat()}. Nothing was changed."
            )
        earlier[entry.about] |= {_identity(each, taken.discussed_on) for each in taken.comments}
    return earlier


def _identity(each: SupervisorComment | TakenComment, day: date | None) -> tuple[object, ...]:
    return each.ref, each.text, each.action, each.until, day


def _known(each: SupervisorComment, day: date | None, known: set[tuple[object, ...]]) -> bool:
    """Whether the comment is here with this day, or with any where the file has none: what was discussed stays so."""
    if day is not None:
        return _identity(each, day) in known
    return _identity(each, None)[:-1] in {same[:-1] for same in known}


def _for_client(  # noqa: PLR0917 - what one client's part is made of
    client: Client,
    entry: FileEntry,
    report: ApprovedReport,
    comments: list[SupervisorComment],
    file: CommentsFile,
    earlier: dict[str, set[tuple[object, ...]]],
) -> ClientComments:
    known, fresh = set(earlier.get(entry.id, ())), []
    for each in comments:
        item = item_of(report.page, each.ref)
        if item is None:
            raise UsageError(
                f"A comment is on something that client {client.code}'s page of the report does not have, so the file "
                "cannot be trusted. Nothing was changed. Ask your supervisor to write it anew from the report."
            )
        if not _known(each, file.discussed_on, known):
            known.add(_identity(each, file.discussed_on))
            fresh.append(
                TakenComment(ref=each.ref, item=item[:_MOST_ITEM], text=each.text, action=each.action, until=each.until)
            )
    taken = TakenComments(
        supervisor=file.supervisor,
        discussed_on=file.discussed_on,
        comments=tuple(fresh),
        file_sha256=digest_of(file),
        notes=report.notes,
    )
    return ClientComments(client, entry.id, taken, len(comments) - len(fresh))


def _hours(vault: Vault, file: CommentsFile) -> SupervisionHours | None:
    if file.discussed_on is None or file.minutes is None:
        return None
    clients = len({code_of(each.ref) for each in file.comments})
    hours = SupervisionHours(
        day=file.discussed_on, minutes=file.minutes, supervisor=file.supervisor, clients_discussed=clients
    )
    return None if held_already(vault.supervision_log(), hours) else hours
