"""A review of patterns that is not signed yet, as it is kept: decisions, a model's words, the therapist's own.

What always holds: it is kept under the client's own id and cleared with the signature; what a model wrote can be taken
out of it, with every decision that rests on it.
"""

from datetime import datetime
from enum import StrEnum

from pydantic import Field

from notekeeper.domain.draft import Provenance
from notekeeper.domain.pattern import PatternKind
from notekeeper.domain.review import RejectReason
from notekeeper.domain.text import Frozen

DRAFT = ".patterns-draft"
"""The jotting of a client, by its id and this, that a review of patterns is kept in until it is signed."""


class PatternChoice(StrEnum):
    ACCEPTED = "accepted"
    EDITED = "edited"
    REJECTED = "rejected"


class PatternDecision(Frozen):
    """What the therapist decided on one pattern. `label` and `statement` are their wording when edited, None for what
    stays as it was shown; `of_model` says that a model's words were shown; `about` is `thread_of` the pattern, by which
    typed words are found again when it has changed."""

    choice: PatternChoice
    at: datetime
    about: str
    of_model: bool = False
    label: str | None = None
    statement: str | None = None
    reason: RejectReason | None = None


class WordedStatement(Frozen):
    """What a model made of one pattern: `statement` as far as it passed every check; what it wrote that did not, and
    why that is withheld."""

    statement: str = ""
    withheld: str = ""
    reason: str = ""


class OwnPattern(Frozen):
    """A pattern that the therapist gives; `notes` are those of its sessions, in order of their dates."""

    label: str
    kind: PatternKind
    notes: tuple[str, ...] = Field(min_length=1)
    statement: str
    at: datetime


class BegunPattern(Frozen):
    """A pattern of the therapist's own as far as it is typed; `sessions` are numbers as they were typed."""

    label: str = ""
    kind: PatternKind = PatternKind.RECURRING
    sessions: str = ""
    statement: str = ""


class PatternsInWork(Frozen):
    """A review that is not signed yet, as it is kept. `decisions` and `worded` go by `key_of` a pattern; `begun` is an
    own pattern that is typed and not added."""

    decisions: dict[str, PatternDecision] = Field(default_factory=dict)
    worded: dict[str, WordedStatement] = Field(default_factory=dict)
    own: tuple[OwnPattern, ...] = ()
    begun: BegunPattern = BegunPattern()
    provenance: Provenance | None = None

    def without_model(self) -> "PatternsInWork":
        """What is left when no model may be used any more: none of its words, and no decision on any of them."""
        return self.model_copy(
            update={
                "decisions": {key: made for key, made in self.decisions.items() if not made.of_model},
                "worded": {},
                "provenance": None,
            }
        )
