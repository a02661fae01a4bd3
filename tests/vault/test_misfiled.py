"""A note filed under the wrong client: moved whole to the right file, and nothing of it left in the wrong one.

Owns the story of the wrong file at the vault: after the move no word of the note is found under the wrong client, in
no backup made afterwards; and once the right client is erased too, in no page of the database.
"""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from notekeeper.domain.access import WithholdTest
from notekeeper.domain.ai_use import AiUse
from notekeeper.domain.backup import BackupReason
from notekeeper.domain.client_file import FrontSheet
from notekeeper.domain.entry import CITING, PREPARED, EntryKind
from notekeeper.domain.misfiled import Received, risk_lines, with_addenda
from notekeeper.domain.note import Client, Note, NotePart
from notekeeper.domain.review import OwnTheme, OwnView, conclude
from notekeeper.domain.risk import RiskEntry, RiskState
from notekeeper.domain.text import Frozen
from notekeeper.domain.vault import Vault
from notekeeper.errors import UsageError, VaultError
from notekeeper.services.access import ask, mark
from notekeeper.services.addenda import keep_begun, keep_begun_risk
from notekeeper.services.follow_ups import begun_follow_up, keep_begun_follow_up
from notekeeper.services.misfiled import before_moving, move_note
from tests.forms import many
from tests.vault.invented import (
    AT,
    DAY,
    SIGNER,
    Sealed,
    add_client,
    add_note,
    decisions,
    drafted,
    review_of,
    sealed_cheaply,
)
from tests.vault.killing import killed_at, lines_in, must_fork, spread
from tests.vault.test_erasure import tables

# One canary for each place where a word of the note can be.
CITED, OLDER, NEWEST, PROCESS, OWN, MODEL, EDITED, RISK, ADDENDUM, LATER, BEGUN, TASK, TYPED = (
    "echidnaword", "okapiword", "quaggaword", "zebraword", "tapirword", "lemurword", "gibbonword",
    "civetword", "dingoword", "narwhalword", "axolotlword", "pangolinword", "wombatword",
)  # fmt: skip
CARRIED = (NEWEST, PROCESS, OWN, RISK, ADDENDUM, LATER, BEGUN, TASK)
CANARIES = (CITED, OLDER, MODEL, EDITED, *CARRIED, TYPED)
RIGHT_CODE = "RIGHTCODE"


class Said(Frozen):
    words: str
    notes: tuple[str, ...] = ()


def misfiled(vault: Vault, wrong: Client) -> Note:
    """A signed note with a canary in everything that can hang on one."""
    note, draft_id = drafted(vault, wrong, f"{OLDER} was said", word=MODEL)
    vault.notes.save(note.id, f"{NEWEST} was said")
    latest = vault.notes.latest(note.id)
    assert latest is not None
    vault.notes.save(note.id, f"{PROCESS} apart", NotePart.PROCESS)
    for decision in decisions(f"{EDITED} wording"):
        vault.reviews.decide(draft_id, decision)
    vault.reviews.set_own(note.id, OwnView(focus=f"{OWN} focus", themes=(OwnTheme(label=f"{OWN} theme"),)))
    vault.reviews.set_risk(note.id, RiskEntry(state=RiskState.ASKED_DISCLOSED, words=f"{RISK} first"))
    vault.signoffs.sign(conclude(review_of(vault, note), SIGNER, AT))
    done = vault.follow_ups.add(wrong.id, f"{TASK} done", DAY, note.id)
    vault.follow_ups.mark(done.id, date(2026, 3, 5))
    vault.follow_ups.add(wrong.id, f"{TASK} open", DAY, note.id)
    vault.addenda.add(note.id, f"{ADDENDUM} added", SIGNER)
    later = RiskEntry(state=RiskState.RAISED_BY_CLIENT, words=f"{LATER} recorded")
    vault.addenda.add(note.id, "", SIGNER, later)
    keep_begun(vault, note, f"{BEGUN} addendum")
    keep_begun_risk(vault, note, RiskEntry(state=RiskState.NOT_ASKED, action=f"{BEGUN} action"))
    keep_begun_follow_up(vault, note, f"{BEGUN} task", "")
    vault.entries.add(wrong.id, EntryKind.ACCESS_MARK, Said(words=f"{OLDER} marked"), note.id)
    other = vault.notes.of_client(wrong.id)[0]
    for kind in CITING:
        vault.entries.add(wrong.id, kind, Said(words="keptword alone", notes=(other.id,)))
        citing = vault.entries.add(wrong.id, kind, Said(words=f"{CITED} among others", notes=(other.id, note.id)))
        vault.entries.add(wrong.id, EntryKind.FLAG_DONE, Said(words=f"{CITED} settled"), citing.id)
    for each in PREPARED:
        vault.jottings.keep(wrong.id + each, wrong.id, f"{CITED} made anew at will")
    return vault.notes.by_number(wrong.id, note.number)


