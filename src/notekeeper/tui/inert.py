"""The last guard before the terminal: whatever a widget draws, nothing in it is obeyed.

Screens show texts through `plain`; a field that one types or pastes into draws what it holds by itself. What always
holds: no control character, escape or mark that turns the direction of text leaves the app in a drawn line; the line
is as many cells wide as the widget took it for.
"""

from functools import lru_cache

from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from notekeeper.domain.text import visible

STAND_IN = "␦"


class Inert(LineFilter):
    """Puts stand-ins in the place of what a terminal would obey; what takes no cell is left out."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 - Textual's own name
        """The same segments with inert texts."""
        if all(segment.control or segment.text.isprintable() for segment in segments):
            return segments
        return [
            segment if segment.control or segment.text.isprintable() else Segment(inert(segment.text), segment.style)
            for segment in segments
        ]


@lru_cache(4096)
def inert(text: str) -> str:
    """`text` without anything that a terminal would obey, as wide as it was taken for."""
    return "".join(map(_shown, text))


def _shown(character: str) -> str:
    if character not in "\n\t" and visible(character) == character:
        return character
    return STAND_IN * cell_len(character)
