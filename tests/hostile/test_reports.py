"""What leaves the vault: the report's bytes, in a real browser and against the names of those it is about."""

import html
import json
import re
import unicodedata
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from notekeeper.bootstrap import create_vault
from notekeeper.domain.client_file import FrontSheet
from notekeeper.domain.consent import Answer, Purpose
from notekeeper.domain.draft import Draft, Focus, Provenance, ReadAccount, Reflection, Theme
from notekeeper.domain.note import NotePart
from notekeeper.domain.review import Choice, Destination
from notekeeper.domain.risk import RiskEntry, RiskState
from notekeeper.domain.text import Evidence
from notekeeper.errors import ReportError
from notekeeper.reports.files import read_report
from notekeeper.reports.html import report_html
from notekeeper.reports.markdown import report_markdown
from notekeeper.reports.pdf import report_pdf
from notekeeper.reports.placing import write_files
from notekeeper.reports.signed import has_quotation
from notekeeper.reports.terminal import report_text
from notekeeper.services.addenda import add_addendum, keep_begun
from notekeeper.services.approving_files import KINDS, write
from notekeeper.services.consent import record_agreement
from notekeeper.services.follow_ups import add_follow_up, keep_begun_follow_up
from notekeeper.services.reporting import ReportChoices
from notekeeper.services.reviewing import FinishForm, OwnThemeForm, decide, finish
from notekeeper.services.signing import sign
from notekeeper.services.writing import add_note
from tests.forms import many
from tests.hostile.corpus import NOTES, THEME_NAMES
from tests.lines import Tally
from tests.reports.invented import CaseFile, item, report_json, sealed
from tests.reports.test_browser import look, page_at
from tests.reports.test_pdf import ACTING, keys
from tests.reports.written import approve_report, text_of_pdf, written_in
from tests.vault.invented import PASSPHRASE, SIGNER

DAY = date(2026, 3, 4)
FIRST = ("Quillemar", "Bexanthe", "Żołędna", "Sørhålm", "Tiernán", "Ondřejka")
LAST = ("Hrastnik", "Oxtobury", "Vandermolk", "D'Arquoise", "Ruy-Xaviér")
SHORT = {
    "Quillemar": "Quilly",
    "Bexanthe": "Bexxy",
    "Żołędna": "Żołka",
    "Sørhålm": "Sørry",
    "Tiernán": "Tiernie",
    "Ondřejka": "Ondřa",
}


def _plain(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text) if unicodedata.category(c) != "Mn")


def identifiers() -> list[str]:
    """Over five hundred ways to write who somebody is: names as they are inflected, shortened, spaced and set, numbers
    as they are grouped, dates, addresses."""
    found: list[str] = []
    for first in FIRST:
        for name in (first, SHORT[first]):
            found += [name, f"{name}'s", f"{name}’s", name.upper(), name.lower(), _plain(name), _plain(name).upper()]
            found += [" ".join(name), ".".join(name), unicodedata.normalize("NFD", name), f"{name[:4]}-{name[4:]}"]
        for last in LAST:
            found += [
                f"{first} {last}",
                f"{last}, {first}",
                f"{first[0]}. {last}",
                f"{first}\u00a0{last}",
                f"Ms {last}",
            ]
            found += [
                f"{last}s'",
                f"{first}{last}",
                f"{first.lower()}.{last.lower()}@inbox.invalid",
                f"{last.upper()} {first}",
            ]
            found += [f"{last[:-1]}", f"{_plain(first)} {last}".casefold(), f"Dr {first[0]} {last}"]
    for number in ("07700900461", "02079460852", "01632960733"):
        found += [
            number,
            f"{number[:5]} {number[5:8]} {number[8:]}",
            f"{number[:5]}-{number[5:]}",
            f"({number[:4]}) {number[4:]}",
        ]
        found += [f"+44 {number[1:5]} {number[5:]}", f"0044{number[1:]}", ".".join(number), f"+44(0){number[1:]}"]
    for number in ("9434765919", "4010232137"):
        found += [number, f"{number[:3]} {number[3:6]} {number[6:]}", f"{number[:3]}-{number[3:6]}-{number[6:]}"]
    for day, month, year, name in ((7, 9, 1961, "September"), (23, 11, 1984, "November"), (14, 2, 1973, "February")):
        found += [
            f"{day:02}/{month:02}/{year}",
            f"{day}.{month}.{year}",
            f"{day}/{month}/{year % 100}",
            f"{year}-{month:02}-{day:02}",
        ]
        found += [
            f"{day} {name} {year}",
            f"{name} {day}, {year}",
            f"{day}th {name[:3]} {year}",
            f"born {year}",
            f"{day:02}{month:02}{year}",
        ]
    for street in ("Marrowfinch Lane", "Wrennidge Row", "Plumstone Crescent"):
        for number in ("17", "4b", "Flat 2, 91"):
            found += [
                f"{number} {street}",
                f"{number} {street.split()[0]} {street.split()[1][:2]}.",
                f"{number}, {street}".upper(),
            ]
    for code in ("QX7 4ZB", "ZW19 8QJ"):
        found += [code, code.replace(" ", ""), code.lower(), code.replace(" ", "-")]
    for first in FIRST:
        for link in ("wife of", "son of", "mother of", "works with", "lives beside", "GP of"):
            found.append(f"{link} {first}")
    return list(dict.fromkeys(found))


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", html.unescape(text)).casefold()


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isdigit())


