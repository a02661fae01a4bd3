"""Whether the computer slept, or was held still as a whole, since the clocks were last looked at.

What always holds: a computer that slept longer than `LEAST_S` is found at the first look afterwards, where the system
has a clock that goes on while it sleeps beside one that stands still; elsewhere a leap of the wall clock tells.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

LEAST_S = 1.0
_LEAP_S = 30.0
"""A wall clock that is put right by a few seconds has not slept; one that is off by more may have."""

Clock = Callable[[], float]


def _system(name: str, otherwise: Clock) -> Clock:
    number = getattr(time, name, None)
    if number is None:
        return otherwise
    read: Clock = lambda: time.clock_gettime(number)  # noqa: E731 - a clock is a function of nothing
    try:
        read()
    except OSError:
        return otherwise
    return read


@dataclass(frozen=True)
class Clocks:
    """Seconds from any start. `running` stands still while the computer sleeps, `through` goes on: the same clock
    where the system has no such pair. `wall` is the time of day."""

    running: Clock = field(default_factory=lambda: _system("CLOCK_UPTIME_RAW", time.monotonic))
    through: Clock = field(
        # macOS has the first and lets CLOCK_MONOTONIC go on; Linux has the second of these two.
        default_factory=lambda: _system(
            "CLOCK_MONOTONIC" if hasattr(time, "CLOCK_UPTIME_RAW") else "CLOCK_BOOTTIME", time.monotonic
        )
    )
    wall: Clock = time.time


class Wake:
    """Looks at the clocks when asked."""

    def __init__(self, clocks: Clocks | None = None) -> None:
        self._clocks = clocks or Clocks()
        self._seen = self._look()

    def slept(self) -> bool:
        """Whether the computer slept since the last time this was asked."""
        before, now = self._seen, self._look()
        self._seen = now
        ran, through, wall = (late - early for early, late in zip(before, now, strict=True))
        return through - ran > LEAST_S or wall - ran > _LEAP_S

    def _look(self) -> tuple[float, float, float]:
        return self._clocks.running(), self._clocks.through(), self._clocks.wall()
