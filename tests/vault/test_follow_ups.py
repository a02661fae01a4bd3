"""Follow-ups stand for good, with what was done about them; risk recorded later stands beneath what was signed."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notekeeper.domain.follow_up import MAX_FOLLOW_UP, follow_up_reference, follow_up_words
from notekeeper.domain.risk import RiskEntry, RiskState
from notekeeper.domain.vault import Vault
from notekeeper.errors import ChainBrokenError, UsageError, VaultError
from notekeeper.vault import create, migrations
from tests.vault.invented import DAY, PASSPHRASE, SIGNER, Sealed, add_client, add_note, as_earlier, sign_without_ai
from tests.vault.test_verify import entries_named, report_after

DUE = date(2026, 3, 20)
DISCLOSED = RiskEntry(state=RiskState.ASKED_DISCLOSED, words="Passing thoughts", action="Told the surgery")


def test_a_follow_up_is_done_and_taken_back_and_every_step_stays(sealed: Sealed) -> None:
    vault = sealed.open()
    client, other = add_client(vault), add_client(vault, "C015")
    note = add_note(vault, client, "text")
    later = vault.follow_ups.add(client.id, " Ring \n the surgery ", DUE, note.id)
    sooner = vault.follow_ups.add(client.id, "Send the letter", DUE - timedelta(days=3))
    vault.follow_ups.add(other.id, "Ask about the course", DUE)
    assert (later.number, later.words, later.note_number, later.done) == (1, "Ring the surgery", note.number, None)
    done = vault.follow_ups.mark(later.id, DAY)
    assert done.done == DAY
    with pytest.raises(UsageError, match="done already"):
        vault.follow_ups.mark(later.id, DAY)
    assert vault.follow_ups.mark(later.id, DUE, done=False).done is None
    with pytest.raises(UsageError, match="open already"):
        vault.follow_ups.mark(later.id, DUE, done=False)
    vault.close()
    vault = sealed.open()
    assert [each.number for each in vault.follow_ups.of_client(client.id)] == [sooner.number, later.number]
    assert len(vault.follow_ups.of_client()) == 3
    assert vault.follow_ups.by_number(client.id, 1) == later
    events = [entry.event for entry in vault.log.entries()]
    assert (events.count("follow_up.added"), events.count("follow_up.marked")) == (3, 2)
    assert vault.verify().problems == ()
    vault.close()


def test_what_is_no_follow_up_is_refused(vault: Vault) -> None:
    client = add_client(vault)
    theirs = add_note(vault, add_client(vault, "C015"), "text")
    for client_id, words, note_id in (
        (client.id, " \n", None),
        (client.id, "x" * (MAX_FOLLOW_UP + 1), None),
        (client.id, "half \ud800", None),
        ("ab" * 16, "whose?", None),
        (client.id, "another's note", theirs.id),
    ):
        with pytest.raises(UsageError):
            vault.follow_ups.add(client_id, words, DUE, note_id)
    with pytest.raises(UsageError):
        vault.follow_ups.by_number(client.id, 1)
    with pytest.raises(UsageError):
        vault.follow_ups.mark("ab" * 16, DAY)
    assert vault.follow_ups.of_client() == []


@given(st.text(max_size=MAX_FOLLOW_UP * 2))
def test_words_are_one_line_or_refused_and_never_repeated(text: str) -> None:
    try:
        words = follow_up_words(text)
    except UsageError as refusal:
        assert not text.strip() or text.strip() not in str(refusal) or len(text.strip()) < 3  # noqa: PT017
        return
    assert words.split() == text.split()
    assert "\n" not in words
    assert len(words) <= MAX_FOLLOW_UP


def test_a_reference_names_client_and_number() -> None:
    assert follow_up_reference(" C014/f12 ") == ("C014", 12)
    for unfit in ("C014/2", "C014", "F2", "C014/F", "C014/F-1", "C 14/F1"):
        with pytest.raises(UsageError):
            follow_up_reference(unfit)


def filled(vault: Vault) -> str:
    """A follow-up done, and a signed session whose risk an addendum brought; the note's id."""
    client = add_client(vault)
    note = add_note(vault, client, "as signed")
    sign_without_ai(vault, note)
    vault.follow_ups.mark(vault.follow_ups.add(client.id, "okapiword", DUE).id, DAY)
    vault.addenda.add(note.id, "", SIGNER, DISCLOSED.model_copy(update={"words": "quaggaword"}))
    return note.id


