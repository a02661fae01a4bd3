"""The record: what is written comes back exactly, changes are all or nothing, and rules hold."""

import threading

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notekeeper.domain.consent import Answer, Purpose
from notekeeper.domain.note import MAX_NOTE_CHARACTERS, Client, NoteFormat, NoteKind, NotePart
from notekeeper.domain.review import Signer
from notekeeper.domain.vault import Vault
from notekeeper.errors import UsageError, VaultWriteError
from tests.vault.invented import AT, DAY, SIGNER, Sealed, add_client, add_note, agree, sign_without_ai

AWKWARD = [
    "",
    "\x00",
    "before\x00after",
    "\x1b]52;c;x\x07",
    "\u202eright to left\u202c",
    "\U0001f9d1\u200d\U0001f3a8 e\u0301 \ufeff",
    "line\r\nline\rline\u2028",
    "'); DROP TABLE revision; --",
    "<b>\U0010ffff",
]
texts = st.one_of(st.sampled_from(AWKWARD), st.text(st.characters(exclude_categories=["Cs"]), max_size=200))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=texts, working=texts)
def test_texts_come_back_exactly(vault: Vault, text: str, working: str) -> None:
    if not (clients := vault.clients.all()):
        clients = [add_client(vault)]
    note = add_note(vault, clients[0])
    kept = vault.notes.autosave(note.id, working)
    assert vault.notes.working(note.id) == kept
    assert kept.text == working
    saved = vault.notes.save(note.id, text)
    assert saved.text == text
    assert vault.notes.latest(note.id) == saved
    assert vault.notes.revisions(note.id) == [saved]
    assert vault.notes.working(note.id) is None


def test_a_record_survives_closing(sealed: Sealed) -> None:
    vault = sealed.open()
    client = vault.clients.add("C014", demonstration=True)
    note = add_note(vault, client, "first")
    vault.notes.save(note.id, "second\x00")
    vault.notes.save(note.id, "process", NotePart.PROCESS)
    vault.notes.autosave(note.id, "typing")
    agree(vault, client)
    vault.set_signer(SIGNER)
    head = vault.log.head()
    vault.close()
    vault.close()
    vault = sealed.open()
    assert vault.clients.all() == [client] == [vault.clients.by_code("c014")]
    assert vault.notes.of_client(client.id) == [note] == [vault.notes.by_number(client.id, 1)]
    assert [(r.number, r.text) for r in vault.notes.revisions(note.id)] == [(1, "first"), (2, "second\x00")]
    assert [r.text for r in vault.notes.revisions(note.id, NotePart.PROCESS)] == ["process"]
    working = vault.notes.working(note.id)
    assert working is not None
    assert working.text == "typing"
    assert vault.signer() == SIGNER
    assert vault.log.head() == head
    assert vault.verify().problems == ()
    vault.close()


def test_codes_are_unique_whatever_their_case_and_unknown_things_are_said_to_be(vault: Vault) -> None:
    client = add_client(vault)
    before = vault.log.head()
    for attempt in (
        lambda: vault.clients.add("c014"),
        lambda: vault.clients.add("Anna Schmidt"),
        lambda: vault.clients.by_code("C015"),
        lambda: vault.clients.erase("0" * 32),
        lambda: vault.notes.by_number(client.id, 1),
        lambda: vault.notes.add("0" * 32, kind=NoteKind.CONTACT, format=NoteFormat.FREE, date=DAY),
        lambda: vault.notes.save("0" * 32, "text"),
        lambda: vault.notes.autosave("0" * 32, "text"),
        lambda: vault.log.event("report.exported", "ab" * 16, b"bytes", "0" * 32),
    ):
        with pytest.raises(UsageError):
            attempt()
    assert vault.log.head() == before


def test_saving_the_same_text_again_is_the_same_revision(vault: Vault) -> None:
    note = add_note(vault, add_client(vault))
    first = vault.notes.save(note.id, "text")
    head = vault.log.head()
    vault.notes.autosave(note.id, "text")
    assert vault.notes.save(note.id, "text") == first
    assert vault.notes.working(note.id) is None
    assert vault.log.head() == head
    second = vault.notes.save(note.id, "other")
    assert vault.notes.save(note.id, "text").number == second.number + 1


