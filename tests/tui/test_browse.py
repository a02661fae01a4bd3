"""The supervisor's browser, by its keys: nothing of it needs a vault."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, OptionList, Static

from notekeeper.domain.report import RISK_NOT_INCLUDED
from notekeeper.domain.vault import Vault
from notekeeper.reports.comments import read_comments
from notekeeper.reports.envelope import Seal, Secret
from notekeeper.reports.trust import Standing
from notekeeper.services.bundling import bundle_report
from notekeeper.services.knowing_keys import know, known_keys
from notekeeper.services.reporting import ReportChoices
from notekeeper.services.shelf import Shelf, hours
from notekeeper.tui.access import Ending
from notekeeper.tui.base import Page
from notekeeper.tui.reading import ReadingApp
from notekeeper.tui.screens.browse import BrowsePage
from notekeeper.tui.screens.browse_comment import CommentBox
from notekeeper.tui.screens.browse_compare import ComparePage
from notekeeper.tui.screens.browse_held import HeldBox, HoursPage
from notekeeper.tui.screens.browse_keys import KnownKeysPage, TrustBox
from notekeeper.tui.screens.browse_list import ShelfPage
from notekeeper.tui.screens.browse_open import OpenBox, SecretBox
from notekeeper.tui.screens.browse_send import SendPage
from tests.browsing.invented import NOW, RISK_WORDS, Therapist, page, theme
from tests.reports.written import write_report
from tests.tui.conftest import SIZES, AppAt, text_of, until
from tests.tui.reviewed import drafted_note, sign_session

WORDS = "otter velvet ladder quince"
HOSTILE = "[red]x[/red] [link=file:///etc]y \x1b[31mred\x1b]0;title\x07 \u202eevil \x9b2J"


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The supervisor's own folder; and no vault anywhere."""
    folder = tmp_path / "supervisor"
    monkeypatch.setenv("NOTEKEEPER_SUPERVISOR", str(folder))
    monkeypatch.setenv("NOTEKEEPER_VAULT", str(tmp_path / "no.vault"))
    return folder


@pytest.fixture
def rowan() -> Therapist:
    return Therapist.new()


@pytest.fixture
def post(tmp_path: Path) -> Path:
    folder = tmp_path / "post"
    folder.mkdir()
    return folder


async def at(pilot: Pilot[Ending], kind: type[Any]) -> None:
    """Wait until this screen takes the keys."""
    await until(pilot, lambda: isinstance(pilot.app.screen, kind) and pilot.app.screen.is_mounted)
    await pilot.pause()


async def reads(pilot: Pilot[Ending], *words: str) -> None:
    """Wait until the words stand on the screen, line breaks and frames apart."""
    app = pilot.app
    assert isinstance(app, ReadingApp)
    await until(pilot, lambda: all(word in " ".join(text_of(app).replace("│", " ").split()) for word in words))


def whole(app: ReadingApp) -> str:
    return str(app.screen.query_one("#text", Static).content)


async def type_in(pilot: Pilot[Ending], text: str) -> None:
    await pilot.press(*text)


@pytest.mark.parametrize("size", SIZES)
async def test_several_supervisees_are_listed_and_what_is_no_report_beside_them(
    rowan: Therapist, post: Path, size: tuple[int, int]
) -> None:
    rowan.write(post, "a", page("C014"), page("C022"))
    rowan.write(post, "b", page("C014", NOW))
    Therapist.new("Alex Fields").write(post, "c", page("K7"))
    (post / "invoice.json").write_text('{"secret": "CANARY"}')
    app = ReadingApp(Shelf.of([post]))
    async with app.run_test(size=size) as pilot:
        await at(pilot, ShelfPage)
        lines = [line.strip() for line in text_of(app).splitlines()]
        order = ("Alex Fields", "K7", "Rowan Meadows, REG 12", "C014       5 Jan", "C014       2 Mar", "C022")
        found = [next(number for number, line in enumerate(lines) if line.startswith(each)) for each in order]
        assert found == sorted(found)
        await pilot.press("end")
        await reads(pilot, "invoice.json", "not a notekeeper report")
        assert "CANARY" not in text_of(app)
        await pilot.press("home", "down", "enter")
        await at(pilot, BrowsePage)
        await reads(pilot, "C014", "5 Jan – 23 Feb 2026")
        await pilot.press("right_square_bracket")
        await reads(pilot, "2 Mar – 20 Apr 2026")
        await pilot.press("right_square_bracket")
        await reads(pilot, "C022")
        await pilot.press("escape")
        await at(pilot, ShelfPage)
        await pilot.press("escape")
        await until(pilot, lambda: app.return_value is Ending.QUIT)


