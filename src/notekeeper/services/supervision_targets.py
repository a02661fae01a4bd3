"""What in a client's file can be flagged for supervision, named by keys without a word of a note.

What always holds: a theme, a reflection or an idea can be flagged once it is signed, and a reflection or idea only if
it was kept for supervision; a risk entry is named by its state and never weighed.
"""

from collections.abc import Iterator

from notekeeper.domain.entry import EntryKind
from notekeeper.domain.note import Client, Note
from notekeeper.domain.pattern import PatternSignOff
from notekeeper.domain.review import Destination, SignedReview
from notekeeper.domain.supervision import Flaggable
from notekeeper.domain.vault import Vault
from notekeeper.errors import UsageError
from notekeeper.services.caseload import kind_words
from notekeeper.services.follow_ups import open_follow_ups
from notekeeper.services.risk import standing_risk
from notekeeper.services.supervision_flags import Target


def targets(vault: Vault, client: Client) -> tuple[Target, ...]:
    """Everything in the file that can be flagged, notes the newest first. Raises `ChainBrokenError`."""
    signed = {each.body.note_id: each for each in vault.signoffs.of_client(client.id)}
    notes = sorted(vault.notes.of_client(client.id), key=lambda note: (note.date, note.number), reverse=True)
    found = [Target("file", Flaggable.FILE, "")]
    for note in notes:
        found += _of_note(vault, note, signed.get(note.id))
    return (*found, *_patterns(vault, client), *_follow_ups(vault, client))


def targets_of_note(vault: Vault, note: Note) -> tuple[Target, ...]:
    """What of one note can be flagged, the note itself first. Raises `ChainBrokenError`."""
    return tuple(_of_note(vault, note, vault.signoffs.of_note(note.id)))


def find_target(vault: Vault, client: Client, key: str) -> Target:
    """The target that a key names. Raises `UsageError`, `ChainBrokenError`."""
    wanted = key.strip().casefold()
    for each in targets(vault, client):
        if each.key == wanted:
            return each
    raise UsageError(
        "That is nothing that can be flagged in this file. `notekeeper supervision flaggable CODE` names what can be: "
        "file, note:3, theme:3.1, reflection:3.1, risk:3, pattern:1 or follow-up:2. Nothing was changed."
    )


def _of_note(vault: Vault, note: Note, signed: SignedReview | None) -> Iterator[Target]:
    at = (note.id, (note.id,))
    yield Target(
        f"note:{note.number}",
        Flaggable.NOTE,
        f"note {note.number}, {kind_words(note.kind)}, {note.date.isoformat()}",
        *at,
    )
    if (risk := standing_risk(vault, note)) is not None:
        yield Target(f"risk:{note.number}", Flaggable.RISK, f"{risk.state.words}, {note.date.isoformat()}", *at)
    if signed is None:
        return
    themes = [item for item in signed.body.items if item.kind == "theme"]
    kept = [item for item in signed.body.items if item.destination is Destination.SUPERVISION]
    for place, item in enumerate(themes, start=1):
        yield Target(f"theme:{note.number}.{place}", Flaggable.THEME, item.text, *at)
    for place, item in enumerate(kept, start=1):
        yield Target(f"reflection:{note.number}.{place}", Flaggable.REFLECTION, item.text, *at)


def _patterns(vault: Vault, client: Client) -> Iterator[Target]:
    """Those that were signed last."""
    for entry in vault.entries.of(client.id, EntryKind.PATTERNS_SIGNED)[-1:]:
        for place, each in enumerate(entry.read(PatternSignOff).patterns, start=1):
            words = f"{each.label}, {each.kind.words}"
            yield Target(f"pattern:{place}", Flaggable.PATTERN, words, entry.id, each.notes)


def _follow_ups(vault: Vault, client: Client) -> Iterator[Target]:
    for each in open_follow_ups(vault, client):
        notes = (each.note_id,) if each.note_id else ()
        yield Target(f"follow-up:{each.number}", Flaggable.FOLLOW_UP, each.words, each.id, notes)
