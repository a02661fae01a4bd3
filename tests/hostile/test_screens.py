"""Hostile texts on every screen of the app, and what a real terminal is sent of them."""

import re
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from textual import events
from textual.screen import Screen
from textual.widgets import Static

from notekeeper.domain.ai_use import AiUse
from notekeeper.domain.client_file import FrontSheet
from notekeeper.domain.consent import Answer, Purpose
from notekeeper.domain.draft import Draft, Focus, Idea, Provenance, ReadAccount, Reflection, Theme, Withheld
from notekeeper.domain.entry import EntryKind
from notekeeper.domain.identity import Identity
from notekeeper.domain.note import Client, Note, NotePart
from notekeeper.domain.people import Capacity, Person
from notekeeper.domain.review import OwnTheme, OwnView, Signer
from notekeeper.domain.risk import RiskEntry, RiskState
from notekeeper.domain.supervision import Flaggable, TakenComment, TakenComments
from notekeeper.domain.text import Evidence
from notekeeper.domain.vault import Vault
from notekeeper.reports.signed import has_quotation
from notekeeper.services.access import Request, ask
from notekeeper.services.addenda import add_addendum, keep_begun
from notekeeper.services.caseload import own_day
from notekeeper.services.consent import record_agreement
from notekeeper.services.corrections import ask_correction
from notekeeper.services.follow_ups import add_follow_up
from notekeeper.services.reporting import ReportChoices, keep_question
from notekeeper.services.reviewing import FinishForm, OwnThemeForm, finish
from notekeeper.services.signing import sign
from notekeeper.services.supervision_flags import Target, add_flag
from notekeeper.services.writing import add_note
from notekeeper.tui.access import access_to
from notekeeper.tui.base import Page
from notekeeper.tui.screens.ai_use import AiUsePage
from notekeeper.tui.screens.client import ClientPage
from notekeeper.tui.screens.corrections import CorrectionsPage
from notekeeper.tui.screens.editor import EditorPage
from notekeeper.tui.screens.front import FrontSheetPage
from notekeeper.tui.screens.monday import MondayPage
from notekeeper.tui.screens.report import ReportPage
from notekeeper.tui.screens.report_quoting import QuotePage
from notekeeper.tui.screens.report_rehearsal import RehearsalPage
from notekeeper.tui.screens.review import ReviewPage
from notekeeper.tui.screens.settings import SettingsPage
from notekeeper.tui.screens.signed import SignedPage
from notekeeper.tui.screens.supervision import SupervisionPage
from notekeeper.tui.screens.supervision_client import ClientSupervisionPage
from notekeeper.tui.widgets import MOST_PASTED, NoteText
from tests.cli.driver import PASSPHRASE, Program
from tests.forms import LONG, many
from tests.hostile.corpus import NOTES, THEME_NAMES
from tests.hostile.test_record import harmless
from tests.lines import Tally
from tests.reports.written import write_report
from tests.supervised import approve
from tests.tui.conftest import AppAt, text_of, until
from tests.tui.every import Desk, EveryApp, World, found, opened
from tests.tui.terminal import CTRL_Q, ESCAPE, terminal
from tests.vault.invented import Sealed

DAY = date(2026, 3, 4)
SHORT = [note.piece for note in NOTES if len(note.piece) < 280 and note.kind in {"terminal", "markup", "unicode"}]
# What a terminal would obey and Textual never sends: titles, clipboard, links, pictures, a paste's end, its reports.
OBEYED = re.compile(
    rb"\x1b\](?:0|2|8|9|52|777|1337);|\x1bP[0-9;]*q|\x1b_G|\x1b\[20[01]~|\x1bc|\x1b\[!p|\xc2[\x80-\x9f]|\x1b\[21t|\x1b\[>q"
)


FULL_OF_TEXT = (
    AiUsePage,
    ClientPage,
    CorrectionsPage,
    EditorPage,
    FrontSheetPage,
    MondayPage,
    QuotePage,
    RehearsalPage,
    ReportPage,
    ReviewPage,
    SettingsPage,
    SignedPage,
    ClientSupervisionPage,
    SupervisionPage,
)
"""The screens of the short form: those that show what a therapist wrote."""