@pytest.mark.parametrize("size", SIZES)
async def test_keys_lead_through_risk_themes_patterns_and_part(
    rowan: Therapist, post: Path, size: tuple[int, int]
) -> None:
    app = ReadingApp(Shelf.of([rowan.write(post, "a")]))
    async with app.run_test(size=size) as pilot:
        await at(pilot, BrowsePage)  # one report alone is opened at once
        text = " ".join(whole(app).split())
        assert 0 < text.index("Risk and safeguarding") < text.index(RISK_WORDS[:20]) < text.index("Saying yes at once")
        for key, words in (
            ("r", "Risk was last asked about on 19 January 2026."),
            ("t", "Noted in 3 of 6 sessions: 1, 2, 4"),
            ("t", "Noted in 2 of 6 sessions: 2, 3"),
            ("t", "Noted in 3 of 6 sessions: 1, 2, 4"),
            ("p", "recurring: 2 of 6 sessions: 1, 2"),
            ("m", "Reflection, session 1."),
            ("down", "Two questions: Pace?"),
        ):
            await pilot.press(key)
            await until(pilot, lambda: words in " ".join(whole(app).split()))  # noqa: B023


async def test_what_is_typed_is_kept_as_it_is_typed(rowan: Therapist, post: Path) -> None:
    path = rowan.write(post, "report_C014")
    kept = post / "report_C014.comments.json"
    app = ReadingApp(Shelf.of([path]))
    async with app.run_test(size=(80, 24)) as pilot:
        await at(pilot, BrowsePage)
        await pilot.press("r", "c")
        await at(pilot, CommentBox)
        await type_in(pilot, "Ask aga")
        await until(pilot, kept.exists)
        await until(pilot, lambda: read_comments(kept).comments[0].text == "Ask aga")  # not yet left, not yet finished
        await type_in(pilot, "in soon")
        await pilot.press("tab", "space", "tab")
        await type_in(pilot, "2026-05-2")
        await reads(pilot, "Until when: a date is written YYYY-MM-DD")
        await pilot.press("escape")
        await at(pilot, CommentBox)  # a day that is none keeps the box, and the words
        await type_in(pilot, "1")
        await pilot.press("f7")
        await reads(pilot, "Comment 2 of 2")
        await type_in(pilot, "And [b]who[/b] else?")
        await pilot.press("escape")
        await at(pilot, BrowsePage)
        await reads(pilot, "✎2")
        shown = " ".join(whole(app).split())
        assert "1. Agreed action, until 21 May 2026: Ask again soon 2. And [b]who[/b] else?" in shown
        await pilot.press("t", "a")
        await at(pilot, CommentBox)
        await type_in(pilot, "Bring it back")
        await pilot.press("ctrl+q")
        await until(pilot, lambda: app.return_value is Ending.QUIT)
    found = read_comments(kept)
    assert [(each.ref, each.text, each.action, each.until) for each in found.comments] == [
        ("C014/risk", "Ask again soon", True, date(2026, 5, 21)),
        ("C014/risk", "And [b]who[/b] else?", False, None),
        ("C014/theme/1", "Bring it back", True, None),
    ]


