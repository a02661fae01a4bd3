"""An addendum from the command line: beneath the signed note, which stays as it is."""

from tests.cli.conftest import UNSIGNED
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
