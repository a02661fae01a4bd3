"""Where the comments on a report are kept while they are written, and how they are sealed there.

What always holds: a file that holds the comments on another report, that cannot be read, or that changed since it was
written here, is never written over; comments on a report that came sealed are sealed for the same reader. A passphrase
is slow by design, and comments are kept with every pause in typing: so it seals a key of age once, in a file of its
own beside them, and that key seals the comments. `age -d -i NAME.comments.key.age NAME.comments.json.age` opens both.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from notekeeper.domain.comments import CommentsFile
from notekeeper.errors import NotekeeperError
from notekeeper.isolation.private import read_private, write_private
from notekeeper.reports.comments import ENDING, MAX_COMMENTS_BYTES, SEALED_ENDING, comments_json, comments_of
from notekeeper.reports.envelope import Seal, Secret, new_identity, opened, public_key_of, sealed

KEY_ENDING = ".comments.key.age"
_NUMBERS = range(1, 1000)
_KEY_BYTES = 20_000


@dataclass(slots=True)
class CommentsPlace:
    """One name for comments in `folder`: `stem`, with a number where that is taken. `secret` is what the report was
    opened with, None for one that was not sealed. `path` is where they are, None before they were first kept. A folder
    that is the supervisor's `own` is made when it is needed."""

    folder: Path
    stem: str
    report_sha256: str
    secret: Secret | None = field(default=None, repr=False)
    path: Path | None = None
    own: bool = False
    unreadable: list[Path] = field(default_factory=list)
    _last: bytes = field(default=b"", repr=False)
    _key: str = field(default="", repr=False)

    def find(self) -> CommentsFile | None:
        """The comments on this report that were kept here, None when there are none. What cannot be read is noted in
        `unreadable` and left as it is."""
        for number in _NUMBERS:
            path = self._named(number)
            if not path.exists() and not path.is_symlink():
                return None
            try:
                raw = read_private(path, MAX_COMMENTS_BYTES)
                found = comments_of(raw, self._secret(number))
            except (OSError, NotekeeperError):
                self.unreadable.append(path)
                continue
            if found.report_sha256 == self.report_sha256:
                self.path, self._last = path, raw
                return found
        return None

    def keep(self, comments: CommentsFile) -> bool:
        """Put the comments here. True when they had to go on under a new name, because what is there was changed
        meanwhile by somebody else. Raises `OSError`; then what was kept last is there still."""
        moved = self.path is not None and self._changed(self.path)
        if self.path is None or moved:
            self.path = self._free()
        content = comments_json(comments)
        if self.secret is not None:
            content = sealed(content, Seal(keys=(public_key_of(self._key),)))
        write_private(self.path, content)
        self._last = content
        return moved

    def _changed(self, path: Path) -> bool:
        """Whether something else is there than what was read or written last; nothing at all is no change."""
        if not path.exists() and not path.is_symlink():
            return False
        try:
            return read_private(path, MAX_COMMENTS_BYTES) != self._last
        except OSError:
            return True

    def _named(self, number: int, ending: str = "") -> Path:
        kind = ending or (ENDING if self.secret is None else SEALED_ENDING)
        return self.folder / f"{self.stem}{'' if number == 1 else f'_{number}'}{kind}"

    def _free(self) -> Path:
        """A new empty file under a free name, with its key beside it where one is needed. Raises `OSError`."""
        if self.own:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for number in _NUMBERS:
            path = self._named(number)
            try:
                os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            except FileExistsError:
                continue
            try:
                if self._prepare(number):
                    return path
            except BaseException:
                path.unlink(missing_ok=True)
                raise
            path.unlink(missing_ok=True)
        raise FileExistsError("every name is taken")

    def _prepare(self, number: int) -> bool:
        """Have the key that seals under this name; False when there is one that is not ours."""
        if self.secret is None:
            return True
        if self.secret.keys:
            self._key = self.secret.keys[0]
            return True
        path = self._named(number, KEY_ENDING)
        if path.exists() or path.is_symlink():
            return bool(self._secret(number).keys)
        self._key, _ = new_identity()
        write_private(path, sealed(f"{self._key}\n".encode(), Seal(passphrase=self.secret.passphrase)))
        return True

    def _secret(self, number: int) -> Secret:
        """What opens the comments of this number; nothing when it is not ours to open."""
        if self.secret is None or self.secret.keys:
            self._key = self.secret.keys[0] if self.secret else ""
            return self.secret or Secret()
        try:
            raw = opened(read_private(self._named(number, KEY_ENDING), _KEY_BYTES), self.secret)
            key = raw.decode("ascii").strip()
            public_key_of(key)
        except (OSError, UnicodeDecodeError, NotekeeperError):
            return Secret()
        self._key = key
        return Secret(keys=(key,))


def newest(places: Iterator[tuple[CommentsPlace, CommentsFile]]) -> tuple[CommentsPlace, CommentsFile] | None:
    """Of several, the comments that were written last."""
    return max(places, key=lambda each: each[1].written_at, default=None)
