"""The ways into an open vault, changed while it is open: passphrase, recovery key, shares.

What always holds: the header is replaced in one step, by one that was made for this vault's key, so that the old way in
opens until the new one does; a recovery key counts only after it was typed back; where a passphrase is asked for, a
wrong one is counted as when unlocking; a vault is not left without the header that opens it while this program has one.
"""

import hmac
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import RLock

from notekeeper.errors import UsageError, VaultDamagedError, VaultError, VaultWriteError, WrongPassphraseError
from notekeeper.vault import header as headers
from notekeeper.vault import shares
from notekeeper.vault.attempts import counted
from notekeeper.vault.connection import Connection
from notekeeper.vault.folder import VaultFolder, read_small, sync_folder
from notekeeper.vault.header import Header
from notekeeper.vault.keys import VaultKey, check_strength, new_recovery_key, recovery_secret
from notekeeper.vault.log import SqlLog

_FOREIGN = (
    "The header file in this vault's folder belongs to another vault. Nothing was changed; please put back the header "
    "file from a backup of this vault before you lock it."
)
FOREIGN = (
    "The header file in this vault's folder does not open this vault: it was damaged, altered or put there from "
    "elsewhere. While the vault is open nothing is lost; locking it puts the right one back."
)
PUT_BACK = (
    "The header file, which holds the ways into this vault, had been taken away while the vault was open. It was "
    "written again as it was."
)
_SET_ASIDE = (
    "The header file in this vault's folder did not open this vault. The right one was put back; the other lies beside "
    "it as {name}. Please look at it and move it away."
)
OLDER = (
    "The header file is an older one of this vault, put there in place of the newest: a passphrase, recovery key or "
    "shares that were changed or ended since open the vault again, and newer ones do not. The notes are whole. If you "
    "did not put it there yourself, somebody may have had an older way in: please run `notekeeper rekey`, which ends "
    "all of them."
)
_NO_KEY = "The key that the log commits with is gone. Please keep this folder and restore a backup beside it."
# What the log commits to a header with.
_COMMIT = (
    "vault.created",
    "vault.rekeyed",
    "passphrase.changed",
    "recovery.changed",
    "shares.made",
    "shares.withdrawn",
)
_NEW_HOLDS = (
    "The disk failed while this was written, and the way in could not be set back: the new one holds, and the one "
    "before it opens the vault no more. New shares were not shown, so please make them again. The notes are safe. "
    "Please make room or check the disk, then run `notekeeper verify`."
)


class ShownKey:
    """`domain.vault.PreparedKey`. `then` is given the key once it was typed back."""

    def __init__(self, then: Callable[[str], None]) -> None:
        self.shown = new_recovery_key()
        self._then = then

    def confirm(self, typed: str) -> None:
        if recovery_secret(typed) != recovery_secret(self.shown):
            raise WrongPassphraseError(
                "That is a recovery key, but not the one just shown. Nothing was changed, and the earlier one still "
                "holds. Please type the new one from your paper."
            )
        self._then(self.shown)


class Keyring:
    """Changes of the header of one open vault. `guard` is held during each. `newest`: the last one seen that fits."""

    def __init__(self, db: Connection, log: SqlLog, place: VaultFolder) -> None:
        self.guard = RLock()
        self._db, self._log, self._place = db, log, place
        self.newest: Header | None = None
        with suppress(VaultError):
            self.header()

    def prove(self, passphrase: str) -> None:
        """Return if it opens this vault. Raises `WrongPassphraseError`, `TooManyTriesError`, `VaultDamagedError`."""
        with counted(self._place):
            headers.key_by_passphrase(headers.read(self._place.header), passphrase)
        self.header()

    def header(self) -> Header:
        """The header as it lies there. Raises `VaultDamagedError` unless it was made for this vault's key."""
        found = headers.read(self._place.header)
        if not headers.fits(found, self._db.key):
            raise VaultDamagedError(_FOREIGN)
        self.newest = found
        return found

    def set_passphrase(self, new: str) -> None:
        """Raises `WeakPassphraseError`."""
        check_strength(new)
        self._rewrite("passphrase.changed", lambda header, key: headers.with_passphrase(header, key, new))

    def prepare_recovery_key(self) -> ShownKey:
        """A new recovery key, which takes the place of the present one when it is confirmed."""
        return ShownKey(
            lambda shown: self._rewrite("recovery.changed", lambda h, k: headers.with_recovery_key(h, k, shown))
        )

    def make_shares(self, needed: int, count: int) -> list[str]:
        """New shares in place of earlier ones. Raises `UsageError` for counts that cannot be."""
        secret = shares.new_secret()
        made = shares.split(secret, needed, count)
        self._rewrite("shares.made", lambda h, k: headers.with_shares(h, k, secret, needed, count))
        return made

    def withdraw_shares(self) -> bool:
        """End the shares. False when there are none."""
        with self.guard:
            if self.header().shares is None:
                return False
            self._rewrite("shares.withdrawn", headers.without_shares)
            return True

    def mend(self, *, replace: bool = False) -> str:
        """A sentence when the header did not lie there as it should. A missing one is written back; a foreign one is
        left, or with `replace` set aside for ours. Nothing is done where the vault's files are others than those that
        were opened. Raises `VaultWriteError`."""
        with self.guard:
            path = self._place.header
            try:
                if not path.is_symlink():
                    self.header()
                    return ""
            except VaultWriteError:
                raise
            except VaultError:
                pass
            if self.newest is None or not self._db.stands():
                return FOREIGN
            if not path.exists() and not path.is_symlink():
                headers.write(path, self.newest)
                return PUT_BACK
            if not replace:
                return FOREIGN
            aside = _free(path)
            try:
                path.rename(aside)
            except OSError:
                return FOREIGN
            headers.write(path, self.newest)
            return _SET_ASIDE.format(name=f"`{aside.name}`")

    def older(self) -> bool:
        """Whether the header is one that the log knows, and not the newest of these. One that it does not know was
        written just before a crash, or before the log committed to headers. Raises as `header` does."""
        found = headers.mark(self.header())
        rows = [row for row in self._log.raw() if row[2] in _COMMIT and row[5]]
        try:
            known = [hmac.compare_digest(row[5], self._log.commitment(row[2], row[3], (found,), "")) for row in rows]
        except UsageError:  # the vault's own key of commitments is gone
            raise VaultDamagedError(_NO_KEY) from None
        return any(known) and not known[-1]

    def _rewrite(self, event: str, change: Callable[[Header, VaultKey], Header]) -> None:
        """Replace the header and write down the event: both, or the header as it was."""
        with self.guard:
            before = self.header()
            after = change(before, self._db.key)
            old = headers.kept_beside(self._place.header)
            try:
                with self._db.transaction():
                    self._log.append(event, before.vault_id, (headers.mark(after),))
                    headers.write(self._place.header, after)
                self.newest = after
            except BaseException:
                if read_small(self._place.header, headers.MAX_BYTES) == headers.as_bytes(after):
                    try:
                        old.replace(self._place.header)  # needs no room on a full disk
                        with suppress(OSError):
                            sync_folder(self._place.path)
                    except OSError:
                        self.newest = after
                        raise VaultWriteError(_NEW_HOLDS) from None
                raise
            finally:
                with suppress(OSError):  # the next unlock does it
                    old.unlink(missing_ok=True)


def _free(path: Path) -> Path:
    """A name beside it, for what lay at `path` and is not ours."""
    names = (f"{path.name} (replaced{more})" for more in ("", *(f" {n}" for n in range(2, 1000))))
    return next(found for name in names if not (found := path.with_name(name)).exists() and not found.is_symlink())
