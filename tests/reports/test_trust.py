"""Known keys: what is known was said by the supervisor, and nothing else passes for it."""

import json
import os
from datetime import date
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from notekeeper.errors import ReportError, UsageError
from notekeeper.reports.trust import FILE, KnownKeys, Standing, keep_known, read_known, trust_in, with_key, without

DAY = date(2026, 5, 14)
ROWAN = "Rowan Meadows, REG 12"


def key() -> str:
    return Ed25519PrivateKey.generate().public_key().public_bytes_raw().hex()


def known(public_key: str, name: str = "Rowan", signs_as: str = ROWAN) -> KnownKeys:
    return with_key(KnownKeys(), trust_in(KnownKeys(), signs_as, public_key), name, DAY)


def test_a_key_is_unknown_until_it_is_added_and_changed_when_another_takes_the_name() -> None:
    first, second = key(), key()
    assert trust_in(KnownKeys(), ROWAN, first).standing is Standing.UNKNOWN
    held = known(first)
    found = trust_in(held, ROWAN, first)
    assert (found.standing, found.name) == (Standing.KNOWN, "Rowan")
    assert len(found.words) == 8
    other = trust_in(held, ROWAN, second)
    assert other.standing is Standing.CHANGED
    assert other.standing.alarming
    assert other.key == held.keys[0]
    assert other.words != found.words
    both = with_key(held, other, "Rowan", DAY)
    assert {trust_in(both, ROWAN, each).standing for each in (first, second)} == {Standing.KNOWN}
    assert trust_in(both, ROWAN, key()).standing is Standing.CHANGED
    assert trust_in(without(both, both.named("ROWAN ")), ROWAN, first).standing is Standing.UNKNOWN


@pytest.mark.parametrize(
    "name",
    [
        "Rowan Meadows",
        "rowan  meadows, REG 99",
        "Rowan Meadóws",
        "Rowan Meadovvs",
        "R\u043ewan Meadows",  # a Cyrillic o
        "Rowan\u200b Meadows",
        "Rowan-Meadows",
        "ROWAN",  # the supervisor's own name for her
    ],
)
def test_a_name_that_a_reader_would_take_for_a_known_one_is_no_new_person(name: str) -> None:
    held = known(key())
    assert trust_in(held, name, key()).standing is Standing.CHANGED
    assert trust_in(held, name, "").standing is Standing.STRIPPED


@pytest.mark.parametrize("name", ["Alex Fields", "Rosa Meadows-Green", "", "…"])
def test_another_person_is_new(name: str) -> None:
    held = known(key())
    assert trust_in(held, name, key()).standing is Standing.UNKNOWN
    assert trust_in(held, name, "").standing is Standing.UNSIGNED


def test_a_known_key_stays_known_by_whatever_name_the_report_goes() -> None:
    public_key = key()
    found = trust_in(known(public_key), "Somebody Else", public_key)
    assert (found.standing, found.name, found.therapist) == (Standing.KNOWN, "Rowan", "Somebody Else")


def test_what_cannot_be_added_is_said() -> None:
    public_key = key()
    held = known(public_key)
    for trust, name in (
        (trust_in(held, "Alex", ""), "Alex"),
        (trust_in(held, ROWAN, public_key), "Rowan"),
        (trust_in(held, "Alex", key()), "  "),
        (trust_in(held, "Alex", key()), "x" * 201),
    ):
        with pytest.raises(UsageError, match="Nothing was changed"):
            with_key(held, trust, name, DAY)


def test_the_list_is_kept_privately_and_read_back(tmp_path: Path) -> None:
    folder = tmp_path / "config" / "supervisor"
    assert read_known(folder) == KnownKeys()
    held = known(key(), name="Rówan")
    keep_known(folder, held)
    assert read_known(folder) == held
    if os.name != "nt":
        assert (folder / FILE).stat().st_mode & 0o777 == 0o600
        assert folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{}x",
        b"[]",
        b'{"format": "other"}',
        b'{"keys": [{"name": "", "public_key": "00", "added_on": "2026-01-01"}]}',
    ],
)
def test_a_list_that_cannot_be_read_is_no_empty_one(raw: bytes, tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(raw)
    with pytest.raises(ReportError, match="cannot be read"):
        read_known(tmp_path)


def test_a_link_in_its_place_is_no_empty_list(tmp_path: Path) -> None:
    (tmp_path / FILE).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ReportError):
        read_known(tmp_path)


def test_a_list_with_a_version_to_come_is_not_taken(tmp_path: Path) -> None:
    keep_known(tmp_path, known(key()))
    fields = json.loads((tmp_path / FILE).read_text())
    (tmp_path / FILE).write_text(json.dumps({**fields, "format_version": 2}))
    with pytest.raises(ReportError):
        read_known(tmp_path)
