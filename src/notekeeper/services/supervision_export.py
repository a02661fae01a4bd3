"""The hours of supervision as a file for an accreditation body: CSV, JSON or text.

What always holds: a file is made of days, minutes, kinds, supervisors and counts; the therapist's notes on a line are
left out, so that it names no client; no file that is there is overwritten, and what was written is in the log.
"""

import csv
import hashlib
import io
import json
from datetime import date
from enum import StrEnum
from pathlib import Path

from notekeeper.domain.text import visible
from notekeeper.domain.vault import Vault
from notekeeper.errors import ReportError
from notekeeper.isolation.private import write_private
from notekeeper.reports.files import reserve
from notekeeper.services.supervision_hours import Account, HoursLine, Total, account_of, ratio_words, time_words

FORMAT = "notekeeper.supervision-hours"
_COLUMNS = ("line", "day", "minutes", "kind", "supervisor", "clients_discussed", "corrects", "counts")
_OBEYED = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""


class HoursFormat(StrEnum):
    CSV = "csv"
    JSON = "json"
    TEXT = "text"

    @property
    def ending(self) -> str:
        """The ending of its file's name."""
        return ".txt" if self is HoursFormat.TEXT else f".{self.value}"


def write_hours(  # noqa: PLR0917 - a file and its time
    vault: Vault,
    folder: Path,
    kind: HoursFormat,
    today: date,
    start: date | None = None,
    end: date | None = None,
) -> Path:
    """Write the hours of a time, or all, into `folder` and log it. The new file's path. Raises `ReportError`."""
    account = account_of(vault, start, end)
    signer = vault.signer()
    name = f"{signer.name}, {signer.registration}".rstrip(", ") if signer else ""
    content = hours_file(account, kind, today, name).encode("utf-8")
    if not folder.is_dir():
        raise ReportError("The folder for the hours does not exist. No file was made; please name one that does.")
    try:
        (path,) = reserve(folder, f"supervision-hours_{today.isoformat()}", (kind.ending,))
        write_private(path, content)  # in the place of the reserved file, at once
    except OSError as error:
        raise ReportError(
            f"The hours could not be written ({error.strerror or 'no reason given'}). The vault is unchanged. Check "
            "that the folder is yours to write to and has room, and try again."
        ) from None
    vault.log.event("export.made", "", hashlib.sha256(content).digest())
    return path


def hours_file(account: Account, kind: HoursFormat, today: date, name: str = "") -> str:
    """What the file says; `name` is who had the supervision."""
    made = {HoursFormat.CSV: _csv, HoursFormat.JSON: _json, HoursFormat.TEXT: _text}
    return made[kind](account, today, name)


def _row(each: HoursLine) -> dict[str, object]:
    hours = each.hours
    return {
        "line": each.number,
        "day": hours.day.isoformat(),
        "minutes": hours.minutes,
        "kind": hours.kind,
        "supervisor": hours.supervisor,
        "clients_discussed": hours.clients_discussed,
        "corrects": hours.corrects,
        "counts": each.counts,
    }


def _csv(account: Account, today: date, name: str) -> str:
    del today, name
    written = io.StringIO()
    sheet = csv.writer(written, lineterminator="\n")
    sheet.writerow(_COLUMNS)
    for each in account.lines:
        sheet.writerow([_cell(value) for value in _row(each).values()])
    return written.getvalue()


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = " ".join(visible("" if value is None else str(value)).split())
    return f"'{text}" if text.startswith(_OBEYED) else text


def _json(account: Account, today: date, name: str) -> str:
    def total(each: Total) -> dict[str, object]:
        return {"minutes": each.minutes, "times": each.times, "by_kind": each.by_kind, "sessions": each.sessions}

    told = {
        "format": FORMAT,
        "format_version": 1,
        "made_on": today.isoformat(),
        "therapist": name,
        "sessions_to_one_hour_agreed": account.agreed,
        "whole": total(account.whole),
        "years": {each.period: total(each) for each in account.years},
        "months": {each.period: total(each) for each in account.months},
        "lines": [_row(each) for each in account.lines],
    }
    return json.dumps(told, ensure_ascii=True, indent=2).replace("\x7f", "\\u007f") + "\n"


def _text(account: Account, today: date, name: str) -> str:
    said = [f"Hours of supervision{f' of {name}' if name else ''}, as of {today.isoformat()}", ""]
    said += [line_words(each) for each in account.lines]
    said += ["", f"Altogether: {ratio_words(account.whole, account.agreed)}"]
    said += [f"{each.period}: {ratio_words(each, account.agreed)}" for each in account.years]
    said += ["", "By month:"]
    said += [
        f"{each.period}: {time_words(each.minutes)} of supervision, {each.sessions} session(s) held"
        for each in account.months
    ]
    return visible("\n".join(said)) + "\n"


def line_words(each: HoursLine) -> str:
    """One line of the log for a person, without the note on it."""
    hours = each.hours
    took = time_words(hours.minutes) if hours.minutes else "not held"
    by = f" with {' '.join(hours.supervisor.split())}" if hours.supervisor else ""
    of = f", {hours.clients_discussed} client(s) discussed" if hours.clients_discussed else ""
    stead = f", in place of line {hours.corrects}" if hours.corrects else ""
    gone = f" (corrected by line {each.corrected_by})" if each.corrected_by else ""
    return f"{each.number}. {hours.day.isoformat()}, {took}, {hours.kind}{by}{of}{stead}{gone}"