class HostileWorld(World):
    """A practice in which every text that a person may write is one of the pieces, or all of them."""

    @classmethod
    def of_pieces(cls, vault: Vault, folder: Path, pieces: list[str]) -> "HostileWorld":
        """A draft to review, a signed note with an addendum, front sheet, follow-ups, a question, a report."""
        vault.set_signer(Signer(name=pieces[0][:80], registration=pieces[1][:40]))
        client = vault.clients.add("H1")
        for purpose in Purpose:
            record_agreement(vault, client, purpose, Answer.AGREED, how=pieces[2])
        text = "\n".join(["She came late.", *pieces])
        note, revision = add_note(vault, client, text, DAY)
        vault.notes.save(note.id, text, NotePart.PROCESS)
        vault.drafts.store(note.id, revision.id, _draft(text, pieces))
        risk = RiskEntry(
            state=RiskState.ASKED_DISCLOSED, words=text[:4000], action=text[-4000:], safeguarding=text[:4000]
        )
        own = tuple(OwnTheme(label=name) for name in THEME_NAMES[:3])
        vault.reviews.set_own(note.id, OwnView(focus=pieces[3], themes=own))
        vault.reviews.set_risk(note.id, risk)
        signed = _signed(vault, client, text, risk)
        add_addendum(vault, client, signed, text, risk)
        keep_begun(vault, signed, text)
        for piece in pieces[:6]:
            add_follow_up(vault, client, piece, date(2999, 1, 1))
        vault.front_sheets.save(
            client.id, FrontSheet(gp=text, safety_plan=text, contract=text, breaks=_unquoted(text)[:300])
        )
        keep_question(vault, client, _unquoted(pieces[4]), _unquoted(pieces[5]))
        choices = ReportChoices(risk=True, supervision=True, question=_unquoted(pieces[4]))
        data = write_report(vault, client, choices, folder)["json"]
        request = _fill_the_file(vault, client, signed, pieces, text)
        return cls(vault, Desk(), client, note, signed, data, request)


def _fill_the_file(vault: Vault, client: Client, signed: Note, pieces: list[str], text: str) -> Request:
    """The texts of everything else that a file holds: people, identity, AI use, a correction, an access request."""
    today = own_day()
    whole = text[:4000]
    vault.entries.add(client.id, EntryKind.PERSON, Person(label=pieces[0][:60], capacity=Capacity.OTHER))
    use = AiUse(tool=whole, purpose=pieces[1], meaning=pieces[2], agreed=pieces[3], day=DAY)
    vault.entries.add(client.id, EntryKind.AI_USE, use, signed.id)
    vault.identities.save(client.id, Identity(name=pieces[4], other_names=text[:2000], address=text[-2000:]))
    ask_correction(vault, client, pieces[5][:200], whole, DAY, today, signed.number, whole)
    add_flag(vault, client, Target("theme:1.1", Flaggable.THEME, pieces[7], signed.id, (signed.id,)), whole)
    report = approve(vault, client, [signed])
    said = [
        TakenComment(ref=f"{client.code}/theme/1", item=THEME_NAMES[0], text=each[:4000], action=bool(place))
        for place, each in enumerate((text, *pieces[:3]))
    ]
    taken = TakenComments(supervisor=pieces[8][:200], discussed_on=DAY, comments=tuple(said), file_sha256="0" * 64)
    vault.entries.add(client.id, EntryKind.COMMENTS, taken, report.id)
    return ask(vault, client, pieces[6][:200], how=whole[:2000], asked_on=DAY, today=today)


def _unquoted(text: str) -> str:
    """A report takes no quotation marks, and says so."""
    return "".join(character for character in text if not has_quotation(character))


def _draft(text: str, pieces: list[str]) -> Draft:
    at = text.index(pieces[0])
    cited = (Evidence(start=at, end=at + len(pieces[0]), text=pieces[0]), Evidence(start=0, end=len(text), text=text))
    return Draft(
        focus=Focus(text=pieces[0], evidence=cited),
        themes=tuple(Theme(label=piece, support=0.5, evidence=cited) for piece in pieces[1:6]),
        reflections=tuple(Reflection(question=piece, evidence=cited) for piece in pieces[6:8]),
        ideas=tuple(Idea(hypothesis=piece, evidence=cited) for piece in pieces[8:10]),
        withheld=tuple(Withheld(kind="theme", text=piece, reason="It may hold a name.") for piece in pieces),
        read=ReadAccount(sentences=1, windows=1),
        provenance=Provenance(app_version="0", model="tiny"),
    )


def _signed(vault: Vault, client: Client, text: str, risk: RiskEntry) -> Note:
    note, _ = add_note(vault, client, text, DAY)
    themes = tuple(OwnThemeForm(label=name, sentences=(1,)) for name in THEME_NAMES)
    finish(vault, note, FinishForm(focus="Where a no begins", themes=themes, risk=risk), ())
    sign(vault, client, note)
    return vault.notes.by_number(client.id, note.number)


def chunks() -> Iterator[list[str]]:
    """The pieces in their order, so many to a world."""
    size = many(len(SHORT), 12)
    for start in range(0, len(SHORT), size):
        yield (SHORT[start:] + SHORT)[: max(size, 12)]


@pytest.mark.line(23)
@pytest.mark.parametrize("kind", found() if LONG else FULL_OF_TEXT, ids=lambda kind: kind.__name__)
async def test_every_screen(kind: type[Screen[Any]], sealed: Sealed, tmp_path: Path, tally: Tally) -> None:
    for number, pieces in enumerate(chunks()):
        folder = tmp_path / str(number)
        shutil.copytree(sealed.path, folder / "own.vault")
        copied = Sealed(folder / "own.vault", sealed.recovery_key)
        world = HostileWorld.of_pieces(copied.open(), folder, pieces)
        app = EveryApp(access_to(copied.path), world, kind)
        async with app.run_test(size=(120, 40)) as pilot:
            screen = await opened(pilot)
            shown = [text_of(app), *(str(each.render()) for each in screen.query(Static))]
            well = all(map(harmless, shown))
            tally.add(1, int(well))
            assert well, [line for each in shown for line in each.splitlines() if not harmless(line)]


