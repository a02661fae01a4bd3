"""What is approved is what was looked through, and nothing else is: every way in which it could differ is refused."""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from notekeeper.domain.consent import Answer, Purpose
from notekeeper.domain.entry import REPORT_PREPARED, EntryKind
from notekeeper.domain.file_export import ExportFormat
from notekeeper.domain.identifiers import IdentifierType, Treatment
from notekeeper.domain.note import Client, Note
from notekeeper.domain.supervision import ApprovedReport
from notekeeper.domain.vault import Vault
from notekeeper.errors import AgreementMissingError, NotekeeperError, NotReadyError, ReportError, UsageError
from notekeeper.services.addenda import add_addendum
from notekeeper.services.approving import Approved, approve, prepare
from notekeeper.services.approving_kept import clear_prepared, keep_prepared, kept_prepared
from notekeeper.services.consent import record_agreement
from notekeeper.services.file_export import export_client
from notekeeper.services.identifiers import add_identifier, decide
from notekeeper.services.quoting import quotable, quoted_in, read_references
from notekeeper.services.reporting import ReportChoices
from tests.approving.invented import (
    DAY,
    QUIET,
    SECOND,
    SENTENCE,
    add_client,
    approved_now,
    approved_of,
    four_clients,
    prepared_of,
    sign_with_evidence,
)
from tests.tui.reviewed import sign_session

NAME = "Marlowe"
QUESTION = f"What does {NAME} stand for?"


def entries(vault: Vault, client: Client | None = None) -> list[ApprovedReport]:
    kept = vault.entries.of(client.id if client else None, EntryKind.REPORT_APPROVED)
    return [entry.read(ApprovedReport) for entry in kept]


def named(vault: Vault) -> Client:
    """A client whose dictionary has a name."""
    client = add_client(vault)
    add_identifier(vault, client, NAME, IdentifierType.PERSON)
    return client


def test_the_file_keeps_the_page_the_digests_and_the_notes_it_rests_on(vault: Vault) -> None:
    client = add_client(vault, "C014", "Saying no", "Broken sleep")
    prepared = prepared_of(vault, client)
    approved = approved_now(vault, prepared)
    (kept,) = entries(vault, client)
    assert kept.page == prepared.document.pages[0]
    assert kept.files == {ending: hashlib.sha256(each).hexdigest() for ending, each in prepared.files.items()}
    assert set(kept.files) == {"json", "html", "md", "pdf"}
    assert kept.files["json"] == prepared.digest
    assert kept.notes == tuple(note.id for note in vault.notes.of_client(client.id))
    assert kept.approved_at == approved.at


def test_the_same_bytes_approved_again_are_one_approval(vault: Vault) -> None:
    client = add_client(vault)
    prepared = prepared_of(vault, client)
    assert approved_now(vault, prepared).entries == approved_now(vault, prepared).entries
    assert len(entries(vault)) == 1


def test_an_approval_is_made_by_approving_alone(vault: Vault) -> None:
    prepared = prepared_of(vault, add_client(vault))
    with pytest.raises(TypeError):
        Approved(prepared, prepared.document.made_at, {})


@pytest.mark.parametrize("digest", ["", "0123456789a", "0" * 64, "x" * 12])
def test_another_digest_or_too_little_of_it_is_refused(vault: Vault, digest: str) -> None:
    prepared = prepared_of(vault, add_client(vault))
    with pytest.raises(UsageError, match="digest"):
        approve(vault, prepared, digest)
    with pytest.raises(UsageError, match="at least the first 12"):
        approve(vault, prepared, prepared.digest[:11])
    assert entries(vault) == []
    assert approve(vault, prepared, f" {prepared.digest.upper()} ").prepared.digest == prepared.digest


def test_nothing_is_approved_while_a_hit_is_undecided(vault: Vault) -> None:
    client = named(vault)
    prepared = prepared_of(vault, client, question=QUESTION)
    assert {hit.found for hit in prepared.rehearsal.undecided} == {NAME}
    with pytest.raises(NotReadyError, match="not decided on") as refused:
        approved_now(vault, prepared)
    assert NAME not in str(refused.value)
    decide(vault, client, NAME, Treatment.KEEP, reason="A figure in a novel")
    again = prepared_of(vault, client, question=QUESTION)
    assert [one.reason for _, one in again.rehearsal.decided] == ["A figure in a novel"]
    assert approved_now(vault, again).prepared.document.pages[0].question == QUESTION


def test_what_is_replaced_is_in_none_of_the_approved_files(vault: Vault) -> None:
    client = named(vault)
    decide(vault, client, NAME, Treatment.GENERALISE, instead="the figure")
    approved = approved_of(vault, client, question=QUESTION)
    assert entries(vault)[0].page.question == "What does the figure stand for?"
    for ending in ("json", "html", "md"):
        assert NAME.encode() not in approved.prepared.files[ending]


