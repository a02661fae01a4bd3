"""Signatures and what is kept apart from what was signed: they hold, they can be checked from outside, and what was
altered is found and named."""

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from notekeeper.domain.note import Client, Note
from notekeeper.domain.review import conclude
from notekeeper.domain.risk import RiskEntry, RiskState
from notekeeper.domain.signature import Proof, words_of
from notekeeper.domain.vault import Vault
from notekeeper.errors import ChainBrokenError
from notekeeper.vault.log import START, SqlLog, canonical, chain_hash, digest
from notekeeper.vault.provenance import end_provenance
from notekeeper.vault.vault import SqlVault
from tests.vault.invented import (
    AT,
    SIGNER,
    Sealed,
    add_client,
    add_note,
    decisions,
    drafted,
    review_of,
    sign_without_ai,
)
from tests.vault.test_verify import entries_named, number_of, report_after

pytestmark = pytest.mark.line(21)
RISK = RiskEntry(state=RiskState.ASKED_DISCLOSED, words="thoughts, no plan")


def signed_with_draft(vault: Vault, code: str = "C014") -> tuple[Client, Note]:
    """A signed note whose draft a model made, with an addendum that brings a risk entry."""
    client = add_client(vault, code)
    note, draft_id = drafted(vault, client, "text")
    for decision in decisions():
        vault.reviews.decide(draft_id, decision)
    vault.reviews.set_risk(note.id, RiskEntry(state=RiskState.NOT_ASKED))
    vault.signoffs.sign(conclude(review_of(vault, note), SIGNER, AT))
    vault.addenda.add(note.id, "Later – “rang”", SIGNER, RISK)
    return client, note


def proofs_of(vault: Vault, note: Note) -> list[Proof]:
    found = [vault.signoffs.proof(note.id), *vault.addenda.proofs(note.id)]
    assert None not in found
    return [proof for proof in found if proof is not None]


