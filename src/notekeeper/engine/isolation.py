"""What a worker gives up before it loads anything: the screen, the network, starting programs, files, core dumps.

What always holds after `take_pipes`: file descriptors 0, 1 and 2 lead nowhere, so that neither a library nor a crash
message of C++ reaches the screen. After `deny_outside`: Python refuses sockets and new programs on every system; on
Linux the kernel refuses them to native code too (seccomp), lets nothing be read but Python, the system's libraries and
the models, and nothing be written (Landlock), where it has these.
"""

import os
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import notekeeper
from notekeeper.isolation import landlock, limits, seccomp, tripwire

# What programs and libraries of the system are made of, on the usual Linux systems, Guix and NixOS among them.
_SYSTEM = ("/usr", "/lib", "/lib32", "/lib64", "/bin", "/etc", "/opt", "/nix/store", "/gnu/store", "/proc", "/sys")


@dataclass(frozen=True, slots=True)
class Given:
    """What the system took: `filtered` by seccomp; `files` the version of Landlock in force, 0 for none."""

    core_dumps_off: bool
    onlookers_refused: bool
    growth_refused: bool
    filtered: bool
    files: int


def take_pipes() -> tuple[BinaryIO, BinaryIO]:
    """The pipes from and to the app, moved to private descriptors; the standard ones then lead nowhere."""
    ours = os.dup(0), os.dup(1)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    os.close(nowhere)
    if sys.platform == "win32":
        import msvcrt

        for fd in ours:
            msvcrt.setmode(fd, os.O_BINARY)
    return os.fdopen(ours[0], "rb"), os.fdopen(ours[1], "wb")


def deny_outside(models: Iterable[Path] = ()) -> Given:
    """Refuse sockets, new programs and all files but the system's, Python's and those under `models`, for the rest of
    this process. Must come before the first other thread."""
    scratch = Path(tempfile.gettempdir()) if is_scratch(Path(tempfile.gettempdir())) else None
    given = Given(
        core_dumps_off=limits.no_core_dump(),
        onlookers_refused=limits.no_onlookers(),
        growth_refused=limits.no_file_growth(),
        files=landlock.allow_only((*_needed(), *models), scratch),
        filtered=seccomp.refuse_sockets_and_programs(),
    )
    tripwire.refuse_sockets_and_programs()
    return given


SCRATCH_PREFIX = "notekeeper-worker-"


def is_scratch(folder: Path) -> bool:
    """Whether a folder for temporary files is one worker's own, which the app removes."""
    return folder.name.startswith(SCRATCH_PREFIX)


def _needed() -> Iterable[Path]:
    """Where Python, its packages, this program and the libraries of the system lie."""
    of_python = {sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix, *sys.path}
    libraries = os.environ.get("LD_LIBRARY_PATH", "").split(os.pathsep)
    ours = Path(notekeeper.__file__).resolve().parent
    return [Path(name) for name in (*_SYSTEM, *of_python, *libraries) if name] + [ours]
