"""Every reader of a file that a person brings, with what must hold of each.

What always holds: any bytes are read or refused by one of the program's own errors, and a refusal repeats none of
them.
"""

import hashlib
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from functools import cache
from pathlib import Path

from notekeeper.cli.common import read_text
from notekeeper.cli.drafts import _one_of_batch
from notekeeper.domain.follow_up import follow_up_words
from notekeeper.domain.note import NoteFormat, NoteKind, client_code, note_reference
from notekeeper.domain.text import visible
from notekeeper.drafting.parts import DraftingParts
from notekeeper.drafting.reading import read_taught
from notekeeper.drafting.sentences import split_sentences
from notekeeper.engine.catalogue import Catalogue, Entry, LocalSource, ModelFile, PackageSource, load_catalogue
from notekeeper.engine.files import add_file, path_of
from notekeeper.errors import (
    EngineError,
    ModelRefusedError,
    NotekeeperError,
    ReportError,
    UsageError,
    WrongPassphraseError,
)
from notekeeper.evaluation.gold import read_gold
from notekeeper.reports.bundle import NAMES, pack, unpack
from notekeeper.reports.comments import comments_json, comments_of
from notekeeper.services.addenda import read_risk_json
from notekeeper.services.drafting import suggest
from notekeeper.services.follow_ups import read_due
from notekeeper.services.front_sheet import read_sheet_json
from notekeeper.services.reviewing import read_form
from notekeeper.services.templates import template
from notekeeper.services.writing import check_text
from tests.unit.fakes import parts

WHEEL_MEMBER = b"the part of a model that a wheel brings"
MODEL_FILE = b"GGUF, and what a model file would hold"


def _text(data: bytes, folder: Path) -> str | None:
    """The bytes as the commands read a file; None where they refuse it."""
    path = folder / "brought"
    path.write_bytes(data)
    try:
        return read_text(str(path))
    except UsageError as refused:
        _says_nothing(refused, data)
        return None


def _says_nothing(refused: NotekeeperError, data: bytes) -> None:
    """No word of more than twenty letters from the file stands in the error; shorter ones may be the program's own."""
    said = str(refused).encode()
    assert not any(len(word) > 20 and word in said for word in data.split()), "an error repeats the file"


@cache
def _known() -> Catalogue:
    """A catalogue of one model with one file that is brought by itself and one that comes in a wheel."""

    def file(path: str, content: bytes) -> ModelFile:
        return ModelFile(path=path, bytes=len(content), sha256=hashlib.sha256(content).hexdigest())

    entry = Entry(
        name="small",
        kind="encoder",
        tier="starter",
        files=(file("model.gguf", MODEL_FILE), file("part.json", WHEEL_MEMBER)),
        sources=(
            PackageSource(type="package", package="small", version="1", folder="small"),
            LocalSource(type="local"),
        ),
        licence="MIT",
        context=256,
        memory_gb=1,
        notes="",
    )
    return Catalogue(model=(entry,))


def model_file(data: bytes, folder: Path) -> None:
    """`models add`: what is put in place is exactly what the catalogue names, whatever the file or the wheel says."""
    source, models = folder / "brought.whl", folder / "models"
    source.write_bytes(data)
    try:
        placed = add_file(source, _known(), models)
    except (ModelRefusedError, EngineError) as refused:
        placed = ()
        _says_nothing(refused, data)
    entry = _known().model[0]
    for file in entry.files:
        path = path_of(entry, file, models)
        there = path.exists()
        assert there == ((entry.name, file.path) in placed)
        if there:
            assert hashlib.sha256(path.read_bytes()).hexdigest() == file.sha256
            path.unlink()
    left = [path for path in models.rglob("*") if path.is_file()] if models.exists() else []
    assert not left, "something else was put into the models folder"


def catalogue(data: bytes, folder: Path) -> None:
    """A catalogue of models: no path of a file leads out of the models folder."""
    path = folder / "catalogue.toml"
    path.write_bytes(data)
    try:
        known = load_catalogue(path)
    except EngineError:
        return
    models = folder / "models"
    for entry in known.model:
        for file in entry.files:
            assert path_of(entry, file, models).resolve().is_relative_to(models.resolve() / entry.name)


def gold(data: bytes, folder: Path) -> None:
    """`evaluate --set`: every span that is scored stands in its note."""
    text = _text(data, folder)
    if text is None:
        return
    try:
        found = read_gold(text.split("\n"))
    except UsageError as refused:
        _says_nothing(refused, data)
        return
    for note in found.notes:
        for theme in note.themes:
            for piece, (start, end) in zip(theme.evidence, note.spans(theme), strict=True):
                assert note.text[start:end] == piece


@cache
def _parts() -> DraftingParts:
    return parts()


def text_to_draft(data: bytes, folder: Path) -> None:
    """`suggest`: the draft's evidence stands in the text, or the text is refused."""
    text = _text(data, folder)
    if text is None:
        return
    sentences = split_sentences(text)
    assert all(text[s.start : s.end] == s.text for s in sentences)
    assert [s.number for s in sentences] == list(range(1, len(sentences) + 1))
    assert visible(visible(text)) == visible(text)
    try:
        made = suggest(text, _parts())
    except UsageError:
        return
    assert all(piece.stands_in(text) for item in made.items().values() for piece in item.evidence)


def batch(data: bytes, folder: Path) -> None:
    """`suggest --batch`: each line gives a draft or an error of its own, and none ends the rest."""
    text = _text(data, folder)
    for number, line in enumerate((text or "").split("\n")[:5], start=1):
        if line.strip():
            _one_of_batch(line, number, _parts())


def forms(data: bytes, folder: Path) -> None:
    """The forms that come as JSON, the words that come as text, the references that are typed."""
    text = _text(data, folder)
    if text is None:
        return
    for read in (read_form, read_sheet_json, read_risk_json, follow_up_words, check_text, client_code, note_reference):
        _tried(read, text, data)
    _tried(lambda typed: read_due(typed, date(2026, 3, 4)), text[:40], data)


def _tried(read: Callable[[str], object], text: str, data: bytes) -> None:
    try:
        read(text)
    except UsageError as refused:
        _says_nothing(refused, data)


def taught(data: bytes, _folder: Path) -> None:
    """The reader's own file says what it is, or is refused."""
    with suppress(ModelRefusedError):
        found = read_taught(data)
        assert len(found.codes) == len(found.doubt)


def templates(data: bytes, folder: Path) -> None:
    """A note that begins with a template and goes on with anything keeps every character of both."""
    text = _text(data, folder) or ""
    layouts, kinds = list(NoteFormat), list(NoteKind)
    begun = template(kinds[len(data) % len(kinds)], layouts[len(data) % len(layouts)])
    note = begun + text
    assert all(note[s.start : s.end] == s.text for s in split_sentences(note))


def bundles(data: bytes, _folder: Path) -> None:
    """What a sealed bundle held is a report's files and nothing else, or is refused."""
    with suppress(ReportError):
        files = unpack(data)
        assert set(files) <= set(NAMES)
        assert unpack(pack(files)) == files


def comments(data: bytes, _folder: Path) -> None:
    """A file of comments is exactly one, or is refused; what is taken is written again as the same."""
    try:
        found = comments_of(data)
    except (ReportError, WrongPassphraseError) as refused:
        _says_nothing(refused, data)
        return
    assert comments_of(comments_json(found)) == found


BROUGHT = (model_file, catalogue, gold, text_to_draft, batch, forms, taught, templates, bundles, comments)