async def test_a_comment_is_changed_turned_to_and_taken_away(rowan: Therapist, post: Path) -> None:
    path = rowan.write(post, "a")
    shelf = Shelf.of([path])
    desk = shelf.desk(shelf.readings[0])
    for text in ("First", "Second"):
        desk.put("C014/risk", text)
    app = ReadingApp(shelf)
    async with app.run_test(size=(80, 24)) as pilot:
        await at(pilot, BrowsePage)
        await pilot.press("r", "enter")
        await at(pilot, CommentBox)
        await reads(pilot, "Comment 2 of 2", "Second")
        await pilot.press("f6")
        await reads(pilot, "Comment 1 of 2", "First")
        await pilot.press(*["backspace"] * 5)
        await until(pilot, lambda: len(desk.comments.comments) == 1)
        await pilot.press("escape")
        await at(pilot, BrowsePage)
        await reads(pilot, "✎1")
        assert "1. Second" in whole(app)
    assert [each.text for each in read_comments(post / "a.comments.json").comments] == ["Second"]


async def test_a_key_is_compared_by_phone_before_it_is_known(rowan: Therapist, post: Path) -> None:
    app = ReadingApp(Shelf.of([rowan.write(post, "a")]))
    async with app.run_test(size=(80, 24)) as pilot:
        await at(pilot, BrowsePage)
        await reads(pilot, "? new key", "a key that you do not know yet")
        await pilot.press("k")
        await at(pilot, TrustBox)
        await reads(pilot, *app.shelf.readings[0].trust.words)
        await pilot.press("f9")
        await reads(pilot, "Ring the therapist first")
        assert known_keys().keys == ()
        app.screen.query_one("#name", Input).value = "Rowan"
        await pilot.press("tab", "space", "f9")
        await at(pilot, BrowsePage)
        await reads(pilot, "Rowan · ✓ known key")
        assert "do not know" not in text_of(app)
        await pilot.press("k")
        await at(pilot, TrustBox)
        await reads(pilot, "Signed by Rowan: the key that you know since")


async def test_a_changed_key_is_loud_and_wants_the_words_themselves(rowan: Therapist, post: Path) -> None:
    know(Shelf.of([rowan.write(post, "a")]).readings[0].trust, "Rowan")
    other = Shelf.of([Therapist.new(rowan.name).write(post, "b", page("C031"))])
    trust = other.readings[0].trust
    app = ReadingApp(other)
    async with app.run_test(size=(80, 24)) as pilot:
        await at(pilot, BrowsePage)
        await reads(pilot, "! KEY CHANGED", "WARNING: this is NOT the key that you know for Rowan")
        assert app.screen.query_one("#signed").has_class("alarm")
        await pilot.press("k")
        await at(pilot, TrustBox)
        heard = app.screen.query_one("#heard", Input)
        for typed in ("", "yes", " ".join(reversed(trust.words))):
            heard.value = typed
            await pilot.press("f9")
            await reads(pilot, "not the eight words of this report's key")
        assert len(known_keys().keys) == 1
        heard.value = " ".join(trust.words)
        await pilot.press("f9")
        await at(pilot, BrowsePage)
        await reads(pilot, "✓ known key")
        assert len(known_keys().named("Rowan")) == 2


async def test_known_keys_are_listed_and_forgotten_only_when_asked_twice(rowan: Therapist, post: Path) -> None:
    shelf = Shelf.of([rowan.write(post, "a"), Therapist.new("Alex").write(post, "b", page("K7"))])
    know(shelf.readings[0].trust, "Rowan")
    know(shelf.readings[1].trust, "Alex")
    shelf.judge_again()
    app = ReadingApp(shelf)
    async with app.run_test(size=(80, 24)) as pilot:
        await at(pilot, ShelfPage)
        await pilot.press("k")
        await at(pilot, KnownKeysPage)
        await reads(pilot, "Rowan, known since", " ".join(shelf.readings[0].trust.words))
        await pilot.press("d", "down", "d")
        await reads(pilot, "d once more forgets the key of Alex")
        assert len(known_keys().keys) == 2
        await pilot.press("d")
        await until(pilot, lambda: [key.name for key in known_keys().keys] == ["Rowan"])
        await pilot.press("escape")
        await at(pilot, ShelfPage)
        await reads(pilot, "? new key", "✓ known key")


