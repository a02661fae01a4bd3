"""`suggest` and `draft`: a draft of a text that belongs to no client, and of a note in the vault."""

import json
import sys
from bisect import bisect_right
from collections.abc import Callable

import click

from notekeeper.cli.common import Desk, ProgressLine, as_json, pass_desk, read_text, say, say_entry, say_json, tell
from notekeeper.domain.draft import Draft, Theme, Timing, kind_of, words_of
from notekeeper.domain.engine import Progress
from notekeeper.domain.text import Evidence
from notekeeper.drafting.gate import refusal_words
from notekeeper.drafting.parts import DraftingParts
from notekeeper.drafting.sentences import split_sentences
from notekeeper.errors import NotekeeperError, UsageError
from notekeeper.services.consent import permit_for
from notekeeper.services.drafting import draft, suggest, text_to_draft

BANNER = (
    "DRAFT by a language model on this computer. It cannot judge risk, feeling or theory. You decide on every item."
)
_model = click.option("--model", help="A model of the catalogue; without it the one in use.")
_STRONG, _FAIR = 0.8, 0.5


@click.command("suggest")
@click.argument("source", default="-")
@click.option("--batch", is_flag=True, help='Read lines {"id", "text"}; print one line of JSON for each.')
@_model
@as_json
def suggest_command(source: str, batch: bool, model: str | None, as_json: bool) -> None:
    """Draft a text that belongs to no client, from a file or standard input. Nothing is kept."""
    from notekeeper.bootstrap import drafting_parts

    if batch and not as_json:
        raise UsageError("--batch prints JSON lines; add --json.")
    text = read_text(source)
    with drafting_parts(model) as parts:
        if batch:
            for number, line in enumerate(text.split("\n"), start=1):
                if line.strip():
                    say_json(_one_of_batch(line, number, parts))
                    sys.stdout.flush()
            return
        made = suggest(text, parts, progress_line())
    say_json(made.model_dump(mode="json")) if as_json else show_draft(made, text)


def _one_of_batch(line: str, number: int, parts: DraftingParts) -> dict[str, object]:
    name: dict[str, object] = {"line": number}
    try:
        given = json.loads(line)
        if isinstance(given, dict) and isinstance(given.get("id"), str | int):
            name = {"id": given["id"]}
        if not isinstance(given, dict) or not isinstance(given.get("text"), str) or "id" not in name:
            return {**name, "error": "A line is a JSON object with id and text."}
    except (ValueError, RecursionError):
        return {**name, "error": "This line is not JSON."}
    try:
        return {**name, **suggest(given["text"], parts).model_dump(mode="json")}
    except NotekeeperError as error:
        return {**name, "error": str(error)}


@click.command("draft")
@click.argument("reference")
@_model
@as_json
@pass_desk
def draft_command(desk: Desk, reference: str, model: str | None, as_json: bool) -> None:
    """Draft a note's focus, themes, reflections and ideas, for your review. Needs the client's agreement."""
    from notekeeper.bootstrap import drafting_parts

    with desk.note(reference) as (vault, client, note):
        permit = permit_for(vault, client)
        _, drafted_text = text_to_draft(vault, note, permit)
        with drafting_parts(model) as parts:
            stored, made = draft(permit, vault, note, parts, progress_line())
    if as_json:
        say_json({"note": reference, "kept": stored is not None, **made.model_dump(mode="json")})
        return
    show_draft(made, drafted_text)
    if stored is not None:
        say(f"Kept for your review: `notekeeper review list {reference}`.")


def progress_line() -> Callable[[Progress], None] | None:
    """What shows progress on a terminal, on one line that is written over; None where there is no terminal."""
    if not sys.stderr.isatty():
        return None

    line = ProgressLine()

    def show(progress: Progress) -> None:
        line.show(progress.stage, f" {progress.done} of {progress.total}" if progress.total else "")
        if progress.stage == "wording" and progress.done == progress.total > 0:
            line.end(kept=False)

    return show


def show_draft(made: Draft, text: str) -> None:
    """Print a draft of `text` for a person: every item with its sentences beneath it, then what was withheld and
    why."""
    if made.refused is not None:
        say(refusal_words(made.refused))
        return
    say(BANNER)
    items = made.items()
    for place, (name, item) in enumerate(items.items(), start=1):
        kind = kind_of(item).capitalize()
        say()
        say_entry(
            "\n".join([f"{name:3} {kind}: {words_of(item)}{_marks(item)}", *bars(item.evidence)]),
            f"Item {place} of {len(items)}, named {name}.",
            (kind, words_of(item)),
            ("Support", support_words(item)),
            *evidence_facts(item.evidence, text),
        )
    if not made.themes:
        say()
        say("No theme stood out clearly enough to be shown.")
    if made.withheld:
        say()
        say(f"Withheld, {len(made.withheld)} item(s):")
    for kept_back in made.withheld:
        words = kept_back.text or "(no words)"
        say_entry(
            f"    {kept_back.kind}: {words} – {kept_back.reason}",
            (f"Withheld {kept_back.kind}", words),
            ("Reason", kept_back.reason),
        )
    say()
    read = made.read
    parts = f", in {read.windows} parts" if read.windows > 1 else ""
    say(
        f"Read: {len(read.encoder)} of {read.sentences} sentence(s){parts}. "
        f"The language model was shown {len(read.model)} of them, to find words for the themes."
    )
    say(_seconds(made.timing))
    if not sys.stdout.isatty():
        return
    tell("Nothing here is part of a record until it is reviewed and signed.")


def bars(evidence: tuple[Evidence, ...]) -> list[str]:
    """The sentences of an item, one line each, marked by a bar."""
    return ["      | " + " ".join(piece.text.split()) for piece in evidence]


def evidence_facts(evidence: tuple[Evidence, ...], text: str) -> list[tuple[str, object]]:
    """The same as facts, each with the number of its sentence in `text`, the note it stands in."""
    ends = [sentence.end for sentence in split_sentences(text)] if evidence else []
    return [
        (f"Evidence, sentence {bisect_right(ends, piece.start) + 1}", " ".join(piece.text.split()))
        for piece in evidence
    ]


def support_words(item: object) -> str:
    """How clearly a theme's evidence stands behind it, in words; empty for what is no theme."""
    if not isinstance(item, Theme):
        return ""
    strength = "strong" if item.support >= _STRONG else "fair" if item.support >= _FAIR else "slight"
    return f"{strength}{', plain words from the note' if item.plain else ''}"


def _marks(item: object) -> str:
    words = support_words(item)
    return f"  [support: {words}]" if words else ""


def _seconds(timing: Timing) -> str:
    return f"Took {timing.total_s:.1f} s, {timing.load_s:.1f} s of them loading."


commands = (suggest_command, draft_command)
