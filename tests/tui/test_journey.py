"""The whole way in a real terminal of 80 columns and 24 lines: from the first start to a report and a locked vault.

What always holds: the program is started as a person starts it, with the real models; at each step the test reads
what a person would read then, and only that; at the end the command line says what the record holds.
"""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from notekeeper.domain.report import RISK_NOT_INCLUDED
from tests.cli.driver import PASSPHRASE, Program
from tests.cli.life import traced, without_network
from tests.forms import LONG
from tests.security.traces import judge
from tests.tui.terminal import on_disk

SESSION = "marrowfinch"
NOTE = (
    f"She lies awake since the quarrel with her sister and listens for the {SESSION}. "
    "She said yes to every extra shift at work and then resented it. "
    "We looked at what it would cost her to say no to one shift. "
    "She rang her sister twice and cried after both calls."
)
FOCUS = "Where her own no begins"
RISK = "Thought of not waking; no plan."
NAME, REGISTRATION = "P. Invented", "REG 7"
DRAFT_S = 240.0
_ITEM = re.compile(r"▸• +(FOCUS|THEME|REFLECTION|IDEA)(?: [A-Z]\d+)?  (.*?) +to decide", re.DOTALL)


@dataclass
class Window:
    """A terminal window, as tmux holds it. What is asked of it is what stands on it."""

    program: Program
    socket: Path
    wrapper: tuple[str, ...] = ()

    def _tmux(self, *arguments: str) -> str:
        command = ["tmux", "-u", "-S", str(self.socket), "-f", os.devnull, *arguments]
        environment = {**self.program.environment(), "TERM": "xterm-256color"}
        return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout

    def start(self) -> None:
        before = " ".join(self.wrapper).format(number=0)
        command = f"{before} {sys.executable} -m notekeeper --vault {self.program.vault}; echo ended with $?; sleep 600"
        self._tmux("new-session", "-d", "-x", "80", "-y", "24", command)

    def end(self) -> None:
        self._tmux("kill-server")

    def type(self, text: str) -> None:
        self._tmux("send-keys", "-l", text)

    def press(self, *keys: str) -> None:
        self._tmux("send-keys", *keys)

    def to_the_next_line(self, key: str) -> None:
        """Press a key that leads on to another field, and wait until the cursor stands there."""
        at = self._tmux("display-message", "-p", "#{cursor_y}")
        self.press(key)
        end = time.monotonic() + 20
        while self._tmux("display-message", "-p", "#{cursor_y}") == at:
            assert time.monotonic() < end, f"the cursor stayed:\n{self.screen()}"
            time.sleep(0.1)

    def screen(self) -> str:
        return self._tmux("capture-pane", "-p")

    def everything(self) -> str:
        """The screen, what scrolled off it, and the screen behind."""
        return self._tmux("capture-pane", "-p", "-S", "-") + self._tmux("capture-pane", "-p", "-a", "-q", "-S", "-")

    def see(self, *words: str, seconds: float = 60) -> str:
        """Wait until all the words stand on the screen, line breaks apart; the screen."""
        end = time.monotonic() + seconds
        while True:
            shown = self.screen()
            missing = [word for word in words if word not in " ".join(shown.split())]
            if not missing:
                return shown
            assert time.monotonic() < end, f"{missing} did not come:\n{shown}"
            time.sleep(0.1)

    def gone(self, words: str) -> None:
        """Wait until the words have left the screen. A key right behind Esc would be another key to a terminal."""
        end = time.monotonic() + 60
        while words in self.screen():
            assert time.monotonic() < end, f"{words} stayed"
            time.sleep(0.1)


@dataclass
class Decided:
    """What the therapist of this journey kept and left out, as (kind, words)."""

    kept: list[tuple[str, str]] = field(default_factory=list)
    edited: list[str] = field(default_factory=list)
    left_out: list[tuple[str, str]] = field(default_factory=list)


@pytest.fixture
def program(tmp_path: Path) -> Program:
    return Program(tmp_path / "room")


@pytest.fixture
def window(program: Program, tmp_path: Path) -> Iterator[Window]:
    if shutil.which("tmux") is None:
        assert "CI" not in os.environ, "the journey needs tmux, which is not installed"
        pytest.skip("tmux, the terminal of this journey, is not installed")
    made = Window(program, tmp_path / "socket", (*without_network(), *traced(tmp_path, filtered=not LONG)))
    made.start()
    yield made
    made.end()


