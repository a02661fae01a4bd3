"""The therapist's own learning over the caseload: which reflections recur, what they flag, what they tend to reject.

What always holds: it is made of signed items and of flags, anew each time, and kept nowhere, so that it goes with what
it was made of; it gives counts of times, clients and months and names no client; a file that does not agree to patterns
now is left out. It is no part of a report or of the export of a client's file.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache

from notekeeper.config import resource
from notekeeper.domain.note import Client
from notekeeper.domain.review import KeptItem, SignOff
from notekeeper.domain.supervision import Flaggable
from notekeeper.domain.vault import Vault
from notekeeper.drafting.library import Library, read_library
from notekeeper.errors import ChainBrokenError
from notekeeper.services.consent import patterns_allowed
from notekeeper.services.own_wordings import Wordings
from notekeeper.services.supervision_flags import Flagged, flags_of

_REASONS = {
    "not_in_note": "not in the note",
    "not_important": "not important",
    "wording": "the wording",
    "duplicate": "said already",
    "other": "another reason",
}


@dataclass(frozen=True, slots=True)
class Recurring:
    """What recurs: its words, how often, with how many clients, and how often in each month (YYYY-MM), the earliest
    first. `library` says that the words are a question of the library as it stands there."""

    words: str = field(repr=False)
    times: int
    clients: int
    months: tuple[tuple[str, int], ...]
    library: bool = False


@dataclass(frozen=True, slots=True)
class Decided:
    """What became of a model's suggestions that were signed about: kept as they were, edited, rejected, and withheld by
    a check; the reasons given for rejecting, the most frequent first; and rejected out of decided by month."""

    accepted: int
    edited: int
    rejected: int
    withheld: int
    reasons: tuple[tuple[str, int], ...]
    months: tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class Learning:
    """`clients` and `sessions` count what was looked at; `left_out` files that do not agree to patterns, `unread` those
    in which something was altered."""

    clients: int
    sessions: int
    left_out: int
    unread: int
    reflections: tuple[Recurring, ...]
    themes_reflected_on: tuple[Recurring, ...]
    flagged: tuple[Recurring, ...]
    decided: Decided


@dataclass(frozen=True, slots=True)
class _Seen:
    words: str
    client: str
    month: str


def own_learning(vault: Vault, codes: Mapping[str, str] | None = None) -> Learning:
    """Over every file that agrees to patterns now. `codes` are what theme codes stand for; without them a code stands
    for itself. Demonstration clients count only where there are no others."""
    clients = vault.clients.all()
    clients = [each for each in clients if not each.demonstration] or clients
    signed: list[SignOff] = []
    flags: list[Flagged] = []
    left_out = unread = counted = 0
    for client in clients:
        try:
            if not patterns_allowed(vault, client):
                left_out += 1
                continue
            bodies, raised = _read(vault, client)
        except ChainBrokenError:
            unread += 1
            continue
        counted += 1
        signed += bodies
        flags += raised
    unnamed = _without(each.code for each in vault.clients.all())
    reflections = [
        _Seen(unnamed(item.text), body.client_id, body.note_date.isoformat()[:7])
        for body in signed
        for item in body.items
        if item.kind == "reflection"
    ]
    names = _names_of_themes(signed, codes or {})
    flagged = [
        _Seen(unnamed(names.get((each.flag.notes, each.flag.words), each.flag.words)), each.client_id, _month(each))
        for each in flags
        if each.flag.on is Flaggable.THEME
    ]
    return Learning(
        clients=counted,
        sessions=len(signed),
        left_out=left_out,
        unread=unread,
        reflections=_recurring(reflections, _library().questions),
        themes_reflected_on=_recurring(_by_theme(reflections, codes or {}), frozenset(), alike=False),
        flagged=_recurring(flagged, frozenset()),
        decided=_decided(signed),
    )


def _without(codes: Iterable[str]) -> Callable[[str], str]:
    """Words without any client's code, which the therapist may have put into their own wording."""
    named = "|".join(re.escape(code) for code in codes if len(code) > 1)
    return lambda words: re.sub(rf"\b(?:{named})\b", "…", words) if named else words


def _read(vault: Vault, client: Client) -> tuple[list[SignOff], list[Flagged]]:
    raised = [each for each in flags_of(vault, client) if each.done is None or each.done.discussed]
    return [each.body for each in vault.signoffs.of_client(client.id)], raised


def _month(each: Flagged) -> str:
    return each.day.isoformat()[:7]


@cache
def _library() -> Library:
    return read_library(resource("models/starter/data/reflections.jsonl").read_text(encoding="utf-8"))


def _questions() -> Wordings:
    """Made anew each time, because it remembers the wordings it was asked about."""
    return Wordings(_library().questions)


@cache
def _code_of_question() -> Mapping[str, str]:
    return {question: code for code, asked in _library().by_code.items() for question in asked}


def _by_theme(reflections: Iterable[_Seen], codes: Mapping[str, str]) -> list[_Seen]:
    """Questions of the library by the theme that they belong to."""
    asked, found = _questions(), []
    for each in reflections:
        question = asked.nearest(each.words)
        if question is not None and (code := _code_of_question().get(question)) is not None:
            found.append(_Seen(codes.get(code, code), each.client, each.month))
    return found


def _names_of_themes(signed: Iterable[SignOff], codes: Mapping[str, str]) -> dict[tuple[tuple[str, ...], str], str]:
    """What the code of a flagged theme stands for, by the note it is of and its label."""

    def name(item: KeptItem) -> str:
        return codes.get(item.code or "", item.text)

    return {((body.note_id,), item.text): name(item) for body in signed for item in body.items if item.kind == "theme"}


def _recurring(seen: Iterable[_Seen], library: frozenset[str], *, alike: bool = True) -> tuple[Recurring, ...]:
    """Wordings that are alike together, the most frequent first. One that is nearly a question of the library goes
    under that question; else the first wording names the group."""
    groups: dict[str, list[_Seen]] = {}
    asked, own = _questions() if library else Wordings(), Wordings()
    for each in seen:
        name = asked.nearest(each.words) or (own.nearest(each.words) if alike else None)
        if name is None:
            name = each.words
            own.add(name)
        groups.setdefault(name, []).append(each)
    found = [
        Recurring(
            words=name,
            times=len(group),
            clients=len({each.client for each in group}),
            months=tuple(sorted(Counter(each.month for each in group).items())),
            library=name in library,
        )
        for name, group in groups.items()
    ]
    return tuple(sorted(found, key=lambda each: (-each.times, -each.clients, each.words)))


def _decided(signed: Iterable[SignOff]) -> Decided:
    tallies = [(each.note_date.isoformat()[:7], each.tally) for each in signed if each.ai_used]
    reasons = sum((Counter(tally.reject_reasons) for _, tally in tallies), Counter[str]())
    months: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    for month, tally in tallies:
        months[month][0] += tally.rejected
        months[month][1] += tally.accepted + tally.edited + tally.rejected
    return Decided(
        accepted=sum(tally.accepted for _, tally in tallies),
        edited=sum(tally.edited for _, tally in tallies),
        rejected=sum(tally.rejected for _, tally in tallies),
        withheld=sum(tally.withheld for _, tally in tallies),
        reasons=tuple((_REASONS.get(reason, reason), count) for reason, count in reasons.most_common()),
        months=tuple((month, rejected, decided) for month, (rejected, decided) in sorted(months.items())),
    )
