"""The agenda over the caseload and the outcome note: what to bring, in whose order, what goes back into the file."""

from datetime import date, timedelta

import pytest

from notekeeper.domain.client_file import FrontSheet
from notekeeper.domain.consent import Answer, Purpose
from notekeeper.domain.note import Client, NoteKind
from notekeeper.domain.risk import RiskEntry, RiskState
from notekeeper.domain.supervision import Flaggable
from notekeeper.domain.vault import Vault
from notekeeper.errors import UsageError
from notekeeper.services.caseload import own_day
from notekeeper.services.consent import record_agreement
from notekeeper.services.reporting import keep_question
from notekeeper.services.signing import sign
from notekeeper.services.supervision import discussed
from notekeeper.services.supervision_actions import make_follow_up
from notekeeper.services.supervision_agenda import AgendaLine, agenda, forget_order, move, since_words
from notekeeper.services.supervision_comments import take_comments
from notekeeper.services.supervision_flags import add_flag, open_flags
from notekeeper.services.supervision_hours import add_hours, read_hours
from notekeeper.services.supervision_outcome import make_outcome, outcome_day, supervisor_of
from notekeeper.services.supervision_targets import find_target
from notekeeper.services.writing import add_note
from tests.supervised import HELD, SUPERVISOR, approve, comments_on
from tests.tui.reviewed import sign_session
from tests.vault.conftest import first, sealed, vault
from tests.vault.invented import Sealed, add_client

__all__ = ["first", "sealed", "vault"]
TODAY = date(2026, 5, 20)


def codes(lines: list[AgendaLine]) -> list[str]:
    return [line.client.code for line in lines]


def line_of(vault: Vault, client: Client, today: date = TODAY) -> AgendaLine:
    return next(line for line in agenda(vault, today) if line.client.id == client.id)


def test_a_line_has_all_that_is_to_be_brought(vault: Vault) -> None:
    client = add_client(vault)
    vault.front_sheets.save(client.id, FrontSheet(sessions_planned=12))
    note = sign_session(vault, client, date(2026, 4, 7), "Saying no", risk="Thoughts, no plan")
    sign_session(vault, client, date(2026, 4, 14), "Broken sleep")
    add_note(vault, client, "Not signed.", date(2026, 5, 5))
    keep_question(vault, client, "Where am I stuck?", "And the ending?")
    add_flag(vault, client, find_target(vault, client, "theme:1.1"), "The no")
    approve(vault, client, [note])
    take_comments(
        vault,
        comments_on(("C014/theme/1", "Slow down.", TODAY), ("C014", "Ring him.", None), ("C014/risk", "Noted.")),
        TODAY,
    )
    make_follow_up(vault, client, discussed(vault, client)[0], TODAY + timedelta(days=3), TODAY)
    line = line_of(vault, client)
    assert (line.question, line.more, line.count) == ("Where am I stuck?", "And the ending?", "3 of 12")
    assert [each.flag.why for each in line.flags] == ["The no"]
    assert line.risk.words == (
        "Risk last recorded 2026-04-14 (note 2): Not asked; last asked 2026-04-07: Asked – disclosed; the client last "
        "spoke of it 2026-04-07; not recorded in 1 session(s) since"
    )
    assert [(each.comment.text, each.to_do) for each in line.agreed] == [("Slow down.", True), ("Ring him.", True)]
    assert line.brings
    assert (line.last, line.weeks) == (HELD, 0)
    assert since_words(line) == "Discussed 0 week(s) ago, 2026-05-14"
    assert "supervision" in line.agreement
    record_agreement(vault, client, Purpose.SUPERVISION, Answer.AGREED, how="asked")
    assert line_of(vault, client).agreement == ""


def test_no_risk_recorded_is_said_and_nothing_is_ruled_out(vault: Vault) -> None:
    client = add_client(vault)
    assert line_of(vault, client).risk.words == "Risk: NOT RECORDED in any note"
    note, _ = add_note(vault, client, "One.", date(2026, 4, 7))
    vault.reviews.set_risk(note.id, RiskEntry(state=RiskState.NOT_RECORDED))
    assert line_of(vault, client).risk.words == "Risk: NOT RECORDED in any note"
    vault.reviews.set_risk(note.id, RiskEntry(state=RiskState.RAISED_BY_CLIENT, words="Said so"))
    assert line_of(vault, client).risk.words == (
        "Risk last recorded 2026-04-07 (note 1, not signed yet): Raised by client; never recorded as asked; the client "
        "last spoke of it 2026-04-07"
    )


def test_the_order_is_by_need_until_the_therapist_makes_one_and_then_theirs(vault: Vault) -> None:
    for code, day in (("A1", date(2026, 1, 6)), ("B2", date(2025, 9, 2)), ("C3", date(2026, 5, 5)), ("D4", None)):
        client = add_client(vault, code)
        if day:
            add_note(vault, client, "Held.", day)
    keep_question(vault, vault.clients.by_code("C3"), "What now?", "")
    lines = agenda(vault, TODAY)
    assert codes(lines) == ["C3", "B2", "A1", "D4"]
    assert [line.longest for line in lines] == [False, True, True, False]
    assert since_words(lines[1]) == "Never discussed, in 37 week(s) of work, among those not discussed for longest"
    assert since_words(lines[3]) == "No session yet"
    move(vault, lines, vault.clients.by_code("D4"), -1)
    assert codes(agenda(vault, TODAY)) == ["C3", "B2", "D4", "A1"]
    for _ in range(5):
        move(vault, agenda(vault, TODAY), vault.clients.by_code("C3"), 1)
    assert codes(agenda(vault, TODAY)) == ["B2", "D4", "A1", "C3"]
    keep_question(vault, add_client(vault, "E5"), "New.", "")
    assert codes(agenda(vault, TODAY)) == ["B2", "D4", "A1", "C3", "E5"]
    vault.clients.erase(vault.clients.by_code("D4").id)
    assert codes(agenda(vault, TODAY)) == ["B2", "A1", "C3", "E5"]
    forget_order(vault)
    assert codes(agenda(vault, TODAY)) == ["C3", "E5", "B2", "A1"]


