"""Search: the newest words are found, whatever is typed is words, and nothing typed makes it fail."""

from datetime import date

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from notekeeper.domain.finding import Filters
from notekeeper.domain.note import NoteFormat, NoteKind, NotePart
from notekeeper.domain.vault import Vault
from tests.vault.invented import add_client, add_note

QUERY = [
    '"',
    '""',
    "*",
    "a*",
    "NOT x",
    "x AND",
    "OR",
    "NEAR(a b)",
    "text:x",
    "-x",
    "^x",
    "(",
    "'); DROP",
    "\x00",
    "\ud800",
    "😀",
]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.one_of(st.text(max_size=80), st.lists(st.sampled_from(QUERY), max_size=6).map(" ".join)))
@example("word " * 5_000)
@example(" ".join(f"w{n}" for n in range(3_000)))
def test_no_input_makes_search_fail(vault: Vault, words: str) -> None:
    if not vault.clients.all():
        add_note(vault, add_client(vault), "A text about x and a.")
    assert len(vault.search(words)) <= 1


def test_every_word_counts_and_only_the_newest_text(vault: Vault) -> None:
    client, other = add_client(vault), add_client(vault, "other")
    note = add_note(vault, client, "The garden was replaced by Müller's orchard.")
    vault.notes.save(note.id, "The orchard of müller, don't forget.")
    vault.notes.save(note.id, "Countertransference: orchard", NotePart.PROCESS)
    later = vault.notes.add(other.id, kind=NoteKind.CONTACT, format=NoteFormat.FREE, date=date(2026, 4, 1))
    vault.notes.save(later.id, "Orchard again \x00 and after")
    assert vault.search("garden") == []
    assert [(h.note.id, h.client_code, h.part) for h in vault.search("ORCHARD muller")] == [
        (note.id, "C014", NotePart.RECORD)
    ]
    assert [h.note.id for h in vault.search("orchard")] == [later.id, note.id, note.id]
    assert [h.note.id for h in vault.search("orchard", client.id)] == [note.id, note.id]
    assert len(vault.search("orchard", limit=1)) == 1
    assert vault.search("orchard", limit=0) == vault.search("") == vault.search("orchard", "unknown") == []
    assert [h.note.id for h in vault.search("don't")] == [note.id]
    assert "«orchard»" in vault.search("orchard", client.id)[0].snippet
    assert [h.note.id for h in vault.search("after")] == [later.id]


def test_a_nul_hides_nothing_behind_it_and_no_long_text_from_the_shorter_way(vault: Vault) -> None:
    client = add_client(vault)
    add_note(vault, client, "Ünder\x00 the pear tree")
    assert "\x00 the «pear» tree" in vault.search("pear")[0].snippet
    (listed,) = vault.search("", filters=Filters(signed=False))
    assert listed.snippet == "Ünder\x00 the pear tree"
    add_note(vault, client, "A\x00" + "quagga " * 5_000)
    assert vault.search("quagga")[0].snippet.count("«") == 1  # FTS5 marks every one of a dozen, and takes its time


@pytest.mark.line(23)
@pytest.mark.parametrize(
    "words", ["orchard NOT gate", "orchard OR nothing", "orch*", "text:orchard", "NEAR(orchard gate)"]
)
def test_query_syntax_is_only_words(vault: Vault, words: str) -> None:
    add_note(vault, add_client(vault), "orchard gate")
    assert vault.search(words) == []
