"""The sentences a report is shown in, the same in every format, and the guard that makes any text inert.

What always holds: no text that passed `line` or `block` can move a cursor, turn the reading direction or hide
itself; and no sentence written here says or suggests that risk is absent.
"""

import re
from datetime import date, datetime

from notekeeper.domain.report import (
    NO_AI,
    ClientPage,
    Coverage,
    Discussed,
    Quotation,
    ReportDocument,
    ReportPattern,
    ReportTheme,
)
from notekeeper.domain.text import visible

DEMONSTRATION = "DEMONSTRATION: an invented client. Nothing here is about a real person."
THEMES_SCOPE = (
    "A theme is shown in the wording signed last. Noted in fewer sessions means noted less often in the therapist's "
    "notes, and no more than that."
)
DISCUSSED = "Since the last supervision"
DISCUSSED_SCOPE = "What was agreed, as the therapist took it in."
PATTERNS = "Patterns over sessions"
QUESTION = "Question for supervision"
COURSE = "Where the work stands"
THEMES = "Themes"
OWN_SCOPE = "Own, no AI: the sessions in which the theme is the therapist's own and no AI was used."
APPOINTMENTS = "Appointments"
APPOINTMENTS_BY_NUMBER = "Appointments, by session number"
HEADING = "Theme report for supervision"
FOOTER = "Theme report – reduced identifiability, not anonymous"
MY_PART = "My part"
MY_PART_SCOPE = "From the therapist's supervision notes."
QUOTATIONS = "Quotations"
QUOTATIONS_SCOPE = (
    "Words of the notes, each chosen by the therapist for this report. They may be the client's own words."
)
QUESTIONS = "Two questions"
ACTIONS = "Agreed actions"
ALL_THEMES = "Every theme, and how it was worded"
MADE = "How this report was made"
CONTENTS = "In this report"
LEADING_THEMES, LEADING_PATTERNS, LEADING_ITEMS = 4, 4, 5
"""How many stand on the client's page; all of them stand on the last page."""
NOTHING_WRITTEN = "nothing written"
TO_WRITE = "……………………………………"
ACTION_LINES = 4
_MONTHS = "January February March April May June July August September October November December".split()


def line(text: str) -> str:
    """`text` on one line: white space runs are one space, control and format characters are shown as ⟨U+XXXX⟩."""
    return " ".join(visible(text).split())


def block(text: str) -> list[str]:
    """The non-empty lines of `text`, each as `line` gives it."""
    return [shown for raw in visible(text).split("\n") if (shown := line(raw))]


def day(value: date) -> str:
    """As in 4 September 2025, in English whatever the machine's language."""
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


def moment(value: datetime) -> str:
    """Day and minute, with the zone where it is known."""
    return f"{day(value)}, {value:%H:%M %Z}".rstrip()


def period(page: ClientPage) -> str:
    return f"{day(page.period_from)} to {day(page.period_to)}"


def title(document: ReportDocument) -> str:
    """What the whole report is called."""
    codes = [page.client_code for page in document.pages]
    return f"Theme report for client {codes[0]}" if len(codes) == 1 else f"Theme report for {len(codes)} clients"


def of_sessions(count: int, total: int) -> str:
    """As in 5 of 8 sessions."""
    return f"{count} of {total} {'session' if total == 1 else 'sessions'}"


def numbers(sessions: tuple[int, ...]) -> str:
    """Session numbers in the order given, with commas; four and more that follow each other as in 1 to 4."""
    runs: list[list[int]] = []
    for number in sessions:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]} to {run[-1]}" if len(run) > 3 else ", ".join(map(str, run)) for run in runs)


def coverage(value: Coverage) -> str:
    """As in 8 of 11 sessions; 4, 7, 9 not included."""
    told = of_sessions(len(value.included), value.total)
    return f"{told}; {numbers(value.not_included)} not included" if value.not_included else told


def course(page: ClientPage) -> list[tuple[str, str]]:
    """Name and words of each line about where the work stands."""
    here = page.course
    number = f"{here.session} of {here.planned}" if here.planned else f"{here.session}, no number planned"
    times = here.did_not_attend
    missed = "not noted" if not times else "once" if times == 1 else f"{times} times"
    held = "1 session held" if here.held == 1 else f"{here.held} sessions held"
    return [
        ("Session", number),
        ("Attendance", f"{held}; did not attend: {missed}"),
        ("Breaks", here.breaks or NOTHING_WRITTEN),
        ("Ending", day(here.ending) if here.ending else "no date agreed"),
        ("Coverage", coverage(page.coverage)),
    ]


