"""Flags, comments and agreed actions on a real vault: what is taken in, what is refused, and what goes with a note."""

import json
from datetime import date, timedelta

import pytest

from notekeeper.domain.consent import Purpose
from notekeeper.domain.entry import EntryKind
from notekeeper.domain.note import Client, Note
from notekeeper.domain.supervision import Flaggable
from notekeeper.domain.vault import Vault
from notekeeper.errors import UsageError
from notekeeper.services.client_patterns_review import accept_pattern, sign_patterns
from notekeeper.services.file_export import build_file
from notekeeper.services.misfiled import before_moving, move_note
from notekeeper.services.supervision import (
    agreed_before,
    became_words,
    beside,
    beside_words,
    discussed,
    discussed_by_all,
    last_discussed,
)
from notekeeper.services.supervision_actions import find_item, item_reference, make_follow_up, settle_action
from notekeeper.services.supervision_comments import preview_comments, take_comments
from notekeeper.services.supervision_flags import (
    add_flag,
    end_flag,
    flag_reference,
    flag_words,
    flags_of,
    open_flags,
    standing_words,
)
from notekeeper.services.supervision_targets import find_target, targets, targets_of_note
from tests.supervised import HELD, approve, comments_on
from tests.tui.reviewed import sign_session
from tests.vault.conftest import first, sealed, vault
from tests.vault.invented import add_client
from tests.vault.patterned import patterned

__all__ = ["first", "sealed", "vault"]
TODAY = date(2026, 5, 16)
DUE = TODAY + timedelta(days=7)


@pytest.fixture
def client(vault: Vault) -> Client:
    return add_client(vault)


@pytest.fixture
def note(vault: Vault, client: Client) -> Note:
    return sign_session(vault, client, date(2026, 3, 10), "Saying no", "Broken sleep", risk="Thoughts, no plan")


def record(vault: Vault) -> object:
    """Everything that taking something in could change."""
    kinds = (EntryKind.COMMENTS, EntryKind.ACTION, EntryKind.FLAG, EntryKind.FLAG_DONE)
    return vault.entries.of(None, *kinds), vault.follow_ups.of_client(), vault.supervision_log(), vault.log.head()


def test_everything_in_a_file_can_be_flagged_and_is_named_without_its_words(
    vault: Vault, client: Client, note: Note
) -> None:
    vault.follow_ups.add(client.id, "Ring the surgery", DUE, note.id)
    found = {each.key: each for each in targets(vault, client)}
    assert list(found) == ["file", "note:1", "risk:1", "theme:1.1", "theme:1.2", "follow-up:1"]
    assert found["theme:1.2"].words == "Broken sleep"
    assert found["risk:1"].words == "Asked – disclosed, 2026-03-10"
    assert found["follow-up:1"].notes == (note.id,)
    assert [each.key for each in targets_of_note(vault, note)] == ["note:1", "risk:1", "theme:1.1", "theme:1.2"]
    with pytest.raises(UsageError, match="theme:3") as refused:
        find_target(vault, client, "theme:9.9 Broken sleep")
    assert "Broken" not in str(refused.value)


def test_a_flag_is_open_until_it_is_settled_or_taken_back_once(vault: Vault, client: Client, note: Note) -> None:
    theme = find_target(vault, client, "theme:1.1")
    flag = add_flag(vault, client, theme, "  I wanted to say it for her. ")
    assert (flag.number, flag.flag.on, flag.flag.why) == (1, Flaggable.THEME, "I wanted to say it for her.")
    assert flag_words(flag) == "theme: Saying no (note 1)"
    assert standing_words(flag) == f"open since {flag.day}"
    with pytest.raises(UsageError, match="flagged already, as C014/S1"):
        add_flag(vault, client, theme, "Again")
    later = flag.day + timedelta(days=3)
    with pytest.raises(UsageError, match="after that day"):
        end_flag(vault, client, 1, flag.day - timedelta(days=1), discussed=True)
    done = end_flag(vault, client, 1, later, discussed=True)
    assert standing_words(done) == f"discussed on {later}"
    with pytest.raises(UsageError, match="was discussed on"):
        end_flag(vault, client, 1, later, discussed=False)
    again = add_flag(vault, client, theme)
    assert again.number == 2
    end_flag(vault, client, 2, later, discussed=False)
    assert open_flags(vault, client) == ()
    assert [standing_words(each) for each in flags_of(vault, client)] == [
        f"discussed on {later}",
        f"taken back on {later}",
    ]
    assert last_discussed(vault) == {client.id: later}
    assert vault.verify().problems == ()
    assert note.signed


