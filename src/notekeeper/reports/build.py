"""Building a theme report from signed reviews. Pure: the same arguments give the same report.

What always holds: only signed sessions that lie in the period count; of their items only theme labels and, if
chosen, items sent to the supervision notes are taken; of the front sheet, sessions planned, breaks and the ending
date. Focus, evidence and note text are never looked at. A label, item or break that holds quotation marks stops the
report, and the message repeats nothing of it.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from notekeeper.domain.addendum import LaterRisk
from notekeeper.domain.client_file import FrontSheet
from notekeeper.domain.note import Client, Note, NoteKind
from notekeeper.domain.report import NO_AI, Course, Coverage, ReportRisk, RiskSection, ThemeReport
from notekeeper.domain.review import SignedReview, SignOff
from notekeeper.domain.risk import RiskEntry
from notekeeper.errors import ReportError
from notekeeper.reports.items import has_quotation, supervision_of, themes_of
from notekeeper.reports.sessions import Session, included_sessions, session_numbers

MAX_QUESTION_CHARACTERS = 600
MAX_QUESTIONS = 2
MAX_BREAKS_CHARACTERS = 300


def build_report(
    *,
    client: Client,
    notes: Sequence[Note],
    signed: Sequence[SignedReview],
    period_from: date,
    period_to: date,
    include_risk: bool,
    include_supervision: bool,
    question: str,
    made_at: datetime,
    app_version: str,
    log_head: str,
    sheet: FrontSheet | None = None,
    questions: Sequence[str] = (),
    later_risks: Sequence[LaterRisk] = (),
) -> ThemeReport:
    """The report on `client` from `period_from` to `period_to`, both days included.

    `notes` and `signed` are the client's whole file: session numbers count from its first session. `later_risks` are
    the risk entries that addenda brought, in the order they were added. Raises
    `ReportError` when nothing in the period is signed, when the period ends before it starts, when something of
    another client or a review without its note is among the arguments, or when a label or item may not travel.
    """
    if period_to < period_from:
        raise ReportError("The period ends before it starts. No report was made; please give the two dates again.")
    if any(n.client_id != client.id for n in notes) or any(s.body.client_id != client.id for s in signed):
        raise ReportError(
            "A note of another client was found among those to report. No report was made and nothing was changed. "
            "Please run `notekeeper verify`."
        )
    if not {s.body.note_id for s in signed} <= {n.id for n in notes}:
        raise ReportError(
            "A signed review has no note in this client's file. No report was made and nothing was changed. "
            "Please run `notekeeper verify`."
        )
    numbers = session_numbers(notes)
    in_period = {n.id: n for n in notes if period_from <= n.date <= period_to}
    sessions = included_sessions(signed, numbers, in_period)
    if not sessions:
        raise ReportError(
            f"No session from {period_from} to {period_to} is signed, so there is nothing to report and no file was "
            "made. Sign at least one session of that time, or choose another period."
        )
    asked, *further = (" ".join(each.split()) for each in (question, *questions))
    if any(len(each) > MAX_QUESTION_CHARACTERS for each in (asked, *further)):
        raise ReportError(
            f"The supervision question is longer than {MAX_QUESTION_CHARACTERS} characters. No report was made; "
            "please shorten it."
        )
    if len(further) > MAX_QUESTIONS:
        raise ReportError("Besides the first question a report has room for two. No report was made.")
    included = tuple(s.number for s in sessions)
    all_in_period = sorted(number for note_id, number in numbers.items() if note_id in in_period)
    return ThemeReport(
        made_at=made_at,
        app_version=app_version,
        client_code=client.code,
        period_from=period_from,
        period_to=period_to,
        question=asked,
        risk=_risk(sessions, later_risks, include_risk),
        course=_course(all_in_period, in_period.values(), sheet or FrontSheet()),
        coverage=Coverage(
            total=len(all_in_period),
            included=included,
            not_included=tuple(n for n in all_in_period if n not in included),
        ),
        themes=themes_of(sessions),
        supervision=supervision_of(sessions) if include_supervision else (),
        questions=tuple(filter(None, further)),
        ai_note=_ai_note(sessions),
        signed_by="; ".join(dict.fromkeys(_signer(s.body) for s in sessions)),
        demonstration=client.demonstration or any(s.body.demonstration for s in signed),
        models=tuple(dict.fromkeys(part for s in sessions for part in _models(s.body))),
        log_head=log_head,
    )


def _course(numbers: Sequence[int], notes: Iterable[Note], sheet: FrontSheet) -> Course:
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


def _risk(sessions: Sequence[Session], later: Sequence[LaterRisk], include: bool) -> RiskSection:
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


def _ai_note(sessions: Sequence[Session]) -> str:
    used = sum(s.body.ai_used for s in sessions)
    if not used:
        return NO_AI
    noun = "session" if len(sessions) == 1 else "sessions"
    return (
        f"AI drafts were used in {used} of {len(sessions)} {noun}; the therapist reviewed and signed every item shown."
    )


def _signer(body: SignOff) -> str:
    return f"{body.signer.name}, {body.signer.registration}" if body.signer.registration else body.signer.name


def _models(body: SignOff) -> list[str]:
    """Each part that made a draft behind this sign-off, with the SHA-256 of its weights."""
    made = body.provenance
    if made is None:
        return []
    parts = [(made.model, made.model_sha256), (made.encoder, made.encoder_sha256)]
    return [f"{name}, SHA-256 {digest}" if digest else name for name, digest in parts if name]
