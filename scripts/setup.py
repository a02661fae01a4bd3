"""Set notekeeper up in .venv: its packages at their pinned versions, itself, and the two starter weights.

What always holds: it needs the standard library only and runs the same on Linux, macOS and Windows; nothing outside
.venv and the models folder is written; a second run with nothing changed starts no pip and opens no connection. A
stamp in .venv, made last, says what the environment was made from.
"""

from __future__ import annotations  # an older Python must get as far as the sentence that names the right one

import argparse
import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
import venv
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
STAMP = VENV / "notekeeper-setup.json"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
CONSTRAINTS = ROOT / "requirements" / "constraints.txt"
LLAMA = "llama-cpp-python"

BUILDING = """
llama.cpp, which runs the language model, is now compiled for this computer, unless your package index has it ready.
That happens once and takes about 4 to 15 minutes on two cores; pip keeps the result for the next time. Nothing is wrong
while the lines below stand still.
"""
COMPILER = (
    "notekeeper needs a C++ compiler once, to build llama.cpp, and found none: install {package} and run this again. "
    "Without a compiler, give pip the index of prebuilt wheels that README.md names, or run "
    "`python scripts/setup.py --no-engine` for notekeeper without drafts. Nothing was downloaded."
)


class SetupStopped(Exception):  # noqa: N818 - not an error in the program: the person is told what to do next
    """The set-up cannot go on; the message says what to do."""


def project() -> dict[str, Any]:
    """pyproject.toml, read."""
    import tomllib  # not in the older Pythons that main turns away

    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def fingerprint() -> str:
    """SHA-256 over everything an environment is made from: pins, pyproject, this file, the Python and the machine."""
    digest = hashlib.sha256()
    for path in (*sorted((ROOT / "requirements").glob("*.txt")), ROOT / "pyproject.toml", Path(__file__)):
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    digest.update(json.dumps([sys.version, platform.machine(), str(ROOT)]).encode())
    return digest.hexdigest()


def stamped() -> set[str]:
    """The parts ("base", "engine", "dev") that are in place and current."""
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return set()
    return set(stamp["parts"]) if PYTHON.exists() and stamp["fingerprint"] == fingerprint() else set()


def pip(*arguments: str, env: dict[str, str] | None = None) -> None:
    """Run pip in .venv. Raises SetupStopped with a sentence when it fails; what pip said stands above it."""
    command = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", *arguments]
    if subprocess.run(command, env=env, cwd=ROOT, check=False).returncode != 0:
        raise SetupStopped(
            "pip could not finish; what it said stands above. Check the connection to your package index, then run "
            "this again: what is already there is kept."
        )


def install(*requirements: str, env: dict[str, str] | None = None) -> None:
    """Install these at the pinned versions."""
    pip("install", "--constraint", str(CONSTRAINTS), *requirements, env=env)


def llama_installed() -> bool:
    """Whether .venv holds llama-cpp-python already; asked without importing it."""
    code = "import importlib.util as u, sys; sys.exit(u.find_spec('llama_cpp') is None)"
    return PYTHON.exists() and subprocess.run([str(PYTHON), "-c", code], check=False).returncode == 0


def compiler() -> str | None:
    """A C++ compiler: CXX, or one of the usual names on PATH, or on Windows the one Visual Studio registers."""
    if chosen := os.environ.get("CXX"):
        return chosen
    names = ("c++", "g++", "clang++", "cl")
    if found := next((name for name in names if shutil.which(name)), None):
        return found
    finder = Path(os.environ.get("PROGRAMFILES(X86)", "")) / "Microsoft Visual Studio/Installer/vswhere.exe"
    return str(finder) if os.name == "nt" and finder.exists() else None


def compiler_package() -> str:
    """What to install for a C++ compiler on this system."""
    if sys.platform == "darwin":
        return "Apple's command line tools (xcode-select --install)"
    if os.name == "nt":
        return "Visual Studio Build Tools with 'Desktop development with C++'"
    if shutil.which("dnf"):
        return "gcc-c++ (sudo dnf install gcc-c++)"
    if shutil.which("apt-get"):
        return "build-essential (sudo apt install build-essential)"
    return "g++ (build-essential on Debian and Ubuntu, gcc-c++ on Fedora)"


