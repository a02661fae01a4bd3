"""The shim in failing.c: compiled once, loaded before libc into a process of its own, and spoken to from inside it."""

import ctypes
import enum
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).with_name("failing.c")


class Fault(enum.IntEnum):
    """What happens to the operation; the numbers are those of failing.c."""

    NONE = 0
    KILL = 1
    TORN = 2
    IO_ERROR = 3
    DISK_FULL = 4
    READ_ONLY = 5
    SHORT = 6
    PULLED = 7


class Disk:
    """The faults of the files below one folder, from within the process that has the shim."""

    def __init__(self) -> None:
        """Raises `AttributeError` in a process without it."""
        self._shim = ctypes.CDLL(None)
        self._shim.faults_begin.argtypes = (ctypes.c_char_p, ctypes.c_int, ctypes.c_long, ctypes.c_int)
        self._shim.faults_seen.restype = ctypes.c_long

    def begin(self, folder: Path, fault: Fault, at: int, *, lasting: bool = False) -> None:
        """Count operations from 1; that of number `at` fails, 0 none; `lasting`: the later ones too."""
        self._shim.faults_begin(os.fsencode(folder), int(fault), at, int(lasting))

    def end(self) -> None:
        """Nothing fails any more."""
        self._shim.faults_end()

    def plug_in(self) -> None:
        """A disk that was pulled out is there again; what was open before stays dead."""
        self._shim.faults_plug()

    def seen(self) -> int:
        """Operations since `begin`."""
        return int(self._shim.faults_seen())


def compiled(folder: Path) -> Path:
    """The shim as a library. Skips the test elsewhere than on Linux; on Linux a compiler must be there."""
    if sys.platform != "linux":
        pytest.skip("the failing disk is made with LD_PRELOAD, as Linux has it")
    library, compiler = folder / "failing.so", shutil.which("cc") or shutil.which("gcc")
    assert compiler, "a C compiler is needed for the failing disk: install gcc"
    command = [
        compiler,
        "-O1",
        "-fPIC",
        "-shared",
        "-Wall",
        "-Wextra",
        "-Werror",
        "-o",
        str(library),
        str(SOURCE),
        "-ldl",
    ]
    subprocess.run(command, check=True)
    return library


def run(library: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """`python -m tests.faults.driver ARGUMENTS` under the shim."""
    environment = os.environ | {"LD_PRELOAD": str(library), "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-m", "tests.faults.driver", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment, timeout=1500)