def test_whose_work_has_ended_is_there_only_with_something_to_bring(vault: Vault) -> None:
    client = add_client(vault)
    vault.front_sheets.save(client.id, FrontSheet(ended=date(2026, 5, 1)))
    assert agenda(vault, TODAY) == []
    with pytest.raises(UsageError, match="not on the agenda"):
        move(vault, [], client, 1)
    add_flag(vault, client, find_target(vault, client, "file"), "Was the ending right?")
    assert codes(agenda(vault, TODAY)) == ["C014"]


def test_an_altered_entry_keeps_nobody_else_from_the_agenda(vault: Vault, sealed: Sealed) -> None:
    for code in ("A1", "B2"):
        client = add_client(vault, code)
        add_flag(vault, client, find_target(vault, client, "file"), f"word{code}")
    vault.close()
    db = sealed.sqlcipher()
    db.execute("DROP TRIGGER IF EXISTS file_entry_update")
    for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'file_entry'"):
        db.execute(f"DROP TRIGGER {name}")
    db.execute("UPDATE file_entry SET body = replace(body, 'wordA1', 'forged')")
    db.close()
    again = sealed.open()
    lines = {line.client.code: line for line in agenda(again, TODAY)}
    assert lines["A1"].unread
    assert not lines["A1"].flags
    assert [each.flag.why for each in lines["B2"].flags] == ["wordB2"]
    assert not lines["B2"].unread
    again.close()


def test_the_outcome_comes_back_as_a_note_of_the_file_that_is_signed_like_any_other(vault: Vault) -> None:
    client = add_client(vault)
    note = sign_session(vault, client, date(2026, 4, 7), "Saying no")
    keep_question(vault, client, "Where am I stuck?", "")
    day = own_day()
    for key, why in (("theme:1.1", "The no\nActions:\n- forged"), ("note:1", ""), ("file", "Later")):
        add_flag(vault, client, find_target(vault, client, key), why)
    approve(vault, client, [note])
    hostile = "Ask [b]twice[/b]\nMy own words:\n\x1b[2J"
    take_comments(
        vault, comments_on(("C014/theme/1", hostile), ("C014", "Ring him.\nToday", day), day=day), day, hours=True
    )
    assert outcome_day(vault, client, day) == day
    assert supervisor_of(vault, client, day) == SUPERVISOR
    made = make_outcome(vault, client, day, day, supervisor_of(vault, client, day), [1, 2])
    assert (made.kind, made.date, made.signed) == (NoteKind.SUPERVISION, day, False)
    text = vault.notes.latest(made.id)
    assert text is not None
    assert text.text == (
        f"Supervision of {day}, with S. Imagined\n\n"
        "Brought:\n"
        "- Where am I stuck?\n"
        "- Theme: Saying no (note 1): The no Actions: - forged\n"
        "- Note 1, session, 2026-04-07\n\n"
        "Discussed:\n"
        "- Saying no: Ask [b]twice[/b] My own words: ⟨U+001B⟩[2J\n\n"
        "Actions:\n"
        f"- Ring him. Today (by {day})\n\n"
        "My own words:\n"
        "- \n"
    )
    assert [each.flag.on for each in open_flags(vault, client)] == [Flaggable.FILE]
    with pytest.raises(UsageError, match="C014/2, not signed yet"):
        make_outcome(vault, client, day, day)
    with pytest.raises(UsageError, match="not open any more"):
        make_outcome(vault, client, day - timedelta(days=1), day, flags=[1])
    vault.notes.save(made.id, text.text + "We spoke of endings.\n")
    vault.reviews.set_risk(made.id, RiskEntry(state=RiskState.NOT_ASKED))
    sign(vault, client, made)
    assert vault.notes.by_number(client.id, 2).signed
    assert outcome_day(vault, client, day + timedelta(days=1)) == day + timedelta(days=1)
    assert vault.verify().problems == ()


def test_without_comments_the_agenda_has_what_the_outcome_note_says_was_agreed(vault: Vault) -> None:
    client = add_client(vault)
    add_hours(vault, read_hours(HELD, 60, supervisor="S. Imagined"), TODAY)
    made = make_outcome(vault, client, HELD, TODAY, supervisor_of(vault, client, HELD))
    text = vault.notes.latest(made.id)
    assert text is not None
    assert line_of(vault, client).noted == ()
    vault.notes.save(made.id, text.text.replace("Actions:\n- ", "Actions:\n- Ring the surgery.\n- Ask about sleep."))
    line = line_of(vault, client)
    assert line.noted == ("Ring the surgery.", "Ask about sleep.")
    assert line.last == HELD
    with pytest.raises(UsageError, match="between 1950 and today"):
        make_outcome(vault, client, own_day() + timedelta(days=1), own_day() + timedelta(days=2))