@pytest.mark.line(23)
async def test_what_is_pasted_stays_as_it_is_and_is_shown_without_harm(
    app_at: Callable[[Callable[[], Page]], AppAt], vault: Vault, tally: Tally
) -> None:
    client = vault.clients.add("H1")
    pieces = [note.piece for note in NOTES][:: many(20, 1)]
    app = app_at(Desk)
    async with app.run_test(size=(80, 24)) as pilot:
        for number, piece in enumerate(pieces, start=1):
            note, _ = add_note(vault, client, "Begun.", DAY)
            page = EditorPage(client, note)
            await app.push_screen(page)
            await until(pilot, lambda page=page: isinstance(page.focused, NoteText))  # type: ignore[misc]
            app.post_message(events.Paste(piece))
            await pilot.press("f5")
            await until(pilot, lambda note=note: len(vault.notes.revisions(note.id)) == 2)  # type: ignore[misc]
            saved = vault.notes.latest(note.id)
            assert saved is not None
            well = saved.text == "Begun." + one_break(piece) and harmless(text_of(app))
            tally.add(1, int(well))
            assert well, (number, piece[:60])
            await pilot.press("escape")
            await until(pilot, lambda: isinstance(app.screen, Desk))


def one_break(text: str) -> str:
    """What the editor makes of what is pasted into it: every kind of line break is one newline."""
    return "\n".join(line.rstrip("\r\n\v\f\x1c\x1d\x1e\x85\u2028\u2029") for line in f"{text}|".splitlines())[:-1]


@pytest.mark.line(23)
async def test_a_paste_of_ten_million_characters_is_refused_in_words(
    app_at: Callable[[Callable[[], Page]], AppAt], vault: Vault, tally: Tally
) -> None:
    client = vault.clients.add("H1")
    note, _ = add_note(vault, client, "Begun.", DAY)
    app = app_at(Desk)
    async with app.run_test(size=(80, 24)) as pilot:
        page = EditorPage(client, note)
        await app.push_screen(page)
        await until(pilot, lambda: isinstance(page.focused, NoteText))
        for size, taken in ((MOST_PASTED + 1, False), (10_000_000, False), (MOST_PASTED, True)):
            page.tell("")
            app.post_message(events.Paste("word " * (size // 5) + "x" * (size % 5)))
            if not taken:
                await until(pilot, lambda: "Nothing was pasted." in " ".join(text_of(app).split()))
            await until(pilot, lambda size=size, taken=taken: _length(page) == 6 + size * taken)  # type: ignore[misc]
            tally.add()


def _length(page: EditorPage) -> int:
    return len(page.query_one("#record", NoteText).text)


@pytest.mark.line(23)
def test_nothing_that_a_terminal_obeys_is_sent_to_a_real_one(tmp_path: Path, tally: Tally) -> None:
    """The app in a terminal of its own, from the caseload to the note; every byte is looked at."""
    program = Program(tmp_path / "room")
    key = program.json("init")["recovery_key"]
    vault = Sealed(program.vault, key).open()
    client = vault.clients.add("H1")
    text = "\n".join(["Qzx marks the end.", *SHORT, "Qzy marks the beginning."])
    note, _ = add_note(vault, client, text, DAY)
    vault.notes.save(note.id, text, NotePart.PROCESS)
    vault.front_sheets.save(client.id, FrontSheet(safety_plan=text, gp=text))
    add_follow_up(vault, client, " ".join(text.split())[:290], date(2999, 1, 1))
    keep_question(vault, client, "Qzz \x1b]52;c;b3duZWQ=\x07 \x1b]0;owned\x07", "")
    vault.close()
    with terminal(program) as window:
        window.see("Passphrase")
        window.type(PASSPHRASE + "\r")
        window.see("H1")
        window.type("\r")
        window.see("Safety plan")
        window.type("\r")
        window.see("Qzy marks")
        for _ in range(12):
            window.type("\x1b[5~")
        window.see("Qzx marks")
        window.type(ESCAPE)
        window.see("Safety plan")
        window.type("r")
        window.see("Qzz")
        window.type(CTRL_Q)
        window.end()
    sent = window.output()
    assert len(sent) > 2000
    obeyed = OBEYED.findall(sent)
    tally.add(len(SHORT), 0 if obeyed else len(SHORT))
    assert obeyed == []
    sent.decode("utf-8")


def test_the_pattern_would_see_what_a_terminal_obeys() -> None:
    sent = "\n".join(SHORT).encode()
    assert len(set(OBEYED.findall(sent))) >= 8
