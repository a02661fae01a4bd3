"""The motivated intruder: what somebody who wants to know could put together from a report, as questions.

What always holds: a question is asked whatever the program counted; a count says what the program saw, never that a
report is safe.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from notekeeper.domain.identifiers import Hit, IdentifierType
from notekeeper.domain.report import ClientPage, ReportDocument
from notekeeper.identifiers.fields import texts_of

SMALL_CASELOAD = 20
_EVENTS = re.compile(
    r"\b(?:inquest|tribunal|trial|court|custody|police|prosecut\w+|convict\w+|prison|arrest\w*|crash|accident|fire|"
    r"flood|explosion|stabbing|shooting|murder\w*|disaster|bombing|redundan\w+|strike|election|scandal|newspapers?|"
    r"press|television|tv|award\w*|medal|championship|deport\w*|asylum|refugee)\b",
    re.IGNORECASE,
)
_WORK = re.compile(
    r"\b(?:works? as|job as|trained as|retired|employ\w+|profession\w*|teacher|nurse|doctor|surgeon|solicitor|"
    r"police officer|firefighter|soldier|pilot|priest|vicar|imam|rabbi|councillor|actor|musician|farmer|midwife|"
    r"paramedic|head ?teacher|professor|lecturer|journalist|chef|driver|engineer|social worker)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Question:
    """One question of the checklist. `counted` is what the program itself counted for it, a sentence, '' where it can
    count nothing; `look` says that what was counted makes it worth another look."""

    words: str
    counted: str = ""
    look: bool = False


@dataclass(frozen=True, slots=True)
class Caseload:
    """What is known beside the report. `clients` is how many files there are, `sessions` how many sessions each of
    them has had, by code; `rare` the labels of this report's themes that no other client has, by code; `apart` how
    many of its themes have no code and could not be compared; `earlier` how many reports were approved before, and
    `people` how many persons are in the file, both by code."""

    clients: int
    sessions: Mapping[str, int]
    rare: Mapping[str, tuple[str, ...]]
    apart: int = 0
    earlier: Mapping[str, int] | None = None
    people: Mapping[str, int] | None = None


def checklist(document: ReportDocument, hits: Sequence[Hit], caseload: Caseload) -> tuple[Question, ...]:
    """The questions, in the order to think about them. `hits` are all that stand in the report, kept ones included."""
    texts = [text.text for text in texts_of(document)]
    return (
        _few(document, caseload),
        Question(
            "Who may read this: the supervisor alone, or colleagues, a group, somebody who shares their room, computer "
            "or post? Does one of them live or work where this client does, or know their family?"
        ),
        _rare(caseload),
        _days(document, hits),
        _sessions(document, caseload),
        _kinds("How old somebody is", hits, IdentifierType.AGE, "age"),
        _kinds("Where they live, work or learn", hits, IdentifierType.PLACE, "place"),
        _kinds("A school, an employer, a team, a congregation", hits, IdentifierType.ORG, "organisation"),
        _words("A job or a role that few have", texts, _WORK, "word(s) about work"),
        _words("An event that others know of or could look up", texts, _EVENTS, "word(s) about such events"),
        Question(
            "A family, an illness, a language, a faith or an origin that is rare where you work: would two of these "
            "together point to one person?"
        ),
        _quoted(document),
        _earlier(document, caseload),
    )


def _few(document: ReportDocument, caseload: Caseload) -> Question:
    here = len(document.pages)
    return Question(
        "How many people could each page be about, for somebody who knows whom you see?",
        f"This vault has {caseload.clients} client(s); this report is of {here}.",
        look=caseload.clients <= SMALL_CASELOAD,
    )


def _rare(caseload: Caseload) -> Question:
    found = [f"{code}: {len(labels)}" for code, labels in caseload.rare.items() if labels]
    counted = (
        f"Themes that no other client of yours has: {'; '.join(found)}." if found else "No theme of one client alone."
    )
    if caseload.apart:
        counted += f" {caseload.apart} theme(s) in your own words, without a code, could not be compared."
    return Question("Which theme would tell somebody who this is?", counted, look=bool(found or caseload.apart))


def _days(document: ReportDocument, hits: Sequence[Hit]) -> Question:
    fixed = sum(_exact(page) for page in document.pages)
    typed = sum(hit.type is IdentifierType.DATE for hit in hits)
    return Question(
        "Exact days: is one of them the day of something that others know of?",
        f"{fixed} exact day(s) in the report's own places, {typed} more date(s) in its sentences.",
        look=bool(typed),
    )


def _exact(page: ClientPage) -> int:
    """Period from and to, the last day risk was asked about, an agreed ending, days that entries were added on."""
    days = [page.period_from, page.period_to, page.risk.last_asked, page.course.ending]
    days += [entry.added_on for entry in page.risk.entries] + [each.day for each in page.discussed]
    return sum(day is not None for day in days)


def _sessions(document: ReportDocument, caseload: Caseload) -> Question:
    said, look = [], False
    for page in document.pages:
        own = caseload.sessions.get(page.client_code, page.course.session)
        others = [count for code, count in caseload.sessions.items() if code != page.client_code]
        more = sum(count >= own for count in others)
        look = look or (len(others) > 1 and more == 0)
        said.append(f"{page.client_code} has had {own}; {more} of {len(others)} other(s) as many or more")
    return Question(
        "Is the length of the work, or a gap in it, known to others?", f"Sessions: {'. '.join(said)}.", look
    )


def _kinds(what: str, hits: Sequence[Hit], kind: IdentifierType, name: str) -> Question:
    count = sum(hit.type is kind for hit in hits)
    return Question(f"{what}: would it do more generally?", f"{count} {name}(s) found.", look=count > 0)


def _words(what: str, texts: Sequence[str], pattern: re.Pattern[str], name: str) -> Question:
    count = sum(len(pattern.findall(text)) for text in texts)
    return Question(f"{what}: does the question for supervision need it?", f"{count} {name} found.", look=count > 0)


def _quoted(document: ReportDocument) -> Question:
    count = sum(len(page.quotations) for page in document.pages)
    return Question(
        "Would somebody know the client by their way of speaking?", f"{count} quotation(s).", look=count > 0
    )


def _earlier(document: ReportDocument, caseload: Caseload) -> Question:
    earlier = caseload.earlier or {}
    found = [f"{page.client_code}: {earlier.get(page.client_code, 0)}" for page in document.pages]
    return Question(
        "What does the reader hold already: would this report and an earlier one together say more than either?",
        f"Reports approved before, {'; '.join(found)}.",
        look=any(earlier.get(page.client_code, 0) for page in document.pages),
    )
