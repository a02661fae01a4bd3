"""Invented content for the vault's tests, and ways to look into a vault from outside the program."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import apsw
import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from sqlcipher3 import dbapi2 as sqlcipher

from notekeeper.domain.consent import Agreement, Answer, Purpose
from notekeeper.domain.draft import Draft, Focus, Idea, Provenance, ReadAccount, Reflection, Theme, Withheld
from notekeeper.domain.note import Client, Note, NoteFormat, NoteKind
from notekeeper.domain.review import Choice, Decision, Destination, OwnTheme, OwnView, Review, Signer, conclude
from notekeeper.domain.risk import RiskEntry, RiskState
from notekeeper.domain.text import Evidence
from notekeeper.domain.vault import Vault
from notekeeper.vault import create, header, unlock_with_recovery_key
from notekeeper.vault.vault import SqlVault

PASSPHRASE = "velvet lantern ninth orchard"
AT = datetime(2026, 3, 4, 10, 30, tzinfo=UTC)
DAY = date(2026, 3, 3)
SIGNER = Signer(name="Dr Imagined", registration="X-1")
PAGE, RESERVE, IV_AT = 4096, 80, 80


def hash_quickly(patch: pytest.MonkeyPatch) -> None:
    """Stand a quick hash in for Argon2id, where a test is about steps on files and opens vaults many times."""
    patch.setattr(
        "notekeeper.vault.keys.passphrase_key",
        lambda passphrase, salt, _: hashlib.sha256(salt + passphrase.encode()).digest(),
    )


@dataclass(frozen=True)
class Sealed:
    """A closed vault and what opens it."""

    path: Path
    recovery_key: str

    def open(self) -> Vault:
        """By the recovery key, which needs no Argon2id and so costs two milliseconds."""
        return unlock_with_recovery_key(self.path, self.recovery_key)

    def key(self) -> bytes:
        return header.key_by_recovery_key(header.read(self.path / "header"), self.recovery_key).raw

    def files(self) -> dict[str, bytes]:
        """Every file with its bytes, but the count of wrong tries."""
        found = sorted(p for p in self.path.rglob("*") if p.is_file() and p.name != "attempts")
        return {p.relative_to(self.path).as_posix(): p.read_bytes() for p in found}

    def sqlcipher(self) -> Any:
        """The closed database, raw, without the program's guards on the connection."""
        db = sqlcipher.connect(str(self.path / "vault.db"), isolation_level=None)
        db.execute(f"PRAGMA key = \"x'{self.key().hex()}'\"")
        return db

    def independent(self) -> apsw.Connection:
        """The closed database through another implementation of the format."""
        db = apsw.Connection(str(self.path / "vault.db"))
        db.pragma("cipher", "sqlcipher")
        db.pragma("legacy", 4)
        db.pragma("key", f"x'{self.key().hex()}'")
        return db

    def pages(self) -> bytes:
        """Every page of vault.db deciphered by hand, free pages and slack included."""
        content = (self.path / "vault.db").read_bytes()
        plain = b""
        for start in range(0, len(content), PAGE):
            page = content[start : start + PAGE]
            iv = page[-IV_AT : -IV_AT + 16]
            body = page[16 if start == 0 else 0 : -RESERVE]
            plain += Cipher(algorithms.AES(self.key()), modes.CBC(iv)).decryptor().update(body)
        return plain


def as_earlier(vault: SqlVault, patch: pytest.MonkeyPatch) -> None:
    """Let today's program write into a vault of an earlier form: tables that it asks and that were not there stand in
    for this connection alone, and nothing is signed with a key, as nothing was then."""
    for sql in (
        "CREATE TEMP TABLE note_moved (note_id TEXT, client_id TEXT, subjects TEXT, at TEXT)",
        "CREATE TEMP TABLE provenance_end (sign_off_id TEXT, note_id TEXT, client_id TEXT, at TEXT)",
        "CREATE TEMP TABLE signature (subject TEXT, note_id TEXT, client_id TEXT, public_key TEXT, signature TEXT)",
    ):
        vault._db.run(sql)
    patch.setattr("notekeeper.vault.signatures.SqlSignatures.make", lambda *_: None)


