"""Every screen of the app, found by walking the package, and one way to open each on a vault with something in it.

What always holds: a page or box that is new is found without being named here, and a test fails until there is a way
to open it.
"""

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Footer
from textual.widgets._footer import FooterKey  # Textual gives it no public home

from notekeeper.domain.access import WithholdTest
from notekeeper.domain.client_file import FrontSheet
from notekeeper.domain.identifiers import IdentifierType, Treatment
from notekeeper.domain.note import Client, Note
from notekeeper.domain.pattern import PatternKind
from notekeeper.domain.review import OwnView
from notekeeper.domain.risk import RiskEntry, RiskState
from notekeeper.domain.vault import Vault
from notekeeper.reports.entries import Entry, entries_of
from notekeeper.services.access import Request, ask
from notekeeper.services.addenda import keep_begun
from notekeeper.services.approving import Prepared, prepare
from notekeeper.services.browsing import Locked
from notekeeper.services.caseload import own_day
from notekeeper.services.client_patterns import ClientPatterns
from notekeeper.services.client_patterns_review import add_own_pattern
from notekeeper.services.commenting import CommentsDesk
from notekeeper.services.corrections import Correction, ask_correction
from notekeeper.services.identifiers import add_identifier, decide
from notekeeper.services.reporting import ReportChoices, keep_question
from notekeeper.services.shelf import Shelf
from notekeeper.services.supervision import DiscussedItem, discussed
from notekeeper.services.supervision_comments import take_comments
from notekeeper.services.supervision_flags import add_flag, end_flag
from notekeeper.services.supervision_hours import add_hours, correct_hours, read_hours, set_ratio
from notekeeper.services.supervision_targets import find_target
from notekeeper.tui import screens
from notekeeper.tui.app import Access, Ending, NotekeeperApp
from notekeeper.tui.base import Box, Page
from notekeeper.tui.screens import (
    access,
    access_marking,
    access_words,
    agreements,
    ai_use,
    browse,
    browse_comment,
    browse_compare,
    browse_held,
    browse_items,
    browse_keys,
    browse_list,
    browse_open,
    browse_send,
    browse_shared,
    caseload,
    corrections,
    destroying,
    drafting,
    editor,
    export,
    follow_ups,
    front,
    history,
    identity,
    importing,
    keys,
    menu,
    misfiled,
    monday,
    newkey,
    newnote,
    opening,
    own_learning,
    ownview,
    passphrase,
    patterns,
    patterns_boxes,
    patterns_deciding,
    patterns_sentences,
    patterns_shown,
    patterns_signing,
    people,
    recovery,
    report,
    report_deciding,
    report_form,
    report_quoting,
    report_rehearsal,
    restoring,
    retention,
    review,
    review_deciding,
    review_shown,
    review_writing,
    revisions,
    riskbox,
    search,
    settings,
    shares,
    sidebyside,
    signed,
    signing,
    supervision,
    supervision_action,
    supervision_client,
    supervision_flagging,
    supervision_hours,
    supervision_outcome,
    supervision_taking,
    unlock,
    warning,
)
from notekeeper.tui.screens import client as client_file
from notekeeper.tui.screens import help as help_screen
from tests.approving.invented import SENTENCE, sign_with_evidence
from tests.reports.written import write_report
from tests.supervised import approve, comments_on
from tests.tui.conftest import until
from tests.tui.reviewed import draft_of_twelve, drafted_note, sign_session
from tests.vault.patterned import patterned

BEFORE_THE_VAULT = (
    opening.WelcomePage,
    opening.CreatePage,
    unlock.UnlockPage,
    recovery.RecoveryPage,
    shares.SharesPage,
    restoring.RestorePage,
)
_BUILT_ON = (
    browse_shared.ShelfKeeper,
    browse_shared.Scrolled,
    browse_items.ItemsPage,
    menu.MenuPage,
    opening.OpeningPage,
    recovery.PaperPage,
    drafting.DraftingPage,
    corrections.TypedPage,
    patterns_shown.ShownPatterns,
    patterns_deciding.DecidingPatterns,
    review_shown.ShownReview,
    review_deciding.DecidingReview,
    review_writing.WritingReview,
)
_GROUPS = "-".join(["ABCD"] * 9)


_SAID = (
    "This vault is an older copy than the one last open here. Its log had 120 entries on this computer; now it has 80.",
    "Beside the vault lies a conflicted copy.",
)


class _Prepared:
    """A new key that nobody types back."""

    shown = _GROUPS

    def confirm(self, typed: str) -> None:
        del typed


class Desk(Page):
    """A page that the others are opened over."""

    TITLE = "Desk"


