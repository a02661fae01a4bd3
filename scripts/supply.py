"""Asks about the lock, and lists what a person runs: `supply.py audit`, `supply.py sbom`, `supply.py pins`.

What always holds: the tools live in .venv-supply, apart from notekeeper, and come from requirements/supply.txt by
hash. The audit names to a service on the network the packages and versions of the lock, which are public; nothing of
a vault or of this computer. When the service does not answer, that is said, and it is a failure: not asked is not safe.
"""

from __future__ import annotations  # an older Python must get as far as the sentence that names the right one

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from installing import LOCK, ROOT, SetupStopped, install, make_environment, python_of

TOOLS = ROOT / ".venv-supply"
STAMP = TOOLS / "notekeeper-supply"
PYTHON = python_of(TOOLS)
# What setting up can install; what the two other files of requirements/ hold is not in pip's form, or is in these.
AUDITED = ("base", "engine", "torch", "cuda", "llama", "dev", "train", "fuzz", "compile", "supply", "pip")
NOT_ASKED = (
    "The service that knows of vulnerabilities could not be asked, or not about every package; what it said stands "
    "above. Nothing is known to be wrong, and nothing is known to be right: run this again with a network."
)


def make_tools() -> None:
    """Bring .venv-supply to requirements/supply.txt; nothing is started when it is there. Raises SetupStopped."""
    made_from = hashlib.sha256((LOCK / "supply.txt").read_bytes() + sys.version.encode()).hexdigest()
    if PYTHON.exists() and STAMP.exists() and STAMP.read_text(encoding="utf-8") == made_from:
        return
    make_environment(TOOLS)
    install(PYTHON, "supply")
    STAMP.write_text(made_from, encoding="utf-8")


def audit() -> int:
    """Ask about every locked version; 0 when each was asked about and none is known to be vulnerable, 1 otherwise."""
    files = [word for part in AUDITED for word in ("--requirement", str(LOCK / f"{part}.txt"))]
    command = [str(PYTHON), "-m", "pip_audit", "--require-hashes", "--disable-pip", "--strict", *files]
    command += ["--progress-spinner", "off", "--desc", "off", *sys.argv[2:]]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    print(done.stdout, end="")
    said = done.stderr.strip().splitlines()
    print("\n".join(said[-1:] if "Traceback" in done.stderr else said), file=sys.stderr, flush=True)
    if done.returncode != 0 and "known vulnerabilit" not in done.stderr:
        print(NOT_ASKED, file=sys.stderr)
    return min(done.returncode, 1)


def script(name: str, *arguments: str) -> int:
    """Run a script of this folder by the tools' own Python; its exit status."""
    command = [str(PYTHON), str(Path(__file__).with_name(name)), *arguments, *sys.argv[2:]]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": "0"}, check=False).returncode


def main() -> int:
    """Make the tools' environment and do what is asked; 0 when it went well."""
    asked = sys.argv[1] if len(sys.argv) > 1 else ""
    if asked not in {"audit", "sbom", "pins"}:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        make_tools()
    except SetupStopped as stopped:
        print(stopped, file=sys.stderr)
        return 1
    return audit() if asked == "audit" else script(f"{asked}.py")


if __name__ == "__main__":
    sys.exit(main())
