"""A computer whose clock goes back: entries, notes and texts keep their order, and nothing is taken for damage."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from notekeeper.domain.backup import BackupReason
from notekeeper.domain.note import NotePart
from notekeeper.vault import log
from tests.vault.conftest import first, sealed
from tests.vault.invented import Sealed, add_client, add_note, sign_without_ai

__all__ = ["first", "sealed"]


@pytest.fixture
def put_back(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Sets the vault's clock, which every module of it asks, that much before the computer's."""

    def put(by: timedelta) -> None:
        class Clock(datetime):
            @classmethod
            def now(cls, tz: Any = None) -> Any:
                return datetime.now(tz) - by

        monkeypatch.setattr(log, "datetime", Clock)

    return put


def test_a_clock_that_goes_back_changes_no_order(sealed: Sealed, put_back: Callable[[timedelta], None]) -> None:
    notes, kept = [], []
    for years in (0, 1, 3, 2, 40):
        put_back(timedelta(days=365 * years))
        vault = sealed.open()
        assert vault.alarm == ""
        client = vault.clients.all()[0] if vault.clients.all() else add_client(vault)
        notes.append(add_note(vault, client, f"made {years} years ago"))
        vault.notes.save(notes[0].id, f"again, {years} years ago", NotePart.PROCESS)
        sign_without_ai(vault, notes[-1]) if years else None
        kept.append(vault.backups.make(BackupReason.BY_HAND).backup)
        assert vault.verify().problems == ()
        vault.close()
    put_back(timedelta())
    vault = sealed.open()
    numbers = [entry.number for entry in vault.log.entries()]
    times = [entry.at for entry in vault.log.entries()]
    assert numbers == list(range(1, len(numbers) + 1))
    assert times != sorted(times)
    assert [note.number for note in vault.notes.of_client(client.id)] == [1, 2, 3, 4, 5]
    revisions = vault.notes.revisions(notes[0].id, NotePart.PROCESS)
    assert [r.text for r in revisions] == [f"again, {years} years ago" for years in (0, 1, 3, 2, 40)]
    latest = vault.notes.latest(notes[0].id, NotePart.PROCESS)
    assert latest == revisions[-1]
    assert [backup.path for backup in vault.backups.all()] == [backup.path for backup in reversed(kept)]
    assert vault.backups.newest() == vault.backups.all()[0]
    assert latest is not None
    assert latest.saved_at < datetime.now(UTC) - timedelta(days=365 * 39)
    vault.close()
