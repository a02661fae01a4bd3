"""The theme report: what leaves the machine for a supervisor, built only from these typed fields.

What always holds: it is made from signed reviews alone; it has no field for a note's text, for a quotation, for a
name or for a draft; risk comes first, in the therapist's own words or as NOT INCLUDED. It is of reduced
identifiability, not anonymous. Files of an unknown `format_version` are refused.
"""

from datetime import date, datetime
from typing import Literal

from pydantic import Field

from notekeeper.domain.risk import KindOfRisk, RiskState
from notekeeper.domain.text import Frozen

FORMAT = "notekeeper-theme-report"
FORMAT_VERSION = 2
READ_VERSIONS = (1, 2)
"""Version 1 had no kinds of risk."""
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
