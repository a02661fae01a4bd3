"""The page in a real browser: it is drawn, says nothing on the console and asks for nothing.

The browser is told to resolve no name, so the tests need no network and reach none.
"""

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from notekeeper.domain.report import RISK_NOT_INCLUDED
from notekeeper.reports.html import report_html

from .ordinary import ordinary_report
from .test_outputs import hostile_report

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
    "--enable-logging=stderr",
    "--v=0",
    "--window-size=1000,1600",
)


@dataclass(frozen=True)
class Seen:
    dom: str
    console: list[str]
    requests: set[str]
    screenshot: bytes


def look(page: Path, folder: Path) -> Seen:
    """Open `page` twice, for its DOM and for a picture of it."""
    browser = next((found for name in NAMES if (found := shutil.which(name))), None)
    if browser is None:
        pytest.fail("These tests look at the report in a browser: please install the package chromium.")
    log, picture = folder / "net.json", folder / "page.png"
    common = [browser, *FLAGS, f"--user-data-dir={folder / 'profile'}"]
    dom = subprocess.run(
        [*common, f"--log-net-log={log}", "--dump-dom", page.as_uri()], capture_output=True, timeout=120, check=True
    )
    drawn = subprocess.run(
        [*common, f"--screenshot={picture}", page.as_uri()], capture_output=True, timeout=120, check=True
    )
    told = (dom.stderr + drawn.stderr).decode(errors="replace").splitlines()
    return Seen(
        dom=dom.stdout.decode(),
        console=[line for line in told if "CONSOLE" in line],
        requests=_requests(log),
        screenshot=picture.read_bytes(),
    )


def _requests(log: Path) -> set[str]:
    """Hosts that a page asked for. The browser's own requests have no page as their initiator."""
    events = json.loads(log.read_text())["events"]
    asked = [e["params"] for e in events if "url" in e.get("params", {}) and "initiator" in e["params"]]
    return {urlsplit(a["url"]).netloc for a in asked if a["initiator"] != "not an origin"}


def page_at(folder: Path, html: str) -> Path:
    """A page with this content in a folder that is made for it."""
    folder.mkdir(exist_ok=True)
    page = folder / "page.html"
    page.write_bytes(html.encode())
    return page


@pytest.mark.parametrize("clients", [1, 4])
def test_the_report_is_drawn_in_silence(tmp_path: Path, clients: int) -> None:
    seen = look(page_at(tmp_path, report_html(ordinary_report(clients, risk=False))), tmp_path)
    assert seen.console == []
    assert seen.requests == set()
    assert seen.dom.count(f"{RISK_NOT_INCLUDED}</h3>") == clients
    assert seen.dom.count('<circle class="full"') == clients * (8 + 5 + 4 + 3 + 1)
    assert seen.screenshot.startswith(b"\x89PNG")
    # An unstyled or empty page of this size is far smaller than one with a chart, rules and text.
    assert len(seen.screenshot) > 40_000


@pytest.mark.line(23)
def test_hostile_text_does_nothing(tmp_path: Path) -> None:
    seen = look(page_at(tmp_path, report_html(hostile_report())), tmp_path)
    assert seen.console == []
    assert seen.requests == set()
    assert "<script" not in seen.dom
    assert "<img" not in seen.dom


def test_these_checks_would_see_a_script_and_a_request(tmp_path: Path) -> None:
    outside = "<img src='http://127.0.0.1:9/canary'><script>document.body.id = 'ran'</script></body>"
    html = report_html(ordinary_report()).replace("</body>", outside)
    stopped = look(page_at(tmp_path / "held", html), tmp_path / "held")
    assert len(stopped.console) >= 2
    assert 'id="ran"' not in stopped.dom
    assert stopped.requests == set()

    let = look(page_at(tmp_path / "free", html.replace("Content-Security-Policy", "x-none")), tmp_path / "free")
    assert 'id="ran"' in let.dom
    assert let.requests == {"127.0.0.1:9"}
