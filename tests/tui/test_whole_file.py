"""The whole life of a client's file, lived in the app by keys: from the first agreement to the certificate.

A couple comes; one of them withdraws from AI drafting later; a note is filed under the wrong client; a correction and
a copy of the record are asked for; years later the file is destroyed. What no keys can bring are the two drafts, which
are invented and stored, and the years: the work is said to have ended long ago.
"""

from collections.abc import Awaitable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import DataTable, Input

from notekeeper.domain.draft import Draft
from notekeeper.domain.vault import Vault
from notekeeper.services.caseload import own_day
from notekeeper.tui.access import access_to
from notekeeper.tui.app import Ending, NotekeeperApp
from notekeeper.tui.screens.access import AccessPage, AskBox
from notekeeper.tui.screens.access_marking import MarkPage, ReasonBox
from notekeeper.tui.screens.agreements import AgreementsBox
from notekeeper.tui.screens.ai_use import AiUsePage
from notekeeper.tui.screens.caseload import AddClientBox, CaseloadPage
from notekeeper.tui.screens.client import ClientPage
from notekeeper.tui.screens.corrections import AnswerPage, CorrectionsPage
from notekeeper.tui.screens.destroying import DestroyPage
from notekeeper.tui.screens.editor import EditorPage
from notekeeper.tui.screens.front import FrontSheetPage
from notekeeper.tui.screens.history import HistoryPage
from notekeeper.tui.screens.identity import IdentityPage
from notekeeper.tui.screens.menu import ClientMenu, PracticeMenu
from notekeeper.tui.screens.misfiled import MoveBox
from notekeeper.tui.screens.newnote import NewNoteBox
from notekeeper.tui.screens.people import PeoplePage
from notekeeper.tui.screens.retention import FileRetentionPage, RetentionPage
from notekeeper.tui.screens.review import ReviewPage
from notekeeper.tui.screens.riskbox import RiskBox
from notekeeper.tui.screens.search import SearchPage
from notekeeper.tui.screens.signed import SignedPage
from notekeeper.tui.screens.signing import SignBox
from tests.tui.conftest import AppAt, text_of, until
from tests.tui.reviewed import SENTENCES, TEXT, draft_of_twelve
from tests.tui.test_stories import at, reads
from tests.vault.invented import Sealed

PLACE = "larchpennon road"
PERSON = "Partner Yarrowdun"
NAME = "Wrackthessal"
SESSION = "quillmarsh"
PROCESS = "tansyferret"
RISK = "brindleloft"
ADDENDUM = "hollowgander"
MOVED = "sedgebellow"
ASKED = "mirthenkelp"
STATEMENT = "oxlipdrift"
AI = "fennelrook"
WITHHELD_FOR = "gorsewinch"
HELD_FOR = "cobaltwren"
MODEL = "coat stays on until it is safe"
CANARIES = [
    *(
        PLACE,
        PERSON,
        NAME,
        SESSION,
        PROCESS,
        RISK,
        ADDENDUM,
        MOVED,
        ASKED,
        STATEMENT,
        AI,
        WITHHELD_FOR,
        HELD_FOR,
        MODEL,
    ),
    *("Her sister had rung", "YX31"),  # a code that no hexadecimal number holds by chance
]
SISTER = "Her sister had rung twice on Sunday"
TWELVE = draft_of_twelve()
ABOUT_THE_FIRST_SENTENCE = {"focus": None, "themes": TWELVE.themes[:1], "reflections": (), "ideas": TWELVE.ideas[1:2]}
LONG_AGO = date(own_day().year - 8, 1, 2)


