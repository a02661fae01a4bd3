"""`note addendum`: adding to a signed note, also a risk entry recorded later, and reading what was added."""

import click

from notekeeper.cli.common import Desk, as_json, pass_desk, read_text, say, say_entry, say_json, say_text
from notekeeper.cli.risk import show_risk
from notekeeper.domain.addendum import Addendum
from notekeeper.errors import UsageError
from notekeeper.services.addenda import add_addendum, read_risk_json
from notekeeper.services.writing import check_text


@click.command("addendum")
@click.argument("reference")
@click.argument("source", required=False)
@click.option("--risk", metavar="SOURCE", help="A risk entry recorded now, in JSON; the text may then be left out.")
@as_json
@pass_desk
def addendum(desk: Desk, reference: str, source: str | None, risk: str | None, as_json: bool) -> None:
    """Add a dated addendum to a signed note from a file or "-"; without any, show those that are there."""
    if source == risk == "-":
        raise UsageError("Text and risk entry cannot both come from standard input. Nothing was added.")
    text = check_text(read_text(source)) if source else None
    entry = read_risk_json(read_text(risk)) if risk else None
    adding = text is not None or entry is not None
    with desk.note(reference) as (vault, client, found):
        shown = [add_addendum(vault, client, found, text or "", entry)] if adding else vault.addenda.of_note(found.id)
    if as_json:
        say_json({"note": reference, "addenda": addenda_as_json(shown)})
        return
    if adding:
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
        if added.risk is not None:
            show_risk(added.risk, f"Risk and safeguarding, recorded by addendum on {on}")
        if added.text:
            say_text(added.text)


def addenda_as_json(shown: list[Addendum]) -> list[dict[str, object]]:
    """Addenda as every command gives them in JSON."""
    return [
        {
            "number": added.number,
            "text": added.text,
            "signer": added.signer.model_dump(),
            "added_at": added.added_at.isoformat(),
            "risk": added.risk.model_dump(mode="json") if added.risk else None,
        }
        for added in shown
    ]