@pytest.mark.parametrize("table", ["follow_up", "follow_up_mark", "addendum_risk"])
def test_rows_are_not_changed_deleted_or_replaced(sealed: Sealed, table: str) -> None:
    vault = sealed.open()
    filled(vault)
    vault.close()
    db = sealed.sqlcipher()
    db.execute("PRAGMA foreign_keys = OFF")
    row = db.execute(f"SELECT * FROM {table}").fetchone()  # noqa: S608 (names of our own tables)
    places = ",".join("?" * len(row))
    for changed in (row, (row[0], "f" * 32, *row[2:]), (9_999, *row[1:])):
        with pytest.raises(Exception, match="append-only"):
            db.execute(f"INSERT OR REPLACE INTO {table} VALUES ({places})", changed)  # noqa: S608
    for statement in (f"UPDATE {table} SET client_id = 'x'", f"DELETE FROM {table}"):  # noqa: S608
        with pytest.raises(Exception, match="append-only"):
            db.execute(statement)
    assert db.execute(f"SELECT * FROM {table}").fetchall() == [row]  # noqa: S608
    db.close()


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("UPDATE follow_up SET due = '2031-01-01'", "follow-up"),
        ("DELETE FROM follow_up_mark", "mark of a follow-up"),
        ("UPDATE follow_up_mark SET done = 0", "mark of a follow-up"),
        ("""UPDATE addendum_risk SET body = '{"state": "not_asked"}'""", "risk entry of an addendum"),
        ("DELETE FROM addendum_risk", "risk entry of an addendum"),
    ],
)
def test_what_was_altered_outside_is_found(sealed: Sealed, statement: str, named: str) -> None:
    vault = sealed.open()
    note_id = filled(vault)
    vault.close()
    report = report_after(sealed, lambda db: db.execute(statement))
    assert entries_named(report)
    assert named in " ".join(report.problems)
    assert "word" not in " ".join(report.problems).replace("Words", "")
    if "addendum" in statement:
        vault = sealed.open()
        with pytest.raises(ChainBrokenError):
            vault.addenda.of_note(note_id)
        vault.close()


def test_risk_recorded_later_stands_beneath_and_counts(vault: Vault) -> None:
    client = add_client(vault)
    note = add_note(vault, client, "as signed")
    sign_without_ai(vault, note)
    vault.addenda.add(note.id, "words alone", SIGNER)
    (standing,) = vault.standings(client.id)
    assert (standing.risk, standing.risk_added) == (RiskState.NOT_ASKED, False)
    vault.addenda.add(note.id, "", SIGNER, RiskEntry(state=RiskState.RAISED_BY_CLIENT))
    added = vault.addenda.add(note.id, "and so", SIGNER, DISCLOSED)
    (standing,) = vault.standings(client.id)
    assert (standing.risk, standing.risk_added) == (RiskState.ASKED_DISCLOSED, True)
    assert [each.risk and each.risk.state for each in vault.addenda.of_note(note.id)] == [
        None,
        RiskState.RAISED_BY_CLIENT,
        RiskState.ASKED_DISCLOSED,
    ]
    assert vault.addenda.of_note(note.id)[-1] == added
    signed = vault.signoffs.of_note(note.id)
    assert signed is not None
    assert signed.body.risk.state is RiskState.NOT_ASKED
    assert vault.verify().problems == ()


def test_nothing_of_an_erased_client_s_is_left(sealed: Sealed) -> None:
    vault = sealed.open()
    note_id = filled(vault)
    staying = add_client(vault, "STAYS")
    vault.follow_ups.add(staying.id, "zebraword", DUE)
    vault.clients.erase(vault.clients.by_code("C014").id)
    assert [each.words for each in vault.follow_ups.of_client()] == ["zebraword"]
    assert vault.addenda.of_note(note_id) == []
    assert vault.verify().problems == ()
    vault.close()
    pages = sealed.pages()
    assert b"zebraword" in pages
    assert b"okapiword" not in pages
    assert b"quaggaword" not in pages


def test_a_vault_made_before_takes_them_with_what_it_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as earlier:
        earlier.setattr(migrations, "STEPS", migrations.STEPS[:3])
        earlier.setattr("notekeeper.vault.addenda.SqlAddenda._risks", lambda *_: {})
        opened, recovery_key = create(tmp_path / "old.vault", PASSPHRASE)
        as_earlier(opened, earlier)
        client = add_client(opened)
        note = add_note(opened, client, "from before")
        sign_without_ai(opened, note)
        before = opened.addenda.add(note.id, "added before", SIGNER)
        with pytest.raises(VaultError):
            opened.follow_ups.add(client.id, "too early", DUE)
        opened.close()
    vault = Sealed(tmp_path / "old.vault", recovery_key).open()
    assert vault.addenda.of_note(note.id) == [before]
    vault.follow_ups.add(client.id, "after the upgrade", DUE, note.id)
    vault.addenda.add(note.id, "", SIGNER, DISCLOSED)
    assert [standing.risk for standing in vault.standings()] == [RiskState.ASKED_DISCLOSED]
    assert len(vault.search("added")) == 1
    assert vault.verify().problems == ()
    vault.close()
