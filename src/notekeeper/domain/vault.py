"""What services ask of a vault. `notekeeper.vault` implements these protocols and reaches services through `bootstrap`.

What always holds, whoever implements it: a call that returned has been written to disk; a call that raised changed
nothing, or the disk stopped answering while it was written and the sentence says that it may have; every change of the
record appends to the log in the same transaction.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Protocol

from notekeeper.domain.addendum import Addendum
from notekeeper.domain.agreement import Agreement, AgreementDetail, Given, Party, Purpose, Standing
from notekeeper.domain.backup import Backups
from notekeeper.domain.client_file import FrontSheet
from notekeeper.domain.clinical_will import ClinicalWill
from notekeeper.domain.destruction import Destructions
from notekeeper.domain.draft import Draft
from notekeeper.domain.entry import FileEntries
from notekeeper.domain.finding import ALL, Filters
from notekeeper.domain.follow_up import FollowUp
from notekeeper.domain.identity import Identity
from notekeeper.domain.note import Client, Note, NoteFormat, NoteKind, NotePart, Revision, WorkingText
from notekeeper.domain.pattern import SignedPatterns
from notekeeper.domain.retention import RetentionPolicy
from notekeeper.domain.review import Decision, OwnView, SignedReview, Signer
from notekeeper.domain.risk import RiskEntry, RiskState
from notekeeper.domain.signature import Proof, Signatures
from notekeeper.domain.supervision import SupervisionLog

if TYPE_CHECKING:
    from notekeeper.domain.holdings import Holdings


@dataclass(frozen=True, slots=True)
class StoredDraft:
    """A draft made from one revision. Content that was destroyed at signing is not here."""

    id: str
    note_id: str
    revision_id: str
    made_at: datetime
    draft: Draft


@dataclass(frozen=True, slots=True)
class NoteStanding:
    """How far a note has come. `draft`: a draft of its newest saved text awaits review. `unsaved`: typing is kept that
    is not saved. `risk`: the state chosen, None when none was; `risk_added` says that an addendum brought it after the
    note was signed."""

    note: Note
    draft: bool
    unsaved: bool
    risk: RiskState | None
    risk_added: bool = False


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A note whose newest saved text holds the words; `snippet` marks them with « ». `part` says which text;
    `addendum` that it is an addendum beneath the note, `risk` that it is a signed risk entry, of the note or of an
    addendum. Where no words were looked for, `snippet` is how the text begins."""

    note: Note
    client_code: str
    part: NotePart
    snippet: str
    addendum: bool = False
    risk: bool = False


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One link of the chain. `subject` is a random id, never a code or a word. `commitment` is a keyed hash of what
    the entry is about, empty for events without content. `client_id` is the client whose file it concerns, '' for the
    vault itself."""

    number: int
    at: datetime
    event: str
    subject: str
    commitment: str
    hash: str
    client_id: str = ""


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """The outcome of every check, each a sentence for a therapist; `problems` is empty when all is well."""

    checks: tuple[str, ...]
    problems: tuple[str, ...]
    log_entries: int
    log_head: str


class PreparedKey(Protocol):
    """A new recovery key that counts only when it was typed back. Until then the earlier one holds."""

    @property
    def shown(self) -> str:
        """The key, to be shown once and written on paper."""
        ...

    def confirm(self, typed: str) -> None:
        """Let it count. Raises `WrongPassphraseError` when it was typed otherwise; it may be typed again."""
        ...


class Clients(Protocol):
    def add(self, code: str, *, demonstration: bool = False) -> Client:
        """Raises `UsageError` when the code (case apart) is taken."""
        ...

    def by_code(self, code: str) -> Client:
        """Raises `UsageError` when there is none."""
        ...

    def all(self) -> list[Client]:
        """By code."""
        ...

    def erase(self, client_id: str) -> None:
        """Destroy everything held on the client. A stub without content remains; the log still verifies."""
        ...


class FrontSheets(Protocol):
    def save(self, client_id: str, sheet: FrontSheet) -> None:
        """A new revision; the same sheet again changes nothing. Raises `UsageError` for an unknown client."""
        ...

    def current(self, client_id: str) -> FrontSheet:
        """The newest, or an empty one."""
        ...

    def all(self) -> dict[str, FrontSheet]:
        """The newest of every client that has one, by client id."""
        ...


class Identities(Protocol):
    def save(self, client_id: str, identity: Identity) -> None:
        """In place of what was kept; an empty one takes it away. Raises `UsageError` for an unknown client."""
        ...

    def of(self, client_id: str) -> Identity:
        """What is kept, or an empty one."""
        ...


class Notes(Protocol):
    def add(self, client_id: str, *, kind: NoteKind, format: NoteFormat, date: date) -> Note: ...

    def by_number(self, client_id: str, number: int) -> Note:
        """Raises `UsageError` when there is none."""
        ...

    def of_client(self, client_id: str) -> list[Note]:
        """By number, without those that were moved to another file."""
        ...

    def stubs(self, client_id: str) -> list[Note]:
        """What is left of notes that were filed under the wrong client: number, kind and date. By number."""
        ...

    def move(self, note_id: str, to_client_id: str) -> Note:
        """Into the right file, as a new and unsigned note with the therapist's texts, own view, risk entry, typing and
        follow-ups; all that hung on the old one is destroyed, and a stub stays. Not within a transaction. Raises
        `UsageError` for a client or note that cannot be meant, and `ChainBrokenError`."""
        ...

    def save(self, note_id: str, text: str, part: NotePart = NotePart.RECORD) -> Revision:
        """A new revision; the autosaved text of that part is cleared. The text of the newest revision again gives
        that revision. Raises `UsageError` on a signed note."""
        ...

    def latest(self, note_id: str, part: NotePart = NotePart.RECORD) -> Revision | None: ...

    def revisions(self, note_id: str, part: NotePart = NotePart.RECORD) -> list[Revision]: ...

    def autosave(self, note_id: str, text: str, part: NotePart = NotePart.RECORD) -> WorkingText:
        """Keep unsaved typing, replacing what was kept before. Not logged. Raises `UsageError` on a signed note."""
        ...

    def working(self, note_id: str, part: NotePart = NotePart.RECORD) -> WorkingText | None: ...


class Agreements(Protocol):
    def record(self, agreement: Agreement, detail: AgreementDetail | None = None) -> str:
        """The id of the answer. One that is declined or withdrawn for drafting destroys the file's unsigned drafts, a
        model's words of patterns in work, and what is kept of the program and models behind what was signed; one for
        patterns all patterns in work, and the same of signed ones; one for supervision what is kept of a report that
        was shown and not approved. Raises `UsageError` for an unknown client."""
        ...

    def current(self, client_id: str, purpose: Purpose) -> Agreement | None:
        """The answer recorded last, whose ever it is. `standings` says whether the file agrees."""
        ...

    def given(self, client_id: str) -> list[Given]:
        """Every answer of the file in the order recorded, verified against the log. Raises `ChainBrokenError`."""
        ...

    def parties(self, client_id: str) -> tuple[Party, ...]:
        """Everybody whose own answer is needed, as `domain.agreement.parties`. Raises `ChainBrokenError`."""
        ...

    def standings(self, client_id: str, purpose: Purpose) -> tuple[Standing, ...]:
        """How each of them stands to a purpose now. Raises `ChainBrokenError`."""
        ...


class Drafts(Protocol):
    def store(self, note_id: str, revision_id: str, draft: Draft) -> StoredDraft:
        """The newest draft of a note is the one under review; the content of an earlier one is destroyed.
        Raises `UsageError` on a signed note."""
        ...

    def latest(self, note_id: str) -> StoredDraft | None: ...


class Reviews(Protocol):
    def decide(self, draft_id: str, decision: Decision) -> None:
        """Kept beside earlier decisions on the item; the newest stands. Raises `UsageError` on a signed note."""
        ...

    def decisions(self, draft_id: str) -> dict[str, Decision]: ...

    def set_own(self, note_id: str, own: OwnView) -> None: ...

    def own(self, note_id: str) -> OwnView: ...

    def set_risk(self, note_id: str, risk: RiskEntry) -> None: ...

    def risk(self, note_id: str) -> RiskEntry | None: ...


class SignOffs(Protocol):
    def sign(self, review: SignedReview) -> None:
        """Store the sign-off and close the note. In the same transaction the drafts' content and the review's
        unkept words are destroyed. Raises `UsageError` when the note is signed already or its newest revision is
        not the one signed."""
        ...

    def of_note(self, note_id: str) -> SignedReview | None:
        """Verified against its commitment in the log. Raises `ChainBrokenError`."""
        ...

    def of_client(self, client_id: str) -> list[SignedReview]:
        """Verified, by note date and number. Raises `ChainBrokenError`."""
        ...

    def proof(self, note_id: str) -> Proof | None:
        """What anyone can check the note's sign-off with; None when it is not signed, or was before there were
        signatures. Raises `ChainBrokenError`."""
        ...


class PatternSignOffs(Protocol):
    def sign(self, patterns: SignedPatterns) -> SignedPatterns:
        """Sign and store them, as they stand afterwards. In the same transaction what was prepared for it is destroyed.
        Raises `UsageError` when one rests on a note that is not signed, or not of the client's file."""
        ...

    def of_client(self, client_id: str) -> list[SignedPatterns]:
        """Every one in the order signed, verified against the log and its signature; the last one stands. Raises
        `ChainBrokenError`."""
        ...


