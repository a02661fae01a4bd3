"""Building a theme report from signed reviews. Pure: the same arguments give the same report.

What always holds: only signed sessions that lie in the period count; of their items only theme labels and, if
chosen, items sent to the supervision notes are taken. Focus, evidence and note text are never looked at. A label or
item that holds quotation marks stops the report, and the message repeats nothing of it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from notekeeper.domain.note import Client, Note, NoteKind
from notekeeper.domain.report import (
    Coverage,
    ReportRisk,
    ReportTheme,
    RiskSection,
    SupervisionItem,
    ThemeReport,
)
from notekeeper.domain.review import Destination, KeptItem, SignedReview, SignOff, theme_label
from notekeeper.errors import ReportError, UsageError

MAX_QUESTION_CHARACTERS = 600
NO_AI = "Therapist's own themes; no AI used"
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}")
_QUOTATION_MARKS = frozenset('"“”„‟«»‹›〝〞「」『』\N{FULLWIDTH QUOTATION MARK}')


@dataclass(frozen=True, slots=True)
class _Session:
    """A reported session: its number in the client's file, its date, and the sign-off."""

    number: int
    date: date
    body: SignOff


def session_numbers(notes: Sequence[Note]) -> dict[str, int]:
    """The session number, from 1, of every note of kind session, by note id: its place by date, then by number."""
    sessions = sorted((n for n in notes if n.kind is NoteKind.SESSION), key=lambda n: (n.date, n.number))
    return {note.id: place for place, note in enumerate(sessions, start=1)}


def build_report(
    *,
    client: Client,
    notes: Sequence[Note],
    signed: Sequence[SignedReview],
    period_from: date,
    period_to: date,
    include_risk: bool,
    include_supervision: bool,
    question: str,
    made_at: datetime,
    app_version: str,
    log_head: str,
) -> ThemeReport:
    """The report on `client` from `period_from` to `period_to`, both days included.

    `notes` and `signed` are the client's whole file: session numbers count from its first session. Raises
    `ReportError` when nothing in the period is signed, when the period ends before it starts, when something of
    another client is among the arguments, or when a label or item may not travel.
    """
    if period_to < period_from:
        raise ReportError("The period ends before it starts. No report was made; please give the two dates again.")
    if any(n.client_id != client.id for n in notes) or any(s.body.client_id != client.id for s in signed):
        raise ReportError(
            "A note of another client was found among those to report. No report was made and nothing was changed. "
            "Please run `notekeeper verify`."
        )
    numbers = session_numbers(notes)
    in_period = {n.id: n for n in notes if period_from <= n.date <= period_to}
    sessions = _included(signed, numbers, in_period)
    if not sessions:
        raise ReportError(
            f"No session from {period_from} to {period_to} is signed, so there is nothing to report and no file was "
            "made. Sign at least one session of that time, or choose another period."
        )
    asked = " ".join(question.split())
    if len(asked) > MAX_QUESTION_CHARACTERS:
        raise ReportError(
            f"The supervision question is longer than {MAX_QUESTION_CHARACTERS} characters. No report was made; "
            "please shorten it."
        )
    included = tuple(s.number for s in sessions)
    all_in_period = sorted(number for note_id, number in numbers.items() if note_id in in_period)
    return ThemeReport(
        made_at=made_at,
        app_version=app_version,
        client_code=client.code,
        period_from=period_from,
        period_to=period_to,
        question=asked,
        risk=_risk(sessions, include_risk),
        coverage=Coverage(
            total=len(all_in_period),
            included=included,
            not_included=tuple(n for n in all_in_period if n not in included),
        ),
        did_not_attend=sum(n.kind is NoteKind.DID_NOT_ATTEND for n in in_period.values()),
        themes=_themes(sessions),
        supervision=_supervision(sessions) if include_supervision else (),
        ai_note=_ai_note(sessions),
        signed_by="; ".join(dict.fromkeys(_signer(s.body) for s in sessions)),
        demonstration=client.demonstration or any(s.body.demonstration for s in signed),
        models=tuple(dict.fromkeys(part for s in sessions for part in _models(s.body))),
        log_head=log_head,
    )


def _included(
    signed: Sequence[SignedReview], numbers: Mapping[str, int], in_period: Mapping[str, Note]
) -> list[_Session]:
    """The signed sessions of the period, by session number."""
    by_note = {s.body.note_id: s.body for s in signed}
    found = [
        _Session(numbers[note_id], in_period[note_id].date, body)
        for note_id, body in by_note.items()
        if note_id in numbers and note_id in in_period
    ]
    return sorted(found, key=lambda s: s.number)


