"""One plain sentence for a pattern, composed of counts and of what was signed; no model is asked.

What always holds: sessions are counted as "3 of 8 sessions", never as a share; nothing is concluded about the client;
no label is put in quotation marks, because a report carries no quotations.
"""

from collections.abc import Sequence

from notekeeper.domain.pattern import PatternKind, SignedTheme
from notekeeper.patterns.threads import Thread


def statement(thread: Thread, kind: PatternKind, numbers: Sequence[int]) -> str:
    """The sentence. `numbers` says what each of the sessions looked at is called."""
    held = [numbers[session] for session in thread.sessions]
    noted = f"noted in {len(held)} of {len(numbers)} sessions ({', '.join(map(str, held))})"
    label, first, last = label_of(thread), _label(thread.themes[0]), _label(thread.themes[-1])
    match kind:
        case PatternKind.RECURRING:
            return f"{label}: {noted}."
        case PatternKind.EMERGING:
            return f"{label}: newly noted from session {held[0]}, and {noted}."
        case PatternKind.FADING:
            ending = "" if last == label else f", with {_lower(last)} noted last"
            return f"{label}: {noted}; less often, or as easing, in the later notes{ending}."
        case PatternKind.SHIFTING:
            if first == last:
                return f"{label}: {noted}; told otherwise in the later notes."
            moved = f"from {_lower(first)} to {_lower(last)}: {noted}."
            return moved[0].upper() + moved[1:] if thread.renamed is None else f"{label}, {moved}"


def label_of(thread: Thread) -> str:
    """The label that the therapist gave the thread, else the one it was first signed with: that one stays when more
    sessions are signed."""
    return thread.renamed if thread.renamed is not None else _label(thread.themes[0])


def _label(theme: SignedTheme) -> str:
    return " ".join(theme.label.split())


def _lower(label: str) -> str:
    """A label within a sentence. A capital that a whole word or a name bears stays."""
    return label[0].lower() + label[1:] if label[:1].isupper() and not label[:2].isupper() else label
