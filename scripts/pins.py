"""Write requirements/constraints.txt: one exact version for every package that notekeeper can bring in.

What always holds: the pins are the versions installed in the environment that runs this script, for every package that
pyproject.toml reaches on Linux, macOS and Windows with Python 3.11 to 3.13. A package needed only on a system other
than this one has its version in requirements/elsewhere.txt, put there by hand. With --check nothing is written; it
ends with 1 and the names when a package lacks its pin.
"""

import argparse
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
CONSTRAINTS = ROOT / "requirements" / "constraints.txt"
ELSEWHERE = ROOT / "requirements" / "elsewhere.txt"
HEAD = "# Written by scripts/pins.py. Exact versions of every package, direct or not; see docs/dependencies.md.\n"

# pip and what it came with belong to the person's own Python. torch itself pins, exactly, the CUDA libraries that its
# Linux build from the main index brings, and the index with the CPU build has none of them.
LEFT_ALONE = ("pip", "nvidia-", "triton", "cuda-")

SYSTEMS = (
    {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix", "platform_machine": "x86_64"},
    {"sys_platform": "darwin", "platform_system": "Darwin", "os_name": "posix", "platform_machine": "arm64"},
    {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt", "platform_machine": "AMD64"},
)
PYTHONS = ("3.11", "3.12", "3.13")


def environments() -> Iterator[dict[str, str]]:
    """The nine marker environments: three systems, three versions of Python."""
    for system in SYSTEMS:
        for version in PYTHONS:
            python = {"python_version": version, "python_full_version": f"{version}.0"}
            yield {**system, **python, "implementation_name": "cpython", "platform_python_implementation": "CPython"}


def direct() -> list[Requirement]:
    """What pyproject.toml asks for: to run, for the engine, to train, to develop and to build."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    lines = [*project["project"]["dependencies"], *project["build-system"]["requires"]]
    lines += [line for extra in project["project"]["optional-dependencies"].values() for line in extra]
    lines += project["dependency-groups"]["dev"]
    return [Requirement(line) for line in lines]


def versions_in(path: Path) -> dict[str, str]:
    """Name and version of each pinned line of a requirements file; nothing for a file that is not there."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    pairs = (line.split("==") for line in lines if line and not line.startswith("#"))
    return {canonicalize_name(name): version.strip() for name, version in pairs}


def wanted() -> set[str]:
    """The canonical names of all packages reachable in any of the environments."""
    names: set[str] = set()
    for environment in environments():
        seen: set[tuple[str, str]] = set()
        queue = [(need, "") for need in direct()]
        while queue:
            need, extra = queue.pop()
            if need.marker is not None and not need.marker.evaluate({**environment, "extra": extra}):
                continue
            name = canonicalize_name(need.name)
            if name.startswith(LEFT_ALONE):
                continue
            for chosen in ("", *need.extras):
                if (name, chosen) not in seen:
                    seen.add((name, chosen))
                    queue += [(inner, chosen) for inner in needs_of(name)]
        names |= {name for name, _ in seen}
    return names


def needs_of(name: str) -> list[Requirement]:
    """What an installed package asks for, markers included; nothing for one that is not installed here."""
    try:
        return [Requirement(line) for line in distribution(name).requires or []]
    except PackageNotFoundError:
        return []


def installed(name: str) -> str | None:
    """The public part of the installed version ("2.13.0" of "2.13.0+cpu")."""
    try:
        return distribution(name).version.split("+")[0]
    except PackageNotFoundError:
        return None


def main() -> int:
    """Write the constraints, or check them; 0 when every package has its version."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; say which packages lack a pin")
    names, elsewhere = wanted(), versions_in(ELSEWHERE)
    if parser.parse_args().check:
        missing = sorted(names - versions_in(CONSTRAINTS).keys())
    else:
        found = {name: installed(name) or elsewhere.get(name) for name in sorted(names)}
        missing = [name for name, version in found.items() if version is None]
        if not missing:
            pins = "".join(f"{name}=={version}\n" for name, version in found.items())
            CONSTRAINTS.write_text(HEAD + pins, encoding="utf-8")
    if missing:
        sys.stderr.write(f"No version is pinned for: {', '.join(missing)}.\n")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
