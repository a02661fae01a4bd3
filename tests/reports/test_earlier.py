"""Reports that earlier releases wrote: the files stored here are theirs, byte for byte."""

import json
from pathlib import Path

import pytest

from notekeeper.domain.report import RISK_NOT_INCLUDED, ReportDocument
from notekeeper.errors import ReportError
from notekeeper.reports.files import check_beside, opened, read_report
from notekeeper.reports.render import render
from notekeeper.reports.terminal import report_text

from .invented import RISK_WORDS, report_json

STORED = Path(__file__).parent / "stored"


@pytest.mark.parametrize("version", [1, 2])
def test_a_report_of_an_earlier_release_is_read_whole_and_has_no_seal(version: int) -> None:
    path = STORED / f"version-{version}.json"
    found = read_report(path)
    written = json.loads(path.read_bytes())
    (page,) = found.document.pages
    assert (found.version, found.seal, check_beside(path, found)) == (version, None, {})
    shown = page.model_dump(mode="json")
    for name in ("client_code", "period_from", "question", "course", "coverage", "themes", "supervision", "questions"):
        assert shown[name] == written[name], name
    assert [entry.words for entry in page.risk.entries] == [entry["words"] for entry in written["risk"]["entries"]]
    assert (found.document.therapist, found.document.log_head) == (written["signed_by"], written["log_head"])
    text = report_text(found.document, 200)
    for words in ("She counted tablets on Tuesday.", "Session: 3 of 12.", "2 of 3 sessions; 2 not included", "Pace?"):
        assert words in text
    assert ("Suicide: Asked – disclosed" in text) == (version == 2)
    assert ("Not recorded by kind" in text) or version == 2


@pytest.mark.parametrize("version", [1, 2])
def test_a_quiet_one_opens_with_not_included_in_every_form_it_is_shown_in(version: int) -> None:
    document = read_report(STORED / f"version-{version}-quiet.json").document
    rendered = render(document)
    for form in (report_text(document), rendered["html"].decode(), rendered["md"].decode()):
        assert RISK_NOT_INCLUDED in form
        assert not [word for word in RISK_WORDS if word in form.lower()]


@pytest.mark.parametrize("version", [1, 2])
def test_one_that_was_changed_in_its_form_is_refused(version: int) -> None:
    fields = json.loads((STORED / f"version-{version}.json").read_bytes())
    seal = {"files": {}, "public_key": "ab" * 32, "signature": "ab" * 64}
    unquiet = {**fields["risk"], "included": False}
    changes: list[dict[str, object]] = [
        {"seal": seal},
        {"themes": 3},
        {"pages": []},
        {"risk": unquiet},
        {"format_version": 3},
    ]
    for changed in changes:
        with pytest.raises(ReportError):
            opened(json.dumps({**fields, **changed}).encode())


def test_one_that_was_read_can_be_written_anew_as_it_would_be_now() -> None:
    document = read_report(STORED / "version-2.json").document
    assert isinstance(document, ReportDocument)
    assert opened(report_json(document).encode()).document == document