def world(vault: Vault) -> tuple[Client, Client, Note]:
    """The wrong client with a note of their own besides, the right one, and the note."""
    wrong, right = add_client(vault, "WRONG"), add_client(vault, RIGHT_CODE)
    add_note(vault, wrong, "keptword, their own")
    add_note(vault, right, "rightword, of theirs")
    return wrong, right, misfiled(vault, wrong)


def held(vault: Vault, client: Client) -> str:
    """Everything that the vault gives of a client's file, as one text."""
    notes = vault.notes.of_client(client.id)
    every: list[object] = [client, notes, vault.standings(client.id), vault.follow_ups.of_client(client.id)]
    every += [
        vault.entries.of(client.id, *EntryKind),
        vault.notes.stubs(client.id),
        vault.front_sheets.current(client.id),
    ]
    cited = (EntryKind.ACCESS_MARK, EntryKind.FLAG_DONE, *CITING)
    every += [entry.read(Said) for entry in vault.entries.of(client.id, *cited)]
    every += [vault.jottings.of(client.id + each) for each in PREPARED]
    for note in (*notes, *vault.notes.stubs(client.id)):
        every += [vault.notes.revisions(note.id, part) for part in NotePart]
        every += [vault.notes.working(note.id, part) for part in NotePart]
        every += [vault.reviews.own(note.id), vault.reviews.risk(note.id), vault.signoffs.of_note(note.id)]
        every += [vault.addenda.of_note(note.id), vault.drafts.latest(note.id)]
        every += [vault.jottings.of(f"{note.id}{end}") for end in ("", ".risk", ".follow-up")]
    return "\n".join(map(repr, every)) + "".join(each.words for each in vault.follow_ups.of_client(client.id))


def test_every_word_of_the_therapist_goes_to_the_right_file_and_none_of_the_model(vault: Vault) -> None:
    wrong, right, note = world(vault)
    moved = vault.notes.move(note.id, right.id)
    assert (moved.number, moved.kind, moved.format, moved.date, moved.signed) == (2, note.kind, note.format, DAY, False)
    assert vault.notes.of_client(right.id)[-1] == moved
    text = vault.notes.latest(moved.id)
    assert text is not None
    assert text.number == 1
    first = f"{NEWEST} was said\n\nRisk and safeguarding, as first signed:\nAsked – disclosed\n"
    assert text.text.startswith(first)
    assert f"In my words: {RISK} first" in text.text
    assert text.text.endswith("The risk entry that stands with this note was recorded by it.")
    assert f"Dr Imagined:\n{ADDENDUM} added" in text.text
    risk = vault.reviews.risk(moved.id)
    assert risk is not None
    assert (risk.state, risk.words) == (RiskState.RAISED_BY_CLIENT, f"{LATER} recorded")
    own = vault.reviews.own(moved.id)
    assert (own.focus, [theme.label for theme in own.themes]) == (f"{OWN} focus", [f"{OWN} theme"])
    typing = vault.notes.working(moved.id)
    assert typing is not None
    assert typing.text.startswith(text.text)
    assert f"{BEGUN} addendum" in typing.text
    assert f"{BEGUN} action" in typing.text
    assert begun_follow_up(vault, moved) == (f"{BEGUN} task", "")
    tasks = {each.words: (each.done, each.note_id) for each in vault.follow_ups.of_client(right.id)}
    assert tasks == {f"{TASK} done": (date(2026, 3, 5), moved.id), f"{TASK} open": (None, moved.id)}
    (entry,) = vault.entries.of(right.id, EntryKind.RECEIVED)
    assert (entry.about, entry.read(Received)) == (moved.id, Received(was_signed=True, addenda=2))
    file = held(vault, right)
    assert [word for word in CARRIED if word not in file] == []
    assert [word for word in (OLDER, MODEL, EDITED) if word in file] == []
    assert "WRONG" not in file
    assert wrong.id not in file
    # It can be signed there.
    vault.notes.save(moved.id, typing.text)
    vault.signoffs.sign(conclude(review_of(vault, moved), SIGNER, AT))
    assert vault.verify().problems == ()


