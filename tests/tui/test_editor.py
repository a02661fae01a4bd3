"""Writing a note by keys: nothing typed is lost, process notes stay apart, risk is never filled in."""

import sys
from collections import Counter
from collections.abc import Callable
from datetime import date
from types import FrameType

import pytest
from rich.text import Text
from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.widgets import TextArea
from textual.widgets._footer import FooterKey  # Textual gives it no public home

from notekeeper.domain.note import Client, Note, NoteFormat, NoteKind, NotePart
from notekeeper.domain.risk import RiskEntry, RiskState
from notekeeper.domain.vault import Vault
from notekeeper.errors import VaultWriteError
from notekeeper.services.templates import template
from notekeeper.tui.app import Ending
from notekeeper.tui.base import Page
from notekeeper.tui.screens import editor
from notekeeper.tui.screens.editor import APART, EditorPage
from notekeeper.tui.screens.newnote import NewNoteBox
from notekeeper.tui.screens.ownview import OwnViewPage
from notekeeper.tui.screens.riskbox import RiskBox, RiskForm
from notekeeper.tui.screens.riskkinds import KindRow
from notekeeper.tui.screens.signed import SignedPage
from notekeeper.tui.widgets import STAND_IN, NoteText, PickOne, ShortText
from notekeeper.vault.notes import SqlNotes
from tests.tui.conftest import SIZES, AppAt, text_of, until
from tests.vault.invented import SIGNER, Sealed, add_client, add_note

AppMaker = Callable[[Callable[[], Page]], AppAt]
Driver = Pilot[Ending]


class Desk(Page):
    """A page to come back to."""

    TITLE = "Desk"


async def shows(pilot: Driver, *words: str) -> None:
    """Wait until all the words stand on the screen, line breaks apart."""
    await until(pilot, lambda: all(word in " ".join(text_of(pilot.app).split()) for word in words))  # type: ignore[arg-type]


async def opened(pilot: Driver, client: Client, note: Note | None = None) -> EditorPage:
    """The editor over the desk, with the cursor in the text; a new note is begun by Enter alone."""
    page = EditorPage(client, note)
    await pilot.app.push_screen(page)
    if note is None:
        await until(pilot, lambda: isinstance(pilot.app.screen, NewNoteBox) and pilot.app.screen.focused)
        await pilot.press("enter")
    await until(pilot, lambda: pilot.app.screen is page and isinstance(page.focused, NoteText))
    return page


def working(vault: Vault, note: Note, part: NotePart = NotePart.RECORD) -> str | None:
    kept = vault.notes.working(note.id, part)
    return kept.text if kept else None


def latest(vault: Vault, note: Note, part: NotePart = NotePart.RECORD) -> str | None:
    saved = vault.notes.latest(note.id, part)
    return saved.text if saved else None


@pytest.mark.parametrize("size", SIZES)
async def test_a_new_session_note_is_one_enter_away_and_enters_the_file_with_its_first_words(
    app_at: AppMaker, vault: Vault, size: tuple[int, int]
) -> None:
    client, app = add_client(vault), app_at(Desk)
    async with app.run_test(size=size) as pilot:
        page = await opened(pilot, client)
        assert vault.notes.of_client(client.id) == []
        await pilot.press(*"He spoke.")
        await shows(pilot, "2 words", "kept", "✓", "not saved yet", "risk: no state chosen", "C014/1")
        [note] = vault.notes.of_client(client.id)
        assert (note.kind, note.format, note.date) == (NoteKind.SESSION, NoteFormat.FREE, date.today())  # noqa: DTZ011
        await until(pilot, lambda: working(vault, note) == "He spoke.")
        await pilot.press("f5")
        await shows(pilot, "saved as revision 1", "Saved as revision 1.")
        assert (latest(vault, note), working(vault, note)) == ("He spoke.", None)
        await pilot.press(*" More.", "ctrl+s")
        await shows(pilot, "saved as revision 2")
        assert page.focused is page.query_one("#record")


async def test_a_note_begun_and_left_empty_leaves_nothing_in_the_file(app_at: AppMaker, vault: Vault) -> None:
    client, app = add_client(vault), app_at(Desk)
    async with app.run_test() as pilot:
        await opened(pilot, client)
        await pilot.press("f5")
        await shows(pilot, "The note is empty")
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, Desk))
        await pilot.app.push_screen(EditorPage(client))
        await until(pilot, lambda: isinstance(app.screen, NewNoteBox))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, Desk))
        assert vault.notes.of_client(client.id) == []


