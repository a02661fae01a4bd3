"""Report files: never over another file, private, and read back with suspicion."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notekeeper.domain.report import ReportDocument
from notekeeper.errors import ReportError
from notekeeper.reports.files import MAX_REPORT_BYTES, Beside, check_beside, opened, read_report
from notekeeper.reports.placing import ENDINGS, write_files
from notekeeper.reports.schema import report_schema

from .invented import DISCLOSED, CaseFile, document, item, report_json, sealed
from .ordinary import ordinary_page

DOCS = Path(__file__).parents[2] / "docs"
SECRET = "CANARY-VALUE"


@pytest.fixture(scope="module")
def report() -> ReportDocument:
    case = CaseFile()
    case.session(item("theme", "Saying no", code="boundaries"), risk=DISCLOSED)
    return case.report(include_risk=True)


@pytest.fixture(scope="module")
def files(report: ReportDocument) -> dict[str, bytes]:
    return sealed(report)


def test_what_is_written_is_read_back_and_never_overwritten(
    report: ReportDocument, files: dict[str, bytes], tmp_path: Path
) -> None:
    first = write_files(report, files, tmp_path)
    assert [p.name for p in first.values()] == [f"report_C014_2026-01-05_2027-03-01.{kind}" for kind in ENDINGS]
    second = write_files(report, files, tmp_path)
    assert [p.name for p in second.values()] == [f"report_C014_2026-01-05_2027-03-01_2.{kind}" for kind in ENDINGS]
    assert {ending: path.read_bytes() for ending, path in first.items()} == files
    found = read_report(second["json"])
    assert (found.document, found.version) == (report, 3)
    assert set(check_beside(second["json"], found).values()) == {Beside.AS_SEALED}
    assert len(list(tmp_path.iterdir())) == 8


def test_a_report_of_several_clients_names_each_in_its_file(tmp_path: Path) -> None:
    several = document(*(ordinary_page(code) for code in ("C014", "K-7")))
    written = write_files(several, {"json": b"{}"}, tmp_path)
    assert written["json"].name == "report_C014_K-7_2026-01-05_2026-05-25.json"


def test_a_taken_name_moves_all_files(report: ReportDocument, files: dict[str, bytes], tmp_path: Path) -> None:
    (tmp_path / "for hour.v2.pdf").write_text("mine")
    written = write_files(report, files, tmp_path / "for hour.v2.json")
    assert [p.name for p in written.values()] == [f"for hour.v2_2.{ending}" for ending in ENDINGS]
    assert (tmp_path / "for hour.v2.pdf").read_text() == "mine"
    assert len(list(tmp_path.iterdir())) == 5


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps no owner-only mode bits")
def test_files_are_for_their_owner_alone(report: ReportDocument, files: dict[str, bytes], tmp_path: Path) -> None:
    assert {p.stat().st_mode & 0o777 for p in write_files(report, files, tmp_path).values()} == {0o600}


@given(codes=st.lists(st.text(max_size=40), min_size=1, max_size=4))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_a_file_name_is_safe_whatever_the_code(report: ReportDocument, tmp_path: Path, codes: list[str]) -> None:
    pages = tuple(report.pages[0].model_copy(update={"client_code": code}) for code in codes)
    for path in write_files(report.model_copy(update={"pages": pages}), {"json": b"{}"}, tmp_path).values():
        assert path.parent == tmp_path
        assert len(path.name) < 200
        assert set(path.name) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.")
        path.unlink()


def test_a_failed_write_leaves_nothing_behind(
    report: ReportDocument, files: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ReportError, match="No space left on device"):
        write_files(report, files, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_said(report: ReportDocument, files: dict[str, bytes], tmp_path: Path) -> None:
    with pytest.raises(ReportError, match="does not exist"):
        write_files(report, files, tmp_path / "nowhere" / "report")


def test_what_lies_beside_is_held_against_the_seal(
    report: ReportDocument, files: dict[str, bytes], tmp_path: Path
) -> None:
    written = write_files(report, files, tmp_path / "one")
    found = read_report(written["json"])
    written["html"].write_bytes(files["html"].replace(b"<h1>", b"<h1 >", 1))
    written["pdf"].unlink()
    assert check_beside(written["json"], found) == {
        "html": Beside.CHANGED,
        "md": Beside.AS_SEALED,
        "pdf": Beside.MISSING,
    }
    (tmp_path / "elsewhere.pdf").write_bytes(files["pdf"])
    written["pdf"].symlink_to(tmp_path / "elsewhere.pdf")
    assert check_beside(written["json"], found)["pdf"] is Beside.CHANGED


def changes(raw: bytes) -> Iterator[bytes]:
    """Every byte changed to one that is close: by case for letters, by one elsewhere; a byte more and a byte less at
    every place."""
    for place, byte in enumerate(raw):
        other = byte ^ 0x20 if chr(byte).isalpha() else byte ^ 1
        yield raw[:place] + bytes([other]) + raw[place + 1 :]
        yield raw[:place] + raw[place + 1 :]
        yield raw[:place] + b" " + raw[place:]
    yield raw + b"\n"


@pytest.mark.line(6)
def test_any_byte_changed_anywhere_is_refused(files: dict[str, bytes]) -> None:
    opened(files["json"])
    for changed in changes(files["json"]):
        with pytest.raises(ReportError):
            opened(changed)


def test_a_form_that_means_the_same_is_refused(files: dict[str, bytes]) -> None:
    fields = json.loads(files["json"])
    upper = {**fields["seal"], "signature": fields["seal"]["signature"].upper()}
    same = [
        json.dumps(fields).encode() + b"\n",
        json.dumps(fields, indent=2, sort_keys=True).encode() + b"\n",
        files["json"].replace(b"\n", b"\r\n"),
        files["json"].replace(b"theme-report", b"theme\\u002dreport"),
        json.dumps({**fields, "seal": upper}, indent=2).encode() + b"\n",
        b"\xef\xbb\xbf" + files["json"],
    ]
    for raw in same:
        with pytest.raises(ReportError):
            opened(raw)
    assert json.dumps(fields, indent=2).encode() + b"\n" == files["json"]


def test_a_seal_is_of_its_own_document_and_of_no_other(files: dict[str, bytes]) -> None:
    other = CaseFile()
    other.session(item("theme", "Saying yes"))
    fields, others = json.loads(files["json"]), json.loads(report_json(other.report()))
    for swapped in (
        {**fields, "seal": others["seal"]},
        {**fields, "seal": {**fields["seal"], "files": others["seal"]["files"]}},
        {**fields, "seal": {**fields["seal"], "public_key": "ab" * 32}},
    ):
        with pytest.raises(ReportError, match="seal"):
            opened(json.dumps(swapped, indent=2).encode() + b"\n")
    without = {name: fields[name] for name in fields if name != "seal"}
    with pytest.raises(ReportError, match="its part seal is missing"):
        opened(json.dumps(without, indent=2).encode() + b"\n")


def _change(report: ReportDocument, **changed: Any) -> str:
    return json.dumps({**json.loads(report_json(report)), **changed}, indent=2) + "\n"


@pytest.mark.line(6)
def test_files_that_are_no_report_are_refused_without_repeating_them(report: ReportDocument, tmp_path: Path) -> None:
    good = report_json(report)
    page = json.loads(good)["pages"][0]
    cases: dict[str, tuple[str | bytes, str]] = {
        "empty": ("", "not a notekeeper report"),
        "no text": (b"\xff\xfe\x00", "not a notekeeper report"),
        "a list": (f'["{SECRET}"]', "not a notekeeper report"),
        "another format": (_change(report, format=SECRET), "not a notekeeper report"),
        "newer": (_change(report, format_version=4), "does not know"),
        "version as words": (_change(report, format_version="3"), "does not know"),
        "version as yes": (_change(report, format_version=True), "does not know"),
        "twice": (good.replace('"themes"', f'"question": "{SECRET}", "themes"'), "damaged"),
        "deep": ("[" * 200_000, "damaged"),
        "cut": (good[: len(good) // 2], "damaged"),
        "unknown part": (_change(report, **{SECRET: 1}), "a part of it is"),
        "wrong kind": (_change(report, therapist=7), "its part therapist is"),
        "no page": (_change(report, pages=[]), "its part pages is"),
        "five pages": (_change(report, pages=[page] * 5), "its part pages is"),
        "number as words": (_change(report, pages=[{**page, "course": {"session": "3"}}]), "its part pages is"),
        "changed": (_change(report, therapist=SECRET), "changed after it was sealed"),
        "another form": (json.dumps(json.loads(good)), "if only a space"),
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


def test_a_sealed_report_that_contradicts_itself_is_refused(report: ReportDocument) -> None:
    page = report.pages[0]
    silent = page.risk.model_copy(update={"included": False})
    with pytest.raises(ReportError, match="contradicts itself"):
        opened(report_json(document(page.model_copy(update={"risk": silent}))).encode())
    twice = report.model_copy(update={"pages": (page, page)})
    with pytest.raises(ReportError, match="two pages for one client"):
        opened(report_json(twice).encode())


def test_the_other_files_and_missing_ones_are_answered_with_what_to_do(
    report: ReportDocument, files: dict[str, bytes], tmp_path: Path
) -> None:
    written = write_files(report, files, tmp_path)
    for ending in ("html", "md", "pdf"):
        with pytest.raises(ReportError, match=r"browse the \.json file"):
            read_report(written[ending])
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


def test_the_published_schema_is_current(report: ReportDocument) -> None:
    published = (DOCS / "report.schema.json").read_text(encoding="utf-8")
    assert published == report_schema(), "run: python -m notekeeper.reports.schema > docs/report.schema.json"
    schema = json.loads(published)
    assert set(schema["properties"]) == set(json.loads(report_json(report)))
    assert schema["additionalProperties"] is False


def test_the_seal_is_checked_without_this_program_as_the_documents_say(files: dict[str, bytes], tmp_path: Path) -> None:
    (tmp_path / "report.json").write_bytes(files["json"])
    told = (DOCS / "file-formats.md").read_text(encoding="utf-8").split("**Seal.**")[1].split("```")[1]
    for name, code in (("as sent", 0), ("changed", 1)):
        run = subprocess.run([sys.executable, "-c", told], cwd=tmp_path, capture_output=True, check=False)
        assert run.returncode == code, name
        changed = files["json"].replace(b"Saying no", b"Saying yo")
        (tmp_path / "report.json").write_bytes(changed)
