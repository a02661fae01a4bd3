"""Shares of a recovery: enough of them open the vault, fewer tell nothing, and what is wrong with one is said."""

import itertools
import json
import random
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shamir_mnemonic import combine_mnemonics
from shamir_mnemonic.wordlist import WORDLIST

from notekeeper.errors import UsageError, WeakPassphraseError, WillError, WrongPassphraseError
from notekeeper.vault import (
    change_passphrase,
    header,
    new_recovery_key,
    reset_passphrase_with_shares,
    shares,
    split_recovery,
    unlock,
    withdraw_shares,
)
from tests.lines import Tally
from tests.vault.invented import PASSPHRASE, Sealed, sealed_cheaply

NEW = "copper harbour seventeen thistles"
SECRET = bytes(range(20))


@pytest.fixture
def sealed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sealed:
    """A closed vault whose passphrase costs little."""
    return sealed_cheaply(tmp_path, monkeypatch)


@settings(max_examples=25, deadline=None)
@given(st.binary(min_size=20, max_size=20), st.integers(2, 16), st.integers(0, 14), st.randoms(use_true_random=False))
def test_enough_shares_give_the_secret_in_any_order_and_one_fewer_does_not(
    secret: bytes, needed: int, more: int, chance: random.Random
) -> None:
    count = min(needed + more, 16)
    made = shares.split(secret, needed, count)
    assert {len(share.split()) for share in made} == {shares.WORDS}
    chosen = chance.sample(made, needed)
    assert shares.joined(chosen) == secret
    assert shares.still_needed(chosen[:-1]) == 1
    with pytest.raises(WillError, match="too few"):
        shares.joined(chosen[:-1])
    assert shares.joined(chance.sample(made, count)) == secret
    assert combine_mnemonics(chosen) == secret  # any program that knows SLIP-39 can


@pytest.mark.line(14)
def test_every_pair_of_three_opens_the_vault_and_none_alone(sealed: Sealed, tally: Tally) -> None:
    made = split_recovery(sealed.path, PASSPHRASE, 2, 3)
    for number, pair in enumerate(itertools.permutations(made, 2)):
        tally.add(1, 0)
        reset_passphrase_with_shares(sealed.path, pair, f"{NEW} {number}")
        vault = unlock(sealed.path, f"{NEW} {number}")
        assert vault.verify().problems == ()
        assert vault.shares() == (2, 3)
        vault.close()
        tally.survived += 1
    before = sealed.files()
    for share in made:
        tally.add(1, 0)
        with pytest.raises(WillError, match="too few"):
            reset_passphrase_with_shares(sealed.path, [share], NEW)
        tally.survived += 1
    assert sealed.files() == before


def test_shares_are_read_as_people_type_them(sealed: Sealed) -> None:
    made = split_recovery(sealed.path, PASSPHRASE, 2, 2)
    words = made[0].split()
    typed = [
        f"  {made[1].upper()}\t",
        "\n".join(f"{place}. {word.title()}," for place, word in enumerate(words, start=1)),
    ]
    reset_passphrase_with_shares(sealed.path, typed, NEW)
    unlock(sealed.path, NEW).close()


def said(typed: list[str]) -> str:
    with pytest.raises(WillError) as caught:
        shares.joined(typed)
    message = str(caught.value)
    words = {word for share in typed for word in re.findall("[a-z]+", share.lower())} & set(WORDLIST)
    # Words of the list that stand in our own sentences anyway say nothing about a share.
    ours = set(re.findall("[a-z]+", Path(shares.__file__).read_text(encoding="utf-8").lower()))
    assert not set(re.findall("[a-z]+", message.lower())) & (words - ours)
    return message


