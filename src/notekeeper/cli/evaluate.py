"""`evaluate`: how near a model's drafts come to an annotator's themes, beside simple baselines.

What always holds: nothing is kept and no vault is opened; a figure printed is one of `evaluation.figures`, in the same
words in both layouts.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import click

from notekeeper.cli.common import ProgressLine, as_json, read_text, say, say_entry, say_json, tell
from notekeeper.evaluation.figures import Figures
from notekeeper.services.evaluating import Baseline, development_set, evaluate, given_set

SECOND_ANNOTATOR = (
    "For comparison: a second careful annotator, blind, reaches theme F1 0.88 and evidence IoU 0.78 on notes of this "
    "format. What each figure means: docs/evaluation.md."
)
_EVERY = "all"
Row = tuple[str, Callable[[Figures], str]]


@click.command("evaluate")
@click.option("--model", "models", multiple=True, help="A model of the catalogue; may be given again.")
@click.option(
    "--baseline",
    "baselines",
    multiple=True,
    type=click.Choice([*(one.value for one in Baseline), _EVERY]),
    help="A simple rule to compare with; may be given again.",
)
@click.option("--set", "source", metavar="FILE", help="Gold notes of your own. Without it, those kept out of training.")
@click.option("--limit", type=click.IntRange(min=1), help="Score at most so many notes, taken evenly.")
@as_json
def evaluate_command(
    models: tuple[str, ...], baselines: tuple[str, ...], source: str | None, limit: int | None, as_json: bool
) -> None:
    """Score drafts against gold notes: themes, evidence, inventions, refusals, seconds. Nothing is kept.

    Without --model and --baseline the model in use is scored.
    """
    from notekeeper import bootstrap

    whole = given_set(read_text(source)) if source is not None else development_set(bootstrap.gold_folder())
    gold = whole.limited(limit)
    chosen = models or (() if baselines else (bootstrap.model_in_use(),))
    rules = list(Baseline) if _EVERY in baselines else [Baseline(name) for name in baselines]
    bootstrap.require_installed(*chosen)
    try:
        scored = evaluate(
            gold,
            chosen,
            rules,
            open_parts=bootstrap.drafting_parts,
            open_yardstick=bootstrap.yardstick,
            on_step=_progress(),
        )
    except KeyboardInterrupt:
        tell("\nnotekeeper: stopped. What was scored so far is not kept; nothing else was changed.")
        raise click.exceptions.Exit(130) from None
    if as_json:
        counted: dict[str, Any] = {"notes": len(gold.notes), "talks": len(gold.talks)}
        kind = "development" if source is None else "given"
        say_json({"set": {"source": kind, **counted}, "contestants": [one.model_dump(mode="json") for one in scored]})
    else:
        _show(scored)


def _progress() -> Callable[[str, int, int], None] | None:
    if not sys.stderr.isatty():
        return None
    line = ProgressLine()

    def show(name: str, done: int, total: int) -> None:
        line.show(name, f": {done} of {total} texts")
        if done == total:
            line.end(kept=False)

    return show


def _show(scored: Sequence[Figures]) -> None:
    """Print a table: a row for each figure, a column for each contestant."""
    rows = [(label, [value(one) for one in scored]) for label, value in (*_ROWS, *_parts(scored))]
    names = [one.name for one in scored]
    widths = [max(map(len, column)) for column in zip(names, *(values for _, values in rows), strict=True)]
    margin = max(len(label) for label, _ in rows)
    say_entry(_line("", names, margin, widths), f"Scored: {', '.join(names)}.")
    for label, values in rows:
        spoken = ", ".join(f"{name} {value}" for name, value in zip(names, values, strict=True))
        say_entry(_line(label, values, margin, widths), (label, spoken))
    say()
    say(SECOND_ANNOTATOR)


def _line(label: str, values: Sequence[str], margin: int, widths: Sequence[int]) -> str:
    return "  ".join((label.ljust(margin), *(value.rjust(width) for value, width in zip(values, widths, strict=True))))


def _number(value: float | None, digits: int = 2) -> str:
    return "none" if value is None else f"{value:.{digits}f}"


def _of(part: int | None, whole: int | None) -> str:
    return "not asked" if part is None else f"{part} of {whole}"


def _wrongly_refused(one: Figures) -> str:
    return _of(one.notes_refused + (one.lookalikes_refused or 0), one.notes + (one.lookalikes or 0))


_ROWS: tuple[Row, ...] = (
    ("Notes", lambda one: str(one.notes)),
    ("Drafts of valid form, every span verbatim", lambda one: _of(one.valid, one.notes)),
    ("Theme F1", lambda one: _number(one.f1)),
    ("Theme precision", lambda one: _number(one.precision)),
    ("Theme recall", lambda one: _number(one.recall)),
    ("Evidence IoU of themes found", lambda one: _number(one.evidence_iou)),
    ("Themes a note", lambda one: _number(one.themes_a_note, 1)),
    ("Codes marked absent, in 100 notes", lambda one: _number(one.absent_per_100, 1)),
    ("Feelings that the evidence lacks", lambda one: str(one.lacking["feelings"])),
    ("Diagnoses that the evidence lacks", lambda one: str(one.lacking["diagnoses"])),
    ("Theory terms that the evidence lacks", lambda one: str(one.lacking["theory"])),
    ("Risk words that the evidence lacks", lambda one: str(one.lacking["risk"])),
    ("Names that the evidence lacks", lambda one: str(one.lacking["names"])),
    ("Names and other identifiers shown", lambda one: str(one.names_shown)),
    ("Transcripts refused", lambda one: _of(one.transcripts_refused, one.transcripts)),
    ("Notes wrongly refused", _wrongly_refused),
    ("Items withheld by the checks", lambda one: str(one.withheld)),
    ("Notes that ended in an error", lambda one: str(one.failed)),
    ("Seconds a note, median", lambda one: _number(one.seconds_median)),
    ("Seconds a note, 90th percentile", lambda one: _number(one.seconds_p90)),
)


def _parts(scored: Sequence[Figures]) -> Iterator[Row]:
    """Rows of F1 by trap and by style; the set is the same for all, so the first tells which there are."""
    for name, part in scored[0].by_trap.items():
        yield f"F1, trap {name} ({part.notes})", lambda one, name=name: _number(one.by_trap[name].f1)  # type: ignore[misc]
    for name, part in scored[0].by_style.items():
        yield f"F1, style {name} ({part.notes})", lambda one, name=name: _number(one.by_style[name].f1)  # type: ignore[misc]


commands = (evaluate_command,)
