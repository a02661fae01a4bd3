"""The risk entry in commands: shown whole, asked for at a terminal, and the reminder that it is not recorded.

What always holds: an empty answer chooses nothing; the reminder names a kind of risk and no word of the note.
"""

from collections.abc import Sequence

import click

from notekeeper.cli.common import say, say_entry, tell
from notekeeper.domain.risk import RiskAnswer, RiskEntry, RiskKind, RiskState, RiskWhen, contradictions
from notekeeper.domain.risk_told import entry_told
from notekeeper.services.risk import Reminder

_TEXTS = (
    ("words", "Risk, in your words"),
    ("protective", "Protective factors"),
    ("action", "What you did"),
    ("told", "Whom you told"),
)


def show_risk(entry: RiskEntry | None, heading: str = "Risk and safeguarding") -> None:
    """Print the entry that stands, or that no state was chosen."""
    stand = entry.state.words if entry else "no state chosen yet"
    say_entry(f"{heading}: {stand}", (heading, stand))
    for label, text in entry_told(entry) if entry else ():
        say_entry(f"{label}: {text}", (label, text))


def remind(found: Reminder | None) -> None:
    """Print what the note mentions, beside the result."""
    if found is not None:
        tell(found.sentence)


def reminder_as_json(found: Reminder | None) -> dict[str, object] | None:
    """The reminder as every command gives it in JSON."""
    return {"mentions": list(found.kinds), "sentence": found.sentence} if found else None


def ask_risk() -> dict[str, object] | None:
    """The fields of a risk entry, asked for one by one; None when no state was chosen. States at odds are asked for
    again before any words are, so that none are lost."""
    while True:
        state = _one_of("Risk", tuple(RiskState))
        if state is None:
            return None
        fields: dict[str, object] = {"state": state, "kinds": []}
        if click.confirm("By kind: suicide, self-harm, harm to others, harm from others?", default=False):
            fields["kinds"] = [asked for kind in RiskKind if (asked := _kind(kind)) is not None]
        if not (found := contradictions(RiskEntry.model_validate(fields))):
            break
        say("\n".join(found))
    for name, label in _TEXTS:
        fields[name] = _line(label)
    for name, label in (("safeguarding_child", "child"), ("safeguarding_adult", "adult")):
        fields[name] = click.confirm(f"Safeguarding concern: {label}?", default=False)
    fields["safeguarding"] = _line("Safeguarding, in your words")
    return fields


def _kind(kind: RiskKind) -> dict[str, object] | None:
    state = _one_of(kind.words, tuple(RiskState))
    if state is None:
        return None
    fields: dict[str, object] = {"kind": kind, "state": state}
    if not RiskState(state).told:
        return fields
    fields["when"] = _one_of(f"{kind.words}, past or current", tuple(RiskWhen)) or RiskWhen.NOT_SAID.value
    for name in ("thoughts", "plan", "intent") if kind.by_the_client else ():
        fields[name] = _one_of(f"{kind.words}, {name}", tuple(RiskAnswer))
    return fields


def _one_of(label: str, choices: Sequence[RiskState | RiskWhen | RiskAnswer]) -> str | None:
    """The value chosen by its number, None for an empty line."""
    for number, each in enumerate(choices, start=1):
        say_entry(f"    {number}  {each.words}", (f"{label}, choice {number}", each.words))
    chosen = click.prompt(f"{label}: choose one", type=click.IntRange(0, len(choices)), default=0, show_default=False)
    return choices[int(chosen) - 1].value if chosen else None


def _line(label: str) -> str:
    return str(click.prompt(label, default="", show_default=False))