@pytest.mark.line(3, 4)
def test_from_the_first_start_to_a_report_and_a_locked_vault(window: Window, program: Program, tmp_path: Path) -> None:
    make_a_vault(window, program)
    add_a_client(window)
    write_the_note_and_draft_it(window)
    decided = decide_on_every_item(window)
    write_the_risk_entry_and_sign(window)
    data = write_the_report(window, program)
    read_it_on_the_command_line(program, data)
    lock_and_open_again(window)
    assert_the_record_is_what_was_decided(program, decided)
    assert SESSION.encode() not in on_disk(program.room)
    traces = list(tmp_path.glob("trace-*"))
    assert len(traces) == (shutil.which("strace") is not None)
    judge(traces)


def make_a_vault(window: Window, program: Program) -> None:
    window.see("Welcome to notekeeper", "Make a vault", "Look round", "Nothing is sent anywhere.")
    window.press("Enter")
    window.see("Make a vault", "Passphrase", "The same again", "Four or five unrelated words")
    window.type(PASSPHRASE)
    assert PASSPHRASE not in window.see("very strong")
    window.to_the_next_line("Enter")
    window.type(PASSPHRASE)
    window.press("Enter")
    shown = window.see("Your recovery key", "Write it on paper now", "Enter, once it is on paper.")
    key = "".join(re.findall(r"\b[0-9A-Z]{4}\b", "".join(line for line in shown.splitlines() if " – " in line)))
    assert len(key) == 9 * 4
    window.press("Enter")
    assert key[:4] not in window.see("Type the key from your paper")
    window.type(key.lower())
    window.press("Enter")
    window.see("Caseload: 0 client(s)", "No clients yet. Press a to add the first one")
    assert (program.vault / "header").is_file()


def add_a_client(window: Window) -> None:
    window.type("a")
    window.see("Add a client", "A code of your own, not a name")
    window.type("C014")
    window.press("Enter")
    window.see("Caseload: 1 client(s)", "C014 is in your caseload.")
    window.press("Enter")
    window.see("C014 · session 0", "NOT GIVEN", "No notes yet.")
    window.type("e")
    window.see("C014 · front sheet", "Emergency contact")
    window.type("A sister, by telephone")
    window.press("F5")
    window.see("Saved ✓")
    window.press("Escape")
    window.gone("· front sheet")
    window.see("C014 · session 0", "A sister, by telephone", "AI drafting: – not asked")
    window.type("g")
    window.see("Agreement to AI use · C014", "Asked as:")
    window.type("a")
    window.see("Kept: AI drafting, ✓ agreed")
    window.press("Down", "Down")
    window.see("Supervision reports: – not asked")
    window.type("a")
    window.see("Kept: Supervision reports, ✓ agreed")
    window.press("Escape")
    window.gone("Asked as:")
    window.see("AI drafting: ✓ agreed", "AI patterns: – not asked", "Supervision reports: ✓ agreed")


def write_the_note_and_draft_it(window: Window) -> None:
    window.type("n")
    window.see("New note for C014", "Enter begins")
    window.press("Enter")
    window.see("C014, new · Session", "0 words", "not saved yet", "risk: no state chosen")
    window.type(NOTE)
    window.see("C014/1", f"{len(NOTE.split())} words", "kept", "✓", SESSION)
    window.press("F6")
    window.see("◌ Draft:", "go on typing", "saved as revision 1", "F7 Stop")
    window.see("● DRAFT ready, nothing of it is in the record", seconds=DRAFT_S)
    window.press("F8")
    window.see("DRAFT · C014/1", "nothing here is signed")


def decide_on_every_item(window: Window) -> Decided:
    """The focus in own words; the first theme kept, the others rejected; reflections to the supervision notes; ideas
    rejected, the first one with a reason."""
    decided = Decided()
    found = re.search(r"0 of (\d+) decided", window.see("0 of"))
    assert found is not None
    total = int(found[1])
    assert total >= 3
    for number in range(1, total + 1):
        kind, words = item_at_hand(window)
        themes = [each for each, _ in decided.kept + decided.left_out if each == "theme"]
        if kind == "focus":
            window.type("e")
            window.see("In my words", "Enter keeps")
            window.press("C-u")
            window.see("┃ ┃")
            window.type(FOCUS)
            window.see(f"┃ {FOCUS}")
            window.press("Enter")
            window.see(f"{number} of {total} decided", "✎ edited" if number == total else FOCUS)
            window.type("n")
            decided.kept.append((kind, FOCUS))
            decided.edited.append(words)
        elif kind == "reflection":
            window.type("s")
            decided.kept.append((kind, words))
        elif kind == "theme" and not themes:
            window.type("a")
            decided.kept.append((kind, words))
        else:
            window.type("x")
            window.see("A reason, if you like")
            if not decided.left_out:
                window.type("2")
                window.see("Noted: not important.")
            decided.left_out.append((kind, words))
        window.see(f"{number} of {total} decided")
    window.type("n")
    window.see("Every item is decided. p writes the risk entry, F9 signs.", "DRAFT · C014/1")
    return decided


