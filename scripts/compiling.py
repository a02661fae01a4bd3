"""llama.cpp for this computer: found installed, taken as pip keeps it, taken ready-made, or compiled.

What always holds: its source is taken by its SHA-256 before anything of it runs; what its build asks for is installed
by hash as well, in an environment made for the build alone, and the build itself fetches nothing. A wheel that pip
built before is used again when it was built from the pinned source.
"""

from __future__ import annotations  # an older Python must get as far as the sentence that names the right one

import os
import platform
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

from installing import LOCK, SetupStopped, answers, demand, from_lock, install, pip, python_of

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


def here(python: Path, version: str) -> bool:
    """Whether this environment holds this very version already; asked without importing it."""
    return answers(python, f"from importlib.metadata import version as v; assert v('{LLAMA}') == '{version}'")


def kept_by_pip(python: Path, version: str) -> bool:
    """Whether pip has a wheel of this version in its cache, so that nothing is compiled."""
    asking = [str(python), "-m", "pip", "cache", "list", LLAMA.replace("-", "_"), "--format", "abspath"]
    kept = subprocess.run(asking, capture_output=True, text=True, check=False).stdout
    return f"{LLAMA.replace('-', '_')}-{version}-" in kept


def offered_ready_made(python: Path) -> bool:
    """Whether an index of the person's own has a wheel for this system whose hash is in requirements/llama.txt."""
    return pip(python, "install", "--dry-run", "--no-deps", *from_lock("llama"), quiet=True)


def build_environment() -> dict[str, str]:
    """The environment for building llama.cpp: portable, on all cores; what the person has set stays as it is."""
    flags = ["-DLLAVA_BUILD=OFF", "-DGGML_NATIVE=OFF"]
    if platform.machine().lower() in {"x86_64", "amd64"}:
        flags += [f"-DGGML_{name}=ON" for name in ("AVX", "AVX2", "FMA", "F16C", "BMI2")]
    ours = {"CMAKE_ARGS": " ".join(flags), "CMAKE_BUILD_PARALLEL_LEVEL": str(os.cpu_count() or 1)}
    return {**ours, **os.environ}


def must_be_compiled(python: Path, version: str) -> bool:
    """Whether nothing finished is to be had. Raises SetupStopped when it must be compiled and cannot be."""
    if here(python, version) or kept_by_pip(python, version) or offered_ready_made(python):
        return False
    if compiler() is None:
        raise SetupStopped(COMPILER.format(package=compiler_package()))
    return True


def put_in(python: Path, version: str) -> None:
    """Have this version in this environment, compiled as the last resort. Raises SetupStopped when that fails."""
    if here(python, version):
        return
    if kept_by_pip(python, version) and take_kept(python):
        return
    if offered_ready_made(python):
        install(python, "llama", alone=True)
        return
    print(BUILDING, flush=True)
    with tempfile.TemporaryDirectory(prefix="build-", dir=python.parents[1]) as folder:
        demand(pip(python, "install", "--no-deps", "--no-index", str(compiled(python, Path(folder)))))


def take_kept(python: Path) -> bool:
    """Install the wheel that pip keeps, if it was built from the pinned source; pip compares the hashes.

    Where they differ pip would build anew; without the build's own packages it cannot, so nothing is run unseen.
    """
    arguments = ("--no-deps", "--no-build-isolation", "--require-hashes", "--requirement", str(LOCK / "llama.txt"))
    return pip(python, "install", *arguments, quiet=True)


def compiled(python: Path, folder: Path) -> Path:
    """Compile the pinned source in an environment made for it in this folder; returns the wheel. pip keeps it too."""
    venv.create(folder / "build", with_pip=False)
    builder = python_of(folder / "build")
    demand(pip(python, "--python", str(builder), "install", *from_lock("compile")))
    arguments = ("--no-deps", "--no-build-isolation", "--require-hashes", "--no-binary", LLAMA)
    source = ("--requirement", str(LOCK / "llama.txt"), "--wheel-dir", str(folder))
    environment = build_environment()
    environment["PATH"] = os.pathsep.join([str(builder.parent), environment.get("PATH", "")])
    demand(pip(python, "--python", str(builder), "wheel", *arguments, *source, env=environment))
    return next(folder.glob("*.whl"))
