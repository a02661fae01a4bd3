"""A client's dictionary and decisions in a real vault: whose they are, what they rest on, and what goes with a note."""

from datetime import date

import pytest

from notekeeper.domain.client_file import FrontSheet
from notekeeper.domain.entry import EntryKind
from notekeeper.domain.identifiers import Identifier, IdentifierDecision, IdentifierType, Treatment
from notekeeper.domain.identity import Identity
from notekeeper.domain.note import Client
from notekeeper.domain.people import Capacity
from notekeeper.domain.vault import Vault
from notekeeper.errors import UsageError
from notekeeper.services.identifiers import (
    add_identifier,
    decide,
    decisions_of,
    dictionary_of,
    known_of,
    proposals_from_notes,
    remove_identifier,
)
from notekeeper.services.people import add_person
from notekeeper.services.writing import add_note
from tests.approving.invented import add_client

DAY = date(2026, 3, 10)
NOTE = "She told Priya about Whitby on Monday. Priya was cross."


def texts(identifiers: tuple[Identifier, ...]) -> list[str]:
    return [one.text for one in identifiers]


@pytest.fixture
def client(vault: Vault) -> Client:
    made = vault.clients.add("C014")
    add_note(vault, made, NOTE, DAY)
    return made


def test_an_identifier_is_entered_once_and_told_by_its_form(vault: Vault, client: Client) -> None:
    assert add_identifier(vault, client, "07700 900123").type is IdentifierType.CONTACT
    assert add_identifier(vault, client, " Whitby \n").text == "Whitby"
    add_identifier(vault, client, "whitby", IdentifierType.PLACE)
    assert texts(dictionary_of(vault, client)) == ["07700 900123", "whitby"]
    before = len(vault.log.entries())
    add_identifier(vault, client, "whitby", IdentifierType.PLACE)
    assert len(vault.log.entries()) == before


@pytest.mark.parametrize("text", ["", "  ", "…", "x" * 201, "\ud800"])
def test_what_can_be_no_identifier_is_refused_without_being_repeated(vault: Vault, client: Client, text: str) -> None:
    with pytest.raises(UsageError) as refused:
        add_identifier(vault, client, text)
    assert "xxx" not in str(refused.value)
    assert dictionary_of(vault, client) == ()


def test_what_is_taken_off_the_list_is_proposed_no_more_and_can_be_entered_again(vault: Vault, client: Client) -> None:
    add_identifier(vault, client, "Priya")
    assert remove_identifier(vault, client, "PRIYA") is True
    assert remove_identifier(vault, client, "PRIYA") is False
    assert dictionary_of(vault, client) == ()
    assert [one.text for one in proposals_from_notes(vault, client)] == ["Whitby", "Monday"]
    add_identifier(vault, client, "Priya")
    assert texts(dictionary_of(vault, client)) == ["Priya"]


def test_proposals_name_their_notes_the_most_telling_first(vault: Vault, client: Client) -> None:
    add_note(vault, client, "Sunday with Priya.", DAY)
    found = proposals_from_notes(vault, client)
    assert [(one.text, one.notes, one.times) for one in found] == [
        ("Priya", (1, 2), 3),
        ("Whitby", (1,), 1),
        ("Monday", (1,), 1),
        ("Sunday", (2,), 1),
    ]
    add_identifier(vault, client, "Priya", proposed=True)
    assert "Priya" not in [one.text for one in proposals_from_notes(vault, client)]


def test_what_rests_on_a_note_goes_with_it_and_what_was_entered_stays(vault: Vault, client: Client) -> None:
    add_identifier(vault, client, "Priya", proposed=True)
    add_identifier(vault, client, "Larch House")
    decide(vault, client, "Whitby", Treatment.KEEP, reason="in the papers")
    decide(vault, client, "Larch House", Treatment.REPLACE)
    other = vault.clients.add("D100")
    vault.notes.move(vault.notes.by_number(client.id, 1).id, other.id)
    assert texts(dictionary_of(vault, client)) == ["Larch House"]
    assert [one.found for one in decisions_of(vault, client)] == ["Larch House"]
    assert dictionary_of(vault, other) == ()


def test_a_decision_on_words_that_were_signed_names_that_note(vault: Vault) -> None:
    signed = add_client(vault, "C015", "Trouble with Zbigniew")
    decide(vault, signed, "Zbigniew", Treatment.REPLACE)
    (entry,) = vault.entries.of(signed.id, EntryKind.IDENTIFIER_DECISION)
    assert entry.read(IdentifierDecision).notes == (vault.notes.by_number(signed.id, 1).id,)


def test_the_file_itself_knows_names_which_are_compared_and_not_listed(vault: Vault, client: Client) -> None:
    identity = Identity(
        name="Ngozi Amoah",
        other_names="Gozi\nTunde",
        born=date(1985, 8, 17),
        address="14 Ferncliffe Terrace, Whitby",
        phone="07700 900123",
    )
    vault.identities.save(client.id, identity)
    vault.front_sheets.save(client.id, FrontSheet(gp="Dr Pell, Larkhall surgery", emergency_contact="Her sister Efua"))
    for label in ("Partner A", "Mother", "Kwabena"):
        add_person(vault, client, label, Capacity.OTHER)
    assert dictionary_of(vault, client) == ()
    known = set(texts(known_of(vault, client)))
    assert known == {
        *("Ngozi Amoah", "Gozi", "Tunde", "14 Ferncliffe Terrace", "Whitby", "07700 900123", "1985-08-17"),
        *("Dr Pell", "Larkhall surgery", "Efua", "Kwabena"),
    }
    assert remove_identifier(vault, client, "Whitby") is True
    assert "Whitby" not in texts(known_of(vault, client))
    assert vault.identities.of(client.id) == identity


def test_a_keep_needs_a_reason_and_a_generalisation_words(vault: Vault, client: Client) -> None:
    for treatment in (Treatment.KEEP, Treatment.GENERALISE):
        with pytest.raises(UsageError, match="Nothing was changed"):
            decide(vault, client, "Whitby", treatment)
    assert decisions_of(vault, client) == ()


@pytest.mark.parametrize("instead", ["near Whitby", "whitby’s coast", "with Priya", "Whtiby"])
def test_words_instead_may_not_hold_what_they_stand_for(vault: Vault, client: Client, instead: str) -> None:
    add_identifier(vault, client, "Priya")
    with pytest.raises(UsageError, match="hold what") as refused:
        decide(vault, client, "Whitby", Treatment.GENERALISE, instead=instead)
    assert "hitby" not in str(refused.value)


@pytest.mark.parametrize(
    ("found", "instead"),
    [("Priya", "[name]"), ("Larch House", "[place]"), ("07700 900123", "[contact]"), ("forty-two", "[age]")],
)
def test_a_replacement_without_words_says_what_was_there(
    vault: Vault, client: Client, found: str, instead: str
) -> None:
    add_identifier(vault, client, "Larch House", IdentifierType.PLACE)
    assert decide(vault, client, found, Treatment.REPLACE).instead == instead


def test_the_newest_decision_on_a_spelling_stands(vault: Vault, client: Client) -> None:
    decide(vault, client, "Whitby", Treatment.KEEP, reason="in the papers")
    decide(vault, client, "WHITBY", Treatment.GENERALISE, instead="a town by the sea")
    (one,) = decisions_of(vault, client)
    assert (one.treatment, one.instead, one.reason) == (Treatment.GENERALISE, "a town by the sea", "")