@dataclass(frozen=True)
class World:
    """A practice: one client, a note whose draft of twelve items awaits review, a signed note, a written report, and
    something in every place where a screen keeps what is typed; and the page that screens are opened over."""

    vault: Vault
    desk: Page
    client: Client
    note: Note
    signed: Note
    report: Path
    request: Request

    @cached_property
    def shelf(self) -> Shelf:
        """The written report as a supervisor opens it."""
        return Shelf.of([self.report])

    @classmethod
    def of(cls, vault: Vault, folder: Path) -> "World":
        client, note = drafted_note(vault)
        signed_one = sign_session(vault, client, date(2026, 3, 10), "Saying no")
        vault.front_sheets.save(client.id, FrontSheet(emergency_contact="A sister, by telephone", gp="Dr Imagined"))
        vault.reviews.set_own(note.id, OwnView(focus="Before the yes"))
        vault.reviews.set_risk(note.id, RiskEntry(state=RiskState.NOT_ASKED, words="No time"))
        keep_question(vault, client, "Where am I stuck?", "")
        keep_begun(vault, signed_one, "A later thought")
        data = write_report(vault, client, ReportChoices(), folder)["json"]
        request = ask(vault, client, "The client", how="by letter", asked_on=own_day(), today=own_day())
        return cls(vault, Desk(), client, note, signed_one, data, request)


def _asked(world: World) -> Correction:
    """A correction request about the signed note."""
    day = date(2026, 3, 20)
    return ask_correction(world.vault, world.client, "The client", "I was on time.", day, day, world.signed.number)


def _followed(world: World) -> ClientPatterns:
    """A client with patterns, one of them their therapist's own."""
    client = patterned(world.vault, "F7")
    return add_own_pattern(world.vault, client, "My own haste", kind=PatternKind.SHIFTING, numbers=[1, 3])


def _agreed(world: World) -> DiscussedItem:
    """A supervisor's comments that were taken in; the agreed action among them."""
    approve(world.vault, world.client, [world.signed])
    said = (f"{world.client.code}/theme/1", "Slow down here."), (world.client.code, "Ask about the [b]sister[/b]", None)
    take_comments(world.vault, comments_on(*said), own_day())
    return discussed(world.vault, world.client)[-1]


def _flagged(world: World) -> Client:
    """The client, with flags of which one has ended, and comments beside them."""
    _agreed(world)
    for key in ("file", "note:2", "theme:2.1"):
        add_flag(world.vault, world.client, find_target(world.vault, world.client, key), "Where am I in this?")
    end_flag(world.vault, world.client, 1, own_day(), discussed=True)
    return world.client


def _agenda(client: Client) -> supervision.SupervisionPage:
    """With something to bring of this client."""
    assert client.code
    return supervision.SupervisionPage()


def _with_hours(world: World) -> supervision_hours.SupervisionHoursPage:
    """Lines of hours, one of them corrected, and a ratio."""
    day = date(2026, 3, 20)
    for minutes in (60, 90):
        add_hours(world.vault, read_hours(day, minutes, "individual", "S. Imagined", 2, "Of breaks"), own_day())
    correct_hours(world.vault, 2, read_hours(day, 75, "individual", "S. Imagined", 2), own_day())
    set_ratio(world.vault, 8)
    return supervision_hours.SupervisionHoursPage()


def _desk(world: World) -> CommentsDesk:
    """The comments on the written report."""
    return world.shelf.desk(world.shelf.readings[0])


def _entry(world: World) -> Entry:
    """The first item of the written report."""
    place = world.shelf.places[0]
    return entries_of(place.reading.document, place.page)[0]


def _shown(world: World) -> Prepared:
    """A report with something to decide, a quotation, and a decision of before."""
    sign_with_evidence(world.vault, world.client, date(2026, 3, 17))
    add_identifier(world.vault, world.client, "Marlowe", IdentifierType.PERSON)
    decide(world.vault, world.client, "Ilkley", Treatment.GENERALISE, instead="a town")
    number = world.vault.notes.of_client(world.client.id)[-1].number
    choices = ReportChoices(
        risk=True, question="What does Marlowe stand for, and why Ilkley?", quotations=((number, SENTENCE),)
    )
    return prepare(world.vault, [(world.client, choices)])


