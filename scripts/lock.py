"""The files of requirements/: exact versions with the SHA-256 of every file of each version, by part.

What always holds: each file is what pip takes in its hash-checking mode, with no address of an index in it; a package
has one version over all parts. uv resolves for Linux, macOS and Windows with Python 3.11 to 3.13 at once and names the
hashes that the index states. Hashes of files that lie elsewhere (requirements/beside.txt) are added to those.
"""

import subprocess
import sys
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from packaging.markers import Marker
from packaging.utils import canonicalize_name
from reach import LEFT_ALONE, ROOT, asked, environments

FOLDER = ROOT / "requirements"
CONSTRAINTS = FOLDER / "constraints.txt"
BESIDE = FOLDER / "beside.txt"
HEAD = "# Written by scripts/pins.py; see docs/dependencies.md.\n"
BESIDE_HEAD = (
    "# Files of pinned versions that the main index does not hold, as `scripts/pins.py --torch-index` and\n"
    "# `--llama-index` found them: version, SHA-256, file. They are allowed beside the main index's own.\n"
)
ALONE = {"torch": "torch", "llama-cpp-python": "llama"}  # installed by themselves, so in files of their own


class LockError(Exception):
    """The lock cannot be written; the message says why."""


@dataclass(frozen=True)
class Entry:
    """One line of a requirements file: name, exact version, a marker or nothing, and hashes in hexadecimal."""

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]

    def __str__(self) -> str:
        marker = f" ; {self.marker}" if self.marker else ""
        hashes = "".join(f" \\\n    --hash=sha256:{value}" for value in sorted(set(self.hashes)))
        return f"{self.name}=={self.version}{marker}{hashes}\n"


def read(text: str) -> dict[str, Entry]:
    """The entries of a requirements file by canonical name. Raises LockError when a package has two versions."""
    entries: dict[str, Entry] = {}
    for line in text.replace("\\\n", " ").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        requirement, *hashes = line.split("--hash=sha256:")
        pin, _, marker = requirement.partition(" ; ")
        name, _, version = pin.strip().partition("==")
        name = canonicalize_name(name.split("[")[0])
        if name in entries:
            raise LockError(f"{name} has two versions: {entries[name].version} and {version}.")
        entries[name] = Entry(name, version.strip(), marker.strip(), tuple(value.strip() for value in hashes))
    return entries


def read_file(part: str) -> dict[str, Entry]:
    """The entries of one file of requirements/; nothing for a file that is not there."""
    path = FOLDER / f"{part}.txt"
    return read(path.read_text(encoding="utf-8")) if path.exists() else {}


def save_builds() -> None:
    """Write torch-cpu.txt: the builds for processors that requirements/beside.txt names, which are a version apart."""
    pins = [(pin.partition("==")[2], hashes) for pin, hashes in beside().items() if pin.startswith("torch==")]
    save("torch-cpu", [Entry("torch", version, "", hashes) for version, hashes in pins if version.endswith("+cpu")])


def beside() -> dict[str, tuple[str, ...]]:
    """Hashes of files that lie beside the main index, by "name==version"."""
    lines = BESIDE.read_text(encoding="utf-8").splitlines() if BESIDE.exists() else []
    found: dict[str, tuple[str, ...]] = {}
    for line in lines:
        if line and not line.startswith("#"):
            pin, value, _ = line.split(maxsplit=2)
            found[pin] = (*found.get(pin, ()), value)
    return found


def resolve(lines: list[str], kept: str, *options: str) -> dict[str, Entry]:
    """What uv makes of these lines; `kept` is the text of an earlier result, whose versions stay where they can.

    Raises LockError when uv is not there or finds no solution; what it said stands above.
    """
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out.txt"
        out.write_text(kept, encoding="utf-8")
        command = [sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--universal", "--python-version", "3.11"]
        command += ["--generate-hashes", "--no-annotate", "--no-header", *options, "--output-file", str(out), "-"]
        done = subprocess.run(command, input="\n".join(lines), text=True, cwd=ROOT, check=False)
        if done.returncode != 0:
            raise LockError("uv made no lock; what it said stands above. Run this by `make pins`.")
        found = read(out.read_text(encoding="utf-8"))
    return {name: replace(entry, marker=telling(entry.marker)) for name, entry in found.items()}


def telling(marker: str) -> str:
    """The marker, or nothing where it says no more than that this is one of our systems and Pythons."""
    return "" if not marker or all(map(Marker(marker).evaluate, environments())) else marker


def write(upgrade: list[str]) -> None:
    """Write every file anew; versions stay but for the packages named, or where pyproject.toml asks for others."""
    parts = asked()
    all_lines = [line for lines in parts.values() for line in lines] + ["pip"]
    kept = CONSTRAINTS.read_text(encoding="utf-8") + "".join(map(str, read_file("pip").values()))
    kept += "".join(map(str, read_file("cuda").values()))
    every = resolve(all_lines, kept, *(f"--upgrade-package={name}" for name in upgrade))
    pins = [entry for name, entry in every.items() if name != "pip" and not name.startswith(LEFT_ALONE)]
    save("constraints", [Entry(entry.name, entry.version, "", ()) for entry in pins])

    def part(*names: str, without: dict[str, Entry] | None = None) -> dict[str, Entry]:
        found = resolve([line for name in names for line in parts[name]], "".join(map(str, every.values())))
        return {name: entry for name, entry in found.items() if name not in (without or {})}

    base = part("base")
    engine = part("base", "engine", without=base)
    cuda = {name: entry for name, entry in engine.items() if name.startswith(LEFT_ALONE)}
    alone = {name: engine[name] for name in ALONE}
    apart = {**base, **cuda, **alone}
    rest = {name: entry for name, entry in engine.items() if name not in apart}
    save("base", list(base.values()))
    save("cuda", list(cuda.values()))
    save("engine", list(rest.values()))
    for name, file in ALONE.items():
        save(file, [alone[name]])
    save("train", list(part("base", "engine", "train", without={**apart, **rest}).values()))
    save("dev", list(part("base", "dev", without=base).values()))
    for group in ("fuzz", "compile", "supply"):
        save(group, list(part(group).values()))
    save("pip", [every["pip"]])
    save_builds()


def save(part: str, entries: list[Entry]) -> None:
    """Write one file, with what requirements/beside.txt adds to its hashes."""
    more = beside()
    lines = []
    for entry in sorted(entries, key=lambda entry: entry.name):
        own = more.get(f"{entry.name}=={entry.version}", ()) if entry.hashes else ()
        lines.append(str(replace(entry, hashes=(*entry.hashes, *own))))
    (FOLDER / f"{part}.txt").write_text(HEAD + "".join(lines), encoding="utf-8")