def test_the_wrong_file_keeps_a_stub_and_one_line_of_the_log_without_a_word(sealed: Sealed) -> None:
    vault = sealed.open()
    wrong, right, note = world(vault)
    before = vault.log.entries()
    vault.notes.move(note.id, right.id)
    file = held(vault, wrong)
    assert [word for word in (*CANARIES, RIGHT_CODE, right.id) if word in file] == []
    assert "keptword" in file
    assert file.count("keptword alone") == len(CITING)
    assert [(stub.number, stub.kind, stub.date) for stub in vault.notes.stubs(wrong.id)] == [(2, note.kind, note.date)]
    for word in CANARIES:
        assert vault.search(word, wrong.id) == []
    assert {hit.client_code for word in CARRIED for hit in vault.search(word)} == {RIGHT_CODE}
    (line,) = [entry for entry in vault.log.entries()[len(before) :] if entry.event == "note.moved"]
    assert line.subject == note.id
    vault.follow_ups.add(wrong.id, "a new one", DAY)
    assert add_note(vault, wrong).number == 3
    assert vault.verify().problems == ()
    vault.close()
    assert sealed.open().verify().problems == ()


def test_no_backup_made_afterwards_and_no_page_holds_a_word_once_the_right_client_is_erased(sealed: Sealed) -> None:
    vault = sealed.open()
    wrong, right, note = world(vault)
    unsigned = add_note(vault, wrong, f"{TYPED} saved " * 200)
    vault.notes.autosave(unsigned.id, f"{TYPED} typed")
    vault.close()  # all is in the one file now
    assert OLDER.encode() in sealed.pages()
    vault = sealed.open()
    for each in (note, unsigned):
        vault.notes.move(each.id, right.id)
    pages = sealed.pages().lower()
    gone = [word for word in (CITED, OLDER, MODEL, EDITED) if word.encode()[2:] in pages]
    assert gone == []  # what is not carried is in no page at once
    vault.clients.erase(right.id)
    backup = vault.backups.make(BackupReason.DAILY).backup
    assert vault.verify().problems == ()
    for place in (sealed.path, backup.path):
        copy = Sealed(place, sealed.recovery_key)
        pages = copy.pages().lower()
        assert b"keptword" in pages
        # The index keeps tokens with shared beginnings cut off, so their ends are looked for as well.
        found = [word for word in CANARIES if word.encode()[2:] in pages.replace(b"kept", b"")]
        assert found == [], place.name
    vault.close()
    other = sealed.independent()
    rows = [list(map(str, row)) for table in tables(other) for row in other.execute(f"SELECT * FROM {table}")]  # noqa: S608 (names of our own tables)
    other.close()
    assert [word for word in (*CANARIES, RIGHT_CODE) if word.lower() in json.dumps(rows).lower()] == []


def test_an_open_note_goes_with_its_review_and_typing(vault: Vault) -> None:
    wrong, right = add_client(vault, "WRONG"), add_client(vault, RIGHT_CODE)
    note, _ = drafted(vault, wrong, "saved", word=MODEL)
    vault.notes.autosave(note.id, f"{TYPED} more")
    vault.notes.autosave(note.id, f"{PROCESS} more", NotePart.PROCESS)
    vault.reviews.set_own(note.id, OwnView(focus="mine"))
    moved = vault.notes.move(note.id, right.id)
    texts = [vault.notes.working(moved.id, part) for part in NotePart]
    assert [text.text for text in texts if text] == [f"{TYPED} more", f"{PROCESS} more"]
    assert vault.reviews.own(moved.id) == OwnView(focus="mine")
    assert vault.reviews.risk(moved.id) is None
    assert vault.drafts.latest(moved.id) is None
    (entry,) = vault.entries.of(right.id, EntryKind.RECEIVED)
    assert entry.read(Received) == Received(was_signed=False, addenda=0)
    # And on to a third file, when that was wrong too.
    third = add_client(vault, "THIRD")
    last = vault.notes.move(moved.id, third.id)
    assert [vault.notes.of_client(each.id) for each in (wrong, right)] == [[], []]
    assert vault.entries.of(right.id, EntryKind.RECEIVED) == []
    assert vault.notes.working(last.id) is not None
    assert vault.verify().problems == ()


