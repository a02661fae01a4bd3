"""The client's own use of AI: noted as the client tells of it, listed, and kept while it is being typed.

What always holds: an entry is added and never changed; words being typed for one are kept in the vault and are no
entry until they are added.
"""

from dataclasses import dataclass
from datetime import date

from pydantic import ValidationError

from notekeeper.domain.ai_use import MAX_AI_USE, AiUse
from notekeeper.domain.entry import EntryKind
from notekeeper.domain.note import Client
from notekeeper.domain.text import Frozen
from notekeeper.domain.vault import Vault
from notekeeper.errors import UsageError

LABELS = {
    "tool": "What the client uses",
    "purpose": "What for",
    "meaning": "What the client makes of it",
    "agreed": "What we agreed",
    "day": "Day",
}


class AiUseForm(Frozen):
    """An entry as it is typed: every field is text. `note` is the number of a note it is about, '' for the file."""

    tool: str = ""
    purpose: str = ""
    meaning: str = ""
    agreed: str = ""
    day: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class NotedAiUse:
    """An entry as kept; `note` is the number of the note it is about, None for the file as a whole."""

    number: int
    use: AiUse
    note: int | None


def read_form(form: AiUseForm, today: date) -> AiUse:
    """The entry that a form stands for; no day is today. Raises `UsageError`."""
    try:
        day = date.fromisoformat(form.day.strip()) if form.day.strip() else today
    except ValueError:
        raise UsageError(f"Write the day as {today.isoformat()}. Nothing was added.") from None
    if day > today:
        raise UsageError("That day is still to come. Nothing was added.")
    texts = form.model_dump(exclude={"day", "note"})
    if not any(text.strip() for text in texts.values()):
        raise UsageError("Write at least one of the fields. Nothing was added.")
    try:
        return AiUse(**{name: text.strip() for name, text in texts.items()}, day=day)
    except ValidationError:
        raise UsageError(f"A field holds at most {MAX_AI_USE:,} characters. Nothing was added.") from None


def read_json(text: str, today: date) -> tuple[AiUse, int | None]:
    """An entry from JSON with the fields of `AiUseForm`, and the number of the note it is about. Raises `UsageError`
    naming the fields, never what stands in them."""
    try:
        form = AiUseForm.model_validate_json(text)
    except ValidationError:
        raise UsageError(
            f"That is not an entry as JSON. Its fields, each a text: {', '.join(AiUseForm.model_fields)}. "
            "Nothing was added."
        ) from None
    return read_form(form, today), note_number(form)


def note_number(form: AiUseForm) -> int | None:
    """The note that the form names. Raises `UsageError`."""
    typed = form.note.strip()
    if not typed:
        return None
    if not (typed.isascii() and typed.isdigit()):
        raise UsageError("The note is given by its number, or left empty. Nothing was added.")
    return int(typed[:9])


def add_ai_use(vault: Vault, client: Client, use: AiUse, note: int | None = None) -> NotedAiUse:
    """Added to the client's file for good. Raises `UsageError` when there is no such note."""
    about = vault.notes.by_number(client.id, note).id if note is not None else ""
    return NotedAiUse(vault.entries.add(client.id, EntryKind.AI_USE, use, about).number, use, note)


def ai_uses(vault: Vault, client: Client) -> list[NotedAiUse]:
    """The client's, by number. Raises `ChainBrokenError`."""
    entries = vault.entries.of(client.id, EntryKind.AI_USE)
    numbers = _note_numbers(vault, client) if any(entry.about for entry in entries) else {}
    return [NotedAiUse(entry.number, entry.read(AiUse), numbers.get(entry.about)) for entry in entries]


def newest_line(vault: Vault, client: Client) -> str:
    """The newest in one line for the client's file, '' when there is none. Raises `ChainBrokenError`."""
    entries = vault.entries.of(client.id, EntryKind.AI_USE)
    return summary(max((entry.read(AiUse) for entry in entries), key=lambda use: use.day)) if entries else ""


def summary(use: AiUse) -> str:
    """The day, what is used and what for, in one line."""
    said = [" ".join(text.split()) for text in (use.tool, use.purpose) if text.strip()]
    return f"{use.day.isoformat()}, {', '.join(said) or 'noted'}"


def begun(vault: Vault, client: Client) -> AiUseForm:
    """What was typed and not added."""
    kept = vault.jottings.of(_typing(client))
    try:
        return AiUseForm.model_validate_json(kept) if kept else AiUseForm()
    except ValidationError:
        return AiUseForm(meaning=kept)


def keep_begun(vault: Vault, client: Client, form: AiUseForm) -> None:
    """Keep the typing; an empty form clears it."""
    vault.jottings.keep(_typing(client), client.id, form.model_dump_json() if form != AiUseForm() else "")


def _note_numbers(vault: Vault, client: Client) -> dict[str, int]:
    return {note.id: note.number for note in (*vault.notes.of_client(client.id), *vault.notes.stubs(client.id))}


def about_words(noted: NotedAiUse) -> str:
    """Which note it is about, in a few words; empty for the file."""
    return f"about note {noted.note}" if noted.note is not None else ""


def _typing(client: Client) -> str:
    return f"{client.id}.ai-use"