def test_anyone_can_check_a_signature(vault: Vault) -> None:
    _, note = signed_with_draft(vault)
    signed_off, added = proofs_of(vault, note)
    for proof in (signed_off, added):
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(proof.public_key))
        key.verify(bytes.fromhex(proof.signature), proof.signed)
        assert proof.public_key == vault.signatures.public_key()
    line, body = signed_off.signed.split(b"\n", 1)
    assert line == b"notekeeper sign-off 1"
    assert json.loads(body)["note_id"] == note.id
    assert json.loads(body)["provenance"] is None
    line, body = added.signed.split(b"\n", 1)
    assert line == b"notekeeper addendum 1"
    assert json.loads(body)["text"] == "Later – “rang”"
    assert json.loads(body)["risk"]["words"] == RISK.words
    assert b"Later" not in repr(added).encode()


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not on this computer")
def test_openssl_says_so_too(vault: Vault, tmp_path: Path) -> None:
    _, note = signed_with_draft(vault)
    for proof in proofs_of(vault, note):
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(proof.public_key))
        (tmp_path / "key.pem").write_bytes(key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
        (tmp_path / "signature").write_bytes(bytes.fromhex(proof.signature))
        for content, sound in ((proof.signed, True), (proof.signed + b" ", False)):
            (tmp_path / "signed").write_bytes(content)
            command = "openssl pkeyutl -verify -pubin -inkey key.pem -rawin -in signed -sigfile signature"
            done = subprocess.run(command.split(), cwd=tmp_path, capture_output=True, check=False)
            assert (done.returncode == 0) is sound, done.stderr


def test_the_key_is_made_once_and_its_secret_is_nowhere_else(sealed: Sealed) -> None:
    vault = sealed.open()
    assert (vault.signatures.public_key(), vault.signatures.words()) == ("", ())
    client = add_client(vault)
    sign_without_ai(vault, add_note(vault, client, "one"))
    first = vault.signatures.public_key()
    sign_without_ai(vault, add_note(vault, client, "two"))
    assert vault.signatures.public_key() == first
    assert [e.event for e in vault.log.entries()].count("signing_key.set") == 1
    vault.close()
    db = sealed.sqlcipher()
    body = db.execute("SELECT body FROM setting WHERE name = 'signing_key'").fetchone()[0]
    seed = json.loads(body)["seed"]
    assert sealed.pages().count(seed.encode()) == 1
    db.close()
    assert not any(seed.encode() in content for content in sealed.files().values())


def test_the_words_of_a_key_are_eight_and_change_with_it() -> None:
    # SHA-256 of 32 zero bytes begins with 66687aadf862bd776c8f: eight places in the SLIP-39 list, the first 409.
    assert words_of(bytes(32).hex()) == ("grin", "parking", "plunge", "ladybug", "glad", "viral", "intimate", "class")
    assert words_of((b"\x01" + bytes(31)).hex())[0] != "grin"


ALTERED: dict[str, tuple[str, str]] = {
    "text": ("revision.saved", "UPDATE revision SET text = 'forged'"),
    "body": ("note.signed", "UPDATE sign_off SET body = replace(body, 'Own wording', 'forged')"),
    "addendum": ("addendum.added", "UPDATE addendum SET text = 'forged'"),
    "later risk": ("addendum.risk", "UPDATE addendum_risk SET body = replace(body, 'no plan', 'forged')"),
    "signature": ("signature.made", "UPDATE signature SET signature = upper(signature) || 'ab'"),
    "public key": ("signature.made", "UPDATE signature SET public_key = subject || subject"),
    "no signature": ("signature.made", "DELETE FROM signature"),
    "provenance": ("note.signed", "UPDATE provenance SET body = replace(body, 'tiny', 'forged')"),
    "no provenance": ("note.signed", "DELETE FROM provenance"),
}


@pytest.mark.parametrize("what", ALTERED)
def test_what_was_altered_is_found_named_and_not_given_out(sealed: Sealed, what: str) -> None:
    vault = sealed.open()
    _, note = signed_with_draft(vault)
    assert vault.verify().problems == ()
    vault.close()
    event, sql = ALTERED[what]
    number = number_of(sealed, event)
    report = report_after(sealed, lambda db: db.execute(sql))
    assert number in entries_named(report)
    assert "forged" not in " ".join(report.problems)
    vault = sealed.open()
    read: Callable[[], object] = lambda: (vault.signoffs.of_note(note.id), vault.addenda.of_note(note.id))  # noqa: E731
    with pytest.raises(ChainBrokenError):
        read()
    vault.close()


def test_a_text_laid_over_the_one_that_was_signed_is_not_given_out_as_signed(sealed: Sealed) -> None:
    vault = sealed.open()
    client, note = signed_with_draft(vault)
    vault.close()
    laid_over = (
        "INSERT INTO revision (id, note_id, part, number, text, saved_at, client_id, salt) "
        "SELECT note_id, note_id, part, number + 1, 'forged', saved_at, client_id, salt FROM revision"
    )
    assert report_after(sealed, lambda db: db.execute(laid_over)).problems
    vault = sealed.open()
    for read in (lambda: vault.signoffs.of_note(note.id), lambda: vault.signoffs.of_client(client.id)):
        with pytest.raises(ChainBrokenError, match=r"text is not the one that was signed") as told:
            read()
        assert "forged" not in str(told.value)
    vault.close()


def test_a_key_that_was_replaced_or_taken_signs_nothing(sealed: Sealed) -> None:
    vault = sealed.open()
    client, _ = signed_with_draft(vault)
    vault.close()
    number = number_of(sealed, "signing_key.set")
    for sql in (
        "UPDATE setting SET body = replace(body, 'public_key', 'publickey') WHERE name = 'signing_key'",
        "DELETE FROM setting WHERE name = 'signing_key'",
    ):
        assert number in entries_named(report_after(sealed, lambda db, sql=sql: db.execute(sql)))  # type: ignore[misc]
        vault = sealed.open()
        note = add_note(vault, client, "more")
        with pytest.raises(ChainBrokenError):
            sign_without_ai(vault, note)
        assert not vault.notes.by_number(client.id, note.number).signed
        vault.close()


def test_one_with_the_vaults_keys_who_forges_body_log_and_all_is_told_by_the_signature(sealed: Sealed) -> None:
    """Everything is made to fit but the signature, for which another key is used."""
    vault = sealed.open()
    client = add_client(vault)
    note = add_note(vault, client, "text")
    sign_without_ai(vault, note, label="honest")
    vault.close()

    def forge(db: Any) -> None:
        db.execute("UPDATE sign_off SET body = replace(body, 'honest', 'forged')")
        subject, owner, body, salt = db.execute("SELECT id, client_id, body, salt FROM sign_off").fetchone()
        other = Ed25519PrivateKey.generate()
        public, made = other.public_key().public_bytes_raw().hex(), other.sign(body.encode()).hex()
        db.execute("UPDATE signature SET public_key = ?, signature = ?", (public, made))
        _commit_anew(
            db,
            {
                "note.signed": ([note.id, owner, body], salt),
                "signature.made": ([subject, note.id, owner, public, made], b""),
            },
            subject,
            owner,
        )

    report = report_after(sealed, forge)
    assert [problem.split(": ")[1] for problem in report.problems if "signature" in problem] == [
        "the signature is of another key than this vault's.",
        "its signature does not fit what is there now.",
    ]
    assert len(entries_named(report)) == 2
    vault = sealed.open()
    with pytest.raises(ChainBrokenError, match="does not fit"):
        vault.signoffs.of_note(note.id)
    vault.close()


def _commit_anew(db: Any, contents: dict[str, tuple[list[Any], bytes]], subject: str, owner: str) -> None:
    """Commitments and the whole chain, written again as somebody could who has the vault's keys."""
    key = db.execute("SELECT key FROM commitment_key WHERE owner = ?", (owner,)).fetchone()[0]
    for event, (content, salt) in contents.items():
        made = digest(key, canonical([event, subject, salt.hex(), *content]))
        db.execute("UPDATE log_entry SET commitment = ? WHERE event = ? AND subject = ?", (made, event, subject))
    before = START
    rows = db.execute("SELECT number, at, event, subject, owner, commitment FROM log_entry ORDER BY number").fetchall()
    for row in rows:
        before = chain_hash(before, row)
        db.execute("UPDATE log_entry SET hash = ? WHERE number = ?", (before, row[0]))


def test_what_was_signed_before_has_no_signature_and_is_read_all_the_same(
    sealed: Sealed, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault = sealed.open()
    client = add_client(vault)
    with monkeypatch.context() as earlier:
        earlier.setattr("notekeeper.vault.signatures.SqlSignatures.make", lambda *_: None)
        note = add_note(vault, client, "text")
        sign_without_ai(vault, note)
        vault.addenda.add(note.id, "then", SIGNER)
    assert vault.signoffs.proof(note.id) is None
    assert vault.addenda.proofs(note.id) == [None]
    vault.addenda.add(note.id, "now", SIGNER)
    assert vault.signoffs.of_note(note.id) is not None
    assert [proof is not None for proof in vault.addenda.proofs(note.id)] == [False, True]
    assert vault.verify().problems == ()
    vault.close()


def end(vault: Vault, client: Client) -> int:
    assert isinstance(vault, SqlVault)
    with vault.transaction():
        return end_provenance(vault._db, SqlLog(vault._db), client.id)


def test_provenance_ends_without_what_was_signed(sealed: Sealed) -> None:
    vault = sealed.open()
    client, note = signed_with_draft(vault)
    before = vault.signoffs.of_note(note.id)
    assert before is not None
    assert before.body.provenance is not None
    assert before.body.provenance.model == "tiny"
    assert (end(vault, client), end(vault, client)) == (1, 0)
    after = vault.signoffs.of_note(note.id)
    assert after is not None
    assert after.body == before.body.model_copy(update={"provenance": None})
    assert after.body.ai_used
    assert vault.signoffs.proof(note.id) is not None
    assert [e.event for e in vault.log.entries()].count("provenance.ended") == 1
    assert vault.verify().problems == ()
    vault.close()
    assert b'"model":"tiny"' not in sealed.pages()
    number = number_of(sealed, "provenance.ended")
    assert number in entries_named(report_after(sealed, lambda db: db.execute("DELETE FROM provenance_end")))


def test_a_body_from_before_keeps_its_provenance_and_gives_it_to_nobody_once_it_has_ended(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("notekeeper.vault.signoffs.apart", lambda body: (body, (b"", "")))
    client, note = signed_with_draft(vault)
    signed = vault.signoffs.of_note(note.id)
    assert signed is not None
    assert signed.body.provenance is not None
    assert end(vault, client) == 1
    signed = vault.signoffs.of_note(note.id)
    assert signed is not None
    assert signed.body.provenance is None
    assert vault.verify().problems == ()
