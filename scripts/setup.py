"""Set notekeeper up in .venv: its packages at their pinned versions and hashes, itself, and the two starter weights.

What always holds: it needs the standard library only and runs the same on Linux, macOS and Windows; nothing outside
.venv and the models folder is written; a second run with nothing changed starts no pip and opens no connection. A
stamp in .venv, made last, says what the environment was made from.
"""

from __future__ import annotations  # an older Python must get as far as the sentence that names the right one

import argparse
import hashlib
import json
import platform
import subprocess
import sys
from pathlib import Path
from typing import Any

import compiling
from installing import LOCK, ROOT, SetupStopped, answers, demand, from_lock, install, make_environment, pip, python_of

VENV = ROOT / ".venv"
STAMP = VENV / "notekeeper-setup.json"
PYTHON = python_of(VENV)
PARTS = ("base", "engine", "dev", "fuzz")
FOR_SETTING_UP = ("setup.py", "installing.py", "compiling.py")

LARGE = """
None of the small builds of torch that requirements/torch-cpu.txt names is offered by your package index or folder, so
the one for graphics cards is taken now, several gigabytes. To have the small one instead, stop this (Ctrl+C); README.md
and docs/dependencies.md say how to name its index and its hash.
"""


def project() -> dict[str, Any]:
    """pyproject.toml, read."""
    import tomllib  # not in the older Pythons that main turns away

    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def fingerprint() -> str:
    """SHA-256 over everything an environment is made from: pins, pyproject, these files, the Python, the machine."""
    digest = hashlib.sha256()
    ours = [Path(__file__).with_name(name) for name in FOR_SETTING_UP]
    for path in (*sorted(LOCK.glob("*.txt")), ROOT / "pyproject.toml", *ours):
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    digest.update(json.dumps([sys.version, platform.machine(), str(ROOT)]).encode())
    return digest.hexdigest()


def stamped() -> set[str]:
    """The parts ("base", "engine", "dev", "fuzz") that are in place and current."""
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return set()
    return set(stamp["parts"]) if PYTHON.exists() and stamp["fingerprint"] == fingerprint() else set()


def install_engine() -> None:
    """llama.cpp and torch, each by itself: what may be compiled, and what comes in builds that ask for other packages.

    Raises SetupStopped, before anything large is downloaded, when llama.cpp must be compiled and cannot be.
    """
    needs = dict(line.split("==") for line in project()["project"]["optional-dependencies"]["engine"])
    version = needs[compiling.LLAMA]
    compiling.must_be_compiled(PYTHON, version)
    install_torch()
    compiling.put_in(PYTHON, version)


def install_torch() -> None:
    """The build for processors where an index or folder of the person's has it, else the main index's own.

    Raises SetupStopped when pip fails.
    """
    if pip(PYTHON, "install", "--no-deps", *from_lock("torch-cpu"), quiet=True):
        return
    if sys.platform == "linux" and not answers(PYTHON, "from importlib.metadata import version; version('torch')"):
        print(LARGE, flush=True)
    install(PYTHON, "torch", alone=True)
    install(PYTHON, "cuda", alone=True)  # for Linux alone; elsewhere pip passes over them


def install_parts(wanted: set[str]) -> None:
    """Bring .venv to these parts and write the stamp last."""
    STAMP.unlink(missing_ok=True)
    make_environment(VENV)
    if "engine" in wanted:
        install_engine()
    install(PYTHON, *(part for part in PARTS if part in wanted))
    demand(pip(PYTHON, "install", "--no-deps", "--no-build-isolation", "--editable", str(ROOT)))
    stamp = {"fingerprint": fingerprint(), "parts": sorted(wanted)}
    STAMP.write_text(json.dumps(stamp) + "\n", encoding="utf-8")


def main() -> int:
    """Set up, or find everything in place; 0 when notekeeper can run."""
    parser = argparse.ArgumentParser(description="Set notekeeper up in .venv.")
    parser.add_argument("--dev", action="store_true", help="also what `make check` and `make test` need")
    parser.add_argument("--fuzz", action="store_true", help="also what `make fuzz` needs; Linux on x86-64 alone")
    parser.add_argument(
        "--no-engine", action="store_true", help="without the models: notes, search, reports; no drafts"
    )
    options = parser.parse_args()
    chosen = {"dev": options.dev, "fuzz": options.fuzz, "engine": not options.no_engine}
    wanted = {"base"} | {part for part, yes in chosen.items() if yes}
    try:
        if not (3, 11) <= sys.version_info[:2] <= (3, 13):
            raise SetupStopped("notekeeper needs Python 3.11, 3.12 or 3.13; start this with one of them.")
        if not wanted <= stamped():
            install_parts(wanted | stamped())
    except SetupStopped as stopped:
        print(stopped, file=sys.stderr)
        return 1
    if options.no_engine:
        return 0
    return subprocess.run([str(PYTHON), "-m", "notekeeper", "models", "fetch", "starter"], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