class Addenda(Protocol):
    def add(self, note_id: str, text: str, signer: Signer, risk: RiskEntry | None = None) -> Addendum:
        """Added beneath the signed note for good, with a risk entry recorded later; the same text, where it was being
        typed, is cleared. Raises `UsageError` when the note is not signed."""
        ...

    def of_note(self, note_id: str) -> list[Addendum]:
        """By number, verified against the log. Raises `ChainBrokenError`."""
        ...

    def proofs(self, note_id: str) -> list[Proof | None]:
        """What anyone can check the note's addenda with, in their order; None for one that was added before there were
        signatures. Raises `ChainBrokenError`."""
        ...


class FollowUps(Protocol):
    def add(self, client_id: str, words: str, due: date, note_id: str | None = None) -> FollowUp:
        """A new follow-up, from the risk entry of the client's note `note_id` if one is given. Raises `UsageError`."""
        ...

    def mark(self, follow_up_id: str, day: date, *, done: bool = True) -> FollowUp:
        """Done on `day`, or open again since `day`; what was there before is kept. Raises `UsageError` when it stands
        so already."""
        ...

    def by_number(self, client_id: str, number: int) -> FollowUp:
        """Raises `UsageError` when there is none."""
        ...

    def of_client(self, client_id: str | None = None) -> list[FollowUp]:
        """The client's, or everyone's, by the day they are due and then by number."""
        ...


