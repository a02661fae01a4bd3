"""The short form of `make fuzz`: every kept input, and what Hypothesis makes of the seeds, through the same targets."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notekeeper.errors import VaultError
from notekeeper.vault import header
from tests.forms import many
from tests.fuzz.sown import seeds
from tests.fuzz.targets import FOLDER, RECOVERY_KEY, TARGETS, with_fresh_checksum
from tests.lines import Tally

EVERY = sorted(TARGETS)


@st.composite
def changed(draw: st.DrawFn, target: str) -> bytes:
    """A seed with a few pieces of it cut, doubled, replaced, or taken from another seed."""
    held = seeds(target)
    made = bytearray(draw(st.sampled_from(held)))
    for _ in range(draw(st.integers(0, 4))):
        at, size = draw(st.integers(0, len(made))), draw(st.integers(0, 40))
        other = draw(st.sampled_from(held))
        start = draw(st.integers(0, len(other)))
        piece = draw(st.sampled_from([b"", bytes(made[at : at + size]), other[start : start + size]]) | _ODD)
        made[at : at + draw(st.integers(0, size))] = piece
    return bytes(made)


_ODD = st.binary(max_size=12) | st.sampled_from(
    [
        b"\x00",
        b"\xff" * 4,
        b"-1",
        b"1e999",
        b"NaN",
        b"null",
        b'"\\ud800"',
        b"\x1b]52;c;AA==\x07",
        b"[" * 2000,
        b"9" * 5000,
    ]
)


@pytest.mark.parametrize("target", EVERY)
def test_every_kept_input(target: str) -> None:
    held = seeds(target)
    assert len(held) >= 3
    for seed in held:
        TARGETS[target](seed)


@pytest.mark.parametrize("target", EVERY)
@settings(max_examples=many(50, 3000), deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_changed_inputs(target: str, data: st.DataObject) -> None:
    TARGETS[target](data.draw(changed(target) | st.binary(max_size=300)))


@pytest.mark.line(11)
@settings(max_examples=many(60, 1000), deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_changed_header_is_never_taken_for_another(tally: Tally, data: st.DataObject) -> None:
    """A header whose bytes changed, checksum reckoned anew or not, opens nothing: it is refused when it is read, or
    no key comes out of it."""
    whole = seeds("header")[0]
    raw = data.draw(changed("header"))
    fixed = with_fresh_checksum(raw)
    for each in (raw, fixed):
        if each != whole:
            opened = _opens(each)
            tally.add(1, int(not opened))
            assert not opened
    assert _opens(whole)


def _opens(raw: bytes) -> bool:
    path = FOLDER / "changed"
    path.write_bytes(raw)
    try:
        header.key_by_recovery_key(header.read(path), RECOVERY_KEY)
    except VaultError:
        return False
    return True