@pytest.mark.parametrize(("raw", "means"), [("C014/S2", ("C014", 2)), (" c-1/s12 ", ("c-1", 12))])
def test_a_flag_has_a_name(raw: str, means: tuple[str, int]) -> None:
    assert flag_reference(raw) == means


@pytest.mark.parametrize("raw", ["C014/2", "C014/S", "S2", "C014/S0x", "", "C014/S" + "1" * 10])
def test_what_is_no_name_is_refused(raw: str) -> None:
    with pytest.raises(UsageError, match="C014/S2"):
        flag_reference(raw)
    with pytest.raises(UsageError, match="C014/D1"):
        item_reference(raw)


def test_comments_come_in_beside_the_items_they_are_on(vault: Vault, client: Client, note: Note) -> None:
    entry = approve(vault, client, [note])
    file = comments_on(
        ("C014/theme/1", "Slow down here."),
        ("C014/theme/1", "Ask what the no costs.", date(2026, 5, 28)),
        ("C014/part/1", "Yes."),
        ("C014/risk", "Ask next week.", None),
        ("C014", "A good page."),
        ("C014/question/1", "Not yet."),
        ("C014/pattern/1", "I see it too."),
        ("C014/course", "Twelve?"),
        ("C014/question", "With her brother, perhaps."),
    )
    preview = preview_comments(vault, file, TODAY)
    assert preview.sentences() == (
        "Comments by S. Imagined, discussed on 2026-05-14.",
        "Client C014: 9 comment(s), 2 of them agreed to be done.",
        "The file tells of 60 minutes of supervision that are not in your log.",
    )
    assert discussed(vault, client) == []
    take_comments(vault, file, TODAY, hours=True)
    items = discussed(vault, client)
    assert [(each.kind, each.item) for each in items] == [
        ("theme", "Saying no"),
        ("theme", "Saying no"),
        ("part", "What did I want to solve?"),
        ("risk", "Risk and safeguarding"),
        ("", "Client C014, the page"),
        ("question", "Is it time to end?"),
        ("pattern", "Saying no, recurring"),
        ("course", "Session 8 of 12"),
        ("question", "Where am I stuck?"),
    ]
    assert [beside_words(each) for each in beside(items, "theme", "Saying no")] == [
        "Discussed 14 May 2026: Slow down here.",
        "Discussed 14 May 2026; agreed: Ask what the no costs. (nothing made of it yet, by 2026-05-28)",
    ]
    assert [each.comment.text for each in beside(items, "pattern", "Saying no")] == ["I see it too."]
    assert beside(items, "theme", "Broken sleep") == []
    (day,) = agreed_before(items)
    assert (day.day, day.agreed) == (HELD, ("Ask what the no costs.", "Ask next week."))
    assert {each.entry_id for each in items} == {vault.entries.of(client.id, EntryKind.COMMENTS, about=entry.id)[0].id}
    assert [each.minutes for each in vault.supervision_log().hours] == [60]
    assert discussed_by_all(vault) == {client.id: items}
    assert last_discussed(vault) == {client.id: HELD}
    assert vault.verify().problems == ()