class Walk:
    """Somebody at the keys."""

    def __init__(self, pilot: Pilot[Ending]) -> None:
        app = pilot.app
        assert isinstance(app, NotekeeperApp)
        self.pilot, self.app = pilot, app

    @property
    def vault(self) -> Vault:
        return self.app.open_vault

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)

    async def write(self, text: str) -> None:
        await self.pilot.press(*("enter" if letter == "\n" else letter for letter in text))

    async def at(self, page: type[Screen[Any]]) -> None:
        await self._told(at(self.pilot, page), page.__name__)

    async def reads(self, *words: str) -> None:
        await self._told(reads(self.pilot, *words), str(words))

    async def _told(self, wait: Awaitable[None], what: str) -> None:
        """Wait, and if it is in vain say with what on the screen."""
        try:
            await wait
        except AssertionError:
            raise AssertionError(f"{what} did not come:\n{text_of(self.app)}") from None

    async def to(self, field: str) -> None:
        """Tab until this field has the keys."""
        for _ in range(30):
            if self.app.focused is not None and self.app.focused.id == field:
                return
            await self.press("tab")
        raise AssertionError(f"Tab never came to {field}")

    async def fill(self, **fields: str) -> None:
        """Go to each field, by its id with - for _, and type over what stands there."""
        for name, text in fields.items():
            await self.to(name.replace("__", "-"))
            await self.write(text)

    async def back(self, *pages: type[Screen[Any]]) -> None:
        """Esc, and the page that comes; once for each."""
        for page in pages:
            await self.press("escape")
            await self.at(page)

    async def file(self, code: str) -> None:
        """From the caseload into this client's file."""
        await self.at(CaseloadPage)
        await self.press("up", "up", *["down"] * [each.code for each in self.vault.clients.all()].index(code), "enter")
        await self.at(ClientPage)
        await self.reads(f"{code} · session")

    async def more(self, name: str, page: type[Screen[Any]]) -> None:
        """From the file to a page of its menu, by the number that stands before its name; the last has none."""
        await self.press("m")
        await self.at(ClientMenu)
        await self.reads(name)
        line = next(line for line in text_of(self.app).splitlines() if name in line)
        number = next((word for word in line.split() if word.isdigit()), None)
        await self.press(*([number] if number else ["end", "enter"]))
        await self.at(page)


async def a_couple_comes(walk: Walk) -> None:
    await walk.at(CaseloadPage)
    for code in ("YX31", "YX32"):
        await walk.press("a")
        await walk.at(AddClientBox)
        await walk.press(*code, "enter")
        await walk.reads(f"{code} is in your caseload.")
    await walk.file("YX31")
    await walk.reads("No notes yet. n writes the first one")
    await walk.press("e")
    await walk.at(FrontSheetPage)
    await walk.fill(front__emergency_contact=PLACE, front__work="couple", front__lawful_basis="Legitimate interests")
    await walk.press("f5")
    await walk.reads("Saved ✓")
    await walk.back(ClientPage)
    await walk.reads(PLACE, "Work with: couple", "Legitimate interests")

    await walk.more("People", PeoplePage)
    await walk.reads("Nobody is entered. For one adult nothing is needed here.")
    await walk.write(f"{PERSON}\nPartner B\n")
    await walk.reads(f"P1, {PERSON}, client", "P2, Partner B, client", "not been asked about AI use yet")
    await walk.back(ClientMenu, ClientPage)
    await walk.more("Identity", IdentityPage)
    await walk.reads("No identity is kept, and none is needed")
    await walk.press("f4")
    await until(walk.pilot, lambda: isinstance(walk.app.focused, Input))
    await walk.write(NAME)
    await walk.back(ClientMenu, ClientPage)

    await walk.press("g")
    await walk.at(AgreementsBox)
    await walk.reads("Asked as:", "AI drafting · Partner B: – not asked")
    await walk.press("a", "down", "a")
    await walk.reads(f"AI drafting · Partner B: ✓ agreed {own_day()}, spoken, by client")
    await walk.back(ClientPage)
    await walk.press("space")
    await walk.reads("AI drafting: ✓ everybody agrees")


