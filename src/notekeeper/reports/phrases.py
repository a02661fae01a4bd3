"""The sentences a report is shown in, the same in every format, and the guard that makes any text inert.

What always holds: no text that passed `line` or `block` can move a cursor, turn the reading direction or hide
itself; and no sentence written here says or suggests that risk is absent.
"""

from datetime import date, datetime

from notekeeper.domain.report import NO_AI, Coverage, ReportRisk, ReportTheme, ThemeReport
from notekeeper.domain.risk_told import concern_told, kinds_told
from notekeeper.domain.text import visible

DEMONSTRATION = "DEMONSTRATION: an invented client. Nothing here is about a real person."
RISK_HEADING = "Risk and safeguarding"
RISK_SCOPE = (
    "In the therapist's own words, from the signed sessions of this report only. Sessions not included, contacts and "
    "consultations have no entry here. An empty entry says nothing about risk."
)
THEMES_SCOPE = (
    "A theme is shown in the wording signed last. Noted in fewer sessions means noted less often in the therapist's "
    "notes, and no more than that."
)
ALL_THEMES = "Every theme, and how it was worded"
MY_PART = "My part"
MY_PART_SCOPE = "From the therapist's supervision notes."
QUESTIONS = "Two questions"
LEADING_THEMES = 4
"""Themes on the first page; the others are one line there, and all of them stand on the last page."""
NOTHING_WRITTEN = "nothing written"
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


def last_asked(report: ThemeReport) -> str:
    """When risk was last asked about in the sessions reported, as a sentence."""
    if report.risk.last_asked is None:
        return "No session of this report records that risk was asked about."
    return f"Risk was last asked about on {day(report.risk.last_asked)}."


def recorded(entry: ReportRisk) -> str:
    """That an entry came after the signature, and when; empty for the one that was signed."""
    return f"recorded by addendum on {day(entry.added_on)}" if entry.added_on else ""


def risk_kinds(entry: ReportRisk) -> tuple[str, ...]:
    """All four kinds of risk as lines, those that were not chosen together in the last one as not recorded; one short
    line when none was."""
    return kinds_told(entry.kinds) if entry.kinds else ("Not recorded by kind",)


def risk_texts(entry: ReportRisk) -> list[tuple[str, list[str]]]:
    """What was written, as labels and lines, in the order shown; last, in one line, what nothing was written of;
    where nothing was written at all, only that."""
    concern = concern_told(child=entry.safeguarding_child, adult=entry.safeguarding_adult)
    about = block(entry.safeguarding)
    named = (
        ("In the therapist's words", block(entry.words)),
        ("Protective factors", block(entry.protective)),
        ("Action", block(entry.action)),
        ("Whom the therapist told", block(entry.told)),
        ("Safeguarding concern", [" – ".join([concern, *about[:1]]), *about[1:]] if concern else about),
    )
    written = [(label, lines) for label, lines in named if lines]
    if not written:
        return [(named[0][0], [NOTHING_WRITTEN])]
    empty = [f"{label[0].lower()}{label[1:]}" for label, lines in named if not lines]
    return [*written, (NOTHING_WRITTEN.capitalize(), [", ".join(empty)])] if empty else written


def of_sessions(count: int, total: int) -> str:
    """As in 5 of 8 sessions."""
    return f"{count} of {total} {'session' if total == 1 else 'sessions'}"


def numbers(sessions: tuple[int, ...]) -> str:
    """Session numbers in the order given, with commas."""
    return ", ".join(map(str, sessions))


def coverage(value: Coverage) -> str:
    """As in 8 of 11 sessions; 4, 7, 9 not included."""
    told = of_sessions(len(value.included), value.total)
    return f"{told}; {numbers(value.not_included)} not included" if value.not_included else told


def course(report: ThemeReport) -> list[tuple[str, str]]:
    """Name and words of each line about where the work stands."""
    here = report.course
    number = f"{here.session} of {here.planned}" if here.planned else f"{here.session}, no number planned"
    times = here.did_not_attend
    missed = "not noted" if not times else "once" if times == 1 else f"{times} times"
    held = "1 session" if here.held == 1 else f"{here.held} sessions"
    return [
        ("Session", number),
        ("Attendance", f"{held} held in this period; did not attend: {missed}"),
        ("Breaks", here.breaks or NOTHING_WRITTEN),
        ("Ending", day(here.ending) if here.ending else "no date agreed"),
        ("Coverage", coverage(report.coverage)),
    ]


def leading(report: ThemeReport) -> tuple[ReportTheme, ...]:
    """The themes of the first page: those noted in most sessions."""
    return report.themes[:LEADING_THEMES]


def further(report: ThemeReport) -> str:
    """The other themes as one line, each with its count; empty when there are none."""
    others = report.themes[LEADING_THEMES:]
    return "Also noted: " + "; ".join(f"{t.label} ({len(t.sessions)})" for t in others) + "." if others else ""


def theme_count(theme: ReportTheme, report: ThemeReport) -> str:
    """As in 5 of 8 sessions: 1, 2, 4, 6, 8."""
    return f"{of_sessions(len(theme.sessions), len(report.coverage.included))}: {numbers(theme.sessions)}"


def theme_wordings(theme: ReportTheme) -> str:
    """As in: 1: Saying yes at once; 5: The moment before a yes. Empty when there was one wording throughout."""
    if len({wording.label.casefold() for wording in theme.wordings}) < 2:
        return ""
    return "; ".join(f"{wording.session}: {wording.label}" for wording in theme.wordings)


def theme_own(theme: ReportTheme, report: ThemeReport) -> str:
    """In how many of its sessions the theme is the therapist's own, without AI; empty when in none, or when that is
    said of the whole report."""
    if not theme.own or report.ai_note == NO_AI:
        return ""
    return "all" if theme.own == len(theme.sessions) else f"{theme.own} of {len(theme.sessions)}"


def provenance(report: ThemeReport) -> list[str]:
    """Who signed, when and by what the report was made: one sentence or line each."""
    told = [
        f"Signed by: {report.signed_by}",
        f"Made on {moment(report.made_at)} by notekeeper {report.app_version}.",
        *(f"Model: {model}" for model in report.models),
    ]
    return [*told, f"Head of the vault's log: {report.log_head}"] if report.log_head else told
