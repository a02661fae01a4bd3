"""The rest of a client's file against SQL: refused while the triggers stand, found by `verify` once they are gone."""

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlcipher3 import dbapi2 as sqlcipher

from notekeeper.domain.destruction import DestructionReason, Grounds
from notekeeper.domain.entry import EntryKind
from notekeeper.domain.identity import Identity
from notekeeper.domain.retention import RetentionPolicy
from notekeeper.domain.text import Frozen
from tests.lines import Tally
from tests.vault.invented import SIGNER, Sealed, add_client, add_note, sign_without_ai
from tests.vault.test_signatures import end, signed_with_draft
from tests.vault.test_verify import entries_named, number_of, report_after

pytestmark = pytest.mark.line(21)
GUARDED = ("file_entry", "signature", "provenance", "provenance_end", "note_moved", "destruction")
GROUNDS = Grounds(reason=DestructionReason.CLIENT_ASKED, policy=RetentionPolicy())


class Invented(Frozen):
    """The body of an entry."""

    words: str


def fill(sealed: Sealed) -> None:
    """A row in every table of the file's rest: provenance kept and ended, a note moved, a file destroyed."""
    vault = sealed.open()
    client, _ = signed_with_draft(vault)
    end(vault, client)
    other = add_client(vault, "D100")
    vault.entries.add(other.id, EntryKind.AI_USE, Invented(words="as it was said"))
    vault.identities.save(other.id, Identity(name="Invented Person", born=date(2001, 2, 3)))
    sign_without_ai(vault, misfiled := add_note(vault, client, "of somebody else"))
    vault.notes.move(misfiled.id, other.id)
    gone = add_client(vault, "E200")
    vault.destructions.destroy(gone.id, GROUNDS, SIGNER)
    signed_with_draft(vault, "F300")
    vault.close()


@pytest.fixture(scope="module")
def full(first: Sealed, tmp_path_factory: pytest.TempPathFactory) -> Sealed:
    """A closed vault with all that, made once."""
    sealed = Sealed(tmp_path_factory.mktemp("full") / "practice.vault", first.recovery_key)
    shutil.copytree(first.path, sealed.path)
    fill(sealed)
    return sealed


@pytest.fixture
def own(full: Sealed, tmp_path: Path) -> Sealed:
    """A copy of it."""
    shutil.copytree(full.path, tmp_path / "practice.vault")
    return Sealed(tmp_path / "practice.vault", full.recovery_key)


@pytest.fixture(scope="module")
def filled(full: Sealed, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A raw connection to a copy, foreign keys and recursive triggers off."""
    sealed = Sealed(tmp_path_factory.mktemp("filled") / "practice.vault", full.recovery_key)
    shutil.copytree(full.path, sealed.path)
    db = sealed.sqlcipher()
    db.execute("PRAGMA foreign_keys = OFF")
    db.execute("PRAGMA recursive_triggers = OFF")
    yield db
    db.close()


@pytest.mark.parametrize("table", GUARDED)
def test_rows_are_not_changed_deleted_or_replaced(filled: Any, table: str, tally: Tally) -> None:
    every = f"SELECT * FROM {table}"  # noqa: S608 (names of our own tables)
    before = filled.execute(every).fetchall()
    assert before
    columns = [row[1] for row in filled.execute(f"PRAGMA table_info({table})")]
    other = "CASE typeof(IT) WHEN 'integer' THEN 77 WHEN 'blob' THEN x'00' ELSE 'other' END"
    attempts = [f"UPDATE {table} SET {column} = {other.replace('IT', column)}" for column in columns]  # noqa: S608
    attempts.append(f"DELETE FROM {table}")  # noqa: S608
    for sql in attempts:
        with pytest.raises(sqlcipher.IntegrityError, match="append-only"):
            filled.execute(sql)
        tally.add()
    replace = f"INSERT OR REPLACE INTO {table} VALUES ({','.join('?' * len(columns))})"  # noqa: S608
    for row in before:
        with pytest.raises(sqlcipher.IntegrityError, match="append-only"):
            filled.execute(replace, row)
        tally.add()
    assert filled.execute(every).fetchall() == before


@pytest.mark.parametrize("table", ["file_entry", "signature"])
def test_a_row_is_not_replaced_by_its_id_or_its_place_alone(filled: Any, table: str) -> None:
    row = filled.execute(f"SELECT * FROM {table}").fetchone()  # noqa: S608
    replace = f"INSERT OR REPLACE INTO {table} VALUES ({','.join('?' * len(row))})"  # noqa: S608
    for changed in ((row[0], "f" * 32, *row[2:]), (9_999, *row[1:])):
        with pytest.raises(sqlcipher.IntegrityError, match="append-only"):
            filled.execute(replace, changed)


def test_nothing_is_added_to_a_note_that_was_moved_or_a_file_that_is_here(filled: Any) -> None:
    note_id, client_id = filled.execute("SELECT note_id, client_id FROM note_moved").fetchone()
    for sql in (
        "INSERT INTO signature VALUES (999, 'a', ?, ?, 'k', 's')",
        "INSERT INTO provenance VALUES ('a', ?, ?, x'00', '{}')",
        "INSERT INTO sign_off VALUES (999, 'a', ?, ?, x'00', '{}')",
        "INSERT INTO revision VALUES (999, 'a', ?, ?, 'record', 9, x'00', 'text', 'at')",
        "INSERT INTO working_text VALUES (?, ?, 'record', 'text', 'at')",
    ):
        with pytest.raises(sqlcipher.IntegrityError, match="moved"):
            filled.execute(sql, (note_id, client_id))
    with pytest.raises(sqlcipher.IntegrityError, match="append-only"):
        filled.execute("INSERT INTO destruction VALUES (?, '{}', 'at')", (client_id,))


ALTERED = {
    "ai_use.noted": "UPDATE file_entry SET body = replace(body, 'as it was said', 'forged')",
    "identity.set": "UPDATE identity SET body = replace(body, 'Invented Person', 'forged')",
    "note.moved": "UPDATE note_moved SET subjects = '[]'",
    "provenance.ended": "UPDATE provenance_end SET at = '2001-01-01T00:00:00+00:00'",
    "client.destroyed": "UPDATE destruction SET body = replace(body, 'client_asked', 'forged')",
    "signature.made": "UPDATE signature SET signature = upper(signature) || 'ab'",
}
TAKEN = {
    "ai_use.noted": "DELETE FROM file_entry",
    "note.moved": "DELETE FROM note_moved",
    "provenance.ended": "DELETE FROM provenance_end",
    "client.destroyed": "DELETE FROM destruction",
    "signature.made": "DELETE FROM signature",
    "client.erased": "DELETE FROM erasure",
}


@pytest.mark.parametrize(("event", "sql"), [*ALTERED.items(), *TAKEN.items()])
def test_without_triggers_it_is_found_at_its_entry(own: Sealed, event: str, sql: str) -> None:
    number = number_of(own, event)
    report = report_after(own, lambda db: (db.execute("PRAGMA foreign_keys = OFF"), db.execute(sql)))
    assert number in entries_named(report)
    assert "forged" not in " ".join(report.problems)


def test_a_row_smuggled_in_is_found(own: Sealed) -> None:
    sql = "INSERT INTO file_entry SELECT 99, 'ff', client_id, kind, 9, about, salt, body, at FROM file_entry LIMIT 1"
    report = report_after(own, lambda db: db.execute(sql))
    assert any("without an entry in the log" in problem for problem in report.problems)
