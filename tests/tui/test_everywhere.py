"""Every page at every size and in every colour: where one is, what the keys are, help, the way back.

What always holds: pages and boxes are found, not named; a text that is cut off at the edge of a line or below what
can be scrolled to counts as missing.
"""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from textual import events
from textual.command import CommandPalette
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Button, Input, Static
from textual.widgets._footer import FooterKey  # Textual gives the keys of its own line no public home

from notekeeper.domain.vault import Vault
from notekeeper.services.preferences import Colours, Preferences, save_preferences
from notekeeper.tui.access import access_to
from notekeeper.tui.app import Ending
from notekeeper.tui.base import Banner, Box
from notekeeper.tui.screens.caseload import CaseloadPage, LockBox
from notekeeper.tui.screens.help import HelpBox
from notekeeper.tui.screens.opening import CreatePage, WelcomePage
from notekeeper.tui.screens.recovery import RecoveryPage
from notekeeper.tui.screens.restoring import RestorePage
from notekeeper.tui.screens.shares import SharesPage
from notekeeper.tui.screens.unlock import UnlockPage
from tests.tui.conftest import text_of, until
from tests.tui.every import BOXES, PAGES, Desk, EveryApp, World, found, opened
from tests.vault.invented import Sealed

EVERY_SIZE = ((80, 24), (120, 40), (200, 60))
READABLE = 4.5  # WCAG 2.2, 1.4.3: contrast of text, at least


@pytest.fixture
def world(vault: Vault, tmp_path: Path) -> World:
    reports = tmp_path / "reports"
    reports.mkdir()
    return World.of(vault, reports)


@pytest.fixture
def open_in(sealed: Sealed, world: World) -> Callable[[type[Screen[Any]]], EveryApp]:
    return lambda kind: EveryApp(access_to(sealed.path), world, kind)


def beyond(screen: Screen[Any]) -> list[str]:
    """What does not fit: widgets over the right edge, texts with lines that neither show nor can be scrolled to."""
    width, height = screen.size
    missing = []
    for widget in screen.query(Widget):
        if not widget.region or not widget.display:
            continue
        name = f"{type(widget).__name__}#{widget.id}"
        if widget.region.right > width:
            missing.append(f"{name} ends in column {widget.region.right} of {width}")
        if isinstance(widget, Static):
            lines = len(widget.render().wrap(max(1, widget.content_size.width)))  # type: ignore[union-attr]
            if lines > widget.content_size.height:
                missing.append(f"{name} has {lines} lines and room for {widget.content_size.height}")
        if not _can_be_scrolled_to(widget) and widget.region.bottom > height:
            missing.append(f"{name} ends in line {widget.region.bottom} of {height}")
        if widget.show_horizontal_scrollbar and not isinstance(widget, Input):
            missing.append(f"{name} must be scrolled sideways")
    return missing


def _can_be_scrolled_to(widget: Widget) -> bool:
    return any(isinstance(node, Widget) and node.show_vertical_scrollbar for node in widget.ancestors)


@pytest.mark.parametrize("size", EVERY_SIZE, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("kind", PAGES, ids=lambda kind: kind.__name__)
async def test_every_page_says_where_one_is_fits_helps_and_leads_back(
    kind: type[Screen[Any]], size: tuple[int, int], open_in: Callable[[type[Screen[Any]]], EveryApp]
) -> None:
    app = open_in(kind)
    async with app.run_test(size=size) as pilot:
        page = await opened(pilot)
        assert beyond(page) == []
        lines = text_of(app).splitlines()
        banner = str(page.query_one(Banner).render())
        assert banner
        assert lines[0].strip() == banner
        keys = [str(key.render()).strip() for key in page.query(FooterKey)]
        assert [key for key in keys if key not in lines[-1]] == []
        assert any("Help" in key for key in keys)
        await pilot.press("f1")
        await until(pilot, lambda: isinstance(app.screen, HelpBox))
        assert isinstance(app.screen, HelpBox)
        assert any("Ctrl+L" in line and "lock at once" in line for line in app.screen._lines())
        await pilot.pause()
        assert beyond(app.screen) == []
        assert " ".join((page.HELP or "").split())[:30] in " ".join(text_of(app).replace("│", " ").split())
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is page)
        await pilot.press("escape")
        await goes_back(pilot, kind)


async def goes_back(pilot: Pilot[Ending], kind: type[Screen[Any]]) -> None:
    """Where Esc leads from a page: to the one beneath, and from those that have none, out or on."""
    app = pilot.app
    if kind in (WelcomePage, UnlockPage):
        await until(pilot, lambda: app.return_value is Ending.QUIT)
    elif kind is RecoveryPage:
        assert isinstance(app.screen, RecoveryPage)  # there is no way round typing the key back
    elif kind in (SharesPage, RestorePage):
        await until(pilot, lambda: isinstance(app.screen, UnlockPage))
    elif kind is CreatePage:
        await until(pilot, lambda: isinstance(app.screen, WelcomePage))
    elif kind is CaseloadPage:
        await until(pilot, lambda: isinstance(app.screen, LockBox))
    else:
        await until(pilot, lambda: isinstance(app.screen, Desk))


