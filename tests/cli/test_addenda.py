"""An addendum from the command line: beneath the signed note, which stays as it is."""

import json

from notekeeper.domain.risk import RiskEntry
from tests.cli.conftest import SIGNED, UNSIGNED
from tests.cli.driver import InProcess


def test_an_addendum_goes_beneath_a_signed_note_alone(quick: InProcess) -> None:
    refused = quick.run("note", "addendum", UNSIGNED, "-", given="too early")
    assert refused.code == 2
    assert "too early" not in refused.err
    form = '{"focus": "Waiting", "themes": [{"label": "Waiting"}], "risk": {"state": "not_asked"}}'
    quick.json("finish", UNSIGNED, "-", given=form)
    quick.json("sign", UNSIGNED, "--attest")
    before = quick.json("note", "show", UNSIGNED)["text"]
    added = quick.json("note", "addendum", UNSIGNED, "-", given="She rang.\x1b[2J")["addenda"]
    assert [(a["number"], a["text"]) for a in added] == [(1, "She rang.\x1b[2J")]
    assert quick.json("note", "addendum", UNSIGNED)["addenda"] == added
    shown = quick.run("note", "addendum", UNSIGNED).out
    assert "Addendum 1" in shown
    assert "\x1b" not in shown
    assert quick.json("note", "show", UNSIGNED)["text"] == before
    assert quick.json("verify")["sound"] is True


RAISED = {"kind": "self_harm", "state": "raised_by_client"}


def test_risk_recorded_later_takes_the_session_off_the_list(quick: InProcess) -> None:
    form = '{"focus": "Waiting", "themes": [{"label": "Waiting"}], "risk": {"state": "not_recorded"}}'
    quick.json("finish", UNSIGNED, "-", given=form)
    quick.json("sign", UNSIGNED, "--attest")
    waiting = {"client": "C014", "note": 2, "words": "in 1 of 2 session(s): note 2"}
    assert waiting in quick.json("monday")["risk_not_recorded"]
    later = {"state": "asked_disclosed", "words": "secretword", "action": "Rang", "safeguarding": ""}
    for arguments, given in (
        (("-", "--risk", "-"), json.dumps(later)),
        (("--risk", "-"), '{"state": "not_recorded"}'),
        (("--risk", "-"), '{"state": "secretword"}'),
        (("--risk", "-"), json.dumps({**later, "state": "not_asked", "kinds": [RAISED]})),
    ):
        refused = quick.run("note", "addendum", UNSIGNED, *arguments, given=given)
        assert (refused.code, refused.out) == (2, "")
        assert "secretword" not in refused.err
    (added,) = quick.json("note", "addendum", UNSIGNED, "--risk", "-", given=json.dumps(later))["addenda"]
    assert (added["text"], added["risk"]) == ("", RiskEntry.model_validate(later).model_dump(mode="json"))
    assert waiting not in quick.json("monday")["risk_not_recorded"]
    shown = quick.run("note", "addendum", UNSIGNED).out
    assert f"recorded by addendum on {added['added_at'][:10]}: Asked – disclosed" in shown
    assert "In my words: secretword" in shown
    assert quick.json("verify")["sound"] is True


def test_a_note_is_shown_with_its_addenda_dated_and_in_order(quick: InProcess) -> None:
    assert quick.json("note", "show", SIGNED)["addenda"] == []
    added = [
        quick.json("note", "addendum", SIGNED, "-", given=text)["addenda"][0] for text in ("She rang.", "She wrote.")
    ]
    assert quick.json("note", "show", SIGNED)["addenda"] == added
    shown = quick.run("note", "show", SIGNED).out
    days = [each["added_at"][:10] for each in added]
    assert shown == (
        "The house is quiet now.\n\nRisk and safeguarding, as signed: Not asked\n"
        "By kind: Suicide, self-harm, harm to others, harm from others: Not recorded\n"
        f"\nAddendum 1, {days[0]}, A. Invented:\nShe rang.\n"
        f"Addendum 2, {days[1]}, A. Invented:\nShe wrote.\n"
    )
