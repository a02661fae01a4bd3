"""The sheet "If I cannot work": made from the clinical will and the front sheets, and sealed for an executor.

What always holds: the sheet is built from named fields; no note, theme, risk entry or safety plan can reach it; it is
sealed under a passphrase or key of the executor's, which opens nothing else.
"""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from pydantic import ValidationError

from notekeeper.domain.client_file import FrontSheet
from notekeeper.domain.clinical_will import ClinicalWill
from notekeeper.domain.note import Client, Note, NoteKind
from notekeeper.domain.text import visible
from notekeeper.domain.vault import Vault
from notekeeper.errors import NotReadyError, UsageError, WeakPassphraseError
from notekeeper.reports.sealed import open_sealed, seal_for_keys, seal_with_passphrase, write_sealed
from notekeeper.services.strength import strength

__all__ = ["LABELS", "open_sealed", "read_will", "save_will", "seal", "sheet_text"]

LABELS = {
    "executor": "Who acts for me",
    "supervisor": "My supervisor",
    "body": "My professional body and my insurer",
    "clients": "How clients are reached and what they are told",
    "records": "Where notes, keys and shares lie, and what becomes of them",
    "wishes": "What else I wish",
}
_HEAD = "If I cannot work"
_ABOUT = (
    "This sheet names people who are in therapy. It holds no word of a session. Please read it alone, tell nobody more "
    "than they need, and destroy it when its purpose is met."
)


def read_will(text: str) -> ClinicalWill:
    """The will in a JSON object with the fields of `ClinicalWill`. Raises `UsageError` naming the field."""
    try:
        return ClinicalWill.model_validate_json(text)
    except ValidationError as error:
        place = error.errors(include_url=False, include_input=False, include_context=False)[0]["loc"]
        field = place[0] if place and place[0] in ClinicalWill.model_fields else None
        what = f"the field {field} is not a text of at most 20,000 characters" if field else "a field is unknown"
        fields = ", ".join(ClinicalWill.model_fields)
        raise UsageError(
            f"That is not a clinical will as JSON, or {what}. Its fields: {fields}. Nothing was changed."
        ) from None


def save_will(vault: Vault, will: ClinicalWill) -> None:
    """Keep the will in place of the one before."""
    vault.set_clinical_will(will)


def sheet_text(vault: Vault, today: date) -> str:
    """The sheet in plain text: the will, then each client by code with whom to call. Raises `NotReadyError` while the
    will is empty, because a list of clients alone tells an executor nothing."""
    will = vault.clinical_will()
    if not any(will.model_dump().values()):
        raise NotReadyError(
            "The clinical will is still empty. Write down at least who acts for you and how clients are reached: "
            "notekeeper will save. No sheet was made."
        )
    signer = vault.signer()
    lines = [_HEAD.upper(), ""]
    if signer:
        lines.append(f"{signer.name} {signer.registration}".rstrip())
    lines += [f"As of {today.isoformat()}", "", _ABOUT, ""]
    for name, label in LABELS.items():
        if words := getattr(will, name).strip():
            lines += [f"{label}:", words, ""]
    sheets = vault.front_sheets.all()
    for client in vault.clients.all():
        if not client.demonstration:
            lines += _client_lines(client, vault.notes.of_client(client.id), sheets.get(client.id, FrontSheet()))
    return visible("\n".join(lines).rstrip()) + "\n"


def _client_lines(client: Client, notes: Sequence[Note], sheet: FrontSheet) -> list[str]:
    sessions = [note.date for note in notes if note.kind is NoteKind.SESSION]
    last = max(sessions).isoformat() if sessions else "none written down"
    lines = [f"Client {client.code}", f"Last session: {last}"]
    if sheet.ending:
        lines.append(f"Ending agreed for: {sheet.ending.isoformat()}")
    for label, words in (("Emergency contact", sheet.emergency_contact), ("GP", sheet.gp)):
        lines.append(f"{label}: {words.strip() or 'not given'}")
    return [*lines, ""]


def seal(vault: Vault, text: str, place: Path, *, passphrase: str = "", keys: Sequence[str] = ()) -> Path:
    """Write `text`, sealed, to a new file at `place`: for the holders of the age public `keys`, or under `passphrase`.
    The log keeps that it was done. Raises `WeakPassphraseError`, `UsageError` for a key that is none, `WillError`."""
    if keys:
        sealed = seal_for_keys(text, keys)
    else:
        if not strength(passphrase).enough:
            raise WeakPassphraseError(
                "The executor's passphrase could be guessed too easily. Four or five unrelated words are easy to "
                "remember and hard to guess. No sheet was written."
            )
        sealed = seal_with_passphrase(text, passphrase)
    written = write_sealed(sealed, place)
    vault.log.event("will.sealed")
    return written
