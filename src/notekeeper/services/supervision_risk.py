"""What is recorded of a client's risk, for the agenda of supervision.

What always holds: states and days are given as recorded and never weighed; where nothing is recorded, that is said.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from notekeeper.domain.note import Note, NoteKind
from notekeeper.domain.risk import RiskState
from notekeeper.domain.vault import NoteStanding, Vault
from notekeeper.services.risk import standing_risk


@dataclass(frozen=True, slots=True)
class RiskStand:
    """What is recorded of risk: the state recorded last with its note; the note in which it was asked about last, with
    its state; the day on which the client last spoke of it; how many sessions since have nothing recorded. All None and
    0 of nothing."""

    state: RiskState | None = None
    note: Note | None = None
    asked: Note | None = None
    asked_state: RiskState | None = None
    told: date | None = None
    since: int = 0

    @property
    def words(self) -> str:
        """All of it in a sentence that rules nothing out."""
        if self.state is None or self.note is None:
            return "Risk: NOT RECORDED in any note"
        signed = "" if self.note.signed else ", not signed yet"
        said = [
            f"Risk last recorded {self.note.date.isoformat()} (note {self.note.number}{signed}): {self.state.words}"
        ]
        if self.asked is None or self.asked_state is None:
            said.append("never recorded as asked")
        elif self.asked.id == self.note.id:
            said.append(f"last asked {self.asked.date.isoformat()}")
        else:
            said.append(f"last asked {self.asked.date.isoformat()}: {self.asked_state.words}")
        said += [f"the client last spoke of it {self.told.isoformat()}"] if self.told else []
        said += [f"not recorded in {self.since} session(s) since"] if self.since else []
        return "; ".join(said)


def risk_stand(vault: Vault, notes: Sequence[NoteStanding]) -> RiskStand:
    """How risk stands in one client's notes, by date and number; the entries it is taken from are held against the log.
    Raises `ChainBrokenError`."""
    recorded = [each for each in notes if each.risk not in (None, RiskState.NOT_RECORDED)]
    if not recorded:
        return RiskStand()
    newest = recorded[-1].note
    entry = standing_risk(vault, newest)
    asked = next((each for each in reversed(recorded) if each.risk is not None and each.risk.asked), None)
    told = next((each for each in reversed(recorded) if each.risk is not None and each.risk.told), None)
    for each in (asked, told):
        if each is not None:
            standing_risk(vault, each.note)
    later = notes[notes.index(recorded[-1]) + 1 :]
    return RiskStand(
        state=entry.state if entry else None,
        note=newest,
        asked=asked.note if asked else None,
        asked_state=asked.risk if asked else None,
        told=told.note.date if told else None,
        since=sum(each.note.kind is NoteKind.SESSION for each in later),
    )
