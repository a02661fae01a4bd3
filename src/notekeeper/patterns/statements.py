"""One plain sentence for a pattern, composed of counts and of what was signed; no model is asked.

What always holds: sessions are counted as "3 of 8 sessions", never as a share; nothing is concluded about the client;
no label is put in quotation marks, because a report carries no quotations.
"""

from collections.abc import Sequence

from notekeeper.domain.pattern import PatternKind
from notekeeper.patterns.threads import Thread


def statement(thread: Thread, kind: PatternKind, numbers: Sequence[int]) -> str:
    """The sentence. `numbers` says what each of the sessions looked at is called."""
    held = [numbers[session] for session in thread.sessions]
    noted = f"noted in {len(held)} of {len(numbers)} sessions ({', '.join(map(str, held))})"
    first, last = label_of(thread, first=True), label_of(thread)
    match kind:
        case PatternKind.RECURRING:
            return f"{last}: {noted}."
        case PatternKind.EMERGING:
            return f"{last}: newly noted from session {held[0]}, and {noted}."
        case PatternKind.FADING:
            return f"{first}: {noted}; less often, or as easing, in the later notes, with {_lower(last)} noted last."
        case PatternKind.SHIFTING:
            return f"From {_lower(first)} to {_lower(last)}: {noted}."


def label_of(thread: Thread, *, first: bool = False) -> str:
    """The label that the therapist gave the thread, else the one signed last in it, or the first one."""
    if thread.renamed is not None:
        return thread.renamed
    theme = thread.themes[0] if first else thread.themes[-1]
    return " ".join(theme.label.split())


def _lower(label: str) -> str:
    """A label within a sentence. A capital that a whole word or a name bears stays."""
    return label[0].lower() + label[1:] if label[:1].isupper() and not label[:2].isupper() else label