@pytest.mark.parametrize("size", SIZES)
async def test_two_periods_stand_beside_each_other_risk_first(
    rowan: Therapist, post: Path, size: tuple[int, int]
) -> None:
    rowan.write(post, "a", page())
    rowan.write(post, "b", page(period=NOW, themes=(theme("Moving house", 11),)))
    app = ReadingApp(Shelf.of([post]))
    async with app.run_test(size=size) as pilot:
        await at(pilot, ShelfPage)
        await pilot.press("down", "enter")
        await at(pilot, BrowsePage)
        await pilot.press("equals_sign")
        await at(pilot, ComparePage)
        await reads(pilot, "THEN: 5 January 2026", "NOW: 2 March 2026")
        text = whole(app)
        assert text.index("Risk and safeguarding") < text.index("Themes: newly noted") < text.index("Moving house")
        assert text.count("tablets") == 2
        assert "recover" not in text.casefold()
        await pilot.press("pagedown")
        await until(pilot, lambda: app.screen.query_one("#beside").scroll_y > 0 or size[1] > 24)


async def test_without_another_report_of_the_client_there_is_nothing_to_compare(rowan: Therapist, post: Path) -> None:
    rowan.write(post, "a", page("C1"))
    Therapist.new("Alex").write(post, "b", page("C1", NOW))  # another therapist's C1 is another person
    app = ReadingApp(Shelf.of([post]))
    async with app.run_test(size=(80, 24)) as pilot:
        await at(pilot, ShelfPage)
        await pilot.press("enter")
        await at(pilot, BrowsePage)
        await pilot.press("equals_sign")
        await reads(pilot, "No other report on this client is open")
        assert isinstance(app.screen, BrowsePage)


async def test_a_sealed_bundle_is_opened_by_what_is_typed(rowan: Therapist, post: Path, tmp_path: Path) -> None:
    bundle_report(rowan.write(tmp_path, "report_C014"), Seal(passphrase=WORDS), post)
    app = ReadingApp(Shelf.of([post]))
    async with app.run_test(size=(80, 24)) as pilot:
        await at(pilot, ShelfPage)
        await pilot.press("enter")
        await at(pilot, SecretBox)
        await type_in(pilot, "wrong words")
        await pilot.press("enter")
        await reads(pilot, "It does not open")
        assert "wrong words" not in text_of(app)
        app.screen.query_one(Input).value = WORDS
        await pilot.press("enter")
        await at(pilot, ShelfPage)
        await reads(pilot, "C014", "Opened: report_C014.zip.age")
        await pilot.press("home", "enter")
        await at(pilot, BrowsePage)
        await pilot.press("c")
        await at(pilot, CommentBox)
        await type_in(pilot, "CANARY")
        await pilot.press("escape")
        await at(pilot, BrowsePage)
    assert {each.name for each in post.iterdir()} == {
        "report_C014.zip.age",
        "report_C014.comments.json.age",
        "report_C014.comments.key.age",
    }
    assert not any(b"CANARY" in each.read_bytes() for each in tmp_path.rglob("*") if each.is_file())


