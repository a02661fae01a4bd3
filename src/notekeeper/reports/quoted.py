"""Words of a note that the therapist chose to quote, one by one.

What always holds: a quotation stands verbatim in the signed evidence of a theme of a reported session, and nothing is
quoted that was not chosen; what was chosen and is not found stops the report, and the message repeats nothing of it.
"""

from collections.abc import Mapping, Sequence

from notekeeper.domain.note import Note
from notekeeper.domain.report import Quotation
from notekeeper.errors import ReportError
from notekeeper.reports.sessions import Session

MAX_QUOTATIONS = 12
MAX_CHARACTERS = 600


def quotations_of(
    chosen: Sequence[tuple[int, str]], sessions: Sequence[Session], notes: Mapping[str, Note]
) -> tuple[Quotation, ...]:
    """Each chosen note number and words, in the order of the sessions, with the theme whose evidence they stand in.
    White space runs are shown as one space. Raises `ReportError`."""
    if len(chosen) > MAX_QUOTATIONS:
        raise ReportError(f"A page has room for {MAX_QUOTATIONS} quotations. No report was made; please choose fewer.")
    by_note = {notes[session.body.note_id].number: session for session in sessions}
    found = [_quotation(number, words, by_note.get(number)) for number, words in dict.fromkeys(chosen)]
    return tuple(sorted(found, key=lambda each: each.session))


def _quotation(number: int, words: str, session: Session | None) -> Quotation:
    if session is not None and words.strip():
        for item in (each for each in session.body.items if each.kind == "theme"):
            if any(words in evidence.text for evidence in item.evidence):
                return _fit(Quotation(session=session.number, label=item.text, text=" ".join(words.split())))
    raise ReportError(
        f"Words chosen from note {number} to be quoted do not stand in the evidence of a theme that is signed and in "
        "this period. No report was made and nothing was changed. Please choose the sentence again."
    )


def _fit(made: Quotation) -> Quotation:
    if len(made.text) > MAX_CHARACTERS:
        raise ReportError(
            f"A quotation from session {made.session} is longer than {MAX_CHARACTERS} characters. No report was made; "
            "please choose fewer words."
        )
    return made