def test_an_identifier_entered_after_the_rehearsal_is_looked_for_before_approval(vault: Vault) -> None:
    client = add_client(vault)
    prepared = prepared_of(vault, client, question="What of the garden?")
    assert prepared.rehearsal.undecided == ()
    add_identifier(vault, client, "garden", IdentifierType.PLACE)
    with pytest.raises(NotReadyError, match="not decided on"):
        approved_now(vault, prepared)
    assert entries(vault) == []


def _signed(vault: Vault, client: Client, _: Note) -> None:
    sign_session(vault, client, DAY + timedelta(weeks=1), "Another theme")


def _addendum(vault: Vault, client: Client, note: Note) -> None:
    from notekeeper.domain.risk import RiskEntry, RiskState

    risk = RiskEntry(state=RiskState.ASKED_DISCLOSED, words="She said more by telephone.")
    add_addendum(vault, client, note, "Rung on Tuesday.", risk)


def _moved(vault: Vault, _: Client, note: Note) -> None:
    other = vault.clients.add("C999")
    vault.notes.move(note.id, other.id)


def _decided(vault: Vault, client: Client, _: Note) -> None:
    decide(vault, client, "yes", Treatment.REPLACE, instead="no")


def _sheet(vault: Vault, client: Client, _: Note) -> None:
    from notekeeper.domain.client_file import FrontSheet

    vault.front_sheets.save(client.id, FrontSheet(sessions_planned=12))


@pytest.mark.parametrize("happens", [_signed, _addendum, _moved, _decided, _sheet])
def test_what_happened_since_it_was_shown_is_looked_at_again(
    vault: Vault, happens: Callable[[Vault, Client, Note], None]
) -> None:
    client = vault.clients.add("C014")
    for purpose in Purpose:
        record_agreement(vault, client, purpose, Answer.AGREED, how="asked in session")
    sign_session(vault, client, DAY - timedelta(weeks=1), "Saying yes")
    note = sign_with_evidence(vault, client)
    prepared = prepared_of(vault, client, risk=True)
    happens(vault, client, note)
    with pytest.raises(NotReadyError, match="Look at it again"):
        approved_now(vault, prepared)
    assert entries(vault) == []
    approved_now(vault, prepared_of(vault, client, risk=True))


def test_what_does_not_touch_the_report_does_not_stop_it(vault: Vault) -> None:
    client, other = add_client(vault), add_client(vault, "C015")
    prepared = prepared_of(vault, client)
    sign_session(vault, other, DAY + timedelta(weeks=3), "Somebody else's")
    vault.log.event("client.opened", client.id, client_id=client.id)
    assert approved_now(vault, prepared)


@pytest.mark.parametrize("answer", [Answer.WITHDRAWN, Answer.DECLINED])
def test_agreement_withdrawn_meanwhile_stops_it_for_all_and_clears_what_was_kept(vault: Vault, answer: Answer) -> None:
    one, two = add_client(vault), add_client(vault, "C015")
    prepared = prepared_of(vault, one, two, question="Where am I stuck?")
    keep_prepared(vault, prepared)
    record_agreement(vault, two, Purpose.SUPERVISION, answer, how="asked in session")
    with pytest.raises(AgreementMissingError):
        approved_now(vault, prepared)
    assert entries(vault) == []
    assert vault.jottings.of(two.id + REPORT_PREPARED) == ""
    assert vault.jottings.of(one.id + REPORT_PREPARED)
    with pytest.raises(NotReadyError):
        kept_prepared(vault, (one, two), prepared.digest)


def test_of_four_clients_no_entry_and_nothing_kept_names_another(vault: Vault) -> None:
    clients = four_clients(vault)
    asked = [(client, ReportChoices(question=f"Question on {client.code}?")) for client in clients]
    prepared = prepare(vault, asked)
    keep_prepared(vault, prepared)
    approved_now(vault, prepared)
    for client in clients:
        words = vault.jottings.of(client.id + REPORT_PREPARED)
        words += "".join(each.body for each in vault.entries.of(client.id, *EntryKind))
        assert client.code in words
        for other in clients:
            if other is not client:
                label = prepared.document.pages[clients.index(other)].themes[0].label
                assert not any(word in words for word in (other.code, other.id, label))


def test_erasing_one_client_leaves_no_word_of_them_in_the_others_entries(vault: Vault) -> None:
    clients = four_clients(vault)
    approved_of(vault, *clients)
    gone = clients[1]
    vault.clients.erase(gone.id)
    left = "".join(each.body for each in vault.entries.of(None, *EntryKind))
    assert len(entries(vault)) == 3
    assert gone.code not in left
    assert "Broken sleep" not in left
    assert vault.verify().problems == ()


