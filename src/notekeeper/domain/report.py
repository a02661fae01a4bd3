"""The theme report: what leaves the machine for a supervisor, built only from these typed fields.

What always holds: it is made from signed reviews and signed patterns alone; it has no field for a note's text, for a
name or for a draft, and of a note's words it holds those that were chosen one by one; risk comes first on each page,
in the therapist's own words or as NOT INCLUDED. It is of reduced identifiability, not anonymous. Files of an unknown
`format_version` are refused.
"""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from notekeeper.domain.pattern import PatternKind
from notekeeper.domain.risk import KindOfRisk, RiskState
from notekeeper.domain.text import Frozen

FORMAT = "notekeeper-theme-report"
FORMAT_VERSION = 3
EARLIER_VERSIONS = (1, 2)
"""Reports of one client, without a seal. Version 1 had no kinds of risk."""
MAX_PAGES = 4
RISK_NOT_INCLUDED = "Risk and safeguarding: NOT INCLUDED – ask the therapist"
NO_AI = "Therapist's own themes; no AI used"
IDENTIFIABILITY = "Reduced identifiability, not anonymous: this is still personal data. Keep it as you keep notes."


class ReportRisk(Frozen):
    """One session's risk entry in the therapist's own words: the one that was signed, or, with the day in `added_on`,
    one that an addendum brought afterwards."""

    session: int
    state: RiskState
    words: str = ""
    action: str = ""
    safeguarding: str = ""
    kinds: tuple[KindOfRisk, ...] = ()
    protective: str = ""
    told: str = ""
    safeguarding_child: bool = False
    safeguarding_adult: bool = False
    added_on: date | None = None


class RiskSection(Frozen):
    """`included` False is printed as NOT INCLUDED. `last_asked` is the date of the last session in which risk was
    asked about, None if in none of those reported. A session's signed entry stands before those that addenda brought,
    of which the newest says whether risk was asked about."""

    included: bool
    last_asked: date | None = None
    entries: tuple[ReportRisk, ...] = ()


class ThemeWording(Frozen):
    """How a theme was worded in one session."""

    session: int
    label: str


class Course(Frozen):
    """Where the work stands. `session` is the number of the last session of the period in the client's whole file,
    `planned` how many are planned, None while open. `held` and `did_not_attend` count the period. `breaks` are the
    front sheet's words, `ending` the date agreed for the last session."""

    session: int
    planned: int | None = None
    held: int
    did_not_attend: int = 0
    breaks: str = ""
    ending: date | None = None


class ReportTheme(Frozen):
    """A theme over sessions. `label` is the wording signed last, `wordings` every one by session, because a theme may
    have moved far from where it began. `own` counts the sessions in which it is the therapist's own, made without AI.
    """

    label: str
    code: str | None = None
    sessions: tuple[int, ...] = Field(min_length=1)
    wordings: tuple[ThemeWording, ...] = ()
    own: int = 0


class Coverage(Frozen):
    """Sessions in the period, those with a signed review that are reported, and those that are not, by number."""

    total: int
    included: tuple[int, ...]
    not_included: tuple[int, ...] = ()


class SupervisionItem(Frozen):
    """A reflection or idea of the therapist's own part: sent to their supervision notes, and chosen to be included."""

    session: int
    kind: Literal["reflection", "idea"]
    text: str


class ThemeReport(Frozen):
    """A report of version 1 or 2, as it was written then. It is read, and shown as a `ReportDocument` of one page."""

    format: Literal["notekeeper-theme-report"] = "notekeeper-theme-report"
    format_version: Literal[1, 2] = 2
    made_at: datetime
    app_version: str
    client_code: str
    period_from: date
    period_to: date
    question: str = ""
    risk: RiskSection
    course: Course
    coverage: Coverage
    themes: tuple[ReportTheme, ...]
    supervision: tuple[SupervisionItem, ...] = ()
    questions: tuple[str, ...] = Field(default=(), max_length=2)
    ai_note: str
    signed_by: str
    identifiability: str = IDENTIFIABILITY
    demonstration: bool = False
    models: tuple[str, ...] = ()
    log_head: str = ""


class Appointment(Frozen):
    """One appointment of the period, in order: a session by its number, or None where the client did not attend.
    `week` counts calendar weeks from that of the first appointment, 0; a report holds no dates of sessions."""

    week: int = Field(ge=0)
    session: int | None = None


class PatternBasis(Frozen):
    """What the signed patterns of a page rest on: when they were signed, the numbers of all sessions looked at, and
    whether a language model worded any of their sentences."""

    signed_on: date
    sessions: tuple[int, ...]
    ai_used: bool = False


class ReportPattern(Frozen):
    """A pattern that the therapist signed. `sessions` are session numbers; `statement` is what was signed of it."""

    label: str
    code: str | None = None
    kind: PatternKind
    sessions: tuple[int, ...] = Field(min_length=1)
    statement: str


class Quotation(Frozen):
    """Words of a note that the therapist chose to quote, one by one; `label` is the theme they stand behind."""

    session: int
    label: str
    text: str


class Discussed(Frozen):
    """What came of earlier supervision on this client, as the therapist took it in: the day, and what was agreed."""

    day: date
    agreed: tuple[str, ...] = ()


class ClientPage(Frozen):
    """One client's page of a report. The same fields as a report of version 2, and appointments in order, signed
    patterns, quotations that were chosen one by one, and what earlier supervision agreed, newest first."""

    client_code: str
    period_from: date
    period_to: date
    question: str = ""
    risk: RiskSection
    course: Course
    coverage: Coverage
    appointments: tuple[Appointment, ...] = ()
    themes: tuple[ReportTheme, ...]
    pattern_basis: PatternBasis | None = None
    patterns: tuple[ReportPattern, ...] = ()
    quotations: tuple[Quotation, ...] = ()
    discussed: tuple[Discussed, ...] = ()
    supervision: tuple[SupervisionItem, ...] = ()
    questions: tuple[str, ...] = Field(default=(), max_length=2)
    ai_note: str
    signed_by: str
    demonstration: bool = False
    models: tuple[str, ...] = ()


class ReportDocument(Frozen):
    """A report of version 3: up to four clients, each once. `therapist` is who made it, as they sign. Its JSON file
    carries a `ReportSeal` besides."""

    format: Literal["notekeeper-theme-report"] = "notekeeper-theme-report"
    format_version: Literal[3] = 3
    made_at: datetime
    app_version: str
    therapist: str
    pages: tuple[ClientPage, ...] = Field(min_length=1, max_length=MAX_PAGES)
    identifiability: str = IDENTIFIABILITY
    log_head: str = ""


Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class ReportSeal(Frozen):
    """What the JSON file of a report of version 3 ends with: the SHA-256 of the files written beside it, by their
    ending (html, md, pdf), and an Ed25519 signature by the vault's key over the canonical bytes of document and
    digests. Key of 32 bytes and signature of 64, in hex."""

    files: dict[Literal["html", "md", "pdf"], Sha256]
    public_key: str = Field(pattern=r"^[0-9a-f]{64}$")
    signature: str = Field(pattern=r"^[0-9a-f]{128}$")


class SealedReport(ReportDocument):
    """The JSON file of a report of version 3: the document, and the seal at its end."""

    seal: ReportSeal


ItemRef = str
"""Names one item of one page for comments: CODE/risk, CODE/question, CODE/course, CODE/theme/N, CODE/pattern/N,
CODE/part/N, CODE/question/N; N counts from 1 in the order of the document. CODE alone is the page."""
