"""The texts of a report, field by field: which of them can hold words of a person, and where they stand.

What always holds: a field that is not listed as the program's own is taken for words of a person, so that a field
added later is looked at and replaced in as well.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from pydantic import BaseModel

from notekeeper.domain.report import ClientPage, ReportDocument

PROGRAMS_OWN = frozenset({
    "format", "app_version", "identifiability", "log_head", "client_code", "code", "models", "state", "kind", "kinds",
    "ai_note",
})  # fmt: skip
"""Names of fields that hold what the program writes or one of a closed list, never a person's words."""
SIGNED = frozenset({"therapist", "signed_by"})
"""Fields with the therapist's own name, which a report is meant to carry."""
_PASSED_OVER = PROGRAMS_OWN | SIGNED
_WORDS = {
    "question": "question",
    "risk": "risk",
    "course": "course",
    "themes": "theme",
    "patterns": "pattern",
    "quotations": "quotation",
    "discussed": "earlier supervision",
    "supervision": "my part",
    "questions": "question",
}


@dataclass(frozen=True, slots=True)
class FieldText:
    """One text of a report. `client` is the code of the page, '' outside of pages; `where` says the place in words, as
    "C001, theme 2"; `name` is the field's own name."""

    client: str
    where: str
    name: str
    text: str = field(repr=False)


def texts_of(document: ReportDocument) -> tuple[FieldText, ...]:
    """Every text of the document that a person's words can stand in, empty ones left out, in its order."""
    found = [
        FieldText("", "the whole report", name, text) for name, text in _plain(document, skip=frozenset({"pages"}))
    ]
    for page in document.pages:
        found += _of_page(page)
    return tuple(found)


def _of_page(page: ClientPage) -> Iterator[FieldText]:
    for name in type(page).model_fields:
        for place, value in _numbered(getattr(page, name)):
            words = _WORDS.get(name, name.replace("_", " "))
            where = f"{page.client_code}, {words}" + (f" {place}" if place else "")
            for inner, text in _texts(value, name):
                yield FieldText(page.client_code, where, inner, text)


def _numbered(value: Any) -> Iterator[tuple[int, Any]]:
    if isinstance(value, tuple):
        yield from enumerate(value, start=1)
    else:
        yield 0, value


def _plain(model: BaseModel, skip: frozenset[str]) -> Iterator[tuple[str, str]]:
    for name in type(model).model_fields:
        if name not in skip:
            yield from _texts(getattr(model, name), name)


def _texts(value: Any, name: str) -> Iterator[tuple[str, str]]:
    if name in _PASSED_OVER:
        return
    if isinstance(value, str):
        if value and not isinstance(value, Enum):
            yield name, value
    elif isinstance(value, BaseModel):
        yield from _plain(value, skip=frozenset())
    elif isinstance(value, tuple):
        for one in value:
            yield from _texts(one, name)


def rewritten(document: ReportDocument, change: Callable[[FieldText], str]) -> ReportDocument:
    """The document with every such text as `change` gives it back; places in words are left out there. Raises
    `ValidationError` where a text no longer fits its field."""
    fields = document.model_dump()
    pages = fields.pop("pages")
    made: dict[str, Any] = {name: _changed(value, name, "", change) for name, value in fields.items()}
    made["pages"] = [
        {name: _changed(value, name, page["client_code"], change) for name, value in page.items()} for page in pages
    ]
    return ReportDocument.model_validate(made)


def _changed(value: Any, name: str, client: str, change: Callable[[FieldText], str]) -> Any:
    if name in _PASSED_OVER:
        return value
    if isinstance(value, str):
        return change(FieldText(client, "", name, value)) if value and not isinstance(value, Enum) else value
    if isinstance(value, dict):
        return {inner: _changed(each, inner, client, change) for inner, each in value.items()}
    if isinstance(value, list | tuple):
        return [_changed(each, name, client, change) for each in value]
    return value
