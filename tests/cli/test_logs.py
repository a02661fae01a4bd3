"""The log and the signing key from the command line."""

from datetime import date, timedelta

import pytest

from notekeeper.services.log_words import WORDS
from tests.cli.conftest import SIGNED
from tests.cli.driver import InProcess


def test_the_log_tells_what_was_done_and_opened_and_no_word_of_it(quick: InProcess) -> None:
    quick.run("note", "show", SIGNED)
    quick.run("client", "front", "C014")
    quick.run("search", "--client", "C014", given="house")
    quick.run("passphrase", "change", passphrase="not the passphrase\nnor this one at all")
    whole = quick.json("log")
    lines = whole["log"]
    assert whole["log_head"] != quick.json("verify")["log_head"]  # looking was written down as well
    events = [line["event"] for line in lines]
    assert {"note.signed", "signature.made", "note.opened", "client.opened", "search.made"} <= {*events}
    assert [line["count"] for line in lines if line["event"] == "unlock.failed"] == [1]
    assert events.index("unlock.failed") < len(events) - 1
    assert events[-1] == "vault.opened"
    assert all(line["words"] == WORDS[line["event"]] for line in lines)
    assert [line["of"] for line in lines if line["event"] == "note.opened"][-1] == SIGNED

    of_client = quick.json("log", "--client", "C014")["log"]
    assert {line["of"] for line in of_client} <= {"C014", "C014/1", "C014/2", "C014/3"}
    assert [line["number"] for line in of_client] == sorted(line["number"] for line in of_client)
    [signed] = quick.json("log", "--event", "note.signed")["log"]
    printed = quick.run("log", "--event", "note.signed").out
    assert f"{signed['number']:6d}  " in printed
    assert "The note was signed off.\n1 entries." in printed
    later = (date.today() + timedelta(days=2)).isoformat()  # noqa: DTZ011 - as the program counts days
    assert quick.json("log", "--from", later)["log"] == []
    for refused in (("--event", "house"), ("--from", "soon"), ("--client", "C999")):
        assert quick.run("log", *refused).code == 2
    everything = quick.run("log").out + quick.run("--plain", "log").out
    assert "house" not in everything.casefold()


@pytest.mark.parametrize(
    "command",
    [
        *("note list", "consent show", "person list", "aiuse list", "followup list", "correction list"),
        *("retention list", "access show"),
    ],
)
def test_a_command_that_shows_something_of_a_file_is_written_down(quick: InProcess, command: str) -> None:
    assert quick.json("log", "--client", "C014", "--event", "client.opened")["log"] == []
    quick.json(*command.split(), "C014")
    assert len(quick.json("log", "--client", "C014", "--event", "client.opened")["log"]) == 1


def test_the_signing_key_is_shown_and_its_words(quick: InProcess) -> None:
    shown = quick.json("signature", "show")
    assert len(bytes.fromhex(shown["public_key"])) == 32
    assert len(shown["words"]) == 8
    printed = quick.run("signature", "show").out
    assert shown["public_key"] in printed
    assert " ".join(shown["words"]) in printed
    assert "seed" not in printed
