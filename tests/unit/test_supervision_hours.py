"""Hours of supervision: what adds up, what a correction does, the ratio in plain figures, files without a client."""

import csv
import io
import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notekeeper.domain.note import NoteKind
from notekeeper.domain.supervision import SupervisionHours, SupervisionLog
from notekeeper.domain.vault import Vault
from notekeeper.errors import ChainBrokenError, ReportError, UsageError
from notekeeper.services.supervision_export import HoursFormat, hours_file, write_hours
from notekeeper.services.supervision_hours import (
    Account,
    Total,
    account_of,
    add_hours,
    correct_hours,
    lines_of,
    ratio_words,
    read_hours,
    set_ratio,
    time_words,
)
from notekeeper.services.writing import add_note
from tests.vault.conftest import first, sealed, vault
from tests.vault.invented import Sealed, add_client

__all__ = ["first", "sealed", "vault"]
TODAY = date(2026, 5, 16)


def test_lines_add_up_by_month_and_year_and_a_correction_stands_in_place_of_its_line(vault: Vault) -> None:
    client = add_client(vault, "SECRETCODE")
    for day in (date(2025, 12, 3), date(2026, 3, 3), date(2026, 3, 10), date(2026, 5, 5)):
        add_note(vault, client, "Held.", day)
    add_note(vault, client, "Missed.", date(2026, 5, 6), NoteKind.DID_NOT_ATTEND)
    add_hours(vault, read_hours(date(2025, 12, 10), 60, supervisor="S. Imagined", clients=2), TODAY)
    add_hours(vault, read_hours(date(2026, 3, 20), 90, "group", "G. Imagined", 1, "About SECRETCODE"), TODAY)
    with pytest.raises(UsageError, match="The log has a line of that day"):
        add_hours(vault, read_hours(date(2025, 12, 10), 60, supervisor="s. imagined"), TODAY)
    correct_hours(vault, 2, read_hours(date(2026, 3, 20), 45, "group", "G. Imagined", 1), TODAY)
    with pytest.raises(UsageError, match="corrected by line 3 already"):
        correct_hours(vault, 2, read_hours(date(2026, 3, 20), 30), TODAY)
    account = account_of(vault)
    assert [(each.number, each.counts, each.corrected_by) for each in account.lines] == [
        (1, True, None),
        (2, False, 3),
        (3, True, None),
    ]
    assert account.whole == Total("", 105, 2, {"individual": 60, "group": 45}, 4)
    assert [(each.period, each.minutes, each.sessions) for each in account.years] == [("2026", 45, 3), ("2025", 60, 1)]
    assert [(each.period, each.minutes, each.sessions) for each in account.months] == [
        ("2026-05", 0, 1),
        ("2026-03", 45, 2),
        ("2025-12", 60, 1),
    ]
    assert account_of(vault, date(2026, 1, 1), date(2026, 4, 1)).whole == Total("", 45, 1, {"group": 45}, 2)
    correct_hours(vault, 3, read_hours(date(2026, 3, 20), 0, "group"), TODAY)
    assert account_of(vault).whole.minutes == 60
    assert vault.verify().problems == ()


def test_the_ratio_is_said_in_plain_figures(vault: Vault) -> None:
    def total(minutes: int, sessions: int) -> Total:
        return Total("2026", minutes, 1, {}, sessions)

    assert ratio_words(total(90, 12), None) == "12 session(s) held, 1 h 30 min of supervision; no ratio agreed yet"
    assert ratio_words(total(90, 12), 8).endswith(
        "agreed is 1 hour to 8 session(s), which makes 1 h 30 min: as agreed or more"
    )
    assert ratio_words(total(90, 13), 8).endswith("which makes 1 h 38 min: 8 min short of it")
    assert ratio_words(total(0, 0), 8).endswith("which makes 0 min: as agreed or more")
    assert set_ratio(vault, 6).sessions_per_hour == 6
    assert set_ratio(vault, None) == SupervisionLog()
    with pytest.raises(UsageError, match="1 to 200"):
        set_ratio(vault, 0)
    assert [time_words(each) for each in (0, 59, 60, 125)] == ["0 min", "59 min", "1 h 00 min", "2 h 05 min"]


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (lambda: read_hours(date(2026, 5, 17), 60), "still to come"),
        (lambda: read_hours(date(1026, 5, 17), 60), "look at the year"),
        (lambda: read_hours(TODAY, 0), "at least a minute"),
        (lambda: read_hours(TODAY, 1441), "1 to 1440"),
        (lambda: read_hours(TODAY, 60, "telephone"), "one of: individual"),
        (lambda: read_hours(TODAY, 60, supervisor="x" * 201), "at most 200"),
        (lambda: read_hours(TODAY, 60, clients=-1), "at most 500"),
        (lambda: read_hours(TODAY, 60, note="\ud800"), "broken characters"),
    ],
)
def test_a_line_that_cannot_be_is_refused(vault: Vault, hours: object, words: str) -> None:
    assert callable(hours)
    with pytest.raises(UsageError, match=words):
        add_hours(vault, hours(), TODAY)
    with pytest.raises(UsageError, match="named by a client's code"):
        add_hours(vault, read_hours(TODAY, 60, supervisor=add_client(vault).code.lower()), TODAY)
    with pytest.raises(UsageError, match="no line with that number"):
        correct_hours(vault, 1, read_hours(TODAY, 60), TODAY)
    assert vault.supervision_log() == SupervisionLog()


