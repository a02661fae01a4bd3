"""`template`: your own templates, listed, added and removed."""

from pathlib import Path

import click

from notekeeper.cli.common import as_json, say, say_entry, say_json, say_place
from notekeeper.config import templates_folder
from notekeeper.services.own_templates import add_template, own_templates, read_as_text, remove_template


@click.group()
def template() -> None:
    """Your own templates of headings. They lie outside the vault, unencrypted: write no client into them."""


@template.command("list")
@as_json
def list_templates(as_json: bool) -> None:
    """List your templates, and files in their folder that cannot be used."""
    good, bad = own_templates()
    if as_json:
        say_json(
            {
                "templates": [{"name": each.name, "characters": len(each.text)} for each in good],
                "refused": [{"file": each.name, "reason": each.reason} for each in bad],
            }
        )
        return
    for each in good:
        first = each.text.strip().split("\n", 1)[0]
        say_entry(f"{each.name}  begins: {first}", f"Template {each.name}.", ("Begins", first))
    for refused in bad:
        say_entry(
            f"Not used: {refused.name}: {refused.reason}", f"Not used: {refused.name}.", ("Reason", refused.reason)
        )
    say(f"{len(good)} template(s).")


@template.command("add")
@click.argument("file", type=click.Path(path_type=Path))
@as_json
def add(file: Path, as_json: bool) -> None:
    """Add a template from a file NAME.md or NAME.txt; it is copied."""
    made = add_template(file)
    text = read_as_text(made)
    if as_json:
        say_json({"name": made.name, "characters": len(made.text), "read_as_text": text})
        return
    say(f"Added: template {made.name}. It is offered when you begin a note.")
    if text:
        say(
            f"{text} line(s) of it would be read as sentences of the note when a draft is made. Begin a heading with # "
            "and a space to have it known for one."
        )


@template.command("remove")
@click.argument("name")
@as_json
def remove(name: str, as_json: bool) -> None:
    """Remove a template. Notes that were begun with it stay as they are."""
    remove_template(name)
    if as_json:
        say_json({"removed": name})
    else:
        say(f"Removed: template {name}.")


@template.command("folder")
@as_json
def folder(as_json: bool) -> None:
    """Print the folder that your templates lie in. It may not be there yet."""
    if as_json:
        say_json({"folder": str(templates_folder())})
    else:
        say_place("Folder of templates", templates_folder())


commands = (template,)
