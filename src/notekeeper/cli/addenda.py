"""`note addendum`: adding to a signed note, and reading what was added."""

import click

from notekeeper.cli.common import Desk, as_json, pass_desk, read_text, say, say_entry, say_json, say_text
from notekeeper.domain.addendum import Addendum
from notekeeper.services.addenda import add_addendum
from notekeeper.services.writing import check_text


@click.command("addendum")
@click.argument("reference")
@click.argument("source", required=False)
@as_json
@pass_desk
def addendum(desk: Desk, reference: str, source: str | None, as_json: bool) -> None:
    """Add a dated addendum to a signed note from a file or "-"; without either, show those that are there."""
    text = check_text(read_text(source)) if source else None
    with desk.note(reference) as (vault, client, found):
        shown = [add_addendum(vault, client, found, text)] if text is not None else vault.addenda.of_note(found.id)
    if as_json:
        say_json({"note": reference, "addenda": addenda_as_json(shown)})
        return
    if text is not None:
        say(f"Added: addendum {shown[0].number} to note {reference}. The note stays as it was signed.")
        return
    show_addenda(shown)
    say(f"{len(shown)} addendum(s).")


def show_addenda(shown: list[Addendum]) -> None:
    """Print addenda for a person, each under its number, date and name."""
    for added in shown:
        on = added.added_at.date().isoformat()
        say_entry(
            f"Addendum {added.number}, {on}, {added.signer.name}:",
            f"Addendum {added.number} follows.",
            ("Added on", on),
            ("By", added.signer.name),
        )
        say_text(added.text)


def addenda_as_json(shown: list[Addendum]) -> list[dict[str, object]]:
    """Addenda as every command gives them in JSON."""
    return [
        {
            "number": added.number,
            "text": added.text,
            "signer": added.signer.model_dump(),
            "added_at": added.added_at.isoformat(),
        }
        for added in shown
    ]
