"""An invented report of one to four clients with something in every field that a person's words can stand in.

What always holds: it names nobody; nothing in it looks like an identifier, so that what is found was planted.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime

from notekeeper.domain.pattern import PatternKind
from notekeeper.domain.report import (
    ClientPage,
    Course,
    Coverage,
    Discussed,
    Quotation,
    ReportDocument,
    ReportPattern,
    ReportRisk,
    ReportTheme,
    RiskSection,
    SupervisionItem,
    ThemeWording,
)
from notekeeper.domain.risk import RiskState

_LABELS = ("fear of being left", "saying yes too soon", "silence at home", "sleep that breaks at four")


def invented_report(codes: Sequence[str]) -> ReportDocument:
    """The report, a page for each code."""
    return ReportDocument(
        made_at=datetime(2026, 5, 1, 10, 0, tzinfo=UTC),
        app_version="0.0.0",
        therapist="P. Invented",
        pages=tuple(_page(code, _LABELS[number % len(_LABELS)]) for number, code in enumerate(codes)),
        log_head="ab" * 32,
    )


def _page(code: str, label: str) -> ClientPage:
    return ClientPage(
        client_code=code,
        period_from=date(2026, 1, 5),
        period_to=date(2026, 4, 20),
        question="What keeps me from naming the anger?",
        risk=RiskSection(
            included=True,
            last_asked=date(2026, 4, 13),
            entries=(
                ReportRisk(
                    session=8,
                    state=RiskState.ASKED_DISCLOSED,
                    words="thoughts, no plan",
                    action="gone through the safety plan",
                    safeguarding="none known",
                    protective="the dog, and the choir",
                    told="supervisor, by phone",
                ),
            ),
        ),
        course=Course(session=11, planned=16, held=11, did_not_attend=1, breaks="two weeks in summer"),
        coverage=Coverage(total=11, included=(1, 2, 3, 4, 5, 6, 7, 8), not_included=(9, 10, 11)),
        themes=tuple(
            ReportTheme(
                label=f"{label}, {more}", sessions=(1, 3, 5), wordings=(ThemeWording(session=1, label=f"{more} first"),)
            )
            for more in ("at work", "at night", "with family")
        ),
        patterns=(
            ReportPattern(
                label=label,
                kind=PatternKind.FADING,
                sessions=(1, 3, 5),
                statement=f"{label} is noted in 3 of 8 sessions, and as easing.",
            ),
        ),
        quotations=(Quotation(session=3, label=label, text="she shut the door twice"),),
        discussed=(Discussed(day=date(2026, 2, 2), agreed=("name it once",)),),
        supervision=(SupervisionItem(session=2, kind="reflection", text="I felt pulled to rescue."),),
        questions=("What am I avoiding?", "Whose pace is this?"),
        ai_note="Therapist's own themes; no AI used",
        signed_by="P. Invented",
    )
