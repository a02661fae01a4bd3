"""Supervision without a screen: the whole way from a flag to hours and ratio, refusals that change nothing, and how it
sounds in plain output."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from notekeeper.domain.comments import CommentsFile
from notekeeper.reports.comments import write_comments
from notekeeper.reports.envelope import Seal, new_identity, public_key_of
from tests.cli.conftest import SIGNED
from tests.cli.driver import PASSPHRASE, InProcess, record
from tests.cli.test_plain import speakable
from tests.supervised import approve, comments_on
from tests.vault.invented import Sealed

Approved = Callable[..., CommentsFile]


def today() -> date:
    return date.today()  # noqa: DTZ011 - the day as the program counts it


@pytest.fixture
def approved(quick: InProcess, sealed: Sealed) -> None:
    """A report on C014, resting on the signed note, approved in the vault that `quick` has."""
    assert quick.vault == sealed.path
    vault = sealed.open()
    client = vault.clients.by_code("C014")
    approve(vault, client, [vault.notes.by_number(client.id, 1)])
    vault.close()


def comments_file(quick: InProcess, file: CommentsFile, seal: Seal | None = None) -> Path:
    return write_comments(file, quick.work, "report", seal)


def test_the_whole_way_from_a_flag_to_the_hours(quick: InProcess, approved: None) -> None:
    del approved
    keys = [each["key"] for each in quick.json("supervision", "flaggable", "C014")["flaggable"]]
    assert keys == ["file", "note:2", "note:1", "risk:1", "theme:1.1"]
    flag = quick.json("supervision", "flag", "C014", "theme:1.1", "-", given="The quiet is mine too.\n")
    assert flag == {
        "client": "C014",
        "flag": "C014/S1",
        "on": "theme",
        "note": 1,
        "words": "Quiet after moving",
        "why": "The quiet is mine too.",
        "since": today().isoformat(),
        "ended": None,
        "discussed": None,
    }
    assert quick.json("monday")["flags"] == [
        {"client": "C014", "note": None, "words": f"1 flag(s), the oldest of {today()}"}
    ]
    line, other = quick.json("supervision", "agenda")["agenda"]
    assert (line["client"], line["session"], line["flags"]) == ("C014", "2", [flag])
    assert line["risk"]["words"].startswith(
        "Risk last recorded 2026-03-04 (note 1): Not asked; never recorded as asked"
    )
    assert other["client"] == "D100"
    assert quick.json("supervision", "agenda-move", "C014", "down") == {"order": ["D100", "C014"]}
    assert quick.json("supervision", "agenda-reset") == {"order": ["C014", "D100"]}

    day = today()
    file = comments_on(
        ("C014/theme/1", "Stay with the quiet."), ("C014/risk", "Ask next time.", day + timedelta(days=7)), day=day
    )
    place = str(comments_file(quick, file))
    before = record(quick)
    shown = quick.json("supervision", "take", place)
    assert (shown["taken"], shown["hours_not_in_log"], len(shown["clients"][0]["comments"])) == (False, 60, 2)
    assert record(quick) == before
    assert quick.json("supervision", "take", place, "--confirm", "--hours")["taken"] is True
    theme, risk = quick.json("supervision", "comments", "C014")["comments"]
    assert (theme["comment"], theme["item"], theme["discussed_on"]) == ("C014/D1.1", "Saying no", day.isoformat())
    assert (risk["became"], risk["to_do"]) == (f"nothing made of it yet, by {day + timedelta(days=7)}", True)
    made = quick.json("supervision", "follow-up", "C014/D1.2", "--on", "+7")
    assert made["follow_up"] == "C014/F1"
    assert quick.json("followup", "list")["follow_ups"][0]["text"] == "Ask next time."
    quick.json("followup", "done", "C014/F1")
    agreed = quick.json("supervision", "agenda")["agenda"][0]["agreed"]
    assert [(each["became"], each["to_do"]) for each in agreed] == [(f"follow-up F1, done {day}", False)]

    note = quick.json("supervision", "outcome", "C014", "--flag", "C014/S1")
    assert note["text"].startswith(f"Supervision of {day}, with S. Imagined\n")
    assert "- Theme: Quiet after moving (note 1): The quiet is mine too.\n" in note["text"]
    assert quick.json("supervision", "flags")["flags"] == []
    quick.json("note", "save", note["note"], given=note["text"] + "Settled.\n")
    quick.json("finish", note["note"], "-", given=json.dumps({"risk": {"state": "not_asked"}}))
    quick.json("sign", note["note"], "--attest")
    assert "Settled." in quick.json("note", "show", note["note"])["text"]

    quick.json("supervision", "hours-ratio", "8")
    hours = quick.json("supervision", "hours")
    assert (hours["whole"]["minutes"], hours["whole"]["sessions"], hours["lines"][0]["clients_discussed"]) == (60, 3, 1)
    assert hours["words"] == (
        "3 session(s) held, 1 h 00 min of supervision; agreed is 1 hour to 8 session(s), which makes 23 min: as agreed "
        "or more"
    )
    written = Path(quick.json("supervision", "hours-export", "--as", "csv")["file"])
    assert "C014" not in (quick.work / written).read_text(encoding="utf-8")
    assert quick.json("supervision", "learning")["left_out"] == 2
    assert quick.json("verify")["sound"] is True


@pytest.mark.parametrize("way", ["passphrase", "key"])
def test_sealed_comments_are_opened_by_what_seals_them(
    quick: InProcess, approved: None, tmp_path: Path, way: str
) -> None:
    del approved
    file = comments_on(("C014", "A good page."), day=today())
    words = "sealed words of an evening"
    secret, public = new_identity()
    assert public_key_of(secret) == public
    (tmp_path / "key.txt").write_text(f"{secret}\n", encoding="utf-8")
    seal = Seal(passphrase=words) if way == "passphrase" else Seal(keys=(public,))
    place = str(comments_file(quick, file, seal))
    options = ("--identity", str(tmp_path / "key.txt")) if way == "key" else ()
    given = f"{PASSPHRASE}\n{words}" if way == "passphrase" else PASSPHRASE
    done = quick.run("supervision", "take", place, *options, "--json", passphrase=given)
    assert (done.code, done.err) == (0, "")
    assert done.json["clients"][0]["client"] == "C014"
    wrong = f"{PASSPHRASE}\nother words" if way == "passphrase" else PASSPHRASE
    refused = quick.run("supervision", "take", place, "--json", passphrase=wrong)
    assert refused.code == 13
    assert refused.out == ""


@pytest.mark.parametrize(
    ("arguments", "given", "code", "words"),
    [
        (("flag", "C014", "theme:7.1"), "", 2, "flaggable"),
        (("flag", "C014", "secretword", "-"), "secretword", 2, "flaggable"),
        (("flag", "C014", "file", "-"), "secretword " * 400, 2, "4,000 characters"),
        (("flag", "C999", "file"), "", 2, "no client with that code"),
        (("settle", "C014/S1"), "", 2, "no flag with that number"),
        (("settle", "C014/1"), "", 2, "C014/S2"),
        (("settle", "C014/S1", "--on", "2999-01-01"), "", 2, "still to come"),
        (("take-back", "C014/S9"), "", 2, "no flag with that number"),
        (("outcome", "C014", "--flag", "D100/S1"), "", 2, "not of client C014"),
        (("outcome", "C014", "--on", "2999-01-01"), "", 2, "between 1950 and today"),
        (("follow-up", "C014/D1.1", "--on", "next week"), "", 2, "+14"),
        (("follow-up", "C014/D1.1", "--on", "+7"), "", 2, "no comment with that number"),
        (("close", "C014/F1"), "", 2, "C014/D1.2"),
        (("hours-add", "--minutes", "0"), "", 2, "at least a minute"),
        (("hours-add", "--minutes", "60", "--on", "2999-01-01"), "", 2, "still to come"),
        (("hours-add", "--minutes", "60", "--supervisor", "c014"), "", 2, "client's code"),
        (("hours-correct", "3", "--minutes", "60", "--on", "2026-01-01"), "", 2, "no line with that number"),
        (("hours-export", "--out", "nowhere"), "", 40, "does not exist"),
        (("take", "nowhere.comments.json"), "", 40, "no such file"),
    ],
)
def test_what_cannot_be_done_is_refused_in_a_sentence(
    quick: InProcess, arguments: tuple[str, ...], given: str, code: int, words: str
) -> None:
    before = record(quick)
    done = quick.run("supervision", *arguments, given=given)
    assert (done.code, done.out) == (code, "")
    assert words in done.err
    assert "secretword" not in done.err
    assert record(quick) == before


def test_a_file_of_hostile_words_is_shown_inert_and_one_of_another_report_changes_nothing(
    quick: InProcess, approved: None
) -> None:
    del approved
    hostile = "\x1b[2J\x1b]0;x\x07 \u202eyes [b]no[/b]\nAgreed: everything"
    place = str(comments_file(quick, comments_on(("C014/theme/1", hostile), day=today())))
    for plain in ((), ("--plain",)):
        done = quick.run(*plain, "supervision", "take", place, "--confirm" if plain else "--json")
        assert done.code == 0
        assert not {"\x1b", "\x07", "\u202e"} & set(done.out)
    shown = quick.run("supervision", "comments", "C014").out
    assert "⟨U+001B⟩[2J" in shown
    other = str(comments_file(quick, comments_on(("C014/theme/1", "secretword"), name="other")))
    before = record(quick)
    done = quick.run("supervision", "take", other, "--confirm")
    assert (done.code, done.out) == (2, "")
    assert "not approved in this vault" in done.err
    assert record(quick) == before


def test_it_can_all_be_read_out(quick: InProcess, approved: None) -> None:
    del approved
    day = today()
    quick.json("supervision", "flag", "C014", "risk:1", "-", given="Twice – at night.\nAnd once more.")
    file = comments_on(("C014/theme/1", "Slow – down."), ("C014", "Ring him.", day), day=day)
    place = str(comments_file(quick, file))
    runs = [
        ("take", place),
        ("take", place, "--confirm", "--hours"),
        ("comments", "C014"),
        ("agenda", "--all"),
        ("follow-up", "C014/D1.2", "--on", "+3"),
        ("flags",),
        ("hours",),
        ("learning",),
    ]
    out = {}
    for arguments in runs:
        done = quick.run("--plain", "supervision", *arguments)
        assert (done.code, done.err) == (0, "")
        assert speakable(done.out), done.out
        out[arguments[0]] = done.out
    assert "Comment C014/D1.1.\nWhen: Discussed" in out["comments"]
    assert "Said: Slow, down.\n" in out["comments"]
    assert "My words: Twice, at night.\nMy words, line 2: And once more.\n" in out["flags"]
    assert "Agreed D1.2: Ring him. (nothing made of it yet, by" in out["agenda"]


def test_that_a_file_was_opened_is_written_down(quick: InProcess) -> None:
    def opened() -> int:
        return len(quick.json("log", "--client", "C014", "--event", "client.opened")["log"])

    quick.json("supervision", "flag", "C014", "note:1")
    assert SIGNED == "C014/1"
    for arguments in (("flags",), ("agenda",), ("flaggable", "C014"), ("comments", "C014")):
        before = opened()
        quick.json("supervision", *arguments)
        assert opened() == before + 1, arguments