async def a_session_with_a_word_of_risk(walk: Walk) -> None:
    await walk.press("n")
    await walk.at(NewNoteBox)
    await walk.press("enter")
    await walk.at(EditorPage)
    await walk.write(f"{TEXT} He spoke of suicide by the {SESSION}.")
    await walk.press("f5")
    await walk.reads("Your note mentions suicide (“suicide”, line 3)", "risk is not recorded", "does not mean no risk")
    await walk.press("f2")
    await walk.reads("Kept apart from AI and reports")
    await walk.write(f"I thought of the {PROCESS}.")
    await walk.press("f2", "f3")
    await walk.at(RiskBox)
    await walk.press("3", *RISK, "f4", "3", "w", "w", "t", "f3")
    await walk.at(EditorPage)
    await walk.reads("risk: Raised by client ✓")
    await walk.press("f3")
    await walk.at(RiskBox)
    await walk.reads("By kind (F4): Suicide", RISK)
    await walk.press("f4")
    await walk.reads("Suicide: Raised by client; current; thoughts yes", "Self-harm: Not recorded")
    await walk.back(EditorPage)
    await walk.press("f5")
    await until(walk.pilot, lambda: "Your note mentions" not in text_of(walk.app))
    await walk.back(ClientPage)
    await walk.reads("○ not signed", "Raised by client")


def store_a_draft(walk: Walk, number: int, draft: Draft) -> None:
    """What an engine would have done."""
    client = walk.vault.clients.by_code("YX31")
    note = walk.vault.notes.by_number(client.id, number)
    text = walk.vault.notes.latest(note.id)
    assert text is not None
    walk.vault.drafts.store(note.id, text.id, draft)


async def reviewed_and_signed(walk: Walk) -> None:
    store_a_draft(walk, 1, TWELVE)
    await walk.press("enter")
    await walk.at(EditorPage)
    await walk.press("f8")
    await walk.at(ReviewPage)
    await walk.reads("DRAFT · YX31/1 · 0 of 12 decided")
    await walk.press(*"aaaaaa")
    await walk.reads("6 of 12 decided")
    await walk.press(*"rsxrr")
    await walk.reads("11 of 12 decided")
    await walk.press("f9")
    await walk.at(SignBox)
    await walk.reads("Not yet. Still to do:")
    await walk.back(ReviewPage)
    await walk.press("s")
    await walk.reads("12 of 12 decided", "risk: Raised by client ✓")
    await walk.press("f9")
    await walk.at(SignBox)
    await walk.write("P. Invented\n\n")
    await walk.reads("Kept: 9 items to the record, 2 to my supervision notes", "Signed by: P. Invented", "y signs.")
    await walk.press("y")
    await walk.at(SignedPage)
    await walk.reads("SIGNED ✓ · YX31/1")
    await walk.press("a")
    await walk.reads("F5 adds it for good")
    await walk.write(f"Seen later: {ADDENDUM}.")
    await walk.press("f5")
    await walk.reads(
        "Addendum 1 was added beneath the note.", ADDENDUM, "AI drafts were used; every item was reviewed."
    )
    await walk.back(ClientPage)
    await walk.reads("✓ signed")
    await walk.back(CaseloadPage)


async def a_note_in_the_wrong_file(walk: Walk) -> None:
    await walk.file("YX32")
    await walk.press("n")
    await walk.at(NewNoteBox)
    await walk.press("enter")
    await walk.at(EditorPage)
    await walk.write(f"{SENTENCES[0]} The {MOVED} sang.")
    await walk.reads("YX32/1", "kept")
    await walk.press("f9")
    await walk.at(MoveBox)
    await walk.reads("Filed under the wrong client: move note YX32/1")
    await walk.write("YX31\nYX32\n")
    await walk.reads("Type YX32/1 to move it. Nothing was moved.")
    await walk.write("/1\n")
    await walk.at(ClientPage)
    await walk.reads("YX32", "– wrong client, moved –")
    assert MOVED not in text_of(walk.app)
    await walk.back(CaseloadPage)
    await walk.file("YX31")
    await walk.reads("session 2", "○ not signed", "✓ signed")


