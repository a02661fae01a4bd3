"""`patterns`: what is noted over one client's sessions, from a file of sessions that belong to no client of a vault."""

from pathlib import Path

import click

from notekeeper.cli.common import as_json, read_text, say, say_entry, say_json, tell
from notekeeper.domain.pattern import Pattern
from notekeeper.patterns.finding import together
from notekeeper.services.patterns import drafted, patterns_of_sessions, read_sessions, without_themes


@click.command("patterns")
@click.argument("source")
@as_json
def patterns_command(source: str, as_json: bool) -> None:
    """Follow themes over one client's sessions, given as lines of JSON. Nothing is kept.

    A line has "date" and "themes", which are taken as signed, or "date" and "text", which is drafted first.
    """
    sessions = read_sessions(read_text(source).split("\n"))
    to_draft = without_themes(sessions)
    if to_draft:
        from notekeeper.bootstrap import drafting_parts

        with drafting_parts() as parts:
            sessions = tuple(
                drafted(session, parts) if place in to_draft else session for place, session in enumerate(sessions)
            )
    found = patterns_of_sessions(sessions)
    if as_json:
        say_json(
            {
                "patterns": [pattern.model_dump(mode="json", exclude={"themes"}) for pattern in found],
                "together": [pair.model_dump(mode="json") for pair in together(found)],
                "drafted": list(to_draft),
            }
        )
        return
    if to_draft:
        tell(f"{len(to_draft)} session(s) had no themes and were drafted; nobody has reviewed those themes.")
    for pattern in found:
        show_pattern(pattern, len(sessions))
    said = f"{len(found)} pattern(s) in {len(sessions)} session(s)" if found else "No pattern was found"
    say(f"{said}. Less mention in the notes is not recovery. ({Path(source).name if source != '-' else 'given text'})")


def show_pattern(pattern: Pattern, sessions: int) -> None:
    """Print one pattern: its kind in words, its sentence, and a mark for each session."""
    line = "".join("●" if place in pattern.sessions else "·" for place in range(sessions))
    say_entry(
        f"{line}  {pattern.kind.words}\n    {pattern.statement}",
        f"{pattern.label}.",
        ("Kind", pattern.kind.words),
        ("Said", pattern.statement),
    )


commands = (patterns_command,)
