"""Screens as stored texts: every character, and how each stretch of a line is coloured and marked.

What always holds: a drawing is the same on every system and at every run; one that is missing or differs fails, with
what was drawn left in build/snapshots to look at; nothing is stored unless NOTEKEEPER_SNAPSHOTS=renew asks for it.
"""

import difflib
import os
from pathlib import Path
from typing import Any

from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.app import App
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from tests.tui.conftest import until

STORED = Path(__file__).with_name("snapshots")
SEEN = Path(__file__).resolve().parents[2] / "build" / "snapshots"
_MARKS = ("bold", "dim", "italic", "underline", "reverse", "strike")
_STYLES = "styles"


def drawn(app: App[Any]) -> str:
    """The screen as text: its lines between bars; for each line the letters of its styles with the number of cells;
    what each letter stands for, with styles in the order in which they are met."""
    letters: dict[str, str] = {}
    lines, runs = [], []
    for strip in app.screen._compositor.render_strips():
        lines.append(f"|{''.join(segment.text for segment in strip)}|")
        run: list[tuple[str, int]] = []
        for segment in Segment.simplify(strip):
            letter = letters.setdefault(_words(segment.style), _letter(len(letters)))
            if run and run[-1][0] == letter:
                run[-1] = letter, run[-1][1] + segment.cell_length
            else:
                run.append((letter, segment.cell_length))
        runs.append(" ".join(f"{letter}{cells}" for letter, cells in run))
    legend = [f"{letter} = {words}" for words, letter in letters.items()]
    return "\n".join([*lines, "", f"{_STYLES}, line by line:", *runs, "", *legend]) + "\n"


def _words(style: Style | None) -> str:
    if style is None:
        return "none"
    colours = f"{_hex(style.color)} on {_hex(style.bgcolor)}"
    return " ".join([colours, *(mark for mark in _MARKS if getattr(style, mark))])


def _hex(colour: Color | None) -> str:
    return colour.triplet.hex if colour and colour.triplet else "default"


def _letter(place: int) -> str:
    return chr(ord("a") + place) if place < 26 else f"{chr(ord('A') + place - 26)}"


def be_still(app: App[Any]) -> None:
    """Let nothing on this screen move by itself."""
    app.animation_level = "none"
    for field in [*app.screen.query(Input), *app.screen.query(TextArea)]:
        field.cursor_blink = False


async def assert_as_stored(pilot: Pilot[Any], name: str) -> None:
    """The screen comes to look as it is stored under `name`; else a failure that says what to do."""
    app = pilot.app
    be_still(app)
    path = STORED / f"{name}.txt"
    if os.environ.get("NOTEKEEPER_SNAPSHOTS") == "renew":
        STORED.mkdir(exist_ok=True)
        await pilot.pause(1)
        path.write_text(drawn(app), encoding="utf-8", newline="\n")
        return
    stored = path.read_text(encoding="utf-8") if path.exists() else ""
    try:
        await until(pilot, lambda: drawn(app) == stored, 5 if stored else 0.5)
    except AssertionError:
        raise AssertionError(_difference(app, name, stored)) from None


def _difference(app: App[Any], name: str, stored: str) -> str:
    SEEN.mkdir(parents=True, exist_ok=True)
    seen, text = drawn(app), SEEN / f"{name}.txt"
    text.write_text(seen, encoding="utf-8", newline="\n")
    picture = SEEN / f"{name}.svg"
    picture.write_text(app.export_screenshot(title=name), encoding="utf-8")
    what = "is drawn differently from what is stored" if stored else "has nothing stored to compare with"
    pair = stored.splitlines(), seen.splitlines()
    lines = difflib.unified_diff(*pair, "stored", "drawn now", lineterm="", n=1)
    return (
        f"The screen {name} {what}. Look at {picture} and {text}; if it is right as it is now, store it with "
        "NOTEKEEPER_SNAPSHOTS=renew and look at the change before it is committed.\n" + "\n".join(lines)
    )