async def test_kind_format_and_day_are_chosen_by_keys_or_mouse(app_at: AppMaker, vault: Vault) -> None:
    client, app = add_client(vault), app_at(Desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.app.push_screen(EditorPage(client))
        await until(pilot, lambda: isinstance(app.screen, NewNoteBox) and app.screen.focused)
        await pilot.click("#format", offset=(4, 2))  # SOAP
        await pilot.press("shift+tab", "3", "tab", "tab", *["backspace"] * 10, *"2999-01-01", "enter")
        await shows(pilot, "! A note is dated between 1950 and today")
        await pilot.press(*["backspace"] * 10, *"2026-03-04", "enter")
        await shows(pilot, "Phone, text or e-mail", "SOAP", "04 Mar 2026", "Subjective:", "Plan:")
        await pilot.press(*"Rang.", "f5")
        await shows(pilot, "saved as revision 1")
        [note] = vault.notes.of_client(client.id)
        assert (note.kind, note.format, note.date) == (NoteKind.CONTACT, NoteFormat.SOAP, date(2026, 3, 4))
        assert latest(vault, note) == template(NoteKind.CONTACT, NoteFormat.SOAP).replace(":\n", ":\nRang.", 1)


async def test_leaving_saves_and_a_lock_keeps(app_at: AppMaker, vault: Vault, sealed: Sealed) -> None:
    client, app = add_client(vault), app_at(Desk)
    note = add_note(vault, client, "Before.")
    async with app.run_test() as pilot:
        await opened(pilot, client, note)
        await pilot.press(*" After.", "escape")
        await until(pilot, lambda: isinstance(app.screen, Desk))
        assert latest(vault, note) == "Before. After."
        await opened(pilot, client, note)
        await pilot.press("f2", *"Apart.", "f2", *" Last", "f12")
    assert app.return_value is Ending.LOCKED
    again = sealed.open()
    assert (working(again, note), working(again, note, NotePart.PROCESS)) == ("Before. After. Last", "Apart.")
    assert latest(again, note) == "Before. After."
    again.close()


async def test_text_left_by_a_crash_is_shown_whole_and_said_so(app_at: AppMaker, vault: Vault) -> None:
    client, app = add_client(vault), app_at(Desk)
    note = add_note(vault, client, "Saved.")
    vault.notes.autosave(note.id, "Saved. And typed.")
    async with app.run_test() as pilot:
        page = await opened(pilot, client, note)
        await shows(pilot, "Text typed here was kept but never saved", "Saved. And typed.")
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, Desk))
        assert (latest(vault, note), working(vault, note)) == ("Saved.", "Saved. And typed.")
        page = await opened(pilot, client, note)
        await pilot.press("f5")
        await shows(pilot, "saved as revision 2")
        assert (latest(vault, note), working(vault, note)) == ("Saved. And typed.", None)
        assert page.query_one("#record", NoteText).text == "Saved. And typed."


@pytest.mark.line(23)
async def test_looking_changes_nothing_whatever_the_line_breaks(app_at: AppMaker, vault: Vault) -> None:
    client, app = add_client(vault), app_at(Desk)
    text = "One.\r\nTwo.\nThree.\u2028Four.\x1b[31m [b]not markup[/b] [/]\u202e\tend"
    note = add_note(vault, client, text)
    async with app.run_test(size=(100, 24)) as pilot:
        await opened(pilot, client, note)
        await shows(pilot, "Three.", f"Four.{STAND_IN}[31m [b]not markup[/b] [/]{STAND_IN}")
        assert "\x1b[31m" not in text_of(app)
        await pilot.press("up", "right", "f2", "f2", "escape")
        await until(pilot, lambda: isinstance(app.screen, Desk))
        assert [r.text for r in vault.notes.revisions(note.id)] == [text]
        assert working(vault, note) is None