def discussed(each: Discussed) -> str:
    """The day of a supervision, as it opens its line."""
    return f"Discussed {day(each.day)}; agreed"


def leading(page: ClientPage) -> tuple[ReportTheme, ...]:
    """The themes of the client's page: those noted in most sessions."""
    return page.themes[:LEADING_THEMES]


def further(page: ClientPage) -> str:
    """The other themes as one line, each with its count; empty when there are none."""
    others = page.themes[LEADING_THEMES:]
    return "Also noted: " + "; ".join(f"{t.label} ({len(t.sessions)})" for t in others) + "." if others else ""


def noted_in(theme: ReportTheme, page: ClientPage) -> str:
    """As in 5 of 8 sessions."""
    return of_sessions(len(theme.sessions), len(page.coverage.included))


def theme_count(theme: ReportTheme, page: ClientPage) -> str:
    """As in 5 of 8 sessions: 1, 2, 4, 6, 8."""
    return f"{noted_in(theme, page)}: {numbers(theme.sessions)}"


def theme_wordings(theme: ReportTheme) -> str:
    """As in: 1: Saying yes at once; 5: The moment before a yes. Empty when there was one wording throughout."""
    if len({wording.label.casefold() for wording in theme.wordings}) < 2:
        return ""
    return "; ".join(f"{wording.session}: {wording.label}" for wording in theme.wordings)


def theme_own(theme: ReportTheme, page: ClientPage) -> str:
    """In how many of its sessions the theme is the therapist's own, without AI; empty when in none, or when that is
    said of the whole page."""
    if not theme.own or page.ai_note == NO_AI:
        return ""
    return "all" if theme.own == len(theme.sessions) else f"{theme.own} of {len(theme.sessions)}"


def pattern_basis(page: ClientPage) -> str:
    """When the patterns were signed, over what, and that AI worded some where it did."""
    basis = page.pattern_basis
    if basis is None:
        return ""
    worded = " AI worded some; the therapist reviewed and signed each." if basis.ai_used else ""
    last = f", the last of them session {basis.sessions[-1]}" if basis.sessions else ""
    over = "1 session" if len(basis.sessions) == 1 else f"{len(basis.sessions)} sessions"
    return f"Signed by the therapist on {day(basis.signed_on)} over {over}{last}.{worded}"


def pattern_count(pattern: ReportPattern, page: ClientPage) -> str:
    """As in 5 of 8 sessions: 1, 2, 4, 6, 8; out of the sessions that were looked at."""
    total = len(page.pattern_basis.sessions) if page.pattern_basis else page.coverage.total
    return f"{of_sessions(len(pattern.sessions), total)}: {numbers(pattern.sessions)}"


def pattern_says(pattern: ReportPattern) -> str:
    """Its statement; empty where that says no more than its label and the count beside it do."""
    said = line(pattern.statement)
    plain = re.compile(rf"{re.escape(line(pattern.label))}: noted in \d+ of \d+ sessions \([\d, ]*\)\.")
    return "" if plain.fullmatch(said) else said


def has_count(said: str) -> bool:
    """Whether a sentence says itself in how many sessions something is noted."""
    return re.search(r"\b\d+ of \d+ sessions?\b", said) is not None


def quoted(each: Quotation) -> str:
    """A quotation in quotation marks."""
    return f"“{line(each.text)}”"


def provenance(document: ReportDocument) -> list[str]:
    """Who signed, when and by what the report was made: one sentence or line each."""
    alone = len(document.pages) == 1
    signed = [f"{'Signed' if alone else f'{page.client_code}: signed'} by: {page.signed_by}" for page in document.pages]
    models = dict.fromkeys(model for page in document.pages for model in page.models)
    told = [
        *signed,
        f"Made by {document.therapist} on {moment(document.made_at)}, with notekeeper {document.app_version}.",
        *(f"Model: {model}" for model in models),
    ]
    return [*told, f"Head of the vault's log: {document.log_head}"] if document.log_head else told
