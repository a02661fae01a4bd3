"""Verification of a whole vault: pages, chain, every row against its entry, what must be gone, and stray files.

What always holds: nothing is changed; every check runs, whatever the others found; a problem names the entry of the
log it concerns, in a sentence for a therapist, and holds no word of a note.
"""

import hmac
import json
from collections.abc import Callable, Iterator

from notekeeper.domain.entry import EntryKind
from notekeeper.domain.vault import VerifyReport
from notekeeper.errors import VaultError
from notekeeper.vault.connection import Connection, Row
from notekeeper.vault.folder import VaultFolder
from notekeeper.vault.log import START, SqlLog, canonical, chain_hash, digest, entry_name
from notekeeper.vault.provenance import provenance_problems
from notekeeper.vault.records import COMMITTED, REPLACED
from notekeeper.vault.verify_signatures import signature_problems

_NAMES: dict[str, str] = {
    "client.added": "client",
    "front_sheet.saved": "front sheet",
    "note.added": "note",
    "revision.saved": "saved text",
    "agreement.recorded": "agreement",
    "draft.stored": "draft",
    "draft.ended": "end of a draft",
    "decision.made": "decision",
    "note.signed": "sign-off",
    "addendum.added": "addendum",
    "addendum.risk": "risk entry of an addendum",
    "follow_up.added": "follow-up",
    "follow_up.marked": "mark of a follow-up",
    "review.own": "own view of a review",
    "review.risk": "risk entry of a review",
    "signer.set": "signer's name",
    "will.set": "clinical will",
    "signature.made": "signature",
    "provenance.ended": "end of a draft's provenance",
    "note.moved": "stub of a note filed under the wrong client",
    "client.destroyed": "register of a destroyed file",
    "retention_policy.set": "retention policy",
    "supervision_log.set": "hours of supervision",
    "signing_key.set": "signing key",
    "identity.set": "identity",
    **dict.fromkeys([kind.value for kind in EntryKind], "entry in a client's file"),
    "backup_folder.set": "second folder for backups",
}
_UNENDED = "NOT EXISTS (SELECT 1 FROM draft_end e WHERE e.draft_id = d.{column})"


def verified(
    db: Connection,
    log: SqlLog,
    place: VaultFolder,
    outside: Callable[[], Iterator[str]] = lambda: iter(()),
    header: Callable[[], Iterator[str]] = lambda: iter(()),
) -> VerifyReport:
    """The outcome of every check; it is given even for a database that cannot be read through."""
    checks: list[str] = []
    problems: list[str] = []

    def run(good: str, bad: str, check: Callable[[], Iterator[str]]) -> None:
        found: list[str] = []
        try:
            found.extend(check())
        except VaultError:
            found.append(f"{bad}: this could not be read to the end, because the database is damaged.")
        checks.append(good if not found else f"{bad}: not in order.")
        problems.extend(found)

    run("Every page of the database is whole and in its place.", "Pages", lambda: pages(db))
    run("The log's chain is unbroken from its first entry to its last.", "Log", lambda: chain(log))
    run("Everything in the record is as it was when it was written down.", "Record", lambda: _rows(db, log))
    run("Words that were to be destroyed are gone, and those of open reviews are here.", "Drafts", lambda: _ended(db))
    run("Every signature fits what it was made for.", "Signatures", lambda: signature_problems(db, log))
    run("What made the drafts behind signed notes is kept or ended.", "AI", lambda: provenance_problems(db, log))
    run("The search index covers the newest saved texts.", "Search", lambda: _index(db))
    run("The header opens this vault, and is no older one that the log knows.", "Header", header)
    run("No stray or temporary file lies in the vault's folder.", "Folder", lambda: _strangers(place))
    run("What this computer and the backups know of the log agrees with it.", "Marks kept outside", outside)
    try:
        entries, head = len(log.raw()), log.head()
    except VaultError:
        entries, head = 0, ""
    return VerifyReport(tuple(checks), tuple(problems), entries, head)


def sound(db: Connection) -> bool:
    """Whether pages, structure and the log's chain are in order: what a copy must show before it counts."""
    return not [*pages(db), *chain(SqlLog(db))]


def pages(db: Connection) -> Iterator[str]:
    """Problems of the database's pages and structure; both checks, since each misses what the other finds."""
    # The first check reads the file alone. A crash may have left a page there half written that the write-ahead log
    # has whole, so the log is folded in before.
    db.ask("wal_checkpoint(TRUNCATE)")
    if db.ask("cipher_integrity_check"):
        yield "Pages of the database were damaged or replaced. Please keep this folder and restore a backup beside it."
    if db.ask("integrity_check") != [("ok",)]:
        yield "The database's structure is damaged. Please keep this folder and restore a backup beside it."
    if db.ask("foreign_key_check"):
        yield "Something in the record belongs to a client or note that is not there."


