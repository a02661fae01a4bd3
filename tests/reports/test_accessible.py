"""The page as people use it who do not look at it as most do: axe-core's rules in a real browser, keys, a small screen.

The page's own policy is set aside for the checking script alone; that the policy holds is test_browser's matter.
"""

import shutil
from collections.abc import Iterator
from itertools import pairwise
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page, sync_playwright

from notekeeper.reports.html import report_html

from .ordinary import ordinary_report
from .test_browser import NAMES
from .test_outputs import hostile_report

Scheme = Literal["light", "dark"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        pytest.fail("These tests look at the report in a browser: please install the package chromium.")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        yield running
        running.close()


def opened(browser: Browser, html: str, *, scheme: Scheme = "light", width: int = 1100, checked: bool = False) -> Page:
    """A page of this content. `checked` lets a script in from outside."""
    page = browser.new_page(
        color_scheme=scheme, viewport={"width": width, "height": 900}, bypass_csp=checked, offline=True
    )
    page.set_content(html)
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("clients", [1, 4])
@pytest.mark.parametrize("width", [390, 1100])
def test_axe_finds_nothing_serious(browser: Browser, scheme: Scheme, clients: int, width: int) -> None:
    html = report_html(ordinary_report(clients))
    page = opened(browser, html, scheme=scheme, width=width, checked=True)
    found = Axe().run(page).response
    page.close()
    assert [(each["id"], each["impact"], each["nodes"][0]["html"]) for each in found["violations"]] == []
    assert len(found["passes"]) > 20


def test_axe_would_find_what_is_wrong(browser: Browser) -> None:
    html = report_html(ordinary_report()).replace("--quiet: #555c63", "--quiet: #bbbbbb").replace(' lang="en-GB"', "")
    page = opened(browser, html, checked=True)
    found = {each["id"] for each in Axe().run(page).response["violations"]}
    page.close()
    assert {"color-contrast", "html-has-lang"} <= found


@pytest.mark.parametrize("html", [report_html(ordinary_report(4)), report_html(hostile_report())])
@pytest.mark.parametrize("width", [320, 390, 1100])
def test_no_line_is_wider_than_the_screen(browser: Browser, html: str, width: int) -> None:
    page = opened(browser, html, width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


def test_the_first_key_leads_past_the_head_to_the_report(browser: Browser) -> None:
    page = opened(browser, report_html(ordinary_report(4)))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the report"
    box = page.locator(".skip").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "report"
    page.close()


def test_headings_go_down_one_step_at_a_time_and_landmarks_are_there(browser: Browser) -> None:
    page = opened(browser, report_html(ordinary_report(4)))
    levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4')].map(each => Number(each.tagName[1]))")
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    for landmark in ("banner", "navigation", "main", "contentinfo"):
        assert page.get_by_role(landmark).count() == 1
    assert page.get_by_role("article").count() == 4
    page.close()
