"""A note that was filed under the wrong client: what goes with it to the right file, and how it is written there.

What always holds: every word the therapist wrote goes with the note, and none that a model drafted; what cannot stand
in an unsigned note by itself, as an addendum, is carried as text beneath it, under a line that says what it was; no
word of the other file is added.
"""

from collections.abc import Iterable

from notekeeper.domain.addendum import Addendum
from notekeeper.domain.review import OwnTheme, OwnView, SignOff
from notekeeper.domain.risk import RiskEntry
from notekeeper.domain.risk_told import entry_told
from notekeeper.domain.text import Frozen

MAX_OWN_FOCUS = 400


class Received(Frozen):
    """What the right file keeps of where a note came from: that it was signed before, and with how many addenda."""

    was_signed: bool
    addenda: int


def own_view_of(signed: SignOff) -> OwnView:
    """The therapist's own focus and themes out of a sign-off; nothing that came from a draft, edited or not."""
    own = [item for item in signed.items if item.origin == "therapist"]
    focus = next((item.text for item in own if item.kind == "focus" and len(item.text) <= MAX_OWN_FOCUS), None)
    themes = tuple(
        OwnTheme(label=item.text, code=item.code, trend=item.trend, evidence=item.evidence)
        for item in own
        if item.kind == "theme"
    )
    return OwnView(focus=focus, themes=themes)


def with_addenda(text: str, signed: RiskEntry | None, addenda: Iterable[Addendum]) -> str:
    """`text`, and beneath it each addendum under a line with its day and name. A risk entry that a later one stands
    above, so that the new note cannot hold it as its own, is written out where it stood."""
    added = list(addenda)
    entries = [risk for risk in (signed, *(each.risk for each in added)) if risk is not None]
    parts = [text]
    if signed is not None and len(entries) > 1:
        parts.append(f"Risk and safeguarding, as first signed:\n{risk_lines(signed)}")
    for each in added:
        day = each.added_at.astimezone().date().isoformat()
        lines = [f"Addendum {each.number}, {day}, {each.signer.name}:", each.text]
        if each.risk is not None and each.risk is entries[-1]:
            lines.append("The risk entry that stands with this note was recorded by it.")
        elif each.risk is not None:
            lines.append(f"Risk and safeguarding, recorded later:\n{risk_lines(each.risk)}")
        parts.append("\n".join(line for line in lines if line))
    return "\n\n".join(parts)


def with_begun(text: str, words: str, risk: RiskEntry | None) -> str:
    """`text`, and beneath it what was begun for an addendum and not added; `text` itself when nothing was."""
    parts = ["Addendum, begun and not added:", words]
    parts += [f"Risk and safeguarding:\n{risk_lines(risk)}"] if risk is not None else []
    return "\n".join([f"{text}\n", *(part for part in parts if part)]) if words or risk is not None else text


def risk_lines(risk: RiskEntry) -> str:
    """A risk entry as lines of text, all that it says."""
    return "\n".join([risk.state.words, *(f"{label}: {text}" for label, text in entry_told(risk))])
