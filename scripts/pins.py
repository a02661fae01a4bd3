"""Write the lock in requirements/, or check it: one exact version, and the hashes of its files, for every package.

What always holds: with --check nothing is written and no connection is opened; it ends with 1 and the names when a
package that notekeeper can bring in lacks its version or its hashes. Writing needs uv and the package index: `make
pins`. docs/dependencies.md says when to use which option.
"""

import argparse
import re
import sys

from elsewhere import add
from lock import ALONE, FOLDER, LockError, read_file, write
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from reach import asked, wanted

ENGINE = ("base", "engine", *ALONE.values())
# Which files together hold everything that a part of pyproject.toml reaches.
FILES = {
    "base": ("base",),
    "engine": ENGINE,
    "train": (*ENGINE, "train"),
    "dev": ("base", "dev"),
    "fuzz": ("fuzz",),
    "compile": ("compile",),
    "supply": ("supply",),
}


def problems() -> list[str]:
    """A sentence for every package that lacks its version or its hashes; empty when the lock is whole."""
    found: list[str] = []
    constraints = read_file("constraints")
    for part, lines in asked().items():
        held = {name: entry for file in FILES[part] for name, entry in read_file(file).items()}
        found += [f"{name} is in no file of {part}." for name in sorted(wanted(lines) - held.keys() - {"pip"})]
        for need in map(Requirement, lines):
            name = canonicalize_name(need.name)
            if name in held and not need.specifier.contains(held[name].version):
                found.append(f"{name} is locked at {held[name].version}; pyproject.toml asks for {need.specifier}.")
    for path in sorted(FOLDER.glob("*.txt")):
        if path.stem in {"constraints", "beside"}:
            continue
        for entry in read_file(path.stem).values():
            known = constraints.get(entry.name, entry)
            if not entry.hashes or not all(re.fullmatch("[0-9a-f]{64}", value) for value in entry.hashes):
                found.append(f"{entry.name} has no hash in {path.name}.")
            if known.version != entry.version.partition("+")[0]:
                found.append(f"{entry.name} is {entry.version} in {path.name}, {known.version} in constraints.txt.")
    return found


def main() -> int:
    """Write the lock, add to it, or check it; 0 when every package has its version and its hashes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; say what lacks a version or a hash")
    parser.add_argument("--upgrade", action="append", default=[], metavar="PACKAGE", help="take its newest version")
    for name in ALONE:
        short = name.split("-", maxsplit=1)[0]
        text = f"add the hashes of {name}'s wheels at this index, or in this folder"
        parser.add_argument(f"--{short}-index", metavar="URL", dest=name, help=text)
    options = parser.parse_args()
    sources = {name: getattr(options, name) for name in ALONE if getattr(options, name)}
    try:
        for name, source in sources.items():
            print("\n".join(add(name, ALONE[name], source)))
        if not options.check and not sources:
            write(options.upgrade)
    except LockError as error:
        print(error, file=sys.stderr)
        return 1
    if missing := problems():
        print("\n".join(missing), file=sys.stderr)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
