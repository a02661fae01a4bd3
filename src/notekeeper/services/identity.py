"""Who a code stands for: shown on request, changed, and taken away again.

What always holds: every showing is in the log; nothing of it is given to a report, a model or an error.
"""

from datetime import date

from pydantic import ValidationError

from notekeeper.domain.identity import MAX_IDENTITY_FIELD, Identity
from notekeeper.domain.note import Client
from notekeeper.domain.text import Frozen
from notekeeper.domain.vault import Vault
from notekeeper.errors import UsageError
from notekeeper.services.caseload import own_day

SHOWN = "identity.shown"
LABELS = {
    "name": "Name",
    "other_names": "Other names, one to a line",
    "born": "Born",
    "address": "Address",
    "phone": "Telephone",
    "email": "E-mail",
    "health_number": "Health number",
}


class IdentityForm(Frozen):
    """The mapping as it is typed: every field is text."""

    name: str = ""
    other_names: str = ""
    born: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""
    health_number: str = ""


def show_identity(vault: Vault, client: Client) -> Identity:
    """What is kept, or an empty one. That it was shown is logged."""
    vault.log.event(SHOWN, client.id, client_id=client.id)
    return vault.identities.of(client.id)


def has_identity(vault: Vault, client: Client) -> bool:
    """Whether anything is kept. Shows nothing."""
    return vault.identities.of(client.id) != Identity()


def remove_identity(vault: Vault, client: Client) -> bool:
    """Take it away for good. False when there was none."""
    if not has_identity(vault, client):
        return False
    vault.identities.save(client.id, Identity())
    return True


def form_of(identity: Identity) -> IdentityForm:
    """What is kept, as it stands in a form."""
    texts = identity.model_dump(exclude={"born"})
    return IdentityForm(**texts, born=identity.born.isoformat() if identity.born else "")


def save_form(vault: Vault, client: Client, form: IdentityForm) -> None:
    """In place of what was kept; an empty form takes it away. Raises `UsageError` naming the field."""
    vault.identities.save(client.id, _read(form, _born(form.born)))


def keep_form(vault: Vault, client: Client, form: IdentityForm) -> None:
    """As `save_form`, without asking anything: a day of birth that cannot be read is kept among the other names, and
    the day kept before stands; so is, on a file on legal hold, what was typed in place of something kept, which stands
    too. Raises `UsageError` for a field that is too long."""
    try:
        save_form(vault, client, form)
    except UsageError:
        before = vault.identities.of(client.id)
        try:
            vault.identities.save(client.id, _beside(form, before, "born"))
        except UsageError:
            vault.identities.save(client.id, _beside(form, before, *LABELS))


def _beside(form: IdentityForm, before: Identity, *names: str) -> Identity:
    """What was typed; of these fields, what was kept stands where it would go, and what was typed instead is another
    name. So is a day of birth that cannot be read."""
    typed, kept = form.model_dump(), form_of(before).model_dump()
    try:
        born, unread = _born(form.born), False
    except UsageError:
        born, unread = None, True
    instead = [name for name in names if kept[name].strip() not in typed[name] or (unread and name == "born")]
    said = [f"{LABELS[name].partition(',')[0]}, as typed: {typed[name]}" for name in instead if typed[name].strip()]
    held = {name: kept[name] for name in instead}
    others = "\n".join(word for word in (held.get("other_names", typed["other_names"]), *said) if word)
    return _read(form.model_copy(update=held | {"other_names": others}), before.born if "born" in instead else born)


def read_identity_json(text: str) -> Identity:
    """The mapping from JSON with the fields of `Identity`. Raises `UsageError` naming the field, never its content."""
    try:
        read = Identity.model_validate_json(text)
    except ValidationError as error:
        raise UsageError(_refusal(error)) from None
    return read.model_copy(update={"born": _no_day_to_come(read.born)})


def _read(form: IdentityForm, born: date | None) -> Identity:
    texts = {name: text.strip() for name, text in form.model_dump(exclude={"born"}).items()}
    try:
        return Identity(**texts, born=born)
    except ValidationError as error:
        raise UsageError(_refusal(error)) from None


def _born(raw: str) -> date | None:
    try:
        return _no_day_to_come(date.fromisoformat(raw.strip()) if raw.strip() else None)
    except ValueError:
        raise UsageError("The day of birth is written YYYY-MM-DD, like 1990-03-14, or left empty.") from None


def _no_day_to_come(born: date | None) -> date | None:
    if born is not None and born > own_day():
        raise UsageError("That day of birth is still to come. Nothing was changed.")
    return born


def _refusal(error: ValidationError) -> str:
    known = {str(fault["loc"][0]) for fault in error.errors() if fault["loc"]} & LABELS.keys()
    fields = ", ".join(LABELS[name] for name in LABELS if name in known) or "the form"
    return (
        f"The identity cannot be used; look at: {fields}. Texts have at most {MAX_IDENTITY_FIELD:,} characters, a date "
        "is written YYYY-MM-DD. Nothing was changed."
    )
