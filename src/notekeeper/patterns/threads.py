"""Threads: which themes of different sessions are one theme followed over time.

What always holds: themes of one code are one thread, as a code exists to follow a theme; every theme is in exactly one
thread; themes are linked in the order of their sessions, so a session that comes in later moves none of the earlier
themes out of its thread.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass

from notekeeper.domain.pattern import NO_EDITS, SignedTheme, SignedThemes, ThreadEdits
from notekeeper.patterns.edits import edited
from notekeeper.patterns.linking import linked
from notekeeper.patterns.parameters import Parameters, shipped
from notekeeper.patterns.reading import Read, read_all


@dataclass(frozen=True, slots=True)
class Thread:
    """One theme over sessions; `themes` in the order of the sessions, `reads` what their words say."""

    code: str | None
    themes: tuple[SignedTheme, ...]
    reads: tuple[Read, ...]
    renamed: str | None = None
    """The label that the therapist gave it."""

    @property
    def sessions(self) -> tuple[int, ...]:
        """The sessions in which it was noted, in order, from 0."""
        return tuple(sorted({theme.session for theme in self.themes}))

    def at(self, session: int) -> tuple[SignedTheme, ...]:
        """Its themes in one session."""
        return tuple(theme for theme in self.themes if theme.session == session)


def threads_of(
    signed: SignedThemes, edits: ThreadEdits = NO_EDITS, parameters: Parameters | None = None
) -> list[Thread]:
    """Every thread as the therapist made it, those noted in most sessions first, then by first session and code."""
    used = parameters or shipped()
    reads = read_all(signed.themes, used)
    numbers, labels = edited(linked(signed.themes, reads, used), signed, edits)
    gathered: dict[int, list[int]] = defaultdict(list)
    for place, number in enumerate(numbers):
        gathered[number].append(place)
    found = [_thread(places, signed, reads, labels.get(number)) for number, places in gathered.items()]
    return sorted(found, key=lambda thread: (-len(thread.sessions), thread.sessions, thread.code or "~"))


def _thread(places: list[int], signed: SignedThemes, reads: list[Read], renamed: str | None) -> Thread:
    """The thread of these themes; its code is the one that most of them bear, of equals the first."""
    ordered = sorted(places, key=lambda place: signed.themes[place].session)
    themes = tuple(signed.themes[place] for place in ordered)
    codes = Counter(theme.code for theme in themes if theme.code is not None)
    code = codes.most_common(1)[0][0] if codes else None
    return Thread(code, themes, tuple(reads[place] for place in ordered), renamed)
