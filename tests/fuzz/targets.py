"""The four targets: each takes any bytes, hands them to the program as a stranger could, and says what must hold.

What always holds: a target ends without an exception for any bytes at all; the only errors the program may raise are
its own; what it accepts, it can show and write again. The first byte chooses among the readers of a target.
"""

import io
import json
import re
import tempfile
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from notekeeper.domain.report import ReportDocument
from notekeeper.errors import ReportError, VaultDamagedError, VaultNewerError, WrongPassphraseError
from notekeeper.reports.files import opened, read_report
from notekeeper.reports.html import report_html
from notekeeper.reports.markdown import report_markdown
from notekeeper.reports.terminal import report_text
from notekeeper.vault import header, keys, wal
from tests.fuzz.brought import BROUGHT
from tests.fuzz.pipes import PIPES
from tests.reports.invented import report_json
from tests.reports.test_outputs import report_of_three

Target = Callable[[bytes], None]
RECOVERY_KEY = keys.printed(bytes(range(20)))
FOLDER = Path(tempfile.mkdtemp(prefix="notekeeper-fuzz-"))
_OWN = r'a(?! (?:class="skip" )?href="#(?:report|made|c\d)">)'  # links of the page to its own parts
_TAGS = re.compile(rf"<\s*(?:script|img|iframe|object|embed|link|base|form|input|{_OWN})\b|\son\w+\s*=", re.IGNORECASE)


def vault_files(data: bytes) -> None:
    """The header, the log that a crash left behind, and a recovery key as somebody types it."""
    choose, rest = data[:1], data[1:]
    if choose == b"w":
        assert wal.lost_in(_file("vault.db-wal", rest)) in (True, False)
    elif choose == b"k":
        with suppress(WrongPassphraseError):
            secret = keys.recovery_secret(rest.decode("utf-8", "surrogateescape"))
            assert keys.recovery_secret(keys.printed(secret)) == secret
    else:
        _header(data)
        _header(with_fresh_checksum(data))


def _header(raw: bytes) -> None:
    try:
        found = header.read(_file("header", raw))
    except (VaultDamagedError, VaultNewerError):
        return
    assert header.as_bytes(found) == raw, "a header is accepted in one form alone"
    with suppress(VaultDamagedError, WrongPassphraseError):
        header.key_by_recovery_key(found, RECOVERY_KEY)


def with_fresh_checksum(raw: bytes) -> bytes:
    """The same header as one who can reckon checksums would leave it; no bytes where it is no JSON object."""
    try:
        fields = json.loads(raw)
        assert isinstance(fields, dict)
        fields["checksum"] = header._checksum_of(fields)
        return json.dumps(fields, indent=1, sort_keys=True).encode("ascii") + b"\n"
    except (ValueError, AssertionError, RecursionError, TypeError):
        return b""


def brought_files(data: bytes) -> None:
    """Everything that reads a file which a person brings: models, catalogues, gold notes, forms, texts to draft."""
    if data:
        BROUGHT[data[0] % len(BROUGHT)](data[1:], FOLDER)


def report_files(data: bytes) -> None:
    """A report's file as `browse` reads it; what it takes for a report, it shows without harm in every form."""
    try:
        found = read_report(_file("report.json", _one_field(data[1:]) if data[:1] == b"f" else data)).document
    except ReportError:
        return
    assert opened(report_json(found).encode("ascii")).document == found
    assert _harmless(report_markdown(found))
    for width in (40, 80, None):
        text = report_text(found, width)
        assert _harmless(text), "a character that a terminal would obey"
    page = report_html(found)
    assert _harmless(page)
    assert not _TAGS.search(re.sub(r">[^<]*<", "><", page)), "a tag that no report has"


@cache
def _fields() -> tuple[str, tuple[tuple[str | int, ...], ...]]:
    """A good report as JSON, and the place of each value in it."""
    good = report_json(report_of_three(include_risk=True))
    places: list[tuple[str | int, ...]] = []

    def walk(value: Any, place: tuple[str | int, ...]) -> None:
        places.append(place)
        for key, held in value.items() if isinstance(value, dict) else enumerate(value) if _list(value) else ():
            walk(held, (*place, key))

    walk(json.loads(good), ())
    return good, tuple(places[1:])


def _list(value: object) -> bool:
    return isinstance(value, list)


def _one_field(data: bytes) -> bytes:
    """A good report with one value replaced, and sealed anew where it is still a report: the first byte says which, the
    rest is the value, as JSON or as text."""
    good, places = _fields()
    report = held = json.loads(good)
    *way, last = places[data[0] % len(places)] if data else places[0]
    for key in way:
        held = held[key]
    text = data[1:].decode("utf-8", "surrogateescape")
    try:
        held[last] = json.loads(text)
    except (ValueError, RecursionError):
        held[last] = text
    document = {name: value for name, value in report.items() if name != "seal"}
    try:
        return report_json(ReportDocument.model_validate_json(json.dumps(document), strict=True)).encode("ascii")
    except ValueError:
        return json.dumps(report).encode("ascii")


def _harmless(text: str) -> bool:
    return not any(unicodedata.category(c) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"} for c in text if c not in _KEPT)


_KEPT = "\n\t\u200c\u200d"


def engine_pipes(data: bytes) -> None:
    """What comes through the pipes between the app and a model's process, from either end."""
    if data:
        PIPES[data[0] % len(PIPES)](io.BytesIO(data[1:]))


def _file(name: str, content: bytes) -> Path:
    path = FOLDER / name
    path.write_bytes(content)
    return path


TARGETS: dict[str, Target] = {
    "header": vault_files,
    "importers": brought_files,
    "reports": report_files,
    "protocol": engine_pipes,
}
