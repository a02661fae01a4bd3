"""Reports of invented therapists on invented clients, sealed by keys made here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from notekeeper.domain.pattern import PatternKind
from notekeeper.domain.report import (
    NO_AI,
    ClientPage,
    Course,
    Coverage,
    Discussed,
    PatternBasis,
    ReportDocument,
    ReportPattern,
    ReportRisk,
    ReportTheme,
    RiskSection,
    SupervisionItem,
)
from notekeeper.domain.risk import RiskState
from notekeeper.domain.signature import Proof
from notekeeper.reports.sealing import seal

RENDERED = {"html": b"<!doctype html><p>report", "md": b"# Report", "pdf": b"%PDF-1.7 report"}
THEN, NOW = (date(2026, 1, 5), date(2026, 2, 23)), (date(2026, 3, 2), date(2026, 4, 20))
RISK_WORDS = "She counted tablets on Tuesday."


@dataclass(frozen=True)
class Therapist:
    """`key` is the secret half of what signs."""

    name: str
    key: Ed25519PrivateKey

    @classmethod
    def new(cls, name: str = "Rowan Meadows, REG 12") -> "Therapist":
        return cls(name, Ed25519PrivateKey.generate())

    @property
    def public_key(self) -> str:
        return self.key.public_key().public_bytes_raw().hex()

    def sign(self, content: bytes) -> Proof:
        return Proof(self.public_key, self.key.sign(content).hex(), content)

    def document(self, *pages: ClientPage) -> ReportDocument:
        return ReportDocument(
            made_at=datetime(2026, 5, 1, 9, 30, tzinfo=UTC),
            app_version="0.4.0",
            therapist=self.name,
            pages=pages or (page(),),
            log_head="cd" * 32,
        )

    def sealed(self, *pages: ClientPage, rendered: Mapping[str, bytes] = RENDERED) -> bytes:
        return seal(self.document(*pages), rendered, self.sign)

    def write(self, folder: Path, stem: str, *pages: ClientPage, rendered: Mapping[str, bytes] = RENDERED) -> Path:
        """The report's files; the path of the JSON one."""
        for ending, content in rendered.items():
            (folder / f"{stem}.{ending}").write_bytes(content)
        path = folder / f"{stem}.json"
        path.write_bytes(self.sealed(*pages, rendered=rendered))
        return path


def theme(label: str, *sessions: int, code: str | None = None) -> ReportTheme:
    return ReportTheme(label=label, code=code, sessions=sessions)


def page(
    code: str = "C014",
    period: tuple[date, date] = THEN,
    themes: Sequence[ReportTheme] = (
        theme("Saying yes at once", 1, 2, 4, code="boundaries"),
        theme("Broken sleep", 2, 3),
    ),
    **changes: Any,
) -> ClientPage:
    """Eight sessions, of which the fifth and the seventh are not included."""
    first = 1 if period == THEN else 9
    sessions = tuple(range(first, first + 8))
    included = tuple(n for n in sessions if n - first not in (4, 6))
    asked: dict[str, Any] = {
        "client_code": code,
        "period_from": period[0],
        "period_to": period[1],
        "question": "Whom do I spare by not asking?",
        "risk": RiskSection(
            included=True,
            last_asked=period[0] + timedelta(weeks=2),
            entries=(
                ReportRisk(session=first, state=RiskState.NOT_ASKED),
                ReportRisk(
                    session=first + 2, state=RiskState.ASKED_DISCLOSED, words=RISK_WORDS, action="Rang the surgery."
                ),
            ),
        ),
        "course": Course(session=sessions[-1], planned=20, held=8, did_not_attend=1, breaks="Two weeks at Easter"),
        "coverage": Coverage(total=8, included=included, not_included=tuple(n for n in sessions if n not in included)),
        "themes": tuple(themes),
        "pattern_basis": PatternBasis(signed_on=period[1], sessions=included),
        "patterns": (
            ReportPattern(
                label="Saying yes at once",
                code="boundaries",
                kind=PatternKind.RECURRING,
                sessions=(first, first + 1),
                statement="In my notes a yes comes before the question is finished.",
            ),
        ),
        "discussed": (Discussed(day=date(2026, 1, 2), agreed=("Ask about sleep",)),),
        "supervision": (SupervisionItem(session=first, kind="reflection", text="What do I avoid with her?"),),
        "questions": ("Pace?", "What is mine?"),
        "ai_note": NO_AI,
        "signed_by": "Rowan Meadows, REG 12",
    }
    return ClientPage(**{**asked, **changes})