Opener = Callable[[World], Screen[Any]]
OPENERS: dict[type[Screen[Any]], Opener] = {
    access.AccessPage: lambda w: access.AccessPage(w.client),
    access.AskBox: lambda w: access.AskBox(w.vault, w.client),
    access_marking.MarkPage: lambda w: access_marking.MarkPage(w.client, w.request),
    access_marking.ReasonBox: lambda w: access_marking.ReasonBox(
        w.vault, w.client, WithholdTest.SERIOUS_HARM, "1 sentence(s)"
    ),
    access_words.WordsBox: lambda w: access_words.WordsBox(w.vault, w.client),
    ai_use.AiUsePage: lambda w: ai_use.AiUsePage(w.client),
    destroying.DestroyPage: lambda w: destroying.DestroyPage(w.client),
    export.ExportPage: lambda w: export.ExportPage(w.client),
    retention.FileRetentionPage: lambda w: retention.FileRetentionPage(w.client),
    retention.RetentionPage: lambda _: retention.RetentionPage(),
    agreements.AgreementsBox: lambda w: agreements.AgreementsBox(w.desk, w.client),
    browse.BrowsePage: lambda w: browse.BrowsePage(w.report),
    browse_comment.CommentBox: lambda w: browse_comment.CommentBox(_desk(w), _entry(w)),
    browse_compare.ComparePage: lambda w: browse_compare.ComparePage(w.shelf, w.shelf.places[0], w.shelf.places),
    browse_held.HeldBox: lambda w: browse_held.HeldBox(w.shelf, w.shelf.readings[0]),
    browse_held.HoursPage: lambda _: browse_held.HoursPage(),
    browse_keys.KnownKeysPage: lambda _: browse_keys.KnownKeysPage(),
    browse_keys.TrustBox: lambda w: browse_keys.TrustBox(w.shelf.readings[0]),
    browse_list.ShelfPage: lambda w: browse_list.ShelfPage(w.shelf),
    browse_open.OpenBox: lambda _: browse_open.OpenBox(),
    browse_open.SecretBox: lambda w: browse_open.SecretBox(w.shelf, Locked(w.report, by_passphrase=True)),
    browse_send.SendPage: lambda w: browse_send.SendPage(w.shelf, w.shelf.readings[0]),
    caseload.AddClientBox: lambda _: caseload.AddClientBox(),
    caseload.CaseloadPage: lambda _: caseload.CaseloadPage(),
    caseload.LockBox: lambda _: caseload.LockBox(),
    corrections.CorrectionsPage: lambda w: corrections.CorrectionsPage(w.client),
    corrections.AnswerPage: lambda w: corrections.AnswerPage(w.client, _asked(w)),
    misfiled.MoveBox: lambda w: misfiled.MoveBox(w.vault, w.client, w.note),
    revisions.RevisionsPage: lambda w: revisions.RevisionsPage(w.client, w.note),
    client_file.ClientPage: lambda w: client_file.ClientPage(w.client),
    editor.EditorPage: lambda w: editor.EditorPage(w.client, w.note),
    follow_ups.FollowUpBox: lambda w: follow_ups.FollowUpBox(w.vault, w.client),
    front.FrontSheetPage: lambda w: front.FrontSheetPage(w.client),
    identity.IdentityPage: lambda w: identity.IdentityPage(w.client),
    patterns.PatternsPage: lambda w: patterns.PatternsPage(_followed(w).client),
    patterns_boxes.LabelBox: lambda w: patterns_boxes.LabelBox(w.vault, (f := _followed(w)).client, f.threads[0]),
    patterns_boxes.OwnPatternBox: lambda w: patterns_boxes.OwnPatternBox(w.vault, _followed(w).client),
    patterns_boxes.SplitBox: lambda w: patterns_boxes.SplitBox((f := _followed(w)).threads[0], f.sessions),
    patterns_boxes.WordsBox: lambda w: patterns_boxes.WordsBox(w.vault, (f := _followed(w)).client, f.review.items[0]),
    patterns_sentences.ThreadPage: lambda w: patterns_sentences.ThreadPage(_followed(w).client, "T1"),
    patterns_signing.SignPatternsBox: lambda w: patterns_signing.SignPatternsBox(w.vault, _followed(w).client),
    patterns_signing.SignedPatternsPage: lambda w: patterns_signing.SignedPatternsPage(_followed(w).client),
    people.PeoplePage: lambda w: people.PeoplePage(w.client),
    history.HistoryPage: lambda w: history.HistoryPage(w.client),
    help_screen.HelpBox: lambda w: help_screen.HelpBox(w.desk),
    menu.ClientMenu: lambda w: menu.ClientMenu(w.client),
    menu.PracticeMenu: lambda _: menu.PracticeMenu(),
    monday.MondayPage: lambda _: monday.MondayPage(),
    newnote.NewNoteBox: lambda w: newnote.NewNoteBox(w.client),
    opening.CreatePage: lambda _: opening.CreatePage(),
    passphrase.PassphrasePage: lambda _: passphrase.PassphrasePage(),
    unlock.UnlockPage: lambda _: unlock.UnlockPage(),
    shares.SharesPage: lambda _: shares.SharesPage(),
    restoring.RestorePage: lambda _: restoring.RestorePage(),
    importing.ImportPage: lambda _: importing.ImportPage(),
    keys.KeysPage: lambda _: keys.KeysPage(),
    newkey.NewKeyPage: lambda _: newkey.NewKeyPage(),
    newkey.NewKeyShownPage: lambda _: newkey.NewKeyShownPage(_Prepared()),
    warning.WarningBox: lambda _: warning.WarningBox(_SAID, alarm=True),
    opening.WelcomePage: lambda _: opening.WelcomePage(),
    ownview.OwnViewPage: lambda w: ownview.OwnViewPage(w.client, w.note),
    recovery.RecoveryPage: lambda _: recovery.RecoveryPage(_GROUPS),
    report.ReportPage: lambda w: report.ReportPage(w.client),
    report_deciding.DecideBox: lambda w: report_deciding.DecideBox(w.vault, w.client, "Marlowe", Treatment.KEEP),
    report_deciding.SealBox: lambda _: report_deciding.SealBox(),
    report_quoting.QuotePage: lambda w: report_quoting.QuotePage(w.client, ReportChoices(), lambda _: None),
    report_rehearsal.RehearsalPage: lambda w: report_rehearsal.RehearsalPage(
        _shown(w), report_form.Wanted(w.report.parent, ("html", "pdf"), bundle=False, key="")
    ),
    review.ReviewPage: lambda w: review.ReviewPage(w.client, w.note),
    riskbox.RiskBox: lambda w: riskbox.RiskBox.of(w.vault, w.note),
    search.SearchPage: lambda _: search.SearchPage(),
    settings.SettingsPage: lambda _: settings.SettingsPage(),
    sidebyside.SideBySideBox: lambda w: sidebyside.SideBySideBox(w.vault.reviews.own(w.note.id), draft_of_twelve()),
    signed.SignedPage: lambda w: signed.SignedPage(w.client, w.signed),
    signing.SignBox: lambda w: signing.SignBox(w.client, w.note),
    supervision.SupervisionPage: lambda w: _agenda(_flagged(w)),
    supervision_action.ActionBox: lambda w: supervision_action.ActionBox(w.vault, w.client, _agreed(w)),
    supervision_client.ClientSupervisionPage: lambda w: supervision_client.ClientSupervisionPage(_flagged(w)),
    supervision_flagging.FlagBox: lambda w: supervision_flagging.FlagBox(w.vault, w.client),
    supervision_hours.SupervisionHoursPage: _with_hours,
    supervision_hours.HoursFileBox: lambda w: supervision_hours.HoursFileBox(w.vault),
    supervision_outcome.OutcomePage: lambda w: supervision_outcome.OutcomePage(_flagged(w)),
    supervision_taking.TakePage: lambda _: supervision_taking.TakePage(),
    own_learning.OwnLearningPage: lambda _: own_learning.OwnLearningPage(),
}


