"""The delay after wrong tries: it grows, ends, and holds nobody up for longer than it says."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notekeeper.errors import TooManyTriesError, VaultWriteError, WillError, WrongPassphraseError
from notekeeper.vault import (
    attempts,
    change_passphrase,
    check_recovery_key,
    create,
    keys,
    reset_passphrase_with_shares,
    split_recovery,
    unlock,
    unlock_with_recovery_key,
)
from notekeeper.vault.attempts import delay_after, must_wait
from notekeeper.vault.folder import VaultFolder
from tests.vault.invented import PASSPHRASE, Sealed, sealed_cheaply

NEW = "copper harbour seventeen thistles"


@pytest.fixture
def sealed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sealed:
    """A closed vault whose passphrase costs little: what is tried here is how tries are counted."""
    return sealed_cheaply(tmp_path, monkeypatch)


class Clock:
    """A clock that is set by hand."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.now = 1_800_000_000.0
        patch.setattr("notekeeper.vault.attempts.time.time", lambda: self.now)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.fixture
def other_key() -> str:
    """A recovery key that is well formed and of another vault."""
    return keys.new_recovery_key()


def wrong(sealed: Sealed, typed: str) -> None:
    with pytest.raises(WrongPassphraseError):
        unlock_with_recovery_key(sealed.path, typed)


def waiting(sealed: Sealed) -> int:
    """Seconds that the right key has to wait."""
    with pytest.raises(TooManyTriesError) as caught:
        sealed.open()
    assert str(caught.value.seconds) in str(caught.value)
    return caught.value.seconds


def test_three_tries_are_free_and_then_the_delay_doubles_to_a_minute(
    sealed: Sealed, clock: Clock, other_key: str
) -> None:
    for _ in range(2):
        wrong(sealed, other_key)
    wrong(sealed, other_key)
    for expected in (2, 4, 8, 16, 32, 60, 60):
        assert waiting(sealed) == expected
        clock.now += expected - 0.5
        assert waiting(sealed) == 1
        clock.now += 0.5
        wrong(sealed, other_key)
    clock.now += 60
    sealed.open().close()
    assert not (sealed.path / "attempts").exists()
    wrong(sealed, other_key)
    sealed.open().close()
    assert [delay_after(count) for count in (0, 2, 3, 10**6)] == [0, 0, 2, 60]


@pytest.mark.usefixtures("clock")
def test_while_it_lasts_no_key_is_computed_and_nothing_is_counted(
    sealed: Sealed, other_key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        wrong(sealed, other_key)
    counted = (sealed.path / "attempts").read_bytes()
    monkeypatch.setattr("notekeeper.vault.keys.passphrase_key", None)
    monkeypatch.setattr("notekeeper.vault.keys.HKDF", None)
    ways: tuple[Callable[[], object], ...] = (
        lambda: unlock(sealed.path, PASSPHRASE),
        lambda: change_passphrase(sealed.path, PASSPHRASE, NEW),
        lambda: check_recovery_key(sealed.path, sealed.recovery_key),
        sealed.open,
    )
    for way in ways:
        with pytest.raises(TooManyTriesError):
            way()
    assert (sealed.path / "attempts").read_bytes() == counted


def test_every_way_in_counts_and_a_mistyped_one_does_not(sealed: Sealed, tmp_path: Path, clock: Clock) -> None:
    foreign, key = create(tmp_path / "other.vault", PASSPHRASE)
    foreign.close()
    words = split_recovery(tmp_path / "other.vault", PASSPHRASE, 2, 2)
    split_recovery(sealed.path, PASSPHRASE, 2, 2)
    file = sealed.path / "attempts"
    with pytest.raises(WrongPassphraseError, match="mistyped"):
        unlock_with_recovery_key(sealed.path, sealed.recovery_key[:-1])
    with pytest.raises(WillError):
        reset_passphrase_with_shares(sealed.path, [words[0]], NEW)
    assert not file.exists()
    ways: tuple[Callable[[], object], ...] = (
        lambda: unlock(sealed.path, NEW),
        lambda: check_recovery_key(sealed.path, key),
        lambda: reset_passphrase_with_shares(sealed.path, words, NEW),
    )
    for number, way in enumerate(ways, start=1):
        with pytest.raises(WrongPassphraseError):
            way()
        assert json.loads(file.read_bytes()) == {"at": clock.now, "count": number}
    assert waiting(sealed) == 2


def test_guessing_at_an_open_vault_is_counted_too(sealed: Sealed, clock: Clock) -> None:
    vault = sealed.open()
    try:
        for _ in range(3):
            with pytest.raises(WrongPassphraseError):
                vault.change_passphrase("not the passphrase", NEW)
        guesses: tuple[Callable[[], object], ...] = (
            lambda: vault.change_passphrase(PASSPHRASE, NEW),
            lambda: vault.new_recovery_key(PASSPHRASE),
            lambda: vault.split_recovery(PASSPHRASE, 2, 3),
            lambda: vault.withdraw_shares(PASSPHRASE),
        )
        for guess in guesses:
            with pytest.raises(TooManyTriesError):
                guess()
        clock.now += 2
        vault.change_passphrase(PASSPHRASE, NEW)
        assert vault.verify().problems == ()
    finally:
        vault.close()


def test_a_clock_that_goes_back_holds_up_for_the_delay_and_no_longer(
    sealed: Sealed, clock: Clock, other_key: str
) -> None:
    for _ in range(4):
        wrong(sealed, other_key)
        clock.now += 2
    clock.now -= 10 * 365 * 86_400
    assert waiting(sealed) == 4
    clock.now += 3
    assert waiting(sealed) == 1
    clock.now += 1
    sealed.open().close()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\xff",
        b"{}",
        b"[]",
        b"null",
        b'{"at": "now", "count": 9}',
        b'{"at": NaN, "count": 9}',
        b'{"at": Infinity, "count": 9}',
        b'{"at": 1, "count": -9}',
        b'{"at": 1, "count": true}',
        b'{"at": 1, "count": 1e400}',
        b'{"at": 1, "count": ' + b"9" * 90 + b"}",
        b"[" * 190,
        b"x" * 10_000,
    ],
)
def test_a_damaged_count_delays_nobody(sealed: Sealed, content: bytes) -> None:
    (sealed.path / "attempts").write_bytes(content)
    sealed.open().close()


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(["at", "count", "more"]), st.one_of(st.integers(), st.floats(), st.text())))
def test_whatever_it_holds_nobody_waits_more_than_a_minute(tmp_path: Path, found: dict[str, Any]) -> None:
    place = VaultFolder(tmp_path)
    place.attempts.write_text(json.dumps(found))
    assert 0 <= seconds_to_wait(place) <= 60


def seconds_to_wait(place: VaultFolder) -> int:
    try:
        must_wait(place)
    except TooManyTriesError as error:
        return error.seconds
    return 0


def test_a_folder_that_cannot_be_written_delays_nobody(
    sealed: Sealed, other_key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise VaultWriteError("The disk is read-only.")

    monkeypatch.setattr(attempts, "write_whole", refused)
    for _ in range(6):
        wrong(sealed, other_key)
    sealed.open().close()


def test_a_copy_of_the_folder_has_its_own_count_and_verify_knows_the_file(sealed: Sealed, other_key: str) -> None:
    wrong(sealed, other_key)
    assert VaultFolder(sealed.path).strangers() == []
    assert oct((sealed.path / "attempts").stat().st_mode & 0o077) == "0o0"
    shutil.rmtree(sealed.path / "backups")
    sealed.open().close()