@pytest.mark.line(5)
def test_no_identifier_of_any_private_text_is_in_a_report(tmp_path: Path, tally: Tally) -> None:
    """Every variant stands in the note, the process notes, the front sheet, the risk entry, an item that was rejected,
    the evidence of one that was kept, an addendum and what was begun, some in the focus and the follow-ups; in the
    report's bytes none does."""
    every = identifiers()
    assert len(every) >= 500
    vault, _ = create_vault(tmp_path / "own.vault", PASSPHRASE)
    vault.set_signer(SIGNER)
    client = vault.clients.add("C014")
    for purpose in Purpose:
        record_agreement(vault, client, purpose, Answer.AGREED, how="asked")
    for start in range(0, len(every), 40):
        some = every[start : start + 40]
        text = "She spoke of " + "; of ".join(some) + ". Sleep is short."
        note, revision = add_note(vault, client, text, DAY)
        vault.notes.save(note.id, text, NotePart.PROCESS)
        cited = (Evidence(start=0, end=len(text), text=text),)
        vault.drafts.store(
            note.id,
            revision.id,
            Draft(
                focus=Focus(text=some[0], evidence=cited),
                themes=(
                    Theme(label="Short sleep", support=0.9, evidence=cited),
                    Theme(label=some[1][:80], support=0.5, evidence=cited),
                ),
                reflections=(Reflection(question=f"What of {some[2]}?", evidence=cited),),
                read=ReadAccount(sentences=2, windows=1),
                provenance=Provenance(app_version="0", model="tiny"),
            ),
        )
        decide(vault, note, "F", Choice.EDITED, text=f"Her {some[3]}")
        decide(vault, note, "T1", Choice.ACCEPTED)
        decide(vault, note, "T2", Choice.REJECTED)
        decide(vault, note, "R1", Choice.ACCEPTED, destination=Destination.RECORD)
        words = text[:3900]
        entry = RiskEntry(state=RiskState.ASKED_DISCLOSED, words=words, action=words, safeguarding=words)
        finish(vault, note, FinishForm(focus=f"{some[4]}", themes=(OwnThemeForm(label="Saying no"),), risk=entry), ())
        add_follow_up(vault, note, f"Ring {some[5]}", date(2999, 1, 1))
        sign(vault, client, note)
        add_addendum(vault, client, vault.notes.by_number(client.id, note.number), text, entry)
        keep_begun(vault, note, text)
        keep_begun_follow_up(vault, client, text[:300], "")
    private = "\n".join(every)
    vault.front_sheets.save(
        client.id, FrontSheet(emergency_contact=private, gp=private, safety_plan=private, contract=private)
    )
    approved = approve_report(vault, [(client, ReportChoices(supervision=True, question="Where am I stuck?"))])
    made, paths = approved.prepared.document, write(vault, approved, tmp_path, KINDS)
    written = [written_in(path) for path in paths.values()]
    vault.close()
    assert len(written) == 4
    assert all("Saying no" in each for each in written)
    missed = told_in([*written, report_text(made)], every)
    tally.add(len(every), len(every) - len(missed))
    assert missed == []


def told_in(pages: list[str], variants: list[str]) -> list[str]:
    """The variants that stand in one of the pages; case, form of letters and grouping of digits make no difference."""
    given = [*pages, *(json.dumps(json.loads(page), ensure_ascii=False) for page in pages if page.startswith("{"))]
    forms = [_folded(page) for page in given]
    numbers = [_digits(page) for page in forms]
    found = []
    for variant in variants:
        folded, digits = _folded(variant), _digits(variant)
        many_digits = len(digits) >= 9 and any(digits in page for page in numbers)
        found += [variant] if many_digits or any(folded in page for page in forms) else []
    return found


def test_the_search_for_identifiers_would_find_one() -> None:
    """The words about breaks are the one text of the front sheet that is meant for the report."""
    case = CaseFile()
    case.session(item("theme", "Saying no"))
    for variant in identifiers()[::25]:
        report = case.report(sheet=FrontSheet(breaks=f"Away, says {variant}."))
        for page in (report_json(report), report_html(report), text_of_pdf(report_pdf(report))):
            assert variant in told_in([" ".join(page.split())], identifiers())


