"""What the caseload, the Monday list and the front sheet are computed from, on a real vault."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notekeeper.domain.client_file import MAX_FIELD, FrontSheet
from notekeeper.domain.note import NoteFormat, NoteKind
from notekeeper.domain.review import OwnTheme, OwnView, conclude
from notekeeper.domain.risk import RiskEntry, RiskState
from notekeeper.domain.supervision import Flaggable
from notekeeper.domain.vault import Vault
from notekeeper.errors import ChainBrokenError, UsageError
from notekeeper.services.caseload import ToDo, caseload, ending_of, monday
from notekeeper.services.front_sheet import (
    FrontSheetForm,
    form_of,
    keep_sheet,
    open_file,
    read_sheet,
    read_sheet_json,
    save_sheet,
)
from notekeeper.services.supervision_flags import Target, add_flag, end_flag
from notekeeper.vault.connection import Connection
from tests.vault.invented import AT, SIGNER, add_client, add_note, drafted, review_of, sign_without_ai

TODAY = date(2026, 3, 10)
# No lone surrogates and no control characters at the ends, which stripping would take.
TEXT = st.text(st.characters(codec="utf-8"), max_size=60).map(str.strip)
SHEETS = st.builds(
    FrontSheet,
    emergency_contact=TEXT,
    gp=TEXT,
    safety_plan=TEXT,
    contract=TEXT,
    sessions_planned=st.none() | st.integers(1, 2000),
    breaks=TEXT,
    ending=st.none() | st.dates(),
)


def fill(vault: Vault, clients: int) -> None:
    for number in range(clients):
        client = add_client(vault, f"C{number:03}")
        sign_without_ai(vault, add_note(vault, client, "signed"))
        add_note(vault, client, "open")
        vault.front_sheets.save(client.id, FrontSheet(sessions_planned=12))
        vault.follow_ups.add(client.id, "ring", TODAY)


def test_the_vault_is_asked_nine_times_however_large_the_caseload(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    rows = Connection.rows

    def counted(self: Connection, sql: str, values: object = ()) -> list[tuple[object, ...]]:
        asked.append(sql)
        return rows(self, sql, values)  # type: ignore[arg-type]

    fill(vault, 7)
    monkeypatch.setattr(Connection, "rows", counted)
    assert len(caseload(vault, TODAY)) == 7
    assert len(asked) == 9


def test_a_row_counts_what_is_still_to_do(vault: Vault) -> None:
    client, quiet = add_client(vault), add_client(vault, "A001")
    sign_without_ai(vault, add_note(vault, client, "signed, not asked"))
    open_note = add_note(vault, client, "open")
    vault.reviews.set_risk(open_note.id, RiskEntry(state=RiskState.NOT_RECORDED))
    waiting, _ = drafted(vault, client, "drafted")
    changed, _ = drafted(vault, client, "drafted, then changed")
    vault.notes.save(changed.id, "the new text")
    letter = vault.notes.add(client.id, kind=NoteKind.LETTER, format=NoteFormat.FREE, date=TODAY)

    none, row = caseload(vault, TODAY)
    assert (none.client, none.held, none.last, none.count) == (quiet, 0, None, "0")
    assert (row.client, row.held, row.planned, row.count) == (client, 4, None, "4")
    assert row.last == open_note.date
    assert [note.id for note in row.unfinished] == [open_note.id, changed.id, letter.id]
    assert [note.id for note in row.to_review] == [waiting.id]
    assert [note.id for note in row.risk_not_recorded] == [open_note.id, waiting.id, changed.id]


def test_a_signed_session_counts_as_not_recorded_only_when_it_says_so(vault: Vault) -> None:
    client = add_client(vault)
    sign_without_ai(vault, add_note(vault, client, "not asked"))
    assert monday(caseload(vault, TODAY)) == []
    note = add_note(vault, client, "not recorded")
    vault.reviews.set_own(note.id, OwnView(focus="own focus", themes=(OwnTheme(label="own theme"),)))
    vault.reviews.set_risk(note.id, RiskEntry(state=RiskState.NOT_RECORDED))
    vault.signoffs.sign(conclude(review_of(vault, note), SIGNER, AT))
    (line,) = monday(caseload(vault, TODAY))
    assert (line.todo, line.words) == (ToDo.RISK_NOT_RECORDED, "in 1 of 2 session(s): note 2")
    assert line.note == vault.notes.by_number(client.id, 2)


@pytest.mark.parametrize(
    ("sheet", "held", "near", "short"),
    [
        (FrontSheet(), 400, False, ""),
        (FrontSheet(ending=TODAY), 0, True, "today"),
        (FrontSheet(ending=TODAY + timedelta(days=1)), 0, True, "1 day"),
        (FrontSheet(ending=TODAY + timedelta(days=28)), 0, True, "28 days"),
        (FrontSheet(ending=TODAY + timedelta(days=29)), 0, False, "2026-04-08"),
        (FrontSheet(ending=TODAY - timedelta(days=1), sessions_planned=3), 3, False, "passed"),
        (FrontSheet(sessions_planned=12), 9, False, ""),
        (FrontSheet(sessions_planned=12), 10, True, "2 left"),
        (FrontSheet(sessions_planned=12), 12, True, "0 left"),
        (FrontSheet(sessions_planned=12), 14, True, "2 over"),
        (FrontSheet(sessions_planned=12, ending=TODAY + timedelta(days=90)), 11, True, "1 left"),
    ],
)
def test_who_is_near_the_ending(sheet: FrontSheet, held: int, near: bool, short: str) -> None:
    ending = ending_of(sheet, held, TODAY)
    assert (ending.near, ending.short) == (near, short)
    assert bool(ending.words) == bool(short)


def test_the_monday_list_leads_to_each_place(vault: Vault) -> None:
    client = add_client(vault)
    for day in (1, 2, 4):
        vault.notes.add(client.id, kind=NoteKind.SESSION, format=NoteFormat.FREE, date=date(2026, 3, day))
    letter = vault.notes.add(client.id, kind=NoteKind.LETTER, format=NoteFormat.FREE, date=TODAY)
    vault.notes.add(client.id, kind=NoteKind.SESSION, format=NoteFormat.FREE, date=TODAY)
    vault.front_sheets.save(client.id, FrontSheet(sessions_planned=5))
    lines = monday(caseload(vault, TODAY))
    assert [line.todo for line in lines] == [*[ToDo.UNFINISHED] * 5, ToDo.RISK_NOT_RECORDED, ToDo.NEAR_ENDING]
    assert lines[3].note == letter
    assert lines[3].words == "note 4, letter, 2026-03-10"
    assert (lines[5].note, lines[5].words) == (None, "in 4 of 4 session(s): note 1–3, 5")
    assert lines[6].words == "session 4 of 5. 1 planned session(s) left."


@given(SHEETS)
def test_a_sheet_goes_through_its_form_and_through_json_unchanged(sheet: FrontSheet) -> None:
    assert read_sheet(form_of(sheet)) == sheet
    assert read_sheet_json(sheet.model_dump_json()) == sheet


@pytest.mark.parametrize(
    ("form", "named"),
    [
        (FrontSheetForm(sessions_planned="twelve"), "Sessions planned"),
        (FrontSheetForm(sessions_planned="0"), "Sessions planned"),
        (FrontSheetForm(sessions_planned="٣"), "Sessions planned"),
        (FrontSheetForm(sessions_planned="9" * 5000), "Sessions planned"),
        (FrontSheetForm(ending="3 May"), "ending date"),
        (FrontSheetForm(gp="secretword" * MAX_FIELD), "GP"),
    ],
)
def test_a_field_that_cannot_be_read_is_named_and_never_repeated(form: FrontSheetForm, named: str) -> None:
    with pytest.raises(UsageError, match=named) as refusal:
        read_sheet(form)
    assert "secretword" not in str(refusal.value)
    assert "3 May" not in str(refusal.value)


@pytest.mark.parametrize("text", ["", "[]", '{"gp": 3}', '{"secretword": "x"}', '{"ending": "secretword"}'])
def test_json_that_is_no_sheet_is_refused_without_its_words(text: str) -> None:
    with pytest.raises(UsageError) as refusal:
        read_sheet_json(text)
    assert "secretword" not in str(refusal.value)


def test_with_no_time_to_ask_what_cannot_be_read_is_kept_as_words(vault: Vault) -> None:
    client = add_client(vault)
    save_sheet(vault, client, FrontSheetForm(sessions_planned="12", ending="2026-05-03"))
    keep_sheet(vault, client, FrontSheetForm(gp="Surgery", breaks="August", sessions_planned="1x", ending="2026-0"))
    sheet = vault.front_sheets.current(client.id)
    assert (sheet.gp, sheet.sessions_planned, sheet.ending) == ("Surgery", 12, date(2026, 5, 3))
    assert sheet.breaks.splitlines() == ["August", "Sessions planned, as typed: 1x", "Ending date, as typed: 2026-0"]


def test_a_file_opens_with_its_last_session_and_the_plan_in_it(vault: Vault) -> None:
    client = add_client(vault)
    assert open_file(vault, client).last is None
    sign_without_ai(vault, add_note(vault, client, "S: Slept badly."), label="sleep")
    last = add_note(vault, client, "Subjective: Slept better.\nPlan: Walk on Sundays.\n- Ring the surgery.")
    file = open_file(vault, client)
    assert (file.held, file.last, file.trouble) == (2, last, "")
    assert file.tasks == ("Walk on Sundays.", "Ring the surgery.")
    assert file.signed is not None
    assert [item.text for item in file.signed.body.items if item.kind == "theme"] == ["sleep"]


def test_a_safety_plan_is_shown_even_when_a_sign_off_was_altered(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    def altered(_: str) -> None:
        raise ChainBrokenError("What was signed does not match the log.")

    client = add_client(vault)
    save_sheet(vault, client, FrontSheetForm(safety_plan="Crisis line"))
    sign_without_ai(vault, add_note(vault, client, "signed"))
    monkeypatch.setattr(vault.signoffs, "of_note", altered)
    file = open_file(vault, client)
    assert (file.sheet.safety_plan, file.signed) == ("Crisis line", None)
    assert "does not match" in file.trouble


def test_flags_for_supervision_stand_on_the_list_as_a_count_and_in_the_file_with_their_words(vault: Vault) -> None:
    client = add_client(vault)
    note = add_note(vault, client, "open")
    for target in (Target("file", Flaggable.FILE, ""), Target("note:1", Flaggable.NOTE, "note 1", note.id, (note.id,))):
        add_flag(vault, client, target, "Stuckword")
    rows = caseload(vault, TODAY)
    (line,) = [each for each in monday(rows) if each.todo is ToDo.FLAGS]
    day = rows[0].flags[0].day
    assert (line.words, line.note) == (f"2 flag(s), the oldest of {day}", None)
    assert [each.flag.why for each in open_file(vault, client).flags] == ["Stuckword"] * 2
    for number in (1, 2):
        end_flag(vault, client, number, day, discussed=True)
    assert [each for each in monday(caseload(vault, TODAY)) if each.todo is ToDo.FLAGS] == []
    assert open_file(vault, client).flags == ()