async def test_what_could_not_be_kept_is_told_and_kept_later(
    app_at: AppMaker, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, app = add_client(vault), app_at(Desk)
    note = add_note(vault, client, "Before.")

    def full(*_: object) -> None:
        raise VaultWriteError("The disk is full.")

    async with app.run_test() as pilot:
        page = await opened(pilot, client, note)
        with monkeypatch.context() as patched:
            patched.setattr(SqlNotes, "autosave", full)
            await pilot.press(*" More")
            await shows(pilot, "! The disk is full.", "NOT KEPT ✗")
            await pilot.press("escape")
            await shows(pilot, "You are still here, so that nothing is lost")
            assert app.screen is page
        await until(pilot, lambda: working(vault, note) == "Before. More")
        await shows(pilot, "kept", "✓")


async def test_process_notes_are_a_text_apart_and_look_it(app_at: AppMaker, vault: Vault) -> None:
    client, app = add_client(vault), app_at(Desk)
    async with app.run_test(size=(80, 24)) as pilot:
        page = await opened(pilot, client)
        await pilot.press(*"Record.", "f2")
        await shows(pilot, "PROCESS NOTES", APART, "F2 Record")  # the key line names the way back
        assert "Record." not in text_of(app)
        await pilot.press(*"Mine.", "f5")
        await shows(pilot, "Saved as revision 1.")
        [note] = vault.notes.of_client(client.id)
        assert latest(vault, note, NotePart.PROCESS) == "Mine."
        await pilot.press("f2", *" On.", "ctrl+z")
        await until(pilot, lambda: "PROCESS NOTES" not in text_of(app) and "F2 Process" in text_of(app))
        assert page.query_one("#record", NoteText).text == "Record."  # its own history of undoing
        await pilot.press("f6")
        await shows(pilot, "has not been asked about AI drafting", "F8 finishes without AI.")
        assert latest(vault, note) == "Record."


@pytest.mark.parametrize("size", SIZES)
async def test_risk_presets_nothing_and_keeps_what_is_chosen_and_written(
    app_at: AppMaker, vault: Vault, size: tuple[int, int]
) -> None:
    client, app = add_client(vault), app_at(Desk)
    note = add_note(vault, client, "Saved.")
    async with app.run_test(size=size) as pilot:
        page = await opened(pilot, client, note)
        await pilot.press("f3")
        await until(pilot, lambda: isinstance(app.screen.focused, PickOne))
        assert isinstance(app.screen, RiskBox if size[0] < 100 else EditorPage)
        form = app.screen.query_one(RiskForm)
        await pilot.press("down", "down")  # moving chooses nothing
        assert form.entry() is None
        assert all(field.disabled for field in form.query(ShortText))
        await pilot.press("f3")
        await until(pilot, lambda: isinstance(page.focused, NoteText) and app.screen is page)
        assert vault.reviews.risk(note.id) is None
        await pilot.press("f3")
        await until(pilot, lambda: isinstance(app.screen.focused, PickOne))
        await pilot.press("2", *"Asked; said no.", "tab", *"Choir", "tab", *"None.")
        await until(pilot, lambda: vault.reviews.risk(note.id) is not None)  # before it is closed
        await pilot.press("tab", *"GP", "tab", *"No", "tab", "tab", "space", "escape")
        await until(pilot, lambda: app.screen is page and isinstance(page.focused, NoteText))
        await shows(pilot, "risk: Asked – not disclosed ✓", "Saved.")
        wanted = RiskEntry(
            state=RiskState.ASKED_NOT_DISCLOSED,
            words="Asked; said no.",
            protective="Choir",
            action="None.",
            told="GP",
            safeguarding="No",
            safeguarding_adult=True,
        )
        assert vault.reviews.risk(note.id) == wanted
        assert len([e for e in vault.log.entries() if e.event == "review.risk"]) < 8  # not letter by letter


@pytest.mark.parametrize("size", SIZES)
async def test_risk_by_kind_is_one_key_away_and_what_is_at_odds_is_said_and_kept(
    app_at: AppMaker, vault: Vault, size: tuple[int, int]
) -> None:
    client, app = add_client(vault), app_at(Desk)
    note = add_note(vault, client, "She denies suicidal thoughts.\nHe hits her.")
    async with app.run_test(size=size) as pilot:
        await opened(pilot, client, note)
        await pilot.press(*" Twice", "f5")
        await shows(
            pilot, "Your note mentions suicide and harm to or from others", "“hits her”, line 2", "mean no risk."
        )
        await pilot.press("f3")
        await until(pilot, lambda: isinstance(app.screen.focused, PickOne))
        await pilot.press("f4")
        await shows(pilot, "Choose the overall state first")
        await pilot.press("2")
        await until(pilot, lambda: isinstance(app.screen.focused, ShortText))
        await pilot.press("f4")
        await until(pilot, lambda: isinstance(app.screen.focused, KindRow))
        await shows(pilot, "Suicide: Not recorded", "Harm from others: Not recorded")
        await pilot.press("w", "t")  # nothing is chosen yet, so there is nothing to answer
        assert app.screen.query_one(RiskForm).entry() == RiskEntry(state=RiskState.ASKED_NOT_DISCLOSED)
        await pilot.press("3", "w", "w", "w", "t", "p", "p", "i", "i", "i")
        await shows(pilot, "Suicide: Raised by client; past", "! Suicide says “Raised by client”")
        await pilot.press("down", "2", "down", "1", "0", "down", "3", "t", "escape")
        await shows(pilot, "risk: Asked – not disclosed ! contradicts")
        kept = vault.reviews.risk(note.id)
        assert kept is not None
        assert [each.words for each in kept.kinds] == [
            "Raised by client; past and current; thoughts yes, plan no, intent not asked",
            "Asked – not disclosed",
            "Raised by client; past or current: not said",
        ]
        await pilot.press("f3")
        await until(pilot, lambda: isinstance(app.screen.focused, ShortText))
        await pilot.press("shift+tab", "shift+tab", "1", "escape")
        await shows(pilot, "risk: Asked – disclosed ✓")
        await pilot.press("end", *"!", "f5")
        await until(pilot, lambda: "mentions" not in text_of(app))  # both are recorded now


@pytest.mark.parametrize("size", SIZES)
async def test_a_lock_keeps_the_risk_entry_being_written(
    app_at: AppMaker, vault: Vault, sealed: Sealed, size: tuple[int, int]
) -> None:
    client, app = add_client(vault), app_at(Desk)
    note = add_note(vault, client, "Saved.")
    async with app.run_test(size=size) as pilot:
        await opened(pilot, client, note)
        await pilot.press("f3")
        await until(pilot, lambda: isinstance(app.screen.focused, PickOne))
        await pilot.press("3", *"Said it herself", "f12")
    again = sealed.open()
    assert again.reviews.risk(note.id) == RiskEntry(state=RiskState.RAISED_BY_CLIENT, words="Said it herself")
    again.close()


async def test_a_session_not_attended_is_finished_without_a_focus(app_at: AppMaker, vault: Vault) -> None:
    client, app = add_client(vault), app_at(Desk)
    vault.set_signer(SIGNER)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.app.push_screen(EditorPage(client))
        await until(pilot, lambda: isinstance(app.screen, NewNoteBox) and app.screen.focused)
        await pilot.press("2", "enter")
        await shows(pilot, "Did not attend")
        await until(pilot, lambda: isinstance(app.screen, EditorPage))
        await pilot.press("f8")
        await until(pilot, lambda: isinstance(app.screen, OwnViewPage) and app.screen.focused)
        await pilot.press("f9")
        await shows(pilot, "The risk entry has no state yet")
        assert "focus and at least one theme" not in text_of(app)
        await pilot.press("escape", "f3")
        await until(pilot, lambda: isinstance(app.screen.focused, PickOne))
        await pilot.press("4", "escape", "f9")
        await shows(pilot, "y signs.")
        await pilot.press("y")
        await until(pilot, lambda: isinstance(app.screen, SignedPage))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, Desk))  # a signed note is not written on
        [note] = vault.notes.of_client(client.id)
        signed = vault.signoffs.of_note(note.id)
        assert signed is not None
        assert (note.signed, note.kind, signed.body.items, signed.body.ai_used) == (
            True,
            NoteKind.DID_NOT_ATTEND,
            (),
            False,
        )


