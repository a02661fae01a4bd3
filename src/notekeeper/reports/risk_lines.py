"""The risk section of a page as words, the same in every format.

What always holds: every entry is shown; those of one state in which nothing was disclosed, raised or written stand
together in one line that names their sessions; no sentence here says or suggests that risk is absent.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from notekeeper.domain.report import ClientPage, ReportRisk
from notekeeper.domain.risk_told import concern_told, kinds_told
from notekeeper.reports.phrases import NOTHING_WRITTEN, block, day, numbers

RISK_HEADING = "Risk and safeguarding"
RISK_SCOPE = (
    "In the therapist's own words, from the signed sessions of this report only. Sessions not included, contacts and "
    "consultations have no entry here. An empty entry says nothing about risk."
)
_NO_KIND = "Not recorded by kind"


@dataclass(frozen=True, slots=True)
class RiskRow:
    """One line of the section. `session` is a number, or several when nothing is written in any; `since`
    says that an entry came after the signature, and when; `texts` are labels with their lines; `short` is
    kinds and texts together, in as few lines as they take."""

    session: str
    state: str
    since: str
    kinds: tuple[str, ...]
    texts: tuple[tuple[str, tuple[str, ...]], ...]
    short: tuple[tuple[str, tuple[str, ...]], ...]


def last_asked(page: ClientPage) -> str:
    """When risk was last asked about in the sessions reported, as a sentence."""
    if page.risk.last_asked is None:
        return "No session of this report records that risk was asked about."
    return f"Risk was last asked about on {day(page.risk.last_asked)}."


def risk_rows(page: ClientPage) -> list[RiskRow]:
    """What was told or written, by session; then the entries in which nothing was, by their state."""
    entries = page.risk.entries
    amended = {entry.session for entry in entries if entry.added_on}
    bare = [entry for entry in entries if _is_bare(entry) and entry.session not in amended]
    rows = [_row(entry) for entry in entries if entry not in bare]
    for state in dict.fromkeys(entry.state for entry in bare):
        same = [entry for entry in bare if entry.state is state]
        rows.append(_row(same[0], same))
    return rows


def _is_bare(entry: ReportRisk) -> bool:
    """Whether nothing but a state was recorded, and one in which the client told of no risk."""
    return not entry.state.told and entry == ReportRisk(session=entry.session, state=entry.state)


def _row(entry: ReportRisk, same: Iterable[ReportRisk] = ()) -> RiskRow:
    sessions = tuple(each.session for each in same) or (entry.session,)
    texts = tuple(_texts(entry))
    return RiskRow(
        session=numbers(sessions),
        state=entry.state.words,
        since=f"recorded by addendum on {day(entry.added_on)}" if entry.added_on else "",
        kinds=kinds_told(entry.kinds) if entry.kinds else (_NO_KIND,),
        texts=texts,
        short=_short(entry, texts),
    )


def _short(
    entry: ReportRisk, texts: tuple[tuple[str, tuple[str, ...]], ...]
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    if entry.kinds:
        return (("By kind", kinds_told(entry.kinds)), *texts)
    if entry == ReportRisk(session=entry.session, state=entry.state, added_on=entry.added_on):
        return (("", (f"{_NO_KIND}; {NOTHING_WRITTEN}",)),)
    return (*texts, ("", (_NO_KIND,)))


def _texts(entry: ReportRisk) -> list[tuple[str, tuple[str, ...]]]:
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
    written = [(label, tuple(lines)) for label, lines in named if lines]
    if not written:
        return [(named[0][0], (NOTHING_WRITTEN,))]
    empty = [f"{label[0].lower()}{label[1:]}" for label, lines in named if not lines]
    return [*written, (NOTHING_WRITTEN.capitalize(), (", ".join(empty),))] if empty else written
