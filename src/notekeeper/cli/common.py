"""What all commands share: opening the vault, reading text, printing for people and for machines.

A command says what it has to say once, for both layouts: `say` a sentence, `say_entry` a line of a list with the
facts in it, `say_text` what a therapist wrote. Which layout is printed is known to `plain` and to this module alone.

What always holds: a passphrase is typed at a prompt or read from a file descriptor, never taken as an argument or
from the environment; note text is read from a file or standard input, never from an argument, where it would stay in
the shell's history; everything printed has passed `visible`.
"""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TextIO

import click

from notekeeper.cli import plain
from notekeeper.config import default_vault
from notekeeper.domain.note import Client, Note, note_reference
from notekeeper.domain.text import visible
from notekeeper.domain.vault import Vault
from notekeeper.errors import UsageError
from notekeeper.services.access_log import client_opened, note_opened, vault_locked, vault_opened
from notekeeper.services.backups import back_up_if_due
from notekeeper.services.writing import find_note

MAX_TEXT_BYTES = 80_000_000


@dataclass
class Desk:
    """The options given before the command, and what follows from them."""

    vault: Path | None
    passphrase_fd: int | None
    descriptor: TextIO | None = None

    @property
    def folder(self) -> Path:
        """The vault's folder: the one named, else the default."""
        return self.vault or default_vault()

    def passphrase(self, prompt: str = "Passphrase", *, confirm: bool = False, shown: bool = False) -> str:
        """The next line of the descriptor, or what is typed at the prompt; with `shown` one sees what one types, and
        may type nothing. Raises `UsageError`."""
        if self.passphrase_fd is not None:
            return self._from_descriptor()
        if not sys.stdin.isatty():
            raise UsageError(
                "The passphrase is typed at a terminal, or given with --passphrase-fd N. There is no terminal here."
            )
        nothing = "" if shown else None
        return str(
            click.prompt(
                prompt, default=nothing, show_default=False, hide_input=not shown, confirmation_prompt=confirm, err=True
            )
        )

    def _from_descriptor(self) -> str:
        # One line at a time, so that a program can answer what a command has shown.
        try:
            if self.descriptor is None:
                self.descriptor = os.fdopen(self.passphrase_fd or 0, encoding="utf-8", closefd=False)
            line = self.descriptor.readline(8192)
        except (OSError, UnicodeDecodeError):
            raise UsageError("The passphrase could not be read from that descriptor. Nothing was changed.") from None
        if not line:
            raise UsageError("That descriptor held no passphrase. Nothing was changed.")
        return line.rstrip("\r\n")

    @contextmanager
    def open(self) -> Iterator[Vault]:
        """The vault, closed again afterwards. Raises the `VaultError` that says what is wrong."""
        from notekeeper.bootstrap import unlock_vault, vault_surroundings

        vault = unlock_vault(self.folder, self.passphrase())
        try:
            vault_opened(vault)
            alarms = (vault.alarm,) if vault.alarm else ()
            for sentence in (*alarms, *vault_surroundings(self.folder), *back_up_if_due(vault).said):
                tell(f"notekeeper: {sentence}")
            yield vault
        finally:
            vault_locked(vault)
            vault.close()
            if vault.rescued:
                tell(f"notekeeper: {vault.rescued}")

    @contextmanager
    def file(self, code: str) -> Iterator[tuple[Vault, Client]]:
        """The vault with one client, something of whose file is shown. Raises `UsageError` as well."""
        with self.open() as vault:
            client = vault.clients.by_code(code)
            client_opened(vault, client)
            yield vault, client

    @contextmanager
    def note(self, reference: str) -> Iterator[tuple[Vault, Client, Note]]:
        """The vault with one client and note of it. Raises `UsageError` as well."""
        wanted = note_reference(reference)
        with self.open() as vault:
            client, note = find_note(vault, wanted)
            note_opened(vault, note)
            yield vault, client, note


pass_desk = click.make_pass_decorator(Desk)
as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON, for other programs.")


def read_text(source: str) -> str:
    """The text of a file, or of standard input for "-". Raises `UsageError`; a byte order mark is left out."""
    try:
        if source == "-":
            raw = sys.stdin.buffer.read(MAX_TEXT_BYTES + 1)
        else:
            with Path(source).open("rb") as file:
                raw = file.read(MAX_TEXT_BYTES + 1)
    except OSError as error:
        raise UsageError(f"The file could not be read ({error.strerror}). Nothing was changed.") from None
    if len(raw) > MAX_TEXT_BYTES:
        raise UsageError("The file is larger than 80 MB, which is no note. Nothing was changed.")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError(
            "The file is not text in UTF-8. Save it as UTF-8 and try again; nothing was changed."
        ) from None


def typed_or_read(prompt: str, source: str) -> str:
    """Words typed at the prompt where `source` is "-" at a terminal, else the text of the file or standard input.
    Raises `UsageError`."""
    typed = source == "-" and sys.stdin.isatty()
    return str(click.prompt(prompt, err=True)) if typed else read_text(source).strip()


def read_day(raw: str | None) -> date:
    """A date written YYYY-MM-DD, today when not given. Raises `UsageError`."""
    if raw is None:
        return date.today()  # noqa: DTZ011 - the therapist's own calendar day
    try:
        return date.fromisoformat(raw)
    except ValueError:
        raise UsageError("A date is written YYYY-MM-DD, like 2026-03-14. Nothing was changed.") from None


def say(text: str = "") -> None:
    """Print for a person: nothing that a terminal would obey."""
    _print(text, err=False)


def say_entry(line: str, *facts: plain.Fact) -> None:
    """Print `line` as it stands; for a screen reader, the same as `facts`, one to a line."""
    if plain.chosen():
        for said in plain.facts_spoken(tuple(fact if isinstance(fact, str) else _seen(*fact) for fact in facts)):
            click.echo(said)
    else:
        say(line)


def say_place(label: str, place: Path, *, ordinary: str | None = None) -> None:
    """Print where something lies, to the letter in either layout. `ordinary` is the wording before it, else `label`."""
    click.echo(visible(f"{label if plain.chosen() or ordinary is None else ordinary}: {place}"))


def say_text(text: str) -> None:
    """Print a text of the therapist's own, line by line as it was written, in either layout."""
    click.echo(visible(text))


def tell(text: str) -> None:
    """Print beside the result, on standard error."""
    _print(text, err=True)


def _print(text: str, *, err: bool) -> None:
    shown = visible(text)
    for line in plain.spoken_lines(shown) if plain.chosen() else [shown]:
        click.echo(line, err=err)


def _seen(label: str, value: object) -> tuple[str, str]:
    return label, visible("" if value is None else str(value))


class ProgressLine:
    """How far a piece of work has come, on standard error: one line that is written over; for a screen reader, a line
    when a stage begins and no more."""

    def __init__(self) -> None:
        self._stage = ""

    def show(self, stage: str, part: str = "") -> None:
        """`stage` names the work, `part` how much of it is done."""
        if not plain.chosen():
            click.echo(f"\r\x1b[K{visible(stage)}{part}", nl=False, err=True)
        elif stage != self._stage:
            tell(f"{stage}{part}")
        self._stage = stage

    def end(self, *, kept: bool) -> None:
        """The work is done; the line stays if `kept`."""
        if not plain.chosen():
            click.echo("\n" if kept else "\r\x1b[K", nl=False, err=True)


def say_json(value: Any) -> None:
    """Print one JSON document on one line, in ASCII."""
    click.echo(json.dumps(value, ensure_ascii=True))
