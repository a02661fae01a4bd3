"""Asking, recording and using agreement to AI use, purpose by purpose and person by person.

What always holds: this is the only module that makes a permit for a client's notes, and it does so from the answers
that stand now; an answer says whose it is, in what capacity it was given and on which day, which is never to come.
"""

from datetime import UTC, date, datetime

from notekeeper.domain.agreement import Lack, Standing, agrees, lacking_words
from notekeeper.domain.consent import (
    Agreement,
    AgreementDetail,
    Answer,
    DraftPermit,
    GivenAs,
    Party,
    Purpose,
    permit_for_client,
    permit_for_given_text,
    permit_for_patterns,
)
from notekeeper.domain.note import Client
from notekeeper.domain.people import PersonOnFile
from notekeeper.domain.vault import Vault
from notekeeper.errors import AgreementMissingError, UsageError
from notekeeper.services.caseload import own_day

WORDING_VERSION = "2026-11"
WORDING = {
    Purpose.DRAFTING: (
        "A program on my own computer may read my notes of our sessions and suggest themes to me. Nothing leaves this "
        "computer, nothing is trained on it, and I decide about every suggestion."
    ),
    Purpose.PATTERNS: "The same program may follow themes over our sessions, from what I have signed.",
    Purpose.SUPERVISION: (
        "I may take a report of themes, without your name, to my supervisor. It is of reduced identifiability, not "
        "anonymous."
    ),
}


def record_agreement(
    vault: Vault,
    client: Client,
    purpose: Purpose,
    answer: Answer,
    *,
    how: str,
    given_by: str = "",
    person: str = "",
    giver: PersonOnFile | None = None,
    capacity: GivenAs | None = None,
    on: date | None = None,
) -> Agreement:
    """Keep an answer, with the wording it was asked in. `person` is the id of the party whose answer it is, '' for the
    client of individual work; `giver` who gave it, if entered in the file; `on` the day, today unless given. Declining
    or withdrawing drafting destroys the drafts that are not signed; the notes stay. Raises `UsageError`."""
    party = _party(vault.agreements.parties(client.id), person)
    day = on or own_day()
    if day > own_day():
        raise UsageError(
            "That day is still to come, and an answer is given before it is recorded. Nothing was changed."
        )
    before = next(each for each in vault.agreements.standings(client.id, purpose) if each.party == party)
    if answer is Answer.AGREED:
        _check_agreed(party, before, capacity, day)
    agreement = Agreement(
        client_id=client.id,
        purpose=purpose,
        answer=answer,
        how=how,
        given_by=given_by or _by(giver, capacity),
        wording_version=WORDING_VERSION,
        at=datetime.now(UTC),
    )
    detail = AgreementDetail(person=party.id, giver=giver.id if giver else "", capacity=capacity, day=day)
    vault.agreements.record(agreement, detail)
    return agreement


def _by(giver: PersonOnFile | None, capacity: GivenAs | None) -> str:
    """Who gave an answer: somebody of the file by number, as a label may be changed, and in what capacity."""
    if giver is None:
        return "client" if capacity in {None, GivenAs.SELF} else str(capacity)
    return f"P{giver.number}" if capacity in {None, GivenAs.SELF} else f"P{giver.number} as {capacity}"


def read_given_day(raw: str) -> date | None:
    """The day on which an answer was given, as typed; None when left empty. Raises `UsageError`."""
    try:
        return date.fromisoformat(raw.strip()) if raw.strip() else None
    except ValueError:
        raise UsageError("A date is written YYYY-MM-DD, like 2026-03-14. Nothing was changed.") from None


def _party(of: tuple[Party, ...], person: str) -> Party:
    if not of:
        raise UsageError(
            "A couple, family or group needs an answer of its own from each person. Enter them first: `notekeeper "
            "person add`, or People in the client's file. Nothing was changed."
        )
    found = [party for party in of if party.id == person]
    if not found:
        raise UsageError(
            "Whose answer is it? Each client of this file has one of their own; name the person. Nothing was changed."
        )
    return found[0]


def _check_agreed(party: Party, before: Standing, capacity: GivenAs | None, day: date) -> None:
    if party.under_18 and capacity is None:
        raise UsageError(
            "They are under 18. Say in what capacity it was agreed: self, parent, guardian, attorney or deputy. "
            "Whether they can agree for themselves is yours to judge. Nothing was changed."
        )
    if capacity is GivenAs.PARENT and not party.under_18:
        raise UsageError(
            "A parent agrees for somebody under 18, and that is not entered here. Enter it first, or give another "
            "capacity. Nothing was changed."
        )
    if before.lack in {Lack.DECLINED, Lack.WITHDRAWN} and before.given and day < before.given.day:
        raise UsageError(
            f"They said no on {before.given.day.isoformat()}, and an agreement from before that day does not bring it "
            "back. Give the day on which they agreed again. Nothing was changed."
        )


def permit_for(vault: Vault, client: Client) -> DraftPermit:
    """The permit to draft this client's notes now. Raises `AgreementMissingError`, `ChainBrokenError`."""
    return permit_for_client(client.id, vault.agreements.parties(client.id), vault.agreements.given(client.id))


def require_drafting(vault: Vault, client_id: str) -> None:
    """Raise `AgreementMissingError` unless everybody whose work it is agrees to drafting now, whatever permit was given
    before."""
    permit_for_client(client_id, vault.agreements.parties(client_id), vault.agreements.given(client_id))


def permit_to_word_patterns(vault: Vault, client: Client) -> DraftPermit:
    """The permit to have this client's patterns worded now. Raises `AgreementMissingError`, `ChainBrokenError`."""
    return permit_for_patterns(client.id, vault.agreements.parties(client.id), vault.agreements.given(client.id))


def permit_for_no_client() -> DraftPermit:
    """The permit for text that the user gives and that belongs to no client."""
    return permit_for_given_text()


def why_not(vault: Vault, client: Client, purpose: Purpose) -> str:
    """Why the file does not agree to a purpose now, without a stop at its end, or '' where it does."""
    standings = vault.agreements.standings(client.id, purpose)
    return "" if agrees(standings) else lacking_words(purpose, standings)


def patterns_allowed(vault: Vault, client: Client) -> bool:
    """Whether everybody whose work it is agrees to patterns now."""
    return agrees(vault.agreements.standings(client.id, Purpose.PATTERNS))


def require_patterns(vault: Vault, client: Client) -> None:
    """Raise `AgreementMissingError` unless everybody whose work it is agrees to patterns now."""
    if said := why_not(vault, client, Purpose.PATTERNS):
        raise AgreementMissingError(
            f"{said}, so themes are not followed over sessions. The notes and what was signed of them stay. An answer "
            "is recorded with `notekeeper consent record CODE patterns agreed`."
        )


def require_supervision(vault: Vault, client: Client) -> None:
    """Raise `AgreementMissingError` unless everybody whose work it is agrees to supervision reports now."""
    if said := why_not(vault, client, Purpose.SUPERVISION):
        raise AgreementMissingError(
            f"{said}, so none was made. An answer is recorded with `notekeeper consent record CODE supervision agreed`."
        )
