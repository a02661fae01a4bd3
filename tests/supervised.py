"""Reports approved by hand, and comments on them, for the tests of supervision: invented, and no file is needed."""

import hashlib
from collections.abc import Iterable
from datetime import UTC, date, datetime

from notekeeper.domain.comments import CommentsFile, SupervisorComment
from notekeeper.domain.entry import EntryKind, FileEntry
from notekeeper.domain.note import Client, Note
from notekeeper.domain.pattern import PatternKind
from notekeeper.domain.report import (
    ClientPage,
    Course,
    Coverage,
    ReportPattern,
    ReportTheme,
    RiskSection,
    SupervisionItem,
)
from notekeeper.domain.supervision import ApprovedReport
from notekeeper.domain.vault import Vault
from notekeeper.services.supervision_comments import digest_of

HELD = date(2026, 5, 14)
WRITTEN = datetime(2026, 5, 14, 18, 0, tzinfo=UTC)
APPROVED = datetime(2026, 5, 12, 9, 0, tzinfo=UTC)
SUPERVISOR = "S. Imagined"


def page_of(client: Client) -> ClientPage:
    """A page with one item of each kind, or two."""
    return ClientPage(
        client_code=client.code,
        period_from=date(2026, 3, 1),
        period_to=date(2026, 5, 1),
        question="Where am I stuck?",
        risk=RiskSection(included=False),
        course=Course(session=8, planned=12, held=8),
        coverage=Coverage(total=8, included=(1, 2)),
        themes=(ReportTheme(label="Saying no", sessions=(1, 2)), ReportTheme(label="Broken sleep", sessions=(2,))),
        patterns=(ReportPattern(label="Saying no", kind=PatternKind.RECURRING, sessions=(1, 2), statement="Noted."),),
        supervision=(SupervisionItem(session=2, kind="reflection", text="What did I want to solve?"),),
        questions=("Is it time to end?",),
        ai_note="No AI was used.",
        signed_by="P. Invented",
    )


def sha(name: str = "report") -> str:
    """The SHA-256 that the JSON of a report of this name has."""
    return hashlib.sha256(name.encode()).hexdigest()


def approve(vault: Vault, client: Client, notes: Iterable[Note] = (), name: str = "report") -> FileEntry:
    """The client's part of an approved report, resting on these notes. Parts of the same name are of one report."""
    approved = ApprovedReport(
        approved_at=APPROVED,
        page=page_of(client),
        files={"json": sha(name), "html": sha(f"{name}.html")},
        notes=tuple(note.id for note in notes),
    )
    return vault.entries.add(client.id, EntryKind.REPORT_APPROVED, approved)


def comments_on(
    *said: tuple[str, str] | tuple[str, str, date | None],
    name: str = "report",
    day: date | None = HELD,
    minutes: int | None = 60,
    supervisor: str = SUPERVISOR,
) -> CommentsFile:
    """A file of comments: (ref, text) is a comment, (ref, text, until) an agreed action."""
    comments = [
        SupervisorComment(ref=each[0], text=each[1], action=len(each) > 2, until=each[2] if len(each) > 2 else None)
        for each in said
    ]
    return CommentsFile(
        report_sha256=sha(name),
        supervisor=supervisor,
        discussed_on=day,
        minutes=minutes,
        comments=tuple(comments),
        written_at=WRITTEN,
    )


__all__ = ["HELD", "SUPERVISOR", "approve", "comments_on", "digest_of", "page_of", "sha"]
