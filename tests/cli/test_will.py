"""The sheet "If I cannot work": what stands in it, what never does, and that the executor can open it, also with age.

Line 15 of docs/security.md: the age command line reads what notekeeper seals.
"""

import json
import shutil
from pathlib import Path

import pexpect
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notekeeper.errors import WillError, WrongPassphraseError
from notekeeper.reports.sealed import MAX_BYTES, open_sealed, seal_for_keys, seal_with_passphrase, write_sealed
from tests.cli.driver import PASSPHRASE, InProcess
from tests.lines import Tally

NEW = "copper ladder winter thistle"
WILL = {
    "executor": "Ruth Invented, 00000 000 001",
    "supervisor": "Tom Invented",
    "body": "",
    "clients": "Ring, do not write. Say: your therapist cannot work.",
    "records": "One share each with Ruth and Tom.",
    "wishes": "",
}
FRONT = {
    "emergency_contact": "Sister, 00000 000 003",
    "gp": "Dr Invented",
    "safety_plan": "Walks to the lighthouse first",
}
NOTE = "We spoke about the copper kettle and the two weeks without sleep."


@pytest.fixture
def filled(quick: InProcess) -> InProcess:
    """A client with front sheet, signed and unsigned notes, and a clinical will."""
    room = quick
    assert room.run("client", "front-set", "C014", given=json.dumps(FRONT)).code == 0
    assert room.run("note", "add", "C014", "--date", "2026-03-22", given=NOTE).code == 0
    assert room.run("will", "save", given=json.dumps(WILL)).code == 0
    return room


def seal(room: InProcess, file: Path, *more: str, executor: str = NEW) -> str:
    done = room.run("will", "seal", str(file), *more, passphrase=f"{PASSPHRASE}\n{executor}")
    assert done.code == 0, done.err
    return done.out


def test_the_sheet_names_whom_to_call_and_holds_no_word_of_a_session(filled: InProcess, tmp_path: Path) -> None:
    place = tmp_path / "sheet.age"
    seal(filled, place)
    sealed = place.read_bytes()
    sheet = filled.run("will", "open", str(place), passphrase=NEW).out
    for expected in (WILL["executor"], WILL["clients"], "Client C014", FRONT["emergency_contact"], "2026-03-22"):
        assert expected in sheet
    assert not any(word in sheet for word in ("kettle", "sleep", "lighthouse", "quiet", "piano"))
    assert not any(word in sealed for word in (b"Ruth", b"C014", b"00000"))
    assert "sheet.age" in filled.run("will", "seal", str(place), passphrase=f"{PASSPHRASE}\n{NEW}").err
    assert place.read_bytes() == sealed


def test_the_vaults_passphrase_does_not_open_it_and_a_weak_one_is_refused(filled: InProcess, tmp_path: Path) -> None:
    place = tmp_path / "sheet.age"
    seal(filled, place)
    assert filled.run("will", "open", str(place)).code == WrongPassphraseError.exit_code
    weak = filled.run("will", "seal", str(tmp_path / "weak.age"), passphrase=f"{PASSPHRASE}\nsunshine")
    assert weak.code == 18
    assert not (tmp_path / "weak.age").exists()
    assert filled.run("will", "open", str(tmp_path / "none.age"), passphrase=NEW).code == WillError.exit_code


def test_an_empty_will_makes_no_sheet(quick: InProcess, tmp_path: Path) -> None:
    done = quick.run("will", "seal", str(tmp_path / "sheet.age"), passphrase=f"{PASSPHRASE}\n{NEW}")
    assert done.code == 3
    assert "will save" in done.err
    assert not (tmp_path / "sheet.age").exists()


def test_a_will_with_an_unknown_field_is_refused_without_its_words(quick: InProcess) -> None:
    done = quick.run("will", "save", given=json.dumps({**WILL, "kettle": "copper"}))
    assert done.code == 2
    assert "kettle" not in done.err
    assert json.loads(quick.run("will", "show", "--json").out)["will"]["executor"] == ""


def test_the_will_is_part_of_what_is_verified(filled: InProcess) -> None:
    assert filled.run("verify").code == 0


