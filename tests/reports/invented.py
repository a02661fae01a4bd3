"""An invented client's file for the report tests, made of the real domain types."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from notekeeper.domain.draft import Provenance
from notekeeper.domain.note import Client, Note, NoteFormat, NoteKind
from notekeeper.domain.pattern import (
    KeptPattern,
    PatternKind,
    PatternSignOff,
    SignedPatterns,
    concluded_patterns,
)
from notekeeper.domain.report import ClientPage, ReportDocument
from notekeeper.domain.review import (
    ATTESTATION,
    ATTESTATION_VERSION,
    Destination,
    KeptItem,
    Origin,
    SignedReview,
    Signer,
    SignOff,
    Tally,
    restored,
)
from notekeeper.domain.risk import KindOfRisk, RiskAnswer, RiskEntry, RiskKind, RiskState, RiskWhen
from notekeeper.domain.signature import Proof
from notekeeper.domain.text import Evidence
from notekeeper.reports.build import build_document, build_page
from notekeeper.reports.render import render
from notekeeper.reports.sealing import seal

NOW = datetime(2026, 3, 2, 18, 5, tzinfo=UTC)
DAY_ONE = date(2026, 1, 5)
CLIENT = Client(id="k1", code="C014", added_at=NOW)
EVIDENCE = "CANARY-EVIDENCE the kitchen light was on all night"
FOCUS = "CANARY-FOCUS waiting for an answer"
NOT_RECORDED = RiskEntry(state=RiskState.NOT_RECORDED)
DISCLOSED = RiskEntry(
    state=RiskState.ASKED_DISCLOSED,
    words="She counted tablets on Tuesday.\nShe handed them to her brother.",
    action="Crisis line number given; wrote to surgery.",
    safeguarding="Younger child seen by neighbour.",
    kinds=(
        KindOfRisk(
            kind=RiskKind.SUICIDE,
            state=RiskState.ASKED_DISCLOSED,
            when=RiskWhen.CURRENT,
            thoughts=RiskAnswer.YES,
            plan=RiskAnswer.NO,
            intent=RiskAnswer.NOT_ASKED,
        ),
    ),
    protective="Her choir.",
    told="The duty doctor, with her agreement.",
    safeguarding_child=True,
)
RISK_WORDS = (
    "tablets",
    "brother",
    "crisis",
    "surgery",
    "neighbour",
    "disclosed",
    "raised by client",
    "no concern",
    "choir",
    "duty doctor",
    "suicide",
    "thoughts",
)


def item(
    kind: Literal["focus", "theme", "reflection", "idea"],
    text: str,
    *,
    origin: Origin = "model_accepted",
    code: str | None = None,
    destination: Destination = Destination.RECORD,
) -> KeptItem:
    """A kept item whose evidence is a canary that no report may hold."""
    evidence = (Evidence(start=0, end=len(EVIDENCE), text=EVIDENCE),)
    return KeptItem(kind=kind, text=text, origin=origin, destination=destination, code=code, evidence=evidence)


@dataclass
class CaseFile:
    """Notes and sign-offs of one invented client, a week apart unless a day is given."""

    notes: list[Note] = field(default_factory=list)
    signed: list[SignedReview] = field(default_factory=list)

    def note(self, kind: NoteKind = NoteKind.SESSION, day: date | None = None) -> Note:
        number = len(self.notes) + 1
        on = day or DAY_ONE + timedelta(weeks=number - 1)
        made = Note(f"n{number}", CLIENT.id, number, kind, NoteFormat.FREE, on, NOW, signed=False)
        self.notes.append(made)
        return made

    def sign(
        self, note: Note, *items: KeptItem, ai: bool = True, risk: RiskEntry = NOT_RECORDED, **changes: Any
    ) -> SignOff:
        made = Provenance(app_version="0.1.0", model="invented-model", model_sha256="ab" * 32) if ai else None
        body = SignOff(
            note_id=note.id,
            client_id=note.client_id,
            note_date=note.date,
            revision_id=f"r-{note.id}",
            revision_sha256="0" * 64,
            signer=Signer(name="P. Invented", registration="REG 1"),
            signed_at=NOW + timedelta(minutes=note.number),
            attestation_version=ATTESTATION_VERSION,
            attestation=ATTESTATION,
            items=(item("focus", FOCUS), *items),
            risk=risk,
            tally=Tally(),
            ai_used=ai,
            provenance=made,
        ).model_copy(update=changes)
        self.signed.append(restored(body))
        return body

    def session(self, *items: KeptItem, ai: bool = True, risk: RiskEntry = NOT_RECORDED, **changes: Any) -> Note:
        note = self.note()
        self.sign(note, *items, ai=ai, risk=risk, **changes)
        return note

    def patterns(self, *kept: KeptPattern, **changes: Any) -> SignedPatterns:
        """These patterns, signed over every session that is signed."""
        body = PatternSignOff(
            client_id=CLIENT.id,
            signer=Signer(name="P. Invented", registration="REG 1"),
            signed_at=NOW,
            attestation_version="1",
            attestation="Read beside their sentences.",
            notes=tuple(each.body.note_id for each in self.signed),
            patterns=kept,
        )
        return concluded_patterns(body.model_copy(update=changes))

    def pattern(self, label: str, kind: PatternKind, *numbers: int, statement: str = "") -> KeptPattern:
        """A pattern over the notes of these numbers, worded plainly unless a statement is given."""
        named = ", ".join(map(str, numbers))
        plain = f"{label}: noted in {len(numbers)} of {len(self.signed)} sessions ({named})."
        notes = tuple(f"n{number}" for number in numbers)
        return KeptPattern(label=label, kind=kind, notes=notes, statement=statement or plain, origin="composed")

    def page(self, **changes: Any) -> ClientPage:
        asked: dict[str, Any] = {
            "client": CLIENT,
            "notes": self.notes,
            "signed": self.signed,
            "period_from": DAY_ONE,
            "period_to": DAY_ONE + timedelta(weeks=60),
            "include_risk": False,
            "include_supervision": False,
            "question": "",
        }
        return build_page(**{**asked, **changes})

    def report(self, **changes: Any) -> ReportDocument:
        return document(self.page(**changes))


def document(*pages: ClientPage, **changes: Any) -> ReportDocument:
    made: dict[str, Any] = {
        "therapist": "P. Invented, REG 1",
        "made_at": NOW,
        "app_version": "0.1.0",
        "log_head": "cd" * 32,
    }
    return build_document(pages, **{**made, **changes})


KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


def sign(content: bytes) -> Proof:
    """As a vault signs, by an invented key."""
    return Proof(KEY.public_key().public_bytes_raw().hex(), KEY.sign(content).hex(), content)


def sealed(made: ReportDocument) -> dict[str, bytes]:
    """Every file of the report, the JSON first."""
    rendered = render(made)
    return {"json": seal(made, rendered, sign), **rendered}


def report_json(made: ReportDocument) -> str:
    """The JSON file of a report whose other files are not looked at."""
    return seal(made, dict.fromkeys(("html", "md", "pdf"), b""), sign).decode("ascii")
