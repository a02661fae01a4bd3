"""What of signed sessions and patterns may travel: theme labels, their codes, patterns, and items sent to the
supervision notes.

What always holds: evidence and focus are never looked at; words in quotation marks stop the report, and the message
says where they are and repeats nothing of them.
"""

import re
from collections.abc import Collection, Mapping, Sequence

from notekeeper.domain.pattern import SignedPatterns
from notekeeper.domain.report import PatternBasis, ReportPattern, ReportTheme, SupervisionItem, ThemeWording
from notekeeper.domain.review import Destination, KeptItem, theme_label
from notekeeper.errors import ReportError, UsageError
from notekeeper.reports.sessions import Session

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}")
_QUOTATION_MARKS = frozenset('"“”„‟«»‹›〝〞「」『』\N{FULLWIDTH QUOTATION MARK}')


def themes_of(sessions: Sequence[Session]) -> tuple[ReportTheme, ...]:
    """Themes over sessions, those noted in most sessions first. One code is one theme; without a code, one wording
    is. The wording shown is the one signed last."""
    grouped: dict[tuple[str, str], dict[int, list[KeptItem]]] = {}
    wording: dict[tuple[str, str], str] = {}
    worded: dict[tuple[str, str], dict[tuple[int, str], None]] = {}
    for session in sorted(sessions, key=lambda s: (s.body.signed_at, s.number)):
        seen: set[tuple[str, str]] = set()
        for item in (i for i in session.body.items if i.kind == "theme"):
            label = _label(item.text, session.number)
            code = _tag(item.code)
            key = ("code", code) if code else ("label", label.casefold())
            grouped.setdefault(key, {}).setdefault(session.number, []).append(item)
            worded.setdefault(key, {})[session.number, label] = None
            if key not in seen:
                wording[key] = label
                seen.add(key)
    without_ai = {s.number for s in sessions if not s.body.ai_used}
    found = [
        ReportTheme(
            label=wording[key],
            code=key[1] if key[0] == "code" else None,
            sessions=tuple(sorted(by_session)),
            wordings=tuple(ThemeWording(session=number, label=label) for number, label in sorted(worded[key])),
            own=sum(
                number in without_ai and any(i.origin == "therapist" for i in items)
                for number, items in by_session.items()
            ),
        )
        for key, by_session in grouped.items()
    ]
    return tuple(sorted(found, key=lambda t: (-len(t.sessions), -t.sessions[-1], t.label.casefold())))


def has_quotation(text: str) -> bool:
    """Whether `text` holds a quotation mark of any script."""
    return not _QUOTATION_MARKS.isdisjoint(text)


def _label(text: str, session: int) -> str:
    try:
        label = theme_label(text)
    except UsageError:
        label = ""
    if not label or has_quotation(label):
        raise ReportError(
            f"A theme's label in session {session} cannot go into a report: it holds quotation marks, or it is "
            "longer than 10 words or 80 characters. No report was made and the record is unchanged. Choose a period "
            "without that session."
        )
    return label


def _tag(code: str | None) -> str | None:
    """A code is a tag, never prose: one that could hold words of a person is left out, and the label links instead."""
    return code if code and _CODE.fullmatch(code) else None


def supervision_of(sessions: Sequence[Session]) -> tuple[SupervisionItem, ...]:
    items = []
    for session in sessions:
        for item in session.body.items:
            if item.destination is not Destination.SUPERVISION or item.kind not in ("reflection", "idea"):
                continue
            if has_quotation(item.text):
                raise ReportError(
                    f"An item of your supervision notes in session {session.number} holds quotation marks, and a "
                    "report carries no quotations. No report was made and the record is unchanged. Leave the "
                    "supervision notes out, or choose a period without that session."
                )
            items.append(SupervisionItem(session=session.number, kind=item.kind, text=" ".join(item.text.split())))
    return tuple(items)


def patterns_of(
    signed: SignedPatterns, numbers: Mapping[str, int], in_period: Collection[str]
) -> tuple[ReportPattern, ...]:
    """The signed patterns that are noted in a session of the period, in the order signed. Raises `ReportError`."""
    return tuple(
        ReportPattern(
            label=_unquoted(kept.label),
            code=_tag(kept.code),
            kind=kept.kind,
            sessions=tuple(sorted(numbers[note] for note in kept.notes if note in numbers)),
            statement=_unquoted(kept.statement),
        )
        for kept in signed.body.patterns
        if any(note in numbers and note in in_period for note in kept.notes)
    )


def basis_of(signed: SignedPatterns, numbers: Mapping[str, int]) -> PatternBasis:
    """When patterns were signed, and over which sessions."""
    return PatternBasis(
        signed_on=signed.body.signed_at.astimezone().date(),
        sessions=tuple(sorted(numbers[note] for note in signed.body.notes if note in numbers)),
        ai_used=signed.body.ai_used,
    )


def _unquoted(text: str) -> str:
    words = " ".join(text.split())
    if has_quotation(words):
        raise ReportError(
            "A signed pattern holds quotation marks, and a report carries no quotations. No report was made and the "
            "record is unchanged. Leave the patterns out, or word and sign them anew."
        )
    return words
