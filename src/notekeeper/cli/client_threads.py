"""`thread`: themes of a client that are one theme over signed sessions, as the therapist links them."""

import click

from notekeeper.cli.client_patterns_shown import say_threads
from notekeeper.cli.common import Desk, as_json, pass_desk, say, typed_or_read
from notekeeper.services.client_patterns import patterns_of
from notekeeper.services.client_patterns_threads import (
    edit_words,
    merge_threads,
    rename_thread,
    split_thread,
    undo_edit,
)


@click.group()
def thread() -> None:
    """Themes of a client that are one theme over sessions: look, merge, split, rename."""


@thread.command("list")
@click.argument("code")
@as_json
@pass_desk
def list_threads(desk: Desk, code: str, as_json: bool) -> None:
    """Show every thread by sessions, with what each session's note says of it."""
    with desk.file(code) as (vault, client):
        seen = patterns_of(vault, client)
    say_threads(seen, as_json=as_json)


@thread.command("merge")
@click.argument("code")
@click.argument("one")
@click.argument("other")
@as_json
@pass_desk
def merge(desk: Desk, code: str, one: str, other: str, as_json: bool) -> None:
    """Make one thread of two, like T2 and T5."""
    with desk.file(code) as (vault, client):
        merge_threads(vault, client, one, other)
        seen = patterns_of(vault, client)
    say_threads(seen, as_json=as_json)


@thread.command("split")
@click.argument("code")
@click.argument("name")
@click.argument("sessions", type=click.IntRange(1), nargs=-1, required=True, metavar="SESSIONS")
@as_json
@pass_desk
def split(desk: Desk, code: str, name: str, sessions: tuple[int, ...], as_json: bool) -> None:
    """Let the themes of these sessions leave a thread, to be one of their own."""
    with desk.file(code) as (vault, client):
        split_thread(vault, client, name, sessions)
        seen = patterns_of(vault, client)
    say_threads(seen, as_json=as_json)


@thread.command("rename")
@click.argument("code")
@click.argument("name")
@click.argument("source", default="-")
@as_json
@pass_desk
def rename(desk: Desk, code: str, name: str, source: str, as_json: bool) -> None:
    """Give a thread a label of your own, typed at the prompt or read from a file or standard input."""
    with desk.file(code) as (vault, client):
        patterns_of(vault, client)  # a refusal comes before anything is typed
        rename_thread(vault, client, name, typed_or_read("Label", source))
        seen = patterns_of(vault, client)
    say_threads(seen, as_json=as_json)


@thread.command("undo")
@click.argument("code")
@as_json
@pass_desk
def undo(desk: Desk, code: str, as_json: bool) -> None:
    """Take back what was changed last in the threads. What was taken back stays on file."""
    with desk.file(code) as (vault, client):
        taken = undo_edit(vault, client)
        seen = patterns_of(vault, client)
    if not as_json:
        say(f"Taken back: {edit_words(taken.edit)}.")
    say_threads(seen, as_json=as_json)


commands = (thread,)
