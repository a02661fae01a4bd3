"""The therapist's own templates: files of headings in a folder, offered beside SOAP, DAP, BIRP and GIRP.

What always holds: a template says nothing about a client, so it lies outside the vault and is not encrypted; a file
that cannot be one is listed with its reason and stops nothing; nothing is written but by `add` and `remove`.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

from notekeeper.config import templates_folder
from notekeeper.drafting.sentences import split_sentences
from notekeeper.errors import UsageError
from notekeeper.isolation.private import read_private, write_private

MAX_BYTES = 20_000
MAX_TEMPLATES = 200
SUFFIXES = (".md", ".txt")
_NAME = re.compile(r"[^\W_][\w .&+-]{0,39}")


@dataclass(frozen=True, slots=True)
class OwnTemplate:
    """A template by its name; `text` is what a note begins with."""

    name: str
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class BadTemplate:
    """A file in the folder that is not offered, and why."""

    name: str
    reason: str


def read_as_text(made: OwnTemplate) -> int:
    """How many of its lines the drafting step takes for sentences of the note and not for headings. A line such as
    "Denies:" says something, so beside the usual headings only lines that begin with # are known for sure."""
    return len(split_sentences(made.text))


def own_templates() -> tuple[list[OwnTemplate], list[BadTemplate]]:
    """Those that can be used and those that cannot, each by name; nothing of either where there is no folder."""
    good: dict[str, OwnTemplate] = {}
    bad: list[BadTemplate] = []
    try:
        files = sorted(path for path in templates_folder().iterdir() if not path.name.startswith("."))
    except OSError:
        return [], []
    for path in files[:MAX_TEMPLATES]:
        try:
            made = _read(path)
            if made.name.casefold() in good:
                raise UsageError("Another template has this name.")
            good[made.name.casefold()] = made
        except UsageError as error:
            bad.append(BadTemplate(path.name, str(error)))
    bad += [BadTemplate(path.name, f"More than {MAX_TEMPLATES} files.") for path in files[MAX_TEMPLATES:]]
    return list(good.values()), bad


def own_template(name: str) -> OwnTemplate:
    """The template of that name, capitals apart. Raises `UsageError`."""
    for each in own_templates()[0]:
        if each.name.casefold() == name.casefold():
            return each
    raise UsageError("There is no template of that name. `notekeeper template list` names them.")


def add_template(path: Path) -> OwnTemplate:
    """Copy a file into the folder. Raises `UsageError` when it cannot be a template or its name is taken."""
    made, folder = _read(path), templates_folder()
    good, bad = own_templates()
    if any(each.name.casefold() == made.name.casefold() for each in good) or any(e.name == path.name for e in bad):
        raise UsageError("There is a template of that name already. Remove it first; nothing was changed.")
    if len(good) + len(bad) >= MAX_TEMPLATES:
        raise UsageError(f"There are {MAX_TEMPLATES} templates already. Remove one first; nothing was changed.")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_private(folder / path.name, made.text.encode())
    except OSError:
        raise UsageError("The folder of templates cannot be written. Nothing was changed.") from None
    return made


def remove_template(name: str) -> None:
    """Remove the file of that template; notes begun with it stay as they are. Raises `UsageError`."""
    found = own_template(name)
    try:
        for suffix in SUFFIXES:
            (templates_folder() / f"{found.name}{suffix}").unlink(missing_ok=True)
    except OSError:
        raise UsageError("The template could not be removed. Nothing was changed.") from None


def _read(path: Path) -> OwnTemplate:
    """Raises `UsageError`."""
    if path.suffix not in SUFFIXES or not _NAME.fullmatch(path.stem):
        raise UsageError(
            "A template is a file NAME.md or NAME.txt, its name 1 to 40 letters, digits, spaces and . & + - _ and "
            "beginning with a letter or digit."
        )
    try:
        raw = read_private(path, MAX_BYTES)
    except OSError:
        raise UsageError("The file could not be read: it is not there, a link, or no ordinary file.") from None
    if len(raw) > MAX_BYTES:
        raise UsageError(f"It has more than {MAX_BYTES // 1000} kB, which is no list of headings.")
    try:
        text = raw.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError:
        raise UsageError("It is not text in UTF-8.") from None
    if not text.strip():
        raise UsageError("It is empty.")
    if any(not c.isprintable() and c not in "\n\t" for c in text):
        raise UsageError("It holds control characters or invisible marks.")
    return OwnTemplate(path.stem, text)