async def a_correction_and_ai_use(walk: Walk) -> None:
    await walk.more("Correction requests", CorrectionsPage)
    await walk.fill(correction__by="Partner B", correction__note="1", correction__asks=f"I never said {ASKED}.")
    await walk.press("f5")
    await walk.reads("Added: request C1, due", "Enter on it answers it")
    await walk.to("corrections-list")
    await walk.press("enter")
    await walk.at(AnswerPage)
    await walk.reads(ASKED)
    await walk.press("1")
    await walk.fill(correction__addendum="1", correction__statement=f"To me it was {STATEMENT}.")
    await walk.press("f5")
    await walk.reads("Your answer is in the file.", "Corrected by an addendum", STATEMENT)
    await walk.back(CorrectionsPage, ClientMenu, ClientPage)
    await walk.more("The client's own use of AI", AiUsePage)
    await walk.write(AI)
    await walk.press("f5")
    await walk.reads("Added: entry 1.", f"1. {own_day()}, {AI}")
    await walk.to("ai-use-entries")
    assert "Open" not in text_of(walk.app)  # these lines are only read, and no key says otherwise
    await walk.back(ClientMenu, ClientPage)


async def a_copy_for_the_client(walk: Walk, home: Path) -> None:
    await walk.more("Access requests", AccessPage)
    await walk.reads("No request was noted down yet. n notes one down.", "This file is about more than one person.")
    await walk.press("n")
    await walk.at(AskBox)
    await walk.write("Partner B\n")
    await walk.at(AccessPage)
    await walk.reads("by Partner B", "Marks of request 1: none")
    await walk.press("p")
    await walk.at(MarkPage)
    await walk.reads("YX31/1 · record", "text 1 of 3")
    await walk.press("down", "space", "t")
    await walk.at(ReasonBox)
    await walk.write(WITHHELD_FOR)
    await walk.press("f5")
    await walk.at(MarkPage)
    await walk.reads("Marked in this note: 1: sentence 2")
    await walk.back(AccessPage)
    await walk.reads("[withheld 1]", "takes something out in", f"“{SISTER}")
    await walk.press("f9")
    await walk.reads("Written, not encrypted:", "answered")
    files = sorted(home.glob("access_*"))
    assert [path.suffix for path in files] == [".html", ".json", ".md"]
    for path in files:
        held = path.read_text(encoding="utf-8")
        assert {word for word in (SESSION, RISK, ADDENDUM, MOVED, ASKED, STATEMENT, AI) if word not in held} == set()
        assert {word for word in (SISTER, WITHHELD_FOR) if word in held} == set()
        assert "She arrived early and sat with her coat on. [withheld 1] She said yes" in " ".join(held.split())
    await walk.back(ClientMenu, ClientPage)


async def one_of_them_withdraws(walk: Walk) -> None:
    store_a_draft(walk, 2, TWELVE.model_copy(update=ABOUT_THE_FIRST_SENTENCE))
    client = walk.vault.clients.by_code("YX31")
    signed, moved = (walk.vault.notes.by_number(client.id, number) for number in (1, 2))
    before = walk.vault.signoffs.of_note(signed.id)
    assert before is not None
    assert before.body.provenance is not None
    await walk.press("g")
    await walk.at(AgreementsBox)
    await walk.press("w")
    await walk.reads("! 1 draft(s) not signed will be destroyed; the notes stay. Press")
    assert walk.vault.drafts.latest(moved.id) is not None
    await walk.press("w")
    await walk.reads(f"AI drafting · {PERSON}: ✗ withdrawn", "Kept: AI drafting")
    await walk.back(ClientPage)
    await walk.reads("○ not signed")
    assert "◇" not in text_of(walk.app)
    after = walk.vault.signoffs.of_note(signed.id)
    assert after is not None
    assert after.body == before.body.model_copy(update={"provenance": None})
    assert walk.vault.drafts.latest(moved.id) is None
    for word, number in ((SESSION, 1), (MOVED, 2)):
        await walk.press("f")
        await walk.at(SearchPage)
        await walk.write(f"{word}\n")
        await walk.reads(f"YX31/{number}", f"«{word}»")
        await walk.back(ClientPage)


async def the_log_says_what_happened(walk: Walk) -> None:
    await walk.more("Log", HistoryPage)
    await walk.reads("What made its draft was destroyed.", "An answer to AI use was recorded.")
    table = walk.app.screen.query_one(DataTable)
    read = "\n".join(" ".join(map(str, table.get_row_at(row))) for row in range(table.row_count))
    for said in ("A note came from another file.", "A correction request was answered.", "The identity was shown."):
        assert said in read
    assert [word for word in CANARIES if word in read] == []
    await walk.back(ClientMenu, ClientPage)