def test_moving_a_note_takes_the_approval_and_what_was_kept_with_it(vault: Vault) -> None:
    client, other = add_client(vault), add_client(vault, "C015")
    prepared = prepared_of(vault, client, other)
    keep_prepared(vault, prepared)
    approved_now(vault, prepared)
    vault.notes.move(vault.notes.of_client(client.id)[0].id, other.id)
    assert entries(vault, client) == []
    assert vault.jottings.of(client.id + REPORT_PREPARED) == ""
    assert "Theme of C014" not in "".join(each.body for each in vault.entries.of(None, *EntryKind))


def test_a_later_command_approves_what_an_earlier_one_showed(vault: Vault) -> None:
    client = add_client(vault)
    note = sign_with_evidence(vault, client, DAY + timedelta(weeks=1))
    other = add_client(vault, "C015")
    choices = ReportChoices(
        risk=True, supervision=True, question="Where am I stuck?", questions=("Pace?",), quotations=((2, SENTENCE),)
    )
    assert note.number == 2
    prepared = prepare(vault, [(client, choices), (other, QUIET)])
    keep_prepared(vault, prepared)
    vault.log.event("vault.locked")
    again = kept_prepared(vault, (other, client), prepared.short)
    assert (again.digest, dict(again.files), again.asked) == (prepared.digest, dict(prepared.files), prepared.asked)
    for wrong in ((client,), (other,), (client, other, add_client(vault, "C016"))):
        with pytest.raises(NotReadyError):
            kept_prepared(vault, wrong, prepared.short)
    with pytest.raises(UsageError, match="digest"):
        kept_prepared(vault, (client, other), "0" * 12)
    clear_prepared(vault, (client, other))
    with pytest.raises(NotReadyError, match="show it first"):
        kept_prepared(vault, (client, other), prepared.short)


def test_a_quotation_is_asked_about_again_before_it_is_approved(vault: Vault) -> None:
    client = add_client(vault)
    sign_with_evidence(vault, client, DAY + timedelta(weeks=1))
    prepared = prepared_of(vault, client, quotations=((2, SENTENCE),))
    with pytest.raises(NotReadyError, match="quotes your notes 1 time"):
        approve(vault, prepared, prepared.digest)
    assert approve(vault, prepared, prepared.digest, quotations=1)


def test_only_sentences_behind_signed_themes_of_the_period_can_be_quoted(vault: Vault) -> None:
    client = add_client(vault)
    sign_with_evidence(vault, client, DAY + timedelta(weeks=1))
    offered = quotable(vault, client, QUIET)
    assert [(each.reference("C014"), each.session, each.label, each.text) for each in offered] == [
        ("C014/2.1", 2, "Yes before thinking", SENTENCE),
        ("C014/2.2", 2, "Broken sleep", SECOND),
    ]
    assert quotable(vault, client, ReportChoices(end=DAY)) == ()
    chosen = read_references(vault, [client], QUIET, ["c014/2.2", "C014/2.2"])
    assert chosen == {"C014": ((2, SECOND),)}
    assert prepared_of(vault, client, quotations=chosen["C014"]).document.pages[0].quotations[0].text == SECOND
    for wrong in ("C014/2.3", "C014/1.1", "C015/2.1", "C014/2", "2.1", "C014/2.", "C014/x.1"):
        with pytest.raises(UsageError):
            read_references(vault, [client], QUIET, [wrong])


def test_what_cannot_be_built_is_not_prepared(vault: Vault) -> None:
    client = add_client(vault)
    with pytest.raises(ReportError):
        prepared_of(vault, client, quotations=((1, "never said"),))
    with pytest.raises(NotekeeperError):
        prepare(vault, [])


def test_what_is_kept_of_a_report_that_was_shown_is_in_the_clients_export_and_names_no_other(
    vault: Vault, tmp_path: Path
) -> None:
    client, other = add_client(vault), add_client(vault, "X2Q", "Waiting rooms")
    sign_with_evidence(vault, client, DAY + timedelta(weeks=1))
    choices = ReportChoices(question="Where is my canary?", quotations=((2, SENTENCE),))
    prepared = prepare(vault, [(client, choices), (other, QUIET)])
    keep_prepared(vault, prepared)
    approved_now(vault, prepared)
    written = export_client(vault, client, tmp_path, DAY, (ExportFormat.JSON, ExportFormat.TEXT))
    for each in written:
        text = each.path.read_text(encoding="utf-8")
        assert text.count("Where is my canary?") == 2
        assert "X2Q" not in text
        assert "Waiting rooms" not in text


def test_no_word_of_it_stands_in_what_an_error_could_show(vault: Vault) -> None:
    client = add_client(vault, "C014", "Saying no")
    sign_with_evidence(vault, client, DAY + timedelta(weeks=1))
    prepared = prepared_of(vault, client, question="Where is my canary?", quotations=((2, SENTENCE),))
    shown = repr((prepared, approved_now(vault, prepared), quotable(vault, client, QUIET), quoted_in(vault, prepared)))
    assert not any(word in shown for word in ("canary", SENTENCE, "Saying no"))
