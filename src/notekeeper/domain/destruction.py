"""The destruction of a client's file: what is said beforehand, and what the register keeps afterwards.

What always holds: the register and its type hold no code, no name and no word of the file: fixed words, counts, days,
the therapist who did it, and hashes of the log.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from notekeeper.domain.backup import Backup
from notekeeper.domain.retention import RetentionPolicy
from notekeeper.domain.review import Signer
from notekeeper.domain.text import Frozen


class DestructionReason(StrEnum):
    """Why, as one of a few fixed words, so that nothing of the file can stand in the register."""

    RETENTION_ENDED = "retention_ended"
    CLIENT_ASKED = "client_asked"
    OPENED_BY_MISTAKE = "opened_by_mistake"
    OTHER = "other"


class Grounds(Frozen):
    """On what a file is destroyed: the reason, the policy of that day, whether the file had a period of its own, and
    the day its retention ended, None where none could be reckoned or the work had not ended."""

    reason: DestructionReason
    policy: RetentionPolicy
    own_period: bool = False
    due: str | None = None


class Destruction(Frozen):
    """One line of the register. `counts` are the rows destroyed, by `PARTS`; `exports` the times that something of the
    file was written outside the vault; `log_entries` and `log_head` the log just before."""

    grounds: Grounds
    by: Signer
    counts: dict[str, int]
    exports: int
    log_entries: int
    log_head: str


@dataclass(frozen=True, slots=True)
class Destroyed:
    """A line of the register as kept. `id` is random and says nothing; `log_head` is the log's head just after, which
    is known only where the file was destroyed just now."""

    id: str
    at: datetime
    body: Destruction
    log_head_after: str = ""


@dataclass(frozen=True, slots=True)
class Holdings:
    """What would go: rows by `PARTS`, exports that lie outside, and the backups that hold the client. `away`: a second
    folder for backups is chosen and not there now. `held`: a legal hold stands. `aside`: whole vaults that a restore
    or a rescue left beside this one, which may hold the client too."""

    counts: dict[str, int]
    exports: int
    backups: tuple[Backup, ...]
    away: bool
    held: bool
    aside: tuple[Path, ...] = ()


PARTS = {
    "notes": "notes",
    "revisions": "saved texts with process notes",
    "working_texts": "texts being typed",
    "drafts": "drafts",
    "decisions": "decisions on drafts",
    "sign_offs": "sign-offs",
    "signatures": "signatures",
    "addenda": "addenda",
    "reviews": "parts of open reviews",
    "follow_ups": "follow-ups",
    "agreements": "answers about AI use",
    "front_sheets": "saved front sheets",
    "entries": "other entries of the file",
    "identities": "identity",
    "jottings": "jottings",
    "moved_notes": "stubs of notes filed here by mistake",
}
"""The names of the counts, and how a therapist reads them."""


class Destructions(Protocol):
    def holdings(self, client_id: str) -> Holdings:
        """What would go. Raises `UsageError` for an unknown client."""
        ...

    def destroy(self, client_id: str, grounds: Grounds, by: Signer) -> Destroyed:
        """Destroy everything held on the client, and enter it in the register, or change nothing. Raises `UsageError`
        for an unknown client or while a legal hold stands."""
        ...

    def all(self) -> list[Destroyed]:
        """The register, by time, verified against the log. Raises `ChainBrokenError`."""
        ...