def test_a_log_that_was_altered_outside_is_not_added_up(vault: Vault, sealed: Sealed) -> None:
    add_hours(vault, read_hours(TODAY, 60), TODAY)
    vault.close()
    db = sealed.sqlcipher()
    db.execute("UPDATE setting SET body = replace(body, '60', '99') WHERE name = 'supervision_log'")
    db.close()
    again = sealed.open()
    with pytest.raises(ChainBrokenError):
        account_of(again)
    assert any("hours of supervision" in problem for problem in again.verify().problems)
    again.close()


@pytest.mark.parametrize("kind", HoursFormat)
def test_a_file_for_an_accreditation_body_names_no_client_and_overwrites_nothing(
    vault: Vault, tmp_path: Path, kind: HoursFormat
) -> None:
    client = add_client(vault, "SECRETCODE")
    add_note(vault, client, "Held.", date(2026, 3, 3))
    add_hours(vault, read_hours(date(2026, 3, 4), 60, supervisor="=cmd|' /C calc'!A0"), TODAY)
    add_hours(vault, read_hours(date(2026, 3, 5), 30, "peer", 'A "B", C', 2, "About SECRETCODE"), TODAY)
    correct_hours(vault, 2, read_hours(date(2026, 3, 5), 45, "peer", 'A "B", C', 2), TODAY)
    set_ratio(vault, 8)
    first_path = write_hours(vault, tmp_path, kind, TODAY)
    second = write_hours(vault, tmp_path, kind, TODAY)
    assert first_path != second
    text = first_path.read_text(encoding="utf-8")
    assert "SECRETCODE" not in text
    assert "1 h 45 min" in text or "105" in text or kind is HoursFormat.CSV
    assert [entry.event for entry in vault.log.entries()].count("export.made") == 2
    if kind is HoursFormat.CSV:
        rows = list(csv.DictReader(io.StringIO(text)))
        assert [(row["day"], row["minutes"], row["kind"], row["counts"]) for row in rows] == [
            ("2026-03-04", "60", "individual", "yes"),
            ("2026-03-05", "30", "peer", "no"),
            ("2026-03-05", "45", "peer", "yes"),
        ]
        assert rows[0]["supervisor"] == "'=cmd|' /C calc'!A0"
        assert rows[1]["supervisor"] == 'A "B", C'
    if kind is HoursFormat.JSON:
        told = json.loads(text)
        assert told["whole"] == {"minutes": 105, "times": 2, "by_kind": {"individual": 60, "peer": 45}, "sessions": 1}
        assert told["sessions_to_one_hour_agreed"] == 8
    with pytest.raises(ReportError, match="folder"):
        write_hours(vault, tmp_path / "missing", kind, TODAY)


days = st.dates(date(2020, 1, 1), TODAY)
entered = st.builds(
    SupervisionHours, day=days, minutes=st.integers(1, 600), kind=st.sampled_from(["individual", "group"])
)


@given(st.lists(entered, max_size=12), st.data())
def test_whatever_is_corrected_the_minutes_that_stand_are_those_of_the_last_line_of_each_run(
    hours: list[SupervisionHours], data: st.DataObject
) -> None:
    log, stands = list(hours), dict(enumerate(hours, start=1))
    for _ in range(data.draw(st.integers(0, 5)) if hours else 0):
        number = data.draw(st.sampled_from(sorted(stands)))
        del stands[number]
        line = data.draw(entered).model_copy(update={"corrects": number})
        log.append(line)
        stands[len(log)] = line
    lines = lines_of(SupervisionLog(hours=tuple(log)))
    assert len(lines) == len(log)
    assert {each.number: each.hours for each in lines if each.counts} == stands
    text = hours_file(Account(lines, (), (), Total("", 0, 0, {}, 0), None), HoursFormat.CSV, TODAY)
    assert len(text.splitlines()) == len(log) + 1