@pytest.mark.line(15)
def test_the_program_age_opens_the_sheet(filled: InProcess, tmp_path: Path) -> None:
    age = shutil.which("age")
    assert age, "the program age is missing: install it (the package is named age)"
    place = tmp_path / "sheet.age"
    seal(filled, place)
    child = pexpect.spawn(age, ["--decrypt", str(place)], encoding="utf-8", timeout=30)
    child.expect("passphrase:")
    child.sendline(NEW)
    child.expect(pexpect.EOF)
    assert child.before is not None
    assert WILL["executor"] in child.before
    assert "Client C014" in child.before


@pytest.mark.line(15)
def test_an_executor_who_uses_age_opens_it_by_their_own_key(filled: InProcess, tmp_path: Path) -> None:
    from pyrage.x25519 import Identity

    identity, place = Identity.generate(), tmp_path / "sheet.age"
    filled.run("will", "seal", str(place), "--key", str(identity.to_public()))
    assert WILL["executor"] in filled.run("will", "open", str(place), passphrase=str(identity)).out
    assert filled.run("will", "seal", str(tmp_path / "x.age"), "--key", "age1nonsense").code == 2


def outcome_of(place: Path, secret: str) -> str | type[Exception]:
    try:
        return open_sealed(place, secret)
    except (WillError, WrongPassphraseError) as error:
        return type(error)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, 10_000), bit=st.integers(0, 7), cut=st.booleans())
def test_a_flipped_bit_or_a_cut_is_refused(
    sealed_key: tuple[bytes, str], tmp_path: Path, at: int, bit: int, cut: bool
) -> None:
    whole, secret = sealed_key
    at %= len(whole)
    damaged = whole[:at] if cut else whole[:at] + bytes([whole[at] ^ 1 << bit]) + whole[at + 1 :]
    place = tmp_path / "damaged.age"
    place.write_bytes(damaged)
    outcome = outcome_of(place, secret)
    assert outcome in (WillError, WrongPassphraseError) or whole.decode()[at] in "\n-"  # the armour's frame


@pytest.fixture(scope="module")
def sealed_key() -> tuple[bytes, str]:
    from pyrage.x25519 import Identity

    identity = Identity.generate()
    return seal_for_keys("If I cannot work", [str(identity.to_public())]), str(identity)


def test_the_same_letters_open_it_however_a_keyboard_puts_them_together(tmp_path: Path) -> None:
    place = write_sealed(
        seal_with_passphrase("words", "br\u00fccke \u00fcber den gro\u00dfen fluss"), tmp_path / "a.age"
    )
    assert open_sealed(place, "bru\u0308cke u\u0308ber den gro\u00dfen fluss") == "words"


def test_what_could_not_be_opened_again_is_not_sealed(filled: InProcess, tmp_path: Path) -> None:
    key = "AGE-SECRET-KEY-1 copper ladder winter"
    assert filled.run("will", "seal", str(tmp_path / "x.age"), passphrase=f"{PASSPHRASE}\n{key}").code == 2
    with pytest.raises(WillError, match="too large"):
        write_sealed(bytes(MAX_BYTES + 1), tmp_path / "x.age")
    assert not (tmp_path / "x.age").exists()


def test_a_sheet_of_full_fields_for_many_clients_opens_again(tmp_path: Path) -> None:
    from pyrage.x25519 import Identity

    identity, text = Identity.generate(), "x" * (200 * 2 * 20_000)
    place = write_sealed(seal_for_keys(text, [str(identity.to_public())]), tmp_path / "large.age")
    assert open_sealed(place, str(identity)) == text


def test_sealing_never_follows_a_link_or_overwrites(tmp_path: Path, tally: Tally) -> None:
    sealed = seal_with_passphrase("words", NEW)
    target = tmp_path / "target"
    target.write_text("kept")
    (tmp_path / "link.age").symlink_to(target)
    for place in (tmp_path / "link.age", target, tmp_path / "no" / "folder.age"):
        with pytest.raises(WillError):
            write_sealed(sealed, place)
    tally.add(3)
    assert target.read_text() == "kept"
    assert write_sealed(sealed, tmp_path / "new.age").stat().st_mode & 0o777 == 0o600
