"""An open vault: the parts of the record, transactions, and closing.

What always holds: one process at a time holds a vault open; closing folds everything into one file and gives up the
lock, can be done twice, and waits for a passphrase that is being changed.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, suppress
from pathlib import Path

from filelock import FileLock

from notekeeper.domain.backup import Backups
from notekeeper.domain.clinical_will import ClinicalWill
from notekeeper.domain.destruction import Destructions
from notekeeper.domain.entry import FileEntries
from notekeeper.domain.finding import ALL, Filters
from notekeeper.domain.holdings import Holdings
from notekeeper.domain.retention import RetentionPolicy
from notekeeper.domain.review import Signer
from notekeeper.domain.signature import Signatures
from notekeeper.domain.supervision import SupervisionLog
from notekeeper.domain.text import Frozen
from notekeeper.domain.vault import (
    Addenda,
    Agreements,
    Clients,
    Drafts,
    FollowUps,
    FrontSheets,
    Identities,
    Jottings,
    Log,
    Notes,
    NoteStanding,
    PatternSignOffs,
    PreparedKey,
    Reviews,
    SearchHit,
    SignOffs,
    VerifyReport,
)
from notekeeper.errors import BackupError, VaultError
from notekeeper.vault.addenda import SqlAddenda, SqlJottings
from notekeeper.vault.agreements import SqlAgreements
from notekeeper.vault.backups import SqlBackups, left_behind
from notekeeper.vault.clients import SqlClients
from notekeeper.vault.connection import Connection
from notekeeper.vault.destruction import SqlDestructions
from notekeeper.vault.drafts import SqlDrafts
from notekeeper.vault.entries import SqlEntries
from notekeeper.vault.folder import VaultFolder
from notekeeper.vault.follow_ups import SqlFollowUps
from notekeeper.vault.front_sheets import SqlFrontSheets
from notekeeper.vault.heads import Watch
from notekeeper.vault.holdings import SqlHoldings
from notekeeper.vault.identities import SqlIdentities
from notekeeper.vault.keyring import FOREIGN, OLDER, Keyring
from notekeeper.vault.keys import check_strength
from notekeeper.vault.log import SqlLog
from notekeeper.vault.notes import SqlNotes
from notekeeper.vault.pattern_signoffs import SqlPatternSignOffs
from notekeeper.vault.rekey import rekey
from notekeeper.vault.rescue import rescued
from notekeeper.vault.reviews import SqlReviews
from notekeeper.vault.search import find
from notekeeper.vault.settings import set_setting, setting, verified_setting
from notekeeper.vault.shares import check_counts
from notekeeper.vault.signatures import SqlSignatures
from notekeeper.vault.signoffs import SqlSignOffs
from notekeeper.vault.standings import standings
from notekeeper.vault.verify import verified
from notekeeper.vault.whereabouts import Berth


class SqlVault:
    """`domain.vault.Vault`."""

    def __init__(self, db: Connection, lock: FileLock, place: VaultFolder, watch: Watch | None = None) -> None:
        """Without `watch` nothing is noted or compared outside the vault, as when a backup is tried."""
        self._db, self._place = db, place
        self._berth = db.berth = Berth(lock)
        self._log = SqlLog(db)
        self.keyring = Keyring(db, self._log, place)
        self.log: Log = self._log
        self.clients: Clients = SqlClients(db, self._log, place)
        self.front_sheets: FrontSheets = SqlFrontSheets(db, self._log)
        self.identities: Identities = SqlIdentities(db, self._log)
        self.holdings: Holdings = SqlHoldings(db, self._log)
        self.entries: FileEntries = SqlEntries(db, self._log)
        self.notes: Notes = SqlNotes(db, self._log)
        self.agreements: Agreements = SqlAgreements(db, self._log)
        self.drafts: Drafts = SqlDrafts(db, self._log)
        self.reviews: Reviews = SqlReviews(db, self._log)
        self.signatures: Signatures = SqlSignatures(db, self._log)
        self.signoffs: SignOffs = SqlSignOffs(db, self._log)
        self.pattern_signoffs: PatternSignOffs = SqlPatternSignOffs(db, self._log)
        self.addenda: Addenda = SqlAddenda(db, self._log)
        self.follow_ups: FollowUps = SqlFollowUps(db, self._log)
        self.jottings: Jottings = SqlJottings(db)
        self._watch = watch
        self.rescued = ""
        db.to_rest = self._header_fits
        db.rescue, db.kept = self._rescue, self._note_head
        self.backups: Backups = SqlBackups(db, place, self._setting, self._set, watch)
        self.destructions: Destructions = SqlDestructions(db, self._log, place, self.backups)

    @property
    def path(self) -> Path:
        """The vault's folder."""
        return self._place.path

    def transaction(self) -> AbstractContextManager[None]:
        return self._db.transaction()

    def signer(self) -> Signer | None:
        body = self._setting("signer")
        return Signer.model_validate_json(body) if body else None

    def set_signer(self, signer: Signer) -> None:
        self._set("signer", signer)

    def clinical_will(self) -> ClinicalWill:
        body = self._setting("will")
        return ClinicalWill.model_validate_json(body) if body else ClinicalWill()

    def set_clinical_will(self, will: ClinicalWill) -> None:
        self._set("will", will)

    def retention(self) -> RetentionPolicy:
        body = self._setting("retention_policy")
        return RetentionPolicy.model_validate_json(body) if body else RetentionPolicy()

    def set_retention(self, policy: RetentionPolicy) -> None:
        if policy != self.retention():
            self._set("retention_policy", policy)

    def supervision_log(self) -> SupervisionLog:
        body = verified_setting(self._db, self._log, "supervision_log")
        return SupervisionLog.model_validate_json(body) if body else SupervisionLog()

    def set_supervision_log(self, log: SupervisionLog) -> None:
        if log != self.supervision_log():
            self._set("supervision_log", log)

    def _setting(self, name: str) -> str | None:
        return setting(self._db, name)

    def _set(self, name: str, value: Frozen) -> None:
        """Keep one of the vault's own settings; the log commits to it by the event NAME.set."""
        set_setting(self._db, self._log, name, value)

    def standings(self, client_id: str | None = None) -> list[NoteStanding]:
        return standings(self._db, client_id)

    def search(
        self, words: str, client_id: str | None = None, limit: int = 50, filters: Filters = ALL
    ) -> list[SearchHit]:
        return find(self._db, words, client_id, limit, filters)

    @property
    def alarm(self) -> str:
        return self._watch.alarm if self._watch else ""

    def accept_state(self) -> None:
        if self._watch:
            self._watch.accept()

    def _note_outside(self) -> None:
        if self._watch:
            self._watch.note()

    def _note_head(self) -> None:
        if self._watch:
            with suppress(VaultError):
                self._watch.note(at_once=False)

    def _rescue(self) -> str:
        path = rescued(self._db, self._place, self.keyring.newest) if self.keyring.newest else None
        if path is not None:
            self.rescued = (
                "The vault's files were moved, removed or replaced while it was open. All that was saved is in a copy "
                f"of the vault, which opens as it did: {path}"
            )
        return self.rescued and f"All that was saved is in {path}, which opens as the vault did."

    def _header(self) -> Iterator[str]:
        if said := self.keyring.mend():
            yield said
        elif self.keyring.older():
            yield OLDER

    def _header_fits(self) -> None:
        if self.keyring.mend() == FOREIGN:
            raise BackupError(f"No backup could be made, because it could not be opened. {FOREIGN}")

    def _outside(self) -> Iterator[str]:
        if self.alarm:
            yield self.alarm
        yield from left_behind(self._db, self.backups.all())

    def verify(self) -> VerifyReport:
        return verified(self._db, self._log, self._place, self._outside, self._header)

    def change_passphrase(self, passphrase: str, new: str) -> None:
        check_strength(new)
        with self.keyring.guard:
            self.keyring.prove(passphrase)
            self.keyring.set_passphrase(new)

    def new_recovery_key(self, passphrase: str) -> PreparedKey:
        self.keyring.prove(passphrase)
        return self.keyring.prepare_recovery_key()

    def split_recovery(self, passphrase: str, needed: int, count: int) -> list[str]:
        check_counts(needed, count)
        with self.keyring.guard:
            self.keyring.prove(passphrase)
            return self.keyring.make_shares(needed, count)

    def withdraw_shares(self, passphrase: str) -> bool:
        with self.keyring.guard:
            self.keyring.prove(passphrase)
            return self.keyring.withdraw_shares()

    def give_new_key(self, passphrase: str, recovery_key: str) -> None:
        """As `rekey.rekey`. The vault is to be closed afterwards, whatever came of it."""
        with self.keyring.guard:
            rekey(self._db, self._place, self.keyring.header(), passphrase, recovery_key)

    def shares(self) -> tuple[int, int] | None:
        slot = self.keyring.header().shares
        return (slot.needed, slot.count) if slot else None

    def close(self) -> None:
        with self.keyring.guard:  # a passphrase that a thread is changing is changed first, or is not
            with suppress(VaultError):
                self._note_outside()
            with suppress(VaultError):
                said = self.keyring.mend(replace=True) if self._db.stands() else ""
                self.rescued = self.rescued or said
            try:
                self._db.close()
            finally:
                self._berth.release()
