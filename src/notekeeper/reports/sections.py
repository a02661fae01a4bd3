"""The sections of a page that are not themes: risk, where the work stands, what came of earlier supervision, and by
what the page was made.

What always holds: risk is told of every reported session, whatever its state, or of none; of the front sheet three
fields are taken; of earlier supervision only what was agreed to be done.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from notekeeper.domain.addendum import LaterRisk
from notekeeper.domain.client_file import FrontSheet
from notekeeper.domain.draft import Provenance
from notekeeper.domain.note import Note, NoteKind
from notekeeper.domain.report import NO_AI, Course, Discussed, ReportRisk, RiskSection
from notekeeper.domain.risk import RiskEntry
from notekeeper.domain.supervision import TakenComments
from notekeeper.errors import ReportError
from notekeeper.reports.phrases import day
from notekeeper.reports.sessions import Session
from notekeeper.reports.signed import has_quotation

MAX_BREAKS_CHARACTERS = 300
MAX_DISCUSSED = 3


def risk_of(sessions: Sequence[Session], later: Sequence[LaterRisk], include: bool) -> RiskSection:
    """Every reported session's entries, whatever their state: a missing line must never read as a quiet session."""
    if not include:
        return RiskSection(included=False)
    entries: list[ReportRisk] = []
    asked: list[date] = []
    for session in sessions:
        added = [(each.entry, each.day) for each in later if each.note_id == session.body.note_id]
        told: list[tuple[RiskEntry, date | None]] = [(session.body.risk, None), *added]
        entries += [
            ReportRisk(
                session=session.number,
                state=entry.state,
                words=entry.words,
                action=entry.action,
                safeguarding=entry.safeguarding,
                kinds=entry.kinds,
                protective=entry.protective,
                told=entry.told,
                safeguarding_child=entry.safeguarding_child,
                safeguarding_adult=entry.safeguarding_adult,
                added_on=day,
            )
            for entry, day in told
        ]
        if told[-1][0].asked:
            asked.append(session.date)
    return RiskSection(included=True, last_asked=max(asked, default=None), entries=tuple(entries))


def course_of(numbers: Sequence[int], notes: Iterable[Note], sheet: FrontSheet) -> Course:
    """`numbers` are those of the period's sessions, in order. Raises `ReportError` for breaks that may not travel."""
    breaks = " ".join(sheet.breaks.split())
    if has_quotation(breaks):
        raise ReportError(
            "The breaks on the front sheet hold quotation marks, and a report carries no quotations. No report was "
            "made and nothing was changed. Please word the breaks anew on the front sheet."
        )
    if len(breaks) > MAX_BREAKS_CHARACTERS:
        raise ReportError(
            f"The breaks on the front sheet are longer than {MAX_BREAKS_CHARACTERS} characters, which a report of one "
            "page has no room for. No report was made and nothing was changed. Please shorten them there."
        )
    return Course(
        session=numbers[-1],
        planned=sheet.sessions_planned,
        held=len(numbers),
        did_not_attend=sum(n.kind is NoteKind.DID_NOT_ATTEND for n in notes),
        breaks=breaks,
        ending=sheet.ending,
    )


def discussed_of(comments: Sequence[TakenComments]) -> tuple[Discussed, ...]:
    """What was agreed in supervision that was held, newest first, at most three times of it."""
    held = [
        Discussed(day=taken.discussed_on, agreed=agreed)
        for taken in comments
        if taken.discussed_on
        and (agreed := tuple(_agreed(each.text, each.until) for each in taken.comments if each.action))
    ]
    return tuple(sorted(held, key=lambda each: each.day, reverse=True)[:MAX_DISCUSSED])


def _agreed(text: str, until: date | None) -> str:
    words = " ".join(text.split())
    return f"{words} (until {day(until)})" if until else words


def ai_note(sessions: Sequence[Session]) -> str:
    used = sum(s.body.ai_used for s in sessions)
    if not used:
        return NO_AI
    noun = "session" if len(sessions) == 1 else "sessions"
    return (
        f"AI drafts were used in {used} of {len(sessions)} {noun}; the therapist reviewed and signed every item shown."
    )


def models_of(made: Provenance | None) -> list[str]:
    """Each part that made a draft, with the SHA-256 of its weights."""
    if made is None:
        return []
    parts = [(made.model, made.model_sha256), (made.encoder, made.encoder_sha256)]
    return [f"{name}, SHA-256 {digest}" if digest else name for name, digest in parts if name]
