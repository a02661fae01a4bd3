"""Report files: never over another file, private, and read back with suspicion."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notekeeper.domain.report import ThemeReport
from notekeeper.errors import ReportError
from notekeeper.reports.files import MAX_REPORT_BYTES, read_report, report_json, write_report
from notekeeper.reports.schema import report_schema
from notekeeper.reports.terminal import report_text

from .invented import DISCLOSED, CaseFile, item

DOCS = Path(__file__).parents[2] / "docs"
SECRET = "CANARY-VALUE"


@pytest.fixture
def report() -> ThemeReport:
    case = CaseFile()
    case.session(item("theme", "Saying no", code="boundaries"), risk=DISCLOSED)
    return case.report(include_risk=True)


def test_what_is_written_is_read_back_and_never_overwritten(report: ThemeReport, tmp_path: Path) -> None:
    first = write_report(report, tmp_path)
    assert [p.name for p in first] == [f"report_C014_2026-01-05_2027-03-01.{kind}" for kind in ("json", "html")]
    before = [p.read_bytes() for p in first]
    second = write_report(report, tmp_path)
    assert [p.name for p in second] == [f"report_C014_2026-01-05_2027-03-01_2.{kind}" for kind in ("json", "html")]
    assert [p.read_bytes() for p in first] == before
    assert read_report(second[0]) == report
    assert len(list(tmp_path.iterdir())) == 4


def test_a_taken_html_name_moves_both_files(report: ThemeReport, tmp_path: Path) -> None:
    (tmp_path / "for hour.v2.html").write_text("mine")
    written = write_report(report, tmp_path / "for hour.v2.json")
    assert [p.name for p in written] == ["for hour.v2_2.json", "for hour.v2_2.html"]
    assert (tmp_path / "for hour.v2.html").read_text() == "mine"
    assert len(list(tmp_path.iterdir())) == 3


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps no owner-only mode bits")
def test_files_are_for_their_owner_alone(report: ThemeReport, tmp_path: Path) -> None:
    assert {p.stat().st_mode & 0o777 for p in write_report(report, tmp_path)} == {0o600}


@given(code=st.text(max_size=40))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_a_file_name_is_safe_whatever_the_code(report: ThemeReport, tmp_path: Path, code: str) -> None:
    written = write_report(report.model_copy(update={"client_code": code}), tmp_path)
    for path in written:
        assert path.parent == tmp_path
        assert set(path.name) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.")
        path.unlink()


def test_a_failed_write_leaves_nothing_behind(
    report: ThemeReport, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ReportError, match="No space left on device"):
        write_report(report, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_said(report: ThemeReport, tmp_path: Path) -> None:
    with pytest.raises(ReportError, match="does not exist"):
        write_report(report, tmp_path / "nowhere" / "report")


def _change(report: ThemeReport, **changes: Any) -> str:
    return json.dumps({**json.loads(report_json(report)), **changes})


def test_a_report_of_the_version_before_is_read_and_its_kinds_of_risk_are_not_recorded(
    report: ThemeReport, tmp_path: Path
) -> None:
    fields = json.loads(report_json(report))
    later = ("kinds", "protective", "told", "safeguarding_child", "safeguarding_adult")
    entries = [{name: entry[name] for name in entry if name not in later} for entry in fields["risk"]["entries"]]
    earlier = {**fields, "format_version": 1, "risk": {**fields["risk"], "entries": entries}}
    path = tmp_path / "earlier.json"
    path.write_text(json.dumps(earlier), encoding="ascii")
    read = read_report(path)
    assert [entry.words for entry in read.risk.entries] == [entry.words for entry in report.risk.entries]
    assert "Not recorded by kind" in report_text(read)


@pytest.mark.line(6)
def test_files_that_are_no_report_are_refused_without_repeating_them(report: ThemeReport, tmp_path: Path) -> None:
    good = report_json(report)
    cases: dict[str, tuple[str | bytes, str]] = {
        "empty": ("", "not a notekeeper report"),
        "no text": (b"\xff\xfe\x00", "not a notekeeper report"),
        "a list": (f'["{SECRET}"]', "not a notekeeper report"),
        "another format": (_change(report, format=SECRET), "not a notekeeper report"),
        "newer": (_change(report, format_version=3), "does not know"),
        "version as words": (_change(report, format_version="1"), "does not know"),
        "version as yes": (_change(report, format_version=True), "does not know"),
        "twice": (good.replace('"themes"', f'"question": "{SECRET}", "themes"'), "damaged"),
        "deep": ("[" * 200_000, "damaged"),
        "cut": (good[: len(good) // 2], "damaged"),
        "unknown part": (_change(report, **{SECRET: 1}), "a part of it is"),
        "wrong kind": (_change(report, demonstration=SECRET), "its part demonstration is"),
        "number as words": (_change(report, course={"session": "3", "held": 1}), "its part course is"),
        "wrong risk": (_change(report, risk={"included": False, "last_asked": "2026-01-05"}), "contradicts itself"),
        "large": (good + " " * MAX_REPORT_BYTES, "larger than 5 MB"),
    }
    for name, (content, sentence) in cases.items():
        path = tmp_path / "x.json"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        with pytest.raises(ReportError) as refused:
            read_report(path)
        assert sentence in str(refused.value), name
        assert SECRET not in str(refused.value), name
        assert refused.value.__cause__ is None, name


def test_the_html_and_missing_files_are_answered_with_what_to_do(report: ThemeReport, tmp_path: Path) -> None:
    _, html = write_report(report, tmp_path)
    with pytest.raises(ReportError, match=r"browse the \.json file"):
        read_report(html)
    for path in (tmp_path, tmp_path / "none.json"):
        with pytest.raises(ReportError, match="no such report file"):
            read_report(path)


@pytest.mark.line(6)
@given(st.binary(max_size=200))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_bytes_are_a_report_or_a_report_error(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "any.json"
    path.write_bytes(content)
    with pytest.raises(ReportError):
        read_report(path)


def test_the_published_schema_is_current(report: ThemeReport) -> None:
    published = (DOCS / "report.schema.json").read_text(encoding="utf-8")
    assert published == report_schema(), "run: python -m notekeeper.reports.schema > docs/report.schema.json"
    schema = json.loads(published)
    assert set(schema["properties"]) == set(json.loads(report_json(report)))
    assert schema["additionalProperties"] is False
