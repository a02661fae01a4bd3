"""Putting the files of a written report into one sealed bundle, and taking them out of one again.

What always holds: only a report whose seal fits goes into a bundle, with the pages beside it that are as sealed; a
passphrase that is empty or easily guessed is refused before anything is written; files are taken out to the disk only
where the reader asks for it.
"""

from pathlib import Path

from notekeeper.errors import ReportError, WeakPassphraseError
from notekeeper.isolation.private import read_private
from notekeeper.reports.bundle import open_bundle, read_sealed, write_bundle
from notekeeper.reports.envelope import Seal, Secret, check_keys
from notekeeper.reports.files import MAX_BESIDE_BYTES, MAX_REPORT_BYTES, Beside, check_beside, opened, read_report
from notekeeper.reports.placing import write_files
from notekeeper.services.strength import strength


def check_seal_choice(seal: Seal) -> None:
    """Return if a file may be sealed so. Raises `WeakPassphraseError` and `UsageError`."""
    if seal.keys:
        check_keys(seal.keys)
        return
    found = strength(seal.passphrase)
    if not found.enough:
        said = found.words.removeprefix("Strength ").lstrip("■□ ")
        raise WeakPassphraseError(
            f"That passphrase could be guessed: {said}. Four or five unrelated words are easy to remember and hard to "
            "guess. Nothing was written."
        )


def bundle_report(report: Path, seal: Seal, folder: Path | None = None) -> Path:
    """Seal the files of the report in `report` (its .json file) into one bundle, beside it or in `folder`. Returns its
    path. Raises `ReportError` for a report that was changed or not sealed, `WeakPassphraseError` and `UsageError`."""
    check_seal_choice(seal)
    found = read_report(report)
    if found.seal is None:
        raise ReportError(
            "This report is from before reports were signed, so it cannot go into a signed bundle. Nothing was "
            "written. Make the report again."
        )
    beside = check_beside(report, found)
    if wrong := [ending for ending, what in beside.items() if what is Beside.CHANGED]:
        raise ReportError(
            f"The .{wrong[0]} file beside this report is not the one that was sealed with it. Nothing was written. "
            "Make the report again, or put the file back."
        )
    try:
        files = {"report.json": read_private(report, MAX_REPORT_BYTES)}
        for ending in (each for each, what in beside.items() if what is Beside.AS_SEALED):
            files[f"report.{ending}"] = read_private(report.with_suffix(f".{ending}"), MAX_BESIDE_BYTES)
    except OSError as error:
        raise ReportError(
            f"The report's files could not be read ({error.strerror or 'no reason given'}). Nothing was written."
        ) from None
    return write_bundle(files, seal, folder or report.absolute().parent, report.stem)


def unbundle(bundle: Path, secret: Secret, target: Path) -> dict[str, Path]:
    """Take the files of a bundle out, unencrypted, into the folder or under the name of `target`; their paths by
    ending. Raises `ReportError`, and `WrongPassphraseError` when the secret does not open it."""
    files = open_bundle(read_sealed(bundle), secret)
    document = opened(files["report.json"]).document
    return write_files(document, {name.removeprefix("report."): content for name, content in files.items()}, target)
