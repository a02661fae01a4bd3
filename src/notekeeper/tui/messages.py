"""What happened, as facts in the past tense. Workers post these; only handlers of screens change what is shown."""

from dataclasses import dataclass

from textual.message import Message

from notekeeper.domain.draft import Draft
from notekeeper.domain.engine import Progress


@dataclass
class DraftAdvanced(Message):
    """A draft of this note came further."""

    note_id: str
    progress: Progress


@dataclass
class DraftMade(Message):
    """A draft of this note is there: kept for review, or refused (`draft.refused` says why)."""

    note_id: str
    draft: Draft


@dataclass
class DraftFailed(Message):
    """A draft of this note was not made; `sentence` says why, for a therapist, with nothing of the note in it."""

    note_id: str
    sentence: str


@dataclass
class PatternsAdvanced(Message):
    """The wording of this client's patterns came further."""

    client_id: str
    progress: Progress


@dataclass
class PatternsWorded(Message):
    """This client's patterns are worded: so many of them, and of `plain` others the counts stand."""

    client_id: str
    worded: int
    plain: int


@dataclass
class PatternsUnworded(Message):
    """The wording of this client's patterns ended early; `sentence` says why. What was made before is kept."""

    client_id: str
    sentence: str


@dataclass
class TextKept(Message):
    """Typing was put into the vault. `saved` is True for a revision, False for an autosave."""

    note_id: str
    saved: bool
