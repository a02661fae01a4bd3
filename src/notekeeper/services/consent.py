"""Asking, recording and using a client's agreement to AI use, purpose by purpose.

What always holds: this is the only module that makes a permit for a client's notes, and it does so from the answer
that stands now.
"""

from datetime import UTC, datetime

from notekeeper.domain.consent import Agreement, Answer, DraftPermit, Purpose, permit_for_client, permit_for_given_text
from notekeeper.domain.note import Client
from notekeeper.domain.vault import Vault
from notekeeper.errors import AgreementMissingError

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
    vault: Vault, client: Client, purpose: Purpose, answer: Answer, *, how: str, given_by: str = "client"
) -> Agreement:
    """Keep the client's answer, with the wording they were asked in. Declining or withdrawing drafting destroys the
    drafts that are not signed; the notes stay."""
    agreement = Agreement(
        client_id=client.id,
        purpose=purpose,
        answer=answer,
        how=how,
        given_by=given_by,
        wording_version=WORDING_VERSION,
        at=datetime.now(UTC),
    )
    vault.agreements.record(agreement)
    return agreement


def permit_for(vault: Vault, client: Client) -> DraftPermit:
    """The permit to draft this client's notes now. Raises `AgreementMissingError`."""
    return permit_for_client(client.id, vault.agreements.current(client.id, Purpose.DRAFTING))


def permit_for_no_client() -> DraftPermit:
    """The permit for text that the user gives and that belongs to no client."""
    return permit_for_given_text()


def require_supervision(vault: Vault, client: Client) -> None:
    """Raise `AgreementMissingError` unless the client agrees to supervision reports now."""
    agreement = vault.agreements.current(client.id, Purpose.SUPERVISION)
    if agreement is None or agreement.answer is not Answer.AGREED:
        stand = "has not been asked about" if agreement is None else f"has {agreement.answer.value}"
        raise AgreementMissingError(
            f"This client {stand} supervision reports, so none was made. "
            "Record their answer with `notekeeper consent record CODE supervision agreed`."
        )