async def test_cut_and_paste_work_inside_the_app(app_at: AppMaker, vault: Vault) -> None:
    client, app = add_client(vault), app_at(Desk)
    note = add_note(vault, client, "First line.")
    async with app.run_test() as pilot:
        page = await opened(pilot, client, note)
        await pilot.press("ctrl+x")
        assert page.query_one("#record", NoteText).text == ""
        await pilot.press("ctrl+v")
        assert page.query_one("#record", NoteText).text.strip() == "First line."


def prose(words: int, line: int) -> str:
    many = [f"word{n % 97}" for n in range(words)]
    return "\n".join(" ".join(many[at : at + line]) for at in range(0, words, line))


@pytest.mark.parametrize("words", [5_000, 20_000])
async def test_a_key_costs_the_same_in_a_short_and_in_a_long_note(
    app_at: AppMaker, vault: Vault, monkeypatch: pytest.MonkeyPatch, words: int
) -> None:
    """Counted: calls of our own functions while twenty letters are typed, the look twice a second apart."""
    monkeypatch.setattr(editor, "LOOK_EVERY_S", 3600.0)
    client, app = add_client(vault), app_at(Desk)
    counts = []
    async with app.run_test(size=(80, 24)) as pilot:
        for length in (500, words):
            page = await opened(pilot, client, add_note(vault, client, prose(length, 12)))
            await until(pilot, lambda: page.query(FooterKey))  # noqa: B023 - waited for here
            await pilot.pause(0.1)
            counts.append(await _our_calls(pilot, *"abcdefghijklmnopqrst"))
            await pilot.press("escape")
            await until(pilot, lambda: isinstance(app.screen, Desk))
            written = latest(vault, vault.notes.of_client(client.id)[-1])
            assert written is not None
            assert written.endswith("abcdefghijklmnopqrst")
    assert counts[0] == counts[1]