def kept_by_pip(pin: str) -> bool:
    """Whether pip has a wheel of this very version in its cache, so that nothing is compiled."""
    asking = [str(PYTHON), "-m", "pip", "cache", "list", LLAMA.replace("-", "_"), "--format", "abspath"]
    kept = subprocess.run(asking, capture_output=True, text=True, check=False).stdout
    return f"{pin.replace('-', '_').replace('==', '-')}-" in kept


def offered_ready_made(pin: str) -> bool:
    """Whether an index of the person's own has a wheel of this version for this system."""
    asking = [str(PYTHON), "-m", "pip", "install", "--dry-run", "--no-deps", "--only-binary", ":all:", pin]
    return subprocess.run(asking, capture_output=True, check=False).returncode == 0


def build_environment() -> dict[str, str]:
    """The environment for building llama.cpp: portable, on all cores; what the person has set stays as it is."""
    flags = ["-DLLAVA_BUILD=OFF", "-DGGML_NATIVE=OFF"]
    if platform.machine().lower() in {"x86_64", "amd64"}:
        flags += [f"-DGGML_{name}=ON" for name in ("AVX", "AVX2", "FMA", "F16C", "BMI2")]
    ours = {"CMAKE_ARGS": " ".join(flags), "CMAKE_BUILD_PARALLEL_LEVEL": str(os.cpu_count() or 1)}
    return {**ours, **os.environ}


def make_venv() -> None:
    """Make .venv unless it is there for this very Python. Raises SetupStopped when Python lacks venv or pip."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    code = f"import sys, pip; sys.exit('%d.%d' % sys.version_info[:2] != '{version}')"
    sound = PYTHON.exists() and subprocess.run([str(PYTHON), "-c", code], capture_output=True, check=False)
    if sound and sound.returncode == 0:
        return
    print(f"Making {VENV.name} with Python {platform.python_version()}.", flush=True)
    try:
        venv.create(VENV, with_pip=True, clear=VENV.exists())
    except (OSError, subprocess.CalledProcessError) as error:
        raise SetupStopped(
            f"Python could not make {VENV.name}. On Debian and Ubuntu install python{version}-venv and run this again."
        ) from error


def install_engine() -> None:
    """torch first, so that an index with the CPU build gives it; then llama.cpp, then the encoder's library.

    Raises SetupStopped, before anything large is downloaded, when llama.cpp must be compiled and cannot be.
    """
    needs = {line.split("==")[0]: line for line in project()["project"]["optional-dependencies"]["engine"]}
    compiling = not llama_installed() and not kept_by_pip(needs[LLAMA])
    if compiling and compiler() is None and not offered_ready_made(needs[LLAMA]):
        raise SetupStopped(COMPILER.format(package=compiler_package()))
    install(needs.pop("torch"))
    if compiling:
        print(BUILDING, flush=True)
    install(needs.pop(LLAMA), env=build_environment())
    install(*needs.values())


def install_parts(wanted: set[str]) -> None:
    """Bring .venv to these parts and write the stamp last."""
    STAMP.unlink(missing_ok=True)
    make_venv()
    described = project()
    if "engine" in wanted:
        install_engine()
    packages = [*described["project"]["dependencies"], *described["build-system"]["requires"]]
    install(*packages, *(described["dependency-groups"]["dev"] if "dev" in wanted else []))
    pip("install", "--no-deps", "--no-build-isolation", "--editable", str(ROOT))
    stamp = {"fingerprint": fingerprint(), "parts": sorted(wanted)}
    STAMP.write_text(json.dumps(stamp) + "\n", encoding="utf-8")


def main() -> int:
    """Set up, or find everything in place; 0 when notekeeper can run."""
    parser = argparse.ArgumentParser(description="Set notekeeper up in .venv.")
    parser.add_argument("--dev", action="store_true", help="also what `make check` and `make test` need")
    parser.add_argument(
        "--no-engine", action="store_true", help="without the models: notes, search, reports; no drafts"
    )
    options = parser.parse_args()
    wanted = {"base"} | ({"dev"} if options.dev else set()) | (set() if options.no_engine else {"engine"})
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