class Jottings(Protocol):
    """Typing that belongs to no record yet: an addendum of a note and its risk entry, a client's question for
    supervision, a follow-up."""

    def keep(self, owner: str, client_id: str, text: str) -> None:
        """Keep the typing of `owner`, the id of a note or a client with what is typed for it, in place of what was
        kept; '' clears it. Not logged."""
        ...

    def of(self, owner: str) -> str: ...


class Log(Protocol):
    def entries(self) -> Sequence[LogEntry]: ...

    def head(self) -> str:
        """The hash of the last entry, in hex; the value to keep outside the vault."""
        ...

    def event(self, event: str, subject: str = "", content: bytes = b"", client_id: str | None = None) -> None:
        """Append an entry for something that is not itself a change of the vault, as an export."""
        ...

    def found(self, event: str, subject: str, content: bytes, client_id: str) -> LogEntry | None:
        """The newest entry that `event` appended for exactly these arguments; None when there is none."""
        ...


class Vault(Protocol):
    holdings: "Holdings"
    clients: Clients
    front_sheets: FrontSheets
    identities: Identities
    entries: FileEntries
    notes: Notes
    agreements: Agreements
    drafts: Drafts
    reviews: Reviews
    signatures: Signatures
    signoffs: SignOffs
    pattern_signoffs: PatternSignOffs
    addenda: Addenda
    follow_ups: FollowUps
    jottings: Jottings
    log: Log
    backups: Backups
    destructions: Destructions

    @property
    def alarm(self) -> str:
        """A sentence when the vault is older than the one last open on this computer, or was altered; else ''."""
        ...

    @property
    def rescued(self) -> str:
        """A sentence that names the copy made when the vault's files were moved, removed or replaced while it was open,
        or else ''. A vault may have it only once it is closed."""
        ...

    def accept_state(self) -> None:
        """Go on with the vault as it stands, in spite of the alarm. Logged."""
        ...

    def transaction(self) -> AbstractContextManager[None]:
        """All or nothing; nests."""
        ...

    def signer(self) -> Signer | None: ...

    def set_signer(self, signer: Signer) -> None: ...

    def clinical_will(self) -> ClinicalWill:
        """What was laid down last, or an empty will."""
        ...

    def set_clinical_will(self, will: ClinicalWill) -> None: ...

    def retention(self) -> RetentionPolicy:
        """The practice's policy: the one set last, or the default."""
        ...

    def set_retention(self, policy: RetentionPolicy) -> None:
        """Logged; the same policy again changes nothing."""
        ...

    def supervision_log(self) -> SupervisionLog:
        """The practice's hours of supervision, verified against the log. Raises `ChainBrokenError`."""
        ...

    def set_supervision_log(self, log: SupervisionLog) -> None:
        """In place of what was kept. Logged; the same again changes nothing."""
        ...

    def standings(self, client_id: str | None = None) -> list[NoteStanding]:
        """How far every note has come, or one client's, by client, date and number. A signed note's risk state is
        given as stored; `signoffs` and `addenda` give it verified."""
        ...

    def search(
        self, words: str, client_id: str | None = None, limit: int = 50, filters: Filters = ALL
    ) -> list[SearchHit]:
        """Notes that hold every word, newest first, and after them those whose signed risk entry does. Any input is a
        search for its words, never query syntax. Without words but with filters: every note they leave."""
        ...

    def verify(self) -> VerifyReport: ...

    def change_passphrase(self, passphrase: str, new: str) -> None:
        """Give a new passphrase in place of the present one, slowly on purpose; the recovery key stays.
        Raises `WrongPassphraseError`, `WeakPassphraseError`, or a `VaultError`; then the old one stands."""
        ...

    def new_recovery_key(self, passphrase: str) -> PreparedKey:
        """A new recovery key in place of the present one, once it is confirmed. Raises as `change_passphrase`."""
        ...

    def split_recovery(self, passphrase: str, needed: int, count: int) -> list[str]:
        """`count` new shares of words, any `needed` of which open the vault; earlier ones end. Shown once. Raises
        `UsageError` unless 2 ≤ needed ≤ count ≤ 16, and as `change_passphrase`."""
        ...

    def withdraw_shares(self, passphrase: str) -> bool:
        """End the shares. False when there are none. Raises as `change_passphrase`."""
        ...

    def shares(self) -> tuple[int, int] | None:
        """How many are needed of how many there are, or None. Raises `VaultDamagedError`."""
        ...

    def close(self) -> None: ...
