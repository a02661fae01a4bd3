"""Append-only means append-only: SQL itself refuses, also by INSERT OR REPLACE and without the program's settings."""

import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from sqlcipher3 import dbapi2 as sqlcipher

from tests.lines import Tally
from tests.vault.invented import Sealed, add_client, add_note, decisions, draft_of, drafted, sign_without_ai

pytestmark = pytest.mark.line(21)
GUARDED = [
    "log_entry",
    "commitment_key",
    "client",
    "note",
    "revision",
    "agreement",
    "draft",
    "draft_end",
    "draft_content",
    "decision",
    "decision_text",
    "sign_off",
    "erasure",
]


@pytest.fixture(scope="module")
def filled(first: Sealed, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A raw connection, foreign keys and recursive triggers off, to a vault with a row in every guarded table."""
    sealed = Sealed(tmp_path_factory.mktemp("guards") / "practice.vault", first.recovery_key)
    shutil.copytree(first.path, sealed.path)
    vault = sealed.open()
    client = add_client(vault)
    vault.clients.erase(add_client(vault, "gone").id)
    _, draft_id = drafted(vault, client, "text")
    vault.reviews.decide(draft_id, decisions()[0])
    drafted(vault, client, "another")
    note, _ = drafted(vault, client, "third")
    revision = vault.notes.latest(note.id)
    assert revision is not None
    vault.drafts.store(note.id, revision.id, draft_of("third"))
    sign_without_ai(vault, add_note(vault, client, "fourth"))
    vault.close()
    db = sealed.sqlcipher()
    db.execute("PRAGMA foreign_keys = OFF")
    db.execute("PRAGMA recursive_triggers = OFF")
    yield db
    db.close()


def about(table: str, sql: str) -> str:
    return sql.replace("THIS", table)


@pytest.mark.parametrize("table", GUARDED)
def test_rows_are_not_changed_deleted_or_replaced(filled: Any, table: str, tally: Tally) -> None:
    every = about(table, "SELECT * FROM THIS")
    before = filled.execute(every).fetchall()
    assert before
    columns = [row[1] for row in filled.execute(f"PRAGMA table_info({table})")]
    for column in columns:
        other = f"CASE typeof({column}) WHEN 'integer' THEN 77 WHEN 'blob' THEN randomblob(32) ELSE 'other' END"
        if (table, column) != ("client", "last_number"):
            with pytest.raises(sqlcipher.IntegrityError, match="append-only"):
                filled.execute(about(table, f"UPDATE THIS SET {column} = {other}"))  # noqa: S608 (names of our own tables)
            tally.add()
    with pytest.raises(sqlcipher.IntegrityError, match="append-only"):
        filled.execute(about(table, "DELETE FROM THIS"))
    tally.add()
    replace = about(table, f"INSERT OR REPLACE INTO THIS VALUES ({','.join('?' * len(columns))})")  # noqa: S608 (names of our own tables)
    for row in before:
        with pytest.raises(sqlcipher.IntegrityError, match="append-only"):
            filled.execute(replace, row)
        tally.add()
    assert filled.execute(every).fetchall() == before


@pytest.mark.parametrize("table", ["revision", "agreement", "draft", "decision", "sign_off"])
def test_a_row_is_not_replaced_by_its_id_or_its_place_alone(filled: Any, table: str) -> None:
    row = filled.execute(about(table, "SELECT * FROM THIS")).fetchone()
    replace = about(table, f"INSERT OR REPLACE INTO THIS VALUES ({','.join('?' * len(row))})")  # noqa: S608 (names of our own tables)
    for changed in ((row[0], "f" * 32, *row[2:]), (9_999, *row[1:])):
        with pytest.raises(sqlcipher.IntegrityError, match="append-only"):
            filled.execute(replace, changed)


def test_a_number_once_given_is_not_given_back(filled: Any) -> None:
    with pytest.raises(sqlcipher.IntegrityError, match="append-only"):
        filled.execute("UPDATE client SET last_number = last_number - 1")


def test_nothing_is_added_to_a_signed_note(filled: Any) -> None:
    note_id, client_id = filled.execute("SELECT note_id, client_id FROM sign_off").fetchone()
    for sql in (
        "INSERT INTO revision VALUES (999, 'a', ?, ?, 'record', 9, x'00', 'text', 'at')",
        "INSERT INTO working_text VALUES (?, ?, 'record', 'text', 'at')",
        "INSERT INTO draft VALUES (999, 'a', ?, ?, 'r', 'at', '{}', '')",
        "INSERT INTO review_part VALUES (?, ?, 'own', x'00', '{}')",
    ):
        with pytest.raises(sqlcipher.IntegrityError):
            filled.execute(sql, (note_id, client_id))
