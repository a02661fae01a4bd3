"""Signed patterns in the vault: verified whenever read, gone with what they rest on, without a model once withdrawn."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from notekeeper.domain.consent import Answer, Purpose
from notekeeper.domain.draft import Provenance
from notekeeper.domain.entry import PREPARED, EntryKind
from notekeeper.domain.note import Client
from notekeeper.domain.pattern import PatternSignOff, concluded_patterns
from notekeeper.domain.pattern_work import DRAFT, WordedStatement
from notekeeper.domain.signature import PATTERNS, Proof, fits
from notekeeper.domain.vault import Vault
from notekeeper.errors import ChainBrokenError, UsageError
from notekeeper.services.client_patterns import patterns_of, signed_patterns, work_of
from notekeeper.services.client_patterns_review import (
    accept_pattern,
    edit_pattern,
    keep_work,
    reject_pattern,
    sign_patterns,
)
from notekeeper.services.client_patterns_threads import merge_threads, rename_thread
from notekeeper.services.consent import record_agreement
from notekeeper.services.file_export import build_file
from notekeeper.vault.pattern_signoffs import signed_bytes
from tests.vault.invented import Sealed
from tests.vault.patterned import FIRST, SLEEP, patterned, signed_session
from tests.vault.test_verify import entries_named, report_after

MODEL = "lemurword nights, and later a tapirword morning"
MADE_BY = Provenance(app_version="0", model="tiny-okapi", model_sha256="ab" * 32)


def worded(vault: Vault, client: Client) -> None:
    """What a model made of both patterns: one sentence that passed, one that did not."""
    seen = patterns_of(vault, client)
    first, second = seen.review.items
    made = {
        first.key: WordedStatement(statement=f"{MODEL}."),
        second.key: WordedStatement(withheld="zebraword rota", reason="It says the same word twice."),
    }
    keep_work(vault, seen, work_of(vault, client).model_copy(update={"worded": made, "provenance": MADE_BY}))


def signed_with_model(vault: Vault, code: str = "C014", *, keep: bool = True) -> Client:
    client = patterned(vault, code)
    worded(vault, client)
    (accept_pattern if keep else reject_pattern)(vault, client, "P1")
    accept_pattern(vault, client, "P2")
    sign_patterns(vault, client)
    return client


def test_what_is_signed_can_be_checked_with_the_public_key_alone(vault: Vault) -> None:
    client = signed_with_model(vault)
    (entry,) = vault.entries.of(client.id, EntryKind.PATTERNS_SIGNED)
    body = entry.read(PatternSignOff)
    signed = signed_bytes(entry.body)
    assert signed.startswith(PATTERNS)
    assert fits(Proof(body.public_key, body.signature, signed))
    assert not fits(Proof(body.public_key, body.signature, signed_bytes(entry.body.replace("lemurword", "lemurwore"))))
    assert body.public_key == vault.signatures.public_key()
    assert body.provenance is None
    stands = signed_patterns(vault, client)
    assert stands is not None
    assert stands.body == body.model_copy(update={"provenance": MADE_BY})
    assert (stands.body.ai_used, stands.body.withheld, stands.body.rejected) == (True, 1, 0)


def test_what_the_model_wrote_and_was_not_kept_is_destroyed_and_counted(sealed: Sealed) -> None:
    vault = sealed.open()
    client = signed_with_model(vault, keep=False)
    stands = signed_patterns(vault, client)
    assert stands is not None
    assert (len(stands.body.patterns), stands.body.rejected, stands.body.withheld) == (1, 1, 1)
    vault.close()
    pages = sealed.pages()
    assert b"lemurword" not in pages
    assert b"zebraword" not in pages


@pytest.mark.parametrize(
    "change",
    [
        lambda body: body.update(attestation="I have read nothing."),
        lambda body: body["patterns"][0].update(statement="All is well."),
        lambda body: body.update(public_key="ab" * 32),
        lambda body: body.update(signature="ab" * 64),
        lambda body: body.update(rejected=7),
    ],
)
def test_a_changed_body_is_refused_and_named(sealed: Sealed, change: Callable[[dict[str, Any]], object]) -> None:
    vault = sealed.open()
    client = signed_with_model(vault)
    vault.close()
    db = sealed.sqlcipher()
    (stored,) = db.execute("SELECT body FROM file_entry WHERE kind = 'pattern.signed'").fetchone()
    body = json.loads(stored)
    change(body)
    db.execute("DROP TRIGGER file_entry_update")
    db.execute(
        "UPDATE file_entry SET body = ? WHERE kind = 'pattern.signed'",
        (json.dumps(body, sort_keys=True, separators=(",", ":")),),
    )
    db.close()
    vault = sealed.open()
    with pytest.raises(ChainBrokenError, match=r"entry [0-9]+ of the log"):
        signed_patterns(vault, client)
    assert vault.verify().problems
    vault.close()


def test_provenance_that_was_changed_or_taken_out_is_found(sealed: Sealed) -> None:
    vault = sealed.open()
    signed_with_model(vault)
    assert vault.verify().problems == ()
    vault.close()

    assert entries_named(report_after(sealed, lambda db: db.execute("DELETE FROM provenance")))


def test_a_signature_of_another_key_is_none(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    client = patterned(vault)
    for name in ("P1", "P2"):
        accept_pattern(vault, client, name)
    vault.signatures.sign(PATTERNS)  # the vault's own key is made
    other = Ed25519PrivateKey.generate()
    forged = Proof(other.public_key().public_bytes_raw().hex(), other.sign(PATTERNS).hex(), PATTERNS)
    monkeypatch.setattr("notekeeper.vault.signatures.SqlSignatures.sign", lambda *_: forged)
    with pytest.raises(ChainBrokenError, match="not this vault's"):
        sign_patterns(vault, client)
    assert vault.pattern_signoffs.of_client(client.id) == []


def test_only_signed_notes_of_the_clients_own_file_can_be_cited(vault: Vault) -> None:
    client, other = signed_with_model(vault), patterned(vault, "C02")
    stands = signed_patterns(vault, client)
    assert stands is not None
    foreign = vault.notes.of_client(other.id)[0].id
    for update in (
        {"notes": ()},
        {"notes": (*stands.body.notes, foreign)},
        {"notes": stands.body.notes[:1]},
        {"client_id": other.id},
    ):
        with pytest.raises(UsageError, match="Nothing was signed"):
            vault.pattern_signoffs.sign(concluded_patterns(stands.body.model_copy(update=update)))
    assert len(vault.pattern_signoffs.of_client(client.id)) == 1


def test_a_moved_note_takes_the_signatures_and_edits_that_rest_on_it(sealed: Sealed) -> None:
    vault = sealed.open()
    client, right = signed_with_model(vault), vault.clients.add("RIGHT")
    first = signed_patterns(vault, client)
    rename_thread(vault, client, "T2", "The rota, early")
    later = signed_session(vault, client, [SLEEP[3]], 6)
    for name in ("P1", "P2"):
        accept_pattern(vault, client, name)
    rename_thread(vault, client, "T1", "Nights with the quokkaword")
    for name in ("P1", "P2"):
        accept_pattern(vault, client, name)
    sign_patterns(vault, client)
    accept_pattern(vault, client, "P1")
    vault.notes.move(later.id, right.id)
    assert vault.pattern_signoffs.of_client(client.id) == [first]
    seen = patterns_of(vault, client)
    assert [each.label for each in seen.threads] == ["Lying awake at four", "The rota, early"]
    assert seen.review.undecided() == ("P1", "P2")
    assert vault.verify().problems == ()
    vault.notes.move(vault.notes.of_client(client.id)[0].id, right.id)
    assert vault.pattern_signoffs.of_client(client.id) == []
    assert patterns_of(vault, client).edits == ()
    assert vault.verify().problems == ()
    vault.close()
    pages = sealed.pages()
    assert b"quokkaword" not in pages
    assert b"tiny-okapi" not in pages


@pytest.mark.parametrize("answer", [Answer.DECLINED, Answer.WITHDRAWN])
def test_withdrawing_patterns_clears_what_is_in_work_and_what_made_the_signed_ones(
    sealed: Sealed, answer: Answer
) -> None:
    vault = sealed.open()
    client = signed_with_model(vault)
    before = signed_patterns(vault, client)
    signed_session(vault, client, [SLEEP[3]], 6)
    worded(vault, client)
    edit_pattern(vault, client, "P2", statement="In work: gibbonword.")
    record_agreement(vault, client, Purpose.PATTERNS, answer, how="spoken")
    assert vault.jottings.of(client.id + DRAFT) == ""
    after = signed_patterns(vault, client)
    assert before is not None
    assert after is not None
    assert after.body == before.body.model_copy(update={"provenance": None})
    assert after.body.ai_used
    assert vault.verify().problems == ()
    vault.close()
    pages = sealed.pages()
    assert b"gibbonword" not in pages
    assert b"tiny-okapi" not in pages
    assert b"lemurword" in pages  # what was signed stays


def test_withdrawing_drafting_takes_the_models_words_and_leaves_the_therapists(vault: Vault) -> None:
    client = patterned(vault)
    worded(vault, client)
    accept_pattern(vault, client, "P1")
    edit_pattern(vault, client, "P2", statement="The rota, in my words.")
    record_agreement(vault, client, Purpose.DRAFTING, Answer.WITHDRAWN, how="spoken")
    kept = vault.jottings.of(client.id + DRAFT)
    assert "lemurword" not in kept
    assert "zebraword" not in kept
    assert "okapi" not in kept
    seen = patterns_of(vault, client)
    assert seen.review.undecided() == ("P1",)
    assert seen.review.items[0].statement == seen.review.items[0].composed
    assert seen.review.items[1].statement == "The rota, in my words."


def test_withdrawing_drafting_ends_what_made_signed_patterns(vault: Vault) -> None:
    client = signed_with_model(vault)
    record_agreement(vault, client, Purpose.DRAFTING, Answer.WITHDRAWN, how="spoken")
    stands = signed_patterns(vault, client)
    assert stands is not None
    assert stands.body.provenance is None
    assert [entry.event for entry in vault.log.entries()].count("provenance.ended") == 1
    assert vault.verify().problems == ()


def test_erasing_the_client_takes_everything(sealed: Sealed) -> None:
    vault = sealed.open()
    client, other = signed_with_model(vault), patterned(vault, "C02")
    merge_threads(vault, client, "T1", "T2")
    accept_pattern(vault, client, "P1")
    vault.clients.erase(client.id)
    assert vault.entries.of(client.id, EntryKind.PATTERNS_SIGNED, EntryKind.THREAD_EDIT) == []
    assert vault.jottings.of(client.id + DRAFT) == ""
    assert len(patterns_of(vault, other).review.items) == 2
    assert vault.verify().problems == ()
    vault.close()
    pages = sealed.pages()
    assert b"lemurword" not in pages
    assert b"tiny-okapi" not in pages


def test_the_review_in_work_is_among_what_a_moved_note_clears() -> None:
    assert DRAFT in PREPARED


def test_an_export_of_the_file_holds_what_was_signed_and_what_is_in_work(vault: Vault) -> None:
    client = signed_with_model(vault)
    rename_thread(vault, client, "T1", "Nights, renamed")
    edit_pattern(vault, client, "P1", statement="In work: gibbonword.")
    held = build_file(vault, client, FIRST).model_dump_json()
    for words in ("lemurword", "Nights, renamed", "gibbonword", "tiny-okapi"):
        assert words in held
    record_agreement(vault, client, Purpose.PATTERNS, Answer.WITHDRAWN, how="spoken")
    held = build_file(vault, client, FIRST).model_dump_json()
    assert "lemurword" in held
    assert "gibbonword" not in held
    assert "tiny-okapi" not in held
