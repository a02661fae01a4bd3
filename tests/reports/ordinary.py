"""A report as in an ordinary week: eleven sessions of a client, a question, patterns, agreed actions. Invented."""

from datetime import date, timedelta

from notekeeper.domain.client_file import FrontSheet
from notekeeper.domain.note import NoteKind
from notekeeper.domain.pattern import PatternKind
from notekeeper.domain.report import ClientPage, ReportDocument
from notekeeper.domain.review import Destination
from notekeeper.domain.risk import RiskEntry, RiskState
from notekeeper.domain.supervision import TakenComment, TakenComments

from .invented import DAY_ONE, CaseFile, document, item

DISCLOSED = RiskEntry(
    state=RiskState.ASKED_DISCLOSED,
    words="Thoughts of not waking up, most nights that week; no plan, she said when asked.",
    action="Safety plan gone through; GP written to with her agreement.",
    protective="Her sister, and the allotment.",
    told="GP surgery, by letter.",
)
THEMES = {
    "Saying yes before thinking": (1, 2, 4, 5, 6, 8, 9, 11),
    "Sleep and the early waking": (1, 2, 3, 5, 9),
    "The brother who does not ring": (2, 4, 5, 8),
    "Feelings about the therapist's break": (6, 8, 9),
    "The allotment as a place of her own": (8, 11),
    "Work after the restructuring": (3, 5),
    "Money kept from her husband": (11,),
}
PART = {
    4: ("reflection", "What pulled me into advising her about the phone call, and what did I not hear by doing it?"),
    6: ("reflection", "I noticed I ended five minutes late twice. What am I avoiding at the end of the hour?"),
    9: ("idea", "Perhaps my own wish that she leave her work makes me quicker than she is."),
    11: ("reflection", "How do I take up the break with her without asking her to look after me?"),
}
COMMENTS = (
    TakenComments(
        supervisor="Q. Invented",
        discussed_on=date(2026, 2, 12),
        comments=(
            TakenComment(ref="C014/theme/1", item="", text="Slow down where she says yes to me", action=True),
            TakenComment(
                ref="C014/course",
                item="",
                text="Name the break in the next session",
                action=True,
                until=date(2026, 3, 1),
            ),
        ),
        file_sha256="0" * 64,
    ),
)


def ordinary_file() -> CaseFile:
    """Eleven sessions over four months, one of them not signed, one not attended, a break of four weeks."""
    case = CaseFile()
    week = 0
    for number in range(1, 12):
        if number == 4:
            case.note(NoteKind.DID_NOT_ATTEND, DAY_ONE + timedelta(weeks=week))
            week += 1
        if number == 8:
            week += 3
        note = case.note(day=DAY_ONE + timedelta(weeks=week))
        week += 1
        if number == 7:
            continue
        kept = [item("theme", label) for label, sessions in THEMES.items() if number in sessions]
        if number in PART:
            kind, text = PART[number]
            kept.append(
                item("reflection" if kind == "reflection" else "idea", text, destination=Destination.SUPERVISION)
            )
        state = RiskState.NOT_ASKED if number in (3, 9) else RiskState.NOT_RECORDED
        risk = DISCLOSED if number == 5 else RiskEntry(state=RiskState.ASKED_NOT_DISCLOSED if number == 6 else state)
        case.sign(note, *kept, ai=number % 2 == 0, risk=risk)
    return case


def ordinary_page(code: str = "C014", *, risk: bool = True) -> ClientPage:
    case = ordinary_file()
    patterns = case.patterns(
        case.pattern("Saying yes before thinking", PatternKind.RECURRING, 1, 2, 5, 6, 7, 9, 10, 12),
        case.pattern(
            "Sleep and the early waking",
            PatternKind.FADING,
            1,
            2,
            3,
            6,
            10,
            statement="Early waking is told of in fewer of the later notes, and as shorter.",
        ),
        case.pattern("Feelings about the therapist's break", PatternKind.EMERGING, 7, 9, 10),
    )
    page = case.page(
        period_to=DAY_ONE + timedelta(weeks=20),
        include_risk=risk,
        include_supervision=True,
        question="She agrees with everything I say. How do I make room for a no to me?",
        questions=("Do I bring up the fee now or after the break?",),
        sheet=FrontSheet(sessions_planned=24, breaks="Easter, two weeks from 30 March", ending=date(2026, 7, 27)),
        patterns=patterns,
        comments=COMMENTS,
    )
    return page.model_copy(update={"client_code": code})


def ordinary_report(clients: int = 1, *, risk: bool = True) -> ReportDocument:
    codes = ("C014", "C022", "K-7", "C031")[:clients]
    return document(*(ordinary_page(code, risk=risk) for code in codes))
