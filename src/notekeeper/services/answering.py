"""Answering an access request: what the client's copy would be, and the copy itself.

What always holds: the preview and the files come from the same marks; the files are written, the answer is kept and the
export is in the log, or none of it; nothing in the client's files says why something was withheld.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from notekeeper.domain.access import AccessAnswer, WrittenFile
from notekeeper.domain.entry import EntryKind
from notekeeper.domain.file_export import ExportFormat, FileDocument
from notekeeper.domain.vault import Vault
from notekeeper.errors import UsageError
from notekeeper.services.access import Mark, Request, marks_of
from notekeeper.services.file_export import FORMATS, Written, build_file, log_export, remove, write_files
from notekeeper.services.held_notes import saved_texts
from notekeeper.services.withholding import Folded, client_copy, folded


@dataclass(frozen=True, slots=True)
class MarkInCopy:
    """A mark as it stands in the client's copy: its `number` there, in how many `places` something is withheld by it,
    and the saved texts of the same note in which its words do not stand as marked."""

    number: int
    mark: Mark
    places: int
    not_in: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """The client's copy as it would be written now."""

    document: FileDocument
    marks: tuple[MarkInCopy, ...]

    @property
    def places(self) -> int:
        """How many times something was taken out."""
        return sum(each.places for each in self.marks)


def preview(vault: Vault, request: Request, today: date) -> Preview:
    """What would be given now. Raises `ChainBrokenError` for what was altered outside notekeeper."""
    marks = marks_of(vault, request)
    made = client_copy(
        build_file(vault, request.client, today), [each.body for each in marks], saved_texts(vault, request.client)
    )
    return Preview(
        made.document,
        tuple(
            MarkInCopy(number, each, made.places[number], _elsewhere(vault, request, each))
            for number, each in enumerate(marks, start=1)
        ),
    )


def _elsewhere(vault: Vault, request: Request, mark: Mark) -> tuple[str, ...]:
    """Revisions of the same text that word the passage otherwise, which only the therapist can judge."""
    body = mark.body
    if body.note_id is None or body.part is None:
        return ()
    if all(note.id != body.note_id for note in vault.notes.of_client(request.client.id)):
        return ()
    needle = folded(body.words)
    return tuple(
        f"revision {each.number}"
        for each in vault.notes.revisions(body.note_id, body.part)
        if not Folded(each.text).places(needle)
    )


def answer(
    vault: Vault, request: Request, folder: Path, today: date, formats: Sequence[ExportFormat] = FORMATS
) -> tuple[AccessAnswer, tuple[Written, ...], Preview]:
    """Write the client's copy and keep what was given. Raises `ReportError`, and `UsageError` for a mark whose words
    stand nowhere any more, which has to be looked at first."""
    shown = preview(vault, request, today)
    lost = [each.mark.number for each in shown.marks if not each.places]
    if lost:
        raise UsageError(
            f"Nothing in the file has the words of mark {', '.join(map(str, lost))} any more. Look at it, take it back "
            "or mark the passage anew. No file was made."
        )
    code = "".join(c if c.isalnum() or c in "-_" else "-" for c in request.client.code)
    written = write_files(
        shown.document, folder, f"access_{code}_{request.number}_{today.isoformat()}_for-client", formats
    )
    body = AccessAnswer(
        request=request.number,
        day=today,
        files=tuple(WrittenFile(format=each.format.value, sha256=each.sha256) for each in written),
        withheld=dict(Counter(each.mark.body.test.value for each in shown.marks)),
        places=shown.places,
        marks=tuple(each.mark.number for each in shown.marks),
        log_head=shown.document.log_head,
    )
    try:
        with vault.transaction():
            vault.entries.add(request.client.id, EntryKind.ACCESS_ANSWER, body)
            log_export(vault, request.client, written)
    except BaseException:
        remove([each.path for each in written])
        raise
    return body, written, shown