def chain(log: SqlLog) -> Iterator[str]:
    """Problems of the log's chain of hashes."""
    before, last = START, 0
    for row in log.raw():
        if row[0] != last + 1:
            yield f"Entries {last + 1} to {row[0] - 1} are missing from the log."
        if chain_hash(before, row) != row[6]:
            yield f"{_entry(row)} was altered, or an entry before it was taken away."
        last, before = row[0], row[6]


def _rows(db: Connection, log: SqlLog) -> Iterator[str]:
    erased = {row[0] for row in db.rows("SELECT client_id FROM erasure")}
    keys = {row[0]: row[1] for row in db.rows("SELECT owner, key FROM commitment_key")}
    moved = {subject for (subjects,) in db.rows("SELECT subjects FROM note_moved") for subject in json.loads(subjects)}
    entries: dict[tuple[str, str], Row] = {(row[2], row[3]): row for row in log.raw()}
    let_go = _let_go(db, entries)
    for event, sql in (COMMITTED | REPLACED).items():
        seen: set[str] = set()
        for subject, owner, salt, *content in db.rows(sql):
            seen.add(subject)
            entry = entries.get((event, subject))
            if entry is None:
                yield f"The vault holds this without an entry in the log: {_NAMES[event]}."
                continue
            expected = digest(keys.get(owner, b""), canonical([event, subject, salt.hex(), *content]))
            if owner != entry[4] or owner not in keys or not hmac.compare_digest(expected, entry[5]):
                yield f"{_entry(entry)}: the {_NAMES[event]} written down then has been altered outside notekeeper."
        for (other, subject), entry in entries.items():
            if other != event or subject in seen or subject in moved or entry[4] in erased:
                continue
            if (event, subject) not in let_go:
                yield f"{_entry(entry)}: the {_NAMES[event]} written down then is missing from the vault."
    for client_id in erased:
        if ("client.erased", client_id) not in entries:
            yield "A client was taken out of the vault without an entry in the log."
    for (event, client_id), entry in entries.items():
        if event == "client.erased" and client_id not in erased:
            yield f"{_entry(entry)}: the erasure written down then is missing from the vault."


def _let_go(db: Connection, entries: dict[tuple[str, str], Row]) -> set[tuple[str, str]]:
    """Event and subject of rows that were taken away in good order: an identity, and the parts of a review whose note
    was signed or moved."""
    # Where a sign-off was taken away, its signature still tells: the one thing is reported, not all that followed.
    reviewed = db.rows(
        "SELECT note_id FROM sign_off UNION SELECT note_id FROM signature UNION SELECT note_id FROM note_moved"
    )
    parts = {(event, note_id) for (note_id,) in reviewed for event in ("review.own", "review.risk")}
    removed = {subject: row[0] for (event, subject), row in entries.items() if event == "identity.removed"}
    return parts | {
        ("identity.set", subject)
        for subject, number in removed.items()
        if ("identity.set", subject) in entries and entries["identity.set", subject][0] < number
    }


def _ended(db: Connection) -> Iterator[str]:
    drafts = db.rows(
        "SELECT d.content_hash, c.salt, c.body, EXISTS (SELECT 1 FROM draft_end e WHERE e.draft_id = d.id) "
        "FROM draft d LEFT JOIN draft_content c ON c.draft_id = d.id"
    )
    texts = db.rows(
        "SELECT d.text_hash, t.salt, t.text, EXISTS (SELECT 1 FROM draft_end e WHERE e.draft_id = d.draft_id) "
        "FROM decision d LEFT JOIN decision_text t ON t.decision_id = d.id WHERE d.text_hash <> ''"
    )
    contents = [("draft", h, s, None if b is None else b.encode(), e) for h, s, b, e in drafts]
    contents += [("edited wording", h, s, None if t is None else canonical(t), e) for h, s, t, e in texts]
    for name, expected, salt, content, ended in contents:
        if ended and content is not None:
            yield f"A {name} that was to be destroyed is still in the vault."
        elif not ended and content is None:
            yield f"A {name} of an open review is missing from the vault."
        elif content is not None and digest(salt, content) != expected:
            yield f"A {name} of an open review has been altered outside notekeeper."


def _index(db: Connection) -> Iterator[str]:
    newest = db.rows("SELECT count(*) FROM (SELECT 1 FROM revision GROUP BY note_id, part)")
    added = db.rows("SELECT count(*) FROM addendum")
    found = db.rows("SELECT count(*) FROM word_index_docsize"), db.rows("SELECT count(*) FROM addendum_index_docsize")
    if found != (newest, added):
        yield "The search index does not cover every note, so a search may miss some. The notes are whole."


def _strangers(place: VaultFolder) -> Iterator[str]:
    for name in place.strangers():
        yield f"The file {name} in the vault's folder is not part of the vault. Please look at it and move it away."


def _entry(row: Row) -> str:
    return entry_name(row[0], row[1])
