"""The reminder that a note mentions risk which is not recorded; and how many such notes wait.

What always holds: nothing is filled in, weighed or ruled out; only a chosen state or the therapist's own words quiet
the reminder, and no sentence is said of a note in which the list finds nothing.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from notekeeper.domain.note import Note
from notekeeper.domain.risk import RiskEntry, RiskKind, RiskState
from notekeeper.domain.text import visible
from notekeeper.domain.vault import Vault
from notekeeper.services.caseload import CaseloadRow
from notekeeper.services.risk_words import SAFEGUARDING, TOPICS, Mention, risk_words

SILENCE = "Silence of this list does not mean no risk."
_PLACES_SAID = 3


@dataclass(frozen=True, slots=True)
class Place:
    """Where a note mentions it: the line, from 1, and the words as they stand there, made fit to be shown."""

    line: int
    words: str


@dataclass(frozen=True, slots=True)
class Reminder:
    """What a note mentions that its risk entry does not record. `kinds` names it, as in "harm to or from others";
    `recorded` says that there is an entry, which lacks that kind."""

    kinds: tuple[str, ...]
    places: tuple[Place, ...]
    recorded: bool

    @property
    def sentence(self) -> str:
        """Naming the kinds, and nothing of the note."""
        return f"{self._mentions('')}. {SILENCE}"

    @property
    def sentence_with_places(self) -> str:
        """The same with words of the note, for the therapist's own screen."""
        said = [f"“{place.words}”, line {place.line}" for place in self.places[:_PLACES_SAID]]
        said += [f"{len(self.places) - len(said)} more"] if len(self.places) > len(said) else []
        places = "; ".join(said)
        return f"{self._mentions(f' ({places})')}. {SILENCE}"

    def _mentions(self, places: str) -> str:
        lacking = "the risk entry does not record that" if self.recorded else "risk is not recorded"
        return f"Your note mentions {_listed(self.kinds)}{places}; {lacking}"


def reminder(text: str, entry: RiskEntry | None) -> Reminder | None:
    """What is to be said of a note's text beside its risk entry; None when the list finds nothing that is not
    recorded, which says nothing about risk."""
    found = [each for each in risk_words().mentions(text) if not _recorded(each, entry)]
    if not found:
        return None
    lines = [at for at, letter in enumerate(text) if letter == "\n"]
    return Reminder(
        kinds=tuple(_named(topics) for topics in _groups(found)),
        places=tuple(
            Place(bisect_left(lines, each.start) + 1, " ".join(visible(text[each.start : each.end]).split()))
            for each in found
        ),
        recorded=entry is not None and entry.state is not RiskState.NOT_RECORDED,
    )


def reminder_of(vault: Vault, note: Note) -> Reminder | None:
    """Of the newest saved text of a note that is not signed, or of a signed one beside the entry that stands."""
    latest = vault.notes.latest(note.id)
    return reminder(latest.text, standing_risk(vault, note)) if latest is not None else None


def standing_risk(vault: Vault, note: Note) -> RiskEntry | None:
    """The entry that stands: of a signed note the newest that an addendum brought, else the one that was signed; of
    another the one being written. Raises `ChainBrokenError`."""
    signed = vault.signoffs.of_note(note.id)
    if signed is None:
        return vault.reviews.risk(note.id)
    later = [added.risk for added in vault.addenda.of_note(note.id) if added.risk is not None]
    return later[-1] if later else signed.body.risk


def mentioned(vault: Vault, rows: Iterable[CaseloadRow]) -> Mapping[str, tuple[str, ...]]:
    """What each session mentions whose risk is not recorded at all, by note id. One question to the vault for each of
    these sessions."""
    found = {}
    for note in (note for row in rows for note in row.risk_not_recorded):
        latest = vault.notes.latest(note.id)
        told = reminder(latest.text, None) if latest is not None else None
        if told is not None:
            found[note.id] = told.kinds
    return found


def _recorded(mention: Mention, entry: RiskEntry | None) -> bool:
    """Whether any of what is mentioned is recorded by its kind, or as a safeguarding concern."""
    return entry is not None and any(_has(entry, topic) for topic in mention.topics)


def _has(entry: RiskEntry, topic: str) -> bool:
    if topic == SAFEGUARDING:
        return bool(entry.safeguarding.strip() or entry.safeguarding_child or entry.safeguarding_adult)
    kind = entry.of(RiskKind(topic))
    return kind is not None and kind.state is not RiskState.NOT_RECORDED


def _groups(found: Iterable[Mention]) -> list[tuple[str, ...]]:
    """What is mentioned, in the order of `TOPICS`, without what a more definite mention names already."""
    groups = {each.topics for each in found}
    definite = [group for group in groups if not any(set(other) < set(group) for other in groups)]
    return sorted(definite, key=lambda group: [TOPICS.index(topic) for topic in group])


def _named(topics: tuple[str, ...]) -> str:
    if set(topics) == {RiskKind.HARM_TO_OTHERS, RiskKind.HARM_FROM_OTHERS}:
        return "harm to or from others"
    names = [topic if topic == SAFEGUARDING else RiskKind(topic).words.lower() for topic in topics]
    return " or ".join(names)


def _listed(names: tuple[str, ...]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
