"""The therapist's edits of threads: merged, split off, renamed.

What always holds: edits are applied in the order they were made, to threads that were linked without them, so the same
edits of the same themes give the same threads; every theme stays in exactly one thread; a theme that is no longer
there is passed over.
"""

from collections import Counter, defaultdict

from notekeeper.domain.pattern import (
    SignedThemes,
    ThemeName,
    ThreadEdit,
    ThreadEdits,
    ThreadMerge,
    ThreadRename,
    ThreadSplit,
)


def edited(linked: list[int], signed: SignedThemes, edits: ThreadEdits) -> tuple[list[int], dict[int, str]]:
    """For each theme, in the order given, the number of its thread as the therapist made it; and the labels that they
    gave to threads, by number. `linked` says the number of each theme's thread before that."""
    if not edits.edits:
        return linked, {}
    editing = _Editing(linked, signed)
    for edit in edits.edits:
        editing.apply(edit)
    return editing.held, editing.labels


class _Editing:
    def __init__(self, linked: list[int], signed: SignedThemes) -> None:
        self.held = list(linked)
        self.labels: dict[int, str] = {}
        self._bearing: dict[ThemeName, list[int]] = defaultdict(list)
        for place, theme in enumerate(signed.themes):
            self._bearing[signed.name_of(theme)].append(place)

    def apply(self, edit: ThreadEdit) -> None:
        match edit:
            case ThreadMerge():
                self._merge(self._named(edit.one), self._named(edit.other))
            case ThreadSplit():
                self._split(self._named(edit.themes))
            case ThreadRename():
                if places := self._named(edit.themes):
                    self.labels[self._most(places)] = edit.label

    def _merge(self, one: list[int], other: list[int]) -> None:
        if not one or not other:
            return
        into, gone = self._most(one), self._most(other)
        # The themes the therapist named come along even where a later session has linked them elsewhere.
        together = {*one, *other}
        self.held = [into if number == gone or place in together else number for place, number in enumerate(self.held)]
        if gone != into and gone in self.labels:
            self.labels.setdefault(into, self.labels.pop(gone))

    def _split(self, places: list[int]) -> None:
        if not places:
            return
        fresh = max(self.held) + 1
        for place in places:
            self.held[place] = fresh

    def _named(self, themes: tuple[ThemeName, ...]) -> list[int]:
        return [place for name in themes for place in self._bearing.get(name, ())]

    def _most(self, places: list[int]) -> int:
        """The thread that holds most of these themes; among equals the one that holds the first of them."""
        return Counter(self.held[place] for place in places).most_common(1)[0][0]