def test_a_correction_request_stays_with_the_client_who_made_it(vault: Vault) -> None:
    wrong, right = add_client(vault, "WRONG"), add_client(vault, RIGHT_CODE)
    note = add_note(vault, wrong, "text")
    vault.entries.add(wrong.id, EntryKind.CORRECTION, Said(words="That is not about me"), note.id)
    vault.notes.move(note.id, right.id)
    assert [each.about for each in vault.entries.of(wrong.id, EntryKind.CORRECTION)] == [note.id]
    assert vault.entries.of(right.id, EntryKind.CORRECTION) == []
    assert vault.verify().problems == ()


def test_what_cannot_be_meant_is_refused_and_changes_nothing(vault: Vault) -> None:
    wrong, right = add_client(vault, "WRONG"), add_client(vault, RIGHT_CODE)
    invented = vault.clients.add("DEMO", demonstration=True)
    note, moved = add_note(vault, wrong, "text"), add_note(vault, wrong, "moved before")
    vault.notes.move(moved.id, right.id)
    head = vault.log.head()
    attempts: tuple[Callable[[], object], ...] = (
        lambda: vault.notes.move(note.id, wrong.id),
        lambda: vault.notes.move(note.id, invented.id),
        lambda: vault.notes.move(note.id, "no such client"),
        lambda: vault.notes.move("no such note", right.id),
        lambda: vault.notes.move(moved.id, right.id),
        lambda: vault.notes.save(moved.id, "again"),
        lambda: vault.notes.autosave(moved.id, "again"),
        lambda: vault.notes.by_number(wrong.id, moved.number),
        lambda: vault.reviews.set_own(moved.id, OwnView(focus="again")),
    )
    for attempt in attempts:
        with pytest.raises(UsageError):
            attempt()
    assert vault.log.head() == head


