"""What guards the notes on this computer besides encryption, as `doctor` tells it.

What always holds: a state is what was looked at, not what was asked for; what could not be looked at is unknown.
"""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    ACTIVE = "active"
    PARTLY = "partly"
    ABSENT = "absent"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Protection:
    """One protection: what its state means in plain words, and what can be done; `advice` is empty when there is
    nothing to do, or nothing that can be done on this system."""

    name: str
    state: State
    meaning: str
    advice: str = ""

    @property
    def wanting(self) -> bool:
        """Whether it is not wholly there and something can be done about it."""
        return self.state in (State.PARTLY, State.ABSENT) and bool(self.advice)


@dataclass(frozen=True, slots=True)
class WorkerLimits:
    """What a model's process was kept from when it tried. `landlock` is the version of the kernel's file limits in
    force, 0 for none; `reads_a_stranger`, whether it could read a file outside the folders it was given; `writes`,
    whether it could make a file; `native_socket` is None where native code could not be tried."""

    core_dumps_off: bool
    onlookers_refused: bool
    filtered: bool
    landlock: int
    reads_a_stranger: bool
    writes: bool
    python_socket: bool
    native_socket: bool | None
