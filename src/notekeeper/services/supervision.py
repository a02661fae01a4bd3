"""What came of supervision: a supervisor's comments beside the items they are on, and when a client was discussed last.

What always holds: a comment that came with several files of the same report is shown once, as it came last, with what
became of it whenever that was.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from notekeeper.domain.entry import EntryKind, FileEntry
from notekeeper.domain.follow_up import FollowUp
from notekeeper.domain.note import Client, NoteKind
from notekeeper.domain.report import Discussed
from notekeeper.domain.supervision import AgreedAction, FlagDone, TakenComment, TakenComments
from notekeeper.domain.vault import Vault
from notekeeper.services.supervision_items import kind_of

_KINDS = (EntryKind.COMMENTS, EntryKind.ACTION)


@dataclass(frozen=True, slots=True)
class DiscussedItem:
    """One comment as it stands. It is written CODE/Dn.k: `number` and `place`. `kind` is what it is on (risk, question,
    course, theme, pattern, part, '' for the page), `item` what that says. `day` is None while it was not discussed.
    `became` says what became of an agreed action, with its `follow_up` if one was made."""

    entry_id: str
    number: int
    place: int
    kind: str
    item: str
    comment: TakenComment
    supervisor: str
    day: date | None
    taken_on: date
    notes: tuple[str, ...]
    became: AgreedAction | None = None
    follow_up: FollowUp | None = None

    @property
    def waits(self) -> bool:
        """Whether it was agreed to be done and nothing has been made of it yet."""
        return self.comment.action and self.became is None

    @property
    def to_do(self) -> bool:
        """Whether it was agreed to be done and is not done: nothing made of it, or a follow-up that is open."""
        return self.waits or (self.follow_up is not None and self.follow_up.done is None)


def discussed(vault: Vault, client: Client) -> list[DiscussedItem]:
    """The client's, the newest file first and in the order written within it. Raises `ChainBrokenError`."""
    entries = vault.entries.of(client.id, *_KINDS)
    if not entries:
        return []
    follow_ups = {each.number: each for each in vault.follow_ups.of_client(client.id)}
    return _together(entries, follow_ups)


def discussed_by_all(vault: Vault) -> dict[str, list[DiscussedItem]]:
    """Everybody's by client id, in two questions to the vault. Raises `ChainBrokenError`."""
    entries: defaultdict[str, list[FileEntry]] = defaultdict(list)
    for entry in vault.entries.of(None, *_KINDS):
        entries[entry.client_id].append(entry)
    follow_ups: defaultdict[str, dict[int, FollowUp]] = defaultdict(dict)
    for each in vault.follow_ups.of_client() if entries else ():
        follow_ups[each.client_id][each.number] = each
    return {client_id: _together(found, follow_ups[client_id]) for client_id, found in entries.items()}


def _together(entries: Iterable[FileEntry], follow_ups: dict[int, FollowUp]) -> list[DiscussedItem]:
    every = list(entries)
    became = {
        (each.about, action.place): action
        for each in every
        if each.kind is EntryKind.ACTION and (action := each.read(AgreedAction))
    }
    files = [(each, each.read(TakenComments)) for each in every if each.kind is EntryKind.COMMENTS]
    dealt: dict[tuple[object, ...], AgreedAction] = {}
    for entry, taken in files:
        for place, comment in enumerate(taken.comments, start=1):
            if (entry.id, place) in became:
                dealt[_same(entry, comment)] = became[entry.id, place]
    found: list[DiscussedItem] = []
    shown: set[tuple[object, ...]] = set()
    for entry, taken in reversed(files):
        for place, comment in enumerate(taken.comments, start=1):
            if (same := _same(entry, comment)) not in shown:
                shown.add(same)
                found.append(_item(entry, taken, place, dealt.get(same), follow_ups))
    return found


def _same(entry: FileEntry, comment: TakenComment) -> tuple[object, ...]:
    """A comment is the same on the same report, item and words, whenever it came."""
    return entry.about, comment.ref, comment.text, comment.action, comment.until


def _item(
    entry: FileEntry, taken: TakenComments, place: int, became: AgreedAction | None, follow_ups: dict[int, FollowUp]
) -> DiscussedItem:
    comment = taken.comments[place - 1]
    return DiscussedItem(
        entry_id=entry.id,
        number=entry.number,
        place=place,
        kind=kind_of(comment.ref),
        item=comment.item,
        comment=comment,
        supervisor=taken.supervisor,
        day=taken.discussed_on,
        taken_on=entry.at.astimezone().date(),
        notes=taken.notes,
        became=became,
        follow_up=follow_ups.get(became.follow_up) if became and became.follow_up else None,
    )


def became_words(each: DiscussedItem) -> str:
    """What became of an agreed action, in a few words; '' for a comment that is none."""
    if not each.comment.action:
        return ""
    if each.became is None:
        by = f", by {each.comment.until.isoformat()}" if each.comment.until else ""
        return f"nothing made of it yet{by}"
    if each.follow_up is None:
        return f"settled {each.became.day.isoformat()} without a follow-up"
    stands = f"done {each.follow_up.done.isoformat()}" if each.follow_up.done else f"due {each.follow_up.due}"
    return f"follow-up F{each.follow_up.number}, {stands}"


def day_words(day: date | None) -> str:
    """A day as it stands beside an item."""
    return f"Discussed {day.day} {day:%B %Y}" if day else "From supervision, not discussed yet"


def beside_words(each: DiscussedItem) -> str:
    """A comment as a line beside its item: the day, then the comment or what was agreed and what became of it."""
    said = " ".join(each.comment.text.split())
    return (
        f"{day_words(each.day)}; agreed: {said} ({became_words(each)})"
        if each.comment.action
        else (f"{day_words(each.day)}: {said}")
    )


def beside(items: Iterable[DiscussedItem], kind: str, words: str) -> list[DiscussedItem]:
    """Those on an item of this kind (theme, pattern, part, question, risk) that is worded so; a pattern also by
    its label."""
    return [
        each
        for each in items
        if each.kind == kind and (each.item == words or (kind == "pattern" and each.item.startswith(f"{words}, ")))
    ]


def agreed_before(items: Iterable[DiscussedItem]) -> tuple[Discussed, ...]:
    """Each day of supervision with what was agreed on it, the newest first, as a report has it."""
    days: defaultdict[date, list[str]] = defaultdict(list)
    for each in items:
        if each.day is not None:
            days[each.day] += [" ".join(each.comment.text.split())] if each.comment.action else []
    return tuple(Discussed(day=day, agreed=tuple(days[day])) for day in sorted(days, reverse=True))


def last_discussed(vault: Vault, client_id: str | None = None) -> dict[str, date]:
    """By client id, of one client or all, the last day on which something was discussed in supervision: a flag that was
    settled, comments that were taken in, or an outcome note. Raises `ChainBrokenError`."""
    days: defaultdict[str, list[date]] = defaultdict(list)
    for entry in vault.entries.of(client_id, EntryKind.FLAG_DONE, EntryKind.COMMENTS):
        if entry.kind is EntryKind.COMMENTS:
            day = entry.read(TakenComments).discussed_on
        else:
            done = entry.read(FlagDone)
            day = done.day if done.discussed else None
        days[entry.client_id] += [day] if day else []
    for standing in vault.standings(client_id):
        if standing.note.kind is NoteKind.SUPERVISION:
            days[standing.note.client_id].append(standing.note.date)
    return {client_id: max(found) for client_id, found in days.items() if found}