def item_at_hand(window: Window) -> tuple[str, str]:
    """The kind and the words of the undecided item that the mark stands at, beside a marked sentence of the note."""
    end = time.monotonic() + 20
    while (found := _ITEM.search(window.screen())) is None:
        assert time.monotonic() < end, f"no item is at hand:\n{window.screen()}"
        time.sleep(0.1)
    return found[1].lower(), " ".join(re.sub("[▀-▟]", " ", found[2]).split())  # the bar that scrolls is no word


def write_the_risk_entry_and_sign(window: Window) -> None:
    window.press("F9")
    window.see("Not yet. Still to do:", "risk")
    window.press("Escape")
    window.gone("Not yet.")
    window.type("p")
    window.see("Asked – disclosed", "Past or current; thoughts, plan, intent")
    window.to_the_next_line("1")
    window.see("● 1 Asked – disclosed")
    window.type(RISK)
    window.see(RISK)
    window.press("F3")
    window.see("risk: Asked – disclosed ✓", "DRAFT · C014/1")
    window.press("F9")
    window.see("Sign C014/1", "Your name and registration are asked for once.")
    window.type(NAME)
    window.to_the_next_line("Enter")
    window.type(REGISTRATION)
    window.press("Enter")
    window.see(f"Signed by: {NAME}, {REGISTRATION}", "y signs.", "Destroyed:")
    window.type("y")
    shown = window.see("SIGNED ✓", "C014/1", "Note, as signed", SESSION)
    assert "DRAFT" not in shown


def write_the_report(window: Window, program: Program) -> Path:
    window.type("r")
    window.see("Report · C014", RISK_NOT_INCLUDED)
    window.press("Space")
    assert re.search(r"✓\S* Risk and safeguarding", window.see(RISK))
    window.press("F9")
    window.see("Look through the report", "Nothing is open", "y approves these exact bytes")
    window.type("y")
    window.see("Written:", "C014")
    home = program.room / "home"
    [data], [page] = home.glob("*.json"), home.glob("*.html")
    assert RISK in page.read_text(encoding="utf-8")
    return data


def read_it_on_the_command_line(program: Program, data: Path) -> None:
    shown = program.run("browse", str(data), vault=False)
    assert (shown.code, shown.err) == (0, "")
    for words in ("C014", RISK, "1 of 1 session"):
        assert words in shown.out
    [report] = program.json("browse", str(data), vault=False)["pages"]
    assert report["risk"]["entries"][0]["words"] == RISK
    assert report["signed_by"] == f"{NAME}, {REGISTRATION}"


def lock_and_open_again(window: Window) -> None:
    window.press("F12")
    window.see("Unlock", "Passphrase", "The vault at")
    left = window.everything()
    assert [words for words in (SESSION, RISK, FOCUS, NAME, "SIGNED") if words in left] == []
    window.type(PASSPHRASE)
    window.press("Enter")
    window.see("Caseload: 1 client(s)", "C014: session 1")
    window.press("Enter")
    window.see("C014 · session 1", "✓ signed", f"Focus: {FOCUS}")
    window.press("C-q")
    window.see("ended with 0")


def assert_the_record_is_what_was_decided(program: Program, decided: Decided) -> None:
    verified = program.json("verify")
    assert (verified["sound"], verified["problems"]) == (True, [])
    signed = program.json("review", "list", "C014/1")["signed"]
    assert sorted((item["kind"], item["text"]) for item in signed["items"]) == sorted(decided.kept)
    sent = {item["kind"]: item["destination"] for item in signed["items"]}
    assert sent.get("reflection", "supervision_notes") == "supervision_notes"
    tally = signed["tally"]
    assert tally["edited"] == len(decided.edited)
    assert tally["rejected"] == len(decided.left_out)
    assert tally["accepted"] == len(decided.kept) - len(decided.edited)
    assert tally["reject_reasons"].get("not_important", 0) == min(1, len(decided.left_out))
    assert (signed["risk"]["state"], signed["risk"]["words"]) == ("asked_disclosed", RISK)
    assert signed["signer"] == {"name": NAME, "registration": REGISTRATION}
    assert signed["ai_used"] is True
    assert "A sister, by telephone" in json_of_front_sheet(program)


def json_of_front_sheet(program: Program) -> str:
    return program.run("client", "front", "C014").out