async def the_file_falls_due(walk: Walk) -> None:
    await walk.press("e")
    await walk.at(FrontSheetPage)
    await walk.fill(front__ended=LONG_AGO.isoformat())
    await walk.back(ClientPage, CaseloadPage)
    await walk.press("p")
    await walk.at(PracticeMenu)
    await walk.press("2")
    await walk.at(RetentionPage)
    await walk.reads(
        "Due for review now: 1", f"YX31: from {LONG_AGO.replace(year=LONG_AGO.year + 7)}", "Destroyed: none"
    )
    await walk.press("enter")
    await walk.at(FileRetentionPage)
    await walk.reads("YX31 · retention of this file", "No legal hold.")
    await walk.fill(retention__reason=HELD_FOR)
    await walk.press("f8")
    await walk.reads("On legal hold: nothing of this file can be destroyed until you lift it.", HELD_FOR)
    await walk.back(RetentionPage)
    await walk.reads("On legal hold: 1", "Due for review now: none")
    await walk.back(PracticeMenu, CaseloadPage)


async def destroyed(walk: Walk, certificate: Path) -> None:
    await walk.file("YX31")
    await walk.more("Destroy this file", DestroyPage)
    await walk.reads("What will be destroyed: notes 2", "on legal hold")
    await walk.press("1", "f8", *"YX31", "enter")
    await walk.reads("! This file is on legal hold")
    assert walk.vault.clients.by_code("YX31")
    await walk.back(ClientMenu, ClientPage)
    await walk.more("Retention of this file", FileRetentionPage)
    await walk.fill(retention__reason="Settled")
    await walk.press("f8")
    await walk.reads("The legal hold is lifted.", "No legal hold.")
    await walk.back(ClientMenu, ClientPage)
    await walk.more("Destroy this file", DestroyPage)
    await walk.press("1")
    await walk.fill(destroy__place=str(certificate))
    await walk.press("f8", *"YX32", "enter")
    await walk.reads("! That is not this client's code. Nothing was destroyed.")
    await walk.press("backspace", "1", "enter")
    await walk.reads("CERTIFICATE OF DESTRUCTION", "Destroyed. The certificate lies at")
    await walk.back(CaseloadPage)
    await walk.reads("YX32")
    assert "YX31" not in text_of(walk.app)
    await walk.press("p")
    await walk.at(PracticeMenu)
    await walk.press("2")
    await walk.at(RetentionPage)
    await walk.reads("Due for review now: none", "Destroyed: 1")
    assert "YX31" not in text_of(walk.app)
    await walk.back(PracticeMenu, CaseloadPage)
    await walk.press("f")
    await walk.at(SearchPage)
    await walk.write(f"{MOVED}\n")
    await walk.reads("No saved note holds all of these words.")


async def test_the_whole_life_of_a_file(
    sealed: Sealed, vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setattr(Path, "home", lambda: home)
    certificate = tmp_path / "certificate"
    app = AppAt(access_to(sealed.path), vault, CaseloadPage)
    async with app.run_test(size=(80, 24)) as pilot:
        walk = Walk(pilot)
        await a_couple_comes(walk)
        await a_session_with_a_word_of_risk(walk)
        await reviewed_and_signed(walk)
        await a_note_in_the_wrong_file(walk)
        await a_correction_and_ai_use(walk)
        await a_copy_for_the_client(walk, home)
        await one_of_them_withdraws(walk)
        await the_log_says_what_happened(walk)
        await the_file_falls_due(walk)
        await destroyed(walk, certificate)
    assert "Because: " in (certificate.with_suffix(".txt")).read_text(encoding="utf-8")
    opened = sealed.open()
    report = opened.verify()
    assert report.problems == ()
    assert [each.code for each in opened.clients.all()] == ["YX32"]
    read = " ".join(f"{entry.event} {entry.subject} {entry.client_id}" for entry in opened.log.entries())
    opened.close()
    held = sealed.pages().lower() + read.lower().encode() + b"".join(sealed.files().values()).lower()
    assert [word for word in CANARIES if word.lower().encode() in held] == []
    assert b"yx32" in held