def sealed_cheaply(folder: Path, patch: pytest.MonkeyPatch) -> Sealed:
    """A closed, empty vault in `folder`, whose passphrase costs little from now on."""
    hash_quickly(patch)
    vault, key = create(folder / "practice.vault", PASSPHRASE)
    vault.close()
    return Sealed(folder / "practice.vault", key)


def add_client(vault: Vault, code: str = "C014") -> Client:
    return vault.clients.add(code)


def add_note(vault: Vault, client: Client, text: str | None = None) -> Note:
    note = vault.notes.add(client.id, kind=NoteKind.SESSION, format=NoteFormat.FREE, date=DAY)
    if text is not None:
        vault.notes.save(note.id, text)
    return note


def agree(vault: Vault, client: Client, answer: Answer = Answer.AGREED) -> None:
    vault.agreements.record(
        Agreement(
            client_id=client.id,
            purpose=Purpose.DRAFTING,
            answer=answer,
            how="asked in session",
            given_by="the client",
            wording_version="2026-11",
            at=AT,
        )
    )


def draft_of(text: str, word: str = "modelword") -> Draft:
    """A draft with one item of each kind, whose own words all hold `word`."""
    evidence = (Evidence(start=0, end=len(text), text=text),)
    return Draft(
        focus=Focus(text=f"{word} focus", evidence=evidence),
        themes=(Theme(label=f"{word} theme", code="loss", support=0.75, evidence=evidence, trend="present"),),
        reflections=(Reflection(question=f"{word} question", evidence=evidence),),
        ideas=(Idea(hypothesis=f"{word} idea", evidence=evidence),),
        withheld=(Withheld(kind="theme", text=f"{word} withheld", reason="not_in_evidence"),),
        read=ReadAccount(sentences=1, windows=1, encoder=(1,), model=(1,)),
        provenance=Provenance(app_version="0.1.0", model="tiny", model_sha256="ab" * 32),
    )


def decisions(edited: str = "Own wording") -> list[Decision]:
    """Focus edited, theme accepted, reflection and idea rejected."""
    return [
        Decision(item="F", choice=Choice.EDITED, at=AT, text=edited, destination=Destination.RECORD),
        Decision(item="T1", choice=Choice.ACCEPTED, at=AT),
        Decision(item="R1", choice=Choice.REJECTED, at=AT),
        Decision(item="I1", choice=Choice.REJECTED, at=AT),
    ]


def review_of(vault: Vault, note: Note, own: OwnView | None = None) -> Review:
    """The review as the services put it together from the vault."""
    revision = vault.notes.latest(note.id)
    assert revision is not None
    stored = vault.drafts.latest(note.id)
    return Review(
        note_id=note.id,
        client_id=note.client_id,
        note_date=note.date,
        revision_id=revision.id,
        revision_sha256=hashlib.sha256(revision.text.encode()).hexdigest(),
        draft=stored.draft if stored else None,
        decisions=vault.reviews.decisions(stored.id) if stored else {},
        own=own or vault.reviews.own(note.id),
        risk=vault.reviews.risk(note.id),
    )


def sign_without_ai(vault: Vault, note: Note, label: str = "own theme") -> None:
    vault.reviews.set_risk(note.id, RiskEntry(state=RiskState.NOT_ASKED))
    vault.reviews.set_own(note.id, OwnView(focus="own focus", themes=(OwnTheme(label=label),)))
    vault.signoffs.sign(conclude(review_of(vault, note), SIGNER, AT))


def drafted(vault: Vault, client: Client, text: str, word: str = "modelword") -> tuple[Note, str]:
    """A note with an agreed draft; the draft's id."""
    agree(vault, client)
    note = add_note(vault, client, text)
    revision = vault.notes.latest(note.id)
    assert revision is not None
    return note, vault.drafts.store(note.id, revision.id, draft_of(text, word)).id
