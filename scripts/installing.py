"""The environments in which notekeeper and its tools are installed, and pip as it runs in them.

What always holds: it needs the standard library only; every package from an index is installed in pip's hash-checking
mode from a file of requirements/, as a finished wheel, so that no code of a package runs before its bytes are known to
be the pinned ones.
"""

from __future__ import annotations  # an older Python must get as far as the sentence that names the right one

import os
import platform
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "requirements"
HASHED = ("--require-hashes", "--only-binary", ":all:")
OLDEST_PIP = (23, 2)  # the first that takes a kept wheel in hash-checking mode and sees whose source it was built from


class SetupStopped(Exception):  # noqa: N818 - not an error in the program: the person is told what to do next
    """The set-up cannot go on; the message says what to do."""


def python_of(environment: Path) -> Path:
    """The Python of an environment."""
    return environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def answers(python: Path, code: str) -> bool:
    """Whether this Python runs this code and ends with 0."""
    if not python.exists():
        return False
    return subprocess.run([str(python), "-c", code], capture_output=True, check=False).returncode == 0


def pip(python: Path, *arguments: str, env: dict[str, str] | None = None, quiet: bool = False) -> bool:
    """Run this environment's pip; whether it ended well. What it says is shown, unless `quiet`."""
    command = [str(python), "-m", "pip", "--disable-pip-version-check", *arguments]
    return subprocess.run(command, env=env, cwd=ROOT, capture_output=quiet, check=False).returncode == 0


def demand(done: bool) -> None:
    """Raise SetupStopped with a sentence unless pip ended well."""
    if not done:
        raise SetupStopped(
            "pip could not finish; what it said stands above. If it speaks of hashes, a file is not the one that "
            "requirements/ names, and nothing of it was run: docs/dependencies.md says what to do. Else check the "
            "connection to your package index. Then run this again: what is already there is kept."
        )


def from_lock(*parts: str) -> list[str]:
    """pip's arguments for these files of requirements/, by hash."""
    return [*HASHED, *(word for part in parts for word in ("--requirement", str(LOCK / f"{part}.txt")))]


def install(python: Path, *parts: str, alone: bool = False) -> None:
    """Install these files of requirements/; with `alone`, not what the packages ask for in turn.

    Raises SetupStopped when pip fails.
    """
    demand(pip(python, "install", *(["--no-deps"] if alone else []), *from_lock(*parts)))


def make_environment(folder: Path) -> Path:
    """Make the environment unless it is there for this very Python; returns its Python.

    Raises SetupStopped when Python lacks venv or pip. pip itself stays as Python brought it, unless it is too old to
    compare the hash of what it keeps; then the pinned one takes its place.
    """
    python = python_of(folder)
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    if not answers(python, f"import sys, pip; sys.exit('%d.%d' % sys.version_info[:2] != '{version}')"):
        print(f"Making {folder.name} with Python {platform.python_version()}.", flush=True)
        try:
            venv.create(folder, with_pip=True, clear=folder.exists())
        except (OSError, subprocess.CalledProcessError) as error:
            raise SetupStopped(
                f"Python could not make {folder.name}. On Debian and Ubuntu install python{version}-venv and run this "
                "again."
            ) from error
    code = f"import sys, pip; sys.exit(tuple(map(int, pip.__version__.split('.')[:2])) < {OLDEST_PIP})"
    if not answers(python, code):
        install(python, "pip")
    return python
