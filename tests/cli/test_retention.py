"""Retention, destruction and the client's own use of AI without a screen."""

import json
import os
import stat
from datetime import date
from pathlib import Path

from tests.cli.driver import InProcess


def today() -> str:
    """The day as the program counts it, asked when it is needed: midnight may come while the tests run."""
    return date.today().isoformat()  # noqa: DTZ011


def ended(quick: InProcess, code: str, day: str = "2015-02-03") -> None:
    quick.json("client", "front-set", code, given=json.dumps({"ended": day}))


def test_a_file_is_due_held_and_destroyed_with_a_certificate(quick: InProcess) -> None:
    ended(quick, "C014")
    (due,) = [each for each in quick.json("retention", "list")["files"] if each["client"] == "C014"]
    assert (due["standing"], due["due"]) == ("due", "2022-02-03")
    assert [line["client"] for line in quick.json("monday")["retention_due"]] == ["C014"]
    assert "Go on with: notekeeper retention list C014" in quick.run("--plain", "monday").out
    assert quick.json("retention", "policy", "--years", "40")["policy"] == {"years": 40, "minors_until": 25}
    assert quick.json("retention", "list", "C014")["files"][0]["standing"] == "kept"
    set_one = quick.json("retention", "set", "C014", "--until", "2020-01-01", given="Asked for it")
    assert (set_one["standing"], set_one["due"], set_one["own"]["reason"]) == ("due", "2020-01-01", "Asked for it")

    assert quick.json("retention", "hold", "C014", given="A letter")["standing"] == "held"
    preview = quick.json("client", "destroy", "C014", "--preview")
    assert preview["on_hold"] is True
    assert preview["counts"]["notes"] == len(("signed", "unsigned"))
    reason = ("--reason", "retention_ended", "--certificate", "gone")
    held = quick.run("client", "destroy", "C014", *reason, given="C014")
    assert (held.code, "legal hold" in held.err) == (2, True)
    assert quick.json("retention", "lift", "C014", given="Settled")["holds"] == []

    assert quick.run("client", "destroy", "C014", *reason, given="C015").code == 2
    assert quick.run("client", "destroy", "C014", given="C014").code == 2
    assert list(quick.work.glob("gone.*")) == []
    done = quick.json("client", "destroy", "C014", *reason, given="c014\n")
    text, data = (quick.work / f"gone{kind}" for kind in (".txt", ".json"))
    certificate = json.loads(data.read_text())
    assert certificate["client"] == "C014"
    assert certificate["grounds"]["reason"] == "retention_ended"
    assert certificate["counts"] == preview["counts"] | {"entries": certificate["counts"]["entries"]}
    assert certificate["log_head_after"] == done["log_head_after"] != certificate["log_head"]
    assert len(certificate["backups"]) == 1
    assert done["backups"] == preview["backups"] == certificate["backups"]
    for part in (
        "File of client C014",
        "By: A. Invented",
        "its retention has ended",
        certificate["backups"][0]["name"],
    ):
        assert part in text.read_text()
    if os.name == "posix":
        assert {stat.S_IMODE(path.stat().st_mode) for path in (text, data)} == {0o600}
    assert quick.run("note", "list", "C014").code == 2
    (line,) = quick.json("retention", "certificates")["destroyed"]
    assert line["id"] == certificate["id"]
    assert "C014" not in json.dumps(line)
    assert "by A. Invented" in quick.run("retention", "certificates").out
    # The command after it makes the backup without the client, and those before go.
    assert certificate["backups"][0]["name"] not in {
        Path(each["path"]).name for each in quick.json("backup", "list")["backups"]
    }
    assert quick.json("verify")["sound"] is True


def test_a_certificate_overwrites_nothing_and_then_nothing_is_destroyed(quick: InProcess) -> None:
    there = quick.work / "gone.json"
    there.write_text("another's")
    done = quick.run("client", "destroy", "C014", "--reason", "other", "--certificate", "gone", given="C014")
    assert (done.code, "left as it is" in done.err) == (40, True)
    assert (there.read_text(), (quick.work / "gone.txt").exists()) == ("another's", False)
    missing = quick.run("client", "destroy", "C014", "--reason", "other", "--certificate", "no/gone", given="C014")
    assert missing.code == 40
    early = quick.run("client", "destroy", "C014", "--reason", "retention_ended", given="C014")
    assert (early.code, "has not ended" in early.err) == (3, True)
    assert len(quick.json("note", "list", "C014")["notes"]) == len(("signed", "unsigned"))
    shown = quick.run("client", "destroy", "D100", "--reason", "other", given="D100")
    assert "CERTIFICATE OF DESTRUCTION" in shown.out


def test_the_client_s_own_use_of_ai_is_noted_and_listed(quick: InProcess) -> None:
    first = {"tool": "A chat program", "meaning": "It “listens”", "day": "2026-03-04", "note": "1"}
    added = quick.json("aiuse", "add", "C014", given=json.dumps(first))
    assert added == {
        "client": "C014",
        "entry": 1,
        "note": 1,
        "tool": "A chat program",
        "purpose": "",
        "meaning": "It “listens”",
        "agreed": "",
        "day": "2026-03-04",
    }
    second = quick.json("aiuse", "add", "C014", given=json.dumps({"purpose": "to sleep"}))
    assert second["day"] == today()
    assert [each["entry"] for each in quick.json("aiuse", "list", "C014")["ai_use"]] == [1, 2]
    assert quick.json("aiuse", "list", "D100")["ai_use"] == []
    assert "What the client makes of it: It “listens”" in quick.run("aiuse", "list", "C014").out


def test_what_cannot_be_used_is_refused_and_not_repeated(quick: InProcess) -> None:
    refused = ["", "{}", "secretword", '{"secretword": "x"}']
    more = [{"day": "soon"}, {"day": "2999-01-01"}, {"note": "9"}, {"note": "x"}, {"meaning": "secretword " * 400}]
    for given in [*refused, *(json.dumps({"tool": "secretword", **each}) for each in more)]:
        done = quick.run("aiuse", "add", "C014", given=given)
        assert (done.code, "Traceback" in done.err, "secretword" in done.err) == (2, False, False), given
        assert "Nothing was" in done.err or "no note with that number" in done.err
    assert quick.json("aiuse", "list", "C014")["ai_use"] == []