def hostile_case() -> CaseFile:
    """A client's file whose themes and risk entries are all hostile."""
    case = CaseFile()
    pieces = [note.piece for note in NOTES if len(note.piece) < 1500]
    for number, name in enumerate(THEME_NAMES):
        some = pieces[number :: len(THEME_NAMES)]
        words = "\n".join(some)[:4000]
        risk = RiskEntry(state=RiskState.ASKED_DISCLOSED, words=words, action=words, safeguarding=words)
        reflection = "".join(c for c in some[0] if not has_quotation(c))
        case.session(
            item("theme", name), item("reflection", reflection, destination=Destination.SUPERVISION), risk=risk
        )
    return case


@pytest.mark.line(23)
def test_a_browser_runs_loads_and_says_nothing(tmp_path: Path, tally: Tally) -> None:
    pieces = "\n".join(note.piece for note in NOTES if len(note.piece) < 1500)
    made = hostile_case().report(include_risk=True, include_supervision=True, question=pieces[:600])
    seen = look(page_at(tmp_path, report_html(made)), tmp_path)
    well = not seen.console and not seen.requests and "owned" not in seen.dom.split("</title>")[0]
    tally.add(len(NOTES), len(NOTES) if well else 0)
    assert (seen.console, seen.requests) == ([], set())
    dom = seen.dom.casefold()
    for tag in ("<script", "<img", "<iframe", '<meta http-equiv="refresh', "<base", "<form", "<input"):
        assert tag not in dom
    assert dom.count("<a ") == dom.count('<a class="skip" href="#report">') == 1
    assert "{{ 7*7 }}" in seen.dom


@pytest.mark.line(23)
def test_a_pdf_and_a_text_for_markdown_hold_it_all_as_text(tally: Tally) -> None:
    pieces = "\n".join(note.piece for note in NOTES if len(note.piece) < 1500)
    for start in range(0, min(len(pieces), 600 * many(6, 40)), 600):
        made = hostile_case().report(include_risk=True, include_supervision=True, question=pieces[start : start + 600])
        raw = report_pdf(made)
        tally.add(1, int(not set(ACTING) & keys(raw)))
        assert not set(ACTING) & keys(raw)
        assert THEME_NAMES[0].split()[0] in text_of_pdf(raw)
        outside = [line for line in report_markdown(made).splitlines() if re.match(r"\s*(<|```|~~~|!\[|\[)", line)]
        assert outside == []


@pytest.mark.line(6)
def test_the_bytes_written_are_those_of_the_report_approved(tmp_path: Path, tally: Tally) -> None:
    """What is shown before writing, what is written and what is read back are one report, hostile texts and all."""
    for number in range(many(6, 40)):
        made = hostile_case().report(
            include_risk=bool(number % 2), include_supervision=True, question=NOTES[number].piece[:600]
        )
        files = sealed(made)
        written = write_files(made, files, tmp_path)
        again = read_report(written["json"]).document
        well = {ending: path.read_bytes() for ending, path in written.items()} == files == sealed(again)
        well = well and again == made and report_text(again, 80) == report_text(made, 80)
        tally.add(1, int(well))
        assert well


@pytest.mark.line(6)
def test_a_report_file_changed_in_its_form_is_refused(tmp_path: Path, tally: Tally) -> None:
    """Every cut, every doubled, renamed or missing field, every value of another kind: refused, with nothing shown."""
    good = report_json(hostile_case().report(include_risk=True)).encode()
    fields = json.loads(good)
    changed = [good[:cut] for cut in range(0, len(good) - 2, max(1, len(good) // many(60, 600)))]
    changed += [
        good.replace(b'"risk"', b'"risk": {}, "risk"', 1),
        b"[" + good + b"]",
        good + b"{}",
        good.replace(b"{", b"{{", 1),
    ]
    kinds: tuple[Any, ...] = ({"a": 1}, 10**400, [[]], 1.5)
    for name in fields:
        changed += [json.dumps({**fields, name: value}).encode() for value in kinds]
        changed.append(json.dumps({**fields, f"{name} ": fields[name]}).encode())
    for name in ("pages", "therapist", "made_at", "identifiability", "seal", "format"):
        changed.append(json.dumps({key: value for key, value in fields.items() if key != name}).encode())
    path = tmp_path / "changed.json"
    for raw in changed:
        path.write_bytes(raw)
        try:
            read_report(path)
        except ReportError as error:
            refused = SIGNER.name not in str(error)
        else:
            refused = False
        tally.add(1, int(refused))
        assert refused, raw[-80:]
