"""Backups that are made while the therapist goes on: after unlocking, after signing, by a key.

What always holds: each is made in a thread that touches no widget, one at a time and in the order asked for; whatever
comes of it is posted as a message and stops nothing; one that the lock cuts off leaves the vault untouched.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from queue import SimpleQueue

from textual.message import Message

from notekeeper.domain.vault import Vault
from notekeeper.errors import NotekeeperError
from notekeeper.services.backups import BackupNews

Job = Callable[[Vault], BackupNews]


@dataclass
class BackupDone(Message):
    """A backup was made, or was not due, or could not be made; `news` says which, in sentences for a therapist.
    `asked`: somebody pressed a key for it and waits for an answer."""

    news: BackupNews
    asked: bool = False


class BackupHand:
    """Makes backups of one open vault. `post` must be safe to call from a thread."""

    def __init__(self, vault: Vault, post: Callable[[Message], object]) -> None:
        self._vault, self._post = vault, post
        self._jobs: SimpleQueue[tuple[Job, bool]] = SimpleQueue()
        self._begun = threading.Lock()
        self._closed = False

    def begin(self, job: Job, *, asked: bool = False) -> None:
        """Have it done as soon as those before it are done. Returns at once."""
        self._jobs.put((job, asked))
        if self._begun.acquire(blocking=False):
            threading.Thread(target=self._work, daemon=True).start()

    def close(self) -> None:
        """Begin nothing more and post nothing more."""
        self._closed = True

    def _work(self) -> None:
        while not self._closed:
            job, asked = self._jobs.get()
            try:
                news = job(self._vault)
            except NotekeeperError as error:
                news = BackupNews(said=(str(error),))
            except Exception:  # noqa: BLE001 - a thread's last line of defence; the message could hold anything
                news = BackupNews(
                    said=("Something unexpected kept the backup from being made. The vault is untouched.",)
                )
            if not self._closed:
                self._post(BackupDone(news, asked))
