"""`--plain`: output for a screen reader. Which layout is chosen, and how a text, help or progress sounds in it.

What always holds: in plain output nothing is aligned, drawn, coloured or written over; every fact stands on a line of
its own after its label; marks that a screen reader passes over or spells out are words or plain punctuation.
"""

import re
import unicodedata
from collections.abc import Iterator
from contextvars import ContextVar

import click

VARIABLE = "NOTEKEEPER_PLAIN"
Fact = str | tuple[str, object]
"""A sentence, or a label and what stands under it; None and '' are not said."""

_chosen: ContextVar[bool] = ContextVar("plain", default=False)
_QUOTES = dict.fromkeys("“”„«»", '"') | dict.fromkeys("‘’\u201a‹›`", "'")
_SPELLED = str.maketrans(
    _QUOTES | {"–": "-", "—": "-", "\u2011": "-", "−": "-", "…": "...", "·": ",", "⟨": "(", "⟩": ")"}
)
_RANGE = re.compile(r"(?<=\d)\s*[–—]\s*(?=\d)")
_ASIDE = re.compile(r"\s+[–—]\s+")
_UNWRAPPED = 100_000  # characters; click shortens what a command does to fit a line
_DRAWN = range(0x2000, 0x2C00)  # punctuation, arrows, mathematics, boxes, shapes, dingbats


def choose(plain: bool) -> None:
    """Take plain output, or the ordinary one, from here on."""
    _chosen.set(plain)


def chosen() -> bool:
    """Whether plain output was asked for."""
    return _chosen.get()


def spoken(text: str) -> str:
    """`text` on one line for a screen reader: single spaces, plain quotation marks and hyphens, "1 to 4" for a range;
    an arrow, a bullet or a shape by its name in brackets. Letters of every script stay."""
    line = _ASIDE.sub(", ", _RANGE.sub(" to ", text)).translate(_SPELLED)
    return " ".join("".join(map(_named, line)).split())


def spoken_lines(text: str) -> list[str]:
    """Every line of `text` that holds anything, as `spoken` gives it."""
    return [said for line in text.split("\n") if (said := spoken(line))]


def facts_spoken(facts: tuple[Fact, ...]) -> Iterator[str]:
    """One line for each fact. Further lines of a value have its label again, so that no text passes for a label."""
    for fact in facts:
        if isinstance(fact, str):
            yield from spoken_lines(fact)
            continue
        label, value = fact
        for place, line in enumerate(spoken_lines("" if value is None else str(value)), start=1):
            yield f"{label}: {line}" if place == 1 else f"{label}, line {place}: {line}"


def _named(character: str) -> str:
    category = unicodedata.category(character)
    if ord(character) not in _DRAWN or category[0] not in "SP" or category == "Sc":
        return character
    return f" ({unicodedata.name(character, 'sign').lower()}) "


class _SpokenHelp(click.HelpFormatter):
    """Help without columns: each option and command on a line, then a colon and what it does."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        self.write(f"{prefix or 'Usage: '}{prog} {_either(args)}\n")

    def write_heading(self, heading: str) -> None:
        self.write(f"{heading}.\n")

    def write_paragraph(self) -> None:
        """Nothing: a line of its own is enough of a pause."""

    def write_text(self, text: str) -> None:
        for paragraph in re.split(r"\n\s*\n", text):
            self.write(f"{spoken(paragraph)}\n")

    def write_dl(self, rows: object, col_max: int = 30, col_spacing: int = 2) -> None:  # noqa: ARG002 - click's own
        for first, second in rows if isinstance(rows, list | tuple) else ():
            self.write(f"{_either(first)}: {spoken(second)}".removesuffix(": ") + "\n")


def _either(choices: str) -> str:
    return spoken(choices.replace("|", " or "))


class _Context(click.Context):
    def make_formatter(self) -> click.HelpFormatter:
        return _SpokenHelp(width=_UNWRAPPED) if chosen() else super().make_formatter()


def speak_help(command: click.Command) -> None:
    """Let the help of `command` and of all beneath it be plain where plain output is chosen."""
    command.context_class = _Context
    for inner in command.commands.values() if isinstance(command, click.Group) else ():
        speak_help(inner)
