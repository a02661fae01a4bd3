"""A look at the write-ahead log that a crash left behind, before the database reads it.

SQLite stops at the first frame whose checksum fails and drops what follows without a word; that is right for the last
transaction of a power cut and wrong for a damaged file. Here a bad frame with two or more whole commits from it on is
damage. Damage within the last transaction cannot be told from a power cut. Format: https://sqlite.org/fileformat2.html
section 4.
"""

import struct
from dataclasses import dataclass
from pathlib import Path

from notekeeper.vault.folder import PAGE

_HEADER, _FRAME = 32, 24
_MAGIC = 0x377F0682
_MASK = 0xFFFFFFFF
_COMMITS_OF_DAMAGE = 2
Sums = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Frame:
    commits: bool
    salts: bytes
    sums: Sums
    covered: bytes


def lost_in(path: Path) -> bool:
    """Whether opening would drop whole commits because this file is damaged. A missing or empty file loses nothing."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return False
    order = ">" if content[3:4] == b"\x83" else "<"
    header, frames = content[:_HEADER], _frames(content)
    if not frames:
        return False
    magic, version, page = struct.unpack(">3I", header[:12])
    sound = magic | 1 == _MAGIC | 1 and version == 3_007_000 and page == PAGE
    before, salts = struct.unpack(">2I", header[24:32]), header[16:24]
    if not sound or _sums(header[:24], (0, 0), order) != before:
        return _commits_from(frames, 0, frames[0].salts, order) >= _COMMITS_OF_DAMAGE
    for at, frame in enumerate(frames):
        if frame.salts == salts and _sums(frame.covered, before, order) == frame.sums:
            before = frame.sums
            continue
        return _commits_from(frames, at, salts, order) >= _COMMITS_OF_DAMAGE
    return False


def _frames(content: bytes) -> list[_Frame]:
    size = _FRAME + PAGE
    found = []
    for start in range(_HEADER, len(content) - size + 1, size):
        head = content[start : start + _FRAME]
        sums = struct.unpack(">2I", head[16:24])
        found.append(_Frame(head[4:8] != bytes(4), head[8:16], sums, head[:8] + content[start + _FRAME : start + size]))
    return found


def _commits_from(frames: list[_Frame], at: int, salts: bytes, order: str) -> int:
    """Commits from `at` on that belong to this log: a frame is whole when it follows from the sums before it."""
    whole = 0
    for previous, frame in zip(frames[at:], frames[at + 1 :], strict=False):
        if frame.commits and frame.salts == salts:
            whole += _sums(frame.covered, previous.sums, order) == frame.sums
    return whole + (at < len(frames) and frames[at].commits and frames[at].salts == salts)


def _sums(content: bytes, before: Sums, order: str) -> Sums:
    first, second = before
    for left, right in struct.iter_unpack(f"{order}2I", content):
        first = first + left + second & _MASK
        second = second + right + first & _MASK
    return first, second
