"""What changed between two revisions: exact for any two texts, by words, in bounded time, readable without colour."""

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notekeeper.domain.note import NotePart
from notekeeper.domain.vault import Vault
from notekeeper.errors import UsageError
from notekeeper.services.revisions import ChangeKind, compare, revision_rows, shown_lines, two_revisions
from tests.vault.invented import add_client, add_note

SAME, GONE, NEW = ChangeKind.SAME, ChangeKind.GONE, ChangeKind.NEW
# Few different pieces, so that lines and words come again and again.
TEXTS = st.lists(
    st.sampled_from(["she ", "slept", ".", "\n", "\r\n", "\n\n", " ", "never", "é", "\u2028"]), max_size=40
).map("".join)


def marked(before: str, after: str) -> list[tuple[ChangeKind, str]]:
    return [(each.kind, each.text) for each in compare(before, after)]


@given(TEXTS | st.text(max_size=60), TEXTS | st.text(max_size=60))
def test_both_texts_can_be_put_together_again_to_the_letter(before: str, after: str) -> None:
    changes = compare(before, after)
    assert "".join(each.text for each in changes if each.kind is not NEW) == before
    assert "".join(each.text for each in changes if each.kind is not GONE) == after
    assert all(each.text for each in changes)
    if before == after:
        assert {each.kind for each in changes} <= {SAME}
    for line in shown_lines(changes):
        assert line.mark in {"+", "−", "±", " ", "…"}
    marks = {line.mark for line in shown_lines(changes)}
    if marks <= {" ", "…"}:  # no change of words is passed over; the end of a line alone may be marked or not
        assert before.splitlines() == after.splitlines()
    if before == after:
        assert marks <= {" ", "…"}


def test_a_change_is_told_by_words_within_its_line() -> None:
    before = "She came late.\nShe said yes to it.\nThen she left."
    after = "She came late.\nShe said no to it, twice.\nThen she left."
    assert marked(before, after)[1:5] == [(GONE, "yes"), (NEW, "no"), (SAME, " to it"), (NEW, ", twice")]
    lines = shown_lines(compare(before, after))
    assert [(line.mark, line.number, line.text) for line in lines] == [
        (" ", 1, "She came late."),
        ("±", 2, "She said [−yes−]{+no+} to it{+, twice+}."),
        (" ", 3, "Then she left."),
    ]


def test_whole_lines_come_and_go_and_the_rest_is_counted() -> None:
    before = [f"line {number}" for number in range(20)]
    after = [*before[:10], "a new one", *before[10:15], *before[16:]]
    lines = shown_lines(compare("\n".join(before), "\n".join(after)))
    assert [(line.mark, line.text) for line in lines if line.mark != " "] == [
        ("…", "8 line(s) the same"),
        ("+", "a new one"),
        ("…", "1 line(s) the same"),
        ("−", "line 15"),
        ("…", "2 line(s) the same"),
    ]
    assert [line.number for line in lines if line.mark in "+−"] == [11, 16]


@pytest.mark.parametrize("shape", ["shuffled", "unrelated", "one line", "two words"])
def test_a_megabyte_is_compared_in_bounded_time(shape: str) -> None:
    chance = random.Random(7)
    words = [f"word{number}" for number in range(3000)]
    lines = [" ".join(chance.choices(words, k=12)) for _ in range(10_000)]
    before, after = "\n".join(lines), "\n".join(chance.sample(lines, len(lines)))
    if shape == "unrelated":
        after = "\n".join(" ".join(chance.choices(words, k=12)) for _ in range(10_000))
    elif shape == "one line":
        before, after = before.replace("\n", " "), after.replace("\n", " ")
    elif shape == "two words":
        before, after = ("".join(chance.choices(["a ", "b "], k=400_000)) for _ in range(2))
    began = time.process_time()
    changes = compare(before, after)
    # Under two seconds on the slowest machine it was measured on; without a bound it ran for minutes.
    assert time.process_time() - began < 30
    assert "".join(each.text for each in changes if each.kind is not GONE) == after


def test_revisions_are_listed_and_two_of_them_chosen(vault: Vault) -> None:
    note = add_note(vault, add_client(vault), "first text")
    with pytest.raises(UsageError, match="saved once"):
        two_revisions(vault, note)
    with pytest.raises(UsageError, match="no saved text"):
        two_revisions(vault, note, NotePart.PROCESS)
    vault.notes.save(note.id, "second text here")
    vault.notes.save(note.id, "third")
    assert [(row.number, row.words, row.characters) for row in revision_rows(vault, note)] == [
        (1, 2, 10),
        (2, 3, 16),
        (3, 1, 5),
    ]
    for asked, got in (((None, None), (2, 3)), ((1, None), (1, 3)), ((1, 2), (1, 2)), ((3, 1), (3, 1))):
        assert tuple(each.number for each in two_revisions(vault, note, NotePart.RECORD, *asked)) == got
    for wrong in ((0, None), (1, 4), (-1, 2)):
        with pytest.raises(UsageError, match="revisions 1 to 3"):
            two_revisions(vault, note, NotePart.RECORD, *wrong)
