"""Texts of up to ten million characters: kept, shown, searched, cut into sentences in time in proportion to them, and
too long for a draft in a sentence that says so.

The bound on time here is generous on purpose: what is not in proportion takes hours at this size, not seconds.
"""

import json
from datetime import date

import pytest

from notekeeper.domain.consent import permit_for_given_text
from notekeeper.domain.text import visible
from notekeeper.domain.vault import Vault
from notekeeper.drafting.gate import refusal
from notekeeper.drafting.machine import addresses_a_machine
from notekeeper.drafting.pipeline import MAX_DRAFT_CHARACTERS, draft_note
from notekeeper.drafting.sentences import split_sentences
from notekeeper.errors import UsageError
from notekeeper.services.writing import add_note
from tests.cli.driver import InProcess
from tests.forms import LONG, many
from tests.hostile.corpus import AFTER, BEFORE, HUGE
from tests.hostile.test_record import harmless
from tests.lines import Tally
from tests.unit.fakes import untouchable

PERMIT = permit_for_given_text()
pytestmark = pytest.mark.timeout(600 if LONG else 120)


@pytest.mark.line(23)
@pytest.mark.parametrize("name", HUGE)
def test_a_huge_text_is_cut_and_shown_in_proportion_to_its_length(name: str, tally: Tally) -> None:
    text = HUGE[name] if LONG else HUGE[name][:MAX_DRAFT_CHARACTERS]
    sentences = split_sentences(text)
    assert all(text[s.start : s.end] == s.text for s in sentences)
    assert all(len(s.text) <= 400 for s in sentences)
    assert harmless(visible(text[:2_000_000]))
    tally.add()


@pytest.mark.line(23)
@pytest.mark.parametrize("name", HUGE)
def test_as_much_as_can_be_drafted_passes_the_gate_in_proportion(name: str, tally: Tally) -> None:
    """The text as the middle of a note in English, at the length that drafting takes."""
    room = MAX_DRAFT_CHARACTERS - len(BEFORE) - len(AFTER) - 2
    text = f"{BEFORE}\n{HUGE[name][: many(room // 4, room)]}\n{AFTER}"
    sentences = split_sentences(text)
    refusal(text, sentences)
    assert not any(addresses_a_machine(s.text) for s in sentences[:50])
    tally.add()


@pytest.mark.line(23)
def test_what_is_longer_is_refused_before_any_model_is_asked(tally: Tally) -> None:
    for text in HUGE.values():
        with pytest.raises(UsageError, match="Nothing was cut or sent") as refused:
            draft_note(PERMIT, text, untouchable())
        tally.add(1, int(f"{len(text):,} characters" in str(refused.value)))


@pytest.mark.line(23)
def test_ten_million_characters_are_kept_shown_and_found(
    tmp_path_factory: pytest.TempPathFactory, tally: Tally
) -> None:
    program = InProcess(tmp_path_factory.mktemp("huge"))
    program.key = program.json("init")["recovery_key"]
    program.json("client", "add", "H1")
    names = list(HUGE) if LONG else ["ten million characters on one line"]
    for number, name in enumerate(names, start=1):
        text = HUGE[name]
        added = program.run("note", "add", "H1", "--date", "2026-03-04", given=text.encode())
        assert added.code == 0, added.err
        shown = program.run("note", "show", f"H1/{number}")
        found = program.run("search", given=" ".join(text[-200:].split()[-3:]).encode() or b"x")
        listed = program.run("note", "list", "H1")
        own = {"focus": "F", "themes": [{"label": "A no", "sentences": []}]}
        finished = program.run("finish", f"H1/{number}", "-", given=json.dumps(own))
        well = all(done.code == 0 and harmless(done.out) for done in (shown, found, listed, finished))
        well = well and len(found.out) < 20_000 and program.json("note", "show", f"H1/{number}")["text"] == text
        tally.add(1, int(well))
        assert well, (name, len(found.out), finished.err)


def test_what_is_found_in_a_long_text_is_shown_with_what_stands_about_it(vault: Vault) -> None:
    client = vault.clients.add("H1")
    filler = "an ordinary line of a long note. " * 2000
    note, _ = add_note(vault, client, f"{filler}Then the Marrowfinch cried twice. {filler}", date(2026, 3, 4))
    [hit] = vault.search('marrowfinch "line')
    assert hit.note.id == note.id
    assert "Then the «Marrowfinch» cried twice. " in hit.snippet
    assert hit.snippet[0] == hit.snippet[-1] == "…"
    assert len(hit.snippet) < 200
    [other] = vault.search("marrówfinch")
    assert other.snippet.startswith("an ordinary line")
    assert len(other.snippet) < 200


def test_more_than_a_note_holds_is_refused_in_words(tmp_path_factory: pytest.TempPathFactory) -> None:
    program = InProcess(tmp_path_factory.mktemp("more"))
    program.key = program.json("init")["recovery_key"]
    program.json("client", "add", "H1")
    longer = program.run("note", "add", "H1", given=b"a" * 20_000_001)
    assert (longer.code, "at most 20,000,000 characters" in longer.err) == (2, True)
    assert program.json("note", "list", "H1")["notes"] == []
