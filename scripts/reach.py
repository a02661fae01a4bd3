"""Which packages notekeeper can bring in, walked by what each installed package asks for.

What always holds: nothing is written and nothing is asked of a network. This is a second opinion on the lock, apart
from the resolver that wrote it. A package that is not installed here (of a part that this environment lacks, or needed
on another system) is named, and what it asks for in turn is not seen.
"""

import tomllib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]

# pip and what it came with belong to the person's own Python. torch itself pins, exactly, the CUDA libraries that its
# Linux build from the main index brings, and the index with the CPU build has none of them: they are a file of the
# lock apart.
LEFT_ALONE = ("nvidia-", "triton", "cuda-")

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


def asked() -> dict[str, list[str]]:
    """The lines of pyproject.toml by part: base (to run and to build notekeeper), engine, train, and the groups."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    run = [line for line in project["project"]["dependencies"] if canonicalize_name(Requirement(line).name) != "pip"]
    base = [*run, *project["build-system"]["requires"]]
    return {"base": base, **project["project"]["optional-dependencies"], **project["dependency-groups"]}


def wanted(lines: list[str]) -> set[str]:
    """The canonical names of all packages reachable from these lines in any of the environments."""
    names: set[str] = set()
    for environment in environments():
        seen: set[tuple[str, str]] = set()
        queue = [(Requirement(line), "") for line in lines]
        while queue:
            need, extra = queue.pop()
            if need.marker is not None and not need.marker.evaluate({**environment, "extra": extra}):
                continue
            name = canonicalize_name(need.name)
            if name == "pip" or name.startswith(LEFT_ALONE):
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
