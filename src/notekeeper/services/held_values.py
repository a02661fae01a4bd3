"""Values of every kind as records of an export: their fields by name, label, and whether they are facts or texts.

What always holds: no value is left out but empty ones and the vault's own random ids; a string is a text, which
withholding looks through, unless its type says that the words are the program's.
"""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from enum import Enum
from typing import Any

from notekeeper.domain.file_export import ExportField, Record
from notekeeper.domain.holdings import HeldTyping
from notekeeper.domain.risk import RiskEntry
from notekeeper.domain.risk_told import entry_told
from notekeeper.domain.text import Evidence, Frozen

# Random ids, which mean nothing outside the vault.
_IDS = frozenset({"note_id", "client_id", "revision_id", "id"})
# Strings of our own types whose words are the program's, where no type says so. What was read from JSON has no type,
# and any of its strings may be somebody's words; only a day under one of these names is none.
_FACTS = frozenset(
    {"kind", "origin", "trend", "attestation", "attestation_version", "wording_version"}
    | {"app_version", "prompt_version", "model", "encoder"}
)
_DAYS = frozenset({"day", "due", "discussed_on", "asked_on", "answered_on", "opinion_on", "until", "on"})
_LABELS = {
    "gp": "GP",
    "ai_used": "AI used",
    "work": "Kind of work",
    "born": "Date of birth",
    "withheld": "Held back by a check",
}
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_HASH = re.compile(r"[0-9a-f]{64}")


def label_of(name: str) -> str:
    """A field's name as a person reads it."""
    return _LABELS.get(name) or name.replace("sha256", "SHA-256").replace("_", " ").capitalize().replace("Sha", "SHA")


def fact(name: str, value: object, label: str = "") -> ExportField:
    """A field in the program's own words."""
    return ExportField(name=name, label=label or label_of(name), value=told(value), kind="fact")


def text(name: str, value: str, label: str = "") -> ExportField:
    """A field in somebody's words."""
    return ExportField(name=name, label=label or label_of(name), value=value)


def typing(title: str, typed: HeldTyping, note: int | None = None) -> Record:
    """Typing that was not added. What a form of several fields kept as JSON comes apart: as it stands there, with
    escapes, no passage would be found in it."""
    try:
        fields = json.loads(typed.text)
    except ValueError:
        fields = None
    if isinstance(fields, dict):
        return record_of("unsaved", title, fields, at=typed.saved_at, note=note)
    return Record(kind="unsaved", title=title, at=typed.saved_at, note=note, fields=(text("text", typed.text),))


def told(value: object) -> str:
    """A value of the program's own as words."""
    words = getattr(value, "words", None)
    if isinstance(words, str):
        return words
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Enum):
        return str(value.value).replace("_", " ")
    return value.isoformat() if isinstance(value, date) else str(value)


def record_of(
    kind: str,
    title: str,
    body: Frozen | Mapping[str, Any],
    *,
    at: datetime | None = None,
    note: int | None = None,
    revision: str | None = None,
    days_are_texts: bool = False,
) -> Record:
    """`body` as a record; what it holds within is a part each. `revision` is the text that its evidence cites. Days are
    facts, but for those that the therapist entered of a person and may have to withhold."""
    if isinstance(body, Evidence):
        return Record(
            kind="evidence",
            title="Evidence",
            fields=(text("text", body.text),),
            note=note,
            revision=revision,
            start=body.start,
            end=body.end,
        )
    if isinstance(body, RiskEntry):
        return Record(kind=kind, title=title, at=at, note=note, fields=tuple(_risk(body)))
    named = {name: getattr(body, name) for name in type(body).model_fields} if isinstance(body, Frozen) else body
    fields: list[ExportField] = []
    parts: list[Record] = []
    for name, value in named.items():
        if name in _IDS or value is None or value == "" or (isinstance(value, Mapping | tuple | list) and not value):
            continue
        if isinstance(value, Frozen | Mapping):
            parts.append(record_of(name, label_of(name), value, note=note, revision=revision))
        elif isinstance(value, tuple | list):
            within = [each for each in value if isinstance(each, Frozen | Mapping)]
            parts += [record_of(name, label_of(name), each, note=note, revision=revision) for each in within]
            plain = [str(each) for each in value if not isinstance(each, Frozen | Mapping)]
            fields += [text(name, "\n".join(plain))] if plain else []
        elif type(value) is str and not _is_fact(name, value, typed=isinstance(body, Frozen)):
            fields.append(text(name, value))
        elif days_are_texts and type(value) is date:
            fields.append(text(name, told(value)))
        else:
            fields.append(fact(name, value))
    return Record(kind=kind, title=title, at=at, note=note, fields=tuple(fields), parts=tuple(parts), revision=revision)


def _is_fact(name: str, value: str, *, typed: bool) -> bool:
    if typed:
        return name in _FACTS or name.endswith("sha256")
    return bool((name in _DAYS and _DAY.fullmatch(value)) or (name.endswith("sha256") and _HASH.fullmatch(value)))


def _risk(entry: RiskEntry) -> Iterator[ExportField]:
    """As a risk entry is told everywhere: a box that was not ticked is no statement that there is no concern."""
    yield fact("state", entry.state)
    for label, words in entry_told(entry):
        name = label.lower().replace(" ", "_")
        yield fact(name, words, label) if name in ("by_kind", "safeguarding_concern") else text(name, words, label)
