"""What a supervisor writes on a report while reading it: kept as typed, and then written for the therapist.

What always holds: every change is on disk when the call returns, beside the report, or where that cannot be, in the
supervisor's own folder; a call that raised has kept the change in memory, and the next one tries again; comments on a
report that came sealed are written open only when that is asked for.
"""

import json
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path

from notekeeper.config import supervisor_data, supervisor_settings
from notekeeper.domain.comments import MAX_COMMENT, MAX_COMMENTS, CommentsFile, SupervisorComment
from notekeeper.errors import ReportError, UsageError, WeakPassphraseError
from notekeeper.isolation.private import read_private, write_private
from notekeeper.reports.comments import write_comments
from notekeeper.reports.envelope import Seal
from notekeeper.services.browsing import Reading
from notekeeper.services.comments_place import CommentsPlace, newest
from notekeeper.services.strength import strength

_NAME_FILE, _NAME_BYTES = "name.json", 2000
_MOST_NAME = 200


class CommentsDesk:
    """The comments on one report. `said` is what the supervisor has to be told about where they are kept, '' when they
    lie beside the report."""

    def __init__(self, reading: Reading, folder: Path | None = None) -> None:
        """`folder` is where to keep them instead of beside the report. What was kept earlier is there again."""
        self.reading, self.said, self._kept = reading, "", True
        beside = CommentsPlace(folder or reading.path.absolute().parent, reading.stem, reading.sha256, reading.secret)
        own = CommentsPlace(
            supervisor_data() / "comments", reading.sha256[:16], reading.sha256, reading.secret, own=True
        )
        self._places = [beside, own]
        self.comments = CommentsFile(report_sha256=reading.sha256, supervisor=supervisor_name(), written_at=_now())
        held = newest((place, found) for place in self._places if (found := place.find()) is not None)
        if held is not None:
            self._places.remove(held[0])
            self._places.insert(0, held[0])
            self.comments = held[1]
            if held[0] is own:
                self.said = f"Your comments on this report lie in {own.path}."
        if unreadable := [path for place in (beside, own) for path in place.unreadable]:
            self.said = f"Comments that cannot be read here were left as they are: {unreadable[0]}."

    @property
    def path(self) -> Path | None:
        """Where the comments are kept; None while there are none."""
        return next((place.path for place in self._places if place.path), None)

    @property
    def empty(self) -> bool:
        """Whether there is nothing that a therapist could take in."""
        return not self.comments.comments and self.comments.discussed_on is None

    def on(self, ref: str) -> list[tuple[int, SupervisorComment]]:
        """What was written on one item, with the place of each by which it is changed."""
        return [(place, each) for place, each in enumerate(self.comments.comments) if each.ref == ref]

    def put(
        self, ref: str, text: str, *, action: bool = False, until: date | None = None, at: int | None = None
    ) -> int | None:
        """`note` and `keep` in one."""
        place = self.note(ref, text, action=action, until=until, at=at)
        self.keep()
        return place

    def note(
        self, ref: str, text: str, *, action: bool = False, until: date | None = None, at: int | None = None
    ) -> int | None:
        """Take a comment on `ref`, in the place of the one at `at` if given, for `keep` to put on disk. Returns its
        place; None when it has no words, and is then not there. Raises `UsageError` when there is no room."""
        words = text.encode("utf-8", "replace").decode("utf-8").strip()
        found = list(self.comments.comments)
        if len(words) > MAX_COMMENT:
            raise UsageError(f"A comment has at most {MAX_COMMENT} characters. Please make it two.")
        if at is None and words and len(found) >= MAX_COMMENTS:
            raise UsageError(f"There are {MAX_COMMENTS} comments on this report, and no room for more.")
        if not words:
            if at is not None:
                del found[at]
                self._change(comments=tuple(found))
            return None
        made = SupervisorComment(ref=ref, text=words, action=action, until=until if action else None)
        place = len(found) if at is None else at
        if found[place : place + 1] != [made]:
            found[place : place + 1] = [made]
            self._change(comments=tuple(found))
        return place

    def discussed(self, day: date | None, minutes: int | None) -> None:
        """Keep when the report was discussed, and for how long. Raises `ReportError`."""
        if (day, minutes) != (self.comments.discussed_on, self.comments.minutes):
            self._change(discussed_on=day, minutes=minutes)
        self.keep()

    def signed_as(self, name: str) -> None:
        """Keep the supervisor's name, here and for the next report. Raises `ReportError`."""
        shown = " ".join(name.split())[:_MOST_NAME]
        keep_supervisor_name(shown)
        if shown != self.comments.supervisor:
            self._change(supervisor=shown)
        self.keep()

    def keep(self) -> None:
        """Put everything on disk. Raises `ReportError` when neither place takes it."""
        if self._kept or (self.empty and self.path is None):
            return
        for number, place in enumerate(self._places):
            try:
                if place.keep(self.comments):
                    self.said = f"Another program changed your comments meanwhile. Yours go on in {place.path}."
            except OSError:
                continue
            if number:
                self._places.insert(0, self._places.pop(number))
                self.said = f"Nothing can be written beside the report, so your comments are kept in {place.path}."
            self._kept = True
            return
        raise ReportError(
            "Your comments could not be written, neither beside the report nor in your own folder. What you typed is "
            "still here: make room on the disk and type on, and they are written then."
        )

    def write_for(self, folder: Path, seal: Seal | None, *, openly: bool = False) -> Path:
        """Write what goes back to the therapist into `folder`, sealed or not, and return where it is. Raises
        `NotReadyError`-like `UsageError` when there is nothing, `WeakPassphraseError`, and `ReportError`."""
        if self.empty:
            raise UsageError("There is no comment and no day of supervision yet, so there is nothing to send back.")
        if seal is None and self.reading.secret is not None and not openly:
            raise UsageError(
                "This report came sealed, so your comments go back sealed: give a passphrase or the therapist's key."
            )
        if seal is not None and seal.passphrase:
            self._check(seal.passphrase)
        self.keep()
        kept = self.path
        if seal is None and self.reading.secret is None and kept is not None and kept.parent == folder.absolute():
            return kept
        return write_comments(self.comments, folder, self.reading.stem, seal)

    def _check(self, passphrase: str) -> None:
        same = self.reading.secret is not None and self.reading.secret.passphrase == passphrase
        if not same and not (found := strength(passphrase)).enough:
            raise WeakPassphraseError(
                f"That passphrase could be guessed: {found.words}. Four or five unrelated words are easy to remember. "
                "Nothing was written."
            )

    def _change(self, **fields: object) -> None:
        kept = self.comments.model_dump() | fields | {"written_at": _now()}
        self.comments, self._kept = CommentsFile.model_validate(kept), False


def supervisor_name() -> str:
    """The name that the supervisor gave last, '' before."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        raw = read_private(supervisor_settings() / _NAME_FILE, _NAME_BYTES)
        return str(json.loads(raw)["name"])[:_MOST_NAME]
    return ""


def keep_supervisor_name(name: str) -> None:
    """For the next report; where the folder cannot be written, this one has it all the same."""
    folder = supervisor_settings()
    with suppress(OSError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_private(folder / _NAME_FILE, json.dumps({"name": name}).encode())


def _now() -> datetime:
    return datetime.now(UTC)
