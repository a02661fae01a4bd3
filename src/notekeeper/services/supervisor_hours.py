"""A supervisor's own log of the supervision they held: days, minutes, and how many client sessions it covered.

What always holds: it is one private file in the supervisor's own folder, written whole; no client's code stands in
it, only a mark by which a session that two reports cover is counted once; a log that cannot be read is an error and
is never written over.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError

from notekeeper.domain.report import ClientPage
from notekeeper.domain.text import Frozen
from notekeeper.errors import ReportError, UsageError
from notekeeper.isolation.private import read_private, write_private
from notekeeper.reports.trust import KnownKeys, letters_of

FILE = "hours.json"
MOST_MINUTES = 600
_MOST_BYTES = 20_000_000


class Covered(Frozen):
    """Sessions of one client, by their number in the file."""

    mark: str = Field(pattern=r"^[0-9a-f]{16}$")
    sessions: tuple[int, ...]


class Held(Frozen):
    """The whole supervision of one therapist on one day. `public_key` is of the reports discussed, '' if unsigned."""

    supervisee: str = Field(max_length=400)
    public_key: str = Field(default="", pattern=r"^(?:[0-9a-f]{64})?$")
    day: date
    minutes: int = Field(ge=1, le=MOST_MINUTES)
    reports: tuple[str, ...] = ()
    covered: tuple[Covered, ...] = ()


class HoursFile(Frozen):
    """Everything held, in the order it was entered."""

    format: Literal["notekeeper-supervision-held"] = "notekeeper-supervision-held"
    format_version: Literal[1] = 1
    held: tuple[Held, ...] = ()


@dataclass(frozen=True, slots=True)
class Ratio:
    """What was held with one supervisee, and the client sessions covered, each counted once."""

    supervisee: str
    supervisions: int
    minutes: int
    sessions: int
    last: date

    @property
    def words(self) -> str:
        """As in: 2 supervisions, 2 h 30 min; 20 client sessions covered: one hour to 8."""
        times = "1 supervision" if self.supervisions == 1 else f"{self.supervisions} supervisions"
        covered = "1 client session" if self.sessions == 1 else f"{self.sessions} client sessions"
        return f"{times}, {duration(self.minutes)}; {covered} covered: {self.to_one_hour}"

    @property
    def to_one_hour(self) -> str:
        """As in: one hour to 8 sessions."""
        each = f"{self.sessions * 60 / self.minutes:.1f}".removesuffix(".0")
        return f"one hour to {each} {'session' if each == '1' else 'sessions'}"


def duration(minutes: int) -> str:
    """As in 2 h 30 min."""
    hours, rest = divmod(minutes, 60)
    return " ".join(filter(None, (f"{hours} h" if hours else "", f"{rest} min" if rest or not hours else "")))


def read_hours(folder: Path) -> HoursFile:
    """What was logged in `folder`; nothing before the first entry. Raises `ReportError`."""
    path = folder / FILE
    if not path.exists() and not path.is_symlink():
        return HoursFile()
    try:
        return HoursFile.model_validate_json(read_private(path, _MOST_BYTES), strict=True)
    except (OSError, ValidationError):
        raise ReportError(
            f"Your log of hours cannot be read: {path}. It was left as it is. Put a copy of it back, or move it away."
        ) from None


def with_held(log: HoursFile, held: Held, *, today: date) -> HoursFile:
    """The log with this supervision. On a day that has one with the same supervisee, the minutes are those given now
    and what was covered is put together. Raises `UsageError` for a day that is still to come."""
    if held.day > today:
        raise UsageError("A supervision that was held lies in the past. Nothing was logged; please look at the day.")
    same = [each for each in log.held if _same(each, held)]
    others = [each for each in log.held if not _same(each, held)]
    together = held.model_copy(
        update={
            "reports": tuple(dict.fromkeys(sha for each in (*same, held) for sha in each.reports)),
            "covered": _together(part for each in (*same, held) for part in each.covered),
        }
    )
    return log.model_copy(update={"held": (*others, together)})


def keep_hours(folder: Path, log: HoursFile) -> None:
    """Put the log in place. Raises `ReportError`; then the one before is there still."""
    body = json.dumps(log.model_dump(mode="json"), ensure_ascii=True, indent=2) + "\n"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_private(folder / FILE, body.encode("ascii"))
    except OSError as error:
        raise ReportError(
            f"The hours could not be written ({error.strerror or 'no reason given'}). The log is as it was; please try "
            "again."
        ) from None


def covered_by(therapist: str, pages: Sequence[ClientPage]) -> tuple[Covered, ...]:
    """The sessions held in the periods of these pages, whether or not the report includes them."""
    return tuple(
        Covered(
            mark=hashlib.sha256(f"{letters_of(therapist)}\n{page.client_code}".encode()).hexdigest()[:16],
            sessions=tuple(sorted({*page.coverage.included, *page.coverage.not_included})),
        )
        for page in pages
    )


def ratios(log: HoursFile, known: KnownKeys) -> list[Ratio]:
    """For each supervisee, by name. A key that is known by now gives its entries the supervisor's own name."""
    by_name: dict[str, list[Held]] = {}
    shown: dict[str, str] = {}
    for each in log.held:
        name = found.name if (found := known.of(each.public_key)) else each.supervisee
        by_name.setdefault(name.casefold(), []).append(each)
        shown[name.casefold()] = name
    return [
        Ratio(
            supervisee=shown[key],
            supervisions=len(held),
            minutes=sum(each.minutes for each in held),
            sessions=sum(len(part.sessions) for part in _together(part for each in held for part in each.covered)),
            last=max(each.day for each in held),
        )
        for key, held in sorted(by_name.items())
    ]


def _same(one: Held, other: Held) -> bool:
    """Whether both are the supervision of one therapist on one day."""
    if one.day != other.day:
        return False
    if one.public_key and other.public_key:
        return one.public_key == other.public_key
    return letters_of(one.supervisee) == letters_of(other.supervisee)


def _together(parts: Iterable[Covered]) -> tuple[Covered, ...]:
    found: dict[str, set[int]] = {}
    for part in parts:
        found.setdefault(part.mark, set()).update(part.sessions)
    return tuple(Covered(mark=mark, sessions=tuple(sorted(numbers))) for mark, numbers in sorted(found.items()))