def found() -> list[type[Screen[Any]]]:
    """Every page and box in the package of screens, by name; those that others are only built on left out."""
    kinds: set[type[Screen[Any]]] = set()
    for module in pkgutil.walk_packages(screens.__path__, f"{screens.__name__}."):
        for thing in vars(importlib.import_module(module.name)).values():
            if isinstance(thing, type) and issubclass(thing, Page | Box) and thing.__module__ == module.name:
                kinds.add(thing)
    return sorted(kinds - set(_BUILT_ON), key=lambda kind: kind.__name__)


PAGES = [kind for kind in found() if issubclass(kind, Page)]
BOXES = [kind for kind in found() if issubclass(kind, Box)]


class EveryApp(NotekeeperApp):
    """The app with one screen open: over the desk, or as the first page where that is before the vault is open."""

    def __init__(self, access: Access, world: World, kind: type[Screen[Any]]) -> None:
        super().__init__(access)
        self.world, self.kind = world, kind

    def first(self) -> Page:
        if issubclass(self.kind, BEFORE_THE_VAULT):
            page = OPENERS[self.kind](self.world)
            assert isinstance(page, Page)
            return page
        self.hold(self.world.vault)
        return self.world.desk

    def make(self) -> Screen[Any]:
        """The screen, not shown yet."""
        return OPENERS[self.kind](self.world)

    def shut(self) -> None:
        """With a page before the vault the test's vault is not the app's, and is closed all the same."""
        super().shut()
        self.world.vault.close()


async def opened(pilot: Pilot[Ending]) -> Screen[Any]:
    """Open the app's screen and wait until it stands, with its line of keys, which is drawn anew on every change."""
    app = pilot.app
    assert isinstance(app, EveryApp)
    await until(pilot, lambda: isinstance(app.screen, Page) and app.screen.is_mounted)
    if not issubclass(app.kind, BEFORE_THE_VAULT):
        await app.push_screen(app.make())
    await until(pilot, lambda: isinstance(app.screen, app.kind) and app.screen.is_mounted)
    await pilot.pause()
    await until(pilot, lambda: not app.screen.query(Footer) or app.screen.query(FooterKey))
    return app.screen
