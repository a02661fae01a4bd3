"""Entering a finished part into the catalogue of models, by length and SHA-256.

What always holds: one line of one entry changes, and the catalogue is read again before it is written.
"""

import hashlib
import re
import tomllib
from pathlib import Path

from models.starter.gold import STARTER

CATALOGUE = STARTER.parent / "catalogue.toml"
_TAUGHT = re.compile(r"^taught = .*$", re.MULTILINE)
_SOURCES = re.compile(r"^sources = ", re.MULTILINE)


def enter(model: str, part: Path, catalogue: Path = CATALOGUE) -> str:
    """Make `part`, which lies under the catalogue's folder, what teaches `model`; returns the line entered.

    Raises `ValueError` when the catalogue does not hold exactly one such model."""
    content = part.read_bytes()
    path = part.relative_to(catalogue.parent).as_posix()
    digest = hashlib.sha256(content).hexdigest()
    line = f'taught = {{ path = "{path}", bytes = {len(content)}, sha256 = "{digest}" }}'
    head, *entries = re.split(r"(?=^\[\[model\]\]$)", catalogue.read_bytes().decode(), flags=re.MULTILINE)
    places = [at for at, entry in enumerate(entries) if f'\nname = "{model}"' in entry]
    if len(places) != 1:
        raise ValueError(f"the catalogue holds {len(places)} models named {model}")
    entry = _TAUGHT.sub("", entries[places[0]]).replace("\n\nsources", "\nsources")
    entries[places[0]] = _SOURCES.sub(f"{line}\nsources = ", entry, count=1)
    written = "".join([head, *entries])
    found = {known["name"]: known.get("taught") for known in tomllib.loads(written)["model"]}
    if found[model] != {"path": path, "bytes": len(content), "sha256": digest}:
        raise ValueError(f"the part could not be entered for {model}")
    catalogue.write_bytes(written.encode())
    return line