def test_what_cannot_be_kept_is_refused_without_its_words(vault: Vault) -> None:
    note = add_note(vault, add_client(vault), "kept")
    for attempt in (vault.notes.save, vault.notes.autosave):
        for text in ("secretword\ud800", "s" * (MAX_NOTE_CHARACTERS + 1)):
            with pytest.raises(UsageError) as caught:
                attempt(note.id, text)
            assert "secretword" not in str(caught.value)
            assert caught.value.__suppress_context__ or caught.value.__context__ is None
    latest = vault.notes.latest(note.id)
    assert latest is not None
    assert latest.text == "kept"
    assert vault.notes.working(note.id) is None


def two_notes_and_a_failure(vault: Vault, client: Client) -> None:
    with vault.transaction():
        add_note(vault, client, "one")
        with vault.transaction():
            add_note(vault, client, "two")
        vault.clients.add(client.code)


def test_transactions_are_all_or_nothing_and_nest(vault: Vault) -> None:
    client = add_client(vault)
    head = vault.log.head()
    with pytest.raises(UsageError):
        two_notes_and_a_failure(vault, client)
    assert vault.notes.of_client(client.id) == []
    assert vault.log.head() == head
    with vault.transaction():
        add_note(vault, client, "kept")
        with pytest.raises(UsageError):
            two_notes_and_a_failure(vault, client)
    assert [n.number for n in vault.notes.of_client(client.id)] == [1]
    assert vault.verify().problems == ()


def test_the_newest_answer_stands(vault: Vault) -> None:
    client = add_client(vault)
    assert vault.agreements.current(client.id, Purpose.DRAFTING) is None
    for answer in (Answer.AGREED, Answer.WITHDRAWN, Answer.AGREED):
        agree(vault, client, answer)
        current = vault.agreements.current(client.id, Purpose.DRAFTING)
        assert current is not None
        assert (current.answer, current.at, current.client_id) == (answer, AT, client.id)
    assert vault.agreements.current(client.id, Purpose.PATTERNS) is None


def test_every_change_appends_one_entry_and_typing_none(vault: Vault) -> None:
    client = add_client(vault)
    note = add_note(vault, client, "text")
    vault.notes.autosave(note.id, "typing")
    vault.notes.save(note.id, "typing")
    agree(vault, client)
    vault.set_signer(Signer(name="One"))
    sign_without_ai(vault, note)
    vault.log.event("report.exported", "ab" * 32, b"approved bytes", client.id)
    events = [e.event for e in vault.log.entries()]
    assert events == [
        "vault.created",
        "client.added",
        "note.added",
        "revision.saved",
        "revision.saved",
        "agreement.recorded",
        "signer.set",
        "review.risk",
        "review.own",
        "note.signed",
        "signing_key.set",
        "signature.made",
        "report.exported",
    ]
    assert [e.number for e in vault.log.entries()] == list(range(1, len(events) + 1))
    assert vault.log.head() == vault.log.entries()[-1].hash


@pytest.mark.parametrize(("event", "subject"), [("revision.saved", ""), ("Bad name", ""), ("report.made", "C014/3")])
def test_events_from_outside_cannot_pose_as_the_vaults_own_or_carry_words(
    vault: Vault, event: str, subject: str
) -> None:
    with pytest.raises(ValueError, match="event"):
        vault.log.event(event, subject)


def test_several_threads_write_one_after_another(vault: Vault) -> None:
    client = add_client(vault)

    def write() -> None:
        for _ in range(5):
            add_note(vault, client, "text")

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [n.number for n in vault.notes.of_client(client.id)] == list(range(1, 21))
    assert vault.verify().problems == ()


def test_a_full_disk_keeps_what_was_there_and_a_retry_works(sealed: Sealed) -> None:
    resource = pytest.importorskip("resource", reason="Windows has no limit on file sizes to play a full disk with")
    vault = sealed.open()
    note = add_note(vault, add_client(vault), "kept")
    most, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    largest = max(p.stat().st_size for p in sealed.path.iterdir() if p.is_file())
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest + 8192, hard))
    try:
        for attempt in (vault.notes.save, vault.notes.autosave):
            with pytest.raises(VaultWriteError) as caught:
                attempt(note.id, "secretword " * 60_000)  # more than the log that is there has room for
            assert "secretword" not in str(caught.value)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, hard))
    assert [r.text for r in vault.notes.revisions(note.id)] == ["kept"]
    vault.notes.save(note.id, "secretword " * 60_000)
    assert vault.verify().problems == ()
    vault.close()