def _risk(sessions: Sequence[_Session], include: bool) -> RiskSection:
    """Every reported session's entry, whatever its state: a missing line must never read as a quiet session."""
    if not include:
        return RiskSection(included=False)
    entries = tuple(
        ReportRisk(
            session=s.number,
            state=s.body.risk.state,
            words=s.body.risk.words,
            action=s.body.risk.action,
            safeguarding=s.body.risk.safeguarding,
        )
        for s in sessions
    )
    asked = [s.date for s in sessions if s.body.risk.state.asked]
    return RiskSection(included=True, last_asked=max(asked, default=None), entries=entries)


def _themes(sessions: Sequence[_Session]) -> tuple[ReportTheme, ...]:
    """Themes over sessions, those noted in most sessions first. One code is one theme; without a code, one wording
    is. The wording shown is the one signed last."""
    grouped: dict[tuple[str, str], dict[int, list[KeptItem]]] = {}
    wording: dict[tuple[str, str], str] = {}
    for session in sorted(sessions, key=lambda s: (s.body.signed_at, s.number)):
        seen: set[tuple[str, str]] = set()
        for item in (i for i in session.body.items if i.kind == "theme"):
            label = _label(item.text, session.number)
            code = _code(item)
            key = ("code", code) if code else ("label", label.casefold())
            grouped.setdefault(key, {}).setdefault(session.number, []).append(item)
            if key not in seen:
                wording[key] = label
                seen.add(key)
    without_ai = {s.number for s in sessions if not s.body.ai_used}
    themes = [
        ReportTheme(
            label=wording[key],
            code=key[1] if key[0] == "code" else None,
            sessions=tuple(sorted(by_session)),
            own=sum(
                number in without_ai and any(i.origin == "therapist" for i in items)
                for number, items in by_session.items()
            ),
        )
        for key, by_session in grouped.items()
    ]
    return tuple(sorted(themes, key=lambda t: (-len(t.sessions), -t.sessions[-1], t.label.casefold())))


def _label(text: str, session: int) -> str:
    try:
        label = theme_label(text)
    except UsageError:
        label = ""
    if not label or _QUOTATION_MARKS.intersection(label):
        raise ReportError(
            f"A theme's label in session {session} cannot go into a report: it holds quotation marks, or it is "
            "longer than 10 words or 80 characters. No report was made and the record is unchanged. Choose a period "
            "without that session."
        )
    return label


def _code(item: KeptItem) -> str | None:
    """A code is a tag, never prose: one that could hold words of a person is left out, and the label links instead."""
    return item.code if item.code and _CODE.fullmatch(item.code) else None


def _supervision(sessions: Sequence[_Session]) -> tuple[SupervisionItem, ...]:
    items = []
    for session in sessions:
        for item in session.body.items:
            if item.destination is not Destination.SUPERVISION or item.kind not in ("reflection", "idea"):
                continue
            if _QUOTATION_MARKS.intersection(item.text):
                raise ReportError(
                    f"An item of your supervision notes in session {session.number} holds quotation marks, and a "
                    "report carries no quotations. No report was made and the record is unchanged. Leave the "
                    "supervision notes out, or choose a period without that session."
                )
            items.append(SupervisionItem(session=session.number, kind=item.kind, text=" ".join(item.text.split())))
    return tuple(items)


def _ai_note(sessions: Sequence[_Session]) -> str:
    used = sum(s.body.ai_used for s in sessions)
    if not used:
        return NO_AI
    noun = "session" if len(sessions) == 1 else "sessions"
    return (
        f"AI drafts were used in {used} of {len(sessions)} {noun}; the therapist reviewed and signed every item shown."
    )


def _signer(body: SignOff) -> str:
    return f"{body.signer.name}, {body.signer.registration}" if body.signer.registration else body.signer.name


def _models(body: SignOff) -> list[str]:
    """Each part that made a draft behind this sign-off, with the SHA-256 of its weights."""
    made = body.provenance
    if made is None:
        return []
    parts = [(made.model, made.model_sha256), (made.encoder, made.encoder_sha256)]
    return [f"{name}, SHA-256 {digest}" if digest else name for name, digest in parts if name]
