"""A supervisor's reading of reports: files and folders opened, each held against its seal and the keys that are known.

What always holds: no vault is needed and none is touched; a file that is not exactly a report is shown as such, in a
sentence, and the others open all the same; what a sealed bundle holds stays in memory; a report is listed under the
supervisor's own name for a key, and only under that of the file where the key is not known.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from notekeeper.domain.report import ClientPage, ReportDocument, ReportSeal
from notekeeper.errors import NotekeeperError, ReportError, WrongPassphraseError
from notekeeper.reports.bundle import is_bundle, open_bundle, read_sealed
from notekeeper.reports.comments import ENDING, SEALED_ENDING
from notekeeper.reports.envelope import Secret, wants_passphrase
from notekeeper.reports.files import Beside, OpenedReport, check_beside, opened, read_report
from notekeeper.reports.phrases import day
from notekeeper.reports.trust import KnownKeys, Trust, letters_of, trust_in
from notekeeper.services.comments_place import KEY_ENDING
from notekeeper.services.verdicts import heading

_MOST_FILES = 500


@dataclass(frozen=True, slots=True)
class Reading:
    """One report that was opened. `beside` says what each file of the seal is, by its ending. `secret` is what opened
    the bundle it came in, None for a file that lay there open."""

    path: Path
    document: ReportDocument
    seal: ReportSeal | None
    sha256: str
    trust: Trust
    beside: dict[str, Beside] = field(default_factory=dict)
    secret: Secret | None = field(default=None, repr=False)

    @property
    def stem(self) -> str:
        """The file's name without its endings, after which files beside it are named."""
        name = self.path.name
        for ending in (".zip.age", ".age", ".json"):
            if name.lower().endswith(ending):
                return name[: -len(ending)]
        return name


@dataclass(frozen=True, slots=True)
class Locked:
    """A bundle that no secret at hand opens. `by_passphrase` False asks for the file of a key."""

    path: Path
    by_passphrase: bool


@dataclass(frozen=True, slots=True)
class NotRead:
    """A file of which nothing is shown, and why."""

    path: Path
    why: str


Looked = Reading | Locked | NotRead


@dataclass(frozen=True, slots=True)
class Place:
    """One client's page of one report, as it stands in the list."""

    reading: Reading
    page: ClientPage

    @property
    def period(self) -> str:
        """As in 4 September to 20 November 2025."""
        return f"{day(self.page.period_from)} to {day(self.page.period_to)}"


def files_of(paths: Iterable[Path]) -> list[Path]:
    """The files named, and of each folder those in it that may be reports, by name. Files of comments are left out.
    Raises `ReportError` for a folder that cannot be read or holds far too many."""
    found: list[Path] = []
    for path in paths:
        if not path.is_dir():
            found.append(path)
            continue
        try:
            inside = sorted(each for each in path.iterdir() if each.is_file() and _may_be_one(each.name))
        except OSError as error:
            raise ReportError(f"The folder could not be read ({error.strerror or 'no reason given'}).") from None
        if len(inside) > _MOST_FILES:
            raise ReportError(f"That folder holds more than {_MOST_FILES} files that may be reports. Please name some.")
        found += inside
    return list(dict.fromkeys(found))


def look(path: Path, known: KnownKeys, secrets: Sequence[Secret] = (), own_key: str = "") -> Looked:
    """Open one file. A bundle is tried with each secret; never raises for what the file holds. `own_key` is that of
    the vault which is open here."""
    try:
        if not is_bundle(path):
            found = read_report(path)
            return _reading(path, found, trust_of(found, known, own_key), check_beside(path, found), None)
        raw = read_sealed(path)
        by_words = wants_passphrase(raw)
        for secret in (each for each in secrets if (each.passphrase if by_words else each.keys)):
            try:
                files = open_bundle(raw, secret)
            except WrongPassphraseError:
                continue
            found = opened(files["report.json"])
            return _reading(path, found, trust_of(found, known, own_key), _inside(files, found), secret)
        return Locked(path, by_words)
    except NotekeeperError as error:
        return NotRead(path, str(error))


def judged(reading: Reading, known: KnownKeys, own_key: str = "") -> Reading:
    """The same report, held against the keys that are known now."""
    return replace(reading, trust=trust_of(reading, known, own_key))


def trust_of(found: OpenedReport | Reading, known: KnownKeys, own_key: str) -> Trust:
    """How the signature of a report stands to the keys that are known."""
    return trust_in(known, found.document.therapist, found.seal.public_key if found.seal else "", own_key)


def _reading(
    path: Path, found: OpenedReport, trust: Trust, beside: dict[str, Beside], secret: Secret | None
) -> Reading:
    return Reading(path, found.document, found.seal, found.sha256, trust, beside, secret)


def _inside(files: dict[str, bytes], found: OpenedReport) -> dict[str, Beside]:
    """As `check_beside`, of what lies in the bundle with it."""
    if found.seal is None:
        return {}
    told: dict[str, Beside] = {}
    for ending, digest in found.seal.files.items():
        raw = files.get(f"report.{ending}")
        same = raw is not None and hashlib.sha256(raw).hexdigest() == digest
        told[ending] = Beside.MISSING if raw is None else Beside.AS_SEALED if same else Beside.CHANGED
    return told


def listed(readings: Sequence[Reading]) -> list[Place]:
    """Every page of every report: by therapist, then client, then period."""
    places = [Place(reading, page) for reading in readings for page in reading.document.pages]
    return sorted(
        places,
        key=lambda at: (
            heading(at.reading, readings).casefold(),
            at.page.client_code.casefold(),
            at.page.period_from,
            at.page.period_to,
            at.reading.document.made_at.isoformat(),
        ),
    )


def others_of(place: Place, places: Sequence[Place]) -> list[Place]:
    """The other reports on the same client of the same therapist, by period. One that is not signed counts as theirs
    by its name alone, which `verdict` says wherever it is shown."""
    readings = [each.reading for each in places]
    return [
        each
        for each in places
        if each.page.client_code == place.page.client_code
        and each.reading.sha256 != place.reading.sha256
        and _of_one(each.reading, place.reading, readings)
    ]


def _of_one(one: Reading, other: Reading, among: Sequence[Reading]) -> bool:
    if heading(one, among) == heading(other, among):
        return True
    unsigned = not (one.trust.public_key and other.trust.public_key)
    return unsigned and letters_of(one.trust.therapist) == letters_of(other.trust.therapist)


def _may_be_one(name: str) -> bool:
    lower = name.lower()
    if lower.endswith((ENDING, SEALED_ENDING, KEY_ENDING)) or lower.startswith("."):
        return False
    return lower.endswith((".json", ".age"))