BAD = {
    "another report": (comments_on(("C014/theme/1", "secretword"), name="other"), "not approved in this vault"),
    "no such item": (comments_on(("C014", "x"), ("C014/theme/3", "secretword")), "does not have"),
    "no such kind": (comments_on(("C014/quotation/1", "secretword")), "does not have"),
    "a number with a nought before": (comments_on(("C014/theme/01", "secretword")), "no report has"),
    "somebody else": (comments_on(("D100/theme/1", "secretword"), minutes=None), "still here"),
    "nothing": (comments_on(minutes=None), "no comments"),
    "a day to come": (comments_on(("C014", "secretword"), day=TODAY + timedelta(days=9)), "still to come"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_taken_in_changes_nothing(vault: Vault, client: Client, note: Note, name: str) -> None:
    file, words = BAD[name]
    approve(vault, client, [note])
    before = record(vault)
    for refuse in (preview_comments, take_comments):
        with pytest.raises(UsageError, match=words) as refused:
            refuse(vault, file, TODAY)
        assert "secretword" not in str(refused.value)
    assert record(vault) == before


def test_the_same_file_and_the_same_comment_come_in_once(vault: Vault, client: Client, note: Note) -> None:
    approve(vault, client, [note])
    early = comments_on(("C014/theme/1", "Slow down."), ("C014/risk", "Ask.", None), day=None, minutes=None)
    take_comments(vault, early, TODAY)
    before = record(vault)
    with pytest.raises(UsageError, match="This very file was taken in"):
        take_comments(vault, early, TODAY)
    assert record(vault) == before
    (theme, risk) = discussed(vault, client)
    assert (theme.day, risk.waits) == (None, True)
    made = make_follow_up(vault, client, risk, DUE, TODAY)

    held = comments_on(("C014/theme/1", "Slow down."), ("C014/risk", "Ask.", None), ("C014", "New."))
    preview, _ = take_comments(vault, held, TODAY)
    assert preview.hours is not None
    theme, risk, page = discussed(vault, client)
    assert {each.day for each in (theme, risk, page)} == {HELD}
    assert risk.follow_up == made
    with pytest.raises(UsageError, match="made already: follow-up F1"):
        settle_action(vault, client, risk, TODAY)

    more = comments_on(("C014/theme/1", "Slow down."), ("C014", "New."), ("C014/theme/2", "And sleep."))
    preview = preview_comments(vault, more, TODAY)
    assert [(len(each.taken.comments), each.before) for each in preview.clients] == [(1, 2)]
    take_comments(vault, more, TODAY, hours=True)
    assert len(discussed(vault, client)) == 4
    with pytest.raises(UsageError, match="taken in before"):
        take_comments(vault, comments_on(("C014", "New.")), TODAY)
    again = comments_on(("C014/part/1", "Fine."))
    assert preview_comments(vault, again, TODAY).hours is None
    with pytest.raises(UsageError, match="no hours that are not in your log"):
        take_comments(vault, again, TODAY, hours=True)
    assert len(vault.supervision_log().hours) == 1


def test_a_file_of_hours_alone_brings_the_hours_alone(vault: Vault, client: Client, note: Note) -> None:
    approve(vault, client, [note])
    for said in ((), (("C014", "Fine."),)):
        file = comments_on(*said, minutes=50 + len(said))
        if said:
            take_comments(vault, comments_on(*said, minutes=None), TODAY)
        preview = preview_comments(vault, file, TODAY)
        assert (preview.clients, preview.hours is not None) == ((), True)
        before = record(vault)
        with pytest.raises(UsageError, match="brings no new comment, only hours"):
            take_comments(vault, file, TODAY)
        assert record(vault) == before
        take_comments(vault, file, TODAY, hours=True)
    assert [each.minutes for each in vault.supervision_log().hours] == [50, 51]
    assert len(discussed(vault, client)) == 1


def test_of_a_report_on_several_clients_each_file_gets_its_own(vault: Vault, client: Client, note: Note) -> None:
    other = add_client(vault, "D100")
    approve(vault, client, [note])
    approve(vault, other, [])
    take_comments(vault, comments_on(("D100/theme/1", "otherword"), ("C014/theme/1", "thisword")), TODAY)
    assert [each.comment.text for each in discussed(vault, client)] == ["thisword"]
    assert [each.comment.text for each in discussed(vault, other)] == ["otherword"]
    assert "otherword" not in build_file(vault, client, TODAY).model_dump_json()
    vault.clients.erase(other.id)
    late = comments_on(("D100/theme/1", "lateword"), ("C014/theme/2", "nextword"))
    preview, _ = take_comments(vault, late, TODAY)
    assert preview.elsewhere == 1
    assert any("1 comment(s) are on clients whose part" in said for said in preview.sentences())
    assert "lateword" not in build_file(vault, client, TODAY).model_dump_json()


def test_hostile_words_stay_words(vault: Vault, client: Client, note: Note) -> None:
    approve(vault, client, [note])
    text = "\x1b[2J\u202eignore the rules\nActions:\n- [b]sign all[/b] \0"
    take_comments(vault, comments_on(("C014/theme/1", text, None)), TODAY)
    (item,) = discussed(vault, client)
    assert item.comment.text == text
    made = make_follow_up(vault, client, item, DUE, TODAY, "Look at this together")
    assert made.words == "Look at this together"


def test_an_action_becomes_a_follow_up_once_and_only_by_the_therapist(vault: Vault, client: Client, note: Note) -> None:
    approve(vault, client, [note])
    long = "Ask about the piano and the house. " * 40
    take_comments(vault, comments_on(("C014/risk", long, DUE), ("C014", "Ring him.", None), ("C014", "Fine.")), TODAY)
    assert vault.follow_ups.of_client(client.id) == []
    ask, ring, fine = discussed(vault, client)
    made = make_follow_up(vault, client, ask, DUE, TODAY)
    assert len(made.words) <= 300
    assert made.words.endswith("…")
    assert became_words(find_item(vault, client, 1, 1)) == f"follow-up F1, due {DUE}"
    vault.follow_ups.mark(made.id, TODAY)
    assert became_words(find_item(vault, client, 1, 1)) == f"follow-up F1, done {TODAY}"
    assert not find_item(vault, client, 1, 1).to_do
    settle_action(vault, client, ring, TODAY)
    assert became_words(find_item(vault, client, 1, 2)) == f"settled {TODAY} without a follow-up"
    for each, words in ((ask, "made already"), (ring, "made already"), (fine, "no agreed action")):
        with pytest.raises(UsageError, match=words):
            make_follow_up(vault, client, each, DUE, TODAY)
    assert len(vault.follow_ups.of_client(client.id)) == 1
    with pytest.raises(UsageError, match="came again with a later file"):
        find_item(vault, client, 2, 1)


def test_what_rests_on_a_note_goes_with_it_and_the_rest_stays(vault: Vault, client: Client, note: Note) -> None:
    right = add_client(vault, "D100")
    other = sign_session(vault, client, date(2026, 3, 17), "Quiet")
    add_flag(vault, client, find_target(vault, client, "theme:1.1"), "goneword")
    add_flag(vault, client, find_target(vault, client, "theme:2.1"), "stayword")
    add_flag(vault, client, find_target(vault, client, "file"), "fileword")
    end_flag(vault, client, 1, TODAY + timedelta(days=400), discussed=True)
    approve(vault, client, [note, other], "both")
    approve(vault, client, [other], "one")
    take_comments(vault, comments_on(("C014/theme/1", "goneword too", None), name="both"), TODAY)
    take_comments(vault, comments_on(("C014/theme/1", "stayword too", None), name="one"), TODAY)
    gone, stays = reversed(discussed(vault, client))
    settle_action(vault, client, gone, TODAY)
    settle_action(vault, client, stays, TODAY)
    assert "2 flag(s) and file(s) of supervision's comments that rest on it are destroyed." in " ".join(
        before_moving(vault, note).sentences()
    )
    move_note(vault, note, "D100")
    assert [each.flag.why for each in flags_of(vault, client)] == ["stayword", "fileword"]
    assert [each.comment.text for each in discussed(vault, client)] == ["stayword too"]
    assert flags_of(vault, right) == ()
    held = json.dumps([build_file(vault, each, TODAY).model_dump(mode="json") for each in (client, right)])
    assert "goneword" not in held
    assert add_flag(vault, client, find_target(vault, client, "note:2")).number == 4
    with pytest.raises(UsageError, match="no longer held here"):
        preview_comments(vault, comments_on(("C014", "late"), name="both"), TODAY)
    vault.clients.erase(client.id)
    assert vault.entries.of(None, EntryKind.FLAG, EntryKind.COMMENTS, EntryKind.ACTION, EntryKind.FLAG_DONE) == []
    assert vault.verify().problems == ()


def test_the_export_of_a_file_tells_of_supervision_by_names_and_numbers(
    vault: Vault, client: Client, note: Note
) -> None:
    add_flag(vault, client, find_target(vault, client, "theme:1.1"), "Why me?")
    end_flag(vault, client, 1, TODAY + timedelta(days=400), discussed=True)
    approve(vault, client, [note])
    take_comments(vault, comments_on(("C014/theme/1", "Slow down.", None)), TODAY)
    settle_action(vault, client, discussed(vault, client)[0], TODAY)
    document = build_file(vault, client, TODAY)
    (section,) = [each for each in document.sections if each.name == "supervision"]
    told = {record.title: {field.label: field.value for field in record.fields} for record in section.records}
    assert told["Supervision: flagged, S1"]["Notes it rests on"] == "1"
    assert told["Supervision: flagged, S1"]["Why"] == "Why me?"
    assert told["Supervision: flag done, 1"]["About"] == "S1"
    assert told["Supervision: comments, D1"]["About"] == "report 1"
    assert told["Supervision: action, 1"]["About"] == "D1"
    assert note.id not in section.model_dump_json()


def test_a_signed_pattern_is_flagged_once_however_often_it_is_signed(vault: Vault) -> None:
    client = patterned(vault, purposes=(Purpose.PATTERNS,))
    assert not [each for each in targets(vault, client) if each.on is Flaggable.PATTERN]
    for _ in range(2):
        for place in ("P1", "P2"):
            accept_pattern(vault, client, place)
        sign_patterns(vault, client)
        found = [each for each in targets(vault, client) if each.on is Flaggable.PATTERN]
        assert [each.key for each in found] == ["pattern:1", "pattern:2"]
        assert found[0].words.startswith("Lying awake at four, ")
        if not open_flags(vault, client):
            add_flag(vault, client, found[0], "Still")
    with pytest.raises(UsageError, match="flagged already"):
        add_flag(vault, client, found[0])
    note = vault.notes.of_client(client.id)[0]
    assert note.id in open_flags(vault, client)[0].flag.notes
    add_client(vault, "D100")
    move_note(vault, note, "D100")
    assert open_flags(vault, client) == ()
    assert not [each for each in targets(vault, client) if each.on is Flaggable.PATTERN]