def test_a_move_that_fails_moves_nothing(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong, right, note = world(vault)
    before = held(vault, wrong), held(vault, right), vault.log.head()

    def fail(*_: object) -> None:
        raise VaultError

    with monkeypatch.context() as patch:
        patch.setattr("notekeeper.vault.misfiled._destroy", fail)
        with pytest.raises(VaultError):
            vault.notes.move(note.id, right.id)
    assert (held(vault, wrong), held(vault, right), vault.log.head()) == before
    assert vault.verify().problems == ()


def test_a_move_that_is_killed_has_happened_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    must_fork()
    sealed = sealed_cheaply(tmp_path, monkeypatch)
    vault = sealed.open()
    wrong, right, note = world(vault)
    vault.close()
    first = sealed.files()

    def move() -> None:
        vault = sealed.open()
        vault.notes.move(note.id, right.id)
        vault.close()

    lines, outcomes = lines_in(move), set()
    for line in spread(lines, many(9, 400), last=many(4, 200)):
        for name, content in first.items():
            (sealed.path / name).write_bytes(content)
        for left in sealed.path.glob("vault.db-*"):
            left.unlink()
        killed_at(line, move)  # one that was killed too late has moved it whole
        vault = sealed.open()
        whole = bool(vault.notes.stubs(wrong.id))
        outcomes.add(whole)
        assert len(vault.notes.of_client(right.id)) == 1 + whole
        assert len(vault.notes.of_client(wrong.id)) == 2 - whole
        assert {hit.client_code for hit in vault.search(NEWEST)} == {RIGHT_CODE if whole else "WRONG"}
        vault.accept_state()  # the copies put back are older than the marks kept outside
        assert vault.verify().problems == ()
        vault.close()
    assert outcomes == {True, False}


def test_stubs_front_sheets_and_what_is_beside_are_left_alone(vault: Vault) -> None:
    wrong, right = add_client(vault, "WRONG"), add_client(vault, RIGHT_CODE)
    vault.front_sheets.save(wrong.id, FrontSheet(gp="Dr Made Up"))
    other, note = add_note(vault, wrong, "stays"), add_note(vault, wrong, "goes")
    task = vault.follow_ups.add(wrong.id, "theirs", DAY, other.id)
    vault.notes.move(note.id, right.id)
    assert vault.front_sheets.current(wrong.id).gp == "Dr Made Up"
    assert vault.follow_ups.of_client(wrong.id) == [task]
    assert vault.notes.latest(other.id) is not None


def test_a_risk_entry_is_written_out_with_all_it_says_where_the_new_note_cannot_hold_it() -> None:
    risk = RiskEntry(state=RiskState.NOT_ASKED, words="w", action="a", safeguarding="s", told="t", protective="p")
    lines = risk_lines(risk).splitlines()
    assert lines[0] == "Not asked"
    assert {"In my words: w", "Protective factors: p", "Action: a", "Whom I told: t", "Safeguarding: s"} <= set(lines)
    assert with_addenda("text", risk, ()) == "text"  # the new note holds it as its own


def test_no_note_leaves_a_file_on_legal_hold(vault: Vault) -> None:
    wrong, right = add_client(vault, "WRONG"), add_client(vault, RIGHT_CODE)
    note = add_note(vault, wrong, "first")
    held = vault.entries.add(wrong.id, EntryKind.HOLD, Said(words="court"))
    head = vault.log.head()
    with pytest.raises(UsageError, match="legal hold"):
        vault.notes.move(note.id, right.id)
    assert vault.log.head() == head
    vault.entries.add(wrong.id, EntryKind.HOLD_LIFTED, Said(words="settled"), held.id)
    vault.entries.add(right.id, EntryKind.HOLD, Said(words="another court"))
    assert vault.notes.move(note.id, right.id).client_id == right.id  # a held file may be added to


def test_what_was_noted_about_the_clients_own_use_of_ai_goes_along(vault: Vault) -> None:
    wrong, right = add_client(vault, "WRONG"), add_client(vault, RIGHT_CODE)
    note = add_note(vault, wrong, "text")
    use = AiUse(tool="an invented app", meaning="company at night", day=DAY)
    vault.entries.add(wrong.id, EntryKind.AI_USE, use, note.id)
    moved = vault.notes.move(note.id, right.id)
    (entry,) = vault.entries.of(right.id, EntryKind.AI_USE)
    assert (entry.about, entry.read(AiUse)) == (moved.id, use)
    assert vault.entries.of(wrong.id, EntryKind.AI_USE) == []
    assert vault.verify().problems == ()


def test_a_mark_that_went_with_a_note_leaves_nothing_and_its_number_to_no_other(vault: Vault) -> None:
    wrong, right = add_client(vault, "WRONG"), add_client(vault, RIGHT_CODE)
    note = add_note(vault, wrong, "text")
    marks = [vault.entries.add(wrong.id, EntryKind.ACCESS_MARK, Said(words="m"), about) for about in ("", note.id)]
    for each in marks:
        vault.entries.add(wrong.id, EntryKind.ACCESS_UNMARK, Said(words="taken back"), each.id)
    vault.notes.move(note.id, right.id)
    assert [each.about for each in vault.entries.of(wrong.id, EntryKind.ACCESS_UNMARK)] == [marks[0].id]
    assert vault.entries.add(wrong.id, EntryKind.ACCESS_MARK, Said(words="new")).number == 3
    assert vault.entries.add(right.id, EntryKind.ACCESS_MARK, Said(words="new")).number == 1
    assert vault.verify().problems == ()


def test_what_is_said_before_a_move_names_what_goes_and_what_stays(vault: Vault) -> None:
    wrong, _ = add_client(vault, "WRONG"), add_client(vault, RIGHT_CODE)
    note = add_note(vault, wrong, "My neighbour said so")
    request = ask(vault, wrong, "the client", how="", asked_on=DAY, today=DAY)
    for words in ("my  neighbour", "words of another note"):
        mark(vault, request, {"words": words}, WithholdTest.THIRD_PARTY, "somebody else")
    assert (before_moving(vault, note).earlier, before_moving(vault, note).quoting) == (0, 1)
    vault.notes.save(note.id, "changed")
    said = "\n".join(before_moving(vault, note).sentences())
    assert "1 earlier saved text(s) of it are destroyed" in said
    assert "1 mark(s) of an access request quote words" in said


def test_a_note_without_a_text_is_moved_when_something_hangs_on_it(vault: Vault) -> None:
    wrong, right = add_client(vault, "WRONG"), add_client(vault, RIGHT_CODE)
    missed, empty = add_note(vault, wrong), add_note(vault, wrong)
    vault.follow_ups.add(wrong.id, "ring the school", DAY, missed.id)
    _, moved = move_note(vault, missed, RIGHT_CODE)
    assert [each.note_id for each in vault.follow_ups.of_client()] == [moved.id]
    with pytest.raises(UsageError, match="nothing to move"):
        move_note(vault, empty, RIGHT_CODE)
    assert [stub.number for stub in vault.notes.stubs(wrong.id)] == [missed.number]
    assert moved.client_id == right.id