def test_what_is_wrong_is_said_by_the_place_of_the_share_and_never_by_a_word_of_it() -> None:
    made, others = shares.split(SECRET, 3, 5), shares.split(SECRET, 3, 5)
    whole = made[1].split()
    at = next(place for place in range(7, 20) if whole[place] != whole[place + 1])
    swapped = [*whole[:at], whole[at + 1], whole[at], *whole[at + 2 :]]
    exchanged = [*whole[:7], WORDLIST[(WORDLIST.index(whole[7]) + 1) % 1024], *whole[8:]]
    for wrong, expected in (
        (" ".join(swapped), "Share 2 is mistyped: a word is another"),
        (" ".join(exchanged), "Share 2 is mistyped: a word is another"),
        (" ".join([*whole[:11], "xylophones", *whole[12:]]), "Share 2 is mistyped: its word 12 is not one"),
        (" ".join(whole[:-1]), "Share 2 has 22 words"),
        (" ".join([*whole, whole[0]]), "Share 2 has 24 words"),
        ("", "Share 2 has 0 words"),
        ("é" * 9000, "Share 2 is mistyped"),
        (made[0], "Shares 1 and 2 are the same"),
        (others[1], "Share 2 is of another set"),
    ):
        assert expected in said([made[0], wrong, made[2]])
    assert "Share 1 is of another set" in said([others[0], made[1], made[2]])
    assert "1 was typed, and 2 more" in said([made[3]])
    assert "too few: 2 were typed, and 1 more" in said([made[3], made[4]])
    assert "at most 16" in said(made * 4)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_one_other_word_anywhere_is_always_found(data: st.DataObject) -> None:
    words = SHARE.split()
    at = data.draw(st.integers(0, len(words) - 1))
    words[at] = data.draw(st.sampled_from([word for word in WORDLIST if word != words[at]]))
    with pytest.raises(WillError, match="Share 1"):
        shares.still_needed([" ".join(words)])


SHARE = shares.split(SECRET, 2, 2)[0]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.one_of(st.text(), st.lists(st.sampled_from(WORDLIST), max_size=30).map(" ".join)), max_size=20))
def test_anything_typed_is_refused_in_a_sentence(typed: list[str]) -> None:
    with pytest.raises(WillError):
        shares.joined(typed)


@pytest.mark.parametrize(("needed", "count"), [(1, 3), (0, 0), (4, 3), (2, 17), (-2, 3), (2, 1)])
def test_counts_that_cannot_be_are_refused_and_change_nothing(sealed: Sealed, needed: int, count: int) -> None:
    before = sealed.files()
    with pytest.raises(UsageError):
        split_recovery(sealed.path, PASSPHRASE, needed, count)
    assert sealed.files() == before


def test_new_shares_end_the_old_ones_and_withdrawing_ends_all(sealed: Sealed) -> None:
    first = split_recovery(sealed.path, PASSPHRASE, 2, 3)
    second = split_recovery(sealed.path, PASSPHRASE, 2, 2)
    with pytest.raises(WrongPassphraseError, match="replaced by newer ones"):
        reset_passphrase_with_shares(sealed.path, first[:2], NEW)
    with pytest.raises(WeakPassphraseError):
        reset_passphrase_with_shares(sealed.path, second, "weak")
    assert withdraw_shares(sealed.path, PASSPHRASE)
    assert not withdraw_shares(sealed.path, PASSPHRASE)
    before = sealed.files()
    with pytest.raises(WillError, match="no shares"):
        reset_passphrase_with_shares(sealed.path, second, NEW)
    assert sealed.files() == before
    vault = unlock(sealed.path, PASSPHRASE)
    assert vault.shares() is None
    events = [entry.event for entry in vault.log.entries() if entry.event != "unlock.failed"]
    assert events == ["vault.created", "shares.made", "shares.made", "shares.withdrawn"]
    assert vault.verify().problems == ()
    vault.close()


def test_shares_hold_through_a_new_passphrase_and_a_new_recovery_key(sealed: Sealed) -> None:
    made = split_recovery(sealed.path, PASSPHRASE, 2, 2)
    slot = header.read(sealed.path / "header").shares
    change_passphrase(sealed.path, PASSPHRASE, NEW)
    with new_recovery_key(sealed.path, NEW) as prepared:
        prepared.confirm(prepared.shown)
    assert header.read(sealed.path / "header").shares == slot
    reset_passphrase_with_shares(sealed.path, made, PASSPHRASE)
    unlock(sealed.path, PASSPHRASE).close()


def test_the_secret_of_the_shares_is_not_the_recovery_keys_and_lies_nowhere(
    sealed: Sealed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("notekeeper.vault.shares.new_secret", lambda: SECRET)
    split_recovery(sealed.path, PASSPHRASE, 2, 2)
    fields = json.loads((sealed.path / "header").read_bytes())
    assert fields["shares"]["needed"] == fields["shares"]["count"] == 2
    assert not any(SECRET in content or SECRET.hex().encode() in content for content in sealed.files().values())
    with pytest.raises(WrongPassphraseError):
        header.key_by_recovery_secret(header.read(sealed.path / "header"), SECRET)
