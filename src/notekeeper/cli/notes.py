"""`note`: writing notes, keeping what is typed, showing what was saved."""

import queue
import sys
import threading
from collections.abc import Iterator

import click

from notekeeper.cli.addenda import addenda_as_json, show_addenda
from notekeeper.cli.common import Desk, as_json, pass_desk, read_day, read_text, say, say_entry, say_json, say_text
from notekeeper.cli.corrections import correction_as_json, show_corrections
from notekeeper.cli.risk import show_risk
from notekeeper.domain.note import Note, NoteFormat, NoteKind, NotePart, Revision
from notekeeper.errors import UsageError
from notekeeper.services.corrections import corrections_about
from notekeeper.services.misfiled import STUB
from notekeeper.services.own_templates import own_template
from notekeeper.services.templates import template
from notekeeper.services.writing import Typing, add_note, check_text, new_note, recover

_kind = click.option("--kind", type=click.Choice([k.value for k in NoteKind]), default="session", show_default=True)
_layout = click.option("--format", "layout", type=click.Choice([f.value for f in NoteFormat]), default="free")
_day = click.option("--date", "day", help="The day it is about, YYYY-MM-DD; today if not given.")
_process = click.option(
    "--process", is_flag=True, help="Process notes: kept apart from AI and reports; still personal data."
)


@click.group()
def note() -> None:
    """Notes in a client's file."""


@note.command("add")
@click.argument("code")
@click.argument("source", default="-")
@_day
@_kind
@_layout
@as_json
@pass_desk
def add(  # noqa: PLR0917 - click gives each option by name
    desk: Desk, code: str, source: str, day: str | None, kind: str, layout: str, as_json: bool
) -> None:
    """Add a note from a file, or from standard input."""
    text, on = read_text(source), read_day(day)
    with desk.open() as vault:
        client = vault.clients.by_code(code)
        made, revision = add_note(vault, client, text, on, NoteKind(kind), NoteFormat(layout))
    _saved(code, made, revision, as_json)


@note.command("write")
@click.argument("code")
@_day
@_kind
@_layout
@as_json
@pass_desk
def write(desk: Desk, code: str, day: str | None, kind: str, layout: str, as_json: bool) -> None:  # noqa: PLR0917
    """Type a note line by line; the vault keeps it as you type. Ctrl-D (on Windows Ctrl-Z) saves it."""
    on = read_day(day)
    with desk.open() as vault:
        client = vault.clients.by_code(code)
        made = new_note(vault, client, on, NoteKind(kind), NoteFormat(layout))
        if not as_json:
            say(f"Note {code}/{made.number}. Type; end with Ctrl-D. What you type is kept in the vault.")
        typing = Typing(vault, made)
        try:
            for line in _lines():
                kept = typing.typed(typing.text + line) if line else typing.tick()
                if kept and as_json:
                    say_json({"note": f"{code}/{made.number}", "kept": len(typing.text)})
                    sys.stdout.flush()
        except UnicodeDecodeError:
            raise UsageError(
                "What came next was not text in UTF-8, so typing ended there. What came before is kept: "
                f"`notekeeper note recover {code}/{made.number}` saves it."
            ) from None
        finally:
            if typing.text:
                typing.keep()  # on an interrupt too
        revision = typing.save()
    _saved(code, made, revision, as_json)


def _lines() -> Iterator[str]:
    """Lines as they come, and an empty string whenever none came for a quarter of a second. Raises
    `UnicodeDecodeError`."""
    arrived: queue.Queue[bytes | None] = queue.Queue()

    def read() -> None:
        for line in sys.stdin.buffer:
            arrived.put(line)
        arrived.put(None)

    threading.Thread(target=read, daemon=True).start()
    while True:
        try:
            line = arrived.get(timeout=0.25)
        except queue.Empty:
            yield ""
            continue
        if line is None:
            return
        yield line.decode("utf-8-sig").replace("\r\n", "\n")


@note.command("new")
@click.argument("code")
@click.option("--template", "name", metavar="NAME", help="Begin with one of your own templates.")
@_day
@_kind
@_layout
@as_json
@pass_desk
def new(  # noqa: PLR0917 - click gives each option by name
    desk: Desk, code: str, name: str | None, day: str | None, kind: str, layout: str, as_json: bool
) -> None:
    """Begin a note with the headings of a format or of your own template, to be written on in the app."""
    on, format_of = read_day(day), NoteFormat(layout)
    if name and format_of is not NoteFormat.FREE:
        raise UsageError("Choose a format or a template of your own, not both. Nothing was changed.")
    begun = own_template(name).text if name else template(NoteKind(kind), format_of)
    with desk.open() as vault:
        client = vault.clients.by_code(code)
        with vault.transaction():
            made = new_note(vault, client, on, NoteKind(kind), format_of)
            if begun:
                vault.notes.autosave(made.id, begun)
    if as_json:
        say_json({"note": f"{client.code}/{made.number}", "kept": len(begun)})
    else:
        say(f"Begun: note {client.code}/{made.number}, {made.date.isoformat()}. Its headings are kept, not saved yet.")