@pytest.mark.parametrize("size", EVERY_SIZE, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("kind", BOXES, ids=lambda kind: kind.__name__)
async def test_every_box_fits_and_esc_closes_it(
    kind: type[Screen[Any]], size: tuple[int, int], open_in: Callable[[type[Screen[Any]]], EveryApp]
) -> None:
    app = open_in(kind)
    async with app.run_test(size=size) as pilot:
        assert beyond(await opened(pilot)) == []
        assert "Esc" in text_of(app)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, Desk))


@pytest.mark.parametrize("kind", found(), ids=lambda kind: kind.__name__)
async def test_a_lock_in_the_moment_in_which_a_screen_opens_is_a_lock(
    kind: type[Screen[Any]], open_in: Callable[[type[Screen[Any]]], EveryApp]
) -> None:
    app = open_in(kind)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.screen.is_mounted)
        if app.vault is None:
            return  # there is nothing to lock yet
        screen = app.make()
        app.call_later(app.push_screen, screen)
        while app.screen is not screen:
            await asyncio.sleep(0)
        app.post_message(events.Key("f12", None))
        await until(pilot, lambda: app.return_value is Ending.LOCKED)


class Piece(NamedTuple):
    text: str
    front: tuple[int, int, int]
    back: tuple[int, int, int]


def pieces(app: EveryApp) -> list[Piece]:
    """What is on the screen, or in the box over it, with its colours as the terminal gets them."""
    found_pieces = []
    place = app.screen.query_one(".box").region if isinstance(app.screen, Box) else app.screen.region
    for strip in app.screen._compositor.render_strips()[place.y : place.bottom]:
        for segment in strip.crop(place.x, place.right):
            style = segment.style
            if segment.text.strip() and style and style.color and style.bgcolor and not style.dim:
                front, back = style.color.get_truecolor(), style.bgcolor.get_truecolor(foreground=False)
                over, under = (back, front) if style.reverse else (front, back)
                found_pieces.append(Piece(segment.text, (*over,), (*under,)))
    return found_pieces


def contrast(piece: Piece) -> float:
    """The ratio of luminance of text and ground, from 1 to 21, as WCAG 2.2 defines it."""

    def luminance(colour: tuple[int, int, int]) -> float:
        parts = [part / 255 for part in colour]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    lighter, darker = sorted((luminance(piece.front), luminance(piece.back)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _is_words(text: str) -> bool:
    return any(character.isalnum() for character in text)


@pytest.mark.parametrize("kind", found(), ids=lambda kind: kind.__name__)
async def test_high_contrast_is_readable_on_every_screen(
    kind: type[Screen[Any]], open_in: Callable[[type[Screen[Any]]], EveryApp]
) -> None:
    save_preferences(Preferences(colours=Colours.HIGH_CONTRAST))
    app = open_in(kind)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        assert app.theme == "notekeeper-high-contrast"
        shown = pieces(app)
        assert len(shown) > 5
        out_of_use = {str(button.label).strip() for button in app.screen.query(Button) if button.disabled}
        shown = [piece for piece in shown if piece.text.strip() not in out_of_use]  # the criterion leaves these out too
        faint = [piece for piece in shown if _is_words(piece.text) and contrast(piece) < READABLE]
        assert [(piece.text, round(contrast(piece), 1)) for piece in faint] == []


@pytest.mark.parametrize("kind", found(), ids=lambda kind: kind.__name__)
async def test_without_colours_every_screen_stands_in_greys(
    kind: type[Screen[Any]], open_in: Callable[[type[Screen[Any]]], EveryApp], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = open_in(kind)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot)
        assert app.no_color
        assert beyond(screen) == []
        shown = pieces(app)
        assert len(shown) > 5
        assert [piece for piece in shown if len(set(piece.front)) + len(set(piece.back)) > 2] == []


@pytest.mark.parametrize("kind", PAGES, ids=lambda kind: kind.__name__)
async def test_the_palette_offers_no_picture_of_the_screen(
    kind: type[Screen[Any]], open_in: Callable[[type[Screen[Any]]], EveryApp]
) -> None:
    app = open_in(kind)
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        await pilot.press("ctrl+p")
        await until(pilot, lambda: isinstance(app.screen, CommandPalette))
        await until(pilot, lambda: "Keep what is typed and end" in text_of(app))
        assert not [word for word in ("creenshot", "SVG", "picture", "Maximize") if word in text_of(app)]
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, kind))