async def test_with_a_sealed_report_open_and_nobody_there_it_closes(
    rowan: Therapist, post: Path, tmp_path: Path
) -> None:
    bundle = bundle_report(rowan.write(tmp_path, "a"), Seal(passphrase=WORDS), post)
    sealed = Shelf.of([bundle], secrets=[Secret(passphrase=WORDS)])
    app = ReadingApp(sealed, idle_s=4)
    async with app.run_test(size=(80, 24)) as pilot:
        await at(pilot, BrowsePage)
        await pilot.press("c")
        await at(pilot, CommentBox)
        await type_in(pilot, "Half a sen")
        await until(pilot, lambda: app.return_value is Ending.LOCKED)
    again = Shelf.of([bundle], secrets=[Secret(passphrase=WORDS)])
    assert [each.text for each in again.desk(again.readings[0]).comments.comments] == ["Half a sen"]


async def test_the_supervision_is_logged_and_the_ratio_shown(rowan: Therapist, post: Path) -> None:
    app = ReadingApp(Shelf.of([rowan.write(post, "a", page(), page("C022"))]))
    async with app.run_test(size=(80, 24)) as pilot:
        await at(pilot, ShelfPage)
        await pilot.press("enter")
        await at(pilot, BrowsePage)
        await pilot.press("h")
        await at(pilot, HeldBox)
        await pilot.press("enter")
        await reads(pilot, "Minutes are a number")
        app.screen.query_one("#day", Input).value = "2026-05-14"
        await type_in(pilot, "90")
        await pilot.press("enter")
        await at(pilot, BrowsePage)
        await reads(pilot, "Logged: 1 h 30 min. 1 supervision, 1 h 30 min; 16 client sessions covered")
        await pilot.press("escape")
        await at(pilot, ShelfPage)
        await pilot.press("h")
        await at(pilot, HoursPage)
        await reads(pilot, "one hour to 10.7 sessions", "14 May 2026")
        assert "C022" not in text_of(app)
    assert hours().held[0].minutes == 90
    assert read_comments(post / "a.comments.json").discussed_on == date(2026, 5, 14)


async def test_what_goes_back_is_written_sealed_and_read_again(rowan: Therapist, post: Path, tmp_path: Path) -> None:
    path = rowan.write(post, "report_C014")
    shelf = Shelf.of([path])
    shelf.desk(shelf.readings[0]).put("C014", "Thank you")
    out = tmp_path / "out"
    out.mkdir()
    app = ReadingApp(shelf)
    async with app.run_test(size=(80, 24)) as pilot:
        await at(pilot, BrowsePage)
        await pilot.press("f9")
        await at(pilot, SendPage)
        await reads(pilot, "Comments: 1. Agreed actions: 0.", "Not yet discussed")
        app.screen.query_one("#name", Input).value = "Invented Supervisor"
        app.screen.query_one("#folder", Input).value = str(out)
        app.screen.query_one("#how").focus()
        await pilot.press("down")
        await until(pilot, lambda: app.screen.query_one("#words").display)
        for first, second, said in (
            ("", "", "No passphrase was typed"),
            (WORDS, "other", "not the same"),
            ("password", "password", "could be guessed"),
        ):
            app.screen.query_one("#words", Input).value = first
            app.screen.query_one("#again", Input).value = second
            await pilot.press("f9")
            await reads(pilot, said)
        assert list(out.iterdir()) == []
        app.screen.query_one("#words", Input).value = WORDS
        app.screen.query_one("#again", Input).value = WORDS
        await pilot.press("f9")
        await reads(pilot, "For the therapist:")
    (back,) = out.iterdir()
    found = read_comments(back, Secret(passphrase=WORDS))
    assert (found.supervisor, found.comments[0].text) == ("Invented Supervisor", "Thank you")
    assert found.report_sha256 == shelf.readings[0].sha256


async def test_another_file_is_opened_from_here(rowan: Therapist, post: Path) -> None:
    first, second = rowan.write(post, "a", page("C1")), rowan.write(post, "b", page("C2"))
    app = ReadingApp(Shelf.of([first]))
    async with app.run_test(size=(80, 24)) as pilot:
        await at(pilot, BrowsePage)
        await pilot.press("o")
        await at(pilot, OpenBox)
        await type_in(pilot, "nowhere")
        await pilot.press("enter")
        await reads(pilot, "There is no such file")
        app.screen.query_one(Input).value = str(second)
        await pilot.press("enter")
        await at(pilot, ShelfPage)
        await reads(pilot, "C1", "C2")


