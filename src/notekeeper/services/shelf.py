"""Everything a supervisor has open: reports, bundles still locked, files that are no reports, and the comments on each.

What always holds: a report that was opened twice is listed once; a bundle that one secret opened is asked for no
secret again; comments are opened with their report and kept with every change.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from notekeeper.config import supervisor_data
from notekeeper.domain.report import ReportDocument
from notekeeper.reports.envelope import Secret
from notekeeper.reports.trust import KnownKeys
from notekeeper.services.browsing import Locked, Looked, NotRead, Place, Reading, files_of, judged, listed, look
from notekeeper.services.caseload import own_day
from notekeeper.services.commenting import CommentsDesk
from notekeeper.services.knowing_keys import known_keys
from notekeeper.services.supervisor_hours import Held, HoursFile, covered_by, keep_hours, read_hours, with_held


@dataclass(slots=True)
class Shelf:
    """`comments_folder` is where comments are kept instead of beside each report. `secrets` open bundles. `own_key` is
    that of the vault which is open here, '' without one."""

    known: KnownKeys
    comments_folder: Path | None = None
    own_key: str = ""
    secrets: list[Secret] = field(default_factory=list, repr=False)
    looked: list[Looked] = field(default_factory=list)
    _desks: dict[str, CommentsDesk] = field(default_factory=dict)

    @classmethod
    def of(
        cls, paths: Sequence[Path], *, secrets: Sequence[Secret] = (), comments_folder: Path | None = None
    ) -> "Shelf":
        """Open these files and folders. Raises `ReportError` when the known keys or a folder cannot be read."""
        shelf = cls(known_keys(), comments_folder, secrets=list(secrets))
        shelf.add(paths)
        return shelf

    def add(self, paths: Sequence[Path]) -> list[Looked]:
        """Open these as well, and return what became of each. Raises `ReportError` for a folder."""
        there = {each.path.absolute() for each in self.looked if not isinstance(each, NotRead)}
        return [
            self._put(look(path, self.known, self.secrets, self.own_key))
            for path in files_of(paths)
            if path.absolute() not in there
        ]

    def unlock(self, secret: Secret) -> list[Looked]:
        """Try a secret on every bundle that is locked; those that it opened."""
        opened_now: list[Looked] = []
        for place, each in enumerate(self.looked):
            if isinstance(each, Locked) and each.by_passphrase == bool(secret.passphrase):
                found = look(each.path, self.known, [secret], self.own_key)
                if not isinstance(found, Locked):
                    self.looked[place] = self._once(found)
                    opened_now.append(self.looked[place])
        if opened_now:
            self.secrets.append(secret)
        return opened_now

    def judge_again(self) -> None:
        """Hold every report against the keys that are known now. Raises `ReportError`."""
        self.known = known_keys()
        self.looked = [
            judged(each, self.known, self.own_key) if isinstance(each, Reading) else each for each in self.looked
        ]

    @property
    def readings(self) -> list[Reading]:
        """The reports that are open, in the order opened."""
        return [each for each in self.looked if isinstance(each, Reading)]

    @property
    def locked(self) -> list[Locked]:
        """Bundles that still want a secret."""
        return [each for each in self.looked if isinstance(each, Locked)]

    @property
    def not_read(self) -> list[NotRead]:
        """Files of which nothing is shown."""
        return [each for each in self.looked if isinstance(each, NotRead)]

    @property
    def places(self) -> list[Place]:
        """Every page: by therapist, then client, then period."""
        return listed(self.readings)

    def current(self, place: Place) -> Place:
        """The same page as it is judged now."""
        return next(
            (
                each
                for each in self.places
                if each.reading.sha256 == place.reading.sha256 and each.page.client_code == place.page.client_code
            ),
            place,
        )

    def desk(self, reading: Reading) -> CommentsDesk:
        """The comments on a report."""
        if reading.sha256 not in self._desks:
            self._desks[reading.sha256] = CommentsDesk(reading, self.comments_folder)
        return self._desks[reading.sha256]

    def keep(self) -> None:
        """Put every comment on disk. Raises `ReportError`."""
        for desk in self._desks.values():
            desk.keep()

    def hold(self, reading: Reading, day: date, minutes: int, *, today: date | None = None) -> HoursFile:
        """Log the whole supervision of that day with this therapist, in which this report was discussed, and say so in
        its comments. Returns the log as it is now. Raises `UsageError` and `ReportError`."""
        folder = supervisor_data()
        changed = with_held(read_hours(folder), _held(reading, day, minutes), today=today or own_day())
        keep_hours(folder, changed)
        self.desk(reading).discussed(day, minutes)
        return changed

    def _put(self, found: Looked) -> Looked:
        self.looked.append(self._once(found))
        return self.looked[-1]

    def _once(self, found: Looked) -> Looked:
        same = next(
            (each for each in self.readings if isinstance(found, Reading) and each.sha256 == found.sha256), None
        )
        return NotRead(found.path, f"The same report as {same.path.name}, which is shown.") if same else found


def hours() -> HoursFile:
    """What the supervisor logged. Raises `ReportError` when it cannot be read."""
    return read_hours(supervisor_data())


def _held(reading: Reading, day: date, minutes: int) -> Held:
    document: ReportDocument = reading.document
    return Held(
        supervisee=reading.trust.name[:400],
        public_key=reading.trust.public_key,
        day=day,
        minutes=minutes,
        reports=(reading.sha256,),
        covered=covered_by(document.therapist, document.pages),
    )