# Clocks that look for idleness and sleep, and the guard of every row that is painted.
_AS_IT_MAY = ("/tui/app.py", "/tui/locking.py", "/tui/wake.py", "/tui/watchdog.py", "/tui/inert.py")


async def _our_calls(pilot: Driver, *keys: str) -> Counter[str]:
    called: Counter[str] = Counter()

    def count(frame: FrameType, event: str, _: object) -> None:
        name = frame.f_code.co_filename
        ours = "/notekeeper/" in name and not name.endswith(_AS_IT_MAY)
        if event == "call" and ours and "render" not in frame.f_code.co_name:
            called[frame.f_code.co_qualname] += 1

    sys.setprofile(count)
    text = pilot.app.screen.query_one("#record", NoteText)
    try:
        await pilot.press(*keys)
        await until(pilot, lambda: text.text.endswith("".join(keys)))  # a busy machine takes them later
        await pilot.pause(0.2)
    finally:
        sys.setprofile(None)
    shown = ("NoteText.get_line", "_LongLine.divide", "_Rows")  # by rows of the screen, which repaints as it may
    return Counter({name: n for name, n in called.items() if not name.startswith(shown)})


async def until_rested(pilot: Pilot[None], *areas: NoteText) -> None:
    """Wait until no cursor is drawn."""
    while any(area.has_focus or area._cursor_visible for area in areas):
        await pilot.pause(0.02)


class Whole(NoteText):
    """The same, cutting every line as Textual does."""

    def get_line(self, line_index: int) -> Text:
        return TextArea.get_line(self, line_index)


class Two(App[None]):
    """The same text, shown in both ways."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def compose(self) -> ComposeResult:
        yield Whole(self._text, id="theirs")
        yield NoteText(self._text, id="ours")


@pytest.mark.parametrize(
    "text",
    [prose(3_000, 3_000), "a\tb " * 300, "語学 の 本 " * 200, "short\n\n" + "x" * 500, "tab\tat start\n" * 3],
)
async def test_a_long_paragraph_is_shown_as_textual_shows_it(text: str) -> None:
    app = Two(text)
    async with app.run_test(size=(60, 40)) as pilot:
        theirs, ours = app.query_one("#theirs", NoteText), app.query_one("#ours", NoteText)
        for area in (theirs, ours):
            area.select_line(0)
        app.set_focus(None)
        await until_rested(pilot, theirs, ours)
        assert ours.wrapped_document.height == theirs.wrapped_document.height
        for y in range(min(15, theirs.wrapped_document.height)):
            assert [*ours.render_line(y)] == [*theirs.render_line(y)]


async def test_a_short_text_takes_no_more_than_fits(app_at: AppMaker) -> None:
    class Form(Page):
        def compose(self) -> ComposeResult:
            yield ShortText("1234", most=6, title="Six")

    app = app_at(Form)
    async with app.run_test() as pilot:
        field = app.screen.query_one(ShortText)
        field.focus()
        field.to_the_end()
        await pilot.press(*"5678")
        assert field.text == "123456"
        field.select_all()
        await pilot.press("x")
        field.insert("yyyyyyyyyy")
        assert field.text == "xyyyyy"