async def test_a_hostile_report_moves_nothing_and_is_shown_as_it_is(rowan: Therapist, post: Path) -> None:
    rowan = Therapist(f"Rowan {HOSTILE}", rowan.key)
    hostile = page(
        "[b]C1[/b]", themes=(theme(f"Label {HOSTILE}", 1),), question=HOSTILE, questions=(HOSTILE,), signed_by=HOSTILE
    )
    app = ReadingApp(Shelf.of([rowan.write(post, "a", hostile), rowan.write(post, "b", page(period=NOW))]))
    async with app.run_test(size=(120, 40)) as pilot:
        await at(pilot, ShelfPage)
        drawn = text_of(app)
        await pilot.press("home", "enter")
        await at(pilot, BrowsePage)
        for key in ("r", "t", "p", "m", "down", "k", "escape", "c", "escape", "h", "escape"):
            await pilot.press(key)
            await pilot.pause()
            drawn += text_of(app)
        assert "[b]C1[/b]" in drawn
        assert "[red]x[/red]" in drawn
        assert drawn.replace("\n", "").isprintable()
        assert "\u202e" not in drawn


async def test_damaged_comments_are_left_alone_and_said(rowan: Therapist, post: Path) -> None:
    path = rowan.write(post, "a")
    (post / "a.comments.json").write_text("{")
    app = ReadingApp(Shelf.of([path]))
    async with app.run_test(size=(80, 24)) as pilot:
        await at(pilot, BrowsePage)
        await reads(pilot, "Comments that cannot be read here were left as they are")
    assert (post / "a.comments.json").read_text() == "{"


async def test_comments_that_cannot_be_kept_keep_the_page_open(
    rowan: Therapist, post: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    app = ReadingApp(Shelf.of([rowan.write(post, "a")]))
    async with app.run_test(size=(80, 24)) as pilot:
        await at(pilot, BrowsePage)
        await pilot.press("c")
        await at(pilot, CommentBox)
        with monkeypatch.context() as patched:
            patched.setattr("notekeeper.services.comments_place.write_private", full)
            await type_in(pilot, "Keep me")
            await reads(pilot, "could not be written")
            await pilot.press("escape")
            await pilot.pause()
            assert isinstance(app.screen, CommentBox)
        await pilot.press("escape")
        await at(pilot, BrowsePage)
    assert [each.text for each in read_comments(post / "a.comments.json").comments] == ["Keep me"]


async def test_it_is_the_same_without_colour(rowan: Therapist, post: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = ReadingApp(Shelf.of([rowan.write(post, "a")]))
    async with app.run_test(size=(80, 24)) as pilot:
        await at(pilot, BrowsePage)
        assert app.no_color
        options = app.screen.query_one(OptionList)
        assert options.highlighted == 0
        await reads(pilot, "? new key")
        assert app.shelf.readings[0].trust.standing is Standing.UNKNOWN


async def test_in_the_therapists_own_app_a_report_of_this_vault_is_known_as_such(
    app_at: Callable[[Callable[[], Page]], AppAt], vault: Vault, tmp_path: Path
) -> None:
    client, _ = drafted_note(vault)
    sign_session(vault, client, date(2026, 3, 10), "Saying no")
    path = write_report(vault, client, ReportChoices(), tmp_path)["json"]
    app = app_at(lambda: BrowsePage(path))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "✓ this vault" in text_of(app))
        assert RISK_NOT_INCLUDED in text_of(app)
        await pilot.press("t")
        await until(pilot, lambda: RISK_NOT_INCLUDED in text_of(app) and "Noted in 1 of 1 session" in text_of(app))
        assert "do not know" not in text_of(app)