@note.command("save")
@click.argument("reference")
@click.argument("source", default="-")
@_process
@as_json
@pass_desk
def save(desk: Desk, reference: str, source: str, process: bool, as_json: bool) -> None:
    """Save new text of a note. What was saved before stays beneath it."""
    text = check_text(read_text(source))
    with desk.note(reference) as (vault, client, found):
        revision = vault.notes.save(found.id, text, NotePart.PROCESS if process else NotePart.RECORD)
    _saved(client.code, found, revision, as_json)


@note.command("recover")
@click.argument("reference")
@_process
@as_json
@pass_desk
def recover_text(desk: Desk, reference: str, process: bool, as_json: bool) -> None:
    """Save the text that was typed but not saved, after a crash or a power cut."""
    with desk.note(reference) as (vault, client, found):
        revision = recover(vault, found, NotePart.PROCESS if process else NotePart.RECORD)
    _saved(client.code, found, revision, as_json)


@note.command("list")
@click.argument("code")
@as_json
@pass_desk
def list_notes(desk: Desk, code: str, as_json: bool) -> None:
    """List a client's notes and how far each has come."""
    with desk.file(code) as (vault, client):
        rows = [
            {
                "note": f"{code}/{each.number}",
                "date": each.date.isoformat(),
                "kind": each.kind.value,
                "signed": each.signed,
                "draft": vault.drafts.latest(each.id) is not None,
                "unsaved_text": vault.notes.working(each.id) is not None,
            }
            for each in vault.notes.of_client(client.id)
        ]
        stubs = vault.notes.stubs(client.id)
    if as_json:
        moved = [{"note": f"{code}/{s.number}", "date": s.date.isoformat(), "kind": s.kind.value} for s in stubs]
        say_json({"notes": rows, "moved": moved})
        return
    for row in rows:
        state = "signed" if row["signed"] else "draft to review" if row["draft"] else "not signed"
        extra = ", unsaved text: `notekeeper note recover`" if row["unsaved_text"] else ""
        say_entry(
            f"{row['note']}  {row['date']}  {row['kind']}  {state}{extra}",
            f"Note {row['note']}.",
            ("Date", row["date"]),
            ("Kind", row["kind"]),
            ("State", f"{state}{extra}"),
        )
    for stub in stubs:
        say_entry(
            f"{code}/{stub.number}  {stub.date.isoformat()}  {stub.kind.value}  {STUB}",
            f"Note {code}/{stub.number}.",
            ("Date", stub.date.isoformat()),
            ("Kind", stub.kind.value),
            ("State", STUB.strip("– ")),
        )
    say(f"{len(rows)} note(s).")


@note.command("show")
@click.argument("reference")
@_process
@click.option("--unsaved", is_flag=True, help="Show the typed text that is not saved yet.")
@as_json
@pass_desk
def show(desk: Desk, reference: str, process: bool, unsaved: bool, as_json: bool) -> None:
    """Show a note's text, the addenda of a signed one, and what the client asked to have corrected in it."""
    part = NotePart.PROCESS if process else NotePart.RECORD
    with desk.note(reference) as (vault, client, found):
        asked = corrections_about(vault, found)
        addenda = vault.addenda.of_note(found.id)
        signed, begun = vault.signoffs.of_note(found.id), vault.reviews.risk(found.id)
        held = vault.notes.working(found.id, part) if unsaved else vault.notes.latest(found.id, part)
    if held is None:
        raise UsageError("This note has no unsaved text." if unsaved else "This note has no saved text in that part.")
    risk = signed.body.risk if signed else begun
    if as_json:
        say_json(
            {
                "note": reference,
                "text": held.text,
                "saved_at": held.saved_at.isoformat(),
                "signed": found.signed,
                "risk": risk.model_dump(mode="json") if risk else None,
                "addenda": addenda_as_json(addenda),
                "corrections": [correction_as_json(client, each, {found.id: found.number}) for each in asked],
            }
        )
        return
    say_text(held.text)
    if not process:
        say()
        show_risk(risk, "Risk and safeguarding, as signed" if signed else "Risk and safeguarding")
    if addenda and not process:
        say()
        show_addenda(addenda)
    if asked and not process:
        say()
        show_corrections(client, asked, {found.id: found.number})


def _saved(code: str, made: Note, revision: Revision, as_json: bool) -> None:
    if as_json:
        say_json({"note": f"{code}/{made.number}", "revision": revision.number, "characters": len(revision.text)})
    else:
        say(f"Saved: note {code}/{made.number}, revision {revision.number}, {made.date.isoformat()}.")


commands = (note,)
