"""`models`: what drafts are made with, fetching, bringing, checking and choosing."""

import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import click

from notekeeper.cli.common import ProgressLine, as_json, say, say_entry, say_json
from notekeeper.errors import ModelRefusedError

_MB = 1_000_000


@click.group()
def models() -> None:
    """The models that drafts are made with. Only `fetch` uses the network."""


@models.command("list")
@as_json
def list_models(as_json: bool) -> None:
    """List the catalogue: what is installed and what is in use."""
    from notekeeper.bootstrap import model_rows

    rows = model_rows()
    if as_json:
        say_json({"models": [asdict(row) for row in rows]})
        return
    for row in rows:
        state = "in use" if row.in_use and row.installed else "installed" if row.installed else "not installed"
        size = f"{row.bytes / _MB:,.0f} MB"
        say_entry(
            f"{row.name}: {state}, {size}, memory {row.memory_gb} GB, {row.licence}. {row.notes}",
            f"Model {row.name}.",
            ("State", state),
            ("Size", size),
            ("Memory needed", f"{row.memory_gb} GB"),
            ("Licence", row.licence),
            ("Notes", row.notes),
        )


@models.command("fetch")
@click.argument("name")
@as_json
def fetch(name: str, as_json: bool) -> None:
    """Fetch a model by name; "starter" fetches both starter files. Their SHA-256 is checked."""
    from notekeeper.bootstrap import fetch_model

    fetched = fetch_model(name, _progress() if sys.stderr.isatty() else None)
    if as_json:
        say_json({"fetched": fetched})
    elif fetched:
        say(f"Fetched and checked: {', '.join(fetched)}.")
    else:
        say("Everything was in place already; nothing was fetched.")


def _progress() -> Callable[[str, int, int], None]:
    line = ProgressLine()

    def show(name: str, done: int, total: int) -> None:
        line.show(name, f": {done / _MB:,.0f} of {total / _MB:,.0f} MB")
        if done >= total:
            line.end(kept=True)

    return show


@models.command("add")
@click.argument("file", type=click.Path(path_type=Path))
@as_json
def add(file: Path, as_json: bool) -> None:
    """Add a model from a file, as from a USB stick. It is known by its SHA-256."""
    from notekeeper.bootstrap import add_model_file

    added = add_model_file(file)
    if as_json:
        say_json({"added": [{"model": model, "file": name} for model, name in added]})
    else:
        say("Added and checked: " + ", ".join(f"{model} ({name})" for model, name in added))


@models.command("verify")
@as_json
def verify(as_json: bool) -> None:
    """Read every model file and compare it with the catalogue."""
    from notekeeper.bootstrap import verify_models

    found = verify_models()
    wrong = [file for _, file, state in found if state != "right"]
    if as_json:
        say_json({"files": [{"model": model, "file": file, "state": state} for model, file, state in found]})
    else:
        for model, file, state in found:
            say_entry(f"{model}: {file}: {state}", f"Model {model}.", ("File", file), ("State", state))
        say(f"{len(found) - len(wrong)} of {len(found)} file(s) are as the catalogue says.")
    if wrong:
        raise ModelRefusedError("A model file is not what the catalogue names. Fetch it again; it is not used.")


@models.command("use")
@click.argument("name")
@as_json
def use(name: str, as_json: bool) -> None:
    """Word drafts by this language model from now on."""
    from notekeeper.bootstrap import use_model

    use_model(name)
    say_json({"in_use": name}) if as_json else say(f"Drafts are worded by {name} from now on.")


commands = (models,)
