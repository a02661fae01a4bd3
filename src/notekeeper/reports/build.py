"""Building the pages of a report from signed reviews and signed patterns. Pure: the same arguments give the same pages.

What always holds: only signed sessions that lie in the period count; of their items only theme labels and, if
chosen, items sent to the supervision notes are taken; of the front sheet, sessions planned, breaks and the ending
date. Focus and note text are never looked at, evidence only to see that words chosen for quotation stand in it. A
label, item, pattern or break that holds quotation marks stops the report, and the message repeats nothing of it.
"""

from collections.abc import Sequence
from datetime import date, datetime

from notekeeper.domain.addendum import LaterRisk
from notekeeper.domain.client_file import FrontSheet
from notekeeper.domain.note import Client, Note
from notekeeper.domain.pattern import SignedPatterns
from notekeeper.domain.report import MAX_PAGES, ClientPage, Coverage, ReportDocument
from notekeeper.domain.review import SignedReview, Signer
from notekeeper.domain.supervision import TakenComments
from notekeeper.errors import ReportError
from notekeeper.reports.quoted import quotations_of
from notekeeper.reports.sections import ai_note, course_of, discussed_of, models_of, risk_of
from notekeeper.reports.sessions import appointments_of, included_sessions, session_numbers
from notekeeper.reports.signed import basis_of, patterns_of, supervision_of, themes_of

MAX_QUESTION_CHARACTERS = 600
MAX_QUESTIONS = 2


def build_document(
    pages: Sequence[ClientPage], *, therapist: str, made_at: datetime, app_version: str, log_head: str
) -> ReportDocument:
    """The report of these pages, in the order given. Raises `ReportError` for none, more than four, or the same client
    twice."""
    codes = [page.client_code for page in pages]
    if not 1 <= len(codes) <= MAX_PAGES:
        raise ReportError(f"A report is of one to {MAX_PAGES} clients. No report was made; please choose again.")
    if len(set(codes)) != len(codes):
        raise ReportError("A client stands in this report twice. No report was made; please name each client once.")
    return ReportDocument(
        made_at=made_at, app_version=app_version, therapist=therapist, pages=tuple(pages), log_head=log_head
    )


def build_page(
    *,
    client: Client,
    notes: Sequence[Note],
    signed: Sequence[SignedReview],
    period_from: date,
    period_to: date,
    include_risk: bool,
    include_supervision: bool,
    question: str,
    questions: Sequence[str] = (),
    sheet: FrontSheet | None = None,
    later_risks: Sequence[LaterRisk] = (),
    patterns: SignedPatterns | None = None,
    comments: Sequence[TakenComments] = (),
    quotations: Sequence[tuple[int, str]] = (),
) -> ClientPage:
    """The page on `client` from `period_from` to `period_to`, both days included.

    `notes` and `signed` are the client's whole file: session numbers count from its first session. `later_risks` are
    the risk entries that addenda brought, in the order they were added. `quotations` are note numbers and words that
    stand verbatim in the signed evidence of a theme of that note. Raises `ReportError` when nothing in the period is
    signed, when the period ends before it starts, when something of another client or a review without its note is
    among the arguments, when a label or item may not travel, or when words to quote are not found.
    """
    if period_to < period_from:
        raise ReportError("The period ends before it starts. No report was made; please give the two dates again.")
    _check(client, notes, signed, patterns)
    numbers = session_numbers(notes)
    in_period = {n.id: n for n in notes if period_from <= n.date <= period_to}
    sessions = included_sessions(signed, numbers, in_period)
    if not sessions:
        raise ReportError(
            f"No session from {period_from} to {period_to} is signed, so there is nothing to report and no file was "
            "made. Sign at least one session of that time, or choose another period."
        )
    asked, further = _questions(question, questions)
    included = tuple(s.number for s in sessions)
    all_in_period = sorted(number for note_id, number in numbers.items() if note_id in in_period)
    kept = patterns_of(patterns, numbers, {n.id for n in in_period.values()}) if patterns else ()
    bodies = [*(s.body for s in sessions), *((patterns.body,) if patterns and kept else ())]
    return ClientPage(
        client_code=client.code,
        period_from=period_from,
        period_to=period_to,
        question=asked,
        risk=risk_of(sessions, later_risks, include_risk),
        course=course_of(all_in_period, in_period.values(), sheet or FrontSheet()),
        coverage=Coverage(
            total=len(all_in_period),
            included=included,
            not_included=tuple(n for n in all_in_period if n not in included),
        ),
        appointments=appointments_of(numbers, in_period.values()),
        themes=themes_of(sessions),
        pattern_basis=basis_of(patterns, numbers) if patterns and kept else None,
        patterns=kept,
        quotations=quotations_of(quotations, sessions, in_period),
        discussed=discussed_of(comments),
        supervision=supervision_of(sessions) if include_supervision else (),
        questions=further,
        ai_note=ai_note(sessions),
        signed_by="; ".join(dict.fromkeys(signer_words(body.signer) for body in bodies)),
        demonstration=client.demonstration or any(s.body.demonstration for s in signed),
        models=tuple(dict.fromkeys(part for body in bodies for part in models_of(body.provenance))),
    )


def _questions(question: str, questions: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    asked, *further = (" ".join(each.split()) for each in (question, *questions))
    if any(len(each) > MAX_QUESTION_CHARACTERS for each in (asked, *further)):
        raise ReportError(
            f"The supervision question is longer than {MAX_QUESTION_CHARACTERS} characters. No report was made; "
            "please shorten it."
        )
    if len(further) > MAX_QUESTIONS:
        raise ReportError("Besides the first question a report has room for two. No report was made.")
    return asked, tuple(filter(None, further))


def _check(
    client: Client, notes: Sequence[Note], signed: Sequence[SignedReview], patterns: SignedPatterns | None
) -> None:
    """That all of it is of this client's file."""
    owners = {n.client_id for n in notes} | {s.body.client_id for s in signed}
    if not owners | ({patterns.body.client_id} if patterns else set()) <= {client.id}:
        raise ReportError(
            "A note of another client was found among those to report. No report was made and nothing was changed. "
            "Please run `notekeeper verify`."
        )
    cited = {s.body.note_id for s in signed} | (set(patterns.body.notes) if patterns else set())
    if not cited <= {n.id for n in notes}:
        raise ReportError(
            "A signed review has no note in this client's file. No report was made and nothing was changed. "
            "Please run `notekeeper verify`."
        )


def signer_words(signer: Signer) -> str:
    """Name, and registration where there is one."""
    return f"{signer.name}, {signer.registration}" if signer.registration else signer.name
